"""The Python types of attributes, arguments and results, as far as a type checker compares them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from openapi_python_client.parser.properties import EnumProperty
from openapi_python_client.parser.properties.list_property import ListProperty
from openapi_python_client.parser.properties.union import UnionProperty

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from openapi_python_client.parser.properties.protocol import PropertyProtocol

ANY = "Any"
ABSENT = "Unset"
NULL = "None"


@dataclass(frozen=True)
class ListOf:
    """A list, which accepts no list of anything else: it could be appended to."""

    item: PythonType

    def __str__(self) -> str:
        return f"list[{self.item}]"


@dataclass(frozen=True)
class EnumOf:
    """An enumeration, whose members are also what their values are."""

    name: str
    base: str
    """``str`` or ``int``."""

    def __str__(self) -> str:
        return self.name


Alternative: TypeAlias = str | ListOf | EnumOf


@dataclass(frozen=True)
class PythonType:
    """A union of alternatives, or just one; their order means nothing."""

    alternatives: frozenset[Alternative]

    def __str__(self) -> str:
        return " | ".join(sorted(map(str, self.alternatives), key=_place_in_union))

    def __or__(self, other: PythonType) -> PythonType:
        return PythonType(self.alternatives | other.alternatives)

    @property
    def names(self) -> frozenset[str]:
        """The classes and builtins in it, also inside lists."""
        return frozenset(_names(self.alternatives))

    def refused(self, other: PythonType) -> list[Alternative]:
        """The alternatives of the other type that may not stand where this one is asked for.

        They come in the order of a text.
        """
        refused = [
            alternative
            for alternative in other.alternatives
            if not any(_accepts(own, alternative) for own in self.alternatives)
        ]
        return sorted(refused, key=lambda alternative: _place_in_union(str(alternative)))

    def renamed(self, names: Mapping[str, str]) -> PythonType:
        """The same with classes called by other names."""
        if not names:
            return self
        return PythonType(frozenset(_renamed(one, names) for one in self.alternatives))


def union(types: Iterable[PythonType]) -> PythonType:
    """A type that is one of several; None when there are none."""
    alternatives = frozenset(one for each in types for one in each.alternatives)
    return PythonType(alternatives or frozenset({NULL}))


def type_of(prop: PropertyProtocol) -> PythonType:
    """The type that an attribute or argument is given in generated code."""
    plain = plain_type_of(prop)
    return plain if prop.required else plain | PythonType(frozenset({ABSENT}))


def plain_type_of(prop: PropertyProtocol) -> PythonType:
    """The same without ``Unset``."""
    match prop:
        case ListProperty():
            return PythonType(frozenset({ListOf(type_of(prop.inner_property))}))
        case UnionProperty():
            return union(plain_type_of(member) for member in prop.inner_properties)
        case EnumProperty():
            base = "str" if prop.value_type is str else "int"
            return PythonType(frozenset({EnumOf(str(prop.class_info.name), base)}))
        case _:
            return named(prop.get_type_string(no_optional=True).as_unembedded_code())


def named(name: str) -> PythonType:
    """The type of a builtin or class."""
    return PythonType(frozenset({name}))


def _accepts(own: Alternative, other: Alternative) -> bool:
    if own == other:
        return True
    if own == ANY:
        return other != ABSENT
    if isinstance(other, EnumOf):
        return own == other.base
    # Neither bool as int nor datetime as date, as a type checker would: they are sent otherwise.
    if own == "float":
        return other == "int"
    return isinstance(other, str) and other.startswith("Literal[") and own == _literal_base(other)


def _literal_base(literal: str) -> str:
    value = literal.removeprefix("Literal[")
    if value[:1] in {'"', "'"}:
        return "str"
    return "bool" if value[:1] in {"T", "F"} else "int"


def _names(alternatives: Iterable[Alternative]) -> Iterator[str]:
    for alternative in alternatives:
        if isinstance(alternative, ListOf):
            yield from _names(alternative.item.alternatives)
        elif isinstance(alternative, EnumOf):
            yield alternative.name
        else:
            yield alternative


def _renamed(alternative: Alternative, names: Mapping[str, str]) -> Alternative:
    match alternative:
        case ListOf(item):
            return ListOf(item.renamed(names))
        case EnumOf(name, base):
            return EnumOf(names.get(name, name), base)
        case _:
            return names.get(alternative, alternative)


def _place_in_union(text: str) -> tuple[int, str]:
    return ((NULL, ABSENT).index(text) + 1 if text in {NULL, ABSENT} else 0, text)
