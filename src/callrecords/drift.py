"""Wire drift: where a live answer is not what the patched definition says.

A client sets aside what it cannot hold, goes on with the rest, and reports. What becomes of the
reports is said by ``on_drift`` of a client::

    drift = callrecords.DriftLog()
    with callrecords.Zudu(on_drift=drift) as zudu:
        ...
    drift.save("drift.jsonl")

- ``"log"``, the default, warns in the log ``callrecords.drift``, once per operation, path and kind;
- ``"ignore"`` does nothing;
- ``"raise"`` raises :class:`~callrecords.errors.DriftError`, which has all drift of the answer;
- anything callable gets each :class:`Drift`. A :class:`DriftLog` collects them.
"""

from __future__ import annotations

import datetime as dt
import logging
import os
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Any, Literal, TypeAlias

import orjson
from attrs import Factory, evolve, frozen

from callrecords.errors import ConfigurationError

logger = logging.getLogger("callrecords.drift")
_LONGEST_VALUE = 2000
"""Bytes of JSON of a value that is kept; of a longer one only its type is."""
_MOST_LOGGED = 10_000


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
            "provider": self.provider,
            "operation": self.operation,
            "path": self.path,
            "kind": self.kind.value,
            "expected": self.expected,
            "actual": self.actual,
            "first_seen": self.first_seen.isoformat(),
            "last_seen": self.last_seen.isoformat(),
            "count": self.count,
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
        return (
            f"{self.provider} {self.operation}: {self.path}: {self.kind}: "
            f"expected {self.expected}, got {shown}"
        )


Report: TypeAlias = Callable[[Drift], object]
OnDrift: TypeAlias = Literal["log", "ignore", "raise"] | Report


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


def kept(value: Any) -> Any:  # noqa: ANN401 - JSON
    """A value as a drift keeps it: whole, or for a long one a short text about it."""
    try:
        size = len(orjson.dumps(value))
    except (TypeError, orjson.JSONEncodeError):  # half of a surrogate pair, or a huge number
        return f"({json_type(value)} that is no plain JSON)"
    return value if size <= _LONGEST_VALUE else f"({json_type(value)} of {size} bytes)"


class DriftLog:
    """Drift, counted. It may be used by any number of threads, and saved and merged by processes.

    Pass it as ``on_drift`` of any number of clients.
    """

    def __init__(self) -> None:
        self._seen: dict[tuple[str, ...], Drift] = {}
        self._lock = threading.Lock()

    def __call__(self, drift: Drift) -> None:
        """Count a drift."""
        with self._lock:
            known = self._seen.get(drift.identity)
            self._seen[drift.identity] = drift if known is None else _together(known, drift)

    def merge(self, other: DriftLog) -> None:
        """Count what another log has, too."""
        for drift in other:
            self(drift)

    def __iter__(self) -> Iterator[Drift]:
        with self._lock:
            return iter(sorted(self._seen.values(), key=lambda drift: drift.identity))

    def __len__(self) -> int:
        return len(self._seen)

    def __repr__(self) -> str:
        return f"DriftLog({len(self)} kinds, {sum(drift.count for drift in self)} times)"

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write one JSON object a line, replacing the file at once."""
        target = Path(path)
        lines = b"".join(
            orjson.dumps(drift.to_dict(), option=orjson.OPT_APPEND_NEWLINE) for drift in self
        )
        descriptor, temporary = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(lines)
            Path(temporary).replace(target)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise

    @classmethod
    def load(cls, *paths: str | os.PathLike[str]) -> DriftLog:
        """What saved logs have together.

        Raises:
            ConfigurationError: a line is not one that :meth:`save` writes; it is named.
            OSError: a file cannot be read.
        """
        log = cls()
        for path in paths:
            for number, line in enumerate(Path(path).read_bytes().splitlines(), start=1):
                if line.strip():
                    log(_read(line, f"{os.fspath(path)}:{number}"))
        return log


def _read(line: bytes, place: str) -> Drift:
    try:
        return Drift.from_dict(orjson.loads(line))
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise ConfigurationError(f"{place}: no line of a drift log: {error}") from None


def _together(one: Drift, other: Drift) -> Drift:
    return evolve(
        one,
        first_seen=min(one.first_seen, other.first_seen),
        last_seen=max(one.last_seen, other.last_seen),
        count=one.count + other.count,
    )


@frozen
class LogOnce:
    """Warns of each operation, path and kind once."""

    _told: set[tuple[str, ...]] = Factory(set[tuple[str, ...]])

    def __call__(self, drift: Drift) -> None:
        """Warn, unless it was told already."""
        identity = drift.identity[:4]
        if identity not in self._told and len(self._told) < _MOST_LOGGED:
            self._told.add(identity)
            logger.warning("%s", drift, extra={"drift": drift.to_dict()})


def ignore(drift: Drift) -> None:
    """Do nothing."""


def json_path(path: Sequence[str | int], *, is_exact: bool = False) -> str:
    """The JSONPath of a place; of any item of an array, unless it is to be exact."""
    return "$" + "".join(
        _member(step) if isinstance(step, str) else f"[{step}]" if is_exact else "[*]"
        for step in path
    )


def _member(name: str) -> str:
    return f".{name}" if name.isidentifier() else f"[{orjson.dumps(name).decode()}]"
