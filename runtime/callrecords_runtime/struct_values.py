"""What is read into structs, and what is made of it.

Each function raises an error for one that is to be read the long way.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID

from callrecords_runtime.deviations import fitting
from callrecords_runtime.serialization import (
    from_iso_format,
    parse_date,
    parse_datetime,
    parse_uuid,
)
from callrecords_runtime.types import UNSET
from callrecords_runtime.validators import compiled

if TYPE_CHECKING:
    from collections.abc import Callable

    from callrecords_runtime.validators import Validators

_DEEPEST = 100
"""Levels of what may be anything; whether more are too many is decided the long way."""
_is_moment = compiled({"format": "date-time"}).is_valid


class Form(NamedTuple):
    """What is read of a value, and what becomes of it."""

    type: Any
    """As msgspec reads it."""
    code: str
    """The expression for the attribute's value, with braces for what was read."""
    takes_absent: bool = False
    """Whether the expression leaves UNSET and None as they are."""

    @property
    def function(self) -> str:
        """The function of which the expression is a call; empty if it is none."""
        name = self.code.removesuffix("({})")
        return name if name.isidentifier() else ""


ANYTHING = Form(Any, "({} and anything({}))")


def fit(check: Callable[[Any], bool], value: Any) -> Any:
    """The value, if a check lets it pass."""
    if not check(value):
        raise ValueError
    return value


_MOMENT = (
    '(from_iso_format({}) if len({}) == 24 and {}[23] == "Z" and {}[19] == "." '
    'and {}[10] == "T" and {}[7] == "-" else moment({}))'
)
"""The expression for the moment that a text names.

Most providers write it like 2024-01-01T00:00:00.000Z; to call a function would take as long again.
"""
SCALARS: dict[str, tuple[type, Any]] = {
    "integer": (int, int),
    "number": (float, int | float),
    "boolean": (bool, bool),
}
"""What an annotation says of JSON's other values, and how they are read."""
TEXTS = {
    str: ("{}", None),
    dt.datetime: (_MOMENT, "date-time"),
    dt.date: ("date({})", "date"),
    UUID: ("uuid({})", "uuid"),
}
"""How a text becomes what an annotation says, and the format that it has then."""


def moment(text: str) -> dt.datetime:
    """The moment that a text names in another documented form."""
    return parse_datetime(fit(_is_moment, text))


def anything(value: Any) -> Any:
    """The value, whatever it is, if it is not nested deeply."""
    return fit(_is_shallow, value)


def of_any_members(model: type[Any], members: dict[str, Any]) -> Any:
    """The model of an object that may have any members."""
    made = object.__new__(model)
    made.additional_properties = anything(members)
    return made


def as_ever(checks: Validators, model: type[Any], value: dict[str, Any]) -> Any:
    """The model of an object that no struct can express, checked and decoded as it is elsewhere."""
    return fitting(anything(value), checks, model.from_dict)


def _is_shallow(value: Any, levels: int = _DEEPEST) -> bool:
    if value.__class__ is dict:
        return levels > 0 and all(_is_shallow(each, levels - 1) for each in value.values())
    if value.__class__ is list:
        return levels > 0 and all(_is_shallow(each, levels - 1) for each in value)
    return True


def getter(places: dict[str, str]) -> Callable[[Any, str, Any], Any]:
    """What a struct has as ``get``, by the places of the fields by their names in JSON."""

    def get(self: Any, name: str, default: Any = None) -> Any:
        return getattr(self, places[name]) if name in places else default

    return get


KNOWN = {
    "UNSET": UNSET,
    "anything": anything,
    "date": parse_date,
    "from_iso_format": from_iso_format,
    "moment": moment,
    "new": object.__new__,
    "uuid": parse_uuid,
}
"""By the names under which functions that are written call them."""
EACH = "_each"
FUNCTIONS = f"""\
def {{name}}(read):
{{once}}
    return self
def {{name}}{EACH}(several):
    models = []
    for read in several:
{{within}}
        models.append(self)
    return models
"""
"""What makes the model of a struct, and those of several; to call the one for each takes longer."""
