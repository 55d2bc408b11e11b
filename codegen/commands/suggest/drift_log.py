"""Saved drift, read: one JSON object a line, as a client's drift log writes it."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, fields
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias, cast, get_args

import orjson

from codegen.files.document import load_json
from codegen.files.errors import BadInputError, as_bad_input
from codegen.providers.structure import Rule, problems, table

if TYPE_CHECKING:
    from pathlib import Path

    from codegen.files.values import JSON

DriftKind: TypeAlias = Literal[
    "unknown field", "unknown member", "null", "type", "format", "missing", "constraint"
]
Step: TypeAlias = str | None
"""The name of a member; None for any item of an array."""

_STEP = re.compile(r"\.(?P<name>\w+)|(?P<item>\[\*\])|\[(?P<quoted>\"(?:[^\"\\]|\\.)*\")\]")
_PATH = re.compile(rf"\$(?:{_STEP.pattern})*")
_NOT_KEPT = re.compile(r"\([a-z]+ (of \d+ bytes|that is no plain JSON)\)")


@dataclass(frozen=True)
class SeenDrift:
    """One way in which answers differed from the definition."""

    provider: str
    operation: str
    """The operationId in the patched definition."""
    path: str
    """As it was saved: ``$.data.participants[*].joinedAt``."""
    kind: DriftKind
    actual: JSON
    """The value that came, or a text that says how long it was."""
    first_seen: str
    last_seen: str
    count: int

    @property
    def is_kept(self) -> bool:
        """Whether ``actual`` is the value itself; one that was too long is not kept."""
        return not (isinstance(self.actual, str) and _NOT_KEPT.fullmatch(self.actual))

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """The path, taken apart."""
        return _steps(self.path) or ()

    @property
    def times(self) -> str:
        """How often it was seen."""
        return "once" if self.count == 1 else f"{self.count} times"

    def __str__(self) -> str:
        return f"{self.operation} {self.path}: {self.kind}"


def read_drift(path: Path) -> tuple[SeenDrift, ...]:
    """The drift of a saved log, in the order of its lines.

    Raises:
        BadInputError: the file cannot be read, or a line is none that a drift log writes.
    """
    with as_bad_input(path):
        lines = path.read_bytes().split(b"\n")
    return tuple(
        _read_line(line, path, number) for number, line in enumerate(lines, start=1) if line.strip()
    )


def _read_line(line: bytes, path: Path, number: int) -> SeenDrift:
    data: JSON = None
    try:
        data = load_json(line)
        # What a newer client saves beside these is no problem.
        wrong = (problem for problem in problems(data, _LINE) if problem.kind != "member/unknown")
        found = [problem.message for problem in wrong]
    except ValueError as error:
        found = [f"no JSON: {error}"]
    if found:
        message = f"{found[0]}, in a line as DriftLog.save() writes it"
        raise BadInputError(message, file=path, line=number)
    members = cast("dict[str, Any]", data)
    return SeenDrift(**{field.name: members[field.name] for field in fields(SeenDrift)})


def _steps(path: str) -> tuple[Step, ...] | None:
    """None when it is no path."""
    if not _PATH.fullmatch(path):
        return None
    try:
        return tuple(
            None if step["item"] else step["name"] or cast("str", orjson.loads(step["quoted"]))
            for step in _STEP.finditer(path)
        )
    except orjson.JSONDecodeError:
        return None


def _is_time(value: object) -> bool:
    try:
        # It begins with a date as provider.toml has them, which other forms of ISO 8601 do not.
        return (
            isinstance(value, str)
            and dt.datetime.fromisoformat(value).date().isoformat() == value[:10]
        )
    except ValueError:
        return False


_KINDS: Final = get_args(DriftKind)
_TEXT = Rule("a text", lambda value: isinstance(value, str))
_TIME = Rule("a time such as 2026-11-21T10:00:00+00:00", _is_time)
_LINE = table(
    "a JSON object",
    {
        "provider": _TEXT,
        "operation": _TEXT,
        "path": Rule(
            "a path such as $.data.participants[*].joinedAt",
            lambda value: isinstance(value, str) and _steps(value) is not None,
        ),
        "kind": Rule(f"one of {', '.join(_KINDS)}", _KINDS.__contains__),
        "expected": _TEXT,
        "actual": Rule("the value that came"),
        "first_seen": _TIME,
        "last_seen": _TIME,
        "count": Rule("a number from 1", lambda value: type(value) is int and value >= 1),
    },
)
