"""Leaving to decoding what it sees anyway: required fields, and how dates are written.

A model's ``from_dict`` asks for every field that its schema requires, and keeps each date that is
not written in the usual way as a ``SpelledDatetime``. A validator that does not look at these
takes a third of the time over a page of records.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from callrecords_runtime.serialization import is_object
from callrecords_runtime.subschemas import SHAPES, Schema, reached, reference, subschemas

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

_DECODED = frozenset({"additionalProperties", "items", "properties"})
"""The keywords whose values a model decodes, each as its schema says."""
_UNLIKE_ITS_MODEL = SHAPES | {"$ref", "prefixItems"}
"""The keywords beside which it does not, or not always."""
_MOMENTS = ("string", ["string"], ["string", "null"], ["null", "string"])
"""The types with which the format ``date-time`` becomes a datetime."""
_NO_MOMENT = _UNLIKE_ITS_MODEL | {"const", "enum"}


def left_to_decoding(
    schema: Schema,
    definitions: dict[str, Schema],
    models: Collection[str],
) -> tuple[Schema, dict[str, Schema]]:
    """A schema and the ``$defs`` it needs, which ask for nothing that a model sees.

    What is one of several shapes stays as it is, as required fields tell the shapes apart; and so
    does all that may be decoded in another way than by the model of its name.

    Args:
        schema: What is decoded.
        definitions: The schemas it may refer to.
        models: Those among them of which there is a model. Models take more forms of dates than
            the definition allows, but only the usual one without spelling it.
    """
    needed = reached([schema], definitions)
    schemas = (schema, *(definitions[name] for name in needed))
    others = reached([child for schema in schemas for child in _not_decoded(schema)], definitions)
    return schema, {
        name: _relaxed(definitions[name])
        if name in models and name not in others
        else definitions[name]
        for name in needed
    }


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
    """The schema of a model without what the model asks of the fields it documents."""
    if not _UNLIKE_ITS_MODEL.isdisjoint(schema):
        return schema
    documented = schema.get("properties", {})
    required = [name for name in schema.get("required", ()) if name not in documented]
    rest = {keyword: value for keyword, value in schema.items() if keyword != "required"}
    if documented:
        rest["properties"] = {name: _of_any_form(schema) for name, schema in documented.items()}
    return {**rest, "required": required} if required else rest


def _of_any_form(schema: Any) -> Any:
    """The schema of a moment without its form; any other schema as it is."""
    if not is_object(schema) or schema.get("format") != "date-time":
        return schema
    is_moment = schema.get("type") in _MOMENTS and _NO_MOMENT.isdisjoint(schema)
    return {key: value for key, value in schema.items() if key != "format"} if is_moment else schema
