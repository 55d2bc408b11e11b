"""The command line: ``python -m benchmarks.corpus [NAME]...``."""

from __future__ import annotations

import datetime as dt
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.markdown import Markdown
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from benchmarks.corpus.published import (
    ALWAYS,
    CACHE,
    DIRECTORY,
    VENDORS,
    fetched,
    sampled,
    versions,
)
from benchmarks.corpus.summary import findings
from benchmarks.corpus.trial import Bench, Trial, as_data, from_data
from benchmarks.machine import installed_versions, this_machine
from benchmarks.process import run_as_users_do
from benchmarks.report import Conditions, render_section

if TYPE_CHECKING:
    from collections.abc import Sequence

    from benchmarks.corpus.published import Published

RESULT = Path(__file__).parents[1] / "CORPUS.md"
_PREAMBLE = """\
# Definitions of the world

Written by `nox -s corpus`, which fetches what vendors publish, and takes a sample that is the same
for a seed: `nox -s corpus -- --size 100`, or `-- --all`. Nothing of it is part of the repository.
"""


class Keep(Enum):
    """What of earlier runs is taken as it was measured then."""

    NOTHING = "nothing"
    STOCK = "stock"
    ALL = "all"


app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)


@app.command()
def corpus(  # noqa: PLR0913 - the options of a command
    names: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[NAME]...", help="Only these definitions; nothing is written then."
        ),
    ] = None,
    *,
    size: Annotated[int, typer.Option(help="How many definitions at random.")] = 30,
    every: Annotated[bool, typer.Option("--all", help="All definitions there are.")] = False,
    seed: Annotated[int, typer.Option(help="Of the sample.")] = 17,
    limit: Annotated[int, typer.Option(help="Seconds that a process may take.")] = 600,
    keep: Annotated[
        Keep, typer.Option(help="What is taken as an earlier run has measured it.")
    ] = Keep.NOTHING,
    cache: Annotated[Path, typer.Option(help="Where definitions and results are kept.")] = CACHE,
) -> None:
    """Make packages of definitions that vendors publish, and write benchmarks/CORPUS.md."""
    run_as_users_do()
    console = Console()
    known = fetched(cache)
    chosen = known if every else sampled(known, size, seed)
    if names:
        chosen = [one for one in known if one.name in names]
    trials = _tried(chosen, Bench(limit, cache / "mypy"), cache, keep=keep, console=console)
    took = "All" if every else f"{size} at random (seed {seed}) and {len(ALWAYS)} that are known"
    introduction = (
        f"{took} of the {len(known):,} definitions of npm's {DIRECTORY} and PyPI's {VENDORS}. A "
        "process of its own adds each, and the stock generator's own command makes its package; "
        f"both are ended after {limit} s. An operation is partial without a parameter, a body or "
        "an answer in one of its formats, or if JSON that has a schema is `Any` or bytes. What is "
        "not in the package is looked for in the definition as published. Seconds are a "
        "processor's, of making a package alone: with starting, without looking at it."
    )
    if keep is not Keep.NOTHING:
        introduction += " What earlier runs have measured was not measured again."
    packages = installed_versions(("openapi-python-client", "mypy"))
    conditions = Conditions(
        dt.datetime.now(dt.UTC).date(), this_machine(), {**packages, **versions(cache)}
    )
    section = render_section(
        "What becomes of them", findings(trials, introduction, ALWAYS), conditions
    )
    console.print(Markdown(section))
    if not names:
        RESULT.write_bytes(f"{_PREAMBLE}\n{section.strip()}\n".encode())


def _tried(
    chosen: Sequence[Published], bench: Bench, cache: Path, *, keep: Keep, console: Console
) -> list[Trial]:
    """What becomes of definitions, one after the other; each result is kept, and told."""
    trials: list[Trial] = []
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, TimeElapsedColumn(), console=console, transient=True) as progress:
        task = progress.add_task("", total=len(chosen))
        for one in chosen:
            progress.update(task, description=one.name)
            kept = cache / "results" / f"{one.name.replace('/', '+')}.json"
            is_known = keep is not Keep.NOTHING and kept.exists()
            trial = from_data(kept.read_bytes()) if is_known else None
            if trial is None or keep is Keep.STOCK:
                trial = bench.tried(one, None if trial is None else trial.stock)
            kept.parent.mkdir(exist_ok=True)
            kept.write_bytes(as_data(trial))
            trials.append(trial)
            progress.advance(task)
            ours = trial.ours
            counts = f"{ours.complete}+{ours.partial} of {trial.operations}"
            faults = [name for name in ("not clean", "not importable") if name in ours.causes]
            told = ", ".join(
                [ours.outcome, counts, f"{ours.seconds} s ({trial.stock.seconds} s)", *faults]
            )
            progress.console.print(f"{one.name}: {told}", markup=False, highlight=False)
    return trials


if __name__ == "__main__":
    app()
