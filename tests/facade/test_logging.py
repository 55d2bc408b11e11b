"""What goes to the log, and what does not."""

from __future__ import annotations

import logging
import subprocess
import sys
from typing import TYPE_CHECKING, Any, TypeAlias

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.facade.conftest import Clients, Server

CALL = {"data": {"call_id": "s3cr3t-body"}}


def facts(record: logging.LogRecord) -> dict[str, Any]:
    """What a record has besides what every record has."""
    usual = {*vars(logging.makeLogRecord({})), "message", "asctime"}
    return {name: value for name, value in vars(record).items() if name not in usual}


Log: TypeAlias = "Callable[[], list[logging.LogRecord]]"


@pytest.fixture
def log(caplog: pytest.LogCaptureFixture) -> Log:
    """What this package has logged so far."""
    caplog.set_level(logging.DEBUG, "callrecords")
    return lambda: [record for record in caplog.records if record.name == "callrecords"]


def test_an_attempt_is_logged_for_debugging_with_its_facts(
    clients: Clients, server: Server, log: Log
) -> None:
    server.answer(CALL)
    clients.call(clients.new("Zudu", server.url), "get_call", "the-id")
    (record,) = log()
    found = facts(record)
    elapsed = found.pop("elapsed")
    size = len(b'{"data":{"call_id":"s3cr3t-body"}}')
    assert found == {
        "provider": "zudu",
        "operation": "get_call",
        "method": "GET",
        "attempt": 1,
        "path": "/api/calls/{callId}",
        "status": 200,
        "bytes": size,
    }
    assert record.levelno == logging.DEBUG
    assert record.getMessage() == f"GET /api/calls/{{callId}}: 200, {size} bytes in {elapsed:.3f} s"


def test_a_wait_is_worth_an_information(clients: Clients, server: Server, log: Log) -> None:
    server.answer(b"busy", 503, {"Retry-After": "7"})
    server.answer(CALL)
    clients.call(clients.new("Zudu", server.url), "get_call", "the-id")
    (record,) = [record for record in log() if record.levelno == logging.INFO]
    pause = facts(record)["pause"]
    assert 7.0 <= pause <= 7.5
    assert facts(record) == {
        "provider": "zudu",
        "operation": "get_call",
        "method": "GET",
        "attempt": 1,
        "path": "/api/calls/{callId}",
        "status": 503,
        "bytes": 4,
        "pause": pause,
    }
    assert record.getMessage() == (
        f"GET /api/calls/{{callId}}: 503, 4 bytes at attempt 1, trying again in {pause:.1f} s"
    )


def test_a_failure_is_logged_by_its_kind(clients: Clients, refusing: str, log: Log) -> None:
    clients.failure(clients.new("Zudu", refusing, max_retries=1), "get_call", "the-id")
    attempts = [record for record in log() if record.levelno == logging.DEBUG]
    assert [facts(record)["failure"] for record in attempts] == ["connection", "connection"]
    assert [facts(record)["attempt"] for record in attempts] == [1, 2]
    assert "status" not in facts(attempts[0])
    assert attempts[0].getMessage().startswith("GET /api/calls/{callId}: connection broke in ")


def test_neither_bodies_nor_queries_nor_identifiers_are_logged(
    clients: Clients, server: Server, log: Log
) -> None:
    server.answer(b"s3cr3t-body", 503)
    server.answer(CALL)
    client = clients.new("Zudu", server.url)
    clients.call(client, "get_call", "s3cr3t-id", params={"q": "s3cr3t-query"})
    clients.call(client, "request", "POST", "/x?q=s3cr3t-query", content=b"s3cr3t-body")
    assert len(log()) == 4
    assert "s3cr3t" not in " ".join(f"{one.getMessage()} {facts(one)}" for one in log())


def test_nothing_is_logged_that_nobody_wants(
    clients: Clients, server: Server, caplog: pytest.LogCaptureFixture, log: Log
) -> None:
    caplog.set_level(logging.INFO, "callrecords")
    server.answer(CALL)
    clients.call(clients.new("Zudu", server.url), "get_call", "1")
    assert not log()


def test_a_program_without_logging_prints_nothing(refusing: str) -> None:
    program = f"""
import callrecords
client = callrecords.ApifyCloud(base_url={refusing!r}, max_retries=1)
client._sleep = lambda seconds: None
try:
    client.get_call("1")
except callrecords.ConnectionFailed:
    client.close()
"""
    command = [sys.executable, "-X", "dev", "-W", "error", "-c", program]
    run = subprocess.run(command, capture_output=True, check=False, text=True)  # noqa: S603 - ours
    assert (run.returncode, run.stdout, run.stderr) == (0, "", "")
