"""The nightly look at the providers' definitions."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Any, cast

import pytest
import yaml
from typer.main import get_command

from codegen.__main__ import app

ROOT = Path(__file__).parents[1]
WORKFLOW = yaml.safe_load((ROOT / ".github/workflows/definitions.yml").read_text("utf-8"))
STEPS = [step for job in WORKFLOW["jobs"].values() for step in job["steps"]]
GLUE = {
    "[",
    "cat",
    "cut",
    "echo",
    "gh",
    "git",
    "grep",
    "head",
    "iconv",
    "jq",
    "mkdir",
    "pip",
    "printf",
}
"""What may be called besides nox: it moves texts and talks to GitHub."""
_SHELL = {"if", "then", "else", "fi", "elif"}


def commands(script: str) -> list[list[str]]:
    """The simple commands of a script, those in ``$(…)`` and after ``|``, ``||`` and ``;`` too."""
    inner = re.findall(r"\$\(((?:[^()]|\([^()]*\))*)\)", script)
    outer = re.sub(r"\$\((?:[^()]|\([^()]*\))*\)", "TEXT", script)
    found: list[list[str]] = []
    for text in [outer, *inner]:
        for line in text.splitlines():
            lexer = shlex.shlex(line, posix=True, punctuation_chars=True)
            lexer.whitespace_split = True
            words: list[str] = []
            for word in [*lexer, ";"]:
                if word in {";", "|", "||", "&&"}:
                    found += [words] if words else []
                    words = []
                elif words or (word not in _SHELL and "=" not in word):
                    words.append(word)
    return found


RUN = [command for step in STEPS if "run" in step for command in commands(step["run"])]


def test_the_real_work_is_done_by_nox_sessions_alone() -> None:
    assert {command[0] for command in RUN} - GLUE == {"nox"}


def test_every_session_that_is_called_exists() -> None:
    noxfile = (ROOT / "noxfile.py").read_text("utf-8")
    called = {command[command.index("-s") + 1] for command in RUN if command[0] == "nox"}
    assert called == {"update"}
    assert all(f"@nox.session\ndef {name}(" in noxfile for name in called)


def test_every_option_that_is_given_exists() -> None:
    update = cast("Any", get_command(app)).commands["update"]
    known = {option for parameter in update.params for option in parameter.opts}
    given = {
        word
        for command in RUN
        if command[0] == "nox"
        for word in command[command.index("--") + 1 :]
        if word.startswith("--")
    }
    assert given == {"--dry-run", "--json", "--html"}
    assert given <= known


def test_it_runs_every_night_for_every_provider() -> None:
    # YAML 1.1, which PyYAML reads, takes the key `on` for true.
    (schedule,) = WORKFLOW[True]["schedule"]
    minute, hour, *rest = schedule["cron"].split()
    assert (minute.isdecimal(), hour.isdecimal(), rest) == (True, True, ["*"] * 3)
    (listing,) = (step["run"] for step in STEPS if step.get("id") == "list")
    assert "specs/*/provider.toml" in listing
    assert all(
        WORKFLOW["jobs"][name]["strategy"]["fail-fast"] is False for name in ("look", "tell")
    )


def test_it_looks_before_it_writes_and_never_accepts_a_matter_of_security() -> None:
    named = {step["name"]: step for step in STEPS if "name" in step}
    assert "--dry-run" in named["Look"]["run"]
    assert "security == 'false'" in named["Take it in"]["if"]
    assert not [command for command in RUN if "--accept-security" in command]


def test_a_job_sets_no_variable_from_a_context_that_it_does_not_have() -> None:
    variables = [
        value for job in WORKFLOW["jobs"].values() for value in job.get("env", {}).values()
    ]
    assert variables
    assert not [value for value in variables if re.search(r"\b(runner|steps|env)\.", value)]


def test_what_cannot_be_read_becomes_an_issue() -> None:
    (step,) = (step for step in STEPS if "gh issue create" in step.get("run", ""))
    assert "readable == 'false'" in step["if"]


def test_only_what_talks_to_github_has_the_token() -> None:
    needing = [step for step in STEPS if re.search(r"\bgh\b|git push", step.get("run", ""))]
    assert len(needing) == 3
    assert all(step["env"] == {"GH_TOKEN": "${{ github.token }}"} for step in needing)
    every = [WORKFLOW, *WORKFLOW["jobs"].values(), *STEPS]
    others = [part for part in every if part not in needing]
    assert not [part for part in others if "token" in str(part.get("env", {})).lower()]
    checkouts = [step for step in STEPS if "checkout" in step.get("uses", "")]
    assert [step["with"] for step in checkouts] == [{"persist-credentials": False}] * 3


def test_what_runs_foreign_code_may_not_write_and_what_may_write_runs_none() -> None:
    for name, job in WORKFLOW["jobs"].items():
        programs = {
            command[0]
            for step in job["steps"]
            if "run" in step
            for command in commands(step["run"])
        }
        may_write = "write" in job["permissions"].values()
        assert may_write == (name == "tell")
        assert not (may_write and programs & {"nox", "pip"})


def test_what_github_is_told_is_not_longer_than_it_takes() -> None:
    writing = [step["run"] for step in STEPS if re.search(r"> \S+\.md", step.get("run", ""))]
    assert len(writing) == 2
    assert all("$(head -c 60000 " in script and "$(cat " not in script for script in writing)


@pytest.mark.parametrize(
    "step", [step for step in STEPS if "run" in step], ids=lambda step: step["run"][:20]
)
def test_no_expression_is_pasted_into_a_script(step: Any) -> None:
    # A text from elsewhere in a script would be run.
    assert "${{" not in step["run"]
