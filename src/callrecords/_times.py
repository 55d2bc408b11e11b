"""The times that calls are asked for by, as texts say them; no errors of clients are imported."""

from __future__ import annotations

import datetime as dt
import re

_AGO = re.compile(r"(?:([0-9]{1,5})d|([0-9]{1,5})h)")


def time_of(text: str) -> dt.datetime:
    """A time in ISO 8601, which is of UTC unless it has an offset.

    Raises:
        ValueError: it is none.
    """
    try:
        return _read(text)
    except (OverflowError, ValueError):
        message = f"{text!r:.100} is no time such as 2026-11-21 or 2026-11-21T09:30:00+01:00"
        raise ValueError(message) from None


def moment_of(text: str) -> dt.datetime:
    """The same, or how long ago it is: ``7d``, ``12h``, ``now``.

    Raises:
        ValueError: it is none.
    """
    now = dt.datetime.now(dt.UTC).replace(microsecond=0)
    if text == "now":
        return now
    if ago := _AGO.fullmatch(text):
        days, hours = (int(number or 0) for number in ago.groups())
        return now - dt.timedelta(days=days, hours=hours)
    try:
        return _read(text)
    except (OverflowError, ValueError):
        message = f"{text!r:.100} is no time such as 7d, 12h, 2026-11-21 or 2026-11-21T09:30+01:00"
        raise ValueError(message) from None


def text_of(time: dt.datetime) -> str:
    """A time in ISO 8601 and UTC."""
    return time.astimezone(dt.UTC).isoformat().replace("+00:00", "Z")


def _read(text: str) -> dt.datetime:
    time = dt.datetime.fromisoformat(text)
    return time.replace(tzinfo=dt.UTC) if time.tzinfo is None else time.astimezone(dt.UTC)
