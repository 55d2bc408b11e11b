"""What the sandbox answers, and what it can be told to do wrong; asked over loopback."""

from __future__ import annotations

import base64
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import httpx
import jsonschema_rs
import pytest

from callrecords.sandbox._answering import missing_credential
from callrecords.sandbox._definition import (
    _with_ids,  # pyright: ignore[reportPrivateUsage]
    read_definition,
)
from callrecords_runtime.client import operation_of
from callrecords_runtime.provider import Credential
from codegen.providers.patched import patched_definition
from codegen.providers.payloads import Payload, read_payloads
from codegen.providers.provider import read_provider

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Mapping

    from callrecords.sandbox import Sandbox

    Ask = Callable[..., httpx.Response]

ROOT = Path(__file__).parents[2]
CREDENTIALS = {
    "apifycloud": {
        "X-App-Id": "any",
        "X-Widget-Key": "any",
        "Authorization": "Bearer any",
    },
    "cometchat": {"apikey": "any"},
    "zudu": {"X-API-KEY": "any", "X-API-SECRET": "any"},
    "realtimekit": {"Authorization": "Bearer any"},
}
PAYLOADS = {
    f"{name}/{payload.name}": (name, payload)
    for name in CREDENTIALS
    for payload in read_payloads(read_provider(ROOT, name))
    if not payload.is_event
}
ENDED = "182bd5e5-6e1a-4fe4-a799-aa6d9a6ab26e"
LIVE = "7a1e4c9d-2b35-4f68-8d07-3e5a9c1b6f42"
MEETING = "6bf2b8be-04dd-4191-b602-1128921a306b"
UNKNOWN = {"callId": "none", "sessionId": "none", "session_id": "none", "peer_id": "none"}


@pytest.fixture(scope="module")
def client() -> Generator[httpx.Client]:
    with httpx.Client(trust_env=False) as client:
        yield client


@pytest.fixture
def ask(callrecords_sandbox: Sandbox, client: httpx.Client) -> Ask:
    """Sends the request of an operation, with credentials unless there are ``headers``."""

    def ask(
        provider: str,
        operation: str,
        arguments: Mapping[str, str] | None = None,
        *,
        headers: Mapping[str, str] | None = None,
        **options: Any,
    ) -> httpx.Response:
        tenant = {"account_id": "any", "app_id": "any"}
        asked = operation_of(f"callrecords_{provider}", operation)
        return client.request(
            asked.method,
            callrecords_sandbox.url(provider) + asked.path.format(**tenant | dict(arguments or {})),
            headers=CREDENTIALS[provider] if headers is None else headers,
            **options,
        )

    return ask


@pytest.fixture
def listed(ask: Ask) -> Callable[..., list[str]]:
    """The ids on one page of the sessions, by query."""

    def listed(**query: str | int) -> list[str]:
        sessions = ask("realtimekit", "list_sessions", params=query).json()["data"]["sessions"]
        return [session["id"] for session in sessions]

    return listed


@pytest.mark.parametrize(("provider", "payload"), PAYLOADS.values(), ids=PAYLOADS)
def test_every_documented_payload_can_be_chosen(
    callrecords_sandbox: Sandbox, ask: Ask, provider: str, payload: Payload
) -> None:
    callrecords_sandbox.answer(provider, payload.operation, example=payload.path.stem)
    query = {name: one for name, one in payload.request.query.items() if type(one) is not list}
    sent: dict[str, Any] = {"json": payload.request.body} if payload.request.body else {}
    response = ask(provider, payload.operation, payload.request.path, params=query, **sent)
    assert (response.status_code, response.json()) == (payload.status, payload.body)


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "the body is missing"),
        (b'{"name"', "the body is no JSON"),
        (b"[]", "body: [] is not of type"),
        (b'{"name": 5}', "body['name']: 5 is not of type"),
    ],
)
def test_a_body_that_does_not_fit_is_a_bad_request_that_says_where(
    ask: Ask, content: bytes, problem: str
) -> None:
    response = ask("realtimekit", "create_app", content=content)
    assert response.status_code == 400
    assert problem in response.json()["error"]["message"]
    assert ask("realtimekit", "create_app", json={"name": "a"}).status_code == 200


def test_another_method_is_refused_with_those_of_the_closest_path(
    client: httpx.Client, callrecords_sandbox: Sandbox
) -> None:
    path = "/accounts/a/realtime/kit/b/recordings/track"
    response = client.options(callrecords_sandbox.url("realtimekit") + path)
    assert (response.status_code, response.headers["allow"]) == (405, "POST")


@pytest.mark.parametrize(
    ("provider", "name", "query"),
    [
        ("zudu", "get_call/ended", {}),
        ("zudu", "get_call/not_found", {}),
        ("apifycloud", "get_call/example", {}),
        ("realtimekit", "get_session/direct", {}),
        ("realtimekit", "get_session/live", {}),
        ("realtimekit", "get_peer_report/wrapped", {}),
        ("realtimekit", "get_peer_report/direct", {"include_peer_events": "true"}),
    ],
)
def test_the_id_and_then_the_query_decide_which_payload_answers(
    ask: Ask, provider: str, name: str, query: dict[str, str]
) -> None:
    _, payload = PAYLOADS[f"{provider}/{name}.json"]
    response = ask(provider, payload.operation, payload.request.path, params=query)
    assert (response.status_code, response.json()) == (payload.status, payload.body)


def test_a_success_goes_before_an_error_whatever_their_names(ask: Ask) -> None:
    _, bad_request = PAYLOADS["cometchat/get_call/bad_request.json"]
    assert ask("cometchat", "get_call", bad_request.request.path).status_code == 200


@pytest.mark.parametrize(
    ("operation", "sent", "number"),
    [
        ("search_calls", {"json": {"page": 0}}, 1),
        ("search_calls", {"json": {"page": 1}}, 0),
        ("search_batch_calls", {"json": {"pagination": {"page": 1}}}, 0),
        ("list_batch_calls", {}, 1),
        ("list_batch_calls", {"params": {"page": 1}}, 0),
    ],
)
def test_a_further_page_of_a_list_is_empty(
    ask: Ask, operation: str, sent: dict[str, Any], number: int
) -> None:
    data = ask("zudu", operation, **sent).json()["data"]
    items = data["calls" if operation == "search_calls" else "batch_calls"]
    assert (len(items), data["pagination"]["limit"] > 0) == (number, True)


def test_a_choice_does_not_answer_for_another_id(callrecords_sandbox: Sandbox, ask: Ask) -> None:
    callrecords_sandbox.answer("zudu", "get_call", example="not_found")
    assert ask("zudu", "get_call", {"callId": "call-456"}).status_code == 200


@pytest.mark.parametrize(
    ("provider", "operation", "body"),
    [
        (
            "zudu",
            "get_call",
            {
                "message": "Call not found",
                "status": "error",
                "error": "there is no get_call with callId 'none'",
            },
        ),
        (
            "realtimekit",
            "get_chat",
            {
                "success": False,
                "error": {"code": 404, "message": "there is no get_chat with session_id 'none'"},
            },
        ),
        (
            "realtimekit",
            "list_participants",
            {
                "success": False,
                "error": {
                    "code": 404,
                    "message": "there is no list_participants with session_id 'none'",
                },
            },
        ),
        ("cometchat", "get_call", {"message": "there is no get_call with sessionId 'none'"}),
        ("apifycloud", "get_call", {"message": "there is no get_call with callId 'none'"}),
    ],
)
def test_an_unknown_id_is_not_found_in_the_words_of_the_provider(
    ask: Ask, provider: str, operation: str, body: dict[str, Any]
) -> None:
    response = ask(provider, operation, UNKNOWN)
    # CometChat documents 400 for this operation, and no 404.
    status = 400 if provider == "cometchat" else 404
    assert (response.status_code, response.json()) == (status, body)


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/",
        "/nobody/calls/1",
        "/zudu",
        "/zudu/api/call",
        "/zudu/api/call/",
        "/zudu/api/calls/call-456/",
        "/zudu/API/calls/call-456",
        "/realtimekit/accounts/a/realtime/kit/b/sessions/c/livestream",
    ],
)
def test_an_undocumented_path_is_not_found(
    callrecords_sandbox: Sandbox, client: httpx.Client, path: str
) -> None:
    response = client.get(callrecords_sandbox.origin + path)
    assert response.status_code == 404
    assert response.headers["content-type"] == "application/json"


def test_an_escaped_slash_is_part_of_the_id(callrecords_sandbox: Sandbox, ask: Ask) -> None:
    callrecords_sandbox.add("realtimekit", "list_sessions", [{"id": "a/ä"}])
    response = ask("realtimekit", "get_session", {"session_id": "a%2F%C3%A4"})
    assert response.json()["data"] == {"id": "a/ä"}


def test_another_method_is_refused_with_those_that_are_allowed(
    callrecords_sandbox: Sandbox, client: httpx.Client
) -> None:
    path = f"/accounts/any/realtime/kit/any/sessions/{ENDED}/summary"
    response = client.delete(callrecords_sandbox.url("realtimekit") + path)
    assert (response.status_code, response.headers["allow"]) == (405, "GET, POST")


@pytest.mark.parametrize(
    ("provider", "headers", "missing"),
    [
        ("cometchat", {}, "apikey"),
        ("cometchat", {"apikey": ""}, "apikey"),
        ("zudu", {}, "X-API-KEY"),
        ("zudu", {"X-API-KEY": "any"}, "X-API-SECRET"),
        ("zudu", {"X-API-KEY": "any", "X-API-SECRET": ""}, "X-API-SECRET"),
        ("realtimekit", {}, "Authorization"),
        ("realtimekit", {"Authorization": "Bearer"}, "Authorization"),
        ("realtimekit", {"Authorization": "Basic any"}, "Authorization"),
    ],
)
def test_a_request_without_its_credentials_is_unauthorised(
    ask: Ask, provider: str, headers: dict[str, str], missing: str
) -> None:
    operation = "list_sessions" if provider == "realtimekit" else "get_call"
    response = ask(provider, operation, UNKNOWN, headers=headers)
    assert response.status_code == 401
    assert f"the header {missing} is missing or empty" in response.text


@pytest.mark.parametrize(("secret", "status"), [("right", 200), ("wrong", 401)])
def test_one_credential_can_be_demanded(
    ask: Ask, callrecords_sandbox: Sandbox, secret: str, status: int
) -> None:
    callrecords_sandbox.secret = "right"
    for headers in ({"Authorization": f"Bearer {secret}"}, {"Authorization": f"bearer {secret}"}):
        assert ask("realtimekit", "list_sessions", headers=headers).status_code == status
    callrecords_sandbox.reset()
    assert ask("realtimekit", "list_sessions").status_code == 200


def test_any_id_is_answered_with_a_payload_that_has_it(
    ask: Ask, callrecords_sandbox: Sandbox
) -> None:
    assert ask("zudu", "get_call", UNKNOWN).status_code == 404
    callrecords_sandbox.any_id = True
    call = ask("zudu", "get_call", UNKNOWN).json()["data"]
    assert (call["call_id"], call["call_status"]) == ("none", "REGISTERED")
    callrecords_sandbox.answer("zudu", "get_call", example="ended")
    assert ask("zudu", "get_call", UNKNOWN).json()["data"]["call_status"] == "ENDED"
    assert (
        ask("zudu", "get_call", {"callId": "call_abc123"}).status_code == 404
    )  # which is documented
    assert ask("realtimekit", "get_session", {"session_id": ""}).status_code == 404
    callrecords_sandbox.reset()
    assert ask("zudu", "get_call", UNKNOWN).status_code == 404


def test_an_id_that_one_operation_shows_is_known_to_all(
    ask: Ask, callrecords_sandbox: Sandbox
) -> None:
    (batch,) = ask("zudu", "list_batch_calls").json()["data"]["batch_calls"]
    found = ask("zudu", "get_batch_call", {"id": batch["batch_call_id"]})
    assert batch["batch_call_id"] in found.text
    for provider in CREDENTIALS:
        for operation in read_definition(provider).operations:
            if operation.method != "GET" or len(operation.places) != 1:
                continue
            known = callrecords_sandbox.ids(provider, operation.name)
            errors = {example.name for example in operation.examples if example.is_error}
            asked = [
                ask(provider, operation.name, {"appId": "any", str(operation.id_parameter): one})
                for one in known
                if errors.isdisjoint(known[one])
            ]
            assert {answer.status_code for answer in asked} == {200}, operation.name
    assert ask("zudu", "get_batch_call", {"id": "batch_unknown"}).status_code == 404


def test_ids_are_put_in_their_places_as_what_they_are() -> None:
    body = {"id": 5, "of": ["5", True, 55, {"a": "x"}], "text": "5 of 5"}
    ids = {"5": "7", "True": "no"}
    assert _with_ids(body, ids) == {"id": 7, "of": ["7", True, 55, {"a": "x"}], "text": "5 of 5"}
    assert _with_ids(5, {"5": "a"}) == "a"


def test_of_a_name_and_a_password_the_password_is_what_is_demanded() -> None:
    basic = Credential(
        arguments=(("username", "U"), ("password", "P")),
        sent_as="Authorization",
        schemes=("basicAuth",),
        prefix="Basic ",
    )

    def is_let_in(given: str) -> bool:
        request: Any = SimpleNamespace(headers={"Authorization": f"Basic {given}"}, query={})
        return missing_credential([[basic]], request, "right") is None

    assert is_let_in(base64.b64encode(b"anybody:right").decode())
    assert not any(map(is_let_in, ["right", base64.b64encode(b"right:wrong").decode()]))


@pytest.mark.parametrize(
    ("operation", "query", "problem"),
    [
        ("list_sessions", {"status": "OVER"}, 'status: "OVER" is not one of "LIVE", "ENDED"'),
        ("list_sessions", {"page_no": "one"}, 'page_no: "one" is not of type "integer"'),
        ("list_sessions", {"page_no": "1.5"}, 'page_no: 1.5 is not of type "integer"'),
        ("list_sessions", {"per_page": "-1"}, "per_page: -1 is less than the minimum of 0"),
        ("list_sessions", {"per_page": ""}, 'per_page: "" is not of type "integer"'),
        ("list_sessions", {"start_time": "now"}, 'start_time: "now" is not a "date-time"'),
        ("list_sessions", {"search": ["a", "b"]}, 'search: ["a","b"] is not of type "string"'),
        ("get_session", {"include_breakout_rooms": "1"}, 'rooms: 1 is not of type "boolean"'),
        ("get_transcript", {"format": "csv"}, 'format: "csv" is not one of "SRT", "VTT"'),
    ],
)
def test_a_parameter_that_does_not_fit_is_a_bad_request_that_names_it(
    ask: Ask, operation: str, query: dict[str, str], problem: str
) -> None:
    response = ask("realtimekit", operation, {"session_id": ENDED}, params=query)
    assert response.status_code == 400
    assert problem in response.json()["error"]["message"]


@pytest.mark.parametrize(
    "query",
    [
        {"start_time": "2023-02-01T10:51:50.786Z", "end_time": "2023-02-01T10:51:50+01:00"},
        {"search": "12"},
        {"participants": "1:10"},
        {"undocumented": "x"},
    ],
)
def test_a_parameter_that_fits_or_is_not_documented_passes(ask: Ask, query: dict[str, str]) -> None:
    assert ask("realtimekit", "list_sessions", params=query).status_code == 200


def test_the_pages_of_a_list_hold_every_item_once(
    callrecords_sandbox: Sandbox, listed: Callable[..., list[str]]
) -> None:
    added = callrecords_sandbox.add_sessions(120)
    pages = [listed(page_no=number, per_page=50) for number in (1, 2, 3, 4)]
    assert [len(page) for page in pages] == [50, 50, 22, 0]
    every = [LIVE, ENDED, *(session["id"] for session in added)]
    assert [session for page in pages for session in page] == every
    assert len(set(every)) == 122


@pytest.mark.parametrize("first", [{}, {"page_no": 0}, {"page_no": 1}])
def test_the_first_page_is_0_and_1_and_what_comes_without_a_number(
    callrecords_sandbox: Sandbox, listed: Callable[..., list[str]], first: dict[str, int]
) -> None:
    callrecords_sandbox.add_sessions(20)
    page = listed(**first)
    assert page[:2] == [LIVE, ENDED]
    assert len(page) == 20


@pytest.mark.parametrize(
    ("query", "paging"),
    [
        ({}, (2, 1, 2)),
        ({"per_page": 1}, (2, 1, 1)),
        ({"per_page": 1, "page_no": 2}, (2, 2, 2)),
        ({"per_page": 1, "page_no": 3}, (2, 0, 0)),
        ({"per_page": 0}, (2, 0, 0)),
        ({"status": "LIVE"}, (1, 1, 1)),
    ],
)
def test_paging_says_which_of_how_many_the_page_shows(
    ask: Ask, query: dict[str, int], paging: tuple[int, int, int]
) -> None:
    response = ask("realtimekit", "list_sessions", params=query)
    names = ("total_count", "start_offset", "end_offset")
    assert response.json()["paging"] == dict(zip(names, paging, strict=True))


def test_the_documented_pages_are_what_the_lists_say(ask: Ask) -> None:
    for name in ("list_sessions/live_and_ended", "list_participants/paging"):
        _, payload = PAYLOADS[f"realtimekit/{name}.json"]
        response = ask("realtimekit", payload.operation, {"session_id": ENDED})
        assert response.json() == payload.body


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ({"status": "ENDED"}, [ENDED]),
        ({"associated_id": MEETING}, [LIVE, ENDED]),
        ({"associated_id": "another"}, []),
        ({"search": "WEEKLY"}, [LIVE, ENDED]),
        ({"search": ENDED[:8]}, [ENDED]),
        ({"sort_by": "createdAt"}, [ENDED, LIVE]),
        ({"sort_by": "createdAt", "sort_order": "DESC"}, [LIVE, ENDED]),
        ({"sort_by": "minutesConsumed"}, [LIVE, ENDED]),
        ({"sort_by": "minutesConsumed", "sort_order": "DESC"}, [ENDED, LIVE]),
        ({"sort_order": "DESC"}, [LIVE, ENDED]),
    ],
)
def test_sessions_are_filtered_and_sorted(
    listed: Callable[..., list[str]], query: dict[str, str], ids: list[str]
) -> None:
    assert listed(**query) == ids


def test_items_without_the_field_come_first(
    callrecords_sandbox: Sandbox, listed: Callable[..., list[str]]
) -> None:
    callrecords_sandbox.add("realtimekit", "list_sessions", [{"id": "a"}, {"id": "b"}])
    assert listed(sort_by="createdAt")[:2] == ["a", "b"]


def test_what_is_listed_can_be_fetched(callrecords_sandbox: Sandbox, ask: Ask) -> None:
    added = callrecords_sandbox.add_sessions(1)[0]
    session = {"session_id": added["id"]}
    assert ask("realtimekit", "get_session", session).json()["data"] == added
    people = ask("realtimekit", "list_participants", session).json()["data"]["participants"]
    assert len(people) == 2
    for person in people:
        arguments = {**session, "participant_id": person["id"]}
        response = ask("realtimekit", "get_participant", arguments)
        assert response.json()["data"]["participant"] == person


def test_a_session_can_be_given_participants_of_its_own(
    callrecords_sandbox: Sandbox, ask: Ask
) -> None:
    people = [{"id": f"p{number}", "duration": 9 - number} for number in range(9)]
    callrecords_sandbox.add("realtimekit", "list_participants", people, session_id=ENDED)
    query = {"sort_by": "duration", "per_page": 2, "page_no": 2}
    response = ask("realtimekit", "list_participants", {"session_id": ENDED}, params=query)
    data = response.json()["data"]
    assert [person["id"] for person in data["participants"]] == ["p6", "p5"]
    assert data["paging"] == {"total_count": 9, "start_offset": 3, "end_offset": 4}


def test_an_added_session_replaces_one_of_its_id(callrecords_sandbox: Sandbox, ask: Ask) -> None:
    changed = {"id": LIVE, "status": "ENDED"}
    callrecords_sandbox.add("realtimekit", "list_sessions", [changed])
    fetched = ask("realtimekit", "get_session", {"session_id": LIVE}).json()["data"]
    sessions = ask("realtimekit", "list_sessions").json()["data"]["sessions"]
    assert fetched == sessions[0] == changed
    assert len(sessions) == 2


def test_what_was_added_is_no_longer_the_callers(
    callrecords_sandbox: Sandbox, listed: Callable[..., list[str]]
) -> None:
    mine = {"id": "mine"}
    callrecords_sandbox.add("realtimekit", "list_sessions", [mine])
    made = callrecords_sandbox.add_sessions(1)[0]
    made_id = made["id"]
    mine["id"] = made["id"] = "changed"
    assert listed() == [LIVE, ENDED, "mine", made_id]


def test_what_the_sandbox_makes_up_fits_the_definition(
    callrecords_sandbox: Sandbox, ask: Ask
) -> None:
    definition: Any = patched_definition(read_provider(ROOT, "realtimekit"))
    session = {"session_id": callrecords_sandbox.add_sessions(1)[0]["id"]}
    for operation, name in [
        ("list_sessions", "SessionListResponse"),
        ("get_session", "SessionResponse"),
        ("list_participants", "ParticipantListResponse"),
    ]:
        schema = {
            "components": definition["components"],
            "$ref": f"#/components/schemas/{name}",
        }
        body = ask("realtimekit", operation, session).json()
        jsonschema_rs.validate(schema, body, validate_formats=True)


def test_a_call_of_apifycloud_leads_to_its_sessions_and_their_participants(
    callrecords_sandbox: Sandbox, ask: Ask
) -> None:
    callrecords_sandbox.answer("apifycloud", "get_call", example="ended")
    call_id = next(iter(callrecords_sandbox.ids("apifycloud", "get_call")))
    call = ask("apifycloud", "get_call", {"callId": call_id}).json()["data"]
    query = {"associated_id": call["provider"]["meetingId"], "status": "ENDED"}
    response = ask("realtimekit", "list_sessions", params=query)
    (session,) = response.json()["data"]["sessions"]
    response = ask("realtimekit", "list_participants", {"session_id": session["id"]})
    people = {person["id"] for person in response.json()["data"]["participants"]}
    assert people == {person["providerParticipantId"] for person in call["participants"]}


def test_ids_are_listed_with_their_examples(callrecords_sandbox: Sandbox) -> None:
    added = callrecords_sandbox.add_sessions(1)[0]["id"]
    assert callrecords_sandbox.ids("realtimekit", "get_session") == {
        ENDED: ["direct", "wrapped"],
        LIVE: ["live"],
        added: [],
    }
    assert callrecords_sandbox.ids("realtimekit", "list_sessions") == {}
    assert callrecords_sandbox.ids("zudu", "get_call")["call-456"] == ["ended", "ongoing"]


def test_an_example_says_where_its_payload_comes_from(callrecords_sandbox: Sandbox) -> None:
    found = {example.name: example for example in callrecords_sandbox.examples("zudu", "get_call")}
    _, payload = PAYLOADS["zudu/get_call/not_found.json"]
    example = found["not_found"]
    assert (example.source, example.origin) == (payload.source, payload.origin)
    assert (example.path, example.query) == (payload.request.path, payload.request.query)
    assert (example.status, example.body) == (payload.status, payload.body)


def test_requests_are_taken_down_in_order(
    callrecords_sandbox: Sandbox, client: httpx.Client, ask: Ask
) -> None:
    ask("zudu", "get_call", {"callId": "call%2D456"}, params={"a": ["1", "2"]}, content=b"body")
    client.put(callrecords_sandbox.url("zudu") + "/nothing")
    asked, unknown = callrecords_sandbox.requests
    assert (asked.provider, asked.operation) == ("zudu", "get_call")
    assert (asked.method, asked.path) == ("GET", "/api/calls/call%2D456")
    assert asked.query.getlist("a") == ["1", "2"]
    assert asked.headers["x-api-key"] == "any"
    assert asked.body == b"body"
    assert (unknown.method, unknown.path, unknown.operation) == ("PUT", "/nothing", None)


def test_a_credential_is_not_in_the_repr_of_a_request(
    callrecords_sandbox: Sandbox, ask: Ask
) -> None:
    ask("realtimekit", "list_sessions", headers={"Authorization": "Bearer s3cr3t"})
    assert "s3cr3t" not in repr(callrecords_sandbox.requests)


def test_requests_of_many_threads_are_all_taken_down(
    callrecords_sandbox: Sandbox, ask: Ask
) -> None:
    with ThreadPoolExecutor(8) as threads:
        statuses = list(
            threads.map(
                lambda _: ask("zudu", "get_call", {"callId": "call-456"}).status_code, range(40)
            )
        )
    assert statuses == [200] * 40
    assert len(callrecords_sandbox.requests) == 40


def call(ask: Ask, **options: Any) -> httpx.Response:
    """A request that would be answered, if it were not for what the test told the sandbox."""
    return ask("zudu", "get_call", {"callId": "call-456"}, **options)


def test_misbehaviour_is_used_up_in_the_order_it_was_told(
    callrecords_sandbox: Sandbox, ask: Ask
) -> None:
    callrecords_sandbox.misbehave("zudu", "get_call", status=503, times=2)
    callrecords_sandbox.misbehave("zudu", "get_call", status=429, headers={"Retry-After": "1"})
    responses = [call(ask) for _ in range(4)]
    assert [response.status_code for response in responses] == [503, 503, 429, 200]
    assert responses[2].headers["retry-after"] == "1"


def test_misbehaviour_of_one_operation_leaves_the_others_alone(
    callrecords_sandbox: Sandbox, ask: Ask
) -> None:
    callrecords_sandbox.misbehave("cometchat", "get_call", status=500)
    assert call(ask).status_code == 200


@pytest.mark.parametrize(
    ("provider", "status", "body"),
    [
        (
            "zudu",
            503,
            {
                "message": "Service Unavailable",
                "status": "error",
                "error": "the sandbox was told to answer 503",
            },
        ),
        (
            "zudu",
            520,
            {
                "message": "Status 520",
                "status": "error",
                "error": "the sandbox was told to answer 520",
            },
        ),
        ("cometchat", 503, {"message": "the sandbox was told to answer 503"}),
    ],
)
def test_a_status_comes_with_an_error_of_the_provider(
    callrecords_sandbox: Sandbox, ask: Ask, provider: str, status: int, body: dict[str, Any]
) -> None:
    callrecords_sandbox.misbehave(provider, "get_call", status=status)
    response = ask(provider, "get_call", UNKNOWN)
    assert (response.status_code, response.json()) == (status, body)


HTML = "text/html; charset=utf-8"
JSON = "application/json"


@pytest.mark.parametrize(
    ("wrong", "answered"),
    [
        ({"body": b"<html>"}, (200, b"<html>", HTML)),
        ({"body": b"", "status": 502}, (502, b"", HTML)),
        ({"body": b"x", "headers": {"Content-Type": "a/b"}}, (200, b"x", "a/b")),
        ({"json": []}, (200, b"[]", JSON)),
        ({"json": None}, (200, b"null", JSON)),
        ({"json": {"ok": False}, "status": 418}, (418, b'{"ok":false}', JSON)),
        ({"status": 204}, (204, b"", None)),
    ],
)
def test_any_body_can_be_answered(
    callrecords_sandbox: Sandbox,
    ask: Ask,
    wrong: dict[str, Any],
    answered: tuple[int, bytes, str | None],
) -> None:
    callrecords_sandbox.misbehave("zudu", "get_call", **wrong)
    response = call(ask)
    content_type = response.headers.get("content-type")
    assert (response.status_code, response.content, content_type) == answered


def test_headers_alone_go_with_the_usual_answer(callrecords_sandbox: Sandbox, ask: Ask) -> None:
    callrecords_sandbox.misbehave("zudu", "get_call", headers={"X-Request-Id": "7"})
    response = call(ask)
    assert response.headers["x-request-id"] == "7"
    assert response.json()["data"]["call_id"] == "call-456"


def test_misbehaviour_comes_before_all_checks(callrecords_sandbox: Sandbox, ask: Ask) -> None:
    callrecords_sandbox.misbehave("zudu", "get_call", status=503)
    assert call(ask, headers={}).status_code == 503
    assert call(ask, headers={}).status_code == 401


def test_a_cut_body_ends_before_its_announced_length(
    callrecords_sandbox: Sandbox, client: httpx.Client
) -> None:
    callrecords_sandbox.misbehave("apifycloud", "get_call", body=b"0123456789", cut=True)
    url = callrecords_sandbox.url("apifycloud") + "/calls/uuid"
    with client.stream("GET", url) as response:
        chunks = response.iter_bytes()
        assert next(chunks) == b"01234"
        with pytest.raises(httpx.RemoteProtocolError, match="received 5 bytes, expected 10"):
            next(chunks)


def test_a_connection_can_be_closed_without_an_answer(
    callrecords_sandbox: Sandbox, ask: Ask
) -> None:
    callrecords_sandbox.misbehave("zudu", "get_call", close=True)
    with pytest.raises(httpx.RemoteProtocolError, match="without sending a response"):
        call(ask)
    assert call(ask).status_code == 200


def test_a_delayed_answer_times_out_and_is_given_up(callrecords_sandbox: Sandbox, ask: Ask) -> None:
    callrecords_sandbox.misbehave("zudu", "get_call", delay=3600)
    with pytest.raises(httpx.ReadTimeout):
        call(ask, timeout=httpx.Timeout(5, read=0.005))
    assert call(ask).status_code == 200


def test_a_delay_that_has_passed_ends_with_the_answer(
    callrecords_sandbox: Sandbox, ask: Ask
) -> None:
    callrecords_sandbox.misbehave("zudu", "get_call", delay=0.001)
    assert call(ask).json()["data"]["call_id"] == "call-456"


def test_what_goes_wrong_on_purpose_is_not_logged(
    callrecords_sandbox: Sandbox, ask: Ask, caplog: pytest.LogCaptureFixture
) -> None:
    ways: list[dict[str, Any]] = [{"close": True}, {"cut": True}, {"delay": 3600}]
    for wrong in ways:
        callrecords_sandbox.misbehave("zudu", "get_call", **wrong)
        with pytest.raises(httpx.TransportError):
            call(ask, timeout=httpx.Timeout(5, read=0.005))
    assert call(ask).status_code == 200
    assert [record for record in caplog.records if record.name.startswith("uvicorn")] == []


@pytest.mark.parametrize(
    ("wrong", "problem"),
    [
        ({}, "nothing would go wrong"),
        ({"status": 200, "times": 0}, "times is 0"),
        ({"status": 199}, "expected one from 200 to 599"),
        ({"status": 204, "body": b"x"}, "a response with status 204 has no body"),
        ({"body": b"x", "json": 1}, "body and json are both given"),
        ({"delay": -1}, "delay is -1"),
        ({"cut": True, "body": b""}, "cut needs a body"),
        ({"cut": True, "status": 204}, "cut needs a body"),
        ({"close": True, "cut": True}, "close means no answer"),
        ({"close": True, "status": 500}, "close means no answer"),
    ],
)
def test_misbehaviour_that_makes_no_sense_is_refused(
    callrecords_sandbox: Sandbox, wrong: dict[str, Any], problem: str
) -> None:
    with pytest.raises(ValueError, match=problem):
        callrecords_sandbox.misbehave("zudu", "get_call", **wrong)


@pytest.mark.parametrize(
    ("mistake", "problem"),
    [
        (
            lambda sandbox: sandbox.url("nobody"),
            "no provider 'nobody'; expected one of .*apifycloud, ",
        ),
        (
            lambda sandbox: sandbox.ids("zudu", "list"),
            "no operation 'list'; expected one of .*, get_call, ",
        ),
        (lambda sandbox: sandbox.examples("nobody", "get_call"), "no provider 'nobody'"),
        (lambda sandbox: sandbox.misbehave("zudu", "list", status=500), "no operation 'list'"),
        (
            lambda sandbox: sandbox.answer("zudu", "get_call", example="x"),
            "no example 'x'; expected one of ",
        ),
        (
            lambda sandbox: sandbox.add("zudu", "get_call", []),
            "expected 'list_sessions', or 'list_part",
        ),
        (lambda sandbox: sandbox.add("realtimekit", "list_participants", []), "with a session_id"),
        (
            lambda sandbox: sandbox.add("realtimekit", "list_participants", [], session_id="x"),
            "no session 'x'",
        ),
        (
            lambda sandbox: sandbox.add("realtimekit", "list_sessions", [{"id": 1}]),
            "an item needs an id",
        ),
    ],
)
def test_an_unknown_name_is_refused_with_those_that_are_known(
    callrecords_sandbox: Sandbox, mistake: Callable[[Sandbox], object], problem: str
) -> None:
    with pytest.raises(ValueError, match=problem):
        mistake(callrecords_sandbox)


def test_reset_forgets_everything(
    callrecords_sandbox: Sandbox, ask: Ask, listed: Callable[..., list[str]]
) -> None:
    callrecords_sandbox.add_sessions(3)
    callrecords_sandbox.answer("realtimekit", "list_sessions", example="error")
    callrecords_sandbox.misbehave("zudu", "get_call", status=500)
    callrecords_sandbox.reset()
    assert callrecords_sandbox.requests == []
    assert call(ask).status_code == 200
    assert listed() == [LIVE, ENDED]


def test_a_file_is_kept_as_a_storage_host_does(callrecords_sandbox: Sandbox) -> None:
    address = callrecords_sandbox.add_file("a file.mp4", b"0123456789")
    whole = httpx.get(address)
    assert (whole.status_code, whole.content) == (200, b"0123456789")
    asked = {"range": "bytes=4-", "if-range": whole.headers["etag"]}
    part = httpx.get(address, headers=asked)
    assert (part.status_code, part.content) == (206, b"456789")
    assert part.headers["content-range"] == "bytes 4-9/10"
    assert httpx.get(address, headers=asked | {"if-range": '"other"'}).status_code == 200
    assert httpx.get(address, headers=asked | {"range": "bytes=10-"}).status_code == 416
    assert httpx.get(f"{address}4").status_code == 404
    callrecords_sandbox.reset()
    assert httpx.get(address).status_code == 404
