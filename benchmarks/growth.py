"""How the time grows with a definition; part of the group on generation."""

from __future__ import annotations

import datetime as dt
import math
from typing import TYPE_CHECKING

from benchmarks import pipeline, stock
from benchmarks.connected_definition import LEVELS, REFERENCES, connected_definition
from benchmarks.measure import Contestant, measure
from benchmarks.report import Table, shown_aim, shown_number, shown_ratio, shown_time
from codegen.files.yaml import dump
from codegen.providers.provider import Provider, Source

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from benchmarks.group import Finished
    from benchmarks.measure import Sample

SIZES = (100, 200, 1_000, 4_000)
STOCK_SIZES = SIZES[:2]
"""It takes minutes for 1,000 operations."""
ROUNDS = 3
STEPS = 2 + ROUNDS * len(SIZES + STOCK_SIZES)
MOST_EXPONENT = 1.1
"""Of what still counts as linear: 40 times the operations may take 58 times as long."""

_MILLISECONDS = 1000
_WAY = f"""\
In one process, without start-up, {ROUNDS} rounds. The definitions are made: one schema for each
operation, which refers to {REFERENCES} others, in {LEVELS} levels. They need no overlay. The stock
generator is not measured on the larger ones, for which it takes minutes."""


def measured(folder: Path, finished: Finished) -> Table:
    """Time both pipelines on definitions of several sizes, made in ``folder``."""
    providers = {size: made_provider(size, folder) for size in SIZES}
    ours = {size: _ours(providers[size], folder / "ours") for size in SIZES}
    theirs = {size: _theirs(providers[size], folder / "stock") for size in STOCK_SIZES}
    smallest = SIZES[0]
    measure([ours[smallest], theirs[smallest]], rounds=1, finished=finished)  # fills caches
    samples = measure([*ours.values(), *theirs.values()], rounds=ROUNDS, finished=finished)
    return table(
        {size: samples[contestant.name] for size, contestant in ours.items()},
        {size: samples[contestant.name] for size, contestant in theirs.items()},
    )


def table(ours: Mapping[int, Sample], theirs: Mapping[int, Sample]) -> Table:
    """The table of both pipelines' times, by number of operations."""
    powers = (
        f"Time is proportional to operations to the power of {_growth(ours)} for ours and"
        f" {_growth(theirs)} for the stock generator; 1 is linear, 2 quadratic."
    )
    aim = f"linear, a power of at most {MOST_EXPONENT}"
    return Table(
        "Growth with the definition",
        ("operations", "ours", "per operation", "stock generator", "per operation", "ratio"),
        tuple(_row(size, sample, theirs.get(size)) for size, sample in ours.items()),
        (_WAY, powers, shown_aim(aim, met=exponent(ours) <= MOST_EXPONENT)),
    )


def exponent(samples: Mapping[int, Sample]) -> float:
    """The power of its size to which a time grows, from the smallest size to the largest."""
    smallest, largest = min(samples), max(samples)
    growth = samples[largest].per(samples[smallest]).median
    return math.log(growth) / math.log(largest / smallest)


def made_provider(size: int, folder: Path) -> Provider:
    """A provider with a made definition, in a repository of its own that has nothing else."""
    root = folder / str(size)
    name = f"records{size}"
    provider = Provider(
        root=root,
        name=name,
        distribution=f"callrecords-{name}",
        package=f"callrecords_{name}",
        version="1.0.0",
        title="Records",
        keywords=("records",),
        server_url="https://records.example",
        sources=(Source("made", "https://records.example", dt.date(2026, 1, 1)),),
    )
    provider.definition_path.parent.mkdir(parents=True)
    provider.definition_path.write_bytes(dump(connected_definition(size)))
    (root / "LICENSE").write_text("None.\n", "utf-8")
    return provider


def _row(size: int, ours: Sample, theirs: Sample | None) -> tuple[str, ...]:
    cells = (f"{size:,}", shown_time(ours), _per_operation(ours, size))
    if theirs is None:
        return (*cells, "", "", "")
    ratio = shown_ratio(ours.per(theirs))
    return (*cells, shown_time(theirs), _per_operation(theirs, size), ratio)


def _growth(samples: Mapping[int, Sample]) -> str:
    return f"{exponent(samples):.2f} (from {min(samples):,} to {max(samples):,})"


def _per_operation(sample: Sample, size: int) -> str:
    return f"{shown_number(sample.median / size * _MILLISECONDS)} ms"


def _ours(provider: Provider, out: Path) -> Contestant:
    return Contestant(f"ours, {provider.name}", lambda: pipeline.run_in_process([provider], out))


def _theirs(provider: Provider, out: Path) -> Contestant:
    return Contestant(
        f"stock generator, {provider.name}",
        lambda: stock.generate_in_process(provider.definition_path, out / provider.name),
    )
