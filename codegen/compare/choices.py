"""What becomes of the models that the values of discriminators lead to."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, TypeAlias

from codegen.compare.comparison import Severity
from codegen.compare.pairs import written
from codegen.compare.surface import Argument, Direction, Model, Result, Value
from codegen.openapi.discriminators import choices

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from codegen.compare.comparison import Change
    from codegen.compare.pairs import Pairing, Place
    from codegen.generator.python import PythonType
    from codegen.openapi.discriminators import Choice

_WHAT_FITS = "the first of them that fits"
_UNDECIDED: Choice = ("", {})

_Models: TypeAlias = "tuple[frozenset[str], frozenset[str]]"
"""Those that a choice is between, before and after."""


def choice_changes(pairing: Pairing) -> Iterator[Change]:
    """What has become of choices between models, each once, however many places make it.

    As decoders do: a choice between models is the same wherever it is made. Models that a choice
    has gained or lost are changes of types, and not listed here.
    """
    before, after = choices(pairing.old.definition), choices(pairing.new.definition)
    for (models, others), (place, direction) in _choices(pairing).items():
        key, old = before.get(models, _UNDECIDED)
        other_key, new = after.get(others, _UNDECIDED)
        if key != other_key:
            turn = "changed" if key and other_key else "added" if other_key else "removed"
            yield place.change(
                f"choice-property-{turn}",
                old=_written("propertyName", key),
                new=_written("propertyName", other_key),
                before=key,
                after=other_key,
            )
            continue
        successors = {one: pairing.renamed.get(one, one) for one in models}
        for value in {**old, **new}:
            was, now = old.get(value, ""), new.get(value, "")
            # Code that meets a model that has come or gone is told by the change of the type.
            has_gone = not now and successors[was] not in others
            has_come = not was and now not in successors.values()
            if successors.get(was) != now and not has_gone and not has_come:
                yield _of_value(place, direction, key=key, value=value, was=was, now=now)


def _of_value(  # noqa: PLR0913 - what a change tells
    place: Place, direction: Direction, *, key: str, value: str, was: str, now: str
) -> Change:
    """That a value leads to another model; an empty name stands for none."""
    turn = "changed" if was and now else "added" if now else "removed"
    severity, why = None, None
    if not was and Direction.READ not in direction:
        severity, why = Severity.ADDITIVE, "More may be sent than before."
    return place.change(
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


def _choices(pairing: Pairing) -> dict[_Models, tuple[Place, Direction]]:
    """All choices, each with its first place and which way its values travel at all of them.

    What no operation reaches counts as read.
    """
    before, after = (
        {model.name for model in side.surface.of(Model)} for side in (pairing.old, pairing.new)
    )
    found: dict[_Models, tuple[Place, Direction]] = {}
    for pair in pairing.package.walk(Value):
        is_member = isinstance(pair.old, Argument) and pair.old.is_member
        if isinstance(pair.old, Result) or is_member:
            continue  # it is in one of the answers, or an attribute of the body
        for one, other in _types_inside(pair.old.type, pair.new.type):
            models = _among(one, before), _among(other, after)
            if min(map(len, models)) > 1:
                place = replace(pair, prose=f"`{' | '.join(sorted(models[0]))}`")
                first, direction = found.get(models, (place, Direction.NEITHER))
                found[models] = first, direction | (pair.direction or Direction.READ)
    return found


def _among(type_: PythonType, models: Collection[str]) -> frozenset[str]:
    return frozenset(one for one in type_.alternatives if isinstance(one, str) and one in models)


def _types_inside(old: PythonType, new: PythonType) -> Iterator[tuple[PythonType, PythonType]]:
    """Two types and those of their items, if there are lists of as many as before."""
    yield old, new
    if len(old.items) == len(new.items):
        for one, other in zip(old.items, new.items, strict=True):
            yield from _types_inside(one, other)


def _written(key: str, value: str) -> str:
    return written({key: value}) if value else ""
