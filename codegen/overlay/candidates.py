"""Where something that is gone from a definition may be now."""

from __future__ import annotations

import difflib
import functools
from collections import defaultdict
from typing import TYPE_CHECKING

from codegen.files.values import pointer_to

if TYPE_CHECKING:
    from codegen.files.values import JSON, Location

_MOST = 3
_LIKENESS = 0.7


class Candidates:
    """The places of one definition, by name."""

    def __init__(self, definition: JSON) -> None:
        self._definition = definition

    def near(self, lost: Location) -> list[str]:
        """The JSON pointers of the places most like one that is gone, at most three.

        They are those beside it with a similar name, then those elsewhere with the same name.
        """
        parent, rest = self._deepest(lost)
        missing = str(rest[0]) if rest else ""
        beside = [
            pointer_to(*lost[: len(lost) - len(rest)], name)
            for name in difflib.get_close_matches(missing, _names(parent), _MOST, _LIKENESS)
        ]
        wanted = pointer_to(*lost)
        elsewhere = sorted(
            self._by_name.get(missing, []),
            key=lambda place: -difflib.SequenceMatcher(None, wanted, place).ratio(),
        )
        return list(dict.fromkeys([*beside, *elsewhere]))[:_MOST]

    def _deepest(self, lost: Location) -> tuple[JSON, Location]:
        """The deepest node on the way to a place, and the keys that lead on from it."""
        value = self._definition
        for depth, key in enumerate(lost):
            if isinstance(value, dict) and key in value:
                value = value[str(key)]
            elif isinstance(value, list) and isinstance(key, int) and key < len(value):
                value = value[key]
            else:
                return value, lost[depth:]
        return value, ()

    @functools.cached_property
    def _by_name(self) -> dict[str, list[str]]:
        found: defaultdict[str, list[str]] = defaultdict(list)
        waiting: list[tuple[str, JSON]] = [("", self._definition)]
        while waiting:
            place, value = waiting.pop()
            members = (
                value.items()
                if isinstance(value, dict)
                else enumerate(value)
                if isinstance(value, list)
                else ()
            )
            for key, member in members:
                inner = place + pointer_to(key)
                if isinstance(key, str) and isinstance(member, dict):
                    found[key].append(inner)
                waiting.append((inner, member))
        return found


def _names(value: JSON) -> list[str]:
    return list(value) if isinstance(value, dict) else []
