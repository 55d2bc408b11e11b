"""What the first check of an answer leaves to decoding, and what it does not."""

from __future__ import annotations

from typing import Any

import pytest

from callrecords_runtime.quick import left_to_decoding

A = {"type": "object", "properties": {"id": {"type": "string"}}, "required": ["id"]}
REFERENCE = {"$ref": "#/$defs/A"}


def required_of_a(root: dict[str, Any], *, models: tuple[str, ...] = ("A", "Root")) -> list[str]:
    """What the component A still requires when it is used by a component like ``root``."""
    definitions = {"A": A, "Root": root, "Elsewhere": {"anyOf": [REFERENCE]}}
    schema, left = left_to_decoding({"$ref": "#/$defs/Root"}, definitions, models)
    assert schema == {"$ref": "#/$defs/Root"}
    assert set(left) == {"A", "Root"}
    required: list[str] = left["A"].get("required", [])
    return required


@pytest.mark.parametrize(
    "root",
    [
        pytest.param({"properties": {"a": REFERENCE}}, id="property"),
        pytest.param({"properties": {"a": {"items": REFERENCE}}}, id="items"),
        pytest.param({"properties": {}, "additionalProperties": REFERENCE}, id="additional"),
        pytest.param({"properties": {"a": {**REFERENCE, "description": "…"}}}, id="described"),
    ],
)
def test_a_field_that_a_model_asks_for_is_left_to_it(root: dict[str, Any]) -> None:
    assert required_of_a(root) == []


@pytest.mark.parametrize(
    "root",
    [
        *(
            pytest.param({"properties": {"a": {keyword: [REFERENCE]}}}, id=keyword)
            for keyword in ("allOf", "anyOf", "oneOf", "prefixItems")
        ),
        *(
            pytest.param({"properties": {"a": {keyword: REFERENCE}}}, id=keyword)
            for keyword in ("not", "if", "then", "else", "contains", "propertyNames")
        ),
        *(
            pytest.param({keyword: {"a": REFERENCE}}, id=keyword)
            for keyword in ("patternProperties", "dependentSchemas")
        ),
        pytest.param({"unevaluatedProperties": REFERENCE}, id="unevaluatedProperties"),
        pytest.param(
            {"properties": {"a": {"$ref": "#/$defs/A", "properties": {"b": REFERENCE}}}},
            id="beside a reference",
        ),
        pytest.param(
            {"properties": {"a": {"prefixItems": [], "items": REFERENCE}}}, id="rest of a tuple"
        ),
        pytest.param({"properties": {"a": {"$ref": "#/$defs/A/properties/id"}}}, id="deep"),
        pytest.param(
            {"properties": {"a": REFERENCE, "b": {"oneOf": [{"items": REFERENCE}]}}}, id="both ways"
        ),
    ],
)
def test_what_may_be_decoded_otherwise_is_still_asked_for(root: dict[str, Any]) -> None:
    assert required_of_a(root) == ["id"]


def test_what_has_no_model_is_still_asked_for() -> None:
    assert required_of_a({"properties": {"a": REFERENCE}}, models=("Root",)) == ["id"]


def test_a_field_that_is_required_and_not_documented_is_still_asked_for() -> None:
    root = {"properties": {"a": REFERENCE}, "required": ["a", "b"]}
    _, left = left_to_decoding(
        REFERENCE | {"$ref": "#/$defs/Root"}, {"A": A, "Root": root}, ["Root"]
    )
    assert left["Root"]["required"] == ["b"]


def test_definitions_that_refer_to_each_other_come_to_an_end() -> None:
    root = {"properties": {"a": {"$ref": "#/$defs/Root"}}, "required": ["a"]}
    _, left = left_to_decoding({"$ref": "#/$defs/Root"}, {"Root": root}, ["Root"])
    assert "required" not in left["Root"]


MOMENT = {"type": "string", "format": "date-time"}


def left_of(field: Any, *, models: tuple[str, ...] = ("Root",)) -> Any:
    """What is still asked of a component's field."""
    root = {"properties": {"a": field}}
    schema = {"$ref": "#/$defs/Root"}
    _, left = left_to_decoding(schema, {"Root": root}, models)
    return left["Root"]["properties"]["a"]


@pytest.mark.parametrize("type_", ["string", ["string"], ["string", "null"], ["null", "string"]])
def test_the_form_of_a_moment_is_left_to_its_model(type_: Any) -> None:
    field = {**MOMENT, "type": type_, "description": "…"}
    assert left_of(field) == {"type": type_, "description": "…"}
    assert left_of(field, models=()) == field


@pytest.mark.parametrize(
    "field",
    [
        {"format": "date-time"},
        {"type": ["string", "integer"], "format": "date-time"},
        {"type": "string", "format": "date"},
        {**MOMENT, "enum": ["2024-01-01T00:00:00Z"]},
        {**MOMENT, "const": "2024-01-01T00:00:00Z"},
        {"type": "array", "items": MOMENT},
        {"anyOf": [MOMENT, {"type": "integer"}]},
        {"additionalProperties": MOMENT},
        True,
    ],
)
def test_the_form_of_anything_else_is_still_asked_for(field: Any) -> None:
    assert left_of(field) == field
