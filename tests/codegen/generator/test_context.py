"""What templates see of a provider: the example of its README, its texts, its lines."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from codegen.generator.context import classes_with_listed_fields, in_table, template_context
from codegen.generator.reading import read
from codegen.providers.patched import patched, read_inputs
from codegen.providers.payloads import Payload, PayloadRequest

if TYPE_CHECKING:
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
    seen = template_context(provider, reading, payloads, "https://r.example")
    return {**seen, "models": {str(each.class_info.name): each for each in reading.parsed.models}}


@pytest.mark.parametrize(
    ("payloads", "name", "arguments", "answer"),
    [
        ((), "call", ('"…"', "1"), "answer.data"),
        ((payload("room", id="r"),), "room", ('"r"',), "answer"),
        ((payload("room", 299, id="r"),), "room", ('"r"',), "answer"),
        ((payload("room", 300, id="r"), payload("call", 199)), "call", ('"r"', "1"), "answer.data"),
        ((payload("call", 404, part="x"),), "call", ('"…"', "1"), "answer.data"),
        (
            (payload("room", 404, id="other", part="7"), payload("call", id='a"b')),
            "call",
            ('"a\\"b"', "7"),
            "answer.data",
        ),
        ((payload("start"), payload("search")), "call", ('"…"', "1"), "answer.data"),
    ],
)
def test_the_example_is_the_simplest_operation_with_a_documented_answer(
    make_provider: MakeProvider,
    payloads: tuple[Payload, ...],
    name: str,
    arguments: tuple[str, ...],
    answer: str,
) -> None:
    seen = context(make_provider, *payloads)
    tag, endpoint = seen["example_operation"]
    assert (tag, endpoint.name) == ("default", name)
    assert seen["example_arguments"] == arguments
    assert seen["example_answer"] == answer
    assert [each.name for _, each in seen["operations"]] == [
        *("start", "search", "day", "call", "room")
    ]


def test_without_a_simple_operation_the_first_is_the_example(make_provider: MakeProvider) -> None:
    paths = {path: PATHS[path] for path in ("/start", "/search")}
    assert context(make_provider, paths=paths)["example_operation"][1].name == "start"


def test_classes_and_fields_have_the_texts_of_the_definition(make_provider: MakeProvider) -> None:
    seen = context(make_provider)
    envelope, call = seen["models"]["Envelope"], seen["models"]["Call"]
    assert seen["model_description"](envelope) == "What is around a call."
    assert seen["model_description"](call) == "A ``Call`` as the provider sends it."
    texts = [seen["field_description"](envelope, each) for each in envelope.optional_properties]
    assert texts == ["The call.", "Of the call."]
    assert [seen["field_description"](call, each) for each in call.optional_properties] == [None]
    assert seen["import_lines"] == {
        f"from {dots}models.kind import Kind": f"from {dots}models.kind import Kind, KIND_MEMBERS"
        for dots in ("..", "...")
    }


def test_only_classes_that_list_their_fields_are_told_apart_by_them() -> None:
    choices = {keyword: [CALL] for keyword in ("allOf", "anyOf", "oneOf")}
    opening: Any = {
        **dict.fromkeys(("additionalProperties", "unevaluatedProperties"), True),
        "patternProperties": {},
        "$ref": "#/components/schemas/Closed",
        **choices,
    }
    schemas: Any = {
        "Closed": CALL,
        "Forbidding": {**CALL, "additionalProperties": False},
        "Free": {"type": "object"},
        "Anything": True,
        **{f"Open{number}": {**CALL, key: opening[key]} for number, key in enumerate(opening)},
    }
    listed = classes_with_listed_fields({"components": {"schemas": schemas}})
    assert listed == {"Closed", "Forbidding"}


def test_a_cell_of_a_table_is_one_line_that_ends_nowhere_else() -> None:
    assert in_table("a |\n <b>  c") == "a \\| &lt;b&gt; c"
