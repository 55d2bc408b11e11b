"""Closing a schema: which objects accept undocumented properties, and which do not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from codegen.proof.closing import UnusableSchemaError, close_schema
from codegen.proof.mismatch import compile_validator, find_mismatches

if TYPE_CHECKING:
    from codegen.files.values import JSON, JSONObject

ID: JSONObject = {"type": "object", "properties": {"id": {"type": "string"}}}
NAME: JSONObject = {"type": "object", "properties": {"name": {"type": "string"}}}
DEFINITION: JSONObject = {
    "components": {
        "schemas": {
            "Id": ID,
            "Name": NAME,
            "Both": {"allOf": [{"$ref": "#/components/schemas/Id"}, NAME]},
            "Tree": {
                "type": "object",
                "properties": {
                    "children": {"type": "array", "items": {"$ref": "#/components/schemas/Tree"}}
                },
            },
            "Chain": {
                "properties": {"value": {"type": "string"}},
                "allOf": [{"$ref": "#/components/schemas/Chain"}],
            },
            "Loop": {"allOf": [{"$ref": "#/components/schemas/Loop"}]},
            "Odd/name~ {x}": ID,
        }
    }
}


def reference(name: str) -> JSONObject:
    return {"$ref": f"#/components/schemas/{name}"}


def accepts(schema: JSON, value: JSON) -> bool:
    validator = compile_validator(close_schema(DEFINITION, schema))
    return not find_mismatches(validator, value)


CLOSED: dict[str, tuple[JSON, JSON, JSON]] = {
    "an object": (ID, {"id": "1"}, {"id": "1", "x": 1}),
    "in an array": ({"items": ID}, [{"id": "1"}], [{"x": 1}]),
    "in an object": ({"properties": {"call": ID}}, {"call": {}}, {"call": {"x": 1}}),
    "in a map": ({"additionalProperties": ID}, {"any": {"id": "1"}}, {"any": {"x": 1}}),
    "in a tuple": ({"prefixItems": [ID]}, [{"id": "1"}, {"x": 1}], [{"x": 1}]),
    "beside patterns": (
        {"patternProperties": {"^a": ID}, "properties": {"b": True}},
        {"a1": {"id": "1"}, "b": 1},
        {"c": 1},
    ),
    "among several types": ({**ID, "type": ["object", "string"]}, "text", {"x": 1}),
    "behind a reference": (reference("Id"), {"id": "1"}, {"x": 1}),
    "behind a reference with constraints": (
        {**reference("Id"), "required": ["id"]},
        {"id": "1"},
        {"id": "1", "x": 1},
    ),
    "beside a reference": (
        {**reference("Id"), **NAME},
        {"id": "1", "name": "a"},
        {"id": "1", "x": 1},
    ),
    "composed": (reference("Both"), {"id": "1", "name": "a"}, {"x": 1}),
    "composed twice": (
        {"allOf": [reference("Both"), {"properties": {"age": {}}}]},
        {"id": "1", "name": "a", "age": 3},
        {"id": "1", "x": 1},
    ),
    "composed with a choice": (
        {"allOf": [ID, {"oneOf": [{**NAME, "required": ["name"]}, {"required": ["id"]}]}]},
        {"id": "1"},
        {"id": "1", "x": 1},
    ),
    "inside what is composed": (
        {"allOf": [{"properties": {"call": ID}}]},
        {"call": {}},
        {"call": {"x": 1}},
    ),
    "a choice": ({"anyOf": [ID, NAME]}, {"name": "a"}, {"x": 1}),
    "a choice is no mixture": ({"anyOf": [ID, NAME]}, {"id": "1"}, {"id": "1", "name": "a"}),
    "beside a choice": (
        {**ID, "anyOf": [NAME, {"properties": {"age": {}}}]},
        {"id": "1", "age": 3},
        {"id": "1", "x": 1},
    ),
    "nullable": ({"oneOf": [reference("Id"), {"type": "null"}]}, None, {"x": 1}),
    "with a condition": (
        {**ID, "if": {"required": ["id"]}, "then": NAME},
        {"id": "1", "name": "a"},
        {"id": "1", "x": 1},
    ),
    "with a dependent schema": (
        {**ID, "dependentSchemas": {"id": NAME}},
        {"id": "1", "name": "a"},
        {"id": "1", "x": 1},
    ),
    "recursive": (reference("Tree"), {"children": [{"children": []}]}, {"children": [{"x": 1}]}),
    "oddly named": (reference("Odd~1name~0%20%7Bx%7D"), {"id": "1"}, {"x": 1}),
    "deep reference": (reference("Tree/properties/children/items"), {"children": []}, {"x": 1}),
}


@pytest.mark.parametrize(("schema", "documented", "undocumented"), CLOSED.values(), ids=CLOSED)
def test_only_documented_properties_are_accepted(
    schema: JSON, documented: JSON, undocumented: JSON
) -> None:
    assert accepts(schema, documented)
    assert not accepts(schema, undocumented)


OPEN: dict[str, tuple[JSON, JSON]] = {
    "a choice said to be open": ({"anyOf": [ID], "additionalProperties": True}, {"x": 1}),
    "no properties": ({"type": "object"}, {"x": 1}),
    "empty properties": ({"type": "object", "properties": {}}, {"x": 1}),
    "a boolean schema": (True, {"x": 1}),
    "said to be open": ({**ID, "additionalProperties": True}, {"x": 1}),
    "a map with known members": ({**ID, "additionalProperties": {}}, {"x": 1}),
    "unevaluated allowed": ({**ID, "unevaluatedProperties": True}, {"x": 1}),
    "composed and open": ({"allOf": [ID], "additionalProperties": True}, {"x": 1}),
    "an open part": ({"allOf": [{**ID, "additionalProperties": True}, NAME]}, {"x": 1}),
    "composed of free-form": ({"allOf": [{"type": "object"}]}, {"x": 1}),
    "a free-form choice": ({"anyOf": [ID, {"type": "object"}]}, {"x": 1}),
    "what some item must be": ({"contains": ID}, [{"x": 1}]),
}


@pytest.mark.parametrize(("schema", "value"), OPEN.values(), ids=OPEN)
def test_free_form_objects_and_questions_stay_open(schema: JSON, value: JSON) -> None:
    assert accepts(schema, value)


QUESTIONS: dict[str, JSON] = {
    "not": {"not": {**ID, "required": ["id"]}},
    "not, by reference": {"not": {"allOf": [reference("Id"), {"required": ["id"]}]}},
    "not, further inside": {"not": {"properties": {"call": ID}, "required": ["id"]}},
    "if": {"if": ID, "then": {"required": ["y"]}},
    "if, by reference": {"if": reference("Id"), "then": {"required": ["y"]}},
}


@pytest.mark.parametrize("schema", QUESTIONS.values(), ids=QUESTIONS)
def test_what_a_schema_asks_is_asked_as_written(schema: JSON) -> None:
    assert not accepts(schema, {"id": "1", "x": 1, "call": {"x": 1}})


def test_a_schema_composed_of_itself_is_closed_once() -> None:
    closed = close_schema(DEFINITION, reference("Chain"))
    assert isinstance(closed, dict)
    definitions = closed["$defs"]
    assert isinstance(definitions, dict)
    assert len(definitions) == 2  # by itself, and as a part


def test_a_schema_composed_of_nothing_but_itself_stays_open() -> None:
    assert "unevaluatedProperties" not in repr(close_schema(DEFINITION, reference("Loop")))


def test_the_definition_is_left_as_it_is() -> None:
    schema: JSONObject = {"allOf": [{"properties": {"a": {"properties": {"b": {}}}}}]}
    before = repr((schema, DEFINITION))
    close_schema(DEFINITION, schema)
    assert repr((schema, DEFINITION)) == before


@pytest.mark.parametrize(
    "target", ["#/components/schemas/Nothing", "other.yaml#/Id", "https://x.example/Id", 7]
)
def test_a_reference_that_leads_nowhere_is_named(target: JSON) -> None:
    with pytest.raises(UnusableSchemaError, match=r"leads to nothing") as caught:
        close_schema(DEFINITION, {"properties": {"id": {"$ref": target}}})
    assert repr(target) in str(caught.value)
