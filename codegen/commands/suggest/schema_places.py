"""Where in a definition the schema of a place in a payload stands.

Schema and payload are walked together: of several shapes the payload's own is followed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from codegen.files.values import JSON, json_type, lookup, pointer_to
from codegen.openapi.grammar import documented_response, operations
from codegen.openapi.media_types import json_media_type
from codegen.openapi.references import follow, shapes

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from codegen.commands.suggest.drift_log import Step
    from codegen.files.values import JSONObject
    from codegen.providers.payloads import Payload


@dataclass(frozen=True)
class SchemaPlace:
    """A schema, and the place in a payload's body that it describes."""

    pointer: str
    """Of the schema, in the definition."""
    at: tuple[str | int, ...]
    """In the body."""


def response_schema(definition: JSONObject, payload: Payload) -> str | None:
    """The JSON pointer of the schema of a payload's body; None when there is none."""
    for operation in operations(definition):
        if operation.node.value.get("operationId") != payload.operation:
            continue
        response = documented_response(operation, payload.status)
        if response is None:
            return None
        pointer, value = follow(definition, response.value, response.pointer)
        content = cast("JSONObject", value.get("content") or {})
        media_type = json_media_type(content)
        if media_type is None or "schema" not in cast("JSONObject", content[media_type]):
            return None
        return pointer + pointer_to("content", media_type, "schema")
    return None


def places(
    definition: JSONObject, pointer: str, body: JSON, steps: Sequence[Step]
) -> Iterator[SchemaPlace]:
    """Where the schemas stand that describe a path, all of which is in the body."""
    yield from _places(definition, SchemaPlace(pointer, ()), body, steps)


def places_for_value(
    definition: JSONObject, pointer: str, body: JSON, steps: Sequence[Step]
) -> Iterator[SchemaPlace]:
    """The same for a path whose last member or item need not be there: a new item is the last."""
    if not steps:
        yield SchemaPlace(pointer, ())
        return
    for parent in places(definition, pointer, body, steps[:-1]):
        value = lookup(body, pointer_to(*parent.at))
        for shape, schema in shapes(definition, parent.pointer):
            inner = _inner(shape, schema, steps[-1])
            if inner is None or not _admits(schema, value):
                continue
            if isinstance(value, dict) and steps[-1] is not None:
                yield SchemaPlace(inner, (*parent.at, steps[-1]))
            elif isinstance(value, list) and steps[-1] is None:
                yield SchemaPlace(inner, (*parent.at, len(value)))


def _places(
    definition: JSONObject, place: SchemaPlace, value: JSON, steps: Sequence[Step]
) -> Iterator[SchemaPlace]:
    if not steps:
        yield place
        return
    for shape, schema in shapes(definition, place.pointer):
        inner = _inner(shape, schema, steps[0])
        if inner is None or not _admits(schema, value):
            continue
        for key, item in _members(value, steps[0]):
            yield from _places(definition, SchemaPlace(inner, (*place.at, key)), item, steps[1:])


def _members(value: JSON, step: Step) -> list[tuple[str | int, JSON]]:
    if isinstance(value, list) and step is None:
        return list(enumerate(value))
    if isinstance(value, dict) and step is not None and step in value:
        return [(step, value[step])]
    return []


def types_of(schema: JSONObject) -> list[str]:
    """The types that a schema names; none when it does not speak of them."""
    kind = schema.get("type")
    if isinstance(kind, str):
        return [kind]
    return [str(name) for name in kind] if isinstance(kind, list) else []


def _admits(schema: JSONObject, value: JSON) -> bool:
    types = types_of(schema)
    return not types or json_type(value) in types


def _inner(pointer: str, schema: JSONObject, step: Step) -> str | None:
    if step is None:
        return pointer + "/items" if isinstance(schema.get("items"), dict) else None
    properties = schema.get("properties")
    if isinstance(properties, dict) and isinstance(properties.get(step), dict):
        return pointer + pointer_to("properties", step)
    if isinstance(schema.get("additionalProperties"), dict):
        return pointer + "/additionalProperties"
    return None
