"""From what was measured to the text of RESULTS.md. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from benchmarks.machine import Machine
    from benchmarks.measure import Sample

TIMES = "\N{MULTIPLICATION SIGN}"

_TO = "\N{EN DASH}"
_PREAMBLE = f"""\
# Benchmarks

Written by `nox -s bench`. Contestants take turns; a time is the median of its rounds, a ratio the
median of the ratios within each round, with the quartiles in parentheses. A ratio below 1{TIMES} is
faster than the peer. `nox -s bench -- NAME` measures one group again and leaves the others alone.
"""
_SECTION = re.compile(r"^<!-- group (\S+) -->\n", re.MULTILINE)
_UNITS = ((1, "s"), (10**3, "ms"), (10**6, "µs"))
"""Parts of a second, by how many of them one has."""


@dataclass(frozen=True)
class Table:
    """Rows of measurements; the first column names them."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    remarks: tuple[str, ...] = ()
    """A paragraph each, below the table: an aim and whether it is met, what a column is."""


@dataclass(frozen=True)
class Findings:
    """What one group of benchmarks found."""

    introduction: str
    """What was done, so that a reader could do it again."""
    tables: tuple[Table, ...]


@dataclass(frozen=True)
class Conditions:
    """When, where and with what a group was measured."""

    date: dt.date
    machine: Machine
    versions: Mapping[str, str]
    """Of the distributions that take part, by name."""


def render_section(title: str, findings: Findings, conditions: Conditions) -> str:
    """One group's section, heading included."""
    versions = ", ".join(f"{name} {version}" for name, version in conditions.versions.items())
    return "\n".join(
        [
            f"## {title}\n",
            f"{findings.introduction}\n",
            *(_rendered_table(table) for table in findings.tables),
            f"Measured on {conditions.date}: {conditions.machine}; {versions}.\n",
        ]
    )


def merged(existing: str, sections: Mapping[str, str], order: Sequence[str]) -> str:
    """The whole text, from the text there was and the sections measured now.

    Args:
        existing: The text so far, whose sections stay where there are no new ones; may be empty.
        sections: The new sections by the names of their groups.
        order: The names of all groups. A section of any other group is left out.
    """
    _, *parts = _SECTION.split(existing)
    known = {**dict(zip(parts[::2], parts[1::2], strict=True)), **sections}
    return "\n".join(
        [
            _PREAMBLE,
            *(f"<!-- group {name} -->\n{known[name].strip()}\n" for name in order if name in known),
        ]
    )


def shown_time(sample: Sample) -> str:
    """A time in seconds, milliseconds or microseconds, whichever is easiest to read."""
    factor, unit = next(
        ((factor, unit) for factor, unit in _UNITS if sample.median * factor >= 1), _UNITS[-1]
    )
    low, high = (shown_number(value * factor) for value in sample.spread)
    return f"{shown_number(sample.median * factor)} {unit} ({low}{_TO}{high})"


def shown_ratio(sample: Sample) -> str:
    """A ratio, with the sign of multiplication."""
    low, high = sample.spread
    return f"{sample.median:.2f}{TIMES} ({low:.2f}{_TO}{high:.2f})"


def shown_number(value: float) -> str:
    """Three significant digits, without an exponent."""
    decimals = 0 if value >= 100 else 1 if value >= 10 else 2  # noqa: PLR2004 - powers of ten
    return f"{value:.{decimals}f}"


def shown_aim(aim: str, *, met: bool) -> str:
    """An aim, and whether this run meets it."""
    return f"Aim: {aim}. {'Met.' if met else '**Not met.**'}"


def _rendered_table(table: Table) -> str:
    rule = ("---", *["---:"] * (len(table.columns) - 1))
    lines = [f"| {' | '.join(cells)} |" for cells in (table.columns, rule, *table.rows)]
    paragraphs = [f"{remark}\n" for remark in table.remarks]
    return "\n".join([f"### {table.title}\n", *lines, "", *paragraphs])
