"""Replacing one value in JSON data."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema_rs import Draft202012Validator

from codegen.files.values import (
    ABSENT,
    KINDS,
    Absent,
    Draft,
    is_primitive,
    is_same,
    json_type,
    location_of,
    lookup,
    pointer_to,
    replace_at,
)

if TYPE_CHECKING:
    from codegen.files.values import JSON

DATA: JSON = {"a": [{"b": 1}, 2], "c/d": None}


REPLACED: list[tuple[str, JSON | Absent, JSON]] = [
    ("", 1, 1),
    ("/a", None, {"a": None, "c/d": None}),
    ("/a/0/b", 2, {"a": [{"b": 2}, 2], "c/d": None}),
    ("/a/1", 3, {"a": [{"b": 1}, 3], "c/d": None}),
    ("/a/0/new", 2, {"a": [{"b": 1, "new": 2}, 2], "c/d": None}),
    ("/c~1d", ABSENT, {"a": [{"b": 1}, 2]}),
    ("/a/0", ABSENT, {"a": [2], "c/d": None}),
    ("/a/0/b", ABSENT, {"a": [{}, 2], "c/d": None}),
]


@pytest.mark.parametrize(("pointer", "value", "expected"), REPLACED)
def test_one_value_is_replaced_and_the_data_left_alone(
    pointer: str, value: JSON | Absent, expected: JSON
) -> None:
    before = repr(DATA)
    assert replace_at(DATA, pointer, value) == expected
    assert repr(DATA) == before


@pytest.mark.parametrize(
    ("pointer", "value"),
    [
        ("", ABSENT),
        ("/x", ABSENT),
        ("/x/y", 1),
        ("/a/2", 1),
        ("/a/2", ABSENT),
        ("/a/-", 1),
        ("/a/b", 1),
        ("/a/1/b", 1),
        ("/a/0/b/c", ABSENT),
    ],
)
def test_a_pointer_that_leads_nowhere_is_refused(pointer: str, value: JSON | Absent) -> None:
    with pytest.raises(KeyError):
        replace_at(DATA, pointer, value)


def places(value: JSON, pointer: str = "") -> list[str]:
    """The pointers of a value and of all inside it."""
    match value:
        case dict():
            inner = [places(member, pointer + pointer_to(key)) for key, member in value.items()]
        case list():
            inner = [places(item, f"{pointer}/{index}") for index, item in enumerate(value)]
        case _:
            inner = []
    return [pointer, *(place for listed in inner for place in listed)]


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-1, 2) | st.sampled_from([1.0, "", "1", "a/~b"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("a/~0", max_size=2), inner),
    max_leaves=8,
)


@given(data=VALUES, value=VALUES)
def test_at_each_place_of_a_value_another_one_can_stand(data: JSON, value: JSON) -> None:
    before = orjson.dumps(data)
    for place in places(data):
        changed = replace_at(data, place, value)
        assert is_same(lookup(changed, place), value)
        assert is_same(replace_at(changed, place, lookup(data, place)), data)
        assert Draft(data).value(location_of(data, place)) is lookup(data, place)
        if place:
            lost = lookup(data, place)
            rest = replace_at(data, place, ABSENT)
            assert len(places(rest)) == len(places(data)) - len(places(lost))
    assert orjson.dumps(data) == before


@given(one=VALUES, other=VALUES)
def test_values_are_the_same_when_their_types_and_all_their_members_are(
    one: JSON, other: JSON
) -> None:
    match one, other:
        case dict(), dict():
            expected = one.keys() == other.keys() and all(is_same(one[k], other[k]) for k in one)
        case list(), list():
            expected = len(one) == len(other) and all(map(is_same, one, other))
        case _:
            expected = type(one) is type(other) and one == other
    assert is_same(one, other) is expected
    assert is_same(one, one)
    assert not is_same(one, ABSENT)
    assert is_same(ABSENT, ABSENT)


@given(VALUES)
def test_a_value_has_the_type_by_which_json_schema_accepts_it(value: JSON) -> None:
    accepted = {name for name in KINDS if Draft202012Validator({"type": name}).is_valid(value)}
    assert json_type(value) in accepted
    # To JSON Schema every integer is a number, and so is each float without a fraction an integer.
    assert accepted == {json_type(value)} or accepted == {"integer", "number"}
    assert (json_type(value) == "number") is isinstance(value, float)
    assert is_primitive(value) is accepted.isdisjoint({"array", "object"})


LISTS = st.lists(st.integers(0, 3) | st.lists(st.integers(0, 3)), max_size=5)


@given(data=LISTS, choice=st.data())
def test_all_that_is_removed_at_once_is_gone_and_nothing_else(
    data: list[int | list[int]], choice: st.DataObject
) -> None:
    everywhere = [place for place in places(cast("JSON", data)) if place]
    gone = choice.draw(st.sets(st.sampled_from(everywhere)) if everywhere else st.just(set[str]()))
    draft = Draft(cast("JSON", data))
    draft.remove(location_of(cast("JSON", data), place) for place in gone)
    assert draft.root == [
        [item for inner, item in enumerate(value) if f"/{index}/{inner}" not in gone]
        if isinstance(value, list)
        else value
        for index, value in enumerate(data)
        if f"/{index}" not in gone
    ]


@given(data=LISTS, more=LISTS)
def test_items_are_added_to_a_draft_at_the_end_and_not_to_the_original(
    data: list[int | list[int]], more: list[int | list[int]]
) -> None:
    draft = Draft(cast("JSON", {"a": data}))
    draft.extend(("a",), cast("list[JSON]", more))
    draft.extend(("a",), [7])
    assert draft.root == {"a": [*data, *more, 7]}
    assert 7 not in data
