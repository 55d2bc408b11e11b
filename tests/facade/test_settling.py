"""Waiting until nothing of a call will change any more, without waiting."""

from __future__ import annotations

import pickle
from typing import TYPE_CHECKING, Any

import attrs
import callrecords_apifycloud.models
import callrecords_cometchat.models
import callrecords_zudu.models
import pytest

import callrecords
from callrecords._conversions import conversion_for, register
from callrecords._packages import installed
from callrecords.calls import CallRecord
from callrecords_runtime.errors import ConfigurationError, NotFound, NotSettled, ServerError

if TYPE_CHECKING:
    from collections.abc import Callable

    from callrecords.sandbox import Sandbox
    from tests.facade.conftest import Clients

SESSION = "182bd5e5-6e1a-4fe4-a799-aa6d9a6ab26e"
LIVE_SESSION = "7a1e4c9d-2b35-4f68-8d07-3e5a9c1b6f42"
# Words become members of enumerations only where they are read.
apifycloud: Any = callrecords_apifycloud.models
cometchat: Any = callrecords_cometchat.models
zudu: Any = callrecords_zudu.models
TO_COME: dict[str, object] = {"recording_url": None, "transcript": None, "call_cost": None}


@pytest.fixture
def client(clients: Clients, callrecords_sandbox: Sandbox) -> Callable[[str], Any]:
    """Makes clients for which time passes when they wait, and only then."""

    def make(name: str) -> Any:
        made = clients.new(name, callrecords_sandbox.url(name.lower()), max_retries=0)
        made._clock = made._clock._replace(monotonic=lambda: sum(clients.waits))  # noqa: SLF001 - the seam
        return made

    return make


@pytest.fixture
def zudu_call(callrecords_sandbox: Sandbox) -> Callable[..., None]:
    """Has the call be so at its next reading; at last it is as documented."""
    body: Any = callrecords_sandbox.examples("zudu", "get_call")[1].body

    def become(**members: object) -> None:
        data = {**body["data"], **members}
        callrecords_sandbox.misbehave("zudu", "get_call", json={**body, "data": data})

    return become


def waited(clients: Clients, client: Any, *arguments: Any, **named: Any) -> Any:
    return clients.done(callrecords.wait_until_settled(client, *arguments, **named))


def test_a_call_is_read_until_nothing_of_it_will_change(
    clients: Clients, client: Callable[[str], Any], zudu_call: Callable[..., None]
) -> None:
    zudu_call(call_status="REGISTERED", **TO_COME)
    zudu_call(call_status="ONGOING", **TO_COME)
    zudu_call(call_status="ENDED", **TO_COME)
    zudu_call(call_status="ENDED", **TO_COME)
    settled = waited(clients, client("Zudu"), "call-456", interval=2)
    assert settled.record.cost is not None
    told = [(change.elapsed.total_seconds(), [*change.fields]) for change in settled.changes]
    assert told[0] == (2.0, ["status", "provider_status"])
    assert told[1] == (4.0, ["status", "provider_status"])
    assert told[2] == (9.0, ["recordings", "transcript", "cost"])  # once nothing changed, later
    assert settled.changes[0].fields["provider_status"] == ("REGISTERED", "ONGOING")
    assert clients.waits == [2, 2, 2, 3]


def test_a_call_that_is_settled_is_read_once(
    clients: Clients, client: Callable[[str], Any], callrecords_sandbox: Sandbox
) -> None:
    settled = waited(clients, client("Zudu"), "call-456")
    assert settled.changes == ()
    assert (len(callrecords_sandbox.requests), clients.waits) == (1, [])


def test_the_time_to_wait_is_bounded_and_the_error_has_what_was_read_last(
    clients: Clients, client: Callable[[str], Any], zudu_call: Callable[..., None]
) -> None:
    zudu_call(call_status="ONGOING", **TO_COME)
    for _ in range(100):
        zudu_call(call_status="ENDED", **TO_COME)
    with pytest.raises(NotSettled) as caught:
        waited(clients, client("Zudu"), "call-456", timeout=600)
    error = caught.value
    assert isinstance(error, TimeoutError)
    names = "cost and recordings and transcript"
    assert str(error) == f"zudu call-456: {names} not settled after 600 seconds"
    assert (error.record.status, len(error.changes)) == ("ended", 1)
    assert error.unsettled == ["cost", "recordings", "transcript"]
    assert max(clients.waits) == 60
    assert sum(clients.waits) == 600
    assert pickle.loads(pickle.dumps(error)).record == error.record  # noqa: S301


def test_fewer_fields_may_be_waited_for(
    clients: Clients, client: Callable[[str], Any], zudu_call: Callable[..., None]
) -> None:
    zudu_call(call_status="ENDED", **TO_COME)
    settled = waited(clients, client("Zudu"), "call-456", fields=["status"])
    assert settled.record.transcript is None


def test_a_part_that_is_named_must_be_there_in_the_end(
    clients: Clients, client: Callable[[str], Any], callrecords_sandbox: Sandbox
) -> None:
    kit = client("RealtimeKit")
    callrecords_sandbox.misbehave("realtimekit", "get_transcript", status=404, times=2)
    assert waited(clients, kit, SESSION).record.transcript is None
    settled = waited(clients, kit, SESSION, parts=["transcript"])
    assert settled.record.transcript is not None
    assert [[*change.fields] for change in settled.changes] == [["transcript"]]


def test_an_error_ends_the_waiting(
    clients: Clients, client: Callable[[str], Any], callrecords_sandbox: Sandbox
) -> None:
    with pytest.raises(NotFound):
        waited(clients, client("Zudu"), "call_abc123")
    callrecords_sandbox.misbehave("zudu", "get_call", status=500)
    with pytest.raises(ServerError):
        waited(clients, client("Zudu"), "call-456")


def test_what_cannot_be_waited_for_is_refused(
    clients: Clients, client: Callable[[str], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    made = client("Zudu")
    for wrong in ({"fields": ["costs"]}, {"parts": ["x"]}, {"timeout": 0}, {"interval": -1}):
        with pytest.raises(ConfigurationError):
            waited(clients, made, "call-456", **wrong)
    monkeypatch.setattr("callrecords._conversions._by_provider", {})
    monkeypatch.setattr("callrecords._conversions._by_model", {})
    register(
        callrecords.Conversion(provider="zudu", models="a:B", convert=CallRecord, by_id="get_call")
    )
    with pytest.raises(ConfigurationError, match="nobody has said when calls of zudu"):
        waited(clients, made, "call-456")


@pytest.mark.parametrize(
    ("call", "fields"),
    [
        (cometchat.Call(status="initiated"), {"status"}),
        (cometchat.Call(status="ongoing"), {"status"}),
        (cometchat.Call(status="a new word"), {"status"}),
        (cometchat.Call(status="ended", has_recording=False), set()),
        (cometchat.Call(status="unanswered"), set()),
        (cometchat.Call(status="rejected"), set()),
        (cometchat.Call(status="canceled"), set()),
        (
            cometchat.Call(status="ended", has_recording=True, has_transcription=True),
            {"recordings", "transcript"},
        ),
        (
            cometchat.Call(
                status="ended",
                has_recording=True,
                recordings=[cometchat.Recording(recording_url="https://h/a")],
            ),
            set(),
        ),
        (zudu.Call(call_status="SCHEDULED"), {"status"}),
        (zudu.Call(call_status="ENDED"), set()),  # what is not said is not waited for
        (zudu.Call(call_status="ERROR", transcript=None, call_cost=None), set()),
        (
            zudu.Call(
                call_status="ENDED",
                opt_out_sensitive_data_storage=True,
                recording_url=None,
                transcript=None,
                call_cost=None,
            ),
            {"cost"},
        ),
        (apifycloud.Call(call_id="1", status="created"), {"status"}),
        (apifycloud.Call(call_id="1", status="active"), {"status"}),
        (
            apifycloud.Call(
                call_id="1",
                status="ended",
                recordings=[
                    apifycloud.Recording(id="1", status=status)
                    for status in ("available", "processing", "failed")
                ],
            ),
            {"recordings"},
        ),
    ],
)
def test_each_provider_says_what_will_change(call: Any, fields: set[str]) -> None:
    record = callrecords.record(call)
    conversion = conversion_for(record.provider)
    assert conversion is not None
    assert conversion.unsettled is not None
    assert {*conversion.unsettled(record)} == fields


@pytest.mark.parametrize(
    ("status", "fields"), [("UPLOADED", set()), ("ERRORED", set()), ("UPLOADING", {"recordings"})]
)
def test_the_recordings_of_a_session_are_waited_for(
    clients: Clients, client: Callable[[str], Any], status: str, fields: set[str]
) -> None:
    made = clients.get_record(client("RealtimeKit"), SESSION)
    changed = attrs.evolve(made, recordings=[attrs.evolve(made.recordings[0], status=status)])
    conversion = conversion_for("realtimekit")
    assert conversion is not None
    assert conversion.unsettled is not None
    assert {*conversion.unsettled(changed)} == fields


def test_each_provider_whose_calls_have_records_says_when_they_are_settled() -> None:
    found = [found for name in installed() if (found := conversion_for(name)) is not None]
    assert all(conversion.unsettled is not None for conversion in found)
