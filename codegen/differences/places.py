"""Where in a patched definition the parts of models stand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codegen.document import lookup, pointer_to
from codegen.openapi import JSONObject, reference_pointer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from codegen.document import JSON

EMPTY: JSONObject = {}


def object_at(definition: JSONObject, pointer: str) -> JSONObject:
    """The object at a pointer; an empty one where there is none."""
    try:
        value = lookup(definition, pointer)
    except KeyError:
        return EMPTY
    return value if isinstance(value, dict) else EMPTY


def existing(definition: JSONObject, pointer: str) -> str:
    """The pointer itself if there is something; else that of the innermost object around it."""
    while pointer:
        try:
            lookup(definition, pointer)
        except KeyError:
            pointer = pointer.rpartition("/")[0]
        else:
            break
    return pointer


def followed(definition: JSONObject, pointer: str) -> str:
    """Where the references that begin at a pointer finally lead; itself if they lead nowhere."""
    seen: set[str] = set()
    while pointer not in seen:
        seen.add(pointer)
        target = target_of(object_at(definition, pointer))
        if target is None:
            break
        pointer = target
    return pointer


def target_of(value: JSONObject) -> str | None:
    """The pointer in an object's ``$ref``; None if it has none to this definition."""
    reference = value.get("$ref")
    if not isinstance(reference, str):
        return None
    try:
        return reference_pointer(reference)
    except KeyError:
        return None


def property_pointer(definition: JSONObject, schema: str, name: str) -> str:
    """Where a property of the schema at a pointer is described; the schema's own if nowhere."""
    for place in composed(definition, schema):
        properties = object_at(definition, place).get("properties")
        if isinstance(properties, dict) and name in properties:
            return place + pointer_to("properties", name)
    return schema


def composed(definition: JSONObject, schema: str) -> Iterator[str]:
    """The schema at a pointer and all that it is composed of by ``allOf``, itself first."""
    waiting, seen = [schema], set[str]()
    while waiting:
        pointer = followed(definition, waiting.pop())
        if pointer in seen:
            continue
        seen.add(pointer)
        yield pointer
        parts = object_at(definition, pointer).get("allOf")
        count = len(parts) if isinstance(parts, list) else 0
        waiting += [f"{pointer}/allOf/{index}" for index in reversed(range(count))]


def alternatives(definition: JSONObject, schema: str) -> Iterator[str]:
    """The schemas that the one at a pointer chooses from, through all choices; itself if none."""
    waiting, seen = [schema], set[str]()
    while waiting:
        pointer = followed(definition, waiting.pop())
        if pointer in seen:
            continue
        seen.add(pointer)
        value = object_at(definition, pointer)
        inner = [
            pointer + pointer_to(keyword, index)
            for keyword in ("anyOf", "oneOf")
            for index in range(_length(value.get(keyword)))
        ]
        parts = value.get("allOf")
        if isinstance(parts, list) and len(parts) == 1 and "properties" not in value:
            inner.append(f"{pointer}/allOf/0")  # which says no more than a reference would
        if inner:
            waiting += reversed(inner)
        else:
            yield pointer


def _length(value: JSON) -> int:
    return len(value) if isinstance(value, list) else 0
