"""Overlays changed as text."""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codegen.files.document import parse, serialise
from codegen.files.errors import BadInputError
from codegen.files.values import JSON, JSONObject
from codegen.overlay.text import Edits, edited
from codegen.providers.provider import provider_names, read_provider

ROOT = Path(__file__).parents[3]
FILE = Path("overlay.yaml")
TEXT = b"""\
overlay: 1.1.0 # the version
info: {title: Corrections, version: '1'}
x-discrepancies:
  D-1:
    disagreement: Two texts differ.
    decision: >-
      One of them is right,
      as a whole.
  D-2:
    disagreement: Two more.
    decision: Both. # really
actions:
  # The first part.
  - target: $.one
    x-discrepancy: D-1
    update:
      a: |
        # no comment
        text

  # The second part.
  - target: $.two
    # about its update
    x-discrepancy: D-2
    update: {b: 2}
  - target: $.three
    x-discrepancy: D-2
    remove: true
# The end.
"""
LEFT: JSONObject = {"D-9": {"disagreement": "One more.", "left": "As documented."}}
ACTION: JSONObject = {"target": "$.four", "update": {"text": "# no comment"}}


def without_actions(text: bytes, path: Path, numbers: Iterable[int], reason: str) -> bytes:
    return edited(text, path, Edits(actions=dict.fromkeys(numbers), reason=reason))


def extended(
    text: bytes, path: Path, discrepancies: JSONObject, actions: list[JSONObject]
) -> bytes:
    return edited(text, path, Edits(added=tuple(actions), discrepancies=discrepancies))


def members(text: bytes) -> list[str]:
    return list(cast("JSONObject", parse(text, FILE)))


def test_actions_are_taken_out_of_the_text_and_nothing_else_changes() -> None:
    result = without_actions(TEXT, FILE, {1}, "It is true.")
    removed = TEXT[TEXT.index(b"  - target: $.two") : TEXT.index(b"  - target: $.three")]
    assert result == TEXT.replace(removed, b"")


def test_a_discrepancy_without_actions_is_left() -> None:
    result = without_actions(TEXT, FILE, {0}, "As it is: true.").decode()
    assert "    left: 'As it is: true.'\n  D-2:" in result
    assert "One of them" not in result
    assert "# The first part.\n\n  # The second part." in result
    assert "decision: Both. # really" in result


def test_what_a_line_of_the_table_of_names_decides_stays_decided_without_actions() -> None:
    text = TEXT.replace(b"      as a whole.\n", b"      as a whole.\n    name: calls.get_call\n")
    assert b"left:" not in without_actions(text, FILE, {0}, "True.")


def test_a_discrepancy_is_settled_by_another_overlay_too() -> None:
    held = edited(TEXT, FILE, Edits(actions={0: None}, reason="True.", settled=["D-1"]))
    assert b"left:" not in held
    result = edited(held, FILE, Edits(reason="True.", unsettled=["D-1", "D-2"]))
    assert b"    left: True.\n  D-2:" in result
    assert result.count(b"left:") == 1  # the other is settled by actions of this one


def test_the_last_action_takes_no_comment_with_it() -> None:
    result = without_actions(TEXT, FILE, {1, 2}, "True.").decode()
    assert result.endswith("        text\n\n  # The second part.\n# The end.\n")
    assert "    left: 'True.'\n" in result or "    left: True.\n" in result


def test_nothing_changes_without_actions_to_take_out() -> None:
    assert without_actions(b"no overlay", FILE, (), "True.") == b"no overlay"


@pytest.mark.parametrize("name", provider_names(ROOT))
def test_any_action_can_be_taken_out_of_the_overlays(name: str) -> None:
    path = read_provider(ROOT, name).overlay_path
    text = path.read_bytes()
    count = text.count(b"- target:")
    for number in range(0, count, count // 8 or 1):
        rest = without_actions(text, path, {number}, "True.")
        assert rest.count(b"- target:") == count - 1


@given(st.data())
def test_the_text_without_actions_keeps_the_lines_of_the_others(data: st.DataObject) -> None:
    numbers = data.draw(st.sets(st.integers(0, 2), max_size=2))
    result = without_actions(TEXT, FILE, numbers, "True.")
    before = iter(TEXT.splitlines())
    assert all(line in before for line in result.splitlines() if b"left: True." not in line)
    assert [b"# no comment" in result, b"about its update" in result, b"$.three" in result] == [
        number not in numbers for number in range(3)
    ]


def test_what_is_added_stands_after_the_last_and_nothing_else_changes() -> None:
    result = extended(TEXT, FILE, LEFT, [ACTION])

    discrepancy = b"""\
  D-9:
    disagreement: One more.
    left: As documented.
"""
    action = b"""\
  - target: $.four
    update:
      text: '# no comment'
"""
    assert result == TEXT.replace(b"actions:\n", discrepancy + b"actions:\n").replace(
        b"# The end.\n", action + b"# The end.\n"
    )


@pytest.mark.parametrize("ending", [b"", b"\n", b"\n# The end.\n"])
def test_the_first_discrepancies_and_actions_come_after_all_else(ending: bytes) -> None:
    text = b"overlay: 1.1.0\ninfo: {title: Zudu}"
    result = extended(text + ending, FILE, LEFT, [ACTION])

    assert result.startswith(text)
    assert result.endswith(ending)
    assert members(result) == ["overlay", "info", "x-discrepancies", "actions"]


def test_the_first_discrepancies_come_before_the_actions() -> None:
    start, end = TEXT.index(b"x-disc"), TEXT.index(b"actions:")
    result = extended(TEXT[:start] + TEXT[end:], FILE, LEFT, [ACTION])

    assert members(result) == ["overlay", "info", "x-discrepancies", "actions"]


def test_an_overlay_in_flow_style_is_not_changed() -> None:
    text = serialise({"overlay": "1.1.0", "actions": [ACTION]}, as_json=True)
    with pytest.raises(BadInputError, match="write it in YAML's block style"):
        extended(text, FILE, LEFT, [ACTION])


@pytest.mark.parametrize("actions", [b"[]", b"[{target: $.a, remove: true}]"])
def test_a_list_in_flow_style_is_written_anew(actions: bytes) -> None:
    result = extended(b"overlay: 1.1.0\nactions: " + actions + b" # few\n", FILE, {}, [ACTION])
    added = b"  - target: $.four\n    update:\n      text: '# no comment'\n"
    others = b"  - target: $.a\n    remove: true\n" if b"$.a" in actions else b""
    assert result == b"overlay: 1.1.0\nactions:\n" + others + added


TABLE = b"""\
overlay: 1.1.0
x-names:
  # Functions.
  calls.get_call: GET /calls/{id}
  Call: get_call 200
  Turn: # what is said
    [Call.turns, Call.last]
  Word: Turn.words
actions:
  - {target: $.one, remove: true}
"""


def test_lines_of_the_table_of_names_change_and_nothing_else() -> None:
    names: dict[str, JSON] = {
        "Call": "get_call default",
        "Word": None,
        "Note": ["Call.a", "Turn.'b ç'"],
    }
    assert edited(TABLE, FILE, Edits(names=names)) == TABLE.replace(
        b"  Call: get_call 200\n", b"  Call: get_call default\n"
    ).replace(b"  Word: Turn.words\n", "  Note: [Call.a, Turn.'b ç']\n".encode())


def test_the_first_names_come_before_all_that_is_decided() -> None:
    result = edited(TEXT, FILE, Edits(names={"Call": "get_call 200"}))
    assert result == TEXT.replace(
        b"x-discrepancies:", b"x-names:\n  Call: get_call 200\nx-discrepancies:"
    )


def test_an_action_takes_the_place_of_another() -> None:
    result = edited(TEXT, FILE, Edits(actions={1: {"target": "$.new", "x-discrepancy": "D-2"}}))
    assert result == TEXT.replace(b"$.two", b"$.new").replace(b"    update: {b: 2}\n", b"")


def test_what_an_alias_stands_for_stays_where_it_is() -> None:
    text = (
        b"actions:\n  - target: $.a\n    update: &u\n      b: 1\n  - target: $.c\n    update: *u\n"
    )
    changed: JSONObject = {"target": "$.c", "update": {"b": 2}}
    result = edited(text, FILE, Edits(actions={1: changed}))
    assert result == text.replace(b"update: *u\n", b"update:\n      b: 2\n")


TOLD = b"""\
actions:
  - target: $.calls # all of them
    # Whoever reads it
    description: >-
      has it in
      two lines.
    x-evidence: [a.json] # shown
    # What changes.
    update: # by name
      # The first.
      a: {type: string}
      b: # is older
        - 1
        # and two
        - 2
      # about the last

      c:
        d: 1 # one
        # about e
        e: 2

  # The second.
  - remove: true
    # everywhere
    target: $.x
"""
KEPT: dict[str, Any] = {
    "target": "$.calls",
    "description": "has it in two lines.",
    "x-evidence": ["a.json"],
    "update": {"a": {"type": "string"}, "b": [1, 2], "c": {"d": 1, "e": 2}},
}


@pytest.mark.parametrize(
    ("new", "changed"),
    [
        ({**KEPT, "target": "$.all"}, [("$.calls # all of them", "$.all")]),
        ({**KEPT, "x-evidence": ["b.json"]}, [("[a.json] # shown", "[b.json]")]),
        (
            {**KEPT, "update": {"a": {"type": "string"}, "b": [1, 2], "c": {"d": 1}}},
            [("        # about e\n        e: 2\n", "        # about e\n")],
        ),
        (
            {**KEPT, "update": {"b": [1, 2], "c": {"d": 3, "e": 2, "f": 4}}},
            [
                ("      a: {type: string}\n", ""),
                ("d: 1 # one", "d: 3"),
                ("e: 2\n", "e: 2\n        f: 4\n"),
            ],
        ),
        (
            {**KEPT, "update": {"x": 1, "a": {"type": "string"}, "b": [1, 2], "c": {"e": 2}}},
            [
                ("      # The first.\n", "      # The first.\n      x: 1\n"),
                ("        d: 1 # one\n", ""),
            ],
        ),
        (
            {"target": "$.calls", "x-rejects": {"b": 1}, "update": KEPT["update"]},
            [
                (TOLD.decode()[TOLD.index(b"    description") : TOLD.index(b"    x-ev")], ""),
                ("    x-evidence: [a.json] # shown\n", ""),
                ("# all of them\n", "# all of them\n    x-rejects:\n      b: 1\n"),
            ],
        ),
        (
            {**KEPT, "update": {}},
            [
                (
                    TOLD.decode()[TOLD.index(b"    update:") : TOLD.index(b"\n  # The second")],
                    "    update: {}\n",
                )
            ],
        ),
    ],
)
def test_what_stays_of_a_changed_action_keeps_its_lines_and_comments(
    new: Any, changed: list[tuple[str, str]]
) -> None:
    expected = TOLD.decode()
    for old_lines, new_lines in changed:
        assert expected.count(old_lines) == 1
        expected = expected.replace(old_lines, new_lines)
    assert edited(TOLD, FILE, Edits(actions={0: new})).decode() == expected


def test_an_action_that_begins_with_something_else_is_written_anew() -> None:
    result = edited(TOLD, FILE, Edits(actions={1: {"target": "$.y", "remove": True}})).decode()
    assert result.endswith("  - remove: true\n    # everywhere\n    target: $.y\n")
    other = edited(TOLD, FILE, Edits(actions={1: {"target": "$.y", "copy": "$.z"}})).decode()
    assert other.endswith("  # The second.\n  - target: $.y\n    copy: $.z\n")


def test_without_its_last_action_an_overlay_keeps_its_table_of_names() -> None:
    result = edited(TABLE, FILE, Edits(actions={0: None}))
    assert result == TABLE.partition(b"actions:")[0]
    bare = TABLE.partition(b"x-names:")[0] + b"actions:" + TABLE.partition(b"actions:")[2]
    assert edited(bare, FILE, Edits(actions={0: None})).endswith(b"\nx-names: {}\n")


FACTS = b"""\
overlay: 1.1.0
# The client.
x-client:
  class: Telephone
  refusal: {ok: false}
  operations:
    # One call.
    get_call: {result: [data.call, data]}
    list_calls:
      # The first page is undocumented.
      pages:
        items: data # all of them
        page: page

    # Two.
    find_call: {result: data}
x-discrepancies:
  D-1: {}
actions:
  - {target: $.one, remove: true}
"""


def facts(text: bytes = FACTS) -> Any:
    return cast("Any", parse(text, FILE))["x-client"]


def test_a_fact_goes_with_its_lines_and_nothing_else() -> None:
    told = facts()
    del told["operations"]["get_call"], told["operations"]["list_calls"]["pages"]["page"]
    assert edited(FACTS, FILE, Edits(facts=told)) == FACTS.replace(
        b"    get_call: {result: [data.call, data]}\n", b""
    ).replace(b"        page: page\n", b"")


def test_a_fact_that_changes_is_written_anew_and_a_new_one_after_the_last() -> None:
    told = facts()
    told["operations"]["get_call"] = {"result": "data[]"}
    told["operations"]["list_users"] = {"pages": {"page": "größe", "items": "data"}}
    told["operations"]["list_calls"]["pages"]["first"] = 1
    told["groups"] = True
    assert edited(FACTS, FILE, Edits(facts=told)) == FACTS.replace(
        b"{result: [data.call, data]}", b"{result: 'data[]'}"
    ).replace(b"        page: page\n", b"        page: page\n        first: 1\n").replace(
        b"    find_call: {result: data}\n",
        "    find_call: {result: data}\n    list_users:\n"
        "      pages: {page: größe, items: data}\n  groups: true\n".encode(),
    )


def test_without_its_last_fact_an_overlay_says_that_there_is_none() -> None:
    start, end = FACTS.index(b"x-client:"), FACTS.index(b"x-discrepancies:")
    for text in (FACTS, FACTS[:start] + b"x-client: {class: A, refusal:\n  {}}\n" + FACTS[end:]):
        result = edited(text, FILE, Edits(facts={}))
        assert result == FACTS[:start] + b"x-client: {}\n" + FACTS[end:]


def test_the_first_facts_come_after_the_names_and_the_first_names_before_the_facts() -> None:
    told: dict[str, JSON] = {"class": "A", "operations": {"get": {"result": ["a", "b"]}}}
    written = b"x-client:\n  class: A\n  operations:\n    get:\n      result: [a, b]\n"
    assert edited(TABLE, FILE, Edits(facts=told)) == TABLE.replace(
        b"actions:", written + b"actions:"
    )
    assert edited(FACTS, FILE, Edits(names={"A": "b 200"})) == FACTS.replace(
        b"# The client.", b"x-names:\n  A: b 200\n# The client."
    )


def test_without_its_last_action_an_overlay_keeps_its_facts() -> None:
    result = edited(FACTS, FILE, Edits(actions={0: None}))
    assert result == FACTS.partition(b"actions:")[0]
    only = FACTS[: FACTS.index(b"x-discrepancies:")]
    assert edited(only, FILE, Edits(facts={"class": "A"})).endswith(b"x-client:\n  class: A\n")


MEMBERS: st.SearchStrategy[JSON] = st.recursive(
    st.sampled_from([1, "a: b # no", None, [], {}]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from("abc"), inner),
    max_leaves=8,
)


@given(
    st.lists(st.dictionaries(st.sampled_from("abc"), MEMBERS, max_size=3), min_size=2), st.data()
)
def test_an_action_may_become_any_other(updates: list[JSONObject], data: st.DataObject) -> None:
    actions: list[JSONObject] = [{"target": "$.x", "update": one} for one in updates]
    text = re.sub(
        rb"(?m)^( *)(.*[^:{\[-])$",
        rb"\1# before\n\1\2",
        serialise({"actions": [*actions]}, as_json=False),
    )
    number = data.draw(st.integers(0, len(actions) - 2))
    new = actions[number + 1]
    result = edited(text, FILE, Edits(actions={number: new}))
    expected = [*actions[:number], new, *actions[number + 1 :]]
    assert parse(result, FILE) == {"actions": expected}
