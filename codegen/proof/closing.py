"""One schema of a definition as a closed JSON Schema that stands alone.

For checking only: a schema that lists properties and does not speak of others accepts no others.
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from codegen.files.values import JSON, JSONObject, lookup
from codegen.openapi.references import reference_pointer

if TYPE_CHECKING:
    from collections.abc import Iterator

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
