"""What holds for every definition and every action."""

from collections import Counter
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import orjson
from hypothesis import given
from hypothesis import strategies as st

from codegen.files.document import Document
from codegen.files.errors import BadInputError
from codegen.files.values import ABSENT, JSON
from codegen.overlay import Action, apply
from codegen.overlay.queries import select

DOCUMENT = Document(Path("overlay.yaml"), b"", None)
NAMES = st.sampled_from(["a", "b", "c/d", ""])
QUERIES = ["$", "$.*", "$..*", "$.a", "$..a", "$..b", "$[0]", "$..[0]", "$..[::2]", "$..[?@.a]"]


def objects_of(children: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.dictionaries(NAMES, children, max_size=4)


primitives = st.none() | st.booleans() | st.integers(-3, 3) | st.text("ab", max_size=2)
values = st.recursive(
    primitives, lambda children: st.lists(children, max_size=4) | objects_of(children)
)
definitions = objects_of(values)
queries = st.sampled_from(QUERIES)


@st.composite
def actions(draw: st.DrawFn) -> Action:
    way: dict[str, Any] = draw(
        st.fixed_dictionaries({"update": values})
        | st.fixed_dictionaries({"copy": queries})
        | st.just({"remove": True})
    )
    version = "1.1.0" if "copy" in way else draw(st.sampled_from(["1.0.0", "1.1.0"]))
    return Action(DOCUMENT, "/actions/0", draw(queries), version=version, **way)


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
