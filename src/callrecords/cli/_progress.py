"""How far a command is, shown on standard error when that is a terminal."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, TypeVar

from rich.progress import (
    BarColumn,
    DownloadColumn,
    Progress,
    ProgressColumn,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
    TransferSpeedColumn,
)

from callrecords.cli._terminal import error_console

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Iterator, Sequence

    from rich.console import Console

    from callrecords.bulk import OnFile
    from callrecords.bulk import OnProgress as OnExport
    from callrecords.bulk import Progress as Exported
    from callrecords.cli._providers import Batch

T = TypeVar("T")


@contextlib.contextmanager
def waiting(what: str) -> Generator[None]:
    """Show for the length of a ``with`` block that something is waited for."""
    console = error_console()
    with console.status(what) if _can_show(console) else contextlib.nullcontext():
        yield


def counted(batches: Iterable[Batch], what: str) -> Iterator[Batch]:
    """The same batches, while it is shown how many of how many items they brought so far."""
    with _counting() as progress:
        task = progress.add_task(what, total=None)
        seen = 0
        for batch in batches:
            seen += len(batch.sessions)
            of_all = "" if batch.total is None else f" of {batch.total:,}"
            progress.update(task, description=f"{what}: {seen:,}{of_all}")
            yield batch


def each_of(items: Sequence[T], what: str) -> Iterator[T]:
    """The same items, while it is shown how many of several are done."""
    if len(items) == 1:
        yield items[0]
        return
    with _counting() as progress:
        task = progress.add_task(what, total=None)
        for done, item in enumerate(items):
            progress.update(task, description=f"{what}: {done:,} of {len(items):,}")
            yield item


@contextlib.contextmanager
def exporting(what: str) -> Generator[OnExport]:
    """Show how far an export is, as it is told."""
    with _counting() as shown:
        task = shown.add_task(what, total=None)

        def tell(done: Exported) -> None:
            text = f"{what}: {done.rows:,} calls, {done.tasks:,} of {done.of:,} parts"
            shown.update(task, description=text)

        yield tell


@contextlib.contextmanager
def downloading(what: str) -> Generator[OnFile]:
    """Show how much of one file after the other is there, as it is told."""
    text = TextColumn("{task.description}")
    with _progress(text, BarColumn(), DownloadColumn(), TransferSpeedColumn()) as shown:
        task = shown.add_task(what, total=None)
        yield lambda name, done, total: shown.update(
            task, description=name, completed=done, total=total
        )


def _counting() -> Progress:
    return _progress(SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())


def _progress(*columns: ProgressColumn) -> Progress:
    console = error_console()
    return Progress(*columns, console=console, transient=True, disable=not _can_show(console))


def _can_show(console: Console) -> bool:
    """Whether lines can be written over; FORCE_COLOR asks for colours, not for this."""
    return console.is_interactive and console.file.isatty()
