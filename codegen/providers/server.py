"""Where a provider is, written into ``provider.toml`` when its definition moves it."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import tomlkit

from codegen.files.errors import BadInputError
from codegen.openapi.access import (
    absolute,
    first_address,
    first_server,
    is_server_address,
    variable_names,
)

if TYPE_CHECKING:
    from tomlkit.items import Table

    from codegen.files.values import JSON, JSONObject
    from codegen.providers.provider import Provider


def with_server(text: bytes, provider: Provider, old: JSONObject, new: JSONObject) -> bytes:
    """The text of a ``provider.toml`` that names the server of the new definition.

    It stays as it is when the first server is the same in both, or gone. A path is one on the host
    of before. Comments stay.

    Args:
        text: Of the file, which has been read as ``provider`` already.
        provider: As it is before the update.
        old: The patched definition before.
        new: The patched definition after.

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
    document = tomlkit.parse(text.decode())
    cast("Table", document["server"])["url"] = server
    return tomlkit.dumps(document).encode()


def with_absolute_servers(definition: JSONObject, provider: Provider) -> JSONObject:
    """The definition with the servers that requests go to, as an address each.

    Args:
        definition: The patched definition that the provider's package is made of.
        provider: Says where a path is, and where requests go without any server.
    """
    first, *others = cast("list[JSONObject]", definition.get("servers") or [{}])
    if "://" not in str(first.get("url")):
        first = cast("JSONObject", {"url": provider.server_url})
    return {**definition, "servers": [_absolute(it, provider) for it in (first, *others)]}


def _absolute(server: JSONObject, provider: Provider) -> JSON:
    return {**server, "url": absolute(str(server["url"]), provider.server_url)}
