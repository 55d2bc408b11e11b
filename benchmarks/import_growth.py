"""What importing a package takes as it grows; part of the group on requests."""

from __future__ import annotations

import functools
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.growth import made_provider
from benchmarks.measure import Contestant, Sample, measure
from benchmarks.process import run_code
from benchmarks.report import TIMES, Table, shown_aim, shown_ratio, shown_time
from codegen.generator import build

if TYPE_CHECKING:
    from collections.abc import Mapping

    from benchmarks.group import Finished

SIZES = (10, 500)
MOST_RATIO = 2
ROUNDS = 40
STEPS = len(SIZES) * (1 + ROUNDS)

_OVERLAY = """\
overlay: 1.1.0
info:
  title: Records
  version: 1.0.0
x-client:
  groups: true
"""
_PROGRAM = """\
import sys

sys.path.insert(0, {folder!r})

from {package} import Records
"""
_WAY = f"""\
A process each time, {ROUNDS} rounds, from its start to its end. The definitions are made: one
schema for each operation, and 50 operations for each tag. They are grouped by tag, as
`python -m codegen add` has it for large definitions, so `records_0.get_record(...)` is a method of
a group, which is loaded when it is first used."""


def measured(finished: Finished) -> Table:
    """Start interpreters that import the client of a package and end."""
    with tempfile.TemporaryDirectory(prefix="benchmarks-") as temporary:
        folder = Path(temporary)
        contestants = [_contestant(size, folder) for size in SIZES]
        measure(contestants, rounds=1, finished=finished)  # compiles what is imported
        samples = measure(contestants, rounds=ROUNDS, finished=finished)
    return table({size: samples[_name(size)] for size in SIZES})


def table(samples: Mapping[int, Sample]) -> Table:
    """The table of the times of importing, by number of operations."""
    smallest, largest = min(samples), max(samples)
    ratios = {size: sample.per(samples[smallest]) for size, sample in samples.items()}
    aim = f"{largest} operations at most {MOST_RATIO}{TIMES} of {smallest}"
    return Table(
        "Importing the client of a package, with its size",
        ("operations", "time", f"to {smallest}"),
        tuple(
            (
                f"{size:,}",
                shown_time(sample),
                f"1{TIMES}" if size == smallest else shown_ratio(ratios[size]),
            )
            for size, sample in samples.items()
        ),
        (_WAY, shown_aim(aim, met=ratios[largest].median <= MOST_RATIO)),
    )


def _contestant(size: int, folder: Path) -> Contestant:
    provider = made_provider(size, folder)
    provider.overlay_path.parent.mkdir()
    provider.overlay_path.write_text(_OVERLAY, "utf-8")
    build.generate([provider], out=folder / "out")
    place = folder / "out" / provider.name
    program = _PROGRAM.format(folder=str(place), package=provider.package)
    return Contestant(_name(size), functools.partial(run_code, program, folder=folder))


def _name(size: int) -> str:
    return f"importing {size} operations"
