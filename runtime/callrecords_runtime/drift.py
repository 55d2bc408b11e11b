"""One way in which answers differ from the definition, as errors and logs both know it."""

from __future__ import annotations

import datetime as dt
import json
from enum import StrEnum
from typing import TYPE_CHECKING, Any, NamedTuple

import orjson
from attrs import asdict, frozen

from callrecords_runtime.secret import Mask
from callrecords_runtime.serialization import is_array, is_object
from callrecords_runtime.texts import one_line

if TYPE_CHECKING:
    from collections.abc import Sequence

_LONGEST_VALUE = 2000
"""Characters of JSON, or so, of a value that is kept; of a longer one only its type is."""
_LONGEST_NAME = 200
_LONGEST_PATH = 2000
_DEEPEST = 64


class DriftKind(StrEnum):
    """How a value differs from what the definition says."""

    UNKNOWN_FIELD = "unknown field"
    """A field that the definition does not have. It is among the additional properties."""
    UNKNOWN_MEMBER = "unknown member"
    """A value that the definition's list does not have. It is kept as a member."""
    NULL = "null"
    """Null where the definition allows none. It is set aside."""
    TYPE = "type"
    """A value of another type. It is set aside."""
    FORMAT = "format"
    """A text that is not of the documented form, such as a date."""
    MISSING = "missing"
    """A required field that is not there."""
    CONSTRAINT = "constraint"
    """A value of the right type beyond a documented bound. It is kept."""
    INCOMPLETE = "incomplete"
    """A list of which fewer items came than it has by its own total, or that changed too much."""


@frozen(kw_only=True)
class Drift:
    """One way in which the answers to one operation differ from the definition."""

    provider: str
    """Such as ``zudu``."""
    operation: str
    """Such as ``get_call``."""
    path: str
    """Where in the body, with ``[*]`` for any item: ``$.data.participants[*].joinedAt``."""
    kind: DriftKind
    expected: str
    """What the definition says, in words."""
    actual: Any
    """The value that came, as JSON."""
    first_seen: dt.datetime
    last_seen: dt.datetime
    count: int = 1

    @property
    def identity(self) -> tuple[str, ...]:
        """Equal for drift that is counted together: unknown members apart, else by type."""
        if self.kind is DriftKind.UNKNOWN_MEMBER:
            variant = orjson.dumps(self.actual).decode()
        else:
            variant = json_type(self.actual)
        return self.provider, self.operation, self.path, self.kind.value, variant

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON, with times as ISO 8601."""
        return {
            **asdict(self, recurse=False),
            "kind": self.kind.value,
            "first_seen": self.first_seen.isoformat(),
            "last_seen": self.last_seen.isoformat(),
        }

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Drift:
        """The drift that :meth:`to_dict` wrote.

        Raises:
            KeyError: a member is missing.
            ValueError: a member is not what it should be.
        """
        texts = {name: data[name] for name in ("provider", "operation", "path", "expected")}
        if not all(isinstance(text, str) for text in texts.values()):
            raise ValueError(f"{', '.join(texts)} must be texts")
        return cls(
            **texts,
            kind=DriftKind(data["kind"]),
            actual=data["actual"],
            first_seen=dt.datetime.fromisoformat(data["first_seen"]),
            last_seen=dt.datetime.fromisoformat(data["last_seen"]),
            count=int(data["count"]),
        )

    def __str__(self) -> str:
        shown = orjson.dumps(self.actual).decode()
        shown = shown if len(shown) <= 80 else f"{shown[:79]}…"  # noqa: PLR2004 - one line
        return one_line(
            f"{self.provider} {self.operation}: {self.path}: {self.kind}: "
            f"expected {self.expected}, got {shown}"
        )


_JSON_TYPES: dict[type, str] = {
    type(None): "null",
    bool: "boolean",
    int: "integer",
    float: "number",
    str: "string",
    list: "array",
    dict: "object",
}


def json_type(value: object) -> str:
    """The name that JSON Schema has for the type of a JSON value."""
    return _JSON_TYPES[type(value)]


_PARTS = {"string": "characters", "array": "items", "object": "members"}


def kept(value: Any) -> Any:
    """A value as a drift keeps it: whole, or for a long one a short text about it."""
    if not _is_short(value):
        parts = _PARTS[json_type(value)]
        return f"({json_type(value)} of {len(value):,} {parts})"
    try:
        orjson.dumps(value)
    except TypeError:  # half of a surrogate pair, or a huge number
        return f"({json_type(value)} that is no plain JSON)"
    return value


def _is_short(value: Any) -> bool:
    """Whether a value is worth being kept; no more of it is looked at than that takes."""
    left = _LONGEST_VALUE
    waiting = [value]
    while waiting:
        part = waiting.pop()
        left -= 2 + (len(part) if json_type(part) in _PARTS else 1)
        if left < 0:
            return False
        if is_object(part):
            waiting += [*part, *part.values()]
        elif is_array(part):
            waiting += part
    return True


def json_path(path: Sequence[str | int], *, is_exact: bool = False) -> str:
    """The JSONPath of a place; of any item of an array, unless it is to be exact.

    Long names and paths are cut, as they are the sender's.
    """
    steps = "".join(
        _member(step) if isinstance(step, str) else f"[{step}]" if is_exact else "[*]"
        for step in path[:_DEEPEST]
    )
    is_long = len(path) > _DEEPEST or len(steps) > _LONGEST_PATH
    return f"${steps[:_LONGEST_PATH]}…" if is_long else f"${steps}"


def _member(name: str) -> str:
    if len(name) > _LONGEST_NAME:
        name = f"{name[:_LONGEST_NAME]}…"
    return f".{name}" if name.isidentifier() else f"[{json.dumps(name)}]"


class Deviation(NamedTuple):
    """One place of an answer that is not what the definition says."""

    path: tuple[str | int, ...]
    kind: DriftKind
    expected: str
    actual: Any
    """The value that came, as JSON."""


def drift_of(
    provider: str,
    operation: str,
    deviations: Sequence[Deviation],
    now: dt.datetime,
    mask: Mask | None = None,
) -> tuple[Drift, ...]:
    """The deviations of one answer, as drift that was seen once; the mask hides secrets in it."""
    mask = mask or Mask()
    return tuple(
        Drift(
            provider=provider,
            operation=operation,
            path=json_path(mask.json([*deviation.path])),
            kind=deviation.kind,
            expected=deviation.expected,
            actual=mask.json(kept(deviation.actual)),
            first_seen=now,
            last_seen=now,
        )
        for deviation in deviations
    )
