"""What the command line makes of values, records and errors: decisions without output."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from callrecords_zudu.models import Call

from callrecords.calls import (
    CallKind,
    CallRecord,
    CallStatus,
    Cost,
    Link,
    LinkKind,
    ParticipantRecord,
    RecordingRecord,
    Transcript,
)
from callrecords.cli._failures import UsageError, failure_of
from callrecords.cli._text import text_of
from callrecords.cli._view import view_of
from callrecords_runtime import errors
from callrecords_runtime.messages import Request, Response
from callrecords_runtime.texts import printable

if TYPE_CHECKING:
    from callrecords.cli._text import Value

REQUEST = Request(method="GET", path="/calls/1", template="/calls/{id}")
ABOUT: dict[str, Any] = {"provider": "zudu", "operation": "get_call", "request": REQUEST}
EAST = dt.timezone(dt.timedelta(hours=2))


def record_with(**fields: Any) -> CallRecord:
    return CallRecord(provider="zudu", id="1", source=Call(), **fields)


def shown(**fields: Any) -> dict[str, str]:
    return {label: text_of(value) for label, value in view_of(record_with(**fields)).fields}


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        ("a name", "a name"),
        (dt.timedelta(), "0:00:00"),
        (dt.timedelta(seconds=59.6), "0:01:00"),
        (dt.timedelta(hours=26, seconds=1), "26:00:01"),
        (dt.timedelta(seconds=-61), "-0:01:01"),
        (dt.datetime(2024, 1, 1, 1, 30, 59, 999999, tzinfo=EAST), "2023-12-31 23:30:59Z"),
    ],
)
def test_times_are_in_utc_and_durations_in_hours(value: Value, text: str) -> None:
    assert text_of(value) == text


def test_a_time_for_programs_has_no_space_in_it() -> None:
    time = dt.datetime(2024, 1, 1, tzinfo=dt.UTC)
    assert text_of(time, between="T") == "2024-01-01T00:00:00Z"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("red \x1b[31malert", "red \\u001b[31malert"),
        ("\x9b2J", "\\u009b2J"),
        ("over\rwritten", "over\\u000dwritten"),
        ("a\u202eb\u2066c", "a\\u202eb\\u2066c"),
        ("one\r\ntwo\n\tthree", "one\ntwo\n\tthree"),
        ("Zoë 王 👩\u200d💻", "Zoë 王 👩\u200d💻"),
        ("\ud800", "\\ud800"),
    ],
)
def test_nothing_that_steers_a_terminal_is_printed(text: str, expected: str) -> None:
    assert printable(text) == expected


def test_a_json_text_says_the_same_when_it_is_made_printable() -> None:
    data = {"name": "\x1b[31m\x7f\x9b\u202e\r\n"}
    assert json.loads(printable(json.dumps(data, ensure_ascii=False, indent=2))) == data


def response(status: int) -> Response:
    return Response(status=status, headers={}, content=b"", elapsed=dt.timedelta())


def answered(error: type[errors.ResponseError], status: int) -> errors.ResponseError:
    return error("no", response=response(status), **ABOUT)


@pytest.mark.parametrize(
    ("error", "exit_code"),
    [
        (answered(errors.NotFound, 404), 1),
        (answered(errors.BadRequest, 400), 1),
        (answered(errors.AuthenticationFailed, 401), 1),
        (answered(errors.PermissionDenied, 403), 1),
        (answered(errors.RateLimited, 429), 1),
        (answered(errors.StatusError, 302), 1),
        (answered(errors.EnvelopeError, 200), 1),
        (answered(errors.SeveralFound, 200), 1),
        (answered(errors.PagingError, 200), 1),
        (answered(errors.DecodeError, 200), 1),
        (OSError(28, "No space left on device"), 1),
        (errors.ConfigurationError("no"), 2),
        (UsageError("no"), 2),
        (errors.ConnectionFailed("no", **ABOUT), 3),
        (errors.TimedOut("no", **ABOUT), 3),
        (answered(errors.ServerError, 503), 3),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else str(value),
)
def test_an_error_has_its_exit_code(error: Any, exit_code: int) -> None:
    assert failure_of(error)[0] == exit_code


def test_an_error_is_one_printable_line() -> None:
    error = errors.ConnectionFailed("it\nbroke\x1b[2J", **ABOUT)
    assert failure_of(error) == (3, "zudu get_call: it broke\\u001b[2J")


def test_what_a_provider_does_not_say_is_not_shown() -> None:
    assert shown() == {"provider": "zudu", "id": "1"}


def test_what_a_provider_says_there_are_none_of_is_shown_as_none() -> None:
    none = {"participants": "none", "recordings": "none", "metadata": "none"}
    assert shown(participants=(), recordings=(), metadata={}).items() >= none.items()


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"kind": CallKind.PHONE, "provider_kind": "PHONE_CALL"}, "phone (PHONE_CALL)"),
        ({"kind": CallKind.VIDEO, "provider_kind": "VIDEO"}, "video"),
        ({"kind": CallKind.VIDEO}, "video"),
        ({"provider_kind": "hologram"}, "hologram"),
    ],
)
def test_the_word_of_the_provider_is_shown_where_it_is_another_one(
    fields: dict[str, Any], text: str
) -> None:
    assert shown(**fields)["kind"] == text


def test_the_time_from_start_to_end_stands_in_for_a_duration_that_is_not_said() -> None:
    times = {
        "started_at": dt.datetime(2024, 1, 1, tzinfo=dt.UTC),
        "ended_at": dt.datetime(2024, 1, 1, 0, 5, tzinfo=dt.UTC),
    }
    assert shown(**times)["elapsed"] == "0:05:00"
    said = shown(**times, duration=dt.timedelta(minutes=4))
    assert said["duration"] == "0:04:00"
    assert "elapsed" not in said


@pytest.mark.parametrize(
    ("cost", "text"),
    [
        (Cost(amount=Decimal("0.150"), currency="USD"), "0.150 USD"),
        (Cost(amount=Decimal("1E-7")), "0.0000001 (the provider does not say the currency)"),
    ],
)
def test_a_cost_has_its_currency(cost: Cost, text: str) -> None:
    assert shown(cost=cost)["cost"] == text


def test_a_link_has_the_name_of_what_it_leads_to() -> None:
    links = (
        Link(provider="zudu", kind=LinkKind.AGENT, id="a"),
        Link(kind=LinkKind.PHONE_CALL, id="b"),
        Link(provider="realtimekit", kind=LinkKind.MEETING, id="c"),
    )
    expected = {"agent": "a", "phone call": "b", "meeting": "c (realtimekit)"}
    assert shown(links=links).items() >= expected.items()


def test_a_table_has_only_columns_that_say_something() -> None:
    participants = (ParticipantRecord(id="1", name="Zoë"), ParticipantRecord(id="2"))
    recordings = (RecordingRecord(url="https://recordings.example/1.mp4"),)
    view = view_of(record_with(participants=participants, recordings=recordings))
    assert [(grid.title, grid.columns, grid.rows) for grid in view.grids] == [
        ("participants", ["name", "id"], [["Zoë", "1"], [None, "2"]]),
        ("recordings", ["url"], [["https://recordings.example/1.mp4"]]),
    ]


def test_a_transcript_is_a_link_or_a_text_of_its_own() -> None:
    until = dt.datetime(2024, 1, 8, tzinfo=dt.UTC)
    url = Transcript(url="https://transcripts.example/1.csv", expires_at=until)
    assert shown(transcript=url).items() >= {"transcript": url.url}.items()
    assert shown(transcript=url)["available until"] == "2024-01-08 00:00:00Z"
    assert view_of(record_with(transcript=Transcript(text="Hello"))).transcript == "Hello"


def test_a_status_that_has_no_place_in_the_vocabulary_is_shown_as_it_is() -> None:
    assert shown(provider_status="PAUSED")["status"] == "PAUSED"
    ended = shown(status=CallStatus.CREATED, provider_status="REGISTERED")
    assert ended["status"] == "created (REGISTERED)"
