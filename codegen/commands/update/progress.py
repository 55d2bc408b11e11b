"""The progress of an update on a terminal; silent anywhere else."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from rich.console import Console
from rich.filesize import decimal
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

if TYPE_CHECKING:
    from collections.abc import Generator


class ShownProgress:
    """One line that says what is being done."""

    def __init__(self, display: Progress) -> None:
        self._display = display
        self._task = display.add_task("")

    def step(self, name: str) -> None:
        """Another step begins."""
        self._display.update(self._task, description=name)

    def downloaded(self, received: int, total: int | None) -> None:
        """There are so many bytes, of so many if that is known."""
        known = f" of {decimal(total)}" if total is not None else ""
        self.step(f"reading, {decimal(received)}{known}")


@contextlib.contextmanager
def shown_progress() -> Generator[ShownProgress]:
    """A display on standard error, which leaves nothing behind."""
    console = Console(stderr=True)
    with Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        TimeElapsedColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    ) as display:
        yield ShownProgress(display)
