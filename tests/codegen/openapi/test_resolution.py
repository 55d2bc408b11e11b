"""What the lines of a table of names stand for."""

from __future__ import annotations

from typing import Any, cast

import pytest

from codegen.files.document import Document
from codegen.files.errors import BadInputs
from codegen.openapi.places import Names, parsed_place
from codegen.openapi.resolution import Resolution

PERSON: dict[str, Any] = {"type": "object", "properties": {"name": {"type": "string"}}}
CALL: dict[str, Any] = {
    "type": "object",
    "properties": {
        "people": {"type": "array", "items": PERSON},
        "host": {"allOf": [{"$ref": "#/components/schemas/Host"}]},
        "data": {"oneOf": [{"type": "object", "properties": {"a": PERSON}}, PERSON]},
    },
}
AT = "/paths/~1calls/get/responses/2XX/content/application~1json/schema"
DEFINITION: Any = {
    "openapi": "3.1.0",
    "paths": {
        "/calls": {
            "get": {
                "operationId": "get-call",
                "parameters": [
                    {"name": "by", "in": "query", "schema": {"type": "string", "enum": ["a"]}}
                ],
                "responses": {"2XX": {"content": {"application/json": {"schema": CALL}}}},
            }
        }
    },
    "components": {"schemas": {"Host": {**PERSON, "required": ["name"]}}},
}


def resolved(**lines: list[str]) -> Resolution:
    classes = {
        name: tuple(cast("Any", parsed_place(text)) for text in texts)
        for name, texts in lines.items()
    }
    names = Names({}, classes, Document("overlay.yaml", b"", {"x-names": cast("Any", lines)}))
    return Resolution(DEFINITION, names, None)


@pytest.mark.parametrize(
    ("place", "pointer"),
    [
        ("get_call 2XX", AT),
        ("get_call query by", "/paths/~1calls/get/parameters/0/schema"),
        ("get_call 2XX.people[]", f"{AT}/properties/people/items"),
        ("get_call 2XX.people", f"{AT}/properties/people/items"),
        ("get_call 2XX.host", "/components/schemas/Host"),
        ("get_call 2XX.data(2)", f"{AT}/properties/data/oneOf/1"),
        ("get_call 2XX.data(a)", f"{AT}/properties/data/oneOf/0"),
        ("get_call 2XX.data.a", f"{AT}/properties/data/oneOf/0/properties/a"),
    ],
)
def test_a_place_is_found(place: str, pointer: str) -> None:
    found = resolved(Found=[place])
    (shape,) = found._named["Found"]  # noqa: SLF001 # pyright: ignore[reportPrivateUsage]
    assert shape.pointer == pointer
    assert found.name_of(shape) == "Found"
    assert not found.pending


@pytest.mark.parametrize("place", ["get_call 404", "other 200", "get_call 2XX.none", "Found.a"])
def test_a_place_where_nothing_stands_is_pending(place: str) -> None:
    assert resolved(Found=[place]).pending == {place}


def test_a_circle_of_names_stands_for_nothing() -> None:
    assert resolved(One=["Other.a"], Other=["One.a"]).pending == {"One.a", "Other.a"}


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (
            {"Person": ["get_call 2XX.people[]", "get_call 2XX.host"]},
            r"2XX.people\[\] and get_call 2XX.host differ, at ",
        ),
        (
            {"One": ["get_call 2XX.host"], "Other": ["get_call 2XX.host"]},
            "get_call 2XX.host is called One already",
        ),
    ],
)
def test_lines_that_contradict_are_refused(lines: dict[str, list[str]], message: str) -> None:
    with pytest.raises(BadInputs, match=message) as refusal:
        resolved(**lines)
    (problem,) = refusal.value.problems
    assert problem.pointer == f"/x-names/{'Person' if 'Person' in lines else 'Other'}"


def test_what_a_provider_sends_of_itself_is_named_by_its_webhook() -> None:
    body = {"content": {"application/json": {"schema": PERSON}}}
    definition = {
        **DEFINITION,
        "webhooks": {
            "call.personJoined": {"post": {"requestBody": body}},
            "get-call": {"post": {"requestBody": body}},
            "left": {"post": {"operationId": "person-left", "requestBody": body}},
            "asked": {"get": {"requestBody": body}},
        },
    }
    names = Names({}, {"Joined": (cast("Any", parsed_place("call_person_joined body")),)})
    resolution = Resolution(cast("Any", definition), names, None)
    starts = {
        pointer: resolution.start(pointer)
        for pointer in (
            "/webhooks/call.personJoined/post",
            "/webhooks/get-call/post",
            "/webhooks/left/post",
            "/webhooks/asked/get",
        )
    }
    assert list(starts.values()) == [
        "call_person_joined",
        "get_call_2",  # an operation is called get_call
        "person_left",
        "get_asked",
    ]
    assert resolution.pending == frozenset()


TEXT = {"type": "string"}
KIND: dict[str, Any] = {"type": "string", "enum": ["a", "b"]}
OTHER: dict[str, Any] = {"type": "object", "properties": {"size": {"type": "integer"}}}
MAKE = "/paths/~1calls/post"
WHOLE: Any = {
    "openapi": "3.1.0",
    "paths": {
        "/calls": {
            "parameters": [{"$ref": "#/components/parameters/Mode"}],
            "post": {
                "operationId": "make",
                "parameters": [
                    *(
                        {"name": "kind", "in": location, "schema": KIND}
                        for location in ("path", "header", "cookie")
                    ),
                    {"name": "kind", "in": "query", "content": {"a/b": {"schema": KIND}}},
                ],
                "requestBody": {"$ref": "#/components/requestBodies/Making"},
                "responses": {
                    "200": {
                        "content": {
                            "text/csv": {"schema": KIND},
                            "application/json": {"schema": OTHER},
                        },
                        "headers": {"X-Kind": {"schema": KIND}, "No": {}},
                    },
                    "201": {"content": {"text/csv": {"schema": KIND}, "a/b": {"schema": OTHER}}},
                    "4xx": {"$ref": "#/components/responses/Refused"},
                    "default": {"content": {"application/json": {"schema": True}}},
                },
            },
        },
    },
    "components": {
        "parameters": {"Mode": {"name": "mode", "in": "query", "schema": KIND}},
        "requestBodies": {"Making": {"content": {"application/json": {"schema": OTHER}}}},
        "responses": {"Refused": {"content": {"application/json": {"schema": OTHER}}}},
        "schemas": {
            "Tree": {
                "type": "object",
                "properties": {
                    "of": {"type": "array", "items": {"$ref": "#/components/schemas/Tree"}},
                    "by": {"type": "object", "additionalProperties": PERSON},
                    "lists": {"type": "array", "items": {"type": "array", "items": PERSON}},
                    "maps": {"additionalProperties": {"additionalProperties": OTHER}},
                    "text": TEXT,
                    "all": {"allOf": [PERSON, {"properties": {"inner": OTHER}}]},
                    "one": {
                        "anyOf": [
                            {"type": "array", "items": PERSON},
                            {"allOf": [{"properties": {"size": OTHER}}, TEXT]},
                            KIND,
                        ]
                    },
                },
            },
            "Kind": KIND,
            "Text": TEXT,
            "Same": {"$ref": "#/components/schemas/Kind"},
        },
    },
}
TREE = "/components/schemas/Tree/properties"


@pytest.mark.parametrize(
    ("place", "pointers"),
    [
        *(
            (f"make {location} kind", [f"{MAKE}/parameters/{number}/schema"])
            for number, location in enumerate(("path", "header", "cookie"))
        ),
        ("make query kind", [f"{MAKE}/parameters/3/content/a~1b/schema"]),
        ("make query mode", ["/components/parameters/Mode/schema"]),
        ("make query other", []),
        ("make body", ["/components/requestBodies/Making/content/application~1json/schema"]),
        ("make 200", [f"{MAKE}/responses/200/content/application~1json/schema"]),
        ("make 200(text/csv)", [f"{MAKE}/responses/200/content/text~1csv/schema"]),
        ("make 200(text/html)", []),
        ("make 201", [f"{MAKE}/responses/201/content/text~1csv/schema"]),
        ("make 200 header X-Kind", [f"{MAKE}/responses/200/headers/X-Kind/schema"]),
        ("make 200 header No", []),
        ("make 200 header Lost", []),
        ("make 4XX", ["/components/responses/Refused/content/application~1json/schema"]),
        ("make default", []),
        ("make 500", []),
        ("Tree", ["/components/schemas/Tree"]),
        ("Tree.of", ["/components/schemas/Tree"]),
        ("Tree.of[]", ["/components/schemas/Tree"]),
        ("Tree.of.text", []),
        ("Tree.of.by", [f"{TREE}/by"]),
        ("Tree.by", [f"{TREE}/by"]),
        ("Tree.by[]", [f"{TREE}/by/additionalProperties"]),
        ("Tree.by.name", []),
        ("Tree.lists[][]", [f"{TREE}/lists/items/items"]),
        ("Tree.maps[][]", [f"{TREE}/maps/additionalProperties/additionalProperties"]),
        ("Tree.all", [f"{TREE}/all"]),
        ("Tree.all.inner", [f"{TREE}/all/allOf/1/properties/inner"]),
        ("Tree.one(1)", [f"{TREE}/one/anyOf/0/items"]),
        ("Tree.one(3)", [f"{TREE}/one/anyOf/2"]),
        ("Tree.one(4)", []),
        ("Tree.one(size)", [f"{TREE}/one/anyOf/1"]),
        ("Tree.one.size", [f"{TREE}/one/anyOf/1/allOf/0/properties/size"]),
        ("Tree.one(none)", []),
        ("Tree.one", [f"{TREE}/one/anyOf/{end}" for end in ("0/items", "1", "2")]),
        ("Kind", ["/components/schemas/Kind"]),
        ("Same", ["/components/schemas/Kind"]),
        ("Text", []),
        ("Lost", []),
        ("lost body", []),
    ],
)
def test_every_place_leads_to_the_schemas_of_which_classes_are_made(
    place: str, pointers: list[str]
) -> None:
    parsed = parsed_place(place)
    assert parsed is not None
    resolution = Resolution(WHOLE, Names({}, {}), None)
    assert [shape.pointer for shape in resolution.found(parsed)] == pointers
    keys = [pointer.rpartition("/")[2] for pointer in pointers if pointer.count("/") == 3]
    assert resolution.components_at(parsed) == keys
