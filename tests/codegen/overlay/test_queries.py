"""Which nodes a JSONPath query selects, and the query that selects one node."""

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codegen.files.values import JSON, Location, pointer_to
from codegen.overlay.queries import (
    leading_steps,
    names_its_matches,
    path_to,
    select,
    string_literal,
    syntax_error,
    unmatched,
    without_last_segment,
)

NAMES = st.text() | st.sampled_from(["name", "in", "a", "0", "a b", "it's", '\\"', "\n", "é", "*"])
PARAMETERS = st.fixed_dictionaries(
    {"name": st.sampled_from(["limit", "it's", "\x07"]), "in": st.sampled_from(["query", "path"])},
    optional={"schema": st.just({"type": "string"}), "limit": st.none()},
)
VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers(-1, 1) | st.text(max_size=3) | PARAMETERS,
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(NAMES, inner, max_size=4),
)


def locations(value: JSON, place: Location = ()) -> Iterator[Location]:
    """Every node of a value."""
    yield place
    if isinstance(value, dict):
        for name, member in value.items():
            yield from locations(member, (*place, name))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from locations(item, (*place, index))


@given(VALUES)
def test_the_path_to_a_node_selects_it_alone(definition: JSON) -> None:
    for location in locations(definition):
        query = path_to(definition, pointer_to(*location))

        assert [match.location for match in select(query, definition)] == [location]


@given(st.lists(st.text(max_size=2)), st.text(max_size=2))
def test_a_string_literal_finds_what_is_equal_to_the_text(items: list[str], text: str) -> None:
    definition: JSON = [*items, text]

    found = select(f"$[?@ == {string_literal(text)}]", definition)

    assert [match.value for match in found] == [text] * [*items, text].count(text)


def test_a_member_that_is_not_there_yet_has_a_path() -> None:
    assert path_to({"a": {}}, "/a/new one") == "$.a['new one']"


LIMIT: JSON = {"name": "limit", "in": "query"}


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ([LIMIT, {"name": "page", "in": "query"}], "[?@.name == 'limit' && @.in == 'query']"),
        ([LIMIT, {"name": "limit", "in": "path"}], "[?@.name == 'limit' && @.in == 'query']"),
        ([LIMIT, LIMIT], "[0]"),
        ([{"name": "limit"}], "[0]"),
        ([{"name": 1, "in": "query"}], "[0]"),
        (["limit"], "[0]"),
    ],
)
def test_a_parameter_is_named_where_nothing_else_has_its_name_and_place(
    parameters: list[JSON], expected: str
) -> None:
    assert path_to({"parameters": parameters}, "/parameters/0") == f"$.parameters{expected}"


@pytest.mark.parametrize(
    ("pointer", "expected"),
    [
        ("", "$"),
        ("/info/_title0", "$.info._title0"),
        ("/paths/~1calls~1{id}", "$.paths['/calls/{id}']"),
        ("/0", "$['0']"),
        ("/é", "$['é']"),
        ("/it's\n\\", r"$['it\'s\n\\']"),
    ],
)
def test_a_path_is_written_as_people_write_it(pointer: str, expected: str) -> None:
    assert path_to({}, pointer) == expected


@pytest.mark.parametrize(
    ("query", "steps", "is_whole"),
    [
        ("$", (), True),
        ("$.a['b c']", (("a",), ("b c",)), True),
        ("$.a.*", (("a",), ()), True),
        ("$.a['b','c'].d", (("a",), ("b", "c"), ("d",)), True),
        ("$.a[0].b", (("a",),), False),
        ("$.a[1:].b", (("a",),), False),
        ("$.a[?@.b == 1].c", (("a",),), False),
        ("$.a..b", (("a",),), False),
        ("$.a[?@.b == $.c]", (), False),
        ("$[?$]", (), False),
        ("$.a['b',0].c", (("a",),), False),
        ("$['$'].b", (("$",), ("b",)), True),
        ("$.a['b',*]", (("a",), ()), True),
    ],
)
def test_a_query_begins_with_names_and_may_be_no_more(
    query: str, steps: tuple[tuple[str, ...], ...], *, is_whole: bool
) -> None:
    assert leading_steps(query) == (steps, is_whole)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("$.a.b", None),
        ("$.a.", ", at its end"),
        ("$.a b", ", at character 5"),
        ("$[?@.a == ]", ", at character 11"),
        ("$[?" + "(" * 5000 + "@.a" + ")" * 5000 + "]", "its parentheses are nested too deeply"),
    ],
)
def test_an_error_in_a_query_has_its_place(query: str, expected: str | None) -> None:
    told = syntax_error(query)
    assert (told or "").endswith(expected or "")
    assert (told is None) is (expected is None)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("$.x", "$, which has no x; there is a"),
        ("$.a.x", "$.a, which has no x; there is b"),
        ("$.x.b.c", "$, which has no x; there is a"),
        ("$.a.x.c", "$.a, which has no x; there is b"),
        ("$.a.b.x", "$.a.b"),
        ("$.a.b[2]", "$.a.b"),
        ("$.a['x','y']", "$.a"),
        ("$.a.*[0].x", "$.a.*[0]"),
    ],
)
def test_a_query_that_matches_nothing_is_told_by_how_far_it_leads(
    query: str, expected: str
) -> None:
    told = unmatched(query, {"a": {"b": [1]}})
    assert told == f"{query} matches nothing; the longest part that does is {expected}"


@pytest.mark.parametrize(
    ("query", "expected"),
    [("$", "$"), ("$.a", "$"), ("$.a.b", "$['a']"), ("$.a[?@.b][0]", "$['a'][?@['b']]")],
)
def test_what_contains_the_nodes_of_a_query_has_one_too(query: str, expected: str) -> None:
    assert without_last_segment(query) == expected


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("$", True),
        ("$.a['b','c'][0]", True),
        ("$.a[?@.b]", True),
        ("$.a.*", False),
        ("$.*.a", False),
        ("$.a['b',*]", False),
        ("$.a[0:1].b", False),
        ("$.a..b", False),
        ("$..a.b", False),
    ],
)
def test_a_query_names_its_matches_or_is_a_rule(query: str, *, names: bool) -> None:
    assert names_its_matches(query) is names
