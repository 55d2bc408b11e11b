"""ApifyCloud's video calls as call records.

A name is ApifyCloud's own, of the call or of the part that the row is about. The calls have no
times of their own, and what is billed is neither a duration nor a cost.

====================== ============================================ ================================
field                  from                                         wire unit
====================== ============================================ ================================
provider               always ``apifycloud``
id                     ``callId``
kind                   always *video*: the API is of video calls
provider_kind          not said
direction              not said
status                 ``status``                                   a word; ``active`` is *ongoing*,
                                                                    the others are the same words
provider_status        ``status``
created_at             not said
started_at             not said
ended_at               not said
duration               not said: ``participantMinutes`` are
                       minutes of all participants
participants           ``participants``
participants.id        ``id``
participants.name      ``name``
participants.role      ``role``
participants.joined_at ``joinedAt``                                 text, ISO 8601
participants.left_at   ``leftAt``                                   text, ISO 8601
participants.duration  not said: ``billedMinutes`` are billed, not
                       spent
recordings             ``recordings``
recordings.id          ``id``
recordings.url         ``url``
recordings.status      ``status``
recordings.created_at  ``createdAt``                                text, ISO 8601
recordings.started_at  not said
recordings.ended_at    not said
recordings.duration    not said
recordings.expires_at  not said: an address may expire, nobody
                       says when
transcript             not said
transcript.text        not said
transcript.url         not said
transcript.expires_at  not said
cost                   not said
cost.amount            not said
cost.currency          not said
metadata               ``metadata``                                 an object
links                  the meeting that carries the call, and the
                       conversation in Genesys Cloud
links.provider         ``name`` of ``provider``; *genesys*          a word: realtimekit
links.kind             *meeting*; *conversation*
links.id               ``meetingId`` of ``provider``;
                       ``conversationId`` of ``genesys``
source                 the call
====================== ============================================ ================================

The meeting's id is the ``associated_id`` of its sessions in RealtimeKit, by which they are listed.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from callrecords import _wire
from callrecords.calls import (
    CallKind,
    CallRecord,
    CallStatus,
    Conversion,
    Link,
    LinkKind,
    ParticipantRecord,
    RecordingRecord,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from callrecords_apifycloud.models import Call, Participant, Recording

    from callrecords._figures import Figure

STATUSES = {
    "created": CallStatus.CREATED,
    "active": CallStatus.ONGOING,
    "ended": CallStatus.ENDED,
}


def record_of(call: Call) -> CallRecord[Call]:
    """The record of an ApifyCloud call."""
    return CallRecord(
        provider="apifycloud",
        id=_wire.text(call.call_id),
        kind=CallKind.VIDEO,
        status=_wire.meaning(call.status, STATUSES),
        provider_status=_wire.text(call.status),
        participants=_wire.several(call.participants, _participant),
        recordings=_wire.several(call.recordings, _recording),
        metadata=_wire.json_object(call.metadata),
        links=tuple(_links(call)),
        source=call,
    )


def _participant(participant: Participant) -> ParticipantRecord:
    return ParticipantRecord(
        id=_wire.text(participant.id),
        name=_wire.text(participant.name),
        role=_wire.text(participant.role),
        joined_at=_wire.time_in_utc(participant.joined_at),
        left_at=_wire.time_in_utc(participant.left_at),
    )


def _recording(recording: Recording) -> RecordingRecord:
    return RecordingRecord(
        id=_wire.text(recording.id),
        url=_wire.text(recording.url),
        status=_wire.text(recording.status),
        created_at=_wire.time_in_utc(recording.created_at),
    )


def _links(call: Call) -> Iterator[Link]:
    meeting = _wire.text(call.provider.meeting_id) if call.provider else None
    if call.provider and meeting:
        carrier = _wire.text(call.provider.name)
        yield Link(provider=carrier and carrier.lower(), kind=LinkKind.MEETING, id=meeting)
    conversation = _wire.text(call.genesys.conversation_id) if call.genesys else None
    if conversation:
        yield Link(provider="genesys", kind=LinkKind.CONVERSATION, id=conversation)


def unsettled(record: CallRecord[Call]) -> Iterator[str]:
    """What of a call will still change: a recording is processed after its end."""
    if record.status is not CallStatus.ENDED:
        yield "status"
    if any(recording.status == "processing" for recording in record.recordings or ()):
        yield "recordings"


def figures(client: object, records: Iterable[CallRecord[Call]], days: object) -> Iterator[Figure]:
    """The participants' minutes of calls against what is billed of each participant."""
    from callrecords._figures import Addend, Figure  # noqa: PLC0415 - not for a record

    del client, days
    for record in records:
        call = record.source
        said = _wire.decimal(call.usage.participant_minutes) if call.usage else None
        if said is None or not isinstance(call.participants, list):
            continue
        billed = [(each, _wire.decimal(each.billed_minutes)) for each in call.participants]
        addends = [
            Addend(
                name=_wire.text(each.id) or "",
                amount=minutes or Decimal(),
                note="" if each.left_at else "goes on",
            )
            for each, minutes in billed
        ]
        yield Figure(
            of=str(record.id),
            name="participant minutes",
            said=said,
            addends=tuple(addends),
            tolerance=Decimal("0.01"),
        )


CONVERSION = Conversion(
    provider="apifycloud",
    models="callrecords_apifycloud.models:Call",
    convert=record_of,
    by_id="get_call",
    unsettled=unsettled,
    figures=figures,
)
