"""Where two definitions differ for whoever checks requests and responses against them.

Names, descriptions, examples, defaults, servers and the like are for readers and generators; what
differs in nothing but those accepts the same. Who may ask belongs to a request, and so does what a
client makes of a body that is not JSON.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

import orjson

from codegen.files.values import JSON, JSONObject, pointer_to
from codegen.openapi.grammar import METHODS, children, root

if TYPE_CHECKING:
    from collections.abc import Iterator

    from codegen.files.values import JSON, JSONObject
    from codegen.openapi.grammar import Node


_EVERY = "*"

# The members of each kind of object that validation reads, with the kind they are in turn. A kind
# that is not listed is a plain value, compared as a whole.
_MEMBERS: dict[str, dict[str, str]] = {
    "document": {"paths": "paths", "components": "components", "security": "security"},
    "components": {
        "parameters": "parameters",
        "pathItems": "paths",
        "requestBodies": "request bodies",
        "responses": "responses",
        "schemas": "schemas",
        "securitySchemes": "security schemes",
    },
    "security schemes": {_EVERY: "security scheme"},
    "security scheme": {
        "$ref": "text",
        "type": "text",
        "in": "text",
        "name": "text",
        "scheme": "text",
    },
    "paths": {_EVERY: "path item"},
    "path item": {
        "$ref": "text",
        "parameters": "parameters",
        **dict.fromkeys(METHODS, "operation"),
    },
    "operation": {
        "parameters": "parameters",
        "requestBody": "request body",
        "responses": "responses",
        "security": "security",
    },
    "parameters": {_EVERY: "parameter"},
    "parameter": {
        "$ref": "text",
        "allowEmptyValue": "flag",
        "allowReserved": "flag",
        "content": "content",
        "explode": "flag",
        "in": "text",
        "name": "text",
        "required": "flag",
        "schema": "schema",
        "style": "text",
    },
    "request bodies": {_EVERY: "request body"},
    "request body": {"$ref": "text", "content": "content", "required": "flag"},
    "responses": {_EVERY: "response"},
    "response": {"$ref": "text", "content": "content"},
    "content": {_EVERY: "media type"},
    "media type": {"schema": "schema"},
    "schemas": {_EVERY: "schema"},
    "schema": {
        "$defs": "schemas",
        "additionalProperties": "schema",
        "allOf": "schemas",
        "anyOf": "schemas",
        "contains": "schema",
        "dependentSchemas": "schemas",
        "else": "schema",
        "if": "schema",
        "items": "schema",
        "not": "schema",
        "oneOf": "schemas",
        "patternProperties": "schemas",
        "prefixItems": "schemas",
        "properties": "schemas",
        "propertyNames": "schema",
        "then": "schema",
        "unevaluatedItems": "schema",
        "unevaluatedProperties": "schema",
    },
}

# Maps whose keys are chosen by the definition, but for extensions.
_EXTENSIBLE = frozenset({"paths", "responses"})

_ANNOTATIONS = frozenset({
    "$comment", "contentEncoding", "contentMediaType", "contentSchema", "default", "deprecated",
    "description", "discriminator", "example", "examples", "externalDocs", "readOnly", "title",
    "writeOnly", "xml",
})  # fmt: skip

ASSERTED_FORMATS: Final = frozenset({
    "date", "date-time", "duration", "email", "hostname", "idn-email", "idn-hostname", "ipv4",
    "ipv6", "iri", "iri-reference", "json-pointer", "regex", "relative-json-pointer", "time", "uri",
    "uri-reference", "uri-template", "uuid",
})  # fmt: skip
"""The formats that validation checks."""

MAPPED_FORMATS: Final = frozenset({"binary"})
"""Formats that validation does not check, and of which a client makes another type than text.

Any other that is not checked, such as ``int64``, is a name for readers.
"""

SEEN_FORMATS: Final = ASSERTED_FORMATS | MAPPED_FORMATS
"""The formats that make a difference."""


def validation_differences(definition: JSON, other: JSON) -> list[str]:
    """Return the JSON pointers where validation sees a difference between two definitions.

    Only the outermost place of each difference is named. What the definitions share in memory, as
    two patched from the same one do, costs nothing.
    """
    return list(_differences("document", definition, other, ""))


def _differences(kind: str, one: JSON, other: JSON, place: str) -> Iterator[str]:
    if one is other:
        return
    if kind in _MEMBERS and isinstance(one, dict) and isinstance(other, dict):
        seen, also_seen = _seen_members(kind, one), _seen_members(kind, other)
        for key in seen | also_seen:
            if key in seen and key in also_seen:
                child_kind, child = seen[key]
                its_place = place + pointer_to(key)
                yield from _differences(child_kind, child, also_seen[key][1], its_place)
            else:
                yield place + pointer_to(key)
    elif kind in _MEMBERS and isinstance(one, list) and isinstance(other, list):
        child_kind = _MEMBERS[kind].get(_EVERY, "value")
        for index, (item, its_other) in enumerate(zip(one, other, strict=False)):
            yield from _differences(child_kind, item, its_other, f"{place}/{index}")
        if len(one) != len(other):
            yield f"{place}/{min(len(one), len(other))}"
    elif not _is_same(one, other):
        yield place


def _seen_members(kind: str, value: JSONObject) -> dict[str, tuple[str, JSON]]:
    """The members that validation reads, each with its kind."""
    return {
        key: (child_kind, child)
        for key, child in value.items()
        if (child_kind := _child_kind(kind, key, child)) is not None
    }


def _child_kind(kind: str, key: str, child: JSON) -> str | None:
    members = _MEMBERS[kind]
    if key in members:
        return members[key]
    if _EVERY in members:
        is_extension = kind in _EXTENSIBLE and key.startswith("x-")
        return None if is_extension else members[_EVERY]
    is_read = (
        kind == "schema"
        and key not in _ANNOTATIONS
        and not key.startswith("x-")
        and (key != "format" or not isinstance(child, str) or child in SEEN_FORMATS)
    )
    return "value" if is_read else None


def _is_same(one: JSON, other: JSON) -> bool:
    # Not ==, to which 1 and true are the same.
    return orjson.dumps(one, option=orjson.OPT_SORT_KEYS) == orjson.dumps(
        other, option=orjson.OPT_SORT_KEYS
    )


_UPPER_BOUNDS = ("exclusiveMaximum", "maxItems", "maxLength", "maxProperties", "maximum")
_LOWER_BOUNDS = ("exclusiveMinimum", "minItems", "minLength", "minProperties", "minimum")
_CONDITIONS = frozenset({
    *_UPPER_BOUNDS, *_LOWER_BOUNDS, "const", "contains", "dependentRequired", "enum", "multipleOf",
    "not", "pattern", "propertyNames", "required", "uniqueItems",
})  # fmt: skip
_CLOSINGS = ("additionalProperties", "unevaluatedItems", "unevaluatedProperties")
# Of these one may take the place of another: an object becomes a choice.
_SHAPES = ("$ref", "allOf", "anyOf", "oneOf", "type")


def stricter_places(before: JSONObject, after: JSONObject) -> list[str]:
    """Return the JSON pointers of keywords with which ``after`` refuses what ``before`` accepted.

    What the definitions share in memory costs nothing.
    """
    return [
        new.pointer + pointer_to(keyword)
        for old, new in _pairs(root(before), root(after))
        for keyword in _stricter_keywords(old, new)
    ]


def _pairs(old: Node, new: Node) -> Iterator[tuple[Node, Node]]:
    if old.value is new.value:
        return
    yield old, new
    before = {node.pointer: node for node in children(old)}
    for node in children(new):
        if node.pointer in before:
            yield from _pairs(before[node.pointer], node)


def _stricter_keywords(old: Node, new: Node) -> Iterator[str]:
    before, after = old.value, new.value
    if new.kind in ("parameter", "request body"):
        if after.get("required") is True and before.get("required") is not True:
            yield "required"
    elif new.kind == "schema":
        for keyword, value in after.items():
            if (
                _is_narrower(keyword, before[keyword], value)
                if keyword in before
                else _is_condition(keyword, value, before)
            ):
                yield keyword


def _is_condition(keyword: str, value: JSON, before: JSONObject) -> bool:
    """Whether a keyword that is new refuses something."""
    if keyword in _SHAPES:
        return not any(shape in before for shape in _SHAPES)
    if keyword in _CLOSINGS:
        return value is False
    if keyword == "format":
        return value in SEEN_FORMATS
    return keyword in _CONDITIONS and value is not False and value != []


def _is_narrower(keyword: str, old: JSON, new: JSON) -> bool:
    """Whether a keyword refuses more than it did; a replaced type or pattern does not count."""
    match old, new:
        case list(), list() if keyword == "enum":
            return bool(_without(old, new))
        case list(), list() if keyword == "required":
            return bool(_without(new, old))
        case ((int() | float()), (int() | float())) if keyword in _UPPER_BOUNDS:
            return new < old
        case ((int() | float()), (int() | float())) if keyword in _LOWER_BOUNDS:
            return new > old
        case _ if keyword == "type":
            return _types(new) < _types(old)
        case _:
            return keyword in _CLOSINGS and new is False and old is not False


def _without(values: list[JSON], others: list[JSON]) -> list[JSON]:
    return [value for value in values if value not in others]


def _types(value: JSON) -> set[str]:
    types = {value} if isinstance(value, str) else set(cast("list[str]", value))
    # Every integer is a number.
    return types | {"integer"} if "number" in types else types
