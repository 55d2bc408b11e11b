"""Streams of a client that is awaited."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any, Self, TypeVar

from callrecords_runtime.awaited_downloads import AsyncDownloads
from callrecords_runtime.awaiting import time_limit
from callrecords_runtime.streamed import Streamed, Streams

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from callrecords_runtime.call import Call
    from callrecords_runtime.messages import Answer
    from callrecords_runtime.options import CallOptions
    from callrecords_runtime.streams import StreamEvent, Streaming

T = TypeVar("T")


class AsyncStreams(AsyncDownloads, Streams):
    """The part of a client that takes in streams."""

    if TYPE_CHECKING:

        async def _answer(self, call: Call[T], options: CallOptions) -> Answer[T]: ...

    def _stream(
        self, operation: str, options: CallOptions, /, **arguments: Any
    ) -> AsyncStream[Any]:
        """A stream, of which nothing is asked for yet."""
        streaming = self._streaming(operation, options, arguments)
        return AsyncStream(self._events(streaming, options), streaming)

    async def _events(
        self, streaming: Streaming[T], options: CallOptions
    ) -> AsyncGenerator[StreamEvent[T], None]:
        try:
            await self._answer(streaming.call, options)
            parts = aiter(self._http_client.parts(streaming.answer)) if streaming.goes_on else None
            while parts is not None and streaming.goes_on:
                for event in streaming.take(await self._part(parts, streaming)):
                    yield event
        finally:
            if streaming.answer is not None:
                await streaming.answer.aclose()

    async def _part(self, parts: AsyncIterator[bytes], streaming: Streaming[Any]) -> bytes | None:
        """The next piece of a stream; None at its end."""
        until = streaming.until
        try:
            with time_limit(None if until is None else until - self._clock.monotonic()):
                return await anext(parts, None)
        except Exception as error:  # noqa: BLE001 - one of the caller's own stays what it is
            failed = streaming.failed(error)
        except BaseException as interruption:  # noqa: BLE001 - as in sending
            raise interruption.with_traceback(None) from None
        raise failed


class AsyncStream(Streamed[T], AsyncIterator[T]):
    """What a server sends event by event, given as it comes.

    The first event is asked for when it is wanted. The connection is closed at the end of the
    stream, by ``close()`` or an ``async with`` block, and when the stream is not used any more.
    One task reads a stream, and closes it.
    """

    def __init__(
        self, events: AsyncGenerator[StreamEvent[T], None], streaming: Streaming[T]
    ) -> None:
        super().__init__(streaming)
        self._events = events

    async def __anext__(self) -> T:
        return (await anext(self._events)).data

    def events(self) -> AsyncIterator[StreamEvent[T]]:
        """The events with their ids and what the server calls them, instead of their data alone."""
        return self._events

    async def close(self) -> None:
        """Close the connection; nothing more comes."""
        await self._events.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exception: object) -> None:
        await self.close()
