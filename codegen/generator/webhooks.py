"""What a package says of the events that a provider sends of itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from codegen.openapi.answers import Answers
from codegen.openapi.client_facts import client_facts
from codegen.openapi.grammar import events
from codegen.openapi.references import component_key, object_at, target_of

if TYPE_CHECKING:
    from codegen.generator.reading import Reading
    from codegen.openapi.client_facts import SourceFact, WebhookFacts


@dataclass(frozen=True)
class Event:
    """One kind of event."""

    name: str
    """As it is sent."""
    operation: str
    """What the definition calls the request that brings it."""
    model: str
    """The class of its body; empty where that is any JSON."""
    identity: tuple[SourceFact, ...]
    """What tells one from others: of all that does, what it has."""


@dataclass(frozen=True)
class Webhooks:
    """All events of a provider."""

    facts: WebhookFacts
    events: tuple[Event, ...]

    @property
    def in_headers(self) -> tuple[SourceFact, ...]:
        """What tells even an event apart that is not documented; nothing if the body does."""
        identity = self.facts.identity
        return identity if all(source.header for source in identity) else ()

    @property
    def secrets(self) -> dict[str, str]:
        """The arguments that events are verified with, and what each is."""
        if self.facts.signature is None:
            return {}
        return _SECRETS.get(self.facts.signature.by, {})


_SECRETS = {
    "hmac-sha256": {"secret": "The webhook's secret"},
    "basic": {
        "username": "The name that the provider was told to send",
        "password": "The password that goes with it",
    },
}


def webhooks_of(reading: Reading) -> Webhooks | None:
    """The events of a patched definition; None where nothing is said of how they come."""
    facts = client_facts(reading.definition).webhooks
    if facts is None:
        return None
    answers = Answers(reading.definition)
    classes = {str(each.class_info.name) for each in reading.parsed.models}
    found: list[Event] = []
    for event in events(reading.definition):
        body = answers.sent(event)
        schema = {} if body is None else object_at(reading.definition, body)
        key = component_key(target_of(schema) or "") or ""
        bodies = [] if body is None else [body]
        identity = [one for one in facts.identity if one.header or answers.at(bodies, one.path)]
        found.append(
            Event(
                name=event.path,
                operation=str(event.node.value["operationId"]),
                model=key if key in classes else "",
                identity=tuple(identity),
            )
        )
    return Webhooks(facts, tuple(found))
