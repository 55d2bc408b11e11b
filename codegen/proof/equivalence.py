"""Where two definitions differ for whoever checks requests and responses against them.

Names, descriptions, examples, defaults, servers and the like are for readers and generators; what
differs in nothing but those accepts the same. Who may ask belongs to a request, and so does what a
client makes of a body that is not JSON.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final, TypeAlias

from codegen.files.values import ABSENT, JSON, JSONObject, is_same, pointer_to
from codegen.openapi.grammar import Container, Field, Kind, Node, children, fields, root
from codegen.openapi.strictness import SEEN_FORMATS, is_stricter

if TYPE_CHECKING:
    from collections.abc import Iterator


_PLAIN: Final[dict[Kind, tuple[str, ...]]] = {
    "document": ("security",),
    "components": (),
    "security scheme": ("$ref", "type", "in", "name", "scheme"),
    "path item": ("$ref",),
    "operation": ("security",),
    "parameter": (
        "$ref", "allowEmptyValue", "allowReserved", "explode", "in", "name", "required", "style",
    ),
    "request body": ("$ref", "required"),
    "response": ("$ref",),
    "media type": (),
    "schema": (),
}  # fmt: skip
"""The kinds of objects that validation reads, and what it reads in them beside other objects.

Of a schema it reads all but the annotations.
"""

_ANNOTATIONS = frozenset({
    "$comment", "contentEncoding", "contentMediaType", "contentSchema", "default", "deprecated",
    "description", "discriminator", "example", "examples", "externalDocs", "readOnly", "title",
    "writeOnly", "xml",
})  # fmt: skip

_SHAPES = ("$ref", "allOf", "anyOf", "oneOf", "type")
"""Of these one may take the place of another: an object becomes a choice."""

_BY_NAME = (Container.MAP, Container.PATTERNED)
"""Of these a definition may have thousands of members."""

_Parts: TypeAlias = "dict[str | int, tuple[Field | None, JSON]]"


def validation_differences(definition: JSON, other: JSON) -> list[str]:
    """Return the JSON pointers where validation sees a difference between two definitions.

    Only the outermost place of each difference is named. What the definitions share in memory, as
    two patched from the same one do, costs nothing.
    """
    return list(_differences(Field(Container.ONE, "document"), definition, other, ""))


def _differences(field: Field | None, one: JSON, other: JSON, place: str) -> Iterator[str]:
    if one is other:
        return
    if field is not None and field.container in _BY_NAME:
        one, other = _unshared(one, other), _unshared(other, one)
    parts, others = _parts(field, one), _parts(field, other)
    if parts is None or others is None:
        if not is_same(one, other):
            yield place
        return
    for key in parts | others:
        inside = place + pointer_to(key)
        if key in parts and key in others:
            yield from _differences(parts[key][0], parts[key][1], others[key][1], inside)
        else:
            yield inside
            if isinstance(key, int):
                return  # the rest of the longer list


def _unshared(value: JSON, other: JSON) -> JSON:
    """An object without the members that it shares in memory with another one."""
    if value is other:
        return {}
    if not isinstance(value, dict) or not isinstance(other, dict):
        return value
    return {key: one for key, one in value.items() if key not in other or one is not other[key]}


def _parts(field: Field | None, value: JSON) -> _Parts | None:
    """What validation reads inside a value, each with what it is; None of a plain value."""
    match field, value:
        case Field(Container.ONE, kind), dict():
            return {
                key: (fields(kind).get(key), member)
                for key, member in value.items()
                if _is_read(kind, key, member)
            }
        case (Field(Container.LIST) as holder, list()) | (
            Field(Container.MAP | Container.PATTERNED) as holder,
            dict(),
        ):
            inner = Field(Container.ONE, holder.kind)
            members = holder.members(value)
            return {key: (inner, member) for key, member in members if key is not None}
        case _:
            return None


def _is_read(kind: Kind, key: str, value: JSON) -> bool:
    if kind == "schema":
        is_name = key == "format" and isinstance(value, str) and value not in SEEN_FORMATS
        return not (key in _ANNOTATIONS or key.startswith("x-") or is_name)
    field = fields(kind).get(key)
    if field is None:
        return key in _PLAIN[kind]
    # A webhook is a request of the provider's, which nobody checks.
    return field.kind in _PLAIN and key != "webhooks"


def stricter_places(before: JSONObject, after: JSONObject) -> list[str]:
    """Return the JSON pointers of keywords with which ``after`` refuses what ``before`` accepted.

    That is said as far as single keywords tell. Only objects that both definitions have at the same
    place are compared: what is new cannot be stricter than nothing. What the definitions share in
    memory costs nothing.
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
    before = {node.pointer: node for node in _changed(old, new)}
    for node in _changed(new, old):
        if node.pointer in before:
            yield from _pairs(before[node.pointer], node)


def _changed(node: Node, other: Node) -> Iterator[Node]:
    """The objects directly inside a node, but for some that it shares in memory with another."""
    known = fields(node.kind)
    value = {
        key: _unshared(inner, other.value.get(key))
        if key in known and known[key].container in _BY_NAME
        else inner
        for key, inner in node.value.items()
    }
    return children(replace(node, value=value))


def _stricter_keywords(old: Node, new: Node) -> Iterator[str]:
    before, after = old.value, new.value
    if new.kind in ("parameter", "request body"):
        after = {key: value for key, value in after.items() if key == "required"}
    elif new.kind != "schema":
        return
    had_shape = any(shape in before for shape in _SHAPES)
    for keyword, value in after.items():
        is_other_shape = had_shape and keyword in _SHAPES and keyword not in before
        # What does not tell accuses nobody: an author would have to prove it.
        if not is_other_shape and is_stricter(keyword, before.get(keyword, ABSENT), value):
            yield keyword
