"""Whatever the libraries below raise, and whatever a server sends, ends in our own errors."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING
from unittest.mock import Mock

import anyio
import h11
import httpcore
import httpx
import idna
import pytest

from callrecords_runtime.errors import (
    ClientClosed,
    ConfigurationError,
    ConnectionFailed,
    StatusError,
    TimedOut,
)

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable

    from tests.facade.conftest import Clients, Server, Wire

    Handle = Callable[[socket.socket], None]

BELOW = (anyio, h11, httpcore, httpx, idna)
RAISED: list[type[Exception]] = sorted(
    {
        kind
        for module in BELOW
        for _, kind in inspect.getmembers(module, inspect.isclass)
        if issubclass(kind, Exception)
    }
    | {ConnectionResetError, TimeoutError, UnicodeEncodeError},
    key=lambda kind: f"{kind.__module__}.{kind.__qualname__}",
)


def raised(kind: type[Exception]) -> Exception:
    """An exception of any class, whatever its constructor asks for."""
    error = kind.__new__(kind, *("ascii", "é", 0, 1, "no") if kind is UnicodeEncodeError else ())
    error.args = error.args or ("something",)
    return error


TIMEOUTS = (TimeoutError, httpx.TimeoutException, httpcore.TimeoutException)
UNSENDABLE = (h11.LocalProtocolError, httpx.LocalProtocolError, httpcore.LocalProtocolError)


@pytest.mark.parametrize("brought", [False, True])
def test_whatever_the_libraries_below_raise_is_an_error_of_ours(
    clients: Clients,
    monkeypatch: pytest.MonkeyPatch,
    brought: bool,  # noqa: FBT001 - a table's column
) -> None:
    own = {"http_client": clients.http_client()} if brought else {}
    client = clients.new("Zudu", "http://localhost:1", max_retries=0, **own)
    for kind in RAISED:
        send = Mock(side_effect=raised(kind))
        monkeypatch.setattr(client._http_client, "send", send)  # noqa: SLF001 - what is below
        error = clients.failure(client, "get_call", "id")
        assert error.__context__ is None
        if issubclass(kind, UNSENDABLE):
            assert type(error) is ConfigurationError
        else:
            assert type(error) is (TimedOut if issubclass(kind, TIMEOUTS) else ConnectionFailed)
            assert f"{kind.__name__} at localhost:1" in str(error)


@pytest.mark.parametrize(
    "location",
    [
        "http://xn--.com/",
        "mailto:x",
        "http://[::1",
        "http://a:99999999/",
        "//",
        "\\\\",
        "é",
        "http://",
    ],
)
@pytest.mark.parametrize("brought", [False, True])
def test_a_redirect_to_what_is_no_address_is_an_error_of_ours(
    clients: Clients,
    wire: Callable[[Handle], Wire],
    location: str,
    brought: bool,  # noqa: FBT001 - a table's column
) -> None:
    def redirect(connection: socket.socket) -> None:
        head = f"HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: {location}\r\n\r\n"
        connection.sendall(head.encode())

    own = {"http_client": clients.http_client()} if brought else {}
    error = clients.failure(
        clients.new("Zudu", wire(redirect).url, max_retries=0, **own), "get_call", "id"
    )
    assert isinstance(error, StatusError | ConnectionFailed)


def test_a_length_of_a_caller_that_is_wrong_is_told_as_such(
    clients: Clients, server: Server
) -> None:
    server.answer({})
    client = clients.new("Zudu", server.url)
    for length in ("1", "99"):
        error = clients.failure(
            client, "request", "POST", "/x", content=b"body", headers={"content-length": length}
        )
        assert type(error) is ConfigurationError
    clients.call(client, "request", "POST", "/x", content=b"body")


@pytest.mark.parametrize(
    "date", ["Fri, 31 Dec 99999999999999999999 23:59:59 GMT", "1 Jan 2026 00:00:00 +99999999999999"]
)
@pytest.mark.parametrize("name", ["Retry-After", "Date"])
def test_a_date_of_a_huge_year_is_none(
    clients: Clients, wire: Callable[[Handle], Wire], name: str, date: str
) -> None:
    def refuse(connection: socket.socket) -> None:
        head = ["HTTP/1.1 429 No", "Content-Length: 0", "Connection: close", "Retry-After: 0"]
        connection.sendall("\r\n".join([*head, f"{name}: {date}", "\r\n"]).encode())

    client = clients.new("Zudu", wire(refuse).url, max_retries=1)
    assert isinstance(clients.failure(client, "get_call", "id"), StatusError)


@pytest.mark.parametrize("brought", [False, True])
def test_a_closed_client_says_so(
    clients: Clients,
    server: Server,
    brought: bool,  # noqa: FBT001 - a table's column
) -> None:
    own = clients.http_client() if brought else None
    client = clients.new("Zudu", server.url, **({"http_client": own} if own else {}))
    if own is None:
        clients.call(client, "close")
    else:
        clients.done(own.aclose() if clients.is_awaited else own.close())
    error = clients.failure(client, "get_call", "id")
    assert type(error) is ClientClosed
    assert isinstance(error, RuntimeError)
    assert not server.requests


@pytest.mark.parametrize(
    "content",
    [
        b"\xef\xbb\xbf" + b'{"data": {"call_id": "1"}}',
        b'\xef\xbb\xbf\r\n{"data": {"call_id": "1"}}',
    ],
)
def test_a_body_with_a_byte_order_mark_is_json(
    clients: Clients, server: Server, content: bytes
) -> None:
    server.answer(content)
    assert clients.call(clients.new("Zudu", server.url), "get_call", "1").call_id == "1"


@pytest.mark.parametrize("form", ['{"data":{"x":%d}}', '{"data": {"x": [1, %d ]}}'])
def test_no_integer_becomes_another_one(clients: Clients, server: Server, form: str) -> None:
    client = clients.new("Zudu", server.url, on_drift="ignore")
    edges = [edge + step for edge in (2**53, 2**63, 2**64, 2**70) for step in (-1, 0, 1)]
    for number in (*edges, *(-edge for edge in edges)):
        server.answer((form % number).encode())
        server.answer((form % number).encode())
        clients.call(client, "get_call", "1")
        found = clients.call(client, "get_call", "1").to_dict()["x"]
        assert (found[1] if isinstance(found, list) else found) == number


def test_a_root_that_is_an_integer_stays_the_same(clients: Clients, server: Server) -> None:
    server.answer(str(2**64 + 1).encode())
    client = clients.new("Zudu", server.url)
    assert clients.call(client, "request", "GET", "/x").parsed == 2**64 + 1
