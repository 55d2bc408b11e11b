"""What becomes of the facts about a client that a new definition makes untrue, or moves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson
import pytest

from codegen.commands.update.facts import followed_ways, lost_facts
from codegen.commands.update.proposals import Proposed
from codegen.openapi.definition import definition_data
from codegen.providers.patched import patched, read_inputs

if TYPE_CHECKING:
    from codegen.providers.provider import Provider
    from tests.codegen.conftest import MakeProvider

HEAD = "overlay: 1.1.0\ninfo: {title: T, version: '1'}\nextends: ../specs/calls/canonical.yaml\n"
FACTS = """\
x-client:
  class: Telephone
  arguments:
    token: {scheme: bearer}
  refusal: {ok: false}
  operations:
    # One.
    get_call: {result: [data.call, data], refusal: {ok: false}}
    # Several.
    list_calls:
      pages:
        items: data
        page: page
        size: limit
        total: total
        identity: id
"""
CALL: Any = {"type": "object", "properties": {"id": {"type": "string"}}}


def changed(step: Any, provider: Provider, *arguments: Any) -> Proposed:
    """A provider's inputs with what one step of an update proposes."""
    proposed = Proposed(read_inputs(provider))
    return proposed.with_changes(step(proposed, *arguments))


def definition() -> Any:
    one = {"ok": {"type": "boolean"}, "data": {"type": "object", "properties": {"call": CALL}}}
    several = {"data": {"type": "array", "items": CALL}, "total": {"type": "integer"}}
    query = [
        {"name": name, "in": "query", "schema": {"type": "integer"}} for name in ("page", "limit")
    ]
    return {
        "openapi": "3.1.0",
        "info": {"title": "Calls", "version": "1"},
        "security": [{"bearer": []}],
        "paths": {
            "/call": {"get": {"operationId": "get_call", "responses": {"200": json(one)}}},
            "/calls": {
                "get": {
                    "operationId": "list_calls",
                    "parameters": query,
                    "responses": {"200": json(several)},
                }
            },
        },
        "components": {"securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}}},
    }


def json(properties: Any) -> Any:
    schema = {"type": "object", "properties": properties}
    return {"description": "", "content": {"application/json": {"schema": schema}}}


def properties(data: Any, path: str) -> Any:
    response = data["paths"][path]["get"]["responses"]["200"]
    return response["content"]["application/json"]["schema"]["properties"]


def lost_operation(data: Any) -> None:
    del data["paths"]["/call"]


def lost_result(data: Any) -> None:
    properties(data, "/call")["result"] = properties(data, "/call").pop("data")


def lost_total(data: Any) -> None:
    del properties(data, "/calls")["total"]


def lost_items(data: Any) -> None:
    del properties(data, "/calls")["data"]


def lost_page(data: Any) -> None:
    del data["paths"]["/calls"]["get"]["parameters"][0]


def lost_scheme(data: Any) -> None:
    del data["security"]


def lost_refusal(data: Any) -> None:
    properties(data, "/call")["ok"]["type"] = "string"


@pytest.mark.parametrize(
    ("change", "lines", "texts"),
    [
        (
            lost_operation,
            [
                "  refusal: {ok: false}",
                "    get_call: {result: [data.call, data], refusal: {ok: false}}",
            ],
            [
                "the answer has data, total; x-client no longer has refusal.ok",
                "there is no operation get_call; ",
            ],
        ),
        (
            lost_result,
            ["result: [data.call, data], "],
            ["`data.call` leads nowhere in the answer of get_call: the answer has ok, result; "],
        ),
        (
            lost_total,
            ["        total: total"],
            ["x-client no longer has operations.list_calls.pages.total"],
        ),
        (
            lost_items,
            FACTS.partition("    # Several.\n")[2].splitlines(),
            ["`data` leads nowhere in the answer of list_calls: the answer has total; "],
        ),
        (
            lost_page,
            FACTS.partition("    # Several.\n")[2].splitlines(),
            ["list_calls has no query parameter page; there is limit; "],
        ),
        (
            lost_scheme,
            ["  arguments:", "    token: {scheme: bearer}"],
            ["called bearer; there is none; x-client no longer has arguments.token"],
        ),
        (
            lost_refusal,
            ["  refusal: {ok: false}", "ok: false"],
            [
                "`ok` is a string; expected true or false; x-client no longer has refusal.ok",
                "get_call",
            ],
        ),
    ],
)
def test_what_is_no_longer_so_goes_once_somebody_agrees(
    make_provider: MakeProvider, change: Any, lines: list[str], texts: list[str]
) -> None:
    data = definition()
    change(data)
    provider = make_provider(orjson.dumps(data).decode())
    provider.overlay_path.parent.mkdir()
    provider.overlay_path.write_text(HEAD + FACTS, encoding="utf-8")
    proposed = changed(lost_facts, provider)
    left = FACTS
    for line in lines:
        left = left.replace(f"{line}\n", "", 1) if f"{line}\n" in left else left.replace(line, "")
    assert proposed.inputs.overlay is not None
    assert proposed.inputs.overlay.document.text.decode() == HEAD + left
    assert not any(proposal.is_automatic for proposal in proposed.proposals)
    found = [proposal.text for proposal in proposed.proposals]
    assert all(any(text in one for one in found) for text in texts)
    assert patched(proposed.inputs)


def test_what_a_model_has_no_longer_is_downloaded_from_goes(make_provider: MakeProvider) -> None:
    provider = make_provider(orjson.dumps(definition()).decode())
    provider.overlay_path.parent.mkdir()
    kept = HEAD + "x-client:\n  downloads:\n    ListCallsResponseDataItem: {url: id"
    gone = "    Lost: {url: id}\n    GetCallResponseData: {url: id, expiry: until}\n"
    provider.overlay_path.write_text(f"{kept}, expiry: until}}\n{gone}", encoding="utf-8")
    found = changed(lost_facts, provider)
    assert found.inputs.overlay is not None
    assert found.inputs.overlay.document.text.decode() == f"{kept}}}\n"
    assert len(found.proposals) == 4


def test_what_is_still_so_stays_and_what_cannot_be_read_is_left_to_its_error(
    make_provider: MakeProvider,
) -> None:
    provider = make_provider(orjson.dumps(definition()).decode())
    assert changed(lost_facts, provider).proposals == ()
    provider.overlay_path.parent.mkdir()
    for text in (FACTS, "x-client: []\n", "x-client: {arguments: {token: {}}}\n"):
        provider.overlay_path.write_text(HEAD + text, encoding="utf-8")
        assert changed(lost_facts, provider).proposals == ()


REFERENCE = {"$ref": "#/components/schemas/Call"}
SHARED = {**CALL, "properties": {**CALL["properties"], "length": {"type": "integer"}}}


def moved(one: Any, several: Any) -> Any:
    """The definition with answers of other members, in which calls are of one class."""
    data = definition()
    data["components"]["schemas"] = {"Call": SHARED}
    for path, answer in {"/call": one, "/calls": several}.items():
        properties(data, path).clear()
        properties(data, path).update({"ok": {"type": "boolean"}, "total": {"type": "integer"}})
        properties(data, path).update(answer)
    return data


def an_object(**members: Any) -> Any:
    return {"type": "object", "properties": members}


def array(of: Any) -> Any:
    return {"type": "array", "items": of}


@pytest.mark.parametrize(
    ("one", "several", "result", "items"),
    [
        ({"data": an_object(call=REFERENCE)}, {"data": array(REFERENCE)}, "data.call", "data"),
        ({"it": an_object(inner=REFERENCE)}, {"data": array(REFERENCE)}, "it.inner", "data"),
        (
            {"data": REFERENCE},
            {"data": an_object(first=REFERENCE, calls=array(REFERENCE))},
            "data",
            "data.calls",
        ),
        # Which of the two is meant cannot be known; what leads nowhere then is told elsewhere.
        ({"one": REFERENCE, "other": REFERENCE}, {"data": array(REFERENCE)}, "data", "data"),
        # Nothing of its class is there any more.
        ({"data": an_object(text=an_object())}, {"data": array(REFERENCE)}, "data", "data"),
    ],
)
def test_a_way_follows_the_class_to_which_it_has_led(
    make_provider: MakeProvider, one: Any, several: Any, result: str, items: str
) -> None:
    before = moved({"data": REFERENCE}, {"data": array(REFERENCE)})
    provider = make_provider(orjson.dumps(before).decode())
    provider.overlay_path.parent.mkdir()
    text = HEAD + FACTS.replace("[data.call, data]", "data")
    provider.overlay_path.write_text(text, encoding="utf-8")
    in_use = definition_data(patched(read_inputs(provider)))
    provider.definition_path.write_bytes(orjson.dumps(moved(one, several)))
    found = changed(followed_ways, provider, in_use)
    overlay = found.inputs.overlay
    assert overlay is not None
    expected = text.replace("result: data,", f"result: {result},")
    expected = expected.replace("items: data\n", f"items: {items}\n")
    assert overlay.document.text.decode() == expected
    assert not any(proposal.is_automatic for proposal in found.proposals)
    assert len(found.proposals) == (result != "data") + (items != "data")


@pytest.mark.parametrize(
    "told", ["[]", "{operations: {get_call: []}}", "{operations: {get_call: 1}}"]
)
def test_no_way_is_looked_for_in_what_cannot_be_read(
    make_provider: MakeProvider, told: str
) -> None:
    provider = make_provider(orjson.dumps(definition()).decode())
    in_use = definition_data(patched(read_inputs(provider)))
    provider.overlay_path.parent.mkdir()
    provider.overlay_path.write_text(f"{HEAD}x-client: {told}\n", encoding="utf-8")
    assert changed(followed_ways, provider, in_use).proposals == ()
