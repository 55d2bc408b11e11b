"""What is said of arguments that move, and of answers that begin to have a body."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

import pytest

from codegen.compare import Severity
from tests.codegen.compare.changes import (
    ANSWER,
    DELETE,
    REPLACE,
    Edit,
    all_of,
    drop,
    field,
    put,
    query,
    rename,
)

if TYPE_CHECKING:
    from tests.codegen.compare.conftest import Compared

PLACES = {
    "query": "Its value becomes a part of the address, which servers and proxies write to logs.",
    "header": "Its value is sent as a header, where it can change what the request means.",
    "cookie": "Its value is sent as a cookie, where it can change who seems to ask.",
    "path": "Its value becomes a part of the address, where it decides what is asked for.",
    "body": "Its value is sent in the body.",
}
"""Where an argument may stand, and what is said of one that comes there."""


def at(location: str) -> Edit:
    """The argument ``size`` at a place."""
    size = {"name": "size", "in": location, "schema": {"type": "integer"}}
    without = all_of(drop(field("Both", "size")), put(f"{REPLACE}/parameters", []))
    if location == "body":
        return all_of(without, put(field("Both", "size"), {"type": "integer"}))
    if location != "path":
        return all_of(without, put(f"{REPLACE}/parameters", [size]))

    def in_path(definition: Any) -> None:
        without(definition)
        rename("/paths", "/notes", "/notes/{size}")(definition)
        shared = "/paths/~1notes~1{size}/parameters"
        put(shared, [{**size, "required": True}])(definition)

    return in_path


@pytest.mark.parametrize("old", PLACES)
@pytest.mark.parametrize("new", PLACES)
def test_an_argument_that_moves_is_told_by_what_its_new_place_does(
    old: str, new: str, exchange: Any, compared: Compared
) -> None:
    def begin_again(definition: Any) -> None:
        definition.clear()
        definition.update(copy.deepcopy(exchange))
        at(new)(definition)

    changes = compared(begin_again, first=at(old)).changes
    moved = [change for change in changes if change.id == "argument-moved"]
    if old == new:
        assert not moved
        return
    [change] = moved
    assert change.what.endswith(f"`size` of `replace_note` has moved from the {old} to the {new}")
    if old == "path":
        assert change.why == "It is given by its name only."
        expected = Severity.BREAKING if new in {"query", "body"} else Severity.SECURITY
    else:
        assert change.why == PLACES[new]
        expected = Severity.ADDITIVE if new == "body" else Severity.SECURITY
    assert change.severity is expected
    assert "arguments-reordered" not in {one.id for one in changes}


def test_the_order_of_what_is_given_by_name_means_nothing(compared: Compared) -> None:
    one, other = (query(name, {"type": "string"}) for name in ("one", "other"))
    place = f"{DELETE}/parameters"
    assert not compared(put(place, [other, one]), first=put(place, [one, other])).changes


def test_a_body_that_comes_where_none_was_is_told_by_its_type(compared: Compared) -> None:
    content = put(f"{DELETE}/responses/204/content", ANSWER["content"])
    without = drop(f"{DELETE}/responses/204/content")
    for first, then in ((all_of(), content), (content, without)):
        changes = compared(then, first=first).changes
        assert {change.id for change in changes} == {"result-type-changed"}
