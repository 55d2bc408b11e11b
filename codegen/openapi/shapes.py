"""What a schema is once its references, compositions of one and null are looked through."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from codegen.files.values import (
    ABSENT,
    JSON,
    Absent,
    JSONObject,
    canonical,
    copy_of,
    is_same,
    pointer_to,
)
from codegen.openapi.grammar import Node, children, fields, root, walk
from codegen.openapi.references import (
    EMPTY,
    follow,
    list_at,
    object_at,
    reference_to,
    resolved,
    target_of,
)
from codegen.openapi.strictness import ASSERTIONS

if TYPE_CHECKING:
    from collections.abc import Iterator

OF_THE_USE = ("default", "deprecated", "readOnly", "writeOnly")
"""What is said of one use of a schema, wherever it is written."""
OF_READERS = ("title", "description", "example", "examples", "externalDocs", "xml", "$comment")
"""What a schema says to people only."""
_SAYS_MORE = frozenset(
    {*ASSERTIONS, *fields("schema"), "contentEncoding", "contentMediaType", "discriminator"}
) - {"$defs"}
"""The keywords that make a schema more than a way to another; what nobody knows is none."""
_CHOICES = ("oneOf", "anyOf")
_LEADS_ON = frozenset({"$ref", "allOf", *_CHOICES})
"""The keywords without one of which a schema is no way to another."""
_NULL = ("null", ["null"])


class Shape(NamedTuple):
    """A schema as it is after everything that only leads to it."""

    pointer: str
    """Where it stands, which is what it is: two uses of one pointer are one schema."""
    value: JSONObject
    """What it says, without null. What compositions of one around it say to readers is its own."""
    beside: JSONObject
    """What is said beside the references to it: titles, descriptions, defaults and the like."""
    use: str
    """Where it is used."""
    is_nullable: bool
    is_referred_to: bool
    """Whether a reference led to it."""


def is_annotation(keyword: str) -> bool:
    """Whether a keyword of a schema refuses no value."""
    return keyword in OF_THE_USE or keyword in OF_READERS or keyword.startswith("x-")


def shape_at(
    definition: JSONObject, pointer: str, value: JSONObject, passed: frozenset[str] = frozenset()
) -> Shape:
    """The schema that stands at a pointer, looked through.

    A reference that leads nowhere is a schema that says just that; a circle of schemas that say no
    more than each other says nothing. ``passed`` are the schemas from which this one is asked for.
    """
    beside, own, kind = dict[str, JSON](), dict[str, JSON](), dict[str, JSON]()
    use = pointer
    is_nullable = is_referred_to = False
    value = _composed(definition, value)
    seen: set[str] = set()
    while (step := _step(definition, pointer, value, passed)) is not None:
        if step.pointer in seen:
            # Its type is one that another schema of the circle may have said alone.
            value = {**kind, **{key: one for key, one in value.items() if key != step.keyword}}
            break
        seen.add(step.pointer)
        kind = {"type": value["type"]} if "type" in value else kind
        own = {**_annotations(value), **own}
        if step.keyword == "$ref":
            beside, own = {**own, **beside}, {}
            is_referred_to = True
        is_nullable |= step.adds_null
        pointer, value = step.pointer, _composed(definition, step.value)
    value = _united(definition, {**value, **own} if own else value)
    value, permits_null = _without_null(value)
    # What permits anything permits null too.
    is_nullable = (is_nullable or permits_null) and not value.keys().isdisjoint(_SAYS_MORE)
    return Shape(pointer, value, beside, use, is_nullable, is_referred_to)


def with_direct_references(definition: JSONObject) -> JSONObject:
    """A definition whose schemas refer to components directly.

    That is by no other reference and by no composition of one, which mean the same. Members of
    choices stay, which may be chosen by the names in their references.
    """
    made = copy_of(definition)
    schemas = [node for node in walk(root(made)) if node.kind == "schema"]
    for node in schemas:
        reference = None if isinstance(node.parent, list) else _led_to(definition, node.value)
        if reference is not None:
            node.replace(reference)
    return made


def _led_to(definition: JSONObject, value: JSONObject) -> JSONObject | None:
    """The reference that a schema is no more than; None if it says more itself."""
    target: str | None = None
    told: JSONObject = {}
    seen: set[int] = set()
    while id(value) not in seen:
        seen.add(id(value))
        asserting = [key for key in value if not is_annotation(key)]
        members = value.get(asserting[0]) if asserting else None
        match asserting, members:
            case ["$ref"], str() if inner := object_at(definition, target_of(value) or ""):
                target, value, told = target_of(value), inner, {**_annotations(value), **told}
            case ["allOf" | "anyOf" | "oneOf"], [dict() as inner]:
                value, told = inner, {**_annotations(value), **told}
            case _:
                break
    return None if target is None else {"$ref": reference_to(target), **told}


def _annotations(value: JSONObject) -> JSONObject:
    return {key: value[key] for key in value if is_annotation(key)}


def _composed(definition: JSONObject, schema: JSONObject) -> JSONObject:
    """A schema whose reference is part of an ``allOf`` if it says more, which means the same.

    So nobody who looks into a schema has to follow its reference besides.
    """
    members = schema.get("allOf")
    for member in members if isinstance(members, list) else ():
        if isinstance(member, dict) and _says_nothing(definition, member):
            schema = {**_annotations(member), **schema}  # which speak to readers of all of it
    if "$ref" not in schema:
        return schema
    others = {key: inner for key, inner in schema.items() if key != "$ref"}
    if others.keys().isdisjoint(_SAYS_MORE):
        return schema
    target = target_of(schema)
    if target is None or object_at(definition, target) is EMPTY:
        return schema
    return {**others, "allOf": [*list_at(others, "/allOf"), {"$ref": schema["$ref"]}]}


_OF_OBJECTS = frozenset({
    "additionalProperties", "dependentRequired", "dependentSchemas", "patternProperties",
    "properties", "unevaluatedProperties",
})  # fmt: skip


def _united(definition: JSONObject, schema: JSONObject) -> JSONObject:
    """A composition of anything but objects as the one schema that it means.

    Where two of its parts say a keyword differently, the later one's stays in ``allOf``.
    """
    if not isinstance(schema.get("allOf"), list):
        return schema
    parts = _parts_of_value(definition, schema, frozenset())
    if parts is None:
        return schema
    made: JSONObject = {}
    rest: list[JSON] = []
    for part in parts:
        left: JSONObject = {}
        for key, value in part.items():
            one = made.setdefault(key, value)
            if key == "type" and (types := _types_in_both(one, value)):
                made[key] = types[0] if len(types) == 1 else types
            elif key == "enum" and (values := _values_in_both(one, value)):
                made[key] = values
            elif not is_same(one, value) and not is_annotation(key):
                left[key] = value
        rest += [left] if left else []
    return {**made, "allOf": rest} if rest else made


def _types_in_both(one: JSON, other: JSON) -> list[JSON]:
    """The types of values that are of one of each, of which an integer is a number."""
    first, second = (
        [str(each) for each in (kind if isinstance(kind, list) else [kind])]
        for kind in (one, other)
    )
    integers = ["integer"] if "number" in first and "number" not in second else []
    wanted = {*second, *(["integer"] if "number" in second else [])}
    return [kind for kind in dict.fromkeys([*first, *integers]) if kind in wanted]


def _values_in_both(one: JSON, other: JSON) -> list[JSON]:
    first, second = (values if isinstance(values, list) else [values] for values in (one, other))
    known = {canonical(value) for value in second}
    return [value for value in first if canonical(value) in known]


def _parts_of_value(
    definition: JSONObject, schema: JSON, passed: frozenset[int], pointer: str = ""
) -> list[JSONObject] | None:
    """What a schema says of a value, part by part; None if that may be an object.

    ``pointer`` is where it stands, if a reference led there: what is inside it is referred to then,
    lest it stand, with the classes in it, in every composition again, and without end in its own.
    """
    if not isinstance(schema, dict):
        return [] if schema is True else None
    try:
        pointer, value = follow(definition, schema, pointer)
    except KeyError:
        return None
    if id(value) in passed:
        return []  # what a schema says of itself is said
    if value.get("type") == "object" or not _OF_OBJECTS.isdisjoint(value):
        return None
    beside = {key: one for key, one in schema.items() if key != "$ref"} if "$ref" in schema else {}
    parts = [beside, _referring(value, pointer) if pointer else {**value}]
    parts[1].pop("allOf", None)
    for index, member in enumerate(list_at(value, "/allOf")):
        place = pointer and pointer + pointer_to("allOf", index)
        inner = _parts_of_value(definition, member, passed | {id(value)}, place)
        if inner is None:
            return None
        parts += inner
    return parts


def _referring(schema: JSONObject, pointer: str) -> JSONObject:
    """A schema with references in the place of those inside it."""
    made = copy_of(schema)
    for inner in children(Node("schema", pointer, made, {}, "")):
        inner.replace({"$ref": reference_to(inner.pointer)})
    return made


def _without_null(schema: JSONObject) -> tuple[JSONObject, bool]:
    """What a schema says of other values than null, and whether it permits null too."""
    kind, members = schema.get("type"), schema.get("enum")
    if "const" in schema or not (isinstance(kind, list) or isinstance(members, list)):
        return schema, False
    permits_null = kind is None or (isinstance(kind, list) and "null" in kind)
    if isinstance(kind, list) and kind:
        others: list[JSON] = [one for one in kind if one != "null"] or ["null"]
        schema = {**schema, "type": others[0] if len(others) == 1 else [*others]}
    if isinstance(members, list):
        permits_null = permits_null and None in members
        values: list[JSON] = [member for member in members if member is not None]
        if values:
            return {**schema, "enum": values}, permits_null
        return schema, False
    return schema, permits_null and schema.get("type") != "null"


class _Step(NamedTuple):
    """What a schema is no more than a way to."""

    keyword: str
    pointer: str
    value: JSONObject
    adds_null: bool


def _step(
    definition: JSONObject, pointer: str, value: JSONObject, passed: frozenset[str]
) -> _Step | None:
    if value.keys().isdisjoint(_LEADS_ON):
        return None
    asserting = value.keys() & _SAYS_MORE
    if asserting == {"$ref"}:
        target = target_of(value)
        if target is None or (inner := object_at(definition, target)) is EMPTY:
            return None
        return _Step("$ref", target, inner, adds_null=False)
    found = [key for key in ("allOf", *_CHOICES) if key in asserting]
    step = _only_member(definition, pointer, value, found[0]) if found else None
    if step is None or "$ref" in asserting:
        return None
    others = asserting - {step.keyword}
    if others and not (others == {"type"} and _repeats(definition, step, value["type"], passed)):
        return None
    return step


def _only_member(
    definition: JSONObject, pointer: str, value: JSONObject, keyword: str
) -> _Step | None:
    """The one schema, null aside, that a schema is composed of or chooses from."""
    members = value[keyword]
    if not isinstance(members, list) or not members:
        return None
    is_aside = _says_nothing if keyword == "allOf" else _is_null
    others = [n for n, member in enumerate(members) if not is_aside(definition, member)]
    if len(members) == 1:
        others = [0]
    adds_null = keyword != "allOf" and len(others) < len(members)
    inner = members[others[0]] if len(others) == 1 else None
    inner = {} if inner is True else inner
    if not isinstance(inner, dict):
        return None
    return _Step(keyword, pointer + pointer_to(keyword, others[0]), inner, adds_null)


def _says_nothing(
    definition: JSONObject, member: JSON, passed: frozenset[int] = frozenset()
) -> bool:
    """Whether a part of a composition says nothing of values, by whatever references."""
    if not isinstance(member, dict):
        return member is True
    value = resolved(definition, member)
    if value is EMPTY:  # of what is lost nobody knows
        return False
    said, members = value.keys() & _SAYS_MORE, value.get("allOf")
    if said != {"allOf"} or not isinstance(members, list):
        return not said
    inner = passed | {id(value)}
    return id(value) not in passed and all(_says_nothing(definition, m, inner) for m in members)


def _is_null(definition: JSONObject, member: JSON, passed: frozenset[int] = frozenset()) -> bool:
    """Whether a schema permits null alone, by whatever references and compositions."""
    value = resolved(definition, member)
    if value.get("type") in _NULL:
        return True
    inner = next((value[key] for key in ("allOf", *_CHOICES) if value.get(key)), None)
    if not isinstance(inner, list) or id(value) in passed:
        return False
    return all(_is_null(definition, one, passed | {id(value)}) for one in inner)


def _repeats(definition: JSONObject, step: _Step, kind: JSON, passed: frozenset[str]) -> bool:
    """Whether the type that stands beside a composition of one is that one's own."""
    if step.pointer in passed:
        return False
    shape = shape_at(definition, step.pointer, step.value, passed | {step.pointer})
    only, permits_null = _without_null({"type": kind})
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
        if left.is_nullable is not right.is_nullable:
            yield left.pointer, right.pointer
            continue
        if first is second and left.value == right.value and is_same(left.value, right.value):
            continue  # a copy, which is seen in no time
        for place, a, b in _parts(left, right):
            here, there = left.pointer + place, right.pointer + place
            if isinstance(a, dict) and isinstance(b, dict):
                waiting.append((shape_at(first, here, a), shape_at(second, there, b)))
            elif not is_same(a, b):
                yield here, there


def _parts(one: Shape, other: Shape) -> Iterator[tuple[str, JSON | Absent, JSON | Absent]]:
    """What two schemas say, keyword by keyword; of schemas inside them, each with its like."""
    for keyword in sorted({*one.value, *other.value}):
        if is_annotation(keyword) or keyword in ("$defs", "discriminator"):
            continue
        field, place = fields("schema").get(keyword), pointer_to(keyword)
        values = [side.value.get(keyword, ABSENT) for side in (one, other)]
        mine, others = (
            {} if field is None or isinstance(value, Absent) else dict(field.members(value))
            for value in values
        )
        if not mine or mine.keys() != others.keys():
            left, right = (_as_text(keyword, value) for value in values)
            yield place, left, right
            continue
        for key, member in mine.items():
            inside = "" if key is None else pointer_to(key)
            yield place + inside, _as_object(member), _as_object(others[key])


def _as_object(schema: JSON) -> JSON:
    """A schema that admits all values as OpenAPI 3.0 has it too."""
    return {} if schema is True else schema


def _as_text(keyword: str, value: JSON | Absent) -> str | Absent:
    """What is compared as a whole: a list whose order means nothing in one order, none if empty."""
    if isinstance(value, Absent) or value == []:
        return ABSENT
    if keyword in ("required", "enum", "type") and isinstance(value, list):
        value = [*sorted({canonical(item).decode() for item in value})]
    return canonical(value).decode()
