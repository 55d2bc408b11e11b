"""Accounts: the provider's own minutes and costs against the records of its calls."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, cast

import attrs

from callrecords._conversions import conversion_for
from callrecords._getting import conversion_by, read
from callrecords._times import between
from callrecords.bulk._listing import Tally, Walk, conversion_listing, listed, name_of_provider
from callrecords_runtime.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable

    from callrecords._figures import Figure
    from callrecords.calls import CallRecord
    from callrecords_runtime.blocking import SyncClient

_DAY = dt.timedelta(days=1)


@attrs.frozen(kw_only=True)
class Reconciliation:
    """A provider's figures beside what the records of its calls come to."""

    provider: str
    calls: int
    """How many calls were looked at."""
    complete: bool | None
    """Whether these are all of that time, by the provider's own total; None if nobody can know."""
    doubts: tuple[str, ...]
    """Why they are not, or why nobody can know."""
    figures: tuple[Figure, ...]

    @property
    def differences(self) -> tuple[Figure, ...]:
        """The figures that are another number in the records."""
        return tuple(figure for figure in self.figures if not figure.agrees)


def reconcile(
    client: SyncClient,
    /,
    *,
    since: dt.datetime | str | None = None,
    until: dt.datetime | str | None = None,
    ids: Iterable[str] | None = None,
) -> Reconciliation:
    """Compare what a provider says that its calls came to with the records of these calls.

        for figure in callrecords.reconcile(kit, since=monday, until=saturday).differences:
            print(figure.of, figure.name, figure.said, figure.found)

    Args:
        client: Whom to ask.
        since: The calls of whole days in UTC, from the day on that this is in.
        until: To the day that this is in, or ends; today unless it is said.
        ids: These calls instead, each with all that the provider gives of it apart.

    Raises:
        ConfigurationError: an argument means nothing, or nobody has said what the provider says
            that its calls come to.
        RequestError: any of it could not be had.
    """
    if (since is None) == (ids is None):
        raise ConfigurationError("reconcile takes calls since a time, or ids")
    provider = name_of_provider(client)
    conversion = conversion_for(provider, "figures")
    if conversion is None:
        raise ConfigurationError(f"nobody has said what {provider} says that its calls come to")
    figures = cast("Callable[..., Iterable[Figure]]", conversion.figures)
    if since is None:
        walk, days = Walk(_by_id(client, ids or ())), None
    else:
        first, last = _whole_days(since, until)
        walk = Walk(listed(conversion_listing(provider), client, first, last))
        days = first.date(), (last - _DAY).date()
    made = tuple(figures(client, walk, days))  # which walks through the records
    return Reconciliation(
        provider=provider,
        calls=walk.rows,
        complete=walk.tally.complete,
        doubts=tuple(walk.tally.doubts),
        figures=made,
    )


def _by_id(client: SyncClient, ids: Iterable[str]) -> Generator[CallRecord, None, Tally]:
    conversion = conversion_by(client)
    needed = dict.fromkeys(conversion.parts, False)
    for identifier in ids:
        yield read(conversion, client, identifier, needed, {})
    return Tally(total=0)  # there are no others


def _whole_days(
    since: dt.datetime | str, until: dt.datetime | str | None
) -> tuple[dt.datetime, dt.datetime]:
    start, end = between(since, until)
    last = _midnight(end)
    return _midnight(start), last if last == end else last + _DAY


def _midnight(time: dt.datetime) -> dt.datetime:
    return time.replace(hour=0, minute=0, second=0, microsecond=0)
