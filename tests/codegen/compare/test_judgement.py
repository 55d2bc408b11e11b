"""What is said when a list in a query becomes one parameter, or several."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from codegen.compare import Severity
from tests.codegen.compare.changes import (
    NOTE,
    REPLACE,
    TEXT,
    all_of,
    drop,
    put,
    query,
    ref,
    schema,
)
from tests.codegen.compare.conftest import only

if TYPE_CHECKING:
    from tests.codegen.compare.changes import Edit
    from tests.codegen.compare.conftest import Compared

WORDS = f"{REPLACE}/parameters/0"
AGES = f"{REPLACE}/parameters/2"
JOINED = put(f"{WORDS}/explode", False)


def words(items: Any) -> Edit:
    return put(f"{WORDS}/schema/items", items)


def test_texts_that_may_have_commas_break_when_commas_separate_them(compared: Compared) -> None:
    change = only(compared(JOINED))
    assert change.severity is Severity.BREAKING
    assert change.what == (
        "the argument `words` of `replace_note` is sent as one parameter, its values separated by"
        " commas"
    )
    assert (
        change.why
        == "Programs type-check as before, and a value with a comma raises `ConfigurationError`."
    )
    assert change.python_name == "exchange.Exchange.replace_note(words)"
    assert change.pointer == WORDS
    assert (change.old, change.new) == ("words=a&words=b", "words=a,b")


@pytest.mark.parametrize(
    ("items", "severity"),
    [
        ({"type": "integer"}, Severity.ADDITIVE),
        ({"type": "number"}, Severity.ADDITIVE),
        ({"type": "boolean"}, Severity.ADDITIVE),
        ({**TEXT, "format": "date-time"}, Severity.ADDITIVE),
        ({**TEXT, "format": "date"}, Severity.ADDITIVE),
        ({**TEXT, "format": "uuid"}, Severity.ADDITIVE),
        (ref("Level"), Severity.ADDITIVE),
        (ref("Kind"), Severity.ADDITIVE),
        (ref("Pair"), Severity.BREAKING),
        ({"const": "one"}, Severity.ADDITIVE),
        ({"const": "one,two"}, Severity.BREAKING),
        ({"type": ["string", "integer"]}, Severity.BREAKING),
        ({}, Severity.BREAKING),
    ],
    ids=str,
)
def test_whether_values_can_have_commas_decides(
    items: Any, severity: Severity, compared: Compared
) -> None:
    pair = put(schema("Pair"), {**TEXT, "title": "Pair", "enum": ["one", "one,two"]})
    assert only(compared(JOINED, first=all_of(pair, words(items)))).severity is severity


@pytest.mark.parametrize(
    ("style", "items", "severity"),
    [
        ("pipeDelimited", TEXT, Severity.BREAKING),
        ("spaceDelimited", TEXT, Severity.BREAKING),
        ("spaceDelimited", {"type": "integer"}, Severity.ADDITIVE),
        ("pipeDelimited", {"const": "one,two"}, Severity.ADDITIVE),
        ("pipeDelimited", {"const": "one|two"}, Severity.BREAKING),
    ],
)
def test_another_sign_between_values_is_another_that_none_may_have(
    style: str, items: Any, severity: Severity, compared: Compared
) -> None:
    first = words(items)
    styled = all_of(put(f"{WORDS}/style", style), put(f"{WORDS}/explode", False))
    for before in (first, all_of(first, JOINED)):
        changes = {change.id: change for change in compared(styled, first=before).changes}
        joined = changes["argument-joined"]
        assert joined.severity is severity
        assert joined.new == f"words=a{'|' if style == 'pipeDelimited' else ' '}b"
        signs, sign = ("bars", "a bar") if style == "pipeDelimited" else ("spaces", "a space")
        assert joined.what.endswith(f"is sent as one parameter, its values separated by {signs}")
        if severity is Severity.BREAKING:
            assert f"a value with {sign} raises" in joined.why


def test_what_was_sent_before_decides_where_the_type_changes_too(compared: Compared) -> None:
    first = words({"type": "integer"})
    severities = {change.severity for change in compared(JOINED, words(TEXT), first=first).changes}
    assert severities == {Severity.BREAKING, Severity.ADDITIVE}


def test_a_list_of_another_name_is_judged_as_well(compared: Compared) -> None:
    [change] = compared(JOINED, put(f"{WORDS}/name", "Words")).of(Severity.BREAKING)
    assert (change.old, change.new) == ("words=a&words=b", "Words=a,b")


@pytest.mark.parametrize("edit", [put(f"{AGES}/explode", True), drop(f"{AGES}/explode")])
def test_one_parameter_that_becomes_several_leaves_programs_as_they_are(
    edit: Edit, compared: Compared
) -> None:
    change = only(compared(edit))
    assert change.severity is Severity.ADDITIVE
    assert change.what == (
        "the argument `ages` of `replace_note` is sent as several parameters, one for each value"
    )
    assert (change.old, change.new) == ("ages=a,b", "ages=a&ages=b")


@pytest.mark.parametrize(
    "edit",
    [
        put(f"{WORDS}/explode", True),
        put(f"{NOTE}/parameters/2/explode", False),
        put(f"{NOTE}/parameters/7/explode", True),
    ],
    ids=["what it is anyway", "of one value", "in a header"],
)
def test_what_is_sent_as_before_is_not_listed(edit: Edit, compared: Compared) -> None:
    assert not compared(edit).changes


def test_one_value_that_becomes_a_list_is_another_type_and_no_more(compared: Compared) -> None:
    joined = query("words", {"type": "array", "items": TEXT}, explode=False)
    change = only(compared(put(WORDS, joined), first=put(WORDS, query("words", TEXT))))
    assert change.what == "the argument `words` of `replace_note` has another type"
