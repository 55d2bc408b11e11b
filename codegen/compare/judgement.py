"""How bad it is for users that a type has changed.

Which way its values travel decides. What a program reads may not become more than it was, and what
it sends may not become less. Models are built by programs too, at least by their tests: where a
model is read, none of its attributes may become less either. A model that is only sent is not read
back: who put a value in knows what it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from codegen.compare.comparison import Severity
from codegen.compare.python_type import ABSENT, NULL
from codegen.compare.surface import Direction

if TYPE_CHECKING:
    from collections.abc import Sequence

    from codegen.compare.python_type import Alternative, PythonType


@dataclass(frozen=True)
class Judgement:
    """How bad a change is, and what a user feels."""

    severity: Severity
    why: str
    turn: str
    """What the value has become, to be said of it, such as ``may be null now``."""


def judge(old: PythonType, new: PythonType, direction: Direction) -> Judgement | None:
    """Judge the change of an attribute's, argument's or result's type; None if there is none.

    Args:
        old: What it was.
        new: What it is.
        direction: Which way its values travel. What no operation reaches counts as read.
    """
    gained, lost = old.refused(new), new.refused(old)
    if not gained and not lost:
        return None
    is_read = Direction.READ in direction or not direction
    is_sent = Direction.SENT in direction
    reasons: list[str] = []
    if is_read and gained:
        reasons.append(_code_that_reads(gained))
    if is_read and lost:
        reasons.append(_code_that_builds(lost))
    if is_sent and lost:
        reasons.append(_code_that_sends(lost))
    turn = _turn(gained, lost)
    if reasons:
        return Judgement(Severity.BREAKING, " ".join(reasons), turn)
    return Judgement(Severity.ADDITIVE, _code_that_may_send(gained), turn)


def _turn(gained: Sequence[Alternative], lost: Sequence[Alternative]) -> str:
    match list(gained), list(lost):
        case [], [only] if only == ABSENT:
            return "is required now"
        case [], [only] if only == NULL:
            return "is never null now"
        case [only], [] if only == ABSENT:
            return "may be missing now"
        case [only], [] if only == NULL:
            return "may be null now"
        case _:
            return "has another type"


def _code_that_reads(gained: Sequence[Alternative]) -> str:
    if gained == [NULL]:
        return "It can be null: check for `None` before you use it."
    if gained == [ABSENT]:
        return "It can be missing: check for `UNSET` before you use it."
    return f"Code that reads it meets {_listed(gained)}, which it did not before."


def _code_that_builds(lost: Sequence[Alternative]) -> str:
    if lost == [ABSENT]:
        return "Code that builds the object, such as a test, has to give it."
    return f"Code that builds the object, or says its type, may no longer use {_listed(lost)}."


def _code_that_sends(lost: Sequence[Alternative]) -> str:
    if lost == [ABSENT]:
        return "Code that leaves it out fails."
    return f"It can no longer be {_listed(lost)}."


def _code_that_may_send(gained: Sequence[Alternative]) -> str:
    if gained == [ABSENT]:
        return "It may be left out."
    return f"It may also be {_listed(gained)}."


def _listed(alternatives: Sequence[Alternative]) -> str:
    names = [
        {NULL: "null (`None`)", ABSENT: "nothing (`UNSET`)"}.get(str(it), f"`{it}`")
        for it in alternatives
    ]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"
