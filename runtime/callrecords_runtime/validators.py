"""Validators for the answers of one generated package, made from the definition it carries.

The *quick* one says in a microsecond or so whether an answer fits: what passes it, and is then
decoded without an error and with every date in its usual form, is what the definition says. For
any other answer there are two more, compiled for the first of these. The *exact* one is the schema
with its objects closed, so that it sees unknown fields. The *decodable* one asks only what decoding
needs: types, required fields, and formats that become Python objects. What fits it can be decoded
without an attribute that holds what its annotation denies.
"""

from __future__ import annotations

import functools
from importlib import import_module
from importlib.resources import files
from typing import TYPE_CHECKING, Any, TypeAlias

import jsonschema_rs
import orjson
from attrs import frozen

from callrecords_runtime.choices import chosen_as_decoded, exclusive
from callrecords_runtime.quick import left_to_decoding
from callrecords_runtime.serialization import (
    SpelledDatetime,
    is_array,
    is_object,
    parse_date,
    parse_datetime,
)
from callrecords_runtime.subschemas import SHAPES, Schema, mapped, reference, types_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

Formats: TypeAlias = "dict[str, Callable[[str], bool]]"
_METHODS = frozenset({"get", "put", "post", "delete", "options", "head", "patch", "trace"})
_STRUCTURE = frozenset(
    {
        *("$ref", "additionalProperties", "allOf", "anyOf", "items", "oneOf", "prefixItems"),
        *("const", "properties", "required", "type", "unevaluatedProperties"),
    }
)
_DECODED_FORMATS = frozenset({"date", "date-time", "uuid"})
_COMPOSING = SHAPES | {"$ref"}
_OPEN = ".open"
"""The end of a component's name where it is composed with others."""


@frozen
class Checks:
    """What tells how an answer deviates, and what of it cannot be decoded."""

    exact: jsonschema_rs.Draft202012Validator
    decodable: jsonschema_rs.Draft202012Validator


class Validators:
    """What checks the answers of one operation and status."""

    def __init__(self, schema: Schema, components: Schema, package: str) -> None:
        self._schema = schema
        self._components = components
        self._package = package
        self.datetimes = SpelledDatetime
        self.quick = self._quick(with_dates=True)

    @functools.cached_property
    def quick_of_dates(self) -> jsonschema_rs.Draft202012Validator:
        """What the quick one leaves to decoding of dates, when they are not in the usual form."""
        return self._quick(with_dates=False)

    @functools.cached_property
    def documented(self) -> Checks:
        """The checks as the definition has them."""
        return self._checks({})

    @functools.cached_property
    def representable(self) -> Checks:
        """The same, but a date must also be one that Python can hold, which takes longer."""
        return self._checks(_representable_formats())

    def _quick(self, *, with_dates: bool) -> jsonschema_rs.Draft202012Validator:
        closed = _closed_components(self._components)
        models = import_module(f"{self._package}.models").__all__
        return _compile(
            *left_to_decoding(_closed(self._schema), closed, models, with_dates=with_dates)
        )

    def _checks(self, formats: Formats) -> Checks:
        components = self._components
        closed = _closed_components(components)
        decodable = {name: _decodable(schema, components) for name, schema in components.items()}
        return Checks(
            exact=_compile(_closed(self._schema), closed, formats),
            decodable=_compile(_decodable(self._schema, components), decodable, formats),
        )


@functools.cache
def validators(package: str, operation: str, status: int) -> Validators:
    """The validators for the answers to a generated package's operation with a status.

    A success that is not documented is read like one that is. They are compiled when they are
    first asked for.

    Raises:
        LookupError: there is no such operation, or it answers with no JSON.
    """
    definition = definition_of(package)
    components: Schema = definition.get("components", {}).get("schemas", {})
    schema = _response_schema(definition, operation, status)
    return Validators(schema, _reachable(schema, components), package)


def _reachable(schema: Schema, components: Schema) -> Schema:
    """The components that a schema refers to, directly or through others."""
    found: Schema = {}
    waiting: list[Any] = [schema]
    while waiting:
        value = waiting.pop()
        if is_array(value):
            waiting += value
        elif is_object(value):
            waiting += value.values()
            for name in reference(value)[:1]:
                if name in components and name not in found:
                    found[name] = components[name]
                    waiting.append(components[name])
    return {name: schema for name, schema in components.items() if name in found}


@functools.cache
def definition_of(package: str) -> Schema:
    """The patched definition that a generated package carries, which nobody may change."""
    definition: Schema = orjson.loads(files(package).joinpath("openapi.json").read_bytes())
    return definition


def _response_schema(definition: Schema, operation: str, status: int) -> Schema:
    for path_item in definition["paths"].values():
        for method, value in path_item.items():
            if method in _METHODS and value.get("operationId") == operation:
                return _json_schema(definition, value["responses"], status)
    raise LookupError(f"no operation {operation}")


def documented_statuses(documented: Iterable[str], status: int) -> list[str]:
    """The keys of documented responses that say what a success with a status holds, best first.

    Those are the status, its range (``2XX``), and for a success that is not documented one that
    is. Who reads an answer and who checks it must take the same one.
    """
    keys = sorted(documented)
    successes = [key for key in keys if key.startswith("2")]
    span = f"{status // 100}XX"
    ranges = [key for key in keys if key.upper() == span]
    wanted = dict.fromkeys([str(status), *ranges, *successes, "default"])
    return [key for key in wanted if key in keys]


def _json_schema(definition: Schema, responses: Schema, status: int) -> Schema:
    for key in documented_statuses(responses, status):
        response: Schema = responses[key]
        while "$ref" in response:
            response = definition["components"]["responses"][response["$ref"].rpartition("/")[2]]
        content: Schema = response.get("content", {})
        for media_type, value in content.items():
            if "json" in media_type and "schema" in value:
                schema: Schema = value["schema"]
                return schema
    raise LookupError(f"no JSON is documented for status {status}")


def _compile(
    schema: Schema, definitions: Schema, formats: Formats | None = None
) -> jsonschema_rs.Draft202012Validator:
    return jsonschema_rs.Draft202012Validator(
        {**schema, "$defs": definitions}, validate_formats=True, formats=formats, offline=True
    )


def _representable_formats() -> Formats:
    """The formats that become Python objects, which hold neither a leap second nor the year 0."""
    return {"date": _both("date", parse_date), "date-time": _both("date-time", parse_datetime)}


def _both(name: str, parse: Callable[[str], object]) -> Callable[[str], bool]:
    """Whether a text has a format, and Python can say so."""
    documented = _compile({"format": name}, {})

    def fits(text: str) -> bool:
        try:
            parse(text)
        except (ArithmeticError, ValueError):
            return False
        return documented.is_valid(text)

    return fits


def _closed_components(components: Schema) -> Schema:
    """The components closed, and open for where others are composed of them."""
    closed = {name: _closed(component) for name, component in components.items()}
    return {
        **closed,
        **{f"{name}{_OPEN}": _composed(schema) for name, schema in components.items()},
    }


def _closed(schema: Schema) -> Schema:
    """The schema with its objects closed; what ``allOf`` composes is closed as a whole."""
    changed = chosen_as_decoded(
        schema,
        {
            key: mapped(key, value, _composed if key == "allOf" else _closed)
            for key, value in schema.items()
        },
    )
    if {"additionalProperties", "unevaluatedProperties"} & schema.keys():
        return changed
    if "allOf" in schema or (schema.get("properties") and _COMPOSING & schema.keys()):
        # A reference beside properties adds to them.
        return {**_composed(schema), "unevaluatedProperties": False}
    if schema.get("properties"):
        changed["additionalProperties"] = False
    return changed


def _composed(schema: Schema) -> Schema:
    """The schema with the objects inside it closed, and itself open to what others add."""
    changed = chosen_as_decoded(
        schema,
        {
            key: mapped(key, value, _composed if key in SHAPES else _closed)
            for key, value in schema.items()
        },
    )
    if len(reference(schema)) == 1:
        changed["$ref"] += _OPEN
    return changed


def _decodable(schema: Schema, components: Schema) -> Schema:
    """The schema without what decoding does not depend on."""
    kept = {key: value for key, value in schema.items() if key in _STRUCTURE}
    for key in ("additionalProperties", "unevaluatedProperties"):
        if kept.get(key) is False:
            del kept[key]
    if schema.get("format") in _DECODED_FORMATS:
        kept["format"] = schema["format"]
    if "enum" in schema:  # of which other members are decoded too
        kept["type"] = types_of(schema)
    if "discriminator" not in schema:
        kept = exclusive(kept, components)
    return chosen_as_decoded(
        schema,
        {
            key: mapped(
                key,
                value,
                lambda child: _decodable(child, components) if "if" not in child else child,
            )
            for key, value in kept.items()
        },
    )
