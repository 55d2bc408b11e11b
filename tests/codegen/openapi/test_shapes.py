"""What a schema is after all that only leads to it."""

from __future__ import annotations

from typing import Any, cast

import pytest

from codegen.openapi.shapes import differences, shape_at, with_direct_references

DEFINITION: Any = {"components": {"schemas": {"A": {"type": "object"}, "B": {"$ref": "#/a"}}}}
A: Any = {"$ref": "#/components/schemas/A"}
NULL = {"type": "null"}


@pytest.mark.parametrize(
    ("schema", "value", "is_nullable"),
    [
        (A, {"type": "object"}, False),
        ({"allOf": [A]}, {"type": "object"}, False),
        ({"oneOf": [A]}, {"type": "object"}, False),
        ({"anyOf": [A, NULL]}, {"type": "object"}, True),
        ({"anyOf": [A, {"allOf": [NULL]}]}, {"type": "object"}, True),
        ({"type": "object", "allOf": [A]}, {"type": "object"}, False),
        ({"type": ["string", "null"]}, {"type": "string"}, True),
        ({"type": ["string"]}, {"type": "string"}, False),
        ({"enum": ["a", None]}, {"enum": ["a"]}, True),
        ({"anyOf": [NULL]}, NULL, False),
        ({"allOf": [A, A]}, {"allOf": [A, A]}, False),
        ({"allOf": [True]}, {}, False),
        ({"anyOf": [{}, NULL]}, {}, False),
        ({"$ref": "#/lost"}, {"$ref": "#/lost"}, False),
        ({"$ref": "#/lost", "type": "object"}, {"$ref": "#/lost", "type": "object"}, False),
        ({**A, "type": "object"}, {"type": "object"}, False),
        ({**A, "nullable": True}, {"type": "object"}, False),
        ({**A, "minProperties": 1}, {"minProperties": 1, "allOf": [A]}, False),
        ({**A, "allOf": [NULL]}, {"allOf": [NULL, A]}, False),
    ],
)
def test_references_compositions_of_one_and_null_are_looked_through(
    schema: Any, value: Any, *, is_nullable: bool
) -> None:
    shape = shape_at(DEFINITION, "/x", schema)
    assert (shape.value, shape.is_nullable) == (value, is_nullable)


def test_what_stands_beside_a_reference_is_of_the_use() -> None:
    shape = shape_at(DEFINITION, "/x", {"allOf": [{**A, "title": "A"}], "description": "It."})
    assert shape.beside == {"title": "A", "description": "It."}
    assert shape.pointer == "/components/schemas/A"
    assert shape.use == "/x"


def test_what_stands_around_a_composition_of_one_is_its_own() -> None:
    shape = shape_at({}, "/x", {"allOf": [{"type": "object"}], "description": "It."})
    assert shape.value == {"type": "object", "description": "It."}
    assert not shape.beside


def test_a_circle_that_says_nothing_admits_everything() -> None:
    definition: Any = {"a": {"oneOf": [{"$ref": "#/a"}]}}
    assert shape_at(definition, "/a", definition["a"]).value == {}


@pytest.mark.parametrize("around", [{"allOf": [{"$ref": "#/a"}]}, {"$ref": "#/a"}])
def test_a_circle_that_says_a_type_admits_what_has_it(around: Any) -> None:
    definition: Any = {"a": {**around, "type": "object"}}
    assert shape_at(definition, "/a", definition["a"]).value == {"type": "object"}


def found(one: Any, other: Any) -> list[tuple[str, str]]:
    shapes = [(DEFINITION, shape_at(DEFINITION, "", each)) for each in (one, other)]
    return list(differences(shapes[0], shapes[1]))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"required": ["a", "b"]}, {"required": ["b", "a", "a"]}),
        ({"enum": ["a", "b"]}, {"enum": ["b", "a"]}),
        ({"properties": {"a": A}}, {"properties": {"a": {"type": "object", "title": "T"}}}),
        ({"type": "string", "description": "A"}, {"type": "string", "default": "b"}),
        ({"items": True}, {"items": {}}),
    ],
)
def test_what_admits_the_same_does_not_differ(one: Any, other: Any) -> None:
    assert not found(one, other)


@pytest.mark.parametrize(
    ("one", "other", "place"),
    [
        ({"required": ["a"]}, {"required": ["b"]}, "/required"),
        ({"properties": {"a": {}}}, {"properties": {}}, "/properties"),
        ({"minProperties": 1}, {"minProperties": 2}, "/minProperties"),
        ({"items": {"type": "string"}}, {"items": {"type": "integer"}}, "/items/type"),
        ({"type": "string"}, {"type": ["string", "null"]}, ""),
    ],
)
def test_two_schemas_differ_where_one_admits_more(one: Any, other: Any, place: str) -> None:
    assert found(one, other) == [(place, place)]


def test_a_schema_refers_directly_to_what_references_and_compositions_of_one_lead_to() -> None:
    data: Any = {
        "openapi": "3.0.3",
        "paths": {},
        "components": {
            "schemas": {
                "A": {"type": "object"},
                "B": {"$ref": "#/components/schemas/A"},
                "C": {"allOf": [{"$ref": "#/components/schemas/B"}], "description": "C."},
                "D": {"properties": {"a": {"anyOf": [{"$ref": "#/components/schem%61s/B"}]}}},
                "E": {"allOf": [{"$ref": "#/components/schemas/B"}], "nullable": True},
                "F": {"$ref": "#/components/schemas/F"},
            }
        },
    }
    schemas = cast("Any", with_direct_references(data))["components"]["schemas"]
    assert schemas["B"] == schemas["D"]["properties"]["a"] == {"$ref": "#/components/schemas/A"}
    assert schemas["C"] == {"$ref": "#/components/schemas/A", "description": "C."}
    assert schemas["E"] == data["components"]["schemas"]["E"]
    assert schemas["F"] == {"$ref": "#/components/schemas/F"}
