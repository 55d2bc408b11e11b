"""Credentials that are asked for when they are needed."""

from __future__ import annotations

import asyncio
import base64
import multiprocessing
import os
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest

import callrecords
from callrecords_runtime.awaited import AsyncClient
from callrecords_runtime.blocking import SyncClient
from callrecords_runtime.errors import (
    AuthenticationFailed,
    ConfigurationError,
    DecodeError,
    TimedOut,
)
from callrecords_runtime.flow import Clock
from callrecords_runtime.provider import Credential, Provider
from callrecords_runtime.secret import Mask, Secret, Token, hidden

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable

    from werkzeug import Request

    from tests.facade.conftest import Clients, Server, Wire

SESSION = {"success": True, "data": {"session": {"id": "a"}}}


class Giver:
    """Gives one token after the other."""

    def __init__(self, expires_in: float | None = None) -> None:
        self.given = 0
        self.expires_in = expires_in

    def __call__(self) -> Token:
        self.given += 1
        return Token(f"s3cr3t-{self.given}", self.expires_in)

    async def awaited(self) -> str:
        await asyncio.sleep(0)
        return self().text


def sent(request: Request) -> str:
    return request.headers["Authorization"].removeprefix("Bearer ")


def ask(clients: Clients, client: Any) -> None:
    clients.call(client, "request", "GET", "/a")


def test_a_credential_is_asked_for_once_when_it_is_needed(clients: Clients, server: Server) -> None:
    giver: Any = Giver()
    server.answer({})
    client = clients.new("RealtimeKit", server.url, api_token=giver)
    assert giver.given == 0
    for _ in range(2):
        ask(clients, client)
    assert [*map(sent, server.requests)] == ["s3cr3t-1"] * 2
    assert "s3cr3t" not in repr(vars(client))


def test_the_time_that_it_takes_counts_for_the_deadline(
    clients: Clients, wire: Callable[[Callable[[socket.socket], None]], Wire]
) -> None:
    def say_nothing(connection: socket.socket) -> None:
        connection.recv(1)

    def give_late() -> str:
        time.sleep(0.3)
        return "s3cr3t-1"

    url = wire(say_nothing).url
    client: Any = clients.new("RealtimeKit", url, api_token=give_late, deadline=0.5)
    started = time.monotonic()
    assert isinstance(clients.failure(client, "request", "GET", "/a"), TimedOut)
    assert time.monotonic() - started < 0.75  # not both one after the other


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there are no forks")
@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")
def test_a_forked_process_does_not_wait_for_who_asks_in_the_other(server: Server) -> None:
    asked, forked = threading.Event(), threading.Event()
    parent = os.getpid()

    def give() -> str:
        asked.set()
        assert os.getpid() != parent or forked.wait(20)
        return "s3cr3t-1"

    server.answer({})
    arguments: Any = {"account_id": "a", "app_id": "b", "api_token": give}
    with callrecords.RealtimeKit(base_url=server.url, **arguments) as kit:
        thread = threading.Thread(target=kit.request, args=("GET", "/a"))
        thread.start()
        assert asked.wait(20)
        child = multiprocessing.get_context("fork").Process(target=kit.request, args=("GET", "/b"))
        child.start()
        child.join(20)
        forked.set()
        thread.join()
    assert child.exitcode == 0


def test_only_the_last_of_many_are_masked() -> None:
    mask = Mask([Secret("s3cr3t-given")])
    for number in range(1000):
        mask.learn_renewed([Secret(f"s3cr3t-{number:05}")])
    text = "s3cr3t-given s3cr3t-00000 s3cr3t-00999"
    assert mask.text(text) == "*** s3cr3t-00000 ***"
    assert mask.content(text.encode()) == b"*** s3cr3t-00000 ***"


def test_an_awaited_client_awaits_what_gives_a_credential(server: Server) -> None:
    giver: Any = Giver()
    server.answer({})

    async def many() -> None:
        arguments = {"account_id": "a", "app_id": "b", "base_url": server.url}
        async with callrecords.AsyncRealtimeKit(**arguments, api_token=giver.awaited) as kit:  # type: ignore[arg-type]
            await asyncio.gather(*(kit.request("GET", "/a") for _ in range(10)))

    asyncio.run(many())
    assert [*map(sent, server.requests)] == ["s3cr3t-1"] * 10


def test_threads_wait_for_the_same_answer(server: Server) -> None:
    giver: Any = Giver()
    server.answer({})
    with (
        callrecords.RealtimeKit(
            account_id="a", app_id="b", api_token=giver, base_url=server.url
        ) as kit,
        ThreadPoolExecutor(8) as threads,
    ):
        assert {*threads.map(lambda _: kit.request("GET", "/a").status, range(16))} == {200}
    assert giver.given == 1


def test_it_is_asked_for_anew_once_after_a_401(clients: Clients, server: Server) -> None:
    giver: Any = Giver()
    server.answer(status=401)
    server.answer({"success": True, "data": {}})
    client = clients.new("RealtimeKit", server.url, api_token=giver, max_retries=0)
    clients.call(client, "request", "POST", "/a")
    assert [*map(sent, server.requests)] == ["s3cr3t-1", "s3cr3t-2"]
    assert clients.waits == []


def test_a_second_401_is_the_answer(clients: Clients, server: Server) -> None:
    giver: Any = Giver()
    server.answer(status=401)
    client = clients.new("RealtimeKit", server.url, api_token=giver)
    assert type(clients.failure(client, "request", "GET", "/a")) is AuthenticationFailed
    assert [*map(sent, server.requests)] == ["s3cr3t-1", "s3cr3t-2"]


def test_a_credential_that_does_not_change_is_not_tried_again(
    clients: Clients, server: Server
) -> None:
    server.answer(status=401)
    clients.failure(clients.new("RealtimeKit", server.url), "request", "GET", "/a")
    assert len(server.requests) == 1


def test_it_is_asked_for_anew_shortly_before_its_time_is_over(
    clients: Clients, server: Server
) -> None:
    giver, now = Giver(expires_in=100), [0.0]
    server.answer({})
    client = clients.new("RealtimeKit", server.url, api_token=giver)
    client._clock = Clock(lambda: now[0], client._clock.now, client._clock.random)  # noqa: SLF001 - as tests of waits do
    for moment in (0.0, 89.0, 91.0, 180.0, 182.0):
        now[0] = moment
        ask(clients, client)
    assert [*map(sent, server.requests)] == [f"s3cr3t-{number}" for number in (1, 1, 2, 2, 3)]


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (3, "api_token must give a str or a Token, not int"),
        ("s3cr3t\n", "api_token cannot be sent in a header"),
        ("", "api_token is missing"),
    ],
)
def test_what_is_given_must_be_sendable_and_is_not_shown(
    clients: Clients, server: Server, answer: Any, message: str
) -> None:
    client = clients.new("RealtimeKit", server.url, api_token=lambda: answer)
    error = clients.failure(client, "request", "GET", "/a")
    assert isinstance(error, ConfigurationError)
    assert message in str(error)
    assert "s3cr3t" not in str(error)


def test_what_a_server_echoes_of_a_given_credential_is_masked(
    clients: Clients, server: Server
) -> None:
    server.answer({"error": "s3cr3t-1 is not known"}, status=400)
    client = clients.new("RealtimeKit", server.url, api_token=Giver())
    error = clients.failure(client, "request", "GET", "/a")
    assert "s3cr3t-1" not in str(error) + repr(error.response.content)


def test_one_of_two_credentials_may_be_given_later(clients: Clients, server: Server) -> None:
    server.answer({})
    client = clients.new("Zudu", server.url, api_secret=Giver())
    ask(clients, client)
    headers = server.requests[0].headers
    assert (headers["X-API-KEY"], headers["X-API-SECRET"]) == ("s3cr3t-one", "s3cr3t-1")


# OAuth's client credentials.

PROVIDER = Provider(
    name="oauth",
    package="callrecords_zudu",
    version="1",
    address="https://api.example.com/v1",
    credentials=(
        Credential(arguments=(("token", "OAUTH_TOKEN"),), schemes=("o",), prefix="Bearer "),
        Credential(
            arguments=(("client_id", "OAUTH_ID"), ("client_secret", "OAUTH_SECRET")),
            schemes=("o",),
            prefix="Bearer ",
            token_url="https://login.example.com/oauth/token",
        ),
    ),
)


def oauth(clients: Clients, url: str, **given: Any) -> Any:
    kind: Any = AsyncClient if clients.is_awaited else SyncClient
    return kind(PROVIDER, url, hidden(**given), {})


def test_a_client_gets_its_token_by_itself(clients: Clients, server: Server) -> None:
    server.answer({"access_token": "s3cr3t-1", "token_type": "bearer", "expires_in": 3600})
    server.answer({})
    client = oauth(clients, server.url, client_id="me:1", client_secret="s3cr3t+two")
    for _ in range(2):
        ask(clients, client)
    clients.done(client.close())
    token, *others = server.requests
    assert (token.method, token.path) == ("POST", "/oauth/token")
    assert token.data == b"grant_type=client_credentials"
    assert token.mimetype == "application/x-www-form-urlencoded"
    basic = token.headers["Authorization"].removeprefix("Basic ")
    assert base64.b64decode(basic) == b"me%3A1:s3cr3t%2Btwo"
    assert [*map(sent, others)] == ["s3cr3t-1"] * 2


def test_a_token_that_is_given_is_sent_as_it_is(clients: Clients, server: Server) -> None:
    server.answer({})
    client = oauth(clients, server.url, token="s3cr3t-1", client_id="a", client_secret="b")
    ask(clients, client)
    clients.done(client.close())
    assert [*map(sent, server.requests)] == ["s3cr3t-1"]


def test_a_token_that_is_not_given_fails_without_secrets(clients: Clients, server: Server) -> None:
    server.answer({"error": "invalid_client"}, status=401)
    server.answer({"token": "s3cr3t-1"})
    client = oauth(clients, server.url, client_id="me", client_secret="s3cr3t-two")
    error = clients.failure(client, "request", "GET", "/a")
    assert (type(error), error.operation) == (AuthenticationFailed, "token")
    assert "s3cr3t" not in repr(error) + repr(vars(error))
    error = clients.failure(client, "request", "GET", "/a")
    assert type(error) is DecodeError
    assert "access_token" in str(error)
    clients.done(client.close())
