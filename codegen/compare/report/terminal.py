"""A comparison for a terminal, or for a file: the same text, with or without colour."""

from __future__ import annotations

import io
import sys
from typing import TYPE_CHECKING

from rich.console import Console, Group
from rich.padding import Padding
from rich.text import Text

from codegen.compare.comparison import Severity
from codegen.compare.report.wording import EXPLANATIONS, HEADINGS, sentence, summary, visible

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import RenderableType

    from codegen.compare.comparison import Change
    from codegen.compare.report.data import Report

_STYLES = {
    Severity.SECURITY: "bold magenta",
    Severity.BREAKING: "bold red",
    Severity.ADDITIVE: "bold green",
    Severity.DOCS: "bold blue",
}
_MOST_LINES = 12
_INDENT = (0, 0, 0, 2)
_UNBOUNDED = 10_000
"""Columns: lines are left as they are, for whoever searches them."""


def as_text(report: Report) -> str:
    """The report as plain text."""
    file = io.StringIO()
    console = Console(file=file, width=_UNBOUNDED, color_system=None, legacy_windows=False)
    console.print(_renderable(report), soft_wrap=False)
    return "".join(f"{line.rstrip()}\n" for line in file.getvalue().splitlines())


def print_text(report: Report) -> None:
    """Print the report; on a terminal, rich colours it and breaks its lines."""
    console = Console()
    if console.is_terminal:
        console.print(_renderable(report))
    else:
        sys.stdout.write(as_text(report))


def _renderable(report: Report) -> RenderableType:
    comparison = report.comparison
    versions = f"{visible(report.old_version)} → {visible(report.new_version)}"
    head = Text.assemble((visible(report.title), "bold"), f"  {versions}\n")
    head.append(summary(comparison))
    parts: list[RenderableType] = [head]
    for severity in Severity:
        if changes := comparison.of(severity):
            heading, explanation = HEADINGS[severity], f"  {EXPLANATIONS[severity]}"
            parts += [Text(), Text.assemble((heading, _STYLES[severity]), (explanation, "dim"))]
            parts += [part for change in changes for part in _of_change(change)]
    if comparison.not_compared:
        parts += [Text(), Text("Not compared, as no package can be made of it", style="bold")]
        parts += [Padding(Text(visible(place)), _INDENT) for place in comparison.not_compared]
    return Group(*parts)


def _of_change(change: Change) -> Iterator[RenderableType]:
    yield Text()
    yield Padding(_prose(f"{sentence(change.what)}.", style="bold"), _INDENT)
    yield Padding(_prose(change.why), _INDENT)
    place = [visible(change.python_name), visible(change.pointer), change.id]
    yield Padding(Text("  ".join(filter(None, place)), style="dim"), _INDENT)
    yield from _side(change.old, "-", "red")
    yield from _side(change.new, "+", "green")


def _prose(text: str, style: str = "") -> Text:
    """Words, in which names stand in backquotes."""
    prose = Text(style=style)
    for index, part in enumerate(visible(text).split("`")):
        prose.append(part, style="cyan" if index % 2 else "")
    return prose


def _side(text: str, sign: str, style: str) -> Iterator[RenderableType]:
    lines = visible(text).splitlines()
    shown = lines if len(lines) <= _MOST_LINES else [*lines[: _MOST_LINES - 1], "..."]
    for line in shown:
        yield Padding(Text(f"{sign} {line}", style=style), _INDENT)
