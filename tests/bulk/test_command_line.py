"""The commands for many calls, against the sandbox."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from callrecords import bulk
from callrecords.cli import main
from callrecords.cli._failures import failure_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from callrecords.sandbox import Sandbox

DAYS = ("--since", "2023-02-01", "--until", "2023-02-03")
DONE = "2 calls of realtimekit from 2023-02-01 00:00:00Z to 2023-02-03 00:00:00Z, in calls"
SESSION = "182bd5e5-6e1a-4fe4-a799-aa6d9a6ab26e"


@pytest.fixture
def run(
    callrecords_sandbox: Sandbox,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Callable[..., tuple[int, str, str]]:
    """Runs a command in an empty folder: its exit code, and what it printed."""
    monkeypatch.chdir(tmp_path)

    def run(command: str, provider: str, *arguments: str) -> tuple[int, str, str]:
        url = callrecords_sandbox.url(provider)
        code = main([command, provider, *arguments, "--base-url", url])
        output, error = capsys.readouterr()
        return code, output, error

    return run


def test_export_says_what_there_is_and_that_it_is_all(run: Any, tmp_path: Path) -> None:
    arguments = (*DAYS, "--format", "jsonl", "--output", "calls")
    assert run("export", "realtimekit", *arguments) == (
        0,
        f"{DONE}: complete, by the provider's own totals\n",
        "",
    )
    lines = (tmp_path / "calls/day=2023-02-01/calls.jsonl").read_text("utf-8").splitlines()
    assert [json.loads(line)["provider"] for line in lines] == ["realtimekit"] * 2
    code, _, error = run("export", "realtimekit", *arguments)
    assert code == 2
    assert "which is finished: give another folder" in error
    code, output, error = run("export", "realtimekit", *arguments, "--resume")
    assert (code, error) == (0, "")
    later = ("--since", "2023-02-02", *arguments[2:])
    found = run("export", "realtimekit", *later, "--resume")
    assert found == (0, output, "callrecords: it was begun for these times, not for those given\n")


def test_export_without_all_calls_says_so_and_ends_with_1(run: Any) -> None:
    arguments = ("--since", "2023-12-20", "--until", "2023-12-21", "--format", "csv")
    code, output, _ = run("export", "zudu", *arguments, "--output", "calls")
    assert code == 1
    assert output == (
        "1 call of zudu from 2023-12-20 00:00:00Z to 2023-12-21 00:00:00Z, in calls: not complete: "
        "there are 25 calls by the provider's word, 1 came\n"
    )


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--since", "7x"), "'7x' is no time such as"),
        (("--since", "7days"), "such as 7d, 12h, 2026-11-21"),
        (("--since", "99999d"), "at most"),
        (("--since", "999999d"), "'999999d' is no time such as"),
        (("--since", "1d", "--until", "12h", "--format", "xml"), "'xml' is no format"),
        (("--since", "1h", "--until", "2d"), "must be before until"),
        ((), "Missing option '--since'"),
    ],
)
def test_what_cannot_be_exported_is_one_sentence(
    arguments: tuple[str, ...], sentence: str, run: Any
) -> None:
    code, _, error = run("export", "zudu", *arguments, "--output", "calls")
    assert code == 2
    assert sentence in error
    assert error.count("\n") == 1


def test_export_that_is_broken_off_says_how_to_go_on(
    run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(bulk, "export", interrupted)
    sentence = "callrecords: interrupted; the same command with --resume goes on\n"
    assert run("export", "zudu", "--since", "7d", "--output", "calls") == (130, "", sentence)


def test_output_onto_a_file_names_it(tmp_path: Path) -> None:
    file = tmp_path / "calls"
    file.touch()
    with pytest.raises(FileExistsError) as caught:
        bulk.plan("zudu", file, since="7d", format="csv")
    assert failure_of(caught.value) == (1, f"the output cannot be written: File exists: {file}")


def test_reconcile_of_calls_without_figures_says_so(run: Any) -> None:
    code, output, _ = run("reconcile", "zudu", "call-456")
    assert code == 0
    assert "none: the provider says nothing of these calls to compare" in output


def test_archive_prints_digests_and_says_what_is_missing(
    run: Any, callrecords_sandbox: Sandbox
) -> None:
    body: Any = callrecords_sandbox.examples("zudu", "get_call")[0].body
    address = callrecords_sandbox.add_file("one.mp4", b"a recording")
    data = {**body["data"], "recording_url": address, "transcript": None, "call_status": "ended"}
    callrecords_sandbox.misbehave("zudu", "get_call", json={**body, "data": data})
    code, output, error = run("archive", "zudu", "call-456", "none", "--output", "kept")
    assert code == 1
    assert output.endswith("  kept/call-456/recording-1.mp4\n")
    assert error.startswith("callrecords: 2 calls: files 1 fetched, 0 there before")


def test_archive_and_reconcile_take_a_time_or_ids(run: Any) -> None:
    for command, arguments in {"archive": ("--output", "kept"), "reconcile": ()}.items():
        code, _, error = run(command, "zudu", *arguments)
        assert (code, error) == (2, "callrecords: give either --since, or the ids of calls\n")


def test_reconcile_shows_what_differs_and_why(run: Any) -> None:
    code, output, _ = run("reconcile", "realtimekit", SESSION)
    assert code == 1
    assert "participant minutes  2.3434    5.8097   -3.4663" in output
    assert "goes on" in output
    code, output, _ = run("reconcile", "realtimekit", SESSION, "--json")
    assert code == 1
    assert json.loads(output)["said"] == "2.3434"


def test_reconcile_of_figures_that_agree_ends_well(run: Any) -> None:
    days = ("--since", "2023-08-18", "--until", "2023-08-19")
    code, output, _ = run("reconcile", "cometchat", *days)
    assert code == 0
    assert "differences  0" in output
