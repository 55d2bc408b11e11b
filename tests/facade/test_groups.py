"""A provider of many operations, which was added: its methods are in groups."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

import pytest

import callrecords
from callrecords import sandbox
from codegen.commands.add.addition import Wanted
from tests.runtime.added_packages import importable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

GROUPS = ("meetings", "rooms", "users")
EACH = 20
"""So many operations has a group."""


def operation(group: str, number: int) -> dict[str, Any]:
    schema = {"type": "object", "properties": {"id": {"type": "string"}}}
    content = {"application/json": {"schema": schema, "example": {"id": f"{group}-{number}"}}}
    path = {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}
    return {
        "operationId": f"{group}/get_{number}th",
        "tags": [group],
        "parameters": [{**path, "example": "one"}],
        "responses": {"200": {"description": "The thing.", "content": content}},
    }


SID = {"type": "string", "minLength": 34, "maxLength": 34, "pattern": "^RM[0-9a-fA-F]{32}$"}
RECORD: dict[str, Any] = {
    "type": "object",
    "properties": {
        "sid": SID,
        "status": {"type": ["string", "null"], "enum": ["in-progress", "completed", None]},
        "created": {"type": ["string", "null"], "format": "date-time"},
        "duration": {"type": ["integer", "null"]},
        "url": {"type": ["string", "null"], "format": "uri"},
        "links": {"type": ["object", "null"], "format": "uri-map"},
    },
}
LIST = {
    "type": "object",
    "properties": {
        "meta": {
            "type": "object",
            "properties": {
                "page": {"type": "integer"},
                "next_page_url": {"type": "string", "format": "uri"},
            },
        },
        "records": {"type": "array", "items": RECORD},
    },
}
OF_ALL: tuple[tuple[str, str, str, dict[str, Any] | None], ...] = (
    ("list", "get", "", LIST),
    ("create", "post", "", RECORD),
    ("fetch", "get", "/{Sid}", RECORD),
    ("delete", "delete", "/{Sid}", None),
)
"""What is done with each kind of record: a verb, a method, the end of the path, the answer."""
RECORDS = ("Room", "Composition", "Hook", "Recording", "Setting", "Track")


def undocumented(kind: str, verb: str, end: str, answer: dict[str, Any] | None) -> dict[str, Any]:
    """An operation of which no example is shown, as large vendors write them."""
    sent = {"type": "object", "properties": {"Name": {"type": "string"}}}
    form = {"content": {"application/x-www-form-urlencoded": {"schema": sent}}}
    shown = {"content": {"application/json": {"schema": answer}}} if answer else {}
    sid = {"name": "Sid", "in": "path", "required": True, "schema": SID}
    size = {"name": "PageSize", "in": "query", "schema": {"type": "integer"}}
    return {
        "operationId": f"{verb}{kind}",
        "tags": ["video"],
        "parameters": [sid] if end else [size] if verb == "list" else [],
        **({"requestBody": form} if verb == "create" else {}),
        "responses": {"204" if answer is None else "200": {"description": "It.", **shown}},
    }


VIDEO = {
    f"/v1/{kind}s{end}": {
        each_method: undocumented(kind, verb, each_end, answer)
        for verb, each_method, each_end, answer in OF_ALL
        if each_end == end
    }
    for kind in RECORDS
    for end in ("", "/{Sid}")
}


def paged(name: str, query: str, members: dict[str, Any] | None) -> dict[str, Any]:
    """A list in pages; without members around its items it is an array."""
    items = {"type": "array", "items": {"type": "object", "properties": {"id": SID}}}
    made = {"type": "object", "properties": {**(members or {}), "items": items}}
    schema = items if members is None else {**made, "required": [*members, "items"]}
    shown = {"description": "Some.", "content": {"application/json": {"schema": schema}}}
    kind = "string" if query == "cursor" else "integer"
    asked = [{"name": each, "in": "query", "schema": {"type": kind}} for each in query.split()]
    return {
        "operationId": f"list{name}",
        "tags": ["paged"],
        "parameters": asked,
        "responses": {"200": shown},
    }


COUNT = {"type": "integer", "example": 25}
PAGED = {
    "Offsets": ("offset limit", None),
    "Pages": ("page", {"total_count": COUNT}),
    "Uncounted": ("page limit", {"page": {"type": "integer"}}),
    "Cursors": ("cursor", {"next_cursor": {"type": "string", "minLength": 1}}),
    "Addresses": ("limit", {"next_page_url": {"type": ["string", "null"], "format": "uri"}}),
}
IMPOSSIBLE = {"type": "string", "pattern": "^a$", "minLength": 2}


DEFINITION = {
    "openapi": "3.1.0",
    "info": {"title": "Grouped", "version": "1"},
    "servers": [{"url": "https://grouped.example"}],
    "paths": {
        f"/{group}/{number}/{{id}}": {"get": operation(group, number)}
        for group in GROUPS
        for number in range(EACH)
    }
    | VIDEO
    | {f"/v1/Paged{name}": {"get": paged(name, *how)} for name, how in PAGED.items()}
    | {"/v1/Never": {"get": undocumented("Never", "get", "", IMPOSSIBLE)}},
}


@pytest.fixture(scope="module", autouse=True)
def _package(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    folder: Path = tmp_path_factory.mktemp("repository")
    file = tmp_path_factory.mktemp("published") / "grouped.json"
    file.write_text(json.dumps(DEFINITION))
    with importable(folder, Wanted("grouped", str(file))):
        yield


def loaded() -> set[str]:
    prefix = "callrecords_grouped._groups."
    return {name.removeprefix(prefix) for name in sys.modules if name.startswith(prefix)}


def test_a_group_is_loaded_when_it_is_first_used() -> None:
    with sandbox.run() as server:
        client: Any = callrecords.client_for("grouped", base_url=server.url("grouped"))
        with client:
            assert loaded() == set()
            assert client.rooms.get_7th("one").id == "rooms-7"
            assert loaded() == {"rooms"}


def test_the_sandbox_knows_the_method_of_a_group_by_the_clients_name() -> None:
    with sandbox.run() as server:
        assert [*server.ids("grouped", "users.get_3th")] == ["one"]
        server.misbehave("grouped", "users.get_3th", status=503, times=1)
        client: Any = callrecords.client_for(
            "grouped", base_url=server.url("grouped"), max_retries=0
        )
        with client, pytest.raises(callrecords.ServerError):
            client.users.get_3th("one")
        with pytest.raises(ValueError, match=r"no operation 'users\.get_99th'"):
            server.ids("grouped", "users.get_99th")


def test_invented_lists_end_however_they_go_on() -> None:
    with sandbox.run() as server:
        client: Any = callrecords.client_for(
            "grouped", base_url=server.url("grouped"), on_drift="raise", max_retries=0
        )
        with client:
            for name in PAGED:
                (_,) = getattr(client.paged, f"list_{name.lower()}")()


def test_the_sandbox_answers_for_every_operation_of_which_no_example_is_shown() -> None:
    sid = "RM" + "7" * 32
    with sandbox.run() as server:
        client: Any = callrecords.client_for(
            "grouped", base_url=server.url("grouped"), on_drift="raise", max_retries=0
        )
        with client:
            for kind in map(str.lower, RECORDS):
                of = {verb: getattr(client.video, f"{verb}_{kind}") for verb, *_ in OF_ALL}
                (only,) = of["list"]()
                assert only.sid == of["create"](name="x").sid == "RM" + "a" * 32
                assert of["fetch"](sid).sid == sid
                assert of["delete"](sid) is None
            answer = client.with_response.video.fetch_room(sid)
            assert answer.headers["x-callrecords-sandbox"].startswith("invented")
            shown = client.with_response.rooms.get_7th("one")
            assert "x-callrecords-sandbox" not in shown.headers
            with pytest.raises(callrecords.ServerError) as caught:
                client.video.get_never()
    assert caught.value.status == 501
    assert "no document shows an answer to get_never, and none is found: no text" in str(
        caught.value
    )
