"""Sending through connections of our own.

httpx's clients do for each request what never changes between requests: parse the server's address,
merge headers and cookies, look for proxies and credentials, follow redirects, call hooks. Whoever
needs that passes a client of httpx; else a request goes to a transport of httpx, and what never
changes is prepared once. There is no jar of cookies. What others put in the place of a transport's
or a client's methods, to mock or to watch, sees our requests, as these are looked up for each.
"""

from __future__ import annotations

import functools
import re
import sys
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.request import getproxies, proxy_bypass
from weakref import WeakKeyDictionary

import httpx

from callrecords_runtime.forks import renew_in_forks
from callrecords_runtime.hosts import is_loopback
from callrecords_runtime.punctual import punctual

if TYPE_CHECKING:
    import ssl
    from collections.abc import AsyncIterable, Iterable, Mapping

_PLAIN = re.compile(r"(?P<server>https?://[\w.:-]+)(?P<path>(?:/[\w~:@-][\w.~:@-]*)+/?)", re.ASCII)
"""An address of which httpx takes the path as it is."""
_LONGEST = 4096
_CONNECTIONS = 1000
_IDLE_CONNECTIONS = 100
_WITH_LENGTH = frozenset({"POST", "PUT", "PATCH"})
"""The methods of which httpx says how long their body is, even if there is none."""


def environment_proxy(base_url: str) -> str | None:
    """The proxy that the environment names for a server; None for what is on this machine.

    A proxy would see what is sent there by http, with the credentials.
    """
    url = httpx.URL(base_url)
    proxies = getproxies()
    address = proxies.get(url.scheme) or proxies.get("all")
    if address is None or is_loopback(url.host) or proxy_bypass(url.host):
        return None
    return address if "://" in address else f"http://{address}"


def _is_watched(kind: type[httpx.Client | httpx.AsyncClient]) -> bool:
    """Whether something stands in the place of ``send``, as Sentry's does, to see all requests."""
    return getattr(kind.send, "__globals__", None) is not kind.build_request.__globals__


@functools.cache
def ssl_context() -> ssl.SSLContext:
    """One for all clients: reading the certificates takes longer than a request."""
    return httpx.create_ssl_context()


# Other encodings, which httpx knows with other packages, make gigabytes of a few bytes in one step.
_DEFAULT_HEADERS = {"accept-encoding": "gzip, deflate", "connection": "keep-alive"}


class Pool(NamedTuple):
    """The connections of one client."""

    max_concurrency: int | None = None
    """How many there are at most, each with one request at a time."""
    proxy: httpx.Proxy | None = None

    @property
    def arguments(self) -> dict[str, Any]:
        """What transports and clients of httpx are made with."""
        most = self.max_concurrency or _CONNECTIONS
        limits = httpx.Limits(
            max_connections=most, max_keepalive_connections=min(most, _IDLE_CONNECTIONS)
        )
        return {"verify": ssl_context(), "limits": limits, "proxy": self.proxy}


class _Address(httpx.URL):
    """An address of which the server is parsed already, and the rest when somebody looks at it.

    What a transport asks for is known without.
    """

    _text = ""

    def __init__(self, text: str, server: httpx.URL, target: str) -> None:
        self._text = text
        self._server = server
        self._target = target.encode()

    def __getattr__(self, name: str) -> Any:
        parsed = vars(httpx.URL(self._text))
        if name not in parsed:
            raise AttributeError(name)
        vars(self).update(parsed)
        return parsed[name]

    @property
    def raw_scheme(self) -> bytes:
        """``http`` or ``https``."""
        return self._server.raw_scheme

    @property
    def raw_host(self) -> bytes:
        """The name or the number of the server."""
        return self._server.raw_host

    @property
    def port(self) -> int | None:
        """None if it is the usual one."""
        return self._server.port

    @property
    def raw_path(self) -> bytes:
        """The path and the query, percent-encoded."""
        return self._target


class _Requests:
    """Makes requests that share their headers."""

    def __init__(self, headers: Mapping[str, str], pool: Pool) -> None:
        shared = httpx.Headers({**_DEFAULT_HEADERS, **headers})
        self._request_of = functools.partial(httpx.Request, "GET", headers=shared)
        self._empty_request = functools.lru_cache(maxsize=8)(self._request_of)
        self.is_closed = False
        self._pool = pool
        self.after_fork()
        renew_in_forks(self)

    def after_fork(self) -> None:
        """Take fresh connections: those of before are another process's."""
        raise NotImplementedError

    def build_request(  # noqa: PLR0913 - as httpx has it
        self,
        method: str,
        url: str,
        *,
        params: Mapping[str, Any] | None,
        headers: Mapping[str, str] | None,
        content: bytes | None,
        extensions: dict[str, Any],
    ) -> httpx.Request:
        """The request as httpx's own clients would make it."""
        query = "" if params is None else f"?{httpx.QueryParams(params)}"
        address = url + query
        known = _PLAIN.fullmatch(url) if len(address) <= _LONGEST else None
        like = self._request_of(address) if known is None else self._empty_request(known["server"])
        merged = like.headers
        if headers is not None:
            merged = merged.copy()
            merged.update(headers)
        is_empty = content is None and method not in _WITH_LENGTH
        request = httpx.Request(
            method,
            like.url,
            headers=merged,
            content=content,
            stream=like.stream if is_empty else None,
            extensions=extensions,
        )
        if known is not None:
            request.url = _Address(address, like.url, known["path"] + query)
        return request

    @staticmethod
    def bare_request(
        url: str, headers: Mapping[str, str], timeout: Mapping[str, float | None]
    ) -> httpx.Request:
        """A GET for another host, with nothing of the provider's."""
        return httpx.Request("GET", url, headers=headers, extensions={"timeout": timeout})


class SyncTransport(_Requests):
    """Sends and waits for the answer."""

    def after_fork(self) -> None:
        """Take fresh connections."""
        self._transport = punctual(httpx.HTTPTransport(**self._pool.arguments))

    def send(self, request: httpx.Request) -> httpx.Response:
        """The answer, whose body is not read yet. Redirects are never followed."""
        if _is_watched(httpx.Client):
            client = httpx.Client(transport=self._transport, trust_env=False)
            return client.send(request, stream=True)
        return self._transport.handle_request(request)

    send_bare = send

    @staticmethod
    def parts(answer: httpx.Response) -> Iterable[bytes]:
        """The body as it comes; httpx has nothing to undo where it is not encoded."""
        stream = answer.stream
        if isinstance(stream, httpx.SyncByteStream) and "content-encoding" not in answer.headers:
            return stream
        return answer.iter_bytes()

    def close(self) -> None:
        """Close the connections."""
        self.is_closed = True
        self._transport.close()


class AsyncTransport(_Requests):
    """Sends and awaits the answer, in each event loop through connections of that loop."""

    def after_fork(self) -> None:
        """Take fresh connections."""
        self._by_loop = WeakKeyDictionary[object, httpx.AsyncHTTPTransport]()
        self._last: tuple[object, httpx.AsyncHTTPTransport] | None = None

    def _here(self) -> httpx.AsyncHTTPTransport:
        loop, last = running_loop(), self._last
        if last is not None and last[0] is loop:
            return last[1]
        transport = self._by_loop.get(loop)
        if transport is None:
            self._forget_closed_loops()
            transport = httpx.AsyncHTTPTransport(**self._pool.arguments)
            self._by_loop[loop] = transport
        self._last = loop, transport
        return transport

    def _forget_closed_loops(self) -> None:
        # Their connections refer to them, so that nothing else would let go of either.
        for reference in self._by_loop.keyrefs():  # a copy, as other threads may add loops
            loop = reference()
            if loop is not None and getattr(loop, "is_closed", bool)():
                self._by_loop.pop(loop, None)

    async def send(self, request: httpx.Request) -> httpx.Response:
        """The answer, whose body is not read yet. Redirects are never followed."""
        if _is_watched(httpx.AsyncClient):
            client = httpx.AsyncClient(transport=self._here(), trust_env=False)
            return await client.send(request, stream=True)
        return await self._here().handle_async_request(request)

    send_bare = send

    @staticmethod
    def parts(answer: httpx.Response) -> AsyncIterable[bytes]:
        """The body as it comes; httpx has nothing to undo where it is not encoded."""
        stream = answer.stream
        if isinstance(stream, httpx.AsyncByteStream) and "content-encoding" not in answer.headers:
            return stream
        return answer.aiter_bytes()

    async def aclose(self) -> None:
        """Close the connections of this event loop; those of others went, or go, with them."""
        self.is_closed = True
        await self._here().aclose()


class _OtherLoop:
    """Stands for the loop of a library that has one at a time, and says nothing of it."""


_OTHER_LOOP = _OtherLoop()


def running_loop() -> object:
    """The event loop of who calls; one object for all of libraries that have no such thing."""
    # Who blocks need not import it, and who awaits with another library neither.
    asyncio = sys.modules.get("asyncio")
    try:
        return _OTHER_LOOP if asyncio is None else asyncio.get_running_loop()
    except RuntimeError:
        return _OTHER_LOOP
