"""Where two definitions differ for whoever checks requests and responses against them.

Names, descriptions, examples, defaults, servers and the like are for readers and generators; what
differs in nothing but those accepts the same. Who may ask belongs to a request, and so does what a
client makes of a body that is not JSON.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import orjson

from codegen.files.values import JSON, JSONObject, pointer_to
from codegen.openapi.grammar import METHODS

if TYPE_CHECKING:
    from collections.abc import Iterator

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
