"""What becomes of overlay actions when the definition under them changes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from codegen.files.document import read_document, serialise
from codegen.files.errors import BadInputError
from codegen.files.values import ABSENT
from codegen.overlay import Overlay, apply, read_overlay
from codegen.overlay.carry import Decisions, Fate, Outcome, carry, is_reference, touches
from codegen.providers.provider import provider_names, read_provider

ROOT = Path(__file__).parents[3]
OLD: dict[str, Any] = {
    "servers": [{"url": "http://localhost"}],
    "paths": {"/calls/{callId}": {"get": {"summary": "Get call"}}},
    "call": {
        "required": ["id"],
        "properties": {
            "id": {"type": "string"},
            "started_at": {"type": "integer", "description": "The start."},
            "state": {"type": "string", "default": "ended"},
            "latency": {"type": "object", "properties": {"p50": {"type": "integer"}}},
        },
    },
}
PROPERTIES = "$.call.properties"


def changed(**places: Any) -> dict[str, Any]:
    """OLD with another value at each place, named by its keys with two underscores between."""
    new: dict[str, Any] = json.loads(json.dumps(OLD))
    for name, value in places.items():
        *path, last = name.split("__")
        holder = new
        for key in path:
            holder = holder[key]
        if value is ...:
            del holder[last]
        else:
            holder[last] = value
    return new


@pytest.fixture
def overlay(tmp_path: Path) -> Any:
    def make(*actions: Any) -> Overlay:
        path = tmp_path / "overlay.yaml"
        info = {"title": "Corrections", "version": "1"}
        data: Any = {"overlay": "1.1.0", "info": info, "actions": list(actions)}
        path.write_bytes(serialise(data, as_json=False))
        return read_overlay(path)

    return make


def fates(carried: tuple[Outcome, ...]) -> list[Fate]:
    return [outcome.fate for outcome in carried]


START = {
    "target": f"{PROPERTIES}.started_at",
    "update": {"type": "number"},
}
NEW_FIELD = {"target": PROPERTIES, "update": {"ended_at": {"type": "integer", "minimum": 0}}}
NO_DEFAULT = {"target": f"{PROPERTIES}.state.default", "remove": True}
SERVER = {"target": "$.servers[0]", "update": {"url": "https://calls.example"}}
REQUIRED = {"target": "$.call.required", "update": ["state"]}


@pytest.mark.parametrize(
    ("action", "new", "fate"),
    [
        (START, OLD, Fate.NEEDED),
        (START, changed(call__properties__id={"type": "integer"}), Fate.NEEDED),
        (START, changed(call__properties__started_at__type="number"), Fate.TRUE),
        (START, changed(call__properties__started_at__type="string"), Fate.CONFLICT),
        (START, changed(call__properties__started_at__type=...), Fate.CONFLICT),
        (START, changed(call__properties__started_at=...), Fate.UNMATCHED),
        (START, changed(call=...), Fate.UNMATCHED),
        (NEW_FIELD, OLD, Fate.NEEDED),
        (
            NEW_FIELD,
            changed(call__properties__ended_at={"minimum": 0, "type": "integer", "format": "x"}),
            Fate.TRUE,
        ),
        (NEW_FIELD, changed(call__properties__ended_at={"type": "integer"}), Fate.PARTLY),
        (NEW_FIELD, changed(call__properties__ended_at={"type": "string"}), Fate.CONFLICT),
        (NEW_FIELD, changed(call__properties__ended_at=True), Fate.UNMATCHED),
        (NO_DEFAULT, OLD, Fate.NEEDED),
        (NO_DEFAULT, changed(call__properties__state__default=...), Fate.TRUE),
        (NO_DEFAULT, changed(call__properties__state__default="ongoing"), Fate.CONFLICT),
        (NO_DEFAULT, changed(call__properties__state=...), Fate.UNMATCHED),
        (SERVER, changed(servers=[{"url": "https://calls.example"}]), Fate.TRUE),
        (SERVER, changed(servers=[{"url": "https://other.example"}]), Fate.CONFLICT),
        (SERVER, changed(servers=[]), Fate.UNMATCHED),
        (REQUIRED, changed(call__required=["id", "started_at"]), Fate.NEEDED),
        (REQUIRED, changed(call__required=["state", "id"]), Fate.TRUE),
        (REQUIRED, changed(call__required=...), Fate.UNMATCHED),
    ],
)
def test_the_fate_of_an_action(overlay: Any, action: Any, new: Any, fate: Fate) -> None:
    assert fates(carry(OLD, new, overlay(action).actions)) == [fate]


@pytest.mark.parametrize("name", provider_names(ROOT))
def test_every_action_is_still_needed_when_nothing_has_changed(name: str) -> None:
    provider = read_provider(ROOT, name)
    definition = read_document(provider.canonical_path).data
    carried = carry(definition, definition, read_overlay(provider.overlay_path).actions)
    assert set(fates(carried)) <= {Fate.NEEDED}


def test_what_a_component_says_to_readers_counts_where_it_is_used(overlay: Any) -> None:
    reference = {"$ref": "#/components/schemas/State"}
    state = {"type": "object", "description": "The state."}
    old = changed(call__properties__state=reference)
    old["components"] = {"schemas": {"State": state}}
    new = changed(call__properties__state={**reference, "description": "The state."})
    new["components"] = {"schemas": {"State": {**state, "description": "Any state."}}}
    action = {"target": f"{PROPERTIES}.state", "update": {"description": "The state, or null."}}
    assert fates(carry(old, new, overlay(action).actions)) == [Fate.NEEDED]


def test_what_a_rule_hits_may_move_with_others_staying(overlay: Any) -> None:
    hit = {"properties": {"": {"type": "string"}}}
    old: Any = {"a": hit, "b": {**hit, "title": "B"}, "c": {}}
    new: Any = {"a": hit, "b": {"$ref": "#/c"}, "c": hit}
    action = {"target": "$..[?@.properties['']]", "update": {"minProperties": 1}}
    assert fates(carry(old, new, overlay(action).actions)) == [Fate.NEEDED]


def test_a_conflict_says_who_says_what(overlay: Any) -> None:
    new = changed(call__properties__started_at__type="string")
    (outcome,) = carry(OLD, new, overlay(START).actions)
    assert outcome.reasons == (
        (
            '/call/properties/started_at/type: upstream said "integer" and now says "string"; '
            'the action says "number"'
        ),
    )


@pytest.mark.parametrize(
    ("action", "renamed"),
    [
        (START, "startedAt"),
        ({"target": PROPERTIES, "update": {"started_at": {"minimum": 0}}}, "startedAt"),
        ({"target": f"{PROPERTIES}['started_at','state']", "update": {"minimum": 0}}, "startedAt"),
    ],
)
def test_what_is_renamed_upstream_is_not_added_again_and_its_new_name_is_found(
    overlay: Any, action: Any, renamed: str
) -> None:
    new = changed(call__properties__started_at=...)
    new["call"]["properties"][renamed] = OLD["call"]["properties"]["started_at"]
    (outcome,) = carry(OLD, new, overlay(action).actions)
    assert outcome.fate is Fate.UNMATCHED
    assert outcome.reasons[0].startswith(
        f"/call/properties/started_at is gone; the nearest is {renamed} beside it"
    )


def test_of_many_places_that_are_like_what_is_gone_three_are_named(overlay: Any) -> None:
    new = changed(call__properties__started_at=...)
    for number in range(5):
        new["call"]["properties"][f"started_at{number}"] = {"properties": {"started_at": {}}}
    for properties, expected in ((new["call"]["properties"], 3), ({"started_at1": {}}, 1)):
        new["call"]["properties"] = properties
        (outcome,) = carry(OLD, new, overlay(START).actions)
        assert outcome.reasons[0].count("started_at") - 1 == expected


def test_what_has_moved_upstream_is_found_where_it_is(overlay: Any) -> None:
    new = changed(call__properties__started_at=...)
    new["call"]["properties"]["times"] = {"properties": {"started_at": {"type": "integer"}}}
    (outcome,) = carry(OLD, new, overlay(START).actions)
    assert "/call/properties/times/properties/started_at" in outcome.reasons[0]


def test_a_path_whose_parameter_is_renamed_is_found(overlay: Any) -> None:
    action = {"target": "$.paths['/calls/{callId}'].get", "update": {"operationId": "get_call"}}
    new = changed(paths={"/calls/{id}": {"get": {}}, "/users": {"get": {}}})
    (outcome,) = carry(OLD, new, overlay(action).actions)
    assert "/paths/~1calls~1{id}" in outcome.reasons[0]
    assert "users" not in outcome.reasons[0]


def test_an_action_written_for_the_new_definition_is_needed(overlay: Any) -> None:
    new = changed(call__properties__startedAt={"type": "integer"}, call__properties__started_at=...)
    action = {"target": f"{PROPERTIES}.startedAt", "update": {"type": "number"}}
    assert fates(carry(OLD, new, overlay(action).actions)) == [Fate.NEEDED]


NULLABLE = (
    {"target": f"{PROPERTIES}.started_at.type", "remove": True, "x-group": "nullable"},
    {
        "target": f"{PROPERTIES}.started_at",
        "update": {"type": ["integer", "null"]},
        "x-group": "nullable",
    },
)


@pytest.mark.parametrize(
    ("new", "expected"),
    [
        (OLD, [Fate.NEEDED, Fate.NEEDED]),
        (
            changed(call__properties__started_at__type=["null", "integer"]),
            [Fate.TRUE, Fate.TRUE],
        ),
        (changed(call__properties__started_at__type="string"), [Fate.CONFLICT, Fate.NEEDED]),
        (changed(call__properties__started_at=...), [Fate.UNMATCHED, Fate.UNMATCHED]),
    ],
)
def test_a_group_is_true_when_all_of_it_together_changes_nothing(
    overlay: Any, new: Any, expected: list[Fate]
) -> None:
    assert fates(carry(OLD, new, overlay(*NULLABLE).actions)) == expected


def test_what_is_copied_away_before_it_is_removed_may_change(overlay: Any) -> None:
    actions = overlay(
        {"target": "$", "update": {"components": {"Latency": {}}}},
        {"target": "$.components.Latency", "copy": f"{PROPERTIES}.latency"},
        {"target": f"{PROPERTIES}.latency.properties", "remove": True},
    ).actions
    new = changed(call__properties__latency__properties={"p99": {"type": "number"}})
    assert set(fates(carry(OLD, new, actions))) == {Fate.NEEDED}


def test_a_copy_without_its_source_no_longer_matches(overlay: Any) -> None:
    actions = overlay(
        {"target": "$", "update": {"components": {"Latency": {}}}},
        {"target": "$.components.Latency", "copy": f"{PROPERTIES}.latency"},
    ).actions
    new = changed(call__properties__latency=...)
    assert fates(carry(OLD, new, actions)) == [Fate.NEEDED, Fate.UNMATCHED]


LATENCY = f"{PROPERTIES}.latency"
NO_SUMMARY = {"target": "$.paths['/calls/{callId}'].get.summary", "remove": True}


@pytest.mark.parametrize(
    ("action", "new", "fate", "reasons"),
    [
        (
            {"target": f"{PROPERTIES}.state", "copy": LATENCY},
            changed(call__properties__latency=...),
            Fate.UNMATCHED,
            ["/call/properties/latency is gone, and nothing is like it"],
        ),
        (
            {"target": f"{PROPERTIES}.state", "copy": f"{PROPERTIES}.none"},
            OLD,
            Fate.UNMATCHED,
            [f"copy selects no nodes with {PROPERTIES}.none, and must select one"],
        ),
        (
            {"target": f"{PROPERTIES}.state", "copy": f"{PROPERTIES}.id"},
            changed(call__properties__state={"type": "string"}),
            Fate.TRUE,
            [],
        ),
        (
            NO_SUMMARY,
            changed(paths={"/calls/{callId}": {"get": {"summary": "One"}}}),
            Fate.CONFLICT,
            [
                (
                    '/paths/~1calls~1{callId}/get/summary: upstream said "Get call" and now says '
                    '"One"; the action removes it'
                )
            ],
        ),
        (
            NO_SUMMARY,
            changed(paths={"/calls/{callId}": {"get": {}}}),
            Fate.TRUE,
            [f"{NO_SUMMARY['target']}: upstream has it no more, so there is nothing to remove"],
        ),
        (
            NO_SUMMARY,
            changed(paths={"/calls/{id}": {"get": {"summary": "Get call"}}}),
            Fate.UNMATCHED,
            ["/paths/~1calls~1{callId}/get/summary is gone; the nearest is /paths/~1calls~1{id}"],
        ),
        (
            {"target": f"{PROPERTIES}.sum", "update": {"type": "number"}},
            OLD,
            Fate.UNMATCHED,
            [
                (
                    f"{PROPERTIES}.sum matches nothing; the longest part that does is "
                    f"{PROPERTIES}, which has no sum; there is id, latency, started_at, state"
                )
            ],
        ),
        (
            START,
            changed(
                call__properties__started_at=...,
                call__properties__started={},
                call__properties__startedAt={},
            ),
            Fate.UNMATCHED,
            [
                (
                    "/call/properties/started_at is gone; the nearest are startedAt beside it, "
                    "started beside it"
                )
            ],
        ),
    ],
)
def test_why_an_action_has_its_fate_is_told(
    overlay: Any, action: Any, new: Any, fate: Fate, reasons: list[str]
) -> None:
    (outcome,) = carry(OLD, new, overlay(action).actions)
    assert (outcome.fate, list(outcome.reasons)) == (fate, reasons)


def test_a_rule_for_whatever_there_is_does_not_conflict(overlay: Any) -> None:
    actions = overlay({"target": "$.call..default", "remove": True}).actions
    new = changed(call__properties__state__default="ongoing")
    assert fates(carry(OLD, new, actions)) == [Fate.NEEDED]


@pytest.mark.parametrize(
    ("expected", "new", "fate"),
    [
        ({"type": "integer"}, changed(call__properties__started_at__description="x"), Fate.NEEDED),
        ({"type": "integer"}, changed(call__properties__started_at__type="string"), Fate.CONFLICT),
        ({"type": "integer"}, changed(call__properties__started_at={"type": "number"}), Fate.TRUE),
        ({"format": "int64"}, OLD, Fate.CONFLICT),
    ],
)
def test_what_an_action_expects_decides(overlay: Any, expected: Any, new: Any, fate: Fate) -> None:
    action = {
        "target": f"{PROPERTIES}.started_at",
        "x-expects": expected,
        "update": {"type": "number"} if fate is Fate.TRUE else {"description": "In seconds."},
    }
    assert fates(carry(OLD, new, overlay(action).actions)) == [fate]


def test_a_build_refuses_what_is_not_as_expected(overlay: Any) -> None:
    action = {**START, "x-expects": {"type": "string"}}
    message = r'overlay\.yaml:\d+ at /actions/0/x-expects: expects {"type":"string"}, and the .*'
    with pytest.raises(BadInputError, match=message):
        apply(OLD, overlay(action).actions)
    assert apply(OLD, overlay({**START, "x-expects": {"type": "integer"}}).actions) != OLD


@pytest.mark.parametrize(
    ("action", "message"),
    [
        ({**START, "x-expects": {}}, "at /actions/0/x-expects: expects nothing"),
        (
            {"target": "$.call", "update": {"x-expects": 1}},
            "at /actions/0/update/x-expects: would become part of the definition",
        ),
    ],
)
def test_an_expectation_that_says_nothing_or_stands_elsewhere_is_refused(
    overlay: Any, action: Any, message: str
) -> None:
    with pytest.raises(BadInputError, match=message):
        overlay(action)


CONFLICTING = changed(call__properties__started_at__type="string")
GONE = changed(call__properties__started_at=...)
NOW_TRUE = changed(call__properties__started_at__type="number")


@pytest.mark.parametrize(
    ("new", "decisions", "dropped"),
    [
        (OLD, Decisions(), []),
        (CONFLICTING, Decisions(keep=frozenset({0})), []),
        (CONFLICTING, Decisions(drop=frozenset({0})), [0]),
        (CONFLICTING, Decisions(), []),
        (GONE, Decisions(), [0]),
        (GONE, Decisions(keep=frozenset({0})), []),
        (NOW_TRUE, Decisions(), [0]),
        (NOW_TRUE, Decisions(keep=frozenset({0})), []),
    ],
)
def test_what_is_pointless_is_dropped_unless_somebody_decides_otherwise(
    overlay: Any, new: Any, decisions: Decisions, dropped: list[int]
) -> None:
    carried = carry(OLD, new, overlay(START, SERVER).actions)
    assert [outcome.number for outcome in decisions.dropped(carried)] == dropped


def test_a_group_is_dropped_together(overlay: Any) -> None:
    carried = carry(OLD, CONFLICTING, overlay(*NULLABLE, SERVER).actions)
    decided = Decisions(drop=frozenset({0})).dropped(carried)
    assert [outcome.number for outcome in decided] == [0, 1]


def test_a_decision_about_no_action_is_refused(overlay: Any) -> None:
    carried = carry(OLD, OLD, overlay(START).actions)
    with pytest.raises(BadInputError, match="there is no action 7; they are 0 to 0"):
        Decisions(drop=frozenset({7})).dropped(carried)


CALL = {"type": "object", "properties": {"id": {"type": "string"}, "turns": {"type": "array"}}}
TURN = {"type": "object", "properties": {"text": {"type": "string"}}}
IN_PLACE: dict[str, Any] = {"components": {"schemas": {"Call": CALL}}}
ADDS_TURNS = {
    "target": "$.components.schemas.Call.properties",
    "update": {
        "turns": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"text": {"type": "string"}, "at": {"type": "integer"}},
            },
        }
    },
}


def test_what_is_said_of_a_place_is_said_of_the_component_that_upstream_has_made_there(
    overlay: Any,
) -> None:
    new = json.loads(json.dumps(IN_PLACE))
    new["components"]["schemas"]["Turn"] = TURN
    reference = {"$ref": "#/components/schemas/Turn"}
    new["components"]["schemas"]["Call"]["properties"]["turns"]["items"] = reference
    (outcome,) = carry(IN_PLACE, new, overlay(ADDS_TURNS).actions)
    assert outcome.fate is Fate.PARTLY
    assert outcome.rewritten == {
        "target": "$.components.schemas",
        "update": {
            "Call": {"properties": {"turns": {"type": "array"}}},
            "Turn": {
                "type": "object",
                "properties": {"text": {"type": "string"}, "at": {"type": "integer"}},
            },
        },
    }
    patched: Any = apply(new, overlay(outcome.rewritten).actions)
    assert patched["components"]["schemas"]["Call"]["properties"]["turns"]["items"] == reference
    assert list(patched["components"]["schemas"]["Turn"]["properties"]) == ["text", "at"]


def test_a_list_of_which_upstream_has_a_part_is_partly_true(overlay: Any) -> None:
    old: Any = {"components": {"schemas": {"Call": {"enum": ["on"]}}}}
    new: Any = {"components": {"schemas": {"Call": {"enum": ["on", "off"]}}}}
    action = {"target": "$.components.schemas.Call", "update": {"enum": ["off", "gone"]}}
    (outcome,) = carry(old, new, overlay(action).actions)
    assert outcome.fate is Fate.PARTLY
    assert outcome.reasons == ("/components/schemas/Call/enum: upstream says so itself now",)


DESCRIBES = {
    "target": PROPERTIES,
    "update": {"started_at": {"description": "S."}, "state": {"description": "How far it is."}},
}


def test_an_action_says_nothing_more_of_what_is_gone(overlay: Any) -> None:
    (outcome,) = carry(OLD, GONE, overlay(DESCRIBES).actions)
    assert outcome.fate is Fate.UNMATCHED
    assert outcome.rewritten == {
        "target": PROPERTIES,
        "update": {"state": {"description": "How far it is."}},
    }
    assert Decisions().dropped([outcome]) == []


def test_what_payloads_show_is_added_where_upstream_no_longer_has_it(overlay: Any) -> None:
    action = {**DESCRIBES, "x-evidence": ["get_call/a.json"]}
    after = {"target": f"{PROPERTIES}.started_at", "update": {"minimum": 0}}
    first, second = carry(OLD, GONE, overlay(action, after).actions)
    assert first.adds
    assert Decisions().dropped([first]) == []
    assert second.fate is Fate.NEEDED


def test_an_outcome_is_told_with_what_the_action_does_or_what_was_decided(tmp_path: Path) -> None:
    path = tmp_path / "overlay.yaml"
    shared = {"target": "$.call", "update": {"a": 1}, "x-discrepancy": "C-1"}
    data: Any = {
        "overlay": "1.1.0",
        "info": {"title": "Corrections", "version": "1"},
        "x-discrepancies": {"C-1": {"disagreement": "Two.", "decision": "It is one."}},
        "actions": [
            {**shared, "description": "Makes it one."},
            {**shared, "update": {"a": 2}},
            {**shared, "update": {"a": 3}, "x-discrepancy": "C-2"},
        ],
    }
    path.write_bytes(serialise(data, as_json=False))
    outcomes = carry({}, {}, read_overlay(path).actions)
    heads = [str(one).splitlines()[0].partition("): ")[2] for one in outcomes]
    assert heads == ["Makes it one.", "It is one.", ""]


@pytest.mark.parametrize("extensions", [{}, {"x-group": "both"}])
def test_an_outcome_begins_with_the_number_the_fate_and_the_line_of_the_action(
    overlay: Any, extensions: Any
) -> None:
    action = {**START, "description": "In seconds.", **extensions}
    made = overlay(action, {**action, "target": f"{PROPERTIES}.id"})
    outcomes = carry(OLD, changed(call__properties__started_at=...), made.actions)
    file, group = made.document.path, ", group 'both'" if extensions else ""
    first, second = (made.document.line(f"/actions/{number}") for number in range(2))
    assert str(outcomes[0]).splitlines() == [
        f"action 0 no longer matches ({file}:{first}{group}): In seconds.",
        "    /call/properties/started_at is gone, and nothing is like it",
    ]
    assert str(outcomes[1]) == f"action 1 still needed ({file}:{second}{group}): In seconds."


@pytest.mark.parametrize(
    ("old", "new", "update", "is_true", "conflict"),
    [
        (1, 1, 2, False, None),
        (1, 2, 2, True, None),
        (1, 3, 2, False, "/a: upstream said 1 and now says 3; the action says 2"),
        (ABSENT, 3, 2, False, "/a: upstream said nothing and now says 3; the action says 2"),
        (1, ABSENT, 2, False, "/a: upstream said 1 and now says nothing; the action says 2"),
        ({}, ABSENT, {"b": 1}, False, None),
        (ABSENT, ABSENT, 2, False, None),
        ([1], [3], [2], False, None),
        ([1], [3, 2], [2], True, None),
        ([1], [1, 2, 3], [3, 2], True, None),
        ([1], 1, [2], False, "/a: upstream said [1] and now says 1; the action says [2]"),
        (1, [1], [2], False, "/a: upstream said 1 and now says [1]; the action says [2]"),
    ],
)
def test_an_update_is_true_or_fits_or_conflicts_with_what_upstream_says(
    old: Any,
    new: Any,
    update: Any,
    is_true: bool,  # noqa: FBT001 - drawn
    conflict: str | None,
) -> None:
    (touch,) = touches(("a",), old, new, update)
    assert (touch.is_true, touch.conflict) == (is_true, conflict)
    assert touch.is_gone is (old == {} and new is ABSENT)


@pytest.mark.parametrize(
    ("old", "new", "update", "is_partly"),
    [
        ([], [1], [1, 2], True),
        (ABSENT, [1], [1, 2], True),
        ([1], [1], [1, 2], False),
        ([], [3], [1, 2], False),
        ([], 1, [1, 2], False),
        ([], [1], 1, False),
    ],
)
def test_a_list_is_partly_true_when_upstream_lists_some_of_it_now(
    old: Any,
    new: Any,
    update: Any,
    is_partly: bool,  # noqa: FBT001 - drawn
) -> None:
    (touch,) = touches(("a",), old, new, update, is_target=False)
    assert touch.is_news is is_partly


@pytest.mark.parametrize(
    ("new", "update", "cannot"),
    [
        ("b", "c", False), (1, "c", False), (None, "c", False), (["a"], "c", True), ({}, "c", True),
        ("b", ["c"], True), ("b", {"c": 1}, True), (ABSENT, "c", False), ("a", {"c": 1}, False),
    ],
)  # fmt: skip
def test_a_value_of_another_kind_cannot_be_merged(new: Any, update: Any, *, cannot: bool) -> None:
    (touch,) = touches(("a",), "a", new, update, is_target=False)
    assert touch.cannot_be_merged is cannot


def test_what_is_no_list_is_added_to_a_list_that_is_the_target_and_replaces_one_inside() -> None:
    assert [touch.is_true for touch in touches(("a",), [1], [1, 2], 2)] == [True]
    inside = list(touches((), {"a": [1]}, {"a": [1, 2]}, {"a": 2}))
    assert [(touch.location, touch.is_true) for touch in inside] == [(("a",), False)]


def test_a_rule_may_hit_texts_and_objects(overlay: Any) -> None:
    actions = overlay({"target": "$.things.*", "remove": True}).actions
    old: Any = {"things": {"a": "x", "b": {"type": "string"}}}
    news: list[Any] = [
        {"c": {"type": "string"}, "d": "x"},
        {"c": "x", "d": {"type": "string"}},
    ]
    for new in news:
        assert fates(carry(old, {"things": new}, actions)) == [Fate.NEEDED]


@pytest.mark.parametrize(
    ("update", "refers"),
    [
        ({"$ref": "#/a"}, True),
        ({"$ref": "#/a", "type": "string"}, True),
        ({"description": "A.", "x-unit": "s"}, True),
        ({}, True),
        ({"description": "A.", "type": "string"}, False),
    ],
)
def test_an_update_refers_or_speaks_to_readers_or_says_what_a_schema_is(
    update: Any, *, refers: bool
) -> None:
    assert is_reference(update) is refers


@pytest.mark.parametrize(
    ("new", "told"),
    [
        (CONFLICTING, "conflicts"),
        (GONE, "no longer matches"),
        (NOW_TRUE, "already true upstream"),
        (OLD, "still needed"),
    ],
)
def test_a_fate_is_told_in_words(overlay: Any, new: Any, told: str) -> None:
    (outcome,) = carry(OLD, new, overlay(START).actions)
    assert str(outcome).startswith(f"action 0 {told} (")


def test_only_the_group_of_a_dropped_action_is_dropped_with_it(overlay: Any) -> None:
    first, second = ({**action, "x-group": "first"} for action in NULLABLE)
    others = [{**SERVER, "x-group": "second"}, {**NEW_FIELD, "x-group": "second"}]
    carried = carry(OLD, CONFLICTING, overlay(*others, first, second).actions)
    decided = Decisions(drop=frozenset({3})).dropped(carried)
    assert [outcome.number for outcome in decided] == [2, 3]


@pytest.mark.parametrize(
    ("action", "new", "described"),
    [
        (NEW_FIELD, changed(call__properties__ended_at=True), Fate.NEEDED),
        (START, GONE, Fate.NEEDED),
        (DESCRIBES, GONE, Fate.TRUE),
    ],
)
def test_of_what_no_longer_matches_what_is_left_is_applied(
    overlay: Any, action: Any, new: Any, described: Fate
) -> None:
    again = {"target": f"{PROPERTIES}.state", "update": {"description": "How far it is."}}
    carried = carry(OLD, new, overlay(action, again).actions)
    assert fates(carried) == [Fate.UNMATCHED, described]


def test_what_payloads_show_is_not_added_where_it_cannot_be_merged(overlay: Any) -> None:
    update = {"started_at": {"type": "number"}, "state": {"title": "State"}}
    action = {"target": PROPERTIES, "update": update, "x-evidence": ["get_call/a.json"]}
    new = changed(call__properties__started_at__type=["integer", "null"])
    (outcome,) = carry(OLD, new, overlay(action).actions)
    assert (outcome.fate, outcome.adds) == (Fate.UNMATCHED, False)
    assert outcome.rewritten == {
        "target": PROPERTIES,
        "update": {"state": {"title": "State"}},
    }


def test_an_object_of_which_all_is_gone_is_left_out_and_an_empty_one_stays(overlay: Any) -> None:
    update = {"latency": {"properties": {"p50": {"minimum": 0}}}, "state": {"x-more": {}}}
    new = changed(call__properties__latency__properties={})
    action = overlay({"target": PROPERTIES, "update": update})
    (outcome,) = carry(OLD, new, action.actions)
    assert outcome.rewritten == {"target": PROPERTIES, "update": {"state": {"x-more": {}}}}


def test_what_has_moved_is_compared_with_what_asserts_the_same(overlay: Any) -> None:
    one, other = {"kind": 1, "type": "integer"}, {"kind": 1, "type": "string"}
    action = {"target": "$.things[?@.kind == 1]", "update": {"type": "number"}}
    old: Any = {"things": {"a": one, "b": other}}
    news: list[Any] = [{"a": one, "c": {**other, "title": "C"}}, {"c": other, "a": one}]
    for new in news:
        carried = carry(old, {"things": new}, overlay(action).actions)
        assert fates(carried) == [Fate.NEEDED]


@pytest.mark.parametrize("told", ["name", "in"])
def test_parameters_are_compared_by_name_and_place_whatever_their_order(
    overlay: Any, told: str
) -> None:
    one: Any = {"name": "a", "in": "query", "schema": {"type": "integer"}}
    other: Any = {**one, told: "path", "schema": {"type": "string"}}
    action = {"target": "$.parameters[?@.schema].schema", "update": {"type": "number"}}
    old: Any = {"parameters": [one, other]}
    new: Any = {"parameters": [other, one]}
    carried = carry(old, new, overlay(action).actions)
    assert fates(carried) == [Fate.NEEDED]


def test_a_group_that_cannot_be_applied_is_not_true(overlay: Any) -> None:
    copy = {"target": f"{PROPERTIES}.state", "copy": LATENCY, "x-group": "both"}
    actions = overlay(copy, {**SERVER, "x-group": "both"}).actions
    carried = carry(OLD, changed(call__properties__latency=...), actions)
    assert fates(carried) == [Fate.UNMATCHED, Fate.NEEDED]


def test_what_actions_have_removed_themselves_is_like_nothing(overlay: Any) -> None:
    named: Any = {"things": {"": {"": {}}, "~": {}}, "call": OLD["call"]}
    removal = {"target": f"{PROPERTIES}.state", "remove": True}
    old: Any = {**named, "other": 1}
    actions = overlay(removal, {"target": "$.call.properties.state", "update": {"a": 1}}).actions
    outcome = carry(old, named, actions)[1]
    assert outcome.fate is Fate.UNMATCHED
    assert "the nearest" not in outcome.reasons[0]


def test_what_is_said_only_of_what_is_a_component_now_is_said_there_alone(overlay: Any) -> None:
    old: Any = {"components": {"schemas": {"Call": {"a": {"b": {}}, "c": {"d": {}}}}}}
    refers = [{"$ref": f"#/components/schemas/{name}"} for name in ("One", "Two")]
    new: Any = {"components": {"schemas": {"One": {}, "Two": {}, "Call": {}}}}
    new["components"]["schemas"]["Call"] = {"a": {"b": refers[0]}, "c": {"d": refers[1]}}
    update = {"a": {"b": {"type": "string"}}, "c": {"d": {"minimum": 1}}}
    action = {"target": "$.components.schemas.Call", "update": update}
    (outcome,) = carry(old, new, overlay(action).actions)
    assert outcome.rewritten == {
        "target": "$.components.schemas",
        "update": {"One": {"type": "string"}, "Two": {"minimum": 1}},
    }


@pytest.mark.parametrize("fate", Fate)
def test_somebody_has_to_agree_unless_an_action_is_needed(fate: Fate) -> None:
    assert fate.is_open is (fate not in (Fate.NEEDED, Fate.PARTLY))


def test_nothing_is_decided_unless_somebody_says_so() -> None:
    assert Decisions() == Decisions(accept=False, drop=frozenset(), keep=frozenset())


@pytest.mark.parametrize(
    ("target", "fate"),
    [
        (f"{PROPERTIES}.*", Fate.NEEDED),
        (f"{PROPERTIES}['id','started_at']", Fate.UNMATCHED),
    ],
)
def test_what_is_gone_matters_where_an_action_names_it(
    overlay: Any, target: str, fate: Fate
) -> None:
    action = {"target": target, "update": {"x-more": 1}}
    assert fates(carry(OLD, GONE, overlay(action).actions)) == [fate]


def test_texts_are_not_taken_for_each_other_as_objects_that_say_the_same_are(overlay: Any) -> None:
    actions = overlay({"target": "$.things[?@ != 1]", "remove": True}).actions
    carried = carry({"things": {"a": "x", "b": "y"}}, {"things": {"a": "x", "c": "z"}}, actions)
    assert fates(carried) == [Fate.NEEDED]


def test_an_action_is_rewritten_only_where_all_of_it_is_about_components(overlay: Any) -> None:
    old: Any = {"components": {"schemas": {}}, "a": {"b": {}, "c": {}}}
    reference = {"$ref": "#/components/schemas/One"}
    new: Any = {"components": {"schemas": {"One": {}}}, "a": {"b": reference, "c": {}}}
    action = {"target": "$.a", "update": {"b": {"minimum": 1}, "c": {"minimum": 1}}}
    (outcome,) = carry(old, new, overlay(action).actions)
    assert outcome.rewritten is None


def test_what_is_new_beside_what_was_there_hides_no_conflict(overlay: Any) -> None:
    new = changed(call__properties__id__type="integer", call__properties__fresh={"type": "string"})
    action = {"target": f"{PROPERTIES}['id','fresh']", "update": {"type": "number"}}
    (outcome,) = carry(OLD, new, overlay(action).actions)
    assert outcome.fate is Fate.CONFLICT
    assert [reason.partition(":")[0] for reason in outcome.reasons] == [
        "/call/properties/id/type",
        "/call/properties/fresh/type",
    ]
