"""The generated models' fields, from which peers get models with the same types."""

from __future__ import annotations

import functools
import sys
import types
import typing
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import attrs

from callrecords_runtime.types import Unset

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True)
class Field:
    """One field of a model."""

    attribute: str
    wire_name: str
    """In JSON."""
    annotation: Any
    """Its type when it is there."""
    is_required: bool


@functools.cache
def fields_of(model: type) -> tuple[Field, ...]:
    """The documented fields of a generated model, in their order."""
    wire_names = _wire_names(model)
    annotations = {
        name: annotation
        for name, annotation in typing.get_type_hints(model).items()
        if name in wire_names
    }
    return tuple(
        Field(
            attribute=name,
            wire_name=wire_names[name],
            annotation=_without(annotation, Unset),
            is_required=Unset not in typing.get_args(annotation),
        )
        for name, annotation in annotations.items()
    )


def models_in(annotation: object) -> list[type]:
    """The models that an annotation speaks of."""
    if attrs.has(typing.cast("type", annotation)):
        return [typing.cast("type", annotation)]
    return [model for argument in typing.get_args(annotation) for model in models_in(argument)]


def array_of(annotation: object) -> object:
    """The annotation of an array."""
    return types.GenericAlias(list, (annotation,))


def remade(model: type, make: Callable[[str, tuple[Field, ...]], type]) -> type:
    """Another library's model with the fields of a generated one, and so on for those within.

    Args:
        model: The generated one, which must not lead back to itself.
        make: Makes a model from its name and its fields.
    """

    @functools.cache
    def again(model: type) -> type:
        fields = (
            replace(field, annotation=_replaced(field.annotation, again))
            for field in fields_of(model)
        )
        return make(model.__name__, tuple(fields))

    return again(model)


def _replaced(annotation: object, again: Callable[[type], type]) -> object:
    """An annotation that speaks of remade models."""
    if attrs.has(typing.cast("type", annotation)):
        return again(typing.cast("type", annotation))
    arguments = typing.get_args(annotation)
    if not models_in(annotation):
        return annotation
    replaced = tuple(_replaced(argument, again) for argument in arguments)
    return array_of(*replaced) if typing.get_origin(annotation) is list else _union_of(replaced)


def _wire_names(model: type) -> dict[str, str]:
    """The names in JSON by those of the attributes."""
    names: dict[str, str] = vars(sys.modules[model.__module__])["_FIELDS"]
    return {attribute: name for name, attribute in names.items()}


def _without(annotation: object, absent: type) -> object:
    """A union without one of its members; anything else as it is."""
    if absent not in typing.get_args(annotation):
        return annotation
    kept = tuple(argument for argument in typing.get_args(annotation) if argument is not absent)
    return _union_of(kept)


def _union_of(annotations: tuple[object, ...]) -> object:
    """The annotation of a choice; of one alone, that one."""
    return typing.Union[annotations]  # noqa: UP007 - how many there are is known at run time only
