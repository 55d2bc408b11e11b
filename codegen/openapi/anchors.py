"""Names of schemas besides their places, which JSON Schema has and no reader of OpenAPI needs.

A reference by such a name leads to the place instead. One that whoever refers to a schema may bind
to another one, as a page of anything is to a page of users, is bound where that is done.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from codegen.files.errors import Problem
from codegen.files.values import JSONObject, copy_of, pointer_to
from codegen.openapi.grammar import Node, walk
from codegen.openapi.references import (
    component_key,
    followed,
    object_at,
    reference_to,
    target_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

_BOUND = "$dynamicAnchor"
NAMING = frozenset({"$id", "$anchor", _BOUND, "$dynamicRef", "$schema"})
"""What says a name of a schema, or refers to one that may be bound."""


def refer_to_places(data: JSONObject, schemas: list[Node]) -> Iterator[Problem]:
    """Let references lead to places only, in place."""
    names: dict[str, str] = {}
    for node in sorted(schemas, key=lambda node: component_key(node.pointer) is None):
        for keyword, mark in (("$id", ""), ("$anchor", "#"), (_BOUND, "#")):
            if keyword in node.value:
                names.setdefault(f"{mark}{node.value[keyword]}", node.pointer)
    for node in schemas:
        _refer(node.value, "$ref", names)
    schemas += [copied for node in schemas for copied in _bind(data, node)]
    for node in schemas:
        _refer(node.value, "$dynamicRef", names)
        if "$dynamicRef" in node.value:
            message = f"{node.value.pop('$dynamicRef')!r} names no schema; it is read as any"
            yield Problem("mended/reference", node.pointer, message)
        for keyword in NAMING & node.value.keys():
            del node.value[keyword]


def _bind(data: JSONObject, node: Node) -> list[Node]:
    """Copy what a schema refers to into it, with what it binds in that; all schemas of the copy."""
    bound = {
        f"#{inner[_BOUND]}": f"{node.pointer}/$defs{pointer_to(name)}"
        for name, inner in object_at(node.value, "/$defs").items()
        if isinstance(inner, dict) and _BOUND in inner
    }
    target = target_of(node.value) if bound else None
    if target is None:
        return []
    made = copy_of(object_at(data, followed(data, target)))
    bound.setdefault(f"#{made.get(_BOUND)}", node.pointer)
    copied = [*walk(Node("schema", node.pointer, made, {}, ""))]
    for inner in copied:
        _refer(inner.value, "$dynamicRef", bound)
    del node.value["$ref"]
    node.value.update({**made, **node.value})
    return copied


def _refer(schema: JSONObject, keyword: str, names: dict[str, str]) -> None:
    place = names.get(str(schema[keyword])) if keyword in schema else None
    if place is not None:
        del schema[keyword]
        schema["$ref"] = reference_to(place)
