"""``python -m codegen prove``."""

from __future__ import annotations

import sys

import typer

from codegen.commands.shared import DIFFERENCE, ROOT, Providers, read_providers
from codegen.files.errors import counted


def prove(providers: Providers = None) -> None:
    """Run the proof of every overlay action, and check every documented payload."""
    from codegen.proof.prove import prove as proven  # noqa: PLC0415 - others need not wait for it

    failed = False
    for provider in read_providers(ROOT, providers):
        result = proven(provider)
        for finding in result.findings:
            print(finding, file=sys.stderr)
        failed = failed or not result.holds
        actions = result.actions
        print(
            f"{provider.name}: {actions['loosening']} loosening, {actions['tightening']} tightening"
            f" and {counted(actions['neutral'], 'neutral action')},"
            f" {counted(result.payloads, 'payload')}: "
            + ("proven" if result.holds else counted(len(result.findings), "finding"))
        )
    if failed:
        raise typer.Exit(DIFFERENCE)
