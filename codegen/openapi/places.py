"""Places in an API, as a table of names writes them: ``Call.participants[]``, ``list_calls 200``.

A place begins with the name of an operation or of another class. After an operation comes what of
it is meant: a status, ``body``, or ``query``, ``path``, ``header`` or ``cookie`` and the name of a
parameter; in parentheses, a media type where there are several. Then come steps:

- ``.participants``: a property; in quotes (``.'a b'``) where it has signs of this grammar
- ``[]``: what an array or a map holds. It may be left out after an array.
- ``(2)``, ``(session)``: of the alternatives of a choice the second, or the one with this property

References, an ``allOf``, an array and "this or null" need no step.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from codegen.files.values import pointer_to

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from codegen.files.document import Document
    from codegen.files.errors import Problem

TABLE = "x-names"
"""The member of an overlay that holds the table."""

_WORD = r"(?:'[^']*'|[^\s.\[\]()']+)"
_PART = rf"body|default|[1-5](?:\d\d|XX)|(?:query|path|header|cookie) {_WORD}"
_STEP = rf"\.{_WORD}|\[\]|\([^()]+\)"
_PLACE = re.compile(rf"([A-Za-z_]\w*)((?: (?:{_PART}))*)((?:{_STEP})*)")
_PLAIN = re.compile(_WORD)

OPERATION = re.compile(r"(?:([a-z_]\w*)\.)?([a-z_]\w*)")
"""What a table calls an operation: its function, with its module before it."""
CLASS = re.compile(r"[A-Z]\w*")
"""What a table calls a schema."""
METHOD_AND_PATH = re.compile(r"(GET|PUT|POST|DELETE|OPTIONS|HEAD|PATCH|TRACE) (/.*)")


@dataclass(frozen=True, slots=True)
class Place:
    """One place, taken apart."""

    text: str
    start: str
    """The operation or the class that it begins with."""
    parts: tuple[str, ...]
    """What of an operation: ``("200",)`` or ``("query", "status")``."""
    steps: tuple[str, ...]
    """Each as it is written, but for quotes: ``.participants``, ``[]`` or ``(2)``."""

    def __str__(self) -> str:
        return self.text


def parsed_place(text: str) -> Place | None:
    """The place that a text writes; None if it writes none."""
    found = _PLACE.fullmatch(text)
    if found is None:
        return None
    parts = [*map(_unquoted, re.findall(r"'[^']*'|[^\s(]+", found[2]))]
    steps = [step[0] + _unquoted(step[1:]) for step in re.findall(_STEP, found[3])]
    return Place(text, found[1], tuple(parts), tuple(steps))


def quoted(word: str) -> str:
    """The name of a property or a parameter as a place has it."""
    return word if _PLAIN.fullmatch(word) and not word.startswith("'") else f"'{word}'"


def _unquoted(word: str) -> str:
    return word[1:-1] if word[:1] == word[-1:] == "'" and len(word) > 1 else word


@dataclass(frozen=True)
class Names:
    """What a person calls the operations and schemas of an API, by where they stand in it."""

    operations: Mapping[str, tuple[str, str]]
    """Method and path of each, by ``calls.get_call``."""
    classes: Mapping[str, tuple[Place, ...]]
    """Where the schemas stand of which each class is made; one shape in all places."""
    document: Document | None = field(default=None, compare=False)
    """The overlay that has the table."""

    def refuse(self, problems: Iterable[Problem]) -> None:
        """Raise an error for each problem with lines of the table, by their pointers in it.

        Raises:
            BadInputs: there are problems.
        """
        if self.document is not None:
            place = pointer_to(TABLE)
            self.document.refuse(
                replace(problem, pointer=place + problem.pointer) for problem in problems
            )


NO_NAMES = Names({}, {})
"""All is called as the provider calls it."""
