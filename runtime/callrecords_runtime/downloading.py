"""A download that goes on: how an answer is taken in, to a file or not.

The clients send and sleep, as for calls.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any, cast

import httpx
from attrs import frozen

from callrecords_runtime import log
from callrecords_runtime.answers import response_error, success_of
from callrecords_runtime.call import SAVING
from callrecords_runtime.download_flow import PART, WHOLE, Taken, run_download
from callrecords_runtime.downloads import DEFAULT_DEADLINE, DEFAULT_MAX_BYTES, Download
from callrecords_runtime.errors import ClientClosed, NotFound
from callrecords_runtime.exchange import limits_of, response_of
from callrecords_runtime.http_clients import discreet
from callrecords_runtime.intake import Intake
from callrecords_runtime.messages import Answer
from callrecords_runtime.partial_files import PartialFile
from callrecords_runtime.types import File

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Mapping
    from pathlib import Path

    from callrecords_runtime.answers import Reader
    from callrecords_runtime.call import Call
    from callrecords_runtime.download_flow import Fetch, Flow
    from callrecords_runtime.downloads import DownloadOptions, OnProgress
    from callrecords_runtime.exchange import Sender
    from callrecords_runtime.flow import Clock
    from callrecords_runtime.messages import Outcome, Response
    from callrecords_runtime.options import ClientOptions, Options
    from callrecords_runtime.provider import Provider

_LONGEST_REFUSAL = 1 << 16
_ENCODINGS = frozenset({"identity", "gzip", "deflate"})


class UnkeptError(Exception):
    """What came could not be written, or what was told of it raised."""

    def __init__(self, reason: Exception) -> None:
        super().__init__(reason)
        self.reason = reason


@contextlib.contextmanager
def saving(download: Downloading) -> Generator[None]:
    """Operations that are called within answer with their files to a download."""
    token = SAVING.set(download)
    try:
        yield
    except UnkeptError as error:
        raise error.reason from None
    finally:
        SAVING.reset(token)


@contextlib.contextmanager
def keeping() -> Generator[None]:
    """What fails within is no fault of the server's."""
    try:
        yield
    except UnkeptError:
        raise
    except Exception as error:
        raise UnkeptError(error) from error


class Arrival(Intake):
    """Takes in one answer: what is of the file goes there, of anything else the beginning is kept.

    Besides what an intake raises, ``UnkeptError`` comes of what happens here.
    """

    waits = True

    def __init__(
        self,
        download: Downloading,
        url: httpx.URL,
        until: float | None,
        monotonic: Callable[[], float],
    ) -> None:
        super().__init__(download.options.max_bytes, until, monotonic)
        self._file, self._url, self._on_progress = download.file, url, download.on_progress
        self._is_file = False

    def begin(self, status: int, headers: Mapping[str, str]) -> None:
        """See from its head what an answer is, and whether it can be taken in."""
        with keeping():
            if status == WHOLE:
                self._file.begin(self._url, headers)
            self._is_file = status == WHOLE or (
                status == PART and self._file.goes_on(self._url, headers)
            )
        is_readable = headers.get("content-encoding", "identity") in _ENCODINGS
        if not self._is_file:
            self._left = _LONGEST_REFUSAL
            self.has_enough = status == PART or not is_readable
            return
        self._left -= self._file.size
        super().begin(status, headers)
        if not is_readable:
            raise httpx.DecodingError("the file is encoded as nobody asked for")

    def add(self, part: bytes) -> None:
        """Take a part."""
        super().add(part if self._is_file else part[: self._left])
        self.has_enough = not (self._is_file or self._left)

    def _keep(self, part: bytes) -> None:
        if not self._is_file:
            super()._keep(part)
            return
        with keeping():
            self._file.add(part)

    def tell(self) -> Any:
        """Say how far it is, and give what comes of that."""
        if not self._is_file or self._on_progress is None:
            return None
        with keeping():
            return self._on_progress(self._file.size, self._file.total)

    def outcome(self, answer: Any, elapsed: float) -> Outcome | Taken:
        """What came of it, once all was read."""
        response = response_of(answer, self.content(), elapsed)
        return Taken(response) if self._is_file else response


class Saved(Arrival):
    """Takes in the answer of an operation that is the file."""

    def begin(self, status: int, headers: Mapping[str, str]) -> None:
        """Begin the file."""
        Intake.begin(self, status, headers)
        with keeping():
            self._file.forget()
            self._file.expect(headers)
        self._is_file = True


class Saving:
    """Lets the answer of a call be the file that is downloaded."""

    def __init__(self, download: Downloading, reader: Reader) -> None:
        self._download, self._reader = download, reader

    def intake(self, answer: Any, url: Any, usual: Intake) -> Intake:
        """What takes in an answer of httpx: to the file, if it is one."""
        is_file = self._is_file(answer.status_code) and not self._download.file.is_given
        return Saved(self._download, url, usual.until, usual.monotonic) if is_file else usual

    def read(self, call: Call[Any], response: Response) -> Answer[Any]:
        """The file as it can be read again, or another answer as usual."""
        file = self._download.file
        if not self._is_file(response.status) or file.is_given:
            return self._reader(call, response)
        if not file.size:
            raise response_error(NotFound, "the file is empty", call, response)
        return Answer(parsed=File(file.reread()), response=response)

    def _is_file(self, status: int) -> bool:
        is_success = 200 <= status < 300  # noqa: PLR2004
        return is_success and success_of(self._reader.operation, status).kind == "bytes"


@frozen
class Downloading:
    """A download that goes on."""

    file: PartialFile
    flow: Flow
    headers: Mapping[str, str]
    bounds: ClientOptions
    """What it changes of a client's options."""
    options: Options
    """Those of its client, so changed."""
    on_progress: OnProgress | None

    def request(self, sender: Sender, step: Fetch) -> Any:
        """The request as httpx or httpx2 sends it.

        Raises:
            ClientClosed: the client was closed.
        """
        if sender.is_closed:
            raise ClientClosed("the client is closed: make a new one")
        headers = {**self.headers, **self.file.wanted(step.url)}
        timeout = limits_of(self.options.timeout, step.remaining)
        request: Any = sender.bare_request(str(step.url), headers, timeout)
        # Its query may be a signature, and httpx logs addresses.
        request.url = discreet(request.url.__class__)(request.url)
        return request

    def saved(self, call: Call[Any]) -> Call[Any]:
        """The call, of which a file becomes this one."""
        saving = Saving(self, cast("Reader", call.read))
        return call._replace(taker=saving, read=saving.read)

    def arrival(self, step: Fetch, until: float | None, monotonic: Callable[[], float]) -> Arrival:
        """What takes in the answer."""
        return Arrival(self, step.url, until, monotonic)

    def log(self, step: Fetch, outcome: Outcome | Taken, elapsed: float) -> None:
        """Tell the log of an attempt."""
        if isinstance(outcome, Taken):
            log.download(step.call, step.attempt, outcome.response.status, self.file.size, elapsed)
        else:
            log.attempt(step.call, step.attempt, outcome, elapsed)

    def finish(self) -> Download:
        """Put the file in its place."""
        self.file.finish()
        return Download(self.file.path, self.file.size, self.file.sha256)


def downloading(  # noqa: PLR0913, PLR0917 - what a download is made of
    source: object,
    path: Path,
    on_progress: OnProgress | None,
    options: DownloadOptions,
    client: Options,
    provider: Provider,
    clock: Clock,
) -> Downloading:
    """A download that is about to begin.

    Raises:
        ConfigurationError: an option cannot be used, or there is no address that may be asked.
        OSError: there cannot be such a file.
    """
    bounds: ClientOptions = {"deadline": DEFAULT_DEADLINE, "max_bytes": DEFAULT_MAX_BYTES}
    bounds.update(cast("ClientOptions", options))
    own = client.changed(bounds)
    file = PartialFile(path)
    return Downloading(
        file=file,
        flow=run_download(source, file, provider.name, own.retries, clock),
        headers={
            "accept": "*/*",
            "accept-encoding": "identity",  # or a part of it would be no part of the file
            "user-agent": provider.user_agent,
        },
        bounds=bounds,
        options=own,
        on_progress=on_progress,
    )
