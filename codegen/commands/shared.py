"""What the commands of ``python -m codegen`` share."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn, TextIO

import typer

from codegen.files.errors import BadInputError, as_bad_input
from codegen.providers.provider import Provider, provider_names, read_provider

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


ROOT = Path(__file__).parents[2]
"""The repository that the commands work on."""
DIFFERENCE = 1
"""The exit code when something differs, a proof fails, or nothing comes of an input."""
BAD_INPUT = 2
"""The exit code when an input cannot be used."""
_MOST_SHOWN = 20


def complete_provider(incomplete: str) -> list[str]:
    """The providers whose names begin as the shell says."""
    return [name for name in provider_names(ROOT) if name.startswith(incomplete)]


OneProvider = Annotated[
    str,
    typer.Argument(
        metavar="PROVIDER",
        help="The provider whose files are to change.",
        autocompletion=complete_provider,
    ),
]
"""The argument of a command that works on one provider."""
Providers = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[PROVIDER]...",
        help="Which providers; all of specs/ without any.",
        autocompletion=complete_provider,
        show_default=False,
    ),
]
"""The argument of a command that works on several providers."""
Check = Annotated[
    bool, typer.Option("--check", help="Write nothing; say what would change, exit 1 if any.")
]
"""The option of a command that can also look without writing."""


def read_providers(root: Path, names: list[str] | None = None) -> list[Provider]:
    """The providers of a repository that have these names; all of them without any.

    Raises:
        BadInputError: there is none of that name, or its ``provider.toml`` cannot be used.
    """
    return [read_provider(root, name) for name in names or provider_names(root)]


def require_no_source(output: Path | None, *read: Path) -> None:
    """See that what is written for a person to look at takes the place of nothing that is read.

    Other files are replaced, as is usual for what a person names as output.

    Raises:
        BadInputError: the file is there, and is one of what the command has read, or lies where
            the repository keeps its definitions and overlays.
    """
    if output is None:
        return
    kept = ROOT / "specs", ROOT / "overlay"
    with as_bad_input(output):
        if not output.is_file():
            return
        if any(path.exists() and output.samefile(path) for path in read):
            problem = "is what the command reads"
        elif any(output.resolve().is_relative_to(folder.resolve()) for folder in kept):
            problem = "is one of the files that everything is made from"
        else:
            return
    message = f"{problem}, and would be replaced; name another file"
    raise BadInputError(message, file=output)


def print_difference(difference: str) -> None:
    """Print a unified diff, in colours on a terminal."""
    from rich.console import Console  # noqa: PLC0415 - of which there is no need without one
    from rich.syntax import Syntax  # noqa: PLC0415 - as above

    console = Console()
    if console.is_terminal:
        console.print(Syntax(difference, "diff", theme="ansi_dark", background_color="default"))
    else:
        print(difference.rstrip("\n"))


def fail(message: str) -> NoReturn:
    """Print what went wrong to standard error, and exit with 1."""
    print(message, file=sys.stderr)
    raise typer.Exit(DIFFERENCE)


def print_shortly(lines: Sequence[str], rest: str, *, file: TextIO | None = None) -> None:
    """Print a list, of which a person may not want all."""
    for line in lines[:_MOST_SHOWN]:
        print(f"  {line}", file=file)
    if len(lines) > _MOST_SHOWN:
        print(f"  and {len(lines) - _MOST_SHOWN} more: {rest}", file=file)


def tell_mended(problems: Iterable[BadInputError]) -> None:
    """Say on standard error what in a definition is read otherwise than it is written."""
    rest = "`python -m codegen normalise` prints them all"
    print_shortly([str(problem) for problem in problems], rest, file=sys.stderr)
