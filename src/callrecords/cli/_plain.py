"""Text for pipes and files: no colours, no lines around it, and nothing cut or wrapped."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

import typer

from callrecords.cli._text import text_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from callrecords.cli._text import Value
    from callrecords.cli._view import Field, Grid, View

_NOT_SAID = "-"
_SESSION_WIDTHS = {"id": 36, "status": 7, "started": 20, "elapsed": 8, "meeting": 0}
"""Known before the first row is, as rows are printed while the next ones are fetched."""


def print_view(view: View) -> None:
    """Print a record."""
    print_fields(view.fields)
    for grid in view.grids:
        typer.echo(f"\n{grid.title}")
        print_grid(grid)
    if view.transcript is not None:
        typer.echo(f"\ntranscript\n{text_of(view.transcript)}")


def print_fields(fields: Sequence[Field]) -> None:
    """Print labels and values, aligned."""
    width = max(len(label) for label, _ in fields)
    for label, value in fields:
        text = text_of(value, between="T")
        beside = textwrap.indent(text, " " * (width + 2)).lstrip(" ")
        typer.echo(f"{label:{width}}  {beside}".rstrip())


def print_grid(grid: Grid) -> None:
    """Print a table without its title, aligned."""
    rows = [grid.columns, *([_cell(value) for value in row] for row in grid.rows)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        typer.echo(_line(zip(row, widths, strict=True)))


def print_sessions(sessions: Iterable[Mapping[str, Value]]) -> None:
    """Print a list of sessions, each in one line and as soon as it is there."""
    for number, session in enumerate(sessions):
        if number == 0:
            typer.echo(_line(_SESSION_WIDTHS.items()))
        typer.echo(_line((_cell(session[name]), width) for name, width in _SESSION_WIDTHS.items()))


def _line(cells: Iterable[tuple[str, int]]) -> str:
    return "  ".join(f"{text:{width}}" for text, width in cells).rstrip()


def _cell(value: Value) -> str:
    return " ".join(text_of(value, between="T").split()) or _NOT_SAID
