"""Saved drift, read: one JSON object a line, as a client's drift log writes it."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, TypeAlias, cast, get_args

import orjson

from codegen.files import json as exact_json
from codegen.files.errors import BadInputError

if TYPE_CHECKING:
    from pathlib import Path

    from codegen.files.values import JSON, JSONObject

DriftKind: TypeAlias = Literal[
    "unknown field", "unknown member", "null", "type", "format", "missing", "constraint"
]
Step: TypeAlias = str | None
"""The name of a member; None for any item of an array."""

_TEXTS = ("provider", "operation", "path", "kind", "expected", "first_seen", "last_seen")
_STEP = re.compile(r"\.(?P<name>\w+)|(?P<item>\[\*\])|\[(?P<quoted>\"(?:[^\"\\]|\\.)*\")\]")
_NOT_KEPT = re.compile(r"\([a-z]+ (of \d+ bytes|that is no plain JSON)\)")
_EXPECTED: Final = "expected a line that DriftLog.save() writes"


@dataclass(frozen=True)
class SeenDrift:
    """One way in which answers differed from the definition."""

    provider: str
    operation: str
    """The operationId in the patched definition."""
    path: str
    """As it was saved: ``$.data.participants[*].joinedAt``."""
    steps: tuple[Step, ...]
    """The path, taken apart."""
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
    def error(message: str) -> BadInputError:
        return BadInputError(f"{message}; {_EXPECTED}", file=path, line=number)

    try:
        data = exact_json.loads(line)
    except (orjson.JSONDecodeError, exact_json.RefusedError) as problem:
        raise error(f"no JSON: {problem}") from problem
    if not isinstance(data, dict):
        raise error("no JSON object")
    wrong = _problem(data)
    if wrong is not None:
        raise error(wrong)
    texts = {name: str(data[name]) for name in _TEXTS}
    steps = _steps(texts["path"])
    if steps is None:
        raise error(f"path is {texts['path']!r}, no path such as $.data.participants[*].joinedAt")
    return SeenDrift(
        provider=texts["provider"],
        operation=texts["operation"],
        path=texts["path"],
        steps=steps,
        kind=cast("DriftKind", texts["kind"]),
        actual=data["actual"],
        first_seen=texts["first_seen"],
        last_seen=texts["last_seen"],
        count=cast("int", data["count"]),
    )


def _problem(data: JSONObject) -> str | None:
    for name in _TEXTS:
        if not isinstance(data.get(name), str):
            return f"{name} is {'not a text' if name in data else 'missing'}"
    for name in ("first_seen", "last_seen"):
        if not _is_time(str(data[name])):
            return f"{name} is no time such as 2026-11-21T10:00:00+00:00"
    if "actual" not in data:
        return "actual is missing"
    count = data.get("count")
    if not isinstance(count, int) or isinstance(count, bool) or count < 1:
        return "count is no number from 1"
    if data["kind"] not in get_args(DriftKind):
        return f"kind is {data['kind']!r}, none of {', '.join(get_args(DriftKind))}"
    return None


def _is_time(text: str) -> bool:
    try:
        dt.datetime.fromisoformat(text)
    except ValueError:
        return False
    return re.match(r"\d{4}-\d\d-\d\d", text) is not None


def _steps(path: str) -> tuple[Step, ...] | None:
    if not path.startswith("$"):
        return None
    steps: list[Step] = []
    place = 1
    while place < len(path):
        match = _STEP.match(path, place)
        if match is None:
            return None
        if match["item"]:
            steps.append(None)
        else:
            steps.append(match["name"] or cast("str", orjson.loads(match["quoted"])))
        place = match.end()
    return tuple(steps)
