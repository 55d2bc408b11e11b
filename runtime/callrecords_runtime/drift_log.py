"""What becomes of wire drift: of answers that are not what the patched definition says.

A client sets aside what it cannot hold, goes on with the rest, and reports. What becomes of the
reports is said by ``on_drift`` of a client::

    drift = callrecords.DriftLog()
    with callrecords.Zudu(on_drift=drift) as zudu:
        ...
    drift.save("drift.jsonl")

- ``"log"``, the default, warns in the log ``callrecords.drift``, once per operation, path and kind,
  and at most 20 times an operation and hour; what is more is counted;
- ``"ignore"`` does nothing;
- ``"raise"`` raises :class:`~callrecords_runtime.errors.DriftError`, with all drift of the answer;
- anything callable gets each :class:`Drift`. A :class:`DriftLog` collects them.
"""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Literal, TypeAlias

import orjson
from attrs import define, evolve

from callrecords_runtime.drift import Drift
from callrecords_runtime.errors import ConfigurationError
from callrecords_runtime.forks import renew_in_forks

logger = logging.getLogger("callrecords.drift")
_MOST_LINES = 20
"""Of an operation and an hour."""
_MOST_KINDS = 10_000
"""Differences that are remembered."""


Report: TypeAlias = Callable[[Drift], object]
OnDrift: TypeAlias = Literal["log", "ignore", "raise"] | Report


class DriftLog:
    """Drift, counted. It may be used by any number of threads, and saved and merged by processes.

    Pass it as ``on_drift`` of any number of clients.

    Args:
        most: How many kinds of drift are kept, be it that a provider sends new names without end.
    """

    left_out: int = 0
    """How many times there was drift of a kind that came when there were too many to keep it."""

    def __init__(self, most: int = _MOST_KINDS) -> None:
        self._most = most
        self._seen: dict[tuple[str, ...], Drift] = {}
        self.after_fork()
        renew_in_forks(self)

    def after_fork(self) -> None:
        """Take a fresh lock: a thread that held it goes on in the other process only."""
        self._lock = threading.Lock()

    def __call__(self, drift: Drift) -> None:
        """Count a drift."""
        with self._lock:
            known = self._seen.get(drift.identity)
            if known is not None:
                self._seen[drift.identity] = _together(known, drift)
            elif len(self._seen) < self._most:
                self._seen[drift.identity] = drift
            else:
                self.left_out += drift.count

    def merge(self, other: DriftLog) -> None:
        """Count what another log has, too."""
        for drift in other:
            self(drift)
        with self._lock:
            self.left_out += other.left_out

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
        part = target.with_name(f".{target.name}.{os.urandom(4).hex()}")
        try:
            with part.open("xb") as file:
                for drift in self:
                    file.write(orjson.dumps(drift.to_dict(), option=orjson.OPT_APPEND_NEWLINE))
            part.replace(target)
        finally:
            part.unlink(missing_ok=True)

    @classmethod
    def load(cls, *paths: str | os.PathLike[str]) -> DriftLog:
        """What saved logs have together.

        Raises:
            ConfigurationError: a line is not one that :meth:`save` writes; it is named.
            OSError: a file cannot be read.
        """
        read = [
            _read(line, f"{os.fspath(path)}:{number}")
            for path in paths
            for number, line in enumerate(Path(path).read_bytes().splitlines(), start=1)
            if line.strip()
        ]
        log = cls(max(len(read), _MOST_KINDS))
        for drift in read:
            log(drift)
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


class LogOnce:
    """Warns of each operation, path and kind once, and of each operation so many times an hour."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._told: set[tuple[str, ...]] = set()
        self._hours: dict[tuple[str, str], _Hour] = {}

    def __call__(self, drift: Drift) -> None:
        """Warn, unless it was told already, or there was too much to tell."""
        identity = drift.identity[:4]
        if identity in self._told:
            return
        operation = drift.provider, drift.operation
        number = int(self._monotonic() // 3600)
        hour = self._hours.get(operation)
        if hour is None or hour.number != number:
            if hour is not None and hour.left_out:
                logger.warning("%s %s: %d more differences before", *operation, hour.left_out)
            hour = self._hours[operation] = _Hour(number)
        if hour.lines < _MOST_LINES and len(self._told) < _MOST_KINDS:
            hour.lines += 1
            self._told.add(identity)
            logger.warning("%s", drift, extra={"drift": drift.to_dict()})
        else:
            if not hour.left_out:
                logger.warning("%s %s: more differs, and is counted for now", *operation)
            hour.left_out += 1


@define
class _Hour:
    """What was told of an operation within an hour."""

    number: int
    lines: int = 0
    left_out: int = 0


def ignore(drift: Drift) -> None:
    """Do nothing."""
