"""An answer may have so many bytes and values, on the wire, decompressed and decoded."""

from __future__ import annotations

import gzip
import zlib
from typing import TYPE_CHECKING, Any

import pytest

from callrecords_runtime.errors import AnswerTooLarge, ConfigurationError, ConnectionFailed
from callrecords_runtime.intake import has_at_most

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable

    from tests.facade.conftest import Clients, Server, Wire

    Handle = Callable[[socket.socket], None]

ZEROS = bytes(10_000_000)
BOMBS = [
    (gzip.compress(ZEROS), "gzip"),
    (zlib.compress(ZEROS), "deflate"),
    (ZEROS, ""),
]


@pytest.mark.parametrize(("body", "encoding"), BOMBS, ids=[each[1] or "plain" for each in BOMBS])
@pytest.mark.parametrize("brought", [False, True])
@pytest.mark.parametrize("status", [200, 400])
def test_an_answer_has_at_most_so_many_bytes(  # noqa: PLR0913, PLR0917 - a table's columns
    clients: Clients,
    server: Server,
    body: bytes,
    encoding: str,
    brought: bool,  # noqa: FBT001
    status: int,
) -> None:
    server.answer(body, status, {"Content-Encoding": encoding} if encoding else {})
    own = {"http_client": clients.http_client()} if brought else {}
    client = clients.new("Zudu", server.url, max_bytes=9_999_999, **own)
    error = clients.failure(client, "get_call", "id")
    assert type(error) is AnswerTooLarge
    assert "the answer has more than the 9,999,999 bytes of max_bytes" in str(error)
    assert len(server.requests) == 1
    if status == 200:
        client = client.with_options(max_bytes=10_000_000)
        assert len(clients.call(client, "request", "GET", "/x").content) == 10_000_000


def test_an_answer_that_says_that_it_is_too_large_is_not_read(
    clients: Clients, wire: Callable[[Handle], Wire]
) -> None:
    def boast(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n")
        connection.recv(1)

    error = clients.failure(clients.new("Zudu", wire(boast).url), "get_call", "id")
    assert type(error) is AnswerTooLarge


def test_an_answer_that_has_no_body_may_tell_of_a_large_one(
    clients: Clients, wire: Callable[[Handle], Wire]
) -> None:
    def tell(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n")

    client = clients.new("Zudu", wire(tell).url)
    assert clients.call(client, "request", "HEAD", "/x").content == b""


def test_an_answer_without_an_end_is_too_large(
    clients: Clients, wire: Callable[[Handle], Wire]
) -> None:
    def go_on(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        while True:  # until the client hangs up
            connection.sendall(b"ffff\r\n" + bytes(65535) + b"\r\n")

    client = clients.new("Zudu", wire(go_on).url, max_bytes=1_000_000)
    assert type(clients.failure(client, "get_call", "id")) is AnswerTooLarge


def test_an_answer_that_is_compressed_again_and_again_is_not_read(
    clients: Clients, server: Server
) -> None:
    server.answer(gzip.compress(gzip.compress(b"{}")), headers={"Content-Encoding": "gzip, gzip"})
    error = clients.failure(clients.new("Zudu", server.url, max_retries=0), "get_call", "id")
    assert type(error) is ConnectionFailed
    assert "compressed more than once" in str(error)


@pytest.mark.parametrize("body", [b"[" + b"[]," * 10_000 + b"1]", b"[" + b"{}," * 10_000 + b"1]"])
@pytest.mark.parametrize(
    ("name", "method", "arguments"),
    [
        ("Zudu", "get_call", ("id",)),
        ("Zudu", "request", ("GET", "/x")),
        ("RealtimeKit", "list_sessions", ()),
    ],
)
def test_the_json_of_an_answer_has_at_most_so_many_values(  # noqa: PLR0913, PLR0917 - columns
    clients: Clients,
    server: Server,
    body: bytes,
    name: str,
    method: str,
    arguments: tuple[str, ...],
) -> None:
    server.answer(body)
    error = clients.failure(clients.new(name, server.url, max_values=10_000), method, *arguments)
    assert type(error) is AnswerTooLarge
    assert "more than the 10,000 values of max_values" in str(error)


@pytest.mark.parametrize(
    ("content", "values"),
    [
        (b'["a,[{,,,,,,,,,,,,,,,,", "\\",[[["]', 3),
        (b'{"a": [1, {}, []], "b": 2}', 8),
        (b"1", 1),
    ],
)
def test_values_are_counted_without_what_stands_in_texts(content: bytes, values: int) -> None:
    assert has_at_most(content, values)
    assert not has_at_most(content, values - 1)


@pytest.mark.parametrize("option", ["max_bytes", "max_values"])
@pytest.mark.parametrize("value", [-1, "1", None, True])
def test_a_bound_is_a_number(clients: Clients, option: str, value: Any) -> None:
    with pytest.raises(ConfigurationError, match=option):
        clients.new("Zudu", **{option: value})


def test_the_body_of_a_refusal_is_not_decoded_where_it_is_huge(
    clients: Clients, server: Server
) -> None:
    server.answer(b'{"message": "' + b"x" * 1_000_000 + b'"}', 400)
    error = clients.failure(clients.new("Zudu", server.url), "get_call", "id")
    assert str(error).startswith('zudu get_call: 400: {"message": "xxx')
