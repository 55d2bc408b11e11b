"""Providers that keep calls in memory, behind the real clients."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING, Any

import httpx

import callrecords

if TYPE_CHECKING:
    from collections.abc import Callable

DAY = dt.timedelta(days=1)
FIRST = dt.datetime(2026, 11, 20, tzinfo=dt.UTC)
"""When the first of three days begins whose calls are exported."""
LAST = FIRST + 3 * DAY


def at(time: dt.datetime) -> str:
    return time.isoformat(timespec="milliseconds").replace("+00:00", "Z")


class Provider:
    """The calls that a provider has, and what it was asked."""

    def __init__(self, **times: dt.datetime) -> None:
        self.times = times
        """When each call was, by its id."""
        self.requests: list[httpx.Request] = []
        self.before_answer: Callable[[], object] = lambda: None

    def client(self) -> Any:
        raise NotImplementedError

    def answer(self, request: httpx.Request) -> Any:
        raise NotImplementedError

    def transport(self) -> httpx.Client:
        return httpx.Client(transport=httpx.MockTransport(self._handle))

    def _handle(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        self.before_answer()
        return httpx.Response(200, json=self.answer(request))


class RealtimeKit(Provider):
    """It lists the sessions of a time in pages of two, and says how many there are."""

    name = "realtimekit"

    def client(self) -> callrecords.RealtimeKit:
        return callrecords.RealtimeKit(
            account_id="a", app_id="b", api_token="c", http_client=self.transport()
        )

    def answer(self, request: httpx.Request) -> Any:
        query = request.url.params
        bounds = [dt.datetime.fromisoformat(query[name]) for name in ("start_time", "end_time")]
        found = [each for each in self.times.items() if bounds[0] <= each[1] <= bounds[1]]
        start = (max(int(query.get("page_no", "1")), 1) - 1) * 2
        shown = found[start : start + 2]
        paging = {
            "total_count": len(found),
            "start_offset": start + bool(shown),
            "end_offset": start + len(shown),
        }
        sessions = [self.session(name, time) for name, time in shown]
        return {"success": True, "data": {"sessions": sessions}, "paging": paging}

    def session(self, name: str, time: dt.datetime) -> Any:
        texts = dict.fromkeys(("created_at", "started_at", "updated_at"), at(time))
        counts = dict.fromkeys(("live_participants", "max_concurrent_participants"), 0)
        return {
            **texts,
            **counts,
            "id": name,
            "associated_id": "m",
            "meeting_display_name": "A meeting",
            "type": "meeting",
            "status": "ENDED",
            "minutes_consumed": 1.5,
            "organization_id": "o",
        }


class Zudu(Provider):
    """It lists all calls, a page at a time."""

    name = "zudu"

    def client(self) -> callrecords.Zudu:
        return callrecords.Zudu(api_key="a", api_secret="b", http_client=self.transport())

    def answer(self, request: httpx.Request) -> Any:
        page = json.loads(request.content or b"{}").get("page", 0)
        shown = list(self.times.items())[page * 2 : page * 2 + 2]
        calls = [
            {"call_id": name, "start_timestamp": int(time.timestamp() * 1000)}
            for name, time in shown
        ]
        pagination = {"page": page, "limit": 2, "total_count": len(self.times)}
        return {"status": "success", "data": {"calls": calls, "pagination": pagination}}


class CometChat(Provider):
    """It gives three calls of a time at most, and says how many there are."""

    name = "cometchat"

    def client(self) -> callrecords.CometChat:
        return callrecords.CometChat(
            app_id="a", region="us", api_key="b", http_client=self.transport()
        )

    def answer(self, request: httpx.Request) -> Any:
        query = request.url.params
        since, until = int(query["startedAt"]), int(query["endedAt"])
        found = [
            {"sessionId": name, "initiatedAt": int(time.timestamp())}
            for name, time in self.times.items()
            if since <= time.timestamp() <= until
        ]
        return {"data": found[:3], "meta": {"pagination": {"total": len(found)}}}
