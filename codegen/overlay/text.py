"""Changing an overlay as text, so that every other byte stays as it is, comments included."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import yaml

from codegen.files import yaml as core_schema
from codegen.files.document import parse, serialise
from codegen.files.errors import BadInputError

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from codegen.files.values import JSON, JSONObject


def new_overlay(title: str, definition: str) -> bytes:
    """The text of an overlay that has no action yet.

    Args:
        title: Whose definition it corrects, in prose.
        definition: Where that is, relative to the overlay.
    """
    return serialise(
        {
            "overlay": "1.1.0",
            "info": {"title": f"{title}, corrected", "version": "1.0.0"},
            "extends": definition,
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


def without_actions(text: bytes, path: Path, numbers: Collection[int], reason: str) -> bytes:
    """The text of an overlay without some of its actions.

    What a discrepancy decided is left out too when none of its actions remains: it is ``left``
    for a reason then.

    Args:
        text: The overlay.
        path: Named in errors.
        numbers: The actions, counted from 0.
        reason: Why a discrepancy needs no action any more.

    Raises:
        BadInputError: the overlay is not written in YAML's block style, or no action remains.
    """
    if not numbers:
        return text
    before = cast("JSONObject", parse(text, path))
    actions = cast("list[JSONObject]", before["actions"])
    kept = [action for number, action in enumerate(actions) if number not in numbers]
    if not kept:
        message = "no action would remain; delete the file if its definition needs no correction"
        raise BadInputError(message, file=path)
    remaining = {str(action.get("x-discrepancy")) for action in kept}
    settled = {
        identifier
        for number in numbers
        if (identifier := str(actions[number].get("x-discrepancy"))) not in remaining
    }
    result = _without_lines(text, path, numbers)
    expected: JSONObject = {**before, "actions": [*kept]}
    discrepancies = before.get("x-discrepancies")
    if isinstance(discrepancies, dict):
        decided = settled & discrepancies.keys()
        result = _left(result, decided, reason)
        expected["x-discrepancies"] = {
            name: _without_decision(it, reason) if name in decided else it
            for name, it in discrepancies.items()
        }
    if parse(result, path) != expected:
        message = "actions cannot be taken out as text; write it in YAML's block style"
        raise BadInputError(message, file=path)
    return result


def _without_lines(text: bytes, path: Path, numbers: Collection[int]) -> bytes:
    node, after = _member(text, "actions")
    if not isinstance(node, yaml.SequenceNode) or node.flow_style:
        raise _refused(path, "actions", 1)
    lines = text.decode().splitlines(keepends=True)
    starts = [item.start_mark.line for item in cast("list[yaml.Node]", node.value)]
    ends = [*starts[1:], len(lines) if after is None else after]
    for number in sorted(numbers, reverse=True):
        del lines[starts[number] : _end_of_item(lines, starts[number], ends[number])]
    return "".join(lines).encode()


def _end_of_item(lines: list[str], start: int, end: int) -> int:
    """The line after an item's last one; comments and blank lines before the next are not its."""
    indent = len(lines[start]) - len(lines[start].lstrip())
    while end > start + 1:
        line = lines[end - 1]
        depth = len(line) - len(line.lstrip())
        if line.strip() and not (line.lstrip().startswith("#") and depth <= indent):
            break
        end -= 1
    return end


def _left(text: bytes, identifiers: Collection[str], reason: str) -> bytes:
    """The text with a reason to leave some discrepancies in the place of what was decided."""
    node, _ = _member(text, "x-discrepancies")
    members = cast("list[tuple[yaml.Node, yaml.Node]]", node.value if node is not None else [])
    lines = text.decode().splitlines(keepends=True)
    for name, value in reversed(members):
        decision = _decision(value) if name.value in identifiers else None
        if decision is not None:
            key, content = decision
            end = content.end_mark.line + (1 if content.end_mark.column else 0)
            written = serialise({"left": reason}, as_json=False).decode()
            indent = " " * key.start_mark.column
            lines[key.start_mark.line : end] = [
                indent + line for line in written.splitlines(keepends=True)
            ]
    return "".join(lines).encode()


def _decision(value: yaml.Node) -> tuple[yaml.Node, yaml.Node] | None:
    members = cast("list[tuple[yaml.Node, yaml.Node]]", value.value)
    return next(((key, it) for key, it in members if key.value == "decision"), None)


def _without_decision(discrepancy: JSON, reason: str) -> JSON:
    assert isinstance(discrepancy, dict)  # noqa: S101 - reading has seen to it
    return {
        "left" if key == "decision" else key: reason if key == "decision" else value
        for key, value in discrepancy.items()
    }


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
