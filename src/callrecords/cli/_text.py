"""Values as a person reads them."""

from __future__ import annotations

import datetime as dt
from typing import TypeAlias

from callrecords_runtime.texts import printable

Value: TypeAlias = str | dt.datetime | dt.timedelta | None
"""What can be shown; None is what nobody said."""


def text_of(value: Value, *, between: str = " ") -> str:
    """A value as text: times to the second and in UTC, durations as H:MM:SS.

    Args:
        value: What to show.
        between: What stands between the date and the time of day.
    """
    match value:
        case None:
            return ""
        case dt.datetime():
            moment = value.astimezone(dt.UTC).replace(tzinfo=None)
            return f"{moment.isoformat(between, 'seconds')}Z"
        case dt.timedelta():
            return _clock(round(value.total_seconds()))
        case _:
            return printable(value)


def _clock(seconds: int) -> str:
    minutes, second = divmod(abs(seconds), 60)
    hour, minute = divmod(minutes, 60)
    return f"{'-' if seconds < 0 else ''}{hour}:{minute:02}:{second:02}"
