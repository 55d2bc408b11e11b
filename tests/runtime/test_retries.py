"""When there is another attempt, and after how long: decided without a clock."""

from __future__ import annotations

import datetime as dt
from email.utils import format_datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callrecords_runtime.messages import Failure, Response
from callrecords_runtime.retries import RetryBudget, RetryPolicy, Stop, retry_after

NOW = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)
REFUSED = Failure("connection", was_sent=False, reason="refused")
BROKEN = Failure("connection", was_sent=True, reason="broken")
UNCONNECTED = Failure("timeout", was_sent=False, reason="connecting")
SILENT = Failure("timeout", was_sent=True, reason="silent")
PASSING = (408, 429, 500, 502, 503, 504, *range(520, 530))
LASTING = (300, 302, 304, 400, 401, 403, 404, 405, 409, 410, 422, 425, 501, 505, 511, 519, 530, 999)


def answer(status: int, **headers: str) -> Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Response(status=status, headers=named, content=b"", elapsed=dt.timedelta())


def decide(policy: RetryPolicy, outcome: Response | Failure, **facts: Any) -> float | Stop:
    known: dict[str, Any] = {"attempt": 1, "elapsed": 0.0, "random": 1.0, "now": NOW, **facts}
    return policy.decide(known.pop("method", "GET"), outcome, **known)


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "QUERY"])
@pytest.mark.parametrize(
    "outcome", [REFUSED, BROKEN, UNCONNECTED, SILENT, *map(answer, PASSING)], ids=repr
)
def test_what_is_safe_is_repeated_after_what_may_pass(
    method: str, outcome: Response | Failure
) -> None:
    assert decide(RetryPolicy(), outcome, method=method) == 0.5


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "get"])
@pytest.mark.parametrize("outcome", [REFUSED, UNCONNECTED, answer(429)], ids=repr)
def test_what_is_not_safe_is_repeated_only_when_the_server_did_not_act(
    method: str, outcome: Response | Failure
) -> None:
    assert decide(RetryPolicy(), outcome, method=method) == 0.5


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "get"])
@pytest.mark.parametrize(
    "outcome",
    [BROKEN, SILENT, *(answer(status) for status in PASSING if status != 429)],
    ids=repr,
)
def test_what_is_not_safe_is_not_repeated_when_the_server_may_have_acted(
    method: str, outcome: Response | Failure
) -> None:
    assert decide(RetryPolicy(), outcome, method=method) == Stop()


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("status", LASTING)
def test_nothing_is_repeated_after_what_will_not_pass(method: str, status: int) -> None:
    assert decide(RetryPolicy(), answer(status, retry_after="1"), method=method) == Stop()


@pytest.mark.parametrize(
    ("retries", "attempt", "decision"),
    [
        (2, 1, 0.5),
        (2, 2, 1.0),
        (2, 3, Stop("gave up after 3 attempts")),
        (1, 2, Stop("gave up after 2 attempts")),
        (0, 1, Stop()),
    ],
)
def test_there_are_so_many_attempts_and_no_more(
    retries: int, attempt: int, decision: float | Stop
) -> None:
    assert decide(RetryPolicy(max_retries=retries), BROKEN, attempt=attempt) == decision


@pytest.mark.parametrize(
    ("attempt", "longest"),
    [(1, 0.5), (2, 1.0), (3, 2.0), (4, 4.0), (5, 8.0), (6, 8.0), (100, 8.0), (10**6, 8.0)],
)
def test_the_longest_wait_doubles_up_to_a_limit(attempt: int, longest: float) -> None:
    policy = RetryPolicy(max_retries=10**7)
    assert decide(policy, BROKEN, attempt=attempt, random=1.0) == longest


@given(st.integers(1, 1000), st.floats(0, 1))
def test_a_wait_is_anything_between_nothing_and_the_longest(attempt: int, random: float) -> None:
    decision = decide(RetryPolicy(max_retries=1000), BROKEN, attempt=attempt, random=random)
    assert decision == random * min(8.0, 0.5 * 2 ** (attempt - 1))


def date(seconds: float, zone: dt.timezone = dt.UTC) -> str:
    moment = (NOW + dt.timedelta(seconds=seconds)).astimezone(zone)
    return format_datetime(moment, usegmt=zone is dt.UTC)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"retry_after": ""}, None),
        ({"retry_after": "0"}, 0.0),
        ({"retry_after": "7"}, 7.0),
        ({"retry_after": " 7 "}, 7.0),
        ({"retry_after": "1.5"}, 1.5),
        ({"retry_after": "007"}, 7.0),
        ({"retry_after": "9" * 30}, 1e30),
        ({"retry_after": "9" * 400}, float("inf")),
        ({"retry_after": "-5"}, None),
        ({"retry_after": "+5"}, None),
        ({"retry_after": "1e3"}, None),
        ({"retry_after": "1_000"}, None),
        ({"retry_after": "."}, None),
        ({"retry_after": "٣"}, None),
        ({"retry_after": "²"}, None),
        ({"retry_after": "inf"}, None),
        ({"retry_after": "nan"}, None),
        ({"retry_after": "soon"}, None),
        ({"retry_after": "5, 10"}, None),
        ({"retry_after": date(90)}, 90.0),
        ({"retry_after": date(-90)}, 0.0),
        ({"retry_after": date(90, dt.timezone(dt.timedelta(hours=-8)))}, 90.0),
        ({"retry_after": "Saturday, 21-Nov-26 12:01:30 GMT"}, 90.0),
        ({"retry_after": "Sat Nov 21 12:01:30 2026"}, 90.0),
        ({"retry_after": date(90), "date": date(60)}, 30.0),
        ({"retry_after": date(90), "date": "now"}, 90.0),
        ({"retry_after": date(90), "date": date(600)}, 0.0),
        (
            {"retry_after": "Fri, 31 Dec 9999 23:59:59 GMT"},
            (dt.datetime(9999, 12, 31, 23, 59, 59, tzinfo=dt.UTC) - NOW).total_seconds(),
        ),
        ({"retry_after": "Fri, 31 Dec 99999 23:59:59 GMT"}, None),
        ({"retry_after": "Sat, 21 Nov 2026 25:61:61 GMT"}, None),
        ({"retry_after": "Sat, 21 Nov 2026 12:00:00 +9999"}, None),
    ],
)
def test_a_server_asks_to_wait_in_seconds_or_until_a_date(
    headers: dict[str, str], seconds: float | None
) -> None:
    asked = retry_after(answer(503, **headers).headers, NOW)
    assert asked == (seconds if seconds is None else pytest.approx(seconds, rel=1e-9))


@given(st.text(max_size=40), st.text(max_size=40))
def test_no_text_of_a_server_can_break_the_decision(asked: str, moment: str) -> None:
    seconds = retry_after({"retry-after": asked, "date": moment}, NOW)
    assert seconds is None or seconds >= 0


@given(
    st.sampled_from(
        ["%a, %d %b %Y %H:%M:%S GMT", "%d %b %Y %H:%M:%S +0100", "%a %b %d %H:%M:%S %Y"]
    ),
    st.datetimes(),
)
def test_any_date_can_be_asked_for(form: str, moment: dt.datetime) -> None:
    asked = retry_after({"retry-after": moment.strftime(form)}, NOW)
    assert asked is None or asked >= 0


@given(st.floats(0, 60), st.floats(0, 1), st.integers(1, 9))
def test_no_wait_is_shorter_than_what_the_server_asks(
    asked: float, random: float, attempt: int
) -> None:
    decision = decide(
        RetryPolicy(max_retries=9),
        answer(429, retry_after=f"{asked:f}"),
        attempt=attempt,
        random=random,
    )
    assert isinstance(decision, float)
    assert decision >= float(f"{asked:f}")


@pytest.mark.parametrize("status", [408, 429, 503, 522])
def test_a_server_that_asks_to_wait_too_long_is_not_asked_again(status: int) -> None:
    policy = RetryPolicy(longest_retry_after=60)
    assert decide(policy, answer(status, retry_after="60")) == 60.5
    assert decide(policy, answer(status, retry_after="61")) == Stop(
        "the server asks to wait 61 seconds, which is more than the 60 that are waited"
    )


def test_a_server_that_asks_to_wait_for_ever_is_not_asked_again() -> None:
    decision = decide(RetryPolicy(), answer(503, retry_after="9" * 400))
    assert isinstance(decision, Stop)


@pytest.mark.parametrize(
    ("elapsed", "random", "stops"),
    [(0.0, 1.0, False), (9.4, 1.0, False), (9.5, 1.0, True), (9.9, 0.0, False), (10.0, 0.0, True)],
)
def test_no_attempt_begins_after_the_deadline(elapsed: float, random: float, stops: bool) -> None:  # noqa: FBT001 - a table's column
    decision = decide(RetryPolicy(deadline=10), BROKEN, elapsed=elapsed, random=random)
    reason = "the deadline of 10 seconds leaves no time to try again"
    assert decision == (Stop(reason) if stops else 0.5 * random)


def test_a_wait_that_the_server_asks_for_counts_against_the_deadline() -> None:
    policy = RetryPolicy(deadline=10)
    assert decide(policy, answer(429, retry_after="9")) == 9.5
    assert isinstance(decide(policy, answer(429, retry_after="10")), Stop)


def test_those_whom_a_server_told_the_same_do_not_come_back_at_once() -> None:
    chances = [number / 10 for number in range(10)]
    asked = answer(429, retry_after="1")
    pauses = [decide(RetryPolicy(), asked, random=chance) for chance in chances]
    assert len({*pauses}) == 10
    assert all(isinstance(each, float) and 1 <= each < 1.5 for each in pauses)


def test_all_calls_of_a_client_have_one_budget_of_further_attempts() -> None:
    budget = RetryBudget()
    policy = RetryPolicy(budget=budget)
    decisions = [decide(policy, BROKEN, monotonic=1000.0) for _ in range(100)]
    assert decisions[:10] == [0.5] * 10
    assert {*decisions[10:]} == {Stop("too many calls of this client are tried again already")}
    for _ in range(10):
        budget.succeeded()
    later = [decide(policy, BROKEN, monotonic=1002.0) for _ in range(10)]
    assert later.count(0.5) == 3
    assert [budget.take(9999.0) for _ in range(11)] == [True] * 10 + [False]


def test_what_is_not_tried_again_in_any_case_takes_nothing_of_the_budget() -> None:
    policy = RetryPolicy(budget=RetryBudget())
    for _ in range(20):
        decide(policy, answer(404))
        decide(policy, BROKEN, attempt=3)
    assert decide(policy, BROKEN) == 0.5
