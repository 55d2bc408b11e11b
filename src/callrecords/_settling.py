"""Waiting until nothing of a call will change any more."""

from __future__ import annotations

import datetime as dt
from functools import partial
from typing import TYPE_CHECKING, Any, Generic, TypeAlias, TypeVar, overload

import attrs

from callrecords._getting import conversion_by, parts_of, read
from callrecords.calls import CallRecord, Model
from callrecords_runtime.arguments import nearest
from callrecords_runtime.awaited import AsyncClient
from callrecords_runtime.errors import ConfigurationError, NotSettled

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Coroutine, Generator, Mapping

    from callrecords._getting import Awaited, Blocking
    from callrecords_runtime.blocking import SyncClient

CallT = TypeVar("CallT", bound=Model)
CallT_co = TypeVar("CallT_co", bound=Model, covariant=True)

SETTLING = ("status", "recordings", "transcript", "cost")
"""The fields that are waited for, unless fewer are named."""
_DEFAULT_TIMEOUT = 3600.0
_DEFAULT_INTERVAL = 5.0
_LONGEST_INTERVAL = 60.0
_GROWTH = 1.5
_Flow: TypeAlias = "Generator[float, CallRecord, Settled[Any]]"


@attrs.frozen
class Change:
    """What was another at one reading of a call than at the one before."""

    elapsed: dt.timedelta
    """Since the first reading."""
    fields: Mapping[str, tuple[object, object]]
    """The fields of the record, each with what it was and what it is."""


@attrs.frozen
class Settled(Generic[CallT_co]):
    """A call of which nothing will change any more."""

    record: CallRecord[CallT_co]
    changes: tuple[Change, ...]
    """What changed while it was waited for, in that order."""


@overload
def wait_until_settled(
    client: Awaited[CallT],
    identifier: str,
    /,
    *,
    fields: Collection[str] = SETTLING,
    parts: Collection[str] | None = None,
    timeout: float = _DEFAULT_TIMEOUT,
    interval: float = _DEFAULT_INTERVAL,
    **arguments: Any,  # noqa: ANN401 - of any method
) -> Coroutine[Any, Any, Settled[CallT]]: ...
@overload
def wait_until_settled(
    client: Blocking[CallT],
    identifier: str,
    /,
    *,
    fields: Collection[str] = SETTLING,
    parts: Collection[str] | None = None,
    timeout: float = _DEFAULT_TIMEOUT,
    interval: float = _DEFAULT_INTERVAL,
    **arguments: Any,  # noqa: ANN401 - as above
) -> Settled[CallT]: ...
@overload
def wait_until_settled(
    client: AsyncClient,
    identifier: str,
    /,
    *,
    fields: Collection[str] = SETTLING,
    parts: Collection[str] | None = None,
    timeout: float = _DEFAULT_TIMEOUT,
    interval: float = _DEFAULT_INTERVAL,
    **arguments: Any,  # noqa: ANN401 - as above
) -> Coroutine[Any, Any, Settled[Any]]: ...
@overload
def wait_until_settled(
    client: SyncClient,
    identifier: str,
    /,
    *,
    fields: Collection[str] = SETTLING,
    parts: Collection[str] | None = None,
    timeout: float = _DEFAULT_TIMEOUT,
    interval: float = _DEFAULT_INTERVAL,
    **arguments: Any,  # noqa: ANN401 - as above
) -> Settled[Any]: ...
def wait_until_settled(  # noqa: PLR0913 - what is waited for, and how long
    client: Any,
    identifier: str,
    /,
    *,
    fields: Collection[str] = SETTLING,
    parts: Collection[str] | None = None,
    timeout: float = _DEFAULT_TIMEOUT,
    interval: float = _DEFAULT_INTERVAL,
    **arguments: Any,
) -> Settled[Any] | Coroutine[Any, Any, Settled[Any]]:
    """Read a call again and again until nothing of it will change any more.

        settled = callrecords.wait_until_settled(zudu, "call-456")
        settled = await callrecords.wait_until_settled(async_zudu, "call-456")

    Args:
        client: Whom to ask; with one that is awaited, this is awaited too.
        identifier: Of the call.
        fields: Those of the record that are waited for.
        parts: Those that the provider gives apart and that must be there in the end, as of
            RealtimeKit the ``transcript``. Without it all are asked for, and none must be there.
        timeout: Seconds for all of it, besides the last reading.
        interval: Seconds between two readings at first; more while nothing changes, a minute at
            most.
        arguments: More of the client's method that gives the call.

    Raises:
        NotSettled: the time is over; the error has the call as it was read last.
        NotFound: there is no such call.
        RequestError: the call could not be had.
        ConfigurationError: nobody has said when the provider's calls are settled; or there is no
            such part or field.
    """
    conversion = conversion_by(client)
    if conversion.unsettled is None:
        raise ConfigurationError(f"nobody has said when calls of {conversion.provider} are settled")
    for name in fields:
        if name not in SETTLING:
            raise ConfigurationError(f"{name!r:.100} is not waited for{nearest(name, SETTLING)}")
    if not (timeout > 0 and interval > 0):
        raise ConfigurationError("timeout and interval must be more than 0 seconds")
    needed = dict.fromkeys(parts_of(conversion, parts), False)

    def is_open(record: CallRecord) -> list[str]:
        assert conversion.unsettled is not None  # noqa: S101 - see above
        named = () if parts is None else [each for each in parts if getattr(record, each) is None]
        return sorted({*fields} & {*conversion.unsettled(record)} | {*named})

    reading = partial(read, conversion, client, identifier, needed, arguments)
    flow = _settling(is_open, identifier, timeout, interval, client._clock.monotonic)  # noqa: SLF001 - a seam
    wait = _awaited if isinstance(client, AsyncClient) else _blocking
    return wait(flow, reading, client._sleep)  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]


def _settling(
    is_open: Callable[[CallRecord], list[str]],
    identifier: str,
    timeout: float,
    interval: float,
    monotonic: Callable[[], float],
) -> _Flow:
    """Decide after each reading how long to wait for the next one; what is first yielded is 0."""
    started = monotonic()
    pause = interval
    changes: list[Change] = []
    record = yield 0.0
    while unsettled := is_open(record):
        left = timeout - (monotonic() - started)
        if left <= 0:
            names = " and ".join(unsettled)
            error = NotSettled(
                f"{record.provider} {identifier}: {names} not settled after {timeout:g} seconds"
            )
            error.record, error.changes, error.unsettled = record, tuple(changes), unsettled
            raise error
        before, record = record, (yield min(pause, left))
        changed = _differences(before, record)
        if changed:
            changes.append(Change(dt.timedelta(seconds=monotonic() - started), changed))
        pause = interval if changed else min(pause * _GROWTH, max(interval, _LONGEST_INTERVAL))
    return Settled(record, tuple(changes))


def _differences(before: CallRecord, after: CallRecord) -> dict[str, tuple[object, object]]:
    names = [field.name for field in attrs.fields(CallRecord) if field.eq]
    pairs = {name: (getattr(before, name), getattr(after, name)) for name in names}
    return {name: (was, is_now) for name, (was, is_now) in pairs.items() if was != is_now}


def _blocking(flow: _Flow, reading: Callable[[], CallRecord], sleep: Any) -> Settled[Any]:  # noqa: ANN401
    pause = next(flow)
    while True:
        if pause:
            sleep(pause)
        try:
            pause = flow.send(reading())
        except StopIteration as finished:
            settled: Settled[Any] = finished.value
            return settled


async def _awaited(
    flow: _Flow,
    reading: Callable[[], Coroutine[Any, Any, CallRecord]],
    sleep: Any,  # noqa: ANN401 - as it is awaited
) -> Settled[Any]:
    pause = next(flow)
    while True:
        if pause:
            await sleep(pause)
        try:
            pause = flow.send(await reading())
        except StopIteration as finished:
            settled: Settled[Any] = finished.value
            return settled
