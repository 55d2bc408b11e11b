"""What a type checker says when one Python type stands where there was another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codegen.generator.python import ANY, UNSET, EnumOf, ListOf, LiteralOf, PythonType

if TYPE_CHECKING:
    from collections.abc import Mapping

    from codegen.generator.python import Alternative


def names_in(type_: PythonType) -> set[str]:
    """The classes and builtins in a type, also inside lists."""
    own = {str(one) for one in type_.alternatives if not isinstance(one, ListOf)}
    return own.union(*map(names_in, type_.items))


def refused(own: PythonType, other: PythonType) -> list[Alternative]:
    """The alternatives of the other type that may not stand where this one is asked for.

    They come in the order of a text.
    """
    return [
        alternative
        for alternative in other.alternatives
        if not any(_accepts(each, alternative) for each in own.alternatives)
    ]


def is_other(old: PythonType, new: PythonType) -> bool:
    """Whether one of two types may not stand where the other one is asked for."""
    return bool(refused(old, new) or refused(new, old))


def with_names(type_: PythonType, names: Mapping[str, str]) -> PythonType:
    """The same type with classes called by other names."""
    if not names:
        return type_
    return PythonType(tuple(_renamed(one, names) for one in type_.alternatives))


def _accepts(own: Alternative, other: Alternative) -> bool:
    if own == other:
        return True
    if own == ANY:
        return other != UNSET
    if isinstance(other, EnumOf):
        return own == other.base
    # Neither bool as int nor datetime as date, as a type checker would: they are sent otherwise.
    if own == "float":
        return other == "int"
    return isinstance(other, LiteralOf) and own == type(other.value).__name__


def _renamed(alternative: Alternative, names: Mapping[str, str]) -> Alternative:
    match alternative:
        case ListOf(item):
            return ListOf(with_names(item, names))
        case EnumOf(name, base):
            return EnumOf(names.get(name, name), base)
        case LiteralOf():
            return alternative
        case _:
            return names.get(alternative, alternative)
