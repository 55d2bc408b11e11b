"""Whether a value that was decoded has the shape that its type documents."""

from __future__ import annotations

import enum
import types
import typing
from functools import cache
from typing import Any, TypeGuard

import attrs

_EXTRAS = "additional_properties"


def is_of(annotation: Any, value: object) -> bool:  # noqa: PLR0911 - one for each form
    """Whether a value is what an annotation says, and in it every attribute of a model."""
    arguments = typing.get_args(annotation)
    origin = typing.get_origin(annotation)
    if annotation in {Any, typing.BinaryIO}:  # a File has seen to the latter
        return True
    if origin in {typing.Union, types.UnionType}:
        return any(is_of(argument, value) for argument in arguments)
    if origin is typing.Literal:
        return any(type(value) is type(one) and value == one for one in arguments)
    if origin is list:
        return _is_list(value) and all(is_of(arguments[0], item) for item in value)
    if origin is dict:
        return _is_dict(value) and all(is_of(arguments[1], item) for item in value.values())
    if annotation is float:
        return type(value) in {int, float}  # as type checkers have it
    if annotation in {int, str, bool}:
        # A member of an enumeration is the text or the number that it stands for.
        is_member = isinstance(value, enum.Enum) and isinstance(value, annotation)
        return is_member or type(value) is annotation
    return isinstance(value, annotation or types.NoneType) and all(
        is_of(own, getattr(value, name)) for name, own in _attributes(value).items()
    )


def has_undocumented(value: object) -> bool:
    """Whether a value, or one in it, is or has something that its class does not document."""
    if _is_list(value):
        return any(map(has_undocumented, value))
    if isinstance(value, enum.Enum):
        return not getattr(value, "is_known", True)
    names = _attributes(value).keys() - {_EXTRAS}
    if names and getattr(value, _EXTRAS):
        return True
    return any(has_undocumented(getattr(value, name)) for name in names)


def _attributes(value: object) -> dict[str, Any]:
    """The annotations of a model's attributes, by name; none if it is no model."""
    model: type[Any] = type(value)
    return _annotations(model) if attrs.has(model) else {}


@cache
def _annotations(model: type[Any]) -> dict[str, Any]:
    annotations = typing.get_type_hints(model)
    return {field.name: annotations[field.name] for field in attrs.fields(model)}


def _is_list(value: object) -> TypeGuard[list[object]]:
    return isinstance(value, list)


def _is_dict(value: object) -> TypeGuard[dict[object, object]]:
    return isinstance(value, dict)
