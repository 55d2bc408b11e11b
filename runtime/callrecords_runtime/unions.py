"""Unions that hold themselves, which a validator is to judge and not to explain.

Its errors about a value of several shapes hold those of each shape, and so on for what is in them:
twice as many for each level of nesting. In place of such a union stands that a value must not be
what the union is not; of that there is one error, and what is wrong is asked for separately.
"""

from __future__ import annotations

import functools
from typing import Any
from urllib.parse import quote, unquote

from callrecords_runtime.serialization import is_object
from callrecords_runtime.subschemas import SHAPES, Schema, mapped, reached

OPEN = ".open"
"""The end of a component's name where it is composed with others."""
_UNION = ".union."
_POINTER = "#/$defs/"
_WITHIN = frozenset({"unevaluatedProperties", "unevaluatedItems"})
_IN_PLACE = SHAPES | {"if", "then", "else", "not"}


def judged_unions(definitions: dict[str, Schema]) -> dict[str, Schema]:
    """The definitions, in which unions that hold themselves have definitions of their own."""
    reach = {name: reached([schema], definitions) for name, schema in definitions.items()}
    found: dict[str, Schema] = {}

    def replaced(name: str, schema: Schema, *, is_counted: bool) -> Schema:
        # What is counted together with other shapes must be seen by the validator.
        is_counted = is_counted or not _WITHIN.isdisjoint(schema)
        beside = functools.partial(replaced, name, is_counted=is_counted)
        inside = functools.partial(replaced, name, is_counted=False)
        changed: Schema = {
            keyword: mapped(keyword, value, beside if keyword in _IN_PLACE else inside)
            for keyword, value in schema.items()
        }
        shapes = changed.get("anyOf")
        if shapes is None or is_counted or "not" in changed:
            return changed
        if name not in reached(schema["anyOf"], definitions):
            return changed
        union = f"{name}{_UNION}{len(found)}"
        found[union] = {"anyOf": shapes}
        rest = {keyword: value for keyword, value in changed.items() if keyword != "anyOf"}
        return {**rest, "not": {"not": {"$ref": f"{_POINTER}{quote(union)}"}}}

    changed = {
        name: replaced(name, schema, is_counted=name.endswith(OPEN))
        if name in reach[name]
        else schema
        for name, schema in definitions.items()
    }
    return changed | found


def union_named(schema: Any) -> str | None:
    """The union that a schema, which a value must not fit, stands for."""
    inner: Any = schema.get("not") if is_object(schema) else None
    pointer: Any = inner.get("$ref") if is_object(inner) else None
    if not isinstance(pointer, str) or _UNION not in pointer:
        return None
    return unquote(pointer.removeprefix(_POINTER))
