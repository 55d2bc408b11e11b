"""Applying actions, one by one and as a whole."""

import json
from collections import Counter
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any, TypeAlias

import orjson
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from codegen.files.document import Document, read_document
from codegen.files.errors import BadInputError
from codegen.files.values import ABSENT, JSON, is_primitive, kind_of
from codegen.overlay import Action, apply, read_overlay
from codegen.overlay.application import shown, unexpected
from codegen.overlay.queries import Match, select

Rule: TypeAlias = tuple[JSON, Action, JSON]
"""A definition, an action, and the definition that results."""

DATA = Path(__file__).parents[2] / "data" / "overlays"
INAPPLICABLE = sorted((DATA / "inapplicable").glob("*.yaml"))
ONLY_STRICTLY_WRONG = {
    "appends-nothing.yaml",
    "changes-nothing.yaml",
    "does-nothing-in-1.0.yaml",
    "does-nothing.yaml",
    "filter-matches-nothing.yaml",
    "matches-nothing-at-all.yaml",
    "matches-nothing.yaml",
    "update-beside-copy.yaml",
}


def action(target: str, **members: Any) -> Action:
    return Action(Document(Path("overlay.yaml"), b"", None), "/actions/0", target, **members)


def nested(depth: int, innermost: JSON) -> JSON:
    for _ in range(depth):
        innermost = {"items": innermost}
    return innermost


MERGING: dict[str, Rule] = {
    "a new member is added": (
        {"info": {"title": "A"}},
        action("$.info", update={"summary": "B"}),
        {"info": {"title": "A", "summary": "B"}},
    ),
    "a primitive replaces a primitive": (
        {"info": {"title": "A", "x-draft": True}},
        action("$.info", update={"title": "B", "x-draft": None}),
        {"info": {"title": "B", "x-draft": None}},
    ),
    "a primitive of one type replaces one of another": (
        {"a": {"maximum": "10"}},
        action("$.a", update={"maximum": 10}),
        {"a": {"maximum": 10}},
    ),
    "a primitive replaces null": (
        {"a": {"default": None}},
        action("$.a", update={"default": "x"}),
        {"a": {"default": "x"}},
    ),
    "objects merge at every depth": (
        {"a": {"b": {"c": {"d": 1}, "e": 2}}},
        action("$", update={"a": {"b": {"c": {"f": 3}}}}),
        {"a": {"b": {"c": {"d": 1, "f": 3}, "e": 2}}},
    ),
    "arrays inside are concatenated": (
        {"a": {"enum": ["x", "y"]}},
        action("$.a", update={"enum": ["y", "z"]}),
        {"a": {"enum": ["x", "y", "y", "z"]}},
    ),
    "arrays inside are concatenated in 1.0 too": (
        {"a": {"enum": ["x"]}},
        action("$.a", update={"enum": ["y"]}, is_1_0=True),
        {"a": {"enum": ["x", "y"]}},
    ),
    "members keep their order and new ones follow": (
        {"b": 1, "a": 1},
        action("$", update={"c": 1, "a": 2}),
        {"b": 1, "a": 2, "c": 1},
    ),
    "an object is appended to a target array": (
        {"tags": [{"name": "a"}]},
        action("$.tags", update={"name": "b"}),
        {"tags": [{"name": "a"}, {"name": "b"}]},
    ),
    "a primitive is appended to a target array": (
        {"required": ["a"]},
        action("$.required", update="b"),
        {"required": ["a", "b"]},
    ),
    "null is appended to a target array": (
        {"enum": ["a"]},
        action("$.enum", update=None),
        {"enum": ["a", None]},
    ),
    "an array is concatenated with a target array in 1.1": (
        {"enum": ["a"]},
        action("$.enum", update=["b", ["c"]]),
        {"enum": ["a", "b", ["c"]]},
    ),
    "an array is one entry of a target array in 1.0": (
        {"examples": [[1]]},
        action("$.examples", update=[2, 3], is_1_0=True),
        {"examples": [[1], [2, 3]]},
    ),
    "a target primitive is replaced in 1.1": (
        {"info": {"title": "A"}},
        action("$.info.title", update="B"),
        {"info": {"title": "B"}},
    ),
    "a target null is replaced in 1.1": ({"a": None}, action("$.a", update=0), {"a": 0}),
    "an item of an array is replaced in 1.1": (
        {"enum": ["a", "b"]},
        action("$.enum[1]", update="c"),
        {"enum": ["a", "c"]},
    ),
    "an object merges into each target": (
        {"paths": {"/a": {"get": {}}, "/b": {"get": {}}}},
        action("$.paths.*.get", update={"tags": ["x"]}),
        {"paths": {"/a": {"get": {"tags": ["x"]}}, "/b": {"get": {"tags": ["x"]}}}},
    ),
    "objects and arrays are changed together in 1.0": (
        {"a": {"b": 1}, "c": [1]},
        action("$.*", update={"b": 2}, is_1_0=True),
        {"a": {"b": 2}, "c": [1, {"b": 2}]},
    ),
    "a node selected twice is changed once": (
        {"enum": ["a"]},
        action("$['enum', 'enum']", update="b"),
        {"enum": ["a", "b"]},
    ),
    "a node and one inside it are both changed": (
        {"type": "object", "items": {"type": "object"}},
        action("$..[?@.type]", update={"x": 1}),
        {"type": "object", "items": {"type": "object", "x": 1}},
    ),
    "the root is a target like any other": (
        {"openapi": "3.1.0"},
        action("$", update={"info": {}}),
        {"openapi": "3.1.0", "info": {}},
    ),
    "a root array is appended to": ([1], action("$", update=2), [1, 2]),
    "a primitive root is replaced": ("a", action("$", update="b"), "b"),
    "a change of 1 to 1.0 is a change": ({"a": 1}, action("$.a", update=1.0), {"a": 1.0}),
    "a change of 1 to true is a change": ({"a": 1}, action("$.a", update=True), {"a": True}),
}

REMOVAL: dict[str, Rule] = {
    "a member is removed": (
        {"info": {"title": "A", "contact": {}}},
        action("$.info.contact", remove=True),
        {"info": {"title": "A"}},
    ),
    "a primitive is removed in 1.1": (
        {"info": {"title": "A"}},
        action("$.info.title", remove=True),
        {"info": {}},
    ),
    "an object is removed in 1.0": (
        {"info": {"contact": {}}},
        action("$.info.contact", remove=True, is_1_0=True),
        {"info": {}},
    ),
    "an item is removed": ({"a": [1, 2, 3]}, action("$.a[1]", remove=True), {"a": [1, 3]}),
    "items are removed where they stood before the action": (
        {"a": [0, 1, 2, 3, 4]},
        action("$.a[3, 0, -1]", remove=True),
        {"a": [1, 2]},
    ),
    "every item is removed": ({"a": [1, 2, 3]}, action("$.a[*]", remove=True), {"a": []}),
    "a node and one inside it are removed together": (
        {"a": {"x": {"x": 1}}, "x": [{"x": 1}]},
        action("$..x", remove=True),
        {"a": {}},
    ),
    "an item and one inside its neighbour are removed together": (
        {"a": [[1, 2], [3, 4], [5, 6]]},
        action("$['a'][0, 1][0]", remove=True),
        {"a": [[2], [4], [5, 6]]},
    ),
    "an array, items of it and items of those are removed together": (
        {"a": [0, [1, [2]], 3], "b": 4},
        action("$.a..*", remove=True),
        {"a": [], "b": 4},
    ),
    "a node selected twice is removed once": (
        {"a": [1, 2]},
        action("$.a[0, 0, -2]", remove=True),
        {"a": [2]},
    ),
    "remove wins over update": (
        {"a": {"b": 1}},
        action("$.a", update={"c": 2}, remove=True),
        {},
    ),
    "remove wins over copy": (
        {"a": {}, "b": {}},
        action("$.a", copy="$.c", remove=True),
        {"b": {}},
    ),
}

COPYING: dict[str, Rule] = {
    "a copied object merges": (
        {"a": {"b": 1, "c": {"d": 1}}, "e": {"b": 0, "c": {"f": 0}}},
        action("$.e", copy="$.a"),
        {"a": {"b": 1, "c": {"d": 1}}, "e": {"b": 1, "c": {"f": 0, "d": 1}}},
    ),
    "a copied array is concatenated with a target array": (
        {"a": [1, 2], "b": [3]},
        action("$.b", copy="$.a"),
        {"a": [1, 2], "b": [3, 1, 2]},
    ),
    "a copied object is appended to a target array": (
        {"a": {"name": "x"}, "b": []},
        action("$.b", copy="$.a"),
        {"a": {"name": "x"}, "b": [{"name": "x"}]},
    ),
    "a copied primitive replaces a primitive": (
        {"a": "x", "b": "y"},
        action("$.b", copy="$.a"),
        {"a": "x", "b": "x"},
    ),
    "a node is copied into what contains it": (
        {"a": {"b": {"c": 1}}},
        action("$", copy="$.a"),
        {"a": {"b": {"c": 1}}, "b": {"c": 1}},
    ),
    "what contains a node is copied into it as it was": (
        {"a": {"b": 1}, "c": 2},
        action("$.a", copy="$"),
        {"a": {"b": 1, "a": {"b": 1}, "c": 2}, "c": 2},
    ),
    "targets get the source as it was before any of them changed": (
        {"a": {"n": [1]}, "b": {"n": [2]}},
        action("$['a', 'b']", copy="$.a"),
        {"a": {"n": [1, 1]}, "b": {"n": [2, 1]}},
    ),
}

QUERIES: dict[str, Rule] = {
    "a quoted name": (
        {"paths": {"/a/{b}": {}}},
        action("$.paths['/a/{b}']", remove=True),
        {"paths": {}},
    ),
    "a filter by equality": (
        {"p": [{"in": "query"}, {"in": "header"}]},
        action("$.p[?@.in == 'query']", remove=True),
        {"p": [{"in": "header"}]},
    ),
    "a filter of an object's members": (
        {"p": {"/a": {"x-internal": True}, "/b": {}}},
        action("$.p[?@['x-internal'] == true]", remove=True),
        {"p": {"/b": {}}},
    ),
    "a filter that looks at the root": (
        {"keep": "a", "p": ["a", "b"]},
        action("$.p[?@ != $.keep]", remove=True),
        {"keep": "a", "p": ["a"]},
    ),
    "a regular expression": (
        {"p": [{"n": "get_call"}, {"n": "put_call"}]},
        action("$.p[?match(@.n, 'get_.*')]", remove=True),
        {"p": [{"n": "put_call"}]},
    ),
    "a slice": ({"p": [0, 1, 2, 3]}, action("$.p[1::2]", remove=True), {"p": [0, 2]}),
    "descendants": (
        {"a": {"example": 1, "b": [{"example": {}}]}},
        action("$..example", remove=True),
        {"a": {"b": [{}]}},
    ),
    "descendants deeper than a hundred levels": (
        nested(150, {"example": 1}),
        action("$..example", remove=True),
        nested(150, {}),
    ),
}

RULES = {**MERGING, **REMOVAL, **COPYING, **QUERIES}


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("strict", [True, False], ids=["strict", "lenient"])
def test_the_standard_says_that(rule: str, strict: bool) -> None:  # noqa: FBT001 - a parameter of the test
    definition, change, expected = RULES[rule]

    result = apply(definition, [change], strict=strict)

    # As text, because 1, 1.0 and true are equal in Python; and the order of members counts.
    assert json.dumps(result) == json.dumps(expected)


@pytest.mark.parametrize("file", INAPPLICABLE, ids=lambda file: file.name)
def test_an_inapplicable_action_is_refused_with_the_message_beside_it(file: Path) -> None:
    definition = read_document(DATA / "definition.yaml").data

    with pytest.raises(BadInputError) as refusal:
        apply(definition, read_overlay(file).actions)

    message = str(refusal.value).replace(str(file), file.name)
    assert message == Path(f"{file}.expected").read_text().rstrip("\n")


def test_every_expected_message_has_its_inapplicable_overlay() -> None:
    expected = {file.stem for file in (DATA / "inapplicable").glob("*.expected")}

    assert expected == {file.name for file in INAPPLICABLE}
    assert expected >= ONLY_STRICTLY_WRONG


@pytest.mark.parametrize(
    "file",
    [file for file in INAPPLICABLE if file.name in ONLY_STRICTLY_WRONG],
    ids=lambda file: file.name,
)
def test_lenient_lets_pass_an_action_without_effect(file: Path) -> None:
    definition = read_document(DATA / "definition.yaml").data
    without_effect = read_overlay(file).actions[-1]

    assert apply(definition, [without_effect], strict=False) == definition


@pytest.mark.parametrize(
    "file",
    [file for file in INAPPLICABLE if file.name not in ONLY_STRICTLY_WRONG],
    ids=lambda file: file.name,
)
def test_lenient_refuses_what_the_standard_refuses(file: Path) -> None:
    definition = read_document(DATA / "definition.yaml").data

    with pytest.raises(BadInputError):
        apply(definition, read_overlay(file).actions, strict=False)


def test_lenient_evaluates_no_copy_for_no_targets() -> None:
    assert apply({}, [action("$.a", copy="$.b")], strict=False) == {}


def test_an_action_sees_what_the_one_before_it_left() -> None:
    definition: JSON = {"a": ["x", "y"]}

    result = apply(
        definition,
        [
            action("$.a[0]", remove=True),
            action("$.a[0]", update="z"),
            action("$", update={"b": []}),
            action("$.b", copy="$.a"),
        ],
    )

    assert result == {"a": ["z"], "b": ["z"]}


@pytest.mark.parametrize("right", ["a", "b"])
def test_a_target_may_be_right_already_beside_one_that_is_not(right: str) -> None:
    definition: JSON = {"a": {"type": "integer"}, "b": {"type": "integer"}, right: {"type": "text"}}

    result = apply(definition, [action("$.*", update={"type": "text"})])

    assert result == {"a": {"type": "text"}, "b": {"type": "text"}}


@pytest.mark.parametrize("right", ["a", "b"])
def test_a_member_may_be_right_already_beside_one_that_is_not(right: str) -> None:
    definition: JSON = {"a": 1, "b": 1, right: 2}

    assert apply(definition, [action("$", update={"a": 2, "b": 2})]) == {"a": 2, "b": 2}


def test_targets_get_the_source_as_it_was_when_an_earlier_action_changed_it() -> None:
    result = apply({"a": [], "b": []}, [action("$.a", update=1), action("$['a', 'b']", copy="$.a")])

    assert result == {"a": [1, 1], "b": [1]}


@pytest.mark.parametrize(
    "change",
    [
        action("$['a', 'b']", update={"x": [{"y": {}}]}),
        action("$['a', 'b']", copy="$.source"),
    ],
    ids=["update", "copy"],
)
def test_each_target_gets_a_value_of_its_own_at_every_depth(change: Action) -> None:
    definition: JSON = {"source": {"x": [{"y": {}}]}, "a": {}, "b": {}}

    result: Any = apply(definition, [change])
    result["a"]["x"][0]["y"]["changed"] = True
    result["a"]["x"].append("changed")

    assert result["b"] == result["source"] == {"x": [{"y": {}}]}
    assert change.update in (ABSENT, {"x": [{"y": {}}]})


def test_an_update_to_null_is_an_update() -> None:
    assert apply({"a": 1}, [action("$.a", update=None)]) == {"a": None}


def test_an_object_that_stands_in_two_places_changes_where_it_is_targeted() -> None:
    aliased: JSON = {"type": "string"}

    result = apply({"a": aliased, "b": aliased}, [action("$.a", update={"type": "integer"})])

    assert result == {"a": {"type": "integer"}, "b": {"type": "string"}}


def test_what_no_action_changes_is_not_copied() -> None:
    definition: dict[str, JSON] = {"info": {"title": "A"}, "paths": {"/a": {}}}

    result = apply(definition, [action("$.info", update={"title": "B"})])

    assert isinstance(result, dict)
    assert result["paths"] is definition["paths"]


def test_an_object_is_copied_once_however_many_actions_change_it() -> None:
    copies: list[int] = []

    class Counted(dict[str, JSON]):
        def copy(self) -> "Counted":
            copies.append(len(self))
            return Counted(self)

    definition: JSON = {"paths": Counted({f"/{number}": {} for number in range(50)})}

    apply(
        definition,
        [action(f"$.paths['/{number}']", update={"get": {}}) for number in range(50)],
    )

    assert copies == [50]


@pytest.mark.parametrize(
    "change", [action("$..x", remove=True), action("$", copy="$.items")], ids=["search", "copy"]
)
def test_a_definition_nested_beyond_the_stack_is_refused_by_name(change: Action) -> None:
    with pytest.raises(BadInputError, match=r"overlay\.yaml at /actions/0: .* nested too deeply"):
        apply(nested(5000, 1), [change])


@pytest.mark.parametrize("one", [{"a": 1}, [1], 1])
@pytest.mark.parametrize("other", [{"b": 2}, [2], None])
def test_two_nodes_are_changed_together_if_both_are_objects_arrays_or_primitive(
    one: JSON, other: JSON
) -> None:
    definition: JSON = {"one": one, "other": other}
    update: JSON = {} if isinstance(one, dict) else [] if isinstance(one, list) else 3
    are_alike = kind_of(one) == kind_of(other) or (is_primitive(one) and is_primitive(other))

    if are_alike:
        apply(definition, [action("$.*", update=update)], strict=False)
    else:
        with pytest.raises(BadInputError, match=r"matches nodes of different kinds: .* at /other"):
            apply(definition, [action("$.*", update=update)])


expectations = st.recursive(
    st.none() | st.booleans() | st.integers(0, 1) | st.floats(0, 1),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from("ab"), inner),
)


@given(expectations, expectations)
@example({"a": 1, "b": 0}, {"a": 1, "b": 1})
@example({"a": 1}, 1)
@example(1, {"a": 1})
def test_what_is_expected_is_the_value_or_members_of_it(expected: JSON, value: JSON) -> None:
    def holds(one: JSON, other: JSON) -> bool:
        if isinstance(one, dict) and isinstance(other, dict):
            return one.keys() <= other.keys() and all(holds(one[key], other[key]) for key in one)
        return json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)

    change = action("$.a", extensions={"x-expects": expected})
    match = Match(("a",), value)

    assert unexpected(change, [match]) == ([] if holds(expected, value) else [match])


def test_of_a_long_value_the_end_is_not_shown() -> None:
    assert shown("a" * 78) == f'"{"a" * 78}"'
    assert shown("a" * 79) == f'"{"a" * 79}…'


def test_a_query_nested_beyond_the_stack_is_refused_by_name(tmp_path: Path) -> None:
    file = tmp_path / "overlay.json"
    target = f"$[?{'(' * 3000}@.a{')' * 3000}]"
    file.write_text(
        json.dumps(
            {
                "overlay": "1.1.0",
                "info": {"title": "T", "version": "1"},
                "actions": [{"target": target, "remove": True}],
            }
        )
    )

    with pytest.raises(BadInputError, match="parentheses are nested too deeply"):
        read_overlay(file)


DOCUMENT = Document(Path("overlay.yaml"), b"", None)
NAMES = st.sampled_from(["a", "b", "c/d", ""])
TARGETS = ["$", "$.*", "$..*", "$.a", "$..a", "$..b", "$[0]", "$..[0]", "$..[::2]", "$..[?@.a]"]


def objects_of(children: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.dictionaries(NAMES, children, max_size=4)


primitives = st.none() | st.booleans() | st.integers(-3, 3) | st.text("ab", max_size=2)
values = st.recursive(
    primitives, lambda children: st.lists(children, max_size=4) | objects_of(children)
)
definitions = objects_of(values)
queries = st.sampled_from(TARGETS)


@st.composite
def actions(draw: st.DrawFn) -> Action:
    way: dict[str, Any] = draw(
        st.fixed_dictionaries({"update": values})
        | st.fixed_dictionaries({"copy": queries})
        | st.just({"remove": True})
    )
    is_1_0 = "copy" not in way and draw(st.booleans())
    return Action(DOCUMENT, "/actions/0", draw(queries), is_1_0=is_1_0, **way)


def containers(value: JSON) -> Iterator[JSON]:
    if isinstance(value, dict | list):
        yield value
        for child in value.values() if isinstance(value, dict) else value:
            yield from containers(child)


def updated(change: Action) -> JSON:
    return None if change.update is ABSENT else change.update


def outcome(definition: JSON, changes: list[Action], *, strict: bool = False) -> JSON | str:
    try:
        return apply(definition, changes, strict=strict)
    except BadInputError as error:
        return error.message


@given(definitions, st.lists(actions(), max_size=4), st.booleans())
def test_the_definition_is_never_changed(
    definition: JSON,
    changes: list[Action],
    strict: bool,  # noqa: FBT001 - drawn
) -> None:
    before = orjson.dumps(definition)

    outcome(definition, changes, strict=strict)

    assert orjson.dumps(definition) == before


@given(definitions)
def test_no_action_leaves_the_definition_as_it_is(definition: JSON) -> None:
    assert apply(definition, []) is definition


@given(definitions, st.lists(actions(), max_size=4))
def test_the_result_shares_nothing_with_the_overlay(
    definition: JSON, changes: list[Action]
) -> None:
    overlay = {id(part) for change in changes for part in containers(updated(change))}

    result = outcome(definition, changes)

    assert overlay.isdisjoint(id(part) for part in containers(result))


@given(definitions, st.lists(actions(), max_size=4))
def test_the_result_holds_no_object_or_array_twice(definition: JSON, changes: list[Action]) -> None:
    result = outcome(definition, changes)

    assert set(Counter(id(part) for part in containers(result)).values()) <= {1}


@given(definitions, st.lists(actions(), max_size=2), st.lists(actions(), max_size=2))
def test_actions_apply_one_after_the_other(
    definition: JSON, first: list[Action], second: list[Action]
) -> None:
    halfway = outcome(definition, first)
    if isinstance(halfway, str):
        assert outcome(definition, first + second) == halfway
    else:
        assert outcome(definition, first + second) == outcome(halfway, second)


@given(definitions, actions())
def test_strict_only_adds_refusals(definition: JSON, change: Action) -> None:
    strict = outcome(definition, [change], strict=True)

    if isinstance(strict, str):
        lenient = outcome(definition, [change])
        assert lenient in (strict, definition)
    else:
        assert outcome(definition, [change]) == strict
        assert orjson.dumps(strict) != orjson.dumps(definition)


@given(definitions, st.sampled_from(["$.a", "$..a", "$..b", "$.*", "$..*", "$..[?@.a]"]))
def test_nothing_matches_after_its_removal(definition: JSON, query: str) -> None:
    removal = Action(DOCUMENT, "/actions/0", query, remove=True)

    assert select(query, apply(definition, [removal], strict=False)) == []


@given(definitions, queries)
def test_removal_is_that_of_deleting_the_last_first(definition: JSON, query: str) -> None:
    locations = [match.location for match in select(query, definition)]
    expected: Any = deepcopy(definition)
    for *parent, key in sorted(filter(None, locations), reverse=True):
        container = expected
        for step in parent:
            container = container[step]
        del container[key]

    if () not in locations:
        removal = Action(DOCUMENT, "/actions/0", query, remove=True)
        assert apply(definition, [removal], strict=False) == expected
