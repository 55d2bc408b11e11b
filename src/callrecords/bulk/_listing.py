"""The calls of a provider between two times, however it lists them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, cast

import attrs

from callrecords._conversions import conversion_for
from callrecords._packages import provider_of, read_provider
from callrecords.calls import records
from callrecords_runtime.awaited import AsyncClient
from callrecords_runtime.blocking import Pages
from callrecords_runtime.errors import ConfigurationError
from callrecords_runtime.paging import Page

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Generator, Iterable, Iterator

    from callrecords._conversions import Conversion
    from callrecords.calls import CallRecord
    from callrecords_runtime.blocking import SyncClient

_TOLD = 100
"""Records between two reports of how many came."""
_SHORTEST_SECONDS = 1.0
"""Of a time that is asked for in halves: no provider's are finer."""
_LONG_SECONDS = 3600.0
"""Longer times are halved as long as calls are missing: of a day it is some dozens of answers."""
_FEWER = 0.75
"""How many of a time's calls its half may have, at most, for shorter times to be worth asking."""


@attrs.frozen(kw_only=True)
class Tally:
    """What came of asking for calls, and whether that is all."""

    rows: int = 0
    """Calls of the time that was asked for."""
    came: int = 0
    """Different calls that the provider gave, also those of a time around it."""
    total: int | None = None
    """How many there are by the provider's own word; None if it does not say so."""
    undated: int = 0
    """Calls without any time, of which nobody knows whether they are of that time."""
    unread: int = 0
    """Calls that the definition does not fit, so that they cannot be read."""

    def __add__(self, other: Tally) -> Tally:
        totals = (self.total, other.total)
        sums = {
            name: getattr(self, name) + getattr(other, name)
            for name in ("rows", "came", "undated", "unread")
        }
        return Tally(total=None if None in totals else sum(filter(None, totals)), **sums)

    @property
    def complete(self) -> bool | None:
        """Whether all calls are rows; None if nobody can know."""
        if self.unread or (self.total is not None and self.came < self.total):
            return False
        return None if self.total is None or self.undated else True

    @property
    def doubts(self) -> list[str]:
        """Why it is not complete, or why nobody can know."""
        found: list[str] = []
        if self.total is None:
            found.append("the provider does not say how many calls there are, or they changed")
        elif self.came < self.total:
            found.append(
                f"there are {self.total:,} calls by the provider's word, {self.came:,} came"
            )
        if self.unread:
            found.append(f"calls that cannot be read: {self.unread:,}")
        if self.undated:
            found.append(f"calls without a time, which are left out: {self.undated:,}")
        return found


class Walk:
    """Records as they come, and what came of asking for them, once all did.

    Args:
        records: As :func:`listed` gives them.
        on_rows: Told now and then how many came.
    """

    def __init__(
        self,
        records: Generator[CallRecord, None, Tally],
        on_rows: Callable[[int], object] | None = None,
    ) -> None:
        self.rows = 0
        self.tally = Tally()
        self._records = records
        self._on_rows = on_rows

    def __iter__(self) -> Iterator[CallRecord]:
        for record in self._walked():
            self.rows += 1
            if self.rows % _TOLD == 0:
                self._tell()
            yield record
        self._tell()

    def _tell(self) -> None:
        if self._on_rows is not None:
            self._on_rows(self.rows)

    def _walked(self) -> Iterator[CallRecord]:
        self.tally = yield from self._records


def time_of(record: CallRecord) -> dt.datetime | None:
    """When a call was: the first that is known of when it was made, began and ended."""
    return record.created_at or record.started_at or record.ended_at


def conversion_listing(provider: str) -> Conversion:
    """How the calls of a provider are listed, and become records.

    Raises:
        ConfigurationError: there is no such provider, or nobody has said it.
    """
    name = read_provider(provider).name
    conversion = conversion_for(name, "listed")
    if conversion is None:
        raise ConfigurationError(
            f"{name} has no list of calls that is known here; a callrecords.Conversion may say how "
            "its calls are listed"
        )
    return conversion


def name_of_provider(client: object) -> str:
    """The provider that a client asks.

    Raises:
        ConfigurationError: it is none of a generated package, or is awaited.
    """
    if isinstance(client, AsyncClient):
        raise ConfigurationError(
            f"{type(client).__name__} is awaited, and this takes a client that is not"
        )
    name = provider_of(type(client))
    if name is None:
        raise ConfigurationError(f"{type(client).__name__} is no client of a generated package")
    return name


def listed(
    conversion: Conversion, client: SyncClient, since: dt.datetime, until: dt.datetime
) -> Generator[CallRecord, None, Tally]:
    """The records of the calls of a time, and what came of asking for them.

    Raises:
        RequestError: they could not be had.
    """
    ask = cast("Callable[..., Any]", conversion.listed)
    if not conversion.listed_by_time:
        return (yield from _answered(ask(client), since, until))
    return (yield from _halved(ask, client, since, until))


def _halved(
    ask: Callable[..., Any], client: SyncClient, since: dt.datetime, until: dt.datetime
) -> Generator[CallRecord, None, Tally]:
    """The same; when an answer has less than all, the halves of its time are asked for, too."""
    tally, total = Tally(total=0), None
    seen: set[str] = set()
    waiting: list[tuple[dt.datetime, dt.datetime, int | None]] = [(since, until, None)]
    while waiting and (total is None or tally.came < total):
        first, last, of_whole = waiting.pop()
        answer = ask(client, first, last)
        if not _is(answer, Page):
            return (yield from _answered(answer, since, until))
        if of_whole is None:
            total = answer.total
        part = yield from _answered(answer, since, until, seen)
        tally += attrs.evolve(part, total=0)
        if _is_worth_halving(answer, (last - first).total_seconds(), of_whole):
            middle = first + (last - first) / 2
            waiting += [(middle, last, answer.total), (first, middle, answer.total)]
    return attrs.evolve(tally, total=total)


def _is_worth_halving(answer: Page[Any], seconds: float, of_whole: int | None) -> bool:
    """Whether the halves of an answer's time may have calls that it lacks.

    An answer may have calls of a time around the one that was asked for, so that those of a half
    may be no fewer: then no answer holds them, however short the time is.
    """
    count = len(answer.items) + len(answer.rejected)
    if answer.total is None or count >= answer.total or seconds <= _SHORTEST_SECONDS:
        return False
    return of_whole is None or seconds > _LONG_SECONDS or answer.total <= _FEWER * of_whole


def _answered(
    answer: Any,  # noqa: ANN401 - pages, a page, or a list
    since: dt.datetime,
    until: dt.datetime,
    seen: set[str] | None = None,
) -> Generator[CallRecord, None, Tally]:
    """What one of a client's methods gave, as far as it is of a time.

    Without the calls that were seen before, if it is told which: those with the same id, or all the
    same.
    """
    pages: Iterable[Page[Any]]
    if _is(answer, Pages):
        pages = answer.pages()
    elif _is(answer, Page):
        pages = (answer,)
    else:
        pages = (Page(items=answer, total=None, cursor=None, answer=answer),)
    tally, total = Tally(total=0), None
    for page in pages:
        total = page.total
        tally += yield from _of_page(page, since, until, seen)
    if _is(answer, Pages):
        if answer.complete:
            total = tally.came  # of an empty list there is no page that says so
        elif total is not None and tally.came >= total:
            total = None  # as many as there are, and perhaps not the same
    return attrs.evolve(tally, total=total)


def _of_page(
    page: Page[Any], since: dt.datetime, until: dt.datetime, seen: set[str] | None
) -> Generator[CallRecord, None, Tally]:
    """The same of one page, whose total says nothing of it."""
    rows = came = undated = unread = 0
    for one in page.rejected:
        unread += seen is None or _is_new(json.dumps(one.value), seen)
    for call, record in zip(page.items, records(page.items), strict=True):
        if seen is not None and not _is_new(record.id or json.dumps(call.to_dict()), seen):
            continue
        came += 1
        time = time_of(record)
        undated += time is None
        if time is not None and since <= time < until:
            rows += 1
            yield record
    return Tally(rows=rows, came=came + unread, total=0, undated=undated, unread=unread)


def _is_new(key: str, seen: set[str]) -> bool:
    """Whether a call was not seen before, which it is from now on."""
    before = len(seen)
    seen.add(key)
    return len(seen) > before


def _is(answer: Any, kind: type) -> bool:  # noqa: ANN401 - as above
    """As isinstance() says it, but what it is a page of stays open to type checkers."""
    return isinstance(answer, kind)
