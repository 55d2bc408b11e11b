"""Running a command, whatever comes of it: the only place that makes exit codes of errors."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, TextIO, cast

import typer

from callrecords.cli._commands import app
from callrecords.cli._exit_codes import INTERRUPTED
from callrecords.cli._failures import UsageError, failure_of, usage_failure_of
from callrecords_runtime.errors import CallRecordsError
from callrecords_runtime.texts import one_line

if TYPE_CHECKING:
    from collections.abc import Sequence

_WRONG_ARGUMENTS = cast("type[typer.BadParameter]", typer.BadParameter.__base__)
"""What typer raises for all wrong arguments; it has had several names, and this is all of them."""


def run(arguments: Sequence[str]) -> int:
    """Run a command, say in one sentence what went wrong, and return the exit code."""
    _tolerate_any_character(sys.stdout)
    try:
        exit_code = app(list(arguments), prog_name="callrecords", standalone_mode=False)
    except SystemExit as ended:
        return _exit_code(ended)
    except (KeyboardInterrupt, typer.Abort):
        return INTERRUPTED
    except _WRONG_ARGUMENTS as error:
        return _fail(*usage_failure_of(error))
    except (CallRecordsError, UsageError) as error:
        return _fail(*failure_of(error))
    except OSError as error:
        _forget_output()
        return _fail(*failure_of(error))
    return exit_code if isinstance(exit_code, int) else 0


def _exit_code(ended: SystemExit) -> int:
    """Typer ends when the reader of the output has gone, with 1; that is no failure here."""
    if isinstance(ended.__context__, BrokenPipeError):
        _forget_output()
        return 0
    return ended.code if isinstance(ended.code, int) else 0


def _fail(exit_code: int, reason: str) -> int:
    # One line that is safe to print, whatever a provider put into its message.
    typer.echo(f"callrecords: {one_line(reason)}", err=True)
    return exit_code


def _forget_output() -> None:
    """Let what is still buffered go nowhere, or Python complains about it as it ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _tolerate_any_character(stream: TextIO) -> None:
    """A name may be in a script that the encoding of a terminal or a file does not have."""
    reconfigure = getattr(stream, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(errors="replace")
