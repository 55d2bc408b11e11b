"""The collection of garbage, which waits while one large body becomes models."""

from __future__ import annotations

import contextlib
import gc
import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Generator

_blocks: list[None] = []
"""One for each block that is being run, in any thread."""


@contextlib.contextmanager
def uncollected() -> Generator[None]:
    """Put collection off until the block ends, unless somebody has turned it off altogether.

    What becomes of a body is no garbage, and to look through all of it again and again takes most
    of the time for a large one. Threads need not wait for each other: one that ends its block first
    lets the others go on more slowly, no more. Who turns collection off during a block finds it on
    after it.
    """
    if not gc.isenabled():
        yield
        return
    _blocks.append(None)
    gc.disable()
    try:
        yield
    finally:
        del _blocks[-1:]
        gc.enable()


def _collect_again() -> None:
    """In a forked process the threads are gone that would end their blocks."""
    if _blocks:
        _blocks.clear()
        gc.enable()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_collect_again)
