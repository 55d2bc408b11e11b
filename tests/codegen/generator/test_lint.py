"""What the generator would leave out without a word is found."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from codegen.files.errors import BadInputs
from codegen.generator.lint import SEVERAL_MEDIA_TYPES, problems, require_complete
from codegen.generator.reading import UNREADABLE, read
from codegen.providers.patched import patched, read_inputs
from tests.codegen.packages import made

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


def query(**parameter: object) -> dict[str, Any]:
    return definition(
        {"responses": OK, "parameters": [{"name": "filter", "in": "query", **parameter}]}
    )


def in_path(schema: object) -> dict[str, Any]:
    parameter = {"name": "id", "in": "path", "required": True, "schema": schema}
    data = definition({"responses": OK, "parameters": [parameter]})
    return {**data, "paths": {"/calls/{id}": data["paths"]["/calls"]}}


def body(*content_types: str) -> dict[str, Any]:
    schema = {"title": "Note", "type": "object", "properties": {"text": {"type": "string"}}}
    content = {content_type: {"schema": schema} for content_type in content_types}
    return definition({"responses": OK, "requestBody": {"content": content}})


@pytest.mark.parametrize(
    ("data", "pointer", "message"),
    [
        pytest.param(
            query(content={"application/json": {"schema": {"type": "object"}}}),
            "/paths/~1calls/get/parameters/0",
            "the parameter 'filter' has no argument, as it has `content`; give it a schema",
            id="parameter with content",
        ),
        pytest.param(
            query(style="deepObject", schema={"type": "object", "properties": {"a": {}}}),
            "/paths/~1calls/get/parameters/0",
            "the parameter 'filter' would not be sent in the style deepObject, which is not read",
            id="deepObject",
        ),
        pytest.param(
            query(explode=False, schema={"type": "object", "properties": {"a": {}}}),
            "/paths/~1calls/get/parameters/0",
            "'filter' would be sent as several parameters, and `explode` is false",
            id="object not exploded",
        ),
        pytest.param(
            query(explode=False, schema={"type": ["array", "null"], "items": {"type": "string"}}),
            "/paths/~1calls/get/parameters/0",
            "'filter' would be sent as several parameters, and `explode` is false",
            id="list not exploded that may be null",
        ),
        pytest.param(
            query(
                explode=False,
                schema={"type": "array", "items": {"type": "array", "items": {"type": "string"}}},
            ),
            "/paths/~1calls/get/parameters/0",
            "'filter' would be sent as several parameters, and `explode` is false",
            id="list of lists not exploded",
        ),
        *(
            pytest.param(
                in_path(schema),
                "/paths/~1calls~1{id}/get/parameters/0",
                "the path parameter 'id' would be sent as Python shows it, "
                "as it can be a list, an object or a file",
                id=f"{name} in a path",
            )
            for name, schema in {
                "list": {"type": "array", "items": {"type": "string"}},
                "list that may be a text": {
                    "oneOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]
                },
                "object": {"title": "Key", "type": "object", "properties": {"a": {}}},
                "file": {"type": "string", "format": "binary"},
            }.items()
        ),
        pytest.param(
            definition(
                {
                    "responses": {
                        "200": {
                            "description": "",
                            "content": {
                                "application/json": {"schema": {"type": "string"}},
                                "text/csv": {"schema": {"type": "string"}},
                            },
                        }
                    }
                }
            ),
            "/paths/~1calls/get/responses/200/content",
            "only one of application/json, text/csv is read; keep the one that is sent",
            id="second content type",
        ),
        pytest.param(
            schema_of_a_response(
                {
                    "discriminator": {"propertyName": "kind"},
                    "oneOf": [{"type": "string"}, {"type": "integer"}],
                }
            ),
            "/paths/~1calls/get/responses/200/content/application~1json/schema/discriminator",
            "the discriminator is not read; give it components to choose from, by one mapping",
            id="discriminator",
        ),
        pytest.param(
            body("application/json", "application/merge-patch+json"),
            "/paths/~1calls/get/requestBody/content",
            "2 content types have the body Note; only the first is sent",
            id="two bodies of one class",
        ),
    ],
)
def test_what_would_be_lost_is_refused(
    make_provider: Callable[[str], Provider], data: dict[str, Any], pointer: str, message: str
) -> None:
    provider = make_provider(json.dumps(data))
    with pytest.raises(BadInputs) as refusal, made([provider]):
        pass
    found = [(problem.pointer, problem.message) for problem in refusal.value.problems]
    assert found == [(pointer, message)]
    assert [problem.kind for problem in refusal.value.problems] == [
        problem.kind for problem in problems(reading_of(provider)) if problem.kind
    ]


def reading_of(provider: Provider) -> Reading:
    return read(patched(read_inputs(provider)))


def messages(reading: Reading) -> list[str]:
    return [problem.message for problem in problems(reading)]


def test_the_formats_of_a_response_are_told_before_what_the_generator_cannot_read(
    make_provider: Callable[[str], Provider],
) -> None:
    schema = {"schema": {"type": "string"}}
    data = definition(
        {
            "parameters": [{"in": "header", "name": "a", "schema": {"type": "array", "items": {}}}],
            "responses": {
                "200": {
                    "description": "",
                    "content": {"application/json": schema, "text/csv": schema},
                }
            },
        }
    )
    reading = reading_of(make_provider(json.dumps(data)))
    assert [problem.kind for problem in reading.unread] == [UNREADABLE]
    (problem,) = problems(reading)
    assert problem.kind == SEVERAL_MEDIA_TYPES
    assert problem.pointer == "/paths/~1calls/get/responses/200/content"


def test_what_the_generator_cannot_read_is_told_as_its_words(
    make_provider: Callable[[str], Provider],
) -> None:
    parameter = {"in": "header", "name": "a", "schema": {"type": "array", "items": {}}}
    reading = reading_of(
        make_provider(json.dumps(definition({"parameters": [parameter], "responses": OK})))
    )
    (problem,) = problems(reading)
    with pytest.raises(BadInputs) as refusal:
        require_complete(reading)
    (error,) = refusal.value.problems
    assert error.message == f"the generator cannot use it: {problem.message}"
    assert (error.kind, error.pointer) == (UNREADABLE, problem.pointer)


def test_what_reading_loses_is_found(calls: Provider) -> None:
    reading = reading_of(calls)
    (collection,) = reading.parsed.endpoint_collections_by_tag.values()
    get, post = collection.endpoints
    get.query_parameters.clear()
    get.responses.patterns.pop()
    post.bodies.clear()
    assert messages(reading) == [
        "the query parameter 'verbose' has not been read; it has no argument",
        "the query parameter 'sort' has not been read; it has no argument",
        "the response has not been read; its body would not be parsed",
        "the request body has not been read; it cannot be sent",
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
        ([{"url": "http://files.example"}], True),
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
    monkeypatch.setattr("codegen.providers.patched.require_facts", lambda *_: None)
    data = schema_of_a_response({"type": "object", "properties": {"data": {}}})
    facts = {"operations": {"get_calls": {"result": "data.call"}}}
    (problem,) = problems(with_facts(make_provider(json.dumps(data)), facts))
    assert problem.kind == "client/lost-path"
    assert problem.pointer == "/x-client/operations/get_calls/result"
    assert problem.message == "no attribute of what get_calls answers is at data.call"
