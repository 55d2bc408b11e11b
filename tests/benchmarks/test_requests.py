"""How requests and imports are judged."""

from __future__ import annotations

import pytest

from benchmarks import first_request, import_growth, import_time, new_client
from benchmarks.contestants import BARE, CLOUDFLARE, OURS
from benchmarks.measure import Sample
from benchmarks.requests import request_table

MET, MISSED = "Met.", "**Not met.**"


def samples(**seconds: float) -> dict[str, Sample]:
    names = {"bare": BARE, "ours": OURS, "theirs": CLOUDFLARE}
    return {names[name]: Sample((value,)) for name, value in seconds.items()}


@pytest.mark.parametrize(
    ("blocking", "awaited", "verdicts"),
    [
        pytest.param({"ours": 0.9, "theirs": 2}, {"ours": 0.9, "theirs": 2}, [MET, MET], id="good"),
        pytest.param({"ours": 0.9}, {"ours": 1}, [MISSED], id="awaited is slow"),
        pytest.param({"ours": 1}, {"ours": 0.9}, [MISSED], id="blocking is slow"),
        pytest.param(
            {"ours": 0.9, "theirs": 0.85}, {"ours": 0.9, "theirs": 2}, [MET, MISSED], id="behind"
        ),
    ],
)
def test_both_ways_must_meet_an_aim(
    blocking: dict[str, float], awaited: dict[str, float], verdicts: list[str]
) -> None:
    table = request_table("get", samples(bare=1, **blocking), samples(bare=1, **awaited))
    assert [remark.partition(". ")[2] for remark in table.remarks[1:]] == verdicts


def test_requests_are_compared_with_bare_httpx() -> None:
    table = request_table("get", samples(bare=0.1, ours=0.2), samples(bare=0.2, ours=0.3))
    assert [(row[0], row[2][:5], row[4][:5]) for row in table.rows] == [
        (BARE, "1\N{MULTIPLICATION SIGN}", "1\N{MULTIPLICATION SIGN}"),
        (OURS, "2.00\N{MULTIPLICATION SIGN}", "1.50\N{MULTIPLICATION SIGN}"),
    ]


@pytest.mark.parametrize(("seconds", "verdict"), [(0.14, MET), (0.16, MISSED)])
def test_import_is_compared_with_a_bare_start(seconds: float, verdict: str) -> None:
    table = import_time.table(
        {import_time.BARE: Sample((0.1,)), import_time.OURS: Sample((seconds,))}
    )
    assert table.remarks[1].endswith(verdict)


@pytest.mark.parametrize(("seconds", "verdict"), [(0.125, MET), (0.13, MISSED)])
def test_the_first_answer_is_compared_with_that_of_httpx(seconds: float, verdict: str) -> None:
    table = first_request.table(
        {first_request.BARE: Sample((0.1,)), first_request.OURS: Sample((seconds,))}
    )
    assert table.remarks[1].endswith(verdict)


@pytest.mark.parametrize(("seconds", "verdict"), [(0.2, MET), (0.21, MISSED)])
def test_a_large_package_is_compared_with_a_small_one(seconds: float, verdict: str) -> None:
    table = import_growth.table(
        {
            (size, is_grouped): Sample((seconds if size == 500 else 0.1,))
            for is_grouped in (True, False)
            for size in import_growth.SIZES
        }
    )
    assert all(remark.endswith(verdict) for remark in table.remarks[1:])
    assert [row[0] for row in table.rows] == [
        *("10, grouped", "500, grouped"),
        *("10, not grouped", "500, not grouped"),
    ]


def test_another_client_is_compared_with_one_of_httpx() -> None:
    table = new_client.table({BARE: Sample((0.1,)), OURS: Sample((0.01,))})
    assert [row[2][:5] for row in table.rows] == [
        "1\N{MULTIPLICATION SIGN}",
        "0.10\N{MULTIPLICATION SIGN}",
    ]
