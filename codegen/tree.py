"""Folders of generated files: compared byte by byte, and replaced whole or not at all."""

from __future__ import annotations

import difflib
import io
import shutil
from contextlib import ExitStack
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_NOT_OURS = {"__pycache__"}


def diff_trees(old: Path, new: Path, *, label: str = "") -> str:
    """The unified diff that makes the folder ``old`` into ``new``; empty when they are equal.

    Files are named relative to the folders, after ``label``. A folder that does not exist counts
    as empty; byte code that Python has cached does not count.
    """
    before, after = _files(old), _files(new)
    changes: list[str] = []
    for name in sorted(before.keys() | after.keys()):
        old_bytes, new_bytes = before.get(name), after.get(name)
        if old_bytes != new_bytes:
            changes.append(_diff_file(PurePosixPath(label) / name, old_bytes, new_bytes))
    return "".join(changes)


def replace_trees(replacements: Mapping[Path, Path]) -> None:
    """Put each new folder (a value) in the place of a destination (its key), all or none.

    The new folders are copied beside their destinations first; what can fail for want of space or
    rights fails there. The rest is renaming, which is undone if one renaming fails. What a crash
    has left behind is put right by the next call.

    Raises:
        OSError: a folder cannot be written; every destination is as it was.
    """
    for destination in replacements:
        _recover(destination)
    with ExitStack() as clean_up:
        for destination, new in replacements.items():
            destination.parent.mkdir(parents=True, exist_ok=True)
            staged = _staged(destination)
            clean_up.callback(shutil.rmtree, staged, ignore_errors=True)
            shutil.copytree(new, staged)
        _swap_all(list(replacements))


def _files(folder: Path) -> dict[PurePosixPath, bytes]:
    return {
        PurePosixPath(path.relative_to(folder).as_posix()): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and _NOT_OURS.isdisjoint(path.relative_to(folder).parts)
    }


def _diff_file(name: PurePosixPath, old: bytes | None, new: bytes | None) -> str:
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


def _staged(destination: Path) -> Path:
    return destination.with_name(f".{destination.name}.new")


def _set_aside(destination: Path) -> Path:
    return destination.with_name(f".{destination.name}.old")


def _recover(destination: Path) -> None:
    """Undo or finish what a crash between two renamings has left."""
    if _set_aside(destination).exists() and not destination.exists():
        _set_aside(destination).rename(destination)
    for leftover in (_staged(destination), _set_aside(destination)):
        if leftover.exists():
            shutil.rmtree(leftover)


def _swap_all(destinations: list[Path]) -> None:
    with ExitStack() as undo:
        for destination in destinations:
            if destination.exists():
                destination.rename(_set_aside(destination))
                undo.callback(_set_aside(destination).rename, destination)
            _staged(destination).rename(destination)
            undo.callback(destination.rename, _staged(destination))
        undo.pop_all()
    for destination in destinations:
        shutil.rmtree(_set_aside(destination), ignore_errors=True)
