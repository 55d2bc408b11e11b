"""Records go to plain data and JSON, and come back as they were."""

from __future__ import annotations

import datetime as dt
import json
import typing
from collections.abc import Mapping
from decimal import Decimal
from enum import Enum
from typing import Any

import callrecords_realtimekit.models as realtimekit
import callrecords_zudu.models as zudu
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callrecords.calls import CallRecord, Cost, Transcript, record

CALL = zudu.Call(call_id="call-1", call_status=zudu.CallStatus.ENDED, start_timestamp=1)
SMALLEST = {"provider": "zudu", "id": None}


JSON_VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(), inner, max_size=2),
    max_leaves=3,
)
PLAIN: dict[Any, st.SearchStrategy[Any]] = {
    str: st.text(),
    dt.datetime: st.datetimes(timezones=st.just(dt.UTC)),
    # A number of seconds has room for the microseconds of 285 years.
    dt.timedelta: st.timedeltas(dt.timedelta(), dt.timedelta(days=100_000)),
    Decimal: st.decimals(-(10**30), 10**30, allow_nan=False),
    Mapping[str, Any]: st.dictionaries(st.text(), JSON_VALUES, max_size=2),
}


def anything(kind: Any) -> st.SearchStrategy[Any]:
    """Whatever a field of a record may hold."""
    alternatives = typing.get_args(kind)
    if type(None) in alternatives:
        return st.none() | anything(alternatives[0])
    if typing.get_origin(kind) is tuple:
        return st.lists(anything(alternatives[0]), max_size=2).map(tuple)
    if kind in PLAIN:
        return PLAIN[kind]
    if issubclass(kind, Enum):
        return st.sampled_from(kind)
    fields = {
        name: st.just(CALL) if name == "source" else anything(own)
        for name, own in typing.get_type_hints(kind).items()
    }
    return st.builds(kind, **fields)


RECORDS = anything(CallRecord)


@given(RECORDS)
@settings(max_examples=40)
def test_plain_data_and_json_give_an_equal_record(made: CallRecord) -> None:
    assert CallRecord.from_dict(made.to_dict()) == made
    text = made.to_json(source=True)
    again = CallRecord.from_json(text, source=zudu.Call)
    assert again == made
    assert again.source == made.source
    assert again.to_json(source=True) == text
    assert CallRecord.from_json(text.encode()).to_json(source=True) == text


def test_a_record_stored_alone_has_an_empty_source() -> None:
    assert CallRecord.from_dict(record(CALL).to_dict()).source.to_dict() == {}


@pytest.mark.parametrize(
    ("kind", "data"),
    [(Cost, {"amount": "1.50", "currency": "USD"}), (Transcript, {"text": "Hello"})],
)
def test_a_part_goes_both_ways_by_itself(kind: Any, data: dict[str, Any]) -> None:
    assert {**kind.from_dict(data).to_dict(), **data} == kind.from_dict(data).to_dict()


def test_fields_that_an_older_version_did_not_write_are_none() -> None:
    made: CallRecord = CallRecord(provider="zudu", id=None, source=CALL)
    assert CallRecord.from_dict(SMALLEST) == made


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"kind": "fax"}, "no CallRecord has kind='fax'"),
        ({"duration": "1"}, "duration='1' .expected timedelta"),
        ({"started_at": "yesterday"}, "started_at='yesterday'"),
        ({"duration": 1e300}, "duration=1e"),
        ({"cost": {"amount": "much"}}, "no Cost has amount='much'"),
        ({"cost": {}}, "a Cost needs amount"),
        ({"participants": "all"}, "expected tuple"),
        ({"metadata": []}, "expected Mapping"),
        ({"mood": "calm"}, "no CallRecord has mood='calm'"),
        ({"provider": {}}, "expected str"),
        ({"created_at": "2026-01-01T00:00:00"}, "it has no time zone"),
        ({"source": None}, "a StoredSource is a JSON object"),
    ],
)
def test_what_is_no_record_is_told(wrong: dict[str, Any], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        CallRecord.from_dict({**SMALLEST, **wrong})


def test_a_source_that_is_no_such_model_is_told() -> None:
    with pytest.raises(ValueError, match="the source is no ChatDownload"):
        CallRecord.from_dict({**SMALLEST, "source": {}}, source=realtimekit.ChatDownload)


@pytest.mark.parametrize("text", ["", "{", "[]", json.dumps({"provider": "zudu"})])
def test_text_that_holds_no_record_is_told(text: str) -> None:
    with pytest.raises(ValueError, match=r"Expecting|a CallRecord (needs id|is a JSON object)"):
        CallRecord.from_json(text)
