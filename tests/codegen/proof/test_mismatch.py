"""What is said of a value that does not fit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from codegen.proof.closing import UnusableSchemaError
from codegen.proof.mismatch import Mismatch, compile_validator, find_mismatches

if TYPE_CHECKING:
    from codegen.files.values import JSON, JSONObject

CALL: JSONObject = {
    "type": "object",
    "properties": {"id": {"type": "string"}, "status": {"enum": ["ended"]}},
    "required": ["id"],
    "additionalProperties": False,
}
NULL: JSONObject = {"type": "null"}


def told(schema: JSON, value: JSON) -> list[tuple[str, str]]:
    mismatches = find_mismatches(compile_validator(schema), value)
    return [(mismatch.pointer, mismatch.message) for mismatch in mismatches]


@pytest.mark.parametrize("value", [{"id": "1"}, {"id": "1", "status": "ended"}])
def test_a_value_that_fits_has_no_mismatch(value: JSON) -> None:
    assert told(CALL, value) == []


def test_every_mismatch_is_told_with_its_place() -> None:
    assert sorted(told({"items": CALL}, [{"id": 1, "x": 1}, {"status": "ENDED"}])) == [
        ("/0", "Additional properties are not allowed ('x' was unexpected)"),
        ("/0/id", '1 is not of type "string"'),
        ("/1", '"id" is a required property'),
        ("/1/status", '"ENDED" is not one of "ended"'),
    ]


def test_a_pointer_is_escaped() -> None:
    assert told({"properties": {"a/b~c": NULL}}, {"a/b~c": 1})[0][0] == "/a~1b~0c"


@pytest.mark.parametrize("choice", ["anyOf", "oneOf"])
@pytest.mark.parametrize(
    ("branches", "value", "expected"),
    [
        pytest.param(
            [CALL, {"type": "array", "items": CALL}, NULL],
            [{"id": 1}],
            [("/0/id", '1 is not of type "string"')],
            id="the branch of the same type",
        ),
        pytest.param(
            [CALL, {"type": "array", "items": CALL}],
            7,
            [("", '7 is not of type "object" or "array"')],
            id="no branch of the same type",
        ),
        pytest.param(
            [{"anyOf": [CALL, NULL]}, {"type": ["integer", "string"]}],
            [],
            [("", '[] is not of type "object", "null", "integer" or "string"')],
            id="no branch of the same type, nested",
        ),
        pytest.param(
            [{"anyOf": [CALL, NULL]}, {"type": "array"}],
            {"id": 1},
            [("/id", '1 is not of type "string"')],
            id="the branch of the same type, nested",
        ),
        pytest.param(
            [
                {"required": ["error"]},
                {"properties": {"data": CALL}, "additionalProperties": False},
            ],
            {"data": {"id": 1}},
            [("/data/id", '1 is not of type "string"')],
            id="the branch that fails deepest",
        ),
        pytest.param(
            [{"required": ["a", "b"]}, {"required": ["a"]}],
            {},
            [("", '"a" is a required property')],
            id="the branch with the fewest mismatches",
        ),
        pytest.param(
            [{"const": "a"}, NULL], "b", [("", '"a" was expected')], id="another constant"
        ),
    ],
)
def test_of_a_choice_the_branch_speaks_that_was_meant(
    choice: str, branches: JSON, value: JSON, expected: list[tuple[str, str]]
) -> None:
    assert told({choice: branches}, value) == expected


def test_too_many_fitting_branches_are_told_as_such() -> None:
    schema: JSONObject = {"oneOf": [{"type": "integer"}, {"type": "number"}]}
    ((pointer, message),) = told(schema, 1)
    assert pointer == ""
    assert message.startswith("1 is valid under more than one")


SHOWN: list[tuple[JSON, str]] = [
    ({"a": "x" * 1000}, "an object with 1 member"),
    ([{}, {}], "an array of 2 items"),
    ({}, "{}"),
    ([], "[]"),
    (True, "true"),
    (None, "null"),
    ("é", '"é"'),
    ("x" * 100, '"' + "x" * 58 + "…"),
]


@pytest.mark.parametrize(("value", "shown"), SHOWN)
def test_values_are_shown_briefly(value: JSON, shown: str) -> None:
    assert told({"type": "number"}, value) == [("", f'{shown} is not of type "number"')]


COMPOSED: JSONObject = {
    "unevaluatedProperties": False,
    "allOf": [{"properties": {"id": {"type": "string"}}}],
}


def test_a_mismatch_in_a_composition_does_not_make_its_properties_undocumented() -> None:
    assert told(COMPOSED, {"id": 1}) == [("/id", '1 is not of type "string"')]


def test_an_undocumented_property_of_a_composition_is_told_beside_mismatches_elsewhere() -> None:
    schema: JSONObject = {"properties": {"a": COMPOSED, "b": NULL}}
    assert sorted(told(schema, {"a": {"x": 1}, "b": 1})) == [
        ("/a", "Unevaluated properties are not allowed ('x' was unexpected)"),
        ("/b", '1 is not of type "null"'),
    ]


@pytest.mark.parametrize(
    ("format_name", "value"), [("date-time", "yesterday"), ("uuid", "1"), ("date", "2026-13-01")]
)
def test_formats_are_checked(format_name: str, value: str) -> None:
    assert told({"format": format_name}, value) == [("", f'"{value}" is not a "{format_name}"')]


@pytest.mark.parametrize(
    ("schema", "place"),
    [
        ({"properties": {"a": {"type": "text"}}}, "/properties/a/type"),
        ({"exclusiveMinimum": True}, "/exclusiveMinimum"),
        ({"pattern": "("}, "/pattern"),
        ([], "no schema"),
        ("string", '"string" is no schema'),
    ],
)
def test_what_is_no_schema_is_refused(schema: JSON, place: str) -> None:
    with pytest.raises(UnusableSchemaError, match=place):
        compile_validator(schema)


def test_a_mismatch_reads_as_place_and_message() -> None:
    assert str(Mismatch("/id", "is wrong")) == "/id: is wrong"
    assert str(Mismatch("", "is wrong")) == "(the whole): is wrong"
