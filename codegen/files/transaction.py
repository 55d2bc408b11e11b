"""Files and folders written whole or not at all, and never over the work of a person."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, cast

import orjson
from filelock import FileLock, Timeout

from codegen.files.errors import BadInputError, BadInputs
from codegen.files.tree import digest

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Mapping


_STAGING = ".replacing"
"""The hidden folder beside the replaced ones; .gitignore names it too."""
_LOCK = ".replacing.lock"
_PATIENCE = 10
"""The longest, in seconds, that one command waits for another one to have written."""


def replace_all(
    parent: Path,
    new: Mapping[str, Path],
    *,
    check: Callable[[], None] | None = None,
    patience: float = _PATIENCE,
) -> None:
    """Put a copy of each new file or folder in the place of what has its name in ``parent``.

    A name may have slashes; the folder it leads to is made if it is not there.

    Everything that takes space is copied first; the rest is renaming. When a renaming fails, those
    before it are undone. When the program is killed, the next call undoes them: rather than finish
    them, so that a command that did not end has done nothing, and failures and crashes take the
    same way. What somebody has changed since is left as it is, and both versions are kept.

    Args:
        parent: Where the names lead from.
        new: What is put there, by name.
        check: Is called when no other call can write to ``parent``; what it raises ends this one.
        patience: The longest, in seconds, that another call is waited for.

    Raises:
        BadInputError: a folder cannot be read or written, or another call does not come to its
            end; every folder is as it was.
        BadInputs: a call before this one was killed, and what it put there was changed since.
    """
    try:
        parent.mkdir(parents=True, exist_ok=True)
        with writing_alone(parent, patience):
            swap = _Swap(parent)
            swap.undo_unfinished()
            if check is not None:
                check()
            try:
                swap.prepare(new)
                swap.carry_out(new)
            finally:
                swap.undo_unfinished()
    except OSError as error:
        message = f"cannot be written: {error.strerror or error}"
        raise BadInputError(message, file=error.filename or parent) from error


@contextlib.contextmanager
def writing_alone(parent: Path, patience: float = _PATIENCE) -> Generator[None]:
    """Within it, no other command replaces anything in ``parent``.

    Raises:
        BadInputError: one does so, and for longer than ``patience`` seconds.
    """
    lock = FileLock(parent / _LOCK, timeout=patience)
    try:
        lock.acquire()
    except Timeout as error:
        message = "another command is writing here; repeat this one when that has ended"
        raise BadInputError(message, file=parent) from error
    try:
        yield
    finally:
        # Whoever waits for a file that is gone tries again with a new one. Windows keeps it.
        with contextlib.suppress(OSError):
            (parent / _LOCK).unlink()
        lock.release()


class _Swap:
    """The renamings of one call. They count from the moment when their journal is gone."""

    def __init__(self, parent: Path) -> None:
        self._parent = parent
        self._staging = parent / _STAGING
        self._new = self._staging / "new"
        self._old = self._staging / "old"
        self._journal = self._staging / "journal.json"

    def prepare(self, new: Mapping[str, Path]) -> None:
        for folder in (self._new, self._old):
            folder.mkdir(parents=True)
        for name, source in new.items():
            (self._new / name).parent.mkdir(parents=True, exist_ok=True)
            if source.is_dir():
                shutil.copytree(source, self._new / name)
            else:
                shutil.copyfile(source, self._new / name)

    def carry_out(self, names: Iterable[str]) -> None:
        put = {name: digest(self._new / name) for name in names}
        write_atomically(self._journal, orjson.dumps(put))
        for name in put:
            destination = self._parent / name
            if destination.exists():
                (self._old / name).parent.mkdir(parents=True, exist_ok=True)
                destination.rename(self._old / name)
            destination.parent.mkdir(parents=True, exist_ok=True)
            (self._new / name).rename(destination)
        self._journal.unlink()

    def undo_unfinished(self) -> None:
        """Undo what the journal, if there is one, says was begun; leave nothing of it behind.

        Raises:
            BadInputs: something was changed since; it is left as it is, and the rest is undone.
        """
        if self._journal.exists():
            put = cast("dict[str, str]", orjson.loads(self._journal.read_bytes()))
            changed = [name for name, content in put.items() if not self._undo(name, content)]
            if changed:
                raise BadInputs([self._about_change(name) for name in changed])
            self._journal.unlink()
        shutil.rmtree(self._staging, ignore_errors=True)

    def _undo(self, name: str, put: str) -> bool:
        """Undo as many of a folder's two renamings as have happened; also if that was begun.

        False when the folder is neither as it was nor as it was put there.
        """
        destination, new, old = self._parent / name, self._new / name, self._old / name
        if new.exists() and not old.exists():
            return True
        found = digest(destination)
        if found is not None and found != digest(old):
            if new.exists() or found != put:
                return False
            new.parent.mkdir(parents=True, exist_ok=True)
            destination.rename(new)
        if old.exists() and not destination.exists():
            old.rename(destination)
        return True

    def _about_change(self, name: str) -> BadInputError:
        old = self._old / name
        before = f"; what it was before that is {old}" if old.exists() else ""
        message = (
            "a command that did not come to its end was about to replace this, and it was changed "
            f"since{before}. Keep what you need, remove {self._staging}, and repeat the command"
        )
        return BadInputError(message, file=self._parent / name)


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


def digests(paths: Iterable[Path]) -> dict[Path, str | None]:
    """What files and folders hold now, for :func:`require_unchanged`; None: there is nothing.

    Raises:
        BadInputError: one cannot be read.
    """
    return {path: _digest(path) for path in paths}


def require_unchanged(before: Mapping[Path, str | None]) -> None:
    """Raise if a file or folder does not hold any more what it held before.

    Raises:
        BadInputError: somebody has changed, made or removed it, or it cannot be read.
    """
    for path, held in before.items():
        if _digest(path) != held:
            message = (
                "has changed while the command ran, which does not know of that; nothing is "
                "written: repeat the command"
            )
            raise BadInputError(message, file=path)


def _digest(path: Path) -> str | None:
    try:
        return digest(path)
    except OSError as error:
        message = f"cannot be read: {error.strerror or error}"
        raise BadInputError(message, file=error.filename or path) from error


_MARK = b"# Generated by `python -m codegen generate "
_ADVICE = "move it away, or name another folder with --out"


def require_replaceable(folder: Path) -> None:
    """See that nothing but a generated distribution is lost when a folder is replaced.

    Raises:
        BadInputError: it is no folder, or holds something else.
    """
    try:
        problem = _obstacle(folder)
    except OSError as error:
        raise BadInputError(f"cannot be read: {error.strerror}", file=folder) from error
    if problem is not None:
        raise BadInputError(f"{problem}; {_ADVICE}", file=folder)


def _obstacle(folder: Path) -> str | None:
    if folder.is_symlink():
        return "is a symbolic link, in whose place a folder would be written"
    if not folder.exists():
        return None
    if not folder.is_dir():
        return "is no folder, and a folder would be written in its place"
    if any(folder.iterdir()) and not _is_generated(folder):
        return "would be deleted, yet its pyproject.toml does not say that it was generated"
    return None


def _is_generated(folder: Path) -> bool:
    project = folder / "pyproject.toml"
    return project.is_file() and project.read_bytes().startswith(_MARK)
