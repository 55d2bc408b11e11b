"""What is said of operations: their texts, answers and parameters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from codegen.files.document import Document
from codegen.generator.endpoints import (
    Described,
    answered,
    kind_of_body,
    outcomes,
)
from codegen.generator.reading import read
from codegen.openapi.grammar import operations
from codegen.openapi.newer import WHOLE_QUERY

if TYPE_CHECKING:
    from openapi_python_client.parser.openapi import Endpoint

    from codegen.files.values import JSONObject

STRING = {"type": "string"}
NOTHING = {"204": {"description": ""}}


def operation(path: str = "/calls", **given: Any) -> tuple[Described, Endpoint]:
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
    return described_in(data), endpoint


def described_in(definition: Any) -> Described:
    (found,) = operations(definition)
    return Described(definition, found)


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
        ({"summary": "Start. Slowly", "description": "More."}, "Start.", "Slowly\n\nMore."),
        ({"description": "It starts.\nSlowly."}, "It starts.", "Slowly."),
        ({}, "POST /calls.", ""),
    ],
)
def test_an_operation_is_told_by_its_summary_then_by_the_rest(
    given: Any, summary: str, description: str
) -> None:
    described, _ = operation(**given)
    assert described.texts == (summary, description)


def test_an_answer_is_told_in_one_sentence() -> None:
    responses = {
        "200": {"description": "A call. Or none."},
        "404": {"description": ""},
        "default": {"description": "Whatever"},
    }
    described, endpoint = operation(responses=responses)
    told = {
        each.status_code.pattern: described.response(each.status_code.pattern)
        for each in endpoint.responses
    }
    assert told == {"200": "A call.", "404": "", "default": "Whatever."}


@pytest.mark.parametrize(
    ("declared", "text"),
    [
        ({"description": " How many ", "schema": {"default": 5}}, "How many. The server's default"),
        ({"schema": {"description": "Many."}}, "Many."),
        ({"schema": {}}, "The query parameter ``limit``."),
    ],
)
def test_a_parameter_is_told_with_the_default_of_the_server(declared: Any, text: str) -> None:
    described, _ = operation(parameters=[{"in": "query", "name": "limit", **declared}])
    found = described.parameter("limit", "query", is_size=False)
    assert found.startswith(text)
    assert found.endswith(" The server's default is 5.") == ("default" in declared["schema"])


def test_the_size_of_a_page_is_told_where_nobody_has_described_it() -> None:
    first: JSONObject = {"in": "query", "name": "first", "schema": {}}
    limit: JSONObject = {**first, "name": "limit", "description": "So many"}
    described, _ = operation(parameters=[limit, first])
    assert described.parameter("limit", "query", is_size=True) == "So many."
    assert described.parameter("first", "query", is_size=True) == "How many items a page holds."


@pytest.mark.parametrize(
    ("responses", "accepted"),
    [
        (NOTHING, ""),
        ({"200": content("application/json")}, ""),
        ({"200": content("Application/JSON; charset=utf-8")}, ""),
        ({"200": content("text/csv"), "400": content("text/plain")}, "text/csv"),
        (
            {"200": content("text/csv"), "201": content("application/pdf")},
            "text/csv, application/pdf",
        ),
        ({"200": content("text/csv"), "default": content("text/plain")}, "text/csv"),
        ({"default": content("text/plain"), "404": content("text/html")}, "text/plain"),
        ({"200": content("image/png", "application/pdf")}, "image/png, application/pdf"),
        (
            {"200": content("text/plain", "a/b", schema={"type": "string", "format": "binary"})},
            "text/plain, a/b",
        ),
        ({"200": content("not a media type")}, "*/*"),
        ({"200": content("text/html", "not a media type")}, "text/html"),
        ({"200": content("text/csv; header=present")}, "text/csv; header=present"),
        ({"200": content("text/csv"), "201": content("not a range")}, "*/*"),
    ],
)
def test_what_successes_are_is_what_is_asked_for(responses: Any, accepted: str) -> None:
    data: Any = {"paths": {"/calls": {"post": {"responses": responses}}}}
    assert described_in(data).accepted == accepted


@pytest.mark.parametrize(
    ("location", "said", "style"),
    [
        ("query", {}, ""),
        ("query", {"explode": False}, "joined"),
        ("query", {"style": "deepObject", "explode": True}, "deepObject"),
        ("query", {"style": "pipeDelimited"}, "pipeDelimited"),
        ("query", {"style": "spaceDelimited"}, "spaceDelimited"),
        ("query", {"style": "pipeDelimited", "explode": True}, ""),
        ("query", {"style": "spaceDelimited", "explode": True}, ""),
        ("path", {"style": "matrix", "explode": True}, "matrix+"),
        ("path", {"style": "label"}, "label"),
        ("path", {"style": "label", "explode": True}, "label+"),
        ("header", {"style": "simple", "explode": True}, "simple+"),
        ("cookie", {"explode": True}, ""),
    ],
)
def test_a_parameter_of_several_parts_is_sent_as_it_is_said(
    location: str, said: dict[str, Any], style: str
) -> None:
    declared = {"in": location, "name": "at", "schema": {"type": "array"}, **said}
    described, _ = operation(parameters=[declared])
    assert described.style("at", location) == style


@pytest.mark.parametrize(("marked", "style"), [(True, "whole"), (False, "joined")])
def test_a_parameter_may_be_all_of_a_query(*, marked: bool, style: str) -> None:
    declared = {"in": "query", "name": "at", "schema": {}, "explode": False, WHOLE_QUERY: marked}
    described, _ = operation(parameters=[declared])
    assert described.style("at", "query") == style


def test_a_parameter_with_content_is_sent_as_json() -> None:
    declared = {"in": "query", "name": "at", "content": {"application/json": {"schema": {}}}}
    described, _ = operation(parameters=[declared])
    assert described.style("at", "query") == "json"


def test_answers_are_sorted_by_what_becomes_of_them() -> None:
    responses = {
        "200": content("application/json", schema=ref("Call")),
        "2XX": content("text/plain"),
        "199": {"description": ""},
        "300": {"description": ""},
        "404": content("application/json", schema={"type": "integer"}),
        "default": content("application/octet-stream"),
    }
    successes, errors = outcomes(operation(responses=responses)[1])
    assert {str(each.status_code.pattern) for each in successes} == {"200", "2XX"}
    assert {str(each.status_code.pattern) for each in errors} == {"199", "300", "404"}
    assert [(kind_of_body(each), str(answered(each))) for each in successes] == [
        ("json", "Call"),
        ("text", "str"),
    ]


@pytest.mark.parametrize(
    ("encoding", "styles", "formats"),
    [
        ({}, {}, {"seen": "image/png", "all": "a/b"}),
        (
            {"at": {"style": "deepObject"}},
            {"at": "deepObject"},
            {"seen": "image/png", "all": "a/b"},
        ),
        ({"at": {"explode": False}}, {"at": "joined"}, {"seen": "image/png", "all": "a/b"}),
        ({"at": "deepObject"}, {}, {"seen": "image/png", "all": "a/b"}),
        (
            {"seen": {"contentType": "image/gif"}, "at": {"contentType": "a/b; c=d"}},
            {},
            {"seen": "image/gif", "all": "a/b", "at": "a/b; c=d"},
        ),
        (
            {"seen": {"contentType": "image/*"}, "all": {"contentType": "a/b, c/d"}, "no": {}},
            {},
            {},
        ),
        ({"seen": {"contentType": 1}, "all": {}}, {}, {}),
    ],
)
def test_members_of_a_body_are_sent_as_their_encoding_or_their_schemas_say(
    encoding: Any, styles: dict[str, str], formats: dict[str, str]
) -> None:
    members = {
        "seen": {"type": "string", "contentMediaType": "image/png"},
        "all": {"type": "array", "items": {"$ref": "#/components/schemas/Part"}},
        "packed": {"contentMediaType": "image/png", "contentEncoding": "base64"},
        "at": STRING,
    }
    schemas = {"Body": {"properties": members}, "Part": {"contentMediaType": "a/b"}}
    media_types = {"multipart/form-data": {"schema": ref("Body"), "encoding": encoding}}
    post = {"requestBody": {"content": media_types}, "responses": NOTHING}
    described = described_in({"paths": {"/": {"post": post}}, "components": {"schemas": schemas}})
    assert described.styles("multipart/form-data") == styles
    assert described.formats("multipart/form-data") == formats
    assert described.styles("a/b") == described.formats("a/b") == {}


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (content("application/json", schema=ref("Call")), "json"),
        (content("text/plain"), "text"),
        (content("text/event-stream"), "texts"),
        (content("text/event-stream", schema=ref("Call")), "events"),
        (content("application/jsonl", schema=ref("Call")), "records"),
        (content("image/png"), "bytes"),
        ({"description": ""}, "nothing"),
    ],
)
def test_what_is_read_of_an_answer_is_what_its_media_type_says(answer: Any, kind: str) -> None:
    described, endpoint = operation(responses={"200": answer})
    (response,) = endpoint.responses
    assert described.kind(response) == kind


def test_an_answer_in_bytes_is_a_file() -> None:
    binary = {"type": "string", "format": "binary"}
    responses = {"200": content("application/octet-stream", schema=binary)}
    (success,), _ = outcomes(operation(responses=responses)[1])
    assert (kind_of_body(success), str(answered(success))) == ("bytes", "File")


def test_a_default_alone_stands_for_success_too() -> None:
    (success,), _ = outcomes(operation(responses={"default": content("text/plain")})[1])
    assert (success.status_code.pattern, str(answered(success))) == ("default", "str")


def test_an_answer_without_a_body_is_nothing() -> None:
    (success,), _ = outcomes(operation()[1])
    assert (kind_of_body(success), str(answered(success))) == ("nothing", "None")
    assert outcomes(operation(responses={"404": {"description": ""}})[1])[0] == []
