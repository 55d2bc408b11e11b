"""A plugin of pytest's that runs tests which their authors skip, and writes down what they did.

It is loaded by itself, as the tests of a peer are a package called tests, too.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest

_OUTCOMES: dict[str, str] = {}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Take the marks away that say that a server is missing."""
    for item in items:
        item.own_markers = [mark for mark in item.own_markers if mark.name != "skip"]


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Note the worst that came of a test."""
    if report.outcome != "passed" or report.when == "call":
        _OUTCOMES[report.nodeid] = report.outcome


def pytest_sessionfinish() -> None:
    """Write all of it down."""
    Path(os.environ["PEER_OUTCOMES"]).write_text(json.dumps(_OUTCOMES), encoding="utf-8")
