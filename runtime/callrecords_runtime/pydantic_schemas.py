"""Models as pydantic and FastAPI take them: how they are checked, written, and described.

Nothing here is imported before pydantic asks for it, so that nobody needs it.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from contextvars import ContextVar
from importlib import import_module
from typing import TYPE_CHECKING, Any, TypeVar, cast

from pydantic_core import core_schema

from callrecords_runtime.deviations import UndecodableError, decode
from callrecords_runtime.drift import json_path
from callrecords_runtime.subschemas import Schema, components_of, mapped, reference
from callrecords_runtime.validators import component_validators, definition_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from pydantic import GetJsonSchemaHandler

T = TypeVar("T")

_OF_OPENAPI = frozenset({"$ref", "discriminator", "example", "externalDocs", "xml"})
"""What is put in place, and what is no JSON Schema."""

_described: ContextVar[tuple[str, ...]] = ContextVar("described", default=())
"""What is being described, each within the one before: a definition may go round in a circle."""


def schema_of(
    kind: type[T],
    read: Callable[[Mapping[str, Any]], T],
    write: Callable[[T], dict[str, Any]],
    *of: type,
) -> core_schema.CoreSchema:
    """What takes instances of a class and JSON objects, and writes JSON objects.

    Args:
        kind: The class.
        read: Makes an instance of an object, and raises a ValueError for one that is none.
        write: Makes an object of an instance.
        of: The classes that it is of, if it is generic.
    """

    def validated(value: object) -> T:
        if isinstance(value, kind):
            return value
        if isinstance(value, Mapping):
            return read(cast("Mapping[str, Any]", value))
        raise ValueError(f"expected a {kind.__name__} or a JSON object")

    return core_schema.no_info_plain_validator_function(
        validated,
        ref=_name(kind) + (f"[{', '.join(map(_name, of))}]" if of else ""),
        serialization=core_schema.plain_serializer_function_ser_schema(write),
        # Under which pydantic keeps it, too; models that others refer to come by here only.
        metadata={"pydantic_js_functions": [kind.__get_pydantic_json_schema__]},  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]
    )


def schema_of_model(model: type[Any], generated: type[Any]) -> core_schema.CoreSchema:
    """The same for a model, which reads what fits the definition as a client does.

    Args:
        model: The class, which may inherit from the generated one.
        generated: The generated class.
    """
    return schema_of(model, functools.partial(_read, model, generated), model.to_dict)


def json_schema_of_model(
    model: type[Any], generated: type[Any], handler: GetJsonSchemaHandler
) -> Schema:
    """What the definition says of a model, for OpenAPI and others."""
    description = _Description(_package(generated), handler)
    return description.of_component(_name(model), (generated.__name__,))


class _Description:
    """Describes the models of a package to pydantic."""

    def __init__(self, package: str, handler: GetJsonSchemaHandler) -> None:
        self._package = package
        self._handler = handler

    def of_component(self, name: str, place: tuple[str, ...]) -> Schema:
        """A component by its schema; what is within itself may be anything there."""
        if name in _described.get():
            return {}
        token = _described.set((*_described.get(), name))
        try:
            return self._of(_at(self._package, place))
        finally:
            _described.reset(token)

    def _of(self, schema: Schema) -> Schema:
        own = {
            keyword: mapped(keyword, value, self._of)
            for keyword, value in schema.items()
            if keyword not in _OF_OPENAPI
        }
        place = reference(schema)
        return {**self._of_reference(place), **own} if place else own

    def _of_reference(self, place: tuple[str, ...]) -> Schema:
        """A model by the name that pydantic gives it, and anything else put in place."""
        models = import_module(f"{self._package}.models")
        model: Any = getattr(models, place[0], None) if len(place) == 1 else None
        if not hasattr(model, "__get_pydantic_core_schema__"):
            return self.of_component("/".join(place), place)
        if (name := _name(model)) in _described.get():
            return self._handler(core_schema.definition_reference_schema(name))
        # What is in another schema gets a name of its own; alone it would be put in place of this.
        schema = model.__get_pydantic_core_schema__(model, None)
        return self._handler(core_schema.definitions_schema(schema, []))


def _read(model: type[Any], generated: type[Any], data: Mapping[str, Any]) -> Any:
    check = component_validators(_package(generated), generated.__name__)
    try:
        return decode({**data}, check, model.from_dict)[0]
    except UndecodableError as error:
        told = "; ".join(
            f"{json_path(each.path, is_exact=True)}: expected {each.expected}"
            for each in error.deviations
        )
    raise ValueError(told)


def _package(generated: type) -> str:
    return generated.__module__.rpartition(".models.")[0]


def _at(package: str, place: tuple[str, ...]) -> Schema:
    """The schema at a place within the components of a package."""
    schema = components_of(definition_of(package))
    for step in place:
        schema = schema[step]
    return schema


def _name(kind: type) -> str:
    """Under which pydantic knows a class."""
    return f"{kind.__module__}.{kind.__qualname__}:{id(kind)}"
