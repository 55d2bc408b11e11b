"""What went wrong, as an exit code and a reason: decisions only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from callrecords.cli._exit_codes import USAGE
from callrecords_runtime.errors import (
    CallRecordsError,
    ConfigurationError,
    ServerError,
    TransportError,
)

if TYPE_CHECKING:
    from typer import BadParameter

REFUSED = 1
NETWORK = 3


class UsageError(Exception):
    """A command that cannot be carried out as it was given; its text is the reason."""


def failure_of(error: CallRecordsError | OSError | UsageError) -> tuple[int, str]:
    """The end that an error puts to a command.

    A provider that fails (5xx) counts as the network does: it may be well again soon. Whatever else
    a provider answers is its word, and asking again will not change it.
    """
    match error:
        case ConfigurationError() | UsageError():
            return USAGE, str(error)
        case TransportError() | ServerError():
            return NETWORK, str(error)
        case CallRecordsError():
            return REFUSED, str(error)
        case OSError():
            reason = error.strerror or str(error)
            if error.filename is not None:
                reason = f"{reason}: {error.filename}"
            return REFUSED, f"the output cannot be written: {reason}"


def usage_failure_of(error: BadParameter) -> tuple[int, str]:
    """The end that wrong arguments put to a command; the reason names the help."""
    command = "callrecords" if error.ctx is None else error.ctx.command_path
    message = error.format_message().rstrip(".")
    return USAGE, f"{message} (see {command} --help)"
