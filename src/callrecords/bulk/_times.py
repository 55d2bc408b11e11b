"""The times that calls are asked for by."""

from __future__ import annotations

import datetime as dt

from callrecords_runtime.errors import ConfigurationError


def between(since: dt.datetime, until: dt.datetime | None) -> tuple[dt.datetime, dt.datetime]:
    """Two times in UTC, the one before the other, which is now unless it is said.

    Raises:
        ConfigurationError: they are no such times.
    """
    until = dt.datetime.now(dt.UTC) if until is None else until
    if since.tzinfo is None or until.tzinfo is None:
        raise ConfigurationError("since and until need a time zone, such as datetime.UTC")
    if since >= until:
        raise ConfigurationError(
            f"since ({text_of(since)}) must be before until ({text_of(until)})"
        )
    return since.astimezone(dt.UTC), until.astimezone(dt.UTC)


def text_of(time: dt.datetime) -> str:
    """A time in ISO 8601 and UTC."""
    return time.astimezone(dt.UTC).isoformat().replace("+00:00", "Z")
