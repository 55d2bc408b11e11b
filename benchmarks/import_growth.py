"""What importing a package takes as it grows; part of the group on requests."""

from __future__ import annotations

import functools
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from benchmarks.growth import made_provider
from benchmarks.measure import Contestant, measure
from benchmarks.process import cpu_of_children, run_code
from benchmarks.report import TIMES, Table, shown_aim, shown_ratio, shown_time
from codegen.generator import build

if TYPE_CHECKING:
    from collections.abc import Mapping

    from benchmarks.group import Finished
    from benchmarks.measure import Sample

SIZES = (10, 500)
MOST_RATIO = 2
ROUNDS = 20
STEPS = 2 * len(SIZES) * (1 + ROUNDS)

_OVERLAY = """\
overlay: 1.1.0
info:
  title: Records
  version: 1.0.0
x-client:
  groups: {groups}
"""
_PROGRAM = """\
import sys

sys.path.insert(0, {folder!r})

from {package} import Records
"""
_WAY = f"""\
A process each time, {ROUNDS} rounds, from its start to its end. The definitions are made: one
schema for each operation, and 50 operations for each tag. Grouped by tag, as `python -m codegen
add` has it for large definitions, `records_0.get_record(...)` is a method of a group, which is
loaded when it is first used; else all are methods of the client."""

Package: TypeAlias = tuple[int, bool]
"""How many operations it has, and whether they are grouped."""


def measured(finished: Finished) -> Table:
    """Start interpreters that import the client of a package and end."""
    packages = [(size, is_grouped) for is_grouped in (True, False) for size in SIZES]
    with tempfile.TemporaryDirectory(prefix="benchmarks-") as temporary:
        contestants = {package: _contestant(package, Path(temporary)) for package in packages}
        ready = list(contestants.values())
        measure(ready, rounds=1, finished=finished)  # compiles what is imported
        samples = measure(ready, rounds=ROUNDS, finished=finished, clock=cpu_of_children)
    return table({package: samples[one.name] for package, one in contestants.items()})


def table(samples: Mapping[Package, Sample]) -> Table:
    """The table of the times of importing, by number of operations."""
    smallest, largest = SIZES
    ratios = {
        (size, is_grouped): sample.per(samples[smallest, is_grouped])
        for (size, is_grouped), sample in samples.items()
    }
    aims = {True: "grouped", False: "not grouped"}
    return Table(
        "Importing the client of a package, with its size",
        ("operations", "time", f"to {smallest}"),
        tuple(
            (
                f"{size:,}, {aims[is_grouped]}",
                shown_time(sample),
                f"1{TIMES}" if size == smallest else shown_ratio(ratios[size, is_grouped]),
            )
            for (size, is_grouped), sample in samples.items()
        ),
        (
            _WAY,
            *(
                shown_aim(
                    f"{largest} operations, {name}, at most {MOST_RATIO}{TIMES} of {smallest}",
                    met=ratios[largest, is_grouped].median <= MOST_RATIO,
                )
                for is_grouped, name in aims.items()
            ),
        ),
    )


def _contestant(package: Package, folder: Path) -> Contestant:
    size, is_grouped = package
    provider = made_provider(size, folder / str(is_grouped))
    provider.overlay_path.parent.mkdir()
    provider.overlay_path.write_text(_OVERLAY.format(groups=str(is_grouped).lower()), "utf-8")
    out = folder / str(is_grouped) / "out"
    build.generate([provider], out=out)
    place = out / provider.name
    program = _PROGRAM.format(folder=str(place), package=provider.package)
    return Contestant(str(package), functools.partial(run_code, program, folder=folder))
