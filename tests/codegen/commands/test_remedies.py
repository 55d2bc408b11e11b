"""What actions make a definition accept values that it refused, and all that it accepted."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from codegen.commands.suggest.remedies import InexpressibleError, Misfit, remedy
from codegen.files.document import Document
from codegen.overlay import Action, apply
from codegen.proof.schemas import close_schema, compile_validator, find_mismatches

if TYPE_CHECKING:
    from collections.abc import Sequence

    from codegen.commands.suggest.drift_log import DriftKind

TEXT: Any = {"type": "string"}
INTEGER: Any = {"type": "integer"}
NULL: Any = {"type": "null"}
KIND: Any = {"type": "string", "enum": ["a", "b"]}
CALL: Any = {"type": "object", "properties": {"id": TEXT}}
PLACE = "/components/schemas/S"
OVERLAY = Document(Path("overlay.yaml"), b"", None)


def to(name: str) -> Any:
    return {"$ref": f"#/components/schemas/{name}"}


def definition(schema: Any) -> Any:
    schemas = {"S": schema, "Kind": KIND, "Call": CALL, "Integer": INTEGER}
    return {"components": {"schemas": schemas}}


def healed(kind: DriftKind, schema: Any, values: Sequence[Any], member: str = "") -> Any:
    """A definition after the remedy for values that its schema ``S`` refused."""
    before = definition(schema)
    edits: Any = remedy(kind, Misfit(before, PLACE, member, values)).edits
    return apply(before, [Action(OVERLAY, "", **edit) for edit in edits])


def schemas_of(healed: Any) -> Any:
    return healed["components"]["schemas"]


def accepts(definition: Any, value: Any) -> bool:
    return compile_validator(close_schema(definition, to("S"))).is_valid(value)


@pytest.mark.parametrize(
    ("schema", "values", "after"),
    [
        (TEXT, [1], {"type": ["string", "integer"]}),
        (TEXT, [None], {"type": ["string", "null"]}),
        ({"type": ["string"]}, [None, 1], {"type": ["string", "integer", "null"]}),
        (INTEGER, [1.5], {"type": "number"}),
        ({"type": ["integer", "null"]}, [1.5], {"type": ["number", "null"]}),
        (KIND, ["c", "c", "d"], {"type": "string", "enum": ["a", "b", "c", "c", "d"]}),
        (KIND, [None], {"enum": ["a", "b", None]}),
        ({"enum": ["a"]}, ["b"], {"enum": ["a", "b"]}),
        ({"anyOf": [TEXT, CALL]}, [1], {"anyOf": [TEXT, CALL, INTEGER]}),
        ({"oneOf": [TEXT, CALL]}, [None], {"oneOf": [TEXT, CALL, NULL]}),
        (to("Call"), ["x"], {"anyOf": [to("Call"), TEXT]}),
        (to("Call"), [None], {"anyOf": [to("Call"), NULL]}),
        (CALL, ["x"], {"anyOf": [CALL, TEXT]}),
        (CALL, [[{"id": "1"}]], {"anyOf": [CALL, {"type": "array", "items": CALL}]}),
        (
            CALL,
            [[{"id": 1}]],
            {
                "anyOf": [
                    CALL,
                    {
                        "type": "array",
                        "items": {"type": "object", "properties": {"id": INTEGER}},
                    },
                ]
            },
        ),
        (
            {"type": "array", "items": CALL},
            [{"id": "1"}],
            {"anyOf": [CALL, {"type": "array", "items": CALL}]},
        ),
        (TEXT, [["x"]], {"anyOf": [TEXT, {"type": "array", "items": TEXT}]}),
        (
            TEXT,
            [{}, {"a": None}, {"b": [1, "x", None], "a": 1}],
            {
                "anyOf": [
                    TEXT,
                    {
                        "type": "object",
                        "properties": {
                            "a": {"type": ["integer", "null"]},
                            "b": {
                                "type": "array",
                                "items": {"type": ["integer", "string", "null"]},
                            },
                        },
                    },
                ]
            },
        ),
        (
            TEXT,
            [[[1], {}, 2]],
            {
                "anyOf": [
                    TEXT,
                    {
                        "type": "array",
                        "items": {
                            "anyOf": [
                                {"type": "array", "items": INTEGER},
                                {"type": "object", "additionalProperties": True},
                                INTEGER,
                            ]
                        },
                    },
                ]
            },
        ),
    ],
)
def test_values_that_do_not_fit_are_accepted_by_the_least_that_does_it(
    schema: Any, values: list[Any], after: Any
) -> None:
    made = healed("type", schema, values)
    assert schemas_of(made) == {**schemas_of(definition(schema)), "S": after}
    assert all(accepts(made, value) for value in values)


@pytest.mark.parametrize(
    ("schema", "values", "changed", "after"),
    [
        (to("Kind"), ["c"], "Kind", {"type": "string", "enum": ["a", "b", "c"]}),
        ({"anyOf": [INTEGER, to("Kind")]}, ["c"], "Kind", {**KIND, "enum": ["a", "b", "c"]}),
        ({"oneOf": [to("Kind"), NULL]}, ["c", "d"], "Kind", {**KIND, "enum": [*"abcd"]}),
        (to("Integer"), [1.5], "Integer", {"type": "number"}),
        ({"anyOf": [TEXT, to("Integer")]}, [1.5, 2.5], "Integer", {"type": "number"}),
        ({"anyOf": [TEXT, INTEGER]}, [1.5], "S", {"anyOf": [TEXT, {"type": "number"}]}),
        ({"anyOf": [INTEGER, NULL]}, [1.5, "x"], "S", {
            "anyOf": [INTEGER, NULL, {"type": ["number", "string"]}]
        }),
        ({"anyOf": [KIND, NULL]}, ["c", 1], "S", {
            "anyOf": [KIND, NULL, {"type": ["string", "integer"]}]
        }),
        ({"anyOf": [TEXT, NULL]}, [1], "S", {"anyOf": [TEXT, NULL, INTEGER]}),
    ],
)  # fmt: skip
def test_of_a_choice_or_behind_a_reference_what_is_nearest_to_the_values_is_widened(
    schema: Any, values: list[Any], changed: str, after: Any
) -> None:
    made = healed("type", schema, values)
    assert schemas_of(made) == {**schemas_of(definition(schema)), changed: after}
    assert all(accepts(made, value) for value in values)


@pytest.mark.parametrize(
    ("kind", "schema", "values", "member", "after"),
    [
        ("missing", {**CALL, "required": ["id", "at"]}, [{}], "id", {**CALL, "required": ["at"]}),
        ("format", {**TEXT, "format": "date"}, ["x"], "", TEXT),
        ("constraint", {**TEXT, "maxLength": 1, "minLength": 1}, ["xy"], "",
         {**TEXT, "minLength": 1}),
        ("constraint", {**INTEGER, "maximum": 1}, [2, 3], "", INTEGER),
        ("unknown field", CALL, [1, None], "size",
         {**CALL, "properties": {"id": TEXT, "size": {"type": ["integer", "null"]}}}),
    ],
)  # fmt: skip
def test_a_remedy_is_one_of_the_kind_of_what_was_seen(
    kind: DriftKind, schema: Any, values: list[Any], member: str, after: Any
) -> None:
    assert schemas_of(healed(kind, schema, values, member))["S"] == after


@pytest.mark.parametrize(
    ("kind", "schema", "values", "message"),
    [
        ("unknown field", CALL, [None], "only null was seen"),
        ("constraint", {**TEXT, "maxLength": 1, "pattern": "^a$"}, ["xy"], "several keywords"),
        ("constraint", TEXT, ["xy"], "no keyword by itself"),
        ("type", {"minLength": 1}, [1], "names no type"),
        ("type", TEXT, ["x"], "nothing in the schema refuses the value"),
        ("unknown member", {**KIND, "x-enum-varnames": ["A", "B"]}, ["c"], "x-enum-varnames"),
    ],
)
def test_what_no_values_tell_is_left_to_a_person(
    kind: DriftKind, schema: Any, values: list[Any], message: str
) -> None:
    with pytest.raises(InexpressibleError, match=message):
        healed(kind, schema, values, "size")


def test_where_no_value_was_seen_is_told() -> None:
    values: list[Any] = [{"a": None, "b": [], "c": {"d/e": [[]]}, "f": 1}]
    found = remedy("unknown field", Misfit(definition(CALL), PLACE, "new", values))
    places = "anything is accepted at .a, .b[*], .c.d/e[*][*], where no value was seen"
    assert found.note.endswith(places)
    found = remedy("unknown field", Misfit(definition(CALL), PLACE, "new", [[None]]))
    assert found.note.endswith("anything is accepted at [*], where no value was seen")
    found = remedy("unknown field", Misfit(definition(CALL), PLACE, "new", [[1]]))
    assert "anything" not in found.note


@pytest.mark.parametrize(
    ("schema", "values", "told", "widens"),
    [
        (TEXT, [1, None, 2], "Accepts integer values and null too.", True),
        (INTEGER, [1.5, 1], "Accepts number values too.", True),
        (KIND, ["c", "d"], "Adds c, d to the enumeration.", True),
        (CALL, ["x"], "Accepts string values too.", False),
        (to("Call"), ["x"], "Accepts string values too.", False),
        (TEXT, [[1]], "Accepts array values too.", True),
    ],
)
def test_a_remedy_says_what_it_does(
    schema: Any, values: list[Any], told: str, *, widens: bool
) -> None:
    found = remedy("type", Misfit(definition(schema), PLACE, "", values))
    assert (found.description, found.widens) == (told, widens)


SCALARS = st.none() | st.booleans() | st.integers(-2, 2) | st.sampled_from([0.5, "a", "c"])
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.just("id"), inner, max_size=3),
    max_leaves=6,
)
SCHEMAS: list[Any] = [
    TEXT, INTEGER, KIND, CALL, to("Kind"), to("Call"), {"anyOf": [TEXT, CALL]}, {"enum": [1, "a"]},
    {"type": ["string", "null"]}, {"type": "array", "items": CALL}, {"oneOf": [to("Call"), KIND]},
]  # fmt: skip


@given(
    st.sampled_from(SCHEMAS),
    st.lists(VALUES, min_size=1, max_size=3),
    st.lists(VALUES, max_size=5),
)
def test_what_was_seen_is_accepted_afterwards_and_nothing_is_refused_that_was_accepted(
    schema: Any, values: list[Any], others: list[Any]
) -> None:
    before = definition(schema)
    validator = compile_validator(close_schema(before, to("S")))
    found = [{one.pointer for one in find_mismatches(validator, value)} for value in values]
    # What does not fit further inside is drift of what stands there.
    values = [value for value, places in zip(values, found, strict=True) if places == {""}]
    assume(values)
    made = healed("type", schema, values)
    assert [value for value in values if not accepts(made, value)] == []
    lost = [value for value in others if accepts(before, value) and not accepts(made, value)]
    assert lost == []
