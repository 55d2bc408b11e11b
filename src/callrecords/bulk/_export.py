"""Exports: all calls of a time in files, a file for each day, and a manifest of what is there.

An export is a list of tasks. Each is run by itself, here or on another machine that sees the same
folder, and may be run again at any time: what it writes takes its place all at once, and what came
of it is noted only then. Joined, they are a manifest.

    FOLDER/_manifest.json                   what is asked for; once all is there, what there is
    FOLDER/day=2026-11-21/calls.parquet     the calls of a day in UTC
    FOLDER/_tasks/                          until then: what came of each task that was run
"""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import secrets
import shutil
from collections import defaultdict
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias, cast

import attrs

from callrecords._packages import blocking_client
from callrecords._times import between, text_of
from callrecords.bulk._files import (
    FORMATS,
    RANDOM,
    File,
    json_line,
    pattern_of_unfinished,
    require,
    write_json,
    write_records,
)
from callrecords.bulk._listing import (
    Tally,
    Walk,
    conversion_listing,
    listed,
    name_of_provider,
    time_of,
)
from callrecords.calls import CallRecord
from callrecords_runtime.errors import ConfigurationError

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Generator, Iterable, Iterator, Sequence

    from callrecords.bulk._files import Format
    from callrecords_runtime.blocking import SyncClient

MANIFEST = "_manifest.json"
"""Beginning as it does, it is passed over by whoever reads all files of a folder."""
_RESULTS = "_tasks"
_APART = "_days-"
_FORM = 1
"""Of manifests; another one means something else."""
_DAY = dt.timedelta(days=1)
_LONGEST = 3660 * _DAY
"""Ten years: each day is a file, and most often a request."""
_AT_ONCE = 10_000
"""Calls of many days that are kept in memory until they are put apart."""


@attrs.frozen(kw_only=True)
class Task:
    """A part of an export that stands for itself: it can be pickled, and run anywhere."""

    provider: str
    since: dt.datetime
    until: dt.datetime
    """The calls from the one until before the other; of a provider whose list cannot be narrowed
    down to a time, it is that of the whole export."""
    format: Format
    output: str
    """The folder of the export, which the machine that runs it must see."""
    base_url: str | None = None
    """Another server, such as the sandbox."""

    @property
    def name(self) -> str:
        """It tells the tasks of an export apart."""
        return f"{self.since:%Y%m%dT%H%M%S%fZ}"

    @property
    def days(self) -> Iterator[dt.date]:
        """The days in UTC that it has a file for."""
        day = self.since.date()
        while day <= (self.until - dt.timedelta.resolution).date():
            yield day
            day += _DAY


@attrs.frozen(kw_only=True)
class TaskResult:
    """What came of a task."""

    since: dt.datetime
    until: dt.datetime
    tally: Tally
    files: tuple[File, ...]

    def to_dict(self) -> dict[str, Any]:
        """It as JSON."""
        return {
            "since": text_of(self.since),
            "until": text_of(self.until),
            "complete": self.tally.complete,
            "doubts": self.tally.doubts,
            **attrs.asdict(self.tally),
            "files": [attrs.asdict(file) for file in self.files],
        }

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> TaskResult:
        """What :meth:`to_dict` gave."""
        return cls(
            since=dt.datetime.fromisoformat(data["since"]),
            until=dt.datetime.fromisoformat(data["until"]),
            tally=Tally(**{field.name: data[field.name] for field in attrs.fields(Tally)}),
            files=tuple(File(**file) for file in data["files"]),
        )


@attrs.frozen(kw_only=True)
class Export:
    """An export that is finished."""

    output: Path
    """Its folder."""
    provider: str
    since: dt.datetime
    until: dt.datetime
    format: Format
    rows: int
    """How many calls there are in its files."""
    complete: bool | None
    """Whether these are all, by the provider's own totals; None if nobody can know."""
    doubts: tuple[str, ...]
    """Why they are not, or why nobody can know."""
    files: tuple[File, ...]


@attrs.frozen(kw_only=True)
class Progress:
    """How far an export is."""

    tasks: int
    """Those that were run."""
    of: int
    """All of them."""
    rows: int
    """The calls that came so far."""


OnProgress: TypeAlias = "Callable[[Progress], object]"
"""Told now and then how far an export is."""


def plan(  # noqa: PLR0913 - what an export is
    provider: str,
    output: str | os.PathLike[str],
    /,
    *,
    since: dt.datetime | str,
    until: dt.datetime | str | None = None,
    format: Format = "parquet",  # noqa: A002 - as everybody calls it
    resume: bool = False,
    base_url: str | None = None,
) -> list[Task]:
    """Begin an export: the tasks that are still to be run, each by :func:`run`.

    Args:
        provider: Whose calls.
        output: A folder, which is made if it is not there.
        since: The calls from then on, a time or a text such as ``7d`` or ``2026-11-21``; a call's
            time is when it was made, or else began, or ended.
        until: Those before it; now unless it is said.
        format: ``parquet``, ``jsonl`` or ``csv``.
        resume: Finish the export that the folder holds, if it holds one, instead of refusing it:
            with the times it was begun with, and without asking again for what is there.
        base_url: Another server, such as the sandbox.

    Raises:
        ConfigurationError: the calls of the provider cannot be listed, an argument means nothing,
            or the folder holds another export.
    """
    conversion = conversion_listing(provider)
    folder = Path(output)
    asked = _Asked.of(conversion.provider, since, until, format)
    known = _read_manifest(folder)
    if known is None:
        folder.mkdir(parents=True, exist_ok=True)
        write_json(folder / MANIFEST, asked.to_dict())
    else:
        asked = asked.resumed(known, folder, resume=resume)
        if known["finished"]:
            return []
    tasks = list(asked.tasks(folder, base_url, by_time=conversion.listed_by_time))
    return [task for task in tasks if not _is_done(task)]


def run(
    task: Task,
    client: SyncClient | None = None,
    *,
    on_rows: Callable[[int], object] | None = None,
) -> TaskResult:
    """Run a task of an export, whether it was run before or not.

    Args:
        task: Of :func:`plan`.
        client: Whom to ask; without one, a client with the credentials of the environment.
        on_rows: Told now and then how many calls came.

    Raises:
        RequestError: the calls could not be had.
        OSError: the files could not be written.
        ConfigurationError: the environment lacks credentials, or the format needs pyarrow.
    """
    if client is None:
        with blocking_client(task.provider, task.base_url, {}) as own:
            return run(task, own, on_rows=on_rows)
    conversion = conversion_listing(task.provider)
    walk = Walk(listed(conversion, client, task.since, task.until), on_rows)
    folder = Path(task.output)
    of_a_day = contextlib.nullcontext([(task.since.date(), walk)])
    with of_a_day if conversion.listed_by_time else _of_many_days(task, walk) as by_day:
        files = tuple(
            write_records(folder, f"day={day}/calls.{task.format}", task.format, records)
            for day, records in by_day
        )
    done = TaskResult(since=task.since, until=task.until, tally=walk.tally, files=files)
    _result_of(task).parent.mkdir(exist_ok=True)
    write_json(_result_of(task), done.to_dict())
    return done


def join(output: str | os.PathLike[str], /) -> Export:
    """Finish an export whose tasks were run: write its manifest.

    What is left of tasks that were broken off is removed.

    Raises:
        ConfigurationError: there is no export, tasks were not run, or a file is not as it was
            written.
    """
    folder = Path(output)
    manifest = _read_manifest(folder)
    if manifest is None:
        raise ConfigurationError(f"{folder} holds no export")
    asked = _Asked.from_dict(manifest)
    if manifest["finished"]:
        done = [TaskResult.from_dict(each) for each in manifest["tasks"]]
        _check(done, folder, "export into another folder")
    else:
        done = list(_results(asked, folder))
        _check(done, folder, "export again with resume=True")
        _remove_leftovers(folder, asked)
        write_json(folder / MANIFEST, asked.to_dict(done))
    shutil.rmtree(folder / _RESULTS, ignore_errors=True)
    return asked.finished(folder, done)


def export(  # noqa: PLR0913 - what an export is
    client: SyncClient,
    output: str | os.PathLike[str],
    /,
    *,
    since: dt.datetime | str,
    until: dt.datetime | str | None = None,
    format: Format = "parquet",  # noqa: A002 - as above
    resume: bool = False,
    on_progress: OnProgress | None = None,
) -> Export:
    """Write all calls of a time to files, one for each day in UTC, with a manifest.

        week = datetime.timedelta(days=7)
        done = callrecords.export(kit, "calls", since=datetime.datetime.now(datetime.UTC) - week)
        print(done.rows, done.complete)

    It can be interrupted at any moment; the same call with ``resume=True`` finishes it, and no call
    is lost or there twice.

    Args:
        client: Whom to ask.
        output: A folder, which is made if it is not there.
        since: The calls from then on, a time or a text such as ``7d`` or ``2026-11-21``; a call's
            time is when it was made, or else began, or ended.
        until: Those before it; now unless it is said.
        format: ``parquet``, which needs ``callrecords[arrow]``, ``jsonl`` or ``csv``.
        resume: Finish the export that the folder holds, if it holds one, instead of refusing it:
            with the times it was begun with, and without asking again for what is there.
        on_progress: Told now and then how far it is.

    Raises:
        ConfigurationError: the calls of the provider cannot be listed, an argument means nothing,
            the folder holds another export, or the format needs pyarrow.
        RequestError: calls could not be had.
        OSError: files could not be written.
    """
    provider = name_of_provider(client)
    if format in FORMATS:
        require(format)  # before the folder is begun
    tasks = plan(provider, output, since=since, until=until, format=format, resume=resume)
    rows = 0
    for number, task in enumerate(tasks):

        def tell(count: int, number: int = number, before: int = rows) -> None:
            if on_progress is not None:
                on_progress(Progress(tasks=number, of=len(tasks), rows=before + count))

        tell(0)
        rows += run(task, client, on_rows=tell).tally.rows
    return join(output)


@attrs.frozen(kw_only=True)
class _Asked:
    """Which calls an export is of, and in which format."""

    provider: str
    since: dt.datetime
    until: dt.datetime
    format: Format

    @classmethod
    def of(
        cls, provider: str, since: dt.datetime | str, until: dt.datetime | str | None, kind: Format
    ) -> _Asked:
        if kind not in FORMATS:
            raise ConfigurationError(f"{kind!r:.100} is no format; expected {', '.join(FORMATS)}")
        since, until = between(since, until)
        if until - since > _LONGEST:
            raise ConfigurationError(
                f"an export is of {_LONGEST.days:,} days at most, and not of "
                f"{(until - since).days:,}: make several, each into a folder of its own"
            )
        return cls(provider=provider, since=since, until=until, format=kind)

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> _Asked:
        since, until = (dt.datetime.fromisoformat(data[name]) for name in ("since", "until"))
        return cls(provider=data["provider"], since=since, until=until, format=data["format"])

    def to_dict(self, done: Sequence[TaskResult] | None = None) -> dict[str, Any]:
        """The manifest: of an export that begins, or of one that is finished."""
        asked = {
            "form": _FORM,
            "provider": self.provider,
            "since": text_of(self.since),
            "until": text_of(self.until),
            "format": self.format,
            "finished": done is not None,
        }
        if done is None:
            return asked
        tally = sum((each.tally for each in done), Tally(total=0))
        summed = {"rows": tally.rows, "complete": tally.complete, "doubts": tally.doubts}
        return {**asked, **summed, "tasks": [each.to_dict() for each in done]}

    def resumed(self, known: dict[str, Any], folder: Path, *, resume: bool) -> _Asked:
        """What the folder holds, if that is to be gone on with."""
        held = _Asked.from_dict(known)
        text = (
            f"{folder} holds an export of {held.provider} as {held.format}, from "
            f"{text_of(held.since)} to {text_of(held.until)}"
        )
        if (held.provider, held.format) != (self.provider, self.format):
            raise ConfigurationError(f"{text}: give another folder")
        if not resume:
            if known["finished"]:
                raise ConfigurationError(f"{text}, which is finished: give another folder")
            raise ConfigurationError(
                f"{text}, which is not finished: finish it with --resume (resume=True), or give "
                "another folder"
            )
        return held

    def tasks(self, folder: Path, base_url: str | None, *, by_time: bool) -> Iterator[Task]:
        """One for each day; one in all if the provider cannot list the calls of a time."""
        start = self.since
        while start < self.until:
            midnight = start.replace(hour=0, minute=0, second=0, microsecond=0) + _DAY
            end = min(midnight, self.until) if by_time else self.until
            yield Task(
                provider=self.provider,
                since=start,
                until=end,
                format=self.format,
                output=str(folder.absolute()),  # of whatever folder it is run from
                base_url=base_url,
            )
            start = end

    def finished(self, folder: Path, done: Sequence[TaskResult]) -> Export:
        tally = sum((each.tally for each in done), Tally(total=0))
        return Export(
            output=folder,
            provider=self.provider,
            since=self.since,
            until=self.until,
            format=self.format,
            rows=tally.rows,
            complete=tally.complete,
            doubts=tuple(tally.doubts),
            files=tuple(file for each in done for file in each.files),
        )


@contextlib.contextmanager
def _of_many_days(
    task: Task, records: Iterable[CallRecord]
) -> Generator[Iterable[tuple[dt.date, Iterable[CallRecord]]]]:
    """Records in any order, by the day: put apart in files, as nobody knows how many they are."""
    apart = Path(task.output, f"{_APART}{secrets.token_hex(4)}")
    apart.mkdir()
    try:
        left = iter(records)
        while some := list(islice(left, _AT_ONCE)):
            lines: dict[dt.date, list[bytes]] = defaultdict(list)
            for record in some:
                time = cast("dt.datetime", time_of(record))  # by which it was listed
                lines[time.date()].append(json_line(record))
            for day, of_day in lines.items():
                with (apart / str(day)).open("ab") as file:
                    file.writelines(of_day)
        yield [(day, _read_apart(apart / str(day))) for day in task.days]
    finally:
        shutil.rmtree(apart)


def _read_apart(path: Path) -> Iterator[CallRecord]:
    if path.exists():
        with path.open("rb") as lines:
            yield from map(CallRecord.from_json, lines)


def _result_of(task: Task) -> Path:
    return Path(task.output, _RESULTS, f"{task.name}.json")


def _is_done(task: Task) -> bool:
    path = _result_of(task)
    if not path.exists():
        return False
    done = TaskResult.from_dict(json.loads(path.read_bytes()))
    folder = Path(task.output)
    return all(file.is_in(folder, as_written=True) for file in done.files)


def _results(asked: _Asked, folder: Path) -> Iterator[TaskResult]:
    """What came of all tasks, which are found by the times that they are of."""
    start = asked.since
    while start < asked.until:
        path = folder / _RESULTS / f"{start:%Y%m%dT%H%M%S%fZ}.json"
        if not path.exists():
            raise ConfigurationError(
                f"the calls from {text_of(start)} on are not there yet: run the tasks that are "
                "left, or export again with resume=True"
            )
        done = TaskResult.from_dict(json.loads(path.read_bytes()))
        yield done
        start = done.until


def _check(done: Iterable[TaskResult], folder: Path, remedy: str) -> None:
    for file in (file for each in done for file in each.files):
        if not file.is_in(folder, as_written=False):
            raise ConfigurationError(f"{folder / file.path} is not as it was written: {remedy}")


def _remove_leftovers(folder: Path, asked: _Asked) -> None:
    """Remove what tasks that were broken off had begun, and nothing of anybody else."""
    unfinished = chain(
        folder.glob(f"day=*/{pattern_of_unfinished(f'calls.{asked.format}')}"),
        folder.glob(pattern_of_unfinished(MANIFEST)),
    )
    for path in unfinished:
        path.unlink()
    for path in folder.glob(f"{_APART}{RANDOM}"):
        shutil.rmtree(path)


def _read_manifest(folder: Path) -> dict[str, Any] | None:
    path = folder / MANIFEST
    if not path.exists():
        return None
    try:
        found: dict[str, Any] = json.loads(path.read_bytes())
        if found["form"] == _FORM:
            return found
    except (KeyError, TypeError, ValueError):
        pass  # it is of something else
    raise ConfigurationError(f"{path} is no manifest of an export that is known here")
