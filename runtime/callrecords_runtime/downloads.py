"""Downloading what a provider keeps elsewhere, such as a recording, to a file.

Here is how an answer is taken in, to the file or not. The clients send and sleep, as for calls.
"""

from __future__ import annotations

import contextlib
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias, TypedDict, cast

import httpx
from attrs import frozen

from callrecords_runtime import log
from callrecords_runtime.answers import response_error, success_of
from callrecords_runtime.call import SAVING
from callrecords_runtime.download_flow import PART, WHOLE, Taken, run_download
from callrecords_runtime.errors import ClientClosed, NotFound
from callrecords_runtime.exchange import limits_of
from callrecords_runtime.http_clients import discreet
from callrecords_runtime.intake import Intake
from callrecords_runtime.messages import Answer, Failure
from callrecords_runtime.partial_files import PartialFile
from callrecords_runtime.types import File

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping
    from pathlib import Path

    from callrecords_runtime.answers import Reader
    from callrecords_runtime.call import Call
    from callrecords_runtime.download_flow import Fetch
    from callrecords_runtime.exchange import Sender
    from callrecords_runtime.flow import Clock
    from callrecords_runtime.messages import Outcome, Response
    from callrecords_runtime.options import ClientOptions, Options, Timeout
    from callrecords_runtime.provider import Provider
    from callrecords_runtime.types import Unset

DEFAULT_DEADLINE = 3600.0
"""Seconds for a whole download: a recording takes longer than an answer."""
DEFAULT_MAX_BYTES = 10 * 2**30
_LONGEST_REFUSAL = 1 << 16
_ENCODINGS = frozenset({"identity", "gzip", "deflate"})


class Downloadable(Protocol):
    """What has the address of a file: a recording or a transcript, of a record or a model."""

    def __download__(self) -> tuple[Any, Any]:
        """The address and when its time is over, as far as each is said."""
        ...


Source: TypeAlias = "Downloadable | str | Unset | None"
"""What is downloaded, or its address; there is none as long as a recording is being made."""
GivenSource: TypeAlias = "Source | Callable[[], Source | File]"
"""The same, or what gives it or the file: first, and once more when the time of its address is
over."""
AsyncGivenSource: TypeAlias = "Source | Callable[[], Source | File | Awaitable[Source | File]]"
"""The same for clients that are awaited."""
OnProgress: TypeAlias = Callable[[int, "int | None"], object]
"""Called with how many bytes there are, and how many there will be if that is known."""


class DownloadOptions(TypedDict, total=False):
    """What ``download`` takes besides."""

    timeout: Timeout | None
    """Seconds for connecting and for each read, or an ``httpx.Timeout``; else the client's."""
    max_retries: int
    """Attempts after one that brought nothing; else as many as the client makes."""
    deadline: float | None
    """Seconds for all of it; an hour unless it is said."""
    max_bytes: int
    """Bytes that the file may have; 10 GiB unless it is said."""


@frozen
class Download:
    """A file that was downloaded."""

    path: Path
    """Where it is."""
    size: int
    """Its bytes."""
    sha256: str
    """Their digest, in hexadecimal."""


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

    Args:
        download: What the file is of.
        url: Where the answer comes from; None if it is that of an operation, and the file.
        until: When the deadline is, on the clock; None if there is none.
        monotonic: The clock.
    """

    waits = True
    is_file = False
    """Whether what comes is of the file."""

    def __init__(
        self,
        download: Downloading,
        url: httpx.URL | None,
        until: float | None,
        monotonic: Callable[[], float],
    ) -> None:
        super().__init__(download.options.max_bytes, until, monotonic)
        self._file, self._url, self._on_progress = download.file, url, download.on_progress

    def begin(self, status: int, headers: Mapping[str, str]) -> None:
        """See from its head what an answer is, and whether it can be taken in."""
        is_own = self._url is None
        with keeping():
            if is_own or status == WHOLE:
                self._file.begin(self._url, headers)
                self.is_file = True
            elif status == PART:
                self.is_file = self._file.goes_on(self._url, headers)
        # A client of httpx may ask for more encodings than are asked for here.
        is_readable = is_own or headers.get("content-encoding", "identity") in _ENCODINGS
        if not self.is_file:
            self._left = _LONGEST_REFUSAL
            self.has_enough = status == PART or not is_readable
            return
        self._left -= self._file.size
        super().begin(status, headers)
        if not is_readable:
            raise httpx.DecodingError("the file is encoded as nobody asked for")

    def add(self, part: bytes) -> None:
        """Take a part."""
        super().add(part if self.is_file else part[: self._left])
        self.has_enough = not (self.is_file or self._left)

    def _keep(self, part: bytes) -> None:
        if not self.is_file:
            super()._keep(part)
            return
        with keeping():
            self._file.add(part)

    def tell(self) -> Any:
        """Say how far it is, and give what comes of that."""
        if not self.is_file or self._on_progress is None:
            return None
        with keeping():
            return self._on_progress(self._file.size, self._file.total)


class Saving:
    """Lets the answer of a call be the file that is downloaded."""

    def __init__(self, download: Downloading, reader: Reader) -> None:
        self._download, self._reader = download, reader

    def intake(self, answer: Any, url: Any, usual: Intake) -> Intake:
        """What takes in an answer of httpx: to the file, if it is one."""
        del url
        is_file = self._is_file(answer.status_code) and not self._download.file.is_given
        return Arrival(self._download, None, usual.until, usual.monotonic) if is_file else usual

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


class Downloading:
    """A download that goes on.

    Args:
        source: What is downloaded, or what gives it.
        path: Where to.
        on_progress: Told how far it is.
        options: What the caller says of it.
        client: The options of the client.
        provider: Whose client it is.
        clock: Tells time and chance.

    Raises:
        ConfigurationError: an option cannot be used, or there is no address that may be asked.
        OSError: there cannot be such a file.
    """

    def __init__(  # noqa: PLR0913, PLR0917 - what a download is made of
        self,
        source: object,
        path: Path,
        on_progress: OnProgress | None,
        options: DownloadOptions,
        client: Options,
        provider: Provider,
        clock: Clock,
    ) -> None:
        self.bounds: ClientOptions = {
            "deadline": DEFAULT_DEADLINE,
            "max_bytes": DEFAULT_MAX_BYTES,
            **cast("ClientOptions", options),
        }
        """What it changes of a client's options."""
        self.options = client.changed(self.bounds)
        """Those of its client, so changed."""
        self.file = PartialFile(path)
        self.flow = run_download(source, self.file, provider.name, self.options.retries, clock)
        self.on_progress = on_progress
        self._user_agent = provider.user_agent

    def request(self, sender: Sender, step: Fetch) -> Any:
        """The request as httpx or httpx2 sends it.

        Raises:
            ClientClosed: the client was closed.
        """
        if sender.is_closed:
            raise ClientClosed("the client is closed: make a new one")
        headers = {
            "accept": "*/*",
            "accept-encoding": "identity",  # or a part of it would be no part of the file
            "user-agent": self._user_agent,
            **self.file.wanted(step.url),
        }
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

    def came_of(
        self, step: Fetch, arrival: Arrival, outcome: Outcome, elapsed: float
    ) -> Outcome | Taken:
        """What came of an attempt, once the log is told."""
        if isinstance(outcome, Failure) or not arrival.is_file:
            log.attempt(step.call, step.attempt, outcome, elapsed)
            return outcome
        log.download(step.call, step.attempt, outcome.status, self.file.size, elapsed)
        return Taken(outcome)

    def finish(self) -> Download:
        """Put the file in its place."""
        self.file.finish()
        return Download(self.file.path, self.file.size, self.file.sha256)
