"""Definitions whose references go round in circles, and a bound on what may be done with them."""

from __future__ import annotations

import contextlib
import itertools
import sys
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from codegen.files.values import copy_of, pointer_to, replace_at
from codegen.openapi.grammar import SECTIONS, Kind

if TYPE_CHECKING:
    from collections.abc import Generator

    from codegen.files.values import JSONObject

OPERATION = pointer_to("paths", "/a", "post")
JSON_BODY = pointer_to("content", "application/json")
USES: dict[Kind, str] = {
    "schema": f"{OPERATION}/requestBody{JSON_BODY}/schema",
    "response": f"{OPERATION}/responses/200",
    "parameter": f"{OPERATION}/parameters/0",
    "example": f"{OPERATION}/requestBody{JSON_BODY}/examples/e",
    "request body": f"{OPERATION}/requestBody",
    "header": f"{OPERATION}/responses/200/headers/X-A",
    "link": f"{OPERATION}/responses/200/links/l",
    "callback": f"{OPERATION}/callbacks/c",
    "security scheme": pointer_to("components", "securitySchemes", "key"),
    "path item": pointer_to("paths", "/a"),
}
"""Where in :data:`SOUND` an object of each kind is used."""
SOUND: JSONObject = {
    "openapi": "3.1.0",
    "info": {"title": "T", "version": "1"},
    "servers": [{"url": "https://a.example"}],
    "paths": {
        "/a": {
            "post": {
                "operationId": "a",
                "security": [{"key": []}],
                "parameters": [{"name": "p", "in": "query", "schema": {"type": "string"}}],
                "requestBody": {
                    "content": {
                        "application/json": {
                            "schema": {"type": "object", "properties": {"a": {"type": "string"}}},
                            "examples": {"e": {"value": {"a": "b"}}},
                        }
                    }
                },
                "responses": {
                    "200": {
                        "description": "",
                        "headers": {"X-A": {"schema": {"type": "string"}}},
                        "links": {"l": {"operationId": "b"}},
                    }
                },
                "callbacks": {"c": {}},
            }
        },
        "/b": {"get": {"operationId": "b", "responses": {"204": {"description": ""}}}},
    },
    "components": {"securitySchemes": {"key": {"type": "http", "scheme": "bearer"}}},
}
WRAPPINGS = ("", "allOf", "anyOf", "oneOf", "items", "not", "properties", "$defs", "if")
"""In what a schema may refer to the next one; empty for a schema that does nothing else."""


def referring(pointer: str, wrapping: str = "") -> JSONObject:
    """An object that refers to the one at a pointer; a schema with the reference in a keyword."""
    reference: JSONObject = {"$ref": f"#{pointer}"}
    match wrapping:
        case "":
            return reference
        case "allOf" | "anyOf" | "oneOf":
            return {wrapping: [reference]}
        case "properties" | "$defs":
            return {"type": "object", wrapping: {"a": reference}}
        case "items":
            return {"type": "array", wrapping: reference}
        case _:
            return {wrapping: reference}


def circle(kind: Kind, length: int, wrapping: str = "", *, through_paths: bool) -> JSONObject:
    """:data:`SOUND` with a circle of so many references, which one of its operations leads into.

    Args:
        kind: Of the objects that refer to each other.
        length: How many those are.
        wrapping: Where schemas refer to each other.
        through_paths: Whether the object that the operation uses is itself one of them.
    """
    places = [
        pointer_to("components", SECTIONS[kind], f"C{number}")
        for number in range(length - through_paths)
    ]
    if through_paths:
        places.insert(0, USES[kind])
    definition: Any = copy_of(SOUND)
    if places:
        definition["components"].setdefault(SECTIONS[kind], {})
    for place, target in zip(places, [*places[1:], places[0]], strict=True):
        definition = replace_at(definition, place, referring(target, wrapping))
    if not through_paths:
        definition = replace_at(definition, USES[kind], referring(places[0]))
    return definition  # type: ignore[no-any-return]


CIRCLES = {
    f"{kind} of {length} {'through' if through_paths else 'beside'} paths {wrapping}".strip(): (
        circle(kind, length, wrapping, through_paths=through_paths)
    )
    for kind in SECTIONS
    for length, through_paths in itertools.product((1, 2, 3), (True, False))
    for wrapping in (WRAPPINGS if kind == "schema" else ("",))
}


@st.composite
def tangles(draw: st.DrawFn) -> JSONObject:
    """Definitions in which every component, and most of what an operation uses, is a reference.

    Each leads to any other place, of its own kind or of another.
    """
    components = [
        pointer_to("components", section, f"C{number}")
        for section in SECTIONS.values()
        for number in range(2)
    ]
    targets = st.sampled_from([*components, *USES.values(), "/components/schemas/Lost", "", "/"])
    definition: Any = copy_of(SOUND)
    for section in SECTIONS.values():
        definition["components"].setdefault(section, {})
    for place in components:
        wrapping = draw(st.sampled_from(WRAPPINGS if "/schemas/" in place else ("",)))
        definition = replace_at(definition, place, referring(draw(targets), wrapping))
    for use in draw(st.lists(st.sampled_from(list(USES.values())), unique=True)):
        with contextlib.suppress(KeyError):  # what is around it is a reference by now
            definition = replace_at(definition, use, referring(draw(targets)))
    return definition  # type: ignore[no-any-return]


class EndlessError(BaseException):
    """More was called than anything that ends would call; nothing catches it by accident."""


@contextlib.contextmanager
def at_most(calls: int) -> Generator[None]:
    """Within it, no more than so many functions may be called."""
    left = iter(range(calls))

    def count(*_: object) -> None:
        if next(left, None) is None:
            sys.setprofile(None)
            raise EndlessError

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        yield
    finally:
        sys.setprofile(before)
