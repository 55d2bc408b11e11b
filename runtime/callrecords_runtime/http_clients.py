"""Sending through clients of httpx, or of httpx2, which continues it.

They keep their hooks, authentication and cookies. Here, and where errors are told apart, alone it
makes a difference which of the two a client is of.
"""

from __future__ import annotations

import functools
import logging
import sys
from typing import TYPE_CHECKING, Any, Protocol

import httpx

from callrecords_runtime.errors import ConfigurationError
from callrecords_runtime.options import DEFAULT_TIMEOUT

if TYPE_CHECKING:
    from collections.abc import AsyncIterable, Awaitable, Iterable, Mapping

    from callrecords_runtime.options import Timeout


class AnyHttpClient(Protocol):
    """What blocking and awaited clients of httpx and httpx2 have in common."""

    @property
    def timeout(self) -> Any:
        """Its ``Timeout``."""
        ...


class HttpClient(AnyHttpClient, Protocol):
    """An ``httpx.Client``, or an ``httpx2.Client``."""

    def send(self, request: Any, *, stream: bool = False, follow_redirects: bool = False) -> Any:
        """The answer."""
        ...

    def close(self) -> None:
        """Close the connections."""
        ...


class AsyncHttpClient(AnyHttpClient, Protocol):
    """An ``httpx.AsyncClient``, or an ``httpx2.AsyncClient``."""

    def send(
        self, request: Any, *, stream: bool = False, follow_redirects: bool = False
    ) -> Awaitable[Any]:
        """The answer."""
        ...

    def aclose(self) -> Awaitable[None]:
        """Close the connections."""
        ...


def timeout_of(http_client: AnyHttpClient) -> Timeout | None:
    """What a client was told of timeouts; ours if it has that of its library."""
    own = http_client.timeout
    # Both have five seconds, which nobody can tell from five that were chosen.
    timeout: Timeout = DEFAULT_TIMEOUT if own == type(own)(5.0) else own
    return timeout


class _Headers(httpx.Headers):
    """The headers of a request, of which those that we set stay, whoever sets them later."""

    def __init__(self, headers: httpx.Headers, names: Mapping[str, str]) -> None:
        super().__init__(headers.raw)
        self._kept = {name.lower() for name in names}
        self._is_sealed = False

    def seal(self) -> None:
        """From now on only others are added, changed or removed."""
        self._is_sealed = True

    def _is_kept(self, name: str) -> bool:
        if not self._is_sealed:
            self._kept.add(name.lower())
        return self._is_sealed and name.lower() in self._kept

    def __setitem__(self, key: str, value: str) -> None:
        if not self._is_kept(key):
            super().__setitem__(key, value)

    def __delitem__(self, key: str) -> None:
        if not self._is_kept(key):
            super().__delitem__(key)

    def update(self, headers: Any = None) -> None:  # type: ignore[override]
        for name, value in httpx.Headers(headers).items():
            self[name] = value


class _Through:
    """Makes requests with what a client of httpx adds to them."""

    def __init__(self, client: Any) -> None:
        self._client = client

    @property
    def is_closed(self) -> bool:
        """Whether nothing can be sent any more."""
        return bool(self._client.is_closed)

    def build_request(
        self, method: str, url: str, *, headers: Mapping[str, str] | None, **rest: Any
    ) -> Any:
        """The request, whose headers stay but for the cookies, to which the client's are added."""
        ours = dict(headers or {})
        cookies = ours.pop("cookie", None)
        request = self._client.build_request(method, url, headers=ours, **rest)
        request.headers = _Headers(request.headers, ours)
        if cookies is not None:
            own = request.headers.get("cookie")
            request.headers["cookie"] = f"{own}; {cookies}" if own else cookies
        return request

    def bare_request(
        self, url: str, headers: Mapping[str, str], timeout: Mapping[str, float | None]
    ) -> Any:
        """A GET for another host, with nothing of the client's."""
        like: Any = self._client.build_request("GET", "http://localhost")
        return like.__class__("GET", url, headers=headers, extensions={"timeout": timeout})


class SyncThrough(_Through):
    """Sends through a client that blocks."""

    def send(self, request: Any) -> Any:
        """The answer, whose body is not read yet. Redirects are never followed."""
        request.headers.seal()
        # A redirect may lead to another host, and the credentials with it.
        return self._client.send(request, stream=True, follow_redirects=False)

    def send_bare(self, request: Any) -> Any:
        """The same without the client's authentication."""
        return self._client.send(request, stream=True, follow_redirects=False, auth=None)

    @staticmethod
    def parts(answer: Any) -> Iterable[bytes]:
        """The body as it comes."""
        parts: Iterable[bytes] = answer.iter_bytes()
        return parts

    def close(self) -> None:
        """Close the connections."""
        self._client.close()


class AsyncThrough(_Through):
    """Sends through a client that is awaited."""

    async def send(self, request: Any) -> Any:
        """The answer, whose body is not read yet. Redirects are never followed."""
        request.headers.seal()
        return await self._client.send(request, stream=True, follow_redirects=False)

    async def send_bare(self, request: Any) -> Any:
        """The same without the client's authentication."""
        return await self._client.send(request, stream=True, follow_redirects=False, auth=None)

    @staticmethod
    def parts(answer: Any) -> AsyncIterable[bytes]:
        """The body as it comes."""
        parts: AsyncIterable[bytes] = answer.aiter_bytes()
        return parts

    async def aclose(self) -> None:
        """Close the connections."""
        await self._client.aclose()


def through(http_client: Any, *, is_awaited: bool) -> SyncThrough | AsyncThrough:
    """What sends through somebody's client.

    Raises:
        ConfigurationError: it is none.
    """
    name = "AsyncClient" if is_awaited else "Client"
    modules = filter(None, (sys.modules.get(library) for library in ("httpx", "httpx2")))
    if not any(isinstance(http_client, getattr(module, name)) for module in modules):
        raise ConfigurationError(f"http_client must be an httpx.{name}, or an httpx2.{name}")
    # HTTP/2 logs its tables of headers, credentials and all, with whatever else is logged at DEBUG.
    tables = logging.getLogger("hpack")
    if tables.level == logging.NOTSET:  # else somebody has asked for them by name
        tables.setLevel(logging.INFO)
    return AsyncThrough(http_client) if is_awaited else SyncThrough(http_client)


@functools.cache
def discreet(kind: type) -> Any:
    """The class of addresses of a library that have a secret in their query and do not show it."""
    return type("DiscreetURL", (_Discreet, kind), {})


class _Discreet:
    """An address with a secret in its query, which httpx would log."""

    copy_with: Any

    def __str__(self) -> str:
        return str(self.copy_with(query=b"***"))

    def __repr__(self) -> str:
        return repr(self.copy_with(query=b"***"))
