"""Changing an overlay as text, so that every other byte stays as it is, comments included."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from operator import itemgetter
from textwrap import indent
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeAlias, cast

import yaml

from codegen.files import yaml as core_schema
from codegen.files.document import parse, serialise
from codegen.files.errors import BadInputError
from codegen.files.values import is_same
from codegen.openapi.client_facts import FACTS
from codegen.openapi.places import TABLE

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from pathlib import Path

    from codegen.files.values import JSON, JSONObject

_Edit: TypeAlias = tuple[int, int, str]
"""A line, counted from 0, and the one after the last, between which a text is to stand."""

_Members: TypeAlias = "Mapping[Any, Any]"
"""What an object holds by name. The actions are held by their numbers, which stay when some go."""

_DISCREPANCIES: Final = "x-discrepancies"
_ACTIONS: Final = "actions"


@dataclass(frozen=True)
class Edits:
    """What is to change in an overlay."""

    actions: Mapping[int, JSONObject | None] = field(default_factory=dict[int, "JSONObject | None"])
    """What takes the place of actions, which are counted from 0; None for nothing."""
    added: tuple[JSONObject, ...] = ()
    """The actions that come after the last one."""
    discrepancies: Mapping[str, JSON] = field(default_factory=dict[str, "JSON"])
    """The discrepancies that come after the last one, by id."""
    names: Mapping[str, JSON] = field(default_factory=dict[str, "JSON"])
    """New or changed lines of the table of names; null for one that goes."""
    facts: JSONObject | None = None
    """What is said of the client from now on, if that changes; it goes if that is nothing."""
    reason: str = ""
    """Why a discrepancy is left from now on whose last action goes."""
    settled: Collection[str] = ()
    """The discrepancies that actions of another overlay settle too."""
    unsettled: Collection[str] = ()
    """The discrepancies that actions of another overlay settled until now."""

    def __bool__(self) -> bool:
        is_table = bool(self.discrepancies or self.names) or self.facts is not None
        return bool(self.actions or self.added or self.unsettled) or is_table


def edited(text: bytes, path: Path, edits: Edits) -> bytes:
    """The text of an overlay with some changes, every other byte as it is.

    What a discrepancy decided is left out too when none of its actions remains: it is ``left`` for
    a reason then.

    Raises:
        BadInputError: the overlay is not written in YAML's block style.
    """
    if not edits:
        return text
    text = text if text.endswith(b"\n") else text + b"\n"
    old = cast("dict[str, Any]", parse(text, path))
    if _ACTIONS in old:
        old[_ACTIONS] = dict(enumerate(cast("list[JSON]", old[_ACTIONS])))
    new = _changed(old, edits)
    root = core_schema.compose(text)
    if root is None or not _is_block(root):
        raise _refused(path)
    lines = text.decode().splitlines(keepends=True)
    made = _edits(lines, _Part("", root, root.start_mark.line, len(lines)), old, new)
    ordered = sorted(made, key=itemgetter(1))  # what is added comes before what is replaced
    for start, end, written in reversed(ordered):
        lines[start:end] = [written]
    result = "".join(lines).encode()
    said = {name: _as_list(value) for name, value in new.items()}
    if not is_same(parse(result, path), said):
        raise _refused(path)
    return result


def _changed(old: _Members, edits: Edits) -> dict[str, Any]:
    """What an overlay says with some changes; what it has not had is in its usual place."""
    before = old.get(_ACTIONS, {})
    added = enumerate(edits.added, len(before))
    after = {**before, **edits.actions, **dict(added)}
    actions = {number: action for number, action in after.items() if action is not None}
    lost = _settled(before).union(edits.unsettled) - _settled(actions).union(edits.settled)
    told = {
        name: _left(entry, edits.reason) if name in lost else entry
        for name, entry in old.get(_DISCREPANCIES, {}).items()
    }
    names = {**old.get(TABLE, {}), **edits.names}
    tables = {
        TABLE: {name: line for name, line in names.items() if line is not None},
        FACTS: old.get(FACTS) if edits.facts is None else edits.facts,
        _DISCREPANCIES: {**told, **edits.discrepancies},
        _ACTIONS: actions,
    }
    said = {name for name in tables if tables[name] or (name in old and name != _ACTIONS)}
    said |= set() if edits.facts is None else {FACTS}
    if said.isdisjoint({FACTS, _ACTIONS}):
        said.add(TABLE)  # an overlay without actions has a table, if an empty one
    others = {name: value for name, value in old.items() if name not in tables}
    return others | {name: table for name, table in tables.items() if name in said}


def _settled(actions: _Members) -> set[str]:
    """The ids of the discrepancies that actions settle."""
    return {str(action.get("x-discrepancy")) for action in actions.values()}


def _left(discrepancy: _Members, reason: str) -> _Members:
    """A discrepancy that no action settles any more; as it was, unless it was decided."""
    if "decision" not in discrepancy or "name" in discrepancy:
        return discrepancy
    left = {"decision": ("left", reason)}
    return dict(left.get(key, (key, value)) for key, value in discrepancy.items())


def _as_list(value: JSON) -> JSON:
    """The actions as the list that they are; what is none as it is."""
    members = cast("dict[object, JSON]", value if isinstance(value, dict) else {})
    return [*members.values()] if isinstance(next(iter(members), None), int) else value


class _Part(NamedTuple):
    """A member of an object or a list as it is written: it begins and ends with a line."""

    key: str | int
    value: yaml.Node
    start: int
    end: int
    """The line after its last one."""
    table: str = ""
    """The member of the root that it is in; empty for those themselves."""


def _parts(lines: list[str], whole: _Part) -> list[_Part]:
    """What is written in an object or a list in block style.

    Comments and blank lines before a member are not of the one before.
    """
    node = whole.value
    if isinstance(node, yaml.MappingNode):
        found = [(key.value, key.start_mark.line, value) for key, value in node.value]
    else:
        items = cast("list[yaml.Node]", node.value)
        found = [(number, item.start_mark.line, item) for number, item in enumerate(items)]
    ends = [_end(lines, end, node) for end in [*(start for _, start, _ in found[1:]), whole.end]]
    table = whole.table or str(whole.key)
    return [
        _Part(key, value, start, end, table)
        for (key, start, value), end in zip(found, ends, strict=True)
    ]


def _end(lines: list[str], end: int, around: yaml.Node) -> int:
    """The line after the last one that is neither blank nor a comment on what follows."""
    while re.match(rf"\s*$| {{0,{around.start_mark.column}}}#", lines[end - 1]):
        end -= 1
    return end


def _is_block(node: yaml.Node) -> bool:
    return isinstance(node, yaml.CollectionNode) and not node.flow_style and bool(node.value)


def _edits(lines: list[str], whole: _Part, old: _Members, new: _Members) -> Iterator[_Edit]:
    """What makes members say something else; what stays keeps its lines, comments included."""
    parts, column = _parts(lines, whole), whole.value.start_mark.column
    for part in parts:
        if part.key not in new:
            yield part.start, part.end, ""
            continue
        before: JSON = old[part.key]
        after: JSON = new[part.key]
        if isinstance(before, dict) and _is_in_lines(lines, part, after):
            yield from _edits(lines, part, before, cast("JSONObject", after))
        elif not is_same(_as_list(before), _as_list(after)):
            is_flow = isinstance(part.value, yaml.CollectionNode) and part.value.flow_style
            written = _text(part.key, after, column, part.table, is_flow=is_flow)
            yield part.start, part.end, lines[part.start][:column] + written[column:]
    ends = {part.key: part.end for part in parts}
    place = parts[0].end if _begins_in_a_line(lines, whole.value) else parts[0].start
    for key, value in new.items():  # after what comes inside of the member before
        place = ends.get(key, place)
        if key not in old:
            yield place, place, _text(key, value, column, parts[0].table)


def _begins_in_a_line(lines: list[str], node: yaml.Node) -> bool:
    """Whether an object is an item of a list, in whose first line its first member begins."""
    return bool(lines[node.start_mark.line][: node.start_mark.column].strip())


def _is_in_lines(lines: list[str], part: _Part, new: JSON) -> bool:
    """Whether what a member holds has lines of its own, and that stays so with other members."""
    node = part.value
    is_alias = node.start_mark.line < part.start
    if is_alias or not _is_block(node) or not isinstance(new, dict):
        return False
    inner = _parts(lines, part)
    return any(one.key in new for one in (inner[:1] if _begins_in_a_line(lines, node) else inner))


def _text(key: str | int, value: JSON, column: int, table: str, *, is_flow: bool = False) -> str:
    """A member as a person writes it; names and facts with single values on one line."""
    if not table and isinstance(value, dict) and value:
        return f"{key}:\n" + "".join(_text(*inner, 2, str(key)) for inner in value.items())
    member: JSON = [value] if isinstance(key, int) else {key: value}
    if table in (TABLE, FACTS):
        flow = True if is_flow else None if isinstance(value, dict | list) else False
        written: str = yaml.safe_dump(  # pyright: ignore[reportUnknownMemberType] - of its width
            member, default_flow_style=flow, width=math.inf, allow_unicode=True, sort_keys=False
        )
        written = f"{written[1:-2]}\n" if is_flow else written
    else:
        written = serialise(member, as_json=False).decode()
    return indent(written, " " * column)


def _refused(path: Path) -> BadInputError:
    message = "cannot be changed as text; write it in YAML's block style, one item a line"
    return BadInputError(message, file=path)
