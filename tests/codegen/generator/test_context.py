"""What templates see of a provider: the example of its README, its texts, its lines."""

from __future__ import annotations

import ast
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from codegen.generator import python
from codegen.generator.clients import client_of
from codegen.generator.context import in_table, template_context
from codegen.generator.reading import read
from codegen.providers.patched import patched, read_inputs
from codegen.providers.payloads import Payload, PayloadRequest

if TYPE_CHECKING:
    from codegen.generator.reading import Reading
    from codegen.providers.provider import Provider
    from tests.codegen.conftest import MakeProvider

STRING = {"type": "string"}


def responding(schema: Any) -> Any:
    return {"200": {"description": "", "content": {"application/json": {"schema": schema}}}}


def parameter(name: str, where: str = "path", *, required: bool = True, **schema: Any) -> Any:
    return {"in": where, "name": name, "required": required, "schema": schema or STRING}


def operation(name: str, *parameters: Any, **more: Any) -> Any:
    responses = {"204": {"description": ""}}
    return {"operationId": name, "parameters": list(parameters), "responses": responses, **more}


ENVELOPE = {
    "type": "object",
    "title": "Envelope",
    "description": "What is around a call.",
    "properties": {
        "data": {"$ref": "#/components/schemas/Call", "description": "The call."},
        "kind": {"title": "Kind", "enum": ["a"], "description": "Of the call."},
    },
}
PATHS = {
    "/start": {
        "post": operation(
            "start", requestBody={"content": {"application/json": {"schema": STRING}}}
        )
    },
    "/search": {"get": operation("search", parameter("q", "query"))},
    "/days/{day}": {"get": operation("day", parameter("day", type="string", format="date"))},
    "/calls/{id}/{part}": {
        "get": operation(
            "call",
            parameter("id"),
            parameter("part", type="integer"),
            parameter("q", "query", required=False),
            responses=responding(ENVELOPE),
        )
    },
    "/rooms/{id}": {
        "get": operation(
            "room", parameter("id"), responses=responding({"$ref": "#/components/schemas/Call"})
        )
    },
}
CALL = {"type": "object", "properties": {"id": STRING}}


def payload(name: str, status: int = 200, **path: str) -> Payload:
    request = PayloadRequest(path, {})
    return Payload(
        Path("p.json"), name, f"{name}/p.json", "document", "printed", status, request, {}
    )


def context(make_provider: MakeProvider, *payloads: Payload, paths: Any = None) -> Any:
    definition = {
        "openapi": "3.1.0",
        "info": {"title": "T", "version": "1"},
        "paths": paths or PATHS,
        "components": {"schemas": {"Call": CALL}},
    }
    provider = make_provider(json.dumps(definition))
    reading = read(patched(read_inputs(provider)))
    return template_context(provider, reading, client_of(provider, reading), payloads)


@pytest.mark.parametrize(
    ("payloads", "name", "arguments"),
    [
        ((), "call", ('"…"', "1")),
        ((payload("room", id="r"),), "room", ('"r"',)),
        ((payload("room", 299, id="r"),), "room", ('"r"',)),
        ((payload("room", 300, id="r"), payload("call", 199)), "call", ('"r"', "1")),
        ((payload("call", 404, part="x"),), "call", ('"…"', "1")),
        (
            (payload("room", 404, id="other", part="7"), payload("call", id='a"b')),
            "call",
            ('"a\\"b"', "7"),
        ),
        ((payload("start"), payload("search")), "call", ('"…"', "1")),
    ],
)
def test_the_example_is_the_simplest_operation_with_a_documented_answer(
    make_provider: MakeProvider,
    payloads: tuple[Payload, ...],
    name: str,
    arguments: tuple[str, ...],
) -> None:
    seen = context(make_provider, *payloads)
    assert seen["example"].full_name == name
    assert seen["example_arguments"] == [*arguments]


def test_without_a_simple_operation_the_first_is_the_example(make_provider: MakeProvider) -> None:
    paths = {path: PATHS[path] for path in ("/start", "/search")}
    assert context(make_provider, paths=paths)["example"].name == "start"


def test_what_the_client_gives_itself_makes_no_operation_harder(
    clients: Provider, reading: Reading
) -> None:
    seen: Any = template_context(clients, reading, client_of(clients, reading), ())
    assert (seen["example"].full_name, seen["example_arguments"]) == ("issues.get", ["1"])


def test_texts_and_constants_are_literals_of_python() -> None:
    values: list[object] = [None, True, 1, 0.5, 'a"', [], ("a",), ['b"', ["c"]], {"a'": "b"}]
    assert [ast.literal_eval(python.literal(value)) for value in values] == [
        *(None, True, 1, 0.5, 'a"', (), ("a",), ('b"', ("c",)), {"a'": "b"}),
    ]


def test_what_is_empty_is_not_given() -> None:
    given = python.given(first=0, name="a", none=None, text="", items=(), by={}, path=("b",))
    assert given == 'first=0, name="a", path=("b", ), '


def test_an_operation_imports_the_classes_of_its_arguments_and_answers(
    clients: Provider, reading: Reading
) -> None:
    client = client_of(clients, reading)
    seen: Any = template_context(clients, reading, client, ())
    create = client.all_methods.methods[1]
    assert seen["model_imports"](create) == [
        "from ..models.issue_answer import IssueAnswer",
        "from ..models.new_issue import NewIssue",
        "from ..models.state import State, STATE_MEMBERS",
    ]


def test_a_cell_of_a_table_is_one_line_that_ends_nowhere_else() -> None:
    assert in_table("a |\n <b>  c") == "a \\| &lt;b&gt; c"
