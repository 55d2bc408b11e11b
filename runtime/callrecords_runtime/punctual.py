"""Connections that keep a deadline while they block.

A timeout is for each read, and a server that sends a byte now and then never runs into it: within
headers, between chunks, or with informational answers. So each read may take what is left; and so
may each piece of what is written, as a server may take a byte now and then.
"""

from __future__ import annotations

from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

import httpx

if TYPE_CHECKING:
    from collections.abc import Callable

DEADLINE: ContextVar[tuple[float, Callable[[], float]] | None] = ContextVar("deadline")
"""When what is being sent must be done, and by which clock; set before each attempt."""
_PIECE = 1 << 16


def punctual(transport: httpx.HTTPTransport) -> httpx.HTTPTransport:
    """The transport, whose connections keep the deadline."""
    # httpx has no argument for it.
    pool: Any = transport._pool  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
    pool._network_backend = _Backend(pool._network_backend)  # noqa: SLF001
    return transport


def _within(timeout: float | None) -> float | None:
    """A timeout that ends with the deadline.

    Raises:
        httpx.ReadTimeout: it has passed.
    """
    deadline = DEADLINE.get(None)
    if deadline is None:
        return timeout
    until, monotonic = deadline
    left = until - monotonic()
    if left <= 0:
        raise httpx.ReadTimeout("the deadline passed")
    return left if timeout is None else min(left, timeout)


class _Delegate:
    def __init__(self, original: Any) -> None:
        self._original = original

    def __getattr__(self, name: str) -> Any:
        return getattr(self._original, name)


class _Backend(_Delegate):
    def connect_tcp(self, *args: Any, timeout: float | None = None, **rest: Any) -> _Stream:
        return _Stream(self._original.connect_tcp(*args, timeout=_within(timeout), **rest))


class _Stream(_Delegate):
    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        content: bytes = self._original.read(max_bytes, _within(timeout))
        return content

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        # httpcore gives every part that the socket takes the whole time.
        for start in range(0, len(buffer), _PIECE):
            self._original.write(buffer[start : start + _PIECE], _within(timeout))

    def start_tls(self, *args: Any, timeout: float | None = None, **rest: Any) -> _Stream:
        return _Stream(self._original.start_tls(*args, timeout=_within(timeout), **rest))
