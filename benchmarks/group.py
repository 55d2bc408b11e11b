"""What a group of benchmarks is to the command line."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from benchmarks.report import Findings

Finished: TypeAlias = Callable[[str], None]
"""Is told the name of a contestant after each of its runs."""


@dataclass(frozen=True)
class Group:
    """Measurements that belong in one section of RESULTS.md."""

    title: str
    """The heading of the section."""
    distributions: tuple[str, ...]
    """Those whose versions matter; the peers among them."""
    steps: int
    """How many runs there are, for the progress display."""
    run: Callable[[Finished], Findings]
    """Measures, and calls what it is given ``steps`` times."""
