"""What cannot be generated costs no more than itself, where an operation answers in two ways."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from codegen.commands.leaving_out import generable, left_out_for
from codegen.files.document import Document
from codegen.files.errors import Problem
from codegen.files.values import copy_of
from codegen.openapi.canonical import canonical
from codegen.openapi.definition import definition_data
from codegen.openapi.mending import mended
from codegen.providers.patched import Inputs
from codegen.providers.provider import Provider

SSE = "text/event-stream"
SCHEMA = {"schema": {"type": "object", "properties": {"id": {"type": "string"}}}}
PUBLISHED: Any = {
    "openapi": "3.2.0",
    "info": {"title": "Calls", "version": "1"},
    "paths": {
        "/calls": {
            "get": {
                "operationId": "getCalls",
                "responses": {
                    "200": {
                        "description": "They.",
                        "content": {"application/json": SCHEMA, SSE: SCHEMA},
                    }
                },
            },
            "query": {"responses": {"200": {"description": "They."}}},
        }
    },
}
PROVIDER = Provider(
    root=Path("repository"),
    name="calls",
    distribution="callrecords-calls",
    package="callrecords_calls",
    version="0.1.0",
    title="Calls",
    keywords=(),
    server_url="https://calls.example",
    sources=(),
)
ANSWERS = "/paths/~1calls/get/responses/200/content"
STREAM = f"{ANSWERS}/text~1event-stream"


@pytest.mark.parametrize(
    ("place", "operation", "part", "pointer"),
    [
        ("/paths/~1calls#stream/get", "GET /calls", "its stream", STREAM),
        ("/paths/~1calls#stream/get/responses/200", "GET /calls", "its stream", STREAM),
        ("/paths/~1calls/get", "GET /calls", "the operation", "/paths/~1calls/get"),
        ("/paths/~1calls#QUERY/post", "QUERY /calls", "the operation", "/paths/~1calls/query"),
    ],
)
def test_of_what_stands_apart_that_alone_is_left_out(
    place: str, operation: str, part: str, pointer: str
) -> None:
    form = canonical(mended(Document(Path("openapi.yaml"), b"", PUBLISHED)))
    (entry,) = left_out_for(PUBLISHED, (), form, [Problem("", place, "is odd")])
    assert (entry.operation, entry.part, entry.pointer) == (operation, part, pointer)


def test_a_format_of_an_answer_is_left_out_where_there_is_another() -> None:
    document = Document(Path("openapi.yaml"), b"", PUBLISHED)
    (entry,) = left_out_for(
        definition_data(document), (), document, [Problem("", f"{STREAM}/schema", "is odd")]
    )
    assert (entry.part, entry.pointer) == (f"the answer as {SSE}", STREAM)


def test_a_parameter_that_refers_to_itself_is_left_out_alone_and_said_the_same_in_each_run() -> (
    None
):
    published: Any = copy_of(PUBLISHED)
    published["paths"] = {"/calls": {"get": published["paths"]["/calls"]["get"]}}
    reference = {"$ref": "#/components/schemas/Filter"}
    query = {"name": "filter", "in": "query", "schema": reference}
    published["paths"]["/calls"]["get"]["parameters"] = [query]
    members = {"type": "object", "properties": {"name": {"type": "string"}}}
    published["components"] = {"schemas": {"Filter": {"allOf": [reference, members]}}}
    inputs = Inputs(PROVIDER, Document(Path("openapi.yaml"), b"", published), None, ())
    made, reading = generable(inputs, lambda _: None)
    (entry,) = made.provider.left_out
    assert (entry.operation, entry.part) == ("GET /calls", "the query parameter filter")
    assert entry.pointer == "/paths/~1calls/get/parameters/query:filter"
    assert " object at " not in entry.reason
    assert "get_calls" in [endpoint.name for endpoint in reading.endpoints]
