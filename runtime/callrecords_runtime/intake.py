"""Taking in an answer: so many bytes and so much time, and no more."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import httpx

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

DEFAULT_MAX_VALUES = 2_000_000
_DIGITS_OF_A_LENGTH = 18
_TEXT = re.compile(rb'"(?:[^"\\]|\\.)*"', re.DOTALL)


class TooLargeError(Exception):
    """An answer has more bytes than its client takes."""


def length_of(text: str) -> int | None:
    """How many bytes a header says that there are; None if it says nothing that can be."""
    return int(text) if text.isdecimal() and len(text) <= _DIGITS_OF_A_LENGTH else None


def is_compressed_repeatedly(headers: Mapping[str, str]) -> bool:
    """Whether a body is compressed again and again, so that little becomes a lot."""
    return "," in headers.get("content-encoding", "")


def has_at_most(content: bytes, values: int) -> bool:
    """Whether a JSON text has at most so many values; an empty list or object counts for two."""
    if len(content) <= values or _values(content) <= values:
        return True
    # Commas and brackets within texts are no values.
    return _values(_TEXT.sub(b"", content)) <= values


def _values(content: bytes) -> int:
    return 1 + sum(map(content.count, (b",", b"[", b"{")))


class Intake:
    """The parts of a body, as they come in.

    Args:
        most: How many bytes there may be, once they are decompressed.
        until: When the deadline is, on the clock; None if there is none.
        monotonic: The clock.
    """

    waits = False
    """Whether taking a part waits for a disk, or for whom it is told."""
    has_enough = False
    """Whether nobody needs what follows."""

    def __init__(self, most: int, until: float | None, monotonic: Callable[[], float]) -> None:
        self._left = self._most = most
        self.until = until
        self.monotonic = monotonic
        self._parts: list[bytes] = []

    def begin(self, status: int, headers: Mapping[str, str]) -> None:
        """See from its head whether an answer can be taken in.

        Raises:
            TooLargeError: it says itself that it is too large.
            httpx.DecodingError: it is compressed again and again, so that little becomes a lot.
        """
        del status
        told = headers.get("content-length", "")
        length = length_of(told)
        if told.isdecimal() and (length is None or length > self._left):
            self._refuse()
        if is_compressed_repeatedly(headers):
            raise httpx.DecodingError("the answer is compressed more than once")

    def add(self, part: bytes) -> None:
        """Take a part.

        Raises:
            TooLargeError: it is one too many.
            httpx.ReadTimeout: it comes after the deadline.
        """
        self._left -= len(part)
        if self._left < 0:
            self._refuse()
        if self.until is not None and self.monotonic() >= self.until:
            raise httpx.ReadTimeout("the deadline passed while the answer came in")
        self._keep(part)

    def _keep(self, part: bytes) -> None:
        self._parts.append(part)

    def tell(self) -> Any:
        """Say how far it is, and give what comes of that."""

    def content(self) -> bytes:
        """All of them together."""
        return b"".join(self._parts)

    def _refuse(self) -> None:
        raise TooLargeError(f"the answer has more than the {self._most:,} bytes of max_bytes")
