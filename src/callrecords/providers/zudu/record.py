"""Zudu's calls as call records.

A name is Zudu's own, of the call or of the part that the row is about. Words are read in upper and
lower case, as Zudu writes them in both.

====================== ============================================ ================================
field                  from                                         wire unit
====================== ============================================ ================================
provider               always ``zudu``
id                     ``call_id``
kind                   ``call_type``                                a word: PHONE_CALL, WEB_CALL
provider_kind          ``call_type``
direction              ``direction``                                a word: INBOUND, OUTBOUND
status                 ``call_status``                              a word; ``REGISTERED`` is
                                                                    *created*, ``ERROR`` *failed*,
                                                                    the others are the same words
provider_status        ``call_status``
created_at             ``created_at``                               milliseconds since 1970
started_at             ``start_timestamp``; in the documented       milliseconds since 1970
                       example the conversation begins with an
                       event half a minute later
ended_at               ``end_timestamp``                            milliseconds since 1970
duration               ``call_duration``, which runs from           milliseconds
                       ``start_timestamp``
participants           the two ends of a phone call; not said of
                       a web call
participants.id        ``from_number``, ``to_number``
participants.name      not said
participants.role      *caller* for ``from_number``, *callee* for
                       ``to_number``
participants.joined_at not said
participants.left_at   not said
participants.duration  not said
recordings             ``recording_url``; not said when null
recordings.id          not said
recordings.url         ``recording_url``
recordings.status      not said
recordings.created_at  not said
recordings.started_at  not said
recordings.ended_at    not said
recordings.duration    not said
recordings.expires_at  not said
transcript             ``transcript``
transcript.text        ``transcript``
transcript.url         not said
transcript.expires_at  not said
cost                   ``call_cost``
cost.amount            ``combined_cost``                            a number; the currency is not
                                                                    documented
cost.currency          not said
metadata               ``metadata``                                 an object
links                  the agent, and the call at the carrier
links.provider         ``zudu`` for an agent; the carrier is not
                       said
links.kind             *agent*, *phone_call*, *conference*
links.id               ``agent_id``, ``call_sid``,
                       ``conference_sid``
source                 the call
====================== ============================================ ================================
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from callrecords import _wire
from callrecords.calls import (
    CallDirection,
    CallKind,
    CallRecord,
    CallStatus,
    Conversion,
    Cost,
    Link,
    LinkKind,
    ParticipantRecord,
    RecordingRecord,
    Transcript,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from callrecords_zudu import Zudu
    from callrecords_zudu.models import Call

    from callrecords._figures import Figure

OF_FLOATS = Decimal("0.000001")
"""Numbers that were added up as floats differ by less."""
KINDS = {"phone_call": CallKind.PHONE, "web_call": CallKind.WEB}
DIRECTIONS = {"inbound": CallDirection.INBOUND, "outbound": CallDirection.OUTBOUND}
STATUSES = {
    "scheduled": CallStatus.SCHEDULED,
    "registered": CallStatus.CREATED,
    "ongoing": CallStatus.ONGOING,
    "ended": CallStatus.ENDED,
    "error": CallStatus.FAILED,
}


def record_of(call: Call) -> CallRecord[Call]:
    """The record of a Zudu call."""
    return CallRecord(
        provider="zudu",
        id=_wire.text(call.call_id),
        kind=_wire.meaning(call.call_type, KINDS),
        provider_kind=_wire.text(call.call_type),
        direction=_wire.meaning(call.direction, DIRECTIONS),
        status=_wire.meaning(call.call_status, STATUSES),
        provider_status=_wire.text(call.call_status),
        created_at=_wire.time_from_milliseconds(call.created_at),
        started_at=_wire.time_from_milliseconds(call.start_timestamp),
        ended_at=_wire.time_from_milliseconds(call.end_timestamp),
        duration=_wire.duration_from_milliseconds(call.call_duration),
        participants=_participants(call),
        recordings=_recordings(call),
        transcript=_transcript(call),
        cost=_cost(call),
        metadata=_wire.json_object(call.metadata),
        links=_links(call),
        source=call,
    )


def _participants(call: Call) -> tuple[ParticipantRecord, ...] | None:
    ends = (("caller", _wire.text(call.from_number)), ("callee", _wire.text(call.to_number)))
    said = tuple(ParticipantRecord(id=number, role=role) for role, number in ends if number)
    return said or None


def _recordings(call: Call) -> tuple[RecordingRecord, ...] | None:
    url = _wire.text(call.recording_url)
    return (RecordingRecord(url=url),) if url else None


def _transcript(call: Call) -> Transcript | None:
    text = _wire.text(call.transcript)
    return None if text is None else Transcript(text=text)


def _cost(call: Call) -> Cost | None:
    amount = _wire.decimal(call.call_cost.combined_cost) if call.call_cost else None
    return None if amount is None else Cost(amount=amount)


def _links(call: Call) -> tuple[Link, ...]:
    carrier = call.telephony_identifier or None
    ends = (
        ("zudu", LinkKind.AGENT, _wire.text(call.agent_id)),
        (None, LinkKind.PHONE_CALL, _wire.text(carrier.call_sid) if carrier else None),
        (None, LinkKind.CONFERENCE, _wire.text(carrier.conference_sid) if carrier else None),
    )
    return tuple(Link(provider=provider, kind=kind, id=id_) for provider, kind, id_ in ends if id_)


def _list(client: Zudu) -> object:
    """All calls: a search is said to take a range of dates, and no page names its member."""
    return client.search_calls()


def unsettled(record: CallRecord[Call]) -> Iterator[str]:
    """What of a call will still change: what is null in one that ended is yet to come."""
    call = record.source
    if record.status not in {CallStatus.ENDED, CallStatus.FAILED}:
        yield "status"
    elif record.status is CallStatus.ENDED:
        is_kept = call.opt_out_sensitive_data_storage is not True
        if is_kept and call.recording_url is None:
            yield "recordings"
        if is_kept and call.transcript is None:
            yield "transcript"
        if call.call_cost is None:
            yield "cost"


def figures(client: Zudu, records: Iterable[CallRecord[Call]], days: object) -> Iterator[Figure]:
    """What calls cost against what their products do, and for how long against how long."""
    from callrecords._figures import Addend, Figure  # noqa: PLC0415 - not for a record

    del client, days
    for record in records:
        cost = record.source.call_cost
        if not cost:
            continue
        said = _wire.decimal(cost.combined_cost)
        if said is not None and cost.product_costs:
            addends = [
                Addend(
                    name=_wire.text(each.product) or "",
                    amount=_wire.decimal(each.cost) or Decimal(),
                )
                for each in cost.product_costs
            ]
            of = str(record.id)
            yield Figure(of=of, name="cost", said=said, addends=tuple(addends), tolerance=OF_FLOATS)
        seconds = _wire.decimal(cost.total_duration_seconds)
        if seconds is not None and record.duration is not None:
            length = Addend(name="duration", amount=Decimal(str(record.duration.total_seconds())))
            yield Figure(
                of=str(record.id),
                name="seconds",
                said=seconds,
                addends=(length,),
                tolerance=Decimal(1),
            )


CONVERSION = Conversion(
    provider="zudu",
    models="callrecords_zudu.models:Call",
    convert=record_of,
    by_id="get_call",
    unsettled=unsettled,
    listed=_list,
    figures=figures,
)
