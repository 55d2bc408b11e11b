"""What type checkers see of the generated packages; checked, never run."""

from __future__ import annotations

import datetime as dt
from typing import Any, Literal, assert_type

import callrecords_apifycloud
import callrecords_cometchat
import callrecords_realtimekit
import callrecords_zudu
import callrecords_zudu.models as zudu_models
from callrecords_apifycloud import ApifyCloud
from callrecords_cometchat import AsyncCometChat, CometChat
from callrecords_cometchat.models import Call, CallResponse, CallStatus, Participant, Transcription
from callrecords_realtimekit import RealtimeKit
from callrecords_realtimekit.models import (
    MeetingEndedEvent,
    MeetingEndReason,
    PeerParticipant,
    Session,
    TranscriptEvent,
    TranscriptFormat,
)
from callrecords_realtimekit.webhooks import Event
from callrecords_realtimekit.webhooks import receive as receive_from_realtimekit
from callrecords_zudu import AsyncZudu, Zudu
from callrecords_zudu.models import CallAnalysis

import callrecords
from callrecords import webhooks
from callrecords_runtime.awaited import AsyncPages
from callrecords_runtime.blocking import Pages
from callrecords_runtime.messages import Answer
from callrecords_runtime.types import UNSET, Unset, or_none
from callrecords_runtime.webhooks import UnknownEvent


def the_facade_has_the_very_classes() -> None:
    assert_type(callrecords.Zudu(), Zudu)
    assert_type(callrecords.AsyncZudu(), AsyncZudu)


def a_field_that_was_not_sent_is_the_one_unset(
    cometchat: CometChat, zudu: Zudu, apifycloud: ApifyCloud
) -> None:
    call = cometchat.get_call("")
    assert_type(call.status, CallStatus | callrecords_cometchat.Unset)
    assert_type(call.total_audio_minutes, float | callrecords_realtimekit.Unset)
    assert_type(call.participants, list[Participant] | callrecords_zudu.Unset)
    if call.session_id is not UNSET:
        assert_type(call.session_id, str)
    assert_type(CallResponse.from_dict({}).data, Call | list[Call] | Unset)
    zudu_call = zudu.get_call("")
    assert_type(zudu_call.end_timestamp, int | None | callrecords.Unset)
    assert_type(zudu_call.call_analysis, CallAnalysis | None | Unset)
    assert_type(apifycloud.get_call(""), callrecords_apifycloud.models.Call)
    assert_type(apifycloud.get_call("").title, str | None | callrecords_apifycloud.Unset)


def a_field_that_was_not_sent_has_nothing(zudu: Zudu) -> None:
    call = zudu.get_call("")
    call.call_status.value  # type: ignore[misc]  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType, reportUnusedExpression]  # noqa: B018
    call.call_status.name  # type: ignore[misc]  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType, reportUnusedExpression]  # noqa: B018
    call.from_number.title()  # type: ignore[union-attr]  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]
    UNSET.value  # type: ignore[misc]  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType, reportUnusedExpression]  # noqa: B018
    if call.call_status:
        assert_type(call.call_status, zudu_models.CallStatus)
    if call.call_analysis is UNSET:
        return
    if call.call_analysis is not None:
        assert_type(call.call_analysis, CallAnalysis)
    assert_type(call.from_number or "unknown", str)


def what_was_not_sent_is_a_case(call: zudu_models.Call) -> str:
    match call.call_analysis:
        case CallAnalysis():
            return "analysed"
        case None:
            return "null"
        case callrecords.UNSET:
            return "not sent"


def what_was_not_sent_is_a_class_too(call: zudu_models.Call) -> str:
    match call.call_analysis:
        case CallAnalysis():
            return "analysed"
        case None:
            return "null"
        case Unset():
            return "not sent"


def what_was_not_sent_can_be_none(call: zudu_models.Call, response: CallResponse) -> None:
    assert_type(or_none(call.call_duration), int | None)
    assert_type(or_none(call.call_status), zudu_models.CallStatus | None)
    assert_type(or_none(call.call_analysis), CallAnalysis | None)
    assert_type(or_none(response.data), Call | list[Call] | None)
    assert_type(or_none(call.disconnection_reason or 0), str | int | None)
    assert_type(or_none(0), int | None)
    assert_type(callrecords_zudu.or_none(UNSET), None)


def a_model_has_exact_fields() -> None:
    session = Session.from_dict({})
    assert_type(session, Session)
    assert_type(session.id, str)
    assert_type(session.created_at, dt.datetime)
    assert_type(session.ended_at, dt.datetime | None | Unset)


def an_event_has_the_data_of_its_name(event: Event) -> None:
    assert_type(event.verification, Literal["verified", "basic", "unverified"])
    match event.data:
        case MeetingEndedEvent(reason=reason):
            assert_type(reason, MeetingEndReason | Unset)
        case _:
            pass


def an_unknown_event_may_hold_anything(event: Event) -> None:
    if isinstance(event, UnknownEvent):
        assert_type(event.data, Any)
    elif event.event == "meeting.transcript":
        assert_type(event.data, TranscriptEvent)


def events_go_by_the_name_of_their_provider(body: bytes) -> None:
    assert_type(webhooks.receive("realtimekit", {}, body), Event)
    assert_type(webhooks.receive("realtimekit", {}, body, key_url=None, on_drift="raise"), Event)
    assert_type(webhooks.receive("acme", {}, body), Any)
    assert_type(receive_from_realtimekit([(b"rtk-uuid", b"")], body), Event)


def methods_are_exact(kit: RealtimeKit, cometchat: CometChat) -> None:
    assert_type(kit.get_peer_report(""), PeerParticipant)
    assert_type(kit.with_response.get_peer_report(""), Answer[PeerParticipant])
    assert_type(kit.list_sessions(status="LIVE"), Pages[Session])
    kit.get_transcript("", format_=TranscriptFormat.SRT)
    kit.get_transcript("", format_="SRT")
    assert_type(cometchat.list_calls(status="ended"), list[Call])
    assert_type(cometchat.list_transcriptions(""), Pages[Transcription])


async def awaited_methods_are_exact(cometchat: AsyncCometChat) -> None:
    assert_type(await cometchat.list_calls(), list[Call])
    assert_type(await cometchat.with_response.list_calls(), Answer[list[Call]])
    assert_type(cometchat.list_transcriptions(""), AsyncPages[Transcription])
