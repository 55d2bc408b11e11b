"""Where a definition comes from, written into ``provider.toml``."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import tomlkit
from tomlkit.exceptions import TOMLKitError

from codegen.files.errors import BadInputError

if TYPE_CHECKING:
    from pathlib import Path

    from tomlkit.items import AoT, Table

    from codegen.providers.provider import Provider
    from codegen.providers.source import Published

_DOCUMENT = "definition"


def with_provenance(text: bytes, provider: Provider, published: Published, file: Path) -> bytes:
    """The text of a ``provider.toml`` that says where a definition was read, and when.

    The source that publishes the definition gets its address, day and digest. When none is known
    to, because the definition was transcribed, an address becomes one; a file is the transcriber's
    own, of which nothing is written. Everything else stays, comments included.

    Raises:
        BadInputError: it does not parse.
    """
    if provider.definition_document is None and published.url is None:
        return text
    try:
        document = tomlkit.parse(text.decode())
    except (TOMLKitError, UnicodeDecodeError) as error:
        raise BadInputError(str(error), file=file) from error
    source = _source(document, provider)
    if published.url is not None:
        _set(source, "url", published.url)
    _set(source, "date", published.date)
    _set(source, "sha256", published.sha256)
    return tomlkit.dumps(document).encode()


def _source(document: tomlkit.TOMLDocument, provider: Provider) -> Table:
    """The table of the source that publishes the definition, made if there is none."""
    listed = cast("AoT", document["source"])
    for known in cast("list[Table]", listed):
        if known["document"] == provider.definition_document:
            return known
    names = {source.document for source in provider.sources}
    name = _DOCUMENT
    while name in names:
        name += "-published"
    if "definition" not in document:
        document["definition"] = tomlkit.table()
    cast("Table", document["definition"])["document"] = name
    table = tomlkit.table()
    table["document"] = name
    listed.append(table)  # pyright: ignore[reportUnknownMemberType] - tomlkit's
    return table


def _set(table: Table, key: str, value: object) -> None:
    # What is set again loses the comment beside it only if it changes.
    if key not in table or table[key] != value:
        table[key] = value
