"""Ways through the answers of a definition."""

from __future__ import annotations

from typing import Any

import pytest

from codegen.openapi.answers import Answers
from codegen.openapi.grammar import operations

JSON = "application/json"
SCHEMAS: Any = {
    "Call": {"type": "object", "properties": {"id": {"type": ["string", "null"]}}},
    "Circle": {"allOf": [{"$ref": "#/components/schemas/Circle"}], "properties": {"a": True}},
}
ANSWER: Any = {
    "allOf": [
        {"properties": {"data": {"oneOf": [
            {"$ref": "#/components/schemas/Call"},
            {"type": "array", "items": {"$ref": "#/components/schemas/Call"}},
        ]}}},
        {"properties": {"all": {"type": "array", "items": {"type": "number"}}, "circle": {
            "$ref": "#/components/schemas/Circle"}}},
    ]
}  # fmt: skip


def answers(**responses: Any) -> tuple[Answers, dict[str, str]]:
    documented = {key.removeprefix("s"): value for key, value in responses.items()}
    item: Any = {"get": {"operationId": "get", "responses": documented}}
    found = Answers({"paths": {"/a": item}, "components": {"schemas": SCHEMAS}})
    [operation] = operations(found.definition)
    return found, found.successes(operation)


def json(schema: Any) -> dict[str, Any]:
    return {"description": "", "content": {JSON: {"schema": schema}}}


def test_successes_are_those_in_json_and_the_default_only_without_another() -> None:
    csv = {"description": "", "content": {"text/csv": {"schema": {}}}}
    bare = {"description": "", "content": {JSON: {}}}
    one = json({})
    _, found = answers(
        s200=one, s201=csv, s202=bare, s204={"description": ""}, s404=one, default=one
    )
    assert list(found) == ["200"]
    _, found = answers(s2XX=one, default=one)
    assert list(found) == ["2XX"]
    _, found = answers(s404=one, default=one)
    assert found == {"default": "/paths/~1a/get/responses/default/content/application~1json/schema"}


def test_an_answer_is_that_for_its_status_else_for_its_class_else_the_default() -> None:
    one = json({})
    found, _ = answers(s200=one, s4XX=one, s404={"description": ""}, default=one)
    [operation] = operations(found.definition)
    responses = "/paths/~1a/get/responses"
    schema = "content/application~1json/schema"
    assert [found.answered(operation, status) for status in (200, 409, 404, 500)] == [
        f"{responses}/200/{schema}",
        f"{responses}/4XX/{schema}",
        None,  # it is documented, and has nothing
        f"{responses}/default/{schema}",
    ]
    found, _ = answers(s200=one)
    [operation] = operations(found.definition)
    assert found.answered(operation, 201) is None


@pytest.mark.parametrize(
    ("body", "schema"),
    [
        (json({}), "/paths/~1a/get/requestBody/content/application~1json/schema"),
        ({"content": {"text/csv": {"schema": {}}}}, None),
        ({"content": {JSON: {}}}, None),
        ({}, None),
    ],
)
def test_what_is_sent_is_the_json_of_a_body(body: Any, schema: str | None) -> None:
    found, _ = answers()
    found.definition["paths"]["/a"]["get"]["requestBody"] = body  # type: ignore[call-overload,index]
    [operation] = operations(found.definition)
    assert found.sent(operation) == schema


@pytest.mark.parametrize(
    ("schema", "values"),
    [
        ({"enum": ["a", 1]}, ["a", 1]),
        ({"const": None}, [None]),
        ({"anyOf": [{"const": "a"}, {"enum": ["b"]}]}, ["a", "b"]),
        ({"type": "string"}, []),
    ],
)
def test_the_values_are_those_that_are_listed_and_the_only_one(schema: Any, values: Any) -> None:
    found, schemas = answers(s200=json(schema))
    assert found.values(schemas.values()) == values


@pytest.mark.parametrize(
    ("schema", "is_one"),
    [({"type": "array"}, True), ({"items": {}}, True), ({"items": True}, False), ({}, False)],
)
def test_an_array_is_what_says_so_or_has_items(schema: Any, *, is_one: bool) -> None:
    found, schemas = answers(s200=json(schema))
    assert found.is_array(schemas.values()) is is_one


@pytest.mark.parametrize(
    ("path", "types"),
    [
        ((), set()),
        (("data",), {"object", "array"}),
        (("data", "id"), {"string", "null"}),
        (("data", "[]"), {"object"}),
        (("all",), {"array"}),
        (("all", "[]"), {"number", "integer"}),
    ],
)
def test_a_way_leads_through_references_choices_and_compositions(
    path: tuple[str, ...], types: set[str]
) -> None:
    found, schemas = answers(s200=json(ANSWER))
    here = found.at(schemas.values(), path)
    assert here
    assert found.types(here) == types


@pytest.mark.parametrize(
    ("path", "steps", "told"),
    [
        (("date",), 0, "the answer has data, all, circle"),
        (("data", "ids"), 1, "`data` has id"),
        (("all", "x"), 1, "`all` is an array; its only item is `all[]`"),
        (("data", "id", "x"), 2, "`data.id` has no members"),
        (("circle", "a"), 1, "`circle` has no members"),
    ],
)
def test_where_a_way_ends_is_told_with_what_is_there(
    path: tuple[str, ...], steps: int, told: str
) -> None:
    found, schemas = answers(s200=json(ANSWER))
    assert found.at(schemas.values(), path) == []
    assert found.end(schemas.values(), path) == (steps, told)
