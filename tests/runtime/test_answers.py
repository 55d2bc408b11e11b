"""What is made of an answer: its kind decides first, then whether it says no, then its parts."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import Any

import orjson
import pytest

from callrecords_runtime.answers import (
    Reader,
    followed,
    is_refusal,
    member_at,
    read_json_if_any,
    report,
    success_of,
    undecodable,
)
from callrecords_runtime.call import Call
from callrecords_runtime.client import operation_of
from callrecords_runtime.drift import Deviation, Drift, DriftKind
from callrecords_runtime.errors import (
    AnswerTooLarge,
    DecodeError,
    DriftError,
    EnvelopeError,
    NotFound,
    SeveralFound,
)
from callrecords_runtime.messages import Request, Response
from callrecords_runtime.operation import Operation, Success
from callrecords_runtime.structs import structs
from callrecords_runtime.types import UNSET
from tests.runtime.honesty import MUCH

PACKAGE = "callrecords_zudu"


def response(content: bytes, status: int = 200) -> Response:
    return Response(status=status, headers={}, content=content, elapsed=dt.timedelta(0))


def operation(**members: Any) -> Operation:
    return Operation("get", "get", "GET", "/x", **members)


def call(**members: Any) -> Call[Any]:
    request = Request(method="GET", path="/x", template="/x")
    reader = Reader(PACKAGE, operation())
    return Call(provider="zudu", operation="get", request=request, read=reader, **members)


def read(content: bytes, status: int = 200, **members: Any) -> Any:
    return Reader(PACKAGE, operation(**members))(call(), response(content, status))


@pytest.mark.parametrize(
    ("kind", "content", "expected"),
    [
        ("bytes", b"\xff 1", b"\xff 1"),
        ("text", b"1 ", "1 "),
        ("nothing", b"{}", None),
        ("events", b"{}", None),
        ("records", b"{}", None),
    ],
)
def test_the_kind_of_an_answer_says_what_is_read(
    kind: Any, content: bytes, expected: object
) -> None:
    answer = read(content, successes={"200": Success(kind, lambda body: body)})
    assert (answer.body, answer.parsed) == (expected, expected)


@pytest.mark.parametrize("result", [(), (("real",),)])
def test_a_part_is_asked_for_of_a_body_that_is_there(result: Any) -> None:
    one = {"200": Success("text", float)}
    answer = read(b"1.5", successes=one, result=result)
    assert (answer.body, answer.parsed) == (1.5, 1.5)
    answer = read(b"", 204, successes={**one, "204": Success("nothing")}, result=result)
    assert (answer.body, answer.parsed) == (None, None)


def test_the_first_part_that_is_there_is_the_result_and_without_any_it_is_missing() -> None:
    one = {"200": Success("text", lambda text: SimpleNamespace(a=text, b=[UNSET]))}
    assert read(b"x", successes=one, result=(("c",), ("a",), ("b",))).parsed == "x"
    with pytest.raises(DecodeError, match=r"the answer has no d\.e$"):
        read(b"x", successes=one, result=(("c",), ("d", "e", "[]")))


def test_a_text_may_have_space_around_what_it_stands_for() -> None:
    one = {"200": Success("text", dt.date.fromisoformat)}
    assert read(b" 2024-01-31\n", successes=one).parsed == dt.date(2024, 1, 31)
    with pytest.raises(DecodeError, match="the text is not what the definition says: today"):
        read(b"today", successes=one)


NAMED = {name: Success("text", name.__add__) for name in ("200", "2XX", "default")}


@pytest.mark.parametrize(
    ("documented", "status", "found"),
    [
        (("200", "2XX", "default"), 200, "200"),
        (("200", "2XX", "default"), 201, "2XX"),
        (("200", "default"), 201, "200"),
        (("default",), 201, "default"),
        ((), 201, None),
    ],
)
def test_a_success_is_read_as_its_status_says_or_one_that_is_like_it(
    documented: tuple[str, ...], status: int, found: str | None
) -> None:
    successes = {name: NAMED[name] for name in documented}
    success = success_of(operation(successes=successes), status)
    assert success.kind == ("nothing" if found is None else "text")
    assert success.read("") == found


MODEL = SimpleNamespace(a=SimpleNamespace(b=[1], none=[], many=[1, 2], no=None))


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ((), MODEL),
        (("a", "b"), [1]),
        (("a", "b", "[]"), 1),
        (("a", "no"), None),
        (("a", "c"), UNSET),
        (("c", "b"), UNSET),
        (("a", "no", "[]"), UNSET),
    ],
)
def test_a_way_through_a_model_is_followed_as_far_as_it_leads(
    path: tuple[str, ...], found: object
) -> None:
    assert followed(call(), response(b""), MODEL, path) == found


def test_one_of_several_is_none_or_too_many() -> None:
    with pytest.raises(NotFound, match=r"the answer holds nothing in a\.none$"):
        followed(call(), response(b""), MODEL, ("a", "none", "[]"))
    with pytest.raises(
        SeveralFound, match=r"the answer holds 2 items in a\.many instead"
    ) as caught:
        followed(call(), response(b""), MODEL, ("a", "many", "[]"))
    assert caught.value.found == (1, 2)


@pytest.mark.parametrize(
    ("data", "refusing", "says_no"),
    [
        ({"meta": {"ok": False}}, False, True),
        ({"meta": {"ok": True}}, False, False),
        ({"meta": {"ok": 0}}, False, False),
        ({"meta": {"ok": "no"}}, "no", True),
        ({"meta": {}}, False, False),
        ({"meta": []}, False, False),
        ([], False, False),
    ],
)
def test_an_answer_says_no_by_the_very_value(data: Any, refusing: object, *, says_no: bool) -> None:
    path = ("meta", "ok")
    assert is_refusal(data, path, refusing) is says_no
    reader = Reader(PACKAGE, operation(refusals=((("other",), 1), (path, refusing))))
    content = orjson.dumps(data)
    if not says_no:
        assert reader.json(call(), response(content)) == data
        return
    with pytest.raises(EnvelopeError):
        reader.json(call(), response(content))


def test_what_stands_nowhere_is_unset() -> None:
    assert member_at({"a": {"b": 1}}, ("a", "b")) == 1
    assert member_at({"a": None}, ("a",)) is None
    assert member_at({"a": [1]}, ("a", "b")) is UNSET
    assert member_at({}, ("a",)) is UNSET


@pytest.mark.parametrize("before", [0, 1, 2])
def test_one_of_several_refusals_is_enough_once_much_was_read(before: int) -> None:
    asked = operation_of("callrecords_realtimekit", "list_sessions")
    known = structs("callrecords_realtimekit", asked.operation_id, 200, asked.successes["200"].read)
    known.read(MUCH)
    content = b'{"success": true, "data": {"sessions": []}}'
    others = [(("else",), 1), (("data", "else"), 1)]
    refusals = (*others[:before], (("success",), False), *others[before:])
    reader = Reader("callrecords_realtimekit", asked._replace(refusals=refusals))
    assert reader.quickly(call(), response(content)) is not None
    assert reader.quickly(call(), response(content.replace(b"true", b"false"))) is None


def test_an_answer_is_the_same_model_read_quickly_or_the_long_way() -> None:
    asked = operation_of("callrecords_realtimekit", "list_sessions")
    success = asked.successes["200"]
    structs("callrecords_realtimekit", asked.operation_id, 200, success.read).read(MUCH)
    reader = Reader("callrecords_realtimekit", asked)
    told: list[Drift] = []
    for more, is_quick in (("", True), (', "more": 1', False)):
        content = f'{{"success": true, "data": {{"sessions": []}}{more}}}'.encode()
        assert (reader.quickly(call(), response(content)) is not None) is is_quick
        body = reader.body(call(on_drift=told.append), response(content))
        assert body == success.read(orjson.loads(content))
    assert [each.path for each in told] == ["$.more"]


def test_what_is_no_json_is_refused_unless_nothing_is_expected_of_it() -> None:
    reader = Reader(PACKAGE, operation())
    assert read_json_if_any(call(), response(b'{"a": 1}')).parsed == {"a": 1}
    for content, shown in ((b"<a>", "<a>"), (b"", "no body")):
        answer = read_json_if_any(call(), response(content))
        assert (answer.parsed, answer.body) == (None, None)
        with pytest.raises(DecodeError, match=f"expected JSON, got {shown} "):
            reader.json(call(), response(content))


def test_an_answer_has_at_most_as_many_values_as_a_client_takes() -> None:
    reader = Reader(PACKAGE, operation())
    content = orjson.dumps([1] * 50)
    assert len(reader.json(call(max_values=60), response(content))) == 50
    for ask in (reader.json, read_json_if_any):
        with pytest.raises(AnswerTooLarge, match="more than the 40 values of max_values"):
            ask(call(max_values=40), response(content))


def drift(path: str) -> Drift:
    return Drift(
        provider="zudu",
        operation="get",
        path=path,
        kind=DriftKind.TYPE,
        expected="a string",
        actual=1,
        first_seen=dt.datetime.now(dt.UTC),
        last_seen=dt.datetime.now(dt.UTC),
    )


def test_drift_is_told_piece_by_piece_or_raised_whole() -> None:
    found = [drift(f"$.a{number}") for number in range(12)]
    told: list[Drift] = []
    report(call(on_drift=told.append), response(b""), found)
    assert told == found
    with pytest.raises(DriftError) as caught:
        report(call(on_drift="raise"), response(b""), found)
    assert caught.value.drift == tuple(found)
    assert str(caught.value).count("$.a") == 10


@pytest.mark.parametrize(
    ("number", "last"), [(1, "$[0] is missing"), (10, "$[9] is missing"), (11, "; and 1 more")]
)
def test_an_error_tells_the_first_of_many_problems_and_has_all(number: int, last: str) -> None:
    deviations = [Deviation((place,), DriftKind.MISSING, "a", None) for place in range(number)]
    error = undecodable(call(), response(b""), deviations)
    assert [each.path for each in error.problems] == [f"$[{place}]" for place in range(number)]
    assert str(error).count(" is missing") == min(number, 10)
    assert str(error).endswith(last)
    assert ("more" in str(error)) is (number > 10)


def test_a_value_that_does_not_fit_is_told_with_what_was_expected() -> None:
    deviations = [Deviation(("a",), DriftKind.TYPE, "a string", 1)]
    error = undecodable(call(), response(b""), deviations)
    assert "$.a: expected a string, got 1" in str(error)
