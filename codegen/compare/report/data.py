"""A comparison as JSON, for programs."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import orjson

from codegen.compare.comparison import Severity

if TYPE_CHECKING:
    from codegen.compare.comparison import Comparison


def as_json(comparison: Comparison, *, title: str, old_version: str, new_version: str) -> str:
    """The report as a JSON text, with the members that :func:`as_data` gives."""
    data = as_data(comparison, title=title, old_version=old_version, new_version=new_version)
    return orjson.dumps(data, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE).decode()


def as_data(
    comparison: Comparison, *, title: str, old_version: str, new_version: str
) -> dict[str, object]:
    """The report as data that JSON can say.

    Its members are ``title``, ``old_version``, ``new_version``, ``counts`` (by severity),
    ``changes`` and ``not_compared``. A change has the members of
    :class:`~codegen.compare.comparison.Change`.
    """
    return {
        "title": title,
        "old_version": old_version,
        "new_version": new_version,
        "counts": {severity.value: len(comparison.of(severity)) for severity in Severity},
        "changes": [
            {**asdict(change), "severity": change.severity.value} for change in comparison.changes
        ],
        "not_compared": list(comparison.not_compared),
    }
