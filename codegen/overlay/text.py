"""Changing an overlay as text, so that every other byte stays as it is, comments included."""

from __future__ import annotations

import re
from operator import itemgetter
from textwrap import indent
from typing import TYPE_CHECKING, NamedTuple, TypeAlias, cast

import yaml

from codegen.files import yaml as core_schema
from codegen.files.document import parse, serialise
from codegen.files.errors import BadInputError
from codegen.files.values import is_same

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator
    from pathlib import Path

    from codegen.files.values import JSON, JSONObject

_Edit: TypeAlias = tuple[int, int, str]
"""A line, counted from 0, and the one after the last, between which a text is to stand."""

_Pairs: TypeAlias = list[tuple[yaml.Node, yaml.Node]]

_DISCREPANCIES, _ACTIONS = "x-discrepancies", "actions"


class _Member(NamedTuple):
    """A member of the root: its value, its first line, and the line where the next one begins."""

    value: yaml.Node
    start: int
    end: int


def extended(
    text: bytes, path: Path, discrepancies: JSONObject, actions: list[JSONObject]
) -> bytes:
    """The text of an overlay with discrepancies and actions more, each after the last there is.

    Raises:
        BadInputError: the overlay is not written in YAML's block style.
    """
    text = text if text.endswith(b"\n") else text + b"\n"
    before = cast("JSONObject", parse(text, path))
    old = cast("JSONObject", before.get(_DISCREPANCIES, {}))
    expected: JSONObject = {
        **before,
        _DISCREPANCIES: {**old, **discrepancies},
        _ACTIONS: [*cast("list[JSON]", before.get(_ACTIONS, [])), *actions],
    }
    lines, members = _outline(text)
    edits = [
        _addition(lines, members, path, _DISCREPANCIES, discrepancies),
        _addition(lines, members, path, _ACTIONS, [*actions]),
    ]
    return _edited(lines, path, edits, expected)


def without_actions(text: bytes, path: Path, numbers: Collection[int], reason: str) -> bytes:
    """The text of an overlay without some of its actions.

    What a discrepancy decided is left out too when none of its actions, which ``numbers`` counts
    from 0, remains: it is ``left`` for a reason then.

    Raises:
        BadInputError: the overlay is not written in YAML's block style, or no action remains.
    """
    if not numbers:
        return text
    before = cast("JSONObject", parse(text, path))
    actions = cast("list[JSONObject]", before[_ACTIONS])
    kept = [action for number, action in enumerate(actions) if number not in numbers]
    if not kept:
        message = "no action would remain; delete the file if its definition needs no correction"
        raise BadInputError(message, file=path)
    remaining = {str(action.get("x-discrepancy")) for action in kept}
    discrepancies = cast("dict[str, JSONObject]", before.get(_DISCREPANCIES, {}))
    lost = {str(actions[number].get("x-discrepancy")) for number in numbers} - remaining
    settled: JSONObject = {
        name: {"left": reason, **{key: told[key] for key in told if key != "decision"}}
        for name, told in discrepancies.items()
        if name in lost and "decision" in told
    }
    lines, members = _outline(text)
    expected: JSONObject = {**before, _ACTIONS: [*kept]}
    edits = [*_removals(lines, members[_ACTIONS], path, numbers)]
    if settled:
        expected[_DISCREPANCIES] = {**discrepancies, **settled}
        edits += _replaced_decisions(members[_DISCREPANCIES], settled, reason)
    return _edited(lines, path, edits, expected)


def _edited(lines: list[str], path: Path, edits: Iterable[_Edit], expected: JSON) -> bytes:
    """The text with these edits, which make of its data what is expected."""
    ordered = sorted(edits, key=itemgetter(0))
    for start, end, new in reversed(ordered):
        lines[start:end] = [new]
    result = "".join(lines).encode()
    if not is_same(parse(result, path), expected):
        raise _refused(path)
    return result


def _addition(
    lines: list[str], members: dict[str, _Member], path: Path, key: str, more: JSON
) -> _Edit:
    """What adds items or members to a member of the root, or the member before the actions."""
    written = serialise(more, as_json=False).decode()
    if key not in members:
        place = members[_ACTIONS].start if _ACTIONS in members else len(lines)
        return place, place, f"{key}:\n" + indent(written, "  ")
    node = members[key].value
    if not isinstance(node, yaml.CollectionNode) or node.flow_style or not node.value:
        raise _refused(path, node)
    end = _end(lines, members[key].end, indent_of_comments=0)
    return end, end, indent(written, " " * node.start_mark.column)


def _removals(
    lines: list[str], actions: _Member, path: Path, numbers: Collection[int]
) -> Iterator[_Edit]:
    """What takes actions out; comments and blank lines before the next are not theirs."""
    node = actions.value
    if not isinstance(node, yaml.SequenceNode) or node.flow_style:
        raise _refused(path, node)
    starts = [item.start_mark.line for item in cast("list[yaml.Node]", node.value)]
    for number, (start, end) in enumerate(zip(starts, [*starts[1:], actions.end], strict=True)):
        if number in numbers:
            yield start, _end(lines, end, indent_of_comments=node.start_mark.column), ""


def _replaced_decisions(
    discrepancies: _Member, names: Collection[str], left: str
) -> Iterator[_Edit]:
    """What puts a reason to leave some discrepancies in the place of what was decided."""
    written = serialise({"left": left}, as_json=False).decode()
    for name, discrepancy in cast("_Pairs", discrepancies.value.value):
        for key, value in cast("_Pairs", discrepancy.value if name.value in names else []):
            if key.value == "decision":
                end = value.end_mark.line + (1 if value.end_mark.column else 0)
                yield key.start_mark.line, end, indent(written, " " * key.start_mark.column)


def _outline(text: bytes) -> tuple[list[str], dict[str, _Member]]:
    """The lines of a text, and the members of its root."""
    lines = text.decode().splitlines(keepends=True)
    root = core_schema.compose(text)
    pairs = cast("_Pairs", root.value if root is not None else [])
    starts = [name.start_mark.line for name, _ in pairs]
    return lines, {
        name.value: _Member(value, start, end)
        for (name, value), start, end in zip(pairs, starts, [*starts[1:], len(lines)], strict=True)
    }


def _end(lines: list[str], end: int, *, indent_of_comments: int) -> int:
    """The line after the last one that is neither blank nor a comment on what follows."""
    while re.match(rf"\s*$| {{0,{indent_of_comments}}}#", lines[end - 1]):
        end -= 1
    return end


def _refused(path: Path, node: yaml.Node | None = None) -> BadInputError:
    message = "cannot be changed as text; write it in YAML's block style, one item a line"
    line = None if node is None else node.start_mark.line + 1
    return BadInputError(message, file=path, line=line)
