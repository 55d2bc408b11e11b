"""Addresses of servers: which are sent credentials, whoever names them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urljoin

import httpx

if TYPE_CHECKING:
    from collections.abc import Container

    from codegen.files.values import JSONObject

VARIABLE = re.compile(r"{([^{}]*)}")
"""A variable's name, in braces as it stands in an address."""
_PORTS = 1 << 16
_LABEL = r"(?!-)[A-Za-z0-9_-]{1,63}(?<!-)"
_REMOTE = rf"https://({_LABEL}(\.{_LABEL})*|\[[0-9A-Fa-f:.]+\])"
_LOCAL = r"http://(localhost|127(\.\d{1,3}){3}|\[::1\])"
_ADDRESS = re.compile(rf"({_REMOTE}|{_LOCAL})(:\d{{1,5}})?(/[^@?#\\{{}}]*)?")


def is_server_address(address: str, variables: Container[str] = ()) -> bool:
    """Whether credentials may be sent to an address: by https, or no further than this machine.

    It has a host, and no user, query or fragment.

    Args:
        address: In ASCII.
        variables: The names that may stand in braces.
    """
    filled = VARIABLE.sub(lambda it: "1" if it[1] in variables else it[0], address)
    if re.fullmatch(r"[!-~]+", filled) is None or _ADDRESS.fullmatch(filled) is None:
        return False
    try:
        url = httpx.URL(filled)
        host = url.host
    except (httpx.InvalidURL, UnicodeError):  # the latter of a host like xn--.com
        return False
    return bool(host) and (url.port is None or 0 < url.port < _PORTS)


def absolute(address: str, base: str) -> str:
    """An address of a definition, in which a path is one below ``base`` or beside it.

    What cannot be joined stays as it is.
    """
    if "://" in address:
        return address
    try:
        return urljoin(base, address)
    except ValueError:  # of a host like [, which is no address then either
        return address


def first_server(holder: JSONObject) -> JSONObject:
    """The server that requests of a document, a path or an operation go to; empty without any."""
    servers = holder.get("servers")
    first = servers[0] if isinstance(servers, list) and servers else None
    return first if isinstance(first, dict) else {}


def first_address(definition: JSONObject) -> str | None:
    """The address of that server, as it is written."""
    url = first_server(definition).get("url")
    return None if url is None else str(url)


def variable_names(server: JSONObject) -> Container[str]:
    """The variables of a server that a client has: none in a path, as the host stands elsewhere."""
    variables = server.get("variables")
    is_absolute = "://" in str(server.get("url"))
    return variables if is_absolute and isinstance(variables, dict) else ()
