"""Downloading what a provider keeps elsewhere, such as a recording, to a file."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias, TypedDict

from attrs import frozen

if TYPE_CHECKING:
    from pathlib import Path

    from callrecords_runtime.options import Timeout
    from callrecords_runtime.types import File, Unset

DEFAULT_DEADLINE = 3600.0
"""Seconds for a whole download: a recording takes longer than an answer."""
DEFAULT_MAX_BYTES = 10 * 2**30


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
