"""The progress of an update on a terminal; silent anywhere else."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

if TYPE_CHECKING:
    from collections.abc import Callable, Generator


@contextlib.contextmanager
def shown_progress() -> Generator[Callable[[str], None]]:
    """What shows, on one line of standard error, what is being done; it leaves nothing behind."""
    console = Console(stderr=True)
    with Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        TimeElapsedColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    ) as display:
        task = display.add_task("")
        yield lambda step: display.update(task, description=step)
