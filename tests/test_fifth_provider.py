"""A fifth provider, at the level of the four: what it takes, and what it does not."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import attrs
import pytest
import yaml

from callrecords.calls import (
    CallRecord,
    Cost,
    Link,
    ParticipantRecord,
    RecordingRecord,
    Transcript,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[1]
LEFT_BEHIND = shutil.ignore_patterns(".git", ".*cache*", ".nox", ".venv", "__pycache__", "dist")
DEFINITION = {
    "openapi": "3.1.0",
    "info": {"title": "Parley", "version": "1.0.0"},
    "servers": [{"url": "https://api.parley.example"}],
    "security": [{"apiKey": []}],
    "paths": {
        "/calls/{id}": {
            "get": {
                "operationId": "getCall",
                "tags": ["calls"],
                "summary": "Get a call.",
                "parameters": [
                    {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}
                ],
                "responses": {
                    "200": {
                        "description": "The call.",
                        "content": {
                            "application/json": {
                                "schema": {"$ref": "#/components/schemas/Envelope"}
                            }
                        },
                    }
                },
            }
        }
    },
    "components": {
        "securitySchemes": {"apiKey": {"type": "apiKey", "in": "header", "name": "x-key"}},
        "schemas": {
            "Envelope": {
                "type": "object",
                "required": ["data"],
                "properties": {"data": {"$ref": "#/components/schemas/Call"}},
            },
            "Call": {
                "type": "object",
                "required": ["id"],
                "properties": {
                    "id": {"type": "string"},
                    "state": {"type": "string", "enum": ["running", "over"]},
                    "length": {"type": "integer"},
                },
            },
        },
    },
}
PAYLOAD = """\
{
  "source": "the reference, the example of its answer",
  "origin": "printed",
  "request": {"path": {"id": "call-7"}, "query": {}},
  "status": 200,
  "body": {"data": {"id": "call-7", "state": "over", "length": 90000}}
}
"""
FACTS = """\
x-client:
  arguments:
    api_key: {scheme: apiKey, environment: PARLEY_KEY}
  operations:
    get_call: {result: data}
x-discrepancies:
  P-1:
    disagreement: The length is in milliseconds in the reference and in seconds on a page in prose.
    left: The payload has milliseconds, as the reference says.
"""
SAID = {
    "provider": "always ``parley``",
    "id": "``id``",
    "status": "``state``",
    "duration": "``length``",
    "links": "none",
    "source": "the call",
}
PARTS = {
    "participants": ParticipantRecord,
    "recordings": RecordingRecord,
    "transcript": Transcript,
    "cost": Cost,
    "links": Link,
}


def rows() -> Iterator[str]:
    """The table of where each field of a record comes from."""
    for field in attrs.fields(CallRecord):
        names = (
            [part.name for part in attrs.fields(PARTS[field.name])] if field.name in PARTS else ()
        )
        for name in (field.name, *(f"{field.name}.{part}" for part in names)):
            unit = "milliseconds" if name == "duration" else ""
            yield f"{name:<22} {SAID.get(name, 'not said'):<44} {unit}".rstrip()


RULE = f"{'=' * 22} {'=' * 44} {'=' * 32}"
TABLE = "\n".join([RULE, f"{'field':<22} {'from':<44} wire unit", RULE, *rows(), RULE])
RECORD = f'''\
"""Parley's calls as call records.

{TABLE}
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from callrecords import _wire
from callrecords.calls import CallRecord, CallStatus, Conversion

if TYPE_CHECKING:
    from callrecords_parley.models import Call

STATUSES = {{"running": CallStatus.ONGOING, "over": CallStatus.ENDED}}


def record_of(call: Call) -> CallRecord[Call]:
    """The record of a Parley call."""
    return CallRecord(
        provider="parley",
        id=_wire.text(call.id),
        status=_wire.meaning(call.state, STATUSES),
        duration=_wire.duration_from_milliseconds(call.length),
        source=call,
    )


CONVERSION = Conversion(
    provider="parley",
    models="callrecords_parley.models:Call",
    convert=record_of,
    by_id="get_call",
)
'''
BY_HAND = {
    "specs/parley/payloads/get_call/over.json": PAYLOAD,
    "src/callrecords/providers/parley/record.py": RECORD,
}
"""The files of a person, beside the definition that was added and its overlay."""
PROGRAM = """\
import datetime as dt

import callrecords
import callrecords.sandbox
import callrecords_parley

with callrecords.sandbox.run() as sandbox:
    with callrecords.client_for("parley", api_key="any", base_url=sandbox.url("parley")) as parley:
        assert type(parley) is callrecords_parley.Parley is callrecords.Parley
        call = parley.get_call("call-7")
        record = callrecords.get_record(parley, "call-7")
assert callrecords.record(call) == record
assert record.status is callrecords.calls.CallStatus.ENDED
assert record.duration == dt.timedelta(seconds=90)
"""
TYPES = """\
from typing import assert_type

import callrecords
import callrecords_parley

assert_type(callrecords.client_for("parley"), callrecords_parley.Parley)
assert_type(callrecords.AsyncParley(), callrecords_parley.AsyncParley)
assert_type(callrecords.Parley().get_call(""), callrecords_parley.models.Call)
assert_type(
    callrecords.get_record(callrecords.Parley(), ""),
    callrecords.CallRecord[callrecords_parley.models.Call],
)
"""
IN_GROUPS = {
    "overlay/parley.yaml": ("x-client:\n", "x-client:\n  groups: true\n"),
    "src/callrecords/providers/parley/record.py": ('"get_call"', '"calls.get_call"'),
}
"""What a person writes instead, where a definition has many operations, in groups."""
OWN_TESTS = (
    *(
        "tests/test_architecture.py",
        "tests/codegen/providers/test_specs.py",
        "tests/generated/test_providers.py",
    ),
    *("tests/facade/test_surface.py", "tests/facade/test_record_conversions.py"),
    *("tests/facade/test_cli.py", "tests/facade/test_conversions.py", "tests/docs/test_pages.py"),
)
"""Tests that go through all providers."""


def run(repository: Path, *arguments: str) -> str:
    """What Python prints in a copy of the repository, where it finds the copy's packages first."""
    places = [repository, repository / "src", repository / "runtime"]
    places += sorted((repository / "generated").glob("[!.]*"))
    variables = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, places))}
    variables["MYPYPATH"] = os.pathsep.join(map(str, places[1:]))
    result = subprocess.run(  # noqa: S603 - ourselves
        [sys.executable, *arguments],
        cwd=repository,
        env=variables,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout


def files(root: Path) -> dict[str, bytes]:
    """The files of a repository, without what runs leave behind."""
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in root.rglob("*")
        if path.is_file()
        and not re.search(
            r"(^|/)(__pycache__|\.[^/]*cache[^/]*)/", path.relative_to(root).as_posix()
        )
    }


@pytest.fixture(scope="module")
def before() -> dict[str, bytes]:
    return {}


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory, before: dict[str, bytes]) -> Path:
    """A copy of this one, to which a person has added a provider."""
    copy = tmp_path_factory.mktemp("fifth") / "repository"
    shutil.copytree(ROOT, copy, ignore=LEFT_BEHIND)
    before.update(files(copy))
    published = copy.parent / "parley.yaml"
    published.write_text(yaml.safe_dump(DEFINITION, sort_keys=False))
    run(copy, "-m", "codegen", "add", "parley", str(published), "--no-check")
    overlay = copy / "overlay/parley.yaml"
    without = re.sub(r"(?ms)^x-client:\n(?:^[ #].*\n|^\n)*", "", overlay.read_text())
    overlay.write_text(without + FACTS)
    for name, text in BY_HAND.items():
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
        (copy / name).write_text(text)
    run(copy, "-m", "codegen", "generate")
    run(copy, "-m", "codegen", "ledger")
    return copy


def test_nothing_else_of_the_repository_is_edited(
    repository: Path, before: dict[str, bytes]
) -> None:
    after = files(repository)
    new = {
        name for name in after.keys() - before.keys() if not name.startswith("generated/parley/")
    }
    assert {name for name in new if name not in BY_HAND} == {
        "overlay/parley.yaml",
        "specs/parley/CHANGELOG.md",
        "specs/parley/canonical.yaml",
        "specs/parley/openapi.yaml",
        "specs/parley/provider.toml",
    }
    # Each is written by a command: the lists of providers, and the ledger.
    changed = {name for name in before.keys() & after.keys() if before[name] != after[name]}
    written = {"README.md", "overlay/README.md", "pyproject.toml", "src/callrecords/_clients.py"}
    assert changed == written
    assert before.keys() <= after.keys()


def test_its_calls_are_had_recorded_and_played_as_those_of_the_four(repository: Path) -> None:
    run(repository, "-c", PROGRAM)
    assert "parley" in run(repository, "-m", "callrecords", "providers")


def test_its_types_are_as_exact(repository: Path) -> None:
    alone = ("--config-file", os.devnull, "--cache-dir", os.devnull)
    run(repository, "-m", "mypy", "--strict", *alone, "-c", TYPES)


def test_the_first_page_and_its_trial_know_it(repository: Path) -> None:
    readme = (repository / "README.md").read_text()
    assert "CometChat, Parley, Cloudflare RealtimeKit and Zudu." in readme
    row = "| Parley | `Parley` | [`callrecords-parley`](generated/parley/README.md) |"
    assert row in readme.splitlines()
    program = "from tests.consumer import run_readme; print(run_readme.clients()['Parley'].name)"
    assert run(repository, "-c", program) == "parley\n"


def test_tests_that_go_through_all_providers_hold(repository: Path) -> None:
    # What is said of others, or of none, is tested already.
    chosen = ("-k", "parley or facade_imports or ledger")
    run(repository, "-m", "pytest", "-q", "-p", "no:cacheprovider", *chosen, *OWN_TESTS)


def test_its_operations_may_be_in_groups(repository: Path, tmp_path: Path) -> None:
    copy = tmp_path / "repository"
    shutil.copytree(repository, copy, ignore=LEFT_BEHIND)
    for name, (before, after) in IN_GROUPS.items():
        (copy / name).write_text((copy / name).read_text().replace(before, after))
    run(copy, "-m", "codegen", "generate")
    run(copy, "-c", PROGRAM.replace("parley.get_call", "parley.calls.get_call"))
    tests = ("tests/generated/test_providers.py", "tests/facade/test_get_record.py")
    run(copy, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-k", "parley", *tests)
