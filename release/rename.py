"""The repository under another name, for who forks it: files, folders and what is said in them."""

from __future__ import annotations

import contextlib
import re
import shutil
import sys
from typing import TYPE_CHECKING

from codegen.files.errors import BadInputError, as_bad_input
from release.repository import has_changes, tracked_files

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

_TODAY = re.compile(r"callrecords|CALLRECORDS|[Cc]all[Rr]ecords")
_NAME = re.compile(r"[a-z][a-z0-9]*")
"""One word: it is a distribution's name, a module's, and the beginning of both."""


def rename(root: Path, name: str) -> int:
    """Call everything in a checkout ``name`` where it is called ``callrecords`` today.

    ``callrecords-zudu`` becomes ``acme-zudu``, ``callrecords_runtime`` becomes ``acme_runtime``,
    and ``CallRecordsError`` becomes ``AcmeError``. ``CallRecord``, the view of a call, stays.
    What is generated has to be generated anew then, as names are sorted in it.

    Args:
        root: The folder of the repository.
        name: The new name: lower-case letters and digits.

    Returns:
        How many files have changed.

    Raises:
        BadInputError: the name cannot be one of a module and of a distribution, files differ from
            the last commit, so that git could not bring them back, or a file cannot be written.
    """
    if _NAME.fullmatch(name) is None or name in sys.stdlib_module_names:
        message = "cannot be a name here; expected lower-case letters and digits, and no module "
        raise BadInputError(f"{message}of Python's own, such as acme", file=name)
    if has_changes(root):
        message = "has changes that are not committed; commit them, and git can bring all back"
        raise BadInputError(message, file=root)
    renamed = 0
    moved: set[Path] = set()
    for file in tracked_files(root, root):
        source, place = root / file, root / _renamed(str(file), name)
        old = source.read_bytes()
        # Whatever the file's encoding is, the name is in ASCII.
        new = _renamed(old.decode("latin-1"), name).encode("latin-1")
        if (new, place) == (old, source):
            continue
        renamed += 1
        with as_bad_input(place):
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(new)
            if place != source:
                source.unlink()
                moved.add(source.parent)
    _remove_empty(moved)
    return renamed


def _renamed(text: str, name: str) -> str:
    """The text with the new name, in the case of the old one wherever that stands."""

    def cased(found: re.Match[str]) -> str:
        if found[0].isupper():
            return name.upper()
        return name if found[0].islower() else name.capitalize()

    return _TODAY.sub(cased, text)


def _remove_empty(folders: Iterable[Path]) -> None:
    """Remove the folders that held what has moved, deepest first, and what Python kept there."""
    for folder in sorted(folders, key=lambda one: len(one.parts), reverse=True):
        shutil.rmtree(folder / "__pycache__", ignore_errors=True)
        with contextlib.suppress(OSError):  # somebody has files of their own there
            folder.rmdir()
