"""What a program is told of each attempt."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from callrecords_runtime.errors import ConfigurationError
from tests.facade.conftest import SECRETS
from tests.facade.test_construction import CALL

if TYPE_CHECKING:
    from callrecords_runtime.hooks import Attempt
    from tests.facade.conftest import Clients, Server


def test_each_attempt_is_told_before_and_after(clients: Clients, server: Server) -> None:
    told: list[tuple[Attempt, Any]] = []
    server.answer(status=503)
    server.answer(CALL)
    client = clients.new(
        "Zudu",
        server.url,
        on_request=lambda attempt: told.append((attempt, None)),
        on_response=lambda attempt, outcome: told.append((attempt, outcome)),
    )
    clients.call(client, "get_call", "a b", headers={"X-Token": SECRETS[0]})
    assert [attempt.number for attempt, _ in told] == [1, 1, 2, 2]
    assert [outcome and outcome.status for _, outcome in told] == [None, 503, None, 200]
    assert told[0][0] is told[1][0]
    attempt = told[0][0]
    assert (attempt.provider, attempt.operation) == ("zudu", "get_call")
    assert (attempt.address, attempt.request.template) == (server.url, "/api/calls/{callId}")
    assert SECRETS[0] not in repr(told) + repr([attempt.request.headers for attempt, _ in told])


def test_an_answer_that_does_not_come_is_told_too(clients: Clients, refusing: str) -> None:
    told: list[Any] = []
    client = clients.new(
        "Zudu", refusing, max_retries=0, on_response=lambda _, outcome: told.append(outcome)
    )
    clients.failure(client, "get_call", "a")
    assert [outcome.kind for outcome in told] == ["connection"]


def test_nothing_is_told_of_what_is_not_sent(clients: Clients) -> None:
    told: list[Attempt] = []
    client = clients.new("Zudu", on_request=told.append)
    with pytest.raises(ConfigurationError, match="cannot be sent"):
        clients.call(client, "request", "GET", "/a", params={"a": "\ud83d"})
    assert told == []


def test_what_is_told_may_add_headers_and_replaces_none(clients: Clients, server: Server) -> None:
    def trace(attempt: Attempt) -> None:
        attempt.headers.update({"Traceparent": "1", "X-API-KEY": "other", "X-Mine": "other"})

    async def trace_awaited(attempt: Attempt) -> None:
        trace(attempt)

    server.answer(CALL)
    client = clients.new("Zudu", server.url)
    told = client.with_options(on_request=trace_awaited if clients.is_awaited else trace)
    clients.call(told, "get_call", "a", headers={"x-mine": "1"})
    sent = server.requests[0].headers
    assert (sent["traceparent"], sent["x-api-key"], sent["x-mine"]) == ("1", SECRETS[0], "1")
    bad = client.with_options(on_request=lambda attempt: attempt.headers.update({"a": "\n"}))
    with pytest.raises(ConfigurationError, match="cannot be sent"):
        clients.call(bad, "get_call", "a")


def test_an_error_of_who_is_told_is_not_hidden(clients: Clients, server: Server) -> None:
    def fail(_: Any) -> None:
        raise LookupError("mine")

    server.answer(CALL)
    with pytest.raises(LookupError, match="mine"):
        clients.call(clients.new("Zudu", server.url, on_request=fail), "get_call", "a")


@pytest.mark.parametrize("name", ["on_request", "on_response"])
def test_who_is_told_must_be_callable(clients: Clients, name: str) -> None:
    hook: dict[str, Any] = {name: 3}
    with pytest.raises(ConfigurationError, match=f"{name} must be something callable"):
        clients.new("Zudu", **hook)
