"""What type checkers make of records: checked, never run."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, assert_type

import callrecords_apifycloud.models as apifycloud
import callrecords_cometchat.models as cometchat
import callrecords_realtimekit.models as realtimekit
import callrecords_zudu.models as zudu

from callrecords.calls import (
    CallDirection,
    CallKind,
    CallRecord,
    CallStatus,
    Cost,
    Link,
    LinkKind,
    Model,
    ParticipantRecord,
    RecordingRecord,
    StoredSource,
    Transcript,
    record,
    records,
)

if TYPE_CHECKING:
    from callrecords_runtime.awaited import AsyncPages
    from callrecords_runtime.blocking import Pages


def the_source_of_a_record_has_the_exact_type(
    apifycloud_call: apifycloud.Call,
    cometchat_call: cometchat.Call,
    session: realtimekit.Session,
    zudu_call: zudu.Call,
) -> None:
    assert_type(record(apifycloud_call), CallRecord[apifycloud.Call])
    assert_type(record(cometchat_call), CallRecord[cometchat.Call])
    assert_type(record(session), CallRecord[realtimekit.Session])
    assert_type(record(zudu_call), CallRecord[zudu.Call])
    assert_type(record(zudu_call).source, zudu.Call)


def a_session_is_recorded_with_its_parts(
    session: realtimekit.Session,
    participant: realtimekit.Participant,
    peer: realtimekit.PeerParticipant,
    transcript: realtimekit.TranscriptDownload,
) -> None:
    made = record(session, participants=[participant, peer], transcript=transcript)
    assert_type(made, CallRecord[realtimekit.Session])


def a_record_that_was_stored_has_the_source_that_is_asked_for(text: str) -> None:
    assert_type(CallRecord.from_json(text, source=zudu.Call), CallRecord[zudu.Call])
    assert_type(CallRecord.from_dict({}, source=zudu.Call).source, zudu.Call)
    assert_type(CallRecord.from_json(text), CallRecord[StoredSource])
    assert_type(Transcript.from_dict({}), Transcript)
    CallRecord.from_json(text, source=str)  # type: ignore[type-var]  # pyright: ignore[reportArgumentType]


def only_a_session_is_recorded_with_parts(call: zudu.Call) -> None:
    record(call, participants=[])  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue]


def any_model_may_have_a_conversion(call: Model) -> None:
    assert_type(record(call), CallRecord)
    record("call")  # type: ignore[call-overload]  # pyright: ignore[reportArgumentType]


def fields_have_one_type_for_all_providers(made: CallRecord) -> None:
    assert_type(made.provider, str)
    assert_type(made.id, str | None)
    assert_type(made.kind, CallKind | None)
    assert_type(made.direction, CallDirection | None)
    assert_type(made.status, CallStatus | None)
    assert_type(made.started_at, datetime | None)
    assert_type(made.duration, timedelta | None)
    assert_type(made.elapsed, timedelta | None)
    assert_type(made.participants, tuple[ParticipantRecord, ...] | None)
    assert_type(made.recordings, tuple[RecordingRecord, ...] | None)
    assert_type(made.transcript, Transcript | None)
    assert_type(made.cost, Cost | None)
    assert_type(made.links, tuple[Link, ...])
    assert_type(made.source, Model)
    assert_type(made.to_dict(source=True), dict[str, Any])
    assert_type(made.to_json(), str)


def records_of_several_providers_go_together(
    calls: list[zudu.Call | cometchat.Call], session: realtimekit.Session
) -> None:
    records: list[CallRecord] = [*map(record_any, calls), record(session)]
    unknown = datetime.max.replace(tzinfo=UTC)
    assert_type(sorted(records, key=lambda made: made.started_at or unknown), list[CallRecord])
    durations = (made.duration for made in records if made.duration)
    assert_type(sum(durations, timedelta()), timedelta)
    assert_type([made for made in records if isinstance(made.source, zudu.Call)], list[CallRecord])


def record_any(call: zudu.Call | cometchat.Call) -> CallRecord:
    return record(call)


def a_record_does_not_change(made: CallRecord) -> None:
    made.id = "other"  # type: ignore[misc]  # pyright: ignore[reportAttributeAccessIssue]


def the_records_of_a_list_know_what_they_come_from(
    pages: Pages[zudu.Call], awaited: AsyncPages[realtimekit.Session], listed: list[zudu.Call]
) -> None:
    assert_type(records(pages), Iterator[CallRecord[zudu.Call]])
    assert_type(records(listed), Iterator[CallRecord[zudu.Call]])
    assert_type(records(awaited), AsyncIterator[CallRecord[realtimekit.Session]])


def records_are_made_by_hand_for_tests(call: zudu.Call) -> None:
    made = CallRecord(
        provider="zudu", id="call-1", cost=Cost(amount=Decimal(1), currency="EUR"), source=call
    )
    assert_type(made, CallRecord[zudu.Call])
    Link(provider="realtimekit", kind=LinkKind.MEETING, id="1")
