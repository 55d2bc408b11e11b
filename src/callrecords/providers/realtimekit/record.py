"""Cloudflare RealtimeKit's sessions as call records.

A name is RealtimeKit's own, of the session or of the part that the row is about. Participants,
recordings and transcripts come from operations of their own, and are in a record that was made with
them. Recordings and transcripts are kept for seven days.

====================== ============================================ ================================
field                  from                                         wire unit
====================== ============================================ ================================
provider               always ``realtimekit``
id                     ``id``
kind                   ``type``                                     a word: meeting, livestream;
                                                                    what ``participant`` is, no
                                                                    document says
provider_kind          ``type``
direction              not said
status                 ``status``                                   a word; ``LIVE`` is *ongoing*,
                                                                    ``ENDED`` *ended*
provider_status        ``status``
created_at             ``created_at``                               text, ISO 8601
started_at             ``started_at``                               text, ISO 8601
ended_at               ``ended_at``                                 text, ISO 8601
duration               not said: ``minutes_consumed`` are minutes
                       used
participants           what ``record()`` was given; not said
                       without
participants.id        ``id``
participants.name      ``display_name``
participants.role      the preset: ``preset_name``, or ``role`` in
                       a peer report
participants.joined_at ``joined_at``                                text, ISO 8601
participants.left_at   ``left_at``                                  text, ISO 8601
participants.duration  ``duration``                                 minutes, a fraction
recordings             what ``record()`` was given, but for
                       those of other sessions; not said
                       without
recordings.id          ``id``
recordings.url         ``download_url``
recordings.status      ``status``
recordings.created_at  ``invoked_time``                             text, ISO 8601
recordings.started_at  ``started_time``                             text, ISO 8601
recordings.ended_at    ``stopped_time``                             text, ISO 8601
recordings.duration    ``recording_duration``                       seconds
recordings.expires_at  ``download_url_expiry``                      text, ISO 8601
transcript             what ``record()`` was given; not said
                       without
transcript.text        not said
transcript.url         ``transcript_download_url``
transcript.expires_at  ``transcript_download_url_expiry``           text, ISO 8601
cost                   not said
cost.amount            not said
cost.currency          not said
metadata               ``meta``                                     an object
links                  the meeting
links.provider         always ``realtimekit``
links.kind             always *meeting*
links.id               ``associated_id``
source                 the session
====================== ============================================ ================================
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, TypeVar, cast

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
    from callrecords_realtimekit import RealtimeKit, models

    from callrecords._figures import Figure

    AnyRecording = models.Recording | models.ListedRecording | models.ActiveRecording
    SessionT = TypeVar("SessionT", models.Session, models.ActiveSession)

KINDS = {"meeting": CallKind.MEETING, "livestream": CallKind.LIVESTREAM}
AROUND = dt.timedelta(hours=1)
STATUSES = {"live": CallStatus.ONGOING, "ended": CallStatus.ENDED}


def record_of(
    session: SessionT,
    *,
    participants: Iterable[models.Participant | models.PeerParticipant] | None = None,
    recordings: Iterable[AnyRecording] | None = None,
    transcript: models.TranscriptDownload | None = None,
) -> CallRecord[SessionT]:
    """The record of a RealtimeKit session.

    Raises:
        TypeError: the participants, the recordings or the transcript are something else.
    """
    return CallRecord(
        provider="realtimekit",
        id=_wire.text(session.id),
        kind=_wire.meaning(session.type_, KINDS),
        provider_kind=_wire.text(session.type_),
        status=_wire.meaning(session.status, STATUSES),
        provider_status=_wire.text(session.status),
        created_at=_wire.time_in_utc(session.created_at),
        started_at=_wire.time_in_utc(session.started_at),
        ended_at=_wire.time_in_utc(session.ended_at),
        participants=None if participants is None else tuple(_participants(participants)),
        recordings=None if recordings is None else tuple(_recordings(recordings, session.id)),
        transcript=None if transcript is None else _transcript(transcript),
        # Only one that was found by its id has some.
        metadata=_wire.json_object(getattr(session, "meta", None)),
        links=_links(session),
        source=session,
    )


def participant_of(participant: models.Participant | models.PeerParticipant) -> ParticipantRecord:
    """The record of a participant, also of one in a peer report."""
    return ParticipantRecord(
        id=_wire.text(participant.id),
        name=_wire.text(participant.display_name),
        role=_preset(participant),
        joined_at=_wire.time_in_utc(participant.joined_at),
        left_at=_wire.time_in_utc(participant.left_at),
        duration=_wire.duration_from_minutes(participant.duration),
    )


def recording_of(recording: AnyRecording) -> RecordingRecord:
    """The record of a recording."""
    return RecordingRecord(
        id=_wire.text(recording.id),
        url=_wire.text(recording.download_url),
        status=_wire.text(recording.status),
        created_at=_wire.time_in_utc(recording.invoked_time),
        started_at=_wire.time_in_utc(recording.started_time),
        ended_at=_wire.time_in_utc(recording.stopped_time),
        duration=_wire.duration_from_seconds(recording.recording_duration),
        expires_at=_wire.time_in_utc(recording.download_url_expiry),
    )


def _participants(given: object) -> Iterator[ParticipantRecord]:
    from callrecords_realtimekit import models  # noqa: PLC0415 - whoever calls this has them

    for each in _several("participants", given, models.Participant, models.PeerParticipant):
        yield participant_of(each)


def _recordings(given: object, session_id: object) -> Iterator[RecordingRecord]:
    from callrecords_realtimekit import models  # noqa: PLC0415 - as above

    kinds = (models.Recording, models.ListedRecording, models.ActiveRecording)
    for each in _several("recordings", given, *kinds):
        # They are listed by meeting, which may have had several sessions.
        if each.session_id == session_id:
            yield recording_of(each)


def _several(what: str, given: object, *kinds: type) -> Iterator[Any]:
    """What is given of a part, one by one, if it is of the kinds that it can be."""
    expected = " or ".join(kind.__name__ for kind in kinds)
    # Not iter(): an answer has __getitem__, which iter() would try with 0, 1, 2.
    if not isinstance(given, Iterable):
        raise TypeError(
            f"{what} must be several {expected}, such as a client lists; not {_name(given)}"
        )
    for each in cast("Iterable[object]", given):
        if not isinstance(each, kinds):
            raise TypeError(f"each of the {what} must be a {expected}, not {_name(each)}")
        yield each


def _transcript(given: object) -> Transcript:
    from callrecords_realtimekit import models  # noqa: PLC0415 - as above

    if not isinstance(given, models.TranscriptDownload):
        raise TypeError(
            "the transcript must be a TranscriptDownload, which a TranscriptResponse has in "
            f".data; not {_name(given)}"
        )
    return Transcript(
        url=_wire.text(given.transcript_download_url),
        expires_at=_wire.time_from_text(given.transcript_download_url_expiry),
    )


def _preset(participant: models.Participant | models.PeerParticipant) -> str | None:
    preset = _wire.text(participant.preset_name)
    # Only that of a peer report has a role.
    return _wire.text(getattr(participant, "role", None)) if preset is None else preset


def _links(session: models.Session | models.ActiveSession) -> tuple[Link, ...]:
    meeting = _wire.text(session.associated_id)
    return (Link(provider="realtimekit", kind=LinkKind.MEETING, id=meeting),) if meeting else ()


def _name(value: object) -> str:
    return type(value).__name__


def _list(client: RealtimeKit, since: dt.datetime, until: dt.datetime) -> object:
    """The sessions of a time, and those around it: nobody says which time of one is compared."""
    return client.list_sessions(
        start_time=since - AROUND, end_time=until + AROUND, sort_by="createdAt", sort_order="ASC"
    )


def unsettled(record: CallRecord[models.Session]) -> Iterator[str]:
    """What of a session will still change: a recording is uploaded after its end."""
    if record.status is not CallStatus.ENDED:
        yield "status"
    if any(each.status not in {"UPLOADED", "ERRORED"} for each in record.recordings or ()):
        yield "recordings"


def figures(
    client: RealtimeKit,
    records: Iterable[CallRecord[models.Session]],
    days: tuple[dt.date, dt.date] | None,
) -> Iterator[Figure]:
    """The analytics of days against their sessions and recordings; of sessions, participants."""
    from callrecords.providers.realtimekit import _figures  # noqa: PLC0415 - not for a record

    if days is None:
        return filter(None, map(_figures.of_session, records))
    return _figures.of_days(client, records, *days)


CONVERSION = Conversion(
    provider="realtimekit",
    models=(
        "callrecords_realtimekit.models:Session",
        "callrecords_realtimekit.models:ActiveSession",
    ),
    convert=record_of,
    by_id="get_session",
    unsettled=unsettled,
    listed=_list,
    listed_by_time=True,
    figures=figures,
    parts={
        "participants": lambda client, session: client.list_participants(session.id),
        "recordings": lambda client, session: client.list_recordings(
            meeting_id=session.associated_id
        ),
        "transcript": lambda client, session: client.get_transcript(session.id),
    },
)
