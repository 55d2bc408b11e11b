"""From an operation and its arguments to a request."""

from __future__ import annotations

import datetime as dt
import io
import uuid
from typing import Any, Literal
from urllib.parse import unquote

import orjson
import pytest
from attrs import Factory, define
from hypothesis import given
from hypothesis import strategies as st

from callrecords_runtime.errors import ConfigurationError
from callrecords_runtime.operation import Body, Location, Operation, Parameter
from callrecords_runtime.parameters import query_of
from callrecords_runtime.requests import raw_request, request_of
from callrecords_runtime.types import UNSET, File, OpenIntEnum, OpenStrEnum, Unset, parts_of

ZONE = dt.timezone(dt.timedelta(hours=2))


class Colour(OpenStrEnum):
    RED = "red"
    BLUE = "blue"


class Level(OpenIntEnum):
    VALUE_1 = 1


@define(kw_only=True)
class Note:
    """A model as the generator makes it, with one required field and one that may be null."""

    text: str
    colour: Colour | Unset = UNSET
    parent: str | Unset | None = UNSET
    additional_properties: dict[str, Any] = Factory(dict[str, Any])

    def to_dict(self) -> dict[str, Any]:
        given = {"text": self.text, "colour": self.colour, "parent": self.parent}
        return {name: value for name, value in given.items() if value is not UNSET}

    def to_multipart(self) -> list[tuple[str, Any]]:
        return [("text", (None, self.text.encode(), "text/plain"))]


def operation(*parameters: Parameter, path: str = "/things", **rest: Any) -> Operation:
    return Operation(
        name="get_things",
        operation_id="get_things",
        method="GET",
        path=path,
        parameters=parameters,
        **rest,
    )


NOTE = (
    Parameter("text", "body"),
    Parameter("colour_", "body", Colour, sent_as="colour"),
    Parameter("parent", "body", str | None),
)


def posting(kind: Any = "json", media_type: str = "application/json", **rest: Any) -> Operation:
    form = Body(kind, media_type, rest.pop("type", Note))
    return operation(*NOTE, bodies=(form,), **rest)


@given(st.text(min_size=1).filter(lambda text: text not in {".", ".."}))
def test_a_path_parameter_is_one_segment_whatever_is_in_it(text: str) -> None:
    if any("\ud800" <= letter <= "\udfff" for letter in text):
        return
    thing = operation(Parameter("thing_id", "path", sent_as="thingId"), path="/things/{thingId}/x")
    path = request_of(thing, {"thing_id": text}).path
    segments = path.split("/")
    assert len(segments) == 4
    assert unquote(segments[2]) == text


@pytest.mark.parametrize("value", ["", ".", "..", None, UNSET])
def test_a_path_parameter_that_would_name_another_path_is_refused(value: Any) -> None:
    thing = operation(Parameter("thing_id", "path"), path="/things/{thing_id}")
    with pytest.raises(ConfigurationError, match="thing_id must"):
        request_of(thing, {"thing_id": value})


def test_a_value_that_looks_like_another_parameter_is_not_replaced() -> None:
    both = operation(Parameter("a", "path"), Parameter("b", "path"), path="/{a}/{b}")
    assert request_of(both, {"a": "{b}", "b": "x"}).path == "/%7Bb%7D/x"


@pytest.mark.parametrize(
    ("type_", "value", "sent"),
    [
        (str, "a b", "a b"),
        (int, 3, 3),
        (float, 3, 3),
        (bool, True, True),
        (Colour, "red", "red"),
        (Colour, Colour.BLUE, "blue"),
        (Colour, "green", "green"),
        (Level, 1, 1),
        (Colour | int, 7, 7),
        (Literal["x"], "x", "x"),
        (list[Colour], ["red", Colour.BLUE], ["red", "blue"]),
        (list[Colour], ("red",), ["red"]),
        (dt.datetime, dt.datetime(2024, 1, 1, 2, tzinfo=ZONE), "2024-01-01T00:00:00.000Z"),
        (dt.date, dt.date(2024, 1, 31), "2024-01-31"),
        (uuid.UUID, uuid.UUID(int=0), "00000000-0000-0000-0000-000000000000"),
    ],
)
def test_a_query_parameter_is_sent_as_json_writes_it(type_: Any, value: Any, sent: Any) -> None:
    things = operation(Parameter("value", "query", type_, sent_as="theValue"))
    assert request_of(things, {"value": value}).params == {"theValue": sent}


@pytest.mark.parametrize(
    ("type_", "value", "reason"),
    [
        (str, 3, "value must be a str, not int"),
        (int, "3", r"value must be int, not '3'"),
        (int, True, r"value must be int, not True"),
        (int | None, "3", r"value must be int \| None, not '3'"),
        (list[int], ["3"], r"value must be list\[int\]"),
        (list[str], "text", r"value must be list\[str\], not 'text'"),
        (Colour, 3, "value is no Colour: 3"),
        (Literal["x"], "y", r"value must be Literal\['x'\], not 'y'"),
        (dt.datetime, "2024-01-01", "value must be a datetime, not str"),
        (dt.datetime, dt.datetime(2024, 1, 1), "value must have a time zone"),  # noqa: DTZ001
    ],
)
def test_an_argument_of_another_type_is_refused_by_name(
    type_: Any, value: Any, reason: str
) -> None:
    things = operation(Parameter("value", "query", type_))
    with pytest.raises(ConfigurationError, match=reason):
        request_of(things, {"value": value})


@pytest.mark.parametrize("location", ["query", "header", "cookie"])
@pytest.mark.parametrize("value", [None, UNSET])
def test_an_argument_that_is_left_out_is_not_sent(location: Location, value: Any) -> None:
    request = request_of(operation(Parameter("value", location, str | None)), {"value": value})
    assert (request.params, request.headers) == ({}, {})


def test_a_list_is_joined_by_commas_where_the_definition_says_so() -> None:
    things = operation(Parameter("tags", "query", list[str], style="joined"))
    assert request_of(things, {"tags": ["a", "b"]}).params == {"tags": "a,b"}
    assert request_of(things, {"tags": []}).params == {}
    with pytest.raises(ConfigurationError, match="tags must not hold 'a,b'"):
        request_of(things, {"tags": ["a,b"]})


def test_the_members_of_an_object_in_the_query_are_parameters_of_their_own() -> None:
    things = operation(Parameter("filter", "query", Note))
    request = request_of(things, {"filter": Note(text="x", parent=None)})
    assert request.params == {"text": "x"}


def test_a_value_may_be_all_of_the_query() -> None:
    things = operation(Parameter("filter", "query", Note | str, style="whole"))
    request = request_of(things, {"filter": Note(text="a b", parent=None)})
    assert (request.params, request.path.partition("?")[2]) == (
        {}, "%7B%22text%22%3A%22a%20b%22%2C%22parent%22%3Anull%7D",
    )  # fmt: skip
    assert request_of(things, {"filter": "$.a&b"}).path.endswith("?%24.a%26b")


def test_headers_and_cookies_are_text() -> None:
    things = operation(
        Parameter("dry", "header", bool, sent_as="X-Dry"),
        Parameter("level", "header", Level),
        Parameter("theme", "cookie"),
        Parameter("size", "cookie", int),
        accept="text/csv",
    )
    headers = request_of(things, {"dry": False, "level": 1, "theme": "a;b", "size": 2}).headers
    assert headers == {
        "X-Dry": "false",
        "level": "1",
        "accept": "text/csv",
        "cookie": "theme=a%3Bb; size=2",
    }


def test_the_members_of_a_body_are_arguments() -> None:
    request = request_of(posting(), {"text": "x", "colour_": "red", "parent": UNSET})
    assert orjson.loads(request.content or b"") == {"text": "x", "colour": "red"}
    assert request.headers == {"content-type": "application/json"}


def test_null_is_sent_in_a_body_where_the_definition_allows_it() -> None:
    request = request_of(posting(), {"text": "x", "colour_": None, "parent": None})
    assert orjson.loads(request.content or b"") == {"text": "x", "parent": None}


def test_a_body_may_be_given_whole() -> None:
    body = Note(text="x", colour=Colour.RED)
    request = request_of(posting(), {"body": body, "text": UNSET})
    assert orjson.loads(request.content or b"") == {"text": "x", "colour": "red"}


def test_a_body_is_given_whole_or_by_its_members_and_not_both() -> None:
    with pytest.raises(ConfigurationError, match="takes body or its members, and got both"):
        request_of(posting(), {"body": Note(text="x"), "text": "y"})


def test_what_a_body_needs_is_named() -> None:
    with pytest.raises(ConfigurationError, match=r"get_things\(\) needs text, or a body"):
        request_of(posting(needs_body=True), {"colour_": "red"})
    with pytest.raises(ConfigurationError, match=r"get_things\(\) needs text, or a body"):
        request_of(posting(), {"colour_": "red"})


def test_a_body_that_is_optional_is_left_out() -> None:
    assert request_of(posting(), {}).content is None


def test_a_body_without_members_is_asked_for() -> None:
    things = operation(bodies=(Body("json", "application/json", list[int]),), needs_body=True)
    assert request_of(things, {"body": [1]}).content == b"[1]"
    with pytest.raises(ConfigurationError, match=r"get_things\(\) needs a body"):
        request_of(things, {})
    with pytest.raises(ConfigurationError, match=r"body must be list\[int\], not str"):
        request_of(things, {"body": "x"})


def test_the_form_of_a_body_is_the_first_that_takes_it() -> None:
    forms = Body("json", "application/json", Note), Body("bytes", "image/png", File)
    things = operation(bodies=forms)
    image = request_of(things, {"body": File(io.BytesIO(b"png"))})
    assert (image.content, image.headers) == (b"png", {"content-type": "image/png"})
    assert request_of(things, {"body": Note(text="x")}).content == b'{"text":"x"}'


def test_an_integer_of_a_body_is_sent_as_it_is() -> None:
    things = operation(bodies=(Body("json", "application/json", dict[str, Any]),))
    content = request_of(things, {"body": {"x": [2**64 + 1]}}).content
    assert content == b'{"x":[18446744073709551617]}'


def test_a_text_of_a_body_that_cannot_be_sent_is_told_as_such() -> None:
    things = operation(bodies=(Body("json", "application/json", dict[str, Any]),))
    with pytest.raises(ConfigurationError, match="half of a surrogate pair") as caught:
        request_of(things, {"body": {"x": "\ud83d"}})
    assert caught.value.__context__ is None


def test_an_integer_of_a_parameter_and_of_a_part_is_sent_as_it_is() -> None:
    where = Parameter("where", "query", dict[str, Any], style="json")
    assert query_of(where, {"x": 2**64 + 1}) == {"where": '{"x":18446744073709551617}'}
    assert parts_of({"x": 2**64 + 1}) == [("x", (None, b"18446744073709551617", "text/plain"))]
    with pytest.raises(ConfigurationError, match="a value cannot be sent: it has half"):
        query_of(where, {"x": "\ud83d"})


def test_forms_and_parts_are_bytes_that_can_be_sent_again() -> None:
    form = request_of(posting("form", "application/x-www-form-urlencoded"), {"text": "a b"})
    assert (form.content, form.headers["content-type"]) == (
        b"text=a+b",
        "application/x-www-form-urlencoded",
    )
    for name, body in (("form-data", {"text": "a b"}), ("related; x=y", {})):
        posted = posting("multipart", f"multipart/{name}", type=dict[str, Any])
        parts = request_of(posted, {"body": body})
        media_type, _, boundary = parts.headers["content-type"].partition("; boundary=")
        assert media_type == f"multipart/{name}".partition(";")[0]
        assert parts.content is not None
        assert parts.content.startswith(f"--{boundary}".encode())
        assert parts.content.endswith(f"--{boundary}--\r\n".encode())


def test_a_header_that_a_parameter_names_goes_once_and_parts_say_how_they_are_told_apart() -> None:
    named = [Parameter(name.lower(), "header", sent_as=name) for name in ("Accept", "Content-Type")]
    given = {"accept": "text/csv", "content-type": "a/b", "body": {"a": "b"}}
    json = Body("json", "application/json", dict[str, Any])
    parts = Body("multipart", "multipart/form-data", dict[str, Any])
    for body, sent in ((json, "a/b"), (parts, parts.media_type)):
        asked = operation(*named, accept="application/json", bodies=(body,))
        headers = request_of(asked, given).headers
        assert headers["accept"] == "text/csv"
        assert headers["content-type"].partition(";")[0] == sent
        assert len(headers) == 2


@pytest.mark.parametrize("path", ["things", "//host/x", "/a/../b", "/a#b", "/a\\b", "/a\nb"])
def test_a_raw_path_that_could_lead_elsewhere_is_refused(path: str) -> None:
    with pytest.raises(ConfigurationError, match="path must begin with one /"):
        raw_request("GET", path, None, UNSET)


def test_each_call_has_a_key_of_its_own_where_the_provider_documents_it() -> None:
    keyed = operation(idempotency_key="Idempotency-Key")
    keys = [request_of(keyed, {}).headers["idempotency-key"] for _ in range(2)]
    assert len({*keys}) == 2
    given = operation(
        Parameter("key", "header", sent_as="idempotency-KEY"), idempotency_key="Idempotency-Key"
    )
    assert request_of(given, {"key": "mine"}).headers == {"idempotency-KEY": "mine"}
    assert "idempotency-key" not in request_of(operation(), {}).headers
