"""Streams of a client that blocks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Self, TypeVar

from callrecords_runtime.blocking_downloads import SyncDownloads
from callrecords_runtime.punctual import DEADLINE
from callrecords_runtime.streamed import Streamed, Streams

if TYPE_CHECKING:
    from collections.abc import Generator

    from callrecords_runtime.call import Call
    from callrecords_runtime.messages import Answer
    from callrecords_runtime.options import CallOptions
    from callrecords_runtime.streams import StreamEvent, Streaming

T = TypeVar("T")


class SyncStreams(SyncDownloads, Streams):
    """The part of a client that takes in streams."""

    if TYPE_CHECKING:

        def _answer(self, call: Call[T], options: CallOptions) -> Answer[T]: ...

    def _stream(self, operation: str, options: CallOptions, /, **arguments: Any) -> Stream[Any]:
        """A stream, of which nothing is asked for yet."""
        streaming = self._streaming(operation, options, arguments)
        return Stream(self._events(streaming, options), streaming)

    def _events(
        self, streaming: Streaming[T], options: CallOptions
    ) -> Generator[StreamEvent[T], None, None]:
        try:
            self._answer(streaming.call, options)
            parts = iter(self._http_client.parts(streaming.answer)) if streaming.goes_on else None
            while parts is not None and streaming.goes_on:
                yield from streaming.take(self._part(parts, streaming))
        finally:
            if streaming.answer is not None:
                streaming.answer.close()

    def _part(self, parts: Iterator[bytes], streaming: Streaming[Any]) -> bytes | None:
        """The next piece of a stream; None at its end."""
        until = streaming.until
        deadline = DEADLINE.set(None if until is None else (until, self._clock.monotonic))
        try:
            return next(parts, None)
        except Exception as error:  # noqa: BLE001 - one of the caller's own stays what it is
            failed = streaming.failed(error)
        except BaseException as interruption:  # noqa: BLE001 - as in sending
            raise interruption.with_traceback(None) from None
        finally:
            DEADLINE.reset(deadline)
        raise failed


class Stream(Streamed[T], Iterator[T]):
    """What a server sends event by event, given as it comes.

    The first event is asked for when it is wanted. The connection is closed at the end of the
    stream, by ``close()`` or a ``with`` block, and when the stream is not used any more. One thread
    reads a stream, and closes it.
    """

    def __init__(
        self, events: Generator[StreamEvent[T], None, None], streaming: Streaming[T]
    ) -> None:
        super().__init__(streaming)
        self._events = events

    def __next__(self) -> T:
        return next(self._events).data

    def events(self) -> Iterator[StreamEvent[T]]:
        """The events with their ids and what the server calls them, instead of their data alone."""
        return self._events

    def close(self) -> None:
        """Close the connection; nothing more comes."""
        self._events.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()
