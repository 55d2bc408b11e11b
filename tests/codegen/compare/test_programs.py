"""A change is called additive only if a strictly typed program that uses everything survives it.

The table of changes says both; what each is called is held by the tests of ``compare``.
"""

from __future__ import annotations

import copy
import datetime as dt
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from mypy import api as mypy

from codegen.compare import Severity
from codegen.files.document import Document
from codegen.openapi.client_facts import FACTS
from codegen.openapi.grammar import operations
from codegen.openapi.subset import sliced
from codegen.providers.patched import patched_definition
from codegen.providers.provider import Provider, Source, read_provider
from tests.codegen.compare.changes import BASES, ROWS, Row
from tests.codegen.compare.programs import program, read_package
from tests.codegen.packages import made

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

ROOT = Path(__file__).parents[3]
RUNTIME = ROOT / "runtime"
DEFINITIONS = ROOT / "tests/data/definitions"
PATHS = {
    "apifycloud": "/calls/{callId}",
    "cometchat": "/calls/{sessionId}",
    "realtimekit": "/accounts/{account_id}/realtime/kit/{app_id}/sessions",
    "zudu": "/api/calls/{callId}",
}
"""What the rows change of the providers."""


def provider(name: str, definition: Any, folder: Path) -> Provider:
    specs = folder / "specs" / name
    specs.mkdir(parents=True)
    (specs / "openapi.yaml").write_text(json.dumps(definition), "utf-8")
    if FACTS in definition:  # which an overlay says, and nobody publishes
        told = {"title": name, "version": "1"}
        overlay = {"overlay": "1.1.0", "info": told, FACTS: definition[FACTS]}
        (folder / "overlay").mkdir(exist_ok=True)
        (folder / f"overlay/{name}.yaml").write_text(json.dumps(overlay), "utf-8")
    shutil.copyfile(ROOT / "LICENSE", folder / "LICENSE")
    return Provider(
        root=folder,
        name=name,
        distribution=f"callrecords-{name}".replace("_", "-"),
        package=f"callrecords_{name}",
        version="0.1.0",
        title="Exchange",
        keywords=(),
        server_url="https://exchange.example.com",
        sources=(Source("000", "https://exchange.example.com", dt.date(2026, 11, 21)),),
    )


def base_definition(base: str, folder: Path) -> Any:
    file = DEFINITIONS / f"{base}.yaml"
    if file.exists():
        return patched_definition(provider(base, yaml.safe_load(file.read_bytes()), folder))
    return part_of(patched_definition(read_provider(ROOT, base)), PATHS[base])


def part_of(definition: Any, path: str) -> Any:
    """The operations of one path: packages are made of them for each row."""
    document = Document("openapi.yaml", b"", definition)
    part: Any = sliced(document, [path]).data
    kept = {str(operation.node.value["operationId"]) for operation in operations(part)}
    told = copy.deepcopy(definition[FACTS])
    told["operations"] = {name: told["operations"][name] for name in kept}
    for name in ("downloads", "webhooks"):  # of what is in other operations, or in none
        told.pop(name, None)
    asked: list[Any] = [
        operation.node.value.get("security", part.get("security", ()))
        for operation in operations(part)
    ]
    schemes = {scheme for ways in asked for way in ways for scheme in way}
    told["arguments"] = {
        name: argument
        for name, argument in told.get("arguments", {}).items()
        if argument.get("scheme") in {None, *schemes}
    }
    return {**part, FACTS: told}


def edited(definition: Any, row: Row) -> Any:
    result = copy.deepcopy(definition)
    row.edit(result)
    assert result != definition
    return result


def packages(definitions: Mapping[str, Any], folder: Path) -> None:
    """Generate a package for each definition, by name, beside each other in a folder."""
    providers = [
        provider(name, definition, folder / "repository")
        for name, definition in definitions.items()
    ]
    with made(providers) as distributions:
        for made_provider, distribution in distributions.items():
            package = made_provider.package
            shutil.copytree(distribution / package, folder / package)


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What mypy knows already of what all programs import."""
    return tmp_path_factory.mktemp("cache")


def type_checks(programs: Iterable[str], folder: Path, cache: Path) -> dict[str, list[str]]:
    """The errors of mypy --strict in each program; the packages themselves were checked before."""
    files = [f"{name}.py" for name in programs]
    options = ["--strict", "--follow-imports=silent", "--no-error-summary", "--hide-error-context"]
    options.append(f"--cache-dir={cache}")
    output, problems, _ = mypy.run([*options, *(str(folder / file) for file in files)])
    assert not problems
    errors: dict[str, list[str]] = {name: [] for name in programs}
    for line in output.splitlines():
        if ": error: " in line:
            errors[Path(line.partition(":")[0]).stem].append(line)
    return errors


RUNNER = """
import importlib, json, sys, traceback
failures = {}
for name in sys.argv[1:]:
    try:
        importlib.import_module(name).main()
    except BaseException:
        failures[name] = [traceback.format_exc()]
print(json.dumps(failures))
"""


def runs(programs: Iterable[str], folder: Path) -> dict[str, list[str]]:
    """The tracebacks of the programs that fail."""
    result = subprocess.run(  # noqa: S603 - this Python, programs of this test
        [sys.executable, "-W", "error", "-c", RUNNER, *programs],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(RUNTIME)},
        capture_output=True,
        text=True,
        check=True,
    )
    failures: dict[str, list[str]] = json.loads(result.stdout)
    return failures


@pytest.mark.parametrize("base", BASES)
def test_a_typed_program_survives_a_change_as_the_table_says(
    base: str, tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = {f"{base}_{index}": row for index, row in enumerate(ROWS) if row.base == base}
    old = base_definition(base, tmp_path)
    new = {name: edited(old, row) for name, row in rows.items()}
    packages({f"{base}_old": old, **new}, tmp_path)
    text = program(read_package(tmp_path / f"callrecords_{base}_old"))
    names = {f"use_{name}": name for name in [f"{base}_old", *rows]}
    prefix = f"{base}_old".upper()
    for use, name in names.items():
        of_its_own = text.replace(f"callrecords_{base}_old", f"callrecords_{name}")
        of_its_own = of_its_own.replace(prefix, name.upper())  # of variables of the environment
        (tmp_path / f"{use}.py").write_text(of_its_own, encoding="utf-8")
    monkeypatch.setenv("MYPYPATH", os.pathsep.join(map(str, (tmp_path, RUNTIME))))

    tracebacks = runs(names, tmp_path)
    # What fails when it runs has not survived, whatever a type checker says: that takes longest.
    errors = type_checks(names.keys() - tracebacks.keys(), tmp_path, cache)
    failures = {name: {**errors, **tracebacks}[use] for use, name in names.items()}

    assert not failures[f"{base}_old"], "the program is right before any change"
    survived = {row.name for name, row in rows.items() if not failures[name]}
    assert survived == {row.name for row in rows.values() if row.survives}


GRAVE = {Severity.BREAKING, Severity.SECURITY}


def test_the_table_calls_nothing_additive_that_a_program_does_not_survive() -> None:
    assert not [row.name for row in ROWS if row.severity not in GRAVE and not row.survives]


def test_the_table_says_why_something_is_grave_that_a_program_survives() -> None:
    unexplained = [
        row.name for row in ROWS if row.severity in GRAVE and row.survives and not row.because
    ]
    assert not unexplained


def test_the_table_is_of_different_changes() -> None:
    assert len({(row.base, row.name) for row in ROWS}) == len(ROWS)
    assert len(ROWS) >= 40
