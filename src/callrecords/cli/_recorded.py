"""Reading recorded bodies and collecting what is wrong with them: nothing here prints."""

from __future__ import annotations

import json
import sys
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any, BinaryIO

import orjson
from attrs import define, field, frozen

from callrecords.cli._failures import UsageError
from callrecords_runtime.drift import Drift, DriftKind
from callrecords_runtime.drift_log import DriftLog
from callrecords_runtime.serialization import json_value

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from callrecords._decoding import Judge

STANDARD_INPUT = "-"
_PAYLOAD = {"source", "origin", "request", "status", "body"}
"""The members of a documented payload, as specs/ and the sandbox have them."""


@frozen
class Body:
    """A recorded body, and where it begins: ``calls.jsonl:7``."""

    place: str
    content: bytes
    status: int = 200


@frozen
class Finding:
    """Drift, counted, and where it was met first."""

    place: str
    drift: Drift
    is_decodable: bool
    """False when it kept at least one body from being decoded."""

    @property
    def actual(self) -> str | None:
        """The value that came, as JSON; None when none came."""
        if self.drift.kind is DriftKind.MISSING:
            return None
        return orjson.dumps(self.drift.actual).decode()


@define
class Findings:
    """What is wrong with the bodies that were judged so far."""

    bodies: int = 0
    with_drift: int = 0
    undecodable: int = 0
    refusals: int = 0
    """Answers with an error's status, which are not judged."""
    log: DriftLog = field(factory=DriftLog, init=False)
    _places: dict[tuple[str, ...], str] = field(factory=dict[tuple[str, ...], str], init=False)
    _fatal: set[tuple[str, ...]] = field(factory=set[tuple[str, ...]], init=False)

    def add(self, judge: Judge, bodies: Iterable[Body]) -> None:
        """Judge bodies, one after the other."""
        for body in bodies:
            if not 200 <= body.status < 300:  # noqa: PLR2004 - the class of successes
                self.refusals += 1
                continue
            found, is_decodable = judge(body.content, body.status)
            self.bodies += 1
            self.with_drift += is_decodable and bool(found)
            self.undecodable += not is_decodable
            for drift in found:
                self.log(drift)
                self._places.setdefault(drift.identity, body.place)
                if not is_decodable:
                    self._fatal.add(drift.identity)

    def __iter__(self) -> Iterator[Finding]:
        for drift in self.log:
            identity = drift.identity
            yield Finding(self._places[identity], drift, is_decodable=identity not in self._fatal)


def read_bodies(file: str) -> Iterator[Body]:
    """The bodies of a file: one JSON text, or one a line when the first line is one by itself.

    Lines are read as they are asked for.

    Args:
        file: The file's path, or ``-``.

    Raises:
        UsageError: it cannot be read, or a line of it is no JSON.
    """
    is_piped = file == STANDARD_INPUT
    name = "<stdin>" if is_piped else file
    try:
        with nullcontext(sys.stdin.buffer) if is_piped else open(file, "rb") as stream:  # noqa: PTH123 - a file of any kind, such as a pipe
            yield from _bodies(stream, name)
    except OSError as error:
        raise UsageError(f"{name} cannot be read: {error.strerror or error}") from error


def _bodies(stream: BinaryIO, name: str) -> Iterator[Body]:
    lines = ((number, line) for number, line in enumerate(stream, start=1) if line.strip())
    first, line = next(lines, (0, b""))
    if not first:
        raise UsageError(f"{name} is empty: expected a JSON body, or one a line")
    try:
        value = json_value(line)
    except (RecursionError, ValueError):
        # No line by itself, so the beginning of a body that has several.
        yield _body(line + stream.read(), name, first)
        return
    yield _recorded(f"{name}:{first}", line, value)
    for number, line in lines:
        yield _body(line, name, number)


def _body(text: bytes, name: str, first: int) -> Body:
    try:
        value = json_value(text.rstrip())
    except (RecursionError, ValueError) as error:
        place, reason = f"{name}:{first}", str(error)
        if isinstance(error, json.JSONDecodeError):
            place, reason = f"{name}:{first + error.lineno - 1}:{error.colno}", error.msg
        raise UsageError(f"{place}: expected JSON: {reason}") from None
    return _recorded(f"{name}:{first}", text, value)


def _recorded(place: str, text: bytes, value: Any) -> Body:  # noqa: ANN401 - JSON
    """A body as it was recorded, or that of a documented payload with its status."""
    match value:
        case {"status": int(status), "body": body} if value.keys() == _PAYLOAD:
            return Body(place, json.dumps(body).encode(), status)
        case _:
            return Body(place, text)
