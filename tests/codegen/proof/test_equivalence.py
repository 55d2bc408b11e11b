"""What validation sees of a change to a definition."""

from __future__ import annotations

import itertools
import operator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openapi_python_client.config import Config, ConfigFile, MetaType
from openapi_python_client.parser import GeneratorData

from codegen.files.document import parse
from codegen.files.values import JSON, pointer_to, replace_at
from codegen.openapi.grammar import root, walk
from codegen.openapi.strictness import ASSERTED_FORMATS, MAPPED_FORMATS
from codegen.proof.equivalence import stricter_places, validation_differences
from codegen.proof.schemas import (
    UnusableSchemaError,
    close_schema,
    compile_validator,
    find_mismatches,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from codegen.files.values import JSONObject


DEFINITION = parse(
    b"""\
openapi: 3.1.0
info: {title: Calls}
paths:
  /calls:
    parameters: [{name: page, in: query, required: true, schema: {type: integer}}]
    get:
      operationId: calls
      parameters: []
      requestBody: {content: {application/json: {schema: {type: string}}}}
      responses:
        '200':
          description: Fine.
          content: {application/json: {schema: {type: object, properties: {title: {type: string}}}}}
components:
  schemas:
    Call: {type: object, required: [id], properties: {id: {enum: [1, 2]}}, anyOf: [{}, true]}
    Any: {}
  responses: {Gone: {content: {application/json: {schema: {type: string}}}}}
  requestBodies: {Call: {required: true}}
  parameters: {Page: {name: page, in: query}}
  securitySchemes: {Key: {type: apiKey, in: header, name: X-Key, description: Ask us.}}
security: [{Key: []}]
""",
    Path(),
)
CALL = "/components/schemas/Call"
CONTENT = "/paths/~1calls/get/responses/200/content/application~1json"


ANNOTATIONS: JSONObject = {
    "$comment": "a", "contentEncoding": "base64", "contentMediaType": "a/b", "contentSchema": {},
    "default": 1, "deprecated": True, "description": "a", "discriminator": {"propertyName": "a"},
    "example": 1, "examples": [1], "externalDocs": {"url": "a"}, "readOnly": True, "title": "a",
    "writeOnly": True, "xml": {}, "x-note": {"type": "string"}, "format": "int64",
}  # fmt: skip
PAGE = "/paths/~1calls/parameters/0"
OTHER: JSON = {"a": {}}


UNSEEN: list[tuple[str, JSON]] = [
    *((f"{CALL}/anyOf/0/{keyword}", value) for keyword, value in ANNOTATIONS.items()),
    ("/components/headers", {"X-Total": {"schema": {}}}),
    ("/paths/~1calls/get/callbacks", {"rung": {"{$url}": {"post": {"responses": {}}}}}),
    (f"{CONTENT}/encoding", {"a": {"contentType": "a/b"}}),
    (f"{PAGE}/examples", {"a": {"value": 1}}),
    ("/components/securitySchemes/Key/flows", {}),
    ("/info/title", "Records"),
    ("/servers", [{"url": "https://calls.example"}]),
    ("/x-note", 1),
    ("/paths/x-note", {"get": {}}),
    ("/paths/~1calls/summary", "Calls"),
    ("/paths/~1calls/get/operationId", "list_calls"),
    ("/paths/~1calls/get/tags", ["calls"]),
    ("/paths/~1calls/get/deprecated", True),
    ("/paths/~1calls/parameters/0/description", "From 1."),
    ("/paths/~1calls/parameters/0/example", 1),
    ("/paths/~1calls/get/responses/200/description", "All calls."),
    ("/paths/~1calls/get/responses/200/headers", {"X-Total": {"schema": {}}}),
    ("/paths/~1calls/get/responses/x-note", {"content": {}}),
    (f"{CONTENT}/examples", {"a": {"value": 1}}),
    ("/components/securitySchemes/Key/description", "In the console."),
    ("/components/securitySchemes/Key/bearerFormat", "JWT"),
    (f"{CALL}/title", "Record"),
    (f"{CALL}/x-enum-varnames", ["ONE", "TWO"]),
    (f"{CALL}/properties/id/default", 1),
    (f"{CALL}/properties/id/deprecated", True),
    (f"{CALL}/properties/id/format", "int64"),
    (f"{CALL}/anyOf/0/description", "None."),
]


def differing(one: Any, other: Any) -> list[str]:
    """Where the validation of two definitions differs."""
    return validation_differences(one, other)


@pytest.mark.parametrize(("pointer", "value"), UNSEEN)
def test_what_readers_and_generators_use_is_not_seen(pointer: str, value: JSON) -> None:
    assert differing(DEFINITION, replace_at(DEFINITION, pointer, value)) == []


SEEN: list[tuple[str, JSON]] = [
    *(
        (f"{PAGE}/{member}", OTHER)
        for member in ("$ref", "allowEmptyValue", "allowReserved", "explode", "style", "content")
    ),
    *(
        (f"{place}/$ref", OTHER)
        for place in (
            "/paths/~1calls",
            "/paths/~1calls/get/requestBody",
            "/paths/~1calls/get/responses/200",
            "/components/securitySchemes/Key",
            CALL,
        )
    ),
    ("/webhooks", {"rung": {"post": {}}}),
    ("/components/pathItems", {"Calls": {"get": {"responses": {}}}}),
    (f"{CALL}/$defs", {"a": {}}),
    (f"{CALL}/unknownKeyword", 1),
    (f"{CALL}/format", 1),
    ("/paths/~1calls/post", {}),
    ("/paths/~1calls/parameters/0/schema/type", "string"),
    ("/paths/~1calls/parameters/0/required", False),
    ("/paths/~1calls/parameters/0/name", "cursor"),
    ("/paths/~1calls/get/requestBody/required", True),
    ("/paths/~1calls/get/responses/404", {"description": "Gone."}),
    (f"{CONTENT}/schema/properties/title/type", "integer"),
    (f"{CONTENT}/schema/properties/description", {"type": "string"}),
    (f"{CONTENT}/schema/properties/x-id", {"type": "string"}),
    (f"{CONTENT}/schema/additionalProperties", False),
    (f"{CALL}/properties/id/enum", [True, 2]),
    (f"{CALL}/properties/id/type", "integer"),
    (f"{CALL}/properties/id/format", "uuid"),
    (f"{CALL}/required", []),
    (f"{CALL}/anyOf/1", False),
    ("/components/schemas/Any", True),
    ("/components/schemas/New", {}),
    ("/components/responses/Gone/content/application~1json/schema/type", "null"),
    ("/components/requestBodies/Call/required", False),
    ("/components/parameters/Page/in", "header"),
    ("/components/securitySchemes/Key/type", "http"),
    ("/components/securitySchemes/Key/in", "query"),
    ("/components/securitySchemes/Key/name", "X-Token"),
    ("/components/securitySchemes/Key/scheme", "bearer"),
    ("/components/securitySchemes/Other", {"type": "http", "scheme": "bearer"}),
    ("/security", []),
    ("/paths/~1calls/get/security", []),
    (f"{CALL}/properties/id/format", "binary"),
]


@pytest.mark.parametrize(("pointer", "value"), SEEN)
def test_what_validation_reads_is_seen_at_its_place(pointer: str, value: JSON) -> None:
    changed = replace_at(DEFINITION, pointer, value)
    assert differing(DEFINITION, changed) == [pointer]
    assert differing(changed, DEFINITION) == [pointer]


def test_items_more_are_seen_where_they_stand() -> None:
    changed = replace_at(DEFINITION, f"{CALL}/anyOf", [{}, True, {"type": "string"}, False])
    assert differing(DEFINITION, changed) == [f"{CALL}/anyOf/2", f"{CALL}/anyOf/3"]


SAMPLES: list[JSON] = [
    None, True, False, 0, 1, 2, 0.5, "", "a", "ab", "2026-01-02", [], [0], ["a", "ab"], [{}],
    {}, {"a": 0}, {"a": "a"}, {"b": 1}, {"a": 1, "b": "ab"}, {"a": {"a": 0}}, {"a": [1], "c": None},
]  # fmt: skip
JSON_VALUES = st.sampled_from(SAMPLES)
TYPES: list[JSON] = ["string", "integer", "object", "array", ["number", "null"]]
NUMBERS = st.integers(0, 2)
NAMES: list[JSON] = ["a", "b"]
LEAVES: st.SearchStrategy[JSONObject] = st.fixed_dictionaries(
    {},
    optional={
        "type": st.sampled_from(TYPES),
        "enum": st.lists(JSON_VALUES, min_size=1, max_size=2),
        "const": JSON_VALUES,
        "minimum": NUMBERS,
        "maxLength": NUMBERS,
        "minItems": NUMBERS,
        "maxProperties": NUMBERS,
        "uniqueItems": st.booleans(),
        "required": st.lists(st.sampled_from(NAMES), max_size=1),
        "format": st.sampled_from(["date", "uuid", "int64", "password"]),
        "pattern": st.sampled_from(["a", "b"]),
        "title": st.sampled_from("ab"),
        "description": st.sampled_from("ab"),
        "default": JSON_VALUES,
        "x-note": JSON_VALUES,
    },
)


def with_inner(schemas: st.SearchStrategy[JSON]) -> st.SearchStrategy[JSON]:
    inner = st.fixed_dictionaries(
        {},
        optional={
            "properties": st.dictionaries(st.sampled_from("ab"), schemas, max_size=2),
            "items": schemas,
            "additionalProperties": schemas,
            "not": schemas,
            "allOf": st.lists(schemas, min_size=1, max_size=2),
            "anyOf": st.lists(schemas, min_size=1, max_size=2),
        },
    )
    return st.builds(operator.or_, LEAVES, inner)


SCHEMAS: st.SearchStrategy[JSON] = st.recursive(
    st.one_of(LEAVES, st.booleans()), with_inner, max_leaves=5
)


def places(value: JSON, pointer: str = "") -> Iterator[str]:
    yield pointer
    members = value.items() if isinstance(value, dict) else ()
    items = enumerate(value) if isinstance(value, list) else ()
    for key, member in (*members, *items):
        yield from places(member, pointer + pointer_to(key))


@given(SCHEMAS, st.data())
def test_schemas_without_a_difference_accept_the_same(schema: JSON, data: st.DataObject) -> None:
    place = data.draw(st.sampled_from(list(places(schema))))
    other = replace_at(schema, place, data.draw(SCHEMAS | JSON_VALUES))
    try:
        validators = [compile_validator(close_schema({}, each)) for each in (schema, other)]
    except UnusableSchemaError:
        return
    found = differing(definition(schema), definition(other))
    if not found:
        verdicts = [[validator.is_valid(value) for value in SAMPLES] for validator in validators]
        assert verdicts[0] == verdicts[1]
    for pointer in found:
        # There is one change, and what is named holds it.
        assert f"{CALL}{place}".startswith(pointer) or pointer.startswith(f"{CALL}{place}/")


@given(SCHEMAS, st.data())
def test_annotations_anywhere_make_no_difference(schema: JSON, data: st.DataObject) -> None:
    whole = definition(schema)
    nodes = [node.pointer for node in walk(root(whole)) if node.kind == "schema"]
    annotated: JSON = whole
    for place in nodes:
        keyword = data.draw(st.sampled_from(sorted(ANNOTATIONS)))
        if keyword != "format":
            annotated = replace_at(annotated, f"{place}/{keyword}", ANNOTATIONS[keyword])
    assert differing(whole, annotated) == []
    assert differing(annotated, whole) == []


def test_all_differences_are_named() -> None:
    changed = replace_at(DEFINITION, f"{CALL}/type", "string")
    changed = replace_at(changed, f"{CONTENT}/schema/type", "string")
    assert set(differing(DEFINITION, changed)) == {
        f"{CALL}/type",
        f"{CONTENT}/schema/type",
    }


@pytest.mark.parametrize("name", sorted(ASSERTED_FORMATS))
def test_the_formats_that_are_seen_are_those_that_are_checked(name: str) -> None:
    assert find_mismatches(compile_validator({"format": name}), "\\ {{ [ %")


@pytest.mark.parametrize("name", ["int32", "int64", "float", "double", "byte", "password"])
def test_the_other_formats_of_openapi_are_not_checked_and_not_seen(name: str) -> None:
    assert find_mismatches(compile_validator({"format": name}), "\\ {{ [ %") == []
    assert name not in ASSERTED_FORMATS | MAPPED_FORMATS


def made_of(schema: dict[str, str]) -> str:
    """What the generator makes of a field with this schema."""
    data = {
        "openapi": "3.1.0",
        "info": {"title": "T", "version": "1"},
        "paths": {},
        "components": {"schemas": {"Call": {"type": "object", "properties": {"it": schema}}}},
    }
    config = Config.from_sources(
        ConfigFile(), MetaType.NONE, Path(), "utf-8", overwrite=False, output_path=None
    )
    parsed = GeneratorData.from_dict(data, config=config)
    assert isinstance(parsed, GeneratorData)
    fields = parsed.models[0].optional_properties
    assert fields
    return type(fields[0]).__name__


@pytest.mark.parametrize(
    "name",
    sorted({"int32", "int64", "float", "double", "byte", "password", "binary"} | ASSERTED_FORMATS),
)
def test_every_format_of_which_the_generator_makes_another_type_is_seen(name: str) -> None:
    is_mapped = made_of({"type": "string", "format": name}) != made_of({"type": "string"})
    assert is_mapped <= (name in ASSERTED_FORMATS | MAPPED_FORMATS)
    assert is_mapped >= (name in MAPPED_FORMATS)


def definition(schema: JSON) -> JSONObject:
    return {"components": {"schemas": {"Call": schema}}}


STRICTER: list[tuple[JSON, JSON, str]] = [
    ({}, {"maxLength": 9}, "maxLength"),
    ({}, {"minimum": 0}, "minimum"),
    ({}, {"pattern": "^a"}, "pattern"),
    ({}, {"enum": ["a"]}, "enum"),
    ({}, {"const": "a"}, "const"),
    ({}, {"required": ["a"]}, "required"),
    ({}, {"format": "date-time"}, "format"),
    ({}, {"format": "binary"}, "format"),
    ({}, {"uniqueItems": True}, "uniqueItems"),
    ({}, {"additionalProperties": False}, "additionalProperties"),
    ({}, {"type": "string"}, "type"),
    ({}, {"anyOf": [{"type": "string"}]}, "anyOf"),
    ({"type": ["string", "null"]}, {"type": "string"}, "type"),
    ({"type": "number"}, {"type": "integer"}, "type"),
    ({"enum": ["a", "b"]}, {"enum": ["a", "c"]}, "enum"),
    ({"required": ["a"]}, {"required": ["a", "b"]}, "required"),
    ({"maximum": 9}, {"maximum": 8.5}, "maximum"),
    ({"minLength": 1}, {"minLength": 2}, "minLength"),
    ({"additionalProperties": {}}, {"additionalProperties": False}, "additionalProperties"),
    ({"properties": {"a": {}}}, {"properties": {"a": {"type": "null"}}}, "properties/a/type"),
    ({"items": {"items": {}}}, {"items": {"items": {"enum": [1]}}}, "items/items/enum"),
]


@pytest.mark.parametrize(("before", "after", "place"), STRICTER)
def test_what_refuses_more_is_named(before: JSON, after: JSON, place: str) -> None:
    places = stricter_places(definition(before), definition(after))
    assert places == [f"/components/schemas/Call/{place}"]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        *((after, before) for before, after, _ in STRICTER if "enum" not in str(after)),
        ({}, {"title": "Call", "description": "A call.", "default": 1, "examples": [1]}),
        ({}, {"format": "int64"}),
        ({}, {"uniqueItems": False, "required": [], "additionalProperties": {}}),
        ({"type": "integer"}, {"type": "number"}),
        ({"type": "string"}, {"type": "integer"}),
        ({"type": "object"}, {"anyOf": [{"type": "object"}, {"type": "null"}]}),
        ({"type": "object"}, {"$ref": "#/components/schemas/Other"}),
        ({"enum": ["a"]}, {"enum": ["a", "b"]}),
        ({"maximum": 9}, {"maximum": 10}),
        ({}, {"properties": {"new": {"type": "string", "enum": ["a"], "maxLength": 9}}}),
    ],
)
def test_what_refuses_no_more_is_not_named(before: JSON, after: JSON) -> None:
    assert stricter_places(definition(before), definition(after)) == []


SHAPES: JSONObject = {
    "$ref": "#/components/schemas/Other",
    **{choice: [{"type": "object"}] for choice in ("allOf", "anyOf", "oneOf")},
    "type": "object",
}


@pytest.mark.parametrize(("before", "after"), [*itertools.permutations(SHAPES, 2)])
def test_one_form_of_a_shape_in_the_place_of_another_is_not_stricter(
    before: str, after: str
) -> None:
    one, other = ({keyword: SHAPES[keyword]} for keyword in (before, after))
    assert stricter_places(definition(one), definition(other)) == []
    assert stricter_places(definition({}), definition(other)) == [f"{CALL}/{after}"]


@pytest.mark.parametrize("required", [None, False])
def test_a_parameter_and_a_body_that_become_required_are_named(required: JSON) -> None:
    def with_required(value: JSON) -> JSONObject:
        parameter: JSON = {"name": "a", "in": "query", "required": value}
        body: JSON = {"content": {}, "required": value}
        return {"paths": {"/": {"post": {"parameters": [parameter], "requestBody": body}}}}

    before, after = with_required(required), with_required(value=True)
    assert stricter_places(before, after) == [
        "/paths/~1/post/parameters/0/required",
        "/paths/~1/post/requestBody/required",
    ]
    assert stricter_places(after, before) == []
