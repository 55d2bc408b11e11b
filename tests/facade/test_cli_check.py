"""``callrecords check``: what it reads, what it says of it, and how it ends."""

from __future__ import annotations

import io
import json
import os
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from callrecords_zudu._operations import get_call

import callrecords
from callrecords import DriftLog
from callrecords._packages import installed, read_provider
from callrecords.cli import _progress, main
from callrecords_runtime.operation import Success
from tests.facade.conftest import ARGUMENTS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from callrecords.sandbox import Sandbox
    from tests.facade.conftest import Server

GOOD = {"status": "success", "data": {"call_id": "call-456"}}
UNKNOWN_FIELD = {"status": "success", "data": {"call_id": "call-456", "mood": "calm"}}
WRONG_TYPE = {"status": "success", "data": {"call_id": "call-456", "from_number": 7}}
CREDENTIALS: dict[str, dict[str, str]] = {
    "zudu": ARGUMENTS["Zudu"],
    "cometchat": ARGUMENTS["CometChat"],
    "realtimekit": ARGUMENTS["RealtimeKit"],
}
UNDECODABLE = ["no object"]


class Ran(NamedTuple):
    """What came of a command."""

    exit_code: int
    output: str
    errors: str


@pytest.fixture(autouse=True)
def _no_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in ("FORCE_COLOR", "NO_COLOR", "TTY_COMPATIBLE", "TTY_INTERACTIVE"):
        monkeypatch.delenv(variable, raising=False)


@pytest.fixture
def check(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Callable[..., Ran]:
    """Runs ``check zudu get_call`` where the files are, unless it is told another operation."""
    monkeypatch.chdir(tmp_path)

    def check(*arguments: str, operation: tuple[str, str] = ("zudu", "get_call")) -> Ran:
        exit_code = main(["check", *operation, *arguments])
        output, errors = capsys.readouterr()
        return Ran(exit_code, output, errors)

    return check


@pytest.fixture
def record(tmp_path: Path) -> Callable[..., str]:
    """Writes bodies to a file, one a line, and returns its name."""

    def record(*bodies: Any, name: str = "calls.jsonl") -> str:
        text = "\n".join(body if isinstance(body, str) else json.dumps(body) for body in bodies)
        (tmp_path / name).write_text(text, encoding="utf-8")
        return name

    return record


@pytest.mark.parametrize(
    ("provider", "operation"),
    [(provider, name) for provider in installed() for name in read_provider(provider).operations],
)
def test_the_documented_answers_of_every_operation_have_no_drift(
    check: Callable[..., Ran],
    record: Callable[..., str],
    callrecords_sandbox: Sandbox,
    provider: str,
    operation: str,
) -> None:
    examples = callrecords_sandbox.examples(provider, operation)
    bodies = [example.body for example in examples if not example.is_error]
    assert bodies
    ran = check(record(*bodies), operation=(provider, operation))
    assert (ran.exit_code, ran.errors) == (0, "")
    assert ran.output.endswith(": 0 with drift, 0 that cannot be decoded\n")


def test_drift_is_a_table_with_the_first_place_and_a_count(
    check: Callable[..., Ran], record: Callable[..., str]
) -> None:
    ran = check(record(GOOD, UNKNOWN_FIELD, WRONG_TYPE, UNKNOWN_FIELD))
    assert (ran.exit_code, ran.errors) == (1, "")
    assert (
        ran.output
        == """\
place          path                kind           expected            actual  count
calls.jsonl:3  $.data.from_number  type           string              7       1
calls.jsonl:2  $.data.mood         unknown field  a documented field  "calm"  2
4 bodies: 3 with drift, 0 that cannot be decoded
"""
    )


@pytest.mark.parametrize(
    ("body", "operation"),
    [
        ({}, ("zudu", "get_call")),
        ({"status": "error"}, ("zudu", "get_call")),
        ({"status": "error", "message": "no", "data": {}}, ("zudu", "get_call")),
        ({"data": []}, ("cometchat", "get_call")),
        ({"data": [{}, {}]}, ("cometchat", "get_call")),
        ({"success": False, "data": {}}, ("realtimekit", "list_sessions")),
        ({"success": True, "data": {"sessions": 5}}, ("realtimekit", "list_sessions")),
    ],
)
def test_what_a_client_refuses_is_refused(
    check: Callable[..., Ran],
    record: Callable[..., str],
    server: Server,
    body: Any,
    operation: tuple[str, str],
) -> None:
    ran = check(record(body), operation=operation)
    assert ran.exit_code == 1
    assert "(cannot be decoded)" in ran.output
    assert ran.output.endswith("\n1 body: 0 with drift, 1 that cannot be decoded\n")
    server.answer(body)
    provider, method = operation
    with callrecords.client_for(provider, base_url=server.url, **CREDENTIALS[provider]) as client:
        called = getattr(client, method)
        with pytest.raises(callrecords.ResponseError):
            list(called()) if method.startswith("list") else called("id")


def test_what_cannot_be_decoded_is_told_apart(
    check: Callable[..., Ran], record: Callable[..., str]
) -> None:
    ran = check(record(UNDECODABLE))
    assert ran.exit_code == 1
    assert "type (cannot be decoded)" in ran.output
    assert ran.output.endswith("\n1 body: 0 with drift, 1 that cannot be decoded\n")


def test_a_missing_field_has_no_actual_value(
    check: Callable[..., Ran], record: Callable[..., str]
) -> None:
    body = {"data": {"chat_download_url": "https://chats.example/1.csv"}}
    ran = check(record(body), operation=("realtimekit", "get_chat"))
    assert ran.exit_code == 1
    [row] = [line for line in ran.output.splitlines() if "chat_download_url_expiry" in line]
    assert row.endswith("missing (cannot be decoded)  a required field  -       1")


def test_json_is_what_a_drift_log_saves(
    check: Callable[..., Ran], record: Callable[..., str], tmp_path: Path
) -> None:
    file = record(UNKNOWN_FIELD, UNKNOWN_FIELD, UNDECODABLE)
    ran = check(file, "--json")
    assert (ran.exit_code, ran.errors) == (1, "")
    (tmp_path / "drift.jsonl").write_text(ran.output, encoding="utf-8")
    loaded = DriftLog.load(tmp_path / "drift.jsonl")
    assert [(drift.path, drift.kind, drift.count) for drift in loaded] == [
        ("$", "type", 1),
        ("$.data.mood", "unknown field", 2),
    ]
    assert [drift.to_dict() for drift in loaded] == list(map(json.loads, ran.output.splitlines()))


def test_json_prints_nothing_without_drift(
    check: Callable[..., Ran], record: Callable[..., str]
) -> None:
    assert check(record(GOOD), "--json") == (0, "", "")


@pytest.mark.parametrize(
    ("text", "bodies"),
    [
        (json.dumps(GOOD), "1 body"),
        (json.dumps(GOOD, indent=2), "1 body"),
        (f"\n\n{json.dumps(GOOD)}\n\n", "1 body"),
        (f"{json.dumps(GOOD)}\r\n\r\n{json.dumps(GOOD)}\r\n", "2 bodies"),
    ],
    ids=["one line", "several lines", "blank lines around", "JSON lines"],
)
def test_a_body_and_json_lines_are_told_apart_by_content(
    check: Callable[..., Ran], record: Callable[..., str], text: str, bodies: str
) -> None:
    ran = check(record(text))
    assert (ran.exit_code, ran.output.partition(":")[0]) == (0, bodies)


def test_a_dash_is_standard_input_and_goes_with_files(
    check: Callable[..., Ran], record: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    text = f"{json.dumps(GOOD)}\n{json.dumps(WRONG_TYPE)}\n"
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
    ran = check(record(GOOD), "-")
    assert "\n<stdin>:2  $.data.from_number" in ran.output
    assert ran.output.endswith("\n3 bodies: 1 with drift, 0 that cannot be decoded\n")


def test_lines_are_judged_before_the_next_one_is_read(
    check: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch
) -> None:
    judged: list[Any] = []
    seen: list[int] = []

    class Stream(io.BytesIO):
        def __next__(self) -> bytes:
            seen.append(len(judged))
            return super().__next__()

    def from_dict(body: Any) -> None:
        judged.append(body)

    successes = {"200": Success("json", from_dict)}
    monkeypatch.setattr(get_call, "OPERATION", get_call.OPERATION._replace(successes=successes))
    lines = f"{json.dumps(GOOD)}\n".encode() * 3
    monkeypatch.setattr("sys.stdin", type("Input", (), {"buffer": Stream(lines)}))
    assert check("-").exit_code == 0
    assert seen == [0, 1, 2, 3]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ('{"status": "success"}\n\n{"status":\n', "calls.jsonl:3:11"),
        ('\n{\n  "status": success\n}\n', "calls.jsonl:3:13"),
        ("no JSON", "calls.jsonl:1:1"),
        ('{"status": NaN}', "calls.jsonl:1"),
        ("[" * 100_000, "calls.jsonl:1"),
    ],
    ids=["in JSON lines", "in a body", "at once", "no JSON value", "too deep"],
)
def test_what_is_no_json_is_named_with_its_line_and_column(
    check: Callable[..., Ran], record: Callable[..., str], text: str, place: str
) -> None:
    ran = check(record(text))
    assert (ran.exit_code, ran.output) == (2, "")
    assert ran.errors.startswith(f"callrecords: {place}: expected JSON: ")
    assert ran.errors.count("\n") == 1


@pytest.mark.parametrize(
    ("arguments", "operation", "sentence"),
    [
        (["-"], ("vonage", "get_call"), "there is no package for 'vonage'; there are apifycloud, "),
        (["-"], ("zudu", "get_cal"), "has no operation 'get_cal'; did you mean 'get_call'?\n"),
        (["-"], ("Zudu", "xyz"), "zudu has no operation 'xyz'; it has assign_agent_webhook, "),
        ([], ("zudu", "get_call"), "'FILE...'"),
        (["absent.json"], ("zudu", "get_call"), "absent.json cannot be read: No such file"),
        (["."], ("zudu", "get_call"), ". cannot be read: "),
        ([os.devnull], ("zudu", "get_call"), f"{os.devnull} is empty: expected a JSON body"),
    ],
)
def test_what_cannot_be_carried_out_is_one_sentence(
    check: Callable[..., Ran], arguments: list[str], operation: tuple[str, str], sentence: str
) -> None:
    ran = check(*arguments, operation=operation)
    assert (ran.exit_code, ran.output) == (2, "")
    assert sentence in ran.errors
    assert ran.errors.count("\n") == 1


def test_a_terminal_gets_a_coloured_table_and_the_summary(
    check: Callable[..., Ran], record: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "160")
    output = check(record(UNKNOWN_FIELD)).output
    assert "\x1b[36m" in output
    assert "$.data.mood" in output
    assert output.endswith("\n1 body: 1 with drift, 0 that cannot be decoded\n")


def test_long_values_can_be_read_in_a_narrow_terminal(
    check: Callable[..., Ran], record: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "80")
    lines = check(record({"data": {"start_timestamp": "long " * 300}})).output.splitlines()
    assert len(lines) < 12
    assert max(map(len, lines)) <= 80
    assert "$.data.start_timestamp  type" in lines[0]
    assert "characters more" in " ".join(lines)


def test_the_body_of_a_documented_payload_is_judged_with_its_status(
    check: Callable[..., Ran], record: Callable[..., str]
) -> None:
    payload = {"source": "a page", "origin": "printed", "request": {}, "status": 200}
    ran = check(record({**payload, "body": WRONG_TYPE}, {**payload, "status": 404, "body": {}}))
    assert "$.data.from_number" in ran.output
    assert ran.output.endswith(
        "\n1 body: 1 with drift, 0 that cannot be decoded; 1 of errors not judged\n"
    )


def test_the_body_of_a_documented_payload_may_be_any_json(
    check: Callable[..., Ran], record: Callable[..., str]
) -> None:
    payload = {"source": "a page", "origin": "printed", "request": {}, "status": 200}
    body = {"data": {"start_timestamp": 2**70, "x": "\ud83d"}}
    assert check(record({**payload, "body": body})).output.endswith("that cannot be decoded\n")


def test_steering_characters_of_a_body_reach_no_terminal(
    check: Callable[..., Ran], record: Callable[..., str]
) -> None:
    body = {"data": {"call_id": "1", "\u202emood": "\u009b31m"}}
    for options in [[], ["--json"]]:
        output = check(record(body), *options).output
        assert "\\u202emood" in output
        assert not {"\u202e", "\u009b"} & set(output)


@pytest.mark.parametrize(("files", "shown"), [(1, False), (3, True)])
def test_progress_is_shown_for_several_files(
    check: Callable[..., Ran],
    record: Callable[..., str],
    monkeypatch: pytest.MonkeyPatch,
    files: int,
    *,
    shown: bool,
) -> None:
    def can_show(_: object) -> bool:
        return True

    monkeypatch.setattr(_progress, "_can_show", can_show)
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TTY_INTERACTIVE", "1")
    names = [record(GOOD, name=f"{number}.json") for number in range(files)]
    assert ("Checking files: 2 of 3" in check(*names).errors) is shown


@pytest.mark.exact
@pytest.mark.parametrize(
    ("words", "completions"),
    [
        ("callrecords check c", ["cometchat"]),
        ("callrecords check zudu list_c", ["list_calls"]),
        ("callrecords check realtimekit list_p", ["list_participants", "list_presets"]),
        ("callrecords check vonage ", []),
    ],
)
def test_shells_complete_providers_and_operations(
    check: Callable[..., Ran],  # noqa: ARG001 - for the working directory
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    words: str,
    completions: list[str],
) -> None:
    monkeypatch.setenv("_CALLRECORDS_COMPLETE", "complete_bash")
    monkeypatch.setenv("COMP_WORDS", words)
    monkeypatch.setenv("COMP_CWORD", str(len(words.split(" ")) - 1))
    main([])
    assert capsys.readouterr().out.split() == completions
