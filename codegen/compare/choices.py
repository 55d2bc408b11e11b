"""What becomes of the models that the values of discriminators lead to."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from codegen.compare.comparison import Severity
from codegen.compare.pairs import written
from codegen.compare.python_type import with_names
from codegen.compare.surface import Argument, Direction, Model, Result, Value
from codegen.generator.python import ListOf
from codegen.openapi.discriminators import choices

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from codegen.compare.comparison import Change
    from codegen.compare.pairs import Pairing, Place
    from codegen.generator.python import PythonType

_WHAT_FITS = "the first of them that fits"


@dataclass(frozen=True)
class _Choice:
    """A choice between models that some values are."""

    place: Place
    """The first that has such values."""
    direction: Direction
    """Which way they travel at all of their places; what no operation reaches counts as read."""
    models: Mapping[str, str]
    """Between which it was, with their names now."""
    others: frozenset[str]
    """Between which it is."""


def choice_changes(pairing: Pairing) -> Iterator[Change]:
    """What has become of choices between models, each once, however many places make it.

    As decoders do: a choice between models is the same wherever it is made. Models that a choice
    has gained or lost are changes of types, and not listed here.
    """
    before, after = choices(pairing.old.definition), choices(pairing.new.definition)
    for (models, others), choice in _choices(pairing).items():
        old, new = before.get(models), after.get(others)
        key, other_key = old[0] if old else "", new[0] if new else ""
        if key != other_key:
            turn = "changed" if key and other_key else "added" if other_key else "removed"
            yield choice.place.change(
                f"choice-property-{turn}",
                old=_written("propertyName", key),
                new=_written("propertyName", other_key),
                before=key,
                after=other_key,
            )
        elif old and new:
            for value in dict.fromkeys([*old[1], *new[1]]):
                was, now = old[1].get(value, ""), new[1].get(value, "")
                yield from _of_value(choice, key, value, was, now)


def _of_value(choice: _Choice, key: str, value: str, was: str, now: str) -> Iterator[Change]:
    """That a value leads to another model; an empty name stands for none."""
    successor = choice.models.get(was, "")
    # Code that meets a model that has come or gone is told of by the change of the type.
    has_gone = not now and successor not in choice.others
    has_come = not was and now not in choice.models.values()
    if successor == now or has_gone or has_come:
        return
    turn = "changed" if was and now else "added" if now else "removed"
    severity, why = None, None
    if not was and Direction.READ not in choice.direction:
        severity, why = Severity.ADDITIVE, "More may be sent than before."
    yield choice.place.change(
        f"choice-value-{turn}",
        severity=severity,
        why=why,
        old=_written(value, was),
        new=_written(value, now),
        key=key,
        value=value,
        before=f"`{was}`" if was else _WHAT_FITS,
        after=f"`{now}`" if now else _WHAT_FITS,
    )


def _choices(pairing: Pairing) -> dict[tuple[frozenset[str], frozenset[str]], _Choice]:
    """All choices, by the names of the models before and after."""
    before, after = (
        {model.name for model in side.surface.of(Model)} for side in (pairing.old, pairing.new)
    )
    found: dict[tuple[frozenset[str], frozenset[str]], _Choice] = {}
    for pair in pairing.package.walk(Value):
        if isinstance(pair.old, Result) or _is_member(pair.old):
            continue  # it is in one of the answers, or an attribute of the body
        for one, other in _types_inside(pair.old.type, pair.new.type, pairing.renamed):
            models = _among(one, before), _among(other, after)
            if min(map(len, models)) > 1:
                direction = pair.direction or Direction.READ
                if models in found:
                    direction |= found[models].direction
                    found[models] = replace(found[models], direction=direction)
                    continue
                first = replace(pair, prose=f"`{' | '.join(sorted(models[0]))}`")
                named = {name: pairing.renamed.get(name, name) for name in sorted(models[0])}
                found[models] = _Choice(first, direction, named, models[1])
    return found


def _is_member(value: Value) -> bool:
    return isinstance(value, Argument) and value.is_member


def _among(type_: PythonType, models: Collection[str]) -> frozenset[str]:
    return frozenset(one for one in type_.alternatives if isinstance(one, str) and one in models)


def _types_inside(
    old: PythonType, new: PythonType, names: Mapping[str, str]
) -> Iterator[tuple[PythonType, PythonType]]:
    """Two types and those of their items, as far as one can tell which belong together."""
    yield old, new
    before, after = (
        [one.item for one in type_.alternatives if isinstance(one, ListOf)] for type_ in (old, new)
    )
    is_clear = len(before) == len(after) == 1
    for one in before:
        for other in after:
            if is_clear or with_names(one, names) == other:
                yield from _types_inside(one, other, names)


def _written(key: str, value: str) -> str:
    return written({key: value}) if value else ""
