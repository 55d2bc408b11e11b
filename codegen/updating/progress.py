"""The progress of an update on a terminal; silent anywhere else."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
)

if TYPE_CHECKING:
    from collections.abc import Generator

    from rich.progress import TaskID


class _Shown:
    def __init__(self, display: Progress) -> None:
        self._display = display
        self._task: TaskID | None = None

    def step(self, name: str) -> None:
        if self._task is not None:
            self._display.remove_task(self._task)
        self._task = self._display.add_task(name, total=None)

    def downloaded(self, received: int, total: int | None) -> None:
        if self._task is not None:
            self._display.update(self._task, completed=received, total=total)


@contextlib.contextmanager
def shown_progress() -> Generator[_Shown]:
    """A display on standard error, which leaves nothing behind."""
    console = Console(stderr=True)
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), DownloadColumn())
    with Progress(
        *columns,
        TimeElapsedColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    ) as display:
        yield _Shown(display)
