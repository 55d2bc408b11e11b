"""The lines that a comparison is worth in a CHANGELOG."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codegen.compare.comparison import Severity
from codegen.compare.report.wording import sentence, visible

if TYPE_CHECKING:
    from codegen.compare.comparison import Change, Comparison

HEADINGS = {
    Severity.SECURITY: "Where requests and credentials go",
    Severity.BREAKING: "What may break a program",
    Severity.ADDITIVE: "New",
    Severity.DOCS: "Documentation",
}


def entry(comparison: Comparison) -> str:
    """The body of a CHANGELOG entry: a heading and a list per severity, without the version.

    It is Markdown, and ends with a newline; empty when nothing has changed.
    """
    parts: list[str] = []
    for severity, heading in HEADINGS.items():
        changes = [change for change in comparison.changes if change.severity is severity]
        if changes:
            lines = "\n".join(_line(change) for change in changes)
            parts.append(f"### {heading}\n\n{lines}\n")
    return "\n".join(parts)


def _line(change: Change) -> str:
    what = sentence(_on_one_line(change.what))
    if change.severity is Severity.DOCS:
        return f"- {what}."  # the heading says the rest
    return f"- {what}. {_on_one_line(change.why)}"


def _on_one_line(text: str) -> str:
    """A text in which a name from a definition is neither markup nor a line of its own."""
    return " ".join(visible(text).split()).replace("<", "&lt;")
