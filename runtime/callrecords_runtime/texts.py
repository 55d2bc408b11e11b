"""Texts of others, safe to print: nothing in them steers a terminal or breaks a line of a log."""

from __future__ import annotations

import re

_STEERING = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]"
)
"""What steers a terminal, breaks lines, turns text around, or cannot be written; neither the line
feed and the tab, nor the joiners that scripts and emoji need."""
_LONGEST = 5000
"""Characters of a line: nobody reads more of an error."""


def printable(text: str) -> str:
    r"""A text whose control characters are written as in JSON, such as ``\u001b``.

    So none reaches the terminal, and a JSON text still says the same.
    """
    return _STEERING.sub(lambda found: f"\\u{ord(found[0]):04x}", text.replace("\r\n", "\n"))


def one_line(text: str) -> str:
    """A text in one line, cut where it is very long."""
    line = printable(" ".join(text[: 2 * _LONGEST].split()))
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST]}…"
