"""Rules for what a file must hold, and what is said of a value that breaks them."""

from typing import Any

import pytest

from codegen.files.errors import Problem
from codegen.providers.structure import (
    Rule,
    mapping,
    optional,
    problems,
    table,
    tables,
    text,
    texts,
)

RULE = table(
    "a table",
    {
        "name": text("a name in lower case", "[a-z]+"),
        "title": optional(text("a title")),
        "tags": optional(texts("a list of texts")),
        "parts": tables("one part or several", table("a part", {"name": text("its name")})),
    },
)
GOOD: dict[str, Any] = {"name": "a", "parts": [{"name": "b"}]}


@pytest.mark.parametrize(
    "more", [{}, {"title": "T"}, {"tags": []}, {"tags": ["x"], "title": "\nT"}]
)
def test_what_follows_the_rules_has_no_problem(more: dict[str, Any]) -> None:
    assert list(problems({**GOOD, **more}, RULE)) == []


@pytest.mark.parametrize(
    ("value", "kind", "pointer", "message"),
    [
        ([], "value/unexpected", "", "expected a table"),
        ({"parts": [{"name": "b"}]}, "member/missing", "", "name is missing; expected a name in"),
        (
            {**GOOD, "x/y": 1},
            "member/unknown",
            "/x~1y",
            "x/y means nothing here; there is name",
        ),
        ({**GOOD, "name": "aB"}, "value/unexpected", "/name", "name is 'aB'; expected a name in"),
        ({**GOOD, "title": " \n"}, "value/unexpected", "/title", "expected a title"),
        ({**GOOD, "tags": ["x", 1]}, "value/unexpected", "/tags", "is ['x', 1]; expected a list"),
        ({**GOOD, "tags": "x"}, "value/unexpected", "/tags", "expected a list of texts"),
        ({**GOOD, "parts": []}, "value/unexpected", "/parts", "expected one part or several"),
        ({**GOOD, "parts": {}}, "value/unexpected", "/parts", "expected one part or several"),
        ({**GOOD, "parts": [{}]}, "member/missing", "/parts/0", "name is missing; expected its"),
        ({**GOOD, "parts": [{"name": "b"}, 1]}, "value/unexpected", "/parts/1", "expected a part"),
    ],
)
def test_a_broken_rule_is_told_with_its_place_and_what_was_expected(
    value: Any, kind: str, pointer: str, message: str
) -> None:
    (problem,) = problems(value, RULE)
    assert (problem.kind, problem.pointer) == (kind, pointer)
    assert message in problem.message


def test_everything_that_is_wrong_is_told() -> None:
    found = list(problems({"y": 1, "name": 1, "parts": [1, 2]}, RULE, "/x"))
    assert [problem.pointer for problem in found] == ["/x/y", "/x/name", "/x/parts/0", "/x/parts/1"]


def test_the_end_of_a_long_value_is_left_out() -> None:
    shown = "'" + "a" * 79 + "…"
    assert list(problems({**GOOD, "name": f"{'a' * 90}B"}, RULE)) == [
        Problem("value/unexpected", "/name", f"name is {shown}; expected a name in lower case")
    ]


def test_what_was_meant_by_a_wrong_key_is_told_if_one_is_like_it() -> None:
    [problem] = problems({**GOOD, "titel": "T"}, RULE)
    assert problem.message == "titel means nothing here; did you mean title?"


LIMITS = mapping("an object", text("a text"), names=text("a word", "[a-z]+"))
CHOICE = table(
    "an object",
    {name: optional(text("a text")) for name in ("page", "cursor")},
    choice=(("page", "cursor"), "is it"),
)


@pytest.mark.parametrize(
    ("rule", "value", "kind", "pointer", "message"),
    [
        (LIMITS, {"a": 1}, "value/unexpected", "/a", "a is 1; expected a text"),
        (LIMITS, {"A": "x"}, "member/unknown", "/A", "'A' is no name here; expected a word"),
        (LIMITS, ["x"], "value/unexpected", "", "expected an object"),
        (CHOICE, {}, "member/contradictory", "", "one of page, cursor is it; none of them is"),
        (
            CHOICE,
            {"page": "p", "cursor": "c"},
            "member/contradictory",
            "",
            "page and cursor are there",
        ),
        (CHOICE, {"page": 1, "cursor": "c"}, "value/unexpected", "/page", "expected a text"),
    ],
)
def test_members_that_name_themselves_and_those_that_go_together_have_rules_too(
    rule: Rule, value: Any, kind: str, pointer: str, message: str
) -> None:
    (problem,) = problems(value, rule)
    assert (problem.kind, problem.pointer) == (kind, pointer)
    assert message in problem.message
