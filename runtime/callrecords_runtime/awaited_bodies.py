"""What a client that is awaited does with the bodies of answers.

They are taken in whole, as a file, or event by event.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any, Self, TypeVar, Unpack

from callrecords_runtime.awaiting import in_thread, time_limit, waited_for
from callrecords_runtime.client import Client
from callrecords_runtime.exchange import failure_of, response_of
from callrecords_runtime.results import Streamed

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Awaitable, Callable
    from os import PathLike

    import httpx

    from callrecords_runtime.call import Call, Taker
    from callrecords_runtime.download_flow import Fetch, Taken
    from callrecords_runtime.downloads import (
        AsyncGivenSource,
        Download,
        Downloading,
        DownloadOptions,
        OnProgress,
    )
    from callrecords_runtime.flow import Wait
    from callrecords_runtime.http_clients import AsyncThrough
    from callrecords_runtime.intake import Intake
    from callrecords_runtime.messages import Answer, Outcome
    from callrecords_runtime.options import CallOptions
    from callrecords_runtime.streams import StreamEvent, Streaming
    from callrecords_runtime.transport import AsyncTransport

T = TypeVar("T")


async def read(
    http_client: AsyncTransport | AsyncThrough, method: str, answer: httpx.Response, intake: Intake
) -> bytes:
    """Take in the body of an answer, and close it."""
    try:
        if method != "HEAD":  # whose headers are of a body that does not come
            await _done(intake, intake.begin, answer.status_code, answer.headers)
        parts = aiter(http_client.parts(answer))
        # Asking for a part decompresses it.
        while not intake.has_enough and (part := await anext(parts, None)) is not None:
            await _done(intake, intake.add, part)
        return intake.content()
    finally:
        await answer.aclose()


async def _done(intake: Intake, step: Callable[..., None], *given: Any) -> None:
    """Take a step that others of the loop do not wait for, and say how far it is."""
    if not intake.waits:
        step(*given)
        return
    from callrecords_runtime.downloads import keeping  # noqa: PLC0415 - few need it

    await in_thread(step, *given)
    with keeping():
        await waited_for(intake.tell())


class AsyncBodies(Client):
    """The part of a client that takes in bodies."""

    _http_client: AsyncTransport | AsyncThrough

    if TYPE_CHECKING:

        async def _answer(self, call: Call[T], options: CallOptions) -> Answer[T]: ...
        async def _wait(self, call: Call[Any], step: Wait) -> None: ...

    async def _attempted(
        self,
        send: Callable[[Any], Awaitable[Any]],
        request: Any,
        usual: Intake,
        taker: Taker | None = None,
    ) -> tuple[Outcome, float]:
        """What comes of sending a request, and after how many seconds."""
        monotonic, until = usual.monotonic, usual.until
        outcome: Outcome
        started = monotonic()
        try:
            # Of what was left, asking for secrets and a hook have taken some.
            with time_limit(None if until is None else until - started):
                answer = await send(request)
                intake = usual if taker is None else taker.intake(answer, request.url, usual)
                content = b""
                if intake is not None:
                    content = await read(self._http_client, request.method, answer, intake)
        except Exception as error:
            failure = failure_of(error, request.url)
            if failure is None:
                raise
            outcome = failure
        except BaseException as interruption:  # noqa: BLE001 - of what sends, variables show secrets
            raise interruption.with_traceback(None) from None
        else:
            outcome = response_of(answer, content, monotonic() - started)
        return outcome, monotonic() - started

    async def download(
        self,
        source: AsyncGivenSource,
        path: str | PathLike[str],
        *,
        on_progress: OnProgress | None = None,
        **options: Unpack[DownloadOptions],
    ) -> Download:
        """Download a recording, a transcript, or another file that has an address, to a file.

        The file is there once all of it is. What came before that is beside it, in ``NAME.part``,
        and the next download goes on with it. The other host gets no credentials.

            await kit.download(lambda: kit.get_transcript(session_id), "transcript.csv")

        So it is with an operation that answers with a file, which gets its own: it is written as it
        comes, and begun anew if it breaks off.

        Args:
            source: What has the address, or the address, or a function that gives either: when
                the time of the address is over, it is asked once more. A function may also call an
                operation that answers with the file.
            path: The file, which is replaced; its folder is there.
            on_progress: Called with how many bytes there are, and how many there will be, if that
                is known. What it returns is awaited if it can be. What it raises ends the download.
            options: ``timeout``, ``max_retries``, ``deadline``, ``max_bytes`` of this download.

        Raises:
            NotFound: There is no such file, or it is empty.
            RequestError: It did not succeed.
            ConfigurationError: There is no address, it may not be asked, or an option cannot be
                used.
            OSError: The file cannot be written.
        """
        from callrecords_runtime.download_flow import Ask, Fetch  # noqa: PLC0415 - few need it
        from callrecords_runtime.downloads import saving  # noqa: PLC0415 - as above

        download = self._downloading(source, path, on_progress, options)
        call: Any = None
        outcome: Any = None
        with download.file, saving(download):
            while True:
                try:
                    step = download.flow.send(outcome)
                except StopIteration:
                    return await in_thread(download.finish)
                match step:
                    case Ask():
                        outcome = await waited_for(step.source())
                    case Fetch():
                        call, outcome = step.call, await self._fetch(download, step)
                    case _:
                        await self._wait(call, step)
                        outcome = None

    async def _fetch(self, download: Downloading, step: Fetch) -> Outcome | Taken:
        http_client, monotonic = self._http_client, self._clock.monotonic
        # Others of the loop do not wait for the disk.
        request = await in_thread(download.request, http_client, step)
        until = None if step.remaining is None else monotonic() + step.remaining
        arrival = download.arrival(step, until, monotonic)
        outcome, elapsed = await self._attempted(http_client.send_bare, request, arrival)
        return download.came_of(step, arrival, outcome, elapsed)

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
