"""One definition in the order of another, so that a meaningless change of order is none.

The order of an object's members never means anything in JSON; that of some lists of OpenAPI does
not either. Whatever both definitions have is put in the order of the older one; what is new
follows what it follows where it was published.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar, cast, get_args

import orjson

from codegen.files.values import JSON, JSONObject, canonical, lookup, pointer_to, pointer_tokens
from codegen.openapi.grammar import Container, Kind, fields
from codegen.openapi.references import target_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


_T = TypeVar("_T")

_FIELDS = [item for kind in get_args(Kind) for item in fields(kind).items()]
_SETS = {"enum", "required", "security", "tags", "type"} | {
    name for name, field in _FIELDS if field.container is Container.LIST
} - {"prefixItems"}
"""The members whose lists are sets."""

_NAMES = {"mapping", "scopes", "variables"} | {
    name
    for name, field in _FIELDS
    if name and field.container in {Container.MAP, Container.PATTERNED}
}
"""The members whose own members have names that the definition chose."""

_DATA = {"const", "default", "example", "examples", "value"}
"""The members that hold data, in which a list is a list."""

_LABELS = "x-enum"
"""How extensions begin that say something of each value of an ``enum``, by its position."""


def in_order_of(new: JSON, old: JSON) -> JSON:
    """``new`` with what ``old`` has too in the order of ``old``; neither is changed.

    A list into which a reference leads stays as it is: it would lead to something else.
    """
    return _in_order(new, old, "", frozenset(_led_into(new, new)))


def _led_into(value: JSON, definition: JSON) -> Iterator[int]:
    """What identifies the lists of a definition into which the references in a value lead."""
    if isinstance(value, list):
        for inner in value:
            yield from _led_into(inner, definition)
    elif isinstance(value, dict):
        holder, target = definition, target_of(value)
        for key in () if target is None else pointer_tokens(target):
            if isinstance(holder, list):
                yield id(holder)
            try:
                holder = lookup(holder, pointer_to(key))
            except KeyError:
                break
        for inner in value.values():
            yield from _led_into(inner, definition)


def _in_order(new: JSON, old: JSON, keyword: str | None, fixed: frozenset[int]) -> JSON:
    """A value in a definition in the order of another one.

    ``keyword`` is the member that both stand in; None inside data.
    """
    if isinstance(new, dict):
        return _ordered_members(new, old if isinstance(old, dict) else {}, keyword, fixed)
    if not isinstance(new, list):
        return new
    before = old if isinstance(old, list) else []
    if keyword in _SETS and id(new) not in fixed:
        return _ordered_set(new, before, keyword, fixed)
    inner = None if keyword is None else ""
    return [
        _in_order(item, before[index] if index < len(before) else None, inner, fixed)
        for index, item in enumerate(new)
    ]


def _ordered_members(
    new: JSONObject, old: JSONObject, keyword: str | None, fixed: frozenset[int]
) -> JSONObject:
    is_named = keyword in _NAMES or keyword in _SETS
    has_values = keyword is not None and not is_named and isinstance(new.get("enum"), list)
    moved = _with_values_in_order(new, old) if has_values else new

    def inner(key: str) -> str | None:
        if is_named:
            return ""
        if keyword is None or key in _DATA or key.startswith("x-"):
            return None
        return None if moved is None and key == "enum" else key

    new = new if moved is None else moved
    return {
        key: _in_order(new[key], old.get(key), inner(key), fixed) for key in _arranged(new, old)
    }


def _with_values_in_order(new: JSONObject, old: JSONObject) -> JSONObject | None:
    """``new`` with its ``enum``, and what goes by its positions, in the order of that of ``old``.

    None when what goes by the positions does not fit them: no value may move then.
    """
    values = cast("list[JSON]", new["enum"])
    before = old.get("enum")
    by_position = {
        key: label
        for key, label in new.items()
        if (key == "enum" or key.startswith(_LABELS)) and isinstance(label, list)
    }
    positions = {_identity(value): position for position, value in enumerate(values)}
    if any(len(label) != len(values) for label in by_position.values()):
        return None
    if len(positions) < len(values) or not isinstance(before, list):
        return new
    known = dict.fromkeys(_identity(value) for value in before)
    arranged = _arranged(positions, known)
    return new | {
        key: [label[positions[identity]] for identity in arranged]
        for key, label in by_position.items()
    }


def _ordered_set(
    new: list[JSON], old: list[JSON], keyword: str, fixed: frozenset[int]
) -> list[JSON]:
    items = {_identity(item): item for item in new}
    before = {_identity(item): item for item in old}
    inner = None if keyword == "enum" else ""
    if len(items) < len(new) or len(before) < len(old):  # identities that say nothing
        return [_in_order(item, None, inner, fixed) for item in new]
    return [
        _in_order(items[key], before.get(key), inner, fixed) for key in _arranged(items, before)
    ]


def _identity(item: JSON) -> object:
    """What an item of a set is recognised by."""
    if isinstance(item, dict):
        for keys in (("$ref",), ("in", "name"), ("name",), ("title",)):
            if all(isinstance(item.get(key), str) for key in keys):
                return tuple(item[key] for key in keys)
    return canonical(_sorted(item, ""))


def _sorted(value: JSON, keyword: str) -> JSON:
    if isinstance(value, dict):
        return {key: _sorted(member, key) for key, member in value.items()}
    if isinstance(value, list):
        items = [_sorted(item, "") for item in value]
        return sorted(items, key=canonical) if keyword in _SETS else items
    return value


def _arranged(new: Iterable[_T], old: Iterable[_T]) -> list[_T]:
    """The items of ``new``: those of ``old`` in its order, each other one after its predecessor."""
    ranks = {item: rank for rank, item in enumerate(old)}
    places: dict[_T, int] = {}
    place = -1
    for item in new:
        places[item] = place = ranks.get(item, place)
    return sorted(new, key=places.__getitem__)


def is_same_but_for_order(one: JSON, other: JSON) -> bool:
    """Whether two definitions say the same."""
    return orjson.dumps(in_order_of(one, other)) == orjson.dumps(other)
