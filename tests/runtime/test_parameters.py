"""A parameter's value is written in the style that the definition names."""

from __future__ import annotations

import datetime as dt
from io import BytesIO
from typing import Any
from uuid import UUID

import httpx
import pytest

from callrecords_runtime.errors import ConfigurationError
from callrecords_runtime.operation import Operation, Parameter
from callrecords_runtime.requests import request_of
from callrecords_runtime.types import File

LIST, OBJECT = ["a b", "c,d"], {"x": 1, "y": True, "z": None}
NESTED = {"at": {"from": dt.date(2024, 1, 2), "state": None}, "tags": ["a", "b"]}


def sent(location: Any, style: str, value: Any, type_: Any = Any) -> httpx.Request:
    path = "/things/{of}/x" if location == "path" else "/things"
    parameter = Parameter("of", location, type_, style=style)
    made = request_of(Operation("get", "get", "GET", path, (parameter,)), {"of": value})
    url = f"https://a.example{made.path}"
    return httpx.Request(made.method, url, params=made.params, headers=made.headers)


@pytest.mark.parametrize(
    ("style", "value", "query"),
    [
        ("", LIST, "of=a+b&of=c%2Cd"),
        ("", [True, None, 1.5], "of=true&of=&of=1.5"),
        ("", OBJECT, "x=1&y=true"),
        ("", [{"a": 1}], "of=%7B%22a%22%3A1%7D"),
        ("", NESTED, "at=%7B%22from%22%3A%222024-01-02%22%2C%22state%22%3Anull%7D&tags=a&tags=b"),
        ("joined", ["a", "b"], "of=a%2Cb"),
        ("joined", [], ""),
        ("joined", OBJECT, "of=x%2C1%2Cy%2Ctrue"),
        ("joined", "a,b", "of=a%2Cb"),
        ("spaceDelimited", [1, 2], "of=1+2"),
        ("pipeDelimited", ["a", "b"], "of=a%7Cb"),
        ("deepObject", NESTED, "of%5Bat%5D%5Bfrom%5D=2024-01-02&of%5Btags%5D=a&of%5Btags%5D=b"),
        ("deepObject", "text", "of=text"),
        ("json", {"a": [1]}, "of=%7B%22a%22%3A%5B1%5D%7D"),
    ],
)
def test_a_value_in_a_query(style: str, value: Any, query: str) -> None:
    written = sent("query", style, value).url.query.decode()
    assert written.replace("%20", "+") == query  # as httpx writes it since 0.28


@pytest.mark.parametrize(
    ("style", "value", "segment"),
    [
        ("", True, "true"),
        ("", LIST, "a%20b,c%2Cd"),
        ("", OBJECT, "x,1,y,true"),
        ("simple+", OBJECT, "x=1,y=true"),
        ("simple+", [1, 2], "1,2"),
        ("label", 5, ".5"),
        ("label", [3, 4], ".3,4"),
        ("label+", [3, 4], ".3.4"),
        ("label+", OBJECT, ".x=1.y=true"),
        ("matrix", [3, 4], ";of=3,4"),
        ("matrix+", [3, 4], ";of=3;of=4"),
        ("matrix+", OBJECT, ";x=1;y=true"),
        ("matrix", "a/b", ";of=a%2Fb"),
        ("json", {"a": "/"}, "%7B%22a%22%3A%22%2F%22%7D"),
        ("", UUID(int=1), "00000000-0000-0000-0000-000000000001"),
    ],
)
def test_a_value_in_a_path_is_one_segment(style: str, value: Any, segment: str) -> None:
    assert sent("path", style, value).url.raw_path.decode() == f"/things/{segment}/x"


@pytest.mark.parametrize(
    ("style", "value", "text"),
    [
        ("", ["a", "b"], "a,b"),
        ("", dt.datetime(2024, 1, 2, tzinfo=dt.UTC), "2024-01-02T00:00:00.000Z"),
        ("", OBJECT, "x,1,y,true"),
        ("simple+", OBJECT, "x=1,y=true"),
        ("json", {"a": 1}, '{"a":1}'),
    ],
)
def test_a_value_in_a_header(style: str, value: Any, text: str) -> None:
    assert sent("header", style, value).headers["of"] == text


def test_a_value_in_a_cookie_is_encoded_but_for_the_commas_between_its_parts() -> None:
    assert sent("cookie", "", LIST).headers["cookie"] == "of=a%20b,c%2Cd"
    assert sent("cookie", "json", {"a": 1}).headers["cookie"] == "of=%7B%22a%22%3A1%7D"


@pytest.mark.parametrize(
    ("style", "value", "words"),
    [
        ("joined", ["a,b"], "commas separate its values"),
        ("spaceDelimited", ["a b"], "spaces separate its values"),
        ("pipeDelimited", ["a|b"], "bars separate its values"),
        ("", File(BytesIO(b"")), "a File cannot be sent here"),
        ("", {"a": object()}, "a object cannot be sent here"),
    ],
)
def test_what_would_be_read_as_something_else_is_refused(
    style: str, value: Any, words: str
) -> None:
    with pytest.raises(ConfigurationError, match=words):
        sent("query", style, value)


@pytest.mark.parametrize("value", ["", ".", [], "..", None])
def test_no_value_names_another_path(value: Any) -> None:
    with pytest.raises(ConfigurationError, match="it would name another path"):
        sent("path", "", value)
