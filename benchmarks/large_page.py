"""How time and memory grow with a page; part of the group on decoding."""

from __future__ import annotations

import functools
import gc
import math
import tracemalloc
from dataclasses import dataclass
from typing import TYPE_CHECKING

import orjson
from callrecords_realtimekit.models import ParticipantListResponse

from benchmarks.codecs import ours
from benchmarks.documented import page_of_participants
from benchmarks.measure import Contestant, measure
from benchmarks.report import TIMES, Table, shown_aim, shown_number, shown_ratio, shown_time
from callrecords_runtime.garbage import uncollected

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from benchmarks.group import Finished
    from benchmarks.measure import Sample

SIZES = (1_000, 10_000, 40_000)
ROUNDS = 9
STEPS = 2 * len(SIZES) * (1 + ROUNDS)
MOST_EXPONENT = 1.05
"""Of what still counts as linear: 4 times the participants may take 4.3 times as long."""
MOST_MEMORY = 1.5

_COLUMNS = (
    *("participants", "ours, checked", "each", "reading alone", "to it"),
    *("parsed JSON", "peak", "to it"),
)
_MEGABYTE = 10**6
_WAY = """\
From bytes to checked models, while garbage waits, as in a client. Each participant has all
documented fields and two events. *Reading alone* is orjson, which makes dictionaries: the *parsed
JSON*. Memory is what Python's allocators gave out while the bytes were decoded; what a reader of
JSON uses of its own in passing is not in it. Small pages stay in the
processor's caches, so growth is told from the two larger ones."""


@dataclass(frozen=True)
class Memory:
    """The memory of decoding one page, in bytes."""

    parsed: int
    """What the parsed JSON takes."""
    peak: int
    """The most there was while it was decoded."""

    @property
    def ratio(self) -> float:
        """The peak to the parsed JSON."""
        return self.peak / self.parsed


def measured(finished: Finished) -> Table:
    """Decode pages of several sizes."""
    bodies = {size: page_of_participants(size) for size in SIZES}
    decoders = {size: _contestants(size, body) for size, body in bodies.items()}
    contestants = [contestant for pair in decoders.values() for contestant in pair]
    measure(contestants, rounds=1, finished=finished)
    samples = measure(contestants, rounds=ROUNDS, finished=finished)
    return table(
        {
            size: (samples[decoding.name], samples[reading.name])
            for size, (decoding, reading) in decoders.items()
        },
        {size: memory(_read, body) for size, body in bodies.items()},
    )


def table(times: Mapping[int, tuple[Sample, Sample]], memories: Mapping[int, Memory]) -> Table:
    """The table of times, decoding and reading alone, and of memory, by number of participants."""
    power = exponent({size: decoding for size, (decoding, _) in times.items()})
    growth = max(memory.ratio for memory in memories.values())
    return Table(
        "A page of RealtimeKit participants, with its size",
        (
            "participants",
            "ours, checked",
            "each",
            "reading alone",
            "to it",
            "parsed JSON",
            "peak",
            "to it",
        ),
        tuple(
            (
                f"{size:,}",
                shown_time(decoding),
                f"{shown_number(decoding.median / size * 10**6)} µs",
                shown_time(reading),
                shown_ratio(decoding.per(reading)),
                f"{shown_number(memories[size].parsed / _MEGABYTE)} MB",
                f"{shown_number(memories[size].peak / _MEGABYTE)} MB",
                f"{memories[size].ratio:.2f}{TIMES}",
            )
            for size, (decoding, reading) in times.items()
        ),
        (
            _WAY,
            f"Time is proportional to participants to the power of {power:.2f}; 1 is linear.",
            shown_aim(f"linear, a power of at most {MOST_EXPONENT}", met=power <= MOST_EXPONENT),
            shown_aim(
                f"at most {MOST_MEMORY}{TIMES} the memory of the parsed JSON",
                met=growth <= MOST_MEMORY,
            ),
        ),
    )


def exponent(samples: Mapping[int, Sample]) -> float:
    """The power of its size to which a time grows, between the two largest sizes."""
    *_, smaller, larger = sorted(samples)
    growth = samples[larger].per(samples[smaller]).median
    return math.log(growth) / math.log(larger / smaller)


def memory(decode: Callable[[bytes], object], body: bytes) -> Memory:
    """The memory that decoding a body takes, and that its JSON would take."""
    gc.collect()
    tracemalloc.start()
    try:
        parsed = orjson.loads(body)
        size, _ = tracemalloc.get_traced_memory()
        del parsed
        tracemalloc.reset_peak()
        decode(body)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    return Memory(size, peak)


def _contestants(size: int, body: bytes) -> tuple[Contestant, Contestant]:
    return (
        Contestant(f"{size:,} participants", lambda: _read(body)),
        Contestant(f"{size:,} participants, reading", lambda: orjson.loads(body)),
    )


@functools.cache
def _decoder() -> Callable[[bytes], object]:
    codec = ours.checked(
        ParticipantListResponse.from_dict,
        package="callrecords_realtimekit",
        operation="list_participants",
    )
    return codec.decode


def _read(body: bytes) -> object:
    """As a client does: garbage is not looked for meanwhile."""
    with uncollected():
        return _decoder()(body)
