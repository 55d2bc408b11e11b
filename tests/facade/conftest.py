"""The blocking and the awaited clients behind one set of hands, and servers on loopback."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import inspect
import itertools
import operator
import re
import socket
import threading
from collections import deque
from typing import TYPE_CHECKING, Any

import httpx
import orjson
import pytest
from werkzeug import Request, Response

import callrecords
from callrecords_runtime.errors import CallRecordsError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator, Mapping

    from pytest_httpserver import HTTPServer

SECRETS = ("s3cr3t-one", "s3cr3t-two")
ARGUMENTS: dict[str, dict[str, str]] = {
    "CometChat": {"api_key": "s3cr3t-one"},
    "Zudu": {"api_key": "s3cr3t-one", "api_secret": "s3cr3t-two"},
    "RealtimeKit": {"account_id": "acc", "app_id": "app", "api_token": "s3cr3t-one"},
    "ApifyCloud": {},
}
VARIABLES = (
    *("COMETCHAT_APP_ID", "COMETCHAT_REGION", "COMETCHAT_API_KEY"),
    *("ZUDU_API_KEY", "ZUDU_API_SECRET"),
    *("CLOUDFLARE_ACCOUNT_ID", "CLOUDFLARE_API_TOKEN", "REALTIMEKIT_APP_ID"),
    *("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"),
)


@pytest.fixture(autouse=True)
def _no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in VARIABLES:
        monkeypatch.delenv(variable, raising=False)


@pytest.fixture(autouse=True)
def _certificates_are_loaded_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """It takes longer than a test does, and no test here speaks TLS."""
    monkeypatch.setattr("httpx._transports.default.create_ssl_context", _create_ssl_context)


_create_ssl_context = functools.cache(httpx.create_ssl_context)


class Clients:
    """Makes clients of one kind, and calls them as if all of them blocked."""

    def __init__(self, *, is_awaited: bool, runner: asyncio.Runner) -> None:
        self.is_awaited = is_awaited
        self.waits: list[float] = []
        """Seconds that a client wanted to wait; none does."""
        self.sent: list[httpx.Request] = []
        """What went through an :meth:`http_client`."""
        self._runner = runner
        self._open: list[Any] = []

    def class_of(self, name: str) -> Any:
        return getattr(callrecords, f"Async{name}" if self.is_awaited else name)

    def new(self, name: str, base_url: str | None = None, **arguments: Any) -> Any:
        """A client with credentials, which is closed after the test."""
        client = self.class_of(name)(base_url=base_url, **{**ARGUMENTS[name], **arguments})
        self._open.append(client.close)
        client._sleep = self._wait_awaited if self.is_awaited else self.waits.append  # noqa: SLF001 - the clients' seam
        return client

    def client_for(self, provider: str, **arguments: Any) -> Any:
        """A client for any generated package, which is closed after the test."""
        make = callrecords.async_client_for if self.is_awaited else callrecords.client_for
        client: Any = make(provider, **arguments)
        self._open.append(client.close)
        client._sleep = self._wait_awaited if self.is_awaited else self.waits.append  # noqa: SLF001 - as above
        return client

    def http_client(self, **arguments: Any) -> Any:
        """An httpx client of the right kind, which is closed after the test."""
        hooks = {"request": [self._note_awaited if self.is_awaited else self.sent.append]}
        kind = httpx.AsyncClient if self.is_awaited else httpx.Client
        client: Any = kind(event_hooks=hooks, **arguments)
        self._open.append(client.aclose if self.is_awaited else client.close)
        return client

    def call(self, client: Any, method: str, *args: Any, **kwargs: Any) -> Any:
        """What a method returns; the items, when it is pages."""
        result = self.done(operator.attrgetter(method)(client)(*args, **kwargs))
        if isinstance(result, callrecords.Pages | callrecords.AsyncPages):
            return self.take(result)
        return result

    def done(self, result: Any) -> Any:
        """The result itself, once it is awaited if it is to be."""
        return self._runner.run(_awaited(result)) if inspect.isawaitable(result) else result

    def get_record(self, client: Any, *args: Any, **kwargs: Any) -> Any:
        """The record of a call by its id."""
        return self.done(callrecords.get_record(client, *args, **kwargs))

    def failure(self, client: Any, method: str, *args: Any, **kwargs: Any) -> Any:
        """The error that a call raises."""
        with pytest.raises(CallRecordsError) as caught:
            self.call(client, method, *args, **kwargs)
        return caught.value

    def take(self, items: Any, most: int | None = None) -> list[Any]:
        """The items of pages, or the pages of their ``pages()``: at most so many of them."""
        if hasattr(items, "__aiter__"):
            return self._runner.run(_taken(items, most))
        return list(itertools.islice(items, most))

    def close(self) -> None:
        while self._open:
            closing = self._open.pop()()
            if inspect.isawaitable(closing):
                self._runner.run(_awaited(closing))

    async def _wait_awaited(self, seconds: float) -> None:
        self.waits.append(seconds)

    async def _note_awaited(self, request: httpx.Request) -> None:
        self.sent.append(request)


async def _awaited(result: Any) -> Any:
    return await result


async def _taken(items: AsyncIterator[Any], most: int | None) -> list[Any]:
    taken: list[Any] = []
    iterator = aiter(items)
    while most is None or len(taken) < most:
        try:
            taken.append(await anext(iterator))
        except StopAsyncIteration:
            break
    return taken


@pytest.fixture(params=["blocking", "awaited"])
def clients(request: pytest.FixtureRequest) -> Iterator[Clients]:
    """Clients of either kind: the same must come of both."""
    with asyncio.Runner() as runner:
        made = Clients(is_awaited=request.param == "awaited", runner=runner)
        yield made
        made.close()


class Server:
    """A server that answers what it is told to, and keeps what it was asked."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.requests: list[Request] = []
        self._answers: deque[tuple[bytes, int, Mapping[str, str]]] = deque()

    def answer(
        self, body: Any = b"", status: int = 200, headers: Mapping[str, str] | None = None
    ) -> None:
        """Answer the next request so; the last answer is repeated."""
        content = body if isinstance(body, bytes) else orjson.dumps(body)
        self._answers.append((content, status, headers or {}))

    def handle(self, request: Request) -> Response:
        request.get_data()
        self.requests.append(request)
        body, status, headers = (
            self._answers.popleft() if len(self._answers) > 1 else self._answers[0]
        )
        return Response(body, status, headers, content_type="application/json")


@pytest.fixture
def server(httpserver: HTTPServer) -> Server:
    """A server for all paths."""
    server = Server(httpserver.url_for("").rstrip("/"))
    httpserver.expect_request(re.compile(".*")).respond_with_handler(server.handle)
    return server


class Wire:
    """A server below HTTP: each connection is left to a function."""

    def __init__(self, listener: socket.socket, handle: Callable[[socket.socket], None]) -> None:
        self.url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        self.connections = 0
        self._listener = listener
        self._handle = handle

    def run(self) -> None:
        with contextlib.suppress(OSError):  # the listener was closed: the test is over
            while True:
                connection, _ = self._listener.accept()
                self.connections += 1
                with connection, contextlib.suppress(OSError):
                    connection.recv(65536)
                    self._handle(connection)


@pytest.fixture
def wire() -> Iterator[Callable[[Callable[[socket.socket], None]], Wire]]:
    """Starts servers below HTTP, which get each connection after its request was read."""
    with contextlib.ExitStack() as stack:

        def start(handle: Callable[[socket.socket], None]) -> Wire:
            listener = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
            server = Wire(listener, handle)
            thread = threading.Thread(target=server.run)
            thread.start()
            stack.callback(thread.join)
            # Closing a listener does not wake who waits on it.
            stack.callback(listener.shutdown, socket.SHUT_RDWR)
            return server

        yield start


@pytest.fixture
def refusing() -> str:
    """The address of a server that is not there."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return f"http://127.0.0.1:{listener.getsockname()[1]}"
