"""What a file must hold, as rules, and how it breaks them, in words."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, cast

from codegen.files.errors import Problem, nearest
from codegen.files.values import pointer_to

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

_LONGEST = 80


@dataclass(frozen=True)
class Rule:
    """What a value must be."""

    expected: str
    """What is right, with an example, for people."""
    accepts: Callable[[object], bool] = lambda _value: True
    members: Mapping[str, Rule] | None = None
    """What an object may and, unless it is optional, must have."""
    items: Rule | None = None
    """What each item of a list must be, or each member of an object that names its own."""
    names: Rule | None = None
    """What such names must be."""
    choice: tuple[Sequence[str], str] = ((), "")
    """Members of which it has just one, and what that says."""
    together: Callable[[Mapping[str, object]], Iterable[tuple[str, str]]] = lambda _members: ()
    """What is wrong with members that are right each by itself: one of them, or none, and why."""
    is_required: bool = True


def text(expected: str, pattern: str = r"(?s:.*\S.*)") -> Rule:
    """A text that matches a pattern as a whole; any that is not blank without one."""
    form = re.compile(pattern)
    return Rule(
        expected, lambda value: isinstance(value, str) and form.fullmatch(value) is not None
    )


def texts(expected: str) -> Rule:
    """A list of texts."""
    return Rule(
        expected,
        lambda value: (
            isinstance(value, list)
            and all(isinstance(item, str) for item in cast("list[object]", value))
        ),
    )


def table(
    expected: str,
    members: Mapping[str, Rule],
    together: Callable[[Mapping[str, object]], Iterable[tuple[str, str]]] = lambda _members: (),
    choice: tuple[Sequence[str], str] = ((), ""),
) -> Rule:
    """An object with these members and no others."""
    return Rule(expected, _is_object, members, choice=choice, together=together)


def tables(expected: str, item: Rule) -> Rule:
    """A list of one object or several."""
    return Rule(expected, lambda value: isinstance(value, list) and value != [], items=item)


def mapping(expected: str, item: Rule, names: Rule | None = None) -> Rule:
    """An object with any members of one kind."""
    return Rule(expected, _is_object, items=item, names=names)


def _is_object(value: object) -> bool:
    return isinstance(value, dict)


def optional(rule: Rule) -> Rule:
    """What may be absent."""
    return replace(rule, is_required=False)


def problems(value: object, rule: Rule, pointer: str = "") -> Iterator[Problem]:
    """Where a value breaks a rule, and what was expected there; what is missing where it belongs.

    The value is JSON, or the like of it that TOML holds; its own pointer begins those of problems.
    """
    name = pointer.rpartition("/")[2]
    if not rule.accepts(value):
        found = repr(value)
        found = found if len(found) <= _LONGEST else f"{found[:_LONGEST]}…"
        subject = f"{name} is {found}; " if name else ""
        yield Problem("value/unexpected", pointer, f"{subject}expected {rule.expected}")
        return
    inner = cast("dict[str, object]", value)
    if isinstance(value, list):
        inner = {str(at): item for at, item in enumerate(cast("list[object]", value))}
    if rule.items is not None:
        for key, item in inner.items():
            if rule.names is not None and not rule.names.accepts(key):
                message = f"{key!r} is no name here; expected {rule.names.expected}"
                yield Problem("member/unknown", pointer + pointer_to(key), message)
            yield from problems(item, rule.items, pointer + pointer_to(key))
    elif rule.members is not None:
        wrong = list(_wrong_members(inner, rule.members, pointer))
        yield from wrong
        for name, message in () if wrong else _wrong_together(inner, rule):
            yield Problem("member/contradictory", pointer + (name and pointer_to(name)), message)


def _wrong_members(
    present: Mapping[str, object], members: Mapping[str, Rule], pointer: str
) -> Iterator[Problem]:
    for key in present:
        if key not in members:
            message = f"{key} means nothing here; {nearest(key, members)}"
            yield Problem("member/unknown", pointer + pointer_to(key), message)
    for key, member in members.items():
        if key in present:
            yield from problems(present[key], member, pointer + pointer_to(key))
        elif member.is_required:
            message = f"{key} is missing; expected {member.expected}"
            yield Problem("member/missing", pointer, message)


def _wrong_together(told: Mapping[str, object], rule: Rule) -> Iterable[tuple[str, str]]:
    names, meaning = rule.choice
    found = [name for name in names if name in told]
    if not names or len(found) == 1:
        return rule.together(told)
    there = f"{' and '.join(found)} are there" if found else "none of them is there"
    return [("", f"one of {', '.join(names)} {meaning}; {there}")]
