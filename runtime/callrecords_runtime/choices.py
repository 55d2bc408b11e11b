"""Choices of shapes, checked the way in which decoding makes them."""

from __future__ import annotations

from typing import Any

from callrecords_runtime.serialization import is_object
from callrecords_runtime.subschemas import CHOICES, SHAPES, Schema, reference, resolved, types_of

_OPENING = SHAPES | {"additionalProperties", "patternProperties", "unevaluatedProperties"}
"""The keywords by which an object may have other fields than those it lists."""


def chosen_as_decoded(schema: Schema, changed: Schema, components: Schema) -> Schema:
    """A schema in which a choice is made as models make it.

    By its discriminator, when the value of that is listed; else a value may have several of the
    shapes, of which decoding takes the first. Without a discriminator it takes the object that
    alone has a key which it requires; another one must not have that key.

    Args:
        schema: The schema as the definition has it.
        changed: The same, changed for validation; its shapes are used.
        components: The schemas that it may refer to.
    """
    if "discriminator" not in schema:
        for key in CHOICES & schema.keys():
            changed = {**changed, key: _exclusive(schema[key], changed[key], components)}
    rest = {keyword: value for keyword, value in changed.items() if keyword != "oneOf"}
    shapes: list[Schema] = [*changed.get("oneOf", ())]
    if shapes and "anyOf" in rest:
        return changed  # two choices at once, of which models make one
    shapes = shapes or [*rest.pop("anyOf", ())]
    if not shapes:
        return changed
    name, targets = _discriminator(schema, shapes)
    if not targets:
        return {**rest, "anyOf": shapes}
    conditions = [
        {"if": _having(name, {"const": value}), "then": target} for value, target in targets.items()
    ]
    others = {"if": _having(name, {"enum": [*targets]}), "else": {"anyOf": shapes}}
    return {**rest, "allOf": [*rest.get("allOf", ()), *conditions, others]}


def _exclusive(originals: list[Schema], shapes: list[Schema], components: Schema) -> list[Schema]:
    branches = [resolved(original, components) for original in originals]
    return [
        _without_keys(shape, _keys_of_others(index, branches)) for index, shape in enumerate(shapes)
    ]


def _keys_of_others(index: int, branches: list[Schema]) -> list[str]:
    """The keys that only one other branch knows or is open to, and which it requires."""
    keys: list[str] = []
    for other, branch in enumerate(branches):
        rest = [*branches[:other], *branches[other + 1 :]]
        if other != index and all(map(_lists_its_fields, rest)):
            known = {key for each in rest for key in each.get("properties", ())}
            keys += [key for key in branch.get("required", ()) if key not in known]
    return keys


def _lists_its_fields(schema: Schema) -> bool:
    is_open = any(schema.get(keyword, False) is not False for keyword in _OPENING)
    types = types_of(schema)
    return not is_open and (
        bool(schema.get("properties")) or (types != [] and "object" not in types)
    )


def _without_keys(schema: Schema, keys: list[str]) -> Schema:
    if not keys:
        return schema
    return {"allOf": [schema, *map(without, keys)]}


def without(key: str) -> Schema:
    """The schema of what is no object with a key."""
    return {"if": {"type": "object"}, "then": {"not": {"required": [key]}}}


def _having(name: str, value: Schema) -> Schema:
    return {"type": "object", "properties": {name: value}, "required": [name]}


def _discriminator(schema: Schema, shapes: list[Schema]) -> tuple[str, dict[str, Schema]]:
    """The property that decides, and the shape for each of its values; none if nothing decides."""
    discriminator: Any = schema.get("discriminator")
    if not is_object(discriminator):
        return "", {}
    by_name: dict[str, Schema] = {}
    originals: list[Schema] = schema.get("oneOf") or schema["anyOf"]
    for original, shape in zip(originals, shapes, strict=True):
        by_name.update(dict.fromkeys(reference(original)[:1], shape))
    mapping: dict[str, str] = discriminator.get("mapping", {})
    return str(discriminator["propertyName"]), {
        value: by_name[name]
        for value, target in mapping.items()
        for name in reference({"$ref": target})[:1]
        if name in by_name
    }
