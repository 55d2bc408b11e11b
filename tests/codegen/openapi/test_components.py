"""Titled inline schemas become components without a change of meaning."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import jsonschema_rs
import pytest

from codegen.files.document import Document
from codegen.files.errors import BadInputs
from codegen.openapi.components import hoist, makes_class
from codegen.openapi.definition import definition_data

PERSON: dict[str, Any] = {
    "title": "Person",
    "type": "object",
    "properties": {"name": {"type": "string"}},
}
STATUS: dict[str, Any] = {"title": "Status", "type": "string", "enum": ["on", "off"]}
REFERENCE = {"$ref": "#/components/schemas/Person"}


def document(response: object, **components: object) -> Document:
    data = {
        "openapi": "3.1.0",
        "info": {"title": "T", "version": "1"},
        "paths": {
            "/calls": {
                "get": {
                    "responses": {
                        "200": {
                            "description": "",
                            "content": {"application/json": {"schema": response}},
                        }
                    }
                }
            }
        },
        **({"components": {"schemas": components}} if components else {}),
    }
    return Document(Path("openapi.yaml"), b"", cast("Any", data))


def hoisted(response: object, **components: object) -> tuple[Any, dict[str, Any]]:
    """The response's schema and the components after hoisting."""
    data: Any = definition_data(hoist(document(response, **components)))
    content = data["paths"]["/calls"]["get"]["responses"]["200"]["content"]
    return content["application/json"]["schema"], data.get("components", {}).get("schemas", {})


@pytest.mark.parametrize(
    ("inline", "left"),
    [
        pytest.param(PERSON, REFERENCE, id="itself"),
        pytest.param({"items": PERSON}, {"items": REFERENCE}, id="items"),
        pytest.param({"anyOf": [PERSON]}, {"anyOf": [REFERENCE]}, id="anyOf"),
        pytest.param({"oneOf": [PERSON]}, {"oneOf": [REFERENCE]}, id="oneOf"),
        pytest.param({"allOf": [PERSON]}, {"allOf": [REFERENCE]}, id="allOf"),
        pytest.param(
            {"properties": {"title": PERSON}}, {"properties": {"title": REFERENCE}}, id="property"
        ),
        pytest.param(
            {"additionalProperties": PERSON}, {"additionalProperties": REFERENCE}, id="additional"
        ),
    ],
)
def test_titled_object_becomes_a_component_wherever_it_stands(inline: object, left: object) -> None:
    assert hoisted(inline) == (left, {"Person": PERSON})


@pytest.mark.parametrize(
    "schema",
    [
        {"title": "Person", "type": "string"},
        {"title": "Person", "anyOf": [{"type": "string"}]},
        {"title": "Person", "type": "array", "items": {"type": "string"}},
        {"title": "Person", "type": "boolean", "enum": [True]},
        {"title": "Person", "enum": [None]},
        {"title": "Person", "const": {"a": 1}},
        {"title": "Person", "type": ["object", "string"]},
        {"type": "object", "properties": {"title": {"type": "string"}}},
        {"example": PERSON},
        {"default": PERSON},
        {"enum": [PERSON]},
    ],
)
def test_what_makes_no_titled_class_stays_inline(schema: object) -> None:
    assert hoisted(schema) == (schema, {})


def test_same_title_and_shape_become_one_component() -> None:
    other = {**PERSON, "properties": {"name": {"type": "string", "example": "Bob"}}}
    left, components = hoisted({"properties": {"caller": PERSON, "callee": other}})
    assert left == {"properties": {"caller": REFERENCE, "callee": REFERENCE}}
    assert components == {"Person": PERSON}


def test_existing_component_of_the_same_shape_is_used() -> None:
    component = {"type": "object", "properties": {"name": {"type": "string"}}}
    assert hoisted(PERSON, Person=component) == (REFERENCE, {"Person": component})


@pytest.mark.parametrize(
    ("nullable", "component"),
    [
        ({**PERSON, "type": ["object", "null"]}, PERSON),
        ({**STATUS, "type": ["string", "null"], "enum": ["on", "off", None]}, STATUS),
    ],
)
def test_nullable_schema_becomes_a_component_or_null(nullable: object, component: Any) -> None:
    reference = {"$ref": f"#/components/schemas/{component['title']}"}
    left, components = hoisted(nullable)
    assert left == {"oneOf": [reference, {"type": "null"}]}
    assert components == {component["title"]: component}


def test_description_of_a_later_use_stays_beside_its_reference() -> None:
    left, components = hoisted(
        {"prefixItems": [{**PERSON, "description": "A"}, {**PERSON, "description": "B"}]}
    )
    assert left == {"prefixItems": [REFERENCE, {**REFERENCE, "description": "B"}]}
    assert components["Person"]["description"] == "A"


def test_default_of_an_enumeration_stays_where_the_generator_reads_it() -> None:
    left, components = hoisted({**STATUS, "default": "on"})
    assert left == {"allOf": [{"$ref": "#/components/schemas/Status"}], "default": "on"}
    assert components == {"Status": STATUS}


def test_components_come_in_the_order_of_first_use() -> None:
    call = {
        "title": "Call",
        "type": "object",
        "properties": {"room": {"$ref": "#/components/schemas/Room"}, "person": PERSON},
    }
    room = {"type": "object", "properties": {"status": STATUS}}
    _, components = hoisted(call, Unused={"type": "object"}, Room=room)
    assert list(components) == ["Call", "Room", "Person", "Status", "Unused"]


def test_reference_into_a_hoisted_schema_follows_it() -> None:
    place = "#/paths/~1calls/get/responses/200/content/application~1json/schema"
    _, components = hoisted(PERSON, Name={"$ref": f"{place}/properties/name"}, Same={"$ref": place})
    assert components["Name"] == {"$ref": "#/components/schemas/Person/properties/name"}
    assert components["Same"] == REFERENCE


def test_recursive_component_keeps_referring_to_itself() -> None:
    link = {"type": "object", "properties": {"next": {"$ref": "#/components/schemas/Link"}}}
    assert hoisted({"$ref": "#/components/schemas/Link"}, Link=link)[1] == {"Link": link}


def test_hoisting_again_changes_nothing() -> None:
    once = hoist(document({"properties": {"person": PERSON, "status": STATUS}}))
    assert hoist(once).data == once.data


def test_hoisting_leaves_the_document_as_it_was() -> None:
    original = document({"items": PERSON})
    before = repr(original.data)
    hoist(original)
    assert repr(original.data) == before


def test_long_chain_of_components_is_hoisted() -> None:
    chain = {
        f"M{n}": {"properties": {"next": {"$ref": f"#/components/schemas/M{n + 1}"}}}
        for n in range(3000)
    }
    _, components = hoisted(
        {"$ref": "#/components/schemas/M0"}, **chain, M3000=PERSON | {"title": "M3000"}
    )
    assert len(components) == 3001


def test_error_about_a_component_names_its_place_in_the_file() -> None:
    problem = hoist(document({"items": PERSON})).error("/components/schemas/Person/type", "wrong")
    assert problem.pointer == (
        "/paths/~1calls/get/responses/200/content/application~1json/schema/items/type"
    )


A_NAME: dict[str, Any] = {"a": {"type": "string"}}
NO_NAME: dict[str, Any] = {}


@pytest.mark.parametrize(
    ("keyword", "one", "other", "difference"),
    [
        ("required", ["a"], ["b"], "/required/0"),
        ("required", ["a"], ["a", "b"], "/required"),
        ("properties", A_NAME, NO_NAME, "/properties/a"),
        ("properties", NO_NAME, A_NAME, "/properties/a"),
        ("minProperties", 1, 2, "/minProperties"),
        ("x-unit", 1, True, "/x-unit"),
    ],
)
def test_two_shapes_of_one_title_are_refused_where_they_differ(
    keyword: str, one: object, other: object, difference: str
) -> None:
    base = {"title": "Person", "type": "object"}
    with pytest.raises(BadInputs, match=f"differs at {difference};"):
        hoist(document({"prefixItems": [{**base, keyword: one}, {**base, keyword: other}]}))


@pytest.mark.parametrize("value", [{}, {"name": "Ann"}, {"name": 1}, None, "on", "up", [], 1])
@pytest.mark.parametrize(
    "schema",
    [
        PERSON,
        STATUS,
        {**PERSON, "type": ["object", "null"]},
        {**STATUS, "type": ["string", "null"], "enum": ["on", "off", None]},
        {**STATUS, "type": ["string", "null"]},
        {**STATUS, "enum": ["on", None]},
        {"title": "Loose", "enum": ["on", None, 1]},
        {"title": "Untyped", "properties": {"name": {"type": "string"}}},
    ],
)
def test_hoisted_schema_accepts_what_the_inline_schema_accepts(
    schema: dict[str, Any], value: object
) -> None:
    left, components = hoisted(schema)
    assert components, "nothing was hoisted, so nothing is compared"
    after = {**left, "components": {"schemas": components}}
    assert jsonschema_rs.is_valid(after, value) == jsonschema_rs.is_valid(schema, value)


def test_untitled_schema_makes_a_class_too() -> None:
    assert makes_class({"type": "object"})
