"""Names of a definition do not take the place of what generated modules need."""

from __future__ import annotations

import ast
import builtins
import itertools
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from openapi_python_client.strings import ClassName

from callrecords_runtime.awaited import AsyncClient, AsyncGroup
from callrecords_runtime.blocking import SyncClient, SyncGroup
from callrecords_runtime.client import WithResponse
from callrecords_runtime.options import CallOptions
from codegen.generator.clients import names_of_classes
from codegen.openapi.names import (
    CLASS_NAMES,
    CLIENT_NAMES,
    FIELD_NAMES,
    METHOD_NAMES,
    PARAMETER_NAMES,
)
from tests.codegen.packages import made

if TYPE_CHECKING:
    from collections.abc import Iterator

    from codegen.providers.provider import Provider
    from tests.codegen.conftest import MakeProvider

ROOT = Path(__file__).parents[3]

# An operation with two bodies and a model for files, so that templates leave out nothing.
EVERYTHING: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {"title": "T", "version": "1"},
    "paths": {
        "/": {
            "post": {
                "operationId": "send",
                "requestBody": {
                    "content": {
                        "application/json": {"schema": {"$ref": "#/components/schemas/Words"}},
                        "multipart/form-data": {"schema": {"$ref": "#/components/schemas/Files"}},
                    }
                },
                "responses": {"204": {"description": "Sent."}},
            },
            "get": {
                "operationId": "pages",
                "parameters": [{"name": "page", "in": "query", "schema": {"type": "integer"}}],
                "responses": {
                    "200": {
                        "description": "A page.",
                        "content": {"application/json": {"schema": {"type": "array", "items": {}}}},
                    }
                },
            },
        }
    },
    "components": {
        "schemas": {
            "Words": {"type": "object", "title": "Words"},
            "Files": {
                "type": "object",
                "title": "Files",
                "properties": {
                    "payload": {"type": "string", "format": "binary"},
                    "kind": {"title": "Kind", "enum": ["a"]},
                    "number": {"title": "Number", "enum": [1]},
                },
            },
        }
    },
}
MADE_HERE = {"Words", "Files", "Kind", "Number"}
FIELDS = {"payload", "kind", "number"}


OVERLAY = """\
overlay: 1.1.0
info: {title: Facts, version: '1'}
x-client:
  groups: GROUPS
  operations: {pages: {pages: {page: page}}}
"""


@pytest.fixture(params=["false", "true"])
def package(
    make_provider: MakeProvider, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> Iterator[Path]:
    """A package with all the imports of the templates, which formatting would thin out."""
    monkeypatch.setattr("codegen.generator.build._run_ruff", lambda *_: None)
    provider = make_provider(json.dumps(EVERYTHING))
    provider.overlay_path.parent.mkdir()
    provider.overlay_path.write_text(OVERLAY.replace("GROUPS", request.param))
    with made([provider]) as distributions:
        yield distributions[provider] / provider.package


def methods_of(package: Path) -> Path:
    """The module with the methods of the clients."""
    group = package / "_groups/default.py"
    return group if group.exists() else package / "client.py"


def parsed(file: Path) -> ast.Module:
    return ast.parse(file.read_bytes())


def bound(statements: list[ast.stmt]) -> set[str]:
    """The names that statements bind where they stand, without those for inside use."""
    names: set[str] = set()
    for node in statements:
        match node:
            case ast.ImportFrom(module="__future__"):
                pass
            case ast.Import(names=aliases) | ast.ImportFrom(names=aliases):
                names |= {alias.asname or alias.name.partition(".")[0] for alias in aliases}
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                names.add(node.name)
            case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
                names.add(name)
            case _:
                pass
    return {name for name in names if not name.startswith("_")}


def bound_anywhere(module: ast.Module) -> set[str]:
    """The names that a module binds, also those for type checkers only."""
    for_checkers = (node.body for node in module.body if isinstance(node, ast.If))
    return bound([*module.body, *itertools.chain.from_iterable(for_checkers)])


def test_the_reserved_parameters_are_what_a_method_takes_besides(package: Path) -> None:
    statements = parsed(methods_of(package)).body
    client = next(each for each in statements if isinstance(each, ast.ClassDef))
    methods = {each.name: each for each in client.body if isinstance(each, ast.FunctionDef)}
    names: set[str] = set()
    for method in (methods["send"], methods["pages"]):
        arguments = method.args
        assert arguments.kwarg is not None
        names |= {each.arg for each in (*arguments.args, *arguments.kwonlyargs, arguments.kwarg)}
    # A parameter called limit keeps its name, and ours yields.
    assert names - {"limit"} | CallOptions.__annotations__.keys() == PARAMETER_NAMES


def test_the_reserved_methods_are_what_clients_have_besides() -> None:
    classes = (SyncClient, AsyncClient, SyncGroup, AsyncGroup, WithResponse)
    names = {name for each in classes for name in dir(each) if not name.startswith("_")}
    # An answering client has its client, and the body of its class calls two functions.
    assert names | {"answered", "async_answered", "client", "with_response"} == METHOD_NAMES


def test_no_client_and_no_group_has_the_name_of_what_its_module_imports(package: Path) -> None:
    names = bound_anywhere(parsed(methods_of(package)))
    names |= bound_anywhere(parsed(package / "client.py"))
    own = {*names_of_classes("Calls"), *names_of_classes("Default")}
    assert {each for each in names - own if each[0].isupper()} == CLIENT_NAMES


def test_the_reserved_fields_are_the_names_in_the_body_of_a_model(package: Path) -> None:
    statements = parsed(package / "models/files.py").body
    (model,) = [each for each in statements if isinstance(each, ast.ClassDef)]
    values = [each.value for each in model.body if isinstance(each, ast.AnnAssign) and each.value]
    read = {each.id for value in values for each in ast.walk(value) if isinstance(each, ast.Name)}
    assert (bound(model.body) | read) - FIELDS - set(dir(builtins)) == FIELD_NAMES


def test_the_reserved_classes_are_the_class_names_in_modules_with_classes(package: Path) -> None:
    modules = [package / "_operations/send.py", *package.glob("models/[!_]*.py")]
    names = {name for module in modules for name in bound(parsed(module).body)}
    # No other name can be that of a schema's class.
    assert {each for each in names - MADE_HERE if ClassName(each, "") == each} == CLASS_NAMES


# The generator keeps some names for itself that a method of ours does not need.
IN_QUERY = PARAMETER_NAMES - {"self"} | {"client", "url", "words", "httpx", "Timeout"}


def send_with_parameters(make_provider: MakeProvider) -> Provider:
    """A provider whose operation has every reserved name as a parameter, and one in the path."""
    path_parameter = {"name": "self", "in": "path", "required": True, "schema": {"type": "string"}}
    query = [
        {"name": name, "in": "query", "schema": {"type": "string"}} for name in sorted(IN_QUERY)
    ]
    post = EVERYTHING["paths"]["/"]["post"]
    paths = {"/{self}": {"post": {**post, "parameters": [path_parameter, *query]}}}
    return make_provider(json.dumps({**EVERYTHING, "paths": paths}))


PROGRAM = """
import inspect, json, sys
sys.path.insert(0, sys.argv[1])
import httpx
from callrecords_calls import Calls
from callrecords_calls.models import Words
def answer(request):
    print(json.dumps([request.url.path, dict(request.url.params)]))
    return httpx.Response(204)
http_client = httpx.Client(transport=httpx.MockTransport(answer))
client = Calls(base_url="https://calls.example", http_client=http_client)
parameters = inspect.signature(client.send).parameters.values()
names = [each.name for each in parameters if each.kind is each.KEYWORD_ONLY and each.name != "body"]
client.send("in path", body=Words(), **{name: name for name in names})
"""


def test_a_parameter_of_a_reserved_name_is_sent_under_its_own(make_provider: MakeProvider) -> None:
    provider = send_with_parameters(make_provider)
    with made([provider]) as distributions:
        folder = distributions[provider]
        result = subprocess.run(  # noqa: S603
            [sys.executable, "-c", PROGRAM, str(folder)],
            capture_output=True,
            text=True,
            env={**os.environ, "PYTHONPATH": str(ROOT / "runtime")},
            check=False,
        )
    assert result.stderr == ""
    path, sent = json.loads(result.stdout)
    assert path == "/in path"
    reserved = PARAMETER_NAMES - {"self"}
    assert sent == {
        **{name: f"{name}_" for name in reserved},
        **{name: name for name in ("client", "url", "words", "httpx", "Timeout")},
    }
