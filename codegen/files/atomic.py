"""Writing a file so that a reader, or a crash, never meets half of it."""

from __future__ import annotations

import errno
import os
import tempfile
from pathlib import Path

from codegen.files.errors import BadInputError


def write_atomically(path: Path, content: bytes) -> None:
    """Replace the file at ``path``, or leave it as it was.

    A symbolic link stays one: the file it leads to is replaced. An existing file keeps its mode.
    What is no regular file, such as ``/dev/stdout``, is simply written to.

    Raises:
        BadInputError: the folder does not exist, or something cannot be written to.
    """
    try:
        if _is_device(path):
            path.write_bytes(content)
        else:
            _replace(_target(path), content)
    except (OSError, RuntimeError) as error:  # before Python 3.13, links in a circle are the latter
        reason = error.strerror if isinstance(error, OSError) else error
        raise BadInputError(f"cannot be written: {reason}", file=path) from error


def _target(path: Path) -> Path:
    """Where symbolic links lead."""
    target = path.resolve()
    if target.is_symlink():  # from Python 3.13 on, links in a circle are left as they are
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP))
    return target


def _is_device(path: Path) -> bool:
    # /dev/stdout may lead to a file, which another process still writes to.
    return (path.exists() and not path.is_file()) or path.is_relative_to("/dev")


def _replace(path: Path, content: bytes) -> None:
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    temporary = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(_mode(path))
        temporary.replace(path)
    except BaseException:  # an interruption leaves no more behind than an error does
        temporary.unlink()
        raise


def _mode(path: Path) -> int:
    """The mode of the file in place, else that of any new file."""
    # mkstemp lets only the owner read.
    return path.stat().st_mode & 0o7777 if path.exists() else 0o666 & ~_umask()


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
