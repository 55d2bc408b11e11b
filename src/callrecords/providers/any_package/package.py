"""What a generated package says of itself: its operations, its server, and who may ask."""

from __future__ import annotations

import functools
import importlib
import importlib.util
import pkgutil
import re
from typing import TYPE_CHECKING, Any

from attrs import frozen

from callrecords._arguments import nearest, text
from callrecords._schemas import definition_of
from callrecords.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from types import ModuleType

    Object = Mapping[str, Any]

_PREFIX = "callrecords_"
_COMPUTED = frozenset(
    {
        *("aws4-hmac-sha256", "digest", "dpop", "hawk", "hoba", "mutual", "negotiate", "ntlm"),
        *("oauth", "scram-sha-1", "scram-sha-256", "vapid"),
    }
)
"""Schemes of HTTP that send another value with each request, or answer a challenge."""
_METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")


@frozen
class Scheme:
    """A security scheme: one secret, and where it goes."""

    name: str
    """In the definition."""
    argument: str
    """Of the client."""
    location: str
    """``header``, ``query`` or ``cookie``."""
    sent_as: str
    """The name of the header, query parameter or cookie."""
    prefix: str
    """What stands before the secret, such as ``Bearer`` and a space."""

    @property
    def is_basic(self) -> bool:
        """Whether it takes a user name and a password."""
        return self.prefix == "Basic "


@frozen
class Variable:
    """A part of the server's address that differs between users."""

    name: str
    argument: str
    default: str | None
    documented: tuple[str, ...]
    """The values that the definition lists: the default and the members of an enumeration."""
    is_closed: bool
    """Whether there is an enumeration, so that there are no others."""


@frozen
class OperationEntry:
    """One operation of a package."""

    name: str
    """Of its module, and of the client's method."""
    module: str
    """Which is imported when the operation is first used."""


@frozen
class Package:
    """One generated package."""

    provider: str
    """Such as ``zudu``."""
    name: str
    """What Python imports."""
    operations: Mapping[str, OperationEntry]
    """By the names of the client's methods."""
    schemes: tuple[Scheme, ...]
    variables: tuple[Variable, ...]

    @property
    def base_url(self) -> str:
        """The server's address, with its variables in braces."""
        address: str = importlib.import_module(f"{self.name}.client").BASE_URL
        return address

    def prefix_of_variables(self) -> str:
        """What the names of its environment variables begin with."""
        return f"{self.provider.upper()}_"


@functools.cache
def read_package(provider: str) -> Package:
    """The installed package of a provider, by the provider's name or the package's own.

    Raises:
        ConfigurationError: there is none; the nearest name, or those there are, are named.
    """
    short = text("provider", provider).lower().replace("-", "_").removeprefix(_PREFIX)
    name = f"{_PREFIX}{short}"
    if not re.fullmatch(r"[a-z0-9_]+", short) or importlib.util.find_spec(name) is None:
        known = f"there is no package for {provider!r:.100}{nearest(short, installed())}"
        raise ConfigurationError(
            f"{known.removesuffix('?')}{'?' if known.endswith('?') else '.'} Check the spelling; "
            "what `python -m codegen add` made is installed by `pip install ./generated/NAME`"
        )
    definition = definition_of(name)
    return Package(
        provider=short,
        name=name,
        operations=_operations(importlib.import_module(f"{name}.api")),
        schemes=tuple(_schemes(definition)),
        variables=tuple(_variables(definition)),
    )


def installed() -> list[str]:
    """The providers whose packages are installed, by name."""
    return sorted(
        module.name.removeprefix(_PREFIX)
        for module in pkgutil.iter_modules()
        if module.ispkg and module.name.startswith(_PREFIX)
    )


def operation_name(provider: str, module: ModuleType) -> str:
    """The name of the operation whose module is given.

    Raises:
        TypeError: it is no operation of this provider's package.
    """
    for name, entry in read_package(provider).operations.items():
        if entry.module == getattr(module, "__name__", None):
            return name
    raise TypeError(
        f"expected a module of {_PREFIX}{provider}.api, such as one for an operation, "
        f"not {module!r:.100}"
    )


def _operations(api: ModuleType) -> dict[str, OperationEntry]:
    found: list[tuple[str, OperationEntry]] = []
    for tag in pkgutil.iter_modules(api.__path__):
        folder = importlib.import_module(f"{api.__name__}.{tag.name}")
        found += [
            (tag.name, OperationEntry(module.name, f"{folder.__name__}.{module.name}"))
            for module in pkgutil.iter_modules(folder.__path__)
        ]
    names = [entry.name for _, entry in found]
    return {
        # Two operations of one name are told apart by their tags.
        (entry.name if names.count(entry.name) == 1 else f"{tag}_{entry.name}"): entry
        for tag, entry in found
    }


def _schemes(definition: Mapping[str, Any]) -> list[Scheme]:
    declared: Mapping[str, Object] = definition.get("components", {}).get("securitySchemes", {})
    asked = {
        name
        for *_, operation in operations(definition)
        for alternative in security(definition, operation)
        for name in alternative
    }
    return [
        Scheme(name, scheme.get("x-argument", snake_case(name)), *place)
        for name, scheme in declared.items()
        if name in asked and (place := place_of(scheme)) is not None
    ]


def _variables(definition: Mapping[str, Any]) -> list[Variable]:
    servers: list[Mapping[str, Any]] = definition.get("servers") or [{}]
    return [
        _server_variable(name, variable)
        for name, variable in servers[0].get("variables", {}).items()
    ]


def _server_variable(name: str, variable: Mapping[str, Any]) -> Variable:
    argument = str(variable.get("x-argument", snake_case(name)))
    # A default that repeats the variable's name is a placeholder, not a host.
    default = None if variable["default"] == name else str(variable["default"])
    members = [str(member) for member in variable.get("enum", ())]
    documented = dict.fromkeys(members if default is None else [default, *members])
    return Variable(name, argument, default, tuple(documented), is_closed=bool(members))


def snake_case(name: str) -> str:
    """A name of the definition as Python writes it."""
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name)
    return re.sub(r"\W+|_+", "_", words).strip("_").lower()


def requirement_of(package: str, operation: str) -> list[frozenset[str]]:
    """The ways to sign in to an operation: of each, all schemes by name; none if anyone may ask."""
    definition = definition_of(package)
    for *_, found in operations(definition):
        if found.get("operationId") == operation:
            return [frozenset(names) for names in security(definition, found)]
    return []


def operations(definition: Object) -> Iterator[tuple[str, Object, str, Object]]:
    """All operations: the path, the path item, the method in lower case, the operation."""
    for path, item in definition["paths"].items():
        for method in _METHODS:
            if method in item:
                yield path, item, method, item[method]


def security(definition: Object, operation: Object) -> list[Object]:
    """The ways to sign in to an operation, of each of which all schemes are needed, by name.

    Those that take more than secrets are left out, such as HTTP digest.
    """
    shared: list[Object] = definition.get("security", [])
    ways: list[Object] = operation.get("security", shared)
    schemes: Mapping[str, Object] = definition.get("components", {}).get("securitySchemes", {})
    return [way for way in ways if not any(_is_computed(schemes.get(name, {})) for name in way)]


def _is_computed(scheme: Object) -> bool:
    return scheme.get("type") == "http" and scheme.get("scheme", "").lower() in _COMPUTED


def place_of(scheme: Object) -> tuple[str, str, str] | None:
    """Where a secret goes, its name there, and what stands before it; None for no secret."""
    if scheme["type"] == "apiKey":
        return scheme["in"], scheme["name"], ""
    if scheme["type"] == "mutualTLS":
        return None
    # OAuth and OpenID Connect end in a bearer token.
    return "header", "Authorization", f"{scheme.get('scheme', 'bearer').capitalize()} "
