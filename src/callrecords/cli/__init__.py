"""The command line ``callrecords``, which needs ``callrecords[cli]``.

Each module has one duty: ``_commands`` reads arguments, ``_providers`` asks, ``_recorded``
reads and judges files, ``_view`` picks what is shown, ``_terminal`` and ``_plain`` print it for
people and for pipes, ``_progress`` shows how far a command is, and ``_run`` turns whatever happens
into an exit code:

0
    All is well; also when the reader of the output had enough of it.
1
    The provider answered, and the answer is no: not found, refused, or not understood. Also when
    a recorded answer is not what the definition says, and when the output cannot be written.
2
    The command cannot be carried out as it was given: arguments, environment, missing extras.
3
    There was no answer, or the provider failed (5xx), which is likely to pass as well: trying again
    later makes sense.
130
    Ctrl-C.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from callrecords.cli._exit_codes import INTERRUPTED, USAGE

if TYPE_CHECKING:
    from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command.

    Args:
        arguments: Those of the process without any.

    Returns:
        The exit code.
    """
    try:
        from callrecords.cli._run import run  # noqa: PLC0415 - what it needs may be missing
    except ModuleNotFoundError as error:
        missing = str(error.name).partition(".")[0]
        if missing not in {"rich", "typer"}:
            raise
        print(  # noqa: T201 - a command line prints
            f"callrecords: the command line needs {missing}: pip install 'callrecords[cli]'",
            file=sys.stderr,
        )
        return USAGE
    except KeyboardInterrupt:
        return INTERRUPTED
    return run(sys.argv[1:] if arguments is None else arguments)
