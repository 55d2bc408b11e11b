"""Where a new provider is: as the definition says, or as somebody names it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codegen.files.errors import BadInputError
from codegen.openapi.access import (
    absolute,
    first_address,
    first_server,
    is_server_address,
    variable_names,
)

if TYPE_CHECKING:
    from codegen.files.values import JSONObject
    from codegen.providers.source import Published

_DISCREPANCY = "S-1"


def require_server(address: str) -> str:
    """An address that was named as the provider's server, without a slash at its end.

    Raises:
        BadInputError: it is none that credentials may be sent to.
    """
    if is_server_address(address):
        return address.rstrip("/")
    message = (
        f"{address!r} is no address of a server; it begins with https:// (or with http:// for this "
        "machine, such as http://localhost:8000), and has no user, query, fragment or braces"
    )
    raise BadInputError(message, file="--server")


def server_of(definition: JSONObject, published: Published) -> str:
    """The address of the definition's first server, which may be relative to its own.

    Raises:
        BadInputError: there is none that credentials may be sent to.
    """
    server = first_server(definition)
    url = first_address(definition) or "/"
    if "://" not in url and published.url is not None:
        url = absolute(url, published.url).rstrip("/")
    if not url.startswith("https://") or not is_server_address(url, variable_names(server)):
        found = (
            f"the definition's server is {url!r}" if server else "the definition names no server"
        )
        message = f"{found}; name one by --server https://…"
        raise published.document.error("/servers" if server else "", message)
    return url


def server_correction(
    definition: JSONObject, named: str | None
) -> tuple[JSONObject, list[JSONObject]]:
    """The discrepancy by its id, and the overlay actions, that put a server in another's place.

    There are none where the definition names that server itself. Where it names none, there are
    some too: else the next definition that names one would move the credentials.

    Args:
        definition: As published.
        named: The address that somebody named.
    """
    published = first_address(definition)
    if named is None or published == named:
        return {}, []
    discrepancy: JSONObject = {
        "disagreement": f"The definition names {published or 'none'} as the server; the "
        f"provider was added with {named}.",
        "decision": f"The server is {named}.",
    }
    shared: JSONObject = {
        "description": "The server that was named.",
        "x-discrepancy": _DISCREPANCY,
    }
    naming: JSONObject = {"target": "$.servers[0]", **shared, "update": {"url": named}}
    actions = [naming]
    if published is None:
        # What no server means; and not the named one, which would come after another's.
        actions.insert(0, {"target": "$", **shared, "update": {"servers": [{"url": "/"}]}})
    if "variables" in first_server(definition):
        actions.append({"target": "$.servers[0].variables", **shared, "remove": True})
    if len(actions) > 1:
        # One without the others would leave names in the address, variables that are in none, or
        # a server that nobody has named.
        actions = [{**action, "x-group": "the server that was named"} for action in actions]
    return {_DISCREPANCY: discrepancy}, actions
