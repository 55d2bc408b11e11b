"""What a definition is without some actions of its overlay, found without applying all others.

Two actions depend on each other when one may write what the other writes, copies, or looks at to
find its targets. Those that do, directly or by way of others, are a group: an action that is left
out changes nothing but what its group writes.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

from codegen.files.values import ABSENT, Draft
from codegen.overlay import apply
from codegen.overlay.queries import Step, select, steps

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from codegen.files.values import JSON, JSONObject, Location
    from codegen.overlay import Action
    from codegen.overlay.queries import Steps


class Omissions:
    """What actions make of a definition, and what they would make of it without some of them.

    Args:
        definition: What they are applied to.
        actions: In their order.
        units: Those that are left out together.

    Raises:
        BadInputError: an action does not apply.
    """

    def __init__(
        self,
        definition: JSONObject,
        actions: Sequence[Action],
        units: Sequence[Sequence[Action]],
    ) -> None:
        self._definition = definition
        self._order = {action: number for number, action in enumerate(actions)}
        places = _Places({action: [action] for action in actions})
        for first, *others in units:
            for other in others:
                places.join(first, other)
        self.patched = definition
        """The definition with all actions."""
        for action in actions:
            patched = cast("JSONObject", apply(self.patched, [action]))
            places.add(action, self.patched)
            self.patched = patched
        queries = [
            (action, steps(query))
            for action in actions
            for query in (action.target, action.copy)
            if query is not None
        ]
        # First those after which more places count as written.
        for action, way in sorted(queries, key=lambda query: query[1].is_whole):
            places.look(action, way)
        self._groups = places.groups
        self._written = places.written()

    def without(self, unit: Collection[Action]) -> JSONObject:
        """The definition with all actions but those of one unit, or some of them.

        It shares with :attr:`patched` what is the same.

        Raises:
            BadInputError: the others cannot be applied without them.
        """
        group = self._groups[next(iter(unit))]
        others = sorted(set(group) - set(unit), key=self._order.__getitem__)
        alone = apply(self._definition, others, strict=False)
        return _grafted(self.patched, alone, self._written.get(id(group), []))


def _grafted(definition: JSONObject, scion: JSON, locations: list[Location]) -> JSONObject:
    """The definition with what stands in another one at some locations, none inside another."""
    draft = Draft(definition)
    keys: dict[Location, set[str | int]] = {}
    for location in locations:
        if not location:
            return cast("JSONObject", scion)
        keys.setdefault(location[:-1], set()).add(location[-1])
    for parent, changed in keys.items():
        here = cast("JSONObject", draft.value(parent))
        there = cast("JSONObject", Draft(scion).value(parent))
        draft.remove((*parent, key) for key in here if key in changed and key not in there)
        for key in there:  # in its order, in which what comes back is told
            if key in changed:
                draft.put((*parent, key), there[key])
    return cast("JSONObject", draft.root)


@dataclass
class _Place:
    """A member of the definition that an action writes, or in which one does."""

    inside: dict[str, _Place] = field(default_factory=dict[str, "_Place"])
    owner: Action | None = None
    """One that writes it as a whole; others that do are of its group."""
    is_opaque: bool = False
    """Whether anything in it may be written, listed inside or not."""

    def all_inside(self) -> Iterator[_Place]:
        """Itself and all places in it."""
        waiting: list[_Place] = [self]
        while waiting:
            yield (place := waiting.pop())
            waiting.extend(place.inside.values())


@dataclass
class _Places:
    """Where actions write, and which of them depend on each other for that."""

    groups: dict[Action, list[Action]]
    """By each of its members."""
    root: _Place = field(default_factory=_Place)

    def join(self, one: Action, other: Action) -> None:
        """Let two actions be of one group."""
        larger, smaller = sorted((self.groups[one], self.groups[other]), key=len, reverse=True)
        if larger is not smaller:
            larger += smaller
            self.groups.update(dict.fromkeys(smaller, larger))

    def written(self) -> dict[int, list[Location]]:
        """The outermost locations that each group writes, by the identity of its list."""
        found: dict[int, list[Location]] = {}
        waiting: list[tuple[Location, _Place]] = [((), self.root)]
        while waiting:
            location, place = waiting.pop()
            if place.owner is not None:
                found.setdefault(id(self.groups[place.owner]), []).append(location)
            else:
                waiting += (((*location, key), one) for key, one in place.inside.items())
        return found

    def add(self, action: Action, definition: JSON) -> None:
        """Note what an action writes in the definition that it is applied to."""
        for location, value in select(action.target, definition):
            if action.copy is not None:  # what it brings depends on its source
                self._write(action, location, value, is_opaque=True)
            elif action.remove:
                self._write(action, location, value)
            elif action.update is not ABSENT:
                for place, content in _merged(location, value, action.update):
                    self._write(action, place, content)
        if action.copy is not None:
            for location, value in select(action.copy, definition):
                self._write(action, location, value, is_opaque=True)

    def _write(
        self, action: Action, location: Location, content: JSON, *, is_opaque: bool = False
    ) -> None:
        """Note that an action brings, takes or changes a value, with what is in it."""
        place = self.root
        for key in location:
            if isinstance(key, int):  # what changes in a list may move the rest of it
                is_opaque = True
                break
            if place.owner is not None:
                self.join(action, place.owner)
            place = place.inside.setdefault(key, _Place())
        self._own(action, place, is_opaque=is_opaque)
        if not place.is_opaque:
            _list(content, place)

    def _own(self, action: Action, place: _Place, *, is_opaque: bool) -> None:
        place.is_opaque |= is_opaque
        if place.owner is None:
            for one in place.all_inside():
                if one.owner is not None:
                    self.join(action, one.owner)
            place.owner = action
        self.join(action, place.owner)

    def look(self, action: Action, way: Steps) -> None:
        """Let an action be of one group with those that change what a query of it selects."""
        self._look(action, way, self.root, None)

    def _look(self, action: Action, way: Steps, place: _Place, owner: Action | None) -> None:
        """Follow a query from a place, which is in another one that ``owner`` writes, if any."""
        owner = place.owner or owner
        if owner is not None and (place.is_opaque or not way.names):
            self.join(action, owner)
        match way.names:
            case []:
                if not way.is_whole:
                    self._own(action, place, is_opaque=True)
            case [Step.BELOW, *rest]:
                self._look(action, way._replace(names=rest), place, owner)
                for inner in place.inside.values():
                    self._look(action, way, inner, owner)
            case [step, *rest]:
                for key in step if isinstance(step, frozenset) else place.inside:
                    if key in place.inside:
                        self._look(action, way._replace(names=rest), place.inside[key], owner)
            case _:
                pass


def _merged(location: Location, target: JSON, update: JSON) -> Iterator[tuple[Location, JSON]]:
    """The places that a merge writes, each with what comes there, or what was there."""
    # An empty object writes nothing where there is one, but might where there is none.
    if isinstance(target, dict) and isinstance(update, dict) and update:
        for key, value in update.items():
            if key in target:
                yield from _merged((*location, key), target[key], value)
            else:
                yield (*location, key), value
    else:
        yield location, target


def _list(content: JSON, place: _Place) -> None:
    """Note the members inside a value that an action brings, takes or changes."""
    if isinstance(content, dict):
        for key, value in content.items():
            _list(value, place.inside.setdefault(key, _Place()))
    elif isinstance(content, list):
        place.is_opaque = True
