"""What providers send, read as Python's own types.

Each function takes any value at all, as the generated models do not check what they hold, and gives
None for one that cannot be what it should be: absent, null, of another type, negative, malformed,
or beyond what the Python type can hold. Nothing is coerced from one JSON type to another.

Times become aware datetimes in UTC and durations timedeltas, both to the microsecond; what is finer
is rounded to the nearest one. Milliseconds, whole seconds and times in ISO 8601 are exact.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, TypeVar, cast

ValueT = TypeVar("ValueT")

_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_CLOCK = re.compile(r"([0-9]{2,}):([0-5][0-9]):([0-5][0-9])")


def text(value: object) -> str | None:
    """Text as plain ``str``, also when it is a member of an enumeration."""
    if value.__class__ is str:  # as most are: nothing is called
        return value  # pyright: ignore[reportReturnType] - it does not see that
    return str(value) if isinstance(value, str) else None


def meaning(word: object, vocabulary: Mapping[str, ValueT]) -> ValueT | None:
    """What a provider's word means; the vocabulary is in lower case, the word in any."""
    return vocabulary.get(word.lower()) if isinstance(word, str) else None


def json_object(value: object) -> Mapping[str, Any] | None:
    """The members of a JSON object, in a dict of their own."""
    return dict(cast("Mapping[str, Any]", value)) if isinstance(value, Mapping) else None


def several(values: object, make: Callable[[Any], ValueT]) -> tuple[ValueT, ...] | None:
    """What is made of each item of a list."""
    return tuple(map(make, values)) if isinstance(values, list) else None  # pyright: ignore[reportUnknownArgumentType] - of any


def decimal(value: object) -> Decimal | None:
    """A finite number with the digits that were sent: 0.1 is ``Decimal("0.1")``."""
    number = _number(value)
    if isinstance(number, float):
        return Decimal(float.__repr__(number))  # of the float itself Decimal would give 0.1000000…
    return None if number is None else Decimal(number)


def time_from_seconds(value: object) -> dt.datetime | None:
    """The time that is so many seconds after 1970 began (Unix time)."""
    return _after_epoch(_duration(value, dt.timedelta(seconds=1)))


def time_from_milliseconds(value: object) -> dt.datetime | None:
    """The time that is so many milliseconds after 1970 began."""
    return _after_epoch(_duration(value, dt.timedelta(milliseconds=1)))


def time_from_text(value: object) -> dt.datetime | None:
    """The time that a text names in ISO 8601; without an offset it is in UTC."""
    if not isinstance(value, str):
        return None
    try:
        time = dt.datetime.fromisoformat(value)
    except ValueError:
        return None
    return time_in_utc(time if time.tzinfo else time.replace(tzinfo=dt.UTC))


def time_in_utc(value: object) -> dt.datetime | None:
    """The same time in UTC, as a plain ``datetime``; None without a time zone to convert from."""
    if type(value) is dt.datetime and value.tzinfo is dt.UTC:  # as most are: nothing is converted
        return value
    if not isinstance(value, dt.datetime) or value.utcoffset() is None:
        return None
    return _after_epoch(value - _EPOCH)


def duration_from_minutes(value: object) -> dt.timedelta | None:
    """So many minutes, whole or not."""
    return _duration(value, dt.timedelta(minutes=1))


def duration_from_seconds(value: object) -> dt.timedelta | None:
    """A duration in seconds; None for anything else."""
    return _duration(value, dt.timedelta(seconds=1))


def duration_from_milliseconds(value: object) -> dt.timedelta | None:
    """So many milliseconds."""
    return _duration(value, dt.timedelta(milliseconds=1))


def duration_from_clock(value: object) -> dt.timedelta | None:
    """The duration that a text gives as HH:MM:SS; hours may go beyond 23 and beyond two digits."""
    match = _CLOCK.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        return None
    try:
        hours, minutes, seconds = map(int, match.groups())
        return dt.timedelta(hours=hours, minutes=minutes, seconds=seconds)
    except (OverflowError, ValueError):  # ValueError: more digits than int() takes
        return None


def _number(value: object) -> int | float | None:
    """A finite number; true and false, which are integers to Python, are none."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return value if isinstance(value, int) or math.isfinite(value) else None


def _duration(value: object, unit: dt.timedelta) -> dt.timedelta | None:
    number = _number(value)
    if number is None or number < 0:
        return None
    try:
        return number * unit
    except OverflowError:
        return None


def _after_epoch(duration: dt.timedelta | None) -> dt.datetime | None:
    try:
        return None if duration is None else _EPOCH + duration
    except OverflowError:
        return None
