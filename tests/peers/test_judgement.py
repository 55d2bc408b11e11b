"""What the outcomes of a peer's tests say of us."""

from __future__ import annotations

import re
import tomllib

import pytest

from tests.peers.__main__ import HERE, OVERLAY
from tests.peers.judgement import operation_of, problems

FOLDER = "tests/api_resources/realtime_kit"
OUTCOMES = {
    f"{FOLDER}/test_apps.py::TestApps::test_method_get[loose]": "passed",
    f"{FOLDER}/test_apps.py::TestAsyncApps::test_streaming_response_get[aiohttp]": "passed",
    f"{FOLDER}/test_apps.py::TestApps::test_raw_response_post[strict]": "failed",
}


def test_a_test_is_of_an_operation_whichever_way_it_asks() -> None:
    assert {operation_of(test) for test in OUTCOMES} == {"test_apps.get", "test_apps.post"}
    with pytest.raises(ValueError, match="what is"):
        operation_of(f"{FOLDER}/test_apps.py::test_something")


def test_what_asks_for_nothing_is_apart() -> None:
    test = f"{FOLDER}/test_apps.py::TestApps::test_path_params_get[loose]"
    assert operation_of(test) == "test_apps.path_params_get"


def test_all_is_well_when_what_fails_is_listed_and_nothing_else() -> None:
    assert [*problems(OUTCOMES, {"R-1": ["test_apps.post"]}, {"R-1", "R-2"})] == []


def test_whatever_is_not_as_listed_is_told() -> None:
    listed = {"R-1": ["test_apps.get"], "R-9": ["test_apps.delete"]}
    assert [*problems(OUTCOMES, listed, {"R-1"})] == [
        "R-9 is no discrepancy of the ledger",
        "test_apps.delete is listed under R-9, and has no tests",
        "test_apps.get is listed under R-1, and its tests passed",
        "test_apps.post is not listed, and its tests failed",
    ]


def test_what_is_listed_is_a_discrepancy_of_ours() -> None:
    table = tomllib.loads((HERE / "disagreements.toml").read_text("utf-8"))["cloudflare"]
    overlay = OVERLAY.read_text("utf-8")
    assert all(re.search(rf"^  {number}:$", overlay, re.MULTILINE) for number in table)
