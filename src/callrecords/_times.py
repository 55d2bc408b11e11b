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
    return _read(text, "2026-11-21 or 2026-11-21T09:30:00+01:00")


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
    return _read(text, "7d, 12h, 2026-11-21 or 2026-11-21T09:30+01:00")


def text_of(time: dt.datetime) -> str:
    """A time in ISO 8601 and UTC."""
    return time.astimezone(dt.UTC).isoformat().replace("+00:00", "Z")


def _read(text: str, usual: str) -> dt.datetime:
    try:
        time = dt.datetime.fromisoformat(text)
        return time.replace(tzinfo=dt.UTC) if time.tzinfo is None else time.astimezone(dt.UTC)
    except (OverflowError, ValueError):
        raise ValueError(f"{text!r:.100} is no time such as {usual}") from None
