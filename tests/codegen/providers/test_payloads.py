"""Documented payloads: reading them, and as examples of the patched definition."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, cast

import pytest

from codegen.files.errors import BadInputError
from codegen.providers.patched import patched_definition
from codegen.providers.payloads import (
    Payload,
    PayloadRequest,
    payload_text,
    read_payloads,
)
from codegen.providers.provider import Provider

if TYPE_CHECKING:
    from pathlib import Path

    from codegen.files.values import JSON
    from tests.codegen.conftest import MakeProvider


GET_CALL: dict[str, JSON] = {
    "source": "document 002, example of the 200 response",
    "origin": "printed",
    "request": {"path": {"callId": "call-456"}, "query": {"expand": True}},
    "status": 200,
    "body": {"id": "call-456"},
}


@pytest.fixture
def provider(tmp_path: Path) -> Provider:
    return Provider(
        tmp_path, "zudu", "callrecords-zudu", "callrecords_zudu", "0.1.0", "", (), "", ()
    )


def write_payload(provider: Provider, name: str, data: JSON = GET_CALL) -> Path:
    file = provider.payloads_path / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(data, indent=1))
    return file


@pytest.mark.parametrize(
    ("status", "is_success"), [(200, True), (204, True), (299, True), (199, False), (300, False)]
)
def test_a_success_is_told_by_its_status(
    provider: Provider, status: int, *, is_success: bool
) -> None:
    write_payload(provider, "get_call/object.json", {**GET_CALL, "status": status})
    assert [payload.is_success for payload in read_payloads(provider)] == [is_success]


def test_every_member_of_the_file_is_in_the_payload(provider: Provider) -> None:
    file = write_payload(provider, "get_call/object.json")
    assert read_payloads(provider) == (
        Payload(
            path=file,
            operation="get_call",
            name="get_call/object.json",
            source="document 002, example of the 200 response",
            origin="printed",
            status=200,
            request=PayloadRequest(path={"callId": "call-456"}, query={"expand": True}),
            body={"id": "call-456"},
        ),
    )


def test_payloads_are_sorted_by_name_and_hidden_files_are_none(provider: Provider) -> None:
    for name in ("list_calls/b.json", "get_call/z.json", "list_calls/a.json", "get_call/.swap"):
        write_payload(provider, name)
    assert [payload.name for payload in read_payloads(provider)] == [
        "get_call/z.json",
        "list_calls/a.json",
        "list_calls/b.json",
    ]


def test_a_provider_without_a_folder_of_payloads_has_none(provider: Provider) -> None:
    assert read_payloads(provider) == ()


@pytest.mark.parametrize("body", [None, [], "", 0, False])
def test_a_body_may_be_any_json(provider: Provider, body: JSON) -> None:
    write_payload(provider, "get_call/any.json", {**GET_CALL, "body": body})
    assert read_payloads(provider)[0].body == body


@pytest.mark.parametrize("name", ["object.json", "get_call/deep/object.json", "get_call/a.yaml"])
def test_a_file_out_of_place_is_refused_rather_than_left_unchecked(
    provider: Provider, name: str
) -> None:
    file = write_payload(provider, name)
    with pytest.raises(
        BadInputError, match=r"expected payloads/<operation>/<name>\.json"
    ) as caught:
        read_payloads(provider)
    assert caught.value.file == file


def test_an_event_answers_no_request_and_has_no_status(provider: Provider) -> None:
    event = {key: GET_CALL[key] for key in ("source", "origin", "body")}
    file = write_payload(provider, "call_ended/printed.json", event)
    [payload] = read_payloads(provider)
    assert payload.is_event
    assert payload.request == PayloadRequest({}, {})
    assert json.loads(payload_text(payload)) == json.loads(file.read_bytes()) == event


@pytest.mark.parametrize("member", sorted(GET_CALL))
def test_a_missing_member_is_named(provider: Provider, member: str) -> None:
    write_payload(provider, "get_call/a.json", {k: v for k, v in GET_CALL.items() if k != member})
    with pytest.raises(BadInputError, match=f"{member} is missing; expected"):
        read_payloads(provider)


@pytest.mark.parametrize(
    ("member", "value", "pointer", "expected"),
    [
        ("source", 2, "/source", "where it stands"),
        ("source", " ", "/source", "where it stands"),
        ("origin", "guessed", "/origin", '"printed", "excerpt" or "composed"'),
        ("origin", [], "/origin", '"printed", "excerpt" or "composed"'),
        ("status", "200", "/status", "an HTTP status code"),
        ("status", True, "/status", "an HTTP status code"),
        ("status", 99, "/status", "an HTTP status code"),
        ("status", 600, "/status", "an HTTP status code"),
        ("request", None, "/request", "an object such as"),
        ("request", {"query": {}}, "/request", "path is missing; expected an object of texts"),
        (
            "request",
            {"path": {"id": 1}, "query": {}},
            "/request/path/id",
            "id is 1; expected a text",
        ),
        ("request", {"path": {}}, "/request", "query is missing; expected an object"),
        ("request", {"path": {}, "query": []}, "/request/query", "query is []; expected an object"),
        (
            "request",
            {"path": {}, "query": {}, "header": {}},
            "/request/header",
            "header means nothing",
        ),
        ("note", "", "/note", "note means nothing here; there is "),
    ],
)
def test_a_wrong_member_is_named_with_what_was_expected(
    provider: Provider, member: str, value: JSON, pointer: str, expected: str
) -> None:
    file = write_payload(provider, "get_call/a.json", {**GET_CALL, member: value})
    with pytest.raises(BadInputError) as caught:
        read_payloads(provider)
    assert (caught.value.file, caught.value.pointer) == (file, pointer)
    assert expected in caught.value.message


def test_a_payload_that_is_no_object_is_refused(provider: Provider) -> None:
    write_payload(provider, "get_call/a.json", [])
    with pytest.raises(BadInputError, match="expected an object with source, origin"):
        read_payloads(provider)


def test_an_error_names_the_line(provider: Provider) -> None:
    write_payload(provider, "get_call/a.json", {**GET_CALL, "origin": "guessed"})
    with pytest.raises(BadInputError) as caught:
        read_payloads(provider)
    assert caught.value.line == 3


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


def write_answer(
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
    write_answer(calls, "get_call/ended.json", body=body, query={"verbose": True})
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
        write_answer(calls, f"get_call/{name}.json", status=status)
    assert list(media_type(calls, "200")["examples"]) == ["a", "b"]
    assert list(media_type(calls, "404")["examples"]) == ["missing"]


def test_examples_of_the_definition_stay_where_there_is_no_payload(calls: Provider) -> None:
    write_answer(calls, "get_call/missing.json", status=404)
    assert list(media_type(calls, "200")["examples"]) == ["Call", "Plain"]


def test_the_response_of_several_statuses_says_the_status_of_each_example(
    make_provider: MakeProvider,
) -> None:
    provider = make_provider(SHARED)
    write_answer(provider, "get_call/busy.json", status=503)
    assert media_type(provider, "default")["examples"]["busy"]["x-status"] == 503


def test_a_shared_response_does_not_show_the_payloads_of_another_operation(
    make_provider: MakeProvider,
) -> None:
    provider = make_provider(SHARED)
    write_answer(provider, "get_call/busy.json", status=503)
    assert "example" not in media_type(provider, "default")
    paths = cast("dict[str, Any]", patched_definition(provider)["paths"])
    other = paths["/calls"]["get"]["responses"]["default"]["content"]["application/json"]
    assert other["example"] == {"detail": "none"}
    assert "examples" not in other


@pytest.mark.parametrize(
    ("name", "status", "pointer", "message"),
    [
        (
            "end_call/a.json",
            200,
            None,
            "the folder is named as an operation is",
        ),
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
    write_answer(provider, name, status=status)
    with pytest.raises(BadInputError) as caught:
        patched_definition(provider)
    assert caught.value.file == provider.payloads_path / name
    assert caught.value.pointer == pointer
    assert caught.value.message.startswith(message)


RUNG = """\
openapi: 3.1.0
info: {title: T, version: '1'}
webhooks:
  rung:
    post:
      requestBody: {content: {application/json: {schema: {}, example: 1}}}
  left: {post: {requestBody: {content: {text/plain: {schema: {}}}}}}
"""
EVENT: dict[str, JSON] = {"source": "document 000", "origin": "printed", "body": {"id": 1}}


def test_an_event_is_an_example_of_the_body_of_its_webhook(make_provider: MakeProvider) -> None:
    provider = make_provider(RUNG)
    write_payload(provider, "rung/printed.json", EVENT)
    webhooks = cast("dict[str, Any]", patched_definition(provider)["webhooks"])
    content = webhooks["rung"]["post"]["requestBody"]["content"]
    assert content["application/json"]["examples"] == {
        "printed": {"summary": "document 000", "value": {"id": 1}, "x-origin": "printed"}
    }
    assert "example" not in content["application/json"]


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("left/a.json", EVENT, "the webhook is documented without JSON"),
        ("ring/a.json", EVENT, "the folder is named as a webhook is, and there is no 'ring'; did"),
        ("rung/a.json", GET_CALL, "the folder is named as an operation is, and there is no 'rung'"),
    ],
)
def test_an_event_that_no_webhook_documents_is_refused(
    make_provider: MakeProvider, name: str, data: JSON, message: str
) -> None:
    provider = make_provider(RUNG)
    write_payload(provider, name, data)
    with pytest.raises(BadInputError) as caught:
        patched_definition(provider)
    assert caught.value.message.startswith(message)
