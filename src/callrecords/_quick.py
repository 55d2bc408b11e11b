"""Leaving to decoding what it sees anyway: whether a required field is there.

A model's ``from_dict`` asks for every field that its schema requires. A validator that does not
ask takes half the time over a page of records.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from callrecords._subschemas import SHAPES, Schema, reference, subschemas

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

_DECODED = frozenset({"additionalProperties", "items", "properties"})
"""The keywords whose values a model decodes, each as its schema says."""
_UNLIKE_ITS_MODEL = SHAPES | {"$ref", "prefixItems"}
"""The keywords beside which it does not, or not always."""


def left_to_decoding(
    schema: Schema, definitions: dict[str, Schema], models: Collection[str]
) -> tuple[Schema, dict[str, Schema]]:
    """A schema and the ``$defs`` it needs, which ask for no field that a model asks for.

    What is one of several shapes stays as it is, as required fields tell the shapes apart; and so
    does all that may be decoded in another way than by the model of its name.

    Args:
        schema: What is decoded.
        definitions: The schemas it may refer to.
        models: Those among them of which there is a model.
    """
    needed = _reached([schema], definitions)
    schemas = (schema, *(definitions[name] for name in needed))
    others = _reached([child for it in schemas for child in _not_decoded(it)], definitions)
    return schema, {
        name: _relaxed(definitions[name])
        if name in models and name not in others
        else definitions[name]
        for name in needed
    }


def _reached(schemas: list[Schema], definitions: dict[str, Schema]) -> set[str]:
    """The definitions that these schemas refer to, directly or by way of another one."""
    waiting = list(schemas)
    found: set[str] = set()
    while waiting:
        schema = waiting.pop()
        waiting += [child for _, child in subschemas(schema)]
        name = reference(schema)[:1]
        if name and name[0] not in found:
            found.update(name)
            waiting.append(definitions[name[0]])
    return found


def _not_decoded(schema: Schema) -> Iterator[Schema]:
    """The schemas in this one that may be decoded in another way than by a model of their own."""
    is_decoded = _UNLIKE_ITS_MODEL.isdisjoint(schema)
    if len(reference(schema)) > 1:
        yield schema  # into a component, of which a part has no model
    for keyword, child in subschemas(schema):
        if is_decoded and keyword in _DECODED:
            yield from _not_decoded(child)
        else:
            yield child


def _relaxed(schema: Schema) -> Schema:
    """The schema of a model without ``required``, for the fields it documents."""
    if not _UNLIKE_ITS_MODEL.isdisjoint(schema):
        return schema
    documented = schema.get("properties", {})
    required = [name for name in schema.get("required", ()) if name not in documented]
    rest = {keyword: value for keyword, value in schema.items() if keyword != "required"}
    return {**rest, "required": required} if required else rest
