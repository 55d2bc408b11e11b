"""Decoding what does not fit: what can be set aside is, and nothing is lost or made up.

An answer that fits its definition never comes here. In another, every optional value that cannot
be what its annotation says is kept out of the model's attributes and among its additional
properties, so that ``to_dict()`` still gives back what came. Unknown fields and unknown members of
enumerations are kept by the models themselves. A required value that is missing or does not fit
makes the whole answer undecodable.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar, cast

import attrs
from jsonschema_rs import ValidationErrorKind as Kind

from callrecords_runtime.drift import Deviation, DriftKind
from callrecords_runtime.serialization import is_array, is_object

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from attrs import AttrsInstance
    from jsonschema_rs import Draft202012Validator, ValidationError

    from callrecords_runtime.validators import Validators

T = TypeVar("T")
Json: TypeAlias = dict[str, Any]
Path: TypeAlias = tuple[str | int, ...]
_MOST_ROUNDS = 64
"""Each sets aside at least one value; what needs more is no answer of this operation."""

_DECODED_FORMATS = frozenset({"date", "date-time", "uuid"})
"""Those that become Python objects."""
_REFUSALS = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)
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
        if validators.quick.is_valid(body):
            before = validators.datetimes.latest
            model = from_dict(body)
            if before is validators.datetimes.latest or validators.exact.is_valid(body):
                return model, ()
    except (RecursionError, *_REFUSALS):
        pass  # something required is missing, or a date is none that Python can hold
    try:
        return _decoded(body, validators.exact, from_dict)
    except _RefusedError:
        return _decoded(body, validators.representable, from_dict)


class _RefusedError(UndecodableError):
    """The model refuses what the validator lets pass.

    A date is none that Python can hold; or one of several shapes was meant, and the value in it
    fits another one only.
    """


def _decoded(
    body: Any, validator: Draft202012Validator, from_dict: Callable[[Mapping[str, Any]], T]
) -> tuple[T, tuple[Deviation, ...]]:
    try:
        deviations, places = _judged(body, validator)
    except UnicodeEncodeError:
        deviations, places = _judged(_without_surrogates(body), validator)
    except (RecursionError, ValueError) as error:
        raise UndecodableError((_too_deep(error),)) from None
    for place in places:
        body = _changed(body, place, _hidden)
    try:
        model = from_dict(body)
    except RecursionError as error:
        raise UndecodableError((_too_deep(error),)) from None
    except _REFUSALS:
        unforeseen = Deviation((), DriftKind.TYPE, "a documented shape", body)
        raise _RefusedError(deviations or (unforeseen,)) from None
    if places:
        _give_back_names(model)
    return model, deviations


def _too_deep(error: Exception) -> Deviation:
    return Deviation((), DriftKind.CONSTRAINT, "less nesting", str(error))


def _judged(body: Any, validator: Draft202012Validator) -> tuple[tuple[Deviation, ...], list[Path]]:
    """Where a body deviates, and which values must be set aside for that.

    Raises:
        UndecodableError: one of them is required, or inside what is.
    """
    errors = [*validator.iter_errors(body)]
    deviations = tuple(_told(errors))
    removed: dict[Path, Deviation] = {}
    for _ in range(_MOST_ROUNDS):
        found = _told(errors, as_decoded=True)
        hindrances = [deviation for deviation in found if _hinders(deviation)]
        if not hindrances:
            # What is inside another value that is set aside stays as it is, in that one.
            return deviations, [
                place for place in removed if not any(_is_inside(place, other) for other in removed)
            ]
        places = {_property(deviation.path): deviation for deviation in hindrances}
        if () in places or any(each.kind is DriftKind.MISSING for each in hindrances):
            raise UndecodableError(tuple(removed.get(each.path, each) for each in hindrances))
        removed.update(places)
        for place in places:
            body = _changed(body, place, _left_out)
        errors = [*validator.iter_errors(body)]
    raise UndecodableError(tuple(removed.values()))


def _hinders(deviation: Deviation) -> bool:
    """Whether a value cannot be what its annotation says."""
    if deviation.kind is DriftKind.FORMAT:
        return deviation.expected in _DECODED_FORMATS
    return deviation.kind in {DriftKind.MISSING, DriftKind.NULL, DriftKind.TYPE}


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

    def __ne__(self, other: object) -> bool:
        return self is not other


def _is_inside(path: Path, outer: Path) -> bool:
    return len(path) > len(outer) and path[: len(outer)] == outer


def _property(path: Path) -> Path:
    """The nearest object property: an item cannot be left out of its array unnoticed."""
    while path and isinstance(path[-1], int):
        path = path[:-1]
    return path


def _changed(data: Any, path: Path, change: Callable[[Json, str], Json]) -> Any:
    """A copy in which the object that has the property at ``path`` is changed."""
    first, rest = path[0], path[1:]
    if is_array(data) and isinstance(first, int):
        return [*data[:first], _changed(data[first], rest, change), *data[first + 1 :]]
    if not is_object(data) or first not in data:
        return data  # an outer value was set aside already
    if rest:
        return {**data, str(first): _changed(data[str(first)], rest, change)}
    return change(data, str(first))


def _left_out(data: Json, name: str) -> Json:
    return {key: value for key, value in data.items() if key != name}


def _hidden(data: Json, name: str) -> Json:
    return {_SetAside(key) if key == name else key: value for key, value in data.items()}


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


def _told(errors: Iterable[ValidationError], *, as_decoded: bool = False) -> Iterator[Deviation]:
    """Where a value deviates; if as decoded, only from the shapes that decoding may take for it."""
    for error in errors:
        match error.kind:
            case Kind.AnyOf(branches) | Kind.OneOfNotValid(branches):
                likeliest = _likeliest(branches, error, as_decoded=as_decoded)
                yield from likeliest or [_of_type(error, "another shape")]
            case Kind.AdditionalProperties(names) | Kind.UnevaluatedProperties(names):
                parent: Any = error.instance
                for name in names:
                    path = (*error.instance_path, name)
                    yield Deviation(
                        path, DriftKind.UNKNOWN_FIELD, "a documented field", parent[name]
                    )
            case Kind.Required(name):
                path = (*error.instance_path, name)
                yield Deviation(path, DriftKind.MISSING, "a required field", None)
            case Kind.Enum(options):
                yield _one(error, DriftKind.UNKNOWN_MEMBER, f"one of {options}")
            case Kind.Type(types):
                yield _of_type(error, " or ".join(types))
            case Kind.Constant(value):
                yield _of_type(error, repr(value))
            case Kind.Format(name):
                yield _one(error, DriftKind.FORMAT, name)
            case _:
                yield _one(error, DriftKind.CONSTRAINT, error.message)


def _one(error: ValidationError, kind: DriftKind, expected: str) -> Deviation:
    return Deviation(tuple(error.instance_path), kind, expected, error.instance)


def _of_type(error: ValidationError, expected: str) -> Deviation:
    return _one(error, DriftKind.TYPE if error.instance is not None else DriftKind.NULL, expected)


def _likeliest(
    branches: list[list[ValidationError]], error: ValidationError, *, as_decoded: bool
) -> list[Deviation]:
    """The deviations from the shape that the value most likely means; none if it is of no type."""
    fitting: list[list[Deviation]] = []
    for branch in branches:
        here = [cause.kind for cause in branch if cause.instance_path == error.instance_path]
        others_keys = [kind for kind in here if isinstance(kind, Kind.Not)]
        if not any(isinstance(kind, Kind.Type) for kind in here) and not (
            as_decoded and others_keys
        ):
            causes = [cause for cause in branch if not isinstance(cause.kind, Kind.Not)]
            fitting.append([*_told(causes, as_decoded=as_decoded)])
    return min(fitting, key=_shortcomings) if fitting else []


def _shortcomings(deviations: list[Deviation]) -> tuple[int, int, int]:
    """How much keeps a value from a shape: first what a model cannot hold."""
    known = [each for each in deviations if each.kind is not DriftKind.UNKNOWN_FIELD]
    return sum(map(_hinders, deviations)), len(known), len(deviations)
