"""How long generation takes: against the stock generator, and as a definition grows."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks import growth, pipeline, proving, stock
from benchmarks.group import Finished, Group
from benchmarks.measure import Contestant, measure
from benchmarks.report import TIMES, Findings, Table, shown_aim, shown_ratio, shown_time
from codegen.providers.provider import provider_names, read_provider

if TYPE_CHECKING:
    from collections.abc import Sequence

    from benchmarks.measure import Sample
    from codegen.providers.provider import Provider

ROOT = Path(__file__).parents[1]
OURS = "ours"
STOCK = "stock generator"
MOST_RATIO = 1.5
ROUNDS = 5

_INTRODUCTION = """\
Our pipeline reads definition and overlay, applies the one to the other, validates, generates,
formats with ruff, compares what it wrote with the definition, and proves every overlay action and
every documented payload. The stock generator reads the same definitions of `specs/`, generates
with its own templates and formats with ruff. It knows no overlays and proves nothing. In one
process, no garbage is looked for, as by our commands, for both."""


def _run(finished: Finished) -> Findings:
    providers = [read_provider(ROOT, name) for name in provider_names(ROOT)]
    with (
        tempfile.TemporaryDirectory(prefix="benchmarks-") as temporary,
        pipeline.without_garbage_collection(),
    ):
        folder = Path(temporary)
        tables = (
            _comparison_table(
                "The four providers, as commands",
                _measured(_commands(providers, folder), finished),
                "Ours are two processes, `python -m codegen generate` and `prove`; the stock"
                f" generator takes one definition each time, so it is {len(providers)} processes."
                f" {ROUNDS} rounds.",
            ),
            _comparison_table(
                "The four providers, without start-up",
                _measured(_calls(providers, folder), finished),
                f"The same in one process that has imported everything. {ROUNDS} rounds.",
            ),
            growth.measured(folder, finished),
            proving.measured(folder, finished),
        )
    return Findings(_INTRODUCTION, tables)


def _measured(contestants: Sequence[Contestant], finished: Finished) -> dict[str, Sample]:
    measure(contestants, rounds=1, finished=finished)  # fills the caches of files and of Python
    return measure(contestants, rounds=ROUNDS, finished=finished)


def _commands(providers: Sequence[Provider], folder: Path) -> list[Contestant]:
    def theirs() -> None:
        for provider in providers:
            stock.generate_by_command(provider.definition_path, folder / "stock" / provider.name)

    return [
        Contestant(OURS, lambda: pipeline.run_commands(ROOT, folder / "ours")),
        Contestant(STOCK, theirs),
    ]


def _calls(providers: Sequence[Provider], folder: Path) -> list[Contestant]:
    def theirs() -> None:
        for provider in providers:
            stock.generate_in_process(provider.definition_path, folder / "stock" / provider.name)

    return [
        Contestant(OURS, lambda: pipeline.run_in_process(providers, folder / "ours")),
        Contestant(STOCK, theirs),
    ]


def _comparison_table(title: str, samples: dict[str, Sample], remark: str) -> Table:
    ratio = samples[OURS].per(samples[STOCK])
    return Table(
        title,
        ("", "time", "ratio"),
        (
            (OURS, shown_time(samples[OURS]), shown_ratio(ratio)),
            (STOCK, shown_time(samples[STOCK]), f"1{TIMES}"),
        ),
        (remark, shown_aim(f"at most {MOST_RATIO}{TIMES}", met=ratio.median <= MOST_RATIO)),
    )


GENERATION = Group(
    title="Generation",
    distributions=("openapi-python-client", "ruff", "jsonschema-rs"),
    steps=2 * 2 * (1 + ROUNDS) + growth.STEPS + proving.STEPS,
    run=_run,
)
