"""``python -m codegen suggest``."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 - typer reads the annotations
from typing import Annotated

import typer

from codegen.commands.shared import ROOT, OneProvider, fail, print_difference
from codegen.files.errors import counted
from codegen.providers.provider import read_provider


def suggest(
    provider: OneProvider,
    drift: Annotated[
        Path, typer.Argument(metavar="DRIFT.jsonl", help="Drift that clients have saved.")
    ],
    *,
    write: Annotated[
        bool, typer.Option("--write", help="Write the files; without it they are only shown.")
    ] = False,
) -> None:
    """Draft overlay actions for drift, with their evidence; exit 1 if none can be."""
    from codegen.commands.suggest import draft as drafting  # noqa: PLC0415 - the generator takes a second to import

    draft = drafting.suggest(read_provider(ROOT, provider), drift)
    if draft.suggestions and write:
        draft.write()
    elif draft.suggestions:
        print_difference(draft.difference())
    for suggestion in draft.suggestions:
        print(f"{'written' if write else 'suggested'} {suggestion}")
    for refusal in draft.refusals:
        print(f"not suggested {refusal}")
    if draft.skipped:
        print(f"{counted(draft.skipped, 'drift')} of other providers skipped.")
    if not draft.suggestions:
        fail(f"Nothing in {drift} leads to an action.")
    if write:
        print(
            "The payloads hold values of real answers: read them, and put others of the same form "
            "in the place of what is confidential. Then run `python -m codegen prove "
            f"{provider}`, `python -m codegen generate {provider}` and `python -m codegen ledger`."
        )
    else:
        print("Nothing is written; run the command with --write to do so.")
