"""A value of either of two shapes, of any two: what the definition allows is read and given back.

What it does not allow is told, or refused. The definition's own validation is the judge, apart from
fields that a definition neither lists nor mentions: it allows them, and they are told.
"""

from __future__ import annotations

import importlib
import json
from typing import TYPE_CHECKING, Any

import jsonschema_rs
import pytest

from callrecords_runtime.deviations import UndecodableError, decode
from callrecords_runtime.drift import DriftKind
from callrecords_runtime.validators import validators
from codegen.commands.add.addition import Wanted
from tests.runtime.added_packages import importable
from tests.runtime.honesty import hints_of, lie_in

if TYPE_CHECKING:
    from collections.abc import Iterator

COMPONENTS: dict[str, Any] = {
    "Named": {
        "type": "object",
        "properties": {"id": {"type": "integer"}, "name": {"type": "string"}},
    },
    "Dated": {
        "type": "object",
        "properties": {
            "id": {"type": "string", "format": "date-time"},
            "name": {"type": ["string", "null"]},
        },
    },
    "Closed": {
        "type": "object",
        "properties": {"id": {"type": "string"}},
        "additionalProperties": False,
    },
    "Open": {
        "type": "object",
        "required": ["width"],
        "properties": {"width": {"type": "integer"}},
        "additionalProperties": True,
    },
    "Wide": {
        "type": "object",
        "required": ["depth"],
        "properties": {"depth": {"type": "integer"}},
        "additionalProperties": True,
    },
}
ITEMS: dict[str, Any] = {
    "any": {},
    "text": {"type": "string"},
    "id": {"type": "string", "format": "uuid"},
    "member": {"type": "string", "enum": ["a", "b"]},
    "whole": {"type": "integer"},
    "named": {"$ref": "#/components/schemas/Named"},
}
SHAPES: dict[str, Any] = {
    **ITEMS,
    "instant": {"type": "string", "format": "date-time"},
    "day": {"type": "string", "format": "date"},
    "constant": {"const": "c"},
    "choice": {"enum": ["a", "b"]},
    "level": {"type": "integer", "enum": [1, 2]},
    "number": {"type": "number"},
    "switch": {"type": "boolean"},
    "nothing": {"type": "null"},
    "dated": {"$ref": "#/components/schemas/Dated"},
    "closed": {"$ref": "#/components/schemas/Closed"},
    "open": {"$ref": "#/components/schemas/Open"},
    "wide": {"$ref": "#/components/schemas/Wide"},
    "object": {"type": "object"},
    "counts": {"type": "object", "additionalProperties": {"type": "integer"}},
    **{f"{name}s": {"type": "array", "items": schema} for name, schema in ITEMS.items()},
}
TEXTS = [*("a", "c", "z", "2024-01-01T00:00:00Z", "2024-01-01")]
TEXTS.append("550e8400-e29b-41d4-a716-446655440000")
VALUES: list[Any] = [
    *(*TEXTS, 1, 3, 1.5, True, None, {}, {"id": 1}, {"id": "x"}, {"id": TEXTS[3]}, {"width": 1}),
    *({"width": "x"}, {"width": 1, "depth": "x"}, {"depth": 1}, {"name": None}, {"name": "x"}),
    *({"zeal": {}}, [], *([text] for text in TEXTS), [1], [1.5], [{"id": 1}], [{"id": "x"}]),
    *([None], [[1]], ["a", 1], [{"id": 1}, "a"]),
]
PACKAGE = "callrecords_pairs"


@pytest.fixture(scope="module", autouse=True)
def _package(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Each shape's operation answers an object with a property for every other shape."""
    schemas = {
        f"{first.title()}Or": {
            "type": "object",
            "properties": {
                **{f"or_{shape}": either(first, shape) for shape in SHAPES if shape != first},
                **{f"or_{shape}_or_null": either(first, shape, "nothing") for shape in SHAPES},
            },
        }
        for first in SHAPES
    }
    definition = {
        "openapi": "3.1.0",
        "info": {"title": "Pairs", "version": "1"},
        "servers": [{"url": "https://api.example.com"}],
        "paths": {f"/{first}": {"get": operation(first)} for first in SHAPES},
        "components": {"schemas": {**COMPONENTS, **schemas}},
    }
    root = tmp_path_factory.mktemp("repository")
    source = root / "pairs.json"
    source.write_text(json.dumps(definition))
    with importable(root, Wanted("pairs", str(source))):
        yield


def either(*shapes: str) -> dict[str, Any]:
    return {"anyOf": [SHAPES[shape] for shape in dict.fromkeys(shapes)]}


def operation(first: str) -> dict[str, Any]:
    schema = {"$ref": f"#/components/schemas/{first.title()}Or"}
    success = {"description": "", "content": {"application/json": {"schema": schema}}}
    return {"operationId": f"get_{first}", "responses": {"200": success}}


def check(first: str, name: str, value: Any, *, is_valid: bool) -> None:
    body = {name: value}
    model = getattr(importlib.import_module(f"{PACKAGE}.models"), f"{first.title()}Or")
    try:
        decoded, told = decode(body, validators(PACKAGE, f"get_{first}", 200), model.from_dict)
    except UndecodableError as error:
        assert bool(error.deviations) > is_valid  # noqa: PT017 - most values are decoded
        return
    assert decoded.to_dict() == body
    read = getattr(decoded, name)
    assert lie_in(read, hints_of(model)[name]) is None
    if is_valid:
        assert {drift.kind for drift in told} <= {DriftKind.UNKNOWN_FIELD}
        assert "unknown)" not in repr(read)
    else:
        assert told


@pytest.mark.parametrize("first", SHAPES)
def test_what_either_of_two_shapes_allows_is_read_as_it_says(first: str) -> None:
    for second in SHAPES.keys() - {first}:
        schema = {**either(first, second), "components": {"schemas": COMPONENTS}}
        allowed = jsonschema_rs.Draft202012Validator(schema, validate_formats=True)
        for value in VALUES:
            check(first, f"or_{second}", value, is_valid=allowed.is_valid(value))


@pytest.mark.parametrize("first", SHAPES)
def test_null_may_come_in_the_place_of_either_of_two_shapes(first: str) -> None:
    for second in SHAPES:
        check(first, f"or_{second}_or_null", None, is_valid=True)


@pytest.mark.parametrize(
    ("more", "less", "value", "kind"),
    [
        ("named", "object", {"id": 1}, "Named"),
        ("named", "any", {"id": 1}, "Named"),
        ("level", "whole", 1, "Level"),
        ("member", "text", "a", "Member"),
        ("choice", "any", "a", "Choice"),
        ("id", "text", TEXTS[-1], "UUID"),
        ("ids", "texts", [TEXTS[-1]], "UUID"),
        ("nameds", "anys", [{"id": 1}], "Named"),
    ],
)
def test_of_two_shapes_the_one_that_says_more_is_read(
    more: str, less: str, value: Any, kind: str
) -> None:
    for first, second in ((more, less), (less, more)):
        name = f"or_{second}"
        model = getattr(importlib.import_module(f"{PACKAGE}.models"), f"{first.title()}Or")
        read = getattr(model.from_dict({name: value}), name)
        assert kind in type(read[0] if isinstance(read, list) else read).__name__
