"""An operation that answers in two ways is two; a stream's schema is of one event's data."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import pytest

from codegen.files.document import Document
from codegen.openapi.canonical import canonical
from codegen.openapi.grammar import operations
from codegen.openapi.marked import streams_of, unmarked
from codegen.openapi.mending import mended
from codegen.openapi.validation import validate_definition

SSE = "text/event-stream"
CALL, END = {"$ref": "#/components/schemas/Call"}, {"$ref": "#/components/schemas/End"}
NOTHING = {"204": {"description": "None."}}
TEXT, LAST = {"type": "string"}, {"type": "string", "const": "[DONE]"}
PLACE = "/paths/~1calls/get/responses/200/content/text~1event-stream"


def document(answers: Any, **operation: Any) -> Document:
    schemas = {
        "Call": {"type": "object", "properties": {"id": {"type": "string"}}},
        "End": {"type": "object", "properties": {"at": {"type": "integer"}}},
        "Calls": {"type": "array", "items": CALL},
    }
    get = {"operationId": "getCalls", "responses": answers, **operation}
    data: Any = {
        "openapi": "3.1.0",
        "info": {"title": "Calls", "version": "1"},
        "paths": {"/calls": {"get": get}, "/others": {"get": {"responses": NOTHING}}},
        "components": {"schemas": schemas},
    }
    return Document(Path("openapi.yaml"), b"", data)


def answering(**content: Any) -> Any:
    return {"200": {"description": "They.", "content": content}}


def enveloped(data: Any, **members: Any) -> Any:
    return {"type": "object", "properties": {"event": {"type": "string"}, "data": data, **members}}


@pytest.mark.parametrize(
    ("published", "read"),
    [
        ({"schema": CALL}, CALL),
        ({"itemSchema": CALL, "schema": {"type": "array"}}, CALL),
        ({"schema": {"$ref": "#/components/schemas/Calls"}}, CALL),
        ({"schema": {"type": "string"}}, {"type": "string"}),
        ({"schema": enveloped(CALL)}, CALL),
        ({"schema": enveloped(CALL, more={"type": "string"})}, None),
        ({"itemSchema": {"oneOf": [enveloped(CALL), enveloped(END)]}}, {"anyOf": [CALL, END]}),
        ({"schema": {"anyOf": [enveloped(CALL), enveloped(CALL, id={})]}}, CALL),
        ({"schema": {"oneOf": [enveloped(CALL), enveloped(LAST)]}}, CALL),
        ({"schema": {"oneOf": [enveloped(CALL), enveloped(TEXT)]}}, TEXT),
        (
            {"itemSchema": enveloped(
                {"type": "string", "contentMediaType": "application/json", "contentSchema": CALL}
            )},
            CALL,
        ),
        ({"schema": {"oneOf": [enveloped(CALL), END]}}, None),
    ],
)  # fmt: skip
def test_the_schema_of_a_stream_is_that_of_the_data_of_an_event(published: Any, read: Any) -> None:
    found = mended(document(answering(**{SSE: published})))
    assert found.told == ()
    validate_definition(found)
    expected = next(iter(published.values())) if read is None else read
    media_type = cast("Any", found.data)["paths"]["/calls"]["get"]["responses"]["200"]["content"][
        SSE
    ]
    assert media_type == {"schema": expected}


def test_an_operation_that_answers_in_two_ways_is_two() -> None:
    body = {
        "content": {"application/json": {"schema": {"type": "object", "properties": {"a": {}}}}}
    }
    kind = {"name": "kind", "in": "query", "schema": {"type": "string", "enum": ["a"]}}
    answers = {
        **answering(**{"application/json": {"schema": CALL}, SSE: {"schema": END}}),
        **NOTHING,
        "404": {"description": "Lost.", "content": {"application/json": {"schema": END}}},
    }
    found = mended(document(answers, requestBody=body, parameters=[kind]))
    validate_definition(found)
    data = cast("Any", canonical(found).data)
    assert [(one.path, one.node.value["operationId"], *one.sent) for one in operations(data)] == [
        ("/calls", "get_calls", "GET", "/calls"),
        ("/calls#stream", "get_calls_stream", "GET", "/calls"),
        ("/others", "get_others", "GET", "/others"),
    ]
    whole, apart = (data["paths"][path]["get"] for path in ("/calls", "/calls#stream"))
    assert [*whole["responses"]] == [*apart["responses"]] == ["200", "204", "404"]
    assert [*whole["responses"]["200"]["content"]] == ["application/json"]
    assert [*apart["responses"]["200"]["content"]] == [SSE]
    for shared in ("requestBody", "parameters"):  # and so are their classes
        assert whole[shared] == apart[shared]


@pytest.mark.parametrize(
    "answers",
    [
        answering(**{SSE: {"schema": CALL}}),
        {**answering(**{SSE: {"schema": CALL}}), **NOTHING},
        answering(**{"application/json": {"schema": CALL}}),
        {**answering(), "404": {"description": "Lost.", "content": {SSE: {}}}},
    ],
)
def test_an_operation_with_one_way_to_answer_is_one(answers: Any) -> None:
    assert len(list(operations(cast("Any", mended(document(answers)).data)))) == 2


def test_an_error_about_a_stream_names_the_place_as_it_was_published() -> None:
    found = mended(document(answering(**{"text/csv": {}, SSE: {"schema": END}})))
    error = found.error(PLACE.replace("calls", "calls#stream") + "/schema", "is odd")
    assert error.pointer == f"{PLACE}/schema"
    assert streams_of(cast("Any", document(answering(**{SSE: {}})).data), "/paths/~1calls/get") == [
        PLACE
    ]
    assert unmarked("GET /calls#stream") == "GET /calls"
    assert unmarked("POST /calls#QUERY") == "QUERY /calls"
