"""Definitions of any size, made to show how a time grows: the same size, the same bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from codegen.files.values import JSON, JSONObject

LEVELS = 20
"""How deeply schemas refer to schemas."""
REFERENCES = 3
"""How many schemas of the level before each schema refers to, but for the first level's."""

_STATE = "RecordState"
_OPERATIONS_PER_TAG = 50


def connected_definition(operations: int) -> JSONObject:
    """An OpenAPI 3.1 definition of this many operations, each with a schema of its own.

    Behind an operation are, by way of references, a third to a half of all schemas, however many
    there are.
    """
    schemas: JSONObject = {
        _STATE: {"type": "string", "title": _STATE, "enum": ["waiting", "running", "ended"]}
    }
    for number in range(operations):
        schemas[_name(number)] = _schema(number, operations)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Records", "version": "1.0.0"},
        "paths": {
            f"/records-{number}/{{recordId}}": {"get": _operation(number)}
            for number in range(operations)
        },
        "components": {"schemas": schemas},
    }


def _name(number: int) -> str:
    return f"Record{number:05}"


def _reference(name: str) -> JSONObject:
    return {"$ref": f"#/components/schemas/{name}"}


def _schema(number: int, operations: int) -> JSONObject:
    references: JSONObject = {
        f"related_{index}": {"type": "array", "items": _reference(_name(target))}
        if index == 0
        else _reference(_name(target))
        for index, target in enumerate(_targets(number, operations))
    }
    return {
        "type": "object",
        "title": _name(number),
        "description": f"Record {number}.",
        "required": ["id", "startedAt"],
        "properties": {
            "id": {"type": "string"},
            "startedAt": {"type": "string", "format": "date-time"},
            "duration": {"type": "integer", "description": "In seconds."},
            "state": _reference(_STATE),
            **references,
        },
    }


def _targets(number: int, operations: int) -> list[int]:
    """The records that this one refers to, all of them before it in the text."""
    width = max(1, operations // LEVELS)
    level, place = divmod(number, width)
    if level == 0:
        return []
    first = (level - 1) * width
    places = [(place * REFERENCES + index) % width for index in range(REFERENCES)]
    return [first + place for place in dict.fromkeys(places)]


def _operation(number: int) -> JSONObject:
    parameters: list[JSON] = [
        {"name": "recordId", "in": "path", "required": True, "schema": {"type": "string"}},
        {"name": "limit", "in": "query", "schema": {"type": "integer"}},
    ]
    content: JSONObject = {"application/json": {"schema": _reference(_name(number))}}
    return {
        "operationId": f"get_record_{number:05}",
        "tags": [f"records {number // _OPERATIONS_PER_TAG}"],
        "summary": f"Get record {number}.",
        "parameters": parameters,
        "responses": {"200": {"description": "The record.", "content": content}},
    }
