"""How far a command is, shown on standard error when that is a terminal."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from callrecords.cli._terminal import error_console

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Iterator

    from rich.console import Console

    from callrecords.cli._providers import Batch


@contextlib.contextmanager
def waiting(what: str) -> Generator[None]:
    """Show for the length of a ``with`` block that something is waited for."""
    console = error_console()
    with console.status(what) if _can_show(console) else contextlib.nullcontext():
        yield


def counted(batches: Iterable[Batch], what: str) -> Iterator[Batch]:
    """The same batches, while it is shown how many of how many items they brought so far."""
    console = error_console()
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    progress = Progress(*columns, console=console, transient=True, disable=not _can_show(console))
    with progress:
        task = progress.add_task(what, total=None)
        seen = 0
        for batch in batches:
            seen += len(batch.sessions)
            of_all = "" if batch.total is None else f" of {batch.total:,}"
            progress.update(task, description=f"{what}: {seen:,}{of_all}")
            yield batch


def _can_show(console: Console) -> bool:
    """Whether lines can be written over; FORCE_COLOR asks for colours, not for this."""
    return console.is_interactive and console.file.isatty()
