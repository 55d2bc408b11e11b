"""Leaving actions out gives what applying all others would give."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codegen.files.document import Document, parse
from codegen.files.errors import BadInputError
from codegen.files.values import ABSENT, is_same
from codegen.overlay import Action, apply
from codegen.overlay.reading import parse_overlay
from codegen.proof.omission import Omissions
from codegen.proof.prove import prove_inputs
from codegen.providers.patched import Inputs
from codegen.providers.payloads import Payload, PayloadRequest
from codegen.providers.provider import Provider

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from codegen.files.values import JSON, JSONObject

OVERLAY = Document("overlay.yaml", b"", {})
NAMES = ("a", "b", "c", "d")


class Naive:
    """What :class:`Omissions` is, by applying all other actions again."""

    def __init__(self, definition: JSONObject, actions: Sequence[Action], units: object) -> None:
        del units
        self._definition = definition
        self._actions = actions
        self.patched = cast("JSONObject", apply(definition, actions))

    def without(self, unit: Collection[Action]) -> JSONObject:
        others = [action for action in self._actions if action not in unit]
        return cast("JSONObject", apply(self._definition, others, strict=False))


def act(
    target: str, update: JSON = None, *, remove: bool = False, copy: str | None = None
) -> Action:
    nothing = remove or copy is not None
    return Action(
        OVERLAY, "", target, update=ABSENT if nothing else update, remove=remove, copy=copy
    )


def made_value(random: Random, depth: int = 2) -> JSON:
    chance = random.random()
    if depth == 0 or chance < 0.35:
        return random.choice([None, 1, 2, "x"])
    if chance < 0.5:
        return [made_value(random, depth - 1) for _ in range(random.randint(0, 2))]
    return {
        random.choice(NAMES): made_value(random, depth - 1) for _ in range(random.randint(0, 3))
    }


def made_query(random: Random) -> str:
    segments = [f".{name}" for name in NAMES] * 4 + [
        *("['a','b']", "['c','d']", ".*", "[*]", "[0]", "[-1]", "[1:]", "['a',0]"),
        *(
            "[?@.a]",
            "[?@.b == 1]",
            "[?$.a.b]",
            "[?@ == $.c.d]",
            "..a",
            "..*",
            "..['b','c']",
            "..[0]",
        ),
    ]
    return "$" + "".join(random.choices(segments, k=random.randint(1, 4)))


def made_action(random: Random) -> Action:
    target, chance = made_query(random), random.random()
    if chance < 0.55:
        made = act(target, {random.choice(NAMES): made_value(random) for _ in range(2)})
    elif chance < 0.65:
        made = act(target, made_value(random))
    elif chance < 0.85:
        made = act(target, remove=True)
    else:
        copied = f"$.{random.choice(NAMES)}.{random.choice(NAMES)}"
        made = act(target, copy=random.choice([copied, copied, made_query(random)]))
    return replace(made, is_1_0=random.choice([True, False, False]))


def applicable(definition: JSONObject, wanted: list[Action]) -> list[Action]:
    """Those of the actions that apply, each to what the ones before it left."""
    state: JSON = definition
    applied: list[Action] = []
    for action in wanted:
        try:
            state = apply(state, [action])
        except BadInputError:
            continue
        if isinstance(state, dict) and len(str(state)) < 5000:
            applied.append(action)
        else:
            break
    return applied


def outcome(omissions: Omissions | Naive, unit: list[Action]) -> JSON:
    try:
        return omissions.without(unit)
    except BadInputError as error:
        return [error.message]


def in_groups(random: Random, applied: list[Action]) -> list[list[Action]]:
    groups: dict[int, list[Action]] = {}
    for action in applied:
        groups.setdefault(random.randint(0, 2 * len(applied)), []).append(action)
    return list(groups.values())


def require_same(definition: JSONObject, applied: list[Action], units: list[list[Action]]) -> None:
    omissions = Omissions(definition, applied, units)
    naive = Naive(definition, applied, units)
    assert is_same(omissions.patched, naive.patched)
    for unit in units:
        for some in [unit, *([one] for one in unit)]:
            assert is_same(outcome(omissions, some), outcome(naive, some))


@given(st.integers(0, 2**32))
def test_what_is_left_is_what_applying_all_others_would_leave(seed: int) -> None:
    random = Random(seed)  # noqa: S311 - of tests
    definition: JSONObject = {
        one: {other: made_value(random, 3) for other in NAMES if random.random() < 0.9}
        for one in NAMES
    }
    applied = applicable(definition, [made_action(random) for _ in range(14)])[:8]
    require_same(definition, applied, in_groups(random, applied))


@pytest.mark.parametrize(
    ("definition", "actions"),
    [
        pytest.param(
            {"a": {"b": {}}},
            [act("$.a", {"c": {"d": 1}}), act("$.*.*.d", remove=True)],
            id="a wildcard finds what another action adds",
        ),
        pytest.param(
            {"a": {"b": {}, "c": {}}},
            [act("$.a.b", remove=True), act("$.a.*", {"x": 1})],
            id="a wildcard does not find what another action removes",
        ),
        pytest.param(
            {"a": {"b": [1]}},
            [act("$.a.b", {"x": 1}), act("$.a.b", {"y": 1})],
            id="two append to one array",
        ),
        pytest.param(
            {"a": {"b": 1, "d": 2}, "c": {"e": {}}},
            [act("$.a.b", remove=True), act("$.c.e", copy="$.a"), act("$.c.e.d", 3)],
            id="a copy brings what another action removes",
        ),
        pytest.param(
            {"a": [{"b": 1}, {"b": 2}]},
            [act("$.a[0].b", 2), act("$.a[?@.b == 2]", {"c": 1})],
            id="a filter looks at what another action changes",
        ),
        pytest.param(
            {"a": {"b": {"c": 1}}, "d": {}},
            [act("$.a.b.c", 2), act("$.*[?$.a.b.c == 2]", {"e": 1})],
            id="a filter looks at another place",
        ),
        pytest.param(
            {"a": {"b": "text"}},
            [act("$.a.b", remove=True), act("$.a", {"b": {"c": 1}})],
            id="one cannot be applied without the other",
        ),
        pytest.param(
            {"a": {"b": {}}},
            [act("$.a.b", {"c": {"c": 1}}), act("$.a.b", {"c": {}, "d": 1})],
            id="an empty object is merged into what another action adds",
        ),
        pytest.param(
            {"a": {"b": {"c": 1}, "d": {"c": 1}}},
            [act("$.a.b", {"c": 2}), act("$.a[?@.c == 1]", {"e": 1})],
            id="a filter no longer finds what another action changes",
        ),
        pytest.param(
            {"a": [{"b": 1}, {"c": 2}]},
            [act("$.a[0]", remove=True), act("$.a[0]", {"b": 3})],
            id="a position is another item once one is removed",
        ),
        pytest.param(
            {"a": {"b": {"c": 1}}, "d": {}},
            [act("$.a.b.c", 2), act("$.d", copy="$.a")],
            id="a copy brings what another action changes deep inside",
        ),
    ],
)
def test_actions_that_depend_on_each_other_are_told_apart(
    definition: JSONObject, actions: list[Action]
) -> None:
    require_same(definition, actions, [[action] for action in actions])


@pytest.mark.parametrize(
    ("target", "other"),
    [
        ("$.a.b", "$.a.c"),
        ("$.a.b", "$.a.b.e"),
        ("$.a.b.e", "$.a.b"),
        ("$.a.*", "$.a.b.e"),
        ("$.a.*", "$.d"),
        ("$.*.b", "$.a.c"),
        ("$.d[?@.e].e", "$.a.b"),
        ("$.d.f[0]", "$.a.b"),
    ],
)
def test_what_does_not_depend_on_an_action_is_not_applied_again_without_it(
    target: str, other: str
) -> None:
    """Else proving an overlay would take the square of the time that applying it takes."""
    inner: JSON = {"e": {}}
    definition: JSONObject = {"a": {"b": inner, "c": inner}, "d": {"b": inner, "f": [inner]}}
    one, two = act(target, {"x": 1}), act(other, {"y": 1})
    for actions in ([one, two], [two, one]):
        omissions = Omissions(definition, actions, [[one], [two]])
        again: list[Action] = []

        def applied(value: JSON, some: Sequence[Action], *, strict: bool) -> JSON:
            again.extend(some)  # noqa: B023 - it is called before the next round
            return apply(value, some, strict=strict)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("codegen.proof.omission.apply", applied)
            omissions.without([one])
            omissions.without([two])
        assert again == []


def test_what_is_left_shares_all_but_what_the_action_changes() -> None:
    definition: JSONObject = {"a": {"b": {"x": 1}, "c": {"x": 1}, "d": {"x": 1}}}
    actions = [act(f"$.a.{name}", {"y": 1}) for name in ("b", "c", "d")]
    omissions = Omissions(definition, actions, [[action] for action in actions])
    left = cast("dict[str, JSONObject]", omissions.without(actions[:1])["a"])
    whole = cast("dict[str, JSONObject]", omissions.patched["a"])
    assert left["b"] == {"x": 1}
    assert left["c"] is whole["c"]
    assert left["d"] is whole["d"]


def test_what_comes_back_is_in_its_order() -> None:
    definition: JSONObject = {"a": {"d": 1, "b": 1, "c": 1}}
    removal = act("$.a['b','c','d']", remove=True)
    left = Omissions(definition, [removal], [[removal]]).without([removal])
    assert list(cast("JSONObject", left["a"])) == ["d", "b", "c"]


CALL = """\
openapi: 3.1.0
info: {title: Calls, version: '1'}
paths:
  /calls/{callId}:
    get:
      operationId: get_call
      parameters: [{name: callId, in: path, required: true, schema: {type: string}}]
      responses:
        '200':
          description: The call.
          content: {application/json: {schema: {$ref: '#/components/schemas/Call'}}}
components:
  schemas:
    Call:
      type: object
      properties:
        id: {type: string}
        end: {type: integer}
        status: {type: string, default: ended}
        host: {$ref: '#/components/schemas/Host'}
    Host: {type: object, properties: {name: {type: string}}}
"""
BODY: JSON = {"id": "1", "end": None, "status": "ended", "host": {"name": "Ann", "age": 3}}
CORRECTIONS = [
    "target: $.components.schemas.Call.properties.end.type, remove: true",
    "target: $.components.schemas.Call.properties.end, update: {type: [integer, 'null']}",
    "target: $.components.schemas.Call.properties.status, update: {enum: [ended]}",
    "target: $.components.schemas.Call, update: {required: [id]}",
    "target: $.components.schemas.Host.properties, update: {age: {type: integer}}",
    "target: $.components.schemas.Host.properties.age, update: {minimum: 0}",
    "target: $.components.schemas.*.properties.*.default, remove: true",
    "target: '$.components.schemas.Call.properties[?@.enum]', update: {title: Known}",
    "target: $.components.schemas, update: {Guest: {type: object, properties: {}}}",
    "target: $.components.schemas.Guest, copy: $.components.schemas.Host",
    "target: $.components.schemas.Call.properties, update: {host: {maxProperties: 1}}",
    "target: $..age, update: {description: In years.}",
    "target: '$.paths.*.get.parameters[0].schema', update: {pattern: ^1}",
]
PROOFS = [
    "",
    "",
    "x-evidence: [get_call/a.json], ",
    "x-rejects: {get_call/a.json: {/status: on}}, ",
    "x-rejects: {get_call/a.json: {/host/age: -1}}, ",
    "x-rejects: {get_call/a.json: {missing: [/id]}}, ",
    "x-rejects: {get_call path callId: '2'}, ",
]


@given(st.integers(0, 2**32))
def test_verdicts_are_those_of_applying_all_others(seed: int) -> None:
    random = Random(seed)  # noqa: S311 - of tests
    lines = [
        f"  - {{description: x, x-discrepancy: naming, {random.choice(PROOFS)}"
        + random.choice(["", "", "x-group: one, ", "x-group: two, "])
        + f"{correction}}}"
        for correction in CORRECTIONS
        if random.random() < 0.7
    ]
    random.shuffle(lines)
    text = "overlay: 1.1.0\ninfo: {title: C, version: '1'}\nactions:\n" + "\n".join(lines)
    provider = Provider(Path(), "calls", "calls", "calls", "1.0.0", "Calls", (), "", ())
    payload = Payload(
        Path("a.json"), "get_call", "get_call/a.json", "", "printed", 200,
        PayloadRequest({"callId": "1"}, {}), BODY,
    )  # fmt: skip
    definition = Document("openapi.yaml", b"", parse(CALL.encode(), "openapi.yaml"))
    data = cast("JSONObject", definition.data)
    overlay = parse_overlay(text.encode(), Path("calls.yaml"))
    kept = tuple(applicable(data, list(overlay.actions)))
    inputs = Inputs(provider, definition, replace(overlay, actions=kept), (payload,))
    with pytest.MonkeyPatch.context() as patch:
        linear = [str(finding) for finding in prove_inputs(inputs).findings]
        patch.setattr("codegen.proof.prove.Omissions", Naive)
        assert linear == [str(finding) for finding in prove_inputs(inputs).findings]
