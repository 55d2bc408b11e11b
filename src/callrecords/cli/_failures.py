"""What went wrong, as an exit code and a sentence: decisions only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

from callrecords.cli._exit_codes import USAGE
from callrecords_runtime.errors import (
    CallRecordsError,
    ConfigurationError,
    ServerError,
    TransportError,
)
from callrecords_runtime.texts import printable

if TYPE_CHECKING:
    from typer import BadParameter

REFUSED = 1

NETWORK = 3


class UsageError(Exception):
    """A command that cannot be carried out as it was given; its text is the sentence."""


@frozen
class Failure:
    """How a command ended that did not succeed."""

    exit_code: int
    sentence: str


def failure_of(error: CallRecordsError | OSError | UsageError) -> Failure:
    """The end that an error puts to a command.

    A provider that fails (5xx) counts as the network does: it may be well again soon. Whatever else
    a provider answers is its word, and asking again will not change it.
    """
    match error:
        case ConfigurationError() | UsageError():
            return Failure(USAGE, _sentence(str(error)))
        case TransportError() | ServerError():
            return Failure(NETWORK, _sentence(str(error)))
        case CallRecordsError():
            return Failure(REFUSED, _sentence(str(error)))
        case OSError():
            reason = error.strerror or str(error)
            if error.filename is not None:
                reason = f"{reason}: {error.filename}"
            return Failure(REFUSED, _sentence(f"the output cannot be written: {reason}"))


def usage_failure_of(error: BadParameter) -> Failure:
    """The end that wrong arguments put to a command; the sentence names the help."""
    command = "callrecords" if error.ctx is None else error.ctx.command_path
    message = error.format_message().rstrip(".")
    return Failure(USAGE, _sentence(f"{message} (see {command} --help)"))


def _sentence(text: str) -> str:
    """One line that is safe to print, whatever a provider put into its message."""
    return f"callrecords: {printable(' '.join(text.split()))}"
