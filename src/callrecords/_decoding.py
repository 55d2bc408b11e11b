"""Answers that were stored, or received by other means, read as a client reads its own."""

from __future__ import annotations

import datetime as dt
import re
from functools import partial
from typing import TYPE_CHECKING, Any

import httpx
from attrs import evolve

from callrecords._packages import operation_named, read_provider
from callrecords_runtime.answers import Reader, drift_in, success_of
from callrecords_runtime.arguments import nearest
from callrecords_runtime.call import Call
from callrecords_runtime.drift import Deviation, DriftKind
from callrecords_runtime.drift_log import LogOnce
from callrecords_runtime.errors import ConfigurationError, DecodeError, EnvelopeError
from callrecords_runtime.exchange import CLOCK
from callrecords_runtime.flow import run_call
from callrecords_runtime.listings import ListingReader
from callrecords_runtime.messages import Request, Response
from callrecords_runtime.options import Options
from callrecords_runtime.paging import Page
from callrecords_runtime.retries import RetryPolicy
from callrecords_runtime.streams import read_all

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from callrecords_runtime.drift import Drift
    from callrecords_runtime.drift_log import OnDrift
    from callrecords_runtime.listings import Listing
    from callrecords_runtime.messages import Answer
    from callrecords_runtime.operation import Operation

_OK = 200
_ITEM = re.compile(r'("(?:[^"\\]|\\.)*")|\[\d+\]')
"""The place of an item in a path; a name in quotes may look like one."""
_ONCE = RetryPolicy(max_retries=0)
_LOGGING = Options(LogOnce())
"""Each drift is logged once, however many answers are read."""


def decode(  # noqa: PLR0913 - what a client knows of an answer
    provider: str,
    operation: str,
    body: bytes | str,
    *,
    status: int,
    headers: Mapping[str, str] | None,
    on_drift: OnDrift,
) -> Any:  # noqa: ANN401 - of any operation
    """What the client's method returns, or raises, when it gets this answer."""
    content = body.encode(errors="surrogatepass") if isinstance(body, str) else memoryview(body)
    return Decoder(provider, operation, on_drift)(bytes(content), status, headers)


class Decoder:
    """Reads answers to one operation, as a client reads its own.

    Args:
        provider: Whose operation.
        method: The client's method for it, such as ``get_call``.
        on_drift: As for a client.

    Raises:
        ConfigurationError: there is no such package or method.
    """

    def __init__(self, provider: str, method: str, on_drift: OnDrift) -> None:
        self.operation, call = _call(provider, method)
        options = _LOGGING if on_drift == "log" else _LOGGING.changed({"on_drift": on_drift})
        self._call = call._replace(on_drift=options.on_drift)

    def __call__(
        self, content: bytes, status: int = _OK, headers: Mapping[str, str] | None = None
    ) -> Any:  # noqa: ANN401 - of any operation
        """What the client's method returns; of a list, the page that the answer is."""
        response = Response(
            status=status,
            headers=httpx.Headers(dict(headers or {})),
            content=content,
            elapsed=dt.timedelta(),
        )
        answer = _answer(self._call, response)
        if self.operation.paging is None:
            return answer.parsed
        listing: Listing[Any] = answer.parsed
        # Its own numbers do not say which page it is, so nothing can go on after it.
        return Page(
            items=listing.items,
            total=listing.total,
            cursor=None,
            answer=answer,
            rejected=listing.rejected,
        )


def _answer(call: Call[Any], response: Response) -> Answer[Any]:
    """The answer to a call that was sent once and got this response."""
    flow = run_call(call, _ONCE, CLOCK)
    next(flow)
    try:
        flow.send(response)
    except StopIteration as end:
        answer: Answer[Any] = end.value
        return answer
    raise AssertionError("a call that is not repeated ends with its first response")


def _call(provider: str, method: str) -> tuple[Operation, Call[Any]]:
    """An operation, and a call of it without arguments, as errors name it."""
    package = read_provider(provider)
    try:
        operation = operation_named(package, method)
    except LookupError:
        hint = nearest(method, package.operations, "it has")
        raise ConfigurationError(f"{package.name} has no operation {method!r}{hint}") from None
    reader = Reader(package.package, operation)
    return operation, Call(
        provider=package.name,
        operation=operation.name,
        request=Request(method=operation.method, path=operation.path, template=operation.path),
        read=_read_of(reader),
    )


def _read_of(reader: Reader) -> Callable[[Call[Any], Response], Answer[Any]]:
    operation = reader.operation
    if any(success.is_stream for success in operation.successes.values()):
        return partial(read_all, reader)
    return ListingReader(reader, operation.paging) if operation.paging else reader


class Judge:
    """Judges bodies as successful answers to one operation, as a client does.

    Args:
        provider: Whose operation.
        method: The client's method for it, such as ``get_call``.

    Raises:
        ConfigurationError: there is no such package or method.
        LookupError: it answers with no JSON.
    """

    def __init__(self, provider: str, method: str) -> None:
        operation, self._call = _call(provider, method)
        if success_of(operation, _OK).kind != "json":
            raise LookupError(f"{provider} {method} answers with no JSON")

    def __call__(self, body: bytes, status: int) -> tuple[tuple[Drift, ...], bool]:
        """Where a JSON text is not what the definition says, and whether a client takes it."""
        drift: list[Drift] = []
        call = self._call._replace(on_drift=drift.append)
        response = Response(status=status, headers={}, content=body, elapsed=dt.timedelta())
        try:
            call.answered_by(response)
        except DecodeError as error:
            problems = [evolve(each, path=_of_any_item(each.path)) for each in error.problems]
            what = Deviation((), DriftKind.MISSING, error.message, None)
            return tuple(problems) or drift_in(call, [what]), False
        except (EnvelopeError, LookupError) as error:
            what = Deviation((), DriftKind.CONSTRAINT, "an answer that is taken", str(error))
            return drift_in(call, [what]), False
        return tuple(drift), True


def _of_any_item(path: str) -> str:
    """A path that leads to one item of each array, as drift has it."""
    return _ITEM.sub(lambda found: found[1] or "[*]", path)
