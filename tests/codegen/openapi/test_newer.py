"""What OpenAPI 3.2 adds is read, and said as 3.1 says it."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

from codegen.files.document import Document
from codegen.files.values import copy_of
from codegen.openapi.canonical import canonical
from codegen.openapi.definition import definition_data
from codegen.openapi.grammar import operations
from codegen.openapi.mending import mended
from codegen.openapi.validation import validate_definition

CALL = {"$ref": "#/components/schemas/Call"}
MEDIA_TYPE = {"$ref": "#/components/mediaTypes/Call"}
FORM = "application/x-www-form-urlencoded"
DEFINITION: Any = {
    "openapi": "3.2.0",
    "$self": "https://news.example/openapi.yaml",
    "info": {"title": "News", "version": "1"},
    "servers": [{"url": "https://news.example", "name": "Here"}],
    "tags": [{"name": "calls", "kind": "nav", "summary": "Calls", "parent": "all"}],
    "paths": {
        "/calls": {
            "parameters": [{"name": "X-Tenant", "in": "header", "schema": {"type": "string"}}],
            "get": {
                "parameters": [
                    {"$ref": "#/components/parameters/Whole"},
                    {"name": "json", "in": "querystring", "content": {"application/json": {}}},
                ],
                "responses": {"200": {"content": {"application/jsonl": {"itemSchema": CALL}}}},
            },
            "query": {"responses": {"200": {"summary": "They.", "description": "Found."}}},
            "additionalOperations": {
                "LINK": {"operationId": "link", "responses": {"204": {"summary": "Linked."}}},
                "not a method": {},
            },
        },
    },
    "components": {
        "mediaTypes": {"Call": {"schema": CALL, "examples": {"one": {"dataValue": {"id": "a"}}}}},
        "responses": {"Call": {"content": {"application/json": MEDIA_TYPE}}},
        "parameters": {
            "Whole": {
                "name": "all",
                "in": "querystring",
                "content": {
                    FORM: {
                        "schema": {
                            "required": ["page"],
                            "properties": {"page": {"type": "integer"}, "kinds": {"type": "array"}},
                        },
                        "encoding": {"kinds": {"explode": False, "contentType": "text/plain"}},
                    }
                },
            }
        },
        "schemas": {"Call": {"type": "object", "properties": {"id": {"type": "string"}}}},
    },
}  # fmt: skip


def test_what_3_2_adds_is_said_otherwise() -> None:
    before = copy_of(DEFINITION)
    document = mended(Document(Path("openapi.yaml"), b"", DEFINITION))
    validate_definition(document)
    assert before == DEFINITION
    data = cast("Any", document.data)
    assert [(one.path, *one.sent) for one in operations(data)] == [
        ("/calls", "GET", "/calls"),
        ("/calls#QUERY", "QUERY", "/calls"),
        ("/calls#LINK", "LINK", "/calls"),
    ]
    get = data["paths"]["/calls"]["get"]
    assert get["parameters"] == [
        {"name": "page", "in": "query", "required": True, "schema": {"type": "integer"}},
        {
            "name": "kinds", "in": "query", "required": False, "schema": {"type": "array"},
            "explode": False,
        },
        {"name": "json", "in": "query", "content": {"application/json": {"schema": {}}},
         "x-whole-query": True},
    ]  # fmt: skip
    assert get["responses"]["200"]["content"]["application/jsonl"] == {"schema": CALL}
    found = data["paths"]["/calls#QUERY"]["post"]
    assert found["responses"]["200"] == {"description": "Found."}
    linked = data["paths"]["/calls#LINK"]
    assert (linked["post"]["operationId"], linked["parameters"]) == (
        "link", data["paths"]["/calls"]["parameters"],
    )  # fmt: skip
    kept = data["components"]["responses"]["Call"]["content"]["application/json"]
    assert kept == {"schema": CALL, "examples": {"one": {"value": {"id": "a"}}}}
    assert data["tags"] == [{"name": "calls"}]
    assert data["servers"] == [{"url": "https://news.example"}]
    assert not document.told
    form = definition_data(canonical(document))
    names = [str(one.node.value["operationId"]) for one in operations(form)]
    assert sorted(names) == ["get_calls", "link", "query_calls"]


def test_an_error_of_a_method_of_3_2_names_the_place_as_it_was_published() -> None:
    data: Any = copy_of(DEFINITION)
    data["paths"]["/calls"]["query"]["responses"]["200"]["content"] = {"text/x": {"schema": 5}}
    document = mended(Document(Path("openapi.yaml"), b"", data))
    places = [each.pointer for each in document.told]
    assert "/paths/~1calls/query/responses/200/content/text~1x/schema" in places
    error = document.error("/paths/~1calls#LINK/post/responses", "is odd")
    assert error.pointer == "/paths/~1calls/additionalOperations/LINK/responses"
    assert definition_data(document)
