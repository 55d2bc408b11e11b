"""Clients by the names of their providers, also of those that were added."""

from __future__ import annotations

import base64
import datetime as dt
import importlib
import inspect
import io
import logging
import os
import pydoc
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import callrecords
from callrecords import sandbox
from callrecords.cli import main
from callrecords_runtime.errors import ConfigurationError, DecodeError, NotFound
from callrecords_runtime.types import File
from codegen.commands.add.addition import Wanted
from tests.runtime.added_packages import importable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from callrecords.sandbox import Sandbox
    from tests.facade.conftest import Clients, Server

DEFINITIONS = Path(__file__).parents[1] / "data/definitions"
PACKAGES = ("secrets", "addresses")
SECRETS = {"token": "s3cr3t-t", "api_key": "s3cr3t-k", "sid": "s3cr3t-c"}
BASIC = {"username": "s3cr3t-u", "password": "s3cr3t-p"}
OPERATIONS = (
    *("close_operation", "get_by_cookie", "get_by_password", "get_by_query_key", "get_by_token"),
    *("get_either", "get_open", "get_ranged", "list_by", "list_chosen", "post_open"),
    *("put_file", "run_job"),
)


@pytest.fixture(scope="module", autouse=True)
def _packages(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The packages callrecords_secrets and so on, made of their definitions and importable."""
    added = [Wanted(name, str(DEFINITIONS / f"{name}.yaml")) for name in PACKAGES]
    with importable(tmp_path_factory.mktemp("repository"), *added):
        yield


def module(name: str) -> Any:
    return importlib.import_module(f"callrecords_secrets.{name}")


def client(clients: Clients, server: Server, **arguments: Any) -> Any:
    given = {**SECRETS, **BASIC, **arguments}
    return clients.client_for("secrets", base_url=server.url, **given)


def test_every_operation_is_a_method(clients: Clients, server: Server) -> None:
    made = client(clients, server)
    assert sorted(made.operations) == [*OPERATIONS]
    assert set(OPERATIONS) <= set(dir(made))
    assert set(OPERATIONS) <= set(dir(made.with_response))
    kind = "AsyncSecrets" if clients.is_awaited else "Secrets"
    assert type(made) is getattr(importlib.import_module("callrecords_secrets"), kind)
    assert repr(made) == f"{kind}(base_url={server.url!r})"


def test_a_method_describes_itself(clients: Clients, server: Server) -> None:
    made = client(clients, server)
    signature = inspect.signature(made.get_by_token)
    assert list(signature.parameters) == ["id", "state", "page", "options"]
    assert signature.return_annotation == "models.Thing"
    whole = made.with_response.get_by_token
    assert inspect.signature(whole).return_annotation == "Answer[models.Thing]"
    assert "id: 'str'" in pydoc.plain(pydoc.render_doc(made.get_by_token))


def test_an_answer_is_the_exact_model(clients: Clients, server: Server) -> None:
    server.answer({"id": "one", "size": 3})
    made = client(clients, server)
    thing = clients.call(made, "get_by_token", "one", state="open", page=2)
    assert type(thing) is module("models").Thing
    assert (thing.id, thing.size) == ("one", 3)
    assert server.requests[0].path == "/bearer/one"
    assert dict(server.requests[0].args) == {"state": "open", "page": "2"}


def test_the_whole_answer_can_be_had(clients: Clients, server: Server) -> None:
    server.answer({"id": "one"}, headers={"X-Request-Id": "7"})
    answer = clients.call(client(clients, server), "with_response.get_by_token", "one")
    assert (answer.status, answer.headers["x-request-id"], answer.parsed.id) == (200, "7", "one")


def test_text_bytes_lists_and_nothing_are_answers_too(clients: Clients, server: Server) -> None:
    made = client(clients, server)
    upload = module("models").Upload(file=File(payload=io.BytesIO(b"abc")))
    for body, status in ((b"hello", 200), (b"", 204), ([1, 2], 201), (b"\x00\xff", 200)):
        server.answer(body, status)
    server.answer(b"")
    assert clients.call(made, "get_open") == "hello"
    assert clients.call(made, "get_by_cookie") is None
    draft = module("models").Draft(name="x")
    assert clients.call(made, "post_open", body=draft) == [1, 2]
    assert server.requests[-1].get_json() == {"name": "x"}
    assert clients.call(made, "put_file", body=upload).payload.read() == b"\x00\xff"
    assert server.requests[-1].content_type.startswith("multipart/form-data; boundary=")
    assert b"abc" in server.requests[-1].get_data()


@pytest.mark.parametrize(
    ("method", "arguments", "header", "query", "cookies"),
    [
        ("get_by_token", {"id": "one"}, "Bearer s3cr3t-t", {}, {}),
        ("get_by_query_key", {}, None, {"api_key": "s3cr3t-k"}, {}),
        ("get_by_cookie", {"theme": "dark"}, None, {}, {"theme": "dark", "sid": "s3cr3t-c"}),
        ("get_open", {}, None, {}, {}),
    ],
)
def test_an_operation_gets_the_secrets_it_asks_for_and_no_others(  # noqa: PLR0913, PLR0917 - a table's columns
    clients: Clients,
    server: Server,
    method: str,
    arguments: dict[str, str],
    header: str | None,
    query: dict[str, str],
    cookies: dict[str, str],
) -> None:
    server.answer({"id": "one"})
    made = client(clients, server)
    clients.call(made, method, **arguments)
    clients.call(made, f"with_response.{method}", **arguments)
    assert len(server.requests) == 2
    for asked in server.requests:
        assert asked.headers.get("Authorization") == header
        assert (dict(asked.args), dict(asked.cookies)) == (query, cookies)


@pytest.mark.parametrize(
    ("given", "pair"),
    [
        (BASIC, "s3cr3t-u:s3cr3t-p"),
        ({"username": "zoë", "password": " a:b é "}, "zoë: a:b é "),
        ({"username": "a key"}, "a key:"),
        ({"username": "a key", "password": ""}, "a key:"),
    ],
)
def test_a_password_goes_out_with_its_user(
    clients: Clients, server: Server, given: dict[str, str], pair: str
) -> None:
    server.answer(b"", 204)
    made = clients.client_for("secrets", base_url=server.url, **given)
    clients.call(made, "get_by_password")
    encoded = base64.b64encode(pair.encode()).decode()
    assert server.requests[0].headers["Authorization"] == f"Basic {encoded}"


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"password": "s3cr3t"}, "username is missing: .* SECRETS_USERNAME"),
        ({"username": "s3cr3t:", "password": "s3cr3t"}, "username must have no colon"),
    ],
)
def test_a_user_that_cannot_be_sent_is_refused_unseen(
    clients: Clients, given: dict[str, str], message: str
) -> None:
    with pytest.raises(ConfigurationError, match=message) as caught:
        clients.client_for("secrets", **given)
    assert "s3cr3t" not in str(caught.value)


@pytest.mark.parametrize("argument", ["username", "password", "api_key"])
@pytest.mark.parametrize("is_argument", [True, False], ids=["given", "in the environment"])
def test_a_secret_without_an_encoding_is_refused_and_no_frame_of_ours_holds_it(
    clients: Clients, monkeypatch: pytest.MonkeyPatch, argument: str, *, is_argument: bool
) -> None:
    # What Python makes of bytes of the environment that are not UTF-8.
    secret = os.fsdecode(b"s3cr3t\xfft")
    given = {"username": "someone", argument: secret}
    if not is_argument:
        monkeypatch.setenv(f"SECRETS_{argument.upper()}", given.pop(argument))
    with pytest.raises(ConfigurationError, match=f"{argument} cannot be sent: ") as caught:
        clients.client_for("secrets", **given)
    error = caught.value
    assert (error.__cause__, error.__context__) == (None, None)
    assert "s3cr3t" not in str(error)
    frames = [frame for frame, _ in traceback.walk_tb(error.__traceback__)]
    ours = [frame for frame in frames if "callrecords" in frame.f_globals["__name__"].split(".")]
    assert ours
    for frame in ours:
        assert "s3cr3t" not in repr(frame.f_locals)


@pytest.mark.parametrize("key", [" a key ", "clé", "a&b=c#d%20+"])
def test_a_query_carries_what_a_header_could_not(
    clients: Clients, server: Server, key: str
) -> None:
    server.answer(b"", 204)
    clients.call(
        clients.client_for("secrets", base_url=server.url, api_key=key), "get_by_query_key"
    )
    assert dict(server.requests[0].args) == {"api_key": key}


@pytest.mark.parametrize("argument", ["token", "sid"])
def test_a_header_and_a_cookie_carry_printable_ascii_only(clients: Clients, argument: str) -> None:
    with pytest.raises(ConfigurationError, match=f"{argument} cannot be sent in a header"):
        clients.client_for("secrets", **{argument: "clé"})


def test_secrets_come_from_the_environment(
    clients: Clients, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.answer({"id": "one"})
    monkeypatch.setenv("SECRETS_TOKEN", "s3cr3t-env")
    made = clients.client_for("secrets", base_url=server.url)
    clients.call(made, "get_by_token", "one")
    assert server.requests[0].headers["Authorization"] == "Bearer s3cr3t-env"


@pytest.mark.parametrize(
    ("method", "message"),
    [
        ("get_by_token", "get_by_token needs token: .*SECRETS_TOKEN"),
        ("get_by_password", "needs username and password: .*SECRETS_USERNAME"),
        ("get_either", "needs token, or api_key: "),
    ],
)
def test_what_is_missing_is_said_before_anything_is_sent(
    clients: Clients, server: Server, method: str, message: str
) -> None:
    server.answer(b"hello")
    made = clients.client_for("secrets", base_url=server.url)
    arguments = ["one"] if method == "get_by_token" else []
    with pytest.raises(ConfigurationError, match=message):
        clients.call(made, method, *arguments)
    assert server.requests == []
    assert clients.call(made, "get_open") == "hello"


def test_one_of_two_ways_to_sign_in_is_enough(clients: Clients, server: Server) -> None:
    server.answer(b"", 204)
    made = clients.client_for("secrets", base_url=server.url, api_key="k")
    assert clients.call(made, "get_either") is None


def test_no_secret_is_shown_or_logged(
    clients: Clients, server: Server, caplog: pytest.LogCaptureFixture
) -> None:
    server.answer({"error": "no"}, 404)
    made = client(clients, server)
    with caplog.at_level(logging.DEBUG):
        error = clients.failure(made, "get_by_query_key")
    assert server.requests[0].args["api_key"] == "s3cr3t-k"
    # The server of the test logs what it is asked.
    logged = "".join(record.getMessage() for record in caplog.records if record.name != "werkzeug")
    for text in (logged, repr(made), repr(error), str(error), repr(error.request)):
        assert "s3cr3t" not in text


def test_a_server_has_parts_of_its_own(clients: Clients, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "https://eu.secrets.example/v1" in repr(clients.client_for("secrets"))
    monkeypatch.setenv("SECRETS_REGION", "us")
    assert "https://us.secrets.example/v1" in repr(clients.client_for("secrets"))
    with pytest.raises(ConfigurationError, match="region"):
        clients.client_for("secrets", region="evil.example/")


@pytest.mark.parametrize(
    ("given", "address"),
    [
        ({}, "https://api.addresses.example:443/api/v2/live"),
        ({"host": "eu.example.com"}, "https://eu.example.com:443/api/v2/live"),
        ({"port": "9000"}, "https://api.addresses.example:9000/api/v2/live"),
        ({"base_path": "own/v9.1"}, "https://api.addresses.example:443/own/v9.1/live"),
        ({"stage": "next(beta)"}, "https://api.addresses.example:443/api/v2/next(beta)"),
    ],
)
def test_a_part_of_an_address_is_what_its_place_allows(
    clients: Clients, given: dict[str, str], address: str
) -> None:
    assert f"base_url={address!r}" in repr(clients.client_for("addresses", **given))


@pytest.mark.parametrize(
    ("argument", "value"),
    [
        ("host", "evil.example/"),
        ("host", "me@evil.example"),
        ("host", "evil.example:1"),
        ("host", "evil..example"),
        ("port", "1/"),
        ("port", "evil"),
        ("base_path", "a/../b"),
        ("base_path", "a?b"),
        ("base_path", "a//b"),
        ("base_path", "%2e%2e"),
    ],
)
def test_a_part_of_an_address_stays_in_its_place(
    clients: Clients, argument: str, value: str
) -> None:
    with pytest.raises(ConfigurationError, match=f"{argument} must be"):
        clients.client_for("addresses", **{argument: value})


@pytest.mark.parametrize("is_argument", [True, False], ids=["given", "in the environment"])
def test_a_part_of_an_address_is_one_of_those_that_the_definition_lists(
    clients: Clients, monkeypatch: pytest.MonkeyPatch, *, is_argument: bool
) -> None:
    given = {"stage": "test"} if is_argument else {}
    monkeypatch.setenv("ADDRESSES_STAGE", "test")
    with pytest.raises(ConfigurationError) as caught:
        clients.client_for("addresses", **given)
    message = "stage must be one of 'live', 'next(beta)', not 'test'; another server is a base_url"
    assert str(caught.value) == message
    url = "https://api.addresses.example/test"
    assert url in repr(clients.client_for("addresses", base_url=url, **given))


def test_a_request_is_repeated_when_that_is_safe(clients: Clients, server: Server) -> None:
    server.answer(b"", 503)
    server.answer({"id": "one"})
    made = client(clients, server)
    assert clients.call(made, "get_by_token", "one").id == "one"
    assert (len(server.requests), len(clients.waits)) == (2, 1)


def test_errors_are_those_of_every_client(clients: Clients, server: Server) -> None:
    server.answer({"message": "nobody knows it"}, 404)
    error = clients.failure(client(clients, server), "get_by_token", "one")
    assert isinstance(error, NotFound)
    assert str(error) == "secrets get_by_token: 404: nobody knows it"


def test_drift_is_reported_and_set_aside(clients: Clients, server: Server) -> None:
    server.answer({"id": "one", "size": "big", "more": 1})
    found: list[Any] = []
    made = client(clients, server, on_drift=found.append)
    thing = clients.call(made, "get_by_token", "one")
    assert not thing.size
    assert thing.to_dict() == {"id": "one", "size": "big", "more": 1}
    assert sorted((drift.provider, drift.operation, drift.path) for drift in found) == [
        ("secrets", "get_by_token", "$.more"),
        ("secrets", "get_by_token", "$.size"),
    ]


def test_what_is_required_must_be_there(clients: Clients, server: Server) -> None:
    server.answer({"size": 1})
    error = clients.failure(client(clients, server), "get_by_token", "one")
    assert isinstance(error, DecodeError)
    assert "$.id" in str(error)


def test_an_answer_is_checked_as_the_status_that_it_is_read_as(
    clients: Clients, server: Server
) -> None:
    made = client(clients, server, on_drift="raise", max_retries=0)
    server.answer({"name": "a"})
    server.answer({"count": 1}, 201)
    server.answer({"name": "a", "count": "a lie"}, 201)
    assert clients.call(made, "get_ranged").name == "a"
    assert clients.call(made, "get_ranged").count == 1
    error = clients.failure(made, "get_ranged")
    assert isinstance(error, DecodeError)
    assert "$.count" in str(error)


def test_options_count_for_one_request_or_for_all(clients: Clients, server: Server) -> None:
    server.answer({"id": "one"})
    made = client(clients, server)
    clients.call(made, "get_by_token", "one", headers={"X-One": "1"}, params={"more": "2"})
    assert server.requests[0].headers["X-One"] == "1"
    assert server.requests[0].args["more"] == "2"
    all_of_them = made.with_options(headers={"X-All": "3"}, max_retries=0)
    clients.call(all_of_them, "get_by_token", "one")
    assert server.requests[1].headers["X-All"] == "3"


@pytest.mark.parametrize(
    ("misspelt", "message"),
    [
        ("stat", "no argument 'stat'; did you mean 'state'"),
        ("timeot", "no argument 'timeot'; did you mean 'timeout'"),
    ],
)
def test_an_unknown_argument_names_the_nearest(
    clients: Clients, server: Server, misspelt: str, message: str
) -> None:
    made = client(clients, server)
    with pytest.raises(ConfigurationError, match=message):
        clients.call(made, "get_by_token", "one", **{misspelt: 1})


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"id": None}, "id must be a str, not NoneType"),
        ({"id": 7}, "id must be a str, not int"),
        ({"id": "one", "state": 7}, "state is no .*: 7"),
    ],
)
def test_an_argument_of_another_type_is_refused(
    clients: Clients, server: Server, arguments: dict[str, Any], message: str
) -> None:
    made = client(clients, server)
    with pytest.raises(ConfigurationError, match=message):
        clients.call(made, "get_by_token", **arguments)
    assert not server.requests


def test_the_item_of_another_type_is_named(clients: Clients, server: Server) -> None:
    with pytest.raises(ConfigurationError, match=r"^states is no State: 7$"):
        clients.call(client(clients, server), "list_by", states=["open", 7])
    assert not server.requests


def test_an_argument_that_is_named_as_an_option_leaves_the_option_its_name(
    clients: Clients, server: Server
) -> None:
    made = client(clients, server, max_retries=0)
    signature = inspect.signature(made.run_job)
    own = ["timeout_", "options_", "params_", "params__"]
    assert list(signature.parameters) == [*own, "options"]
    assert "    timeout_: The query parameter ``timeout``.\n" in made.run_job.__doc__
    server.answer(b"", 204)
    given = {"timeout_": 5, "options_": "a", "params_": "b", "params__": "d"}
    clients.call(made, "run_job", **given, timeout=60, params={"more": "c"})
    asked = {"timeout": "5", "options": "a", "params": "b", "params_": "d", "more": "c"}
    assert dict(server.requests[0].args) == asked
    with pytest.raises(ConfigurationError, match="timeout"):
        clients.call(made, "run_job", timeout_=5, timeout=-1)
    with pytest.raises(TypeError, match="missing 1 required keyword-only argument: 'timeout_'"):
        clients.call(made, "run_job", timeout=5)


@pytest.mark.parametrize(
    ("arguments", "query"),
    [
        ({"states": ["open", "closed"]}, {"states": ["open", "closed"]}),
        ({"states": ["open", "not yet known"]}, {"states": ["open", "not yet known"]}),
        ({"sizes": [2, 1]}, {"sizes": ["2", "1"]}),
        ({"sizes": None}, {}),
        ({"states": []}, {}),
    ],
)
def test_a_list_of_texts_becomes_a_list_of_members(
    clients: Clients, server: Server, arguments: dict[str, Any], query: dict[str, list[str]]
) -> None:
    server.answer(b"", 204)
    clients.call(client(clients, server), "list_by", **arguments)
    assert server.requests[0].args.to_dict(flat=False) == query


@pytest.mark.parametrize(
    ("name", "value", "sent"),
    [
        ("state_or_number", 5, ["5"]),
        ("state_or_number", "open", ["open"]),
        ("state_or_share", 5, ["5"]),
        ("state_or_anything", [1, "open"], ["1", "open"]),
        ("state_or_text", "open", ["open"]),
        ("state_or_flag", "open", ["open"]),
        ("state_or_flag", True, ["true"]),
        ("size_or_state", 1, ["1"]),
        ("size_or_state", 3, ["3"]),
        ("size_or_state", "open", ["open"]),
        ("mixed", ["open", 1], ["open", "1"]),
        ("mixed", [1, "not yet known"], ["1", "not yet known"]),
        ("days_or_states", ["open"], ["open"]),
        ("days_or_states", [dt.date(2026, 1, 2)], ["2026-01-02"]),
        ("states_or_numbers", [1, 2], ["1", "2"]),
        ("states_or_numbers", ["open", "closed"], ["open", "closed"]),
    ],
)
def test_a_member_is_made_where_the_values_own_type_will_not_do(
    clients: Clients, server: Server, name: str, value: object, sent: list[str]
) -> None:
    server.answer(b"", 204)
    clients.call(client(clients, server), "list_chosen", **{name: value})
    assert server.requests[0].args.to_dict(flat=False) == {name: sent}


@pytest.mark.parametrize(
    ("method", "arguments", "message"),
    [
        ("list_by", {"states": "open"}, "states must be list[State], not 'open'"),
        ("list_by", {"states": 7}, "states must be list[State], not 7"),
        ("list_by", {"since": "2026-01-01"}, "since must be date, not '2026-01-01'"),
        ("list_by", {"days": [7]}, "days must be list[date], not [7]"),
        ("list_chosen", {"state_or_text": 5}, "state_or_text must be State | str, not 5"),
        ("list_chosen", {"state_or_flag": 5}, "state_or_flag must be State | bool, not 5"),
        ("list_chosen", {"mixed": "open"}, "mixed must be list[State | int], not 'open'"),
        (
            "list_chosen",
            {"states_or_numbers": ["open", 1]},
            "states_or_numbers must be list[State] | list[int], not ['open', 1]",
        ),
        (
            "post_open",
            {"body": {"name": "x"}},
            "body must be Draft, not dict; Draft.from_dict() makes one of a dictionary",
        ),
    ],
)
def test_what_an_operation_cannot_work_with_is_refused_with_what_it_takes(
    clients: Clients, server: Server, method: str, arguments: dict[str, Any], message: str
) -> None:
    with pytest.raises(ConfigurationError) as caught:
        clients.call(client(clients, server), method, **arguments)
    assert str(caught.value) == f"{method}(): {message}"
    assert not server.requests


@pytest.mark.parametrize("argument", ["token", "username", "region", "base_url"])
def test_a_credential_of_another_type_is_refused_unseen(clients: Clients, argument: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        clients.client_for("secrets", **{argument: b"s3cr3t"})
    assert str(caught.value) == f"{argument} must be a str, not bytes"
    with pytest.raises(ConfigurationError, match="provider must be a str, not int"):
        clients.client_for(7)  # type: ignore[arg-type]


def test_an_argument_in_the_path_stays_in_it(clients: Clients, server: Server) -> None:
    made = client(clients, server)
    with pytest.raises(ConfigurationError, match="another path"):
        clients.call(made, "get_by_token", "..")


@pytest.mark.parametrize(
    ("provider", "message"),
    [
        ("secret", r"'secret'; did you mean 'secrets'\? Check the spelling; what"),
        ("../secrets", "there is no package"),
        ("vonage", r"there are addresses, apifycloud, .*zudu\. Check the spelling; what"),
    ],
)
def test_an_unknown_package_is_said(clients: Clients, provider: str, message: str) -> None:
    with pytest.raises(ConfigurationError, match=message) as caught:
        clients.client_for(provider)
    # Whoever has published something under a misspelt name is not to be installed.
    assert f"pip install callrecords-{provider}" not in str(caught.value)


def test_an_unknown_argument_of_the_client_names_the_nearest(clients: Clients) -> None:
    for misspelt, nearest in (("tokn", "token"), ("max_retires", "max_retries")):
        message = f"has no argument '{misspelt}'; did you mean '{nearest}'"
        with pytest.raises(ConfigurationError, match=message) as caught:
            clients.client_for("secrets", **{misspelt: "s3cr3t"})
        assert "s3cr3t" not in str(caught.value)


@pytest.mark.parametrize("provider", ["zudu", "callrecords_zudu", "callrecords-zudu"])
def test_a_provider_is_known_by_its_name_and_that_of_its_package(
    clients: Clients, callrecords_sandbox: Sandbox, provider: str
) -> None:
    url = callrecords_sandbox.url("zudu")
    made = clients.client_for(provider, base_url=url, api_key="any", api_secret="any")
    assert type(made) is clients.class_of("Zudu")
    assert clients.call(made, "get_call", "call-456").agent_id == "agent-123"


def test_the_sandbox_plays_an_added_provider(clients: Clients) -> None:
    with sandbox.run() as server:
        made = clients.client_for("secrets", base_url=server.url("secrets"), **SECRETS)
        for method in ("get_by_cookie", "get_by_query_key", "get_either"):
            assert clients.call(made, method) is None
        assert clients.call(made, "get_by_token", "one").size == 3
        assert clients.failure(made, "get_by_token", "two").status == 404
        bare = clients.client_for("secrets", base_url=server.url("secrets"), sid="c")
        for path in ("/bearer/one", "/either"):
            assert clients.failure(bare, "request", "GET", path).status == 401


def test_the_sandbox_plays_paths_whose_arguments_share_a_segment(clients: Clients) -> None:
    with sandbox.run() as server:
        made = clients.client_for("addresses", base_url=server.url("addresses"))
        assert clients.call(made, "get_call", "one").id == "one"
        assert clients.failure(made, "get_call", "two").status == 404
        assert clients.call(made, "get_latest_call") is None
        assert clients.call(made, "list_calls", 2, from_="a", to="b-c") is None
        assert [received.operation for received in server.requests] == [
            *("get_call", "get_call", "get_latest_call", "list_calls"),
        ]
        assert server.ids("addresses", "get_call") == {"one": ["example"]}
        assert clients.failure(made, "request", "GET", "/calls/.json").status == 404


def test_the_sandbox_invents_answers_of_any_form_and_says_so(
    clients: Clients, caplog: pytest.LogCaptureFixture
) -> None:
    upload = module("models").Upload(file=File(payload=io.BytesIO(b"abc")))
    with caplog.at_level("INFO", "callrecords.sandbox"), sandbox.run() as server:
        options = {"base_url": server.url("secrets"), "on_drift": "raise"}
        made = clients.client_for("secrets", **options, **SECRETS)
        assert clients.call(made, "get_open") == "text"
        assert clients.call(made, "post_open", body=module("models").Draft(name="x")) == [1]
        assert clients.call(made, "put_file", body=upload).payload.read() == b"text"
        assert clients.call(made, "get_ranged").name == "text"
    told = "secrets get_open is invented, as no document shows an answer"
    assert told in [record.getMessage() for record in caplog.records]


def test_the_command_line_knows_an_added_provider(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    body = tmp_path / "body.json"
    body.write_text('{"id": "one", "more": 1}')
    assert main(["check", "secrets", "get_by_token", str(body)]) == 1
    assert "$.more  unknown field" in capsys.readouterr().out
    body.write_text("[1, 2]")
    assert main(["check", "secrets", "post_open", str(body)]) == 0
    assert main(["check", "secrets", "get_open", str(body)]) == 2
    assert "secrets get_open answers with no JSON" in capsys.readouterr().err
    monkeypatch.setenv("SECRETS_TOKEN", "s3cr3t")
    assert main(["providers"]) == 0
    shown = capsys.readouterr().out.partition("provider     secrets\n")[2].partition("\n\n")[0]
    assert shown.split() == [
        *("operations", *OPERATIONS, "environment"),
        *("SECRETS_REGION", "not", "set"),
        *("SECRETS_TOKEN", "set", "SECRETS_API_KEY", "not", "set", "SECRETS_SID", "not", "set"),
        *("SECRETS_USERNAME", "not", "set", "SECRETS_PASSWORD", "not", "set"),
    ]


def test_the_command_for_the_sandbox_names_an_added_provider(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def serve(host: str, port: int, *, started: Callable[[Sandbox], None]) -> None:
        del host, port
        started(running)

    with sandbox.run() as running:
        monkeypatch.setattr(sandbox, "serve", serve)
        known = running.ids  # of a provider that has a record there may be none

        def ids(provider: str, operation: str) -> object:
            return () if provider == "cometchat" else known(provider, operation)

        monkeypatch.setattr(running, "ids", ids)
        assert main(["sandbox", "--demand", "right", "--any-id"]) == 0
        assert (running.secret, running.any_id) == ("right", True)
        lines = capsys.readouterr().out.splitlines()
        address = running.url("secrets")
    shown = [line.strip() for line in lines]
    assert {"export SECRETS_TOKEN=right", "export SECRETS_PASSWORD=right"} <= {*shown}
    assert {"export ZUDU_API_KEY=right", "export ZUDU_API_SECRET=right"} <= {*shown}
    assert f"secrets is on {address}, for callrecords.client_for('secrets')." in lines
    assert sum(" is on " in line for line in lines) == len(PACKAGES) + 1
    assert any(line.startswith("cometchat is on ") for line in lines)


def test_a_client_is_not_pickled(clients: Clients, server: Server) -> None:
    import pickle  # noqa: PLC0415 - only to see that it is refused

    with pytest.raises(TypeError, match="credentials"):
        pickle.dumps(client(clients, server))


def test_both_functions_take_the_same_arguments() -> None:
    blocking = inspect.signature(callrecords.client_for)
    awaited = inspect.signature(callrecords.async_client_for)
    assert list(blocking.parameters) == list(awaited.parameters)
