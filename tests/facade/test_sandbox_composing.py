"""Values that the sandbox composes where no document shows one."""

from __future__ import annotations

from typing import Any

import jsonschema_rs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from callrecords.sandbox._composing import Composer, NoValueError

COMPONENTS: dict[str, Any] = {
    "Node": {
        "type": "object",
        "required": ["id"],
        "properties": {
            "id": {"type": "string", "pattern": "^N[0-9a-f]{4}$"},
            "next": {"$ref": "#/components/schemas/Node"},
            "all": {"type": "array", "items": {"$ref": "#/components/schemas/Node"}},
        },
    },
    "State": {"type": "string", "enum": ["open", "closed"]},
    "Cat": {"type": "object", "required": ["kind"], "properties": {"kind": {"const": "cat"}}},
    "Dog": {"type": "object", "required": ["kind"], "properties": {"kind": {"const": "dog"}}},
}
FORMATS = ("date", "date-time", "email", "hostname", "ipv4", "ipv6", "time", "uri", "uuid")
PATTERNS = (
    *("^AC[0-9a-fA-F]{32}$", r"^\+?[1-9]\d{1,14}$", "^(a|b)*$", "[^a-z]", r"^\p{L}+$", "^.{3}$"),
    *("(?<year>[0-9]{4})-[0-9]{2}", r"^[\w.-]+@[\w-]+\.com$", "x+?y?", "^$", "^[\u0431-\u044f]+$"),
)


def composed(schema: dict[str, Any], *examples: object) -> Any:
    """A value as the sandbox comes to it: composed anew until nothing is wrong."""
    checks = jsonschema_rs.Draft202012Validator(
        {**schema, "components": {"schemas": COMPONENTS}}, validate_formats=True
    )
    composer = Composer(schema, COMPONENTS, examples)
    for _ in range(100):
        value = composer.value()
        wrong = {tuple(error.instance_path) for error in checks.iter_errors(value)}
        if not wrong:
            return value
        assert [place for place in wrong if composer.was_wrong(place)], (schema, value)
    raise AssertionError(schema)


bounds = st.integers(-5, 5).flatmap(lambda least: st.tuples(st.just(least), st.integers(0, 9)))
leaves: st.SearchStrategy[Any] = st.one_of(
    st.sampled_from([{}, {"type": "boolean"}, {"type": ["null", "string"]}, {"enum": [None, 2]}]),
    st.sampled_from([{"$ref": f"#/components/schemas/{name}"} for name in COMPONENTS]),
    st.sampled_from(FORMATS).map(lambda name: {"type": "string", "format": name}),
    st.sampled_from(PATTERNS).map(lambda pattern: {"type": "string", "pattern": pattern}),
    st.integers(0, 40).map(lambda least: {"minLength": least, "maxLength": least + 2}),
    bounds.map(lambda two: {"type": "integer", "minimum": two[0], "maximum": sum(two)}),
    bounds.map(lambda two: {"exclusiveMinimum": two[0], "exclusiveMaximum": sum(two) + 0.5}),
    st.sampled_from([0.25, 3, 7]).map(lambda step: {"type": "number", "multipleOf": step}),
    st.just({"type": "integer", "example": "not one", "default": 2.5}),
)
schemas: st.SearchStrategy[Any] = st.recursive(
    leaves,
    lambda inner: st.one_of(
        inner.map(lambda held: {"type": "array", "items": held, "minItems": 2}),
        inner.map(lambda held: {"type": "object", "additionalProperties": held}),
        inner.map(lambda held: {"patternProperties": {"^x-[a-z]+$": held}}),
        st.lists(inner, min_size=1, max_size=3).map(lambda branches: {"anyOf": branches}),
        st.dictionaries(st.sampled_from("abc"), inner, min_size=1).map(
            lambda found: {"properties": found, "required": [*{"a", *list(found)[:1]}]}
        ),
        inner.map(
            lambda held: {
                "allOf": [
                    {"type": "object", "properties": {"a": held}},
                    {"properties": {"a": {}, "b": {"type": "null"}}, "required": ["a"]},
                ]
            }
        ),
    ),
    max_leaves=6,
)


@given(schema=schemas)
def test_what_is_composed_fits_its_schema(schema: dict[str, Any]) -> None:
    composed(schema)


@pytest.mark.parametrize(
    ("schema", "value"),
    [
        ({"type": "string", "example": "shown"}, "shown"),
        ({"type": "object", "properties": {"a": {"default": 3}}}, {"a": 3}),
        ({"type": "array", "items": {"enum": ["a", "b", "c"]}, "uniqueItems": True, "minItems": 3},
         ["a", "b", "c"]),
        ({"type": ["null", "integer"], "enum": [None, 4]}, 4),
        ({"$ref": "#/components/schemas/State", "default": "closed"}, "closed"),
        ({"properties": {"a": {"type": "string", "writeOnly": True}}, "required": []}, {}),
        (
            {
                "oneOf": [{"$ref": f"#/components/schemas/{name}"} for name in ("Cat", "Dog")],
                "discriminator": {"propertyName": "kind", "mapping": {"dog": "Dog"}},
                "required": ["kind"],
            },
            {"kind": "cat"},
        ),
        ({"type": "object", "minProperties": 2}, {"name": "text", "name1": "text"}),
    ],
)  # fmt: skip
def test_what_a_schema_shows_goes_before_what_is_made_up(
    schema: dict[str, Any], value: object
) -> None:
    assert composed(schema) == value


def test_an_example_that_does_not_fit_is_left_where_it_does_not() -> None:
    schema = {
        "type": "object",
        "properties": {"size": {"type": "integer"}, "state": {"example": "open"}},
        "example": {"size": "large"},
    }
    assert composed(schema, [1]) == {"size": 1, "state": "open"}


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "string", "pattern": "^a$", "minLength": 2},
        {"type": "string", "pattern": "("},
        {"type": "array", "items": {"allOf": [{"enum": [1]}, {"enum": [2]}]}, "minItems": 1},
        {"properties": {"a": False}, "required": ["a"]},
    ],
)
def test_what_nothing_fits_is_said(schema: dict[str, Any]) -> None:
    with pytest.raises(NoValueError):
        Composer(schema, {}).value()
