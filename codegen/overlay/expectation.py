"""What an action expects to find, ``x-expects``: it was written for that and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import orjson

from codegen.files.values import ABSENT, is_same

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from codegen.files.values import JSON, Absent
    from codegen.overlay.model import Action
    from codegen.overlay.queries import Match

MEMBER = "x-expects"

_LONGEST = 80


def unexpected(action: Action, matches: Iterable[Match]) -> Iterator[Match]:
    """The nodes that do not have what an action expects; none when it states nothing."""
    expected: JSON | Absent = action.extensions.get(MEMBER, ABSENT)
    if expected is not ABSENT:
        yield from (match for match in matches if not _holds(expected, match.value))


def shown(value: JSON | Absent) -> str:
    """A value as a message shows it, the end of a long one left out."""
    if value is ABSENT:
        return "nothing"
    text = orjson.dumps(value).decode()
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _holds(expected: JSON, value: JSON) -> bool:
    if isinstance(expected, dict) and isinstance(value, dict):
        return all(key in value and _holds(inner, value[key]) for key, inner in expected.items())
    return is_same(expected, value)
