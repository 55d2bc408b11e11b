"""The documented events of the four providers, as their packages receive them."""

from __future__ import annotations

import importlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from callrecords_runtime import webhooks as hooks
from callrecords_runtime.types import GeneratedModel
from codegen.providers.payloads import Payload, read_payloads
from codegen.providers.provider import provider_names, read_provider

if TYPE_CHECKING:
    from codegen.providers.provider import Provider

ROOT = Path(__file__).parents[2]
PROVIDERS = {name: read_provider(ROOT, name) for name in provider_names(ROOT)}
EVENTS = {
    f"{provider.name}/{payload.name}": (provider, payload)
    for provider in PROVIDERS.values()
    for payload in read_payloads(provider)
    if payload.is_event
}


def received(provider: Provider, body: Any) -> hooks.Delivery[str, Any]:
    """An event, whoever has sent it."""
    found = importlib.import_module(f"{provider.package}.webhooks").WEBHOOKS
    trusted: hooks.Webhooks[Any] = found._replace(signature=None)
    return hooks.receive(
        trusted, {"rtk-uuid": "u-1"}, json.dumps(body).encode(), {}, on_drift="raise"
    )


@pytest.mark.parametrize(("provider", "payload"), EVENTS.values(), ids=EVENTS)
def test_a_documented_event_is_a_model_that_has_lost_nothing(
    provider: Provider, payload: Payload
) -> None:
    event = received(provider, payload.body)
    assert isinstance(event.data, GeneratedModel)
    assert event.data.to_dict() == payload.body
    assert event.id.startswith("sha256:") is False


def test_events_that_name_neither_a_call_nor_a_session_are_about_none() -> None:
    without = {
        payload.operation
        for provider, payload in EVENTS.values()
        if received(provider, payload.body).about is None
    }
    assert without == {
        # They are of a message, by which nothing can be asked for.
        "call_initiated", "call_busy", "call_cancelled", "call_rejected", "call_unanswered",
        # A livestream names the meeting alone, and so does one example of a recording.
        "livestreaming_status_update", "recording_status_update",
    }  # fmt: skip
    [initiated] = [
        payload for _, payload in EVENTS.values() if payload.name == "call_initiated/printed.json"
    ]
    assert received(PROVIDERS["cometchat"], initiated.body).about == "<sessionId>"


def test_two_who_join_in_one_second_are_two_events() -> None:
    [joined] = [
        payload.body
        for _, payload in EVENTS.values()
        if payload.name == "call_participant_joined/printed.json"
    ]
    other = json.loads(json.dumps(joined))
    other["data"]["occupant"]["name"] = "George Alan"
    ids = {received(PROVIDERS["cometchat"], body).id for body in (joined, joined, other)}
    assert len(ids) == 2
