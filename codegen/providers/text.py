"""The texts of a provider's files: a new provider's, and what an update changes in them."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, cast

import tomlkit

from codegen.files.document import serialise
from codegen.files.errors import BadInputError
from codegen.openapi.access import (
    absolute,
    first_address,
    first_server,
    is_server_address,
    variable_names,
)
from codegen.openapi.places import TABLE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tomlkit.items import AoT, Table

    from codegen.files.values import JSON, JSONObject
    from codegen.openapi.subset import LeftOut
    from codegen.providers.provider import Provider
    from codegen.providers.source import Published


DOCUMENT = "definition"
"""The name of the source that a new provider's definition comes from."""


def provider_text(provider: Provider) -> bytes:
    """``provider.toml``, from which the same provider is read."""
    paths = list(provider.definition_paths)
    document: dict[str, object] = {
        "distribution": {
            "name": provider.distribution,
            "package": provider.package,
            "version": provider.version,
            "title": provider.title,
            "keywords": list(provider.keywords),
        },
        "server": {"url": provider.server_url},
        "definition": {
            "document": provider.definition_document or DOCUMENT,
            **({"paths": paths} if paths else {}),
        },
        "source": [
            {key: value for key, value in asdict(source).items() if value is not None}
            for source in provider.sources
        ],
    }
    if provider.left_out:
        document["left-out"] = [asdict(entry) for entry in provider.left_out]
    return tomlkit.dumps(document).encode()


def changelog_text(provider: Provider) -> bytes:
    """``CHANGELOG.md``, before the first release."""
    return (
        f"# Changelog of {provider.distribution}\n\n## Unreleased\n\n"
        f"- Exact types and a plain client for {provider.title}, generated from its definition.\n"
    ).encode()


def overlay_text(
    provider: Provider,
    names: JSONObject | None = None,
    discrepancies: JSONObject | None = None,
    actions: Sequence[JSONObject] = (),
) -> bytes:
    """The overlay with a provider's names, first actions and the discrepancies they settle."""
    overlay: JSONObject = {
        "overlay": "1.1.0",
        "info": {"title": f"{provider.title}, corrected", "version": "1.0.0"},
        "extends": f"../specs/{provider.name}/canonical.yaml",
        **({TABLE: names} if names else {}),
        **({"x-discrepancies": discrepancies} if discrepancies else {}),
        **({"actions": [*actions]} if actions else {}),
    }
    return serialise(overlay, as_json=False)


def with_value(text: bytes, table: str, key: str, value: str) -> bytes:
    """The text of a ``provider.toml``, which has been read already, with another value of a key."""
    document = tomlkit.parse(text.decode())
    cast("Table", document[table])[key] = value
    return tomlkit.dumps(document).encode()


def with_provenance(text: bytes, provider: Provider, published: Published) -> bytes:
    """The text of a ``provider.toml`` that says where a definition was read, and when.

    The source that publishes the definition gets its address, day and digest. When none is known
    to, because the definition was transcribed, an address becomes one; a file is the transcriber's
    own, of which nothing is written. Everything else stays, comments included.
    """
    if provider.definition_document is None and published.url is None:
        return text
    document = tomlkit.parse(text.decode())
    source = _source(document, provider)
    told = {"url": published.url, "date": published.date, "sha256": published.sha256}
    for key, value in told.items():
        # What is set again loses the comment beside it.
        if value not in (None, source.get(key)):  # pyright: ignore[reportUnknownMemberType]
            source[key] = value
    return tomlkit.dumps(document).encode()


def _source(document: tomlkit.TOMLDocument, provider: Provider) -> Table:
    """The table of the source that publishes the definition, made if there is none."""
    listed = cast("AoT", document["source"])
    for known in cast("list[Table]", listed):
        if known["document"] == provider.definition_document:
            return known
    names = {source.document for source in provider.sources}
    name = DOCUMENT
    while name in names:
        name += "-published"
    if "definition" not in document:
        document["definition"] = tomlkit.table()
    cast("Table", document["definition"])["document"] = name
    table = tomlkit.table()
    table["document"] = name
    listed.append(table)  # pyright: ignore[reportUnknownMemberType] - tomlkit's
    return table


def with_server(text: bytes, provider: Provider, old: JSONObject, new: JSONObject) -> bytes:
    """The text of a ``provider.toml`` that names the server of the new definition.

    It stays as it is when the first server is the same in both patched definitions, or gone. A path
    is one on the host of before, which is the provider's. Comments stay.

    Raises:
        BadInputError: the new server is none that credentials may be sent to.
    """
    address = first_address(new)
    if address is None or address == first_address(old):
        return text
    server = absolute(address, provider.server_url)
    if not is_server_address(server, variable_names(first_server(new))):
        message = (
            f"the definition's server is {server!r} now, and credentials go by https only, to an "
            "address without user, query or fragment; correct it by an action on $.servers[0]"
        )
        raise BadInputError(message, file=provider.overlay_path)
    return with_value(text, "server", "url", server)


def with_absolute_servers(definition: JSONObject, provider: Provider) -> JSONObject:
    """The patched definition with the servers that requests go to, as an address each.

    The provider says where a path is, and where requests go without any server.
    """
    first, *others = cast("list[JSONObject]", definition.get("servers") or [{}])
    if "://" not in str(first.get("url")):
        first = {"url": provider.server_url}
    servers: list[JSON] = [
        {**server, "url": absolute(str(server["url"]), provider.server_url)}
        for server in (first, *others)
    ]
    return {**definition, "servers": servers}


def with_entries(text: bytes, left_out: Sequence[LeftOut]) -> bytes:
    """The text of a ``provider.toml``, which has been read already, with these ``[[left-out]]``.

    Those that it has already stay as they are written, comments included.
    """
    document = tomlkit.parse(text.decode())
    listed = cast("AoT", document["left-out"]) if "left-out" in document else tomlkit.aot()
    wanted = {entry.pointer: entry for entry in left_out}
    for index, table in reversed(list(enumerate(cast("list[Table]", listed)))):
        if wanted.pop(str(table["pointer"]), None) is None:
            del listed[index]
    for entry in wanted.values():
        listed.append(tomlkit.item(asdict(entry)))  # pyright: ignore[reportUnknownMemberType]
    if listed:
        document["left-out"] = listed
    elif "left-out" in document:
        del document["left-out"]
    return tomlkit.dumps(document).encode()
