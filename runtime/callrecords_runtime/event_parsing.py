"""Events and records cut out of the bytes of a stream, which may come in any pieces."""

from __future__ import annotations

import contextlib
import re
from typing import TYPE_CHECKING, NamedTuple

import orjson

from callrecords_runtime.intake import TooLargeError

if TYPE_CHECKING:
    from collections.abc import Iterator

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_RECORD_SEPARATOR = b"\x1e"


class Raw(NamedTuple):
    """One event or record, which came whole."""

    data: bytes
    event: str = "message"
    id: str | None = None
    retry: int | None = None


class _Parser:
    """Takes pieces, and gives what ends in them.

    Args:
        most: How many bytes one event or record may have.
    """

    _ends: re.Pattern[bytes]

    def __init__(self, most: int) -> None:
        self._most = most
        self._line: list[bytes] = []
        self._is_first_line = True
        self._size = 0

    @property
    def has_begun(self) -> bool:
        """Whether there is a part of something that has not ended."""
        return self._size > 0

    def take(self, piece: bytes) -> Iterator[Raw]:
        """What ends in a piece.

        Raises:
            TooLargeError: something has more bytes than it may.
        """
        first, *others = self._ends.split(piece)
        self._grow(first)
        for line in others:
            yield from self._end_line()
            self._grow(line)

    def end(self) -> Iterator[Raw]:
        """What the end of the stream ends."""
        yield from self._end_line()

    def _grow(self, piece: bytes) -> None:
        self._line.append(piece)
        self._size += len(piece)
        if self._size > self._most:
            raise TooLargeError(f"an event has more than the {self._most:,} bytes of max_bytes")

    def _end_line(self) -> Iterator[Raw]:
        line = b"".join(self._line)
        self._line.clear()
        if self._is_first_line:
            line, self._is_first_line = line.removeprefix(_BYTE_ORDER_MARK), False
        return self._read(line)

    def _read(self, line: bytes) -> Iterator[Raw]:
        raise NotImplementedError


class EventParser(_Parser):
    """Reads ``text/event-stream`` as WHATWG says it, but for an event that the end cuts short.

    Browsers drop that one. Here it is given: cut within its JSON, it is an error to whoever reads
    it, and some servers leave out the last empty line.
    """

    _ends = re.compile(rb"\r\n|\n|\r")

    def __init__(self, most: int) -> None:
        super().__init__(most)
        self._after_return = False
        self._data: list[bytes] = []
        self._event = ""
        self._id: str | None = None
        self._retry: int | None = None

    def take(self, piece: bytes) -> Iterator[Raw]:
        """What ends in a piece."""
        if piece and self._after_return:  # the end of a line is not two
            self._after_return = False
            piece = piece.removeprefix(b"\n")
        self._after_return = self._after_return or piece.endswith(b"\r")
        return super().take(piece)

    def end(self) -> Iterator[Raw]:
        """What the end of the stream ends."""
        yield from super().end()
        yield from self._read(b"")

    def _read(self, line: bytes) -> Iterator[Raw]:
        if not line:
            if self._data:
                event = self._event or "message"
                yield Raw(b"\n".join(self._data), event, self._id, self._retry)
            self._data, self._event, self._size = [], "", 0
            return
        name, _, value = line.partition(b":")
        value = value.removeprefix(b" ")
        match name:
            case b"":  # a comment, which keeps the connection open
                self._size -= len(line)
            case b"data":
                self._data.append(value)
            case b"event":
                self._event = value.decode(errors="replace")
            case b"id" if b"\0" not in value:
                self._id = value.decode(errors="replace")
            case b"retry" if value.isdigit():
                self._retry = int(value[:18])
            case _:
                pass


class RecordParser(_Parser):
    """Reads JSON Lines, or a JSON text sequence (RFC 7464), which begins with a separator.

    A record of a sequence may have several lines, and ends with one: where what came last is such
    an end, and what there is is JSON, nobody waits for the next separator.
    """

    _ends = re.compile(rb"\n")

    def take(self, piece: bytes) -> Iterator[Raw]:
        """What ends in a piece."""
        if self._is_first_line and not self._size and piece.startswith(_RECORD_SEPARATOR):
            self._ends = re.compile(_RECORD_SEPARATOR)
        yield from super().take(piece)
        if self._size and piece.endswith(b"\n"):
            with contextlib.suppress(orjson.JSONDecodeError):
                orjson.loads(b"".join(self._line))
                yield from self._end_line()

    def _read(self, line: bytes) -> Iterator[Raw]:
        self._size = 0
        if record := line.strip():
            yield Raw(record)
