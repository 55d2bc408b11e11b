"""Patterns of a definition that cannot be run, so that it is read without them.

An answer is matched by an engine that takes no longer than the text is long. It knows no lookahead
and no backreference, and refuses what would need too much memory; and some patterns are none.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

import jsonschema_rs

from callrecords_runtime.serialization import is_object
from callrecords_runtime.subschemas import Schema, mapped, subschemas

if TYPE_CHECKING:
    from collections.abc import Iterator

_NEGATING = frozenset({"else", "if", "not", "then"})
"""The keywords under which a schema that allows more would make the whole refuse more."""


def runnable(schema: Schema, components: Schema) -> tuple[Schema, Schema]:
    """A schema and its components without the patterns that cannot be run.

    An object whose fields are known by such a pattern may have any.
    """
    if all(map(_runs, _patterns([schema, *components.values()]))):
        return schema, components
    return _runnable(schema), {name: _runnable(each) for name, each in components.items()}


def _runnable(schema: Schema) -> Schema:
    left_out = {"pattern"} if not _runs(schema.get("pattern", "")) else set[str]()
    if not all(map(_runs, _patterns([schema[key] for key in _NEGATING & schema.keys()]))):
        left_out |= _NEGATING
    changed: Schema = {
        keyword: mapped(keyword, value, _runnable)
        for keyword, value in schema.items()
        if keyword not in left_out
    }
    named: dict[str, Any] = changed.get("patternProperties", {})
    if not all(map(_runs, named)):
        changed["patternProperties"] = {name: each for name, each in named.items() if _runs(name)}
        changed["additionalProperties"] = True
    return changed


def _patterns(schemas: list[Any]) -> Iterator[str]:
    waiting = [schema for schema in schemas if is_object(schema)]
    while waiting:
        schema = waiting.pop()
        if "pattern" in schema:
            yield schema["pattern"]
        yield from schema.get("patternProperties", ())
        waiting += [child for _, child in subschemas(schema)]


@functools.cache
def _runs(pattern: str) -> bool:
    options = jsonschema_rs.RegexOptions()
    try:
        jsonschema_rs.Draft202012Validator({"pattern": pattern}, pattern_options=options)
    except ValueError:
        return False
    return True
