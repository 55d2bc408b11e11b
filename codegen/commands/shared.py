"""What the commands of ``python -m codegen`` share."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import NoReturn

import typer
from rich.console import Console
from rich.syntax import Syntax

from codegen.providers.provider import provider_names

ROOT = Path(__file__).parents[2]
"""The repository that the commands work on."""
DIFFERENCE = 1
"""The exit code when something differs, or nothing comes of an input."""
BAD_INPUT = 2
"""The exit code when an input cannot be used."""


def complete_provider(incomplete: str) -> list[str]:
    """The providers whose names begin as the shell says."""
    return [name for name in provider_names(ROOT) if name.startswith(incomplete)]


def print_difference(difference: str) -> None:
    """Print a unified diff, in colours on a terminal."""
    console = Console()
    if console.is_terminal:
        console.print(Syntax(difference, "diff", theme="ansi_dark", background_color="default"))
    else:
        print(difference.rstrip("\n"))


def fail(message: str) -> NoReturn:
    """Print what went wrong to standard error, and exit with 1."""
    print(message, file=sys.stderr)
    raise typer.Exit(DIFFERENCE)
