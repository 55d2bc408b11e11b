"""A call's record by the call's id, with whatever requests that takes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

import callrecords
from callrecords._conversions import conversion_for
from callrecords._packages import installed, read_provider
from callrecords.cli._providers import variables

if TYPE_CHECKING:
    from callrecords.sandbox import Sandbox
    from tests.facade.conftest import Clients

SESSION = "182bd5e5-6e1a-4fe4-a799-aa6d9a6ab26e"
LIVE_SESSION = "7a1e4c9d-2b35-4f68-8d07-3e5a9c1b6f42"
"""Which has no transcript."""
PROVIDERS = {
    name: conversion for name in installed() if (conversion := conversion_for(name)) is not None
}


@pytest.fixture
def kit(clients: Clients, callrecords_sandbox: Sandbox) -> Any:
    return clients.new("RealtimeKit", callrecords_sandbox.url("realtimekit"))


def asked(sandbox: Sandbox) -> list[str | None]:
    return [request.operation for request in sandbox.requests]


@pytest.mark.parametrize("provider", PROVIDERS)
def test_the_record_of_a_call_is_had_by_its_id(
    clients: Clients, callrecords_sandbox: Sandbox, provider: str
) -> None:
    arguments = {each.argument: "any" for each in variables(read_provider(provider))}
    client = clients.client_for(provider, base_url=callrecords_sandbox.url(provider), **arguments)
    by_id = str(PROVIDERS[provider].by_id)
    identifier = next(iter(callrecords_sandbox.ids(provider, by_id)))
    made = clients.get_record(client, identifier)
    assert (made.provider, made.id) == (provider, identifier)
    assert made.source == clients.call(client, by_id, identifier)


def test_what_a_provider_gives_apart_is_in_the_record(
    clients: Clients, kit: Any, callrecords_sandbox: Sandbox
) -> None:
    made = clients.get_record(kit, SESSION)
    assert [participant.name for participant in made.participants] == ["sush", "Mary"]
    assert made.transcript.url == f"https://transcripts.example.com/{SESSION}.csv"
    assert [recording.duration.total_seconds() for recording in made.recordings] == [3598]
    assert asked(callrecords_sandbox) == [
        "get_session",
        "list_participants",
        "list_recordings",
        "get_transcript",
    ]


def test_all_pages_of_a_part_are_walked_through(
    clients: Clients, kit: Any, callrecords_sandbox: Sandbox
) -> None:
    participants = [{"id": str(number), "display_name": "a"} for number in range(45)]
    callrecords_sandbox.add(
        "realtimekit", "list_participants", participants, session_id=LIVE_SESSION
    )
    made = clients.get_record(kit, LIVE_SESSION)
    assert [one.id for one in made.participants] == [one["id"] for one in participants]


def test_a_part_that_there_is_none_of_is_not_said(clients: Clients, kit: Any) -> None:
    made = clients.get_record(kit, LIVE_SESSION)
    assert made.transcript is None
    assert len(made.participants) == 2


@pytest.mark.parametrize("parts", [(), ["participants"], {"transcript"}])
def test_only_the_parts_that_are_named_are_asked_for(
    clients: Clients, kit: Any, callrecords_sandbox: Sandbox, parts: Any
) -> None:
    made = clients.get_record(kit, SESSION, parts=parts)
    assert (made.participants is not None) == ("participants" in parts)
    assert (made.transcript is not None) == ("transcript" in parts)
    assert len(callrecords_sandbox.requests) == 1 + len(parts)


def test_a_part_that_is_named_must_be_there(clients: Clients, kit: Any) -> None:
    with pytest.raises(callrecords.NotFound) as caught:
        clients.get_record(kit, LIVE_SESSION, parts=["transcript"])
    assert caught.value.operation == "get_transcript"


def test_a_part_that_does_not_come_is_an_error(
    clients: Clients, kit: Any, callrecords_sandbox: Sandbox
) -> None:
    callrecords_sandbox.misbehave("realtimekit", "get_transcript", status=400)
    with pytest.raises(callrecords.BadRequest):
        clients.get_record(kit, SESSION)


def test_a_part_that_there_is_not_is_said_before_anything_is_asked(
    clients: Clients, kit: Any, callrecords_sandbox: Sandbox
) -> None:
    message = "realtimekit has no part 'transcripts'; did you mean 'transcript'"
    with pytest.raises(callrecords.ConfigurationError, match=message):
        clients.get_record(kit, SESSION, parts=["transcripts"])
    assert not callrecords_sandbox.requests


def test_a_call_that_there_is_not_is_not_found(clients: Clients, kit: Any) -> None:
    with pytest.raises(callrecords.NotFound):
        clients.get_record(kit, "nowhere")


def test_arguments_of_the_clients_method_go_with_it(
    clients: Clients, callrecords_sandbox: Sandbox
) -> None:
    client = clients.new("CometChat", callrecords_sandbox.url("cometchat"))
    identifier = next(iter(callrecords_sandbox.ids("cometchat", "get_call")))
    clients.get_record(client, identifier, on_behalf_of="someone")
    assert callrecords_sandbox.requests[0].headers["onBehalfOf"] == "someone"


def test_the_client_may_be_of_a_class_of_ones_own(
    clients: Clients, callrecords_sandbox: Sandbox
) -> None:
    class OurZudu(clients.class_of("Zudu")):  # type: ignore[misc]
        pass

    with_options = {"api_key": "a", "api_secret": "b", "base_url": callrecords_sandbox.url("zudu")}
    client = OurZudu(**with_options)
    assert clients.get_record(client, "call-456").id == "call-456"
    clients.call(client, "close")


@pytest.mark.parametrize("client", [None, "zudu", object()])
def test_what_is_no_client_is_refused(client: Any) -> None:
    with pytest.raises(callrecords.ConfigurationError, match=r"register a callrecords\.Conversion"):
        callrecords.get_record(client, "1")


def test_what_answers_with_whole_answers_gives_no_record(
    kit: Any, callrecords_sandbox: Sandbox
) -> None:
    with pytest.raises(callrecords.ConfigurationError, match="RealtimeKitWithResponse"):
        callrecords.get_record(kit.with_response, SESSION)
    assert not callrecords_sandbox.requests
