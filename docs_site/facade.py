"""What the client of a provider says of itself, and whether the facade has it."""

from __future__ import annotations

import importlib
import importlib.util
import inspect
import re
from dataclasses import dataclass

from griffe import Docstring, DocstringSectionKind

from callrecords_runtime.blocking import SyncClient
from docs_site.record_table import Row, read_record_table


@dataclass(frozen=True)
class Argument:
    """An argument of a client that says who asks, or where."""

    argument: str
    variable: str | None
    """The environment variable that stands for it."""
    meaning: str


@dataclass(frozen=True)
class Method:
    """A method of a client for one operation."""

    name: str
    summary: str
    signature: inspect.Signature

    @property
    def gives_pages(self) -> bool:
        """Whether it gives a list, page by page."""
        return str(self.signature.return_annotation).startswith("Pages")


@dataclass(frozen=True)
class Facade:
    """The client of a provider, and what becomes of its calls."""

    client: str
    arguments: tuple[Argument, ...]
    methods: tuple[Method, ...]
    members: tuple[str, ...]
    """The names of all that is public of a client: its methods, and what all clients have."""
    record_rows: tuple[Row, ...]
    """Where a record's fields come from; none if the facade makes no records of its calls."""

    @property
    def is_exported(self) -> bool:
        """Whether ``callrecords`` has the client under its name."""
        return bool(self.record_rows)


def read_facade(package: str) -> Facade | None:
    """What the client's docstrings say; None when the package is installed nowhere."""
    if importlib.util.find_spec(package) is None:
        return None
    module = importlib.import_module(f"{package}.client")
    client = next(
        value
        for _, value in inspect.getmembers(module, inspect.isclass)
        if issubclass(value, SyncClient) and value.__module__ == module.__name__
    )
    methods = tuple(
        Method(name, str(inspect.getdoc(value)).partition("\n")[0], inspect.signature(value))
        for name, value in vars(client).items()
        if inspect.isfunction(value) and not name.startswith("_")
    )
    return Facade(
        client=client.__name__,
        arguments=_arguments(client),
        methods=methods,
        members=tuple(name for name in dir(client) if not name.startswith("_")),
        record_rows=_record_rows(package.removeprefix("callrecords_")),
    )


def _arguments(client: type) -> tuple[Argument, ...]:
    docstring = Docstring(str(inspect.getdoc(client)), parser="google")
    (described,) = (
        section.value
        for section in docstring.parse(warnings=False)
        if section.kind is DocstringSectionKind.parameters
    )
    return tuple(
        _argument(parameter.name, " ".join(parameter.description.split()))
        for parameter in described
        if parameter.name != "settings"
    )


def _argument(name: str, description: str) -> Argument:
    """The argument; the last words of its description name the variable, if there is one."""
    match = re.fullmatch(r"(.*); else ``([A-Z_]+)``\.", description)
    if match is None:
        return Argument(name, None, description)
    return Argument(name, match[2], f"{match[1]}.")


def _record_rows(provider: str) -> tuple[Row, ...]:
    module = f"callrecords.providers.{provider}.record"
    if not _is_there(module):
        return ()
    return tuple(read_record_table(str(importlib.import_module(module).__doc__)))


def _is_there(module: str) -> bool:
    try:
        return importlib.util.find_spec(module) is not None
    except ModuleNotFoundError:  # nor is the package that it would be in
        return False
