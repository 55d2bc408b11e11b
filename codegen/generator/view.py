"""The patched definition as the generator is able to read it.

Some schemas it refuses, or drops in silence, although a client needs less of them than validation
does: a member of an enumeration of fractions is a float to Python. They are given to it wider; what
validates answers, and what ships as ``openapi.json``, is the definition itself.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, cast

from codegen.files.values import JSON, JSONObject, copy_of, lookup
from codegen.openapi.grammar import Node, root, walk
from codegen.openapi.media_types import is_readable
from codegen.openapi.references import reference_pointer

if TYPE_CHECKING:
    from collections.abc import Mapping

_COMPONENT = re.compile(r"#/components/schemas/[^/]+")
_SINGLE = ("items", "not", "contains", "if", "then", "else", "propertyNames")
_LISTS = ("allOf", "anyOf", "oneOf", "prefixItems")
_MAPS = ("properties", "patternProperties")


def generator_view(definition: JSONObject) -> JSONObject:
    """A copy of a patched, hoisted definition in which the generator can read all that it could."""
    view = copy_of(definition)
    for node in list(walk(root(view))):
        if node.kind == "schema":
            _open_boolean_schemas(node.value)
    _put_deep_references_in_place(view)
    for node in list(walk(root(view))):
        if node.kind == "schema":
            _widen(node.value)
        elif node.kind == "response":
            _read_as_bytes(node)
    return view


def _open_boolean_schemas(schema: JSONObject) -> None:
    for key in _SINGLE:
        if isinstance(schema.get(key), bool):
            schema[key] = {}
    for key in _LISTS:
        members = schema.get(key)
        if isinstance(members, list):
            schema[key] = [{} if isinstance(member, bool) else member for member in members]
    for key in _MAPS:
        members = schema.get(key)
        if isinstance(members, dict):
            schema[key] = {
                name: {} if isinstance(member, bool) else member for name, member in members.items()
            }


def _put_deep_references_in_place(view: JSONObject) -> None:
    """Copy to its uses what is no component; what contains itself is anything."""
    waiting = list(walk(root(view)))
    depth: dict[int, tuple[str, ...]] = {}
    while waiting:
        node = waiting.pop()
        reference = node.value.get("$ref") if node.kind == "schema" else None
        if not isinstance(reference, str) or _COMPONENT.fullmatch(reference):
            continue
        passed = depth.get(id(node.parent), ())
        target = lookup(view, reference_pointer(reference))
        copy: JSONObject = {}
        if isinstance(target, dict) and reference not in passed:
            copy = copy_of(target)
            copy.pop("title", None)
        node.replace(copy)
        inner = list(walk(Node("schema", node.pointer, copy, node.parent, node.key)))
        for child in inner:
            depth[id(child.value)] = depth[id(child.parent)] = (*passed, reference)
        waiting.extend(inner)


def _widen(schema: JSONObject) -> None:
    schema.pop("default", None)
    if "$ref" in schema:
        return
    _widen_array(schema)
    _widen_enumeration(schema)


def _widen_array(schema: JSONObject) -> None:
    kind = schema.get("type")
    is_array = kind == "array" or (isinstance(kind, list) and "array" in kind)
    schema.pop("prefixItems", None)
    if is_array and not isinstance(schema.get("items"), dict):
        schema["items"] = {}


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
