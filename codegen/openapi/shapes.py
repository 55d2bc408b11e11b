"""What a schema is once its references, compositions of one and null are looked through."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, cast

from codegen.files.values import ABSENT, JSON, JSONObject, is_same, lookup, pointer_to
from codegen.openapi.grammar import Container, fields
from codegen.openapi.references import follow, reference_pointer

if TYPE_CHECKING:
    from collections.abc import Iterator

OF_THE_USE = ("default", "deprecated", "readOnly", "writeOnly")
"""What is said of one use of a schema, wherever it is written."""
OF_READERS = ("title", "description", "example", "examples", "externalDocs", "xml", "$comment")
"""What a schema says to people only."""
_CHOICES = ("oneOf", "anyOf")
_NULL = ("null", ["null"])


class Shape(NamedTuple):
    """A schema as it is after everything that only leads to it."""

    pointer: str
    """Where it stands, which is what it is: two uses of one pointer are one schema."""
    value: JSONObject
    """What it says, without null. What compositions of one around it say to readers is its own."""
    beside: JSONObject
    """What is said beside the references to it: descriptions, defaults and the like."""
    use: str
    """Where it is used."""
    is_nullable: bool
    is_referred_to: bool
    """Whether a reference led to it."""


def is_annotation(keyword: str) -> bool:
    """Whether a keyword of a schema refuses no value."""
    return keyword in OF_THE_USE or keyword in OF_READERS or keyword.startswith("x-")


def shape_at(definition: JSONObject, pointer: str, value: JSONObject) -> Shape:
    """The schema that stands at a pointer, looked through.

    A reference that leads nowhere, or round in a circle, is a schema that says just that.
    """
    beside, own = dict[str, JSON](), dict[str, JSON]()
    use = pointer
    is_nullable = is_referred_to = False
    seen: set[str] = set()
    while (step := _step(definition, pointer, value)) is not None:
        keyword, inner, inside, adds_null = step
        if inner in seen:
            break
        seen.add(inner)
        own = {**{key: value[key] for key in value if is_annotation(key)}, **own}
        if keyword == "$ref":
            beside, own = {**own, **beside}, {}
            beside.pop("title", None)
            is_referred_to = True
        is_nullable |= adds_null
        pointer, value = inner, inside
    value, permits_null = _without_null({**value, **own} if own else value)
    return Shape(pointer, value, beside, use, is_nullable or permits_null, is_referred_to)


def _without_null(schema: JSONObject) -> tuple[JSONObject, bool]:
    """What a schema says of other values than null, and whether it permits null too."""
    kind, members = schema.get("type"), schema.get("enum")
    if "const" in schema or not (isinstance(kind, list) or isinstance(members, list)):
        return schema, False
    permits_null = kind is None or (isinstance(kind, list) and "null" in kind)
    if isinstance(kind, list) and kind:
        others = [one for one in kind if one != "null"] or ["null"]
        schema = {**schema, "type": others[0] if len(others) == 1 else [*others]}
    if isinstance(members, list):
        permits_null = permits_null and None in members
        if values := [member for member in members if member is not None]:
            return {**schema, "enum": values}, permits_null
        return schema, False
    return schema, permits_null and schema.get("type") != "null"


def _step(
    definition: JSONObject, pointer: str, value: JSONObject
) -> tuple[str, str, JSONObject, bool] | None:
    """What a schema is no more than a way to: keyword, pointer and value, and whether or null."""
    asserting = {key for key in value if not is_annotation(key)}
    reference = value.get("$ref")
    if isinstance(reference, str):
        try:
            target_pointer = reference_pointer(reference)
            target = lookup(definition, target_pointer)
        except KeyError:
            return None
        if not isinstance(target, dict):
            return None
        if asserting == {"$ref"}:
            return "$ref", target_pointer, target, False
        return None
    for keyword in ("allOf", *_CHOICES):
        members = value.get(keyword)
        if not isinstance(members, list) or keyword not in asserting:
            continue
        others = [n for n, member in enumerate(members) if not _is_null(definition, member)]
        if len(members) == 1:
            others = [0]
        adds_null = len(others) < len(members)
        if len(others) != 1 or (adds_null and keyword == "allOf"):
            return None
        inner = members[others[0]]
        if not isinstance(inner, dict) or (adds_null and _permits_anything(inner)):
            return None
        place = pointer + pointer_to(keyword, others[0])
        if asserting - {keyword} and not _repeats(definition, place, inner, value, asserting):
            return None
        return keyword, place, inner, adds_null
    return None


def _is_null(definition: JSONObject, member: JSON) -> bool:
    try:
        return isinstance(member, dict) and follow(definition, member)[1].get("type") in _NULL
    except KeyError:
        return False


def _permits_anything(schema: JSONObject) -> bool:
    return all(is_annotation(key) for key in schema)


def _repeats(
    definition: JSONObject, place: str, inner: JSONObject, value: JSONObject, asserting: set[str]
) -> bool:
    """Whether what stands beside a composition of one only repeats the type of that one."""
    if len(asserting) != 2 or "type" not in asserting:  # noqa: PLR2004 - the composition, the type
        return False
    shape = shape_at(definition, place, inner)
    only, permits_null = _without_null({"type": value["type"]})
    is_one = is_same(shape.value.get("type", ABSENT), only["type"])
    return is_one and not (shape.is_nullable or permits_null)


def differences(
    one: tuple[JSONObject, Shape], other: tuple[JSONObject, Shape]
) -> Iterator[tuple[str, str]]:
    """The places, in either, where two schemas of two definitions do not admit the same values.

    What is said to readers counts as nothing, and so does where a part is written: in place, or
    elsewhere with a reference to it.
    """
    (first, one_shape), (second, other_shape) = one, other
    waiting, seen = [(one_shape, other_shape)], set[tuple[str, str, bool]]()
    while waiting:
        left, right = waiting.pop()
        key = left.pointer, right.pointer, left.is_nullable == right.is_nullable
        if key in seen:
            continue
        seen.add(key)
        places = left.pointer, right.pointer
        if left.is_nullable is not right.is_nullable:
            yield places
            continue
        for keyword in sorted({*left.value, *right.value}):
            if is_annotation(keyword) or keyword in ("$defs", "discriminator"):
                continue
            values = left.value.get(keyword, ABSENT), right.value.get(keyword, ABSENT)
            pairs = _pairs(keyword, *values)
            if pairs is None:
                if not is_same(*(_as_set(keyword, value) for value in values)):
                    yield tuple(place + pointer_to(keyword) for place in places)  # type: ignore[misc]
                continue
            for tokens, a, b in pairs:
                pointers = [place + pointer_to(keyword, *tokens) for place in places]
                if isinstance(a, dict) and isinstance(b, dict):
                    waiting.append(
                        (shape_at(first, pointers[0], a), shape_at(second, pointers[1], b))
                    )
                elif not is_same(a, b):
                    yield pointers[0], pointers[1]


def _as_set(keyword: str, value: JSON) -> JSON:
    """A list whose order means nothing in one order; what says nothing as nothing."""
    if value == []:
        return ABSENT
    if keyword in ("required", "enum", "type") and isinstance(value, list):
        return cast("list[JSON]", sorted({repr(item): item for item in value}.items()))  # type: ignore[arg-type]
    return value


def _pairs(
    keyword: str, one: JSON, other: JSON
) -> list[tuple[tuple[str | int, ...], JSON, JSON]] | None:
    """The schemas inside a keyword of two schemas; None if there are none, or not the same ones."""
    field = fields("schema").get(keyword)
    if field is None or one is ABSENT or other is ABSENT:
        return None
    sides = [dict(field.members(value)) for value in (one, other)]
    if sides[0].keys() != sides[1].keys():
        return None
    return (
        [(() if key is None else (key,), member, sides[1][key]) for key, member in sides[0].items()]
        if field.container is not Container.ONE or None in sides[0]
        else None
    )
