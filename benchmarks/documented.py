"""Documented answers, as the bytes that a server sends."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import orjson

ROOT = Path(__file__).parents[1]

PAGE = 50
"""Sessions of a page."""


@dataclass(frozen=True)
class Exchange:
    """A request's arguments, and the answer to it."""

    arguments: dict[str, str]
    """The parameters of the path, by name."""
    body: bytes


def documented_call() -> Exchange:
    """CometChat's call, as its document prints it."""
    return _exchange("cometchat/payloads/get_call/object.json")


def documented_zudu_call() -> Exchange:
    """Zudu's call that has ended."""
    return _exchange("zudu/payloads/get_call/ended.json")


def documented_session() -> Exchange:
    """RealtimeKit's session that has ended."""
    return _exchange("realtimekit/payloads/get_session/direct.json")


def page_of_sessions() -> bytes:
    """A page of RealtimeKit's sessions: the documented one again and again."""
    session = orjson.loads(documented_session().body)["data"]
    page = {
        "success": True,
        "data": {"sessions": [session] * PAGE},
        "paging": {"total_count": 2 * PAGE, "start_offset": 1, "end_offset": PAGE},
    }
    return orjson.dumps(page)


def page_of_participants(size: int) -> bytes:
    """A page of RealtimeKit's participants: the documented one with its events, again and again."""
    listed = _body("realtimekit/payloads/list_participants/paging.json")
    events = _body("realtimekit/payloads/list_participants/peer_events.json")
    joining = events["data"]["participants"][0]["peer_events"][0]
    participant = {
        **listed["data"]["participants"][0],
        "peer_events": [joining, {**joining, "event_name": "PEER_LEAVING"}],
    }
    page = {
        "success": True,
        "data": {
            "participants": [participant] * size,
            "paging": {"total_count": size, "start_offset": 1, "end_offset": size},
        },
    }
    return orjson.dumps(page)


def _body(name: str) -> Any:  # noqa: ANN401 - JSON
    return orjson.loads((ROOT / "specs" / name).read_bytes())["body"]


def _exchange(name: str) -> Exchange:
    payload = orjson.loads((ROOT / "specs" / name).read_bytes())
    arguments = cast("dict[str, str]", payload["request"]["path"])
    return Exchange(arguments, orjson.dumps(payload["body"]))
