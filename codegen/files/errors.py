"""The one exception for what a person who runs ``python -m codegen`` can mend."""

from __future__ import annotations

import contextlib
import difflib
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Generator, Sequence
    from pathlib import Path


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong with a value, and where."""

    kind: str
    """What sort of thing it is, such as ``operation/lost``: code decides by this alone."""
    pointer: str
    """The place, a JSON pointer (RFC 6901); empty for the whole value."""
    message: str
    """What is wrong, and what was expected or what to do, for people."""

    def __str__(self) -> str:
        return f"{self.pointer or '(the whole)'}: {self.message}"


class BadInputError(Exception):
    """A file that cannot be used as it is.

    Its text names the file, the line when it is known, the column where it cannot be read on, the
    JSON pointer when there is one, what is wrong, and what was expected or what to do. The command
    line prints it and exits with 2.
    """

    def __init__(  # noqa: PLR0913 - where it is, and what
        self,
        message: str,
        *,
        file: Path | str,
        pointer: str | None = None,
        line: int | None = None,
        column: int | None = None,
        kind: str = "",
    ) -> None:
        super().__init__(message, file, pointer, line, column, kind)
        self.message = message
        self.file = file
        self.pointer = pointer
        self.line = line
        self.column = column
        self.kind = kind
        """That of the :class:`Problem` it is about; empty where nobody asks."""

    @property
    def problems(self) -> list[BadInputError]:
        """This one alone, where :class:`BadInputs` has several."""
        return [self]

    def __str__(self) -> str:
        place = str(self.file)
        if self.line is not None:
            place += f":{self.line}"
        if self.column is not None:
            place += f":{self.column}"
        if self.pointer is not None:
            place += f" at {self.pointer or '(the document root)'}"
        return f"{place}: {self.message}"


class BadInputs(Exception):  # noqa: N818 - a group, named as ExceptionGroup is
    """Several :class:`BadInputError` of one reading, so that a person mends them all in one go."""

    def __init__(self, problems: list[BadInputError]) -> None:
        super().__init__(problems)
        self.problems = problems

    def __str__(self) -> str:
        return "\n".join(str(problem) for problem in self.problems)


@contextlib.contextmanager
def as_bad_input(file: Path, failure: str = "") -> Generator[None]:
    """Within it, what the system refuses is bad input: of ``file`` when the system names none.

    ``failure`` stands before the system's reason, such as ``cannot be read`` and a colon.

    Raises:
        BadInputError: the system refuses something.
    """
    try:
        yield
    except OSError as error:
        message = f"{failure}{error.strerror or error}"
        raise BadInputError(message, file=error.filename or file) from error


def counted(number: int, noun: str) -> str:
    """The number with its noun, as a sentence has it: ``1 payload``, ``2 payloads``."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def shortened(texts: Sequence[str], most: int = 3) -> str:
    """The first texts of a list, and how many more there are."""
    more = f" and {len(texts) - most} more" if len(texts) > most else ""
    return f"{', '.join(texts[:most])}{more}"


_MOST = 12


def nearest(name: str, known: Collection[str]) -> str:
    """What may have been meant by a name that is not known, for the end of a message."""
    if close := difflib.get_close_matches(name, known, n=1):
        return f"did you mean {close[0]}?"
    names = sorted(known)
    return f"there is {shortened(names, _MOST)}" if names else "there is none"
