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
        "operationId": f"{group}/get_{number}",
        "tags": [group],
        "parameters": [{**path, "example": "one"}],
        "responses": {"200": {"description": "The thing.", "content": content}},
    }


DEFINITION = {
    "openapi": "3.1.0",
    "info": {"title": "Grouped", "version": "1"},
    "servers": [{"url": "https://grouped.example"}],
    "paths": {
        f"/{group}/{number}/{{id}}": {"get": operation(group, number)}
        for group in GROUPS
        for number in range(EACH)
    },
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
            assert client.rooms.get_7("one").id == "rooms-7"
            assert loaded() == {"rooms"}


def test_the_sandbox_knows_the_method_of_a_group_by_the_clients_name() -> None:
    with sandbox.run() as server:
        assert [*server.ids("grouped", "users.get_3")] == ["one"]
        server.misbehave("grouped", "users.get_3", status=503, times=1)
        client: Any = callrecords.client_for(
            "grouped", base_url=server.url("grouped"), max_retries=0
        )
        with client, pytest.raises(callrecords.ServerError):
            client.users.get_3("one")
        with pytest.raises(ValueError, match=r"no operation 'users\.get_99'"):
            server.ids("grouped", "users.get_99")
