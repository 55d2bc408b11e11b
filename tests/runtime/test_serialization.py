"""Between JSON and Python nothing is lost, and nothing is taken for what it is not."""

from __future__ import annotations

import copy
import datetime as dt
import json
import pickle
from types import MappingProxyType
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callrecords_runtime.serialization import (
    NoZoneError,
    SpelledDatetime,
    SpelledUUID,
    array,
    format_datetime,
    integer,
    is_array,
    is_number,
    is_object,
    json_value,
    parse_date,
    parse_datetime,
    parse_uuid,
    require_object,
    undocumented,
    without_hour_24,
)

VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**40), 10**40)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)


@given(value=VALUES, indent=st.sampled_from([None, 1]))
def test_any_value_is_read_as_it_was_written(value: Any, indent: int | None) -> None:
    for is_ascii in (True, False):
        text = json.dumps(value, ensure_ascii=is_ascii, indent=indent)
        found = json_value(text.encode())
        assert json.dumps(found) == json.dumps(value)


@pytest.mark.parametrize("digits", range(17, 23))
@pytest.mark.parametrize("around", ["{}", "-{}", "[{}]", '{{"a":{}}}', "[1,{} ]", "[\n{}\n]"])
def test_an_integer_of_any_length_is_that_integer(digits: int, around: str) -> None:
    text = around.format("9" * digits)
    found: Any = json_value(text.encode())
    assert json.dumps(found, separators=(",", ":")) == "".join(text.split())


@pytest.mark.parametrize(
    ("body", "value"),
    [
        (b"\xef\xbb\xbf1", 1),
        (rb'"\ud83d"', "\ud83d"),
        (b'"' + b"9" * 30 + b'"', "9" * 30),
        (b"1e30", 1e30),
        (b"0." + b"1" * 30, 0.1111111111111111),
    ],
)
def test_what_is_unusual_is_read_too(body: bytes, value: object) -> None:
    found = json_value(body)
    assert (found, type(found)) == (value, type(value))


@pytest.mark.parametrize(
    "body",
    [b"", b"NaN", b"Infinity", b"[-Infinity]", b"1e999", b"-1e999", b"{'a':1}", b"\xff", b"01"],
)
def test_what_is_no_json_or_no_number_of_python_is_refused(body: bytes) -> None:
    for text in (body, b"[" + body + b"," + b"9" * 20 + b"]"):  # the latter by Python's own reader
        with pytest.raises(ValueError, match=r"."):
            json_value(text)


@given(
    st.datetimes(timezones=st.sampled_from([dt.UTC, dt.timezone(dt.timedelta(hours=5.5))])),
)
def test_a_moment_is_read_as_it_was_written_and_is_the_same(moment: dt.datetime) -> None:
    texts = [moment.isoformat(), moment.isoformat(" "), format_datetime(moment)]
    for text in texts:
        found = parse_datetime(text)
        assert found == moment
        assert format_datetime(found) == text
        for same in (copy.copy(found), pickle.loads(pickle.dumps(found))):  # noqa: S301 - our own
            assert (same, format_datetime(same)) == (moment, text)
    assert texts[-1][-1] == "Z"
    assert len(texts[-1]) == (27 if moment.microsecond % 1000 else 24)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2024-01-02T03:04:05", dt.datetime(2024, 1, 2, 3, 4, 5, tzinfo=dt.UTC)),
        ("2024-01-02T03:04:05.678", dt.datetime(2024, 1, 2, 3, 4, 5, 678000, tzinfo=dt.UTC)),
        ("2024-01-02T03:04:05.1234Z", dt.datetime(2024, 1, 2, 3, 4, 5, 123400, tzinfo=dt.UTC)),
        ("2024-01-01T24:00:00Z", dt.datetime(2024, 1, 2, tzinfo=dt.UTC)),
        ("2024-01-01", dt.datetime(2024, 1, 1, tzinfo=dt.UTC)),
        ("20240102T030405.678Z", dt.datetime(2024, 1, 2, 3, 4, 5, 678000, tzinfo=dt.UTC)),
        ("2024-01-02 03:04:05.678Z", dt.datetime(2024, 1, 2, 3, 4, 5, 678000, tzinfo=dt.UTC)),
        ("2024-01-02T03:04:05,678Z", dt.datetime(2024, 1, 2, 3, 4, 5, 678000, tzinfo=dt.UTC)),
        ("2024-W01-2T03:04:05.678Z", dt.datetime(2024, 1, 2, 3, 4, 5, 678000, tzinfo=dt.UTC)),
    ],
)
def test_a_moment_in_another_form_is_spelled(text: str, moment: dt.datetime) -> None:
    found = parse_datetime(text)
    assert isinstance(found, SpelledDatetime)
    assert (found, found.utcoffset(), found.text) == (moment, dt.timedelta(0), text)
    later = found + dt.timedelta(seconds=1)
    assert format_datetime(later).endswith("Z")  # of which nobody has written anything


@pytest.mark.parametrize(
    ("microsecond", "fraction"),
    [
        (0, "000"),
        (1000, "001"),
        (678000, "678"),
        (120000, "120"),
        (678900, "678900"),
        (1, "000001"),
    ],
)
def test_a_moment_is_written_with_milliseconds_or_if_there_are_any_microseconds(
    microsecond: int, fraction: str
) -> None:
    moment = dt.datetime(2024, 1, 2, 3, 4, 5, microsecond, tzinfo=dt.UTC)
    assert format_datetime(moment) == f"2024-01-02T03:04:05.{fraction}Z"


def test_an_hour_24_is_no_hour_of_the_next_day() -> None:
    for day in range(1, 32):
        text = f"2024-01-{day:02}T{day % 24:02}:24:24.024Z"
        assert without_hour_24(text) == dt.datetime.fromisoformat(text)
    for text in ("2024-01-01T24:00:00.000Z", "2024-01-01T24:00:00", "2024-01-01 24:00"):
        with pytest.raises(ValueError, match="has an hour 24"):
            without_hour_24(text)


def test_a_moment_in_the_usual_form_is_a_plain_one() -> None:
    assert type(parse_datetime("2024-01-02T03:04:05.678Z")) is dt.datetime


@pytest.mark.parametrize("text", ["", "x", "2024-13-01T00:00:00Z", "9999-12-31T24:00:00Z"])
def test_what_is_no_moment_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse_datetime(text)


def test_a_moment_without_a_zone_is_not_written() -> None:
    with pytest.raises(NoZoneError):
        format_datetime(dt.datetime(2024, 1, 2))  # noqa: DTZ001 - what is refused


@given(st.dates())
def test_a_day_is_in_one_form(day: dt.date) -> None:
    assert parse_date(day.isoformat()) == day
    with pytest.raises(ValueError, match=r"."):
        parse_date(day.strftime("%Y%m%d").zfill(8))


@given(st.uuids())
def test_an_identifier_keeps_the_form_it_had(identifier: UUID) -> None:
    assert type(parse_uuid(str(identifier))) is UUID
    for text in (identifier.hex, f"{{{identifier}}}", identifier.urn):
        found = parse_uuid(text)
        assert isinstance(found, SpelledUUID)
        assert (found, str(found)) == (identifier, text)
        assert str(pickle.loads(pickle.dumps(found))) == text  # noqa: S301 - our own


@pytest.mark.parametrize(
    ("value", "number", "is_one"),
    [(1.0, 1, True), (1.5, 1.5, True), (2, 2, True), (True, True, False), ("1", "1", False)],
)
def test_a_whole_number_may_be_written_with_a_point(
    value: object,
    number: object,
    is_one: bool,  # noqa: FBT001 - drawn
) -> None:
    found = integer(value)
    assert (found, type(found)) == (number, type(number))
    assert is_number(value) is is_one


def test_what_is_not_documented_are_other_members_and_nulls_that_are_not_allowed() -> None:
    data = {"a": None, "b": None, "c": 1, "d": None, "e": 0}
    assert undocumented(data, {"a", "b", "c"}, {"a", "c"}) == {"a": None, "d": None, "e": 0}
    assert undocumented(data, data.keys()) == {}


@pytest.mark.parametrize("value", [None, [], "text", 1, {}, {"a": 1}, [1]])
def test_an_object_and_an_array_are_told_from_all_else(value: Any) -> None:
    assert (is_object(value), is_array(value)) == (type(value) is dict, type(value) is list)
    if is_array(value):
        assert array(value) is value
    else:
        with pytest.raises(TypeError, match="expected an array"):
            array(value)
    if is_object(value):
        require_object(MappingProxyType(value))
    else:
        with pytest.raises(TypeError, match="expected an object"):
            require_object(value)
