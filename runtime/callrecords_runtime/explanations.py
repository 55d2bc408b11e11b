"""Why a value is not what the definition says: from a validator's errors to deviations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from jsonschema_rs import ValidationErrorKind as Kind

from callrecords_runtime.drift import Deviation, DriftKind
from callrecords_runtime.unions import union_named

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from jsonschema_rs import ValidationError

    Explain: TypeAlias = Callable[[str, Any], list[list[ValidationError]]]
    """The errors of a value in each shape of a union that is named."""

_Place: TypeAlias = tuple[str | int, ...]

_DECODED_FORMATS = frozenset({"date", "date-time", "uuid"})
"""Those that become Python objects."""


def hinders(deviation: Deviation) -> bool:
    """Whether a value cannot be what its annotation says."""
    if deviation.kind is DriftKind.FORMAT:
        return deviation.expected in _DECODED_FORMATS
    return deviation.kind in {DriftKind.MISSING, DriftKind.NULL, DriftKind.TYPE}


def told(
    errors: Iterable[ValidationError],
    explain: Explain | None,
    *,
    as_decoded: bool = False,
    base: _Place = (),
) -> Iterator[Deviation]:
    """Where a value deviates; if as decoded, only from the shapes that decoding may take for it.

    Args:
        errors: Of a validator.
        explain: What tells the errors within unions that the validator only judges; without it they
            are told as wholes.
        as_decoded: See above.
        base: Where the value stands.
    """
    for error in errors:
        path = (*base, *error.instance_path)
        match error.kind:
            case Kind.AnyOf(branches) | Kind.OneOfNotValid(branches):
                place, within = error.instance_path, base
            case Kind.Not(schema) if union := union_named(schema):
                branches = [] if explain is None else explain(union, error.instance)
                place, within = [], path
            case _:
                yield from _plainly(error, path)
                continue
        causes = _likeliest(branches, place, as_decoded=as_decoded)
        if causes is None:
            yield _of_type(path, "another shape", error.instance)
        else:
            yield from told(causes, explain, as_decoded=as_decoded, base=within)


def _plainly(error: ValidationError, path: _Place) -> Iterator[Deviation]:
    value: Any = error.instance
    match error.kind:
        case Kind.AdditionalProperties(names) | Kind.UnevaluatedProperties(names):
            for name in names:
                unknown = DriftKind.UNKNOWN_FIELD
                yield Deviation((*path, name), unknown, "a documented field", value[name])
        case Kind.Required(name):
            yield Deviation((*path, name), DriftKind.MISSING, "a required field", None)
        case Kind.Enum(options):
            yield Deviation(path, DriftKind.UNKNOWN_MEMBER, f"one of {options}", value)
        case Kind.Type(types):
            yield _of_type(path, " or ".join(types), value)
        case Kind.Constant(constant):
            yield _of_type(path, repr(constant), value)
        case Kind.Format(name):
            yield Deviation(path, DriftKind.FORMAT, name, value)
        case _:
            yield Deviation(path, DriftKind.CONSTRAINT, error.message, value)


def _of_type(path: _Place, expected: str, value: Any) -> Deviation:
    return Deviation(path, DriftKind.NULL if value is None else DriftKind.TYPE, expected, value)


def _likeliest(
    branches: list[list[ValidationError]], place: list[str | int], *, as_decoded: bool
) -> list[ValidationError] | None:
    """What is wrong with the shape that the value most likely means; None if it is of no type."""
    fitting: list[list[ValidationError]] = []
    for branch in branches:
        here = [cause.kind for cause in branch if cause.instance_path == place]
        others_keys = [kind for kind in here if _is_anothers_key(kind)]
        if not any(isinstance(kind, Kind.Type) for kind in here) and not (
            as_decoded and others_keys
        ):
            fitting.append([cause for cause in branch if not _is_anothers_key(cause.kind)])
    return min(fitting, key=lambda causes: _shortcomings(causes, as_decoded), default=None)


def _is_anothers_key(kind: Any) -> bool:
    return isinstance(kind, Kind.Not) and not union_named(kind.schema)


def _shortcomings(causes: list[ValidationError], as_decoded: bool) -> tuple[int, int, int]:  # noqa: FBT001 - a key
    """How much keeps a value from a shape: first what a model cannot hold."""
    deviations = [*told(causes, None, as_decoded=as_decoded)]
    known = [each for each in deviations if each.kind is not DriftKind.UNKNOWN_FIELD]
    return sum(map(hinders, deviations)), len(known), len(deviations)
