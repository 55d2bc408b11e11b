"""What all commands share."""

from __future__ import annotations

import contextlib
import gc
from typing import TYPE_CHECKING

import pytest

from codegen.commands.shared import rare_garbage_collection

if TYPE_CHECKING:
    from collections.abc import Generator


@pytest.fixture
def usual() -> Generator[tuple[int, int, int]]:
    """What Python begins with, whatever has run in this process."""
    before = gc.get_threshold()
    gc.set_threshold(700, 10, 10)
    yield gc.get_threshold()
    gc.set_threshold(*before)


def test_garbage_is_collected_as_before_when_a_command_has_ended_or_failed(
    usual: tuple[int, int, int],
) -> None:
    with contextlib.suppress(SystemExit), rare_garbage_collection():
        assert gc.isenabled()
        assert gc.get_threshold() > usual
        raise SystemExit(1)
    assert gc.get_threshold() == usual
