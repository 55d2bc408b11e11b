"""What is wrong with a value that does not fit its schema, told for people."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import jsonschema_rs
import orjson
from jsonschema_rs import ValidationErrorKind

from codegen.files.values import JSON, pointer_to
from codegen.proof.closing import UnusableSchemaError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jsonschema_rs import ValidationError, Validator

_MASK = "\0"
_LONGEST_VALUE = 60


@dataclass(frozen=True)
class Mismatch:
    """One place of a value that does not fit."""

    pointer: str
    """The place, a JSON pointer; empty for the whole value."""
    message: str

    def __str__(self) -> str:
        return f"{self.pointer or '(the whole)'}: {self.message}"


def compile_validator(schema: JSON) -> Validator:
    """Return a validator of JSON Schema 2020-12, which checks formats too.

    Raises:
        UnusableSchemaError: this is no valid schema.
    """
    if not isinstance(schema, dict | bool):
        raise UnusableSchemaError(f"{_brief(schema)} is no schema")
    try:
        return jsonschema_rs.Draft202012Validator(
            schema, validate_formats=True, offline=True, mask=_MASK
        )
    except jsonschema_rs.ValidationError as error:
        place = pointer_to(*error.instance_path) or "its root"
        raise UnusableSchemaError(f"no valid schema, at {place}: {error.message}") from error


def find_mismatches(validator: Validator, value: JSON) -> list[Mismatch]:
    """Return all mismatches of ``value``; none when it is valid.

    Of ``anyOf`` and ``oneOf`` the branch speaks that the value most likely means: one of its type,
    whose mismatches lie deepest.
    """
    return _explain_all(list(validator.iter_errors(value)))


def _explain_all(errors: list[ValidationError]) -> list[Mismatch]:
    return [mismatch for error in _without_echoes(errors) for mismatch in _explain(error)]


def _without_echoes(errors: list[ValidationError]) -> list[ValidationError]:
    """Leave out complaints about unevaluated properties of a value that has real mismatches.

    The properties of an ``allOf`` member that fails count as unevaluated, documented or not.
    """
    causes = [
        error.instance_path
        for error in errors
        if not isinstance(error.kind, ValidationErrorKind.UnevaluatedProperties)
    ]
    return [
        error
        for error in errors
        if not isinstance(error.kind, ValidationErrorKind.UnevaluatedProperties)
        or not any(cause[: len(error.instance_path)] == error.instance_path for cause in causes)
    ]


def _explain(error: ValidationError) -> list[Mismatch]:
    match error.kind:
        case ValidationErrorKind.AnyOf(branches) | ValidationErrorKind.OneOfNotValid(branches):
            return _explain_choice(error, branches)
        case _:
            message = error.message.replace(_MASK, _brief(error.instance))
            return [Mismatch(pointer_to(*error.instance_path), message)]


def _explain_choice(
    error: ValidationError, branches: list[list[ValidationError]]
) -> list[Mismatch]:
    place = error.instance_path
    fitting = [branch for branch in branches if not _refused_types(branch, place)]
    if not fitting:
        types = {name: None for branch in branches for name in _refused_types(branch, place)}
        message = f"{_brief(error.instance)} is not of type {_alternatives(types)}"
        return [Mismatch(pointer_to(*place), message)]
    return max(map(_explain_all, fitting), key=_relevance)


def _refused_types(branch: list[ValidationError], place: list[str | int]) -> list[str]:
    """The types that a branch demands of the value at ``place``, which has another."""
    refused: list[str] = []
    for error in branch:
        if error.instance_path == place:
            match error.kind:
                case ValidationErrorKind.Type(types):
                    refused += types
                case ValidationErrorKind.AnyOf(inner) | ValidationErrorKind.OneOfNotValid(inner):
                    nested = [_refused_types(branch, place) for branch in inner]
                    if all(nested):
                        refused += [name for types in nested for name in types]
                case _:
                    pass
    return refused


def _relevance(mismatches: list[Mismatch]) -> tuple[int, int]:
    return min(mismatch.pointer.count("/") for mismatch in mismatches), -len(mismatches)


def _alternatives(types: Iterable[str]) -> str:
    *others, last = [f'"{name}"' for name in types]
    return f"{', '.join(others)} or {last}" if others else last


def _brief(value: object) -> str:
    if isinstance(value, dict) and value:
        return f"an object with {_count(len(value), 'member')}"  # pyright: ignore[reportUnknownArgumentType] - counted only
    if isinstance(value, list) and value:
        return f"an array of {_count(len(value), 'item')}"  # pyright: ignore[reportUnknownArgumentType] - counted only
    text = orjson.dumps(value).decode()
    return text if len(text) <= _LONGEST_VALUE else f"{text[: _LONGEST_VALUE - 1]}…"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
