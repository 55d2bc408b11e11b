"""The README's lists of commands and sessions are complete."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import typer.main

from codegen.__main__ import app

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text("utf-8")


def commands(group: object, words: tuple[str, ...] = ()) -> list[str]:
    nested: dict[str, object] = getattr(group, "commands", {})
    if not nested:
        return [" ".join(words)]
    return [line for name, command in nested.items() for line in commands(command, (*words, name))]


@pytest.mark.parametrize("command", commands(typer.main.get_command(app)))
def test_the_readme_lists_a_command_with_its_arguments(command: str) -> None:
    assert re.search(rf"^\$ python -m codegen {command}\b", README, re.MULTILINE)


def test_the_readme_lists_all_sessions() -> None:
    noxfile = (ROOT / "noxfile.py").read_text("utf-8")
    sessions = set(re.findall(r"^@nox\.session[^\n]*\ndef (\w+)", noxfile, re.MULTILINE))
    listed = README.partition("`nox -l` lists the sessions:")[2].partition("([publishing]")[0]
    assert sessions <= set(re.findall(r"`(\w+)`", listed))
