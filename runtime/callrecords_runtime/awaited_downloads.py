"""Files downloaded by a client that is awaited."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Unpack

from callrecords_runtime.awaiting import in_thread, time_limit, waited_for
from callrecords_runtime.downloaded import Downloads
from callrecords_runtime.exchange import failure_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from os import PathLike

    import httpx

    from callrecords_runtime.call import Call
    from callrecords_runtime.download_flow import Fetch, Taken
    from callrecords_runtime.downloading import Downloading
    from callrecords_runtime.downloads import (
        AsyncGivenSource,
        Download,
        DownloadOptions,
        OnProgress,
    )
    from callrecords_runtime.flow import Wait
    from callrecords_runtime.http_clients import AsyncThrough
    from callrecords_runtime.intake import Intake
    from callrecords_runtime.messages import Outcome
    from callrecords_runtime.transport import AsyncTransport


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
    from callrecords_runtime.downloading import keeping  # noqa: PLC0415 - few need it

    await in_thread(step, *given)
    with keeping():
        await waited_for(intake.tell())


class AsyncDownloads(Downloads):
    """The part of a client that downloads."""

    _http_client: AsyncTransport | AsyncThrough

    if TYPE_CHECKING:

        async def _wait(self, call: Call[Any], step: Wait) -> None: ...

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
        from callrecords_runtime.downloading import saving  # noqa: PLC0415 - as above

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
        started = monotonic()
        until = None if step.remaining is None else started + step.remaining
        arrival = download.arrival(step, until, monotonic)
        outcome: Outcome | Taken
        try:
            with time_limit(step.remaining):
                answer = await http_client.send_bare(request)
                await read(http_client, "GET", answer, arrival)
        except Exception as error:
            failure = failure_of(error, request.url)
            if failure is None:
                raise
            outcome = failure
        else:
            outcome = arrival.outcome(answer, monotonic() - started)
        download.log(step, outcome, monotonic() - started)
        return outcome
