"""Files are compared as the packages that ``add`` would make of them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from codegen.commands.sides import sides
from codegen.compare import Change, compare
from codegen.files.values import lookup

if TYPE_CHECKING:
    from collections.abc import Callable

CALLS = Path(__file__).parents[1] / "compare/calls.yaml"
CALL = "/paths/~1calls~1{id}/get"
CONTENT = f"{CALL}/responses/200/content"
LIST: Any = {"type": "array", "items": {"type": "object"}}


def told(tmp_path: Path, edit: Callable[[Any], object]) -> list[Change]:
    definition = yaml.safe_load(CALLS.read_bytes())
    edit(definition)
    new = tmp_path / "new.yaml"
    new.write_text(yaml.safe_dump(definition), "utf-8")
    assert compare(*sides(new, new, None), package="calls").changes == ()
    return list(compare(*sides(CALLS, new, None), package="calls").changes)


def renamed(name: str) -> Callable[[Any], None]:
    def edit(definition: Any) -> None:
        content: Any = lookup(definition, CONTENT)
        content[name] = content.pop("application/json")

    return edit


def added(pointer: str, key: str, value: Any) -> Callable[[Any], None]:
    def edit(definition: Any) -> None:
        holder: Any = lookup(definition, pointer)
        if isinstance(holder, list):
            holder.append(value)
        else:
            holder[key] = value

    return edit


FIELDS = "/components/schemas/Call/properties"


@pytest.mark.parametrize(
    ("edit", "kind"),
    [
        (renamed("text/event-stream"), "answer-media-type-changed"),
        (renamed("application/vnd.x+json"), "answer-media-type-changed"),
        (added("/components/schemas/Call/required", "", "nowhere"), "limit-became-stricter"),
        (added("/webhooks", "begun", {"post": {"responses": {"204": {}}}}), "exchange-changed"),
        (added(f"{FIELDS}/pair/prefixItems", "", {}), "limit-became-stricter"),
        (added(f"{FIELDS}/text/contentSchema", "maxLength", 5), "limit-became-stricter"),
        (added(CONTENT, "application/xml", {}), "part-left-out"),
        (
            added(f"{CALL}/parameters", "", {"name": "X-Of", "in": "header", "schema": LIST}),
            "part-left-out",
        ),
        (added("/components/schemas/Kind", "enum", ["spoken", "txt", "TXT"]), "member-added"),
    ],
)
def test_what_decoding_sees_is_told(edit: Callable[[Any], None], kind: str, tmp_path: Path) -> None:
    changes = told(tmp_path, edit)
    assert kind in {change.id for change in changes}
    assert "operation-removed" not in {change.id for change in changes}


def test_another_default_of_what_is_sent_changes_what_calls_do(tmp_path: Path) -> None:
    edit = added("/components/schemas/New/properties/limit", "default", 9)
    [change] = told(tmp_path, edit)
    assert (change.id, change.severity.value) == ("default-changed", "breaking")


def test_a_response_needs_no_description(tmp_path: Path) -> None:
    def edit(definition: Any) -> None:
        del definition["paths"]["/calls/{id}"]["get"]["responses"]["200"]["description"]

    [change] = told(tmp_path, edit)
    assert change.id == "documentation-changed"
