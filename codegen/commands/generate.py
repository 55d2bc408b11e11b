"""``python -m codegen generate``."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Annotated

import typer

from codegen.commands.shared import (
    ROOT,
    Check,
    Providers,
    fail,
    print_difference,
    read_providers,
    tell_mended,
)
from codegen.files.errors import counted


def generate(
    providers: Providers = None,
    *,
    check: Check = False,
    out: Annotated[
        Path | None,
        typer.Option(help="The folder that gets a folder per provider, instead of generated/."),
    ] = None,
) -> None:
    """Write the distributions of providers: all that are asked for, or none if one fails."""
    from codegen.generator import build  # noqa: PLC0415 - the generator takes a second to import

    chosen = read_providers(ROOT, providers)
    if not check:
        build.generate(chosen, out=out, tell=tell_mended)
        for provider in chosen:
            folder = (out or Path("generated")) / provider.name
            print(f"{provider.distribution} {provider.version} written to {folder}")
        return
    difference = build.check(chosen, out=out, tell=tell_mended)
    if difference:
        print_difference(difference)
        arguments = [*(providers or ()), *(() if out is None else ("--out", str(out)))]
        command = shlex.join(["python", "-m", "codegen", "generate", *arguments])
        fail(f"These differ from what would be generated; run `{command}`.")
    print(f"{counted(len(chosen), 'distribution')} checked: nothing differs.")
