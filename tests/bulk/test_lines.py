"""JSON lines are read as a client reads answers, one by one or many at once."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

import callrecords
from callrecords.bulk import _lines, read_jsonl
from callrecords_runtime.drift_log import DriftLog
from codegen.providers.payloads import read_payloads
from codegen.providers.provider import read_provider
from tests.imports import ROOT

if TYPE_CHECKING:
    from pathlib import Path


def bodies(provider: str, operation: str) -> list[Any]:
    payloads = read_payloads(read_provider(ROOT, provider))
    return [each.body for each in payloads if each.operation == operation and each.status == 200]


def written(path: Path, *values: Any) -> Path:
    file = path / "lines.jsonl"
    file.write_text("\n".join(map(json.dumps, values)) + "\n\n", encoding="utf-8")
    return file


SESSIONS = [
    session
    for body in bodies("realtimekit", "list_sessions")
    for session in body["data"]["sessions"]
]

CALL = ("zudu", "get_call", json.dumps(bodies("zudu", "get_call")[0]))


@pytest.mark.parametrize(
    ("provider", "operation"),
    [("zudu", "get_call"), ("cometchat", "list_calls"), ("realtimekit", "list_sessions")],
)
def test_a_line_is_what_the_client_makes_of_the_answer(
    provider: str, operation: str, tmp_path: Path
) -> None:
    stored = bodies(provider, operation)
    found = list(read_jsonl(provider, operation, written(tmp_path, *stored)))
    expected: list[Any] = []
    for body in stored:
        one: Any = callrecords.decode(provider, operation, json.dumps(body))
        expected += one if isinstance(one, list | callrecords.Page) else [one]
    assert found == expected
    assert found


def test_a_file_may_begin_with_a_byte_order_mark(tmp_path: Path) -> None:
    file = written(tmp_path, *SESSIONS)
    plain = [session.to_dict() for session in read_jsonl("realtimekit", "list_sessions", file)]
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes())
    marked = [session.to_dict() for session in read_jsonl("realtimekit", "list_sessions", file)]
    assert marked == plain == SESSIONS


def test_a_line_may_be_one_item_of_a_list(tmp_path: Path) -> None:
    file = written(tmp_path, *SESSIONS)
    found = list(read_jsonl("realtimekit", "list_sessions", file))
    assert [session.to_dict() for session in found] == SESSIONS


def test_items_are_the_same_once_many_were_read(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    changed = [{**SESSIONS[0], "new": 1}, {**SESSIONS[0], "ended_at": "2024-01-01T00:00:00+01:00"}]
    page = {"success": True, "data": {"sessions": SESSIONS}}
    values = [*SESSIONS, page, {**SESSIONS[0], "status": "PAUSED"}, *changed, *SESSIONS, {"id": 7}]
    file = written(tmp_path, *values * 2)
    found: list[list[Any]] = []
    drift = DriftLog(), DriftLog()
    for much, log in zip((10**9, 0), drift, strict=True):
        monkeypatch.setattr("callrecords_runtime.structs._LITTLE", much)
        found.append(list(read_jsonl("realtimekit", "list_sessions", file, on_drift=log)))
    at_first, later = found
    assert at_first == later
    assert [each.to_dict() for each in at_first] == [each.to_dict() for each in later]
    told, told_later = ({each.identity: each.count for each in log} for log in drift)
    assert told == told_later != {}


def test_an_item_that_is_none_is_left_out_and_told_as_drift(tmp_path: Path) -> None:
    drift = DriftLog()
    file = written(tmp_path, SESSIONS[0], {"id": 7}, SESSIONS[1])
    found = list(read_jsonl("realtimekit", "list_sessions", file, on_drift=drift))
    assert [session.id for session in found] == [SESSIONS[0]["id"], SESSIONS[1]["id"]]
    assert {each.path for each in drift} >= {"$.data.sessions[*].id"}


def test_an_item_with_a_field_set_aside_stays_beside_one_that_is_none(tmp_path: Path) -> None:
    drift = DriftLog()
    odd = {**SESSIONS[0], "id": "odd", "ended_at": "yesterday"}
    file = written(tmp_path, {"id": 7}, odd, SESSIONS[0])
    found = list(read_jsonl("realtimekit", "list_sessions", file, on_drift=drift))
    assert [session.to_dict() for session in found] == [odd, SESSIONS[0]]
    assert {each.path for each in drift} >= {"$.data.sessions[*].ended_at"}


def test_half_a_character_and_deep_nesting_are_told_as_what_is_no_answer(tmp_path: Path) -> None:
    file = tmp_path / "lines.jsonl"
    deep = "[" * 600 + "]" * 600
    file.write_text(json.dumps({"name": "\ud800"})[:-1] + f', "deep": {deep}}}\n', encoding="utf-8")
    with pytest.raises(callrecords.DecodeError) as caught:
        list(read_jsonl("realtimekit", "list_apps", file))
    assert caught.value.__notes__ == [f"{file}:1"]


@pytest.mark.parametrize("first", [SESSIONS[0], {"success": True, "data": {"sessions": SESSIONS}}])
def test_a_line_that_is_no_json_is_named_whatever_came_before_it(
    first: Any, tmp_path: Path
) -> None:
    file = written(tmp_path, first, first, SESSIONS[0])
    file.write_text(file.read_text("utf-8") + "{torn", encoding="utf-8")
    with pytest.raises(callrecords.DecodeError) as caught:
        list(read_jsonl("realtimekit", "list_sessions", file))
    assert caught.value.__notes__ == [f"{file}:5"]


def test_items_are_read_many_at_a_time_and_no_further_than_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_lines, "_TOGETHER", 3)
    file = written(tmp_path, *[{**SESSIONS[0], "id": str(number)} for number in range(8)])
    found = read_jsonl("realtimekit", "list_sessions", file)
    assert [session.id for session in found] == [str(number) for number in range(8)]


def test_items_and_answers_take_turns(tmp_path: Path) -> None:
    answer = {"success": True, "data": {"sessions": SESSIONS}}
    file = written(tmp_path, SESSIONS[0], answer, SESSIONS[1], SESSIONS[0], answer)
    found = list(read_jsonl("realtimekit", "list_sessions", file))
    expected = [SESSIONS[0], *SESSIONS, SESSIONS[1], SESSIONS[0], *SESSIONS]
    assert [session.id for session in found] == [session["id"] for session in expected]


@pytest.mark.parametrize("before", [(), (SESSIONS[0],)])
def test_two_items_in_a_line_are_no_line(before: Any, tmp_path: Path) -> None:
    file = written(tmp_path, *before, SESSIONS[0])
    line = json.dumps(SESSIONS[0])
    file.write_text(file.read_text("utf-8").strip() + f",{line}\n", encoding="utf-8")
    with pytest.raises(callrecords.DecodeError) as caught:
        list(read_jsonl("realtimekit", "list_sessions", file))
    assert caught.value.__notes__ == [f"{file}:{len(before) + 1}"]


def test_two_items_in_a_line_are_none_though_another_is_torn_in_two(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("callrecords_runtime.structs._LITTLE", 0)
    file = tmp_path / "lines.jsonl"
    line = json.dumps(SESSIONS[0])
    file.write_text("\n".join([line, line + line, line.replace(", ", ",\n", 1)]), encoding="utf-8")
    with pytest.raises(callrecords.DecodeError) as caught:
        list(read_jsonl("realtimekit", "list_sessions", file))
    assert caught.value.__notes__ == [f"{file}:2"]


def test_what_is_before_a_record_is_read(tmp_path: Path) -> None:
    record = json.loads(callrecords.record(callrecords.decode(*CALL)).to_json())
    items = read_jsonl("realtimekit", "list_sessions", written(tmp_path, SESSIONS[0], record))
    assert next(items).id == SESSIONS[0]["id"]
    with pytest.raises(callrecords.ConfigurationError, match=":2 is a record"):
        next(items)


def test_records_are_said_to_be_no_answers(tmp_path: Path) -> None:
    with_items = read_jsonl("realtimekit", "list_sessions", written(tmp_path, *SESSIONS))
    lines = [json.loads(each.to_json()) for each in callrecords.records(with_items)]
    file = written(tmp_path, *lines)
    with pytest.raises(callrecords.ConfigurationError, match=r":1 is a record.*from_json reads it"):
        list(read_jsonl("realtimekit", "list_sessions", file))


def test_an_unknown_operation_is_said_at_once() -> None:
    with pytest.raises(callrecords.ConfigurationError, match="zudu has no operation 'get_cal'"):
        read_jsonl("zudu", "get_cal", "nowhere.jsonl")
