"""Where a definition refuses what another accepted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from codegen.proof.strictness import stricter_places

if TYPE_CHECKING:
    from codegen.files.values import JSON, JSONObject


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
