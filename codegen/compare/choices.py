"""What becomes of the models that the values of discriminators lead to."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from codegen.compare.comparison import Change, Severity
from codegen.compare.python_type import ListOf
from codegen.compare.surface import Direction, Model
from codegen.files.document import serialise
from codegen.openapi.components import choices

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from codegen.compare.pairs import Pairs
    from codegen.compare.python_type import PythonType
    from codegen.compare.surface import OfferedClass, Operation, Surface
    from codegen.files.values import JSONObject
    from codegen.openapi.components import Choice

_WHAT_FITS = "the first of them that fits"


@dataclass(frozen=True)
class _Place:
    """A value before and after, which may be one of several models."""

    old: PythonType
    new: PythonType
    python_name: str
    pointer: str
    direction: Direction


@dataclass(frozen=True)
class _Alternatives:
    """The names of the models that one value may be, before and after."""

    old: frozenset[str]
    new: frozenset[str]


def choice_changes(
    old: JSONObject, new: JSONObject, surfaces: tuple[Surface, Surface], pairs: Pairs, package: str
) -> Iterator[Change]:
    """What has become of choices between models, each once, however many places make it.

    Models that a choice has gained or lost are changes of types, and not listed here.

    Args:
        old: The patched definition before, whose discriminators have full mappings.
        new: The same after.
        surfaces: What the generator makes of the one and the other.
        pairs: What belongs together in them.
        package: The name that Python imports.
    """
    before, after = choices(old), choices(new)
    for models, place in _chosen(surfaces, pairs, package).items():
        # As decoders do: a choice between models is the same wherever it is made.
        pair = _Pair(models, place, pairs.renamed)
        yield from pair.changes(before.get(models.old), after.get(models.new))


def _chosen(
    surfaces: tuple[Surface, Surface], pairs: Pairs, package: str
) -> dict[_Alternatives, _Place]:
    """The first place of each choice; its values travel as those of all its places do."""
    found: dict[_Alternatives, _Place] = {}
    for place in _places(surfaces, pairs, package):
        for one, other in _types_inside(place.old, place.new, pairs.renamed):
            models = _Alternatives(_models_in(one, surfaces[0]), _models_in(other, surfaces[1]))
            if min(len(models.old), len(models.new)) > 1:
                first = found.get(models, place)
                direction = first.direction | _travel(place.direction)
                found[models] = replace(first, direction=direction)
    return found


def _travel(direction: Direction) -> Direction:
    """What no operation reaches counts as read."""
    return direction or Direction.READ


def _places(surfaces: tuple[Surface, Surface], pairs: Pairs, package: str) -> Iterator[_Place]:
    old, new = surfaces
    for name, offered in old.classes.items():
        other = pairs.renamed.get(name, name)
        successor = new.classes.get(other)
        if successor is not None:
            direction = old.directions.get(name, Direction.NEITHER) | new.directions.get(
                other, Direction.NEITHER
            )
            yield from _of_class(offered, successor, f"{package}.models.{name}", direction)
    for before, after in pairs.operations:
        yield from _of_operation(before, after, f"{package}.{before.module}")


def _of_class(
    old: OfferedClass, new: OfferedClass, place: str, direction: Direction
) -> Iterator[_Place]:
    if not isinstance(old, Model) or not isinstance(new, Model):
        return
    for name, field in old.fields.items():
        after = new.fields.get(name)
        if after is not None:
            yield _Place(
                field.type, after.type, f"{place}.{field.python_name}", after.pointer, direction
            )
    yield _Place(old.extra, new.extra, f"{place}.additional_properties", new.pointer, direction)


def _of_operation(old: Operation, new: Operation, place: str) -> Iterator[_Place]:
    if old.body is not None and new.body is not None:
        types = old.body.type, new.body.type
        yield _Place(*types, f"{place}(body)", new.body.pointer, Direction.SENT)
    for status, answer in old.answers.items():
        after = new.answers.get(status)
        if after is not None:
            yield _Place(answer.type, after.type, place, after.pointer, Direction.READ)


def _types_inside(
    old: PythonType, new: PythonType, renamed: Mapping[str, str]
) -> Iterator[tuple[PythonType, PythonType]]:
    """Two types and those of their items, as far as one can tell which belong together."""
    yield old, new
    before = [it.item for it in old.alternatives if isinstance(it, ListOf)]
    after = [it.item for it in new.alternatives if isinstance(it, ListOf)]
    is_clear = len(before) == len(after) == 1
    for one in before:
        for other in after:
            if is_clear or one.renamed(renamed) == other:
                yield from _types_inside(one, other, renamed)


def _models_in(type_: PythonType, surface: Surface) -> frozenset[str]:
    return frozenset(
        it
        for it in type_.alternatives
        if isinstance(it, str) and isinstance(surface.classes.get(it), Model)
    )


class _Pair:
    """One choice before and after."""

    def __init__(self, models: _Alternatives, place: _Place, renamed: Mapping[str, str]) -> None:
        self._models = models
        self._place = place
        self._renamed = renamed
        self._name = f"`{' | '.join(sorted(models.old))}`"
        self._change = partial(Change, python_name=place.python_name, pointer=place.pointer)

    def changes(self, old: Choice | None, new: Choice | None) -> Iterator[Change]:
        key, other_key = old and old[0], new and new[0]
        if key != other_key:
            yield self._decided_otherwise(key, other_key)
        elif old is not None and new is not None:
            for value in dict.fromkeys([*old[1], *new[1]]):
                yield from self._of_value(old[0], value, old[1].get(value), new[1].get(value))

    def _decided_otherwise(self, key: str | None, other_key: str | None) -> Change:
        if key is None:
            turn = f"decided by `{other_key}` now"
        elif other_key is None:
            turn = f"no longer decided by `{key}`"
        else:
            turn = f"decided by `{other_key}`, no longer by `{key}`"
        return self._change(
            what=f"which of {self._name} is read is {turn}",
            severity=Severity.BREAKING,
            why="What was read as one of them may be read as another.",
            old=_written("propertyName", key),
            new=_written("propertyName", other_key),
        )

    def _of_value(self, key: str, value: str, old: str | None, new: str | None) -> Iterator[Change]:
        successor = None if old is None else self._renamed.get(old, old)
        # Code that meets a model that has come or gone is told of by the change of the type.
        has_gone = new is None and successor not in self._models.new
        has_come = old is None and new not in self._before()
        if successor == new or has_gone or has_come:
            return
        subject = f"{self._name} with the `{key}` `{value}`"
        severity = Severity.BREAKING
        before, after = (f"`{it}`" if it else _WHAT_FITS for it in (old, new))
        why = f"What was read as {before} is read as {after}."
        if old is None:
            what = f"{subject} is {after}"
            if Direction.READ not in self._place.direction:
                severity, why = Severity.ADDITIVE, "More may be sent than before."
        elif new is None:
            what = f"{subject} is no longer {before}"
        else:
            what = f"{subject} is {after}, no longer {before}"
        yield self._change(
            what=what,
            severity=severity,
            why=why,
            old=_written(value, old),
            new=_written(value, new),
        )

    def _before(self) -> frozenset[str]:
        """The models that could be chosen before, by their names now."""
        return frozenset(self._renamed.get(name, name) for name in self._models.old)


def _written(key: str, value: str | None) -> str:
    return "" if value is None else serialise({key: value}, as_json=False).decode().strip()
