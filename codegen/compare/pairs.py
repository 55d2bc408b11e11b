"""Which part of one package is which of the other, whatever it is called: found once, for all."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast

from codegen.compare import surface
from codegen.compare.comparison import Change
from codegen.compare.kinds import KINDS
from codegen.compare.python_type import names_in, with_names
from codegen.compare.surface import (
    Argument,
    Client,
    Field,
    Member,
    OfferedClass,
    Operation,
    Part,
    Value,
)
from codegen.files.document import serialise
from codegen.openapi.grammar import Node, children, without_parameter_names
from codegen.openapi.references import object_at, target_of

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence

    from codegen.compare.comparison import Severity
    from codegen.compare.surface import Direction, Side, Surface
    from codegen.files.values import JSON
    from codegen.generator.python import PythonType
    from codegen.openapi.grammar import Kind

ItemT = TypeVar("ItemT")
PartT_co = TypeVar("PartT_co", bound=Part, covariant=True)
SortT = TypeVar("SortT", bound=Part)

_SAME: dict[type[Part], tuple[Callable[[Any], Hashable], ...]] = {
    Client: (lambda _: "the client",),  # whatever it is called
    surface.Setting: (lambda one: one.name, lambda one: one.wire_name),
    Operation: (
        lambda one: (one.method, one.path),
        lambda one: (one.method, without_parameter_names(one.path)),
        lambda one: one.operation,
    ),
    Argument: (
        lambda one: (one.location, one.wire_name),
        lambda one: one.position,
        lambda one: one.wire_name,  # it has moved
        lambda one: (one.location, one.name),
        lambda one: one.name.removeprefix("x_"),  # `api_key` may become the header `X-API-Key`
    ),
    Field: (lambda one: one.wire_name, lambda one: one.name),
    Member: (lambda one: one.name, lambda one: one.value),
    **dict.fromkeys(
        (surface.Group, surface.Body, surface.Answer, surface.Result, surface.Extra),
        (lambda one: one.name,),
    ),
}
"""By what two parts of one sort are the same; what stands first goes before."""
_KINDS: dict[type[Part], Kind] = {
    surface.Group: "link",  # as little as in one is in a tag
    Operation: "operation",
    Argument: "parameter",
    surface.Body: "request body",
    surface.Answer: "response",
    surface.Model: "schema",
    surface.Enumeration: "schema",
    Field: "schema",
}
_WITHIN = {
    "content": "",
    "schema": "",
    "items": "what is in ",
    "additionalProperties": "what is in ",
    "allOf": "",
    "anyOf": "a form of ",
    "oneOf": "a form of ",
    "prefixItems": "a form of ",
}
"""What the objects under a keyword describe of that which the object around them does."""


def written(value: JSON) -> str:
    """A value of a definition as its YAML has it, a text as it is; nothing for none."""
    if value is None or isinstance(value, str):
        return value or ""
    return serialise(value, as_json=False).decode().strip()


@dataclass(frozen=True, kw_only=True)
class Place:
    """A thing that may change, and where it is."""

    prose: str
    """What people call it."""
    python_name: str
    """Where it stands in the package."""
    pointer: str
    """Where it stands in the definition: the new one, or the old one if it is gone."""
    name: str | None = None
    """Its own name in code."""
    owner: str | None = None
    """What people call that in which it is."""
    old: Part | None = None
    """The part of the package that it was, if it was one."""
    new: Part | None = None
    """The part of the package that it is, if it is one."""

    def change(  # noqa: PLR0913 - what is not given is as the kind and the parts have it
        self,
        kind: str,
        *,
        severity: Severity | None = None,
        why: str | None = None,
        old: str | None = None,
        new: str | None = None,
        pointer: str | None = None,
        **words: str,
    ) -> Change:
        """A change of it.

        Args:
            kind: The id of its kind.
            severity: How bad it is, if not as its kind is otherwise.
            why: What a user feels, if more is known of it than of its kind.
            old: How it was written, if not as the part is shown.
            new: How it is written, likewise.
            pointer: Where exactly it is, if inside.
            words: What its kind names besides the thing, its owner, its old and its new name.
        """
        of_kind = KINDS[kind]
        before = old if old is not None or self.old is None else self.old.shown
        after = new if new is not None or self.new is None else self.new.shown
        known = {
            "prose": self.prose,
            "owner": self.owner,
            "old": self.old and self.old.name,
            "new": self.new and self.new.name,
            "before": before,
            "after": after,
            **words,
        }
        return Change(
            id=kind,
            what=of_kind.what.format_map(known),
            python_name=self.python_name,
            pointer=self.pointer if pointer is None else pointer,
            severity=severity or of_kind.severities[0],
            why=of_kind.why.format_map(known) if why is None else why,
            old=before or "",
            new=after or "",
        )


@dataclass(frozen=True, kw_only=True)
class Lone(Place, Generic[PartT_co]):
    """A part that only one of two packages has."""

    part: PartT_co


@dataclass(frozen=True, kw_only=True)
class Pair(Place, Generic[PartT_co]):
    """A part before and after, called by its old name."""

    old: PartT_co  # pyright: ignore[reportGeneralTypeIssues] - given by its name
    new: PartT_co  # pyright: ignore[reportGeneralTypeIssues] - given by its name
    inside: tuple[Pair[Part] | Lone[Part], ...] = ()
    """What is in the one and in the other: pairs, and what stands alone."""

    @property
    def direction(self) -> Direction:
        """Which way its values travel, before or after."""
        return self.old.direction | self.new.direction

    def both(self, sort: type[SortT]) -> list[Pair[SortT]]:
        """What both have of one sort."""
        pairs = (place for place in self.inside if isinstance(place, Pair))
        return [cast("Pair[SortT]", pair) for pair in pairs if pair.is_of(sort)]

    def gone(self, sort: type[SortT]) -> list[Lone[SortT]]:
        """What only the old one has of one sort."""
        return [lone for lone in self._alone(sort) if lone.new is None]

    def come(self, sort: type[SortT]) -> list[Lone[SortT]]:
        """What only the new one has of one sort."""
        return [lone for lone in self._alone(sort) if lone.old is None]

    def _alone(self, sort: type[SortT]) -> list[Lone[SortT]]:
        lones = (place for place in self.inside if isinstance(place, Lone))
        return [cast("Lone[SortT]", lone) for lone in lones if isinstance(lone.part, sort)]

    def walk(self, sort: type[SortT]) -> Iterator[Pair[SortT]]:
        """The pairs of one sort in it, however deep, an outer one before those in it."""
        for place in self.inside:
            if isinstance(place, Pair):
                if place.is_of(sort):
                    yield cast("Pair[SortT]", place)
                yield from place.walk(sort)

    def is_of(self, sort: type[Part]) -> bool:
        """Whether it was of a sort, and still is."""
        return isinstance(self.old, sort) and isinstance(self.new, sort)


@dataclass(frozen=True, kw_only=True)
class Said(Place):
    """An object that both definitions have, and that says something of a part of the package."""

    before: Node
    after: Node
    direction: Direction
    """Which way the values travel that it describes."""
    is_argument: bool
    """Whether it says it of the whole value of an argument."""


@dataclass(frozen=True)
class Pairing:
    """Two sides, and all that belongs together in them."""

    old: Side
    new: Side
    package: Pair[Surface]
    renamed: Mapping[str, str]
    """Classes that have another name now: the new one by the old."""

    @property
    def client(self) -> Pair[Client]:
        """The two clients."""
        (client,) = self.package.both(Client)
        return client

    @cached_property
    def _classes(self) -> frozenset[str]:
        """Where the classes of both stand."""
        sides = self.old.surface, self.new.surface
        return frozenset(one.pointer for each in sides for one in each.of(OfferedClass))

    def types(self, pair: Pair[Value]) -> tuple[PythonType, PythonType]:
        """The types of a value before and after, with the new names of classes."""
        return with_names(pair.old.type, self.renamed), pair.new.type

    def said(self) -> Iterator[Said]:
        """What both definitions say of each part, and of what is in it and is none itself.

        Each object comes once: the first part that it describes gives it its name.
        """
        found: dict[tuple[str, str], Said] = {}
        for pair in self.package.walk(Part):
            kind = _kind_of(pair.old)
            if kind is None or kind != _kind_of(pair.new):
                continue
            before = _node(kind, self.old, pair.old.pointer)
            after = _node(kind, self.new, pair.new.pointer)
            said = Said(
                prose=pair.prose,
                python_name=pair.python_name,
                pointer=after.pointer,
                before=before,
                after=after,
                direction=pair.direction,
                is_argument=isinstance(pair.old, Argument),
            )
            found.setdefault((before.pointer, after.pointer), said)
        for said in found.values():
            yield from self._with_inner(said, frozenset())

    def _with_inner(self, said: Said, around: frozenset[tuple[str, str]]) -> Iterator[Said]:
        """An object and those in it, but for classes: each stands for itself."""
        yield said
        for prefix, before, after in self._inner(said.before, said.after):
            ends = before.pointer, after.pointer
            if ends not in around and self._classes.isdisjoint(ends):
                inner = replace(
                    said,
                    prose=said.prose if said.prose.startswith(prefix) else prefix + said.prose,
                    pointer=after.pointer,
                    before=before,
                    after=after,
                    is_argument=said.is_argument and not prefix,
                )
                yield from self._with_inner(inner, around | {ends})

    def _inner(self, before: Node, after: Node) -> Iterator[tuple[str, Node, Node]]:
        """What belongs together inside two objects, with what it describes of that which they do.

        The forms of a choice belong together by their number, if there are as many as before.
        """
        target, successor = target_of(before.value), target_of(after.value)
        if target or successor:
            one = _node("schema", self.old, target) if target else before
            yield "", one, _node("schema", self.new, successor) if successor else after
            return
        ones, others = (
            {child.pointer.removeprefix(node.pointer): child for child in children(node)}
            for node in (before, after)
        )
        for way, one in ones.items():
            prefix = _WITHIN.get(way.split("/")[1])
            if prefix is None or (other := others.get(way)) is None:
                continue
            if not isinstance(one.parent, list) or len(one.parent) == len(other.parent):
                yield prefix, one, other


def _kind_of(part: Part) -> Kind | None:
    """Of which kind the object is that stands where a part does, if it is the part's own."""
    is_member = isinstance(part, Argument) and part.is_member  # which is an attribute as well
    return None if is_member else _KINDS.get(type(part))


def _node(kind: Kind, side: Side, pointer: str) -> Node:
    return Node(kind, pointer, object_at(side.definition, pointer), {}, "")


def paired(old: Side, new: Side, package: str) -> Pairing:
    """Pair what belongs together in two sides; which of them is called the old one is all one.

    Operations belong together by method and path, whatever the path's parameters are called, else
    by what they are called; arguments by place and name, else by whatever they have left in common.
    Attributes belong together by name in JSON, else in Python; classes by name, and those that only
    one side knows where they stand in the same place and have half of their members in common.
    """
    renamed = _renamed(old.surface, new.surface)
    pointer = new.surface.pointer
    names: dict[str, Any] = {"prose": package, "python_name": package, "pointer": pointer}
    inside = _inside(Place(**names), Place(**names), old.surface, new.surface, renamed)
    both = Pair(**names, old=old.surface, new=new.surface, inside=tuple(inside))
    return Pairing(old, new, both, renamed)


def matched(
    old: Sequence[ItemT], new: Sequence[ItemT], keys: Iterable[Callable[[ItemT], Hashable]]
) -> list[tuple[ItemT | None, ItemT | None]]:
    """Pair what has the same key, by the first of the keys by which it can be; the rest is alone.

    Of several with one key, the first belong together, the second, and so on. None is no key.
    """
    partners: dict[int, int] = {}
    left = dict(enumerate(new))
    for key in keys:
        alike: dict[Hashable, list[int]] = {}
        for index, item in left.items():
            alike.setdefault(key(item), []).append(index)
        alike.pop(None, None)
        for index, item in enumerate(old):
            if index not in partners and (found := alike.get(key(item))):
                partners[index] = found.pop(0)
                del left[partners[index]]
    known = (new[partners[index]] if index in partners else None for index in range(len(old)))
    return [*zip(old, known, strict=True), *((None, item) for item in left.values())]


def _matches(
    old: Part, new: Part, renamed: Mapping[str, str]
) -> Iterator[tuple[Part | None, Part | None]]:
    """What is in two parts, in pairs or alone."""
    if isinstance(old, Value):  # in which are none, of any sort
        return
    for sort, keys in _SAME.items():
        yield from matched(old.of(sort), new.of(sort), keys)

    def name(one: OfferedClass) -> str:
        # One key does for both: no new class has a name that an old one has lost.
        return renamed.get(one.name, one.name)

    yield from matched(old.of(OfferedClass), new.of(OfferedClass), [name])


def _inside(
    was: Place, now: Place, old: Part, new: Part, renamed: Mapping[str, str]
) -> Iterator[Pair[Part] | Lone[Part]]:
    """What is in two parts that stand at two places, called as it is there."""
    for one, other in _matches(old, new, renamed):
        match one, other:
            case None, Part():
                yield Lone(**_names(other, now), new=other, part=other)
            case Part(), None:
                yield Lone(**_names(one, was), old=one, part=one)
            case Part(), Part():
                before, after = _names(one, was), _names(other, now)
                inside = tuple(_inside(Place(**before), Place(**after), one, other, renamed))
                names = {**before, "pointer": other.pointer}
                yield Pair(**names, old=one, new=other, inside=inside)
            case _:
                pass


def _names(part: Part, owner: Place) -> dict[str, Any]:
    """What a part is called, and where it stands: the members of its place."""
    return {
        "name": part.name,
        "prose": part.IN_PROSE.format(part=part, owner=owner),
        "python_name": part.IN_PYTHON.format(part=part, owner=owner),
        "pointer": part.pointer,
        "owner": owner.prose,
    }


def _renamed(old: Surface, new: Surface) -> dict[str, str]:
    """The new names of the classes that have another one, by their old names."""
    before = {one.name: one for one in old.of(OfferedClass)}
    after = {one.name: one for one in new.of(OfferedClass)}
    gone, come = before.keys() - after.keys(), after.keys() - before.keys()
    renamed: dict[str, str] = {}
    waiting = list(_types(old, new)) if gone and come else []
    while waiting:
        found = {
            (*names_in(one) & gone, *names_in(other) & come)
            for one, other in waiting
            if len(names_in(one) & gone) == len(names_in(other) & come) == 1
        }
        common = {
            (one, other): count
            for one, other in found
            if (count := _in_common(before[one], after[other])) is not None
        }
        waiting.clear()
        # What is most alike goes first; the order is the same whichever side is the old one.
        for one, other in sorted(common, key=lambda names: (-common[names], sorted(names))):
            if one not in renamed and other not in renamed.values():
                renamed[one] = other
                waiting += _types(before[one], after[other])
    return renamed


def _in_common(old: OfferedClass, new: OfferedClass) -> int | None:
    """How many members two classes share; None if it is less than half of them."""
    before, after = (
        {
            *(field.wire_name for field in offered.of(Field)),
            *(member.value for member in offered.of(Member)),
        }
        for offered in (old, new)
    )
    common = len(before & after)
    is_alike = type(old) is type(new) and 2 * common >= max(len(before), len(after))
    return common if is_alike else None


def _types(old: Part, new: Part) -> Iterator[tuple[PythonType, PythonType]]:
    """The types of all values in two parts that belong together by what they are called."""
    for one, other in _matches(old, new, {}):
        match one, other:
            case Value(), Value():
                yield one.type, other.type
            case Part(), Part():
                yield from _types(one, other)
            case _:
                pass
