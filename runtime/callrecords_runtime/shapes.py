"""Which of several documented shapes a value is decoded to, and whether it is of a shape whole."""

from __future__ import annotations

import enum
import sys
import types
import typing
from collections.abc import Callable, Collection, Mapping, Sequence
from contextvars import ContextVar
from functools import cache
from operator import itemgetter
from types import MappingProxyType
from typing import Any, NamedTuple, TypeAlias, TypeGuard

import attrs

from callrecords_runtime.types import Unset

_EXTRAS = "additional_properties"


Chosen: TypeAlias = Mapping[tuple[int, Any], bool]
"""Values that are of a type, by their identity and it, and whether they have something that it does
not document. Without them, values in values in values would be looked through again at each level.
"""
_NONE_CHOSEN: Chosen = MappingProxyType({})


def alternatives(kind: Any) -> Sequence[Any]:
    """What an annotation says that a value may be."""
    is_union = typing.get_origin(kind) in {typing.Union, types.UnionType}
    return typing.get_args(kind) if is_union else (kind,)


def present(kinds: Sequence[Any]) -> Sequence[Any]:
    """Those of them which say that it is there."""
    return [each for each in kinds if each not in {Unset, types.NoneType}]


def fields_of(model: Any) -> dict[str, str]:
    """The attributes of a generated model, by the names of its documented members in JSON."""
    fields: dict[str, str] = getattr(sys.modules[model.__module__], "_FIELDS", {})
    return fields


def is_of(  # noqa: PLR0911 - one for each form
    annotation: Any, value: object, chosen: Chosen = _NONE_CHOSEN
) -> bool:
    """Whether a value is what an annotation says, and in it every attribute of a model."""
    if chosen and (id(value), annotation) in chosen:
        return True
    arguments = typing.get_args(annotation)
    origin = typing.get_origin(annotation)
    if annotation in {Any, typing.BinaryIO}:  # a File has seen to the latter
        return True
    if origin in {typing.Union, types.UnionType}:
        return any(is_of(argument, value, chosen) for argument in arguments)
    if origin is typing.Literal:
        return any(type(value) is type(one) and value == one for one in arguments)
    if origin is list:
        return _is_list(value) and all(is_of(arguments[0], item, chosen) for item in value)
    if origin is dict:
        return _is_dict(value) and all(is_of(arguments[1], item, chosen) for item in value.values())
    if annotation is float:
        return type(value) in {int, float}  # as type checkers have it
    if annotation in {int, str, bool}:
        # A member of an enumeration is the text or the number that it stands for.
        is_member = isinstance(value, enum.Enum) and isinstance(value, annotation)
        return is_member or type(value) is annotation
    return isinstance(value, annotation or types.NoneType) and all(
        is_of(own, getattr(value, name), chosen) for name, own in _attributes(value).items()
    )


def has_undocumented(value: object, chosen: Chosen = _NONE_CHOSEN) -> bool:
    """Whether a value, or one in it, is or has something that its class does not document."""
    if chosen and (known := chosen.get((id(value), type(value)))) is not None:
        return known
    if _is_list(value):
        return any(has_undocumented(item, chosen) for item in value)
    if isinstance(value, enum.Enum):
        return not getattr(value, "is_known", True)
    names = _attributes(value).keys() - {_EXTRAS}
    if names and getattr(value, _EXTRAS):
        return True
    return any(has_undocumented(getattr(value, name), chosen) for name in names)


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


def first_that_fits(
    value: Any,
    decoders: Mapping[Any, Callable[[Any], Any]],
    discriminator: str | None = None,
    known: Collection[str] = (),
) -> Any:
    """What a decoder makes of a value: of those that make what their type says, the first.

    One that finds no unknown field or member goes before one that does.

    Args:
        value: A JSON value.
        decoders: By the type that each makes.
        discriminator: The property that should have told which of them it is.
        known: The values by which it does.

    Raises:
        ValueError: none does.
    """
    choices = _choices.get()
    if choices is None:
        token = _choices.set(_Choices({}, {}))
        try:
            return first_that_fits(value, decoders, discriminator, known)
        finally:
            _choices.reset(token)
    place = (id(value), *decoders)
    if place not in choices.made:
        choices.made[place] = _first_that_fits(value, decoders, choices.fitting)
    if choices.made[place]:
        return choices.made[place][0]
    reason = f"no documented shape fits {value!r:.100}"
    if discriminator is not None:
        found = f"{value[discriminator]!r:.100}" if discriminator in value else "missing"
        values = ", ".join(map(repr, known))
        reason = f"{discriminator!r} is {found}, not one of {values}, and {reason}"
    raise ValueError(reason)


class _Choices(NamedTuple):
    made: dict[tuple[object, ...], list[Any]]
    """What became of a value of several shapes, by it and them; it is in a list, or none is."""
    fitting: dict[tuple[int, Any], bool]
    """Those that became something, by what they became and the shape that it is of."""


_choices: ContextVar[_Choices | None] = ContextVar("choices", default=None)
"""What was made of the values in the one being read.

Without it, every shape tried for a value would try every shape for those in it: twice the work for
each level of nesting.
"""


def _first_that_fits(
    value: Any, decoders: Mapping[Any, Callable[[Any], Any]], fitting: dict[tuple[int, Any], bool]
) -> list[Any]:
    found: list[tuple[bool, Any, Any]] = []
    for type_, decode in decoders.items():
        try:
            decoded = decode(value)
        except (AttributeError, KeyError, TypeError, ValueError):
            continue
        if is_of(type_, decoded, fitting):
            found.append((has_undocumented(decoded, fitting), type_, decoded))
            if not found[-1][0]:
                break
    if not found:
        return []
    # The first that is documented whole, else the first.
    has_unknown, type_, decoded = min(found, key=itemgetter(0))
    fitting[id(decoded), type_] = has_unknown
    return [decoded]
