"""Where one definition refuses what another accepted, as far as single keywords tell.

Only objects that both definitions have at the same place are compared: what is new cannot be
stricter than nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from codegen.files.values import pointer_to
from codegen.openapi.grammar import children, root
from codegen.proof.validation_view import SEEN_FORMATS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from codegen.files.values import JSON, JSONObject
    from codegen.openapi.grammar import Node

_UPPER_BOUNDS = ("exclusiveMaximum", "maxItems", "maxLength", "maxProperties", "maximum")
_LOWER_BOUNDS = ("exclusiveMinimum", "minItems", "minLength", "minProperties", "minimum")
_CONDITIONS = frozenset({
    *_UPPER_BOUNDS, *_LOWER_BOUNDS, "const", "contains", "dependentRequired", "enum", "multipleOf",
    "not", "pattern", "propertyNames", "required", "uniqueItems",
})  # fmt: skip
_CLOSINGS = ("additionalProperties", "unevaluatedItems", "unevaluatedProperties")
# Of these one may take the place of another: an object becomes a choice.
_SHAPES = ("$ref", "allOf", "anyOf", "oneOf", "type")


def stricter_places(before: JSONObject, after: JSONObject) -> list[str]:
    """Return the JSON pointers of keywords with which ``after`` refuses what ``before`` accepted.

    What the definitions share in memory costs nothing.
    """
    return [
        new.pointer + pointer_to(keyword)
        for old, new in _pairs(root(before), root(after))
        for keyword in _stricter_keywords(old, new)
    ]


def _pairs(old: Node, new: Node) -> Iterator[tuple[Node, Node]]:
    if old.value is new.value:
        return
    yield old, new
    before = {node.pointer: node for node in children(old)}
    for node in children(new):
        if node.pointer in before:
            yield from _pairs(before[node.pointer], node)


def _stricter_keywords(old: Node, new: Node) -> Iterator[str]:
    before, after = old.value, new.value
    if new.kind in ("parameter", "request body"):
        if after.get("required") is True and before.get("required") is not True:
            yield "required"
    elif new.kind == "schema":
        for keyword, value in after.items():
            if (
                _is_narrower(keyword, before[keyword], value)
                if keyword in before
                else _is_condition(keyword, value, before)
            ):
                yield keyword


def _is_condition(keyword: str, value: JSON, before: JSONObject) -> bool:
    """Whether a keyword that is new refuses something."""
    if keyword in _SHAPES:
        return not any(shape in before for shape in _SHAPES)
    if keyword in _CLOSINGS:
        return value is False
    if keyword == "format":
        return value in SEEN_FORMATS
    return keyword in _CONDITIONS and value is not False and value != []


def _is_narrower(keyword: str, old: JSON, new: JSON) -> bool:
    """Whether a keyword refuses more than it did; a replaced type or pattern does not count."""
    match old, new:
        case list(), list() if keyword == "enum":
            return bool(_without(old, new))
        case list(), list() if keyword == "required":
            return bool(_without(new, old))
        case ((int() | float()), (int() | float())) if keyword in _UPPER_BOUNDS:
            return new < old
        case ((int() | float()), (int() | float())) if keyword in _LOWER_BOUNDS:
            return new > old
        case _ if keyword == "type":
            return _types(new) < _types(old)
        case _:
            return keyword in _CLOSINGS and new is False and old is not False


def _without(values: list[JSON], others: list[JSON]) -> list[JSON]:
    return [value for value in values if value not in others]


def _types(value: JSON) -> set[str]:
    types = {value} if isinstance(value, str) else set(cast("list[str]", value))
    # Every integer is a number.
    return types | {"integer"} if "number" in types else types
