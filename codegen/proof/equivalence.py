"""Where two definitions differ for whoever checks requests and responses against them.

Names, descriptions, examples, defaults, servers and the like are for readers and generators; what
differs in nothing but those accepts the same. Who may ask belongs to a request, and so does what a
client makes of a body that is not JSON.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias

from codegen.files.values import ABSENT, JSON, Absent, JSONObject, is_same, pointer_to
from codegen.openapi.grammar import Container, Field, Kind, Node, fields, root
from codegen.openapi.shapes import is_annotation
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

_OF_CLIENTS = ("contentEncoding", "contentMediaType", "contentSchema", "discriminator")
"""What a schema says to readers of values, besides what it says to people."""

_SHAPES = ("$ref", "allOf", "anyOf", "oneOf", "type")
"""Of these one may take the place of another: an object becomes a choice."""


_Members: TypeAlias = "dict[tuple[str | int, ...], JSON]"


def validation_differences(definition: JSONObject, other: JSONObject) -> list[str]:
    """Return the JSON pointers where validation sees a difference between two definitions.

    Only the outermost place of each difference is named. What the definitions share in memory, as
    two patched from the same one do, costs nothing.
    """
    pairs = _pairs(root(definition), root(other))
    return [place for old, new in pairs for place in _differing(old, new)]


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
    """The objects that validation reads at the same places of both, outer ones first."""
    yield old, new
    for keyword, field in fields(old.kind).items():
        if keyword not in old.value or not _is_read(old.kind, keyword):
            continue
        before, after = _unshared(field, old.value[keyword], new.value.get(keyword))
        for inside, one in before.items():
            other = after.get(inside)
            if one is not other and isinstance(one, dict) and isinstance(other, dict):
                pointer = old.pointer + pointer_to(keyword, *inside)
                yield from _pairs(
                    *(Node(field.kind, pointer, each, {}, "") for each in (one, other))
                )


def _differing(old: Node, new: Node) -> Iterator[str]:
    """Where two objects differ themselves, with what they hold and is no object in both."""
    for keyword in {**old.value, **new.value}:
        one, other = (node.value.get(keyword, ABSENT) for node in (old, new))
        values = [value for value in (one, other) if not isinstance(value, Absent)]
        if not any(_is_read(old.kind, keyword, value) for value in values):
            continue
        place = old.pointer + pointer_to(keyword)
        field = fields(old.kind).get(keyword)
        if field is None or isinstance(one, Absent) or isinstance(other, Absent):
            if not is_same(one, other):
                yield place
            continue
        before, after = _unshared(field, one, other)
        for inside in before | after:
            a, b = before.get(inside, ABSENT), after.get(inside, ABSENT)
            if not (isinstance(a, dict) and isinstance(b, dict)) and not is_same(a, b):
                yield place + pointer_to(*inside)
                if field.container is Container.LIST and ABSENT in (a, b):
                    break  # the rest of the longer list


def _unshared(field: Field, one: JSON, other: JSON) -> tuple[_Members, _Members]:
    """What a field holds in two definitions, by the way there, but for what these share in memory.

    Of names that a definition chose there may be thousands, of which one trial changes few.
    """
    if one is other:
        return {}, {}
    if field.container is not Container.ONE and isinstance(one, dict) and isinstance(other, dict):
        one, other = (
            {key: value for key, value in this.items() if that.get(key, ABSENT) is not value}
            for this, that in ((one, other), (other, one))
        )
    sides: list[_Members] = [
        {(() if key is None else (key,)): member for key, member in field.members(value)}
        for value in (one, other)
    ]
    return sides[0], sides[1]


def _is_read(kind: Kind, keyword: str, value: JSON = None) -> bool:
    """Whether validation reads a keyword of an object, with this value."""
    if kind == "schema":
        is_name = keyword == "format" and isinstance(value, str) and value not in SEEN_FORMATS
        return not (is_annotation(keyword) or keyword in _OF_CLIENTS or is_name)
    field = fields(kind).get(keyword)
    return keyword in _PLAIN[kind] if field is None else field.kind in _PLAIN


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
