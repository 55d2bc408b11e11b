"""What the sandbox reads in the parameters of a request."""

from __future__ import annotations

from typing import Any

import pytest

from callrecords.sandbox._parameter import BadParameterError, read_parameter

TEXTS = {"type": "array", "items": {"enum": ["red", "blue"]}}
NUMBERS = {"type": "array", "items": {"type": "integer"}}


def read(declared: dict[str, Any], texts: list[str], definition: Any = None) -> object:
    parameter = read_parameter(definition or {}, {"name": "x", **declared})
    assert parameter is not None
    return parameter.read(texts)


@pytest.mark.parametrize(
    ("schema", "explode", "texts", "value"),
    [
        (TEXTS, True, ["red"], ["red"]),
        (TEXTS, True, ["red", "blue"], ["red", "blue"]),
        (TEXTS, False, ["red"], ["red"]),
        (TEXTS, False, ["red,blue"], ["red", "blue"]),
        (NUMBERS, True, ["1", "2"], [1, 2]),
        (NUMBERS, False, ["1,2"], [1, 2]),
        ({"type": "string"}, False, ["red,blue"], "red,blue"),
        ({"type": "integer"}, False, ["12"], 12),
    ],
)
def test_a_list_is_read_as_the_definition_wants_it_sent(
    schema: dict[str, Any], *, explode: bool, texts: list[str], value: object
) -> None:
    assert read({"in": "query", "explode": explode, "schema": schema}, texts) == value


@pytest.mark.parametrize(
    ("schema", "explode", "texts"),
    [(TEXTS, True, ["red,blue"]), (TEXTS, False, ["red,green"]), (NUMBERS, False, ["1,x"])],
)
def test_another_list_is_refused(
    schema: dict[str, Any], *, explode: bool, texts: list[str]
) -> None:
    with pytest.raises(BadParameterError, match="query parameter x"):
        read({"in": "query", "explode": explode, "schema": schema}, texts)


@pytest.mark.parametrize(
    ("schema", "accepted"),
    [
        ({"enum": ["a", "b", "c", "d", 5]}, '"a", "b", "c", "d", 5'),
        ({"anyOf": [{"enum": ["a", "b"]}, {"type": "null"}]}, '"a", "b"'),
        ({"oneOf": [{"enum": ["a"]}, {"anyOf": [{"enum": ["b"]}, {"enum": [1]}]}]}, '"a", "b", 1'),
        (TEXTS, '"red", "blue"'),
        ({"enum": [*range(30)]}, f"{', '.join(map(str, range(20)))}, 10 more"),
    ],
)
def test_who_sends_no_member_is_told_the_members(schema: dict[str, Any], accepted: str) -> None:
    with pytest.raises(BadParameterError) as refusal:
        read({"in": "query", "schema": schema}, ["é"])
    assert str(refusal.value) == f'query parameter x: "é" is not one of {accepted}'


@pytest.mark.parametrize(
    ("declared", "text", "value"),
    [
        ({"in": "path"}, "1,2", [1, 2]),
        ({"in": "header"}, "1,2", [1, 2]),
        ({"in": "path", "style": "label"}, ".1.2", [1, 2]),
        ({"in": "path", "style": "matrix"}, ";x=1,2", [1, 2]),
        ({"in": "query", "style": "pipeDelimited"}, "1|2", [1, 2]),
        ({"in": "query", "style": "spaceDelimited"}, "1 2", [1, 2]),
    ],
)
def test_a_list_is_read_in_any_style(declared: dict[str, Any], text: str, value: object) -> None:
    assert read({"schema": NUMBERS, **declared}, [text]) == value


def test_an_object_is_read_as_json_and_in_no_other_form() -> None:
    schema = {"type": "object"}
    assert read_parameter({}, {"name": "x", "in": "query", "schema": schema}) is None
    content = {"application/json": {"schema": schema}}
    assert read({"in": "query", "content": content}, ['{"a": 1}']) == {"a": 1}


def test_a_pattern_that_cannot_be_run_refuses_nothing() -> None:
    items = {"$ref": "#/components/schemas/Item"}
    schema = {"type": "array", "items": items}
    definition: dict[str, Any] = {
        "components": {"schemas": {"Item": {"pattern": "^.{1,100000}$", "minLength": 2}}}
    }
    declared = {"in": "query", "schema": schema}
    assert read(declared, ["red", "blue"], definition) == ["red", "blue"]
    with pytest.raises(BadParameterError):
        read(declared, ["r", "blue"], definition)
