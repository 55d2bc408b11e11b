"""What an action states to prove itself: payloads it is needed for, and values it refuses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import orjson

from codegen.files.values import ABSENT, Absent, pointer_to

if TYPE_CHECKING:
    from codegen.files.errors import BadInputError
    from codegen.files.values import JSON
    from codegen.overlay import Action

_REJECTS_EXAMPLE = (
    "expected a payload and a pointer in its body, or a parameter with operation, in and name; "
    "and beside them a value or missing: true"
)


@dataclass(frozen=True)
class BodyPlace:
    """A value in the body of a documented payload."""

    payload: str
    pointer: str

    def __str__(self) -> str:
        return f"{self.payload} {self.pointer}"


@dataclass(frozen=True)
class ParameterPlace:
    """A parameter of an operation."""

    operation: str
    """Its operationId in the patched definition."""
    location: str
    """``path``, ``query``, ``header`` or ``cookie``."""
    name: str

    def __str__(self) -> str:
        return f"{self.operation} {self.location} parameter {self.name}"


@dataclass(frozen=True)
class Rejection:
    """A value that an action refuses."""

    place: BodyPlace | ParameterPlace
    value: JSON | Absent
    """Absent when the value is left out."""

    def __str__(self) -> str:
        if self.value is ABSENT:
            return f"{self.place} missing"
        return f"{self.place} = {orjson.dumps(self.value).decode()}"


def read_evidence(action: Action) -> tuple[str, ...]:
    """Return the names of the payloads in ``x-evidence``; none when the action has none.

    Raises:
        BadInputError: it is no list of texts, or an empty one.
    """
    if "x-evidence" not in action.extensions:
        return ()
    names = action.extensions["x-evidence"]
    texts = [name for name in names if isinstance(name, str)] if isinstance(names, list) else []
    if not texts or texts != names:
        message = "expected a list of payloads, such as [get_call/object.json]"
        raise action.error(message, "x-evidence")
    return tuple(texts)


def read_rejections(action: Action) -> tuple[Rejection, ...]:
    """Return the values in ``x-rejects``; none when the action has none.

    Raises:
        BadInputError: it is not written as CONTRIBUTING.md says.
    """
    if "x-rejects" not in action.extensions:
        return ()
    entries = action.extensions["x-rejects"]
    if not isinstance(entries, list) or not entries:
        raise action.error(f"expected a list; of each value: {_REJECTS_EXAMPLE}", "x-rejects")
    return tuple(
        _rejection(entry, _Place(action, pointer_to("x-rejects", index)))
        for index, entry in enumerate(entries)
    )


@dataclass(frozen=True)
class _Place:
    """Where an action states something, for errors about it."""

    action: Action
    pointer: str

    def error(self, message: str) -> BadInputError:
        return self.action.document.error(self.action.pointer + self.pointer, message)


def _rejection(entry: JSON, place: _Place) -> Rejection:
    match entry:
        case {"payload": str(payload), "pointer": str(pointer), **rest}:
            where: BodyPlace | ParameterPlace = BodyPlace(payload, pointer)
        case {
            "parameter": {"operation": str(operation), "in": str(location), "name": str(name)},
            **rest,
        }:
            where = ParameterPlace(operation, location, name)
        case _:
            raise place.error(_REJECTS_EXAMPLE)
    if rest.keys() == {"value"}:
        return Rejection(where, cast("JSON", rest["value"]))
    if rest == {"missing": True}:
        return Rejection(where, ABSENT)
    raise place.error(_REJECTS_EXAMPLE)
