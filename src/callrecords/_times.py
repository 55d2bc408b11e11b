"""The times that calls are asked for by."""

from __future__ import annotations

import datetime as dt
import re

from callrecords_runtime.errors import ConfigurationError

_AGO = re.compile(r"(?:([0-9]{1,5})d|([0-9]{1,5})h)")


def moment_of(text: str) -> dt.datetime:
    """A time in ISO 8601, of UTC unless it has an offset; or how long ago it is: ``7d``, ``12h``.

    ``now`` is one, too.

    Raises:
        ConfigurationError: it is none.
    """
    now = dt.datetime.now(dt.UTC).replace(microsecond=0)
    if text == "now":
        return now
    if ago := _AGO.fullmatch(text):
        days, hours = (int(number or 0) for number in ago.groups())
        return now - dt.timedelta(days=days, hours=hours)
    try:
        time = dt.datetime.fromisoformat(text)
        return time.replace(tzinfo=dt.UTC) if time.tzinfo is None else time.astimezone(dt.UTC)
    except (OverflowError, ValueError):
        usual = "7d, 12h, 2026-11-21 or 2026-11-21T09:30+01:00"
        raise ConfigurationError(f"{text!r:.100} is no time such as {usual}") from None


def text_of(time: dt.datetime) -> str:
    """A time in ISO 8601 and UTC."""
    return time.astimezone(dt.UTC).isoformat().replace("+00:00", "Z")


def between(
    since: dt.datetime | str, until: dt.datetime | str | None
) -> tuple[dt.datetime, dt.datetime]:
    """Two times in UTC, the one before the other, which is now unless it is said.

    Raises:
        ConfigurationError: they are no such times.
    """
    since, until = _in_utc(since), _in_utc(dt.datetime.now(dt.UTC) if until is None else until)
    if since >= until:
        raise ConfigurationError(
            f"since ({text_of(since)}) must be before until ({text_of(until)})"
        )
    return since, until


def _in_utc(time: dt.datetime | str) -> dt.datetime:
    given: object = time  # whatever a program without types gives
    match given:
        case str():
            return moment_of(given)
        case dt.datetime(tzinfo=None):
            raise ConfigurationError("since and until need a time zone, such as datetime.UTC")
        case dt.datetime():
            return given.astimezone(dt.UTC)
        case _:
            raise ConfigurationError(
                "since and until are each a datetime with a time zone, or a text such as 7d or "
                f"2026-11-21, and no {type(given).__name__}"
            )
