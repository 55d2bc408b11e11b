"""Sending through connections of our own.

httpx's clients do for each request what never changes between requests: merge headers and cookies,
look for proxies and credentials, follow redirects, call hooks. Whoever needs that passes a client
of httpx; else a request goes to a transport of httpx as it is. What is here has the methods of a
client that ours use, so that both are used alike.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any
from urllib.request import getproxies

import httpx

if TYPE_CHECKING:
    import ssl
    from collections.abc import Mapping


def has_proxies() -> bool:
    """Whether the environment names proxies, through which only httpx's own clients send."""
    return any(scheme in {"http", "https", "all"} for scheme in getproxies())


@functools.cache
def ssl_context() -> ssl.SSLContext:
    """One for all clients: reading the certificates takes longer than a request."""
    return httpx.create_ssl_context()


@functools.cache
def _default_headers() -> Mapping[str, str]:
    """What httpx says of the answers that it can read."""
    with httpx.Client(transport=httpx.MockTransport(lambda _: httpx.Response(200))) as client:
        return {name: client.headers[name] for name in ("accept-encoding", "connection")}


@functools.lru_cache
def _limits(timeout: float | None) -> dict[str, float | None]:
    return httpx.Timeout(timeout).as_dict()


class _Requests:
    """Makes requests that share their headers."""

    def __init__(self, headers: Mapping[str, str]) -> None:
        self._headers = httpx.Headers({**_default_headers(), **headers})
        self._is_closed = False

    def _require_open(self) -> None:
        if self._is_closed:
            raise RuntimeError("the client is closed: make a new one")

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
        merged = self._headers
        if headers is not None:
            merged = self._headers.copy()
            merged.update(headers)
        limits = timeout.as_dict() if isinstance(timeout, httpx.Timeout) else _limits(timeout)
        return httpx.Request(
            method,
            url if params is None else f"{url}?{httpx.QueryParams(params)}",
            headers=merged,
            content=content,
            extensions={"timeout": limits},
        )


class SyncTransport(_Requests):
    """Sends and waits for the answer."""

    def __init__(self, headers: Mapping[str, str]) -> None:
        super().__init__(headers)
        self._transport = httpx.HTTPTransport(verify=ssl_context())

    def send(self, request: httpx.Request, **_: bool) -> httpx.Response:
        """The answer, whose body is not read yet. Redirects are never followed."""
        self._require_open()
        return self._transport.handle_request(request)

    def close(self) -> None:
        """Close the connections."""
        self._is_closed = True
        self._transport.close()


class AsyncTransport(_Requests):
    """Sends and awaits the answer."""

    def __init__(self, headers: Mapping[str, str]) -> None:
        super().__init__(headers)
        self._transport = httpx.AsyncHTTPTransport(verify=ssl_context())

    async def send(self, request: httpx.Request, **_: bool) -> httpx.Response:
        """The answer with its body. Redirects are never followed."""
        self._require_open()
        answer = await self._transport.handle_async_request(request)
        try:
            await answer.aread()
        finally:
            await answer.aclose()
        return answer

    async def aclose(self) -> None:
        """Close the connections."""
        self._is_closed = True
        await self._transport.aclose()
