"""How long imports take in a new interpreter; part of the group on requests."""

from __future__ import annotations

import functools
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.measure import Contestant, measure
from benchmarks.process import cpu_of_children, run_code
from benchmarks.report import TIMES, Table, shown_aim, shown_ratio, shown_time

if TYPE_CHECKING:
    from collections.abc import Mapping

    from benchmarks.group import Finished
    from benchmarks.measure import Sample

BARE = "a bare interpreter"
OURS = "import callrecords"
_CLIENT = "from callrecords import CometChat"
_STATEMENTS = {
    BARE: "pass",
    OURS: OURS,
    _CLIENT: _CLIENT,
    "import httpx": "import httpx",
    "import cloudflare": "import cloudflare",
}
MOST_RATIO = 1.5
ROUNDS = 20
_WAY = f"""\
A process each time, {ROUNDS} rounds. `callrecords` imports httpx and a provider's package when
its client is first used."""
STEPS = len(_STATEMENTS) * (1 + ROUNDS)


def measured(finished: Finished) -> Table:
    """Start interpreters that import something and end."""
    with tempfile.TemporaryDirectory(prefix="benchmarks-") as folder:  # where nothing else is found
        contestants = [
            Contestant(name, functools.partial(run_code, statement, folder=Path(folder)))
            for name, statement in _STATEMENTS.items()
        ]
        measure(contestants, rounds=1, finished=finished)  # compiles what is imported
        samples = measure(contestants, rounds=ROUNDS, finished=finished, clock=cpu_of_children)
    return table(samples)


def table(samples: Mapping[str, Sample]) -> Table:
    """The table of what starting and importing takes together."""
    ratios = {name: sample.per(samples[BARE]) for name, sample in samples.items()}
    aim = f"`{OURS}` at most {MOST_RATIO}{TIMES} of a bare interpreter"
    return Table(
        "Starting Python and importing",
        ("", "time", "to a bare start"),
        tuple(
            (name, shown_time(sample), f"1{TIMES}" if name == BARE else shown_ratio(ratios[name]))
            for name, sample in samples.items()
        ),
        (
            _WAY,
            shown_aim(aim, met=ratios[OURS].median <= MOST_RATIO),
        ),
    )
