"""Closing a schema: which objects accept undocumented properties, and which do not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codegen.files.errors import Problem
from codegen.files.values import lookup
from codegen.proof.schemas import (
    UnusableSchemaError,
    close_schema,
    compile_validator,
    find_mismatches,
)

if TYPE_CHECKING:
    from pathlib import Path

    from codegen.files.values import JSON, JSONObject


ID: JSONObject = {"type": "object", "properties": {"id": {"type": "string"}}}
NAME: JSONObject = {"type": "object", "properties": {"name": {"type": "string"}}}
DEFINITION: JSONObject = {
    "components": {
        "schemas": {
            "Id": ID,
            "Name": NAME,
            "Both": {"allOf": [{"$ref": "#/components/schemas/Id"}, NAME]},
            "Tree": {
                "type": "object",
                "properties": {
                    "children": {"type": "array", "items": {"$ref": "#/components/schemas/Tree"}}
                },
            },
            "Chain": {
                "properties": {"value": {"type": "string"}},
                "allOf": [{"$ref": "#/components/schemas/Chain"}],
            },
            "Loop": {"allOf": [{"$ref": "#/components/schemas/Loop"}]},
            "Odd/name~ {x}": ID,
        }
    }
}


def reference(name: str) -> JSONObject:
    return {"$ref": f"#/components/schemas/{name}"}


def accepts(schema: JSON, value: JSON) -> bool:
    validator = compile_validator(close_schema(DEFINITION, schema))
    return not find_mismatches(validator, value)


CLOSED: dict[str, tuple[JSON, JSON, JSON]] = {
    "an object": (ID, {"id": "1"}, {"id": "1", "x": 1}),
    "in an array": ({"items": ID}, [{"id": "1"}], [{"x": 1}]),
    "in an object": ({"properties": {"call": ID}}, {"call": {}}, {"call": {"x": 1}}),
    "in a map": ({"additionalProperties": ID}, {"any": {"id": "1"}}, {"any": {"x": 1}}),
    "in a tuple": ({"prefixItems": [ID]}, [{"id": "1"}, {"x": 1}], [{"x": 1}]),
    "beside patterns": (
        {"patternProperties": {"^a": ID}, "properties": {"b": True}},
        {"a1": {"id": "1"}, "b": 1},
        {"c": 1},
    ),
    "among several types": ({**ID, "type": ["object", "string"]}, "text", {"x": 1}),
    "behind a reference": (reference("Id"), {"id": "1"}, {"x": 1}),
    "behind a reference with constraints": (
        {**reference("Id"), "required": ["id"]},
        {"id": "1"},
        {"id": "1", "x": 1},
    ),
    "beside a reference": (
        {**reference("Id"), **NAME},
        {"id": "1", "name": "a"},
        {"id": "1", "x": 1},
    ),
    "composed": (reference("Both"), {"id": "1", "name": "a"}, {"x": 1}),
    "composed twice": (
        {"allOf": [reference("Both"), {"properties": {"age": {}}}]},
        {"id": "1", "name": "a", "age": 3},
        {"id": "1", "x": 1},
    ),
    "composed of references alone": (
        {"allOf": [reference("Id"), reference("Name")]},
        {"id": "1", "name": "a"},
        {"id": "1", "x": 1},
    ),
    "composed with a choice": (
        {"allOf": [ID, {"oneOf": [{**NAME, "required": ["name"]}, {"required": ["id"]}]}]},
        {"id": "1"},
        {"id": "1", "x": 1},
    ),
    "inside what is composed": (
        {"allOf": [{"properties": {"call": ID}}]},
        {"call": {}},
        {"call": {"x": 1}},
    ),
    "a choice": ({"anyOf": [ID, NAME]}, {"name": "a"}, {"x": 1}),
    "a choice of one": ({"oneOf": [ID, NAME]}, {"name": "a"}, {"x": 1}),
    "a choice is no mixture": ({"anyOf": [ID, NAME]}, {"id": "1"}, {"id": "1", "name": "a"}),
    "beside a choice": (
        {**ID, "anyOf": [NAME, {"properties": {"age": {}}}]},
        {"id": "1", "age": 3},
        {"id": "1", "x": 1},
    ),
    "nullable": ({"oneOf": [reference("Id"), {"type": "null"}]}, None, {"x": 1}),
    "with a condition": (
        {**ID, "if": {"required": ["id"]}, "then": NAME},
        {"id": "1", "name": "a"},
        {"id": "1", "x": 1},
    ),
    "with a dependent schema": (
        {**ID, "dependentSchemas": {"id": NAME}},
        {"id": "1", "name": "a"},
        {"id": "1", "x": 1},
    ),
    "recursive": (reference("Tree"), {"children": [{"children": []}]}, {"children": [{"x": 1}]}),
    "oddly named": (reference("Odd~1name~0%20%7Bx%7D"), {"id": "1"}, {"x": 1}),
    "deep reference": (reference("Tree/properties/children/items"), {"children": []}, {"x": 1}),
}


@pytest.mark.parametrize(("schema", "documented", "undocumented"), CLOSED.values(), ids=CLOSED)
def test_only_documented_properties_are_accepted(
    schema: JSON, documented: JSON, undocumented: JSON
) -> None:
    assert accepts(schema, documented)
    assert not accepts(schema, undocumented)


OPEN: dict[str, tuple[JSON, JSON]] = {
    "a choice said to be open": ({"anyOf": [ID], "additionalProperties": True}, {"x": 1}),
    "no properties": ({"type": "object"}, {"x": 1}),
    "empty properties": ({"type": "object", "properties": {}}, {"x": 1}),
    "a boolean schema": (True, {"x": 1}),
    "said to be open": ({**ID, "additionalProperties": True}, {"x": 1}),
    "a map with known members": ({**ID, "additionalProperties": {}}, {"x": 1}),
    "unevaluated allowed": ({**ID, "unevaluatedProperties": True}, {"x": 1}),
    "composed and open": ({"allOf": [ID], "additionalProperties": True}, {"x": 1}),
    "an open part": ({"allOf": [{**ID, "additionalProperties": True}, NAME]}, {"x": 1}),
    "composed of free-form": ({"allOf": [{"type": "object"}]}, {"x": 1}),
    "a free-form choice": ({"anyOf": [ID, {"type": "object"}]}, {"x": 1}),
    "what some item must be": ({"contains": ID}, [{"x": 1}]),
}


@pytest.mark.parametrize(("schema", "value"), OPEN.values(), ids=OPEN)
def test_free_form_objects_and_questions_stay_open(schema: JSON, value: JSON) -> None:
    assert accepts(schema, value)


QUESTIONS: dict[str, JSON] = {
    "not": {"not": {**ID, "required": ["id"]}},
    "not, by reference": {"not": {"allOf": [reference("Id"), {"required": ["id"]}]}},
    "not, further inside": {"not": {"properties": {"call": ID}, "required": ["id"]}},
    "if": {"if": ID, "then": {"required": ["y"]}},
    "if, by reference": {"if": reference("Id"), "then": {"required": ["y"]}},
}


@pytest.mark.parametrize("schema", QUESTIONS.values(), ids=QUESTIONS)
def test_what_a_schema_asks_is_asked_as_written(schema: JSON) -> None:
    assert not accepts(schema, {"id": "1", "x": 1, "call": {"x": 1}})


# An independent reading of what closing means, for the keywords that objects are made of.
NAMES = st.sampled_from("abc")
REQUIRED: st.SearchStrategy[JSON] = NAMES
LEAVES: st.SearchStrategy[JSON] = st.sampled_from([True, {}, {"type": "string"}, {"minimum": 1}])


def with_inner(schemas: st.SearchStrategy[JSON]) -> st.SearchStrategy[JSON]:
    return st.fixed_dictionaries(
        {},
        optional={
            "properties": st.dictionaries(NAMES, schemas, max_size=2),
            "additionalProperties": st.booleans(),
            "unevaluatedProperties": st.just(True),
            "items": schemas,
            "allOf": st.lists(schemas, min_size=1, max_size=2),
            "required": st.lists(REQUIRED, max_size=1),
            "$ref": st.sampled_from(["Id", "Both", "Tree", "Loop"]).map(
                lambda name: f"#/components/schemas/{name}"
            ),
        },
    )


SCHEMAS = st.recursive(LEAVES, with_inner, max_leaves=6)
VALUES = st.recursive(
    st.sampled_from([None, 0, 1, "a"]),
    lambda values: (
        st.lists(values, max_size=2)
        | st.dictionaries(st.sampled_from(["a", "b", "c", "id", "children"]), values, max_size=3)
    ),
    max_leaves=5,
)


def applying(schema: JSON, seen: tuple[str, ...] = ()) -> list[JSONObject]:
    """The schemas that apply to the same value."""
    if not isinstance(schema, dict):
        return []
    parts: list[JSONObject] = [schema]
    members = schema.get("allOf")
    for part in members if isinstance(members, list) else []:
        parts += applying(part, seen)
    target = schema.get("$ref")
    if isinstance(target, str) and target not in seen:
        parts += applying(lookup(DEFINITION, target[1:]), (*seen, target))
    return parts


def is_documented(value: JSON, schema: JSON) -> bool:
    """Whether all that is in a value is among the properties of schemas that list some."""
    parts = applying(schema)
    properties = [part.get("properties") for part in parts]
    listed = [each for each in properties if isinstance(each, dict) and each]
    if isinstance(value, list):
        return all(is_documented(item, part.get("items")) for part in parts for item in value)
    if not isinstance(value, dict):
        return True
    is_open = any(
        keyword in part
        for part in parts
        for keyword in ("additionalProperties", "unevaluatedProperties")
    )
    return all(
        (is_open or not listed or any(name in each for each in listed))
        and all(is_documented(member, each.get(name)) for each in listed)
        for name, member in value.items()
    )


@given(SCHEMAS, VALUES)
def test_a_closed_schema_refuses_what_is_not_documented_and_nothing_else(
    schema: JSON, value: JSON
) -> None:
    whole: JSON = schema
    if isinstance(schema, dict):
        whole = {**schema, "components": DEFINITION["components"]}
    is_accepted = compile_validator(whole).is_valid(value)
    assert accepts(schema, value) == (is_accepted and is_documented(value, schema))


def test_a_schema_composed_of_itself_is_closed_once() -> None:
    closed = close_schema(DEFINITION, reference("Chain"))
    assert isinstance(closed, dict)
    definitions = closed["$defs"]
    assert isinstance(definitions, dict)
    assert len(definitions) == 2  # by itself, and as a part


def test_a_schema_composed_of_nothing_but_itself_stays_open() -> None:
    assert "unevaluatedProperties" not in repr(close_schema(DEFINITION, reference("Loop")))


def test_the_definition_is_left_as_it_is() -> None:
    schema: JSONObject = {"allOf": [{"properties": {"a": {"properties": {"b": {}}}}}]}
    before = repr((schema, DEFINITION))
    close_schema(DEFINITION, schema)
    assert repr((schema, DEFINITION)) == before


@pytest.mark.parametrize(
    "target", ["#/components/schemas/Nothing", "other.yaml#/Id", "https://x.example/Id", 7]
)
def test_a_reference_that_leads_nowhere_is_named(target: JSON) -> None:
    with pytest.raises(UnusableSchemaError, match=r"leads to nothing") as caught:
        close_schema(DEFINITION, {"properties": {"id": {"$ref": target}}})
    assert repr(target) in str(caught.value)


CALL: JSONObject = {
    "type": "object",
    "properties": {"id": {"type": "string"}, "status": {"enum": ["ended"]}},
    "required": ["id"],
    "additionalProperties": False,
}
NULL: JSONObject = {"type": "null"}


KINDS: list[tuple[JSON, JSON, str]] = [
    ({"type": "string"}, 1, "type"),
    ({"anyOf": [{"type": "string"}, {"type": "null"}]}, 1, "type"),
    ({"required": ["id"]}, {}, "required"),
    ({"properties": {}, "additionalProperties": False}, {"x": 1}, "additionalProperties"),
    ({"allOf": [{}], "unevaluatedProperties": False}, {"x": 1}, "unevaluatedProperties"),
    ({"enum": [1]}, 2, "enum"),
    ({"const": 1}, 2, "const"),
    ({"format": "date"}, "x", "format"),
    ({"maxLength": 1}, "xy", "maxLength"),
    ({"not": {}}, 1, "not"),
]


@pytest.mark.parametrize(("schema", "value", "kind"), KINDS)
def test_the_kind_of_a_mismatch_is_the_keyword_that_refuses(
    schema: JSON, value: JSON, kind: str
) -> None:
    assert [problem.kind for problem in find_mismatches(compile_validator(schema), value)] == [kind]


CHOICES = st.recursive(
    st.sampled_from([
        {"type": "string"}, {"type": ["null", "integer"]}, {"minimum": 1}, {"required": ["a"]},
        {"properties": {"a": {"type": "string"}}}, {"additionalProperties": False},
        {"items": {"type": "null"}},
    ]),
    lambda schemas: st.builds(
        lambda keyword, branches: {keyword: branches},
        st.sampled_from(["anyOf", "oneOf", "allOf"]),
        st.lists(schemas, min_size=1, max_size=3),
    ),
    max_leaves=5,
)  # fmt: skip


@given(CHOICES, VALUES)
def test_whatever_is_refused_has_a_mismatch_at_a_place_of_the_value(
    schema: JSON, value: JSON
) -> None:
    validator = compile_validator(schema)
    problems = find_mismatches(validator, value)
    assert bool(problems) is not validator.is_valid(value)
    for problem in problems:
        lookup(value, problem.pointer)


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
            [
                {"required": ["error"], "properties": {"data": {"properties": {"id": NULL}}}},
                {"properties": {"data": {"required": ["id", "x"]}}},
            ],
            {"data": {"id": 1}},
            [("/data", '"x" is a required property')],
            id="the branch whose outermost mismatch is deepest",
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
    ("x" * 58, '"' + "x" * 58 + '"'),
    ("x" * 59, '"' + "x" * 58 + "…"),
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


def test_nothing_outside_of_the_definition_is_read(tmp_path: Path) -> None:
    file = tmp_path / "text.json"
    file.write_text('{"type": "string"}')
    with pytest.raises(UnusableSchemaError, match=r"text\.json"):
        compile_validator({"$ref": file.as_uri()})


def test_a_mismatch_reads_as_place_and_message() -> None:
    assert str(Problem("type", "/id", "is wrong")) == "/id: is wrong"
    assert str(Problem("type", "", "is wrong")) == "(the whole): is wrong"
