"""What a run in several processes prints meanwhile: the groups of tests that are done, by name.

Thousands of dots say only that something goes on. Failures are named as they happen.
"""

from __future__ import annotations

from collections import Counter
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable


def group_of(nodeid: str) -> str:
    """The folder of a test, at most two deep: ``codegen/compare``."""
    folders = PurePosixPath(nodeid.partition("::")[0]).parts[1:-1]
    return "/".join(folders[:2]) or "tests"


class Groups:
    """How many tests of each group are done."""

    def __init__(self, ids: Iterable[str]) -> None:
        self.total = Counter(map(group_of, ids))
        self.done: Counter[str] = Counter()

    def finish(self, nodeid: str) -> str:
        """Count a test, and say how far its group is."""
        group = group_of(nodeid)
        self.done[group] += 1
        percent = 100 * self.done.total() // self.total.total()
        return f"{percent:3} %  {group:24} {self.done[group]:5,} of {self.total[group]:5,}"

    def is_done(self, nodeid: str) -> bool:
        """Whether the group of a test is."""
        group = group_of(nodeid)
        return self.done[group] == self.total[group]


class Progress:
    """The plugin: in the place of dots, a line for each group, which grows in a terminal."""

    def __init__(self, reporter: pytest.TerminalReporter) -> None:
        self._reporter = reporter
        self._groups: Groups | None = None

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_node_collection_finished(self, ids: list[str]) -> None:
        """Every process finds the same tests."""
        self._groups = self._groups or Groups(ids)

    @pytest.hookimpl(wrapper=True)
    def pytest_report_teststatus(
        self,
    ) -> Generator[None, tuple[str, str, object], tuple[str, str, object]]:
        """No test has a letter of its own; all are counted as ever."""
        category, _, word = yield
        return category, "", word

    @pytest.hookimpl(trylast=True)
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Tell what is new."""
        if report.failed:
            self._reporter.ensure_newline()
            self._reporter.write_line(f"FAILED {report.nodeid} ({report.when})", red=True)
        if report.when != "teardown" or self._groups is None:
            return
        line = self._groups.finish(report.nodeid)
        if self._reporter.isatty:
            self._reporter.rewrite(line, erase=True)
            line = ""
        if self._groups.is_done(report.nodeid):
            self._reporter.line(line)
