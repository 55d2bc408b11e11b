"""Which of two values of one keyword of JSON Schema refuses more, as far as these tell."""

from __future__ import annotations

from operator import gt, lt
from typing import TYPE_CHECKING, Final, TypeAlias

from codegen.files.values import ABSENT, JSON, Absent, is_same

if TYPE_CHECKING:
    from collections.abc import Callable


ASSERTED_FORMATS: Final = frozenset({
    "date", "date-time", "duration", "email", "hostname", "idn-email", "idn-hostname", "ipv4",
    "ipv6", "iri", "iri-reference", "json-pointer", "regex", "relative-json-pointer", "time", "uri",
    "uri-reference", "uri-template", "uuid",
})  # fmt: skip
"""The formats that validation checks."""

MAPPED_FORMATS: Final = frozenset({"binary"})
"""Formats that validation does not check, and of which a client makes another type than text.

Any other that is not checked, such as ``int64``, is a name for readers.
"""

SEEN_FORMATS: Final = ASSERTED_FORMATS | MAPPED_FORMATS
"""The formats that make a difference."""

UPPER_BOUNDS: Final = (
    "exclusiveMaximum", "maxContains", "maxItems", "maxLength", "maxProperties", "maximum",
)  # fmt: skip
LOWER_BOUNDS: Final = (
    "exclusiveMinimum", "minContains", "minItems", "minLength", "minProperties", "minimum",
)  # fmt: skip

_CLOSINGS = ("additionalProperties", "unevaluatedItems", "unevaluatedProperties")
_CONDITIONS = (
    "$ref", "allOf", "anyOf", "const", "contains", "dependentRequired", "multipleOf", "not",
    "oneOf", "pattern", "propertyNames",
)  # fmt: skip

_Rule: TypeAlias = "Callable[[JSON | Absent, JSON | Absent], bool | None]"


def is_stricter(keyword: str, old: JSON | Absent, new: JSON | Absent) -> bool | None:
    """Whether ``new`` refuses something that ``old`` accepted, with all other keywords equal.

    A value is absent where the schema does not have the keyword. Nothing is said of the schemas in
    ``properties`` and other keywords, which have keywords of their own.

    None where the values do not tell, as of two patterns: who asks an author to justify what is
    stricter counts that as no, who warns users as yes.
    """
    if is_equal(old, new) or (new is ABSENT and keyword != "minContains"):
        return False
    rule = _RULES.get(keyword)
    return None if rule is None else rule(old, new)


def is_equal(one: JSON | Absent, other: JSON | Absent) -> bool:
    """Whether two values are one to validation, as 1 and 1.0 are, and 1 and true are not."""
    if one is ABSENT or other is ABSENT:
        return one is other
    return is_same(one, other) or _meant(one) == _meant(other)


def _meant(value: JSON) -> str:
    """The text of a value that all which are one to validation have."""
    from jsonschema_rs import canonical  # noqa: PLC0415 - `--help` needs nothing of it

    return canonical.json.to_string(value)


def _of_condition(old: JSON | Absent, _new: JSON | Absent) -> bool | None:
    """A replaced condition may refuse more or less, and mostly corrects the first one."""
    return True if old is ABSENT else None


def _of_closing(old: JSON | Absent, new: JSON | Absent) -> bool | None:
    if new is False or old is False:
        return new is False
    return False if new is True or new == {} else None


def _of_format(old: JSON | Absent, new: JSON | Absent) -> bool | None:
    return True if old is ABSENT and isinstance(new, str) and new in SEEN_FORMATS else None


def _bound(
    is_narrower: Callable[[float, float], bool], unless_given: float | Absent = ABSENT
) -> _Rule:
    """The rule of a bound, of which a number may hold where it is absent."""

    def rule(old: JSON | Absent, new: JSON | Absent) -> bool | None:
        if isinstance(new, bool):  # as OpenAPI 3.0 has exclusiveMaximum
            return new
        before, after = (unless_given if value is ABSENT else value for value in (old, new))
        if before is ABSENT:
            return True
        if isinstance(before, int | float) and isinstance(after, int | float):
            return is_narrower(after, before)
        return None

    return rule


def _of_demand(old: JSON | Absent, new: JSON | Absent) -> bool:
    """Of names that are required, or of a flag, as ``required`` is of a parameter or a body."""
    return new is True or bool(_members(new) - _members(old))


def _of_enumeration(old: JSON | Absent, new: JSON | Absent) -> bool:
    return old is ABSENT or bool(_members(old) - _members(new))


def _members(values: JSON | Absent) -> frozenset[str]:
    return frozenset(map(_meant, values if isinstance(values, list) else []))


def _of_type(old: JSON | Absent, new: JSON | Absent) -> bool | None:
    """A type in the place of another one corrects what the schema is about."""
    if old is ABSENT:
        return True
    before, after = _types(old), _types(new)
    return (not before <= after) if before <= after or after < before else None


def _types(value: JSON | Absent) -> set[str]:
    types = {str(name) for name in (value if isinstance(value, list) else [value])}
    # Every integer is a number.
    return types | {"integer"} if "number" in types else types


_RULES: Final[dict[str, _Rule]] = {
    "type": _of_type,
    "enum": _of_enumeration,
    "required": _of_demand,
    "uniqueItems": _of_demand,
    "format": _of_format,
    **dict.fromkeys(UPPER_BOUNDS, _bound(lt)),
    **dict.fromkeys(LOWER_BOUNDS, _bound(gt, unless_given=0)),
    **dict.fromkeys(("exclusiveMinimum", "minimum"), _bound(gt)),
    "minContains": _bound(gt, unless_given=1),
    **dict.fromkeys(_CLOSINGS, _of_closing),
    **dict.fromkeys(_CONDITIONS, _of_condition),
}

ASSERTIONS: Final = frozenset(_RULES)
"""The keywords that can refuse a value, but for those whose schemas do."""
