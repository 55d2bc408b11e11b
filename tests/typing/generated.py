"""What type checkers see of the generated packages; checked, never run."""

import datetime as dt
from typing import assert_type

import callrecords_apifycloud
import callrecords_cometchat
import callrecords_realtimekit
import callrecords_zudu
from callrecords_apifycloud.api.calls import get_call as get_apifycloud_call
from callrecords_cometchat.api.calls import get_call as get_cometchat_call
from callrecords_cometchat.models import Call, CallStatus, Participant
from callrecords_realtimekit.api.sessions import get_peer_report, list_sessions
from callrecords_realtimekit.models import (
    PeerParticipant,
    PeerParticipantHolder,
    Session,
    SessionListResponse,
)
from callrecords_realtimekit.types import Response
from callrecords_zudu.api.calls import get_call as get_zudu_call
from callrecords_zudu.models import CallAnalysis

cometchat = callrecords_cometchat.Client(api_key="", app_id="", region="")
answer = get_cometchat_call.sync("", client=cometchat)
assert_type(answer.data, Call | list[Call] | callrecords_cometchat.Unset)
if isinstance(answer.data, Call):
    assert_type(answer.data.status, CallStatus | callrecords_cometchat.Unset)
    assert_type(answer.data.total_audio_minutes, float | callrecords_cometchat.Unset)
    assert_type(answer.data.participants, list[Participant] | callrecords_cometchat.Unset)
    if answer.data.session_id is not callrecords_cometchat.UNSET:
        assert_type(answer.data.session_id, str)

zudu = callrecords_zudu.Client(api_key="", api_secret="")
zudu_call = get_zudu_call.sync("", client=zudu).data
if zudu_call is not callrecords_zudu.UNSET:
    assert_type(zudu_call.end_timestamp, int | None | callrecords_zudu.Unset)
    assert_type(zudu_call.call_analysis, CallAnalysis | None | callrecords_zudu.Unset)

realtimekit = callrecords_realtimekit.Client(token="")
assert_type(list_sessions.sync_detailed("", "", client=realtimekit), Response[SessionListResponse])
session = Session.from_dict({})
assert_type(session, Session)
assert_type(session.id, str)
assert_type(session.created_at, dt.datetime)
assert_type(session.ended_at, dt.datetime | None | callrecords_realtimekit.Unset)
assert_type(
    get_peer_report.sync("", "", "", client=realtimekit).data,
    PeerParticipant | PeerParticipantHolder | callrecords_realtimekit.Unset,
)

apifycloud = callrecords_apifycloud.Client()
apifycloud_call = get_apifycloud_call.sync("", client=apifycloud).data
if apifycloud_call is not callrecords_apifycloud.UNSET:
    assert_type(apifycloud_call.title, str | None | callrecords_apifycloud.Unset)
