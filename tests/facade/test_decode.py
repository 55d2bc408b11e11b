"""Answers that were stored, or received by other means, are read as a client reads its own."""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING, Any

import pytest
from callrecords_zudu.models import Call

import callrecords
from callrecords._packages import installed, read_provider
from callrecords.calls import CallStatus

if TYPE_CHECKING:
    from callrecords.sandbox import Sandbox

CALL = {"call_id": "call-456", "call_status": "ENDED"}
BODY = json.dumps({"status": "success", "data": CALL})
SESSION = {
    **dict.fromkeys(("id", "associated_id", "meeting_display_name", "organization_id"), "x"),
    **dict.fromkeys(("live_participants", "max_concurrent_participants", "minutes_consumed"), 1),
    **dict.fromkeys(("created_at", "started_at", "updated_at"), "2024-01-01T00:00:00.000Z"),
    "status": "LIVE",
    "type": "meeting",
}


@pytest.mark.parametrize("body", [BODY, BODY.encode(), bytearray(BODY.encode())])
def test_text_and_bytes_become_what_the_method_returns(body: Any) -> None:
    call = callrecords.decode("zudu", "get_call", body)
    assert call == Call.from_dict(CALL)
    assert callrecords.record(call).status is CallStatus.ENDED


@pytest.mark.parametrize(
    ("provider", "operation"),
    [(provider, name) for provider in installed() for name in read_provider(provider).operations],
)
def test_every_documented_answer_is_read_as_a_client_reads_it(
    callrecords_sandbox: Sandbox, provider: str, operation: str
) -> None:
    for example in callrecords_sandbox.examples(provider, operation):
        body = json.dumps(example.body)
        if example.status >= 400:
            with pytest.raises(callrecords.StatusError):
                callrecords.decode(provider, operation, body, status=example.status)
        else:
            callrecords.decode(provider, operation, body, status=example.status, on_drift="raise")


def test_a_refusal_is_the_error_that_the_client_raises() -> None:
    body = '{"error": {"code": "NOT_FOUND", "message": "no such call"}}'
    with pytest.raises(callrecords.NotFound, match=r"zudu get_call: 404: .*no such call") as raised:
        callrecords.decode("zudu", "get_call", body, status=404)
    assert raised.value.code == "NOT_FOUND"


def test_headers_are_found_in_any_case() -> None:
    with pytest.raises(callrecords.RateLimited) as raised:
        callrecords.decode("zudu", "get_call", b"", status=429, headers={"retry-AFTER": "7"})
    assert raised.value.retry_after == 7


def test_a_success_that_says_no_is_an_error() -> None:
    with pytest.raises(callrecords.EnvelopeError):
        callrecords.decode("zudu", "get_call", '{"status": "error", "message": "no"}')


@pytest.mark.parametrize("body", ["", "<html>", b"\xff", '"\ud800', "[]", '{"status": "success"}'])
def test_what_is_no_such_answer_cannot_be_decoded(body: str | bytes) -> None:
    with pytest.raises(callrecords.DecodeError):
        callrecords.decode("zudu", "get_call", body)


def test_drift_goes_where_it_is_to_go() -> None:
    log = callrecords.DriftLog()
    body = json.dumps({"status": "success", "data": {**CALL, "mood": "calm"}})
    call = callrecords.decode("zudu", "get_call", body, on_drift=log)
    assert call["mood"] == "calm"
    assert [drift.path for drift in log] == ["$.data.mood"]
    with pytest.raises(callrecords.DriftError):
        callrecords.decode("zudu", "get_call", body, on_drift="raise")


def test_drift_of_many_answers_is_logged_once(caplog: pytest.LogCaptureFixture) -> None:
    body = json.dumps({"status": "success", "data": {**CALL, "logged_once": 1}})
    with caplog.at_level(logging.WARNING):
        for _ in range(3):
            callrecords.decode("zudu", "get_call", body)
    assert caplog.text.count("logged_once") == 1


def test_a_page_of_a_list_sets_aside_what_cannot_be_an_item() -> None:
    body = json.dumps({"data": {"sessions": [SESSION, {}]}, "paging": {"total_count": 9}})
    page = callrecords.decode("realtimekit", "list_sessions", body, on_drift="ignore")
    assert [session.id for session in page] == ["x"]
    assert [each.value for each in page.rejected] == [{}]
    assert (page.total, page.cursor) == (9, None)


@pytest.mark.parametrize(
    ("provider", "operation", "told"),
    [("zuddu", "get_call", "did you mean 'zudu'"), ("zudu", "get_cal", "did you mean 'get_call'")],
)
def test_a_name_that_is_none_is_told_with_the_nearest(
    provider: str, operation: str, told: str
) -> None:
    with pytest.raises(callrecords.ConfigurationError, match=told):
        callrecords.decode(provider, operation, BODY)


def test_a_value_that_was_read_already_is_no_body() -> None:
    with pytest.raises(TypeError, match="bytes-like object"):
        callrecords.decode("zudu", "get_call", {"data": CALL})  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue, reportArgumentType]
