"""Values from the wire, read as Python's own types."""

from __future__ import annotations

import datetime as dt
import enum
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callrecords import _wire

if TYPE_CHECKING:
    from collections.abc import Callable

UNTIMED = settings(deadline=None)
UTC = dt.UTC
HUGE = 10**400


ANYTHING = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.from_regex(r"[0-9]+:[0-9]+:[0-9]+")
    | st.binary()
    | st.decimals()
    | st.dates()
    | st.datetimes(timezones=st.none() | st.timezones())
    | st.lists(st.integers())
    | st.dictionaries(st.text(), st.none())
)


class Word(enum.StrEnum):
    ONGOING = "ONGOING"


class SubclassedDatetime(dt.datetime):
    pass


@pytest.mark.parametrize(
    ("read", "value", "expected"),
    [
        (_wire.text, "", ""),
        (_wire.text, Word.ONGOING, "ONGOING"),
        (_wire.decimal, 0.15, Decimal("0.15")),
        (_wire.decimal, 1, Decimal(1)),
        (_wire.decimal, 1e-7, Decimal("1E-7")),
        (_wire.decimal, -0.5, Decimal("-0.5")),
        (_wire.decimal, HUGE, Decimal(HUGE)),
        (_wire.json_object, {"a": [1]}, {"a": [1]}),
        (_wire.time_from_seconds, 0, dt.datetime(1970, 1, 1, tzinfo=UTC)),
        (_wire.time_from_seconds, 1692368127, dt.datetime(2023, 8, 18, 14, 15, 27, tzinfo=UTC)),
        (_wire.time_from_seconds, 1.5, dt.datetime(1970, 1, 1, 0, 0, 1, 500_000, UTC)),
        (
            _wire.time_from_milliseconds,
            1703097600123,
            dt.datetime(2023, 12, 20, 18, 40, 0, 123_000, UTC),
        ),
        (
            _wire.time_from_text,
            "2023-02-08T10:54:11.390Z",
            dt.datetime(2023, 2, 8, 10, 54, 11, 390_000, UTC),
        ),
        (
            _wire.time_from_text,
            "2023-02-08T10:54:11+02:00",
            dt.datetime(2023, 2, 8, 8, 54, 11, tzinfo=UTC),
        ),
        (_wire.time_from_text, "2023-02-08T10:54:11", dt.datetime(2023, 2, 8, 10, 54, 11, 0, UTC)),
        (_wire.duration_from_minutes, 0.31666666666666665, dt.timedelta(seconds=19)),
        (_wire.duration_from_minutes, 5.8097, dt.timedelta(seconds=348, milliseconds=582)),
        (_wire.duration_from_minutes, 0, dt.timedelta()),
        (_wire.duration_from_milliseconds, 600_001, dt.timedelta(minutes=10, milliseconds=1)),
        (_wire.duration_from_clock, "00:00:19", dt.timedelta(seconds=19)),
        (_wire.duration_from_clock, "100:59:59", dt.timedelta(hours=100, minutes=59, seconds=59)),
    ],
)
def test_a_value_keeps_its_meaning(
    read: Callable[[object], object], value: object, expected: object
) -> None:
    assert read(value) == expected


@pytest.mark.parametrize(
    ("read", "value"),
    [
        (_wire.text, 5),
        (_wire.decimal, float("nan")),
        (_wire.decimal, float("inf")),
        (_wire.decimal, "0.15"),
        (_wire.decimal, True),
        (_wire.json_object, [["a", 1]]),
        (_wire.time_from_seconds, -1),
        (_wire.time_from_seconds, 1692368127000),
        (_wire.time_from_seconds, HUGE),
        (_wire.time_from_seconds, float("inf")),
        (_wire.time_from_seconds, float("nan")),
        (_wire.time_from_seconds, True),
        (_wire.time_from_seconds, "1692368127"),
        (_wire.time_from_milliseconds, HUGE),
        (_wire.time_from_text, "null"),
        (_wire.time_from_text, "0001-01-01T00:00:00+14:00"),
        (_wire.time_in_utc, dt.datetime(2024, 1, 1)),  # noqa: DTZ001 - nobody knows its zone
        (_wire.time_in_utc, dt.datetime.max.replace(tzinfo=dt.timezone(-dt.timedelta(hours=1)))),
        (_wire.time_in_utc, dt.date(2024, 1, 1)),
        (_wire.duration_from_minutes, -0.1),
        (_wire.duration_from_minutes, 1e300),
        (_wire.duration_from_milliseconds, HUGE),
        (_wire.duration_from_clock, "00:60:00"),
        (_wire.duration_from_clock, "0:00:19"),
        (_wire.duration_from_clock, "00:19"),
        (_wire.duration_from_clock, "00:00:19\n"),
        (_wire.duration_from_clock, "\u0660\u0660:\u0660\u0660:\u0661\u0669"),
        (_wire.duration_from_clock, "-1:00:00"),
        (_wire.duration_from_clock, "99999999999:00:00"),
        (_wire.duration_from_clock, "9" * 5000 + ":00:00"),
        (_wire.duration_from_clock, 19),
    ],
)
def test_a_value_that_cannot_be_meant_is_none(
    read: Callable[[object], object], value: object
) -> None:
    assert read(value) is None


@pytest.mark.parametrize(
    "read",
    [
        _wire.text,
        _wire.decimal,
        _wire.json_object,
        _wire.time_from_seconds,
        _wire.time_from_milliseconds,
        _wire.time_from_text,
        _wire.time_in_utc,
        _wire.duration_from_minutes,
        _wire.duration_from_milliseconds,
        _wire.duration_from_clock,
    ],
)
@UNTIMED
@given(value=ANYTHING)
def test_no_value_at_all_is_too_strange(read: Callable[[object], object], value: Any) -> None:
    read(value)


def test_text_is_plain_text_also_when_an_enumeration_sent_it() -> None:
    assert type(_wire.text(Word.ONGOING)) is str


def test_a_time_in_utc_is_a_plain_datetime() -> None:
    assert type(_wire.time_in_utc(SubclassedDatetime(2024, 1, 1, tzinfo=UTC))) is dt.datetime


def test_a_json_object_is_a_copy() -> None:
    sent = {"a": 1}
    assert _wire.json_object(sent) is not sent


@pytest.mark.parametrize("word", ["ongoing", "ONGOING", Word.ONGOING])
def test_a_word_means_the_same_in_upper_and_lower_case(word: str) -> None:
    assert _wire.meaning(word, {"ongoing": 1}) == 1


@pytest.mark.parametrize("word", ["paused", "", 5, None])
def test_a_word_without_a_place_in_the_vocabulary_means_none(word: object) -> None:
    assert _wire.meaning(word, {"ongoing": 1}) is None


@UNTIMED
@given(st.datetimes(dt.datetime(1900, 1, 1), dt.datetime(2100, 1, 1), timezones=st.timezones()))  # noqa: DTZ001 - hypothesis wants them without a zone
def test_a_time_is_the_same_moment_in_utc(time: dt.datetime) -> None:
    read = _wire.time_in_utc(time)
    assert (read, getattr(read, "tzinfo", None)) == (time.astimezone(UTC), UTC)


@UNTIMED
@given(st.decimals(allow_nan=False, allow_infinity=False, places=6, min_value=0, max_value=10**6))
def test_minutes_are_read_to_the_nearest_microsecond(minutes: Decimal) -> None:
    read = _wire.duration_from_minutes(float(minutes))
    assert read is not None
    exact = minutes * 60_000_000
    assert abs(Decimal(read // dt.timedelta(microseconds=1)) - exact) <= Decimal("0.6")
