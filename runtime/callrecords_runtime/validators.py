"""Validators for the answers of one generated package, made from the definition it carries.

They are its schemas with their objects closed, so that they see unknown fields.
"""

from __future__ import annotations

import functools
import os
from importlib import import_module
from typing import TYPE_CHECKING, Any, TypeAlias

import jsonschema_rs
import orjson

from callrecords_runtime.choices import chosen_as_decoded
from callrecords_runtime.patterns import runnable
from callrecords_runtime.serialization import (
    is_object,
    parse_date,
    parse_datetime,
)
from callrecords_runtime.subschemas import (
    SHAPES,
    Schema,
    components_of,
    mapped,
    reached,
    reference,
    types_of,
)
from callrecords_runtime.unions import OPEN, judged_unions

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable

Formats: TypeAlias = "dict[str, Callable[[str], bool]]"

_COMPOSING = SHAPES | {"$ref"}


class Validators:
    """What checks the answers of one operation and status."""

    def __init__(self, schema: Schema, components: Schema, package: str) -> None:
        self.package = package
        schema, components = runnable(schema, components)
        self._schema = _closed(schema, components)
        self.definitions = _closed_components(components)
        """The schemas it refers to, by name, with their objects closed."""

    @property
    def component(self) -> str | None:
        """The one that all of an answer is, if it is one."""
        place = reference(self._schema)
        return place[0] if len(place) == len(self._schema) == 1 else None

    @functools.cached_property
    def exact(self) -> jsonschema_rs.Draft202012Validator:
        """What tells how an answer deviates."""
        return compiled(self._schema, self._judged)

    @functools.cached_property
    def representable(self) -> jsonschema_rs.Draft202012Validator:
        """The same, but a date must also be one that Python can hold: five times slower."""
        return compiled(self._schema, self._judged, _representable_formats())

    @functools.cached_property
    def _judged(self) -> dict[str, Schema]:
        return judged_unions(self.definitions)

    @functools.cache  # noqa: B019 - validators are kept for good
    def _shapes(self, union: str) -> list[jsonschema_rs.Draft202012Validator]:
        shapes: list[Schema] = self._judged[union]["anyOf"]
        return [compiled(shape, self._judged) for shape in shapes]

    def explain(self, union: str, value: Any) -> list[list[jsonschema_rs.ValidationError]]:
        """What is wrong with a value in each shape of a union that the validators only judge."""
        return [[*shape.iter_errors(value)] for shape in self._shapes(union)]


@functools.cache
def validators(package: str, operation: str, status: int) -> Validators:
    """The validators for the answers to a generated package's operation with a status.

    A success that is not documented is read like one that is. They are compiled when they are
    first asked for.

    Raises:
        LookupError: there is no such operation, or it answers with no JSON.
    """
    definition = definition_of(package)
    return _validators(package, _response_schema(definition, operation, status))


@functools.cache
def event_validators(package: str, webhook: str) -> Validators:
    """The validators for the events of a generated package's webhook, compiled when asked for."""
    (method,) = definition_of(package)["webhooks"][webhook].values()
    content: Schema = method.get("requestBody", {}).get("content", {})
    return _validators(package, _schema_in(content) or {})


@functools.cache
def component_validators(package: str, component: str) -> Validators:
    """The validators for what a component of a generated package describes."""
    return _validators(package, {"$ref": f"#/components/schemas/{component}"})


def _validators(package: str, schema: Schema) -> Validators:
    components = components_of(definition_of(package))
    needed = reached([schema], components)
    return Validators(schema, {name: components[name] for name in sorted(needed)}, package)


@functools.cache
def definition_of(package: str) -> Schema:
    """The patched definition that a generated package carries, which nobody may change."""
    module: Any = import_module(package)
    # Wherever the package was loaded from; pkgutil and importlib.resources import a lot for it.
    path = os.path.join(os.path.dirname(module.__file__), "openapi.json")  # noqa: PTH118, PTH120 - likewise
    definition: Schema = orjson.loads(module.__loader__.get_data(path))
    return definition


def _response_schema(definition: Schema, operation: str, status: int) -> Schema:
    for path_item in definition["paths"].values():
        for value in path_item.values():
            if is_object(value) and value.get("operationId") == operation:
                return _json_schema(value["responses"], status)
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


def _json_schema(responses: Schema, status: int) -> Schema:
    for key in documented_statuses(responses, status):
        if (schema := _schema_in(responses[key].get("content", {}))) is not None:
            return schema
    raise LookupError(f"no JSON is documented for status {status}")


def _schema_in(content: Schema) -> Schema | None:
    """The schema of a body that was read as JSON, be that called so or anything.

    It may be ``*/*``, or a number as text/plain.
    """
    for media_type in sorted(content, key=lambda name: "json" not in name):
        if "schema" in content[media_type]:
            schema: Schema = content[media_type]["schema"]
            return schema
    return None


def compiled(
    schema: Schema, definitions: Schema | None = None, formats: Formats | None = None
) -> jsonschema_rs.Draft202012Validator:
    """What checks a schema, which refers to definitions of these names."""
    return jsonschema_rs.Draft202012Validator(
        {**schema, "$defs": definitions or {}},
        validate_formats=True,
        formats=formats,
        # Linear in the text, whatever a pattern says; it knows no lookahead and no backreference.
        pattern_options=jsonschema_rs.RegexOptions(),
        mask="it",
        offline=True,
    )


def _representable_formats() -> Formats:
    """The formats that become Python objects, which hold neither a leap second nor the year 0."""
    documented = compiled({"format": "date-time"})  # of which Python takes more forms
    return {
        "date": lambda text: _is_read(text, parse_date),
        "date-time": lambda text: documented.is_valid(text) and _is_read(text, parse_datetime),
    }


def _is_read(text: str, parse: Callable[[str], object]) -> bool:
    try:
        parse(text)
    except (ArithmeticError, ValueError):
        return False
    return True


def _closed_components(components: Schema) -> Schema:
    """The components closed, and open for where others are composed of them."""
    closed = {name: _closed(schema, components) for name, schema in components.items()}
    opened = {f"{name}{OPEN}": _composed(each, components) for name, each in components.items()}
    return closed | opened


def _closed(schema: Schema, components: Schema) -> Schema:
    """The schema with its objects closed; what ``allOf`` composes is closed as a whole."""
    changed = _checked(schema, components, open_under={"allOf"})
    if {"additionalProperties", "unevaluatedProperties"} & schema.keys():
        return changed
    if "allOf" in schema or (schema.get("properties") and _COMPOSING & schema.keys()):
        # A reference beside properties adds to them.
        return {**_composed(schema, components), "unevaluatedProperties": False}
    if schema.get("properties"):
        changed["additionalProperties"] = False
    return changed


def _composed(schema: Schema, components: Schema) -> Schema:
    """The schema with the objects inside it closed, and itself open to what others add."""
    changed = _checked(schema, components, open_under=SHAPES)
    if len(reference(schema)) == 1:
        changed["$ref"] += OPEN
    return changed


def _checked(schema: Schema, components: Schema, *, open_under: Collection[str]) -> Schema:
    """The schema with those in it changed, and its choices made as in decoding."""
    closed = functools.partial(_closed, components=components)
    composed = functools.partial(_composed, components=components)
    changed = {
        keyword: mapped(keyword, value, composed if keyword in open_under else closed)
        for keyword, value in schema.items()
    }
    if "properties" in schema:  # what must be there is known, be it listed or not
        changed["properties"] = (
            dict.fromkeys(schema.get("required", ()), True) | changed["properties"]
        )
    if "enum" in schema:  # of which other members are decoded too, if they are of its types
        changed["type"] = types_of(schema)
    return chosen_as_decoded(schema, changed, components)
