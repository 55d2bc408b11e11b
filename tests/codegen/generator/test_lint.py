"""What the generator would leave out without a word is found."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from codegen.generator.lint import problems
from codegen.generator.reading import read
from codegen.providers.patched import patched, read_inputs

if TYPE_CHECKING:
    from collections.abc import Callable

    from codegen.generator.reading import Reading
    from codegen.providers.provider import Provider

OK = {"200": {"description": "Fine."}}


def definition(operation: object, **path_item: object) -> dict[str, Any]:
    return {
        "openapi": "3.1.0",
        "info": {"title": "T", "version": "1"},
        "paths": {"/calls": {"get": operation, **path_item}},
    }


def schema_of_a_response(schema: object) -> dict[str, Any]:
    content = {"application/json": {"schema": schema}}
    return definition({"responses": {"200": {"description": "", "content": content}}})


def parameter(location: str, **said: object) -> dict[str, Any]:
    declared = {"name": "of", "in": location, "required": location == "path", **said}
    data = definition({"responses": OK, "parameters": [declared]})
    path = "/calls/{of}" if location == "path" else "/calls"
    return {**data, "paths": {path: data["paths"]["/calls"]}}


def body(*content_types: str) -> dict[str, Any]:
    schema = {"title": "Note", "type": "object", "properties": {"text": {"type": "string"}}}
    content = {content_type: {"schema": schema} for content_type in content_types}
    return definition({"responses": OK, "requestBody": {"content": content}})


def answer(*content_types: str) -> dict[str, Any]:
    content = {name: {"schema": {"type": "string"}} for name in content_types}
    return definition({"responses": {"200": {"description": "", "content": content}}})


VALUES = {
    "list": {"type": "array", "items": {"type": "array", "items": {"type": "string"}}},
    "list that may be a text": {
        "oneOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]
    },
    "object": {"title": "Key", "type": "object", "properties": {"a": {}}},
    "file": {"type": "string", "format": "binary"},
    "nothing": {"type": "null"},
    "moment": {"type": "string", "format": "date-time"},
}


@pytest.mark.parametrize(
    "data",
    [
        parameter("query", content={"application/json": {"schema": {"type": "object"}}}),
        parameter("query", style="deepObject", schema=VALUES["object"]),
        parameter("query", explode=False, schema=VALUES["object"]),
        *(
            parameter(location, schema=schema)
            for location in ("path", "query", "header", "cookie")
            for schema in VALUES.values()
        ),
        answer("application/xml", "application/json"),
        answer("*/*"),
        answer("image/png", "application/pdf"),
        body("application/json", "application/merge-patch+json", "multipart/form-data"),
        body("*/*"),
        body("application/xml", "text/csv", "image/png"),
        schema_of_a_response(
            {
                "discriminator": {"propertyName": "kind"},
                "oneOf": [{"type": "string"}, {"type": "integer"}],
            }
        ),
    ],
)
def test_what_is_sent_and_read_in_any_form_is_complete(
    make_provider: Callable[[str], Provider], data: dict[str, Any]
) -> None:
    assert not problems(reading_of(make_provider(json.dumps(data))))


def reading_of(provider: Provider) -> Reading:
    return read(patched(read_inputs(provider)))


def messages(reading: Reading) -> list[str]:
    return [problem.message for problem in problems(reading)]


def test_what_reading_loses_is_found(calls: Provider) -> None:
    reading = reading_of(calls)
    (collection,) = reading.parsed.endpoint_collections_by_tag.values()
    get, post = collection.endpoints
    get.query_parameters.clear()
    get.responses.patterns.pop()
    post.bodies.clear()
    assert messages(reading) == [
        "the query parameter 'verbose' has not been read; the client lacks it",
        "the query parameter 'sort' has not been read; the client lacks it",
        "the response 404 has not been read; the client lacks it",
        "the body has not been read; the client lacks it",
    ]


def test_operation_that_was_not_read_is_found(calls: Provider) -> None:
    reading = reading_of(calls)
    parsed = replace(reading.parsed, endpoint_collections_by_tag={})
    message = "the operation has not been read; the client lacks it"
    assert messages(replace(reading, parsed=parsed)) == [message, message]


def test_two_classes_in_one_module_are_found(calls: Provider) -> None:
    reading = reading_of(calls)
    models = [*reading.parsed.models, reading.parsed.models[0]]
    doubled = replace(reading, parsed=replace(reading.parsed, models=models))
    assert messages(doubled) == ["Call would be written to models/call.py, over Call"]


@pytest.mark.parametrize(
    ("names", "message"),
    [
        (
            {"File": "get_a 200"},
            "the class name File is taken by the client itself; choose another",
        ),
        (
            {"Who": "get_a 200", "WHO": "get_b 200"},
            "WHO would be written to models/who.py, over Who",
        ),
    ],
)
def test_a_class_that_a_person_calls_as_no_class_can_be_called_is_refused(
    make_provider: Callable[[str], Provider], names: dict[str, str], message: str
) -> None:
    made = {"type": "object", "properties": {"id": {"type": "string"}}}
    content = {"application/json": {"schema": made}}
    responses = {"200": {"description": "", "content": content}}
    paths = {
        f"/{name}": {"get": {"operationId": f"get_{name}", "responses": responses}}
        for name in ("a", "b")
    }
    info = {"title": "T", "version": "1"}
    provider = make_provider(json.dumps({"openapi": "3.1.0", "info": info, "paths": paths}))
    provider.overlay_path.parent.mkdir()
    provider.overlay_path.write_text(
        json.dumps({"overlay": "1.1.0", "info": info, "x-names": names})
    )
    (found,) = messages(reading_of(provider))
    assert found.startswith(message)


def test_complete_definition_has_no_findings(calls: Provider) -> None:
    assert messages(reading_of(calls)) == []


@pytest.mark.parametrize(
    ("servers", "is_refused"),
    [
        ([{"url": "https://files.example"}], False),
        ([{"url": "/v2"}], False),
        ([{"url": "https://{a}.example", "variables": {"a": {"default": "files"}}}], False),
        ([{"url": "http://127.0.0.1:80/v1"}], False),
        ([{"url": "http://files.example"}], False),  # it is asked by https
        ([{"url": "ftp://files.example"}], True),
        ([{"url": "https://files.example?a=b"}], True),
        ([{"url": "https://{a}", "variables": {"a": {"default": "me@files.example"}}}], True),
    ],
)
def test_credentials_are_sent_to_no_server_that_is_not_safe(
    make_provider: Callable[[str], Provider], servers: object, *, is_refused: bool
) -> None:
    data = {
        **definition({"responses": OK, "servers": servers}, post={"responses": OK}),
        "servers": [{"url": "https://a.example"}],
    }
    found = problems(reading_of(make_provider(json.dumps(data))))
    assert [problem.kind for problem in found] == ["operation/other-server"] * is_refused


def with_facts(provider: Provider, facts: object) -> Reading:
    overlay = {"overlay": "1.1.0", "info": {"title": "F", "version": "1"}, "x-client": facts}
    provider.overlay_path.parent.mkdir()
    provider.overlay_path.write_text(json.dumps(overlay))
    return reading_of(provider)


def test_a_fact_that_leads_to_no_attribute_is_found(
    make_provider: Callable[[str], Provider], monkeypatch: pytest.MonkeyPatch
) -> None:
    # In the definition there may be something, of which no attribute is made.
    monkeypatch.setattr("codegen.providers.patched.facts_problems", lambda *_: [])
    data = schema_of_a_response({"type": "object", "properties": {"data": {}}})
    facts = {"operations": {"get_calls": {"result": "data.call"}}}
    (problem,) = problems(with_facts(make_provider(json.dumps(data)), facts))
    assert problem.kind == "client/lost-path"
    assert problem.pointer == "/x-client/operations/get_calls/result"
    assert problem.message == "no attribute of what get_calls answers is at data.call"
