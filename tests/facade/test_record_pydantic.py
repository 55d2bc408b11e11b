"""Records are fields of pydantic's models, and what FastAPI takes, answers and describes."""

from __future__ import annotations

from typing import Any

import callrecords_cometchat.models as cometchat  # noqa: TC002 - pydantic reads annotations
import callrecords_zudu.models as zudu
import pytest
from jsonschema_rs import Draft202012Validator
from pydantic import BaseModel, TypeAdapter, ValidationError

from callrecords.calls import CallRecord, Link, StoredSource, record

CALL = zudu.Call(call_id="call-1", call_status=zudu.CallStatus.ENDED, start_timestamp=1)
RECORD = record(CALL)


class Row(BaseModel):
    """What a program may make of a call."""

    call: CallRecord[zudu.Call]
    exact: zudu.Call | cometchat.Call
    other: CallRecord | None = None
    links: tuple[Link, ...] = ()


def test_a_record_is_taken_as_it_is_and_written_as_plain_data() -> None:
    row = Row(call=RECORD, exact=CALL)
    assert row.call is RECORD
    assert row.model_dump()["call"] == RECORD.to_dict()
    assert row.model_dump(mode="json")["exact"] == {
        "call_id": "call-1",
        "call_status": "ENDED",
        "start_timestamp": 1,
    }


def test_plain_data_becomes_a_record_with_the_source_that_is_named() -> None:
    data = RECORD.to_dict(source=True)
    row = Row.model_validate({"call": data, "exact": CALL, "other": data})
    assert row.call == row.other == RECORD
    assert row.call.source == CALL
    assert row.other is not None
    assert type(row.other.source) is StoredSource
    assert Row.model_validate_json(row.model_dump_json()).call == RECORD


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ({"provider": 1, "id": None}, "no CallRecord has provider=1"),
        (CALL, "expected a CallRecord or a JSON object"),
    ],
)
def test_what_is_no_record_is_a_validation_error(value: Any, told: str) -> None:
    with pytest.raises(ValidationError, match=told):
        TypeAdapter(CallRecord).validate_python(value)


@pytest.mark.parametrize("kind", [CallRecord, CallRecord[zudu.Call]])
@pytest.mark.parametrize("source", [False, True])
def test_what_is_written_is_as_it_is_described(kind: Any, *, source: bool) -> None:
    schema = TypeAdapter(kind).json_schema(mode="serialization")
    fits = Draft202012Validator(schema, validate_formats=True).is_valid
    assert fits(RECORD.to_dict(source=source))
    assert not fits({**RECORD.to_dict(), "status": "over"})
    assert not fits({**RECORD.to_dict(), "mood": "calm"})


def test_models_of_two_providers_are_described_apart() -> None:
    names = Row.model_json_schema()["$defs"]
    assert len([name for name in names if name.endswith("__Call")]) == 2
    assert {"CallRecord", "CallRecord_Call_", "Link"} <= names.keys()
