"""Sending through connections of our own.

httpx's clients do for each request what never changes between requests: parse the server's address,
merge headers and cookies, look for proxies and credentials, follow redirects, call hooks. Whoever
needs that passes a client of httpx; else a request goes to a transport of httpx, and what never
changes is prepared once. What is here has the methods of a client that ours use, so that both are
used alike.
"""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING, Any
from urllib.request import getproxies

import httpx

from callrecords_runtime.punctual import punctual

if TYPE_CHECKING:
    import ssl
    from collections.abc import AsyncIterable, Iterable, Mapping

_PLAIN = re.compile(r"(?P<server>https?://[\w.:-]+)(?P<path>(?:/[\w~:@-][\w.~:@-]*)+/?)", re.ASCII)
"""An address of which httpx takes the path as it is."""
_LONGEST = 4096
_WITH_LENGTH = frozenset({"POST", "PUT", "PATCH"})
"""The methods of which httpx says how long their body is, even if there is none."""


def has_proxies() -> bool:
    """Whether the environment names proxies, through which only httpx's own clients send."""
    return any(scheme in {"http", "https", "all"} for scheme in getproxies())


@functools.cache
def ssl_context() -> ssl.SSLContext:
    """One for all clients: reading the certificates takes longer than a request."""
    return httpx.create_ssl_context()


# Other encodings, which httpx knows with other packages, make gigabytes of a few bytes in one step.
_DEFAULT_HEADERS = {"accept-encoding": "gzip, deflate", "connection": "keep-alive"}


@functools.lru_cache
def _limits(timeout: float | None) -> dict[str, float | None]:
    return httpx.Timeout(timeout).as_dict()


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

    def __init__(self, headers: Mapping[str, str]) -> None:
        shared = httpx.Headers({**_DEFAULT_HEADERS, **headers})
        self._request_of = functools.partial(httpx.Request, "GET", headers=shared)
        self._empty_request = functools.lru_cache(maxsize=8)(self._request_of)
        self.is_closed = False

    def build_request(  # noqa: PLR0913 - as httpx has it
        self,
        method: str,
        url: str,
        *,
        params: Mapping[str, Any] | None,
        headers: Mapping[str, str] | None,
        content: bytes | None,
        timeout: float | httpx.Timeout | None,
    ) -> httpx.Request:
        """The request as httpx's own clients would make it; the timeout is in seconds."""
        query = "" if params is None else f"?{httpx.QueryParams(params)}"
        address = url + query
        known = _PLAIN.fullmatch(url) if len(address) <= _LONGEST else None
        like = self._request_of(address) if known is None else self._empty_request(known["server"])
        merged = like.headers
        if headers is not None:
            merged = merged.copy()
            merged.update(headers)
        is_empty = content is None and method not in _WITH_LENGTH
        limits = timeout.as_dict() if isinstance(timeout, httpx.Timeout) else _limits(timeout)
        request = httpx.Request(
            method,
            like.url,
            headers=merged,
            content=content,
            stream=like.stream if is_empty else None,
            extensions={"timeout": limits},
        )
        if known is not None:
            request.url = _Address(address, like.url, known["path"] + query)
        return request


class SyncTransport(_Requests):
    """Sends and waits for the answer."""

    def __init__(self, headers: Mapping[str, str]) -> None:
        super().__init__(headers)
        self._transport = punctual(httpx.HTTPTransport(verify=ssl_context()))

    def send(self, request: httpx.Request, **_: bool) -> httpx.Response:
        """The answer, whose body is not read yet. Redirects are never followed."""
        return self._transport.handle_request(request)

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
    """Sends and awaits the answer."""

    def __init__(self, headers: Mapping[str, str]) -> None:
        super().__init__(headers)
        self._transport = httpx.AsyncHTTPTransport(verify=ssl_context())

    async def send(self, request: httpx.Request, **_: bool) -> httpx.Response:
        """The answer, whose body is not read yet. Redirects are never followed."""
        return await self._transport.handle_async_request(request)

    @staticmethod
    def parts(answer: httpx.Response) -> AsyncIterable[bytes]:
        """The body as it comes; httpx has nothing to undo where it is not encoded."""
        stream = answer.stream
        if isinstance(stream, httpx.AsyncByteStream) and "content-encoding" not in answer.headers:
            return stream
        return answer.aiter_bytes()

    async def aclose(self) -> None:
        """Close the connections."""
        self.is_closed = True
        await self._transport.aclose()
