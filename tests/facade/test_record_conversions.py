"""Each provider's calls as call records: documented payloads, and whatever else may come."""

from __future__ import annotations

import copy
import datetime as dt
import importlib
import json
import pkgutil
import re
from decimal import Decimal
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import attrs
import pytest
from callrecords_apifycloud import models as apifycloud
from callrecords_cometchat import models as cometchat
from callrecords_realtimekit import models as realtimekit
from callrecords_zudu import models as zudu
from hypothesis import example, given, settings
from hypothesis import strategies as st

from callrecords._conversions import conversion_for
from callrecords._packages import installed, operation_named
from callrecords._packages import read_provider as read_package
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
)
from callrecords.providers.apifycloud import record as apifycloud_conversion
from callrecords.providers.cometchat import record as cometchat_conversion
from callrecords.providers.realtimekit import record as realtimekit_conversion
from callrecords.providers.zudu import record as zudu_conversion
from callrecords_runtime.answers import Reader
from callrecords_runtime.call import Call
from callrecords_runtime.messages import Request, Response
from codegen.providers.payloads import read_payloads
from codegen.providers.provider import read_provider

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

ROOT = Path(__file__).parents[2]
JSON: TypeAlias = Any
CONVERSIONS = {
    name: conversion for name in installed() if (conversion := conversion_for(name)) is not None
}
PROVIDERS = list(CONVERSIONS)
MODELS: dict[str, Any] = {
    name: pkgutil.resolve_name(conversion.models[0]) for name, conversion in CONVERSIONS.items()
}
WRAPPERS = {"sessions", "session", "participants", "participant", "paging"}
PARTICIPANT_OPERATIONS = {
    "list_participants": realtimekit.Participant,
    "get_participant": realtimekit.Participant,
    "get_peer_report": realtimekit.PeerParticipant,
}


def body(provider: str, payload: str) -> JSON:
    """The body of a documented payload, such as ``get_call/ended``."""
    file = ROOT / "specs" / provider / "payloads" / f"{payload}.json"
    return json.loads(file.read_text(encoding="utf-8"))["body"]


def unwrapped(data: JSON) -> list[JSON]:
    """The calls, sessions or participants in the data of an answer, whichever shape it has."""
    if isinstance(data, dict) and data.keys() <= WRAPPERS:
        return unwrapped(next(iter(data.values())))
    return data if isinstance(data, list) else [data]


def documented(provider: str, *operations: str) -> Iterator[tuple[str, JSON]]:
    """Every documented call, session or participant of these operations, with a name for it."""
    for operation in operations:
        for file in sorted((ROOT / "specs" / provider / "payloads" / operation).iterdir()):
            payload = body(provider, f"{operation}/{file.stem}")
            if "data" in payload:
                for number, item in enumerate(unwrapped(payload["data"])):
                    yield f"{provider} {operation} {file.stem} {number}", item


def calls_of(provider: str) -> Iterator[tuple[str, JSON]]:
    """Every documented call of a provider that is had by its id, with a name for it."""
    package = read_package(provider)
    operation = operation_named(package, str(CONVERSIONS[provider].by_id))
    request = Request(method=operation.method, path="/", template=operation.path)
    read = Reader(package.package, operation)
    call = Call(provider=provider, operation=operation.name, request=request, read=read)
    for payload in read_payloads(read_provider(ROOT, provider)):
        if payload.operation == operation.operation_id and payload.status == 200:
            content = json.dumps(payload.body).encode()
            answer = Response(status=200, headers={}, content=content, elapsed=dt.timedelta())
            name = f"{provider} {payload.operation} {payload.name}"
            yield name, read(call, answer).parsed.to_dict()


CALLS: dict[str, tuple[str, JSON]] = {
    **{name: (provider, call) for provider in PROVIDERS for name, call in calls_of(provider)},
    **{name: ("realtimekit", one) for name, one in documented("realtimekit", "list_sessions")},
}
PARTICIPANTS: dict[str, tuple[Any, JSON]] = {
    name: (model, participant)
    for operation, model in PARTICIPANT_OPERATIONS.items()
    for name, participant in documented("realtimekit", operation)
}


def utc(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text + "+00:00")


def cometchat_call(**changes: JSON) -> cometchat.Call:
    return cometchat.Call.from_dict({**body("cometchat", "get_call/object")["data"], **changes})


def zudu_call(**changes: JSON) -> zudu.Call:
    return zudu.Call.from_dict({**body("zudu", "get_call/ended")["data"], **changes})


def session(**changes: JSON) -> realtimekit.Session:
    return realtimekit.Session.from_dict(
        {**body("realtimekit", "get_session/direct")["data"], **changes}
    )


def apifycloud_call(**changes: JSON) -> apifycloud.Call:
    return apifycloud.Call.from_dict({**body("apifycloud", "get_call/ended")["data"], **changes})


def test_the_record_of_a_cometchat_call() -> None:
    call = cometchat.Call.from_dict(body("cometchat", "get_call/recording")["data"])
    assert record(call) == CallRecord(
        provider="cometchat",
        id="v1.us.31780434a95d45.16923681138d75114d60d1345a22e4cc612263fb26c0b5cf92",
        kind=CallKind.AUDIO,
        provider_kind="audio",
        direction=None,
        status=CallStatus.ENDED,
        provider_status="ended",
        created_at=utc("2023-08-18T14:15:13"),
        started_at=utc("2023-08-18T14:15:27"),
        ended_at=utc("2023-08-18T14:15:46"),
        duration=dt.timedelta(seconds=19),
        participants=(
            ParticipantRecord(
                id="superhero2",
                name=None,
                role="receiver",
                joined_at=utc("2023-08-18T14:15:32"),
                left_at=utc("2023-08-18T14:15:46"),
                duration=dt.timedelta(seconds=14),
            ),
            ParticipantRecord(
                id="superhero8",
                name=None,
                role="initiator",
                joined_at=utc("2023-08-18T14:15:28"),
                left_at=utc("2023-08-18T14:15:44"),
                duration=dt.timedelta(seconds=16),
            ),
        ),
        recordings=(
            RecordingRecord(
                id="rec-855e1519-1244-4213-8e40-53044c1e9e43",
                url="https://example-bucket.s3.amazonaws.com/recordings/855e1519-1244-4213-8e40-53044c1e9e43.mp4",
                started_at=utc("2023-08-18T14:15:27"),
                ended_at=utc("2023-08-18T14:15:46"),
                duration=dt.timedelta(seconds=19),
            ),
        ),
        transcript=None,
        cost=None,
        metadata={},
        links=(
            Link(
                provider="cometchat",
                kind=LinkKind.MEETING,
                id="855e1519-1244-4213-8e40-53044c1e9e43",
            ),
        ),
        source=call,
    )


def test_the_record_of_a_cometchat_call_that_nobody_has_answered() -> None:
    [data] = body("cometchat", "get_call/array")["data"]
    call = cometchat.Call.from_dict(data)
    assert record(call) == CallRecord(
        provider="cometchat",
        id="v1.eu.2574867aa2e6e417.17158459999d7fa95b1b4faea599f11eb5ecf07611b0b335c3",
        kind=CallKind.AUDIO,
        provider_kind="audio",
        status=CallStatus.CREATED,
        provider_status="initiated",
        created_at=utc("2024-05-16T07:53:19"),
        duration=dt.timedelta(),
        participants=(
            ParticipantRecord(
                id="cometchat-uid-1",
                name="Andrew Joseph",
                role="initiator",
                duration=dt.timedelta(),
            ),
            ParticipantRecord(
                id="cometchat-uid-2", name="George Alan", role="receiver", duration=dt.timedelta()
            ),
        ),
        recordings=(),
        source=call,
    )


def test_the_record_of_a_zudu_call() -> None:
    call = zudu.Call.from_dict(body("zudu", "get_call/ongoing")["data"])
    assert record(call) == CallRecord(
        provider="zudu",
        id="call-456",
        kind=CallKind.PHONE,
        provider_kind="PHONE_CALL",
        direction=CallDirection.INBOUND,
        status=CallStatus.ONGOING,
        provider_status="ONGOING",
        created_at=None,
        started_at=utc("2023-12-20T18:40:00"),
        ended_at=None,
        duration=None,
        participants=(
            ParticipantRecord(id="+1234567890", role="caller"),
            ParticipantRecord(id="+0987654321", role="callee"),
        ),
        recordings=(RecordingRecord(url="https://storage.azure.com/recordings/call-456.mp4"),),
        transcript=Transcript(text="Hello, thank you for calling. How can I help you today?"),
        cost=Cost(amount=Decimal("0.15"), currency=None),
        metadata={"customer_id": "cust-001", "priority": "high", "campaign": "summer-2024"},
        links=(
            Link(provider="zudu", kind=LinkKind.AGENT, id="agent-123"),
            Link(kind=LinkKind.PHONE_CALL, id="CA1234567890abcdef1234567890abcdef"),
            Link(kind=LinkKind.CONFERENCE, id="CF1234567890abcdef1234567890abcdef"),
        ),
        source=call,
    )


def test_the_times_of_a_zudu_call_that_has_ended() -> None:
    made = record(zudu_call(created_at=1703097500000))
    assert made.created_at == utc("2023-12-20T18:38:20")
    assert made.started_at == utc("2023-12-20T18:40:00")
    assert made.ended_at == utc("2023-12-20T18:50:00")
    assert made.duration == dt.timedelta(minutes=10)


def test_the_record_of_a_realtimekit_session() -> None:
    call = realtimekit.Session.from_dict(
        body("realtimekit", "get_session/wrapped")["data"]["session"]
    )
    assert record(call) == CallRecord(
        provider="realtimekit",
        id="182bd5e5-6e1a-4fe4-a799-aa6d9a6ab26e",
        kind=CallKind.MEETING,
        provider_kind="meeting",
        status=CallStatus.ENDED,
        provider_status="ENDED",
        created_at=utc("2023-02-01T10:51:50.786"),
        started_at=utc("2023-02-01T10:51:50.786"),
        ended_at=utc("2023-02-01T10:54:11.390"),
        duration=None,
        participants=None,
        recordings=None,
        transcript=None,
        metadata=None,
        links=(
            Link(
                provider="realtimekit",
                kind=LinkKind.MEETING,
                id="6bf2b8be-04dd-4191-b602-1128921a306b",
            ),
        ),
        source=call,
    )


def test_a_session_is_recorded_with_its_participants_and_transcript() -> None:
    answer = realtimekit.ParticipantListResponse.from_dict(
        body("realtimekit", "list_participants/paging")
    )
    download = realtimekit.TranscriptDownload.from_dict(
        body("realtimekit", "get_transcript/download")["data"]
    )
    assert answer.data
    assert answer.data.participants
    made = record(session(), participants=iter(answer.data.participants), transcript=download)
    assert made.participants == (
        ParticipantRecord(
            id="79d87ca5-7e47-452a-b3c1-b6842ad84bf5",
            name="sush",
            role="group_call_participant",
            joined_at=utc("2023-02-01T10:51:50.786"),
            left_at=utc("2023-02-01T10:57:39.368"),
            duration=dt.timedelta(minutes=5, seconds=48, milliseconds=582),
        ),
        ParticipantRecord(
            id="bd45f5a3-44d0-4d48-a9e5-b880b39d9e1c",
            name="Mary",
            role="group_call_participant",
            joined_at=utc("2023-02-01T10:52:10"),
            left_at=None,
            duration=dt.timedelta(),
        ),
    )
    assert made.transcript == Transcript(
        url="https://transcripts.example.com/182bd5e5-6e1a-4fe4-a799-aa6d9a6ab26e.csv",
        expires_at=utc("2023-02-08T10:54:11.390"),
    )


def test_a_participant_of_a_peer_report_is_a_participant() -> None:
    data = body("realtimekit", "get_peer_report/wrapped")["data"]["participant"]
    peer = realtimekit.PeerParticipant.from_dict(data)
    assert record(session(), participants=[peer]).participants == (
        ParticipantRecord(
            id="bd45f5a3-44d0-4d48-a9e5-b880b39d9e1c",
            name="sush",
            role="group_call_participant",
            joined_at=utc("2023-12-14T13:35:36.332"),
            left_at=utc("2023-12-14T13:36:42.872"),
            duration=dt.timedelta(minutes=1, seconds=6, milliseconds=540),
        ),
    )


def test_a_session_has_its_own_recordings_of_those_of_its_meeting() -> None:
    answer = realtimekit.RecordingListResponse.from_dict(
        body("realtimekit", "list_recordings/uploaded_and_invoked")
    )
    assert len(answer.data) == 2
    assert record(session(), recordings=answer.data).recordings == (
        RecordingRecord(
            id="97cb1a2e-9f5d-4a4b-8f0e-5f1c2b7d6a10",
            url="https://recordings.example.com/weekly_97cb1a2e.mp4",
            status="UPLOADED",
            created_at=utc("2025-01-13T09:14:20"),
            started_at=utc("2025-01-13T09:14:24"),
            ended_at=utc("2025-01-13T10:14:22"),
            duration=dt.timedelta(seconds=3598),
            expires_at=utc("2025-01-20T10:14:22"),
        ),
    )


@pytest.mark.parametrize("wrong", [5, [5]])
def test_what_are_no_recordings_is_refused(wrong: Any) -> None:
    with pytest.raises(TypeError, match="recordings"):
        record(session(), recordings=wrong)


def test_the_session_that_goes_on_in_a_meeting_is_a_call() -> None:
    call = realtimekit.ActiveSession.from_dict(
        body("realtimekit", "get_active_session/live")["data"]
    )
    made = record(call, participants=[])
    assert (made.id, made.status) == ("813432c7-3c5a-45e2-9acf-eef7061c7584", CallStatus.ONGOING)
    assert made.source is call


def test_a_session_without_anybody_has_no_participants() -> None:
    assert record(session(), participants=[]).participants == ()


def test_the_record_of_an_apifycloud_call() -> None:
    call = apifycloud_call()
    assert record(call) == CallRecord(
        provider="apifycloud",
        id="0b9a3c3e-7d52-4c8e-9a41-5f6d8e2b7c10",
        kind=CallKind.VIDEO,
        provider_kind=None,
        status=CallStatus.ENDED,
        provider_status="ended",
        participants=(
            ParticipantRecord(
                id="2f7d9f4e-6a0b-4d53-b0c6-8f5a1f0e9d21",
                name="Agent",
                role="host",
                joined_at=utc("2024-01-01T00:00:00"),
                left_at=utc("2024-01-01T00:05:12"),
            ),
            ParticipantRecord(
                id="8d1c6a52-3f8e-4b67-9a35-1c7e2d4b6f32",
                name="Jane Doe",
                role="participant",
                joined_at=utc("2024-01-01T00:00:00"),
                left_at=utc("2024-01-01T00:05:12"),
            ),
        ),
        recordings=(
            RecordingRecord(
                id="c5e7a1d3-9b24-4e8f-a6d0-7b3c5f1e2a43",
                url=None,
                status="processing",
                created_at=utc("2024-01-01T00:05:12"),
            ),
        ),
        metadata={"customer": "1001"},
        links=(
            Link(
                provider="realtimekit",
                kind=LinkKind.MEETING,
                id="6bf2b8be-04dd-4191-b602-1128921a306b",
            ),
            Link(
                provider="genesys",
                kind=LinkKind.CONVERSATION,
                id="4f0f3bd9-7a0c-4f4e-8f19-0e2b4f6a8c11",
            ),
        ),
        source=call,
    )


def test_an_apifycloud_call_is_linked_to_the_sessions_of_its_meeting() -> None:
    assert set(record(apifycloud_call()).links) & set(record(session()).links)


@pytest.mark.parametrize(
    ("call", "field", "expected"),
    [
        (cometchat_call(startedAt=-1), "started_at", None),
        (cometchat_call(startedAt=1692368127000), "started_at", None),
        (cometchat_call(totalDuration="19 seconds"), "duration", None),
        (cometchat_call(totalDuration=0.316), "duration", None),
        (cometchat_call(hasRecording=True), "recordings", None),
        (cometchat_call(recordings=[]), "recordings", ()),
        (cometchat_call(metaData=["a"]), "metadata", None),
        (cometchat_call(metaData={"a": [1]}), "metadata", {"a": [1]}),
        (cometchat_call(transcriptions=[]), "transcript", None),
        (cometchat_call(status="paused"), "status", None),
        (cometchat_call(status="paused"), "provider_status", "paused"),
        (cometchat_call(type="hologram"), "kind", None),
        (cometchat_call(type="hologram"), "provider_kind", "hologram"),
        (cometchat_call(participants=None), "participants", None),
        (cometchat_call(sessionId=None), "id", None),
        (cometchat_call(mid=None), "links", ()),
        (zudu_call(call_duration=-1), "duration", None),
        (zudu_call(call_status="scheduled"), "status", CallStatus.SCHEDULED),
        (zudu_call(call_status="registered"), "status", CallStatus.CREATED),
        (zudu_call(call_type="web_call"), "kind", CallKind.WEB),
        (zudu_call(direction="outbound"), "direction", CallDirection.OUTBOUND),
        (zudu_call(from_number=None, to_number=None), "participants", None),
        (zudu_call(recording_url=None), "recordings", None),
        (zudu_call(transcript=None), "transcript", None),
        (zudu_call(call_cost=None), "cost", None),
        (zudu_call(call_cost={}), "cost", None),
        (zudu_call(agent_id=None, telephony_identifier=None), "links", ()),
        (session(type="participant"), "kind", None),
        (session(type="participant"), "provider_kind", "participant"),
        (session(status="LIVE"), "status", CallStatus.ONGOING),
        (session(ended_at=None), "ended_at", None),
        (session(started_at="2023-02-01T12:51:50+02:00"), "started_at", utc("2023-02-01T10:51:50")),
        (session(started_at="2023-02-01T10:51:50"), "started_at", utc("2023-02-01T10:51:50")),
        (session(started_at="0001-01-01T00:00:00+14:00"), "started_at", None),
        (session(meta={"room": 1}), "metadata", {"room": 1}),
        (session(meta="room"), "metadata", None),
        (apifycloud_call(status="active"), "status", CallStatus.ONGOING),
        (apifycloud_call(participants=[]), "participants", ()),
        (apifycloud_call(recordings=None), "recordings", None),
        (apifycloud_call(metadata=None), "metadata", None),
        (apifycloud_call(provider=None, genesys=None), "links", ()),
        (apifycloud_call(provider={"name": "realtimekit"}, genesys={}), "links", ()),
        (
            apifycloud_call(provider={"meetingId": "1"}, genesys=None),
            "links",
            (Link(kind=LinkKind.MEETING, id="1"),),
        ),
    ],
)
def test_a_field_says_what_the_provider_says(call: Any, field: str, expected: object) -> None:
    assert getattr(record(call), field) == expected


def test_a_participant_of_a_cometchat_group_call_has_no_role_but_initiator() -> None:
    made = record(cometchat_call(receiverType="group"))
    assert made.participants
    assert [participant.role for participant in made.participants] == [None, "initiator"]


@pytest.mark.parametrize("name", ["totalDuration", "totalDurationInMinutes"])
def test_a_cometchat_participants_duration_has_either_name(name: str) -> None:
    made = record(cometchat_call(participants=[{"uid": "mary", name: 1.5}]))
    assert made.participants == (ParticipantRecord(id="mary", duration=dt.timedelta(seconds=90)),)


@pytest.mark.parametrize("starts", [[1, 2], [2, 1], [2, 2], [None, 0], [2, None]])
def test_the_transcript_of_a_cometchat_call_is_the_newest(starts: list[int | None]) -> None:
    newest = starts.index(max(starts, key=lambda start: -1 if start is None else start))
    transcriptions = [
        {"startTime": start, "transcriptUrl": f"https://transcripts.example.com/{number}"}
        for number, start in enumerate(starts)
    ]
    made = record(cometchat_call(transcriptions=transcriptions))
    assert made.transcript == Transcript(url=f"https://transcripts.example.com/{newest}")


@pytest.mark.parametrize(
    ("words", "vocabulary", "left"),
    [
        (apifycloud.CallStatus, apifycloud_conversion.STATUSES, set[str]()),
        (cometchat.CallStatus, cometchat_conversion.STATUSES, set[str]()),
        (cometchat.CallType, cometchat_conversion.KINDS, set[str]()),
        (realtimekit.SessionStatus, realtimekit_conversion.STATUSES, set[str]()),
        (realtimekit.SessionType, realtimekit_conversion.KINDS, {"participant"}),
        (zudu.CallStatus, zudu_conversion.STATUSES, set[str]()),
        (zudu.CallType, zudu_conversion.KINDS, set[str]()),
        (zudu.Direction, zudu_conversion.DIRECTIONS, set[str]()),
    ],
)
def test_every_documented_word_has_its_place_in_the_vocabulary(
    words: Any, vocabulary: Mapping[str, object], left: set[str]
) -> None:
    assert {word.value.lower() for word in words} - vocabulary.keys() == left
    assert vocabulary.keys() <= {word.value.lower() for word in words}


# Whatever comes.

UNTIMED = settings(deadline=None)
TIMES = st.datetimes(timezones=st.none() | st.timezones()).map(dt.datetime.isoformat)
CLOCKS = st.from_regex(r"[0-9]{1,3}:[0-9]{2}:[0-9]{2}", fullmatch=True)
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text()
    | TIMES
    | CLOCKS
)
VALUES = SCALARS | st.lists(SCALARS, max_size=2) | st.dictionaries(st.text(), SCALARS, max_size=2)


def places(value: JSON, place: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Where the members and items of a JSON value are, at every depth."""
    items = value.items() if isinstance(value, dict) else enumerate(value)
    for name, item in items:
        yield (*place, name)
        if isinstance(item, dict | list):
            yield from places(item, (*place, name))


def put(data: JSON, place: tuple[Any, ...], value: JSON) -> JSON:
    """A copy of the data with another value at a place."""
    changed = inner = copy.deepcopy(data)
    for name in place[:-1]:
        inner = inner[name]
    if isinstance(inner, dict) and not isinstance(place[-1], str):
        raise KeyError(place)  # a list stood here, before it was altered
    inner[place[-1]] = value
    return changed


@st.composite
def altered(draw: st.DrawFn, originals: dict[str, tuple[Any, JSON]]) -> Any:
    """The model of a documented payload, some of whose values are others that it accepts."""
    key, data = draw(st.sampled_from(list(originals.values())))
    model = MODELS.get(key, key) if isinstance(key, str) else key
    for place in draw(st.lists(st.sampled_from(list(places(data))), max_size=4)):
        try:
            changed = put(data, place, draw(VALUES))
            model.from_dict(changed)
        except (AttributeError, IndexError, KeyError, OverflowError, TypeError, ValueError):
            continue
        data = changed
    return model.from_dict(data)


def held(value: Any) -> Iterator[object]:
    """Every value in a record but its source and metadata, at every depth."""
    if isinstance(value, tuple):
        for item in value:
            yield from held(item)
    elif attrs.has(type(value)):
        for field in attrs.fields(type(value)):
            if field.name not in {"source", "metadata"}:
                yield from held(getattr(value, field.name))
    else:
        yield value


def is_exact(value: object) -> bool:
    """Whether a value is one that a record may hold."""
    match value:
        case dt.datetime():
            return type(value) is dt.datetime and value.tzinfo is dt.UTC
        case dt.timedelta():
            return value >= dt.timedelta()
        case Decimal():
            return value.is_finite()
        case CallKind() | CallStatus() | CallDirection() | LinkKind() | None:
            return True
        case _:
            return type(value) is str


@pytest.mark.parametrize(("provider", "call"), CALLS.values(), ids=CALLS)
def test_every_documented_call_has_a_record(provider: str, call: JSON) -> None:
    made = record(MODELS[provider].from_dict(call))
    assert made.provider == provider
    assert made.id in call.values()
    assert made.to_dict(source=True)["source"] == call


@UNTIMED
@given(altered(CALLS))
def test_a_record_holds_nothing_but_exact_values(call: Any) -> None:
    assert [value for value in held(record(call)) if not is_exact(value)] == []


@UNTIMED
@given(altered(CALLS))
def test_a_record_is_json(call: Any) -> None:
    made = record(call)
    assert json.loads(made.to_json(source=True)) == made.to_dict(source=True)


@UNTIMED
@given(altered(CALLS))
def test_records_of_the_same_call_are_equal_and_have_equal_hashes(call: Any) -> None:
    assert record(call) == record(copy.deepcopy(call))
    assert hash(record(call)) == hash(record(copy.deepcopy(call)))


@UNTIMED
@given(altered(CALLS))
def test_making_a_record_leaves_the_call_as_it_was(call: Any) -> None:
    before = copy.deepcopy(call)
    made = record(call)
    assert made.source is call
    assert call == before


@UNTIMED
@given(st.lists(altered(PARTICIPANTS)))
def test_participants_of_a_session_hold_nothing_but_exact_values(participants: list[Any]) -> None:
    made = record(session(), participants=participants)
    assert made.participants is not None
    assert len(made.participants) == len(participants)
    assert [value for value in held(made.participants) if not is_exact(value)] == []


@UNTIMED
@given(TIMES | st.text())
@example("2023-02-08")
def test_a_transcript_may_expire_at_any_time(expiry: str) -> None:
    download = realtimekit.TranscriptDownload(
        session_id="1",
        transcript_download_url="https://transcripts.example.com/1",
        transcript_download_url_expiry=expiry,
    )
    made = record(session(), transcript=download)
    assert [value for value in held(made.transcript) if not is_exact(value)] == []


# The tables.


def table(provider: str) -> dict[str, str]:
    """The rows of the table in a conversion's docstring: where each field comes from."""
    documentation = importlib.import_module(f"callrecords.providers.{provider}.record").__doc__
    _, _, rows, _ = re.split(r"^=[= ]+$", str(documentation), flags=re.MULTILINE)
    lines: dict[str, str] = {}
    field = ""
    for line in rows.strip().splitlines():
        field = line.split()[0] if not line.startswith(" ") else field
        lines[field] = lines.get(field, "") + line[len(field) if field in line else 0 :]
    return lines


def test_the_tables_have_a_row_for_every_field() -> None:
    parts = {
        "participants": ParticipantRecord,
        "recordings": RecordingRecord,
        "transcript": Transcript,
        "cost": Cost,
        "links": Link,
    }
    expected: list[str] = []
    for field in attrs.fields(CallRecord):
        expected.append(field.name)
        if field.name in parts:
            inner = attrs.fields(parts[field.name])
            expected.extend(f"{field.name}.{part.name}" for part in inner)
    assert {provider: list(table(provider)) for provider in PROVIDERS} == dict.fromkeys(
        PROVIDERS, expected
    )


@pytest.mark.parametrize("provider", PROVIDERS)
def test_the_tables_name_only_what_the_provider_documents(provider: str) -> None:
    definition = resources.files(f"callrecords_{provider}") / "openapi.json"
    known = set(re.findall(r'"(\w+)"', definition.read_text(encoding="utf-8")))
    named = set(re.findall(r"``([^`]+)``", " ".join(table(provider).values())))
    assert named - known - {provider, "record()"} == set()


def said(made: CallRecord, field: str) -> bool:
    """Whether a record has a value for a field, such as ``id`` or ``participants.name``."""
    name, _, inner = field.partition(".")
    value = getattr(made, name)
    if not inner:
        return value is not None
    parts = value if isinstance(value, tuple) else (value,)
    return any(getattr(part, inner, None) is not None for part in parts)


@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_field_is_said_unless_the_table_says_it_is_not(provider: str) -> None:
    records = [record(MODELS[name].from_dict(call)) for name, call in CALLS.values()]
    if provider == "realtimekit":
        participants = [model.from_dict(data) for model, data in PARTICIPANTS.values()]
        download = body("realtimekit", "get_transcript/download")["data"]
        transcript = realtimekit.TranscriptDownload.from_dict(download)
        recorded = body("realtimekit", "list_recordings/uploaded_and_invoked")
        recordings = realtimekit.RecordingListResponse.from_dict(recorded).data
        made = record(
            session(meta={}),
            participants=participants,
            recordings=recordings,
            transcript=transcript,
        )
        records.append(made)
    rows = table(provider)
    missing = {
        field
        for field in rows
        if not any(said(made, field) for made in records if made.provider == provider)
    }
    not_said = {field for field, row in rows.items() if row.strip().startswith("not said")}
    assert missing == not_said
