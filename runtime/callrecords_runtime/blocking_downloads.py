"""Files downloaded by a client that blocks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Unpack

from callrecords_runtime.downloaded import Downloads
from callrecords_runtime.exchange import failure_of
from callrecords_runtime.punctual import DEADLINE

if TYPE_CHECKING:
    from os import PathLike

    import httpx

    from callrecords_runtime.call import Call
    from callrecords_runtime.download_flow import Fetch, Taken
    from callrecords_runtime.downloading import Downloading
    from callrecords_runtime.downloads import (
        Download,
        DownloadOptions,
        GivenSource,
        OnProgress,
    )
    from callrecords_runtime.flow import Wait
    from callrecords_runtime.http_clients import SyncThrough
    from callrecords_runtime.intake import Intake
    from callrecords_runtime.messages import Outcome
    from callrecords_runtime.transport import SyncTransport


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


class SyncDownloads(Downloads):
    """The part of a client that downloads."""

    _http_client: SyncTransport | SyncThrough

    if TYPE_CHECKING:

        def _wait(self, call: Call[Any], step: Wait) -> None: ...

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
        from callrecords_runtime.downloading import saving  # noqa: PLC0415 - as above

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
        started = monotonic()
        until = None if step.remaining is None else started + step.remaining
        arrival = download.arrival(step, until, monotonic)
        deadline = DEADLINE.set(None if until is None else (until, monotonic))
        outcome: Outcome | Taken
        try:
            answer = http_client.send_bare(request)
            read(http_client, "GET", answer, arrival)
        except Exception as error:
            failure = failure_of(error, request.url)
            if failure is None:
                raise
            outcome = failure
        else:
            outcome = arrival.outcome(answer, monotonic() - started)
        finally:
            DEADLINE.reset(deadline)
        download.log(step, outcome, monotonic() - started)
        return outcome
