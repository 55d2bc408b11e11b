"""What a client that blocks does with the bodies of answers.

They are taken in whole, as a file, or event by event.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Self, TypeVar, Unpack

from callrecords_runtime.client import Client
from callrecords_runtime.exchange import failure_of, response_of
from callrecords_runtime.punctual import DEADLINE
from callrecords_runtime.results import Streamed

if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from os import PathLike

    import httpx

    from callrecords_runtime.call import Call, Taker
    from callrecords_runtime.download_flow import Fetch, Taken
    from callrecords_runtime.downloads import (
        Download,
        Downloading,
        DownloadOptions,
        GivenSource,
        OnProgress,
    )
    from callrecords_runtime.flow import Wait
    from callrecords_runtime.http_clients import SyncThrough
    from callrecords_runtime.intake import Intake
    from callrecords_runtime.messages import Answer, Outcome
    from callrecords_runtime.options import CallOptions
    from callrecords_runtime.streams import StreamEvent, Streaming
    from callrecords_runtime.transport import SyncTransport

T = TypeVar("T")


def read(
    http_client: SyncTransport | SyncThrough, method: str, answer: httpx.Response, intake: Intake
) -> bytes:
    """Take in the body of an answer, and close it."""
    try:
        if method != "HEAD":  # whose headers are of a body that does not come
            intake.begin(answer.status_code, answer.headers)
        intake.tell()
        parts = iter(http_client.parts(answer))
        # Asking for a part decompresses it.
        while not intake.has_enough and (part := next(parts, None)) is not None:
            intake.add(part)
            intake.tell()
        return intake.content()
    finally:
        answer.close()


class SyncBodies(Client):
    """The part of a client that takes in bodies."""

    _http_client: SyncTransport | SyncThrough

    if TYPE_CHECKING:

        def _answer(self, call: Call[T], options: CallOptions) -> Answer[T]: ...
        def _wait(self, call: Call[Any], step: Wait) -> None: ...

    def _attempted(
        self,
        send: Callable[[Any], Any],
        request: Any,
        usual: Intake,
        taker: Taker | None = None,
    ) -> tuple[Outcome, float]:
        """What comes of sending a request, and after how many seconds."""
        monotonic, until = usual.monotonic, usual.until
        outcome: Outcome
        started = monotonic()
        deadline = DEADLINE.set(None if until is None else (until, monotonic))
        try:
            answer = send(request)
            intake = usual if taker is None else taker.intake(answer, request.url, usual)
            content = b""
            if intake is not None:
                content = read(self._http_client, request.method, answer, intake)
        except Exception as error:
            failure = failure_of(error, request.url)
            if failure is None:
                raise
            outcome = failure
        except BaseException as interruption:  # noqa: BLE001 - of what sends, variables show secrets
            raise interruption.with_traceback(None) from None
        else:
            outcome = response_of(answer, content, monotonic() - started)
        finally:
            DEADLINE.reset(deadline)
        return outcome, monotonic() - started

    def download(
        self,
        source: GivenSource,
        path: str | PathLike[str],
        *,
        on_progress: OnProgress | None = None,
        **options: Unpack[DownloadOptions],
    ) -> Download:
        """Download a recording, a transcript, or another file that has an address, to a file.

        The file is there once all of it is. What came before that is beside it, in ``NAME.part``,
        and the next download goes on with it. The other host gets no credentials.

            kit.download(lambda: kit.get_transcript(session_id), "transcript.csv")

        So it is with an operation that answers with a file, which gets its own: it is written as it
        comes, and begun anew if it breaks off.

        Args:
            source: What has the address, or the address, or a function that gives either: when
                the time of the address is over, it is asked once more. A function may also call an
                operation that answers with the file.
            path: The file, which is replaced; its folder is there.
            on_progress: Called with how many bytes there are, and how many there will be, if that
                is known. What it raises ends the download.
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
                    return download.finish()
                match step:
                    case Ask():
                        outcome = step.source()
                    case Fetch():
                        call, outcome = step.call, self._fetch(download, step)
                    case _:
                        self._wait(call, step)
                        outcome = None

    def _fetch(self, download: Downloading, step: Fetch) -> Outcome | Taken:
        http_client, monotonic = self._http_client, self._clock.monotonic
        request = download.request(http_client, step)
        until = None if step.remaining is None else monotonic() + step.remaining
        arrival = download.arrival(step, until, monotonic)
        outcome, elapsed = self._attempted(http_client.send_bare, request, arrival)
        return download.came_of(step, arrival, outcome, elapsed)

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
