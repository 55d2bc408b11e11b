"""Where the classes of a table of names stand in a new definition that are not in their places.

One is known again by what it documents, and by what payloads show: a payload of the new form shows
where the values stand that another payload showed in the old place.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import orjson

from codegen.files.values import JSON, JSONObject, is_same, pointer_to
from codegen.openapi.answers import Answers
from codegen.openapi.definition import definition_data
from codegen.openapi.grammar import by_operation_id, operations
from codegen.openapi.references import SCHEMAS, component_key, list_at, object_at, shapes

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from codegen.openapi.canonical import Canonical
    from codegen.providers.patched import Inputs
    from codegen.providers.payloads import Payload

LEAST_LIKENESS = 0.5
"""How much of its properties a schema has to share with another one to be taken for it."""
_LEAST_SHARED = 2
"""How many values two objects have to share at least; one may be the same by chance."""


class Move(NamedTuple):
    """A class, the name that the new form has for it, and what shows that it is the same."""

    name: str
    new: str
    shown_by: str = ""
    """The payload that shows it; empty where its properties tell it."""


class _Shown(NamedTuple):
    payload: str
    value: JSONObject


@dataclass(frozen=True)
class Moves:
    """The classes of the table that stand elsewhere in a new definition."""

    inputs: Inputs
    """With the new definition."""
    old: Canonical
    in_use: JSONObject
    """The patched definition before."""

    def first(self, known: Collection[str]) -> Move | None:
        """The first that has moved and is not known yet; those inside others after them."""
        away = [name for name in self.inputs.names.classes if self._is_away(name)]
        moves = [move for name in away if name not in known and (move := self._found(name))]
        moved = {move.name for move in moves}

        def is_inside(move: Move) -> bool:
            starts = [place.start for place in self.inputs.names.classes[move.name]]
            return not moved.isdisjoint(starts)

        return min(moves, key=is_inside, default=None)

    def _is_away(self, name: str) -> bool:
        """Whether a class is in none of its places, or something else stands there."""
        if name not in self._before:
            return False
        if name not in self._after:
            return True
        is_same_as_before = is_same(self._before[name], self._after[name])
        return not is_same_as_before and self._fit(name, name)[0] < LEAST_LIKENESS

    def _found(self, name: str) -> Move | None:
        new = self.inputs.canonical
        ranked = sorted(
            (*self._fit(name, one), one)
            for one, place in new.places.items()
            if one not in self.inputs.names.classes and self.old.places.get(one) != place
        )
        if not ranked or ranked[-1][0] < LEAST_LIKENESS:
            return None
        _, by_payload, shown_by, one = ranked[-1]
        is_needed = by_payload > self._documented(name, one)
        is_tied = len(ranked) > 1 and ranked[-1][0] == ranked[-2][0]
        return Move(name, one, shown_by if is_needed or is_tied else "")

    def _fit(self, name: str, one: str) -> tuple[float, float, str]:
        """How much a new class is like one before: at all, by payloads alone, and by which."""
        by_payload, shown_by = max(self._shown_alike(name, one), default=(0.0, ""))
        return max(self._documented(name, one), by_payload), by_payload, shown_by

    def _documented(self, name: str, one: str) -> float:
        """How much a new class is like what was documented of one, or shown in its old place."""
        shown: list[JSON] = [{"properties": then.value} for then in self._then.get(name, ())]
        return max(likeness(each, self._after[one]) for each in (*self._schemas(name), *shown))

    def _schemas(self, name: str) -> list[JSON]:
        """What a class is before, as published and as corrected."""
        corrected = object_at(self.in_use, SCHEMAS)
        return [self._before[name], corrected.get(name, {})]

    def _shown_alike(self, name: str, one: str) -> Iterator[tuple[float, str]]:
        """How much what payloads show of a new class is like what one was, and which do."""
        for now in self._now.get(one, ()):
            shown: JSON = {"properties": now.value}
            like = [likeness(schema, shown) for schema in self._schemas(name)]
            like += [
                _likeness_of_values(then.value, now.value) for then in self._then.get(name, ())
            ]
            yield max(like), now.payload

    @cached_property
    def _before(self) -> JSONObject:
        return object_at(definition_data(self.old), SCHEMAS)

    @cached_property
    def _after(self) -> JSONObject:
        return object_at(definition_data(self.inputs.canonical), SCHEMAS)

    @cached_property
    def _then(self) -> Mapping[str, list[_Shown]]:
        return _shown(self.in_use, self.inputs.payloads)

    @cached_property
    def _now(self) -> Mapping[str, list[_Shown]]:
        return _shown(definition_data(self.inputs.canonical), self.inputs.payloads)


def likeness(one: JSON, other: JSON) -> float:
    """How much of their properties, or members, two schemas have in common."""
    return _shared(_marks(one), _marks(other))


def _marks(schema: JSON) -> set[str]:
    if not isinstance(schema, dict):
        return set()
    return {*object_at(schema, "/properties"), *map(repr, list_at(schema, "/enum"))}


def _likeness_of_values(one: JSONObject, other: JSONObject) -> float:
    """How many of the values that stand directly in two objects are the same, whatever their names.

    What is the same by chance, such as a flag or a small number, counts for nothing.
    """
    left, right = (
        {orjson.dumps(value).decode() for value in each.values() if _tells_something(value)}
        for each in (one, other)
    )
    return _shared(left, right) if len(left & right) >= _LEAST_SHARED else 0


def _tells_something(value: JSON) -> bool:
    return isinstance(value, str | int | float) and len(orjson.dumps(value)) > len('"no"')


def _shared(one: set[str], other: set[str]) -> float:
    either = one | other
    return len(one & other) / len(either) if either else 0


def _shown(definition: JSONObject, payloads: Iterable[Payload]) -> dict[str, list[_Shown]]:
    """The objects in payloads, by the classes that stand in their places.

    One that has no property of the class is none: the payload is of another form.
    """
    known, answers = by_operation_id(operations(definition)), Answers(definition)
    found: dict[str, list[_Shown]] = {}
    for payload in payloads:
        operation = known.get(payload.operation)
        start = None if operation is None else answers.answered(operation, payload.status)
        waiting = [] if start is None else [(start, payload.body)]
        while waiting:
            place, value = waiting.pop()
            for at, schema in shapes(definition, place):
                match value:
                    case list() if "items" in schema:
                        waiting += [(f"{at}/items", item) for item in value]
                    case dict():
                        common = object_at(schema, "/properties").keys() & value.keys()
                        waiting += [(at + pointer_to("properties", n), value[n]) for n in common]
                        if common and (key := component_key(at)) is not None:
                            found.setdefault(key, []).append(_Shown(payload.name, value))
                    case _:
                        pass
    return found
