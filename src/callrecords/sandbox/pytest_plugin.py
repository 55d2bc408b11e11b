"""The pytest fixture ``callrecords_sandbox``; installed with callrecords, free until it is used."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Generator
    from contextlib import AbstractContextManager

    from callrecords.sandbox import Sandbox


@pytest.fixture(scope="session")
def _callrecords_sandbox() -> Generator[Sandbox]:
    with _sandbox() as sandbox:
        yield sandbox


def _sandbox() -> AbstractContextManager[Sandbox]:
    try:
        from callrecords.sandbox import run  # noqa: PLC0415 - only who uses it pays for it
    except ImportError as error:
        problem = str(error)
    else:
        return run()
    pytest.fail(problem, pytrace=False)  # out here, so that it is all that is shown


@pytest.fixture
def callrecords_sandbox(_callrecords_sandbox: Sandbox) -> Generator[Sandbox]:
    """The installed providers on loopback: one server for all tests, reset after each."""
    yield _callrecords_sandbox
    _callrecords_sandbox.reset()
