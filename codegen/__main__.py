"""The commands of ``python -m codegen``.

They exit with 0 when all is well, 1 when something differs or a proof fails, and 2 when an input
cannot be used.
"""

from __future__ import annotations

import sys
from typing import Any

try:
    import typer
except ModuleNotFoundError:
    # Dependency groups came to pip later than to any Python that we support.
    install = "with pip 25.1 or newer `pip install --group codegen`"
    sys.exit(f"codegen needs its tools: use `nox -s generate`, or {install}")

from typer.core import TyperGroup

from codegen.commands import overlay
from codegen.commands.add.command import add
from codegen.commands.bump import bump
from codegen.commands.diff import diff
from codegen.commands.generate import generate
from codegen.commands.ledger import ledger
from codegen.commands.normalise import normalise
from codegen.commands.prove import prove
from codegen.commands.shared import BAD_INPUT, rare_garbage_collection
from codegen.commands.suggest.command import suggest
from codegen.commands.update.command import update
from codegen.files.errors import BadInputError, BadInputs


class _ReportingBadInput(TyperGroup):
    """Commands that say what is wrong with an input, instead of showing a traceback."""

    def invoke(self, ctx: Any) -> Any:  # noqa: ANN401 - typer's own type is private
        try:
            return super().invoke(ctx)
        except (BadInputError, BadInputs) as error:
            print(error, file=sys.stderr)
            raise typer.Exit(BAD_INPUT) from error


app = typer.Typer(
    name="python -m codegen",
    cls=_ReportingBadInput,
    help="From providers' definitions to publishable clients.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
for command in (generate, prove, add, suggest, ledger, normalise, bump, diff, update):
    app.command()(command)
app.add_typer(overlay.app, name="overlay")

if __name__ == "__main__":
    with rare_garbage_collection():
        app()
