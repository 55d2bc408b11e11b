"""``python -m codegen generate``."""

from __future__ import annotations

import shlex
import sys
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

_UNCORRECTED = "the names, and all else, are now those of the definition alone"


def generate(
    providers: Providers = None,
    *,
    check: Check = False,
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR", help="The folder that gets a folder per provider, instead of generated/."
        ),
    ] = None,
) -> None:
    """Write the distributions of providers: all that are asked for, or none if one fails."""
    from codegen.generator import build  # noqa: PLC0415 - the generator takes a second to import
    from codegen.providers.releases import text_if_there  # noqa: PLC0415 - as above

    chosen = read_providers(ROOT, providers)
    if not check:
        before = {one: text_if_there(one.canonical_path) for one in chosen}
        build.generate(chosen, out=out, tell=tell_mended)
        for provider in chosen:
            is_other = text_if_there(provider.canonical_path) != before[provider] is not None
            if is_other and not provider.overlay_path.exists():
                text = f"{provider.overlay_path.name} is not in overlay/: {_UNCORRECTED}"
                print(text, file=sys.stderr)
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
