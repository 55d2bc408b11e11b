"""What is said of operations: their texts, requests and answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from codegen.files.document import Document
from codegen.generator.endpoints import (
    Operations,
    answered,
    body_type,
    can_be_one_parameter,
    can_be_text,
    error_reader,
    header_value,
    outcomes,
    path_expression,
    success_readers,
)
from codegen.generator.endpoints import (
    read as body_of,
)
from codegen.generator.python import Decoder
from codegen.generator.reading import read

if TYPE_CHECKING:
    from openapi_python_client.parser.openapi import Endpoint

STRING = {"type": "string"}
NOTHING = {"204": {"description": ""}}
DECODE = Decoder([], {}, frozenset())


def operation(path: str = "/calls", **given: Any) -> tuple[Operations, Endpoint]:
    """One operation as a definition and as the generator has it."""
    data: Any = {
        "openapi": "3.1.0",
        "info": {"title": "T", "version": "1"},
        "paths": {path: {"post": {"responses": NOTHING, **given}}},
        "components": {
            "schemas": {
                "Call": {"type": "object", "properties": {"id": STRING}},
                "Sort": {"enum": ["up", "down"]},
                "Level": {"enum": [1, 2]},
            }
        },
    }
    reading = read(Document("openapi.json", b"", data))
    assert reading.unread == ()
    (endpoint,) = reading.endpoints
    return Operations(data), endpoint


def ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


def content(*media_types: str, schema: Any = None) -> Any:
    described = {name: {"schema": schema or STRING} for name in media_types}
    return {"description": "", "content": described}


@pytest.mark.parametrize(
    ("given", "summary", "description"),
    [
        ({"summary": "Start", "description": "More."}, "Start.", "More."),
        ({"summary": "Start."}, "Start.", ""),
        ({"description": "It starts."}, "It starts.", ""),
        ({}, "POST /calls.", ""),
    ],
)
def test_an_operation_is_told_by_its_summary_then_by_the_rest(
    given: Any, summary: str, description: str
) -> None:
    described, endpoint = operation(**given)
    assert (described.summary(endpoint), described.description(endpoint)) == (summary, description)


@pytest.mark.parametrize(
    ("declared", "text"),
    [
        ({"description": " How many ", "schema": {"default": 5}}, "How many. The server's default"),
        ({"schema": {"description": "Many."}}, "Many."),
        ({"schema": {}}, "The query parameter ``limit``."),
    ],
)
def test_a_parameter_is_told_with_the_default_of_the_server(declared: Any, text: str) -> None:
    described, endpoint = operation(parameters=[{"in": "query", "name": "limit", **declared}])
    (parameter,) = endpoint.query_parameters
    found = described.parameter_description(endpoint, parameter)
    assert found.startswith(text)
    assert found.endswith(" The server's default is 5.") == ("default" in declared["schema"])


@pytest.mark.parametrize(
    ("responses", "accepted"),
    [
        (NOTHING, None),
        ({"200": content("application/json")}, None),
        ({"200": content("Application/JSON; charset=utf-8")}, None),
        ({"200": content("text/csv"), "400": content("text/plain")}, "text/csv"),
        (
            {"200": content("text/csv"), "201": content("application/pdf")},
            "text/csv, application/pdf",
        ),
        ({"200": content("text/csv"), "default": content("text/plain")}, "text/csv"),
        ({"default": content("text/plain"), "404": content("text/html")}, "text/plain"),
        ({"200": content("not a media type")}, "*/*"),
        ({"200": content("text/csv", "not a media type")}, "*/*"),
        ({"200": content("text/csv; header=present")}, "text/csv; header=present"),
    ],
)
def test_what_successes_are_is_what_is_asked_for(responses: Any, accepted: str | None) -> None:
    # Formats that the generator does not read are in its definition as bytes.
    readable = {status: {"description": ""} for status in responses}
    _, endpoint = operation(responses=readable)
    described, _ = operation(responses=NOTHING)
    data: Any = {"paths": {"/calls": {"post": {"responses": responses}}}}
    assert Operations(data).accepted(endpoint) == accepted
    assert described.accepted(endpoint) is None


@pytest.mark.parametrize(
    ("schema", "explode", "required", "expression", "is_joined"),
    [
        (STRING, True, False, "at", False),
        (STRING, False, False, "at", False),
        ({"type": "string", "format": "date"}, True, True, "at.isoformat()", False),
        (
            {"type": "string", "format": "date"},
            True,
            False,
            "at if at is UNSET else at.isoformat()",
            False,
        ),
        ({"type": "array", "items": STRING}, True, False, "at", False),
        ({"type": "array", "items": STRING}, False, True, 'comma_separated("at", at)', True),
        (
            {"type": "array", "items": STRING},
            False,
            False,
            'at if at is UNSET else comma_separated("at", at)',
            True,
        ),
    ],
)
def test_a_query_parameter_is_sent_as_the_definition_has_it(
    *, schema: Any, explode: bool, required: bool, expression: str, is_joined: bool
) -> None:
    declared = {"in": "query", "name": "at", "schema": schema, "explode": explode}
    described, endpoint = operation(parameters=[{**declared, "required": required}])
    (parameter,) = endpoint.query_parameters
    assert described.query_value(endpoint, parameter) == expression
    assert described.is_joined(endpoint, parameter) is is_joined


@pytest.mark.parametrize(
    ("schema", "expression"),
    [
        (STRING, "id"),
        ({"type": "integer"}, "str(id)"),
        ({"type": "boolean"}, "'true' if id else 'false'"),
        ({"type": "string", "format": "uuid"}, "str(id)"),
        (ref("Sort"), "id.value"),
        (ref("Level"), "id._value_"),
    ],
)
def test_a_part_of_a_path_is_text(schema: Any, expression: str) -> None:
    declared = {"in": "path", "name": "id", "required": True, "schema": schema}
    _, endpoint = operation("/a{b}c/{id}", parameters=[declared, {**declared, "name": "b"}])
    assert {header_value(each) for each in endpoint.path_parameters} >= {expression}
    assert f"{{path_segment('id', {expression})}}\"" in path_expression(endpoint)
    assert path_expression(endpoint).startswith("f\"/a{path_segment('b', ")


def test_a_path_without_parameters_is_a_plain_text() -> None:
    assert path_expression(operation("/calls")[1]) == '"/calls"'


def test_answers_are_sorted_by_what_becomes_of_them() -> None:
    responses = {
        "200": content("application/json", schema=ref("Call")),
        "2XX": content("text/plain"),
        "199": {"description": ""},
        "300": {"description": ""},
        "404": content("application/json", schema={"type": "integer"}),
        "default": content("application/octet-stream"),
    }
    outcome = outcomes(operation(responses=responses)[1])
    assert {str(each.status_code.pattern) for each in outcome.successes} == {"200", "2XX"}
    assert {str(each.status_code.pattern) for each in outcome.errors} == {"199", "300", "404"}
    assert not outcome.default_is_success
    assert outcome.type == "Call | str"
    assert outcome.returns == "The body of the answer."
    assert success_readers(DECODE, outcome) == [
        ("200", "json", "Call.from_dict"),
        ("2XX", "text", "lambda body: body"),
    ]
    assert [body_of(DECODE, each) for each in outcome.successes] == [
        "decode_json(response, Call.from_dict)",
        "response.text",
    ]
    readers = {str(each.status_code.pattern): error_reader(DECODE, each) for each in outcome.errors}
    assert readers == {
        "199": "",
        "300": "",
        "404": (
            ", lambda response: decode_json(response, lambda body: (body if type(body) is int else "
            "integer(body)))"
        ),
    }


def test_an_answer_in_bytes_is_a_file() -> None:
    binary = {"type": "string", "format": "binary"}
    responses = {"200": content("application/octet-stream", schema=binary)}
    outcome = outcomes(operation(responses=responses)[1])
    assert outcome.type == "File"
    assert success_readers(DECODE, outcome) == [
        ("200", "bytes", "lambda body: File(payload=BytesIO(body))")
    ]
    assert [body_of(DECODE, each) for each in outcome.successes] == [
        "File(payload=BytesIO(response.content))"
    ]


@pytest.mark.parametrize(
    ("schema", "is_one_parameter", "is_text"),
    [
        (STRING, True, True),
        ({"const": "a"}, True, True),
        ({"type": "null"}, False, True),
        ({}, False, True),
        ({"type": "array", "items": STRING}, True, False),
        ({"type": "array", "items": {}}, False, False),
        ({"type": "array", "items": {"oneOf": [STRING, {"type": "integer"}]}}, False, False),
        ({"oneOf": [STRING, {"type": "null"}]}, True, True),
        ({"oneOf": [STRING, {}]}, False, True),
        ({"oneOf": [STRING, {"type": "array", "items": STRING}]}, False, False),
        (ref("Sort"), True, True),
        (ref("Call"), False, False),
    ],
)
def test_what_one_parameter_or_one_text_can_be(
    *, schema: Any, is_one_parameter: bool, is_text: bool
) -> None:
    _, endpoint = operation(parameters=[{"in": "query", "name": "at", "schema": schema}])
    (parameter,) = endpoint.query_parameters
    assert can_be_one_parameter(parameter) is is_one_parameter
    assert can_be_text(parameter) is is_text


def test_a_default_alone_stands_for_success_too() -> None:
    outcome = outcomes(operation(responses={"default": content("text/plain")})[1])
    assert outcome.default_is_success
    assert outcome.type == "str"
    assert success_readers(DECODE, outcome) == [("default", "text", "lambda body: body")]


def test_an_answer_without_a_body_is_nothing() -> None:
    outcome = outcomes(operation()[1])
    assert (outcome.type, outcome.returns) == ("None", "Nothing.")
    assert [str(answered(each)) for each in outcome.successes] == ["None"]
    assert [body_of(DECODE, each) for each in outcome.successes] == ["None"]
    assert success_readers(DECODE, outcome) == [("204", "nothing", "lambda body: None")]
    none = outcomes(operation(responses={"404": {"description": ""}})[1])
    assert (none.type, none.default_is_success, none.returned) == ("None", False, ())


@pytest.mark.parametrize(
    ("required", "type_"), [(True, "Call | File"), (False, "Call | File | Unset")]
)
def test_a_body_is_of_one_of_the_types_of_its_formats(*, required: bool, type_: str) -> None:
    body = {
        "required": required,
        "content": {
            "application/json": {"schema": ref("Call")},
            "application/octet-stream": {"schema": {"type": "string", "format": "binary"}},
        },
    }
    assert str(body_type(operation(requestBody=body)[1])) == type_
