"""The module of the events that a provider sends of itself."""

from __future__ import annotations

import ast
import json
from typing import TYPE_CHECKING, Any

import pytest

from codegen.generator.build import formatted, rendered
from codegen.generator.reading import read
from codegen.generator.webhooks import webhooks_of
from codegen.openapi.client_facts import SourceFact
from codegen.providers.patched import patched, read_inputs

if TYPE_CHECKING:
    from codegen.generator.webhooks import Webhooks
    from codegen.providers.provider import Provider
    from tests.codegen.conftest import MakeProvider

STRING = {"type": "string"}
CALL = {"type": "object", "properties": {"id": STRING, "at": {"type": "integer"}}}
BODIES: dict[str, Any] = {
    "call.ended": {
        "type": "object",
        "required": ["type"],
        "properties": {"type": STRING, "call": {"$ref": "#/components/schemas/Call"}},
    },
    "call.begun": {"type": "object", "properties": {"type": STRING, "id": STRING}},
    "other": {"type": "object", "properties": {"type": STRING, "a": {"enum": ["x"]}}},
}
FACTS = {"event": "type", "identity": ["header X-Id", "call.id", "id"], "about": "call.id"}


def sent(schema: object) -> Any:
    body = {"content": {"application/json": {"schema": schema}}}
    return {"post": {"requestBody": body, "responses": {"200": {"description": ""}}}}


def provider_of(
    make_provider: MakeProvider, facts: dict[str, Any] | None, bodies: dict[str, Any]
) -> Provider:
    definition = {
        "openapi": "3.1.0",
        "info": {"title": "T", "version": "1"},
        "webhooks": {name: sent(schema) for name, schema in bodies.items()},
        "components": {"schemas": {"Call": CALL}},
    }
    provider = make_provider(json.dumps(definition))
    overlay: dict[str, Any] = {
        "overlay": "1.1.0",
        "info": {"title": "T", "version": "1"},
        "extends": "../specs/calls/canonical.yaml",
        "x-names": {"Ended": "call_ended body"} if "call.ended" in bodies else {},
    }
    if facts is not None:
        overlay["x-client"] = {"webhooks": facts}
    provider.overlay_path.parent.mkdir()
    provider.overlay_path.write_text(json.dumps(overlay), "utf-8")
    return provider


def webhooks(
    make_provider: MakeProvider,
    facts: dict[str, Any] | None = FACTS,
    bodies: dict[str, Any] = BODIES,
) -> Webhooks | None:
    return webhooks_of(read(patched(read_inputs(provider_of(make_provider, facts, bodies)))))


def test_each_webhook_is_an_event_with_the_class_of_its_body(make_provider: MakeProvider) -> None:
    found = webhooks(make_provider)
    assert found is not None
    assert [(one.name, one.operation, one.model) for one in found.events] == [
        ("call.ended", "call_ended", "Ended"),
        ("call.begun", "call_begun", "CallBegunRequest"),
        ("other", "other", "OtherRequest"),
    ]


def test_an_event_is_told_apart_by_what_it_has(make_provider: MakeProvider) -> None:
    found = webhooks(make_provider)
    assert found is not None
    header = SourceFact("X-Id")
    ended, begun, other = (one.identity for one in found.events)
    assert ended == (header, SourceFact("", ("call", "id")))
    assert begun == (header, SourceFact("", ("id",)))
    assert other == (header,)
    assert found.in_headers == ()


def test_of_a_body_that_makes_no_class_the_json_is_the_data(make_provider: MakeProvider) -> None:
    found = webhooks(make_provider, {}, {"rung": {}})
    assert found is not None
    assert [(one.name, one.model) for one in found.events] == [("rung", "")]


def test_without_facts_events_are_classes_alone(make_provider: MakeProvider) -> None:
    assert webhooks(make_provider, None) is None


def test_a_definition_that_has_only_webhooks_makes_a_package_of_event_models(
    make_provider: MakeProvider,
) -> None:
    signature = {"rsa-sha256": "X-Sig", "key": "https://a.example/key.json", "key_at": "data.key"}
    provider = provider_of(make_provider, {**FACTS, "signature": signature}, BODIES)
    inputs = read_inputs(provider)
    made = formatted(rendered(inputs, read(patched(inputs))))
    assert "callrecords_calls/models/ended.py" in made
    module = made["callrecords_calls/webhooks.py"].decode()
    tree = ast.parse(module)
    functions = {
        node.name: [one.arg for one in node.args.kwonlyargs]
        for node in tree.body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    assert functions == {
        "receive": ["key_url", "on_drift"],
        "async_receive": ["key_url", "on_drift"],
    }
    assert 'RsaSha256("X-Sig", "https://a.example/key.json", ("data", "key"))' in module
    assert 'Delivery[Literal["call.ended"], "models.Ended"]' in module


def test_the_age_of_what_says_when_it_was_signed_can_be_bounded(
    make_provider: MakeProvider,
) -> None:
    told = {**FACTS, "signature": {"hmac-sha256": "X-Sig"}, "signed_at": "id"}
    inputs = read_inputs(provider_of(make_provider, told, BODIES))
    made = formatted(rendered(inputs, read(patched(inputs))))
    module = made["callrecords_calls/webhooks.py"].decode()
    assert 'signed_at=in_body("id")' in module
    assert module.count("max_age: float | None = None") == 2
    assert module.count("max_age=max_age") == 2


@pytest.mark.parametrize(
    ("signature", "arguments"),
    [
        (None, []),
        ({"hmac-sha256": "X-Sig"}, ["secret"]),
        ({"basic": True}, ["username", "password"]),
        ({"rsa-sha256": "X-Sig", "key": "https://a.example/k", "key_at": "k"}, []),
    ],
)
def test_an_event_is_verified_with_what_its_signature_needs(
    make_provider: MakeProvider, signature: dict[str, Any] | None, arguments: list[str]
) -> None:
    told = FACTS if signature is None else {**FACTS, "signature": signature}
    found = webhooks(make_provider, told)
    assert found is not None
    assert list(found.secrets) == arguments
