"""Pieces of Markdown."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_WORD_END = re.compile(r"(?<=[._/{])(?=[^._/{])|(?<=[a-z])(?=[A-Z])")


def table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table; its cells hold Markdown of one line each."""
    lines = [headings, ["---"] * len(headings), *rows]
    return "".join(f"| {' | '.join(map(cell, line))} |\n" for line in lines)


def cell(text: str) -> str:
    """Text for one cell of a table, where even code must escape the bar."""
    return " ".join(text.split()).replace("|", "\\|")


def code(text: str) -> str:
    """A code span; none of the texts here has a backtick in it."""
    return f"`{text}`"


def breakable_code(text: str) -> str:
    """A code span for a cell: it may be broken where words end, and hold bars."""
    return f"<code>{breakable(text)}</code>"


def breakable(text: str) -> str:
    """What stands in such a code span."""
    escaped = html.escape(text).replace("|", "&#124;")
    return _WORD_END.sub("<wbr>", escaped)


def fence(language: str, text: str) -> str:
    """A block of code."""
    return f"```{language}\n{text.rstrip()}\n```\n"
