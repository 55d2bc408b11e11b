"""The table in which a provider's module says where each field of a record comes from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True)
class Row:
    """Where one field comes from."""

    field: str
    origin: str
    unit: str


def read_record_table(docstring: str) -> list[Row]:
    """The rows of the only table in a docstring, which is a simple one of reStructuredText.

    Raises:
        ValueError: there is no such table, it has other columns, or a text is wider than its own.
    """
    lines = docstring.splitlines()
    borders = [number for number, line in enumerate(lines) if line.startswith("====")]
    if len(borders) != 3:  # noqa: PLR2004 - above and below the headings, and at the end
        raise ValueError(f"expected a table with three borders, and found {len(borders)}")
    columns = _columns(lines[borders[0]])
    if _cells(lines[borders[0] + 1], columns) != ("field", "from", "wire unit"):
        raise ValueError("expected the columns field, from and wire unit")
    return list(_rows(lines[borders[1] + 1 : borders[2]], columns))


def _columns(border: str) -> list[tuple[int, int | None]]:
    widths = [len(part) for part in border.split()]
    starts = [sum(widths[:index]) + index for index in range(len(widths))]
    # The last column has no end: its text may be longer than the border.
    return list(zip(starts, [*(start - 1 for start in starts[1:]), None], strict=True))


def _cells(line: str, columns: list[tuple[int, int | None]]) -> tuple[str, ...]:
    if any(line[end : end + 1].strip() for _, end in columns if end is not None):
        raise ValueError(f"a text reaches into the next column: {line}")
    return tuple(line[start:end].strip() for start, end in columns)


def _rows(lines: list[str], columns: list[tuple[int, int | None]]) -> Iterator[Row]:
    """The rows; a line whose first column is empty goes on with the row before."""
    pending: list[tuple[str, ...]] = []
    for line in lines:
        cells = _cells(line, columns)
        if cells[0] and pending:
            yield _joined(pending)
            pending = []
        pending.append(cells)
    if pending:
        yield _joined(pending)


def _joined(lines: list[tuple[str, ...]]) -> Row:
    return Row(*(" ".join(filter(None, column)) for column in zip(*lines, strict=True)))
