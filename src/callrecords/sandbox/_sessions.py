"""RealtimeKit's sessions and their participants: what is listed can be fetched."""

from __future__ import annotations

import copy
import datetime as dt
import uuid
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from callrecords.sandbox._definition import Definition

Item: TypeAlias = dict[str, Any]

PAGE_SIZE = 20
"""What a page holds unless ``per_page`` says otherwise; no document names a number."""


@dataclass(frozen=True, slots=True)
class Listing:
    """How the items of one operation are searched and sorted."""

    equal: tuple[str, ...]
    """The parameters that must equal the field of the same name."""
    searched: tuple[str, ...]
    """The fields one of which contains ``search``."""
    sorted_by: Mapping[str, str]
    """The field behind each value of ``sort_by``."""

    def select(self, items: Sequence[Item], query: Mapping[str, Any]) -> list[Item]:
        """The items a query asks for, in its order; without ``sort_by`` in the one they have."""
        found = [item for item in items if self._is_asked_for(item, query)]
        field = self.sorted_by.get(query.get("sort_by", ""))
        if field is not None:
            found.sort(
                key=lambda item: (item.get(field) is not None, item.get(field)),
                reverse=query.get("sort_order") == "DESC",
            )
        return found

    def _is_asked_for(self, item: Item, query: Mapping[str, Any]) -> bool:
        if any(name in query and item.get(name) != query[name] for name in self.equal):
            return False
        wanted: str = query.get("search", "").casefold()
        texts = [str(item.get(field, "")).casefold() for field in self.searched]
        return not wanted or any(wanted in text for text in texts)


def _page(items: Sequence[Item], query: Mapping[str, Any]) -> tuple[Sequence[Item], dict[str, int]]:
    """The page a query asks for, and its ``paging``: offsets count from 1, and 0 is none."""
    size = max(query.get("per_page", PAGE_SIZE), 0)
    # No document says whether the first page is 0 or 1: both are.
    start = (max(query.get("page_no", 1), 1) - 1) * size
    shown = items[start : start + size]
    paging = {
        "total_count": len(items),
        "start_offset": start + 1 if shown else 0,
        "end_offset": start + len(shown),
    }
    return shown, paging if shown else {**paging, "end_offset": 0}


_SESSIONS = Listing(
    equal=("associated_id", "status"),
    searched=("id", "associated_id", "meeting_display_name"),
    sorted_by={"minutesConsumed": "minutes_consumed", "createdAt": "created_at"},
)
_PARTICIPANTS = Listing(
    equal=(),
    searched=("id", "custom_participant_id", "display_name"),
    sorted_by={"joinedAt": "joined_at", "duration": "duration"},
)
_TIMES = ("created_at", "started_at", "updated_at", "ended_at")


class Sessions:
    """The documented sessions, and those that were added."""

    def __init__(self, definition: Definition) -> None:
        self._documented = {item["id"]: item for item in _listed(definition, "sessions")}
        self._documented_participants = _listed(definition, "participants")
        self._added: dict[str, Item] = {}
        self._participants: dict[str, list[Item]] = {}

    def ids(self) -> list[str]:
        """The ids of all sessions, the documented ones first."""
        return list(self._documented | self._added)

    def add(self, sessions: Iterable[Item]) -> None:
        """Add sessions; one of a known id replaces it."""
        self._added.update((item["id"], item) for item in sessions)

    def add_participants(self, session_id: str, participants: Iterable[Item]) -> None:
        """Give a session participants of its own instead of the documented ones."""
        self._participants.setdefault(session_id, []).extend(participants)

    def make(self, count: int) -> list[Item]:
        """New sessions like the documented ended one, each with its own id and a minute later."""
        first = len(self._added) + 1
        ended = next(item for item in self._documented.values() if item["status"] == "ENDED")
        return [_later(ended, minutes) for minutes in range(first, first + count)]

    def answer(
        self, operation: str, arguments: Mapping[str, str], query: Mapping[str, Any]
    ) -> Item | None:
        """The body of a list, or of one that was added; None for what an example answers."""
        session_id = arguments.get("session_id", "")
        if operation == "list_sessions":
            every = list((self._documented | self._added).values())
            shown, paging = _page(_SESSIONS.select(every, query), query)
            return {"success": True, "data": {"sessions": shown}, "paging": paging}
        if operation == "get_session" and session_id in self._added:
            return {"success": True, "data": self._added[session_id]}
        if session_id not in self._documented | self._added:
            return None
        participants = self._participants.get(session_id, self._documented_participants)
        if operation == "list_participants":
            shown, paging = _page(_PARTICIPANTS.select(participants, query), query)
            return {"success": True, "data": {"participants": shown, "paging": paging}}
        if operation == "get_participant":
            for item in participants:
                if item["id"] == arguments["participant_id"]:
                    return {"success": True, "data": {"participant": item}}
        return None


def _listed(definition: Definition, what: str) -> list[Item]:
    """The documented items of ``list_sessions`` or ``list_participants``."""
    examples = next(
        operation for operation in definition.operations if operation.name == f"list_{what}"
    ).examples
    bodies = [example.body for example in examples if example.status == HTTPStatus.OK]
    return next(body["data"][what] for body in bodies if "id" in body["data"][what][0])


def _later(session: Item, minutes: int) -> Item:
    later = copy.deepcopy(session)
    later["id"] = str(uuid.uuid5(uuid.UUID(session["id"]), str(minutes)))
    for name in _TIMES:
        time = dt.datetime.fromisoformat(session[name]) + dt.timedelta(minutes=minutes)
        later[name] = time.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return later
