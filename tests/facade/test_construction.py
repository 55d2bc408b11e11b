"""How clients are made: arguments, the environment, options, and an httpx client of one's own."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import callrecords_zudu
import httpx
import pytest

from callrecords_runtime.errors import BadRequest, ConfigurationError, ServerError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.facade.conftest import Clients, Server

CALL = {"status": "success", "data": {}}
GIVEN: list[tuple[str, str, str]] = [
    ("CometChat", "app_id", "COMETCHAT_APP_ID"),
    ("CometChat", "region", "COMETCHAT_REGION"),
    ("CometChat", "api_key", "COMETCHAT_API_KEY"),
    ("Zudu", "api_key", "ZUDU_API_KEY"),
    ("Zudu", "api_secret", "ZUDU_API_SECRET"),
    ("RealtimeKit", "account_id", "CLOUDFLARE_ACCOUNT_ID"),
    ("RealtimeKit", "app_id", "REALTIMEKIT_APP_ID"),
    ("RealtimeKit", "api_token", "CLOUDFLARE_API_TOKEN"),
]
COMPLETE = {
    "CometChat": {"app_id": "app", "region": "us", "api_key": "key"},
    "Zudu": {"api_key": "key", "api_secret": "secret"},
    "RealtimeKit": {"account_id": "account", "app_id": "app", "api_token": "token"},
}


NEEDED = [row for row in GIVEN if row[1] != "region"]
"""Those without a default in the definition."""


@pytest.mark.parametrize(("name", "argument", "variable"), NEEDED)
@pytest.mark.parametrize("value", [None, ""])
def test_a_missing_argument_is_named_with_both_ways_to_give_it(
    clients: Clients, name: str, argument: str, variable: str, value: str | None
) -> None:
    client = clients.class_of(name)
    with pytest.raises(ConfigurationError) as caught:
        client(**{**COMPLETE[name], argument: value})
    assert str(caught.value) == (
        f"{argument} is missing: pass {client.__name__}({argument}=…) or set {variable}"
    )


def sent(clients: Clients, name: str, server: Server, **arguments: str) -> tuple[str, Any]:
    """The path and the headers of a request of a client."""
    server.answer(status=400)
    client = clients.class_of(name)(base_url=server.url, max_retries=0, **arguments)
    with pytest.raises(BadRequest):
        clients.call(client, "get_chat" if name == "RealtimeKit" else "get_call", "id")
    clients.call(client, "close")
    return server.requests[-1].path, server.requests[-1].headers


@pytest.mark.parametrize(
    ("name", "variables", "header", "value"),
    [
        ("CometChat", {"COMETCHAT_API_KEY": "k"}, "apikey", "k"),
        ("Zudu", {"ZUDU_API_KEY": "k", "ZUDU_API_SECRET": "s"}, "X-API-KEY", "k"),
        ("Zudu", {"ZUDU_API_KEY": "k", "ZUDU_API_SECRET": "s"}, "X-API-SECRET", "s"),
        (
            "RealtimeKit",
            {
                "CLOUDFLARE_ACCOUNT_ID": "a",
                "CLOUDFLARE_API_TOKEN": "t",
                "REALTIMEKIT_APP_ID": "b",
            },
            "Authorization",
            "Bearer t",
        ),
    ],
)
def test_credentials_come_from_the_environment(  # noqa: PLR0913, PLR0917 - a table's columns
    clients: Clients,
    server: Server,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    variables: Mapping[str, str],
    header: str,
    value: str,
) -> None:
    for variable, text in variables.items():
        monkeypatch.setenv(variable, text)
    assert sent(clients, name, server)[1][header] == value


def test_account_and_app_come_from_the_environment(
    clients: Clients, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLOUDFLARE_ACCOUNT_ID", "a")
    monkeypatch.setenv("REALTIMEKIT_APP_ID", "b")
    path, _ = sent(clients, "RealtimeKit", server, api_token="t")
    assert path == "/accounts/a/realtime/kit/b/sessions/id/chat"


def test_app_and_region_come_from_the_environment(
    clients: Clients, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COMETCHAT_APP_ID", "app")
    monkeypatch.setenv("COMETCHAT_REGION", "eu")
    client = clients.new("CometChat")
    assert "'https://app.call-eu.cometchat.io/v3'" in repr(client)


@pytest.mark.parametrize(("name", "argument", "variable"), GIVEN)
def test_arguments_win_over_the_environment(
    clients: Clients, monkeypatch: pytest.MonkeyPatch, name: str, argument: str, variable: str
) -> None:
    monkeypatch.setenv(variable, "not/usable\n")
    client = clients.class_of(name)(**COMPLETE[name])
    clients.call(client, "close")
    incomplete = {key: value for key, value in COMPLETE[name].items() if key != argument}
    with pytest.raises(ConfigurationError, match=argument):
        clients.class_of(name)(**incomplete)


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("CometChat", "https://app.call-us.cometchat.io/v3"),
        ("Zudu", "https://api.zudu.ai"),
        ("RealtimeKit", "https://api.cloudflare.com/client/v4"),
        ("ApifyCloud", "https://video.apifycloud.io/api"),
    ],
)
def test_the_address_is_the_providers_unless_another_is_given(
    clients: Clients, name: str, address: str
) -> None:
    with_host = {"app_id": "app", "region": "us"} if name == "CometChat" else {}
    client = clients.new(name, **with_host)
    assert repr(client) == f"{clients.class_of(name).__name__}(base_url={address!r})"


def test_a_slash_at_the_end_of_an_address_is_not_doubled(clients: Clients, server: Server) -> None:
    server.answer(CALL)
    clients.call(clients.new("Zudu", server.url + "/v9//"), "get_call", "id")
    assert server.requests[0].path.startswith("/v9/")
    assert "//" not in server.requests[0].path


def test_an_http_client_of_ones_own_is_used_and_stays_open(
    clients: Clients, server: Server
) -> None:
    server.answer(CALL)
    own = clients.http_client(headers={"X-Own": "1"})
    client = clients.new("Zudu", server.url, http_client=own)
    clients.call(client, "get_call", "id")
    clients.call(client, "close")
    assert server.requests[0].headers["X-Own"] == "1"
    assert not own.is_closed


def test_the_timeout_of_an_http_client_of_ones_own_stands(clients: Clients, server: Server) -> None:
    """Unless it is its library's: nobody chose that."""
    server.answer(CALL)
    silent = clients.http_client()
    clients.call(clients.new("Zudu", server.url, http_client=silent), "get_call", "id")
    assert clients.sent.pop().extensions["timeout"]["read"] == 30
    own = clients.http_client(timeout=7)
    clients.call(clients.new("Zudu", server.url, http_client=own), "get_call", "id")
    client = clients.new("Zudu", server.url, http_client=own, timeout=8)
    clients.call(client, "get_call", "id")
    assert [request.extensions["timeout"]["read"] for request in clients.sent] == [7, 8]


@pytest.mark.parametrize("wrong", [object(), httpx.Client, "client"])
def test_an_http_client_that_is_none_is_refused(clients: Clients, wrong: object) -> None:
    with pytest.raises(ConfigurationError, match="http_client must be an httpx"):
        clients.new("Zudu", http_client=wrong)


def test_a_client_closes_its_connections(clients: Clients, server: Server) -> None:
    client = clients.new("Zudu", server.url)
    clients.call(client, "close")
    with pytest.raises(RuntimeError, match="closed"):
        clients.call(client, "get_call", "id")


def test_a_block_closes_the_client(clients: Clients, server: Server) -> None:
    client = clients.new("Zudu", server.url)
    enter, leave = ("__aenter__", "__aexit__") if clients.is_awaited else ("__enter__", "__exit__")
    assert clients.call(client, enter) is client
    clients.call(client, leave, None, None, None)
    with pytest.raises(RuntimeError, match="closed"):
        clients.call(client, "get_call", "id")


def test_a_changed_copy_shares_the_connections(clients: Clients, server: Server) -> None:
    client = clients.new("Zudu", server.url)
    changed = client.with_options(max_retries=0)
    clients.call(client, "close")
    with pytest.raises(RuntimeError, match="closed"):
        clients.call(changed, "get_call", "id")


def test_the_block_of_a_copy_leaves_the_connections_to_the_original(
    clients: Clients, server: Server
) -> None:
    server.answer(CALL)
    client = clients.new("Zudu", server.url)
    enter, leave = ("__aenter__", "__aexit__") if clients.is_awaited else ("__enter__", "__exit__")
    copy = clients.call(client.with_options(max_retries=0), enter)
    clients.call(copy, leave, None, None, None)
    clients.call(client, "get_call", "id")
    assert len(server.requests) == 1


def test_a_changed_copy_leaves_the_original_alone(clients: Clients, server: Server) -> None:
    server.answer(CALL)
    client = clients.new("Zudu", server.url, http_client=clients.http_client())
    changed = client.with_options(headers={"X-Extra": "1"}, timeout=5, max_retries=0)
    clients.call(changed, "get_call", "id")
    clients.call(client, "get_call", "id")
    assert [request.headers.get("x-extra") for request in clients.sent] == ["1", None]
    assert clients.sent[0].extensions["timeout"]["read"] == 5
    assert type(changed) is type(client)


def test_options_of_a_copy_are_added_to_those_of_before(clients: Clients, server: Server) -> None:
    server.answer(status=503)
    client = clients.new("Zudu", server.url, max_retries=1, headers={"X-A": "1", "X-B": "1"})
    changed = client.with_options(headers={"x-b": "2"})
    with pytest.raises(ServerError):
        clients.call(changed, "get_call", "id")
    assert len(server.requests) == 2
    assert server.requests[0].headers.get_all("X-A") == ["1"]
    assert server.requests[0].headers.get_all("X-B") == ["2"]


OPTIONS: list[tuple[dict[str, Any], str]] = [
    ({"retries": 3}, "no argument 'retries'; did you mean 'max_retries'"),
    ({"x": 3}, "no argument 'x'; it takes .*headers"),
    ({"headers": [("X-A", "1")]}, "headers must be a mapping, not list"),
    ({"headers": {"X-A": 1}}, "the header 'X-A' must be a str, not int"),
    ({"headers": {1: "1"}}, "the name of a header must be a str, not int"),
    ({"max_retries": -1}, "max_retries must be a number, not negative, and is -1"),
    ({"timeout": -1}, "timeout must be more than 0 seconds, and is -1"),
    ({"timeout": 0}, "timeout must be more than 0"),
    ({"timeout": "10"}, "timeout must be a number of seconds, not a text: '10'"),
    ({"timeout": float("nan")}, "timeout must be more than 0"),
    ({"deadline": -0.5}, "deadline must be more than 0 seconds, and is -0.5"),
    ({"deadline": 0}, "deadline must be more than 0"),
    ({"headers": {"X-A": "1\nX-B: 2"}}, "the header 'X-A' cannot be sent"),
    ({"headers": {"X A": "1"}}, "the header 'X A' cannot be sent"),
    ({"headers": {"": "1"}}, "the header '' cannot be sent"),
    ({"headers": {"X-A": "é"}}, "the header 'X-A' cannot be sent"),
]


@pytest.mark.parametrize(("options", "message"), OPTIONS)
def test_an_option_that_cannot_be_used_is_refused_at_construction(
    clients: Clients, options: dict[str, Any], message: str
) -> None:
    with pytest.raises(ConfigurationError, match=message):
        clients.new("Zudu", **options)


@pytest.mark.parametrize(("options", "message"), OPTIONS)
def test_an_option_that_cannot_be_used_is_refused_by_a_copy(
    clients: Clients, options: dict[str, Any], message: str
) -> None:
    with pytest.raises(ConfigurationError, match=message):
        clients.new("Zudu").with_options(**options)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            {"deadline": 3},
            "get_call() has no argument 'deadline'; it takes call_id, headers, max_retries, params",
        ),
        ({"max_retries": -1}, "max_retries must be a number, not negative, and is -1"),
        ({"timeot": 3}, "get_call() has no argument 'timeot'; did you mean 'timeout'?"),
        ({"params": "a=b"}, "params must be a mapping, not str"),
        ({"timeout": -1}, "timeout must be more than 0"),
        ({"headers": {"X-A": "1\n"}}, "the header 'X-A' cannot be sent"),
    ],
)
def test_an_option_that_cannot_be_used_is_refused_by_a_call(
    clients: Clients, server: Server, options: dict[str, Any], message: str
) -> None:
    with pytest.raises(ConfigurationError, match=re.escape(message)):
        clients.call(clients.new("Zudu", server.url), "get_call", "id", **options)
    assert not server.requests


@pytest.mark.parametrize(
    ("name", "argument"),
    [
        *((name, argument) for name, argument, _ in GIVEN),
        *(("ApifyCloud", argument) for argument in ("http_client", "deadline", "base_url")),
    ],
)
def test_a_misspelt_argument_is_not_said_to_be_missing(
    clients: Clients, name: str, argument: str
) -> None:
    misspelt = argument[:-2] + argument[-1]
    given = {key: value for key, value in COMPLETE.get(name, {}).items() if key != argument}
    with pytest.raises(ConfigurationError) as caught:
        clients.class_of(name)(**given, **{misspelt: "x"})
    assert str(caught.value) == (
        f"{clients.class_of(name).__name__}() has no argument {misspelt!r}; "
        f"did you mean {argument!r}?"
    )


@pytest.mark.parametrize(("name", "argument", "_variable"), GIVEN)
@pytest.mark.parametrize("value", [7, b"s3cr3t-one", ["s3cr3t-one"]])
def test_an_argument_of_another_type_is_refused_unseen(
    clients: Clients, name: str, argument: str, _variable: str, value: object
) -> None:
    with pytest.raises(ConfigurationError) as caught:
        clients.class_of(name)(**{**COMPLETE[name], argument: value})
    assert str(caught.value) == f"{argument} must be a str, not {type(value).__name__}"


def test_an_address_of_another_type_is_refused(clients: Clients) -> None:
    with pytest.raises(ConfigurationError, match="base_url must be a str, not int"):
        clients.class_of("Zudu")(**COMPLETE["Zudu"], base_url=8000)


@pytest.mark.parametrize(
    ("method", "path", "content", "message"),
    [
        (None, "/x", None, "method must be a str, not NoneType"),
        ("GET", None, None, "path must be a str, not NoneType"),
        ("POST", "/x", {"a": 1}, "content must be bytes, not dict"),
    ],
)
def test_a_request_of_other_types_is_refused(
    clients: Clients, method: Any, path: Any, content: Any, message: str
) -> None:
    with pytest.raises(ConfigurationError, match=message):
        clients.call(clients.new("Zudu"), "request", method, path, content=content)


def test_a_refused_header_is_not_shown(clients: Clients) -> None:
    with pytest.raises(ConfigurationError) as caught:
        clients.new("Zudu", headers={"X-A": "s3cr3t-one\n"})
    assert "s3cr3t-one" not in str(caught.value)


def test_a_call_has_headers_parameters_and_a_timeout_of_its_own(
    clients: Clients, server: Server
) -> None:
    server.answer(CALL)
    settings = {"headers": {"X-A": "client", "X-B": "b"}, "timeout": 8}
    client = clients.new("Zudu", server.url, http_client=clients.http_client(), **settings)
    options = {"headers": {"x-a": "call"}, "params": {"q": "é", "n": [1, 2]}, "timeout": 9}
    clients.call(client, "get_call", "id", **options)
    clients.call(client, "get_call", "id")
    first, second = server.requests
    assert first.headers.get_all("X-A") == ["call"]
    assert first.headers["X-B"] == "b"
    assert first.args.to_dict(flat=False) == {"q": ["é"], "n": ["1", "2"]}
    assert (second.headers["X-A"], second.query_string) == ("client", b"")
    assert [request.extensions["timeout"]["read"] for request in clients.sent] == [9, 8]


def test_a_client_waits_half_a_minute_unless_it_is_told_otherwise(
    clients: Clients, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    kind = httpx.AsyncHTTPTransport if clients.is_awaited else httpx.HTTPTransport
    method = "handle_async_request" if clients.is_awaited else "handle_request"
    handle = getattr(kind, method)

    def noting(transport: Any, request: httpx.Request) -> Any:
        clients.sent.append(request)
        return handle(transport, request)

    monkeypatch.setattr(kind, method, noting)
    server.answer(CALL)
    clients.call(clients.new("Zudu", server.url), "get_call", "id")
    limits = clients.sent[0].extensions["timeout"]
    assert [limits[phase] for phase in ("connect", "read", "write")] == [30.0] * 3
    assert limits["pool"] > 200  # waiting for others ends with the deadline


def test_a_call_may_wait_for_ever(clients: Clients, server: Server) -> None:
    server.answer(CALL)
    client = clients.new("Zudu", server.url, http_client=clients.http_client(), deadline=None)
    clients.call(client, "get_call", "id", timeout=None)
    assert set(clients.sent[0].extensions["timeout"].values()) == {None}


def test_a_timeout_may_be_httpxs_own(clients: Clients, server: Server) -> None:
    server.answer(CALL)
    client = clients.new("Zudu", server.url, http_client=clients.http_client())
    clients.call(client, "get_call", "id", timeout=httpx.Timeout(3, connect=4))
    assert clients.sent[0].extensions["timeout"]["connect"] == 4


def test_requests_say_who_asks_and_what_they_take(clients: Clients, server: Server) -> None:
    server.answer(CALL)
    clients.call(clients.new("Zudu", server.url), "get_call", "id")
    version = callrecords_zudu.__version__
    assert server.requests[0].headers["User-Agent"] == f"callrecords-zudu/{version}"
    assert server.requests[0].headers["Accept"] == "application/json"
