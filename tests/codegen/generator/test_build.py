"""From a provider's definition to its distribution."""

from __future__ import annotations

import ast
import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from codegen.files.errors import BadInputError, BadInputs
from codegen.generator import build
from codegen.generator.build import CLIENTS, TEMPLATES, check, formatted, generate, rendered
from codegen.generator.reading import read
from codegen.providers.patched import patched, patched_definition, read_inputs
from tests.codegen.packages import made

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from codegen.providers.provider import Provider

REPOSITORY = Path(__file__).parents[3]
OVERLAY = """\
overlay: 1.1.0
info: {title: Corrections, version: 1.0.0}
actions:
  - target: $.info
    description: A better title.
    update: {title: Patched calls}
"""
INTRODUCTION = """\
Exact Python types for call records from others.

| provider | client | alone |
|---|---|---|
| Others | `Others` | [`callrecords-others`](generated/others/README.md) |
"""
PROJECT = """\
[project]
description = "."
dependencies = [
    "callrecords-calls>=1,<2",
]
[project.urls]
"Calls API" = "https://calls.example/docs"
"""
BROKEN = """\
openapi: 3.1.0
info: {title: Calls, version: '1'}
paths:
  /calls:
    get:
      requestBody: {$ref: '#/components/requestBodies/Gone'}
      responses: {'200': {description: ''}}
"""


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_distribution_is_complete(calls: Provider) -> None:
    generate([calls])
    files = contents(calls.generated_path)
    package = "callrecords_calls"
    assert {
        "LICENSE",
        "README.md",
        "pyproject.toml",
        f"{package}/__init__.py",
        f"{package}/py.typed",
        f"{package}/openapi.json",
        f"{package}/client.py",
        f"{package}/_provider.py",
        f"{package}/_operations/get_call.py",
        f"{package}/_operations/start_call.py",
        f"{package}/models/call.py",
        f"{package}/models/status.py",
    } <= files.keys()
    assert ".gitignore" not in files
    modules = {name.split("/")[1] for name in files if name.startswith(f"{package}/")}
    assert modules == {
        *("__init__.py", "_operations", "_provider.py", "client.py", "models", "openapi.json"),
        "py.typed",
    }
    assert files["LICENSE"] == b"Use it well.\n"


def test_classes_are_named_by_their_titles(calls: Provider) -> None:
    with made([calls]) as distributions:
        models = distributions[calls] / "callrecords_calls" / "models"
        classes = {
            node.name
            for module in models.glob("*.py")
            for node in ast.parse(module.read_bytes()).body
            if isinstance(node, ast.ClassDef)
        }
    assert classes == {
        *("Call", "Link", "LinkKind", "NewCall", "Person", "Problem", "Sort", "Status", "Unused"),
    }


def test_package_carries_the_patched_definition_and_the_command_that_made_it(
    calls: Provider,
) -> None:
    calls.overlay_path.parent.mkdir()
    calls.overlay_path.write_text(OVERLAY)
    with made([calls]) as distributions:
        text = (distributions[calls] / "callrecords_calls" / "openapi.json").read_text()
    data: dict[str, Any] = json.loads(text)
    assert next(iter(data.items())) == ("x-generated-by", "python -m codegen generate calls")
    del data["x-generated-by"]
    assert data == patched_definition(calls)
    assert data["info"]["title"] == "Patched calls"
    assert list(data) == ["openapi", "info", "servers", "security", "paths", "components"]


def test_every_python_file_is_formatted(calls: Provider) -> None:
    with made([calls]) as distributions:
        ruff = [sys.executable, "-m", "ruff", "format", "--no-cache", "--diff"]
        configuration = ["--config", str(TEMPLATES / "ruff.toml")]
        subprocess.run([*ruff, *configuration, str(distributions[calls])], check=True)  # noqa: S603


def test_operations_need_no_operation_id(make_provider: Callable[[str], Provider]) -> None:
    definition = """\
openapi: 3.1.0
info: {title: Calls, version: '1'}
paths:
  /calls: {get: {summary: All calls, responses: {'204': {description: None.}}}}
  /a/{id}: {get: {operationId: getOne, tags: [a], summary: An a, parameters: [
    {name: id, in: path, required: true, description: Of a., schema: {type: string}}],
    responses: {'204': {description: None.}}}}
  /b/{id}: {get: {operationId: get-other, tags: [b], summary: A b, parameters: [
    {name: id, in: path, required: true, description: Of b., schema: {type: string}}],
    responses: {'204': {description: None.}}}}
"""
    provider = make_provider(definition)
    with made([provider]) as distributions:
        package = distributions[provider] / provider.package
        client = (package / "client.py").read_text()
        paths = {
            name: f'path="{path}"' in (package / "_operations" / f"{name}.py").read_text()
            for name, path in {
                "get_calls": "/calls",
                "get_one": "/a/{id}",
                "get_other": "/b/{id}",
            }.items()
        }
    assert set(paths.values()) == {True}
    for name, words in {"get_calls": "All calls", "get_one": "An a", "get_other": "A b"}.items():
        assert re.search(rf'def {name}\(self[^"]*"""{words}\.', client)
    assert client.count("id: Of a.") == client.count("id: Of b.") == 2


def test_generating_says_nothing(calls: Provider, capfd: pytest.CaptureFixture[str]) -> None:
    generate([calls])
    assert capfd.readouterr() == ("", "")


def test_generating_twice_writes_the_same(calls: Provider) -> None:
    generate([calls])
    before = contents(calls.generated_path)
    generate([calls])
    assert contents(calls.generated_path) == before


def test_distributions_go_to_the_folder_asked_for(calls: Provider, tmp_path: Path) -> None:
    generate([calls], out=tmp_path / "elsewhere")
    assert (tmp_path / "elsewhere" / "calls" / "pyproject.toml").is_file()
    assert not calls.generated_path.exists()


def test_a_distribution_made_of_values_asks_for_no_file_again(calls: Provider) -> None:
    calls.changelog_path.write_text("# Changes\n")
    (calls.root / "pyproject.toml").write_text(
        "[project]\n"
        'dependencies = ["attrs", "callrecords-runtime>=1.2,<1.3"]\n'
        'urls = {Repository = "https://r.example"}\n'
    )
    generate([calls])
    generated = contents(calls.generated_path)
    assert generated["CHANGELOG.md"] == b"# Changes\n"
    assert b"https://r.example" in generated["pyproject.toml"]
    assert b'"callrecords-runtime>=1.2,<1.3",' in generated["pyproject.toml"]
    inputs = read_inputs(calls)
    reading = read(patched(inputs))
    texts = {
        path: path.read_bytes()
        for path in (calls.changelog_path, calls.root / "LICENSE", calls.root / "pyproject.toml")
    }
    for name in ("specs", "generated"):
        shutil.rmtree(calls.root / name)
    for name in ("LICENSE", "pyproject.toml"):
        (calls.root / name).unlink()
    assert formatted(rendered(inputs, reading, texts.get)) == generated
    raised = replace(inputs, provider=replace(calls, version="2.0.0"))
    del texts[calls.changelog_path]
    later = rendered(raised, reading, texts.get)
    assert generated.keys() - later.keys() == {"CHANGELOG.md"}
    assert b'version = "2.0.0"' in later["pyproject.toml"]


def test_ruff_runs_twice_for_any_number_of_distributions(
    calls: Provider, make_provider: Callable[[str, str], Provider], monkeypatch: pytest.MonkeyPatch
) -> None:
    other = make_provider(calls.definition_path.read_text(), "other")
    commands: list[str] = []
    run = subprocess.run

    def counted(arguments: list[str], **options: Any) -> object:
        commands.append(arguments[1])
        return run(arguments, **options)

    monkeypatch.setattr(subprocess, "run", counted)
    (calls.root / "src/callrecords/providers/calls").mkdir(parents=True)
    (calls.root / "src/callrecords/providers/calls/record.py").write_text("CONVERSION = None\n")
    (calls.definition_path.parent / "provider.toml").write_text(PROVIDER)
    (calls.root / "pyproject.toml").write_text(PROJECT)
    (calls.root / "README.md").write_text(INTRODUCTION)
    generate([calls, other, calls])
    assert {path.name for path in (calls.root / "generated").iterdir()} == {"calls", "other"}
    assert "Calls" in (calls.root / CLIENTS).read_text()
    assert "(generated/calls/README.md)" in (calls.root / "README.md").read_text()
    assert commands == ["check", "format"]


def test_what_the_facade_names_has_to_be_generated_with_it_or_before(
    calls: Provider, make_provider: Callable[[str, str], Provider]
) -> None:
    other = make_provider(calls.definition_path.read_text(), "other")
    for provider in (calls, other):
        record = calls.root / f"src/callrecords/providers/{provider.name}/record.py"
        record.parent.mkdir(parents=True)
        record.write_text("CONVERSION = None\n")
        provider.file.write_text(PROVIDER)
    with pytest.raises(BadInputError, match="generated/other: is not generated yet"):
        generate([calls])


def test_check_of_what_was_generated_finds_nothing_and_tells_what_is_mended(
    calls: Provider,
) -> None:
    text = calls.definition_path.read_text().replace(
        "  schemas:\n", "  schemas:\n    Odd: {type: int}\n"
    )
    calls.definition_path.write_text(text)
    told: list[str] = []

    def tell(problems: Sequence[BadInputError]) -> None:
        told.extend(map(str, problems))

    generate([calls], tell=tell)
    assert check([calls], tell=tell) == ""
    line = calls.definition_path.read_text().splitlines().index("    Odd: {type: int}") + 1
    place = f"{calls.definition_path}:{line} at /components/schemas/Odd/type"
    assert told == [f"{place}: 'int' is no type; it is read as 'integer'"] * 2


def test_check_shows_the_drift_and_writes_nothing(calls: Provider) -> None:
    generate([calls])
    module = calls.generated_path / "callrecords_calls" / "models" / "status.py"
    module.write_text("by hand\n")
    before = contents(calls.root)
    diff = check([calls])
    name = "generated/calls/callrecords_calls/models/status.py"
    assert diff.startswith(f"--- a/{name}\n+++ b/{name}\n@@ -1 +1,")
    assert "\n-by hand\n+" in diff
    assert contents(calls.root) == before


def test_drift_is_shown_with_the_folder_it_is_in(
    calls: Provider, tmp_path_factory: pytest.TempPathFactory
) -> None:
    inside = check([calls], out=calls.root / "out")
    assert inside.startswith("--- /dev/null\n+++ b/out/calls/LICENSE\n")
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    assert check([calls], out=elsewhere).startswith(
        f"--- /dev/null\n+++ b{elsewhere}/calls/LICENSE\n"
    )


def test_one_bad_definition_leaves_every_distribution_as_it_was(
    calls: Provider, make_provider: Callable[[str, str], Provider]
) -> None:
    generate([calls])
    before = contents(calls.root / "generated")
    calls.definition_path.write_text(
        calls.definition_path.read_text().replace("operationId: get_call", "operationId: fetch")
    )
    broken = make_provider(BROKEN, "broken")
    with pytest.raises(BadInputs, match="leads to no object"):
        generate([calls, broken])
    assert contents(calls.root / "generated") == before


def test_missing_licence_is_bad_input(calls: Provider) -> None:
    (calls.root / "LICENSE").unlink()
    with pytest.raises(BadInputError, match="LICENSE: No such file or directory"):
        generate([calls])


def test_missing_definition_is_bad_input(calls: Provider) -> None:
    calls.definition_path.unlink()
    with pytest.raises(BadInputError, match=r"openapi\.yaml: No such file or directory"):
        generate([calls])


def test_destination_that_cannot_be_written_is_bad_input(calls: Provider, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("")
    with pytest.raises(BadInputError, match="taken: cannot be written: "):
        generate([calls], out=tmp_path / "taken")


@pytest.mark.parametrize(
    "edited", ["specs/calls/openapi.yaml", "specs/calls/payloads/new.json", "overlay/calls.yaml"]
)
def test_what_is_edited_while_a_distribution_is_made_is_not_written_over_by_it(
    calls: Provider, monkeypatch: pytest.MonkeyPatch, edited: str
) -> None:
    file = calls.root / edited

    def edit(*_: object) -> None:  # after all has been read
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("My edit.\n")

    monkeypatch.setattr("codegen.generator.build.require_pinned", edit)
    with pytest.raises(BadInputError, match=r"has changed while .* repeat the command"):
        generate([calls])
    assert not calls.generated_path.exists()


def test_what_is_put_into_a_destination_meanwhile_stays(
    calls: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = calls.generated_path / "mine.txt"

    def put(*_: object) -> None:
        mine.parent.mkdir(parents=True)
        mine.write_text("mine")

    monkeypatch.setattr("codegen.generator.build.require_pinned", put)
    with pytest.raises(BadInputError, match="would be deleted"):
        generate([calls])
    assert contents(calls.generated_path) == {"mine.txt": b"mine"}


def test_what_is_no_python_is_bad_input(
    calls: Provider, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    templates = tmp_path / "templates"
    shutil.copytree(TEMPLATES, templates)
    (templates / "folder_init.py.jinja").write_text("def broken(:\n")
    monkeypatch.setattr("codegen.generator.build.TEMPLATES", templates)
    message = r"(?s)ruff check refuses what was generated:\n.*_operations/__init__\.py"
    with pytest.raises(BadInputError, match=message):
        generate([calls])


def test_templates_are_compiled_each_time_where_nothing_can_be_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "text.jinja").write_text("{{ 1 + 1 }}")
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    monkeypatch.setattr("os.access", lambda path, _: path == tmp_path)
    environment = build._environment(tmp_path)  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
    assert environment.get_template("text.jinja").render() == "2"
    assert [*(tmp_path / "__pycache__").iterdir()] == []


SCRIPT = """
import sys
from dataclasses import replace
from pathlib import Path
from codegen.generator.build import generate
from codegen.providers.provider import read_provider
generate([read_provider(Path(sys.argv[1]), "calls")], out=Path(sys.argv[2]))
"""
PROVIDER = """
[distribution]
name = "callrecords-calls"
package = "callrecords_calls"
version = "1.2.3"
title = "Calls"
keywords = ["calls"]
[server]
url = "https://calls.example"
[[source]]
document = "000"
url = "https://calls.example/docs"
date = 2026-01-01
"""


def test_bytes_depend_on_no_hash_seed_folder_locale_or_variable(
    calls: Provider, tmp_path: Path
) -> None:
    (calls.definition_path.parent / "provider.toml").write_text(PROVIDER)
    surroundings: dict[str, dict[str, str]] = {
        "one": {"PYTHONHASHSEED": "1", "LC_ALL": "C", "PYTHONUTF8": "0", "RUFF_LINE_LENGTH": "20"},
        "two": {"PYTHONHASHSEED": "2", "LC_ALL": "C.UTF-8", "TZ": "Asia/Tokyo"},
    }
    for name, variables in surroundings.items():
        folder = tmp_path / name
        folder.mkdir()
        (folder / "ruff.toml").write_text("line-length = 40\n")
        subprocess.run(  # noqa: S603
            [sys.executable, "-c", SCRIPT, str(calls.root), str(folder / "out")],
            cwd=folder,
            env={**os.environ, **variables, "PYTHONPATH": str(REPOSITORY)},
            check=True,
        )
    one, two = (contents(tmp_path / name / "out") for name in surroundings)
    assert one == two
