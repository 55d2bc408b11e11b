"""Leaving to decoding what it sees anyway: whether a required field is there.

A model's ``from_dict`` asks for every field that its schema requires. A validator that does not
ask takes half the time over a page of records.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from callrecords._subschemas import SHAPES, Schema, mapped, reference, subschemas

if TYPE_CHECKING:
    from collections.abc import Iterator


def left_to_decoding(schema: Schema, definitions: dict[str, Schema]) -> tuple[Schema, Schema]:
    """A schema and the ``$defs`` it needs, which ask for no field that decoding asks for.

    What is one of several shapes stays as it is, as required fields tell the shapes apart.
    """
    needed = _reached([schema], definitions)
    shapes = [
        child
        for it in (schema, *(definitions[name] for name in needed))
        for keyword, child in _all_within(it)
        if keyword in SHAPES
    ]
    kept = _reached(shapes, definitions)
    return _relaxed(schema), {
        name: definitions[name] if name in kept else _relaxed(definitions[name]) for name in needed
    }


def _reached(schemas: list[Schema], definitions: dict[str, Schema]) -> set[str]:
    """The definitions that these schemas refer to, directly or by way of another one."""
    waiting = list(schemas)
    found: set[str] = set()
    while waiting:
        schema = waiting.pop()
        for child in (schema, *(it for _, it in _all_within(schema))):
            name = reference(child)
            if name is not None and name not in found:
                found.add(name)
                waiting.append(definitions[name])
    return found


def _all_within(schema: Schema) -> Iterator[tuple[str, Schema]]:
    for keyword, child in subschemas(schema):
        yield keyword, child
        yield from _all_within(child)


def _relaxed(schema: Schema) -> Schema:
    """The schema without ``required`` for the fields it documents, except in its shapes."""
    relaxed = {
        keyword: value if keyword in SHAPES else mapped(keyword, value, _relaxed)
        for keyword, value in schema.items()
    }
    documented = schema.get("properties", {})
    left = [name for name in schema.get("required", ()) if name not in documented]
    if left:
        relaxed["required"] = left
    else:
        relaxed.pop("required", None)
    return relaxed
