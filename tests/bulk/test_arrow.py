"""Records in Arrow's columns say what they said before, in one schema."""

from __future__ import annotations

import datetime as dt
import json
import math
import sys
from decimal import Context, Decimal
from fractions import Fraction
from typing import Any

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import callrecords
from callrecords.bulk import schema, to_arrow
from callrecords.calls import CallRecord, Cost, StoredSource
from tests.facade.test_record_json import RECORDS

pyarrow: Any = pytest.importorskip("pyarrow")

COLUMNS = {
    "provider": "string",
    "id": "string",
    "kind": "string",
    "provider_kind": "string",
    "direction": "string",
    "status": "string",
    "provider_status": "string",
    "created_at": "timestamp[us, tz=UTC]",
    "started_at": "timestamp[us, tz=UTC]",
    "ended_at": "timestamp[us, tz=UTC]",
    "duration": "duration[us]",
    "participants": "list<item: struct<id: string, name: string, role: string, "
    "joined_at: timestamp[us, tz=UTC], left_at: timestamp[us, tz=UTC], duration: duration[us]>>",
    "recordings": "list<item: struct<id: string, url: string, status: string, "
    "created_at: timestamp[us, tz=UTC], started_at: timestamp[us, tz=UTC], "
    "ended_at: timestamp[us, tz=UTC], duration: duration[us], expires_at: timestamp[us, tz=UTC]>>",
    "transcript": "struct<text: string, url: string, expires_at: timestamp[us, tz=UTC]>",
    "cost": "struct<amount: decimal128(38, 24), currency: string>",
    "metadata": "string",
    "links": "list<item: struct<provider: string, kind: string, id: string>>",
}


@pytest.mark.exact
def test_these_are_the_columns() -> None:
    assert {field.name: str(field.type) for field in schema()} == COLUMNS


def in_amount(value: Decimal) -> Decimal | None:
    rounded = round(Fraction(value) * 10**24)
    return Decimal(rounded).scaleb(-24, Context(prec=40)) if abs(rounded) < 10**38 else None


def in_arrow(value: Any) -> Any:
    """A value of a record, or of a part of one, as Arrow gives it back."""
    match value:
        case str():
            return str(value).encode(errors="surrogatepass").decode(errors="replace")
        case Decimal():
            return in_amount(value)
        case tuple() | list():
            return [in_arrow(item) for item in value]
        case dict():
            return {in_arrow(name): in_arrow(member) for name, member in value.items()}
        case bool() | int() | float() | dt.datetime() | dt.timedelta() | None:
            return None if value in {math.inf, -math.inf} else value  # which JSON cannot say
        case _:
            return {
                field.name: in_arrow(getattr(value, field.name))
                for field in attrs.fields(type(value))
                if field.name != "source"
            }


@given(records=st.lists(RECORDS, max_size=3), batch_size=st.integers(1, 3))
@settings(max_examples=10, deadline=None)  # records take a tenth of a second to make up
def test_columns_say_what_records_say(records: list[CallRecord], batch_size: int) -> None:
    reader = to_arrow(iter(records), batch_size=batch_size)
    batches = list(reader)
    assert [batch.num_rows for batch in batches] == [
        min(batch_size, len(records) - first) for first in range(0, len(records), batch_size)
    ]
    for batch in batches:
        batch.validate(full=True)
        assert batch.schema == schema()
    rows = [row for batch in batches for row in batch.to_pylist()]
    for row in rows:
        row["metadata"] = row["metadata"] and json.loads(row["metadata"])
    assert rows == [in_arrow(record) for record in records]


@given(records=st.lists(RECORDS, min_size=2, max_size=3))
@settings(max_examples=5, deadline=None)
def test_many_records_in_a_batch_say_what_few_say(records: list[CallRecord]) -> None:
    few = to_arrow(records).read_all().to_pylist()
    many = [*to_arrow(records * 120, batch_size=250)]
    assert [batch.num_rows for batch in many][:-1] == [250] * (len(many) - 1)
    for batch in many:
        batch.validate(full=True)
    assert [row for batch in many for row in batch.to_pylist()] == few * 120


def test_a_time_without_a_zone_is_taken_for_utc() -> None:
    [row] = to_arrow([record(started_at=dt.datetime(2026, 1, 2, 3))]).read_all().to_pylist()  # noqa: DTZ001
    assert row["started_at"] == dt.datetime(2026, 1, 2, 3, tzinfo=dt.UTC)


def record(**fields: Any) -> CallRecord:
    return CallRecord(provider="zudu", id="1", source=StoredSource({}), **fields)


@pytest.mark.parametrize("other", [1, 2**70, "é"])
def test_an_infinite_number_among_what_was_attached_is_null(other: object) -> None:
    attached = {"a": math.inf, "b": [-math.inf, other]}
    [row] = to_arrow([record(metadata=attached)]).read_all().to_pylist()
    assert json.loads(row["metadata"]) == {"a": None, "b": [None, other]}


@given(amount=st.floats(1e-8, 99_999_999_999_999))
@settings(max_examples=50)
def test_every_amount_that_json_can_say_is_exact(amount: float) -> None:
    sent = Decimal(repr(amount))
    [row] = to_arrow([record(cost=Cost(amount=sent))]).read_all().to_pylist()
    assert row["cost"]["amount"] == sent


def test_what_a_column_has_no_room_for_is_null() -> None:
    fields = {"duration": dt.timedelta.max, "cost": Cost(amount=Decimal("1e14"))}
    [row] = to_arrow([record(**fields)]).read_all().to_pylist()
    assert (row["duration"], row["cost"]["amount"]) == (None, None)


def test_a_batch_is_made_when_it_is_asked_for() -> None:
    made = 0

    def records() -> Any:
        nonlocal made
        for made in range(1, 8):  # noqa: B007 - counted
            yield record()

    reader = to_arrow(records(), batch_size=2)
    assert made == 0
    assert reader.read_next_batch().num_rows == 2
    assert made == 2


def test_calls_that_are_no_records_are_refused_with_what_makes_them_such() -> None:
    with pytest.raises(TypeError, match=r"not a StoredSource: callrecords\.records\(\) makes"):
        to_arrow([StoredSource({})]).read_all()  # type: ignore[list-item]  # pyright: ignore[reportArgumentType]


def test_a_batch_has_room_for_something() -> None:
    with pytest.raises(callrecords.ConfigurationError, match="batch_size is 0; expected 1 or more"):
        to_arrow([], batch_size=0)


def test_without_pyarrow_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(callrecords.ConfigurationError, match=r"pip install 'callrecords\[arrow\]'"):
        to_arrow([])
