"""Texts and numbers as members of the enumerations that an argument's annotation names."""

from __future__ import annotations

import contextlib
import enum
import types
import typing
from typing import TYPE_CHECKING, Any, cast

from callrecords.errors import ConfigurationError
from callrecords.providers._calls import member

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    IsOf = Callable[[Any, object], bool]


class MisfitError(Exception):
    """A text, a number or a list that no alternative of an annotation can take."""


def wants_members(annotation: Any) -> bool:  # noqa: ANN401 - of any type
    """Whether an annotation names an enumeration of texts or of numbers, at any depth."""
    return _is_enumeration(annotation) or any(map(wants_members, typing.get_args(annotation)))


def with_members(name: str, annotation: Any, value: Any, is_of: IsOf) -> Any:  # noqa: ANN401 - of any type
    """The value, in which texts and numbers are members where nothing else will do.

    What is neither a text nor a number nor a list is left to whoever builds the request.

    Args:
        name: The argument, for the error.
        annotation: What it may be.
        value: What was given.
        is_of: Whether a value is what an annotation says.

    Raises:
        ConfigurationError: it is of another type than the members of the only enumeration.
        MisfitError: it fits none of several alternatives.
    """
    alternatives = _alternatives(annotation)
    if Any in alternatives:
        return value
    if isinstance(value, list):
        return _list_with_members(name, alternatives, cast("Sequence[Any]", value), is_of)
    if type(value) not in {str, int} or is_of(annotation, value):
        return value
    enumerations = [alternative for alternative in alternatives if _is_enumeration(alternative)]
    if len(enumerations) == len(alternatives) == 1:
        return member(name, enumerations[0], value)
    for enumeration in enumerations:
        if issubclass(enumeration, type(value)):
            return enumeration(value)
    raise MisfitError


def _list_with_members(
    name: str, alternatives: Sequence[Any], values: Sequence[Any], is_of: IsOf
) -> list[Any]:
    """The list as the first alternative that takes every item."""
    items = [
        typing.get_args(alternative)[0]
        for alternative in alternatives
        if typing.get_origin(alternative) is list
    ]
    if len(items) == 1:  # whose error names the item
        return [with_members(name, items[0], element, is_of) for element in values]
    for item in items:
        with contextlib.suppress(ConfigurationError, MisfitError):
            return [with_members(name, item, element, is_of) for element in values]
    raise MisfitError


def _alternatives(annotation: Any) -> list[Any]:  # noqa: ANN401 - of any type
    """What a text, a number or a list can be of; it is neither absent nor null."""
    is_union = typing.get_origin(annotation) in {typing.Union, types.UnionType}
    alternatives = typing.get_args(annotation) if is_union else (annotation,)
    return [
        alternative
        for alternative in alternatives
        if getattr(alternative, "__name__", "") not in {"Unset", "NoneType"}
    ]


def _is_enumeration(annotation: Any) -> bool:  # noqa: ANN401 - of any type
    return (
        isinstance(annotation, type)
        and issubclass(annotation, enum.Enum)
        and issubclass(annotation, (str, int))
    )
