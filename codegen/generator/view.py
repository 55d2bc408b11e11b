"""The patched definition as the generator is able to read it.

Some schemas it refuses, or drops in silence, although a client needs less of them than validation
does: a member of an enumeration of fractions is a float to Python. They are given to it wider; what
validates answers, and what ships as ``openapi.json``, is the definition itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from codegen.files.values import JSON, JSONObject, copy_of
from codegen.openapi.grammar import Node, fields, root, walk
from codegen.openapi.media_types import is_readable

if TYPE_CHECKING:
    from collections.abc import Mapping

_CLOSING = frozenset({"additionalProperties", "unevaluatedProperties", "unevaluatedItems"})
"""Where ``false`` is no schema like others: it says that there is no more."""


def generator_view(definition: JSONObject) -> JSONObject:
    """A copy of a patched definition in which the generator can read all that it could."""
    view = copy_of(definition)
    for node in walk(root(view)):
        if node.kind == "schema":
            _open_boolean_schemas(node.value)
    for node in walk(root(view)):
        if node.kind == "schema":
            _widen(node.value)
        elif node.kind == "response":
            node.value.setdefault("description", "")
            _read_as_bytes(node)
    return view


def _open_boolean_schemas(schema: JSONObject) -> None:
    for keyword, field in fields("schema").items():
        if keyword in schema and keyword not in _CLOSING:
            schema[keyword] = field.with_each(
                schema[keyword], lambda member: {} if isinstance(member, bool) else member
            )


def _widen(schema: JSONObject) -> None:
    schema.pop("default", None)
    if "$ref" in schema:
        return
    schema.pop("prefixItems", None)
    kind = schema.get("type")
    is_array = kind == "array" or (isinstance(kind, list) and "array" in kind)
    if is_array and not isinstance(schema.get("items"), dict):
        schema["items"] = {}
    _widen_enumeration(schema)


def _widen_enumeration(schema: JSONObject) -> None:
    values = schema.get("enum")
    if not isinstance(values, list):
        return
    members = [value for value in values if value is not None]
    kinds = {type(value) for value in members}
    if not members:
        del schema["enum"]
        schema["type"] = "null"
    elif kinds not in ({str}, {int}) or (kinds == {int} and schema.get("type") == "number"):
        del schema["enum"]
        schema.pop("x-enum-varnames", None)
        schema.pop("x-enumNames", None)
    elif kinds == {str} and "type" not in schema:
        schema["type"] = ["string", "null"] if None in values else "string"


def _read_as_bytes(response: Node) -> None:
    """Let a client have the bytes of a body in a format that it cannot read."""
    content = cast("Mapping[str, JSON]", response.value.get("content") or {})
    if content and not any(is_readable(name) for name in content):
        response.value["content"] = {
            "application/octet-stream": {"schema": {"type": "string", "format": "binary"}}
        }
