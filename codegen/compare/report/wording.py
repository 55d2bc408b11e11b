"""The words that all forms of a report share, and the lines for a CHANGELOG."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from codegen.compare.comparison import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from codegen.compare.comparison import Change, Comparison

NOTHING = "Nothing changes for users."
HEADINGS = {
    Severity.SECURITY: "Security",
    Severity.BREAKING: "Breaking",
    Severity.ADDITIVE: "Additive",
    Severity.DOCS: "Documentation",
}
_HEADINGS_OF_ENTRY = {
    Severity.SECURITY: "Where requests and credentials go",
    Severity.BREAKING: "What may break a program",
    Severity.ADDITIVE: "New",
    Severity.DOCS: "Documentation",
}
EXPLANATIONS = {
    Severity.SECURITY: "moves where requests or credentials go",
    Severity.BREAKING: "may break a program that is right today",
    Severity.ADDITIVE: "every program goes on as it was",
    Severity.DOCS: "only what is to be read is another",
}


def summary(comparison: Comparison) -> str:
    """How many changes there are of each severity, in one sentence."""
    if not comparison.changes:
        return NOTHING
    counts = [f"{count} {severity.value}" for severity, count in counted(comparison).items()]
    total = len(comparison.changes)
    return f"{total} {'change' if total == 1 else 'changes'}: {', '.join(counts)}."


def counted(comparison: Comparison) -> dict[Severity, int]:
    """The number of changes by severity, of those that occur."""
    counts = {severity: len(comparison.of(severity)) for severity in Severity}
    return {severity: count for severity, count in counts.items() if count}


_MOST_TEXTS = 8
"""How many changed texts an entry lists one by one."""


def entry(comparison: Comparison) -> str:
    """The body of a CHANGELOG entry: a heading and a list per severity, without the version.

    It is Markdown, and ends with a newline; empty when nothing has changed.
    """
    return "\n".join(
        f"### {_HEADINGS_OF_ENTRY[severity]}\n\n{''.join(_lines(severity, comparison))}"
        for severity in counted(comparison)
    )


def _lines(severity: Severity, comparison: Comparison) -> Iterator[str]:
    """A line for each change; one for all texts where there are many of them."""
    changes = comparison.of(severity)
    if severity is not Severity.DOCS or len(changes) <= _MOST_TEXTS:
        yield from map(_line, changes)
        return
    package = min((change.python_name.split(".")[0] for change in changes), default="")
    names = dict.fromkeys(_owner(change.python_name.removeprefix(package)) for change in changes)
    listed = ", ".join(f"`{name}`" for name in names if name)
    yield f"- {len(changes)} descriptions and examples have changed, of {listed}.\n"


def _owner(python_name: str) -> str:
    """The method or the class in a dotted name below a package."""
    match python_name.partition("(")[0].split(".")[1:]:
        case ["models", name, *_]:
            return name
        case [_, *method] if method:
            return ".".join(method)
        case _:
            return "the client"


def _line(change: Change) -> str:
    # Of what only readers notice, the heading says the rest.
    why = "" if change.severity is Severity.DOCS else f" {_on_one_line(change.why)}"
    return f"- {sentence(_on_one_line(change.what))}.{why}\n"


def _on_one_line(text: str) -> str:
    """A text in which a name from a definition is neither markup nor a line of its own."""
    return " ".join(visible(text).split()).replace("<", "&lt;")


def sentence(text: str) -> str:
    """A text with a capital letter at its beginning."""
    return text[:1].upper() + text[1:]


def visible(text: str) -> str:
    """A text of a definition without what a terminal obeys or what turns the direction of writing.

    Each such character is written as an escape. Lines stay lines.
    """
    return "".join(map(_shown, text))


def _shown(character: str) -> str:
    if character == "\n" or unicodedata.category(character) not in {"Cc", "Cf", "Cs", "Co"}:
        return character
    return "    " if character == "\t" else f"\\u{ord(character):04x}"
