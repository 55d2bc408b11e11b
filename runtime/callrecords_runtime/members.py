"""Texts and numbers as members of the enumerations that an annotation names."""

from __future__ import annotations

import enum
import types
import typing
from typing import TYPE_CHECKING, Any, cast

from callrecords_runtime.errors import ConfigurationError
from callrecords_runtime.shapes import alternatives, is_of, present

if TYPE_CHECKING:
    from collections.abc import Sequence


def fitting(name: str, annotation: Any, value: Any) -> Any:
    """The value, in which texts and numbers are members where nothing else will do.

    A value that fits no alternative is returned as it is.

    Args:
        name: The argument, for the error.
        annotation: What it may be.
        value: What was given.

    Raises:
        ConfigurationError: it is of another type than the members of the only enumeration.
    """
    kinds = present(alternatives(annotation))  # what was given is neither absent nor null
    if Any in kinds:
        return value
    if isinstance(value, list | tuple):
        return _fitting_list(name, kinds, cast("Sequence[Any]", value))
    if type(value) not in {str, int} or is_of(annotation, value):
        return value
    enumerations = [kind for kind in kinds if _is_enumeration(kind)]
    for enumeration in enumerations:
        if issubclass(enumeration, type(value)):
            return enumeration(value)
    if len(enumerations) == len(kinds) == 1:
        raise ConfigurationError(f"{name} is no {enumerations[0].__name__}: {value!r:.100}")
    return value


def shown_type(annotation: Any) -> str:
    """An annotation as code has it, classes without their modules."""
    arguments = typing.get_args(annotation)
    origin = typing.get_origin(annotation)
    if origin in {typing.Union, types.UnionType}:
        return " | ".join(map(shown_type, arguments))
    if origin is typing.Literal:
        return f"Literal[{', '.join(map(repr, arguments))}]"
    if annotation is types.NoneType:
        return "None"
    name = getattr(annotation, "__name__", str(annotation))
    return f"{name}[{', '.join(map(shown_type, arguments))}]" if arguments else name


def _fitting_list(name: str, kinds: Sequence[Any], values: Sequence[Any]) -> Any:
    """The list as the first alternative that takes every item."""
    lists = [one for one in kinds if typing.get_origin(one) is list]
    for one in lists:
        item = typing.get_args(one)[0]
        try:
            fit = [fitting(name, item, value) for value in values]
        except ConfigurationError:
            if len(lists) == 1:
                raise
            continue
        if is_of(one, fit):
            return fit
    return values


def _is_enumeration(annotation: Any) -> bool:
    return (
        isinstance(annotation, type)
        and issubclass(annotation, enum.Enum)
        and issubclass(annotation, (str, int))
    )
