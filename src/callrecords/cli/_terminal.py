"""Tables for a terminal, in colours where it has them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from rich.console import Console, Group
from rich.style import Style
from rich.table import Table
from rich.text import Text

from callrecords.cli._text import text_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from rich.console import RenderableType

    from callrecords.cli._text import Value
    from callrecords.cli._view import Field, Grid, View

_LONGEST_TRANSCRIPT, _LONGEST_VALUE = 1000, 200
"""Characters; what is longer would push everything else out of sight."""
_STATUS_STYLES = {
    "ongoing": "green",
    "failed": "red",
    "rejected": "red",
    "unanswered": "yellow",
    "canceled": "yellow",
}
_LABEL = "cyan"
_NUMBERS = {"count", "duration"}


class _Console(Console):
    def on_broken_pipe(self) -> None:
        """Leave it to whoever runs the command, as with plain text."""
        raise  # noqa: PLE0704 - rich calls this while it handles the error


def console() -> Console:
    """Standard output as rich sees it: ``is_terminal`` heeds FORCE_COLOR, its styles NO_COLOR."""
    return _Console(highlight=False)


def error_console() -> Console:
    """Standard error."""
    return Console(stderr=True, highlight=False)


def view_table(view: View) -> RenderableType:
    """A record."""
    parts: list[RenderableType] = [fields_table(view.fields)]
    for grid in view.grids:
        parts += _section(grid.title, grid_table(grid))
    if view.transcript is not None:
        parts += _section("transcript", _shortened(view.transcript))
    return Group(*parts)


def fields_table(fields: Sequence[Field]) -> Table:
    """Labels and values."""
    table = Table.grid(padding=(0, 2))
    table.add_column(style=_LABEL, no_wrap=True)
    table.add_column(overflow="fold")
    for label, value in fields:
        table.add_row(label, _text(label, value))
    return table


def grid_table(grid: Grid) -> Table:
    """A table without its title."""
    table = _table()
    for name in grid.columns:
        # An identifier that is broken cannot be copied.
        justify: Literal["left", "right"] = "right" if name in _NUMBERS else "left"
        table.add_column(name, overflow="fold", justify=justify, no_wrap=name == "id")
    for row in grid.rows:
        table.add_row(*map(_text, grid.columns, row))
    return table


def findings_list(grid: Grid) -> RenderableType:
    """What is wrong with recorded answers: below each other, as values may be long."""
    parts: list[RenderableType] = []
    for row in grid.rows:
        said = dict(zip(grid.columns, map(text_of, row), strict=True))
        times = "once" if said["count"] == "1" else f"{said['count']} times"
        parts += [
            Text.assemble((said["path"], _LABEL), f"  {said['kind']}"),
            fields_table(
                [
                    ("  first", f"{said['place']}, {times}"),
                    ("  expected", _cut(said["expected"])),
                    ("  actual", _cut(said["actual"])),
                ]
            ),
        ]
    return Group(*parts)


def sessions_table(sessions: Iterable[Mapping[str, Value]]) -> Table:
    """A list of sessions."""
    table = _table()
    table.add_column("id", no_wrap=True)
    table.add_column("status", no_wrap=True)
    table.add_column("started", min_width=10)
    table.add_column("elapsed", justify="right", no_wrap=True)
    table.add_column("meeting", overflow="fold")
    for session in sessions:
        table.add_row(*(_text(name, value) for name, value in session.items()))
    return table


def _section(title: str, content: RenderableType) -> list[RenderableType]:
    return [Text(), Text(title, _LABEL), content]


def _table() -> Table:
    return Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style=_LABEL)


def _text(label: str, value: Value) -> Text:
    """A value as text that is taken as it is: no markup, and a link where it is one."""
    text = Text(text_of(value))
    if label == "status":
        text.stylize(_STATUS_STYLES.get(text.plain.partition(" ")[0], ""))
    elif text.plain.startswith(("https://", "http://")):
        text.stylize(Style(link=text.plain))
    return text


def _cut(value: str) -> str:
    left = len(value) - _LONGEST_VALUE
    return value if left <= 0 else f"{value[:_LONGEST_VALUE]}… and {left:,} characters more"


def _shortened(transcript: str) -> Text:
    shown = Text(text_of(transcript[:_LONGEST_TRANSCRIPT]))
    left = len(transcript) - _LONGEST_TRANSCRIPT
    if left > 0:
        shown.append(f"… and {left:,} characters more: --json has them all", "dim")
    return shown
