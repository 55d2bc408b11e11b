"""When to try again, and how long to wait before: decisions without a clock or a sleep."""

from __future__ import annotations

import datetime as dt
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, NamedTuple

from callrecords_runtime.messages import Failure, Outcome

if TYPE_CHECKING:
    from collections.abc import Mapping

_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "QUERY"})
_PASSING = frozenset({408, 429, 500, 502, 503, 504, *range(520, 530)})
"""Statuses that may be gone at the next attempt; 52x are Cloudflare's."""
_RATE_LIMITED = 429
_BURST = 10.0
_FOR_A_SUCCESS = 0.1


class Stop(NamedTuple):
    """Do not try again."""

    reason: str | None = None
    """Why not, where it is worth telling: an attempt would have made sense."""


class RetryBudget:
    """How often all calls of a client together are tried again, so that they storm no server.

    Ten times at once; then once more for each second that passes and for ten calls that succeed.
    """

    def __init__(self) -> None:
        self._left = _BURST
        self._counted = 0.0

    def take(self, now: float) -> bool:
        """Whether there may be another attempt now, in seconds of any clock that goes on."""
        self._left = min(_BURST, self._left + max(0.0, now - self._counted))
        self._counted = now
        if self._left < 1:
            return False
        self._left -= 1
        return True

    def succeeded(self) -> None:
        """A call went well, so that the server is there."""
        self._left = min(_BURST, self._left + _FOR_A_SUCCESS)


class RetryPolicy(NamedTuple):
    """Full-jitter exponential backoff that respects what the server asks for."""

    max_retries: int = 2
    first_delay: float = 0.5
    """Seconds; the upper bound of the first wait, doubled for each that follows."""
    longest_delay: float = 8.0
    """Seconds; the upper bound of any wait that the server did not ask for."""
    longest_retry_after: float = 60.0
    """Seconds; when the server asks for more, there is no further attempt."""
    deadline: float | None = None
    """Seconds for all attempts and waits together."""
    budget: RetryBudget | None = None
    """What all calls with this policy have together; None is no bound."""

    def decide(  # noqa: PLR0913 - all that the decision rests on
        self,
        method: str,
        outcome: Outcome,
        *,
        attempt: int,
        elapsed: float,
        random: float,
        now: dt.datetime,
        monotonic: float = 0.0,
    ) -> float | Stop:
        """Seconds to wait before the next attempt, or that there is none.

        Args:
            method: Of the request, in upper case.
            outcome: Of the attempt.
            attempt: Which one it was; the first is 1.
            elapsed: Seconds since the first attempt began.
            random: Between 0 and 1.
            now: For a ``Retry-After`` that is a date, when the server does not say its own time.
            monotonic: Seconds of the clock by which the budget fills.
        """
        if not _may_repeat(method, outcome):
            return Stop()
        if attempt > self.max_retries:
            return Stop(f"gave up after {attempt} attempts" if self.max_retries else None)
        asked = None if isinstance(outcome, Failure) else retry_after(outcome.headers, now)
        if asked is not None and asked > self.longest_retry_after:
            return Stop(
                f"the server asks to wait {asked:.0f} seconds, "
                f"which is more than the {self.longest_retry_after:.0f} that are waited"
            )
        bound = min(self.longest_delay, self.first_delay * 2 ** min(attempt - 1, 64))
        # On top of what the server asks for: those whom it told the same would come at once.
        seconds: float = (asked or 0.0) + random * bound
        if self.deadline is not None and elapsed + seconds >= self.deadline:
            return Stop(f"the deadline of {self.deadline:g} seconds leaves no time to try again")
        if self.budget is not None and not self.budget.take(monotonic):
            return Stop("too many calls of this client are tried again already")
        return seconds


def _may_repeat(method: str, outcome: Outcome) -> bool:
    if isinstance(outcome, Failure):
        is_passing = outcome.kind in {"connection", "timeout"}
        return is_passing and (method in _SAFE_METHODS or not outcome.was_sent)
    if method in _SAFE_METHODS:
        return outcome.status in _PASSING
    return outcome.status == _RATE_LIMITED


def retry_after(headers: Mapping[str, str], now: dt.datetime) -> float | None:
    """Seconds that a server asks to wait; None when it does not say, or not understandably.

    A date is compared with the server's own ``Date``, as its clock may be wrong, else with ``now``.
    """
    text = headers.get("retry-after", "").strip()
    if text.isascii() and text.replace(".", "", 1).isdigit():
        return float(text)
    moment = _http_date(text)
    if moment is None:
        return None
    reference = _http_date(headers.get("date", "")) or now
    return max(0.0, (moment - reference).total_seconds())


def _http_date(text: str) -> dt.datetime | None:
    try:
        moment = parsedate_to_datetime(text)
    except (OverflowError, TypeError, ValueError):
        return None
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=dt.UTC)
