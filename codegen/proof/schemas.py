"""Checking a value against one schema of a definition, closed, and telling what does not fit.

Closed, for checking only: a schema that lists properties and does not speak of others accepts no
others.
"""

from __future__ import annotations

import itertools
from enum import Enum
from functools import partial
from typing import TYPE_CHECKING

import jsonschema_rs
import orjson
from jsonschema_rs import ValidationError, ValidationErrorKind, Validator

from codegen.files.errors import Problem, counted
from codegen.files.values import JSON, JSONObject, lookup, pointer_to
from codegen.openapi.grammar import Applies, fields, keywords
from codegen.openapi.references import reference_pointer

if TYPE_CHECKING:
    from collections.abc import Iterator


_IN_PLACE = ("$ref", *keywords(Applies.IN_PLACE))
_MASK = "\0"
_LONGEST_VALUE = 60


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
    return {**closed, "$defs": closing.definitions} if isinstance(closed, dict) else closed


class _Closing:
    """The closing of one schema; collects what it refers to, once per reference and mode."""

    def __init__(self, definition: JSON) -> None:
        self.definitions: dict[str, JSON] = {}
        self._definition = definition
        self._names: dict[tuple[str, _Mode], str] = {}

    def _close(self, mode: _Mode, _: str | int | None, schema: JSON) -> JSON:
        return self.close(schema, mode)

    def close(self, schema: JSON, mode: _Mode) -> JSON:
        if not isinstance(schema, dict):
            return schema
        modes = {
            Applies.IN_PLACE: _mode_in_place(schema, mode),
            Applies.INSIDE: _Mode.OPEN if mode is _Mode.OPEN else _Mode.CLOSED,
            # Closing what only asks whether a value fits would change the answer's meaning.
            Applies.AS_QUESTION: _Mode.OPEN,
        }
        closed = dict(schema)
        for keyword, value in schema.items():
            field = fields("schema").get(keyword)
            if keyword == "$ref":
                closed[keyword] = self._reference(value, modes[Applies.IN_PLACE])
            elif field is not None and field.applies is not None:
                closed[keyword] = field.with_each(value, partial(self._close, modes[field.applies]))
        if mode is _Mode.CLOSED and not _speaks_of_others(schema):
            if not any(keyword in schema for keyword in _IN_PLACE):
                if schema.get("properties"):
                    closed["additionalProperties"] = False
            elif modes[Applies.IN_PLACE] is _Mode.COMPOSED:
                parts = self._applied_in_place(schema, set())
                if any(part.get("properties") for part in parts):
                    closed["unevaluatedProperties"] = False
        return closed

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

    def _applied_in_place(self, schema: JSON, seen: set[str]) -> Iterator[JSONObject]:
        """The schema and all that apply to the same value; each reference is followed once."""
        if not isinstance(schema, dict):
            return
        yield schema
        for keyword, value in schema.items():
            field = fields("schema").get(keyword)
            if keyword == "$ref" and str(value) not in seen:
                seen.add(str(value))
                yield from self._applied_in_place(self._target(value), seen)
            elif field is not None and field.applies is Applies.IN_PLACE:
                for _, child in field.members(value):
                    yield from self._applied_in_place(child, seen)


def _mode_in_place(schema: JSONObject, mode: _Mode) -> _Mode:
    """How the schemas are closed that apply to the same value as ``schema``.

    A mere reference or choice leaves it to each of them, which gives plainer messages than a
    closed composition does.
    """
    in_place = [keyword for keyword in _IN_PLACE if keyword in schema]
    is_mere = in_place in (["$ref"], ["anyOf"], ["oneOf"]) and not schema.get("properties")
    if mode is _Mode.CLOSED and (not is_mere or _speaks_of_others(schema)):
        return _Mode.COMPOSED
    return mode


def _speaks_of_others(schema: JSONObject) -> bool:
    return "additionalProperties" in schema or "unevaluatedProperties" in schema


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


def find_mismatches(validator: Validator, value: JSON) -> list[Problem]:
    """Return where ``value`` does not fit; nothing when it is valid.

    The kind of each is the keyword that refuses, such as ``type``. Of ``anyOf`` and ``oneOf`` the
    branch speaks that the value most likely means: one of its type, whose mismatches lie deepest.
    """
    return _explain_all(list(validator.iter_errors(value)))


def _explain_all(errors: list[ValidationError]) -> list[Problem]:
    """Explain all but complaints about unevaluated properties of a value with real mismatches.

    The properties of an ``allOf`` member that fails count as unevaluated, documented or not.
    """
    echoes = ValidationErrorKind.UnevaluatedProperties
    causes = [error.instance_path for error in errors if not isinstance(error.kind, echoes)]
    return [
        mismatch
        for error in errors
        if not isinstance(error.kind, echoes)
        or not any(cause[: len(error.instance_path)] == error.instance_path for cause in causes)
        for mismatch in _explain(error)
    ]


def _explain(error: ValidationError) -> list[Problem]:
    place = error.instance_path
    match error.kind:
        case ValidationErrorKind.AnyOf(branches) | ValidationErrorKind.OneOfNotValid(branches):
            fitting = [branch for branch in branches if not _refused_types(branch, place)]
            if fitting:
                return max(map(_explain_all, fitting), key=_relevance)
            refused = itertools.chain(*(_refused_types(branch, place) for branch in branches))
            *others, last = [f'"{name}"' for name in dict.fromkeys(refused)]
            types = f"{', '.join(others)} or {last}" if others else last
            kind, message = "type", f"{_brief(error.instance)} is not of type {types}"
        case _:
            kind, message = error.kind.name, error.message.replace(_MASK, _brief(error.instance))
    return [Problem(kind, pointer_to(*place), message)]


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
                    refused += itertools.chain(*nested) if all(nested) else ()
                case _:
                    pass
    return refused


def _relevance(problems: list[Problem]) -> tuple[int, int]:
    return min(problem.pointer.count("/") for problem in problems), -len(problems)


def _brief(value: object) -> str:
    if isinstance(value, dict) and value:
        return f"an object with {counted(len(value), 'member')}"  # pyright: ignore[reportUnknownArgumentType] - counted only
    if isinstance(value, list) and value:
        return f"an array of {counted(len(value), 'item')}"  # pyright: ignore[reportUnknownArgumentType] - counted only
    text = orjson.dumps(value).decode()
    return text if len(text) <= _LONGEST_VALUE else f"{text[: _LONGEST_VALUE - 1]}…"
