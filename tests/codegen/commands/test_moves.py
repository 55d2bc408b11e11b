"""What stands elsewhere in a new definition, or is called otherwise, and is known again."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from codegen.commands.update.names import with_names
from codegen.commands.update.proposals import Proposed, with_mended_upstream
from codegen.files.document import Document
from codegen.files.values import copy_of
from codegen.openapi.definition import definition_data
from codegen.overlay.reading import parse_overlay
from codegen.providers.patched import Inputs, patched, read_inputs
from codegen.providers.payloads import Payload, PayloadRequest
from codegen.providers.provider import read_provider

ROOT = Path(__file__).parents[3]
TABLE = {
    "calls.get_call": "GET /call",
    "CallResponse": "get_call 200",
    "Call": "CallResponse.data",
    "Party": "Call.caller",
}
PARTY: dict[str, Any] = {
    "type": "object",
    "properties": {"name": {"type": "string"}, "number": {"type": "string"}},
}
CALL: dict[str, Any] = {
    "type": "object",
    "properties": {
        "id": {"type": "string"},
        "started": {"type": "integer"},
        "agent": {"type": "string"},
        "caller": PARTY,
    },
}
CHANGED = {
    "type": "object",
    "properties": {
        "call_id": {"type": "string"},
        "started_at": {"type": "integer"},
        "agent_id": {"type": "string"},
        "caller": PARTY,
        "duration": {"type": "number"},
        "state": {"type": "string"},
    },
}
SHOWN = {
    "id": "call-4711",
    "started": 1692368168,
    "agent": "agent-9",
    "caller": {"name": "Ann", "number": "+49301234"},
}
RENAMED = {
    "call_id": "call-4711",
    "started_at": 1692368168,
    "agent_id": "agent-9",
    "caller": {"name": "Ann", "number": "+49301234"},
}


def an_object(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties}


def definition(data: Any, components: Any = None) -> Document:
    content = {"application/json": {"schema": an_object(status={"type": "string"}, data=data)}}
    response = {"description": "", "content": content}
    value: Any = {
        "openapi": "3.1.0",
        "info": {"title": "Calls", "version": "1"},
        "paths": {"/call": {"get": {"operationId": "getCall", "responses": {"200": response}}}},
        "components": {"schemas": components or {}},
    }
    return Document("openapi.yaml", b"", copy_of(value))


def payload(name: str, data: Any) -> Payload:
    body = {"status": "ok", "data": data}
    request = PayloadRequest({}, {})
    return Payload(Path(name), "get_call", f"get_call/{name}", "", "printed", 200, request, body)


def proposed(
    new: Any,
    *payloads: Payload,
    before: Any = CALL,
    table: Any = TABLE,
    components: Any = (None, None),
) -> dict[str, str]:
    """The lines of the table that change, and what is told of each."""
    data: Any = {
        "overlay": "1.1.0",
        "info": {"title": "Calls, corrected", "version": "1"},
        "x-names": {**table},
        "actions": [{"target": "$.info", "update": {"title": "Our calls"}}],
    }
    text = yaml.safe_dump(data, sort_keys=False)
    overlay = parse_overlay(text.encode(), Path("overlay.yaml"))
    provider = read_provider(ROOT, "zudu")
    old = Inputs(provider, definition(before, components[0]), overlay, payloads)
    new = replace(old, definition=definition(new, components[1]))
    found = with_names(Proposed(new), old.canonical, definition_data(patched(old)))
    was, after = old.names.classes, found.inputs.names.classes
    told = {proposal.text.partition(" ")[0]: proposal.text for proposal in found.proposals}
    return {
        f"{name}: {after[name][0]}": told.get(name, "")
        for name in after
        if after[name] != was.get(name)
    }


OLD = payload("old.json", SHOWN)
NEW = payload("new.json", {"call": RENAMED, "links": {"self": "https://calls.example/1"}})
WRAPPED = an_object(call=CHANGED, links=an_object(self={"type": "string"}))


def test_a_class_that_is_wrapped_is_found_inside_what_stands_in_its_place() -> None:
    assert list(proposed(an_object(call=CALL), OLD)) == ["Call: CallResponse.data.call"]


def test_a_class_that_is_wrapped_and_changed_is_known_by_a_payload_alone() -> None:
    assert list(proposed(WRAPPED)) == ["Party: Call.call.caller"]
    assert proposed(WRAPPED, OLD, NEW) == {
        "Call: CallResponse.data.call": "Call has moved, as get_call/new.json shows: its line of "
        "the table is `CallResponse.data.call`"
    }


@pytest.mark.parametrize("shown", ["left", "right"])
def test_of_two_classes_of_one_shape_the_one_that_payloads_show_is_meant(shown: str) -> None:
    new = an_object(left=CALL, right=CALL)
    found = proposed(new, OLD, payload("new.json", {shown: SHOWN}))
    assert list(found) == [f"Call: CallResponse.data.{shown}"]
    assert "as get_call/new.json shows" in next(iter(found.values()))


def test_what_an_old_payload_showed_more_than_was_documented_tells_the_class_too() -> None:
    # Of the four documented properties one is left; the payload has three that are documented now.
    new = an_object(id=CALL["properties"]["id"], room={}, topic={})
    shown = {"id": "call-4711", "room": "a", "topic": "b"}
    found = proposed(an_object(call=new), payload("old.json", shown))
    assert list(found) == ["Call: CallResponse.data.call"]


def test_a_class_that_only_changes_in_its_place_has_not_moved() -> None:
    assert not proposed(CHANGED, OLD, payload("new.json", RENAMED))
    assert not proposed(an_object(other={"type": "string"}), OLD)


def test_a_place_that_says_something_else_now_no_longer_shares_a_name() -> None:
    # Before, both parties were one class.
    lines = {**TABLE, "Party": ["Call.caller", "Call.agent"]}
    properties = {**CALL["properties"], "agent": PARTY}
    other = an_object(**PARTY["properties"], extension={"type": "string"})
    before = {**CALL, "properties": properties}
    assert proposed(before, before=before, table=lines) == {}
    new = {**CALL, "properties": {**properties, "caller": other}}
    assert proposed(new, before=before, table=lines) == {
        "Party: Call.agent": "Party is no longer what stands at Call.caller, which differs now"
    }


def test_what_is_the_same_in_payloads_by_chance_moves_nothing() -> None:
    other = an_object(flag={"type": "boolean"}, count={"type": "integer"})
    one = payload("one.json", {"inner": {"flag": True, "count": 1}})
    assert not proposed(an_object(inner=other), OLD, one)


def to(name: str) -> Any:
    return {"$ref": f"#/components/schemas/{name}"}


OTHER_PARTY = an_object(**PARTY["properties"], extension={"type": "string"})


@pytest.mark.parametrize(
    ("new", "components", "line"),
    [
        ({"caller": to("Person")}, {"Person": PARTY}, "Caller: Call.caller"),
        ({"caller": to("Person")}, {"Person": OTHER_PARTY}, "Caller: Call.caller"),
        ({"host": to("Person")}, {"Person": PARTY}, "Caller: Call.host"),
        ({"host": to("Person")}, {"Person": OTHER_PARTY}, None),
        ({"caller": to("Caller"), "host": to("Person")}, {"Caller": PARTY, "Person": PARTY}, None),
    ],
)
def test_a_class_keeps_its_name_in_its_place_or_with_its_shape(
    new: Any, components: Any, line: str | None
) -> None:
    table = {name: place for name, place in TABLE.items() if name != "Party"}
    properties = {name: one for name, one in CALL["properties"].items() if name != "caller"}
    found = proposed(
        an_object(**properties, **new),
        before=an_object(**properties, caller=to("Caller")),
        table=table,
        components=({"Caller": PARTY}, components),
    )
    assert list(found) == ([] if line is None else [line])


@pytest.mark.parametrize("is_alias", [False, True])
def test_repairs_follow_components_that_upstream_has_renamed(*, is_alias: bool) -> None:
    inputs = read_inputs(read_provider(ROOT, "cometchat"))
    old = definition_data(inputs.definition)
    new = json.loads(
        json.dumps(old).replace("callSchema", "Record").replace("metaSchema", "Page-I")
    )
    if is_alias:
        alias = {"allOf": [{"$ref": "#/components/schemas/Record"}]}
        new = json.loads(json.dumps(old))
        schemas = new["components"]["schemas"]
        schemas["Record"], schemas["callSchema"] = schemas["callSchema"], alias
    update = replace(inputs, definition=replace(inputs.definition, data=new))
    found = with_mended_upstream(Proposed(update), old, "")
    assert found.inputs.canonical.data == inputs.canonical.data
    assert [each.text for each in found.proposals] == [
        f"repair {number} calls components as upstream does now"
        for number in ([0] if is_alias else [0, 3])
    ]
    assert all(each.is_automatic for each in found.proposals)
