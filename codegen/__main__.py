"""The commands of ``python -m codegen``.

They exit with 0 when all is well, 1 when something differs or a proof fails, 2 when an input
cannot be used, and 130 when they are interrupted.
"""

from __future__ import annotations

import os
import sys
from typing import Any

from codegen import start

if __name__ == "__main__":
    start()

_BAD_INPUT = 2  # as the commands have it, which may not be there to ask
_INTERRUPTED = 130  # as shells have it


def _say_interrupted(*, is_unchanged: bool = True) -> None:
    state = "nothing was changed" if is_unchanged else "`git status` shows what was written"
    print(f"interrupted: {state}", file=sys.stderr)


def _say_what_is_missing(error: ModuleNotFoundError) -> None:
    """How to install what the commands need, unless it is one of our own modules.

    Raises:
        ModuleNotFoundError: it is.
    """
    if error.name is None or error.name.partition(".")[0] == "codegen":
        raise error
    # Dependency groups came to pip later than to any Python that we support.
    install = "`pip install --upgrade pip`, then `pip install --group codegen`"
    print(f"codegen needs {error.name}: install its tools with {install}", file=sys.stderr)


try:
    import typer
    from typer.core import TyperGroup

    from codegen.commands import overlay
    from codegen.commands.add.command import add
    from codegen.commands.bump import bump
    from codegen.commands.diff import diff
    from codegen.commands.generate import generate
    from codegen.commands.ledger import ledger
    from codegen.commands.normalise import normalise
    from codegen.commands.prove import prove
    from codegen.commands.shared import BAD_INPUT
    from codegen.commands.suggest.command import suggest
    from codegen.commands.update.command import update
    from codegen.files import transaction
    from codegen.files.errors import BadInputError, BadInputs
except ModuleNotFoundError as missing:
    _say_what_is_missing(missing)
    sys.exit(_BAD_INPUT)
except KeyboardInterrupt:
    _say_interrupted()
    sys.exit(_INTERRUPTED)


class _ReportingBadInput(TyperGroup):
    """Commands that say what is wrong with an input, instead of showing a traceback."""

    def invoke(self, ctx: Any) -> Any:  # noqa: ANN401 - typer's own type is private
        try:
            try:
                return super().invoke(ctx)
            finally:
                sys.stdout.flush()
        except (BadInputError, BadInputs) as error:
            print(error, file=sys.stderr)
        except BrokenPipeError:  # who read the output has gone, which typer sees to
            raise
        except OSError as error:
            print(f"{error.filename or 'the output'}: {error.strerror}", file=sys.stderr)
            # Or Python complains, as it ends, about what is still buffered.
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        except ModuleNotFoundError as error:
            _say_what_is_missing(error)
        except KeyboardInterrupt:
            _say_interrupted(is_unchanged=not transaction.touched)
            raise typer.Exit(_INTERRUPTED) from None
        raise typer.Exit(BAD_INPUT)


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
for one in (app, overlay.app):
    for registered in one.registered_commands:
        # Of a help that is not given short, typer shows the first words and an ellipsis.
        registered.short_help = (registered.callback.__doc__ or "").partition("\n")[0]
app.add_typer(overlay.app, name="overlay")

if __name__ == "__main__":
    app()
