"""The command line: ``python -m benchmarks [GROUP]...``."""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.markdown import Markdown
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from benchmarks.adding import ADDING
from benchmarks.decoding import DECODING
from benchmarks.differences import DIFFERENCES
from benchmarks.exporting import EXPORTING
from benchmarks.generation import GENERATION
from benchmarks.lines import LINES
from benchmarks.machine import installed_versions, this_machine
from benchmarks.process import FailedRunError, run_as_users_do
from benchmarks.report import Conditions, merged, render_section
from benchmarks.requests import REQUESTS
from benchmarks.updating import UPDATING
from codegen.files.errors import BadInputError, BadInputs

if TYPE_CHECKING:
    from benchmarks.group import Group

RESULTS = Path(__file__).with_name("RESULTS.md")
GROUPS = {
    "generation": GENERATION,
    "adding": ADDING,
    "requests": REQUESTS,
    "decoding": DECODING,
    "exporting": EXPORTING,
    "updating": UPDATING,
    "differences": DIFFERENCES,
    "lines": LINES,
}

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)


def _complete_group(incomplete: str) -> list[str]:
    return [name for name in GROUPS if name.startswith(incomplete)]


def _known(names: list[str] | None) -> list[str]:
    for name in names or ():
        if name not in GROUPS:
            message = f"there is no group {name!r}; the groups are {', '.join(GROUPS)}"
            raise typer.BadParameter(message)
    return list(dict.fromkeys(names or GROUPS))


@app.command()
def benchmarks(
    groups: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[GROUP]...",
            help=f"What to measure: {', '.join(GROUPS)}; all of it without any.",
            callback=_known,
            autocompletion=_complete_group,
            show_default=False,
        ),
    ] = None,
) -> None:
    """Measure, print the results, and write them to benchmarks/RESULTS.md."""
    run_as_users_do()
    console = Console()
    for name in groups or ():
        try:
            section = _measured(GROUPS[name], console)
        except (FailedRunError, BadInputError, BadInputs) as error:
            Console(stderr=True).print(f"{name}: {error}", markup=False, highlight=False)
            sys.exit(1)
        console.print(Markdown(section))
        existing = RESULTS.read_text("utf-8") if RESULTS.exists() else ""
        RESULTS.write_text(merged(existing, {name: section}, list(GROUPS)), "utf-8")
        console.print(f"{RESULTS.parent.name}/{RESULTS.name} written.", highlight=False)


def _measured(group: Group, console: Console) -> str:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, TimeElapsedColumn(), console=console, transient=True) as progress:
        task = progress.add_task(group.title, total=group.steps)

        def finished(name: str) -> None:
            progress.update(task, advance=1, description=f"{group.title}: {name}")

        findings = group.run(finished)
    conditions = Conditions(
        date=dt.datetime.now(dt.UTC).date(),
        machine=this_machine(),
        versions=installed_versions(group.distributions),
    )
    return render_section(group.title, findings, conditions)


if __name__ == "__main__":
    app()
