"""What a command has read must be what is there when it writes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codegen.files.errors import BadInputError
from codegen.files.tree import digest

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path


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
