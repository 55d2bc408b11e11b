"""Attempts through real connections, some of which break."""

from __future__ import annotations

import contextlib
import itertools
import time
import zlib
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from callrecords_runtime.errors import (
    ConnectionFailed,
    NotFound,
    RateLimited,
    ServerError,
    TimedOut,
)

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable

    from tests.facade.conftest import Clients, Server, Wire

    Handle = Callable[[socket.socket], None]

CALL = {"data": {"call_id": "1"}}
PASSING = (408, 429, 500, 502, 503, 504, *range(520, 530))


def hang_up(_: socket.socket) -> None:
    """Close the connection without an answer."""


def say_nothing(connection: socket.socket) -> None:
    """Wait until the client has enough."""
    connection.recv(1)


def cut_the_head(connection: socket.socket) -> None:
    """Close the connection within the headers."""
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Le")


def cut_the_body(connection: socket.socket) -> None:
    """Close the connection within the body."""
    connection.sendall(b'HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{"data"')


def cut_the_chunks(connection: socket.socket) -> None:
    """Close the connection between two chunks."""
    connection.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n")


def speak_something_else(connection: socket.socket) -> None:
    """Answer with what is not HTTP."""
    connection.sendall(b"220 mail.example ESMTP\r\n")


def claim_to_have_compressed(connection: socket.socket) -> None:
    """Answer with a body that is not what its header says."""
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}")


def stall_in_the_body(connection: socket.socket) -> None:
    """Say nothing more after half of the body."""
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{")
    connection.recv(1)


def trickle(connection: socket.socket) -> None:
    """Send a body byte by byte, as long as the client stays."""
    connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
    connection.settimeout(0.01)
    for _ in range(100):
        connection.sendall(b" ")
        with contextlib.suppress(TimeoutError):
            connection.recv(1)
            return


HEAD = b"HTTP/1.1 200 OK\r\n"
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n"
DEFLATED = HEAD + b"Content-Encoding: deflate\r\n\r\n" + zlib.compress(b"")[:2]
DRIPS = {
    "status": (b"", b"H"),
    "headers": (HEAD + b"X: ", b"x"),
    "header lines": (HEAD, b"X: y\r\n"),
    "body": (HEAD + b"\r\n", b" "),
    "chunks": (CHUNKED + b"\r\n", b"1\r\n \r\n"),
    "chunk extensions": (CHUNKED + b"\r\n1;", b"x"),
    "trailers": (CHUNKED + b"\r\n0\r\n", b"X: y\r\n"),
    "empty blocks": (DEFLATED, b"\x00\x00\x00\xff\xff"),
    "informational": (b"", b"HTTP/1.1 103 Early Hints\r\n\r\n"),
}


@pytest.mark.parametrize("drip", DRIPS.values(), ids=list(DRIPS))
def test_the_deadline_ends_an_answer_that_drips(
    clients: Clients, wire: Callable[[Handle], Wire], drip: tuple[bytes, bytes]
) -> None:
    drops: list[bytes] = []

    def trickle(connection: socket.socket) -> None:
        first, drop = drip
        connection.sendall(first)
        connection.settimeout(0.005)
        while len(drops) < 200:
            connection.sendall(drop)
            drops.append(drop)
            with contextlib.suppress(TimeoutError):
                connection.recv(1)
                return

    error = clients.failure(clients.new("Zudu", wire(trickle).url, deadline=0.05), "get_call", "1")
    assert type(error) is TimedOut
    assert len(drops) < 100


def test_the_deadline_ends_a_body_that_is_taken_slowly(
    clients: Clients, wire: Callable[[Handle], Wire]
) -> None:
    taken: list[int] = []

    def sip(connection: socket.socket) -> None:
        while len(taken) < 200 and (sip := connection.recv(100_000)):
            taken.append(len(sip))
            time.sleep(0.005)

    client = clients.new("Zudu", wire(sip).url, deadline=0.1, max_retries=0)
    error = clients.failure(client, "request", "POST", "/x", content=bytes(50_000_000))
    assert type(error) is TimedOut
    assert len(taken) < 100


@pytest.mark.parametrize("status", PASSING)
def test_what_is_safe_is_asked_again_until_it_succeeds(
    clients: Clients, server: Server, status: int
) -> None:
    server.answer(status=status)
    server.answer(status=status)
    server.answer(CALL)
    call = clients.call(clients.new("Zudu", server.url), "get_call", "1")
    assert call.call_id == "1"
    assert len(server.requests) == 3
    first, second = clients.waits
    assert 0 <= first <= 0.5
    assert 0 <= second <= 1.0


@pytest.mark.parametrize("status", PASSING)
def test_what_is_not_safe_is_asked_again_only_when_there_were_too_many(
    clients: Clients, server: Server, status: int
) -> None:
    server.answer(status=status)
    error = clients.failure(clients.new("RealtimeKit", server.url), "generate_summary", "1")
    assert error.status == status
    assert len(server.requests) == (3 if status == 429 else 1)


def test_a_refused_connection_is_tried_again_whatever_is_asked(
    clients: Clients, refusing: str
) -> None:
    client = clients.new("RealtimeKit", refusing, max_retries=3)
    for method in ("get_session", "generate_summary"):
        clients.waits.clear()
        error = clients.failure(client, method, "1")
        assert type(error) is ConnectionFailed
        assert isinstance(error, ConnectionError)
        assert str(error).endswith("(gave up after 4 attempts)")
        assert len(clients.waits) == 3


@pytest.mark.parametrize(
    "handle",
    [
        *(hang_up, cut_the_head, cut_the_body, cut_the_chunks, speak_something_else),
        claim_to_have_compressed,
    ],
)
def test_an_answer_that_breaks_off_is_asked_for_again_when_that_is_safe(
    clients: Clients, wire: Callable[[Handle], Wire], handle: Handle
) -> None:
    broken = wire(handle)
    client = clients.new("RealtimeKit", broken.url, max_retries=1)
    error = clients.failure(client, "get_session", "1")
    assert type(error) is ConnectionFailed
    assert broken.connections == 2
    error = clients.failure(client, "generate_summary", "1")
    assert type(error) is ConnectionFailed
    assert broken.connections == 3


@pytest.mark.parametrize("handle", [say_nothing, stall_in_the_body])
def test_an_answer_that_does_not_come_is_asked_for_again_when_that_is_safe(
    clients: Clients, wire: Callable[[Handle], Wire], handle: Handle
) -> None:
    silent = wire(handle)
    client = clients.new(
        "RealtimeKit", silent.url, max_retries=1, timeout=httpx.Timeout(30, read=0.05)
    )
    error = clients.failure(client, "get_session", "1")
    assert type(error) is TimedOut
    assert isinstance(error, TimeoutError)
    assert f"get_session: ReadTimeout at {silent.url.removeprefix('http://')}" in str(error)
    assert str(error).endswith("(gave up after 2 attempts)")
    assert silent.connections == 2
    assert type(clients.failure(client, "generate_summary", "1")) is TimedOut
    assert silent.connections == 3


def test_a_call_succeeds_after_a_connection_that_broke(
    clients: Clients, wire: Callable[[Handle], Wire]
) -> None:
    server = wire(one_after_the_other(hang_up, cut_the_body, succeed))
    call = clients.call(clients.new("Zudu", server.url), "get_call", "1")
    assert call.call_id == "1"
    assert len(clients.waits) == 2


def one_after_the_other(*handles: Handle) -> Handle:
    """Leave each connection to the next function, and all further ones to the last."""
    left = itertools.chain(handles, itertools.repeat(handles[-1]))

    def handle(connection: socket.socket) -> None:
        next(left)(connection)

    return handle


def succeed(connection: socket.socket) -> None:
    """Answer with a call."""
    body = b'{"data": {"call_id": "1"}}'
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body))


def test_nothing_is_tried_again_when_there_are_no_retries(clients: Clients, server: Server) -> None:
    server.answer(status=503)
    error = clients.failure(clients.new("Zudu", server.url, max_retries=0), "get_call", "1")
    assert str(error) == "zudu get_call: 503: no body"
    assert (len(server.requests), clients.waits) == (1, [])


def test_an_answer_that_will_not_pass_ends_the_attempts(clients: Clients, server: Server) -> None:
    server.answer(status=503)
    server.answer(status=404)
    error = clients.failure(clients.new("Zudu", server.url), "get_call", "1")
    assert type(error) is NotFound
    assert len(server.requests) == 2


def test_what_is_waited_is_what_the_server_asks(clients: Clients, server: Server) -> None:
    server.answer(status=429, headers={"Retry-After": "7"})
    server.answer(status=503, headers={"Retry-After": "1.5"})
    server.answer(CALL)
    clients.call(clients.new("Zudu", server.url), "get_call", "1")
    first, second = clients.waits
    assert 7.0 <= first <= 7.5
    assert 1.5 <= second <= 2.5


def test_a_date_is_understood_by_the_servers_own_clock(
    clients: Clients, wire: Callable[[Handle], Wire]
) -> None:
    def ask_for_a_minute(connection: socket.socket) -> None:
        connection.sendall(
            b"HTTP/1.1 503 Busy\r\nConnection: close\r\nDate: Wed, 21 Oct 2015 07:28:00 GMT\r\n"
            b"Retry-After: Wed, 21 Oct 2015 07:29:00 GMT\r\nContent-Length: 0\r\n\r\n"
        )

    server = wire(one_after_the_other(ask_for_a_minute, succeed))
    clients.call(clients.new("Zudu", server.url), "get_call", "1")
    (waited,) = clients.waits
    assert 60.0 <= waited <= 60.5


def test_a_server_that_asks_to_wait_too_long_is_left_alone(
    clients: Clients, server: Server
) -> None:
    server.answer({"message": "slow down"}, 429, {"Retry-After": "3600"})
    error = clients.failure(clients.new("Zudu", server.url), "get_call", "1")
    assert type(error) is RateLimited
    assert error.retry_after == 3600.0
    assert str(error) == (
        "zudu get_call: 429: slow down (the server asks to wait 3600 seconds, "
        "which is more than the 60 that are waited)"
    )
    assert (len(server.requests), clients.waits) == (1, [])


def test_what_is_requested_by_hand_is_repeated_by_the_same_rules(
    clients: Clients, server: Server
) -> None:
    server.answer(status=503)
    client = clients.new("Zudu", server.url, max_retries=1)
    for method, attempts in (("get", 2), ("DELETE", 1), ("POST", 1)):
        server.requests.clear()
        assert type(clients.failure(client, "request", method, "/x")) is ServerError
        assert len(server.requests) == attempts


def test_every_attempt_sends_the_same(clients: Clients, server: Server) -> None:
    server.answer(status=429)
    client = clients.new("Zudu", server.url)
    clients.failure(
        client, "request", "POST", "/x", content=b"body", headers={"X-A": "1"}, params={"q": 1}
    )
    sent = {(r.full_path, r.get_data(), r.headers["X-A"]) for r in server.requests}
    assert len(server.requests) == 3
    assert sent == {("/x?q=1", b"body", "1")}


def with_clock(client: Any, monotonic: Callable[[], float]) -> Any:
    """The client with another clock."""
    client._clock = client._clock._replace(monotonic=monotonic)  # noqa: SLF001 - the seam
    return client


def test_the_deadline_ends_the_attempts(clients: Clients, server: Server) -> None:
    server.answer(status=503)
    each_look_takes_a_second = itertools.count(1.0).__next__
    client = clients.new("Zudu", server.url, max_retries=1000, deadline=50)
    error = clients.failure(with_clock(client, each_look_takes_a_second), "get_call", "1")
    assert str(error).endswith("(the deadline of 50 seconds leaves no time to try again)")
    assert 2 < len(server.requests) < 50


@pytest.mark.parametrize(
    ("timeout", "connect", "read"),
    [
        (None, 20, 20),
        (5, 5, 5),
        (500, 20, 20),
        (httpx.Timeout(500, connect=5), 5, 20),
        (httpx.Timeout(None, connect=5), 5, 20),
    ],
)
def test_the_deadline_bounds_every_timeout(
    clients: Clients, server: Server, timeout: Any, connect: float, read: float
) -> None:
    server.answer(CALL)
    client = clients.new("Zudu", server.url, http_client=clients.http_client(), deadline=20)
    clients.call(with_clock(client, lambda: 7.0), "get_call", "1", timeout=timeout)
    sent = clients.sent[0].extensions["timeout"]
    assert (sent["connect"], sent["read"]) == (connect, read)


@pytest.mark.parametrize("handle", [say_nothing, stall_in_the_body, trickle])
def test_the_deadline_ends_an_answer_that_does_not_end(
    clients: Clients, wire: Callable[[Handle], Wire], handle: Handle
) -> None:
    client = clients.new("Zudu", wire(handle).url, deadline=0.1)
    error = clients.failure(client, "get_call", "1")
    assert type(error) is TimedOut
    assert "the deadline of 0.1 seconds leaves no time" in str(error)
    assert clients.waits == []


def test_an_error_of_somebody_elses_is_not_hidden(clients: Clients) -> None:
    def fail(_: httpx.Request) -> httpx.Response:
        raise ZeroDivisionError

    own = clients.http_client(transport=httpx.MockTransport(fail))
    with pytest.raises(ZeroDivisionError):
        clients.call(clients.new("Zudu", http_client=own), "get_call", "1")


TRANSPORT_ERRORS = [
    kind
    for kind in vars(httpx).values()
    if isinstance(kind, type) and issubclass(kind, httpx.TransportError)
]


@pytest.mark.parametrize("kind", TRANSPORT_ERRORS)
def test_what_is_not_safe_is_sent_again_only_when_it_was_not_sent(
    clients: Clients, kind: type[httpx.TransportError]
) -> None:
    def fail(_: httpx.Request) -> httpx.Response:
        raise kind("said so")

    own = clients.http_client(transport=httpx.MockTransport(fail))
    client = clients.new("RealtimeKit", http_client=own, max_retries=1)
    clients.failure(client, "generate_summary", "1")
    unsent = {httpx.ConnectError, httpx.ConnectTimeout}
    assert len(clients.sent) == (2 if kind in unsent else 1)


@pytest.mark.parametrize("retries", [0, 1, 5])
def test_a_call_may_have_retries_of_its_own(clients: Clients, server: Server, retries: int) -> None:
    server.answer(status=503)
    client = clients.new("Zudu", server.url, max_retries=3)
    clients.failure(client, "get_call", "a", max_retries=retries)
    assert len(server.requests) == 1 + retries
    server.requests.clear()
    kit = clients.new("RealtimeKit", server.url)
    with pytest.raises(ServerError):
        clients.call(kit, "list_sessions", max_retries=retries)
    assert len(server.requests) == 1 + retries
