"""Exports have each call once, whatever broke them off, and say whether that is all."""

from __future__ import annotations

import contextlib
import csv
import datetime as dt
import json
import os
import pickle
import shutil
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest import mock

import pytest
from callrecords_zudu.models import Call
from hypothesis import given, settings
from hypothesis import strategies as st

import callrecords
from callrecords import _conversions, bulk
from callrecords.bulk._files import FORMATS
from callrecords.calls import CallRecord, StoredSource
from tests.bulk.conftest import DAY, FIRST, LAST, CometChat, Provider, RealtimeKit, Zudu

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

HOUR = dt.timedelta(hours=1)
TIMES = {f"call-{hours}": FIRST + hours * HOUR for hours in (-1, 0, 1, 23, 24, 25, 60, 71, 72, 73)}
"""Around the three days of an export, and in them."""
IN_TIME = {name for name, time in TIMES.items() if FIRST <= time < LAST}


def exported(provider: Provider, output: Path, **options: Any) -> bulk.Export:
    options = {"since": FIRST, "until": LAST, "format": "jsonl", **options}
    with provider.client() as client:
        return callrecords.export(client, output, **options)


def ids(output: Path) -> list[str]:
    """The ids in the files of an export, each of which must be in the file of its day."""
    found: list[str] = []
    for path in sorted(output.glob("day=*/*")):
        assert path.name == "calls.jsonl"
        for line in path.read_text("utf-8").splitlines():
            record = CallRecord.from_json(line)
            time = record.created_at or record.started_at
            assert time is not None
            assert path.parent.name == f"day={time.date()}"
            found.append(str(record.id))
    return found


def contents(folder: Path) -> dict[str, bytes]:
    """All files of a folder, by their paths."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


@pytest.mark.parametrize("kind", [RealtimeKit, Zudu, CometChat])
def test_an_export_has_each_call_of_its_time_once(
    kind: type[RealtimeKit | Zudu | CometChat], tmp_path: Path
) -> None:
    done = exported(kind(**TIMES), tmp_path / "calls")
    assert sorted(ids(done.output)) == sorted(IN_TIME)
    assert (done.rows, done.complete, done.doubts) == (len(IN_TIME), True, ())
    assert [file.path for file in done.files] == [
        f"day={(FIRST + days * DAY).date()}/calls.jsonl" for days in range(3)
    ]


def test_a_session_is_asked_for_by_its_day_and_an_hour_around_it(tmp_path: Path) -> None:
    provider = RealtimeKit()
    exported(provider, tmp_path, since=FIRST + 10 * HOUR, until=FIRST + 30 * HOUR)
    asked = [
        [dt.datetime.fromisoformat(request.url.params[name]) for name in ("start_time", "end_time")]
        for request in provider.requests
    ]
    assert asked == [
        [FIRST + 9 * HOUR, FIRST + 25 * HOUR],
        [FIRST + 23 * HOUR, FIRST + 31 * HOUR],
    ]


def test_a_time_with_more_calls_than_an_answer_holds_is_asked_for_in_halves(
    tmp_path: Path,
) -> None:
    crowded = {f"call-{number}": FIRST + number * 20 * HOUR / 60 for number in range(60)}
    # An answer has the calls of six hours at least, as calls may last.
    provider = CometChat(**{name: time for name, time in crowded.items() if time.hour % 8 == 0})
    done = exported(provider, tmp_path)
    assert sorted(ids(tmp_path)) == sorted(provider.times)
    assert done.complete is True
    assert len(provider.requests) > 3


def test_calls_that_no_answer_holds_are_missed_and_said_to_be(tmp_path: Path) -> None:
    provider = CometChat(**{f"call-{number}": FIRST for number in range(5)})
    done = exported(provider, tmp_path, until=FIRST + dt.timedelta(seconds=2))
    assert (done.rows, done.complete) == (3, False)
    assert len(done.doubts) == 1


def test_a_time_whose_halves_have_no_fewer_calls_is_not_asked_for_again_and_again(
    tmp_path: Path,
) -> None:
    times = {f"call-{number}": FIRST + number * HOUR / 20 for number in range(20)}
    provider = CometChat(**times)
    done = exported(provider, tmp_path, until=FIRST + HOUR)
    assert len(provider.requests) < 20
    assert (done.rows, done.complete) == (len(ids(tmp_path)), False)
    assert done.rows < len(times)
    [doubt] = done.doubts
    assert doubt == f"there are 20 calls by the provider's word, {done.rows} came"


def test_calls_without_an_id_that_come_in_many_answers_are_counted_once(tmp_path: Path) -> None:
    class Nameless(CometChat):
        def answer(self, request: Any) -> Any:
            answer = super().answer(request)
            for call in answer["data"]:
                del call["sessionId"]
            return answer

    times = {f"call-{number}": FIRST + number * HOUR / 20 for number in range(20)}
    done = exported(Nameless(**times), tmp_path, until=FIRST + HOUR)
    assert (done.rows < len(times), done.complete) == (True, False)


class KilledError(BaseException):
    """What nobody catches."""


class Kill:
    """Ends a program at one of its effects: from then on it has none."""

    def __init__(self, after: int) -> None:
        self.left = after

    def __call__(self) -> None:
        self.left -= 1
        if self.left < 0:
            raise KilledError

    def before(self, effect: Callable[..., Any]) -> Callable[..., Any]:
        def killable(*arguments: Any, **options: Any) -> Any:
            self()
            return effect(*arguments, **options)

        return killable

    @contextlib.contextmanager
    def at_every_effect(self, provider: Provider) -> Generator[None]:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(provider, "before_answer", self)
            for name in ("open", "replace", "unlink", "mkdir"):
                patch.setattr(Path, name, self.before(vars(Path)[name]))
            patch.setattr(os, "fsync", self.before(lambda _: None))
            patch.setattr(shutil, "rmtree", self.before(shutil.rmtree))
            yield


@pytest.mark.parametrize("kind", [RealtimeKit, Zudu])
@given(
    hours=st.lists(st.integers(-2, 75), max_size=12, unique=True),
    kills=st.lists(st.integers(0, 40), max_size=4),
)
@settings(max_examples=6, deadline=None)
def test_an_export_that_is_killed_at_any_moment_goes_on_and_has_each_call_once(
    kind: type[RealtimeKit | Zudu], hours: list[int], kills: list[int]
) -> None:
    times = {f"call-{hour}": FIRST + hour * HOUR for hour in hours}
    provider = kind(**times)
    with tempfile.TemporaryDirectory() as folder:
        whole = exported(kind(**times), Path(folder, "whole"))
        output = Path(folder, "calls")
        for after in kills:
            with contextlib.suppress(KilledError), Kill(after).at_every_effect(provider):
                exported(provider, output, resume=True)
        done = exported(provider, output, resume=True)
        assert contents(output) == contents(whole.output)
        assert done.rows == len([hour for hour in hours if 0 <= hour < 72])


def test_what_is_there_already_is_not_asked_for_again(tmp_path: Path) -> None:
    provider = RealtimeKit(**TIMES)
    with contextlib.suppress(KilledError), Kill(25).at_every_effect(provider):
        exported(provider, tmp_path)
    asked = len(provider.requests)
    exported(provider, tmp_path, resume=True)
    again = RealtimeKit(**TIMES)
    exported(again, tmp_path / "again")
    assert len(provider.requests) - asked < len(again.requests)
    asked = len(provider.requests)
    assert exported(provider, tmp_path, resume=True).rows == len(IN_TIME)
    assert len(provider.requests) == asked


def test_a_file_that_was_changed_is_written_again(tmp_path: Path) -> None:
    provider = RealtimeKit(**TIMES)
    with provider.client() as client:
        for task in bulk.plan("realtimekit", tmp_path, since=FIRST, until=LAST, format="jsonl"):
            bulk.run(task, client)
        file = tmp_path / f"day={FIRST.date()}" / "calls.jsonl"
        file.write_bytes(b"{}\n")
        with pytest.raises(callrecords.ConfigurationError, match="is not as it was written"):
            bulk.join(tmp_path)
        exported(provider, tmp_path, resume=True)
    assert sorted(ids(tmp_path)) == sorted(IN_TIME)


def test_an_export_that_lost_a_file_since_is_not_said_to_be_finished(tmp_path: Path) -> None:
    done = exported(RealtimeKit(**TIMES), tmp_path)
    (tmp_path / done.files[0].path).unlink()
    with pytest.raises(callrecords.ConfigurationError, match="export into another folder"):
        exported(RealtimeKit(**TIMES), tmp_path, resume=True)


@pytest.mark.parametrize("kind", [RealtimeKit, Zudu])
def test_tasks_are_pickled_and_run_anywhere_in_any_order_and_more_than_once(
    kind: type[RealtimeKit | Zudu], tmp_path: Path
) -> None:
    provider = kind(**TIMES)
    whole = exported(provider, tmp_path / "whole", format="csv")
    output = tmp_path / "parts"
    tasks = bulk.plan(kind.name, output, since=FIRST, until=LAST, format="csv")
    with provider.client() as client:
        for task in (*reversed(tasks), tasks[0]):
            bulk.run(pickle.loads(pickle.dumps(task)), client)  # noqa: S301 - ours
    assert bulk.join(output).rows == whole.rows
    assert contents(output) == contents(whole.output)


def test_tasks_that_were_not_run_are_asked_for(tmp_path: Path) -> None:
    tasks = bulk.plan("realtimekit", tmp_path, since=FIRST, until=LAST, format="jsonl")
    with RealtimeKit().client() as client:
        bulk.run(tasks[0], client)
    with pytest.raises(callrecords.ConfigurationError, match="the calls from 2026-11-21T00:00:00Z"):
        bulk.join(tmp_path)


def test_a_task_asks_with_the_credentials_of_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ZUDU_API_KEY", raising=False)
    [task] = bulk.plan("zudu", tmp_path, since=FIRST, until=LAST, format="jsonl")
    with pytest.raises(callrecords.ConfigurationError, match="ZUDU_API_KEY"):
        bulk.run(task)


def test_what_two_runs_left_behind_is_removed_and_nothing_else(tmp_path: Path) -> None:
    provider = RealtimeKit(**TIMES)
    tasks = bulk.plan("realtimekit", tmp_path, since=FIRST, until=LAST, format="jsonl")
    with provider.client() as client:
        for task in tasks:
            bulk.run(task, client)
    day = tmp_path / f"day={FIRST.date()}"
    for name in ("_days-0123abcd", "_days-off", "day=2020-01-01"):
        (tmp_path / name).mkdir()
    mine = {
        "notes.txt",
        "_days-off/plan.txt",
        "day=2020-01-01/calls.csv",
        f"{day.name}/calls.backup.parquet",
        f"{day.name}/.calls.jsonl.mine.part",
    }
    ours = {f"{day.name}/.calls.jsonl.0123abcd.part", "._manifest.json.0123abcd.part"}
    for name in mine | ours:
        (tmp_path / name).write_bytes(b"")
    done = bulk.join(tmp_path)
    assert contents(tmp_path).keys() == {*mine, "_manifest.json", *(f.path for f in done.files)}
    assert not (tmp_path / "_days-0123abcd").exists()


def rows(path: Path) -> list[Any]:
    match path.suffix:
        case ".parquet":
            return list(pytest.importorskip("pyarrow.parquet").read_table(path).to_pylist())
        case ".jsonl":
            return [json.loads(line) for line in path.read_bytes().splitlines()]
        case _:
            with path.open(newline="", encoding="utf-8") as file:
                return list(csv.DictReader(file))


@pytest.mark.parametrize("kind", FORMATS)
def test_each_format_has_the_calls(kind: Any, tmp_path: Path) -> None:
    if kind == "parquet":
        pytest.importorskip("pyarrow")
    times = {f"{name}-ü,\n": time for name, time in TIMES.items()}
    done = exported(RealtimeKit(**times), tmp_path, format=kind)
    found = [row["id"] for file in done.files for row in rows(tmp_path / file.path)]
    assert found == [name for name, time in times.items() if FIRST <= time < LAST]


def test_a_table_has_lists_as_json_and_parts_as_columns(tmp_path: Path) -> None:
    exported(RealtimeKit(**TIMES), tmp_path, format="csv")
    with (tmp_path / f"day={FIRST.date()}" / "calls.csv").open(encoding="utf-8") as file:
        row = next(csv.DictReader(file))
    assert json.loads(row["links"]) == [{"provider": "realtimekit", "kind": "meeting", "id": "m"}]
    assert {"cost.amount", "cost.currency", "transcript.url"} <= row.keys()


def register(monkeypatch: pytest.MonkeyPatch, listed: Callable[..., Any]) -> None:
    """Have Zudu's calls listed otherwise, as an added package says it of its own."""
    for name in ("_by_model", "_by_provider"):
        monkeypatch.setattr(_conversions, name, dict[str, Any]())

    def record_of(call: Call) -> CallRecord[Any]:
        started = dt.datetime.fromtimestamp(call.start_timestamp or 0, dt.UTC)
        time = started if call.start_timestamp else None
        return CallRecord(
            provider="zudu", id=str(call.call_id), started_at=time, source=StoredSource({})
        )

    callrecords.register(
        callrecords.Conversion(provider="zudu", models=Call, convert=record_of, listed=listed)
    )


def test_a_plain_list_is_exported_and_nobody_knows_whether_it_is_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = [Call(call_id="1", start_timestamp=int(FIRST.timestamp())), Call(call_id="2")]
    register(monkeypatch, lambda _: calls)
    done = exported(Zudu(), tmp_path)
    assert ids(tmp_path) == ["1"]
    assert done.complete is None
    assert done.doubts == (
        "the provider does not say how many calls there are, or they changed",
        "calls without a time, which are left out: 1",
    )


def test_what_was_put_apart_by_the_day_is_gone_when_a_file_cannot_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    register(monkeypatch, lambda _: [Call(call_id="1", start_timestamp=int(FIRST.timestamp()))])
    full = mock.Mock(side_effect=OSError("No space left on device"))
    monkeypatch.setattr("callrecords.bulk._export.write_records", full)
    with pytest.raises(OSError, match="No space") as caught:
        exported(Zudu(), tmp_path)
    assert not [*tmp_path.glob("_days-*")]
    assert caught.tb  # of which the frames are still there


def test_calls_that_cannot_be_read_are_missing(tmp_path: Path) -> None:
    class Broken(RealtimeKit):
        def session(self, name: str, time: dt.datetime) -> Any:
            session = super().session(name, time)
            return {**session, "id": 7} if name == "call-1" else session

    done = exported(Broken(**TIMES), tmp_path)
    assert done.rows == len(IN_TIME) - 1
    assert done.complete is False
    assert "calls that cannot be read: 1" in done.doubts


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"since": LAST}, r"since \(2026-11-23T00:00:00Z\) must be before until"),
        ({"since": dt.datetime(2026, 11, 20)}, "need a time zone"),  # noqa: DTZ001 - so it is
        ({"since": FIRST.date()}, "a datetime with a time zone, or a text .* and no date"),
        ({"until": DAY}, "and no timedelta"),
        ({"since": "7days"}, "'7days' is no time such as 7d"),
        ({"since": "2001-01-01"}, "an export is of 3,660 days at most, and not of 9,457"),
        ({"format": "xml"}, "'xml' is no format; expected parquet, jsonl, csv"),
    ],
)
def test_what_cannot_be_exported_is_said(
    options: dict[str, Any], sentence: str, tmp_path: Path
) -> None:
    with pytest.raises(callrecords.ConfigurationError, match=sentence):
        exported(RealtimeKit(), tmp_path / "calls", **options)
    assert not (tmp_path / "calls").exists()


def test_times_may_be_texts_as_on_the_command_line(tmp_path: Path) -> None:
    done = exported(RealtimeKit(), tmp_path, since="2026-11-20", until="2026-11-21T01:00+01:00")
    assert (done.since, done.until) == (FIRST, FIRST + DAY)
    assert exported(RealtimeKit(), tmp_path / "week", since="7d", until=None).rows == 0


def test_a_client_that_is_awaited_is_refused_in_a_sentence(tmp_path: Path) -> None:
    client: Any = callrecords.AsyncZudu(api_key="a", api_secret="b")
    calls: list[Callable[[], object]] = [
        lambda: callrecords.export(client, tmp_path, since=FIRST),
        lambda: callrecords.archive(client, tmp_path, ids=["1"]),
        lambda: callrecords.reconcile(client, ids=["1"]),
    ]
    for call in calls:
        with pytest.raises(callrecords.ConfigurationError, match="AsyncZudu is awaited"):
            call()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({}, "which is finished: give another folder"),
        ({"format": "csv", "resume": True}, "holds an export of realtimekit as jsonl"),
    ],
)
def test_a_folder_that_holds_another_export_is_left_alone(
    options: dict[str, Any], sentence: str, tmp_path: Path
) -> None:
    exported(RealtimeKit(**TIMES), tmp_path)
    before = contents(tmp_path)
    with pytest.raises(callrecords.ConfigurationError, match=sentence):
        exported(RealtimeKit(), tmp_path, **options)
    assert contents(tmp_path) == before


def test_an_export_that_goes_on_keeps_its_times(tmp_path: Path) -> None:
    bulk.plan("realtimekit", tmp_path, since=FIRST, until=LAST, format="jsonl")
    with pytest.raises(callrecords.ConfigurationError, match=r"finish it with --resume"):
        exported(RealtimeKit(), tmp_path)
    done = exported(
        RealtimeKit(**TIMES), tmp_path, since=FIRST + DAY, until=LAST + DAY, resume=True
    )
    assert (done.since, done.until) == (FIRST, LAST)
    assert sorted(ids(tmp_path)) == sorted(IN_TIME)


@pytest.mark.parametrize("text", ["[]", "{}", '{"form": 2}', "torn"])
def test_a_manifest_of_something_else_is_left_alone(text: str, tmp_path: Path) -> None:
    (tmp_path / "_manifest.json").write_text(text, encoding="utf-8")
    with pytest.raises(callrecords.ConfigurationError, match="is no manifest of an export"):
        exported(RealtimeKit(), tmp_path, resume=True)


def test_calls_of_a_provider_without_a_list_are_not_exported(tmp_path: Path) -> None:
    with pytest.raises(callrecords.ConfigurationError, match="apifycloud has no list of calls"):
        bulk.plan("apifycloud", tmp_path, since=FIRST)


def test_parquet_without_pyarrow_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow.parquet", None)
    with pytest.raises(callrecords.ConfigurationError, match="need pyarrow"):
        exported(RealtimeKit(), tmp_path / "calls", format="parquet")
    assert list(tmp_path.iterdir()) == []


def test_a_task_writes_to_its_folder_from_whatever_folder_it_is_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    tasks = bulk.plan("realtimekit", "calls", since=FIRST, until=FIRST + DAY, format="jsonl")
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    with RealtimeKit(**TIMES).client() as client:
        bulk.run(tasks[0], client)
    assert list(Path.cwd().iterdir()) == []
    assert bulk.join(tmp_path / "calls").rows > 0


def test_progress_is_told(tmp_path: Path) -> None:
    told: list[bulk.Progress] = []
    exported(RealtimeKit(**TIMES), tmp_path, on_progress=told.append)
    assert [each.rows for each in told] == sorted(each.rows for each in told)
    assert (told[-1].rows, {each.of for each in told}) == (len(IN_TIME), {3})
