"""Values as a person reads them."""

from __future__ import annotations

import datetime as dt
import re
from typing import TypeAlias

Value: TypeAlias = str | dt.datetime | dt.timedelta | None
"""What can be shown; None is what nobody said."""

_STEERING = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]"
)
"""What steers a terminal, breaks lines, turns text around, or cannot be written; neither the line
feed and the tab, nor the joiners that scripts and emoji need."""


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


def printable(text: str) -> str:
    r"""A text whose control characters are written as in JSON, such as ``\u001b``.

    So none reaches the terminal, and a JSON text still says the same.
    """
    return _STEERING.sub(lambda found: f"\\u{ord(found[0]):04x}", text.replace("\r\n", "\n"))
