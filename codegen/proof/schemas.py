"""Checking a value against one schema of a definition, closed, and telling what does not fit."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

import jsonschema_rs
import orjson
from jsonschema_rs import ValidationErrorKind

from codegen.files.values import JSON, JSONObject, lookup, pointer_to
from codegen.openapi.references import reference_pointer

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from jsonschema_rs import ValidationError, Validator


# Where JSON Schema 2020-12 has schemas inside a schema. Those that apply to the same value as the
# schema around them:
_IN_PLACE = ("$ref", "allOf", "anyOf", "oneOf", "then", "else", "dependentSchemas")
# Those that apply to a value inside:
_INSIDE = ("additionalProperties", "items", "patternProperties", "prefixItems", "properties",
           "unevaluatedItems", "unevaluatedProperties")  # fmt: skip
# Those that only ask whether a value fits, where closing would change the answer's meaning:
_QUESTIONS = ("contains", "if", "not", "propertyNames")
_MAPS = frozenset({"dependentSchemas", "patternProperties", "properties"})
_LISTS = frozenset({"allOf", "anyOf", "oneOf", "prefixItems"})


class UnusableSchemaError(Exception):
    """A schema that nothing can be checked against, such as one with a lost reference."""


class _Mode(Enum):
    CLOSED = "only the documented properties"
    COMPOSED = "the schema around it says which properties there are; closed further inside"
    OPEN = "as it is written, also further inside"


def close_schema(definition: JSON, schema: JSON) -> JSON:
    """Return ``schema`` closed, with what it refers to in ``definition`` beside it in ``$defs``.

    An object schema is closed when it lists properties and has neither ``additionalProperties``
    nor ``unevaluatedProperties`` of its own. What ``allOf`` or siblings compose is closed as a
    whole. Objects without listed properties stay free-form.

    Raises:
        UnusableSchemaError: a reference leads nowhere.
    """
    closing = _Closing(definition)
    closed = closing.close(schema, _Mode.CLOSED)
    if isinstance(closed, dict) and closing.definitions:
        return {**closed, "$defs": closing.definitions}
    return closed


class _Closing:
    """The closing of one schema; collects what it refers to, once per reference and mode."""

    def __init__(self, definition: JSON) -> None:
        self.definitions: dict[str, JSON] = {}
        self._definition = definition
        self._names: dict[tuple[str, _Mode], str] = {}

    def close(self, schema: JSON, mode: _Mode) -> JSON:
        if not isinstance(schema, dict):
            return schema
        in_place = self._mode_in_place(schema, mode)
        inside = _Mode.OPEN if mode is _Mode.OPEN else _Mode.CLOSED
        closed = dict(schema)
        for keywords, child_mode in (
            (_IN_PLACE, in_place),
            (_INSIDE, inside),
            (_QUESTIONS, _Mode.OPEN),
        ):
            for keyword in keywords:
                if keyword in schema:
                    closed[keyword] = self._close_keyword(keyword, schema[keyword], child_mode)
        if mode is _Mode.CLOSED and not _speaks_of_others(schema):
            if not any(keyword in schema for keyword in _IN_PLACE):
                if schema.get("properties"):
                    closed["additionalProperties"] = False
            elif in_place is _Mode.COMPOSED and self._lists_properties(schema, set()):
                closed["unevaluatedProperties"] = False
        return closed

    def _mode_in_place(self, schema: JSONObject, mode: _Mode) -> _Mode:
        """How the schemas are closed that apply to the same value as ``schema``.

        A mere reference or choice leaves it to each of them, which gives plainer messages than a
        closed composition does.
        """
        present = [keyword for keyword in _IN_PLACE if keyword in schema]
        if mode is _Mode.CLOSED and (
            present not in (["$ref"], ["anyOf"], ["oneOf"])
            or schema.get("properties")
            or _speaks_of_others(schema)
        ):
            return _Mode.COMPOSED
        return mode

    def _close_keyword(self, keyword: str, value: JSON, mode: _Mode) -> JSON:
        if keyword == "$ref":
            return self._reference(value, mode)
        if keyword in _MAPS and isinstance(value, dict):
            return {name: self.close(child, mode) for name, child in value.items()}
        if keyword in _LISTS and isinstance(value, list):
            return [self.close(child, mode) for child in value]
        return self.close(value, mode)

    def _reference(self, reference: JSON, mode: _Mode) -> JSON:
        target = self._target(reference)
        key = (str(reference), mode)
        if key not in self._names:
            name = self._names[key] = str(len(self._names))
            self.definitions[name] = self.close(target, mode)
        return f"#/$defs/{self._names[key]}"

    def _target(self, reference: JSON) -> JSON:
        try:
            return lookup(self._definition, reference_pointer(str(reference)))
        except KeyError:
            message = f"the $ref {reference!r} leads to nothing in the definition"
            raise UnusableSchemaError(message) from None

    def _lists_properties(self, schema: JSON, seen: set[str]) -> bool:
        """Whether any schema that applies to this value lists properties."""
        if not isinstance(schema, dict):
            return False
        reference = schema.get("$ref")
        if isinstance(reference, str):
            if reference in seen:
                return False
            seen.add(reference)
        return bool(schema.get("properties")) or any(
            self._lists_properties(child, seen) for child in self._applied_in_place(schema)
        )

    def _applied_in_place(self, schema: JSONObject) -> Iterator[JSON]:
        for keyword in _IN_PLACE:
            value = schema.get(keyword)
            if keyword == "$ref" and value is not None:
                yield self._target(value)
            elif isinstance(value, list):
                yield from value
            elif keyword in _MAPS and isinstance(value, dict):
                yield from value.values()
            else:
                yield value


def _speaks_of_others(schema: JSONObject) -> bool:
    return "additionalProperties" in schema or "unevaluatedProperties" in schema


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
