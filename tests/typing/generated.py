"""What type checkers see of the generated packages; checked, never run."""

from __future__ import annotations

import datetime as dt
from typing import assert_type

import callrecords_apifycloud
import callrecords_cometchat
import callrecords_realtimekit
import callrecords_zudu
from callrecords_apifycloud import ApifyCloud
from callrecords_cometchat import AsyncCometChat, CometChat
from callrecords_cometchat.models import Call, CallResponse, CallStatus, Participant, Transcription
from callrecords_realtimekit import RealtimeKit
from callrecords_realtimekit.models import PeerParticipant, Session, TranscriptFormat
from callrecords_zudu import AsyncZudu, Zudu
from callrecords_zudu.models import CallAnalysis

import callrecords
from callrecords_runtime.awaited import AsyncPages
from callrecords_runtime.blocking import Pages
from callrecords_runtime.messages import Answer
from callrecords_runtime.types import UNSET, Unset


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
    assert_type(apifycloud.get_call("").title, str | None | callrecords_apifycloud.Unset)


def a_model_has_exact_fields() -> None:
    session = Session.from_dict({})
    assert_type(session, Session)
    assert_type(session.id, str)
    assert_type(session.created_at, dt.datetime)
    assert_type(session.ended_at, dt.datetime | None | Unset)


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
