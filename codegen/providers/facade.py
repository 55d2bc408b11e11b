"""What the facade's own files say of the providers whose calls it makes records of.

Those are the providers that have a module ``record`` there: ``pyproject.toml`` requires their
packages and names them, and so does ``README.md``.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from codegen.files.errors import BadInputError
from codegen.providers.provider import provider_names, read_provider
from codegen.providers.releases import RUNTIME, admitting, compatible, requirements

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from codegen.providers.provider import Provider

PROJECT, README = "pyproject.toml", "README.md"
"""Where they are in the repository."""
_RECORD = "src/callrecords/providers/{}/record.py"
_CONVERSION = re.compile(rb"^CONVERSION\b", re.MULTILINE)
_DESCRIPTION = re.compile(r"^description = .*\n", re.MULTILINE)
_REQUIREMENT = re.compile(rf'^ *"(?!{RUNTIME}\b)callrecords-.*",\n', re.MULTILINE)
_REFERENCE = re.compile(r'^"[^"\n]* API" = .*\n', re.MULTILINE)
_SENTENCE = re.compile(r"^Exact Python types for call records from .*\n", re.MULTILINE)
_ROW = re.compile(r"^\|.*\]\(generated/[^)]*\) \|\n", re.MULTILINE)
_LONGEST_LABEL = 32
"""Of a link, in characters: PyPI takes no longer one."""


def with_records(root: Path, known: Iterable[Provider] = ()) -> list[Provider]:
    """The providers of the repository at ``root`` whose calls the facade makes records of.

    Those that are known already are not read again.

    Raises:
        BadInputError: a ``provider.toml`` cannot be used, or a ``record`` has no conversion.
    """
    read = {provider.name: provider for provider in known}
    names = (name for name in provider_names(root) if _has_record(root / _RECORD.format(name)))
    return [read.get(name) or read_provider(root, name) for name in names]


def _has_record(file: Path) -> bool:
    if not file.is_file():
        return False
    if _CONVERSION.search(file.read_bytes()) is None:
        message = "has no CONVERSION, the callrecords.Conversion that makes records of its calls"
        raise BadInputError(message, file=file)
    return True


def with_providers(text: bytes, providers: Sequence[Provider], file: Path) -> bytes:
    """The text of a ``pyproject.toml`` with what it is to say of providers; the rest stays.

    A range that admits a package's version stays too; another becomes the one compatible with it.

    Raises:
        BadInputError: it does not parse, or has no line of the kind that is to be replaced.
    """
    newest = {one.distribution: one.distribution + compatible(one.version) for one in providers}
    ranges = newest | requirements(text, file)
    required = (admitting(ranges[one.distribution], one.version) for one in providers)
    description = [f'description = "Exact types for call records from {_named(providers)}."\n']
    written = text.decode()
    for kind, lines in {
        _DESCRIPTION: description,
        _REQUIREMENT: (f'    "{one}",\n' for one in required),
        _REFERENCE: _references(providers),
    }.items():
        written = _with_lines(written, kind, lines, file)
    return written.encode()


def with_clients(text: bytes, clients: Mapping[Provider, str], file: Path) -> bytes:
    """The text of a ``README.md`` with its sentence and its table of providers; the rest stays.

    Raises:
        BadInputError: it has no such lines, or two providers have clients of one name.
    """
    named: dict[str, Provider] = {}
    for provider, client in clients.items():
        if (other := named.setdefault(client, provider)) is not provider:
            message = f"{client} is the client of {other.name} already; choose another `class`"
            raise BadInputError(message, file=provider.overlay_path, pointer="/x-client/class")
    sentence = f"Exact Python types for call records from {_named([*clients])}.\n"
    rows = (
        f"| {provider.title} | `{client}` "
        f"| [`{provider.distribution}`](generated/{provider.name}/README.md) |\n"
        for provider, client in clients.items()
    )
    written = _with_lines(text.decode(), _SENTENCE, [sentence], file)
    return _with_lines(written, _ROW, rows, file).encode()


def _references(providers: Sequence[Provider]) -> Iterator[str]:
    """The lines that say where each API is described, if that is published."""
    for provider in providers:
        if provider.reference is not None:
            label = f"{provider.title} API"
            if len(label) > _LONGEST_LABEL:
                label = f"{provider.name} API"
            yield f'"{label}" = "{provider.reference}"\n'


def _named(providers: Sequence[Provider]) -> str:
    """The names of providers, as a sentence has them."""
    titles = [provider.title for provider in providers]
    return " and ".join(filter(None, [", ".join(titles[:-1]), titles[-1]]))


def _with_lines(text: str, kind: re.Pattern[str], new: Iterable[str], file: Path) -> str:
    """The text with other lines of a kind, all of them where the first one was."""
    found = kind.search(text)
    if found is None:
        message = f"has no line that {kind.pattern!r} finds, to put what is said of providers there"
        raise BadInputError(message, file=file)
    return text[: found.start()] + "".join(new) + kind.sub("", text[found.start() :])
