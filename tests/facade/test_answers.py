"""What the methods return, for every documented payload and for both shapes of an answer."""

from __future__ import annotations

import datetime as dt
import importlib
import inspect
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson
import pytest

import callrecords
from callrecords_runtime.errors import ConfigurationError, NotFound, SeveralFound
from codegen.providers.payloads import Payload, read_payloads
from codegen.providers.provider import read_provider

if TYPE_CHECKING:
    from tests.facade.conftest import Clients, Server

ROOT = Path(__file__).parents[2]
CLASSES = {
    "apifycloud": "ApifyCloud",
    "cometchat": "CometChat",
    "realtimekit": "RealtimeKit",
    "zudu": "Zudu",
}
ANSWERS = {
    ("apifycloud", "get_call"): "Call",
    ("cometchat", "get_call"): "Call",
    ("zudu", "get_call"): "Call",
    ("realtimekit", "generate_summary"): "SummaryGeneration",
    ("realtimekit", "get_chat"): "ChatDownload",
    ("realtimekit", "get_participant"): "Participant",
    ("realtimekit", "get_peer_report"): "PeerParticipant",
    ("realtimekit", "get_session"): "Session",
    ("realtimekit", "get_summary"): "SummaryDownload",
    ("realtimekit", "get_transcript"): "TranscriptDownload",
    ("realtimekit", "list_participants"): "Participant",
    ("realtimekit", "list_sessions"): "Session",
}
"""The class of the one thing, or of each, that an operation answers with.

They are the operations of the clients; a generated package may have more.
"""

PAYLOADS = [
    (name, payload)
    for name in CLASSES
    for payload in read_payloads(read_provider(ROOT, name))
    if (name, payload.operation) in ANSWERS
]
SUCCESSES = [(name, payload) for name, payload in PAYLOADS if payload.status == 200]
FAILURES = [(name, payload) for name, payload in PAYLOADS if payload.status != 200]


def named(rows: list[tuple[str, Payload]]) -> list[Any]:
    return [pytest.param(*row, id=f"{row[0]}/{row[1].name}") for row in rows]


def arguments(payload: Payload) -> list[str]:
    """What a method takes: the path's parameters without those of the client."""
    path = payload.request.path
    return [value for name, value in path.items() if name not in {"account_id", "app_id"}]


def payload_of(name: str) -> Payload:
    provider, _, example = name.partition("/")
    return next(one for which, one in PAYLOADS if (which, one.name) == (provider, example))


def the_things(body: Any) -> list[Any]:
    """What an answer holds, without the envelope and whatever else is around it."""
    data = body["data"]
    for key in ("session", "sessions", "participant", "participants"):
        if key in data and set(data) <= {key, "paging"}:
            data = data[key]
    return data if isinstance(data, list) else [data]


@pytest.mark.parametrize(("provider", "payload"), named(SUCCESSES))
def test_every_documented_success_is_answered_with_the_exact_model(
    clients: Clients, server: Server, provider: str, payload: Payload
) -> None:
    server.answer(payload.body)
    if payload.operation.startswith("list_"):
        server.answer({"success": True})  # no page after this one
    client = clients.new(CLASSES[provider], server.url)
    result = clients.call(client, payload.operation, *arguments(payload))
    models = importlib.import_module(f"callrecords_{provider}.models")
    model = getattr(models, ANSWERS[provider, payload.operation])
    found = result if isinstance(result, list) else [result]
    assert [type(one) for one in found] == [model] * len(found)
    assert [one.to_dict() for one in found] == the_things(payload.body)


def test_every_operation_has_a_documented_success() -> None:
    assert {(provider, payload.operation) for provider, payload in SUCCESSES} == set(ANSWERS)


@pytest.mark.parametrize(("provider", "payload"), named(FAILURES))
def test_every_documented_failure_raises(
    clients: Clients,
    server: Server,
    provider: str,
    payload: Payload,
) -> None:
    server.answer(payload.body, payload.status)
    client = clients.new(CLASSES[provider], server.url)
    error = clients.failure(client, payload.operation, *arguments(payload))
    assert error.status == payload.status
    assert (error.provider, error.operation) == (provider, payload.operation)


@pytest.mark.parametrize(
    ("provider", "payload"),
    named([row for row in SUCCESSES if not row[1].operation.startswith("list_")]),
)
def test_the_whole_answer_of_every_operation_can_be_had(
    clients: Clients, server: Server, provider: str, payload: Payload
) -> None:
    server.answer(payload.body, headers={"X-Request-Id": "7"})
    client = clients.new(CLASSES[provider], server.url)
    method = f"with_response.{payload.operation}"
    answer = clients.call(client, method, *arguments(payload))
    assert answer.status == 200
    assert answer.headers["x-request-id"] == answer.headers["X-Request-Id"] == "7"
    assert orjson.loads(answer.content) == payload.body
    assert answer.elapsed > dt.timedelta(0)
    assert answer.parsed == clients.call(client, payload.operation, *arguments(payload))


def test_a_client_that_answers_wholly_leaves_the_original_alone(
    clients: Clients, server: Server
) -> None:
    payload = payload_of("zudu/get_call/ended.json")
    server.answer(payload.body)
    client = clients.new("Zudu", server.url)
    assert clients.call(client, "with_response.get_call", "id").status == 200
    assert type(clients.call(client, "get_call", "id")).__name__ == "Call"


def test_a_whole_answer_shows_its_model_and_not_the_body_again(
    clients: Clients, server: Server
) -> None:
    server.answer({"data": {"call_id": "1"}})
    answer = clients.call(clients.new("Zudu", server.url), "with_response.get_call", "1")
    assert repr(answer).startswith("Answer(parsed=Call(")
    assert "bytes" not in repr(answer)
    assert f"<{len(answer.content)} bytes>" in repr(answer.response)


@pytest.mark.parametrize("shape", ["object", "array"])
def test_a_call_comes_alone_whether_it_is_in_an_array_or_not(
    clients: Clients, server: Server, shape: str
) -> None:
    server.answer(payload_of(f"cometchat/get_call/{shape}.json").body)
    call = clients.call(clients.new("CometChat", server.url), "get_call", "id")
    assert call.session_id.startswith("v1.")


def test_an_array_without_a_call_is_not_found(clients: Clients, server: Server) -> None:
    server.answer({"data": []})
    error = clients.failure(clients.new("CometChat", server.url), "get_call", "id")
    assert type(error) is NotFound
    assert isinstance(error, LookupError)
    assert str(error) == "cometchat get_call: 200: the answer holds nothing in data"
    assert error.response.content == b'{"data":[]}'


def test_an_array_of_several_calls_is_shown_in_the_error(clients: Clients, server: Server) -> None:
    call = payload_of("cometchat/get_call/object.json").body["data"]  # type: ignore[index, call-overload]
    server.answer({"data": [call, call]})
    error = clients.failure(clients.new("CometChat", server.url), "get_call", "id")
    assert type(error) is SeveralFound
    assert isinstance(error, LookupError)
    found: Any = error.found
    assert [one.to_dict() for one in found] == [call, call]
    assert str(error) == "cometchat get_call: the answer holds 2 items in data instead of one"


@pytest.mark.parametrize(
    ("operation", "arguments"),
    [("get_session", ["id"]), ("get_peer_report", ["id"])],
)
def test_both_shapes_of_an_answer_give_the_same(
    clients: Clients, server: Server, operation: str, arguments: list[str]
) -> None:
    direct = payload_of(f"realtimekit/{operation}/direct.json").body["data"]  # type: ignore[index, call-overload]
    inner = "session" if operation == "get_session" else "participant"
    server.answer({"success": True, "data": direct})
    server.answer({"success": True, "data": {inner: direct}})
    client = clients.new("RealtimeKit", server.url)
    alone = clients.call(client, operation, *arguments)
    wrapped = clients.call(client, operation, *arguments)
    assert alone == wrapped
    assert len(server.requests) == 2


NOON = dt.datetime(2024, 1, 1, 12, tzinfo=dt.timezone(dt.timedelta(hours=1)))
ARGUMENTS: list[tuple[str, int, dict[str, Any], dict[str, str]]] = [
    (
        "list_sessions",
        0,
        {"start_time": NOON, "end_time": NOON + dt.timedelta(days=1)},
        {"start_time": "2024-01-01T11:00:00.000Z", "end_time": "2024-01-02T11:00:00.000Z"},
    ),
    (
        "list_sessions",
        0,
        {"associated_id": "m/1", "participants": "1:10", "search": "a b", "status": "ENDED"},
        {"associated_id": "m/1", "participants": "1:10", "search": "a b", "status": "ENDED"},
    ),
    (
        "list_sessions",
        0,
        {"per_page": 5, "sort_by": "createdAt", "sort_order": "DESC"},
        {"per_page": "5", "sort_by": "createdAt", "sort_order": "DESC"},
    ),
    ("get_session", 1, {"include_breakout_rooms": False}, {"include_breakout_rooms": "false"}),
    (
        "list_participants",
        1,
        {"per_page": 5, "include_peer_events": True, "search": "a", "view": "consolidated"},
        {"per_page": "5", "include_peer_events": "true", "search": "a", "view": "consolidated"},
    ),
    (
        "list_participants",
        1,
        {"sort_by": "joinedAt", "sort_order": "ASC"},
        {"sort_by": "joinedAt", "sort_order": "ASC"},
    ),
    ("get_participant", 2, {"include_peer_events": True}, {"include_peer_events": "true"}),
    ("get_transcript", 1, {"format_": "VTT"}, {"format": "VTT"}),
    (
        "get_peer_report",
        1,
        {"filters": "device_info", "include_peer_events": False},
        {"filters": "device_info", "include_peer_events": "false"},
    ),
    ("list_sessions", 0, {"status": "PAUSED"}, {"status": "PAUSED"}),
]


@pytest.mark.parametrize(
    ("operation", "identifiers", "given", "sent"),
    ARGUMENTS,
    ids=[f"{row[0]}({', '.join(row[2])})" for row in ARGUMENTS],
)
def test_arguments_go_where_the_definition_says(  # noqa: PLR0913, PLR0917 - a table's columns
    clients: Clients,
    server: Server,
    operation: str,
    identifiers: int,
    given: dict[str, Any],
    sent: dict[str, str],
) -> None:
    server.answer(status=400)
    client = clients.new("RealtimeKit", server.url)
    clients.failure(client, operation, *("first", "second")[:identifiers], **given)
    (request,) = server.requests
    assert request.args.to_dict() == sent
    ids = [part for part in request.path.split("/") if part in {"first", "second"}]
    assert ids == ["first", "second"][:identifiers]
    assert request.path.startswith("/accounts/acc/realtime/kit/app/")


@pytest.mark.parametrize(
    ("operation", "arguments", "message"),
    [
        ("get_session", {"session_id": None}, "session_id must be a str, not NoneType"),
        ("get_chat", {"session_id": b"1"}, "session_id must be a str, not bytes"),
        (
            "get_participant",
            {"session_id": "1", "participant_id": 2},
            "participant_id must be a str, not int",
        ),
        ("list_sessions", {"search": 1}, "search must be a str, not int"),
        ("list_sessions", {"status": 1}, "status is no SessionStatus: 1"),
        ("list_sessions", {"start_time": "2024-01-01"}, "start_time must be a datetime, not str"),
        (
            "list_sessions",
            {"end_time": dt.datetime(2024, 1, 1)},  # noqa: DTZ001 - nobody knows its zone
            "end_time must have a time zone",
        ),
    ],
)
def test_an_argument_of_another_type_is_refused(
    clients: Clients, server: Server, operation: str, arguments: dict[str, Any], message: str
) -> None:
    with pytest.raises(ConfigurationError, match=message):
        clients.call(clients.new("RealtimeKit", server.url), operation, **arguments)
    assert not server.requests


def test_every_argument_of_every_operation_is_in_the_table() -> None:
    for operation in {row[0] for row in ARGUMENTS}:
        parameters = inspect.signature(getattr(callrecords.RealtimeKit, operation)).parameters
        named = {name for name, one in parameters.items() if one.kind is one.KEYWORD_ONLY}
        given = {name for row in ARGUMENTS if row[0] == operation for name in row[2]}
        assert given == named - {"cursor", "limit"}


def test_arguments_that_are_not_given_are_not_sent(clients: Clients, server: Server) -> None:
    server.answer({"data": {"sessions": []}})
    clients.call(clients.new("RealtimeKit", server.url), "list_sessions")
    assert server.requests[0].environ["REQUEST_URI"].endswith("/sessions")


def test_a_call_is_asked_for_on_behalf_of_a_user(clients: Clients, server: Server) -> None:
    server.answer(payload_of("cometchat/get_call/object.json").body)
    client = clients.new("CometChat", server.url)
    clients.call(client, "get_call", "id", on_behalf_of="superhero1")
    clients.call(client, "get_call", "id")
    assert [request.headers.get("onBehalfOf") for request in server.requests] == [
        "superhero1",
        None,
    ]


def test_a_summary_is_generated_by_a_post_without_a_body(clients: Clients, server: Server) -> None:
    server.answer(payload_of("realtimekit/generate_summary/accepted.json").body)
    clients.call(clients.new("RealtimeKit", server.url), "generate_summary", "id")
    assert (server.requests[0].method, server.requests[0].get_data()) == ("POST", b"")


def test_what_is_not_modelled_can_be_requested(clients: Clients, server: Server) -> None:
    server.answer({"a": [1]}, 201, {"X-Id": "7"})
    client = clients.new("Zudu", server.url + "/v2")
    answer = clients.call(
        client,
        "request",
        "put",
        "/calls/é/x?a=1&a=2&b=",
        content=b'{"x":1}',
        headers={"Content-Type": "application/json"},
        params={"c": "3"},
    )
    assert (answer.parsed, answer.status, answer.headers["x-id"]) == ({"a": [1]}, 201, "7")
    (request,) = server.requests
    assert (request.method, request.path) == ("PUT", "/v2/calls/é/x")
    assert request.args.to_dict(flat=False) == {"a": ["1", "2"], "b": [""], "c": ["3"]}
    assert (request.get_data(), request.content_type) == (b'{"x":1}', "application/json")
    assert request.headers["X-API-KEY"] == "s3cr3t-one"


@pytest.mark.parametrize(
    ("body", "parsed"),
    [(b"", None), (b"<html>", None), (b"null", None), (b"[1]", [1]), (b'"\\ud83d"', "\ud83d")],
)
def test_what_is_requested_need_not_answer_with_json(
    clients: Clients, server: Server, body: bytes, parsed: Any
) -> None:
    server.answer(body)
    answer = clients.call(clients.new("Zudu", server.url), "request", "GET", "/x")
    assert (answer.parsed, answer.content) == (parsed, body)


def test_what_is_requested_fails_as_everything_does(clients: Clients, server: Server) -> None:
    server.answer({"message": "no such thing"}, 404)
    error = clients.failure(clients.new("Zudu", server.url), "request", "GET", "/x?q=1")
    assert type(error) is NotFound
    assert str(error) == "zudu request: 404: no such thing"
    assert error.request.path == "/x"


def test_an_answer_has_its_body_as_json(clients: Clients, server: Server) -> None:
    server.answer({"data": [1]})
    client = clients.new("Zudu", server.url)
    assert clients.call(client, "request", "GET", "/a").json() == {"data": [1]}
    server.answer({"message": "none"}, status=404)
    clients.call(client, "request", "GET", "/a")
    assert clients.failure(client, "get_call", "a").response.json() == {"message": "none"}


def test_an_answer_that_is_no_json_has_none(clients: Clients, server: Server) -> None:
    server.answer(b"<html>")
    answer = clients.call(clients.new("Zudu", server.url), "request", "GET", "/a")
    with pytest.raises(ValueError, match="Expecting value"):
        answer.json()


@pytest.mark.parametrize("value", [{"a": [1, None]}, [], None, "text", 0])
def test_what_is_requested_may_have_a_body_of_json(
    clients: Clients, server: Server, value: Any
) -> None:
    server.answer({})
    clients.call(clients.new("Zudu", server.url), "request", "POST", "/a", json=value)
    (request,) = server.requests
    assert orjson.loads(request.data) == value
    assert request.headers["content-type"] == "application/json"


def test_a_body_of_json_may_be_a_model_and_of_another_media_type(
    clients: Clients, server: Server
) -> None:
    server.answer({"success": True, "data": {"participant": {"id": "a"}}})
    client = clients.new("RealtimeKit", server.url)
    model = clients.call(client, "get_participant", "a", "a")
    headers = {"Content-Type": "application/merge-patch+json"}
    clients.call(client, "request", "PATCH", "/a", json=model, headers=headers)
    request = server.requests[-1]
    assert orjson.loads(request.data)["id"] == "a"
    assert request.headers.getlist("content-type") == ["application/merge-patch+json"]


def test_only_one_body_can_be_sent(clients: Clients, server: Server) -> None:
    with pytest.raises(ConfigurationError, match="content or json"):
        clients.call(
            clients.new("Zudu", server.url), "request", "POST", "/a", json={}, content=b"{}"
        )
    assert server.requests == []


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({"X-Request-Id": "a"}, "a"),
        ({"CF-Ray": "c", "X-GitHub-Request-Id": "b"}, "b"),
        ({"cf-ray": "c"}, "c"),
        ({"x-amzn-RequestId": "d", "x-correlation-id": "e"}, "d"),
        ({"X-Trace-Id": "f"}, "f"),
        ({"X-Bid": "g", "X-Request-Idle": "h"}, None),
    ],
)
def test_answers_and_errors_know_the_providers_id_of_the_request(
    clients: Clients, server: Server, headers: dict[str, str], expected: str | None
) -> None:
    server.answer({}, headers=headers)
    client = clients.new("Zudu", server.url)
    assert clients.call(client, "request", "GET", "/a").request_id == expected
    server.answer({}, status=404, headers=headers)
    clients.call(client, "request", "GET", "/a")
    assert clients.failure(client, "get_call", "a").request_id == expected
