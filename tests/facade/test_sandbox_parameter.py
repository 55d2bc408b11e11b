"""What the sandbox reads in the parameters of a request."""

from __future__ import annotations

from typing import Any

import pytest

from callrecords.sandbox._parameter import BadParameterError, read_parameter

TEXTS = {"type": "array", "items": {"enum": ["red", "blue"]}}
NUMBERS = {"type": "array", "items": {"type": "integer"}}


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
    declared = {"name": "x", "in": "query", "explode": explode, "schema": schema}
    assert read_parameter({}, declared).read(texts) == value


@pytest.mark.parametrize(
    ("schema", "explode", "texts"),
    [(TEXTS, True, ["red,blue"]), (TEXTS, False, ["red,green"]), (NUMBERS, False, ["1,x"])],
)
def test_another_list_is_refused(
    schema: dict[str, Any], *, explode: bool, texts: list[str]
) -> None:
    declared = {"name": "x", "in": "query", "explode": explode, "schema": schema}
    with pytest.raises(BadParameterError, match="query parameter x"):
        read_parameter({}, declared).read(texts)


def test_a_pattern_that_cannot_be_run_refuses_nothing() -> None:
    items = {"$ref": "#/components/schemas/Item"}
    schema = {"type": "array", "items": items}
    definition: dict[str, Any] = {
        "components": {"schemas": {"Item": {"pattern": "^.{1,100000}$", "minLength": 2}}}
    }
    declared = {"name": "x", "in": "query", "schema": schema}
    assert read_parameter(definition, declared).read(["red", "blue"]) == ["red", "blue"]
    with pytest.raises(BadParameterError):
        read_parameter(definition, declared).read(["r", "blue"])
