"""Where two definitions differ for whoever checks requests and responses against them.

Names, descriptions, examples, defaults, servers and the like are for readers and generators; what
differs in nothing but those accepts the same. Who may ask belongs to a request, and so does what a
client makes of a body that is not JSON.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from codegen.files.values import ABSENT, JSON, Absent, JSONObject, is_same, pointer_to
from codegen.openapi.grammar import Field, Kind, Node, fields, root
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


def validation_differences(definition: JSONObject, other: JSONObject) -> list[str]:
    """Return the JSON pointers where validation sees a difference between two definitions.

    Only the outermost place of each difference is named. What the definitions share in memory, as
    two patched from the same one do, costs nothing.
    """
    return [found.place for found in _differences(root(definition), root(other))]


def stricter_places(before: JSONObject, after: JSONObject) -> list[str]:
    """Return the JSON pointers of keywords with which ``after`` refuses what ``before`` accepted.

    That is said as far as single keywords tell. Only objects that both definitions have at the same
    place are compared: what is new cannot be stricter than nothing. What the definitions share in
    memory costs nothing.
    """
    found = [one for one in _differences(root(before), root(after)) if one.is_stricter]
    return list(dict.fromkeys(one.new.pointer + pointer_to(one.keyword) for one in found))


class _Difference(NamedTuple):
    """What a keyword says otherwise in two objects, or holds that is no object in both."""

    old: Node
    new: Node
    keyword: str
    place: str

    @property
    def is_stricter(self) -> bool:
        """Whether the keyword refuses more than before; what does not tell accuses nobody.

        Else an author would have to prove it.
        """
        keyword, before, after = self.keyword, self.old.value, self.new.value
        tells = self.new.kind == "schema" or keyword == "required"
        if keyword not in after or not tells:
            return False
        had_shape = any(shape in before for shape in _SHAPES)
        is_other_shape = had_shape and keyword in _SHAPES and keyword not in before
        was = before.get(keyword, ABSENT)
        return not is_other_shape and is_stricter(keyword, was, after[keyword]) is True


def _differences(old: Node, new: Node) -> Iterator[_Difference]:
    """What validation reads in two objects and is not the same, those inside them last."""
    inner: list[tuple[Node, Node]] = []
    for keyword in {**old.value, **new.value}:
        one, other = (node.value.get(keyword, ABSENT) for node in (old, new))
        if one is other or not any(_is_read(old.kind, keyword, value) for value in (one, other)):
            continue
        place, field = old.pointer + pointer_to(keyword), fields(old.kind).get(keyword)
        if field is None or isinstance(one, Absent) or isinstance(other, Absent):
            if not is_same(one, other):
                yield _Difference(old, new, keyword, place)
            continue
        for key, a, b in _unshared(field, one, other):
            inside = place if key is None else place + pointer_to(key)
            if isinstance(a, dict) and isinstance(b, dict):
                node = old._replace(kind=field.kind, pointer=inside, value=a)
                inner.append((node, node._replace(value=b)))
            elif not is_same(a, b):
                yield _Difference(old, new, keyword, inside)
    for pair in inner:
        yield from _differences(*pair)


def _unshared(
    field: Field, one: JSON, other: JSON
) -> Iterator[tuple[str | int | None, JSON | Absent, JSON | Absent]]:
    """What a field holds in two definitions, by key, but for what these share in memory."""
    before, after = (dict(field.members(value)) for value in (one, other))
    for key in before | after:
        a, b = before.get(key, ABSENT), after.get(key, ABSENT)
        if a is not b:
            yield key, a, b


def _is_read(kind: Kind, keyword: str, value: JSON | Absent) -> bool:
    """Whether validation reads a keyword of an object, with this value if it is there."""
    if kind == "schema":
        is_name = keyword == "format" and isinstance(value, str) and value not in SEEN_FORMATS
        return not (value is ABSENT or is_annotation(keyword) or keyword in _OF_CLIENTS or is_name)
    field = fields(kind).get(keyword)
    return keyword in _PLAIN[kind] if field is None else field.kind in _PLAIN
