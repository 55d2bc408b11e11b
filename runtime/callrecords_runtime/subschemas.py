"""The schemas within a schema."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias
from urllib.parse import quote, unquote

from callrecords_runtime.drift import json_type
from callrecords_runtime.serialization import is_array, is_object

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

Schema: TypeAlias = dict[str, Any]

CHOICES = frozenset({"anyOf", "oneOf"})
SHAPES = CHOICES | {"allOf"}
"""The keywords that put a value together from several schemas, or let it choose one."""
_LISTS = SHAPES | {"prefixItems"}
_BY_NAME = frozenset({"dependentSchemas", "patternProperties", "properties"})
_SINGLE = frozenset(
    {
        *("additionalProperties", "contains", "else", "if", "items", "not", "propertyNames"),
        *("then", "unevaluatedItems", "unevaluatedProperties"),
    }
)
_ASKING_NOTHING = frozenset(
    {
        *("$comment", "default", "deprecated", "description", "example", "examples"),
        *("externalDocs", "readOnly", "title", "writeOnly", "xml"),
    }
)
_DEFINITIONS = "#/components/schemas/"
_COMPILED = "#/$defs/"


def components_of(definition: Schema) -> Schema:
    """The schemas of a definition by name."""
    components: Schema = definition.get("components", {}).get("schemas", {})
    return components


def asked_by(schema: Schema) -> Schema:
    """A schema without the keywords that ask nothing of a value."""
    return {
        keyword: value
        for keyword, value in schema.items()
        if keyword not in _ASKING_NOTHING and not keyword.startswith("x-")
    }


def types_of(schema: Schema) -> list[str]:
    """The types of JSON value that a schema allows by its own words; none where it does not say."""
    if "type" in schema:
        types: str | list[str] = schema["type"]
        return [types] if isinstance(types, str) else types
    values = schema.get("enum", [schema["const"]] if "const" in schema else [])
    return sorted({json_type(value) for value in values})


def mapped(keyword: str, value: Any, change: Callable[[Schema], Schema]) -> Any:
    """A keyword's value with each schema directly in it changed; references lead to ``$defs``."""
    if keyword == "$ref":
        return quote(str(value).replace(_DEFINITIONS, _COMPILED), safe="#/$%~")
    if keyword in _BY_NAME:
        return {name: _changed(child, change) for name, child in value.items()}
    if keyword in _LISTS:
        return [_changed(child, change) for child in value]
    return _changed(value, change) if keyword in _SINGLE else value


def _changed(value: Any, change: Callable[[Schema], Schema]) -> Any:
    return change(value) if is_object(value) else value


def subschemas(schema: Schema) -> Iterator[tuple[str, Schema]]:
    """The schemas directly in a schema, each with the keyword it stands under."""
    for keyword, value in schema.items():
        found: list[object] = []
        if keyword in _BY_NAME and is_object(value):
            found = [*value.values()]
        elif keyword in _LISTS and is_array(value):
            found = value
        elif keyword in _SINGLE:
            found = [value]
        yield from ((keyword, child) for child in found if is_object(child))


def reference(schema: Schema) -> tuple[str, ...]:
    """Where a schema refers to: a component, and what leads on within it; empty if nowhere."""
    pointer = schema.get("$ref")
    if not isinstance(pointer, str):
        return ()
    for prefix in (_DEFINITIONS, _COMPILED):
        if pointer.startswith(prefix):
            tokens = unquote(pointer.removeprefix(prefix)).split("/")
            return tuple(token.replace("~1", "/").replace("~0", "~") for token in tokens)
    return ()


def resolved(schema: Schema, components: Schema) -> Schema:
    """A schema, or what it refers to in the end."""
    while tokens := reference(schema):
        schema = components
        for token in tokens:
            schema = schema[token]
    return schema


def reached(schemas: Iterable[Schema], definitions: Mapping[str, Schema]) -> set[str]:
    """The definitions that some schemas refer to, directly or by way of another one."""
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
