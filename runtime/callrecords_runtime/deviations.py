"""Decoding what does not fit: what can be set aside is, and nothing is lost or made up.

An answer that fits its definition never comes here. In another, every optional value that cannot
be what its annotation says is kept out of the model's attributes and among its additional
properties, so that ``to_dict()`` still gives back what came. Unknown fields and unknown members of
enumerations are kept by the models themselves. A required value that is missing or does not fit
makes the whole answer undecodable.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar, cast

import attrs

from callrecords_runtime.drift import Deviation, DriftKind
from callrecords_runtime.explanations import hinders, told
from callrecords_runtime.serialization import is_array, is_object

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from attrs import AttrsInstance
    from jsonschema_rs import Draft202012Validator

    from callrecords_runtime.explanations import Explain
    from callrecords_runtime.validators import Validators

T = TypeVar("T")
Json: TypeAlias = dict[str, Any]
Path: TypeAlias = tuple[str | int, ...]
_MOST_ROUNDS = 64
"""Each sets aside at least one value; what needs more is no answer of this operation."""

REFUSALS = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)
"""How a model refuses what is not for it."""


class UndecodableError(Exception):
    """Something required is missing or does not fit; ``deviations`` has every problem."""

    def __init__(self, deviations: tuple[Deviation, ...]) -> None:
        super().__init__(deviations)
        self.deviations = deviations


def decode(
    body: Any,
    validators: Validators,
    from_dict: Callable[[Mapping[str, Any]], T],
) -> tuple[T, tuple[Deviation, ...]]:
    """The model of an answer, and where the answer deviates from the definition.

    Raises:
        UndecodableError: something required is missing or does not fit.
    """
    try:
        return fitting(body, validators, from_dict), ()
    except (RecursionError, *REFUSALS):
        pass  # something required is missing, or a date is none that Python can hold
    try:
        return _decoded(body, validators, validators.exact, from_dict)
    except _RefusedError:
        return _decoded(body, validators, validators.representable, from_dict)


def fitting(body: Any, validators: Validators, from_dict: Callable[[Mapping[str, Any]], T]) -> T:
    """The model of an answer that is what the definition says.

    Raises:
        ValueError: it is not; others are how a model refuses what is not for it.
    """
    if not validators.exact.is_valid(body):
        raise ValueError
    return from_dict(body)


class _RefusedError(UndecodableError):
    """The model refuses what the validator lets pass.

    A date is none that Python can hold; or one of several shapes was meant, and the value in it
    fits another one only.
    """


def _decoded(
    body: Any,
    validators: Validators,
    validator: Draft202012Validator,
    from_dict: Callable[[Mapping[str, Any]], T],
) -> tuple[T, tuple[Deviation, ...]]:
    try:
        try:
            deviations, places = _judged(body, validator, validators.explain)
        except UnicodeEncodeError:
            deviations, places = _judged(_without_surrogates(body), validator, validators.explain)
    except (RecursionError, ValueError) as error:
        raise UndecodableError((_too_deep(error),)) from None
    if places:
        body = _changed(body, places, _hidden)
    try:
        model = from_dict(body)
    except RecursionError as error:
        raise UndecodableError((_too_deep(error),)) from None
    except REFUSALS:
        unforeseen = Deviation((), DriftKind.TYPE, "a documented shape", body)
        raise _RefusedError(deviations or (unforeseen,)) from None
    if places:
        _give_back_names(model)
    return model, deviations


def _too_deep(error: Exception) -> Deviation:
    return Deviation((), DriftKind.CONSTRAINT, "less nesting", str(error))


def _judged(
    body: Any, validator: Draft202012Validator, explain: Explain
) -> tuple[tuple[Deviation, ...], list[Path]]:
    """Where a body deviates, and which values must be set aside for that.

    Raises:
        UndecodableError: one of them is required, or inside what is.
    """
    errors = [*validator.iter_errors(body)]
    deviations = tuple(told(errors, explain))
    removed: dict[Path, Deviation] = {}
    seen: dict[Path, int] = {}  # in which order
    for _ in range(_MOST_ROUNDS):
        found = told(errors, explain, as_decoded=True)
        hindrances = [deviation for deviation in found if hinders(deviation)]
        for each in hindrances:
            seen.setdefault(each.path, len(seen))
        lost = sorted(filter(_is_lost, hindrances), key=lambda each: seen[each.path])
        if lost and len(lost) == len(hindrances):
            raise UndecodableError(tuple(removed.get(each.path, each) for each in lost))
        if not hindrances:
            return deviations, [*removed]
        # Also when something is lost: what can be set aside is no reason to reject an item.
        places = {_property(each.path): each for each in hindrances if not _is_lost(each)}
        removed.update(places)
        body = _changed(body, places, _left_out)
        errors = [*validator.iter_errors(body)]
    raise UndecodableError(tuple(removed.values()))


def _is_lost(deviation: Deviation) -> bool:
    """Whether nothing can be set aside so that the rest fits."""
    return deviation.kind is DriftKind.MISSING or not _property(deviation.path)


def _without_surrogates(value: Any) -> Any:
    """A copy for validation, which takes no half of a surrogate pair."""
    if isinstance(value, str):
        return value.encode(errors="replace").decode()
    if is_array(value):
        return [_without_surrogates(item) for item in value]
    if is_object(value):
        return {
            _without_surrogates(key): _without_surrogates(member) for key, member in value.items()
        }
    return value


class _SetAside(str):
    """A field's name under which no model looks, so that its value stays an additional property."""

    __slots__ = ()
    __hash__ = str.__hash__

    def __eq__(self, other: object) -> bool:
        return self is other


def _property(path: Path) -> Path:
    """The nearest object property: an item cannot be left out of its array unnoticed."""
    while path and isinstance(path[-1], int):
        path = path[:-1]
    return path


def _changed(data: Any, places: Iterable[Path], change: Callable[[Json, set[str]], Json]) -> Any:
    """A copy in which the objects that have the properties at these places are changed.

    What is inside of another of these properties stays as it is, in that one.
    """
    inner: dict[str | int, list[Path]] = defaultdict(list)
    for first, *rest in places:
        inner[first].append(tuple(rest))
    if is_array(data):
        items = [*data]
        for place, rests in inner.items():
            if isinstance(place, int):
                items[place] = _changed(items[place], rests, change)
        return items
    if not is_object(data):
        return data  # an outer value was set aside already
    names = {str(name) for name, rests in inner.items() if () in rests and name in data}
    members = {**data}
    for name, rests in inner.items():
        if isinstance(name, str) and name in data and name not in names:
            members[name] = _changed(data[name], rests, change)
    return change(members, names) if names else members


def _left_out(data: Json, names: set[str]) -> Json:
    return {key: value for key, value in data.items() if key not in names}


def _hidden(data: Json, names: set[str]) -> Json:
    return {_SetAside(key) if key in names else key: value for key, value in data.items()}


def _give_back_names(value: object) -> None:
    """Give the values set aside, anywhere in a model, their own names again."""
    if is_array(value):
        for item in value:
            _give_back_names(item)
    elif attrs.has(type(value)):
        for field in attrs.fields(cast("type[AttrsInstance]", type(value))):
            child: Any = getattr(value, field.name)
            if field.name == "additional_properties":
                for name in [name for name in child if isinstance(name, _SetAside)]:
                    child[str.__str__(name)] = child.pop(name)
            else:
                _give_back_names(child)
