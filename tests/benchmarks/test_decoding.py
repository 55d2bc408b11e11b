"""Peers get models with our types, and must make the same of a body as we do."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import attrs
import orjson
import pytest
from callrecords_cometchat.models import Call, CallMode, CallResponse
from callrecords_realtimekit.models import Session, SessionListResponse

from benchmarks.codecs import Codec, ours, pydantic_models
from benchmarks.codecs.fields import Field, fields_of
from benchmarks.contest import Contest, Entry
from benchmarks.decoding import require_agreement
from benchmarks.documented import PAGE, documented_call, page_of_sessions
from benchmarks.process import FailedRunError
from benchmarks.reading import comparable, reader
from callrecords_runtime.types import UNSET

if TYPE_CHECKING:
    from collections.abc import Callable

MODELS = [
    pytest.param(CallResponse, documented_call().body, id="call"),
    pytest.param(SessionListResponse, page_of_sessions(), id="page"),
]


def contest(model: Any, body: bytes, *codecs: Codec) -> Contest:
    read = reader(model)
    entries = [Entry(codec, read) for codec in (ours.unchecked(model.from_dict), *codecs)]
    return Contest("a body", body, 1, tuple(entries))


@pytest.mark.parametrize(
    ("model", "field"),
    [
        pytest.param(Call, Field("session_id", "sessionId", str, False), id="optional"),
        pytest.param(Call, Field("mode", "mode", CallMode, False), id="enumeration"),
        pytest.param(Session, Field("started_at", "started_at", dt.datetime, True), id="required"),
        pytest.param(
            Session,
            Field("ended_at", "ended_at", dt.datetime | None, False),
            id="nullable",
        ),
        pytest.param(CallResponse, Field("data", "data", Call | list[Call], False), id="choice"),
    ],
)
def test_field_has_its_name_in_json_and_its_type_when_there(model: type, field: Field) -> None:
    assert field in fields_of(model)


@pytest.mark.parametrize("model", [Call, Session])
def test_every_documented_field_is_known(model: type) -> None:
    names = {attribute.name for attribute in attrs.fields(model)}
    assert {field.attribute for field in fields_of(model)} == names - {"additional_properties"}


def test_reading_goes_through_all_models() -> None:
    model = CallResponse.from_dict(orjson.loads(documented_call().body))
    values = reader(CallResponse)(model)
    assert isinstance(model.data, Call)
    assert model.data.session_id in values
    assert {"superhero2", "superhero8"} <= {value for value in values if isinstance(value, str)}
    assert UNSET in values


def test_reading_takes_other_names() -> None:
    model = SessionListResponse.from_dict(orjson.loads(page_of_sessions()))
    ours_to_theirs = {"minutes_consumed": "live_participants"}
    values = reader(SessionListResponse, ours_to_theirs)(model)
    assert 2.3434 in reader(SessionListResponse)(model)
    assert 2.3434 not in values


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        pytest.param(
            dt.datetime(2023, 2, 1, 11, tzinfo=dt.timezone(dt.timedelta(hours=1))),
            "2023-02-01T10:00:00.000Z",
            id="a date is text",
        ),
        pytest.param(UNSET, None, id="absent is none"),
        pytest.param(0, 0, id="zero is there"),
        pytest.param([], [], id="an empty array is there"),
    ],
)
def test_values_that_say_the_same_become_equal(value: object, expected: object) -> None:
    assert comparable([value]) == [expected]


@pytest.mark.parametrize(("model", "body"), MODELS)
def test_peer_with_our_types_agrees(model: type, body: bytes) -> None:
    require_agreement(contest(model, body, pydantic_models.codec(model)))


@pytest.mark.parametrize(
    ("package", "operation", "model", "body"),
    [
        pytest.param(f"callrecords_{provider}", operation, *param.values, id=param.id)
        for (provider, operation), param in zip(
            [("cometchat", "get_call"), ("realtimekit", "list_sessions")], MODELS, strict=True
        )
    ],
)
def test_checking_makes_no_difference(
    package: str, operation: str, model: Any, body: bytes
) -> None:
    checked = ours.checked(model.from_dict, package=package, operation=operation)
    require_agreement(contest(model, body, checked))


def forgetful(name: str) -> Callable[[bytes], object]:
    """A decoder that loses a field of the call."""

    def decode(body: bytes) -> object:
        data = orjson.loads(body)
        del data["data"][name]
        return CallResponse.from_dict(data)

    return decode


@pytest.mark.parametrize("name", ["sessionId", "participants"])
def test_peer_that_makes_something_else_is_refused(name: str) -> None:
    peer = Codec("peer", forgetful(name))
    with pytest.raises(FailedRunError, match="peer makes something else"):
        require_agreement(contest(CallResponse, documented_call().body, peer))


def test_peer_that_writes_something_else_is_refused() -> None:
    peer = Codec("peer", ours.unchecked(CallResponse.from_dict).decode, lambda _: b"{}")
    with pytest.raises(FailedRunError, match="peer makes something else"):
        require_agreement(contest(CallResponse, documented_call().body, peer))


def test_page_is_full() -> None:
    page = SessionListResponse.from_dict(orjson.loads(page_of_sessions()))
    assert page.data
    assert page.data.sessions
    assert len(page.data.sessions) == PAGE
