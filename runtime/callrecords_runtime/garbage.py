"""The collection of garbage, which waits while one large body becomes models."""

from __future__ import annotations

import contextlib
import gc
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextlib.contextmanager
def uncollected() -> Iterator[None]:
    """Put collection off until the block ends, unless somebody has turned it off altogether.

    What becomes of a body is no garbage, and to look through all of it again and again takes most
    of the time for a large one. Threads need not wait for each other: one that ends its block first
    lets the others go on more slowly, no more.
    """
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
