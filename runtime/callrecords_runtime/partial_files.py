"""A file that is not there yet: what came of it, beside where it is to be.

The file ``NAME.part`` has its beginning, and ``NAME.part.json`` says of which version that is, so
that another process goes on with it. The file itself is there once all of it is.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import json
import os
import sys
from typing import TYPE_CHECKING, BinaryIO, NamedTuple, Self

from callrecords_runtime.intake import length_of
from callrecords_runtime.options import is_header_value

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping
    from pathlib import Path

    import httpx

if sys.platform != "win32":
    import fcntl

_PIECE = 1 << 20
_IS_MOVED_OPEN = sys.platform != "win32"
"""Whether an open file can be put elsewhere: until then nobody else may open it."""


class Version(NamedTuple):
    """Which bytes a server has under an address."""

    address: str
    """A digest of the address without its query, which is another each time it is signed."""
    validator: str
    """The strong ``ETag``, or the ``Last-Modified``."""


def version_of(url: httpx.URL | None, headers: Mapping[str, str]) -> Version | None:
    """The version that an answer has; None if a part of it cannot be asked for later."""
    tag = headers.get("etag", "")
    validator = headers.get("last-modified", "") if tag.startswith("W/") or not tag else tag
    is_plain = headers.get("content-encoding", "identity") == "identity"
    if url is None or not (is_plain and validator and is_header_value(validator)):
        return None
    return Version(_address(url), validator)


def _address(url: httpx.URL) -> str:
    return hashlib.sha256(str(url.copy_with(query=None)).encode()).hexdigest()


class PartialFile:
    """What there is of a file. Use it in a ``with`` block, which leaves what can be gone on with.

    Raises:
        OSError: the file cannot be there.
    """

    def __init__(self, path: Path) -> None:
        if path.is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
        if not path.parent.is_dir():
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(path.parent))
        self.path = path
        self.size = 0
        """How many bytes of it there are."""
        self.total: int | None = None
        """How many there will be, if that is known."""
        self.is_given = False
        """Whether somebody may be reading it already."""
        self._part = path.with_name(f"{path.name}.part")
        self._mark = path.with_name(f"{path.name}.part.json")
        self._file: BinaryIO | None = None
        self._digest = hashlib.sha256()
        self._version: Version | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        if self._file is not None:
            with self._closing():
                if self._version is None:
                    self._part.unlink(missing_ok=True)

    @property
    def is_whole(self) -> bool:
        """Whether all of it is there, as far as anybody knows."""
        return self.total is None or self.size == self.total

    @property
    def sha256(self) -> str:
        """The digest of what is there, in hexadecimal."""
        return self._digest.hexdigest()

    def wanted(self, url: httpx.URL) -> dict[str, str]:
        """The headers that ask for the rest, if something is there that is of this address."""
        if self._file is None:
            self._find(url)
        if not self.size or self._version is None or self._version.address != _address(url):
            return {}
        return {"range": f"bytes={self.size}-", "if-range": self._version.validator}

    def begin(self, url: httpx.URL | None, headers: Mapping[str, str]) -> None:
        """Take the whole file from its beginning; one of no address cannot be gone on with."""
        self.forget()
        self._version = version_of(url, headers)
        if self._version is not None:
            with self._mark.open("x", encoding="utf-8") as mark:  # and through no link
                json.dump(self._version, mark)
        if headers.get("content-encoding", "identity") == "identity":
            self.total = length_of(headers.get("content-length", ""))

    def goes_on(self, url: httpx.URL | None, headers: Mapping[str, str]) -> bool:
        """Whether an answer that is a part of a file is the rest of this one.

        Some servers look at the range and not at the version. Of which size the file is must be
        said, or nobody can tell whether this is all of the rest.
        """
        span, _, size = headers.get("content-range", "").partition("/")
        unit, _, span = span.partition(" ")
        first, total = span.partition("-")[0], length_of(size)
        if unit != "bytes" or first != str(self.size) or self._version is None:
            return False
        if version_of(url, headers) != self._version:
            return False
        if total is not None:
            self.total = total
        return total is not None

    def add(self, content: bytes) -> None:
        """Take what follows."""
        assert self._file is not None  # noqa: S101 - it was begun
        self._file.write(content)
        self._digest.update(content)
        self.size += len(content)

    def forget(self) -> None:
        """Go back to the beginning."""
        if self._file is None:
            self._file = self._opened(os.O_CREAT)
        self._mark.unlink(missing_ok=True)
        self._file.seek(0)
        self._file.truncate()
        self._digest = hashlib.sha256()
        self.size, self.total, self._version = 0, None, None

    def reread(self) -> BinaryIO:
        """What is there, to be read from its beginning."""
        assert self._file is not None  # noqa: S101 - it was begun
        self._file.seek(0)
        self.is_given = True
        return self._file

    def take(self, whole: BinaryIO) -> None:
        """Take all of the file at once, unless it is here already."""
        if whole is not self._file:
            self.forget()
            while piece := whole.read(_PIECE):
                self.add(piece)

    def finish(self) -> None:
        """Put the file, all of which is there, in its place."""
        assert self._file is not None  # noqa: S101 - it was begun
        self._file.flush()
        os.fsync(self._file.fileno())
        with self._closing():
            self._part.replace(self.path)
            self._mark.unlink(missing_ok=True)

    def _find(self, url: httpx.URL) -> None:
        """Go on with what another process left, if it is of this address."""
        with contextlib.suppress(FileNotFoundError, TypeError, ValueError):
            found = Version(*json.loads(self._mark.read_bytes()))
            if found.address == _address(url) and is_header_value(found.validator):
                self._file = self._opened(0)
                self._version = found
                while piece := self._file.read(_PIECE):
                    self._digest.update(piece)
                    self.size += len(piece)

    def _opened(self, creating: int) -> BinaryIO:
        """What is there, which nobody else gets before it is closed.

        Raises:
            BlockingIOError: somebody else has it.
            OSError: it cannot be opened.
        """
        # A link that somebody put there leads elsewhere.
        flags = os.O_RDWR | creating | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
        while True:
            file = os.fdopen(os.open(self._part, flags, 0o666), "r+b")
            try:
                _lock(file)
                if self._is_there(file):
                    return file
            except BlockingIOError:
                file.close()
                reason = "another download is writing it"
                raise BlockingIOError(errno.EWOULDBLOCK, reason, str(self._part)) from None
            file.close()

    def _is_there(self, file: BinaryIO) -> bool:
        """Whether a file was not put elsewhere before it was locked."""
        try:
            return os.path.samestat(os.fstat(file.fileno()), self._part.lstat())
        except FileNotFoundError:
            return False

    @contextlib.contextmanager
    def _closing(self) -> Generator[None]:
        """Close what is there, after what is done with it within as far as that can be."""
        file, self._file = self._file, None  # whatever happens within
        assert file is not None  # noqa: S101 - it was opened
        with contextlib.ExitStack() as stack:
            stack.callback(file.close)
            stack.callback(_unlock, file)  # a forked process may have it open, too
            if not _IS_MOVED_OPEN:
                stack.close()
            yield


def _lock(file: BinaryIO) -> None:
    if sys.platform != "win32":
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise
        except OSError:  # there are file systems without locks
            return


def _unlock(file: BinaryIO) -> None:
    if sys.platform != "win32":
        file.flush()
        with contextlib.suppress(OSError):
            fcntl.flock(file, fcntl.LOCK_UN)
