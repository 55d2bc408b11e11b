"""What RealtimeKit says that sessions and recordings came to, and what their records come to.

No document says to which day a session counts that goes on past midnight: here it is the day on
which it was made, and a note says that there is another.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from decimal import Decimal
from typing import TYPE_CHECKING

from callrecords import _wire
from callrecords._figures import Addend, Figure
from callrecords.calls import CallStatus

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from callrecords_realtimekit import RealtimeKit, models

    from callrecords.calls import CallRecord

_DAY = dt.timedelta(days=1)
_ONE = Decimal(1)
_MINUTE = Decimal(60)
_TENTH = Decimal("0.1")
"""Minutes of sessions are shown so."""
_SESSIONS, _MINUTES = "sessions", "session minutes"
_RECORDINGS, _RECORDING_MINUTES = "recordings", "recording minutes"


def of_session(record: CallRecord[models.Session]) -> Figure | None:
    """The minutes of a session against those of its participants, if these are known."""
    said = _wire.decimal(record.source.minutes_consumed)
    if said is None or record.participants is None:
        return None
    addends = tuple(
        Addend(
            name=each.id or "",
            amount=_minutes(each.duration),
            note="" if each.left_at else "goes on",
        )
        for each in record.participants
    )
    name = "participant minutes"
    return Figure(of=str(record.id), name=name, said=said, addends=addends, tolerance=_TENTH)


def of_days(
    client: RealtimeKit,
    records: Iterable[CallRecord[models.Session]],
    first: dt.date,
    last: dt.date,
) -> Iterator[Figure]:
    """The analytics of days against the sessions and recordings of each."""
    found: dict[tuple[str, str], list[Addend]] = defaultdict(list)
    for record in records:
        time = record.created_at or record.started_at
        day, note, name = str(time and time.date()), _note(record), str(record.id)
        found[day, _SESSIONS].append(Addend(name=name, amount=_ONE, note=note))
        minutes = _wire.decimal(record.source.minutes_consumed)
        found[day, _MINUTES].append(Addend(name=name, amount=minutes or Decimal(), note=note))
    for recording in _recordings(client, first, last):
        time = _wire.time_in_utc(recording.invoked_time)
        day, name = str(time and time.date()), str(recording.id)
        found[day, _RECORDINGS].append(Addend(name=name, amount=_ONE))
        duration = _wire.duration_from_seconds(recording.recording_duration)
        found[day, _RECORDING_MINUTES].append(Addend(name=name, amount=_minutes(duration)))
    said = _said(client.get_daily_analytics(start_date=str(first), end_date=str(last)))
    today = first
    while today <= last:
        day = str(today)
        for name, by_day in said.items():
            addends = tuple(found[day, name])
            yield Figure(
                of=day,
                name=name,
                said=by_day.get(day, Decimal()),  # of a day without any there may be nothing
                addends=addends,
                tolerance=_tolerance(name, len(addends)),
            )
        today += _DAY


def _tolerance(name: str, addends: int) -> Decimal:
    """How much the sum of a day may differ because minutes are rounded.

    Those of each session are; a recording has seconds, and only their sum is in minutes.
    """
    if name == _MINUTES:
        return _TENTH * max(1, addends)
    return _ONE if name == _RECORDING_MINUTES else Decimal()


def _said(analytics: models.DailyAnalytics) -> Mapping[str, Mapping[str, Decimal]]:
    """What the analytics have of each day, as far as they have days at all."""
    said: dict[str, dict[str, Decimal]] = {}
    sessions, recordings = analytics.session_stats, analytics.recording_stats
    if sessions and sessions.day_stats:
        for each in sessions.day_stats:
            _note_day(said, _SESSIONS, each.day, each.total_sessions)
            _note_day(said, _MINUTES, each.day, each.total_session_minutes)
    if recordings and recordings.day_stats:
        for one in recordings.day_stats:
            _note_day(said, _RECORDINGS, one.day, one.total_recordings)
            _note_day(said, _RECORDING_MINUTES, one.day, one.total_recording_minutes)
    return said


def _note_day(said: dict[str, dict[str, Decimal]], name: str, day: object, amount: object) -> None:
    number = _wire.decimal(amount)
    if number is not None:
        # Whatever stands behind the date.
        said.setdefault(name, {})[str(day)[: len("2026-11-21")]] = number


def _recordings(
    client: RealtimeKit, first: dt.date, last: dt.date
) -> Iterator[models.ListedRecording]:
    start = dt.datetime.combine(first, dt.time(), dt.UTC)
    end = dt.datetime.combine(last + _DAY, dt.time(), dt.UTC)
    for recording in client.list_recordings(start_time=start, end_time=end):
        time = _wire.time_in_utc(recording.invoked_time)
        if time is not None and start <= time < end:
            yield recording


def _note(record: CallRecord[models.Session]) -> str:
    if record.status is not CallStatus.ENDED:
        return "goes on"
    began, ended = record.created_at or record.started_at, record.ended_at
    if began is None or ended is None or began.date() == ended.date():
        return ""
    return f"ended on {ended.date()}"


def _minutes(duration: dt.timedelta | None) -> Decimal:
    seconds = Decimal() if duration is None else Decimal(str(duration.total_seconds()))
    return seconds / _MINUTE
