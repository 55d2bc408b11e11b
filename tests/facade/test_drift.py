"""What a client reports of answers that are not what the definition says."""

from __future__ import annotations

import copy
import datetime as dt
import json
import logging
import multiprocessing
import os
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pytest

import callrecords
from callrecords import UNSET, Drift, DriftError, DriftKind, DriftLog
from callrecords_runtime.drift import Deviation, drift_of, kept
from callrecords_runtime.drift_log import LogOnce

if TYPE_CHECKING:
    from pytest_httpserver import HTTPServer

ROOT = Path(__file__).parents[2]
ONGOING = json.loads((ROOT / "specs/zudu/payloads/get_call/ongoing.json").read_text())["body"]


@pytest.fixture
def answered(httpserver: HTTPServer) -> Any:
    """Fetches a call whose answer is the documented one, with some members of ``data`` changed."""

    def fetch(on_drift: Any, **changes: Any) -> Any:
        body = copy.deepcopy(ONGOING)
        body["data"].update(changes)
        httpserver.expect_request("/api/calls/x").respond_with_json(body)
        url = httpserver.url_for("")
        with callrecords.Zudu(
            api_key="k", api_secret="s", base_url=url, on_drift=on_drift
        ) as client:
            return client.get_call("x")

    return fetch


CASES: list[tuple[str, Any, str, DriftKind]] = [
    ("surprise", {"a": 1}, "$.data.surprise", DriftKind.UNKNOWN_FIELD),
    ("call_status", "PAUSED", "$.data.call_status", DriftKind.UNKNOWN_MEMBER),
    ("agent_id", None, "$.data.agent_id", DriftKind.NULL),
    ("agent_id", 5, "$.data.agent_id", DriftKind.TYPE),
    ("events", {"a": 1}, "$.data.events", DriftKind.TYPE),
    ("events", [5], "$.data.events[*]", DriftKind.TYPE),
    ("latency", [], "$.data.latency", DriftKind.TYPE),
]


@pytest.mark.parametrize(("name", "value", "path", "kind"), CASES)
def test_drift_is_told_with_its_place_and_its_kind(
    answered: Any, name: str, value: Any, path: str, kind: DriftKind
) -> None:
    log = DriftLog()
    answered(log, **{name: value})
    (drift,) = log
    assert (drift.provider, drift.operation) == ("zudu", "get_call")
    assert (drift.path, drift.kind, drift.count) == (path, kind, 1)


@pytest.mark.parametrize(("name", "value"), [("agent_id", 5), ("agent_id", None), ("events", {})])
def test_a_value_that_does_not_fit_is_set_aside_and_kept(
    answered: Any, name: str, value: Any
) -> None:
    call = answered("ignore", **{name: value})
    assert getattr(call, name) is UNSET
    assert call[name] == value
    assert call.to_dict()[name] == value


def test_an_unknown_field_and_an_unknown_member_are_kept(answered: Any) -> None:
    call = answered("ignore", surprise=1, call_status="PAUSED")
    assert call["surprise"] == 1
    assert not call.call_status.is_known
    assert call.call_status == "PAUSED"


def test_an_answer_that_fits_is_no_drift(answered: Any) -> None:
    log = DriftLog()
    answered(log)
    assert len(log) == 0


def test_drift_is_logged_once_for_each_place_and_kind(
    httpserver: HTTPServer, caplog: pytest.LogCaptureFixture
) -> None:
    body = {"data": {"agent_id": 5, "surprise": 1}}
    httpserver.expect_request("/api/calls/x").respond_with_json(body)
    with (
        callrecords.Zudu(api_key="k", api_secret="s", base_url=httpserver.url_for("")) as client,
        caplog.at_level(logging.WARNING, "callrecords.drift"),
    ):
        for _ in range(3):
            client.get_call("x")
    told = [record.message for record in caplog.records if record.name == "callrecords.drift"]
    assert sorted(told) == [
        "zudu get_call: $.data.agent_id: type: expected string, got 5",
        "zudu get_call: $.data.surprise: unknown field: expected a documented field, got 1",
    ]


def test_drift_can_be_an_error_with_all_of_it(answered: Any) -> None:
    with pytest.raises(DriftError) as caught:
        answered("raise", agent_id=5, surprise=1)
    assert {drift.path for drift in caught.value.drift} == {"$.data.agent_id", "$.data.surprise"}


def test_anything_callable_is_told_each_drift(answered: Any) -> None:
    seen: list[Drift] = []
    answered(seen.append, agent_id=5)
    assert [drift.actual for drift in seen] == [5]


def test_a_copy_may_treat_drift_in_another_way(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/api/calls/x").respond_with_json({"data": {"agent_id": 5}})
    with callrecords.Zudu(
        api_key="k", api_secret="s", base_url=httpserver.url_for(""), on_drift="ignore"
    ) as client:
        client.get_call("x")
        with pytest.raises(DriftError):
            client.with_options(on_drift="raise").get_call("x")


def test_what_is_no_way_to_treat_drift_is_refused() -> None:
    with pytest.raises(callrecords.ConfigurationError, match="on_drift must be"):
        callrecords.ApifyCloud(on_drift="explode")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


def drift(**changes: Any) -> Drift:
    facts: dict[str, Any] = {
        "provider": "zudu",
        "operation": "get_call",
        "path": "$.data.agent_id",
        "kind": "type",
        "expected": "string",
        "actual": 5,
        "first_seen": "2026-01-02T00:00:00+00:00",
        "last_seen": "2026-01-02T00:00:00+00:00",
        "count": 1,
    }
    return Drift.from_dict({**facts, **changes})


def test_a_log_counts_and_keeps_the_first_and_the_last_time() -> None:
    log = DriftLog()
    log(drift())
    log(drift(last_seen="2026-01-05T00:00:00+00:00"))
    log(drift(first_seen="2026-01-01T00:00:00+00:00", actual=6))
    (together,) = log
    assert together.count == 3
    assert together.first_seen.day == 1
    assert together.last_seen.day == 5


def test_unknown_members_are_counted_apart_and_other_values_by_type() -> None:
    log = DriftLog()
    for actual in ("PAUSED", "PAUSED", "HELD"):
        log(drift(kind="unknown member", actual=actual))
    for value in (1, 2, None):
        log(drift(actual=value))
    assert sorted(each.count for each in log) == [1, 1, 2, 2]


def test_a_log_counts_right_in_many_threads() -> None:
    log = DriftLog()

    def count() -> None:
        for _ in range(500):
            log(drift())

    threads = [threading.Thread(target=count) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [each.count for each in log] == [4000]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there are no forks")
@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")
def test_a_forked_process_does_not_wait_for_who_counts_in_the_other() -> None:
    counting, forked = threading.Event(), threading.Event()

    class Slow:
        @property
        def identity(self) -> tuple[str, ...]:
            counting.set()
            assert forked.wait(20)
            return drift().identity

    log = DriftLog()
    thread = threading.Thread(target=log, args=(cast("Drift", Slow()),))
    thread.start()
    assert counting.wait(20)
    child = multiprocessing.get_context("fork").Process(target=log, args=(drift(),), daemon=True)
    child.start()
    child.join(20)
    forked.set()
    thread.join()
    assert child.exitcode == 0


def test_logs_of_several_processes_are_saved_and_loaded_together(tmp_path: Path) -> None:
    one, other = DriftLog(), DriftLog()
    one(drift())
    other(drift())
    other(drift(path="$.data.x", kind="unknown field", actual={"deep": [1, None]}))
    one.save(tmp_path / "one.jsonl")
    other.save(tmp_path / "other.jsonl")
    together = DriftLog.load(tmp_path / "one.jsonl", tmp_path / "other.jsonl")
    one.merge(other)
    assert list(together) == list(one)
    assert [each.count for each in together] == [2, 1]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["one.jsonl", "other.jsonl"]


@pytest.mark.parametrize("line", ["{", "[]", "{}", '{"provider": 5}', "null"])
def test_a_line_that_is_no_drift_is_named(tmp_path: Path, line: str) -> None:
    path = tmp_path / "drift.jsonl"
    path.write_text(f"\n{line}\n")
    with pytest.raises(callrecords.ConfigurationError, match=r"drift\.jsonl:2: "):
        DriftLog.load(path)


def test_a_long_value_is_not_kept_whole(answered: Any) -> None:
    log = DriftLog()
    answered(log, surprise="x" * 5000)
    (seen,) = log
    assert seen.actual == "(string of 5,000 characters)"


def unknown(path: str, operation: str = "get_call") -> Drift:
    now = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    deviation = Deviation((path,), DriftKind.UNKNOWN_FIELD, "a documented field", 5)
    return drift_of("zudu", operation, [deviation], now)[0]


def test_an_operation_is_warned_of_so_many_times_an_hour(caplog: pytest.LogCaptureFixture) -> None:
    seconds = [0.0]
    tell = LogOnce(lambda: seconds[0])
    for number in range(10_000):
        tell(unknown(f"field{number}"))
    tell(unknown("other", "get_calls"))
    lines = [record.getMessage() for record in caplog.records]
    assert len(lines) == 22
    assert lines[20] == "zudu get_call: more differs, and is counted for now"
    seconds[0] = 3600.0
    caplog.clear()
    tell(unknown("later"))
    tell(unknown("field1"))  # was told
    lines = [record.getMessage() for record in caplog.records]
    assert lines[0] == "zudu get_call: 9980 more differences before"
    assert len(lines) == 2


def test_a_drift_log_has_a_bound() -> None:
    log = DriftLog(most=2)
    for path in ("a", "b", "c", "a", "d"):
        log(unknown(path))
    assert [each.path for each in log] == ["$.a", "$.b"]
    assert log.left_out == 2
    other = DriftLog()
    other.merge(log)
    assert other.left_out == 2


def test_a_log_that_is_larger_than_usual_is_loaded_whole(tmp_path: Path) -> None:
    log = DriftLog(most=10_001)
    for number in range(10_001):
        log(unknown(f"field{number}"))
    log.save(tmp_path / "drift.jsonl")
    assert len(DriftLog.load(tmp_path / "drift.jsonl")) == 10_001


def test_names_and_paths_of_drift_are_cut() -> None:
    assert len(unknown("x" * 1_000_000).path) < 300
    deep = Deviation(("x" * 150,) * 1000, DriftKind.TYPE, "string", 5)
    now = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    assert len(drift_of("zudu", "get_call", [deep], now)[0].path) < 2100


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ([[]] * 5_000_000, "(array of 5,000,000 items)"),
        ({"a": ["x" * 5000]}, "(object of 1 members)"),
        ({"a": [1, None, {"b": "c" * 900}]}, {"a": [1, None, {"b": "c" * 900}]}),
        (10**5000, "(integer that is no plain JSON)"),
    ],
    ids=["many", "long inside", "short", "digits"],
)
def test_no_more_of_a_value_is_looked_at_than_shows_that_it_is_large(value: Any, told: Any) -> None:
    assert kept(value) == told
