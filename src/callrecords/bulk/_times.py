"""The time that is asked for."""

from __future__ import annotations

import datetime as dt

from callrecords._times import moment_of, text_of
from callrecords_runtime.errors import ConfigurationError


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
            try:
                return moment_of(given)
            except ValueError as error:
                raise ConfigurationError(str(error)) from None
        case dt.datetime(tzinfo=None):
            raise ConfigurationError("since and until need a time zone, such as datetime.UTC")
        case dt.datetime():
            return given.astimezone(dt.UTC)
        case _:
            raise ConfigurationError(
                "since and until are each a datetime with a time zone, or a text such as 7d or "
                f"2026-11-21, and no {type(given).__name__}"
            )
