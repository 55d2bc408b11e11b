"""Saved drift, read: one JSON object a line, as a client's drift log writes it."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, fields
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias, cast, get_args

import orjson

from codegen.files import json as exact_json
from codegen.files.errors import BadInputError
from codegen.files.values import json_type

if TYPE_CHECKING:
    from collections.abc import Callable
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
    try:
        lines = path.read_bytes().split(b"\n")
    except OSError as error:
        raise BadInputError(error.strerror or str(error), file=path) from error
    return tuple(
        _read_line(line, path, number) for number, line in enumerate(lines, start=1) if line.strip()
    )


def _read_line(line: bytes, path: Path, number: int) -> SeenDrift:
    data: JSON = None
    try:
        data = exact_json.loads(line)
        problem = _problem(data)
    except (orjson.JSONDecodeError, exact_json.RefusedError) as error:
        problem = f"no JSON: {error}"
    if problem is not None:
        message = f"{problem}; expected a line that DriftLog.save() writes"
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


def _is_time(text: str) -> bool:
    try:
        dt.datetime.fromisoformat(text)
    except ValueError:
        return False
    return re.match(r"\d{4}-\d\d-\d\d", text) is not None


_KINDS: Final = get_args(DriftKind)
_NO_TIME: Final = "is no time such as 2026-11-21T10:00:00+00:00"
_NO_PATH: Final = "is {!r}, no path such as $.data.participants[*].joinedAt"
_TEXTS: Final[dict[str, tuple[Callable[[str], bool], str]]] = {
    **dict.fromkeys(("provider", "operation", "expected"), (lambda _: True, "")),
    "path": (lambda path: _steps(path) is not None, _NO_PATH),
    "kind": (_KINDS.__contains__, f"is {{!r}}, none of {', '.join(_KINDS)}"),
    "first_seen": (_is_time, _NO_TIME),
    "last_seen": (_is_time, _NO_TIME),
}
"""Which texts a line has, whether they are right, and what is said when they are not."""


def _problem(data: JSON) -> str | None:
    """What keeps a value from being a line of a drift log."""
    if not isinstance(data, dict):
        return "no JSON object"
    for name, (fits, otherwise) in _TEXTS.items():
        text = data.get(name)
        if not isinstance(text, str):
            return f"{name} is {'not a text' if name in data else 'missing'}"
        if not fits(text):
            return f"{name} {otherwise.format(text)}"
    if "actual" not in data:
        return "actual is missing"
    count = data.get("count")
    is_count = json_type(count) == "integer" and cast("int", count) >= 1
    return None if is_count else "count is no number from 1"
