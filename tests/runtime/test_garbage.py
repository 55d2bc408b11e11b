"""The collection of garbage, which waits while one large body becomes models."""

from __future__ import annotations

import gc
import os
from pathlib import Path
from typing import TYPE_CHECKING

import orjson
import pytest

import callrecords
from callrecords_runtime.garbage import uncollected

if TYPE_CHECKING:
    from collections.abc import Iterator


ROOT = Path(__file__).parents[2]
PAYLOAD = ROOT / "specs/realtimekit/payloads/list_sessions/live_and_ended.json"


@pytest.fixture(autouse=True)
def _as_it_was() -> Iterator[None]:
    yield
    gc.enable()


@pytest.mark.parametrize(("sessions", "waits"), [(1, [False]), (1_000, [True])])
def test_it_waits_for_a_large_body_only(sessions: int, waits: list[bool]) -> None:
    body = orjson.loads(PAYLOAD.read_bytes())["body"]
    [session] = body["data"]["sessions"][:1]
    body["data"]["sessions"] = [{**session, "unknown": 1}] + [session] * (sessions - 1)
    seen: list[bool] = []

    def on_drift(_: callrecords.Drift) -> None:
        seen.append(not gc.isenabled())

    text = orjson.dumps(body)
    callrecords.decode("realtimekit", "list_sessions", text, on_drift=on_drift)
    assert seen == waits
    assert gc.isenabled()


def test_it_goes_on_after_an_error() -> None:
    with pytest.raises(KeyError), uncollected():
        raise KeyError
    assert gc.isenabled()


def test_who_has_turned_it_off_keeps_it_off() -> None:
    gc.disable()
    with uncollected():
        pass
    assert not gc.isenabled()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="nothing forks there")
def test_a_process_that_is_forked_meanwhile_collects_again() -> None:
    with uncollected():
        child = os.fork()
        if child == 0:
            os._exit(0 if gc.isenabled() else 1)
    assert os.waitpid(child, 0)[1] == 0
