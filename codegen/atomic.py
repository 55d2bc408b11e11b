"""Writing a file so that a reader, or a crash, never meets half of it."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from codegen.errors import BadInputError


def write_atomically(path: Path, content: bytes) -> None:
    """Replace the file at ``path``, or leave it as it was.

    Raises:
        BadInputError: the folder does not exist or cannot be written to.
    """
    try:
        descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    except OSError as error:
        raise BadInputError(f"cannot be written: {error.strerror}", file=path) from error
    temporary = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        temporary.chmod(0o666 & ~_umask())  # mkstemp lets only the owner read
        temporary.replace(path)
    except OSError as error:
        temporary.unlink()
        raise BadInputError(f"cannot be written: {error.strerror}", file=path) from error


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
