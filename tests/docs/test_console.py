"""What the blocks of a terminal may not say."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.docs.console import Step, Terminal, assert_same, steps_of

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Terminal:
    for variable in ("ZUDU_API_KEY", "ZUDU_API_SECRET"):
        monkeypatch.delenv(variable, raising=False)
    return Terminal(tmp_path, monkeypatch.setenv)


def test_output_stands_below_its_command() -> None:
    text = "$ one\nfirst\n$ two \\\n    more\n"
    assert list(steps_of(text)) == [Step("one", "first"), Step("two  more", "")]


def test_lines_are_commands_where_none_has_a_prompt() -> None:
    assert list(steps_of("one\ntwo\n")) == [Step("one", ""), Step("two", "")]


def test_an_ellipsis_stands_for_anything() -> None:
    assert_same("one\ntwo\nthree", "one\n…\nthree")


@pytest.mark.parametrize("shown", ["two", "one", "two\nthree …", "one\n…\nfour"])
def test_another_output_is_told(shown: str) -> None:
    with pytest.raises(AssertionError):
        assert_same("one\ntwo\nthree", shown)


@pytest.mark.parametrize(
    "text",
    [
        "$ callrecords get zudu call-456\n$ echo $?\n2\n",
        "$ pip install 'callrecords[cli,sandbox]' callrecords-zudu\n",
        "$ pip install --group codegen\n",
        "$ python -m codegen generate [PROVIDER ...] [--check] [--out DIR]\n",
        "python3 -m venv .venv && .venv/bin/python -m pip install --quiet nox && nox -s demo\n",
        "$ nox -l\n$ nox -s tests -P 3.13 -- -x\n",
    ],
)
def test_what_is_right_is_not_complained_about(terminal: Terminal, text: str) -> None:
    terminal.run_block(text)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("$ callrecords get zudu call-456\n", "ended with 2"),
        ("$ callrecords get zudu call-456\n$ echo $?\n0\n", r"\+2"),
        ("$ callrecords providers\nnobody\n", "-nobody"),
        ("$ callrecords fetch PROVIDER\n", "has no command fetch"),
        ("$ callrecords get PROVIDER ID --yaml\n", "get has no option --yaml"),
        ("$ python -m codegen prove [PROVIDER] [--fast]\n", "prove has no option --fast"),
        ("$ pip install 'callrecords[gui]'\n", "callrecords has no extra gui"),
        ("$ pip install callrecords-nobody\n", "no distribution callrecords-nobody"),
        ("$ pip install --group nothing\n", "has no group nothing"),
        ("$ pip remove callrecords\n", "not a command of an installer"),
        ("$ nox -s nothing\n", "no session nothing"),
        ("$ python -m nothing\n", "does not know python"),
        ("$ rm -rf /\n", "does not know rm"),
    ],
)
def test_what_is_wrong_is_found(terminal: Terminal, text: str, problem: str) -> None:
    with pytest.raises(AssertionError, match=problem):
        terminal.run_block(text)
