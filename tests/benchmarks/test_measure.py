"""Contestants take turns, and their times are compared round by round."""

from __future__ import annotations

import pytest

from benchmarks.measure import Contestant, Sample, measure, repeated


class Clock:
    """A clock that only moves when it is told to."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now

    def advance(self, seconds: float) -> None:
        self.now += seconds


def contestant(name: str, clock: Clock, *seconds: float) -> Contestant:
    """One that takes a given time in each round."""
    remaining = iter(seconds)
    return Contestant(name, lambda: clock.advance(next(remaining)))


def test_each_contestant_is_timed_once_in_each_round() -> None:
    clock = Clock()
    contestants = [contestant("hare", clock, 1, 2), contestant("tortoise", clock, 30, 40)]
    samples = measure(contestants, rounds=2, finished=lambda _: None, clock=clock)
    assert samples == {"hare": Sample((1, 2)), "tortoise": Sample((30, 40))}


def test_every_other_round_is_run_in_reverse() -> None:
    clock, order = Clock(), list[str]()
    contestants = [contestant(name, clock, 1, 1, 1) for name in "abc"]
    measure(contestants, rounds=3, finished=order.append, clock=clock)
    assert "".join(order) == "abccbaabc"


@pytest.mark.parametrize(
    ("values", "median", "spread"),
    [
        pytest.param((2.0,), 2.0, (2.0, 2.0), id="one round"),
        pytest.param((9.0, 1.0, 2.0, 2.0, 2.0), 2.0, (2.0, 2.0), id="two disturbed rounds"),
        pytest.param((1.0, 2.0, 3.0, 4.0), 2.5, (1.75, 3.25), id="an even number of rounds"),
    ],
)
def test_sample_is_summed_up_by_median_and_spread(
    values: tuple[float, ...], median: float, spread: tuple[float, float]
) -> None:
    sample = Sample(values)
    assert (sample.median, sample.spread) == (median, spread)


def test_ratio_compares_times_of_one_round() -> None:
    # The third round met a slow machine; in every round the second contestant takes twice as long.
    assert Sample((1.0, 2.0, 8.0)).per(Sample((2.0, 4.0, 16.0))) == Sample((0.5, 0.5, 0.5))


def test_samples_of_different_rounds_have_no_ratio() -> None:
    with pytest.raises(ValueError, match="shorter"):
        Sample((1.0, 2.0)).per(Sample((1.0,)))


def test_short_job_is_done_often_and_its_time_is_that_of_once() -> None:
    clock = Clock()
    samples = measure(
        [repeated("sprinter", lambda: clock.advance(0.5), 8)],
        rounds=3,
        finished=lambda _: None,
        clock=clock,
    )
    assert clock.now == 12
    assert samples == {"sprinter": Sample((0.5, 0.5, 0.5))}
