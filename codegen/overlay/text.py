"""Changing an overlay as text, so that every other byte stays as it is, comments included."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from operator import itemgetter
from textwrap import indent
from typing import TYPE_CHECKING, NamedTuple, TypeAlias, cast

import yaml

from codegen.files import yaml as core_schema
from codegen.files.document import parse, serialise
from codegen.files.errors import BadInputError
from codegen.files.values import is_same
from codegen.openapi.client_facts import FACTS
from codegen.openapi.places import TABLE

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
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


@dataclass(frozen=True)
class Edits:
    """What is to change in an overlay."""

    actions: Mapping[int, JSONObject | None] = field(default_factory=dict[int, "JSONObject | None"])
    """What takes the place of actions, which are counted from 0; None for nothing."""
    added: tuple[JSONObject, ...] = ()
    """The actions that come after the last one."""
    discrepancies: Mapping[str, JSON] = field(default_factory=dict[str, "JSON"])
    """Those that come after the last one, by id."""
    names: Mapping[str, JSON] = field(default_factory=dict[str, "JSON"])
    """New or changed lines of the table of names; null for one that goes."""
    facts: JSONObject | None = None
    """What is said of the client from now on, if that changes; it goes if that is nothing."""
    reason: str = ""
    """Why a discrepancy is left from now on whose last action goes."""
    settled: Collection[str] = ()
    """The discrepancies that actions of another overlay settle too."""
    unsettled: Collection[str] = ()
    """Those that they settled until now."""

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
    before = cast("JSONObject", parse(text, path))
    old = cast("list[JSONObject]", before.get(_ACTIONS, []))
    kept = [edits.actions.get(number, action) for number, action in enumerate(old)]
    actions = [action for action in [*kept, *edits.added] if action is not None]
    told = cast("dict[str, JSONObject]", before.get(_DISCREPANCIES, {}))
    lost = _discrepancies(old).union(edits.unsettled)
    lost -= _discrepancies(actions).union(edits.settled)
    settled = _settled(told, lost, edits.reason)
    lines, members = _outline(text)
    changes = [*_names(lines, members, path, edits.names)]
    if edits.facts is not None:
        changes += _facts(lines, members, before.get(FACTS), edits.facts)
    if edits.discrepancies:
        changes.append(_addition(lines, members, path, _DISCREPANCIES, {**edits.discrepancies}))
    if edits.added:
        changes.append(_addition(lines, members, path, _ACTIONS, [*edits.added]))
    if not actions and _ACTIONS in members:
        has_other = bool({TABLE, FACTS} & before.keys()) or edits.facts is not None
        table_of_none = "" if has_other else f"{TABLE}: {{}}\n"
        changes.append((members[_ACTIONS].start, members[_ACTIONS].end, table_of_none))
    elif edits.actions:
        changes += _replacements(lines, members[_ACTIONS], path, old, edits.actions)
    if settled:
        changes += _replaced_decisions(members[_DISCREPANCIES], settled, edits.reason)
    discrepancies: JSONObject = {**told, **settled, **edits.discrepancies}
    return _edited(lines, path, changes, _expected(before, edits, actions, discrepancies))


def _expected(
    before: JSONObject, edits: Edits, actions: list[JSONObject], discrepancies: JSONObject
) -> JSONObject:
    """What an overlay says with some changes."""
    table = {**cast("JSONObject", before.get(TABLE, {})), **edits.names}
    expected: JSONObject = {
        **{key: value for key, value in before.items() if key != _ACTIONS},
        TABLE: {name: line for name, line in table.items() if line is not None},
        _DISCREPANCIES: discrepancies,
        **({_ACTIONS: [*actions]} if actions else {}),
        **({} if edits.facts is None else {FACTS: edits.facts}),
    }
    # An overlay without actions has a table of names or of facts, if an empty one.
    is_enough = bool(actions) or FACTS in expected
    for member in (TABLE, _DISCREPANCIES) if is_enough else (_DISCREPANCIES,):
        if member not in before and not expected[member]:
            del expected[member]
    return expected


def _discrepancies(actions: Iterable[JSONObject]) -> set[str]:
    """What actions settle, by id."""
    return {str(action.get("x-discrepancy")) for action in actions}


def _settled(
    told: Mapping[str, JSONObject], lost: Collection[JSON], reason: str
) -> dict[str, JSON]:
    """The discrepancies that are decided by no action any more, with why they are left."""
    return {
        name: {"left": reason, **{key: entry[key] for key in entry if key != "decision"}}
        for name, entry in told.items()
        if name in lost and "decision" in entry and "name" not in entry
    }


def _names(
    lines: list[str], members: dict[str, _Member], path: Path, names: Mapping[str, JSON]
) -> Iterator[_Edit]:
    """What changes lines of the table of names, and adds new ones after the last."""
    if not names:
        return
    written = {name: _line(name, line) for name, line in names.items() if line is not None}
    if TABLE not in members:
        place = _before(lines, members, FACTS, _DISCREPANCIES, _ACTIONS)
        yield place, place, f"{TABLE}:\n" + "".join(written.values())
        return
    table = members[TABLE]
    if not isinstance(table.value, yaml.MappingNode) or table.value.flow_style:
        raise _refused(path, table.value)
    for key, value in cast("_Pairs", table.value.value):
        if key.value in names:
            end = value.end_mark.line + (1 if value.end_mark.column else 0)
            yield key.start_mark.line, end, written.pop(key.value, "")
    if written:
        end = _end(lines, table.end, indent_of_comments=0)
        yield end, end, "".join(written.values())


def _before(lines: list[str], members: dict[str, _Member], *names: str) -> int:
    """The line where the first of some members of the root begins; the end without any."""
    return min((members[name].start for name in names if name in members), default=len(lines))


def _facts(
    lines: list[str], members: dict[str, _Member], old: JSON, facts: JSONObject
) -> Iterator[_Edit]:
    """What makes of the facts about the client others, line by line as far as they are the same."""
    if FACTS in members:
        member = members[FACTS]
        end = _end(lines, member.end, indent_of_comments=0)
        if isinstance(old, dict) and facts and _is_block(member.value):
            yield from _changed_pairs(lines, member._replace(end=end), old, facts)
        else:
            yield member.start, end, _pair(FACTS, facts)
    else:
        place = _before(lines, members, _DISCREPANCIES, _ACTIONS)
        yield place, place, _pair(FACTS, facts)


def _is_block(node: yaml.Node) -> bool:
    return isinstance(node, yaml.MappingNode) and not node.flow_style and bool(node.value)


def _changed_pairs(
    lines: list[str], member: _Member, old: JSONObject, new: JSONObject
) -> Iterator[_Edit]:
    """What makes of a mapping another one, in whose lines that are the same nothing changes.

    Comments and blank lines before the next member are not of the one before.
    """
    pairs = cast("_Pairs", member.value.value)
    column = pairs[0][0].start_mark.column
    starts = [key.start_mark.line for key, _ in pairs]
    ends = [*starts[1:], member.end]
    for (key, value), start, following in zip(pairs, starts, ends, strict=True):
        name, end = key.value, _end(lines, following, indent_of_comments=column)
        if name not in new:
            yield start, end, ""
        elif not is_same(was := old[name], now := new[name]):
            if isinstance(was, dict) and isinstance(now, dict) and now and _is_block(value):
                yield from _changed_pairs(lines, _Member(value, start, end), was, now)
            else:
                is_flow = isinstance(value, yaml.CollectionNode) and value.flow_style
                yield start, end, indent(_pair(name, now, is_flow=is_flow), " " * column)
    more = {name: value for name, value in new.items() if name not in old}
    if more:
        written = "".join(_pair(name, value) for name, value in more.items())
        yield member.end, member.end, indent(written, " " * column)


def _pair(name: str, value: JSON, *, is_flow: bool = False) -> str:
    """A member as a person writes it: on one line, or what holds only single values in braces."""
    flow = True if is_flow else None if isinstance(value, dict | list) else False
    width = 10**6 if is_flow else 100
    written: str = yaml.safe_dump(  # pyright: ignore[reportUnknownMemberType] - of its width
        {name: value}, default_flow_style=flow, width=width, allow_unicode=True, sort_keys=False
    )
    return f"{written[1:-2]}\n" if is_flow else written


def _line(name: str, line: JSON) -> str:
    """A line of the table as a person writes it: several places in brackets."""
    is_one = isinstance(line, str)
    written: str = yaml.safe_dump(  # pyright: ignore[reportUnknownMemberType] - of its width
        {name: line}, default_flow_style=False if is_one else None, width=10**6, allow_unicode=True
    )
    return indent(written, "  ")


def _edited(lines: list[str], path: Path, edits: Iterable[_Edit], expected: JSON) -> bytes:
    """The text with these edits, which make of its data what is expected."""
    ordered = sorted(edits, key=itemgetter(0, 1))  # what is added comes before what is replaced
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


def _replacements(
    lines: list[str],
    actions: _Member,
    path: Path,
    old: Sequence[JSONObject],
    new: Mapping[int, JSONObject | None],
) -> Iterator[_Edit]:
    """What puts other actions in the place of some, or nothing.

    Comments and blank lines before the next action are not theirs.
    """
    node = actions.value
    if not isinstance(node, yaml.SequenceNode) or node.flow_style:
        raise _refused(path, node)
    items = cast("list[yaml.Node]", node.value)
    starts = [item.start_mark.line for item in items]
    column = node.start_mark.column
    for number, (start, end) in enumerate(zip(starts, [*starts[1:], actions.end], strict=True)):
        if number in new:
            action = new[number]
            last = _end(lines, end, indent_of_comments=column)
            if action is not None and _is_in_lines(lines, items[number], action):
                yield from _rewriting(lines, items[number], last, old[number], action)
                continue
            written = "" if action is None else serialise([action], as_json=False).decode()
            yield start, last, indent(written, " " * column)


def _is_in_lines(lines: list[str], node: yaml.Node, new: JSON) -> bool:
    """Whether a mapping has lines of its own, and that stays so with other members."""
    if not isinstance(node, yaml.MappingNode) or node.flow_style or not isinstance(new, dict):
        return False
    keys = [key.value for key, _ in cast("_Pairs", node.value)]
    mark = node.start_mark
    is_item = bool(lines[mark.line][: mark.column].strip())  # then the first one begins it
    return any(key in new for key in (keys[:1] if is_item else keys))


def _rewriting(
    lines: list[str], node: yaml.Node, end: int, old: JSONObject, new: JSONObject
) -> Iterator[_Edit]:
    """What makes a mapping say something else; what stays keeps its lines, comments included."""
    column = node.start_mark.column
    pairs = cast("_Pairs", node.value)
    starts = [key.start_mark.line for key, _ in pairs]
    ends = [_end(lines, one, indent_of_comments=column) for one in [*starts[1:], end]]
    for (name, inside), start, last in zip(pairs, starts, ends, strict=True):
        key, is_alias = cast("str", name.value), inside.start_mark.line < start
        value, before = new.get(key), old[key]
        if key not in new:
            yield start, last, ""
        elif isinstance(before, dict) and not is_alias and _is_in_lines(lines, inside, value):
            yield from _rewriting(lines, inside, last, before, cast("JSONObject", value))
        elif not is_same(before, value):
            yield start, last, lines[start][:column] + _members_text({key: value}, column)[column:]
    following = {key.value: last for (key, _), last in zip(pairs, ends, strict=True)}
    is_item = lines[starts[0]][:column].strip()
    place = ends[0] if is_item else starts[0]
    for key, value in new.items():  # after what comes inside of the member before
        place = following.get(key, place)
        if key not in old:
            yield place, place, _members_text({key: value}, column)


def _members_text(members: JSONObject, column: int) -> str:
    return indent(serialise(members, as_json=False).decode(), " " * column)


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
