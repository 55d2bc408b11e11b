"""Where a definition comes from, written into ``provider.toml``."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import tomlkit
from tomlkit.exceptions import TOMLKitError

from codegen.errors import BadInputError

if TYPE_CHECKING:
    from pathlib import Path

    from tomlkit.items import AoT, Table

    from codegen.provider import Provider
    from codegen.source import Published

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
    if published.url is not None and source.get("url") != published.url:
        source["url"] = published.url
    source["date"] = published.date
    source["sha256"] = published.sha256
    return tomlkit.dumps(document).encode()


def _source(document: tomlkit.TOMLDocument, provider: Provider) -> Table:
    """The table of the source that publishes the definition, made if there is none."""
    listed = cast("AoT", document["source"])
    for table in listed:
        if table["document"] == provider.definition_document:
            return table
    names = {source.document for source in provider.sources}
    name = _DOCUMENT
    while name in names:
        name += "-published"
    definition = cast("Table", document.get("definition")) or tomlkit.table()
    definition["document"] = name
    if "definition" not in document:
        document["definition"] = definition
    table = tomlkit.table()
    table["document"] = name
    listed.append(table)
    return table
