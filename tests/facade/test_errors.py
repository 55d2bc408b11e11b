"""What is raised when an answer is no good, and what each error knows."""

from __future__ import annotations

import builtins
import copy
import inspect
import pickle
import re
from typing import TYPE_CHECKING, Any

import pytest

from callrecords_runtime import errors
from callrecords_runtime.errors import (
    AuthenticationFailed,
    BadRequest,
    DecodeError,
    EnvelopeError,
    NotFound,
    PermissionDenied,
    RateLimited,
    ServerError,
    StatusError,
)

if TYPE_CHECKING:
    from tests.facade.conftest import Clients, Server

STATUSES: list[tuple[type[StatusError], list[int]]] = [
    (BadRequest, [400, 402, 405, 406, 408, 409, 415, 418, 422, 451, 499]),
    (AuthenticationFailed, [401]),
    (PermissionDenied, [403]),
    (NotFound, [404, 410]),
    (RateLimited, [429]),
    (ServerError, [500, 501, 502, 503, 504, 505, 520, 525, 530, 599]),
    (StatusError, [300, 304, 305, 399, 600, 999]),
]


@pytest.mark.parametrize(
    ("status", "kind"), [(status, kind) for kind, statuses in STATUSES for status in statuses]
)
def test_every_status_that_is_no_success_has_its_class(
    clients: Clients,
    server: Server,
    status: int,
    kind: type[StatusError],
) -> None:
    server.answer(status=status)
    client = clients.new("Zudu", server.url, max_retries=0)
    error = clients.failure(client, "get_call", "call-1")
    assert type(error) is kind
    assert str(error) == f"zudu get_call: {status}: no body"
    assert (error.status, error.response.status) == (status, status)


@pytest.mark.parametrize("status", [200, 201, 203, 206, 226, 299])
def test_every_success_is_read(clients: Clients, server: Server, status: int) -> None:
    server.answer({"data": {"call_id": "1"}}, status)
    answer = clients.call(clients.new("Zudu", server.url), "with_response.get_call", "1")
    assert (answer.status, answer.parsed.call_id) == (status, "1")


def test_an_error_knows_all_about_its_call(clients: Clients, server: Server) -> None:
    server.answer({"message": "no"}, 400, {"X-Request-Id": "7"})
    error = clients.failure(clients.new("Zudu", server.url), "get_call", "a/b", params={"q": "1"})
    assert (error.provider, error.operation, error.message) == ("zudu", "get_call", "no")
    assert (error.request.method, error.request.path) == ("GET", "/api/calls/a%2Fb")
    assert error.request.template == "/api/calls/{callId}"
    assert error.request.params == {"q": "1"}
    assert error.response.content == b'{"message":"no"}'
    assert error.response.headers["x-request-id"] == "7"
    assert error.response.elapsed.total_seconds() > 0


# Bodies as the documents have them, of each provider and of Cloudflare's gateway before one.
WORDS: list[tuple[Any, str | None, str | int | None]] = [
    (
        {
            "message": "Call not found",
            "status": "error",
            "error": "Call with ID 'call_abc123' does not exist",
        },
        "Call not found: Call with ID 'call_abc123' does not exist",
        None,
    ),
    (
        {"success": False, "error": {"code": 404, "message": "No active session found"}},
        "No active session found",
        404,
    ),
    (
        {"error": {"type": "rate_limit_exceeded", "message": "Slow down", "details": []}},
        "Slow down",
        "rate_limit_exceeded",
    ),
    (
        {"error": {"code": "ERR_CALL_SESSION_NOT_FOUND", "message": "No such session"}},
        "No such session",
        "ERR_CALL_SESSION_NOT_FOUND",
    ),
    (
        {
            "success": False,
            "errors": [{"code": 10000, "message": "Authentication error"}],
            "messages": [],
            "result": None,
        },
        "Authentication error",
        10000,
    ),
    ({}, "{}", None),
    ({"error": "invalid_client"}, "invalid_client", None),
    ({"error": None, "errors": None, "message": 5, "code": True}, None, None),
    ({"errors": [], "message": "m", "code": "c"}, "m", "c"),
    ({"errors": ["e"], "message": "m"}, "m", None),
    ([{"message": "m"}], '[{"message":"m"}]', None),
    (b"<html>\n <h1>Bad\tgateway</h1>\n", "<html> <h1>Bad gateway</h1>", None),
    (b'{"message": "cut \\ud83d"}', "cut \\ud83d", None),
    (b'{"message": ' + b"9" * 10_000 + b"}", None, None),
    (b"[" * 100_000, None, None),
    (b"\xff\xfe", "\ufffd\ufffd", None),
]


@pytest.mark.parametrize(("body", "message", "code"), WORDS, ids=range(len(WORDS)))
def test_an_error_speaks_in_the_providers_words(
    clients: Clients,
    server: Server,
    body: Any,
    message: str | None,
    code: str | int | None,
) -> None:
    server.answer(body, 400)
    error = clients.failure(clients.new("Zudu", server.url), "get_call", "id")
    assert type(error) is BadRequest
    assert error.code == code
    assert message is None or error.message == message


def test_a_long_body_is_cut_in_the_message_and_whole_in_the_error(
    clients: Clients, server: Server
) -> None:
    server.answer(b"x" * 9999, 400)
    error = clients.failure(clients.new("Zudu", server.url), "get_call", "id")
    assert str(error).endswith("xxx… (9999 bytes)")
    assert len(str(error)) < 400
    assert len(error.response.content) == 9999


@pytest.mark.parametrize(
    ("name", "method", "body", "message", "code"),
    [
        (
            "Zudu",
            "get_call",
            {"status": "error", "message": "Call not found", "error": "It is gone"},
            "Call not found: It is gone",
            None,
        ),
        (
            "RealtimeKit",
            "get_session",
            {"success": False, "error": {"code": 404, "message": "No session"}},
            "No session",
            404,
        ),
        ("RealtimeKit", "list_sessions", {"success": False}, '{"success":false}', None),
        ("RealtimeKit", "list_participants", {"success": False, "data": {}}, None, None),
        ("RealtimeKit", "get_peer_report", {"success": False, "data": None}, None, None),
        ("RealtimeKit", "get_participant", {"success": False, "data": []}, None, None),
        ("RealtimeKit", "generate_summary", {"success": False}, None, None),
        ("ApifyCloud", "get_call", {"ok": False, "error": {"type": "t"}}, None, "t"),
    ],
)
def test_a_success_whose_body_says_no_raises(  # noqa: PLR0913, PLR0917 - a table's columns
    clients: Clients,
    server: Server,
    name: str,
    method: str,
    body: Any,
    message: str | None,
    code: str | int | None,
) -> None:
    server.answer(body)
    arguments = {"list_sessions": 0, "get_participant": 2}.get(method, 1)
    error = clients.failure(clients.new(name, server.url), method, *["id"] * arguments)
    assert type(error) is EnvelopeError
    assert error.code == code
    assert message is None or error.message == message
    assert error.response.status == 200
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("Zudu", {"status": "success", "data": {}}),
        ("Zudu", {"error": "", "data": {}}),
        ("ApifyCloud", {"ok": True, "data": {"callId": "1", "status": "created"}}),
    ],
)
def test_an_envelope_that_says_yes_or_nothing_is_no_error(
    clients: Clients, server: Server, name: str, body: Any
) -> None:
    server.answer(body)
    assert clients.call(clients.new(name, server.url), "get_call", "id").to_dict() == body["data"]


UNREADABLE: list[tuple[str, bytes]] = [
    ("nothing", b""),
    ("a page", b"<!doctype html><html>"),
    ("half", b'{"data": {'),
    ("no text", b"\xff\xfe\x00"),
    ("null", b"null"),
    ("a number", b"5"),
    ("a text", b'"text"'),
    ("an array", b"[]"),
    ("no number", b"NaN"),
    ("no data", b"{}"),
    ("null for data", b'{"data": null}'),
    ("a text for data", b'{"data": "text"}'),
    ("a number for data", b'{"data": 5}'),
    ("a long number", b'{"data": {"x": ' + b"9" * 10_000 + b"}}"),
    ("a huge number", b'{"data": {"call_duration": 1e999}}'),
    ("a deep array", b"[" * 100_000 + b"]" * 100_000),
    ("a deep object", b'{"data":' * 100_000 + b"1" + b"}" * 100_000),
]


@pytest.mark.parametrize("name", ["Zudu", "ApifyCloud", "CometChat"])
@pytest.mark.parametrize(
    "body", [body for _, body in UNREADABLE], ids=[name for name, _ in UNREADABLE]
)
def test_a_success_that_cannot_be_read_is_a_decode_error(
    clients: Clients, server: Server, name: str, body: bytes
) -> None:
    server.answer(body)
    error = clients.failure(clients.new(name, server.url), "get_call", "id")
    assert type(error) is DecodeError
    assert error.response.content == body
    assert len(str(error)) < 700
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    ("method", "body"),
    [
        ("get_session", {"data": {}}),
        ("get_session", {"data": []}),
        ("get_session", {"data": {"session": None}}),
        ("get_participant", {"data": {}}),
        ("get_participant", {"data": {"participant": None}}),
        ("get_peer_report", {"data": 5}),
        ("get_transcript", {"data": {}}),
        ("list_sessions", {"data": {"sessions": {}}}),
        ("list_sessions", {"data": 5}),
        ("list_participants", {"data": {"participants": 5}}),
    ],
)
def test_a_success_that_is_not_what_the_definition_says_is_a_decode_error(
    clients: Clients, server: Server, method: str, body: Any
) -> None:
    server.answer({"success": True, **body})
    arguments = {"list_sessions": 0, "get_participant": 2}.get(method, 1)
    error = clients.failure(clients.new("RealtimeKit", server.url), method, *["id"] * arguments)
    assert type(error) is DecodeError


def test_a_decode_error_says_what_is_wrong(clients: Clients, server: Server) -> None:
    server.answer({"data": {"chat_download_url": 5}})
    error = clients.failure(clients.new("RealtimeKit", server.url), "get_chat", "id")
    assert str(error) == (
        "realtimekit get_chat: not what the definition says: "
        "$.data.chat_download_url_expiry is missing; "
        "$.data.chat_download_url: expected string, got 5"
    )


def test_a_decode_error_shows_what_came_instead_of_json(clients: Clients, server: Server) -> None:
    server.answer(b"<html>")
    client = clients.new("RealtimeKit", server.url)
    error = clients.failure(client, "list_sessions")
    assert str(error).startswith("realtimekit list_sessions: expected JSON, got <html> (")


def test_a_text_that_was_cut_inside_an_emoji_is_read(clients: Clients, server: Server) -> None:
    server.answer(rb'{"data": {"call_id": "cut \ud83d"}}')
    call = clients.call(clients.new("Zudu", server.url), "get_call", "id")
    assert call.call_id == "cut \ud83d"


@pytest.mark.parametrize(("status", "body"), [(404, b"no"), (200, b"no"), (200, b'{"data": []}')])
def test_errors_survive_pickling_and_copying(
    clients: Clients, server: Server, status: int, body: bytes
) -> None:
    server.answer(body, status, {"X-Id": "7"})
    error = clients.failure(clients.new("CometChat", server.url), "get_call", "id")
    for again in (pickle.loads(pickle.dumps(error)), copy.deepcopy(error)):  # noqa: S301 - ours
        assert (type(again), str(again), repr(again)) == (type(error), str(error), repr(error))
        assert (again.request, again.args) == (error.request, error.args)
        assert again.response == error.response
        assert again.response.headers["x-id"] == "7"


def test_what_only_some_errors_know_survives_pickling_too(clients: Clients, server: Server) -> None:
    server.answer({"error": {"code": "c"}}, 429, {"Retry-After": "99"})
    limited = clients.failure(clients.new("CometChat", server.url), "get_call", "id")
    server.answer({"data": [{}, {}]})
    client = clients.new("CometChat", server.url, max_retries=0)
    clients.failure(client, "get_call", "id")
    several = clients.failure(client, "get_call", "id")
    limited_again, several_again = pickle.loads(pickle.dumps((limited, several)))  # noqa: S301 - ours
    assert (limited_again.retry_after, limited_again.code) == (99.0, "c")
    assert several_again.found == several.found
    assert len(several.found) == 2


def test_an_error_of_the_configuration_survives_pickling() -> None:
    error = pickle.loads(pickle.dumps(errors.ConfigurationError("text")))  # noqa: S301 - ours
    assert (type(error), str(error)) == (errors.ConfigurationError, "text")


def test_the_number_of_an_error_survives_pickling() -> None:
    error = errors.NotSettled(5, "in time")
    restored = pickle.loads(pickle.dumps(error))  # noqa: S301 - ours
    assert (restored.errno, restored.strerror, str(restored)) == (5, "in time", str(error))


def test_notes_survive_pickling(clients: Clients, server: Server) -> None:
    server.answer(status=404)
    error = clients.failure(clients.new("Zudu", server.url), "get_call", "id")
    error.add_note("seen at noon")
    assert pickle.loads(pickle.dumps(error)).__notes__ == ["seen at noon"]  # noqa: S301 - ours


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry-After": "120"}, 120.0),
        ({"Retry-After": "soon"}, None),
        ({"Retry-After": "Wed, 21 Oct 2015 07:30:00 GMT"}, 0.0),
        ({}, None),
    ],
)
def test_who_asks_too_much_is_told_how_long_to_wait(
    clients: Clients,
    server: Server,
    headers: dict[str, str],
    seconds: float | None,
) -> None:
    server.answer(status=429, headers=headers)
    error = clients.failure(clients.new("Zudu", server.url, max_retries=0), "get_call", "id")
    assert type(error) is RateLimited
    assert error.retry_after == seconds


def drawn_tree() -> dict[str, tuple[str, str | None]]:
    """The parent and the builtin of each error, as the module's docstring draws them."""
    tree: dict[str, tuple[str, str | None]] = {}
    path: list[str] = []
    for line in (errors.__doc__ or "").splitlines():
        found = re.fullmatch(r"    ([│├└─ ]*)([A-Z]\w+)(?: \((\w+)\))?( {2,}.*)?", line)
        if found is None:
            continue
        depth = len(found[1]) // 4
        path[depth:] = [found[2]]
        tree[found[2]] = (path[depth - 1] if depth else "Exception", found[3])
    return tree


def test_the_tree_in_the_docstring_is_the_tree_of_the_classes() -> None:
    classes = {
        name: kind
        for name, kind in inspect.getmembers(errors, inspect.isclass)
        if issubclass(kind, errors.CallRecordsError)
    }
    assert drawn_tree() == {
        name: (
            kind.__bases__[0].__name__,
            kind.__bases__[1].__name__ if len(kind.__bases__) > 1 else None,
        )
        for name, kind in classes.items()
    }


@pytest.mark.parametrize(("name", "builtin"), [(n, b) for n, (_, b) in drawn_tree().items() if b])
def test_errors_are_also_the_builtins_that_a_caller_expects(name: str, builtin: str) -> None:
    assert issubclass(getattr(errors, name), getattr(builtins, builtin))
