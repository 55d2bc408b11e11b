"""CometChat's calls as call records.

A name is CometChat's own, of the call or of the part that the row is about.

====================== ============================================ ================================
field                  from                                         wire unit
====================== ============================================ ================================
provider               always ``cometchat``
id                     ``sessionId``
kind                   ``type``                                     a word: audio, video
provider_kind          ``type``
direction              not said: a call has an initiator and a
                       receiver, and the account is neither
status                 ``status``                                   a word; ``initiated`` is
                                                                    *created*, the others are
                                                                    the same words
provider_status        ``status``
created_at             ``initiatedAt``                              seconds since 1970
started_at             ``startedAt``, the start of the conversation seconds since 1970
ended_at               ``endedAt``                                  seconds since 1970
duration               ``totalDuration`` of the call                text, HH:MM:SS
participants           ``participants``
participants.id        ``uid``
participants.name      ``name``
participants.role      ``initiator`` or ``receiver``, the member of
                       the call that holds their ``uid``
participants.joined_at ``joinedAt``                                 seconds since 1970
participants.left_at   ``leftAt``                                   seconds since 1970
participants.duration  ``totalDuration`` of the participant, else   minutes, a fraction
                       ``totalDurationInMinutes``
recordings             ``recordings``; none when ``hasRecording``
                       is false and there is no array
recordings.id          ``rid``
recordings.url         ``recording_url``
recordings.status      not said
recordings.created_at  not said
recordings.started_at  ``startTime``                                seconds since 1970
recordings.ended_at    ``endTime``                                  seconds since 1970
recordings.duration    ``duration``                                 minutes, a fraction
recordings.expires_at  not said
transcript             the one of ``transcriptions`` with the
                       latest ``startTime``
transcript.text        not said
transcript.url         ``transcriptUrl``
transcript.expires_at  not said
cost                   not said
cost.amount            not said
cost.currency          not said
metadata               ``metaData``, where an empty array stands    an object
                       for an empty object
links                  ``mid``
links.provider         always ``cometchat``
links.kind             always *meeting*
links.id               ``mid``
source                 the call
====================== ============================================ ================================
"""

from __future__ import annotations

import datetime as dt
import math
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
    Transcript,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from callrecords_cometchat import CometChat
    from callrecords_cometchat.models import Call, Participant, Recording, Transcription

    from callrecords._figures import Figure

LONGEST = dt.timedelta(hours=6)
"""Of calls that are found though they end on another day than they begin."""
SECOND = Decimal("0.017")
"""In minutes: clocks are rounded to it."""
KINDS = {"audio": CallKind.AUDIO, "video": CallKind.VIDEO}
STATUSES = {
    "initiated": CallStatus.CREATED,
    "ongoing": CallStatus.ONGOING,
    "ended": CallStatus.ENDED,
    "unanswered": CallStatus.UNANSWERED,
    "rejected": CallStatus.REJECTED,
    "canceled": CallStatus.CANCELED,
}


def record_of(call: Call) -> CallRecord[Call]:
    """The record of a CometChat call."""
    return CallRecord(
        provider="cometchat",
        id=_wire.text(call.session_id),
        kind=_wire.meaning(call.type_, KINDS),
        provider_kind=_wire.text(call.type_),
        status=_wire.meaning(call.status, STATUSES),
        provider_status=_wire.text(call.status),
        created_at=_wire.time_from_seconds(call.initiated_at),
        started_at=_wire.time_from_seconds(call.started_at),
        ended_at=_wire.time_from_seconds(call.ended_at),
        duration=_wire.duration_from_clock(call.total_duration),
        participants=_wire.several(call.participants, lambda each: _participant(each, call)),
        recordings=_recordings(call),
        transcript=_transcript(call),
        metadata={} if call.meta_data == [] else _wire.json_object(call.meta_data),
        links=_links(call),
        source=call,
    )


def _participant(participant: Participant, call: Call) -> ParticipantRecord:
    duration = _wire.duration_from_minutes(participant.total_duration)
    if duration is None:
        duration = _wire.duration_from_minutes(participant.total_duration_in_minutes)
    return ParticipantRecord(
        id=_wire.text(participant.uid),
        name=_wire.text(participant.name),
        role=_role(_wire.text(participant.uid), call),
        joined_at=_wire.time_from_seconds(participant.joined_at),
        left_at=_wire.time_from_seconds(participant.left_at),
        duration=duration,
    )


def _role(uid: str | None, call: Call) -> str | None:
    if uid is None:
        return None
    if uid == call.initiator:
        return "initiator"
    is_receiver = uid == call.receiver and call.receiver_type != "group"
    return "receiver" if is_receiver else None


def _recordings(call: Call) -> tuple[RecordingRecord, ...] | None:
    found = _wire.several(call.recordings, _recording)
    return () if found is None and call.has_recording is False else found


def _recording(recording: Recording) -> RecordingRecord:
    return RecordingRecord(
        id=_wire.text(recording.rid),
        url=_wire.text(recording.recording_url),
        started_at=_wire.time_from_seconds(recording.start_time),
        ended_at=_wire.time_from_seconds(recording.end_time),
        duration=_wire.duration_from_minutes(recording.duration),
    )


def _transcript(call: Call) -> Transcript | None:
    if not isinstance(call.transcriptions, list) or not call.transcriptions:
        return None
    newest = max(call.transcriptions, key=_started)
    return Transcript(url=_wire.text(newest.transcript_url))


def _started(transcription: Transcription) -> float:
    time = _wire.time_from_seconds(transcription.start_time)
    return -1 if time is None else time.timestamp()


def _links(call: Call) -> tuple[Link, ...]:
    meeting = _wire.text(call.mid)
    return (Link(provider="cometchat", kind=LinkKind.MEETING, id=meeting),) if meeting else ()


def _list(client: CometChat, since: dt.datetime, until: dt.datetime) -> object:
    """The calls that began and ended in a time, and those that ended some hours after it.

    They come in one answer, whatever its length: no document says how a list goes on.
    """
    from callrecords_runtime.paging import Page  # noqa: PLC0415 - not for a record
    from callrecords_runtime.types import or_none  # noqa: PLC0415 - as above

    answer = client.with_response.list_calls(
        started_at=math.floor(since.timestamp()), ended_at=math.ceil((until + LONGEST).timestamp())
    )
    meta = answer.body.meta
    total = or_none(meta.pagination.total) if meta and meta.pagination else None
    return Page(items=answer.parsed, total=total, cursor=None, answer=answer)


def unsettled(record: CallRecord[Call]) -> Iterator[str]:
    """What of a call will still change: recordings and transcripts come after its end."""
    call = record.source
    if record.status in {None, CallStatus.CREATED, CallStatus.ONGOING}:
        yield "status"
    if call.has_recording is True and not record.recordings:
        yield "recordings"
    if call.has_transcription is True and record.transcript is None:
        yield "transcript"


def figures(
    client: CometChat, records: Iterable[CallRecord[Call]], days: object
) -> Iterator[Figure]:
    """The minutes of calls against those of audio and of video, which they are said to be."""
    from callrecords._figures import Addend, Figure  # noqa: PLC0415 - as above

    del client, days
    for record in records:
        call = record.source
        said = _wire.decimal(call.total_duration_in_minutes)
        kinds = {"audio": call.total_audio_minutes, "video": call.total_video_minutes}
        amounts = {name: _wire.decimal(minutes) for name, minutes in kinds.items()}
        addends = [
            Addend(name=name, amount=amount)
            for name, amount in amounts.items()
            if amount is not None
        ]
        if said is not None and addends:
            yield Figure(
                of=str(record.id),
                name="minutes",
                said=said,
                addends=tuple(addends),
                tolerance=SECOND,
            )


CONVERSION = Conversion(
    provider="cometchat",
    models="callrecords_cometchat.models:Call",
    convert=record_of,
    by_id="get_call",
    unsettled=unsettled,
    listed=_list,
    listed_by_time=True,
    figures=figures,
)
