"""One call from its request to its result, stepped by hand: nothing is sent, nobody waits."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest

from callrecords_runtime.answers import read_json
from callrecords_runtime.call import Call
from callrecords_runtime.errors import (
    ConnectionFailed,
    DecodeError,
    RateLimited,
    ServerError,
    TimedOut,
)
from callrecords_runtime.flow import Clock, Flow, Send, Wait, run_call
from callrecords_runtime.messages import Answer, Failure, Request, Response
from callrecords_runtime.retries import RetryPolicy

if TYPE_CHECKING:
    from collections.abc import Iterator

REFUSED = Failure("connection", was_sent=False, reason="refused")
SILENT = Failure("timeout", was_sent=True, reason="silent")


def answer(status: int, content: bytes = b"[1]", **headers: str) -> Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Response(status=status, headers=named, content=content, elapsed=dt.timedelta())


def call(method: str = "GET") -> Call[Any]:
    request = Request(method=method, path="/x", template="/x")
    return Call(provider="zudu", operation="get_call", request=request, read=read)


def read(call: Call[Any], response: Response) -> Answer[Any]:
    body = read_json(call, response)
    return Answer(parsed=body, body=body, response=response)


@pytest.fixture
def moments() -> list[float]:
    """The seconds that the clock shows, one after the other; then it stands still at the last."""
    return [0.0]


@pytest.fixture
def clock(moments: list[float]) -> Clock:
    def seconds() -> Iterator[float]:
        yield from moments
        while True:
            yield moments[-1]

    shown = seconds()
    return Clock(
        monotonic=lambda: next(shown),
        now=lambda: dt.datetime(2026, 11, 21, tzinfo=dt.UTC),
        random=lambda: 0.5,
    )


def finish(flow: Flow[Answer[Any]], outcome: Response) -> Answer[Any]:
    with pytest.raises(StopIteration) as stopped:
        flow.send(outcome)
    result: Answer[Any] = stopped.value.value
    return result


def test_a_success_ends_at_the_first_attempt(clock: Clock) -> None:
    wanted = call()
    flow = run_call(wanted, RetryPolicy(), clock)
    assert next(flow) == Send(wanted.request, 1, None)
    result = finish(flow, answer(200))
    assert (result.parsed, result.status) == ([1], 200)


def test_a_failure_is_waited_out_and_tried_again(clock: Clock) -> None:
    wanted = call()
    flow = run_call(wanted, RetryPolicy(), clock)
    next(flow)
    assert flow.send(SILENT) == Wait(0.25, 1, SILENT)
    assert next(flow) == Send(wanted.request, 2, None)
    busy = answer(503, retry_after="3")
    assert flow.send(busy) == Wait(3.5, 2, busy)
    assert next(flow) == Send(wanted.request, 3, None)
    assert finish(flow, answer(200)).parsed == [1]


@pytest.mark.parametrize(
    ("outcome", "error", "message"),
    [
        (REFUSED, ConnectionFailed, "zudu get_call: refused (gave up after 2 attempts)"),
        (SILENT, TimedOut, "zudu get_call: silent (gave up after 2 attempts)"),
        (answer(503), ServerError, "zudu get_call: 503: [1] (gave up after 2 attempts)"),
        (
            answer(429, b'{"message": "slow down"}', retry_after="5"),
            RateLimited,
            "zudu get_call: 429: slow down (gave up after 2 attempts)",
        ),
    ],
)
def test_the_last_attempt_is_what_the_error_tells(
    clock: Clock, outcome: Response | Failure, error: type[Exception], message: str
) -> None:
    flow = run_call(call(), RetryPolicy(max_retries=1), clock)
    next(flow)
    flow.send(SILENT)
    next(flow)
    with pytest.raises(error) as caught:
        flow.send(outcome)
    assert str(caught.value) == message


def test_giving_up_at_once_says_why(clock: Clock) -> None:
    flow = run_call(call(), RetryPolicy(), clock)
    next(flow)
    with pytest.raises(RateLimited, match="the server asks to wait 3600 seconds") as caught:
        flow.send(answer(429, retry_after="3600"))
    assert caught.value.retry_after == 3600.0


def test_what_was_not_worth_a_second_attempt_says_nothing_of_attempts(clock: Clock) -> None:
    flow = run_call(call("POST"), RetryPolicy(), clock)
    next(flow)
    with pytest.raises(TimedOut) as caught:
        flow.send(SILENT)
    assert str(caught.value) == "zudu get_call: silent"


def test_an_answer_that_cannot_be_read_is_not_asked_for_again(clock: Clock) -> None:
    flow = run_call(call(), RetryPolicy(), clock)
    next(flow)
    with pytest.raises(DecodeError):
        flow.send(answer(200, b"<html>"))


@pytest.mark.parametrize("moments", [[100.0, 100.0, 103.0, 104.0]])
def test_each_attempt_knows_what_is_left_until_the_deadline(clock: Clock) -> None:
    flow = run_call(call(), RetryPolicy(deadline=10), clock)
    first = next(flow)
    flow.send(SILENT)
    second = next(flow)
    assert [step.remaining for step in (first, second) if isinstance(step, Send)] == [10.0, 6.0]


@pytest.mark.parametrize("moments", [[0.0, 0.0, 9.9]])
def test_the_deadline_ends_the_attempts_and_says_so(clock: Clock) -> None:
    flow = run_call(call(), RetryPolicy(deadline=10), clock)
    next(flow)
    with pytest.raises(TimedOut, match="the deadline of 10 seconds leaves no time to try again"):
        flow.send(SILENT)


def test_a_post_with_a_key_of_its_own_is_tried_again(clock: Clock) -> None:
    for is_known_again in (False, True):
        flow = run_call(call("POST")._replace(is_known_again=is_known_again), RetryPolicy(), clock)
        next(flow)
        if is_known_again:
            assert isinstance(flow.send(SILENT), Wait)
        else:
            with pytest.raises(TimedOut):
                flow.send(SILENT)
