"""How long a package of a definition takes that a vendor publishes, by our commands and stock's."""

from __future__ import annotations

import functools
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks import stock
from benchmarks.corpus.completeness import operations
from benchmarks.corpus.published import CACHE, VENDORS, fetched, sampled
from benchmarks.group import Finished, Group
from benchmarks.measure import Contestant, Sample, measure
from benchmarks.process import FailedRunError, cpu_of_children, run_module
from benchmarks.report import TIMES, Findings, Table, shown_aim, shown_ratio, shown_time

if TYPE_CHECKING:
    from collections.abc import Sequence

    from benchmarks.corpus.published import Published

ROOT = Path(__file__).parents[1]
ADD, GENERATE, STOCK = "add", "generate", "stock generator"
NAME = "probe"
SIZE = 13
SEED = 17
ROUNDS = 3
LARGE = "openai/official"
_COPIED = ("codegen", "overlay", "specs", "LICENSE", "README.md", "pyproject.toml")
_SERVER = "https://api.example.com"
_AIMS = {ADD: (1.0, 2.0), GENERATE: (1.1, 1.1)}
"""The most that the median of a command may be to stock's time, and that of the large one."""
_INTRODUCTION = f"""\
`python -m codegen add NAME SOURCE --no-check` in a copy of this repository, then `generate NAME`,
and the stock generator's own command: a process each, of which the time of a processor is
measured, from its start to its end, with all that it starts. {SIZE} definitions at random (seed
{SEED}) of those that `nox -s corpus` fetches, those that the stock generator refuses left out,
{ROUNDS} rounds; and OpenAI's, of {VENDORS}, once. Ours makes whole what stock leaves out in
part."""


def _run(finished: Finished) -> Findings:
    known = fetched(CACHE)
    [large] = [one for one in known if one.name == LARGE]
    with tempfile.TemporaryDirectory(prefix="benchmarks-") as temporary:
        root = Path(temporary, "repository")
        for name in _COPIED:
            copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy2
            root.mkdir(exist_ok=True)
            copy(ROOT / name, root / name)
        rows: list[tuple[str, ...]] = []
        ratios: dict[str, list[float]] = {ADD: [], GENERATE: []}
        for one in sampled(known, SIZE, SEED)[-SIZE:]:
            contestants = _contestants(one, root, Path(temporary, "out"))
            try:
                measure(contestants, rounds=1, finished=finished)  # fills the caches
            except FailedRunError:
                continue
            samples = measure(contestants, rounds=ROUNDS, finished=finished, clock=cpu_of_children)
            rows.append(_row(one, samples))
            for command, found in ratios.items():
                found.append(samples[command].per(samples[STOCK]).median)
        contestants = _contestants(large, root, Path(temporary, "out"))
        samples = measure(contestants, rounds=1, finished=finished, clock=cpu_of_children)
        rows.append(_row(large, samples))
    columns = ("", "operations", ADD, "to stock", GENERATE, "to stock", STOCK)
    remarks = [
        shown_aim(
            f"`{command}` at most {most[0]}{TIMES}, {LARGE} apart; the median is "
            f"{Sample(tuple(ratios[command])).median:.2f}{TIMES}",
            met=Sample(tuple(ratios[command])).median <= most[0],
        )
        for command, most in _AIMS.items()
    ]
    remarks += [
        shown_aim(
            f"`{command}` of {LARGE} at most {most[1]}{TIMES}",
            met=samples[command].per(samples[STOCK]).median <= most[1],
        )
        for command, most in _AIMS.items()
    ]
    return Findings(
        _INTRODUCTION, (Table("Making a package", columns, tuple(rows), tuple(remarks)),)
    )


def _contestants(one: Published, root: Path, out: Path) -> Sequence[Contestant]:
    generate = ["codegen", "generate", NAME, "--out", str(out / "ours")]
    return [
        Contestant(ADD, functools.partial(_add, root, one.file)),
        Contestant(GENERATE, lambda: run_module(generate, folder=root)),
        Contestant(STOCK, lambda: run_module(stock.command(one.file, out / "stock"), folder=root)),
    ]


def _add(root: Path, definition: Path) -> None:
    for place in (f"specs/{NAME}", f"generated/{NAME}"):
        shutil.rmtree(root / place, ignore_errors=True)
    (root / f"overlay/{NAME}.yaml").unlink(missing_ok=True)
    options = ["--no-check", "--server", _SERVER]
    run_module(["codegen", "add", NAME, str(definition), *options], folder=root)


def _row(one: Published, samples: dict[str, Sample]) -> tuple[str, ...]:
    number = len(list(operations(one.read())))
    shown = [
        cell
        for command in (ADD, GENERATE)
        for cell in (
            shown_time(samples[command]),
            shown_ratio(samples[command].per(samples[STOCK])),
        )
    ]
    return one.name, f"{number:,}", *shown, shown_time(samples[STOCK])


ADDING = Group(
    title="Adding",
    distributions=("openapi-python-client", "ruff"),
    steps=3 * (SIZE * (1 + ROUNDS) + 1),
    run=_run,
)
