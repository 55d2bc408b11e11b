"""What else two definitions say otherwise, of which no other rule has told anything.

A definition has more places in which requests, answers and their values are described than the
rules know. What none of them knows is told as what it is: something else is accepted or sent.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias, cast

from codegen.compare.comparison import Severity
from codegen.compare.pairs import Pair, Place, matched, written
from codegen.compare.schemas import limit_change
from codegen.compare.surface import (
    Answer,
    Argument,
    Body,
    Direction,
    Field,
    Model,
    OfferedClass,
    Operation,
    Part,
)
from codegen.files.values import (
    ABSENT,
    Absent,
    canonical,
    copy_of,
    is_same,
    pointer_to,
    pointer_tokens,
)
from codegen.openapi.grammar import Container, fields, root, walk
from codegen.openapi.media_types import is_readable
from codegen.openapi.references import object_at, target_of
from codegen.openapi.shapes import is_annotation

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Iterator

    from codegen.compare.comparison import Change
    from codegen.compare.pairs import Pairing
    from codegen.files.values import JSON, JSONObject
    from codegen.openapi.grammar import Kind

_SORTS: tuple[tuple[type[Part], Kind], ...] = (
    (Operation, "operation"),
    (Argument, "parameter"),
    (Body, "request body"),
    (Answer, "response"),
    (OfferedClass, "schema"),
    (Field, "schema"),
)
"""What in a definition a part of a package is made of."""
_JUDGED: dict[Kind, frozenset[str]] = {
    "document": frozenset(
        ["openapi", "info", "servers", "security", "tags", "paths", "components"]
    ),
    "operation": frozenset({"operationId", "servers", "security", "summary", "tags"}),
    "path item": frozenset({"servers", "summary"}),
    "parameter": frozenset({"allowReserved", "explode", "required", "style"}),
    "request body": frozenset({"required"}),
    "schema": frozenset({"discriminator"}),
}
"""The members that other rules judge, or that only readers see."""
_SETS = frozenset({"enum", "required", "type"})
_OPEN = frozenset({"additionalProperties", "items", "unevaluatedItems", "unevaluatedProperties"})
"""The keywords that mean nothing where anything fits."""

_Value: TypeAlias = "JSON | Absent"
_Member: TypeAlias = "tuple[str | int | None, JSON]"


@dataclass(frozen=True)
class _Thing:
    """An object of two definitions, and the part of the package of which it says something."""

    kind: Kind
    old: str
    new: str
    place: Place
    direction: Direction = Direction.NEITHER
    attributes: frozenset[str] = frozenset()
    """The members of which it is known whether they are required."""

    @property
    def ends(self) -> tuple[str, str]:
        """Where it stands in both."""
        return self.old, self.new


@dataclass(frozen=True)
class _Difference:
    thing: _Thing
    keyword: str
    pointer: str
    old: _Value
    new: _Value


def other_changes(pairing: Pairing, known: Iterable[Change]) -> Iterator[Change]:
    """The differences at whose place nothing but documentation is known to have changed."""
    told = {change.pointer for change in known if change.severity is not Severity.DOCS}
    above = {around for pointer in told for around in _around(pointer)}
    wide = {
        part.pointer
        for part in _parts_of_both(pairing)
        if isinstance(part, Operation | OfferedClass)
    }
    for one in _differences(pairing):
        # That something is called otherwise says nothing of all that is in it.
        is_told = one.pointer in above or not told.isdisjoint({*_around(one.pointer)} - wide)
        if is_told or (one.thing.kind == "schema" and one.thing.new in told):
            continue
        if one.thing.kind == "schema":
            yield from limit_change(
                one.thing.place, one.thing.direction, one.keyword, one.old, one.new, one.pointer
            )
        else:
            before, after = (
                "" if end is ABSENT else written({one.keyword: end}) for end in (one.old, one.new)
            )
            yield one.thing.place.change(
                "exchange-changed",
                old=before,
                new=after,
                pointer=one.pointer,
                keyword=one.keyword,
            )


def _around(pointer: str) -> Iterator[str]:
    """A place, and each around it but the whole."""
    while pointer:
        yield pointer
        pointer = pointer.rpartition("/")[0]


def _parts_of_both(pairing: Pairing) -> Iterator[Part]:
    for side in (pairing.old, pairing.new):
        waiting: list[Part] = [*side.surface.parts]
        while waiting:
            part = waiting.pop()
            yield part
            waiting += part.parts


def _differences(pairing: Pairing) -> Iterator[_Difference]:  # noqa: C901 - one loop
    """All that is said otherwise, each once, the texts for readers aside."""
    known = {part.pointer for part in _parts_of_both(pairing)}
    old, new = _with_new_names(pairing), pairing.new.definition
    starts: dict[tuple[str, str], _Thing] = {}
    for thing in _starts(pairing):
        starts.setdefault(thing.ends, thing)
    waiting, seen = list(reversed(starts.values())), set[tuple[str, str]]()
    while waiting:
        thing = waiting.pop()
        if thing.ends in seen:
            continue
        seen.add(thing.ends)
        one, other = object_at(old, thing.old), object_at(new, thing.new)
        for keyword in dict.fromkeys([*one, *other]):
            if is_annotation(keyword) or keyword in _JUDGED.get(thing.kind, ()):
                continue
            if keyword == "parameters" and isinstance(thing.place, Pair):
                continue  # each is a part of the package
            if keyword == "schema" and _is_left_as_bytes(thing):
                continue
            before, after = (_meant(thing, keyword, end) for end in (one, other))
            if is_same(before, after):
                continue
            for found in _inside(thing, keyword, before, after):
                if isinstance(found, _Thing):
                    waiting.append(starts.get(found.ends, found))
                elif found.pointer not in known or not (found.old is ABSENT or found.new is ABSENT):
                    yield found  # that a part of the package has come or gone is told


def _is_left_as_bytes(thing: _Thing) -> bool:
    """Whether nobody looks into the bodies that a media type of an answer describes."""
    is_answer = isinstance(thing.place, Pair) and thing.place.is_of(Answer)
    media_type = pointer_tokens(thing.new)[-1] if thing.kind == "media type" else ""
    return is_answer and bool(media_type) and not is_readable(media_type)


def _starts(pairing: Pairing) -> Iterator[_Thing]:
    """Where the parts of both packages stand, the components of no class, and the definition."""
    package = pairing.package
    for pair in package.walk(Part):
        for sort, kind in _SORTS:
            if pair.is_of(sort):
                yield _Thing(kind, *_ends(pair), pair, pair.direction, _attributes(pair))
    classes = {pointer for pair in package.both(OfferedClass) for pointer in _ends(pair)}
    sections = (
        object_at(side.definition, "/components/schemas") for side in (pairing.old, pairing.new)
    )
    for key in dict.fromkeys(key for section in sections for key in section):
        pointer = pointer_to("components", "schemas", key)
        if pointer not in classes and all(
            object_at(side.definition, pointer) for side in (pairing.old, pairing.new)
        ):
            place = Place(prose=f"`{key}`", python_name=package.python_name, pointer=pointer)
            yield _Thing("schema", pointer, pointer, place, Direction.SENT)
    whole = Place(prose="the definition", python_name=package.python_name, pointer="")
    yield _Thing("document", "", "", whole)


def _ends(pair: Pair[Part]) -> tuple[str, str]:
    return pair.old.pointer, pair.new.pointer


def _attributes(pair: Pair[Part]) -> frozenset[str]:
    ends = (pair.old, pair.new) if pair.is_of(Model) else ()
    return frozenset(field.wire_name for end in ends for field in end.of(Field))


def _with_new_names(pairing: Pairing) -> JSONObject:
    """The old definition, in which references lead to classes by their new names."""
    moved = dict(map(_ends, pairing.package.both(OfferedClass)))
    definition = copy_of(pairing.old.definition)
    for node in walk(root(definition)):
        target = target_of(node.value) if node.kind == "schema" else None
        if target in moved:
            node.value["$ref"] = f"#{moved[target]}"
    return definition


def _meant(thing: _Thing, keyword: str, holder: JSONObject) -> _Value:
    """The value of a member; absent where it says no more than its absence would."""
    value = holder.get(keyword, ABSENT)
    if thing.kind != "schema":
        return value
    if value is True and keyword != "uniqueItems":
        value = {}
    if keyword in _OPEN and value == {}:
        return ABSENT
    if keyword in _SETS:
        members = value if isinstance(value, list) else [] if value is ABSENT else [value]
        if keyword == "required":
            members = [member for member in members if member not in thing.attributes]
        return sorted(members, key=canonical) or ABSENT
    return value


def _inside(
    thing: _Thing, keyword: str, one: _Value, other: _Value
) -> Iterator[_Thing | _Difference]:
    """What stands in a member in both, to be looked at by itself, and what only one of them has."""
    tail = pointer_to(keyword)
    members = fields(thing.kind)
    field = members.get(keyword)
    if "" in members and isinstance(one, dict) and isinstance(other, dict):
        yield _within(thing, members[""].kind, tail, tail)
        return
    if field is None or one is ABSENT or other is ABSENT:
        yield _Difference(thing, keyword, f"{thing.new}{tail}", one, other)
        return
    olds, news = ([*field.members(end)] for end in (one, other))
    is_set = field.container is Container.LIST and keyword != "prefixItems"
    keys: list[Callable[[_Member], Hashable]] = [_text, _key] if is_set else [_key]
    for before, after in matched(olds, news, keys):
        if before is None or after is None:
            around, lone = (thing.new, after) if before is None else (thing.old, before)
            key, value = cast("_Member", lone)
            ends = (ABSENT, value) if before is None else (value, ABSENT)
            yield _Difference(thing, keyword, f"{around}{tail}{_token(key)}", *ends)
            continue
        tails = tail + _token(before[0]), tail + _token(after[0])
        value, another = ({} if member[1] is True else member[1] for member in (before, after))
        if isinstance(value, dict) and isinstance(another, dict):
            known = thing.attributes if keyword == "allOf" else frozenset[str]()
            yield _within(thing, field.kind, *tails, known)
        elif not is_same(value, another):
            yield _Difference(thing, keyword, thing.new + tails[1], value, another)


def _key(member: _Member) -> Hashable:
    return (member[0],)  # None is one as well


def _text(member: _Member) -> Hashable:
    return canonical(member[1])


def _token(key: str | int | None) -> str:
    return "" if key is None else pointer_to(key)


def _within(
    thing: _Thing, kind: Kind, old: str, new: str, attributes: frozenset[str] = frozenset()
) -> _Thing:
    place = thing.place
    if not thing.old and not thing.new:
        place = Place(prose=f"`{new}`", python_name=place.python_name, pointer=new)
    return _Thing(kind, thing.old + old, thing.new + new, place, thing.direction, attributes)
