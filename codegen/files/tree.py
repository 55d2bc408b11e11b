"""Files, and folders of generated ones, compared byte by byte."""

from __future__ import annotations

import difflib
import hashlib
import io
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from codegen.files.errors import as_bad_input

if TYPE_CHECKING:
    from collections.abc import Mapping

# Whoever imports, checks, tests or builds a distribution leaves these folders; none is output.
_LEFTOVERS = frozenset({"__pycache__", ".mypy_cache", ".pytest_cache", ".ruff_cache"})
_LEFTOVERS_AT_THE_TOP = frozenset({".venv", "build", "dist"})
"""Further in, a module may be called so."""


def diff_files(old: Mapping[str, bytes], new: Mapping[str, bytes]) -> str:
    """The unified diff from some files to others, by name; empty when they are equal."""
    changes: list[str] = []
    for name in sorted(old.keys() | new.keys(), key=PurePosixPath):
        old_bytes, new_bytes = old.get(name), new.get(name)
        if old_bytes != new_bytes:
            changes.append(_diff_file(name, old_bytes, new_bytes))
    return "".join(changes)


def digest(path: Path) -> str | None:
    """A text that two files, or two folders, share only when they hold the same; None for nothing.

    Raises:
        BadInputError: a file or folder cannot be read.
    """
    with as_bad_input(path, "cannot be read: "):
        files = sorted(files_at(path).items())
    lines = (f"{name}\0{hashlib.sha256(content).hexdigest()}\n" for name, content in files)
    return hashlib.sha256("".join(lines).encode()).hexdigest() if files else None


def files_at(path: Path) -> dict[str, bytes]:
    """The files in a folder by their paths in it, or a file by ``.``; none where nothing is.

    Caches and what a build has left do not count.
    """
    if path.is_file():
        return {".": path.read_bytes()}
    return {
        name.as_posix(): file.read_bytes()
        for file in path.rglob("*")
        if not _is_leftover(name := file.relative_to(path)) and file.is_file()
    }


def _is_leftover(name: Path) -> bool:
    top, *further = name.parts
    at_the_top = top in _LEFTOVERS_AT_THE_TOP or top.endswith(".egg-info")
    return bool(further and at_the_top) or not _LEFTOVERS.isdisjoint(name.parts)


def _diff_file(name: str, old: bytes | None, new: bytes | None) -> str:
    """The unified diff from one content of a file to another, with None for no file."""
    old_name = "/dev/null" if old is None else f"a/{name}"
    new_name = "/dev/null" if new is None else f"b/{name}"
    old_lines, new_lines = _lines(old), _lines(new)
    if old_lines is None or new_lines is None:
        return f"Binary files {old_name} and {new_name} differ\n"
    changes = "".join(
        line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"
        for line in difflib.unified_diff(old_lines, new_lines, old_name, new_name)
    )
    # An empty file that appears or vanishes has no lines to show.
    return changes or f"--- {old_name}\n+++ {new_name}\n"


def _lines(content: bytes | None) -> list[str] | None:
    if content is None:
        return []
    try:
        text = content.decode()
    except UnicodeDecodeError:
        return None
    # Not splitlines, for which a form feed ends a line too.
    return None if "\0" in text else list(io.StringIO(text, newline="\n"))
