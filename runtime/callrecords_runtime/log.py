"""What goes to the log ``callrecords``: never a body, a query or a credential.

Attempts are logged at DEBUG and waits at INFO, with the facts also as attributes of the record:
``provider``, ``operation``, ``method``, ``path`` (with the names of its parameters), ``attempt``,
``elapsed`` or ``pause`` in seconds, and ``status`` and ``bytes``, or ``failure``.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from callrecords_runtime.messages import Failure, Outcome

if TYPE_CHECKING:
    from callrecords_runtime.call import Call

logger = logging.getLogger("callrecords")
logger.addHandler(logging.NullHandler())


def attempt(call: Call[Any], number: int, outcome: Outcome, elapsed: float) -> None:
    """An attempt ended."""
    if logger.isEnabledFor(logging.DEBUG):
        facts = {**_facts(call, number, outcome), "elapsed": elapsed}
        told = facts["method"], facts["path"], _came_of(outcome), elapsed
        logger.debug("%s %s: %s in %.3f s", *told, extra=facts)


def download(call: Call[Any], number: int, status: int, size: int, elapsed: float) -> None:
    """An attempt brought a file to its end, which now has so many bytes."""
    if logger.isEnabledFor(logging.DEBUG):
        facts = {**_request(call, number), "status": status, "bytes": size, "elapsed": elapsed}
        told = facts["method"], facts["path"], status, size, elapsed
        logger.debug("%s %s: %d, a file of %d bytes in %.3f s", *told, extra=facts)


def wait(call: Call[Any], number: int, outcome: Outcome, seconds: float) -> None:
    """There will be another attempt."""
    if logger.isEnabledFor(logging.INFO):
        facts = {**_facts(call, number, outcome), "pause": seconds}
        told = facts["method"], facts["path"], _came_of(outcome), number, seconds
        logger.info("%s %s: %s at attempt %d, trying again in %.1f s", *told, extra=facts)


def _request(call: Call[Any], number: int) -> dict[str, object]:
    return {
        "provider": call.provider,
        "operation": call.operation,
        "method": call.request.method,
        "path": call.request.template,
        "attempt": number,
    }


def _facts(call: Call[Any], number: int, outcome: Outcome) -> dict[str, object]:
    facts = _request(call, number)
    if isinstance(outcome, Failure):
        return {**facts, "failure": outcome.kind}
    return {**facts, "status": outcome.status, "bytes": len(outcome.content)}


def _came_of(outcome: Outcome) -> str:
    if isinstance(outcome, Failure):
        return outcome.kind + (" broke" if outcome.kind == "connection" else "")
    return f"{outcome.status}, {len(outcome.content)} bytes"
