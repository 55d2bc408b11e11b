"""One call from its request to its result, as a generator that decides and never sends.

It yields what is to be done, a :class:`Send` or a :class:`Wait`; the sync and the async client do
it and send back what came of it. Tests step it by hand.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import TYPE_CHECKING, NamedTuple, TypeAlias, TypeVar

from callrecords_runtime.answers import call_error, response_error
from callrecords_runtime.errors import (
    AnswerTooLarge,
    CallRecordsError,
    ConfigurationError,
    ConnectionFailed,
    RateLimited,
    RequestError,
    TimedOut,
    shown,
    status_error,
)
from callrecords_runtime.messages import Answer, Failure, Outcome, Request, Response, provider_words
from callrecords_runtime.retries import RetryPolicy, Stop, retry_after

if TYPE_CHECKING:
    import datetime as dt

    from callrecords_runtime.call import Call

T = TypeVar("T")


class Send(NamedTuple):
    """Send this, and say what came of it."""

    request: Request
    attempt: int
    """Which one it is; the first is 1."""
    remaining: float | None
    """Seconds until the deadline, if there is one."""


class Wait(NamedTuple):
    """Wait this many seconds."""

    seconds: float
    attempt: int
    """The one that just failed."""
    outcome: Outcome
    """Why."""


class Clock(NamedTuple):
    """Where a flow gets time and chance from; tests bring their own."""

    monotonic: Callable[[], float]
    now: Callable[[], dt.datetime]
    random: Callable[[], float]


class Allowance:
    """How much longer something may be attempted, from now on.

    Args:
        policy: When it is attempted again.
        clock: Tells time and chance.
    """

    def __init__(self, policy: RetryPolicy, clock: Clock) -> None:
        self._policy, self._clock = policy, clock
        self._started = clock.monotonic()

    @property
    def spent(self) -> float:
        """Seconds since it began."""
        return self._clock.monotonic() - self._started

    @property
    def remaining(self) -> float | None:
        """Seconds until the deadline, if there is one."""
        deadline = self._policy.deadline
        return None if deadline is None else deadline - self.spent

    def decide(self, method: str, outcome: Outcome, attempt: int) -> float | Stop:
        """Seconds to wait before another attempt after one that came to this, if there is one."""
        clock, now = self._clock, self._clock.monotonic()
        return self._policy.decide(
            method,
            outcome,
            attempt=attempt,
            elapsed=now - self._started,
            monotonic=now,
            random=clock.random(),
            now=clock.now(),
        )


Flow: TypeAlias = Generator[Send | Wait, Outcome | None, T]


def run_call(
    call: Call[T],
    policy: RetryPolicy,
    clock: Clock,
    renewed: Callable[[Call[T], float], bool] | None = None,
) -> Flow[Answer[T]]:
    """Attempt a call until it succeeds or another attempt makes no sense.

    Args:
        call: What to send.
        policy: When it is sent again.
        clock: Tells time and chance.
        renewed: Whether other secrets can be had, after a 401 to what was sent at that time.

    Raises:
        RequestError: what came of the last attempt.
        ConfigurationError: the request cannot be sent.
    """
    allowance = Allowance(policy, clock)
    attempt = 1
    extra = 0  # once, when the secrets were too old
    while True:
        outcome = yield Send(call.request, attempt + extra, allowance.remaining)
        assert outcome is not None  # noqa: S101 - the client answers every Send
        if isinstance(outcome, Response) and 200 <= outcome.status < 300:  # noqa: PLR2004
            if policy.budget is not None:
                policy.budget.succeeded()
            answer = call.answered_by(outcome)
            if policy.deadline is not None and allowance.spent > policy.deadline:
                late = f"the deadline of {policy.deadline:g} seconds passed"
                raise call_error(TimedOut, f"{late} while the answer was read", call)
            return answer
        if renewed is not None and not extra and isinstance(outcome, Response):
            sent_at = clock.monotonic() - outcome.elapsed.total_seconds()
            if outcome.status == 401 and renewed(call, sent_at):  # noqa: PLR2004
                extra = 1
                continue
        # With its key, a POST is as safe to send again.
        method = "GET" if call.is_known_again else call.request.method
        decision = allowance.decide(method, outcome, attempt)
        if isinstance(decision, Stop):
            raise error_of(call, outcome, decision.reason, clock.now())
        yield Wait(decision, attempt + extra, outcome)
        attempt += 1


_FAILED: dict[str, type[RequestError]] = {
    "connection": ConnectionFailed,
    "timeout": TimedOut,
    "busy": TimedOut,
    "size": AnswerTooLarge,
}


def error_of(
    call: Call[T], outcome: Outcome, reason: str | None, now: dt.datetime
) -> CallRecordsError:
    """What is raised of the last attempt, and why there is no other."""
    because = f" ({reason})" if reason else ""
    if isinstance(outcome, Failure):
        if outcome.kind == "unsendable":
            return ConfigurationError(outcome.reason)
        return call_error(_FAILED[outcome.kind], outcome.reason + because, call)
    outcome = outcome.masked(call.mask)  # before anything is cut, or half a secret would be left
    message, code = provider_words(outcome.content)
    message = message or _destination(outcome) or shown(outcome.content) or "no body"
    error = response_error(status_error(outcome.status), message + because, call, outcome, code)
    if isinstance(error, RateLimited):
        error.retry_after = retry_after(outcome.headers, now)
    return error


def _destination(response: Response) -> str | None:
    if 300 <= response.status < 400 and "location" in response.headers:  # noqa: PLR2004
        return f"redirects to {response.headers['location']!r:.300}, which is not followed"
    return None
