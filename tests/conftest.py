"""What holds for every test."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from tests.progress import Progress

if TYPE_CHECKING:
    from collections.abc import Generator

LONGEST = {"test_fifth_provider.py", "test_programs.py"}
# A loaded machine is no finding: no test here is about time.
settings.register_profile("callrecords", deadline=None, max_examples=50)
settings.load_profile("callrecords")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes longest, lest one process ends with it while others have no work."""
    items.sort(key=lambda item: item.path.name not in LONGEST)


@pytest.hookimpl(trylast=True)  # the reporter is made by the same hook
def pytest_configure(config: pytest.Config) -> None:
    """Of a run in several processes, show the groups instead of dots."""
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    if (
        reporter is not None
        and config.getoption("numprocesses", None)
        and config.option.verbose == 0
    ):
        config.pluginmanager.register(Progress(reporter), "progress-by-group")


@pytest.fixture(autouse=True)
def _the_stack_of_a_new_process() -> Generator[None]:
    """Tests of what is nested too deeply come in any order after those that run mypy.

    It raises the limit of recursion for the whole process.
    """
    before = sys.getrecursionlimit()
    yield
    sys.setrecursionlimit(before)
