"""What is told of a page's growth."""

from __future__ import annotations

import orjson
import pytest

from benchmarks.documented import page_of_participants
from benchmarks.large_page import Memory, exponent, memory, table
from benchmarks.measure import Sample


def sample(seconds: float) -> Sample:
    return Sample((seconds, seconds))


def test_page_has_the_participants_with_their_events() -> None:
    page = orjson.loads(page_of_participants(3))
    participants = page["data"]["participants"]
    assert [len(participant["peer_events"]) for participant in participants] == [2, 2, 2]


@pytest.mark.parametrize(("seconds", "power"), [(4.0, 1), (16.0, 2)])
def test_growth_is_told_from_the_larger_pages(seconds: float, power: float) -> None:
    samples = {10: sample(0.001), 1_000: sample(1.0), 4_000: sample(seconds)}
    assert exponent(samples) == pytest.approx(power)


def test_memory_grows_with_what_decoding_keeps() -> None:
    body = orjson.dumps([1.5] * 10_000)
    nothing = memory(len, body)
    once, twice = (
        memory(lambda body, count=count: [orjson.loads(body) for _ in range(count)], body)  # type: ignore[misc]
        for count in (1, 2)
    )
    assert nothing.ratio == pytest.approx(0, abs=0.05)
    assert twice.ratio - once.ratio == pytest.approx(1, abs=0.05)


@pytest.mark.parametrize(
    ("peak", "verdict"), [(150, "Met."), (151, "**Not met.**")], ids=["within", "beyond"]
)
def test_table_says_whether_the_aims_are_met(peak: int, verdict: str) -> None:
    times = {size: (sample(size / 10**6), sample(size / 10**7)) for size in (1_000, 4_000)}
    memories = {1_000: Memory(100, 120), 4_000: Memory(100, peak)}
    made = table(times, memories)
    assert made.remarks[-1].endswith(verdict)
    assert made.remarks[-2].endswith("Met.")
    assert [row[0] for row in made.rows] == ["1,000", "4,000"]
