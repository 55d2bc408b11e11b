"""What ``specs/<provider>/provider.toml`` says of a provider, and where its files lie."""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING, NotRequired, TypedDict, TypeVar, cast

from codegen.files.errors import BadInputError
from codegen.files.values import pointer_to
from codegen.openapi.subset import LeftOut

if TYPE_CHECKING:
    from pathlib import Path

_Value = TypeVar("_Value")
_SERVER_ADDRESS = r"https://\S+|http://(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d{1,5})?(/\S*)?"
"""What a server's address looks like: credentials go by https, or no further than this machine."""
_VERSION = r"(0|[1-9]\d*)(\.(0|[1-9]\d*)){2}((a|b|rc|\.post|\.dev)\d+)?"


@dataclass(frozen=True)
class Source:
    """One document that the definition or a payload comes from."""

    document: str
    url: str | None
    """Where it is published; None for a file that nobody has said that of."""
    date: dt.date
    """The day its text was recorded."""
    sha256: str | None = None
    """Of the recorded text."""


@dataclass(frozen=True)
class Provider:
    """One provider: its distribution, its server and its sources."""

    root: Path
    """The folder that holds ``specs``, ``overlay`` and ``generated``."""
    name: str
    distribution: str
    """What pip installs."""
    package: str
    """What Python imports."""
    version: str
    title: str
    """The provider's name in prose."""
    keywords: tuple[str, ...]
    server_url: str
    sources: tuple[Source, ...]
    definition_document: str | None = None
    """Which of the sources publishes the definition itself; None when it was transcribed."""
    definition_paths: tuple[str, ...] = ()
    """Patterns of the paths that are wanted of what is published; all of them without any."""
    left_out: tuple[LeftOut, ...] = ()
    """What the package lacks, known and said."""

    @property
    def definition_source(self) -> Source:
        """The source that the definition comes from, which is the first unless one is named."""
        named = (it for it in self.sources if it.document == self.definition_document)
        return next(named, self.sources[0])

    @property
    def file(self) -> Path:
        """What this was read from."""
        return self.root / "specs" / self.name / "provider.toml"

    @property
    def changelog_path(self) -> Path:
        """What changed for users of the distribution, version by version."""
        return self.root / "specs" / self.name / "CHANGELOG.md"

    @property
    def definition_path(self) -> Path:
        """The definition as published, mistakes included."""
        return self.root / "specs" / self.name / "openapi.yaml"

    @property
    def overlay_path(self) -> Path:
        """The corrections."""
        return self.root / "overlay" / f"{self.name}.yaml"

    @property
    def definition_reference(self) -> str:
        """The definition as its overlay names it."""
        return f"../specs/{self.name}/openapi.yaml"

    @property
    def payloads_path(self) -> Path:
        """The folder of documented payloads."""
        return self.root / "specs" / self.name / "payloads"

    @property
    def generated_path(self) -> Path:
        """The folder of the generated distribution."""
        return self.root / "generated" / self.name


def provider_names(root: Path) -> list[str]:
    """The providers of the repository at ``root``: the folders of ``specs`` with provider.toml."""
    return sorted(file.parent.name for file in root.glob("specs/*/provider.toml"))


def read_provider(root: Path, name: str) -> Provider:
    """Read ``specs/<name>/provider.toml`` of the repository at ``root``.

    Raises:
        BadInputError: there is no such provider, the file does not parse, or a key is missing,
            unknown or mistyped.
    """
    file = root / "specs" / name / "provider.toml"
    names = provider_names(root)
    if name not in names:
        known = f"the providers are {', '.join(names)}" if names else f"{root} has none"
        raise BadInputError(f"there is no provider {name!r}; {known}", file=file)
    document = _Table(file, (), _parse(file))
    document.refuse_other_keys("distribution", "server", "definition", "source", "left-out")
    distribution = document.table("distribution")
    distribution.refuse_other_keys("name", "package", "version", "title", "keywords")
    server = document.table("server")
    server.refuse_other_keys("url")
    sources = tuple(_source(table) for table in document.tables("source"))
    return Provider(
        root=root,
        name=name,
        distribution=distribution.text(
            "name", 'a normalised name, such as "callrecords-zudu"', r"[a-z0-9]+(-[a-z0-9]+)*"
        ),
        package=distribution.text(
            "package", 'a lower-case identifier, such as "callrecords_zudu"', r"[a-z_][a-z0-9_]*"
        ),
        version=distribution.text(
            "version", 'a version of three numbers, such as "0.1.0"', _VERSION
        ),
        title=distribution.text("title", 'a name in prose, such as "Zudu"'),
        keywords=distribution.texts("keywords", 'a list of texts, such as ["zudu", "voice agent"]'),
        server_url=server.text(
            "url", 'an https address, such as "https://api.zudu.ai"', _SERVER_ADDRESS
        ),
        sources=sources,
        **_definition(document, sources),
        left_out=tuple(
            _left_out(table)
            for table in (document.tables("left-out") if "left-out" in document.entries else ())
        ),
    )


def _left_out(table: _Table) -> LeftOut:
    table.refuse_other_keys("operation", "part", "pointer", "reason")
    return LeftOut(
        operation=table.text(
            "operation", 'a method and a path, such as "GET /calls"', r"[A-Z]+ /.*"
        ),
        part=table.text("part", 'what of it is left out, such as "the operation"'),
        pointer=table.text("pointer", 'a JSON pointer, such as "/paths/~1calls/get"', r"/.*"),
        reason=table.text("reason", "why it cannot be generated"),
    )


class _DefinitionKeys(TypedDict):
    definition_document: NotRequired[str]
    definition_paths: NotRequired[tuple[str, ...]]


def _definition(document: _Table, sources: tuple[Source, ...]) -> _DefinitionKeys:
    keys: _DefinitionKeys = {}
    if "definition" not in document.entries:
        return keys
    table = document.table("definition")
    table.refuse_other_keys("document", "paths")
    if "document" in table.entries:
        known = [source.document for source in sources]
        expected = f"the document of a [[source]]: {', '.join(known)}"
        keys["definition_document"] = table.text(
            "document", expected, "|".join(map(re.escape, known))
        )
    if "paths" in table.entries:
        keys["definition_paths"] = table.texts("paths", 'a list of patterns, such as ["/calls/**"]')
    return keys


def _source(table: _Table) -> Source:
    table.refuse_other_keys("document", "url", "date", "sha256")
    return Source(
        document=table.text("document", 'the number of a document, such as "002"', r"\S+"),
        url=table.text("url", 'an address, such as "https://docs.zudu.ai"', r"https?://\S+")
        if "url" in table.entries
        else None,
        date=table.date("date", "a date without quotes, such as 2026-11-21"),
        sha256=table.text("sha256", "64 lower-case hexadecimal digits", r"[0-9a-f]{64}")
        if "sha256" in table.entries
        else None,
    )


def _parse(file: Path) -> dict[str, object]:
    try:
        return tomllib.loads(file.read_bytes().decode())
    except OSError as error:
        raise BadInputError(error.strerror or str(error), file=file) from error
    except UnicodeDecodeError as error:
        message = f"not UTF-8: byte {error.start} cannot be read"
        raise BadInputError(message, file=file) from error
    except tomllib.TOMLDecodeError as error:
        # Only Python 3.14 gives the line as an attribute.
        place = re.search(r" \(at line (\d+), column \d+\)$", str(error))
        raise BadInputError(
            str(error).removesuffix(place[0] if place else ""),
            file=file,
            line=int(place[1]) if place else None,
        ) from error


@dataclass(frozen=True)
class _Table:
    """A TOML table that gives its values checked, or says which key is wrong and what is right."""

    file: Path
    place: tuple[str | int, ...]
    entries: dict[str, object]

    def refuse_other_keys(self, *keys: str) -> None:
        """Raise for a key that means nothing, which is most often a misspelt one."""
        for key in self.entries:
            if key not in keys:
                raise self._error(key, f"means nothing here; the keys are {', '.join(keys)}")

    def text(self, key: str, expected: str, pattern: str = r"(?s:.*\S.*)") -> str:
        text = self._value(key, str, expected)
        if re.fullmatch(pattern, text) is None:
            raise self._error(key, f"is {text!r}; expected {expected}")
        return text

    def texts(self, key: str, expected: str) -> tuple[str, ...]:
        texts: list[str] = []
        for value in self._list(key, expected):
            if not isinstance(value, str):
                raise self._error(key, f"holds {value!r}; expected {expected}")
            texts.append(value)
        return tuple(texts)

    def date(self, key: str, expected: str) -> dt.date:
        return self._value(key, dt.date, expected)

    def table(self, key: str) -> _Table:
        entries = cast("dict[str, object]", self._value(key, dict, f"a table [{key}]"))
        return _Table(self.file, (*self.place, key), entries)

    def tables(self, key: str) -> list[_Table]:
        expected = f"one table [[{key}]] or several"
        listed = self._list(key, expected)
        if not listed or not all(isinstance(entries, dict) for entries in listed):
            raise self._error(key, f"is {listed!r}; expected {expected}")
        return [
            _Table(self.file, (*self.place, key, index), cast("dict[str, object]", entries))
            for index, entries in enumerate(listed)
        ]

    def _list(self, key: str, expected: str) -> list[object]:
        return cast("list[object]", self._value(key, list, expected))

    def _value(self, key: str, wanted: type[_Value], expected: str) -> _Value:
        if key not in self.entries:
            raise self._error(key, f"is missing; expected {expected}")
        value = self.entries[key]
        # Not isinstance: a datetime is a date there, and a bool an int.
        if type(value) is not wanted:
            raise self._error(key, f"is {value!r}; expected {expected}")
        return value

    def _error(self, key: str, problem: str) -> BadInputError:
        return BadInputError(
            f"{key} {problem}", file=self.file, pointer=pointer_to(*self.place, key)
        )
