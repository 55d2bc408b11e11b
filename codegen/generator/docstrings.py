"""Texts of a definition as the docstrings of generated modules have them.

They are wrapped between words and never within one: what is longer than a line stays whole.
"""

from __future__ import annotations

import re
import textwrap
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_NO_SOURCE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
"""Control characters and halves of surrogate pairs."""
_SENTENCE = re.compile(r"(.+?[.!?])(?=\s|$)", re.DOTALL)
_ABBREVIATIONS = ("e.g.", "i.e.", "etc.", "vs.", "approx.")


def safe(text: str) -> str:
    """The text between three quotes, so that nothing in it ends them or escapes anything."""
    plain = _NO_SOURCE.sub("", text)
    escaped = plain.replace("\\", "\\\\").replace('"""', '\\"\\"\\"')
    # One at the end would be the first of the closing ones.
    quotes = len(plain) - len(plain.rstrip('"'))
    return f'{escaped[:-1]}\\"' if quotes % 3 else escaped


def docstring(text: str, width: int) -> str:
    """The text, safe between three quotes, its lines no longer than ``width`` where words allow."""
    return "\n".join(_lines(text, width))


def entry(name: str, text: str, width: int) -> str:
    """One line of a section, such as an argument's, with what goes on below it."""
    first, *rest = _lines(text, width - 4, f"{name}: ")
    return "\n".join([first, *(f"    {line}".rstrip() for line in rest)])


def sections(paragraphs: Iterable[str], **entries: list[str]) -> str:
    """A whole docstring: paragraphs, then its sections with their entries, if they have any."""
    titled = (
        "\n".join([f"{title}:", *(textwrap.indent(each, "    ") for each in found)])
        for title, found in entries.items()
        if found
    )
    return "\n\n".join([*filter(None, paragraphs), *titled])


def summary_of(text: str) -> tuple[str, str]:
    """The first sentence of a text on one line, and the rest."""
    paragraph, _, rest = text.strip().partition("\n\n")
    for found in _SENTENCE.finditer(paragraph):
        sentence = paragraph[: found.end()]
        if not sentence.lower().endswith(_ABBREVIATIONS):
            remaining = paragraph[found.end() :].strip()
            return one_line(sentence), "\n\n".join(filter(None, [remaining, rest.strip()]))
    return one_line(paragraph), rest.strip()


def one_line(text: str) -> str:
    """The text without line breaks."""
    return " ".join(text.split())


def sentence(text: str) -> str:
    """The text, which ends like a sentence."""
    text = text.strip()
    return text if text.endswith((".", "!", "?", ":")) else f"{text}."


def _lines(text: str, width: int, start: str = "") -> list[str]:
    lines: list[str] = []
    for line in f"{start}{safe(text.strip())}".splitlines() or [start]:
        indentation = line[: len(line) - len(line.lstrip())]
        lines += textwrap.wrap(
            line,
            width,
            subsequent_indent=indentation,
            break_long_words=False,
            break_on_hyphens=False,
        ) or [""]
    return lines
