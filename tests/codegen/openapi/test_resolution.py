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
    with pytest.raises(BadInputs, match=message):
        resolved(**lines)


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
