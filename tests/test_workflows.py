"""Workflows and hooks do nothing of their own: they set up, and call sessions of noxfile.py."""

from __future__ import annotations

import ast
import itertools
import re
import shlex
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[1]
WORKFLOWS = sorted((ROOT / ".github/workflows").glob("*.yml"))
LOCKED = "python -m pip install --require-hashes --requirement release/publishing.lock"
SETUP = {"python -m pip install nox uv", LOCKED}
every_workflow = pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: str(path.stem))


def pythons() -> list[str]:
    """The Pythons that pyproject.toml claims to support."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    found = (re.fullmatch(r".* :: (3\.\d+)", line) for line in project["classifiers"])
    return [match[1] for match in found if match]


def sessions() -> set[str]:
    """The sessions of noxfile.py; one that runs on several Pythons goes by each of its names."""
    names: set[str] = set()
    for node in ast.parse((ROOT / "noxfile.py").read_bytes()).body:
        if isinstance(node, ast.FunctionDef):
            for decorator in map(ast.unparse, node.decorator_list):
                if decorator == "nox.session":
                    names.add(node.name)
                elif decorator == "nox.session(python=PYTHONS)":
                    names.update([node.name, *(f"{node.name}-{python}" for python in pythons())])
    return names


def jobs(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(path.read_text())["jobs"]
    return found


def commands(job: dict[str, Any]) -> Iterator[str]:
    """What the steps of a job run, for every combination of its matrix."""
    matrix: dict[str, list[str]] = job.get("strategy", {}).get("matrix", {})
    for values in itertools.product(*matrix.values()):
        for step in job["steps"]:
            command = step.get("run")
            if command is not None:
                for name, value in zip(matrix, values, strict=True):
                    command = command.replace(f"${{{{ matrix.{name} }}}}", value)
                yield command


def session_of(command: str) -> str:
    """The session that a command names, and nothing else is in it."""
    program, option, session, *rest = shlex.split(command)
    assert (program, option) == ("nox", "-s"), command
    assert rest[:1] in ([], ["--"]), command
    return session


def test_there_are_workflows_and_sessions() -> None:
    assert {"ci", "release"} <= {path.stem for path in WORKFLOWS}
    assert {"tests", "minimums", "consumer-3.12"} <= sessions()


@pytest.mark.parametrize(
    "path",
    # The nightly look at definitions also talks to the forge: test_workflow_definitions.py.
    [path for path in WORKFLOWS if path.stem != "definitions"],
    ids=lambda path: str(path.stem),
)
def test_a_step_sets_up_or_calls_a_session_that_exists(path: Path) -> None:
    called = {
        session_of(command)
        for name, job in jobs(path).items()
        for command in commands(job)
        # The last job of `newest` calls nothing of ours: it talks to the forge.
        if command not in SETUP and name != "tell"
    }
    assert called
    assert called <= sessions()


@every_workflow
def test_a_job_may_do_only_what_it_says(path: Path) -> None:
    assert yaml.safe_load(path.read_text())["permissions"] == {}
    for job in jobs(path).values():
        assert "contents" in job["permissions"]
    writing = {
        (name, permission)
        for name, job in jobs(path).items()
        for permission, value in job["permissions"].items()
        if value != "read"
    }
    if path.stem != "definitions":
        may = {"release": {("publish", "id-token")}, "newest": {("tell", "issues")}}
        assert writing == may.get(path.stem, set())


@every_workflow
def test_every_action_is_githubs_own_and_pinned_by_commit_with_its_version(path: Path) -> None:
    used = re.findall(r"^ *(?:- )?uses: (.*)$", path.read_text(), re.MULTILINE)
    pinned = re.compile(r"actions/[a-z-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+")
    assert used
    assert [name for name in used if not pinned.fullmatch(name)] == []


def test_what_may_publish_runs_only_files_that_were_locked() -> None:
    release = jobs(ROOT / ".github/workflows/release.yml")
    (publishing,) = (job for job in release.values() if "id-token" in job["permissions"])
    assert SETUP & {*commands(publishing)} == {LOCKED}
    noxfile = (ROOT / "noxfile.py").read_text()
    for name in ("attest", "publish"):
        body = noxfile.partition(f"\ndef {name}(")[2].partition("\n\n\n")[0]
        assert "install_for_publishing(session)" in body
        assert "    install(" not in body


def test_ci_runs_on_every_python_with_the_latest_and_the_lowest_dependencies() -> None:
    matrix = jobs(ROOT / ".github/workflows/ci.yml")["tests"]["strategy"]["matrix"]
    assert matrix == {"python": pythons(), "session": ["tests", "minimums"]}


def test_ci_tries_pythons_that_are_not_claimed_without_failing() -> None:
    job = jobs(ROOT / ".github/workflows/ci.yml")["next"]
    assert job["continue-on-error"] is True
    tried = {python.removesuffix("t") for python in job["strategy"]["matrix"]["python"]}
    assert tried.isdisjoint(pythons())


def test_a_schedule_runs_everything_with_the_newest_versions_and_tells() -> None:
    path = ROOT / ".github/workflows/newest.yml"
    assert jobs(path)["tests"]["strategy"]["matrix"] == {"python": pythons(), "session": ["newest"]}
    # YAML 1.1, which PyYAML reads, takes the key `on` for true.
    assert "schedule" in yaml.safe_load(path.read_text())[True]
    [step] = jobs(path)["tell"]["steps"]
    assert (jobs(path)["tell"]["needs"], jobs(path)["tell"]["if"]) == ("tests", "always()")
    assert "gh issue create" in step["run"]
    assert "${{" not in step["run"]


def test_every_hook_calls_a_session() -> None:
    configuration = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text())
    hooks = [hook for repository in configuration["repos"] for hook in repository["hooks"]]
    assert hooks
    assert {session_of(hook["entry"]) for hook in hooks} <= sessions()
