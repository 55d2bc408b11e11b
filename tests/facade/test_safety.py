"""Credentials go to the provider alone, and are seen nowhere else."""

from __future__ import annotations

import asyncio
import copy
import html
import importlib
import json
import logging
import pickle
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, quote_plus

import httpx
import pytest

import callrecords
import callrecords_runtime
from callrecords_runtime.errors import ConfigurationError
from tests.facade.conftest import SECRETS

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable

    from pytest_httpserver import HTTPServer

    from tests.facade.conftest import Clients, Server, Wire

CALL = {"status": "success", "data": {}}
SOURCES = str(Path(callrecords_runtime.__file__).parent)

# What could make an address another one, wherever it is put in.
HOSTILE = [
    *("", " ", ".", "..", "-", "us.evil.com/", "evil.com/", "us/", "/us", "us.evil", "us\\evil"),
    *("a@b", "a:1", "a?b", "a#b", "a%2eb", "a%2F..", "../a", "us\n", "us\r\nX: 1", "us\t", "us\0"),
    *(
        "\uff55\uff53",
        "us\u3002evil",
        "u\u0455",
        "us\u200b",
        "us\u2024",
        "é",
        "\ud83d",
        "{region}",
        "us us",
    ),
    "a" * 65,
]


@pytest.mark.parametrize("value", HOSTILE)
@pytest.mark.parametrize("argument", ["app_id", "region"])
def test_what_could_move_a_host_is_refused(clients: Clients, argument: str, value: str) -> None:
    arguments = {"app_id": "app", "region": "us", argument: value}
    with pytest.raises(ConfigurationError, match=argument):
        clients.new("CometChat", **arguments)


@pytest.mark.parametrize("value", ["-us", "us-", "a" * 64, "u_s"])
def test_what_is_no_part_of_a_host_name_is_refused(clients: Clients, value: str) -> None:
    with pytest.raises(ConfigurationError, match="app_id"):
        clients.new("CometChat", app_id=value, region="us")


@pytest.mark.parametrize("value", ["app", "a" * 63, "x-1", "2"])
def test_a_part_of_a_host_name_is_taken(clients: Clients, value: str) -> None:
    client = clients.new("CometChat", app_id=value, region="eu")
    assert f"//{value}.call-eu.cometchat.io/" in repr(client)


def test_a_part_of_a_host_name_is_one_of_those_that_the_definition_lists(clients: Clients) -> None:
    message = "region must be one of 'us', 'eu', 'in', not 'sg'; another server is a base_url"
    with pytest.raises(ConfigurationError, match=message):
        clients.new("CometChat", app_id="app", region="sg")


def test_the_environment_is_checked_as_arguments_are(
    clients: Clients, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COMETCHAT_REGION", "us.evil.com/")
    with pytest.raises(ConfigurationError, match="region"):
        clients.new("CometChat", app_id="app")


@pytest.mark.parametrize("value", [value for value in HOSTILE if value != "-"])
@pytest.mark.parametrize("argument", ["account_id", "app_id"])
def test_what_could_move_a_path_is_refused(clients: Clients, argument: str, value: str) -> None:
    with pytest.raises(ConfigurationError, match=argument):
        clients.new("RealtimeKit", **{argument: value})


@pytest.mark.parametrize(
    "address",
    [
        *("", "api.zudu.ai", "//api.zudu.ai", "https://", "https:///x", "ftp://api.zudu.ai"),
        *("file:///etc/passwd", "javascript:alert(1)", "httpx://api.zudu.ai", "https:api.zudu.ai"),
        *("https://api.zudu.ai@evil.com", "https://user:word@api.zudu.ai", "https://@evil.com"),
        *("https://evil.com\\@api.zudu.ai", "https://evil.com\\.api.zudu.ai"),
        *("https://api.zudu.ai?", "https://api.zudu.ai?x=", "https://api.zudu.ai#", "https://a/#b"),
        *("https://api.zudu.ai\n", "https://api.zudu.ai\r\nHost: evil.com", "https://a b"),
        *(
            "https://\u0430pi.zudu.ai",
            "https://api\u3002evil.com",
            "https://api.zudu.ai\uff0fx",
            "https://é",
        ),
        *("https://api.zudu.ai:99999999", "https://[::1", "https://[evil]", "https://a\0b"),
        *("https://" + "a" * 70_000, "https://\ud83d"),
        *("https://xn--.com", "https://xn--a.com"),
    ],
)
def test_an_address_that_could_be_another_is_refused(clients: Clients, address: str) -> None:
    with pytest.raises(ConfigurationError, match="base_url") as caught:
        clients.new("Zudu", address)
    assert len(str(caught.value)) < 300
    assert "word" not in str(caught.value)


@pytest.mark.parametrize(
    "host",
    [
        *("api.zudu.ai", "10.0.0.1", "192.168.0.1", "169.254.169.254", "0.0.0.0", "[::]", "[::2]"),  # noqa: S104 - an address that is refused
        *("128.0.0.1", "126.255.255.255", "127.1", "2130706433", "0x7f.0.0.1", "0177.0.0.1"),
        *(
            "localhost.evil.com",
            "127.0.0.1.evil.com",
            "evil.localhost",
            "localhost.",
            "[::1%251].x",
        ),
    ],
)
def test_http_is_refused_where_it_leaves_this_machine(clients: Clients, host: str) -> None:
    with pytest.raises(ConfigurationError, match="base_url"):
        clients.new("Zudu", f"http://{host}")


@pytest.mark.parametrize(
    "address",
    [
        *(
            "http://127.0.0.1",
            "http://127.255.255.254:81/x",
            "http://localhost:8000",
            "HTTP://[::1]",
        ),
        *("https://localhost", "https://10.0.0.1:8443/v1", "https://xn--e1afmkfd.example"),
    ],
)
def test_https_is_taken_for_any_host_and_http_for_this_machine(
    clients: Clients, address: str
) -> None:
    assert f"base_url={address!r}" in repr(clients.new("Zudu", address))


@pytest.mark.parametrize(
    "secret", ["\n", " ", "\t", "a\nb", "\r\nX: 1", "ä", "\0", "\ud83d", "\x7f"]
)
@pytest.mark.parametrize(
    ("name", "argument"),
    [
        ("CometChat", "api_key"),
        ("Zudu", "api_key"),
        ("Zudu", "api_secret"),
        ("RealtimeKit", "api_token"),
    ],
)
def test_a_credential_that_no_header_can_hold_is_refused_unseen(
    clients: Clients, name: str, argument: str, secret: str
) -> None:
    host = {"app_id": "app", "region": "us"} if name == "CometChat" else {}
    with pytest.raises(ConfigurationError, match=f"{argument} cannot be sent") as caught:
        clients.new(name, **{**host, argument: f"{secret}s3cr3t-one{secret}"})
    assert "s3cr3t" not in shown(caught.value)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("brought", [False, True])
def test_a_redirect_is_not_followed(
    clients: Clients,
    server: Server,
    httpserver: HTTPServer,
    status: int,
    brought: bool,  # noqa: FBT001 - a table's column
) -> None:
    elsewhere = httpserver.url_for("/elsewhere")
    server.answer(status=status, headers={"Location": elsewhere})
    own = {"http_client": clients.http_client(follow_redirects=True)} if brought else {}
    error = clients.failure(clients.new("Zudu", server.url, **own), "get_call", "id")
    assert type(error) is callrecords.StatusError
    assert str(error) == (
        f"zudu get_call: {status}: redirects to {elsewhere!r}, which is not followed"
    )
    assert len(server.requests) == 1


def test_credentials_win_over_headers_of_any_case(clients: Clients, server: Server) -> None:
    server.answer(CALL)
    own = clients.http_client(headers={"X-Api-Key": "own"})
    headers = {"x-api-KEY": "client", "X-API-SECRET": "client"}
    client = clients.new("Zudu", server.url, http_client=own, headers=headers)
    clients.call(client, "get_call", "id", headers={"X-Api-Key": "call", "x-api-secret": "call"})
    assert server.requests[0].headers.get_all("X-API-KEY") == ["s3cr3t-one"]
    assert server.requests[0].headers.get_all("X-API-SECRET") == ["s3cr3t-two"]


@pytest.mark.parametrize(
    "path",
    [
        *(
            "",
            "x",
            "//evil.com/x",
            "https://evil.com/x",
            "http:/x",
            "@evil.com",
            ":80/x",
            ".evil.com",
        ),
        *("/../x", "/x/..", "/./x", "/x/%2e%2e/y", "/%2E%2E/x", "/x%2f..%2fy", "/x\\..\\y", "/x#y"),
        *("/x\n", "/x\r\nHost: evil.com", "/x\0"),
    ],
)
def test_a_path_that_could_lead_elsewhere_is_refused(
    clients: Clients, server: Server, path: str
) -> None:
    with pytest.raises(ConfigurationError, match="the path must begin with one /"):
        clients.call(clients.new("Zudu", server.url), "request", "GET", path)
    assert not server.requests


@pytest.mark.parametrize("method", ["", "GET ", "GET /evil HTTP/1.1\r\nX:", "GÉT", "G-T"])
def test_a_method_that_is_none_is_refused(clients: Clients, server: Server, method: str) -> None:
    with pytest.raises(ConfigurationError, match="the method must be letters"):
        clients.call(clients.new("Zudu", server.url), "request", method, "/x")
    assert not server.requests


@pytest.mark.parametrize("identifier", ["", ".", "..", "\ud83d", "x" * 70_000])
def test_an_identifier_that_would_name_another_path_is_refused(
    clients: Clients, server: Server, identifier: str
) -> None:
    with pytest.raises(ConfigurationError):
        clients.call(clients.new("Zudu", server.url), "get_call", identifier)
    assert not server.requests


@pytest.mark.parametrize("identifier", ["a/b", "../../x", "a?b=c#d", "%2e%2e", "é", "a\nb", "//x"])
def test_an_identifier_stays_one_segment_of_the_path(
    clients: Clients, server: Server, identifier: str
) -> None:
    server.answer(CALL)
    clients.call(clients.new("Zudu", server.url), "get_call", identifier)
    path = server.requests[0].environ["REQUEST_URI"]
    assert path.count("/") == 3
    assert path.startswith("/api/calls/")
    assert server.requests[0].path.removeprefix("/api/calls/") == identifier


def test_a_user_id_that_no_header_can_hold_is_refused(clients: Clients, server: Server) -> None:
    client = clients.new("CometChat", server.url)
    with pytest.raises(ConfigurationError, match="onBehalfOf"):
        clients.call(client, "get_call", "id", on_behalf_of="u\r\nX: 1")
    assert not server.requests


def test_a_client_shows_no_secret(clients: Clients, server: Server) -> None:
    client = clients.new("Zudu", server.url)
    texts = [repr(client), str(client), repr(vars(client)), repr(client.with_response)]
    texts.append(repr(client.with_options(max_retries=1)))
    assert not any(secret in text for secret in SECRETS for text in texts)


@pytest.mark.parametrize("duplicate", [pickle.dumps, copy.copy, copy.deepcopy])
def test_a_client_is_neither_pickled_nor_copied(
    clients: Clients, duplicate: Callable[[Any], object]
) -> None:
    client = clients.new("Zudu")
    with pytest.raises(TypeError, match="make a new one instead"):
        duplicate(client)


def test_a_client_that_answers_wholly_is_not_pickled(clients: Clients) -> None:
    with pytest.raises(TypeError, match="make a new one instead"):
        pickle.dumps(clients.new("Zudu").with_response)


def test_a_secret_shows_itself_only_when_asked_by_name(clients: Clients) -> None:
    connection = vars(clients.new("CometChat", app_id="a", region="us"))["_connection"]
    (credential,) = connection.secrets.values()
    assert credential.reveal() == "s3cr3t-one"
    assert [repr(credential), str(credential), f"{credential}", "%s" % credential] == ["***"] * 4  # noqa: UP031 - one way of several
    with pytest.raises(TypeError, match="not pickled"):
        pickle.dumps(credential)


def shown(error: BaseException) -> str:
    """All that a traceback can show of an error: texts, and variables of functions not in tests."""
    texts: list[str] = []
    chain: list[BaseException] = [error]
    while chain:
        one = chain.pop()
        chain += [other for other in (one.__cause__, one.__context__) if other is not None]
        texts += [str(one), repr(one), repr(one.args), repr(vars(one))]
        traced = traceback.TracebackException.from_exception(one, capture_locals=True)
        texts += [str(f) for f in traced.stack]
        texts += [repr(frame.locals) for frame in traced.stack if "/tests/" not in frame.filename]
    return "\n".join(texts)


def hang_up(connection: socket.socket) -> None:
    """Close the connection without an answer."""
    del connection


FAILURES: list[tuple[str, int, Any]] = [
    ("a status", 400, {"message": "no"}),
    ("a refusal", 200, {"status": "error", "message": "no"}),
    ("no model", 200, {"data": 5}),
    ("no JSON", 200, b"<html>"),
    ("a redirect", 302, b""),
    ("a failure", 500, b""),
]


@pytest.mark.parametrize(
    ("status", "body"), [row[1:] for row in FAILURES], ids=[row[0] for row in FAILURES]
)
def test_an_error_shows_no_secret(clients: Clients, server: Server, status: int, body: Any) -> None:
    server.answer(body, status)
    error = clients.failure(clients.new("Zudu", server.url), "get_call", "id")
    assert len(shown(error)) > 1000
    for secret in SECRETS:
        assert secret not in shown(error)
        assert secret.encode() not in pickle.dumps(error)


def test_an_error_of_the_connection_shows_no_secret(
    clients: Clients,
    wire: Callable[[Callable[[socket.socket], None]], Wire],
    refusing: str,
) -> None:
    for url in (refusing, wire(hang_up).url):
        error = clients.failure(clients.new("Zudu", url), "get_call", "id")
        assert error.__context__ is None
        assert not any(secret in shown(error) for secret in SECRETS)


def test_an_interrupted_request_shows_no_secret(
    clients: Clients, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    backend, stream, interruption = (
        ("anyio", "AnyIOStream", asyncio.CancelledError)
        if clients.is_awaited
        else ("sync", "SyncStream", KeyboardInterrupt)
    )
    module = importlib.import_module(f"httpcore._backends.{backend}")

    def interrupt(self: object, buffer: bytes, timeout: object) -> None:
        del self, timeout
        assert SECRETS[0].encode() in buffer
        raise interruption

    monkeypatch.setattr(getattr(module, stream), "write", interrupt)
    client = clients.new("Zudu", server.url)
    with pytest.raises(interruption) as caught:
        clients.call(client, "get_call", "id")
    assert SOURCES in shown(caught.value)
    assert not any(secret in shown(caught.value) for secret in SECRETS)


@pytest.mark.parametrize(("level", "logged"), [("NOTSET", logging.INFO), ("DEBUG", logging.DEBUG)])
def test_tables_of_headers_are_logged_for_who_asks_for_them_by_name_alone(
    caplog: pytest.LogCaptureFixture, level: str, logged: int
) -> None:
    caplog.set_level("DEBUG")
    caplog.set_level(level, "hpack")
    with httpx.Client() as http_client:
        callrecords.Zudu(api_key="a", api_secret="b", http_client=http_client)
    assert logging.getLogger("hpack.table").getEffectiveLevel() == logged


def test_an_error_of_an_argument_shows_no_secret(clients: Clients, server: Server) -> None:
    client = clients.new("Zudu", server.url)
    with pytest.raises(ConfigurationError) as caught:
        clients.call(client, "get_call", "id", params={"q": "\ud83d"})
    assert not any(secret in shown(caught.value) for secret in SECRETS)


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("CometChat", {"app_id": "app", "region": "us.evil.com/"}),
        ("CometChat", {"region": "eu"}),
        ("Zudu", {"base_url": "http://evil.com"}),
        ("Zudu", {"api_secret": ""}),
        ("Zudu", {"max_retries": -1}),
        ("RealtimeKit", {"app_id": "../x"}),
        ("RealtimeKit", {"base_url": "ftp://evil.com"}),
    ],
)
def test_an_error_of_a_construction_shows_no_secret(
    clients: Clients, name: str, arguments: dict[str, Any]
) -> None:
    with pytest.raises(ConfigurationError) as caught:
        clients.new(name, **arguments)
    assert SOURCES in shown(caught.value)
    assert not any(secret in shown(caught.value) for secret in SECRETS)


def test_an_error_of_someones_transport_shows_no_secret(clients: Clients) -> None:
    def fail(request: httpx.Request) -> httpx.Response:
        raise RuntimeError(f"no transport for {request.url}")

    own = clients.http_client(transport=httpx.MockTransport(fail))
    with pytest.raises(RuntimeError) as caught:
        clients.call(clients.new("Zudu", http_client=own), "get_call", "id")
    assert not any(secret in shown(caught.value) for secret in SECRETS)


def test_an_error_masks_headers_of_a_caller_that_look_secret(
    clients: Clients, server: Server
) -> None:
    server.answer(status=400)
    headers = {"Authorization": "s3cr3t-one", "X-Session-Token": "s3cr3t-two", "X-Trace": "t"}
    error = clients.failure(clients.new("Zudu", server.url), "get_call", "id", headers=headers)
    assert error.request.headers == {
        "authorization": "***",
        "x-session-token": "***",
        "x-trace": "t",
    }
    assert not any(secret.encode() in pickle.dumps(error) for secret in SECRETS)


@pytest.mark.parametrize("status", [200, 400, 503])
def test_no_log_shows_a_secret(
    clients: Clients, server: Server, caplog: pytest.LogCaptureFixture, status: int
) -> None:
    caplog.set_level(logging.DEBUG)
    for name in ("httpx", "httpcore", "asyncio", "callrecords"):
        caplog.set_level(logging.DEBUG, name)
    server.answer(CALL, status)
    client = clients.new("Zudu", server.url)
    try:
        clients.call(client, "get_call", "id")
    except callrecords.StatusError:
        assert status != 200
    names = {record.name.partition(".")[0] for record in caplog.records}
    assert names >= {"httpcore", "callrecords"}
    seen = "\n".join(f"{record.getMessage()} {vars(record)}" for record in caplog.records)
    assert not any(secret in seen for secret in SECRETS)


def told(error: Exception) -> str:
    """What an error says of itself, to people and to other processes."""
    parts = [str(error), repr(error), repr(error.args), repr(vars(error)), pickle.dumps(error)]
    return "\n".join(map(str, parts))


KEY = "s3cr3t/one+two&three"
ECHOES = [KEY, quote(KEY, safe=""), quote_plus(KEY), json.dumps(KEY)[1:-1], html.escape(KEY)]


@pytest.mark.parametrize("echo", sorted({*ECHOES, KEY.replace("/", "\\/")}))
@pytest.mark.parametrize(
    ("status", "body"),
    [
        (400, '{"message": "no such key: %s"}'),
        (400, '{"error": {"code": "%s"}}'),
        (500, "<html>" + "x" * 276 + "%s"),
        (302, ""),
        (200, '{"status": "error", "message": "%s"}'),
        (200, '{"data": 5, "%s": 1}'),
        (200, "%s"),
    ],
)
def test_a_key_that_the_provider_sends_back_is_shown_by_no_error(
    clients: Clients, server: Server, status: int, body: str, echo: str
) -> None:
    headers = {"X-Echo": echo, "Location": f"/x?{echo}"}
    server.answer((body.replace("%s", echo)).encode(), status, headers)
    client = clients.new("Zudu", server.url, api_key=KEY, max_retries=0)
    error = clients.failure(client, "get_call", "id")
    seen = told(error)
    for form in (KEY, echo):
        assert form not in seen
        assert form[:9] not in seen
    again = pickle.loads(pickle.dumps(error))  # noqa: S301 - ours
    assert again.response.headers["x-echo"] == "***"


def test_a_key_that_goes_in_another_form_is_not_shown_either(
    clients: Clients, server: Server
) -> None:
    server.answer({"message": "Bearer s3cr3t-one, or s3cr3t-one"}, 400)
    error = clients.failure(clients.new("RealtimeKit", server.url), "get_session", "id")
    assert error.message == "Bearer ***, or ***"


def test_a_key_that_the_provider_sends_back_is_told_in_no_drift(
    clients: Clients, server: Server, caplog: pytest.LogCaptureFixture
) -> None:
    log = callrecords.DriftLog()
    body = {"data": {"call_id": 5, "s3cr3t-one": {"a": ["x s3cr3t-two"]}}}
    server.answer(body)
    client = clients.new("Zudu", server.url, on_drift=log)
    clients.call(client, "get_call", "id")
    clients.call(clients.new("Zudu", server.url), "get_call", "id")
    error = clients.failure(clients.new("Zudu", server.url, on_drift="raise"), "get_call", "id")
    assert len(log) == 2
    seen = [repr([*log]), caplog.text, told(error)]
    assert not any(secret in text for secret in SECRETS for text in seen)


def test_parameters_that_look_secret_are_masked_as_headers_are(
    clients: Clients, server: Server
) -> None:
    server.answer(status=400)
    params = {"api_key": "s3cr3t-q1", "access_token": ["s3cr3t-q2"], "page": 2}
    error = clients.failure(clients.new("Zudu", server.url), "get_call", "id", params=params)
    assert error.request.params == {"api_key": "***", "access_token": "***", "page": 2}
    assert "s3cr3t" not in told(error)


@pytest.mark.parametrize("steering", ["\n", "\r\n", "\x1b[31m", "\x9b", "\u202e", "\u2028", "\x00"])
@pytest.mark.parametrize("status", [200, 400])
def test_nothing_of_a_provider_steers_a_terminal_or_breaks_a_line(
    clients: Clients,
    server: Server,
    caplog: pytest.LogCaptureFixture,
    steering: str,
    status: int,
) -> None:
    text = f"one{steering}two\ud83d"
    body = {"message": text, "status": "ok", "data": {"call_id": [text], f"x{steering}y": text}}
    client = clients.new("Zudu", server.url)
    if status == 200:
        server.answer(json.dumps(body).encode())
        clients.call(client, "get_call", "id")
        client = client.with_options(on_drift="raise")
    else:
        server.answer(json.dumps(body, ensure_ascii=False).encode(errors="replace"), status)
    error = clients.failure(client, "get_call", "id")
    lines = [record.getMessage() for record in caplog.records if record.name != "werkzeug"]
    for line in (*lines, str(error), error.message):
        assert line.isprintable()


def test_a_message_of_a_provider_is_cut(clients: Clients, server: Server) -> None:
    server.answer({"message": "x" * 1_000_000}, 400)
    error = clients.failure(clients.new("Zudu", server.url), "get_call", "id")
    assert len(str(error)) < 6000
