"""What is said when methods return something from elsewhere, or lists go on in another way."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from codegen.compare import Severity
from tests.codegen.compare.changes import (
    BY_CURSOR,
    FACTS,
    GET,
    LIST,
    all_of,
    drop,
    put,
    rename,
    schema,
)
from tests.codegen.compare.conftest import only

if TYPE_CHECKING:
    from tests.codegen.compare.changes import Edit
    from tests.codegen.compare.conftest import Compared

MAY_BE_MISSING = put(f"{schema('SessionAnswer')}/required", ["parent"])
BOTH = put(f"{GET}/result", ["session", "parent"])
TURNED = put(f"{GET}/result", ["parent", "session"])


def test_another_place_of_the_result_is_told_by_where_it_is_said(
    sessions_compared: Compared,
) -> None:
    change = only(sessions_compared(put(f"{GET}/result", "parent")))
    assert (change.id, change.severity) == ("result-moved", Severity.BREAKING)
    assert change.pointer == f"{GET}/result"
    assert change.python_name == "calls.Sessions.sessions.get"
    assert (change.old, change.new) == ("session", "parent")


def test_a_further_place_of_the_result_adds_to_what_is_found(sessions_compared: Compared) -> None:
    change = only(sessions_compared(BOTH, first=MAY_BE_MISSING))
    assert (change.id, change.severity) == ("result-moved", Severity.ADDITIVE)
    assert (change.old, change.new) == ("session", "session, else parent")


@pytest.mark.parametrize(
    ("first", "then"),
    [(BOTH, put(f"{GET}/result", "session")), (TURNED, BOTH)],
    ids=["one fewer", "another first"],
)
def test_places_that_are_no_longer_looked_at_first_break_programs(
    first: Edit, then: Edit, sessions_compared: Compared
) -> None:
    comparison = sessions_compared(then, first=all_of(MAY_BE_MISSING, first))
    assert only(comparison).severity is Severity.BREAKING


def test_a_member_that_an_answer_always_has_leaves_no_second_place(
    sessions_compared: Compared,
) -> None:
    assert not sessions_compared(BOTH).changes


def test_a_result_that_was_all_of_the_answer_has_no_place(sessions_compared: Compared) -> None:
    comparison = sessions_compared(drop(f"{GET}/result"))
    assert {change.id: (change.old, change.new) for change in comparison.changes} == {
        "result-moved": ("session", "all of the answer"),
        "result-type-changed": ("-> Session", "-> SessionAnswer"),
    }


def test_pages_that_begin_take_an_argument_away(sessions_compared: Compared) -> None:
    comparison = sessions_compared(put(f"{FACTS}/operations/recordings_list", {"pages": BY_CURSOR}))
    assert {change.id: (change.old, change.new) for change in comparison.changes} == {
        "paging-added": ("-> RecordingPage", "-> Pages[Recording]"),
        "argument-removed": ("after: str | None = None", ""),
    }
    back = sessions_compared(drop(f"{LIST}/pages"))
    assert {change.id: change.severity for change in back.changes} == {
        "paging-removed": Severity.BREAKING,
        "argument-added": Severity.ADDITIVE,
    }


FOUND = all_of(
    put("/paths/~1accounts~1{account}~1sessions~1{session}/get/operationId", "sessions_find"),
    rename(f"{FACTS}/operations", "sessions_get", "sessions_find"),
)
SEARCHED = all_of(
    put("/paths/~1accounts~1{account}~1sessions/get/operationId", "sessions_search"),
    rename(f"{FACTS}/operations", "sessions_list", "sessions_search"),
)
FIND, SEARCH = (f"{FACTS}/operations/sessions_{name}" for name in ("find", "search"))
OFFSET = all_of(drop(f"{LIST}/pages/page"), put(f"{LIST}/pages/offset", "page"))


@pytest.mark.parametrize(
    ("edit", "severity"),
    [
        (OFFSET, Severity.BREAKING),
        (put(f"{LIST}/pages/items", "archived"), Severity.BREAKING),
        (drop(f"{LIST}/pages/size"), Severity.BREAKING),
        (drop(f"{LIST}/pages/total"), Severity.BREAKING),
        (put(f"{LIST}/pages/identity", "id"), Severity.ADDITIVE),
        (put(f"{LIST}/pages/first", 1), Severity.ADDITIVE),
        (put(f"{LIST}/pages/start", "total"), Severity.ADDITIVE),
    ],
    ids=["the way", "the items", "their number", "the total", "identity", "first", "start"],
)
def test_what_is_felt_of_another_way_to_go_on_breaks_programs(
    edit: Edit, severity: Severity, sessions_compared: Compared
) -> None:
    change = only(sessions_compared(edit))
    assert (change.id, change.severity) == ("paging-changed", severity)
    assert change.pointer == f"{LIST}/pages"


def test_what_is_said_of_pages_is_shown_as_it_was_and_is(sessions_compared: Compared) -> None:
    change = only(sessions_compared(put(f"{LIST}/pages/identity", ["id", "seconds"])))
    before = change.old.splitlines()
    assert {"by: page", "items: sessions", "size: per_page", "total: total"} <= {*before}
    assert {*change.new.splitlines()} == {*before, "identity: id, seconds"}


@pytest.mark.parametrize("fact", ["total", "size"])
def test_what_is_known_besides_of_pages_breaks_nothing(
    fact: str, sessions_compared: Compared
) -> None:
    value = {"total": "total", "size": "per_page"}[fact]
    first = drop(f"{LIST}/pages/{fact}")
    change = only(sessions_compared(put(f"{LIST}/pages/{fact}", value), first=first))
    assert (change.id, change.severity) == ("paging-changed", Severity.ADDITIVE)


def test_a_parameter_of_pages_that_is_called_otherwise_stays_the_client_s(
    sessions_compared: Compared,
) -> None:
    place = "/paths/~1accounts~1{account}~1sessions/get/parameters/1/name"
    comparison = sessions_compared(put(place, "number"), put(f"{LIST}/pages/page", "number"))
    change = only(comparison)
    assert (change.id, change.severity) == ("paging-changed", Severity.ADDITIVE)


def test_what_is_said_of_pages_follows_an_operation_that_is_renamed(
    sessions_compared: Compared,
) -> None:
    assert (
        only(sessions_compared(SEARCHED)).what
        == "the operation `sessions.list` is now called `sessions.search`"
    )


OF_ITS_OWN = put(f"{GET}/refusal", {"session.id": ""})


@pytest.mark.parametrize(
    ("first", "edits", "kind", "pointer"),
    [
        (OF_ITS_OWN, (drop(f"{GET}/refusal"), FOUND), "refusal-added", f"{GET}/refusal"),
        (drop(f"{GET}/result"), (FOUND, put(f"{FIND}/refusal", {})), "refusal-removed",
         f"{FIND}/refusal"),
        (OF_ITS_OWN, (FOUND, put(f"{FIND}/refusal", {})), "refusal-removed", f"{FIND}/refusal"),
        (OF_ITS_OWN, (drop(f"{GET}/result"), FOUND), "result-moved", f"{GET}/result"),
        (OF_ITS_OWN, (FOUND, put(f"{FIND}/result", "parent")), "result-moved", f"{FIND}/result"),
        (OF_ITS_OWN, (drop(f"{LIST}/pages"), SEARCHED), "paging-removed", f"{LIST}/pages"),
        (OF_ITS_OWN, (SEARCHED, put(f"{SEARCH}/pages/items", "archived")), "paging-changed",
         f"{SEARCH}/pages"),
    ],
)  # fmt: skip
def test_a_fact_of_a_renamed_operation_is_where_it_is_said_or_was_if_it_is_gone(
    first: Edit, edits: tuple[Edit, ...], kind: str, pointer: str, sessions_compared: Compared
) -> None:
    changes = sessions_compared(*edits, first=first).changes
    assert {change.pointer for change in changes if change.id == kind} == {pointer}
