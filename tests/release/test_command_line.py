"""What ``python -m release`` says to a person who asks for what cannot be done."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from codegen.providers.releases import read_distributions

ROOT = Path(__file__).parents[2]


def release(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - ourselves
        [sys.executable, "-m", "release", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("command", [("build",), ("publish", "--index", "http://127.0.0.1:9/")])
def test_names_beside_a_tag_are_refused_rather_than_dropped(command: tuple[str, ...]) -> None:
    tag = read_distributions(ROOT)[0].tag
    result = release(*command, "callrecords-zudu", "callrecords", "--tag", tag)
    assert result.returncode == 1
    assert result.stderr == (
        "callrecords-zudu, callrecords: cannot be named together with --tag, "
        f"which names the one distribution: {tag}\n"
    )
    assert result.stdout == ""


def test_an_address_that_is_none_is_no_traceback() -> None:
    result = release("publish", "--index", "https://[::1/simple")
    assert result.returncode == 1
    assert result.stderr == "https://[::1/simple: is no address of an index: https://…\n"


def test_a_date_that_is_none_is_no_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "abc")
    result = release("build", "callrecords-zudu")
    assert result.returncode == 1
    assert result.stderr.splitlines()[-1] == (
        "SOURCE_DATE_EPOCH: is 'abc'; expected seconds since 1970, at most 4294967295"
    )
    assert "Traceback" not in result.stderr
