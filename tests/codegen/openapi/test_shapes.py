"""What a schema is after all that only leads to it."""

from __future__ import annotations

from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema_rs import Draft202012Validator

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


TEXTS: Any = {
    "Text": {"type": "string", "maxLength": 3},
    "Short": {"allOf": [{"$ref": "#/components/schemas/Text"}, {"maxLength": 2}]},
    "Texts": {"type": "array", "items": {"type": "string", "enum": ["a"]}},
    "Itself": {"allOf": [{"$ref": "#/components/schemas/Itself"}], "type": "string"},
    "Lost": {"$ref": "#/lost"},
    "Object": {"type": "object"},
}


def to(name: str) -> Any:
    return {"$ref": f"#/components/schemas/{name}"}


ITEMS = {"$ref": "#/components/schemas/Texts/items"}
OBJECTS: list[Any] = [
    False, to("Lost"), to("Object"), {"type": "object"}, {"properties": {}},
    {"additionalProperties": False}, {"allOf": [to("Object"), {"maxLength": 1}]},
]  # fmt: skip
"""What may be an object, or is anything at all."""


@pytest.mark.parametrize(
    ("parts", "value"),
    [
        ([{"type": "string"}, {"minLength": 1}], {"type": "string", "minLength": 1}),
        ([{"type": "string"}, {"type": "string"}], {"type": "string"}),
        ([{"type": ["string", "integer"]}, {"type": ["integer", "array"]}], {"type": "integer"}),
        ([{"type": "number"}, {"type": "integer"}], {"type": "integer"}),
        ([{"type": "integer"}, {"type": "number"}], {"type": "integer"}),
        (
            [{"type": ["number", "string"]}, {"type": ["string", "integer", "array"]}],
            {"type": ["string", "integer"]},
        ),
        (
            [{"type": ["string", "integer"]}, {"type": ["number", "string"]}],
            {"type": ["string", "integer"]},
        ),
        ([{"type": "string"}, {"type": "array"}], {"type": "string", "allOf": [{"type": "array"}]}),
        ([{"enum": ["a", "b", 1]}, {"enum": ["b", True, 1]}], {"enum": ["b", 1]}),
        ([{"type": ["integer", "number"]}, {"type": "integer"}], {"type": "integer"}),
        ([{"type": "integer"}, {"type": ["number", "integer"]}], {"type": "integer"}),
        ([{"type": ["number", "integer"]}] * 2, {"type": ["number", "integer"]}),
        ([{"type": ["number", "null"]}] * 2, {"type": "number"}),
        *(
            ([{"enum": [one]}, {"enum": [other]}], {"enum": [one], "allOf": [{"enum": [other]}]})
            for one, other in (("number", "integer"), ("integer", "number"))
        ),
        ([{"enum": ["a"]}, {"enum": ["b"]}], {"enum": ["a"], "allOf": [{"enum": ["b"]}]}),
        (
            [{"maxLength": 3}, {"maxLength": 2, "minLength": 1}, {"maxLength": 1}],
            {"maxLength": 3, "minLength": 1, "allOf": [{"maxLength": 2}, {"maxLength": 1}]},
        ),
        (
            [
                {"type": "string", "description": "A"},
                {"minLength": 1, "description": "B", "title": "C"},
            ],
            {"type": "string", "minLength": 1, "description": "A", "title": "C"},
        ),
        ([True, {"type": "string"}, {"minLength": 1}], {"type": "string", "minLength": 1}),
        ([to("Text"), {"minLength": 1}], {"type": "string", "maxLength": 3, "minLength": 1}),
        ([{"minLength": 1}, to("Text")], {"type": "string", "maxLength": 3, "minLength": 1}),
        (
            [to("Short"), {"minLength": 1}],
            {"type": "string", "maxLength": 3, "minLength": 1, "allOf": [{"maxLength": 2}]},
        ),
        (
            [{**to("Text"), "description": "A"}, {"minLength": 1}],
            {"type": "string", "maxLength": 3, "minLength": 1, "description": "A"},
        ),
        ([to("Texts"), {"minItems": 1}], {"type": "array", "items": ITEMS, "minItems": 1}),
        ([to("Itself"), {"minLength": 1}], {"type": "string", "minLength": 1}),
        *(([{"maxLength": 3}, part], {"allOf": [{"maxLength": 3}, part]}) for part in OBJECTS),
    ],
)  # fmt: skip
def test_a_composition_of_anything_but_objects_is_the_one_schema_that_it_means(
    parts: list[Any], value: Any
) -> None:
    assert shape_at({"components": {"schemas": TEXTS}}, "/x", {"allOf": parts}).value == value


SCALARS: list[Any] = [None, True, 0, 1, 1.5, "", "a", "b", "abc", [], ["a"], ["b"], [1]]
TYPES = ("string", "integer", "number", "array", "boolean")
PARTS = st.one_of(
    st.sampled_from([True, {}, *map(to, ("Text", "Short", "Texts", "Itself"))]),
    st.fixed_dictionaries(
        {},
        optional={
            "type": st.sampled_from(TYPES)
            | st.lists(st.sampled_from(TYPES), min_size=1, unique=True),
            "enum": st.lists(st.sampled_from(SCALARS), min_size=1, max_size=4),
            "minLength": st.integers(0, 2),
            "minItems": st.integers(0, 2),
            "description": st.sampled_from("AB"),
        },
    ),
)


@given(st.lists(PARTS, min_size=2, max_size=4), st.booleans())
def test_a_composition_admits_what_the_schema_admits_that_it_means(
    parts: list[Any],
    permits_null: bool,  # noqa: FBT001 - drawn
) -> None:
    around: Any = {"components": {"schemas": TEXTS}}
    null: Any = [{"anyOf": [{"allOf": parts}, NULL]}] if permits_null else parts
    shape = shape_at(around, "/x", {"allOf": null})
    meant: Any = {"anyOf": [shape.value, NULL]} if shape.is_nullable else shape.value
    before, after = (Draft202012Validator({**each, **around}) for each in ({"allOf": null}, meant))
    assert [*map(after.is_valid, SCALARS)] == [*map(before.is_valid, SCALARS)]


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
    assert shape_at(definition, "/x", {"$ref": "#/a"}).value == {"type": "object"}


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
