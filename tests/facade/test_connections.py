"""Connections: our own, and clients of httpx and httpx2 with what belongs to them."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import gc
import importlib.util
import multiprocessing
import os
import socket
import ssl
import sys
import threading
import weakref
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import orjson
import pytest
import trustme
from werkzeug import Request, Response

import callrecords
from callrecords_runtime.errors import ConfigurationError, TimedOut
from callrecords_runtime.transport import ssl_context
from tests.facade.conftest import SECRETS
from tests.facade.test_construction import CALL

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import ModuleType

    from pytest_httpserver import HTTPServer

    from tests.facade.conftest import Clients, Server


@pytest.fixture
def httpx2(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """Another library with httpx's interface: httpx once more, under the other name."""
    for name in [name for name in sys.modules if name.partition(".")[0] == "httpx2"]:
        monkeypatch.delitem(sys.modules, name)
    assert httpx.__file__ is not None
    spec = importlib.util.spec_from_file_location(
        "httpx2", httpx.__file__, submodule_search_locations=[str(Path(httpx.__file__).parent)]
    )
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, "httpx2", module)
    spec.loader.exec_module(module)
    return module


def client_of(library: ModuleType, clients: Clients, **arguments: Any) -> Any:
    return (library.AsyncClient if clients.is_awaited else library.Client)(**arguments)


def test_a_client_of_httpx2_is_as_good_as_one_of_httpx(
    clients: Clients, server: Server, httpx2: ModuleType
) -> None:
    server.answer(CALL)
    own = client_of(httpx2, clients)
    client = clients.new("Zudu", server.url, http_client=own)
    assert clients.call(client, "get_call", "id", timeout=httpx2.Timeout(3)) is not None
    other = httpx2.Client if clients.is_awaited else httpx2.AsyncClient
    with pytest.raises(ConfigurationError, match="http_client must be"):
        clients.new("Zudu", server.url, http_client=other())


@pytest.mark.parametrize("name", ["ConnectError", "ReadTimeout", "PoolTimeout"])
def test_the_errors_of_httpx2_are_errors_of_ours(
    clients: Clients, httpx2: ModuleType, name: str
) -> None:
    def fail(_: object) -> Any:
        raise getattr(httpx2, name)("said so")

    own = client_of(httpx2, clients, transport=httpx2.MockTransport(fail))
    client = clients.new("Zudu", http_client=own, max_retries=0)
    error = clients.failure(client, "get_call", "id")
    assert isinstance(error, ConnectionError if name == "ConnectError" else TimeoutError)


def test_the_secret_of_an_address_is_not_shown_by_httpx2_either(
    make_with_key_in_query: Callable[..., Any], clients: Clients, httpx2: ModuleType
) -> None:
    shown: list[str] = []

    def answer(request: Any) -> Any:
        shown.append(str(request.url))
        return httpx2.Response(200, json={})

    own = client_of(httpx2, clients, transport=httpx2.MockTransport(answer))
    clients.call(make_with_key_in_query(clients, own), "request", "GET", "/a?b=1")
    assert shown
    assert SECRETS[0] not in shown[0]


def test_a_client_of_httpx2_downloads_and_shows_no_signature(
    clients: Clients, httpx2: ModuleType, tmp_path: Path
) -> None:
    sent: list[Any] = []

    def answer(request: Any) -> Any:
        sent.append(request)
        return httpx2.Response(200, content=b"a file")

    own = client_of(httpx2, clients, transport=httpx2.MockTransport(answer), auth=SECRETS)
    client = clients.new("Zudu", http_client=own)
    address = f"https://h/a?signature={SECRETS[0]}"
    assert clients.call(client, "download", address, tmp_path / "a").size == 6
    assert str(sent[0].url) == "https://h/a?***"
    assert sent[0].url.raw_path == f"/a?signature={SECRETS[0]}".encode()
    assert "authorization" not in sent[0].headers


@pytest.fixture
def make_with_key_in_query(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    """Makes clients whose secret is in the query."""

    def make(clients: Clients, own: Any) -> Any:
        client = clients.new("Zudu", "http://localhost:1", http_client=own)
        provider = client.provider
        credentials = tuple(each._replace(location="query") for each in provider.credentials)
        connection = client._connection  # noqa: SLF001 - no provider here has such a secret
        monkeypatch.setattr(connection, "provider", provider._replace(credentials=credentials))
        return client

    return make


def test_an_http_client_of_ones_own_keeps_hooks_and_cookies_and_authentication(
    clients: Clients, server: Server
) -> None:
    def authenticate(request: httpx.Request) -> httpx.Request:
        request.headers["X-Corporate"] = "signed"
        return request

    server.answer(CALL)
    own = clients.http_client(auth=authenticate, cookies={"a": "1"}, headers={"X-Own": "1"})
    client = clients.new("Zudu", server.url, http_client=own)
    clients.call(client, "get_call", "id", headers={"Cookie": "b=2"})
    sent = server.requests[0].headers
    assert (sent["X-Corporate"], sent["Cookie"], sent["X-Own"]) == ("signed", "a=1; b=2", "1")
    assert len(clients.sent) == 1


def test_nothing_of_an_http_client_replaces_a_header_of_ours(
    clients: Clients, server: Server
) -> None:
    def change(request: httpx.Request) -> httpx.Request:
        request.headers["AUTHORIZATION"] = "Basic other"
        request.headers.update({"x-mine": "other", "x-new": "new"})
        request.headers.pop("accept")
        request.headers["x-own"] = "changed"
        return request

    async def change_awaited(request: httpx.Request) -> None:
        change(request)

    server.answer({"success": True, "data": {"session": {"id": "a"}}})
    own = clients.http_client(auth=("user", "password"), headers={"x-own": "1", "accept": "a/b"})
    own.auth = change
    own.event_hooks["request"].append(change_awaited if clients.is_awaited else change)
    client = clients.new("RealtimeKit", server.url, http_client=own)
    clients.call(client, "request", "GET", "/a", headers={"X-Mine": "1"})
    sent = server.requests[0].headers
    assert sent["Authorization"] == f"Bearer {SECRETS[0]}"
    assert (sent["X-Mine"], sent["X-New"]) == ("1", "new")
    assert (sent["Accept"], sent["X-Own"]) == ("application/json", "changed")


@pytest.mark.parametrize("option", [{"proxy": "http://localhost:1"}, {"max_concurrency": 3}])
def test_an_http_client_of_ones_own_has_its_own_connections(
    clients: Clients, option: dict[str, Any]
) -> None:
    with pytest.raises(ConfigurationError, match="of our own connections"):
        clients.new("Zudu", http_client=clients.http_client(), **option)


def test_waiting_for_a_connection_is_not_tried_again(clients: Clients) -> None:
    def fail(_: httpx.Request) -> httpx.Response:
        raise httpx.PoolTimeout("all are busy")

    own = clients.http_client(transport=httpx.MockTransport(fail))
    client = clients.new("Zudu", http_client=own)
    assert type(clients.failure(client, "get_call", "id")) is TimedOut
    assert len(clients.sent) == 1


@pytest.mark.parametrize("most", [0, -1, 1.5, "3", True])
def test_a_bound_that_is_none_is_refused(clients: Clients, most: Any) -> None:
    with pytest.raises(ConfigurationError, match="max_concurrency must be"):
        clients.new("Zudu", max_concurrency=most)


async def gathered(count: int, **options: Any) -> tuple[int, int]:
    """How many of so many calls at a time come back, and on how many connections."""
    connections = 0

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal connections
        connections += 1
        while await reader.readline():
            while (await reader.readline()).strip():
                pass
            writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}")
        writer.close()
        await writer.wait_closed()

    server = await asyncio.start_server(serve, "127.0.0.1", 0, backlog=1024)
    port = server.sockets[0].getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    async with callrecords.AsyncZudu(api_key="a", api_secret="b", base_url=url, **options) as zudu:
        calls = (zudu.request("GET", "/a") for _ in range(count))
        answers = await asyncio.gather(*calls, return_exceptions=True)
    server.close()
    handlers = asyncio.all_tasks() - {asyncio.current_task()}
    await asyncio.gather(*handlers)
    return sum(not isinstance(each, Exception) for each in answers), connections


def test_three_hundred_calls_at_a_time_are_all_answered() -> None:
    answered, connections = asyncio.run(gathered(300))
    assert answered == 300
    assert connections > 100


def test_a_client_has_no_more_requests_at_a_time_than_it_is_told() -> None:
    assert asyncio.run(gathered(20, max_concurrency=3)) == (20, 3)


def test_threads_share_a_client_that_is_bounded(httpserver: HTTPServer) -> None:
    going: list[int] = []
    most = 0

    def answer(_: Request) -> Response:
        nonlocal most
        going.append(1)
        most = max(most, len(going))
        going.pop()
        return Response("{}")

    httpserver.expect_request("/a").respond_with_handler(answer)
    url = httpserver.url_for("")
    with (
        callrecords.Zudu(api_key="a", api_secret="b", base_url=url, max_concurrency=2) as zudu,
        ThreadPoolExecutor(20) as threads,
    ):
        answers = threads.map(lambda _: zudu.request("GET", "/a").status, range(40))
        assert [*answers] == [200] * 40
    assert most <= 2


def test_a_proxy_may_be_given(clients: Clients, server: Server) -> None:
    server.answer(CALL)
    client = clients.new("Zudu", "http://localhost:1", proxy=server.url)
    assert clients.call(client, "get_call", "id") is not None
    assert server.requests[0].host == "localhost:1"


@pytest.mark.parametrize("proxy", ["nonsense", "ftp://user:s3cr3t-one@localhost", "http://[::1"])
def test_a_proxy_that_is_none_is_refused_unseen(clients: Clients, proxy: str) -> None:
    with pytest.raises(ConfigurationError, match="the proxy must be") as caught:
        clients.new("Zudu", "http://localhost:1", proxy=proxy)
    assert SECRETS[0] not in str(caught.value)
    assert caught.value.__context__ is None


def test_what_is_on_this_machine_is_not_asked_through_a_proxy(
    clients: Clients, server: Server, monkeypatch: pytest.MonkeyPatch, refusing: str
) -> None:
    """It would see the credentials in clear."""
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, refusing)
    server.answer(CALL)
    assert clients.call(clients.new("Zudu", server.url), "get_call", "id") is not None
    client = clients.new("Zudu", "https://api.zudu.ai", max_retries=0)
    assert "ConnectError" in str(clients.failure(client, "get_call", "id"))


def test_cookies_are_not_kept(clients: Clients, server: Server) -> None:
    """Not even one that could never be sent again."""
    server.answer(CALL, headers={"Set-Cookie": "sid=caf\u00e9; Path=/"})
    client = clients.new("Zudu", server.url)
    for _ in range(2):
        clients.call(client, "get_call", "id")
    assert "Cookie" not in server.requests[1].headers


def test_who_watches_the_clients_of_httpx_sees_our_requests(
    clients: Clients, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As Sentry does, whether it begins before or after a client is made."""
    kind: Any = httpx.AsyncClient if clients.is_awaited else httpx.Client
    real, seen = kind.send, list[httpx.URL]()

    @functools.wraps(real)
    def send(self: Any, request: httpx.Request, **arguments: Any) -> Any:
        seen.append(request.url)
        request.headers["sentry-trace"] = "1"
        return real(self, request, **arguments)

    server.answer(CALL, headers={"Set-Cookie": "a=1"})
    client = clients.new("Zudu", server.url)
    monkeypatch.setattr(kind, "send", send)
    for _ in range(2):
        clients.call(client, "get_call", "id")
    assert [url.path for url in seen] == ["/api/calls/id"] * 2
    assert server.requests[1].headers["sentry-trace"] == "1"
    assert "Cookie" not in server.requests[1].headers


def test_who_mocks_the_transports_of_httpx_mocks_our_clients(
    clients: Clients, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As pytest-httpx does; OpenTelemetry wraps the same methods."""

    def answer(_: object, request: httpx.Request) -> httpx.Response:
        assert request.url == "https://api.zudu.ai/api/calls/id"
        return httpx.Response(200, json=CALL)

    async def answer_awaited(transport: object, request: httpx.Request) -> httpx.Response:
        return answer(transport, request)

    client = clients.new("Zudu")
    monkeypatch.setattr(httpx.HTTPTransport, "handle_request", answer)
    monkeypatch.setattr(httpx.AsyncHTTPTransport, "handle_async_request", answer_awaited)
    assert clients.call(client, "get_call", "id") is not None


@pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning")
def test_a_second_event_loop_gets_new_connections(server: Server) -> None:
    server.answer({})
    zudu = callrecords.AsyncZudu(api_key="a", api_secret="b", base_url=server.url)

    async def ask() -> int:
        return (await zudu.request("GET", "/a")).status

    async def ask_and_close() -> int:
        try:
            return await ask()
        finally:
            await zudu.close()

    assert [asyncio.run(ask()), asyncio.run(ask()), asyncio.run(ask_and_close())] == [200] * 3
    assert len({each.environ["REMOTE_PORT"] for each in server.requests}) == 3


@pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning")
def test_event_loops_that_are_over_are_not_kept(server: Server) -> None:
    server.answer({})
    zudu = callrecords.AsyncZudu(api_key="a", api_secret="b", base_url=server.url)

    async def ask() -> weakref.ref[object]:
        await zudu.request("GET", "/a")
        return weakref.ref(asyncio.get_running_loop())

    loops = [asyncio.run(ask()) for _ in range(5)]
    gc.collect()
    assert sum(loop() is not None for loop in loops) <= 1


@pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning")
def test_loops_of_two_threads_share_a_client(server: Server) -> None:
    server.answer({})
    zudu = callrecords.AsyncZudu(api_key="a", api_secret="b", base_url=server.url)
    barrier = threading.Barrier(2)

    async def ask() -> list[int]:
        barrier.wait()
        return [(await zudu.request("GET", "/a")).status for _ in range(10)]

    with ThreadPoolExecutor(2) as threads:
        asked = [threads.submit(lambda: asyncio.run(ask())) for _ in range(2)]
        assert [each.result() for each in asked] == [[200] * 10] * 2


class Echo:
    """A server that answers on each connection with what is asked for, until it is closed."""

    def __init__(self, tls: ssl.SSLContext | None) -> None:
        self._tls = tls
        self._listener = socket.create_server(("127.0.0.1", 0))
        scheme = "http" if tls is None else "https"
        self.url = f"{scheme}://127.0.0.1:{self._listener.getsockname()[1]}"
        self.connections = 0
        self._threads = [threading.Thread(target=self._accept)]
        self._threads[0].start()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):  # it was shut down
            while True:
                connection, _ = self._listener.accept()
                self.connections += 1
                self._threads.append(threading.Thread(target=self._answer, args=(connection,)))
                self._threads[-1].start()

    def _answer(self, connection: socket.socket) -> None:
        if self._tls is not None:
            connection = self._tls.wrap_socket(connection, server_side=True)
        with connection:
            while request := connection.recv(65536):
                body = orjson.dumps(request.split()[1].decode())
                head = f"HTTP/1.1 200 OK\r\ncontent-length: {len(body)}\r\n\r\n".encode()
                connection.sendall(head + body)

    def close(self) -> None:
        """Wait until all connections are closed."""
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for thread in self._threads:
            thread.join()


@pytest.fixture(params=["http", "https"])
def echo(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Echo]:
    tls = None
    if request.param == "https":
        authority = trustme.CA()
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert("127.0.0.1").configure_cert(tls)
        authority.cert_pem.write_to_path(str(tmp_path / "authority.pem"))
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
        ssl_context.cache_clear()
    server = Echo(tls)
    yield server
    server.close()
    ssl_context.cache_clear()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there are no forks")
@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")
def test_a_forked_process_has_connections_of_its_own(echo: Echo) -> None:
    with callrecords.Zudu(api_key="a", api_secret="b", base_url=echo.url) as zudu:
        assert zudu.request("GET", "/first").parsed == "/first"
        context = multiprocessing.get_context("fork")
        wrong = context.Queue()

        def ask(name: str) -> None:
            zudu.request("GET", "/first")
            answers = {zudu.request("GET", f"/{name}").parsed for _ in range(20)}
            wrong.put(answers - {f"/{name}"})

        children = [context.Process(target=ask, args=(str(n),)) for n in range(3)]
        for child in children:
            child.start()
        here = {zudu.request("GET", "/here").parsed for _ in range(20)}
        found = [wrong.get(timeout=20) for _ in children]
        for child in children:
            child.join()
        assert here == {"/here"}
        assert found == [set()] * 3
    assert echo.connections == 4
