"""Exports run by two workers of Dask's on this machine; only `nox -s exports` has them."""

from __future__ import annotations

import datetime as dt
import os
import signal
import time
from typing import TYPE_CHECKING, Any

import pytest

import callrecords
from callrecords import bulk, sandbox
from tests.bulk.test_export import contents

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

distributed: Any = pytest.importorskip("distributed")
pytest.importorskip("pyarrow")

SESSIONS = 144
FIRST = dt.datetime(2023, 2, 1, tzinfo=dt.UTC)
LAST = FIRST + dt.timedelta(days=4)
CREDENTIALS = ("CLOUDFLARE_ACCOUNT_ID", "CLOUDFLARE_API_TOKEN", "REALTIMEKIT_APP_ID")
pytestmark = pytest.mark.filterwarnings("default")  # of a library that is not ours


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    """Two workers, each a process, which have the credentials in their environment."""
    with pytest.MonkeyPatch.context() as patch:
        for name in CREDENTIALS:
            patch.setenv(name, "any")
        options = {"n_workers": 2, "threads_per_worker": 1, "dashboard_address": None}
        with (
            distributed.LocalCluster(host="127.0.0.1", **options) as workers,
            distributed.Client(workers) as client,
        ):
            yield client


@pytest.fixture
def server() -> Iterator[sandbox.Sandbox]:
    """RealtimeKit with a session for each half hour of three days."""
    with sandbox.run() as running:
        for number, session in enumerate(running.add_sessions(SESSIONS)):
            time = (FIRST + number * dt.timedelta(minutes=30)).isoformat()
            running.add("realtimekit", "list_sessions", [{**session, "created_at": time}])
        yield running


def on_this_machine(server: sandbox.Sandbox, output: Path) -> bulk.Export:
    url = server.url("realtimekit")
    with callrecords.RealtimeKit(
        account_id="any", app_id="any", api_token="any", base_url=url
    ) as kit:
        return callrecords.export(kit, output, since=FIRST, until=LAST)


def planned(server: sandbox.Sandbox, output: Path) -> list[bulk.Task]:
    url = server.url("realtimekit")
    return bulk.plan("realtimekit", output, since=FIRST, until=LAST, base_url=url)


def test_two_workers_write_the_same_bytes_as_one_machine(
    cluster: Any, server: sandbox.Sandbox, tmp_path: Path
) -> None:
    whole = on_this_machine(server, tmp_path / "whole")
    tasks = planned(server, tmp_path / "parts")
    running = cluster.map(bulk.run, tasks, pure=False)
    assert sum(done.tally.rows for done in cluster.gather(running)) == whole.rows
    assert bulk.join(tmp_path / "parts").rows == whole.rows == SESSIONS + 2
    assert contents(tmp_path / "parts") == contents(whole.output)


def test_a_worker_that_is_killed_half_way_loses_nothing(
    cluster: Any, server: sandbox.Sandbox, tmp_path: Path
) -> None:
    whole = on_this_machine(server, tmp_path / "whole")
    before = len(server.requests)
    server.misbehave("realtimekit", "list_sessions", times=8, delay=0.5)
    processes = cluster.run(os.getpid)
    running = cluster.map(bulk.run, planned(server, tmp_path / "parts"), pure=False)
    until = time.monotonic() + 60
    while len(server.requests) < before + 4:
        assert time.monotonic() < until
        time.sleep(0.01)
    os.kill(next(iter(processes.values())), signal.SIGKILL)
    cluster.gather(running)
    assert bulk.join(tmp_path / "parts").rows == whole.rows
    assert contents(tmp_path / "parts") == contents(whole.output)
