"""How a time is taken: the contestants take turns, and a ratio compares times of one round.

Any machine is slow for seconds at a time. Contestants that take turns meet the same weather, and
the ratio within a round is steadier than the quotient of two medians. pyperf is not used for that
reason: it measures one benchmark after another, each in worker processes of its own, which suits
microseconds on a quiet machine and not programs that run for seconds and write files.
"""

from __future__ import annotations

import gc
import statistics
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence


@dataclass(frozen=True)
class Contestant:
    """One way to do the job that is measured."""

    name: str
    """Unique among those it is measured with."""
    run: Callable[[], object]
    times: int = 1
    """How often ``run`` does the job; what is measured is the time of doing it once."""


def repeated(name: str, job: Callable[[], object], times: int) -> Contestant:
    """A contestant for a job that is too short to be measured alone."""

    def run() -> None:
        for _ in range(times):
            job()

    return Contestant(name, run, times)


@dataclass(frozen=True)
class Sample:
    """The same quantity, measured once in each round."""

    values: tuple[float, ...]

    @property
    def median(self) -> float:
        """The middle value, which a few disturbed rounds do not move."""
        return statistics.median(self.values)

    @property
    def spread(self) -> tuple[float, float]:
        """The quartiles, between which the middle half of the values lies."""
        if len(self.values) == 1:
            return self.values[0], self.values[0]
        low, _, high = statistics.quantiles(self.values, n=4, method="inclusive")
        return low, high

    def per(self, other: Sample) -> Sample:
        """The ratios of this sample to another, round by round."""
        return Sample(tuple(one / two for one, two in zip(self.values, other.values, strict=True)))


def measure(
    contestants: Sequence[Contestant],
    *,
    rounds: int,
    finished: Callable[[str], None],
    clock: Callable[[], float] = time.perf_counter,
) -> dict[str, Sample]:
    """The seconds that each contestant takes for its job, by its name.

    Args:
        contestants: What is measured; warming up is left to the caller.
        rounds: How often each of them runs.
        finished: Is told the name of a contestant after each of its runs.
        clock: Gives the time in seconds.
    """
    seconds: dict[str, list[float]] = {contestant.name: [] for contestant in contestants}
    for number in range(rounds):
        for contestant in _in_turn(contestants, number):
            gc.collect()  # what the one before left is not this one's to clear away
            begin = clock()
            contestant.run()
            seconds[contestant.name].append((clock() - begin) / contestant.times)
            finished(contestant.name)
    return {name: Sample(tuple(values)) for name, values in seconds.items()}


def _in_turn(contestants: Sequence[Contestant], number: int) -> Iterable[Contestant]:
    """Every other round in reverse, so that nobody always follows the same one."""
    return reversed(contestants) if number % 2 else contestants
