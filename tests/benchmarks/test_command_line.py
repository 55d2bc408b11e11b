"""``python -m benchmarks`` with groups that measure nothing."""

from __future__ import annotations

import os
import sysconfig
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from benchmarks import __main__ as command_line
from benchmarks.group import Finished, Group
from benchmarks.process import FailedRunError, run_module
from benchmarks.report import Findings

if TYPE_CHECKING:
    from pathlib import Path

    from typer.testing import Result


def quick(finished: Finished) -> Findings:
    finished("nobody")
    return Findings("Nothing was done.", ())


def failing(_: Finished) -> Findings:
    raise FailedRunError("the peer [/] could not do it")


@pytest.fixture
def results(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the results are written, in place of those of the repository."""
    groups = {
        name: Group(title=name.title(), distributions=("rich",), steps=1, run=run)
        for name, run in {"first": quick, "second": quick, "failing": failing}.items()
    }
    monkeypatch.setattr(command_line, "GROUPS", groups)
    monkeypatch.setattr(command_line, "RESULTS", tmp_path / "RESULTS.md")
    monkeypatch.setenv("PATH", os.environ["PATH"])  # so that it is put back
    return tmp_path / "RESULTS.md"


def run(*arguments: str) -> Result:
    return CliRunner().invoke(command_line.app, arguments)


def test_chosen_group_is_written(results: Path) -> None:
    assert run("second").exit_code == 0
    text = results.read_text("utf-8")
    assert "## Second" in text
    assert "## First" not in text


def test_group_measured_later_joins_the_one_before(results: Path) -> None:
    for name in ("second", "first"):
        assert run(name).exit_code == 0
    text = results.read_text("utf-8")
    assert 0 < text.index("## First") < text.index("## Second")


def test_unknown_group_is_refused_with_those_there_are(results: Path) -> None:
    result = run("third")
    assert result.exit_code == 2
    assert "there is no group 'third'" in result.stderr
    assert not results.exists()


def test_failure_is_told_and_what_was_measured_before_it_is_kept(results: Path) -> None:
    result = run()
    assert result.exit_code == 1
    assert result.stderr == "failing: the peer [/] could not do it\n"
    assert "## Second" in results.read_text("utf-8")


def test_scripts_of_this_environment_come_first(results: Path) -> None:
    assert run("first").exit_code == 0
    assert os.environ["PATH"].split(os.pathsep)[0] == sysconfig.get_path("scripts")
    assert results.exists()


def test_command_that_fails_says_what_it_printed(tmp_path: Path) -> None:
    with pytest.raises(FailedRunError, match="No module named nothing_such"):
        run_module(["nothing_such"], folder=tmp_path)
