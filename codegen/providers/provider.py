"""What ``specs/<provider>/provider.toml`` says of a provider, and where its files lie."""

from __future__ import annotations

import datetime as dt
import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from codegen.files.errors import BadInputError, as_bad_input, nearest
from codegen.openapi.subset import LeftOut
from codegen.providers.structure import Rule, optional, problems, table, tables, text, texts

if TYPE_CHECKING:
    from pathlib import Path

_SERVER_ADDRESS = r"https://\S+|http://(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d{1,5})?(/\S*)?"
"""What a server's address looks like: credentials go by https, or no further than this machine."""
_VERSION = r"(0|[1-9]\d*)(\.(0|[1-9]\d*)){2}((a|b|rc|\.post|\.dev)\d+)?"

_DISTRIBUTION = {
    "name": text('a normalised name, such as "callrecords-zudu"', r"[a-z0-9]+(-[a-z0-9]+)*"),
    "package": text('a lower-case identifier, such as "callrecords_zudu"', r"[a-z_][a-z0-9_]*"),
    "version": text('a version of three numbers, such as "0.1.0"', _VERSION),
    "title": text('a name in prose, such as "Zudu"'),
    "keywords": texts('a list of texts, such as ["zudu", "voice agent"]'),
}
_SERVER = {"url": text('an https address, such as "https://api.zudu.ai"', _SERVER_ADDRESS)}
_DEFINITION = {
    "document": optional(text("the document of a [[source]]")),
    "paths": optional(texts('a list of patterns, such as ["/calls/**"]')),
}
_SOURCE = {
    "document": text('the number of a document, such as "002"', r"\S+"),
    "url": optional(text('an address, such as "https://docs.zudu.ai"', r"https?://\S+")),
    # Not isinstance, for which a datetime is a date.
    "date": Rule("a date without quotes, such as 2026-11-21", lambda value: type(value) is dt.date),
    "sha256": optional(text("64 lower-case hexadecimal digits", r"[0-9a-f]{64}")),
}
_LEFT_OUT = {
    "operation": text('a method and a path, such as "GET /calls"', r"[A-Z]+ /.*"),
    "part": text('what of it is left out, such as "the operation"'),
    "pointer": text('a JSON pointer, such as "/paths/~1calls/get"', r"/.*"),
    "reason": text("why it cannot be generated"),
}
_PROVIDER = table(
    "a table",
    {
        "distribution": table("a table [distribution]", _DISTRIBUTION),
        "server": table("a table [server]", _SERVER),
        "definition": optional(table("a table [definition]", _DEFINITION)),
        "source": tables("one table [[source]] or several", table("a table", _SOURCE)),
        "left-out": optional(
            tables("one table [[left-out]] or several", table("a table", _LEFT_OUT))
        ),
    },
)


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


class _Place:
    """Where a repository has a file or folder of a provider, of whom it is asked."""

    def __init__(self, pattern: str) -> None:
        self._pattern = pattern

    def __get__(self, provider: Provider, _class: object = None) -> Path:
        return provider.root / self._pattern.format(provider.name)


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

    file = _Place("specs/{}/provider.toml")
    """What this was read from."""
    changelog_path = _Place("specs/{}/CHANGELOG.md")
    """What changed for users of the distribution, version by version."""
    definition_path = _Place("specs/{}/openapi.yaml")
    """The definition as published, mistakes included."""
    canonical_path = _Place("specs/{}/canonical.yaml")
    """The definition in its canonical form, generated."""
    payloads_path = _Place("specs/{}/payloads")
    """The folder of documented payloads."""
    retired_path = _Place("specs/{}/retired")
    """The folder of payloads that are evidence of the past: no definition fits them now."""
    overlay_path = _Place("overlay/{}.yaml")
    """The corrections."""
    repairs_path = _Place("overlay/{}.repairs.yaml")
    """What has to be mended in the definition before it has a canonical form."""
    generated_path = _Place("generated/{}")
    """The folder of the generated distribution."""

    @property
    def addition_paths(self) -> list[Path]:
        """Further documents of the same API beside the definition: ``webhooks.openapi.yaml``."""
        return sorted(self.definition_path.parent.glob("*.openapi.yaml"))

    @property
    def definition_source(self) -> Source:
        """The source that the definition comes from, which is the first unless one is named."""
        named = (one for one in self.sources if one.document == self.definition_document)
        return next(named, self.sources[0])

    @property
    def reference(self) -> str | None:
        """Where the API is described, if that is published."""
        published = [source for source in self.sources if source.url is not None]
        # Rather what was recorded than a page of which one fact was noted.
        recorded = [source for source in published if source.sha256]
        return next((source.url for source in reversed(recorded or published)), None)


def provider_names(root: Path) -> list[str]:
    """The providers of the repository at ``root``: the folders of ``specs`` with provider.toml."""
    return sorted(file.parent.name for file in root.glob("specs/*/provider.toml"))


def read_provider(root: Path, name: str) -> Provider:
    """Read ``specs/<name>/provider.toml`` of the repository at ``root``, in whatever case the name.

    Raises:
        BadInputError: there is no such provider, the file does not parse, a key is missing,
            unknown or mistyped, or a symbolic link stands for a file of the provider.
    """
    # Its folder is lower-case, and people write the name of a company.
    name = name.lower()
    file = root / "specs" / name / "provider.toml"
    if name not in (names := provider_names(root)):
        raise BadInputError(f"there is no provider {name!r}; {nearest(name, names)}", file=file)
    _refuse_links(file.parent, root / "overlay" / f"{name}.yaml")
    with as_bad_input(file):
        text = file.read_bytes()
    return parse_provider(root, name, text)


def _refuse_links(*places: Path) -> None:
    """See that what a provider is made from stands in the repository itself.

    Raises:
        BadInputError: something is a symbolic link, which may lead to any file of the machine.
    """
    for place in places:
        for path in (place.parent, place, *place.rglob("*")):
            if path.is_symlink():
                raise BadInputError("is a symbolic link, which is not followed", file=path)


def parse_provider(root: Path, name: str, text: bytes) -> Provider:
    """What the text of a ``provider.toml`` says, which need not stand in its file yet.

    Raises:
        BadInputError: it does not parse, or a key is missing, unknown or mistyped.
    """
    file = root / "specs" / name / "provider.toml"
    data = parse_toml(text, file)
    for problem in problems(data, _PROVIDER):
        raise BadInputError(problem.message, file=file, pointer=problem.pointer)
    distribution, definition = data["distribution"], data.get("definition", {})
    documents = [source["document"] for source in data["source"]]
    no_url: dict[str, Any] = {"url": None}
    if definition.get("document", documents[0]) not in documents:
        message = (
            f"document is {definition['document']!r}; expected the document of a [[source]]: "
            f"{', '.join(documents)}"
        )
        raise BadInputError(message, file=file, pointer="/definition/document")
    return Provider(
        root=root,
        name=name,
        distribution=distribution["name"],
        package=distribution["package"],
        version=distribution["version"],
        title=distribution["title"],
        keywords=tuple(distribution["keywords"]),
        server_url=data["server"]["url"],
        sources=tuple(Source(**no_url | source) for source in data["source"]),
        definition_document=definition.get("document"),
        definition_paths=tuple(definition.get("paths", ())),
        left_out=tuple(LeftOut(**entry) for entry in data.get("left-out", ())),
    )


def parse_toml(text: bytes, file: Path) -> dict[str, Any]:
    """The data of a TOML text.

    Raises:
        BadInputError: it is not UTF-8 or does not parse; the line is named.
    """
    try:
        return tomllib.loads(text.decode())
    except UnicodeDecodeError as error:
        message = f"not UTF-8: byte {error.start} cannot be read"
        raise BadInputError(message, file=file) from error
    except tomllib.TOMLDecodeError as error:
        # Only Python 3.14 gives the line as an attribute.
        message, place, end = str(error).partition(" (at line ")
        line = int(end.partition(",")[0]) if place else None
        raise BadInputError(message, file=file, line=line) from error
