"""Adding to an overlay as text, so that every byte that is there stays, comments included."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import yaml

from codegen import core_schema
from codegen.document import JSON, parse, serialise
from codegen.errors import BadInputError

if TYPE_CHECKING:
    from pathlib import Path

    from codegen.openapi import JSONObject
    from codegen.provider import Provider


def new_overlay(provider: Provider) -> bytes:
    """The text of an overlay that has no action yet."""
    return serialise(
        {
            "overlay": "1.1.0",
            "info": {"title": f"{provider.title}, corrected", "version": "1.0.0"},
            "extends": f"../specs/{provider.name}/openapi.yaml",
        },
        as_json=False,
    )


def extended(
    text: bytes, path: Path, discrepancies: JSONObject, actions: list[JSONObject]
) -> bytes:
    """The text of an overlay with discrepancies and actions more, each after the last there is.

    Args:
        text: The overlay.
        path: Named in errors.
        discrepancies: By id.
        actions: In their order.

    Raises:
        BadInputError: the overlay is not written in YAML's block style.
    """
    more: list[JSON] = list(actions)
    text = _with_more(text, path, "x-discrepancies", discrepancies)
    return _with_more(text, path, "actions", more)


def _with_more(text: bytes, path: Path, key: str, more: JSON) -> bytes:
    before = parse(text, path)
    lines = text.decode().splitlines(keepends=True)
    if lines and not lines[-1].endswith("\n"):
        lines[-1] += "\n"
    node, after = _member(text, key)
    if node is None:
        place = _line_of(text, "actions") if key != "actions" else None
        place = len(lines) if place is None else place
        column, heading = 2, f"{key}:\n"
    else:
        if not isinstance(node, yaml.CollectionNode) or node.flow_style or not node.value:
            raise _refused(path, key, node.start_mark.line + 1)
        column = node.start_mark.column
        place, heading = _end(lines, len(lines) if after is None else after), ""
    written = serialise(more, as_json=False).decode()
    indented = "".join(
        " " * column + line if line.strip() else line for line in written.splitlines(keepends=True)
    )
    result = "".join([*lines[:place], heading, indented, *lines[place:]]).encode()
    if parse(result, path) != _together(before, key, more):
        raise _refused(path, key, 1)
    return result


def _together(before: JSON, key: str, more: JSON) -> JSON:
    whole = cast("JSONObject", before)
    old = whole.get(key)
    if isinstance(more, dict):
        return {**whole, key: {**(old if isinstance(old, dict) else {}), **more}}
    return {**whole, key: [*(old if isinstance(old, list) else []), *cast("list[JSON]", more)]}


def _member(text: bytes, key: str) -> tuple[yaml.Node | None, int | None]:
    """The value of a member of the root, and the line of the member after it."""
    node = core_schema.compose(text)
    members = cast("list[tuple[yaml.Node, yaml.Node]]", node.value) if node is not None else []
    for index, (name, value) in enumerate(members):
        if name.value == key:
            following = members[index + 1][0] if index + 1 < len(members) else None
            return value, None if following is None else following.start_mark.line
    return None, None


def _line_of(text: bytes, key: str) -> int | None:
    node = core_schema.compose(text)
    members = cast("list[tuple[yaml.Node, yaml.Node]]", node.value) if node is not None else []
    return next((name.start_mark.line for name, _ in members if name.value == key), None)


def _end(lines: list[str], end: int) -> int:
    """The line after the last one that is not blank and no comment of what follows."""
    while end and (not lines[end - 1].strip() or lines[end - 1].startswith("#")):
        end -= 1
    return end


def _refused(path: Path, key: str, line: int) -> BadInputError:
    message = f"{key} cannot be added to as text; write it in YAML's block style, one item a line"
    return BadInputError(message, file=path, line=line)
