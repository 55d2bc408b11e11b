"""What a provider says that its calls came to, against their records."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import attrs
import pytest

import callrecords
from callrecords import _conversions, bulk
from callrecords.bulk import _reconcile
from tests.bulk.conftest import DAY, FIRST, CometChat, Zudu, at
from tests.bulk.test_archive import Studio

if TYPE_CHECKING:
    import httpx

    from callrecords.bulk import Figure

HOUR = dt.timedelta(hours=1)


def differing(figures: tuple[Figure, ...]) -> list[tuple[str, str, Decimal]]:
    return [(figure.of, figure.name, figure.difference) for figure in figures]


class Office(Studio):
    """Sessions of an hour and a half each, with the analytics of their days."""

    def __init__(self, *days: dict[str, Any], **times: dt.datetime) -> None:
        super().__init__(**{name: [] for name in times})
        self.times = times
        self.days = days

    def answer(self, request: httpx.Request) -> Any:
        if request.url.path.endswith("/analytics/daywise"):
            self.asked = dict(request.url.params)
            sessions = [
                {"day": day["day"], "total_sessions": day["n"], "total_session_minutes": day["min"]}
                for day in self.days
            ]
            recordings = [
                {"day": day["day"], "total_recordings": 1, "total_recording_minutes": 2}
                for day in self.days[:1]
            ]
            stats = {"session_stats": {"day_stats": sessions}}
            return {
                "success": True,
                "data": {**stats, "recording_stats": {"day_stats": recordings}},
            }
        return super().answer(request)

    def session(self, name: str, time: dt.datetime) -> Any:
        ended = self.times[name] + 90 * HOUR / 60
        return {**super().session(name, time), "minutes_consumed": 90, "ended_at": at(ended)}

    def listed_recordings(self, query: Any) -> Any:
        assert "meeting_id" not in query
        found = [{**self.recording("one", "a"), "recording_duration": 118}]
        paging = {"total_count": 1, "start_offset": 1, "end_offset": 1}
        return {"success": True, "data": found, "paging": paging}


DAYS = (
    {"day": "2026-11-20", "n": 1, "min": 90.04},
    {"day": "2026-11-21T00:00:00Z", "n": 2, "min": 90},
)


def test_days_are_compared_and_a_difference_has_its_calls() -> None:
    times = {"one": FIRST + HOUR, "two": FIRST + 23 * HOUR, "three": FIRST + 25 * HOUR}
    office = Office(*DAYS, **times)
    with office.client() as client:
        done = callrecords.reconcile(client, since=FIRST + HOUR, until=FIRST + DAY + HOUR)
    assert office.asked == {"start_date": "2026-11-20", "end_date": "2026-11-21"}
    assert (done.calls, done.complete, len(done.figures)) == (3, True, 8)
    assert differing(done.differences) == [
        ("2026-11-20", "sessions", -1),
        ("2026-11-20", "session minutes", Decimal("-89.96")),
        ("2026-11-21", "sessions", 1),
    ]
    # What explains it: the call that goes on past midnight.
    notes = {each.name: each.note for each in done.differences[0].addends}
    assert notes == {"one": "", "two": "ended on 2026-11-21"}


def test_a_session_is_compared_with_its_participants() -> None:
    class Room(Studio):
        def answer(self, request: httpx.Request) -> Any:
            if request.url.path.endswith("/participants"):
                people = [
                    {"id": "p", "duration": 1.0, "left_at": at(FIRST)},
                    {"id": "q", "duration": 0.2},
                ]
                paging = {"total_count": 2, "start_offset": 1, "end_offset": 2}
                return {"success": True, "data": {"participants": people, "paging": paging}}
            return super().answer(request)

    with Room(one=[]).client() as client:
        done = callrecords.reconcile(client, ids=["one"])
    [figure] = done.differences
    assert (figure.of, figure.said, figure.found) == ("one", Decimal("1.5"), Decimal("1.2"))
    assert [(each.name, each.note) for each in figure.addends] == [("p", ""), ("q", "goes on")]


def test_costs_are_compared_with_those_of_products() -> None:
    class Shop(Zudu):
        def answer(self, request: httpx.Request) -> Any:
            answer = super().answer(request)
            products = [{"product": "line", "cost": 0.1}, {"product": "model", "cost": 0.2}]
            costs = {
                "good": {"combined_cost": 0.30000000000000004, "product_costs": products},
                "bad": {"combined_cost": 0.35, "product_costs": products},
                "long": {"combined_cost": 1, "total_duration_seconds": 75},
                "free": None,
            }
            for call in answer["data"]["calls"]:
                call.update(call_cost=costs[call["call_id"]], call_duration=60_000)
            return answer

    shop = Shop(**dict.fromkeys(("good", "bad", "long", "free"), FIRST))
    with shop.client() as client:
        done = callrecords.reconcile(client, since=FIRST, until=FIRST + DAY)
    assert differing(done.differences) == [
        ("bad", "cost", Decimal("0.05")),
        ("long", "seconds", Decimal(15)),
    ]
    assert [each.name for each in done.differences[0].addends] == ["line", "model"]


def test_minutes_are_compared_with_those_of_audio_and_video() -> None:
    class Line(CometChat):
        def answer(self, request: httpx.Request) -> Any:
            answer = super().answer(request)
            for call in answer["data"]:
                call.update(totalDurationInMinutes=2.0, totalAudioMinutes=1.25)
            answer["data"][0]["totalVideoMinutes"] = 0.75
            return answer

    with Line(one=FIRST, two=FIRST + HOUR).client() as client:
        done = callrecords.reconcile(client, since=FIRST, until=FIRST + DAY)
    assert differing(done.differences) == [("two", "minutes", Decimal("0.75"))]


def test_minutes_of_participants_are_compared_with_what_is_billed(
    callrecords_sandbox: callrecords.sandbox.Sandbox,
) -> None:
    callrecords_sandbox.answer("apifycloud", "get_call", example="ended")
    url = callrecords_sandbox.url("apifycloud")
    with callrecords.ApifyCloud(base_url=url) as client:
        done = callrecords.reconcile(client, ids=["0b9a3c3e-7d52-4c8e-9a41-5f6d8e2b7c10"])
    [figure] = done.figures
    assert (figure.name, figure.said) == ("participant minutes", figure.found + figure.difference)


def test_calls_that_did_not_come_are_said() -> None:
    class Short(Zudu):
        def answer(self, request: httpx.Request) -> Any:
            answer = super().answer(request)
            answer["data"]["pagination"]["total_count"] = 3
            return answer

    with Short(one=FIRST).client() as client:
        done = callrecords.reconcile(client, since=FIRST, until=FIRST + DAY)
    doubts = ("there are 3 calls by the provider's word, 1 came",)
    assert (done.calls, done.complete, done.doubts) == (1, False, doubts)


def test_calls_that_nobody_asked_for_are_not_said_to_be_all(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert bulk.Tally().complete is None
    conversion = _conversions.conversion_for("zudu", "figures")
    assert conversion is not None
    unread = attrs.evolve(conversion, figures=lambda *_: ())
    monkeypatch.setattr(_reconcile, "conversion_for", lambda *_: unread)
    with Zudu(one=FIRST).client() as client:
        done = callrecords.reconcile(client, since=FIRST, until=FIRST + DAY)
    assert (done.calls, done.complete, len(done.doubts)) == (0, None, 1)


def test_rounded_minutes_may_differ_by_as_much_as_they_were_rounded_by() -> None:
    days = ({"day": "2026-11-20", "n": 3, "min": 270.25},)
    times = dict.fromkeys(("one", "two", "three"), FIRST + HOUR)
    with Office(*days, **times).client() as client:
        done = callrecords.reconcile(client, since=FIRST, until=FIRST + DAY)
    assert differing(done.differences) == []


@pytest.mark.parametrize("options", [{"ids": [], "since": FIRST}, {"until": FIRST}])
def test_either_a_time_or_ids_say_which_calls(options: dict[str, Any]) -> None:
    with (
        Zudu().client() as client,
        pytest.raises(callrecords.ConfigurationError, match="calls since a time, or ids"),
    ):
        callrecords.reconcile(client, **options)
