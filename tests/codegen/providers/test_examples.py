"""Payloads as examples of the patched definition."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, cast

import pytest

from codegen.files.errors import BadInputError
from codegen.providers.patched import patched_definition

if TYPE_CHECKING:
    from codegen.files.values import JSON
    from codegen.providers.provider import Provider
    from tests.codegen.conftest import MakeProvider

SHARED = """\
openapi: 3.1.0
info: {title: Calls, version: '1'}
paths:
  /calls/{callId}:
    get:
      operationId: get_call
      parameters: [{name: callId, in: path, required: true, schema: {type: string}}]
      responses:
        '200':
          description: The call.
          content: {text/plain: {schema: {type: string}}}
        default: {$ref: '#/components/responses/Failed'}
  /calls:
    get:
      operationId: list_calls
      responses:
        default: {$ref: '#/components/responses/Failed'}
components:
  responses:
    Failed:
      description: It failed.
      content: {application/json: {example: {detail: none}, schema: {type: object}}}
"""


def write_payload(
    provider: Provider,
    name: str,
    *,
    status: int = 200,
    body: JSON = None,
    query: dict[str, JSON] | None = None,
) -> None:
    request: JSON = {"path": {"callId": "c1"}, "query": query or {}}
    data: dict[str, JSON] = {
        "source": "document 000",
        "origin": "printed",
        "request": request,
        "status": status,
        "body": body,
    }
    file = provider.payloads_path / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(data), encoding="utf-8")


def media_type(
    provider: Provider, status: str, path: str = "/calls/{callId}"
) -> dict[str, dict[str, Any]]:
    paths = cast("dict[str, Any]", patched_definition(provider)["paths"])
    return cast(
        "dict[str, dict[str, Any]]",
        paths[path]["get"]["responses"][status]["content"]["application/json"],
    )


def test_an_example_says_where_it_comes_from_and_which_request_it_answers(calls: Provider) -> None:
    body: JSON = {"id": "c1", "status": "ended"}
    write_payload(calls, "get_call/ended.json", body=body, query={"verbose": True})
    assert media_type(calls, "200")["examples"] == {
        "ended": {
            "summary": "document 000",
            "value": body,
            "x-origin": "printed",
            "x-request": {"path": {"callId": "c1"}, "query": {"verbose": True}},
        }
    }


def test_each_response_shows_the_payloads_of_its_status_in_order(calls: Provider) -> None:
    for name, status in (("b", 200), ("missing", 404), ("a", 200)):
        write_payload(calls, f"get_call/{name}.json", status=status)
    assert list(media_type(calls, "200")["examples"]) == ["a", "b"]
    assert list(media_type(calls, "404")["examples"]) == ["missing"]


def test_examples_of_the_definition_stay_where_there_is_no_payload(calls: Provider) -> None:
    write_payload(calls, "get_call/missing.json", status=404)
    assert list(media_type(calls, "200")["examples"]) == ["Call", "Plain"]


def test_the_response_of_several_statuses_says_the_status_of_each_example(
    make_provider: MakeProvider,
) -> None:
    provider = make_provider(SHARED)
    write_payload(provider, "get_call/busy.json", status=503)
    assert media_type(provider, "default")["examples"]["busy"]["x-status"] == 503


def test_a_shared_response_does_not_show_the_payloads_of_another_operation(
    make_provider: MakeProvider,
) -> None:
    provider = make_provider(SHARED)
    write_payload(provider, "get_call/busy.json", status=503)
    assert "example" not in media_type(provider, "default")
    paths = cast("dict[str, Any]", patched_definition(provider)["paths"])
    shared = {"$ref": "#/components/responses/Failed"}
    assert paths["/calls"]["get"]["responses"]["default"] == shared


@pytest.mark.parametrize(
    ("name", "status", "pointer", "message"),
    [
        ("end_call/a.json", 200, None, "the definition has no operation 'end_call'"),
        ("list_calls/a.json", 200, "/body", "the response for status 200 is documented without"),
        ("get_call/a.json", 200, "/body", "the response for status 200 is documented without JSON"),
        ("list_calls/a.json", 404, "/status", "no response is documented for status 404"),
    ],
)
def test_a_payload_that_nothing_documents_is_refused_with_its_file(
    make_provider: MakeProvider, name: str, status: int, pointer: str | None, message: str
) -> None:
    undocumented = SHARED.replace(
        "        default: {$ref: '#/components/responses/Failed'}\ncomponents",
        "        '200': {description: Nothing.}\ncomponents",
    )
    provider = make_provider(undocumented)
    write_payload(provider, name, status=status)
    with pytest.raises(BadInputError) as caught:
        patched_definition(provider)
    assert caught.value.file == provider.payloads_path / name
    assert caught.value.pointer == pointer
    assert caught.value.message.startswith(message)
