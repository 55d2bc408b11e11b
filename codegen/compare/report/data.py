"""What a report tells, and the same as JSON, for programs."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

import orjson

from codegen.compare.comparison import Severity

if TYPE_CHECKING:
    from codegen.compare.comparison import Comparison


@dataclass(frozen=True)
class Report:
    """A comparison, and of what it is one."""

    comparison: Comparison
    title: str
    old_version: str
    new_version: str


def as_json(data: dict[str, object]) -> str:
    """Data such as :func:`as_data` makes, as a JSON text."""
    return orjson.dumps(data, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE).decode()


def as_data(report: Report) -> dict[str, object]:
    """The report as data that JSON can say.

    Its members are ``title``, ``old_version``, ``new_version``, ``counts`` (by severity),
    ``changes`` and ``not_compared``. A change has the members of
    :class:`~codegen.compare.comparison.Change`.
    """
    comparison = report.comparison
    return {
        "title": report.title,
        "old_version": report.old_version,
        "new_version": report.new_version,
        "counts": {severity.value: len(comparison.of(severity)) for severity in Severity},
        "changes": [
            {**asdict(change), "severity": change.severity.value} for change in comparison.changes
        ],
        "not_compared": list(comparison.not_compared),
    }
