"""Text of a definition is text wherever it ends up; it never becomes code."""

from __future__ import annotations

import ast
import json
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

from codegen.generator.build import generate
from codegen.providers.provider import read_provider

ROOT = Path(__file__).parents[2]
HOSTILE = {
    "end of a docstring": '"""\nimport os; os.environ["TAKEN"] = "1"\n"""',
    "end of a text": '"; raise SystemExit("taken") #',
    "end of a text in single quotes": "'); raise SystemExit('taken') #",
    "field of an f-string": '{__import__("os")._exit(3)}',
    "expression of a template": '{{ 7 * 7 }}{% raise %}{{ "".__class__ }}',
    "escape": "\\N{BULLET} \\x41 \\U00110000 \\",
    "line breaks": "one\r\ntwo\u2028three\u0085four\x0cfive",
    "control characters": "a\x00b\x1b[31mc\u202ed",
    "comment": "# type: ignore\n# ruff: noqa",
    "end of a table": '"]\n[tool.hatch.build.hooks.custom]\npath = "x.py',
    "markup": "<script>taken()</script> `| x |` [a](javascript:b)",
}
PROVIDER = """\
[distribution]
name = "callrecords-hostile"
package = "callrecords_hostile"
version = "0.1.0"
title = {text}
keywords = [{text}]

[server]
url = "https://hostile.example.com"

[[source]]
document = "hostile"
url = "https://hostile.example.com/docs"
date = 2026-11-21
"""


HARMLESS = (
    *(ast.Import, ast.ImportFrom, ast.Assign, ast.AnnAssign, ast.If),
    *(ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef),
)


def definition(text: str) -> dict[str, Any]:
    """A definition with ``text`` in every place that takes any text."""
    schema = {"type": "string", "description": text, "example": text, "default": text}
    model = {
        "title": "Thing",
        "type": "object",
        "description": text,
        "required": ["id"],
        "properties": {
            "id": {"type": "string", "description": text, "example": text},
            text: {"type": "string"},
            "kind": {
                "title": "Kind",
                "description": text,
                "type": "string",
                "enum": [text, "a"],
                "x-enum-varnames": ["HOSTILE", "A"],
            },
            "constant": {"const": text},
        },
    }
    return {
        "openapi": "3.1.0",
        "info": {"title": text, "version": text, "description": text},
        "servers": [
            {
                "url": "https://{tenant}.example.com/" + text.replace("{", "").replace("}", ""),
                "variables": {"tenant": {"default": text, "description": text}},
            }
        ],
        "security": [{"key": []}],
        "paths": {
            "/things/{id}": {
                "get": {
                    "operationId": "getThing",
                    "tags": ["things"],
                    "summary": text,
                    "description": text,
                    "parameters": [
                        {"name": "id", "in": "path", "required": True, "description": text,
                         "schema": schema},
                        {"name": text, "in": "query", "description": text, "schema": schema},
                    ],
                    "responses": {
                        "200": {
                            "description": text,
                            "content": {"application/json": {"schema": model}},
                        }
                    },
                }
            }
        },
        "components": {
            "securitySchemes": {
                "key": {"type": "apiKey", "in": "header", "name": "X-Key", "description": text}
            }
        },
    }  # fmt: skip


@pytest.fixture(scope="module", params=HOSTILE.values(), ids=list(HOSTILE))
def text(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def distribution(tmp_path_factory: pytest.TempPathFactory, text: str) -> Path:
    """The distribution of a definition that is hostile throughout."""
    root = tmp_path_factory.mktemp("hostile")
    specs = root / "specs/hostile"
    specs.mkdir(parents=True)
    shutil.copyfile(ROOT / "LICENSE", root / "LICENSE")
    (specs / "openapi.yaml").write_text(json.dumps(definition(text)))
    (specs / "provider.toml").write_text(PROVIDER.format(text=json.dumps(text).replace("\x7f", "")))
    generate([read_provider(root, "hostile")])
    return root / "generated/hostile"


def test_hostile_text_adds_no_statement_to_a_module(distribution: Path) -> None:
    for file in distribution.rglob("*.py"):
        for statement in ast.parse(file.read_bytes()).body:
            is_text = isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
            assert is_text or isinstance(statement, HARMLESS), (file, ast.unparse(statement))
        names = {node.id for node in ast.walk(ast.parse(file.read_bytes()))
                 if isinstance(node, ast.Name)}  # fmt: skip
        assert not names & {"os", "SystemExit", "__import__", "taken"}


def test_hostile_text_does_nothing_when_every_module_is_imported(
    distribution: Path, text: str
) -> None:
    program = f"""
import json, os, sys
sys.path.insert(0, {str(distribution)!r})
import callrecords_hostile
from callrecords_hostile._operations.get_thing import OPERATION
from callrecords_hostile.models import Thing, Kind
for name in callrecords_hostile.__all__:
    getattr(callrecords_hostile, name)
text = json.loads({json.dumps(text)!r})
thing = Thing.from_dict({{"id": text, "kind": text, text: text}})
assert thing.to_dict() == {{"id": text, "kind": text, text: text}}
assert "TAKEN" not in os.environ
print("untouched")
"""
    result = subprocess.run(  # noqa: S603
        [sys.executable, "-W", "error", "-c", program], capture_output=True, text=True, check=False
    )
    assert (result.returncode, result.stdout, result.stderr) == (0, "untouched\n", "")


def test_hostile_text_stays_a_text_in_the_metadata(distribution: Path) -> None:
    project = tomllib.loads((distribution / "pyproject.toml").read_text("utf-8"))
    assert set(project) == {"project", "build-system", "tool"}
    assert set(project["tool"]["hatch"]["build"]["targets"]) == {"wheel", "sdist"}
    assert project["tool"]["hatch"]["build"].keys() == {"targets"}


@pytest.mark.parametrize("title", ['x"; import os', "a b", "1", "class", "Thing\n", ""])
def test_a_title_that_is_no_class_name_names_nothing(tmp_path: Path, title: str) -> None:
    specs = tmp_path / "specs/hostile"
    specs.mkdir(parents=True)
    shutil.copyfile(ROOT / "LICENSE", tmp_path / "LICENSE")
    content = definition("text")
    responses = content["paths"]["/things/{id}"]["get"]["responses"]
    responses["200"]["content"]["application/json"]["schema"]["title"] = title
    (specs / "openapi.yaml").write_text(json.dumps(content))
    (specs / "provider.toml").write_text(PROVIDER.format(text='"text"'))
    provider = read_provider(tmp_path, "hostile")
    generate([provider])
    models = {path.stem for path in (provider.generated_path / provider.package).rglob("*.py")}
    assert "get_thing_response" in models, models
