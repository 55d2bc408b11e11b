"""What a call record is good for, and what can be made one."""

from __future__ import annotations

import asyncio
import copy
import datetime as dt
import json
import pickle
import subprocess
import sys
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import attrs
import callrecords_apifycloud.models as apifycloud
import callrecords_cometchat.models as cometchat
import callrecords_realtimekit.models as realtimekit
import callrecords_zudu.models as zudu
import pytest

from callrecords.calls import (
    CallDirection,
    CallKind,
    CallRecord,
    CallStatus,
    Cost,
    Link,
    LinkKind,
    ParticipantRecord,
    RecordingRecord,
    Transcript,
    record,
    records,
)

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

START = dt.datetime(2024, 1, 1, 12, 0, tzinfo=dt.UTC)
SESSION: dict[str, Any] = {
    "id": "1",
    "associated_id": "2",
    "created_at": "2024-01-01T00:00:00.000Z",
    "live_participants": 0,
    "max_concurrent_participants": 2,
    "meeting_display_name": "Review",
    "minutes_consumed": 1,
    "organization_id": "3",
    "started_at": "2024-01-01T00:00:00.000Z",
    "status": "ENDED",
    "type": "meeting",
    "updated_at": "2024-01-01T00:00:00.000Z",
}


@pytest.fixture
def call() -> zudu.Call:
    return zudu.Call.from_dict({"call_id": "call-1", "from_number": "+1", "unheard_of": [1]})


@pytest.fixture
def full(call: zudu.Call) -> CallRecord[zudu.Call]:
    """A record with every field."""
    return CallRecord(
        provider="zudu",
        id="call-1",
        kind=CallKind.PHONE,
        provider_kind="PHONE_CALL",
        direction=CallDirection.INBOUND,
        status=CallStatus.ENDED,
        provider_status="ENDED",
        created_at=START,
        started_at=START + dt.timedelta(seconds=1),
        ended_at=START + dt.timedelta(seconds=2, microseconds=3),
        duration=dt.timedelta(seconds=1.5),
        participants=(ParticipantRecord(id="+1", name="Zoë", role="caller", joined_at=START),),
        recordings=(RecordingRecord(url="https://example.com/1", expires_at=START),),
        transcript=Transcript(text="Hello"),
        cost=Cost(amount=Decimal("1E-7"), currency="EUR"),
        metadata={"priority": 1},
        links=(Link(provider="zudu", kind=LinkKind.AGENT, id="agent-1"),),
        source=call,
    )


@pytest.fixture
def empty(call: zudu.Call) -> CallRecord[zudu.Call]:
    """A record that says nothing."""
    return CallRecord(provider="zudu", id=None, source=call)


def test_plain_data_has_text_for_times_seconds_for_durations_and_text_for_amounts(
    full: CallRecord,
) -> None:
    assert full.to_dict() == {
        "provider": "zudu",
        "id": "call-1",
        "kind": "phone",
        "provider_kind": "PHONE_CALL",
        "direction": "inbound",
        "status": "ended",
        "provider_status": "ENDED",
        "created_at": "2024-01-01T12:00:00.000Z",
        "started_at": "2024-01-01T12:00:01.000Z",
        "ended_at": "2024-01-01T12:00:02.000003Z",
        "duration": 1.5,
        "participants": [
            {
                "id": "+1",
                "name": "Zoë",
                "role": "caller",
                "joined_at": "2024-01-01T12:00:00.000Z",
                "left_at": None,
                "duration": None,
            }
        ],
        "recordings": [
            {
                "id": None,
                "url": "https://example.com/1",
                "status": None,
                "created_at": None,
                "started_at": None,
                "ended_at": None,
                "duration": None,
                "expires_at": "2024-01-01T12:00:00.000Z",
            }
        ],
        "transcript": {"text": "Hello", "url": None, "expires_at": None},
        "cost": {"amount": "0.0000001", "currency": "EUR"},
        "metadata": {"priority": 1},
        "links": [{"provider": "zudu", "kind": "agent", "id": "agent-1"}],
    }


def test_plain_data_has_the_same_keys_whatever_is_said(full: CallRecord, empty: CallRecord) -> None:
    assert list(empty.to_dict()) == list(full.to_dict())


def test_plain_data_has_no_enumerations(full: CallRecord) -> None:
    assert type(full.to_dict()["status"]) is str


def test_plain_data_has_the_providers_own_when_asked(full: CallRecord) -> None:
    assert full.to_dict(source=True) == {
        **full.to_dict(),
        "source": {"call_id": "call-1", "from_number": "+1", "unheard_of": [1]},
    }


def test_the_parts_of_a_record_give_plain_data_too() -> None:
    assert Cost(amount=Decimal("0.10")).to_dict() == {"amount": "0.10", "currency": None}


def test_json_is_the_plain_data(full: CallRecord) -> None:
    assert json.loads(full.to_json(source=True)) == full.to_dict(source=True)


def test_json_keeps_text_readable(full: CallRecord) -> None:
    assert "Zoë" in full.to_json()


def test_json_is_indented_when_asked(full: CallRecord) -> None:
    assert full.to_json(indent=2).startswith('{\n  "provider": "zudu",\n')


def test_a_repr_shows_what_is_said(full: CallRecord) -> None:
    assert repr(full) == (
        "CallRecord(provider='zudu', id='call-1', kind='phone', provider_kind='PHONE_CALL', "
        "direction='inbound', status='ended', provider_status='ENDED', "
        "created_at=2024-01-01T12:00:00.000Z, started_at=2024-01-01T12:00:01.000Z, "
        "ended_at=2024-01-01T12:00:02.000003Z, duration=0:00:01.500000, "
        "participants=(ParticipantRecord(id='+1', name='Zoë', role='caller', "
        "joined_at=2024-01-01T12:00:00.000Z),), "
        "recordings=(RecordingRecord(url='https://example.com/1', "
        "expires_at=2024-01-01T12:00:00.000Z),), transcript=Transcript(text='Hello'), "
        "cost=Cost(amount=1E-7, currency='EUR'), metadata={'priority': 1}, "
        "links=(Link(provider='zudu', kind='agent', id='agent-1'),))"
    )


def test_a_repr_leaves_out_what_is_not_said(empty: CallRecord) -> None:
    assert repr(empty) == "CallRecord(provider='zudu', id=None)"


def test_a_repr_tells_none_from_not_said(empty: CallRecord) -> None:
    assert repr(attrs.evolve(empty, recordings=())).endswith("id=None, recordings=())")


def test_a_repr_shortens_long_texts() -> None:
    assert repr(Transcript(text="a" * 5000)) == f"Transcript(text='{'a' * 100}'…)"


@pytest.mark.parametrize(
    "field", [field for field in attrs.fields_dict(CallRecord) if field != "source"]
)
def test_records_that_say_something_else_differ(
    full: CallRecord, empty: CallRecord, field: str
) -> None:
    change: dict[str, Any] = {field: getattr(empty, field)}
    if field == "provider":
        change = {field: "realtimekit"}
    assert attrs.evolve(full, **change) != full


def test_records_that_say_the_same_are_one_in_a_set(full: CallRecord) -> None:
    elsewhere = zudu.Call(call_id="call-1", agent_id="agent-2")
    assert len({full, attrs.evolve(full, source=elsewhere)}) == 1


def test_a_record_does_not_change(full: CallRecord) -> None:
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        full.id = "call-2"  # type: ignore[misc]  # pyright: ignore[reportAttributeAccessIssue]


def test_a_record_takes_no_attribute_that_is_no_field(full: CallRecord) -> None:
    assert not hasattr(full, "__dict__")


def pickled(made: CallRecord) -> Any:
    return pickle.loads(pickle.dumps(made))  # noqa: S301 - it was pickled here


@pytest.mark.parametrize("again", [copy.copy, copy.deepcopy, pickled])
def test_a_record_survives_copying_and_pickling(full: CallRecord, again: Any) -> None:
    assert again(full) == full
    assert again(full).source == full.source


def test_the_time_from_start_to_end_is_elapsed(full: CallRecord) -> None:
    assert full.elapsed == dt.timedelta(seconds=1, microseconds=3)


@pytest.mark.parametrize("unknown", ["started_at", "ended_at"])
def test_nothing_is_elapsed_unless_start_and_end_are_known(full: CallRecord, unknown: str) -> None:
    change: dict[str, Any] = {unknown: None}
    assert attrs.evolve(full, **change).elapsed is None


@pytest.mark.parametrize(
    ("model", "provider"),
    [
        (apifycloud.Call(), "apifycloud"),
        (cometchat.Call(), "cometchat"),
        (realtimekit.Session.from_dict(SESSION), "realtimekit"),
        (zudu.Call(), "zudu"),
    ],
)
def test_every_providers_call_becomes_a_record(model: Any, provider: str) -> None:
    assert record(model).provider == provider


def test_the_records_of_a_list_are_made_when_they_are_asked_for() -> None:
    asked: list[str] = []

    def calls() -> Iterator[zudu.Call]:
        for each in "ab":
            asked.append(each)
            yield zudu.Call(call_id=each)

    made = records(calls())
    assert asked == []
    assert next(made).id == "a"
    assert asked == ["a"]
    assert [each.id for each in made] == ["b"]


def test_the_records_of_an_awaited_list_are_awaited() -> None:
    async def calls() -> AsyncIterator[zudu.Call]:
        for each in "ab":
            yield zudu.Call(call_id=each)

    async def made() -> list[str | None]:
        return [each.id async for each in records(calls())]

    assert asyncio.run(made()) == ["a", "b"]


def test_what_is_scheduled_is_no_call_yet() -> None:
    booked = apifycloud.ScheduledCall(id="1")
    with pytest.raises(TypeError, match="ScheduledCall"):
        next(records([booked]))


def test_a_model_of_ones_own_becomes_a_record_if_it_is_a_providers() -> None:
    class OurCall(zudu.Call):
        pass

    assert record(OurCall(call_id="call-1")).id == "call-1"


@pytest.mark.parametrize(
    "answer",
    [
        apifycloud.CallResponse(),
        cometchat.CallResponse(),
        realtimekit.SessionResponse(),
        zudu.CallResponse(),
    ],
)
def test_an_answer_is_refused_with_the_place_of_its_call(answer: Any) -> None:
    with pytest.raises(TypeError, match=r"An answer such as CallResponse has its call in \.data"):
        record(answer)


@pytest.mark.parametrize("thing", [None, {"call_id": "call-1"}, "call-1", zudu.Call, object()])
def test_anything_else_is_refused_with_what_is_taken(thing: Any) -> None:
    with pytest.raises(TypeError) as refusal:
        record(thing)
    taken, _, given = str(refusal.value).partition("; not ")
    assert taken.startswith("record() takes a call, one of callrecords_apifycloud.models.Call, ")
    assert "callrecords_realtimekit.models.Session, " in taken
    assert given.startswith(f"{type(thing).__module__}.{type(thing).__qualname__}. An answer such")


@pytest.mark.parametrize("parts", [{"participants": []}, {"transcript": "Hello"}])
def test_parts_of_a_session_are_refused_with_another_call(call: Any, parts: Any) -> None:
    with pytest.raises(TypeError, match=r"a call of zudu takes no .* besides: it takes nothing"):
        record(call, **parts)


@pytest.mark.parametrize(
    ("parts", "message"),
    [
        (
            {"participants": realtimekit.ParticipantListResponse()},
            "such as a client lists; not ParticipantListResponse",
        ),
        (
            {"participants": [realtimekit.ParticipantHolder()]},
            "must be a Participant or PeerParticipant, not ParticipantHolder",
        ),
        ({"participants": realtimekit.Participant()}, "not Participant"),
        ({"recordings": [realtimekit.Participant()]}, "each of the recordings must be a"),
        (
            {"transcript": realtimekit.TranscriptResponse()},
            r"which a TranscriptResponse has in \.data; not TranscriptResponse",
        ),
    ],
)
def test_parts_of_a_session_are_refused_when_they_are_something_else(
    parts: Any, message: str
) -> None:
    with pytest.raises(TypeError, match=message):
        record(realtimekit.Session.from_dict(SESSION), **parts)


def imported(program: str) -> set[str]:
    """The top-level packages that a program has imported in the end."""
    program += "; import sys; print(*{name.partition('.')[0] for name in sys.modules})"
    command = [sys.executable, "-c", program]
    run = subprocess.run(command, capture_output=True, check=True, text=True)  # noqa: S603 - ours
    return set(run.stdout.split())


def test_records_alone_import_neither_httpx_nor_any_providers_package() -> None:
    names = imported("import callrecords.calls")
    assert "callrecords" in names
    assert not {name for name in names if name.startswith("callrecords_")}
    assert "httpx" not in names


def test_a_record_imports_only_the_package_of_its_provider() -> None:
    names = imported(
        "from callrecords.calls import record; from callrecords_zudu.models import Call; "
        "record(Call())"
    )
    packages = {name for name in names if name.startswith("callrecords_")}
    assert packages == {"callrecords_runtime", "callrecords_zudu"}
    assert "httpx" not in names
