"""Where references lead, and what schemas are made of after them."""

from __future__ import annotations

from typing import Any

import pytest

from codegen.openapi.references import (
    chain,
    composed,
    existing,
    follow,
    followed,
    property_pointer,
    shapes,
    target_of,
    with_references_in_place,
)

DATA: Any = {
    "a": {"$ref": "#/b", "beside": "a"},
    "b": {"$ref": "#/c%7Ed/e~1f", "beside": "b", "own": "b"},
    "c~d": {"e/f": {"type": "object"}},
    "circle": {"$ref": "#/circle2"},
    "circle2": {"$ref": "#/circle"},
    "lost": {"$ref": "#/nowhere"},
    "text": {"$ref": "#/b/beside"},
    "elsewhere": {"$ref": "other.yaml#/a"},
}
REFER = {name: {"$ref": f"#/{name}"} for name in "abcdexyz"}


def test_a_chain_has_each_object_on_the_way_with_its_place() -> None:
    assert [place for place, _ in chain(DATA, DATA["a"], "/a")] == ["/a", "/b", "/c~d/e~1f"]
    assert follow(DATA, DATA["a"]) == ("/c~d/e~1f", {"type": "object"})
    assert follow(DATA, {"type": "string"}, "/x") == ("/x", {"type": "string"})


@pytest.mark.parametrize(
    ("name", "reference"),
    [
        ("circle", "#/circle2"),
        ("lost", "#/nowhere"),
        ("text", "#/b/beside"),
        ("elsewhere", "other.yaml#/a"),
    ],
)
def test_what_leads_to_no_object_says_its_reference(name: str, reference: str) -> None:
    with pytest.raises(KeyError) as lost:
        follow(DATA, DATA[name])
    assert lost.value.args == (reference,)


@pytest.mark.parametrize(
    ("start", "end"),
    [("/a", "/c~d/e~1f"), ("/lost", "/lost"), ("/circle", "/circle"), ("/gone", "/gone")],
)
def test_references_are_followed_as_far_as_they_lead(start: str, end: str) -> None:
    assert followed(DATA, start) == end


def test_the_innermost_object_around_a_lost_place_is_found() -> None:
    assert existing(DATA, "/b/own") == "/b/own"
    assert existing(DATA, "/b/gone/further") == "/b"
    assert existing(DATA, "/gone") == ""


@pytest.mark.parametrize(
    ("value", "target"),
    [({"$ref": "#/a%7Eb"}, "/a~b"), (DATA["elsewhere"], None), ({"$ref": 1}, None), ({}, None)],
)
def test_only_references_into_the_definition_have_a_target(value: Any, target: str | None) -> None:
    assert target_of(value) == target


def test_what_stands_beside_a_reference_goes_before_what_it_leads_to() -> None:
    members = {"x": REFER["a"], "y": {"own": 1}, "z": REFER["z"], "x-ref": REFER["a"]}
    definition: dict[str, Any] = {**DATA, "members": members}
    assert with_references_in_place(definition, "/members")["members"] == {
        **members,
        "x": {"type": "object", "beside": "a", "own": "b"},
    }
    assert definition["members"] is members
    assert with_references_in_place(DATA, "/c~0d") is DATA


SCHEMAS: Any = {
    "a": {"allOf": [REFER["b"], {"properties": {"p": {}}}, REFER["a"]]},
    "b": {"allOf": [{"properties": {"q": {}}}], "properties": {"r": {}}},
    "c": {"anyOf": [REFER["d"], {"type": "null"}], "oneOf": [REFER["c"]]},
    "d": {"allOf": [REFER["e"]], "description": "No more than a reference."},
    "e": {"type": "string"},
}


def test_a_schema_is_composed_of_all_that_its_allof_leads_to() -> None:
    parts = ["/a", "/b", "/b/allOf/0", "/a/allOf/1"]
    assert list(composed(SCHEMAS, "/a")) == parts
    assert [property_pointer(SCHEMAS, "/a", name) for name in "pqrs"] == [
        "/a/allOf/1/properties/p",
        "/b/allOf/0/properties/q",
        "/b/properties/r",
        "/a",
    ]


def test_shapes_are_the_schemas_on_every_way_outermost_first() -> None:
    assert [place for place, _ in shapes(SCHEMAS, "/c")] == [
        *("/c", "/c/anyOf/0", "/c/anyOf/1", "/c/oneOf/0", "/d", "/d/allOf/0", "/e"),
    ]
