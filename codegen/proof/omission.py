"""What a definition is without some actions of its overlay, found without applying all others.

Two actions depend on each other when one may write what the other writes, copies, or looks at to
find its targets. Those that do, directly or by way of others, are a group: an action that is left
out changes nothing but what its group writes.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

from codegen.files.values import ABSENT, JSON, Draft, Location, is_same
from codegen.overlay import apply
from codegen.overlay.queries import leading_steps, select

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from codegen.files.values import Absent, JSONObject
    from codegen.overlay import Action


@dataclass(eq=False)
class _Group:
    """Actions that depend on each other."""

    actions: list[Action]
    before: list[JSON] = field(default_factory=list[JSON])
    """The definition before each of them, in their order, as far as it was asked for."""
    outermost: list[Location] = field(default_factory=list[Location])
    """The locations that they write, none inside another."""


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
        self._groups = {action: _Group([action]) for action in actions}
        """By each of its members."""
        for first, *others in units:
            for other in others:
                self._join(first, other)
        self.patched = definition
        """The definition with all actions."""
        writers: dict[Location, Action] = {}
        for action in actions:
            for location in _written(action, self.patched):
                self._join(action, writers.setdefault(location, action))
            self.patched = cast("JSONObject", apply(self.patched, [action]))
        for location, action in writers.items():
            for around in _around(location):
                self._join(action, writers.get(around, action))
        for action in actions:
            self._look(action, writers)
        for location, action in writers.items():
            if not any(around in writers for around in _around(location)):
                self._groups[action].outermost.append(location)

    def _join(self, one: Action, other: Action) -> None:
        """Let two actions be of one group."""
        groups = self._groups[one], self._groups[other]
        smaller, larger = sorted(groups, key=lambda group: len(group.actions))
        if larger is not smaller:
            larger.actions += smaller.actions
            self._groups.update(dict.fromkeys(smaller.actions, larger))

    def _look(self, action: Action, writers: dict[Location, Action]) -> None:
        """Let an action be of one group with those that change what its queries select."""
        queries = [(action.target, False)]
        if action.copy is not None:
            queries.append((action.copy, True))
        for query, is_copied in queries:
            steps, is_whole = leading_steps(query)
            place = _names(steps)
            if is_whole and not is_copied and len(place) == len(steps):
                found = [writers[one] for one in (*_around(place), place) if one in writers]
            else:
                found = [
                    writer
                    for location, writer in writers.items()
                    if (is_copied or not is_whole or len(location) <= len(steps))
                    and all(
                        not names or key in names
                        for names, key in zip(steps, location, strict=False)
                    )
                ]
            for writer in found:
                self._join(action, writer)

    def without(self, unit: Collection[Action]) -> JSONObject:
        """The definition with all actions but those of one unit, or some of them.

        It shares with :attr:`patched` what is the same.

        Raises:
            BadInputError: the others cannot be applied without them.
        """
        group = self._groups[next(iter(unit))]
        ordered = sorted(group.actions, key=self._order.__getitem__)
        first = min(map(ordered.index, unit))
        before = group.before = group.before or [self._definition]
        while len(before) <= first:
            before.append(apply(before[-1], [ordered[len(before) - 1]], strict=False))
        others = [action for action in ordered[first:] if action not in unit]
        alone = apply(before[first], others, strict=False)
        return _grafted(self.patched, alone, group.outermost)


def _around(location: Location) -> Iterator[Location]:
    """The locations that one is inside of."""
    return (location[:length] for length in range(len(location)))


def _written(action: Action, definition: JSON) -> Iterator[Location]:
    """Where an action writes in the definition that it is applied to, or may, without others."""
    steps, is_whole = leading_steps(action.target)
    if not is_whole:  # without others, something else may be what it looks for
        yield _names(steps)
    for location, value in select(action.target, definition):
        named = tuple(itertools.takewhile(lambda step: isinstance(step, str), location))
        if named == location:
            yield from _merged(location, value, action.update)
        else:
            yield named  # what changes in a list may move the rest of it


def _names(steps: Iterable[Sequence[str]]) -> Location:
    """The names that the steps of a query begin with, each the only one of its step."""
    return tuple(names[0] for names in itertools.takewhile(lambda names: len(names) == 1, steps))


def _merged(location: Location, target: JSON, update: JSON | Absent) -> Iterator[Location]:
    """The places that a merge writes, or a removal or a copy, which have no update."""
    # An empty object writes nothing where there is one, but might where there is none.
    if isinstance(target, dict) and isinstance(update, dict) and update:
        for key, value in update.items():
            if key in target:
                yield from _merged((*location, key), target[key], value)
            else:
                yield (*location, key)
    else:
        yield location


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
                draft.put((*parent, key), _shared(here.get(key), there[key]))
    return cast("JSONObject", draft.root)


def _shared(here: JSON, there: JSON) -> JSON:
    """What stands there, with its members taken from here where they are the same."""
    if not (isinstance(here, dict) and isinstance(there, dict)):
        return there
    return {
        key: here[key] if is_same(here.get(key, ABSENT), value) else value
        for key, value in there.items()
    }
