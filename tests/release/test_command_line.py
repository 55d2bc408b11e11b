"""What ``python -m release`` says to a person who asks for what cannot be done."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from codegen.providers.releases import read_distributions
from release.__main__ import main

ROOT = Path(__file__).parents[2]


def refusal(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> object:
    """What the command ends with: it is printed, and the exit code is 1."""
    monkeypatch.setattr(sys, "argv", ["release", *arguments])
    with pytest.raises(SystemExit) as caught:
        main()
    return caught.value.code


@pytest.mark.parametrize("command", [("build",), ("publish", "--index", "http://127.0.0.1:9/")])
def test_names_beside_a_tag_are_refused_rather_than_dropped(
    command: tuple[str, ...], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    tag = read_distributions(ROOT)[0].tag
    said = refusal(monkeypatch, *command, "callrecords-zudu", "callrecords", "--tag", tag)
    assert said == (
        "callrecords-zudu, callrecords: cannot be named together with --tag, "
        f"which names the one distribution: {tag}"
    )
    assert capsys.readouterr().out == ""


def test_an_address_that_is_none_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    said = refusal(monkeypatch, "publish", "--index", "https://[::1/simple")
    assert said == "https://[::1/simple: is no address of an index: https://…"


def test_a_date_that_is_none_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "abc")
    assert refusal(monkeypatch, "build", "callrecords-zudu") == (
        "SOURCE_DATE_EPOCH: is 'abc'; expected seconds since 1970, at most 4294967295"
    )
