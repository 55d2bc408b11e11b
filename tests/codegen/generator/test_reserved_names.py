"""Names of a definition do not take the place of what generated modules need."""

from __future__ import annotations

import ast
import builtins
import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
from openapi_python_client.strings import ClassName

from codegen.generator.build import made
from codegen.openapi.names import CLASS_NAMES, FIELD_NAMES, PARAMETER_NAMES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from codegen.providers.provider import Provider
    from tests.codegen.conftest import MakeProvider

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
            }
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


@pytest.fixture
def package(make_provider: MakeProvider, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A package with all the imports of the templates, which formatting would thin out."""
    monkeypatch.setattr("codegen.generator.build._format", lambda *_: None)
    provider = make_provider(json.dumps(EVERYTHING))
    with made([provider]) as distributions:
        yield distributions[provider] / provider.package


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


def test_the_reserved_parameters_are_the_names_of_an_operation_s_module(package: Path) -> None:
    statements = parsed(package / "api/default/send.py").body
    functions = [
        each for each in statements if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    assert {each.name for each in functions} >= {"sync", "asyncio", "build_request"}
    names = bound(statements)
    for function in functions:
        names |= bound(function.body) | {each.arg for each in function.args.kwonlyargs}
    assert names - MADE_HERE == PARAMETER_NAMES


def test_the_reserved_fields_are_the_names_in_the_body_of_a_model(package: Path) -> None:
    statements = parsed(package / "models/files.py").body
    (model,) = [each for each in statements if isinstance(each, ast.ClassDef)]
    values = [each.value for each in model.body if isinstance(each, ast.AnnAssign) and each.value]
    read = {each.id for value in values for each in ast.walk(value) if isinstance(each, ast.Name)}
    assert (bound(model.body) | read) - FIELDS - set(dir(builtins)) == FIELD_NAMES


def test_the_reserved_classes_are_the_class_names_in_modules_with_classes(package: Path) -> None:
    modules = [package / "api/default/send.py", *package.glob("models/[!_]*.py")]
    names = {name for module in modules for name in bound(parsed(module).body)}
    # No other name can be that of a schema's class.
    assert {each for each in names - MADE_HERE if ClassName(each, "") == each} == CLASS_NAMES


# The generator cannot tell `client` and `Client` apart; of any other two names that differ in case
# only, it keeps the case.
IN_QUERY = PARAMETER_NAMES - {"httpx", "Client"} | {"words", "Words", "orjson_parameter"}


def send_with_parameters(make_provider: MakeProvider) -> Provider:
    """A provider whose operation has every reserved name as a parameter, and one in the path."""
    path_parameter = {"name": "httpx", "in": "path", "required": True, "schema": {"type": "string"}}
    query = [
        {"name": name, "in": "query", "schema": {"type": "string"}} for name in sorted(IN_QUERY)
    ]
    post = EVERYTHING["paths"]["/"]["post"]
    paths = {"/{httpx}": {"post": {**post, "parameters": [path_parameter, *query]}}}
    return make_provider(json.dumps({**EVERYTHING, "paths": paths}))


PROGRAM = """
import json, sys
sys.path.insert(0, sys.argv[1])
import httpx
from callrecords_calls import Client
from callrecords_calls.api.default import send
from callrecords_calls.models import Words
def answer(request):
    print(json.dumps([request.url.path, dict(request.url.params)]))
    return httpx.Response(204)
transport = httpx.MockTransport(answer)
client = Client(base_url="https://calls.example", httpx_args={"transport": transport})
arguments = json.loads(sys.argv[2])
send.sync(arguments.pop(0), client=client, body=Words(), **{name: name for name in arguments})
"""


def test_a_parameter_of_a_reserved_name_is_sent_under_its_own(make_provider: MakeProvider) -> None:
    provider = send_with_parameters(make_provider)
    with made([provider]) as distributions:
        folder = distributions[provider]
        module = parsed(folder / provider.package / "api/default/send.py")
        (sync,) = [
            each
            for each in module.body
            if isinstance(each, ast.FunctionDef) and each.name == "sync"
        ]
        assert [each.arg for each in sync.args.args] == ["httpx_parameter"]
        arguments = {each.arg for each in sync.args.kwonlyargs} - {"client", "body"}
        result = subprocess.run(  # noqa: S603
            [sys.executable, "-c", PROGRAM, str(folder), json.dumps(["in path", *arguments])],
            capture_output=True,
            text=True,
            check=False,
        )
    assert result.stderr == ""
    path, sent = json.loads(result.stdout)
    assert path == "/in path"
    assert sent.keys() == IN_QUERY
    assert not arguments & (PARAMETER_NAMES | MADE_HERE)
    assert {name: sent[name] for name in ("query_values", "orjson", "orjson_parameter")} == {
        "query_values": "query_values_parameter",
        "orjson": "orjson_parameter_parameter",
        "orjson_parameter": "orjson_parameter",
    }
