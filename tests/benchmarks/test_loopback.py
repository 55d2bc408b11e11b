"""The server on loopback answers every request, and ends with whom it serves."""

from __future__ import annotations

import socket
from http.client import HTTPConnection
from typing import TYPE_CHECKING, cast
from urllib.parse import urlsplit

import pytest

from benchmarks.loopback import Answering, answer_with, answering

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Iterator

BODY = '{"id": "é"}'.encode()


class Transport:
    """Keeps what is written to it."""

    def __init__(self) -> None:
        self.written: list[bytes] = []
        self.socket = socket.socket()

    def get_extra_info(self, name: str) -> socket.socket:
        assert name == "socket"
        return self.socket

    def write(self, data: bytes) -> None:
        self.written.append(data)


@pytest.fixture
def transport() -> Iterator[Transport]:
    transport = Transport()
    with transport.socket:
        yield transport


@pytest.fixture
def connection(transport: Transport) -> Answering:
    protocol = Answering(answer_with(BODY))
    protocol.connection_made(cast("asyncio.BaseTransport", transport))
    return protocol


@pytest.mark.parametrize(
    ("parts", "answers"),
    [
        pytest.param([b"GET / HTTP/1.1\r\n\r\n"], 1, id="one request"),
        pytest.param([b"GET / HTT", b"P/1.1\r\nhost: a\r", b"\n\r\n"], 1, id="in parts"),
        pytest.param([b"GET / HTTP/1.1\r\nhost: a\r\n"], 0, id="not all of it"),
        pytest.param([b"GET / HTTP/1.1\r\n\r\n" * 2, b"GET /", b" HTTP/1.1\r\n\r\n"], 3, id="more"),
    ],
)
def test_each_request_is_answered_when_its_head_is_complete(
    connection: Answering, transport: Transport, parts: list[bytes], answers: int
) -> None:
    for part in parts:
        connection.data_received(part)
    assert transport.written == [answer_with(BODY)] * answers


def test_answers_leave_at_once(connection: Answering, transport: Transport) -> None:
    del connection
    assert transport.socket.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_server_runs_as_long_as_it_is_needed() -> None:
    with answering(BODY) as server:
        address = urlsplit(server).netloc
        client = HTTPConnection(address, timeout=30)
        for path in ("/one", "/two"):  # over one connection
            client.request("GET", path)
            response = client.getresponse()
            assert (response.status, response.read()) == (200, BODY)
        client.close()
    with pytest.raises(ConnectionRefusedError):
        HTTPConnection(address, timeout=30).connect()
