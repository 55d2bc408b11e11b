"""Garbage collection for commands that build large structures, use them, and end."""

from __future__ import annotations

import gc
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Generator

_THRESHOLDS = (50_000, 20, 100)


@contextmanager
def rare_garbage_collection() -> Generator[None]:
    """Look for unreachable cycles less often than Python does by itself.

    A definition and what is generated from it hardly have any. Looking through all of it again and
    again takes a third of the time for 800 operations, and a growing part for more.
    """
    before = gc.get_threshold()
    gc.set_threshold(*_THRESHOLDS)
    try:
        yield
    finally:
        gc.set_threshold(*before)
