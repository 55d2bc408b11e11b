"""An answer becomes a model that is what it says and loses nothing, or an error."""

from __future__ import annotations

import contextlib
import copy
import datetime as dt
import os
from random import Random
from typing import Any

import attrs
import orjson
import pytest
from callrecords_cometchat._operations.get_call import OPERATION as GET_COMETCHAT_CALL
from callrecords_zudu._operations.get_call import OPERATION as GET_ZUDU_CALL
from hypothesis import given
from hypothesis import strategies as st

from callrecords_runtime.answers import Reader
from callrecords_runtime.call import Call
from callrecords_runtime.deviations import UndecodableError, decode
from callrecords_runtime.drift import DriftKind
from callrecords_runtime.errors import CallRecordsError, DecodeError
from callrecords_runtime.messages import Request, Response
from callrecords_runtime.serialization import is_object, undocumented
from callrecords_runtime.types import UNSET
from callrecords_runtime.validators import Validators, validators
from tests.runtime.honesty import Envelope, check_honesty_of_any, envelopes, random_json

ENVELOPES = envelopes()
EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "0"))
"""How many answers ``nox -s fuzz`` tries for each operation; else a few thousand are for all."""
every_operation = pytest.mark.parametrize("envelope", ENVELOPES.values(), ids=list(ENVELOPES))


def answer(content: bytes) -> Response:
    return Response(status=200, headers={}, content=content, elapsed=dt.timedelta(0))


def read(content: bytes, package: str = "callrecords_zudu") -> Any:
    """What ``get_call`` of a package makes of a body."""
    operation = GET_ZUDU_CALL if package == "callrecords_zudu" else GET_COMETCHAT_CALL
    call = Call(
        provider=package.removeprefix("callrecords_"),
        operation="get_call",
        request=Request(method="GET", path="/x", template="/x"),
        read=Reader(package, operation),
    )
    return call.read(call, answer(content)).parsed


@every_operation
def test_any_answer_is_decoded_honestly_or_not_at_all(envelope: Envelope) -> None:
    check_honesty_of_any(envelope, EXAMPLES or 1 + 2000 // len(ENVELOPES))


@given(seed=st.integers(0))
def test_any_json_raises_nothing_but_what_is_documented(seed: int) -> None:
    try:
        content = orjson.dumps(random_json(Random(seed)))  # noqa: S311 - no secret
    except (TypeError, orjson.JSONEncodeError):
        return  # half of a surrogate pair
    for package in ("callrecords_zudu", "callrecords_cometchat"):
        with contextlib.suppress(CallRecordsError):
            read(content, package)


@given(content=st.binary())
def test_any_bytes_raise_nothing_but_what_is_documented(content: bytes) -> None:
    with contextlib.suppress(CallRecordsError):
        read(content)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2016-12-31T23:59:60Z", None),
        ("0000-01-01T00:00:00Z", None),
        ("2016-12-31T23:59:59Z", dt.datetime(2016, 12, 31, 23, 59, 59, tzinfo=dt.UTC)),
    ],
)
@pytest.mark.parametrize("field", ["started_at", "ended_at"])
def test_a_date_that_python_cannot_hold_is_set_aside_or_refused(
    text: str, moment: dt.datetime | None, field: str
) -> None:
    envelope = ENVELOPES["realtimekit list_sessions"]
    body = copy.deepcopy(envelope.bodies[0])
    session = body["data"]["sessions"][0]
    session[field] = text
    checks = validators(envelope.package, envelope.operation, 200)
    if moment is None and field == "started_at":  # required
        with pytest.raises(UndecodableError) as caught:
            decode(body, checks, envelope.model.from_dict)
        (deviation,) = caught.value.deviations
    else:
        model, deviations = decode(body, checks, envelope.model.from_dict)
        assert getattr(model.data.sessions[0], field) == (moment or UNSET)
        assert model.to_dict() == body
        if moment is not None:
            assert not deviations
            return
        (deviation,) = deviations
    assert deviation.path == ("data", "sessions", 0, field)
    assert deviation.kind is DriftKind.FORMAT


@pytest.mark.parametrize(
    "text",
    ["20240101T000000Z", "2024-W01-1T00:00:00.000Z", "2024-01-01T00:00:00,000Z", "2024-01-01"],
)
def test_a_date_in_a_form_that_only_python_takes_is_told(text: str) -> None:
    envelope = ENVELOPES["realtimekit list_sessions"]
    body = copy.deepcopy(envelope.bodies[0])
    body["data"]["sessions"][0]["ended_at"] = text
    checks = validators(envelope.package, envelope.operation, 200)
    model, (deviation,) = decode(body, checks, envelope.model.from_dict)
    assert (deviation.kind, deviation.actual) == (DriftKind.FORMAT, text)
    assert model.to_dict() == body


NUMBERS = {"type": "array", "items": {"type": "integer"}}
ROWS: Any = {
    "type": "object",
    "properties": {
        "row": NUMBERS,
        "rows": {"type": "array", "items": NUMBERS},
        "inner": {"type": "object", "properties": {"row": NUMBERS}},
    },
}


@attrs.define
class Rows:
    """A model that knows rows alone, in the order in which they came."""

    row: Any = UNSET
    rows: Any = UNSET
    inner: Any = UNSET
    additional_properties: dict[str, Any] = attrs.field(factory=dict[str, Any])

    @classmethod
    def from_dict(cls, data: Any) -> Rows:
        names = ("row", "rows", "inner")
        known = {name: data[name] for name in names if name in data}
        if is_object(known.get("inner")):
            known["inner"] = Rows.from_dict(known["inner"])
        return cls(**known, additional_properties=undocumented(data, names))


@pytest.mark.parametrize(
    ("body", "aside"),
    [
        ({"row": [1], "rows": [[1], []]}, []),
        ({"row": [1, "a"], "rows": [[1]]}, ["row"]),
        ({"row": [1], "rows": [[1], [1, "a"]]}, ["rows"]),
        ({"row": [1], "rows": [[1], "a"]}, ["rows"]),
        ({"row": "a", "rows": {}, "inner": [{}]}, ["row", "rows", "inner"]),
    ],
)
def test_a_list_with_an_item_that_does_not_fit_is_set_aside_whole(
    body: dict[str, Any], aside: list[str]
) -> None:
    made, _ = decode(body, Validators(ROWS, {}, "callrecords_zudu"), Rows.from_dict)
    assert made.additional_properties == {name: body[name] for name in aside}
    assert {type(name) for name in made.additional_properties} <= {str}
    for name, value in body.items():
        assert getattr(made, name) == (UNSET if name in aside else value)


def test_what_is_set_aside_stays_in_the_object_that_has_it() -> None:
    body = {"row": [1], "inner": {"row": [1, "a"]}}
    made, _ = decode(body, Validators(ROWS, {}, "callrecords_zudu"), Rows.from_dict)
    assert made == Rows(row=[1], inner=Rows(additional_properties={"row": [1, "a"]}))


DEEP = 100_000
UNREADABLE = {
    "empty": b"",
    "html": b"<html><body>no</body></html>",
    "cut": b'{"data": {"id": "1"',
    "utf-16": '{"data": {"id": "é"}}'.encode("utf-16"),
    "latin-1": '{"data": {"id": "é"}}'.encode("latin-1"),
    "deep arrays": b"[" * DEEP + b"]" * DEEP,
    "deep objects": b'{"data":' * DEEP + b"1" + b"}" * DEEP,
    "huge number, cut": b'{"data": {"start_timestamp": ' + b"9" * 10_000,
    "zeros": b"\x00" * 1000,
    "NaN": b"NaN",
    "no text": b"\xff\xfe",
}


@pytest.mark.parametrize("content", UNREADABLE.values(), ids=list(UNREADABLE))
def test_a_body_that_is_no_answer_is_a_decode_error(content: bytes) -> None:
    with pytest.raises(DecodeError):
        read(content)


def test_a_huge_number_is_a_decode_error_or_set_aside() -> None:
    content = b'{"data": {"id": "1", "start_timestamp": ' + b"9" * 10_000 + b"}}"
    try:
        made = read(content)
    except DecodeError:
        return
    assert not isinstance(made.start_timestamp, float)


@pytest.mark.parametrize("depth", [50, 200, 900])
def test_an_answer_that_is_nested_deeply_is_read_or_a_decode_error(depth: int) -> None:
    nested = b'{"a":' * depth + b"1" + b"}" * depth
    with contextlib.suppress(DecodeError):
        assert read(b'{"data": {"metadata": ' + nested + b"}}").metadata
