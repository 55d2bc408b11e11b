"""What is written to the wire, and read from it, for each way that a definition can say it."""

from __future__ import annotations

import datetime as dt
import importlib
import io
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import callrecords
from callrecords_runtime.errors import ConfigurationError, DecodeError
from callrecords_runtime.types import File
from codegen.commands.add.addition import Wanted
from tests.runtime.added_packages import importable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pytest_httpserver import HTTPServer

DEFINITION = Path(__file__).parents[1] / "data/served/wires.yaml"
AT, DAY = dt.datetime(2026, 1, 2, 3, 4, 5, tzinfo=dt.UTC), dt.date(2026, 1, 2)
SENT_AT = "2026-01-02T03%3A04%3A05.000Z"


class Of:
    """A model of the package, which is imported when the test runs."""

    def __init__(self, name: str, **members: Any) -> None:
        self.name, self.members = name, members

    def made(self) -> Any:
        members = {name: made(value) for name, value in self.members.items()}
        model = getattr(importlib.import_module("callrecords_wires.models"), self.name)
        return model.from_dict(members) if self.name in {"Map", "Maps"} else model(**members)


def made(value: Any) -> Any:
    return value.made() if isinstance(value, Of) else value


def file(content: bytes, *told: str) -> File:
    return File(io.BytesIO(content), *told)


@pytest.fixture(scope="module", autouse=True)
def _package(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with importable(tmp_path_factory.mktemp("repository"), Wanted("wires", str(DEFINITION))):
        yield


@pytest.fixture
def call(httpserver: HTTPServer) -> Callable[..., Any]:
    """Calls a method, and gives what it returns with what the server got."""

    def run(method: str, *args: Any, reply: tuple[bytes, str] = (b"", ""), **kwargs: Any) -> Any:
        content, kind = reply
        status = 200 if kind else 204
        httpserver.expect_request(re.compile(".*")).respond_with_data(
            content, status=status, content_type=kind
        )
        with callrecords.client_for("wires", base_url=httpserver.url_for("")) as client:
            arguments = {name: made(value) for name, value in kwargs.items()}
            found = getattr(client, method)(*map(made, args), **arguments)
        ((request, _),) = httpserver.log
        return found, request

    return run


@pytest.mark.parametrize(
    ("arguments", "query"),
    [
        (
            {"filter_": Of("Filter", from_=AT, tags=["a", "b"], on=True, in_=Of("In", deep=1))},
            f"filter[from]={SENT_AT}&filter[tags]=a&filter[tags]=b&filter[on]=true&filter[in][deep]=1",
        ),
        ({"maps": Of("Maps", k="v")}, "maps[k]=v"),
        ({"piped": ["a", "b"]}, "piped=a%7Cb"),
        ({"spaced": [1, 2]}, "spaced=1+2"),
        ({"comma": ["a", "b"]}, "comma=a%2Cb"),
        ({"exploded": [True, False]}, "exploded=true&exploded=false"),
        ({"days": [DAY, DAY]}, "days=2026-01-02&days=2026-01-02"),
        ({"plainobj": Of("Plainobj", a="1", b=2)}, "a=1&b=2"),
        ({"joinedobj": Of("Joinedobj", a="1", b=2)}, "joinedobj=a%2C1%2Cb%2C2"),
        ({"ids": [1, 2]}, "ids[]=1&ids[]=2"),
        ({"where": Of("Where", x=1)}, "where=%7B%22x%22%3A1%7D"),
        ({"flag": True, "amount": 0.5}, "flag=true&amount=0.5"),
        ({"flag": None, "comma": []}, ""),
        ({"at": AT}, f"at={SENT_AT}"),
        (
            {"start_time": DAY, "start_time_lt": DAY, "start_time_gt": DAY},
            "StartTime=2026-01-02&StartTime%3C=2026-01-02&StartTime%3E=2026-01-02",
        ),
        ({"plus_1": 1, "minus_1": 2}, "%2B1=1&-1=2"),
        ({"reserved": "a/b?c=d&e"}, "reserved=a%2Fb%3Fc%3Dd%26e"),
    ],
)
def test_in_a_query(call: Any, arguments: dict[str, Any], query: str) -> None:
    _, request = call("query", **arguments)
    sent = request.query_string.decode().replace("%20", "+")  # as httpx writes it since 0.28
    assert sent.replace("%5B", "[").replace("%5D", "]") == query


def test_in_headers_and_cookies(call: Any) -> None:
    _, request = call(
        "header", x_list=[1, 2], x_at=AT, x_day=DAY, x_flag=True,
        x_object=Of("Object", a="1", b=True),
        x_exploded=Of("Exploded", a="1", b=True), x_json=Of("Json", a="é"), x_null=None,
        session="a b;c", list_=[1, 2],
    )  # fmt: skip
    found = {name.lower(): value for name, value in request.headers.items()}
    assert {name: value for name, value in found.items() if name.startswith(("x-", "cookie"))} == {
        "x-list": "1,2",
        "x-at": "2026-01-02T03:04:05.000Z",
        "x-day": "2026-01-02",
        "x-flag": "true",
        "x-object": "a,1,b,true",
        "x-exploded": "a=1,b=true",
        "x-json": '{"a":"\\u00e9"}',
        "cookie": "session=a%20b%3Bc; list=1,2",
    }


def test_in_a_path(call: Any) -> None:
    _, request = call(
        "in_path", True, [1, 2], "a", ["a", "b"], 5, [1, 2], [1, 2], Of("Object", a="1", b=True),
        Of("Exploded", a="1", b=True), AT, DAY, Of("Json", a="x"), "one",
    )  # fmt: skip
    assert request.environ["RAW_URI"] == (
        "/paths/true/1,2/.a/.a.b/;matrix=5/;list=1,2/;listed=1;listed=2/a,1,b,true/a=1,b=true/"
        f"{SENT_AT}/2026-01-02/%7B%22a%22%3A%22x%22%7D/one"
    )


def test_in_a_form(call: Any) -> None:
    _, request = call(
        "form", text="a b&c", flag=True, at=AT, day=DAY, items=["x", "y,z"], joined=["p", "q"],
        deep=Of("Deep", a="1", b=False), plain=Of("Plain", a="1", b=True), kind="one", amount=1.5,
    )  # fmt: skip
    assert request.get_data().decode().replace("%5B", "[").replace("%5D", "]") == (
        f"text=a+b%26c&flag=true&at={SENT_AT}&day=2026-01-02&items=x&items=y%2Cz&joined=p%2Cq&"
        "deep[a]=1&deep[b]=false&plain=%7B%22a%22%3A%221%22%2C%22b%22%3Atrue%7D&kind=one&amount=1.5"
    )


def test_in_parts(call: Any) -> None:
    _, request = call(
        "parts", file=file(b"\x89PNG", "a.png"), image=file(b"I", "i"), coded="aGk=",
        files=[file(b"1", "1"), file(b"2", "2", "text/x")], meta=Of("Meta", a="1"), xml="<a/>",
        csv=["p", "q"], flag=True, at=AT, number=5,
    )  # fmt: skip
    boundary = request.content_type.partition("boundary=")[2].encode()
    parts = [part.split(b"\r\n") for part in request.get_data().split(b"--" + boundary)[1:-1]]
    assert [(told.split(b"; ", 1)[1], kind[14:], data) for _, told, kind, _, data, _ in parts] == [
        (b'name="file"; filename="a.png"', b"image/png", b"\x89PNG"),
        (b'name="image"; filename="i"', b"image/png", b"I"),
        (b'name="coded"', b"text/plain", b"aGk="),
        (b'name="files"; filename="1"', b"application/octet-stream", b"1"),
        (b'name="files"; filename="2"', b"text/x", b"2"),
        (b'name="meta"', b"application/vnd.meta+json", b'{"a":"1"}'),
        (b'name="xml"', b"application/xml", b"<a/>"),
        (b'name="csv"', b"text/plain", b"p,q"),
        (b'name="flag"', b"text/plain", b"true"),
        (b'name="at"', b"text/plain", b"2026-01-02T03:04:05.000Z"),
        (b'name="number"', b"text/plain", b"5"),
    ]


@pytest.mark.parametrize(
    ("method", "body", "content", "kind"),
    [
        ("raw", file(b"PNG"), b"PNG", "image/png"),
        ("raw_binary", file(b"GIF", "a", "image/gif"), b"GIF", "image/gif"),
        ("text", "hé", "hé".encode(), "text/plain"),
        ("xml", file(b"<a/>"), b"<a/>", "application/xml"),
        ("any_", Of("AnyRequest", a="1"), b'{"a":"1"}', "application/json"),
        (
            "json",
            Of("JsonRequest", at=AT, either=DAY, list_=["a", None], map_=Of("Map", a=True)),
            b'{"at":"2026-01-02T03:04:05.000Z","either":"2026-01-02","list":["a",null],"map":{"a":true}}',
            "application/json",
        ),
    ],
)
def test_in_a_body(call: Any, method: str, body: Any, content: bytes, kind: str) -> None:
    replies = {"text": (b"true", "text/plain"), "json": (b"{}", "application/json")}
    reply = replies.get(method, (b'{"a": "1"}', "application/json"))
    _, request = call(method, body=body, reply=reply)
    assert (request.get_data(), request.content_type) == (content, kind)


@pytest.mark.parametrize(
    ("method", "reply", "found"),
    [
        ("date", (b"2026-01-02\n", "text/plain"), DAY),
        ("count", (b"5\n", "text/plain"), 5),
        ("note", (b"h\xe9", 'text/plain; charset="ISO-8859-1"'), "hé"),
        ("note", (b"h\xc3\xa9\n", "text/plain"), "hé\n"),
        ("note", (b"caf\xe9", "text/plain; charset=punycode"), "caf\ufffd"),
    ],
)
def test_out_of_a_text(call: Any, method: str, reply: tuple[bytes, str], found: Any) -> None:
    answer, _ = call(method, reply=reply)
    assert answer == found


@pytest.mark.parametrize(("method", "content"), [("date", b"soon"), ("count", b"many")])
def test_a_text_that_stands_for_nothing_is_an_error(call: Any, method: str, content: bytes) -> None:
    with pytest.raises(DecodeError, match=content.decode()):
        call(method, reply=(content, "text/plain"))


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_what_is_no_number_of_json_is_refused_everywhere(call: Any, value: float) -> None:
    members: list[tuple[str, dict[str, Any]]] = [
        ("json", {"amount": value}),
        ("json", {"amount": value, "list_": [None]}),
        ("query", {"amount": value}),
        ("form", {"amount": value}),
    ]
    for method, arguments in members:
        with pytest.raises(ConfigurationError, match="cannot be sent"):
            call(method, **arguments)


@pytest.mark.parametrize(
    ("method", "arguments"),
    [
        ("json", {"body": Of("JsonRequest", at=AT.replace(tzinfo=None))}),
        ("json", {"body": Of("JsonRequest", either=AT.replace(tzinfo=None))}),
        ("form", {"body": Of("FormRequest", at=AT.replace(tzinfo=None))}),
        ("query", {"filter_": Of("Filter", from_=AT.replace(tzinfo=None))}),
        ("query", {"at": AT.replace(tzinfo=None)}),
    ],
)
def test_a_moment_without_a_time_zone_is_sent_nowhere(
    call: Any, method: str, arguments: dict[str, Any]
) -> None:
    with pytest.raises(ConfigurationError, match="must have a time zone"):
        call(method, **arguments)
