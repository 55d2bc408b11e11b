"""What the methods of generated clients send, and make of what comes back."""

from __future__ import annotations

import asyncio
import copy
import datetime as dt
import inspect
import io
import pickle
import re
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from werkzeug import Request, Response

from callrecords_runtime.errors import (
    ConfigurationError,
    DecodeError,
    NotFound,
    RequestError,
    ServerError,
    StatusError,
)
from callrecords_runtime.types import UNSET, File

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pytest_httpserver import HTTPServer

PART = {"id": "1", "made_at": "2024-01-01T00:00:00.000Z"}
MADE_AT = dt.datetime(2024, 1, 1, tzinfo=dt.UTC)
SECRETS = ("s3cr3t-key", "s3cr3t-word")


@pytest.fixture(params=["blocking", "awaited"])
def call(
    request: pytest.FixtureRequest, module: Callable[[str], Any], httpserver: HTTPServer
) -> Callable[..., Any]:
    """Calls a method for its whole answer, plainly or awaited: the same must come out."""

    given: Any = {
        "api_key": "s3cr3t-key",
        "api_secret": "s3cr3t-word",
        "base_url": httpserver.url_for("/v1"),
        "max_retries": 0,
    }

    def blocking(method: str, *args: Any, **kwargs: Any) -> Any:
        with module("client").Showcase(**given) as asking:
            return getattr(asking.with_response, method)(*args, **kwargs)

    def awaited(method: str, *args: Any, **kwargs: Any) -> Any:
        async def run() -> Any:
            async with module("client").AsyncShowcase(**given) as asking:
                return await getattr(asking.with_response, method)(*args, **kwargs)

        return asyncio.run(run())

    return blocking if request.param == "blocking" else awaited


@pytest.fixture
def requests(httpserver: HTTPServer) -> list[Request]:
    """The requests that reached the server, which answers each as its operation documents."""
    seen: list[Request] = []

    def answer(request: Request) -> Response:
        request.get_data()
        seen.append(request)
        if request.path.startswith("/v1/things"):
            return Response(b'{"id": "1", "made_at": "2024-01-01T00:00:00.000Z"}')
        return Response(status=204)

    httpserver.expect_request(re.compile(".*")).respond_with_handler(answer)
    return seen


@pytest.mark.usefixtures("requests")
def test_the_body_comes_back_as_a_model_with_the_whole_answer_around_it(
    call: Callable[..., Any], models: Any
) -> None:
    answer = call("get_part", "a", 1)
    assert answer.parsed == answer.body == models.Part.from_dict(PART)
    assert answer.response.status == 200
    assert answer.response.content == b'{"id": "1", "made_at": "2024-01-01T00:00:00.000Z"}'
    assert answer.response.headers["content-length"] == "50"


@pytest.mark.usefixtures("requests")
def test_a_method_returns_the_model_alone(client: Any, async_client: Any, models: Any) -> None:
    with client:
        assert client.get_part("a", 1) == models.Part.from_dict(PART)

    async def run() -> Any:
        async with async_client:
            return await async_client.get_part("a", 1)

    assert asyncio.run(run()) == models.Part.from_dict(PART)


def test_the_keys_go_out_in_their_headers(
    call: Callable[..., Any], requests: list[Request]
) -> None:
    call("get_part", "a", 1)
    assert requests[0].headers["X-API-KEY"] == "s3cr3t-key"
    assert requests[0].headers["X-API-SECRET"] == "s3cr3t-word"
    assert requests[0].headers["User-Agent"] == "callrecords-showcase/1.2.3"


def test_where_anybody_may_ask_no_key_is_needed(
    module: Callable[[str], Any], httpserver: HTTPServer
) -> None:
    httpserver.expect_request("/v1/upload", method="PUT").respond_with_data(b"\0")
    httpserver.expect_request("/v1/text").respond_with_data("text")
    with module("client").Showcase(base_url=httpserver.url_for("/v1")) as client:
        assert client.upload(file=File(io.BytesIO(b"\0"))).payload.read() == b"\0"
        with pytest.raises(ConfigurationError, match="get_text needs api_key and api_secret"):
            client.get_text()


def test_parameters_go_where_the_definition_says(
    call: Callable[..., Any], models: Any, requests: list[Request]
) -> None:
    call(
        "get_part",
        "a",
        part=1,
        kind=models.Color.DARK_GREEN,
        since=MADE_AT,
        deep=True,
        ids=["x", "y"],
        params_="p",
        x_trace="t",
        x_verbose=False,
        session="s p;ce",
    )
    assert requests[0].path == "/v1/things/a/parts/1"
    assert requests[0].args.to_dict(flat=False) == {
        "kind": ["dark-green"],
        "since": ["2024-01-01T00:00:00.000Z"],
        "deep": ["true"],
        "ids": ["x", "y"],
        "params": ["p"],
    }
    assert requests[0].headers["X-Trace"] == "t"
    assert requests[0].headers["X-Verbose"] == "false"
    assert requests[0].headers["Cookie"] == "session=s%20p%3Bce"


def test_options_go_beside_the_parameters(
    call: Callable[..., Any], requests: list[Request]
) -> None:
    call("get_part", "a", 1, params_="p", params={"more": "1"}, headers={"X-Mine": "2"})
    assert requests[0].args.to_dict() == {"params": "p", "more": "1"}
    assert requests[0].headers["X-Mine"] == "2"


@pytest.mark.parametrize("given", [{}, {"kind": None, "x_trace": None, "session": None}])
def test_parameters_that_are_not_given_are_not_sent(
    call: Callable[..., Any], requests: list[Request], given: dict[str, None]
) -> None:
    call("get_part", "a", 1, **given)
    assert requests[0].query_string == b""
    assert "X-Trace" not in requests[0].headers
    assert "Cookie" not in requests[0].headers


@pytest.mark.parametrize(
    ("value", "sent"),
    [
        ("a/b", "a%2Fb"),
        ("../../admin", "..%2F..%2Fadmin"),
        ("a?b=c#d", "a%3Fb%3Dc%23d"),
        ("a b+c", "a%20b%2Bc"),
        ("%2e%2e", "%252e%252e"),
        ("é", "%C3%A9"),
        ("...", "..."),
        ("{part}", "%7Bpart%7D"),
    ],
)
def test_a_path_parameter_is_one_encoded_segment(
    call: Callable[..., Any], requests: list[Request], value: str, sent: str
) -> None:
    call("get_part", value, 1)
    assert requests[0].environ["REQUEST_URI"] == f"/v1/things/{sent}/parts/1"


def test_a_list_that_is_not_exploded_is_one_parameter(
    call: Callable[..., Any], requests: list[Request]
) -> None:
    call(
        "get_joined",
        kinds=["red", "another"],
        days=[dt.date(2026, 1, 31), dt.date(2026, 2, 1)],
        flags=[True, False],
        names=["x y", "ü&"],
        depth=3,
    )
    assert requests[0].args.to_dict(flat=False) == {
        "kinds": ["red,another"],
        "days": ["2026-01-31,2026-02-01"],
        "flags": ["true,false"],
        "names": ["x y,ü&"],
        "depth": ["3"],
    }


def test_a_list_without_values_is_not_sent(
    call: Callable[..., Any], requests: list[Request]
) -> None:
    call("get_joined", names=[])
    assert not requests[0].query_string


@pytest.mark.parametrize(
    ("method", "arguments", "problem"),
    [
        ("get_joined", {"names": ["a", "b,c"]}, "names .*'b,c'"),
        ("get_joined", {"names": "abc"}, r"names must be list\[str\], not 'abc'"),
        ("get_part", {"thing_id": "", "part": 1}, "thing_id"),
        ("get_part", {"thing_id": ".", "part": 1}, "thing_id"),
        ("get_part", {"thing_id": "..", "part": 1}, "thing_id"),
        ("get_part", {"thing_id": "a", "part": "1"}, "part must be int, not '1'"),
        ("get_part", {"thing_id": "a", "part": 1, "since": dt.datetime(2024, 1, 1)}, "time zone"),  # noqa: DTZ001
        ("get_part", {"thing_id": "a", "part": 1, "sincee": 1}, "did you mean 'since'"),
        ("put_bytes", {"body": b"\0"}, "body must be"),
        ("create_part", {"body": PART}, r"Part\.from_dict\(\) makes one of a dictionary"),
        ("create_part", {"children": [PART]}, r"Part\.from_dict\(\) makes one"),
        ("upload", {"file": b"\0"}, "file must be"),
        ("upload", {"note": "a"}, "file"),
    ],
)
def test_what_cannot_be_sent_is_refused(
    call: Callable[..., Any],
    requests: list[Request],
    method: str,
    arguments: dict[str, Any],
    problem: str,
) -> None:
    with pytest.raises(ConfigurationError, match=problem):
        call(method, **arguments)
    assert not requests


def test_the_members_of_a_body_are_arguments(
    call: Callable[..., Any], models: Any, httpserver: HTTPServer
) -> None:
    body = {**PART, "note": None, "color": "red", "children": [PART]}
    httpserver.expect_request(
        "/v1/parts", method="POST", json=body, headers={"Content-Type": "application/json"}
    ).respond_with_data(status=204)
    given = {"children": [models.Part.from_dict(PART)], "color": "red", "name": None}
    answer = call("create_part", id="1", made_at=MADE_AT, note=None, owner=UNSET, **given)
    assert (answer.parsed, answer.body) == (None, None)
    assert call("create_part", body=models.Part.from_dict(body)).parsed is None


def test_a_multipart_body_is_sent_and_bytes_come_back(
    call: Callable[..., Any], models: Any, httpserver: HTTPServer
) -> None:
    received: list[dict[str, Any]] = []

    def answer(request: Request) -> Response:
        received.append(request.form.to_dict())
        return Response(request.files["file"].read())

    httpserver.expect_request("/v1/upload", method="PUT").respond_with_handler(answer)
    file = File(io.BytesIO(b"\0\1"), "x.bin")
    assert call("upload", file=file, note="hello", color="red").parsed.payload.read() == b"\0\1"
    body = models.Upload(file=File(io.BytesIO(b"\2")), note="hello", color=models.Color.RED)
    assert call("upload", body=body).parsed.payload.read() == b"\2"
    assert received == [{"note": "hello", "color": "red"}] * 2


@pytest.mark.parametrize(
    ("given", "name"),
    [(None, "tom.png"), ("cat.gif", "cat.gif")],
    ids=["that of the payload", "its own"],
)
def test_a_file_is_sent_with_a_name(
    models: Any, tmp_path: Path, given: str | None, name: str
) -> None:
    (tmp_path / "tom.png").write_bytes(b"\0\1")
    with (tmp_path / "tom.png").open("rb") as opened:
        body = models.Upload(file=File(opened, given))
        sent = httpx.Request("PUT", "https://a.example", files=body.to_multipart()).read()
    assert f'name="file"; filename="{name}"\r\n'.encode() in sent
    assert f"Content-Type: image/{name[-3:]}\r\n".encode() in sent


def test_a_payload_without_a_name_is_sent_as_an_upload(models: Any) -> None:
    body = models.Upload(file=File(io.BytesIO(b"\0\1")))
    sent = httpx.Request("PUT", "https://a.example", files=body.to_multipart()).read()
    assert b'name="file"; filename="upload"\r\nContent-Type: application/octet-stream' in sent


@pytest.mark.parametrize(
    "payload", [b"\0\1", "tom.png", io.StringIO("text")], ids=["bytes", "a path", "a text file"]
)
def test_a_file_is_made_of_what_bytes_can_be_read_from(payload: Any) -> None:
    with pytest.raises(TypeError, match=r"opened in binary mode or io.BytesIO\(.*\), not "):
        File(payload)


def test_a_binary_body_is_sent(call: Callable[..., Any], requests: list[Request]) -> None:
    call("put_bytes", body=File(io.BytesIO(b"\0\1")))
    assert requests[0].get_data() == b"\0\1"
    assert requests[0].headers["Content-Type"] == "application/octet-stream"


def test_text_comes_back_as_text_for_any_success_of_a_range(
    call: Callable[..., Any], httpserver: HTTPServer
) -> None:
    httpserver.expect_request("/v1/text").respond_with_data("héllo", status=206)
    assert call("get_text").parsed == "héllo"


def test_a_default_response_stands_for_success_when_nothing_else_does(
    call: Callable[..., Any], models: Any, httpserver: HTTPServer
) -> None:
    httpserver.expect_request("/v1/anything").respond_with_json([PART])
    assert call("get_anything").parsed == [models.Part.from_dict(PART)]


@pytest.mark.parametrize("status", [302, 400, 418, 500, 520, 599, 600, 999])
def test_a_status_that_is_no_success_raises_whatever_its_number(
    call: Callable[..., Any], httpserver: HTTPServer, status: int
) -> None:
    httpserver.expect_request("/v1/things/a/parts/1").respond_with_data(
        "<html>", status=status, headers={"X-Id": "7"}
    )
    with pytest.raises(StatusError) as caught:
        call("get_part", "a", 1)
    assert caught.value.status == status
    assert caught.value.response.headers["X-Id"] == "7"
    assert caught.value.response.content == b"<html>"


def test_an_error_tells_what_the_provider_says(
    call: Callable[..., Any], httpserver: HTTPServer
) -> None:
    httpserver.expect_request("/v1/things/a/parts/1").respond_with_json(
        {"message": "no such part"}, status=404
    )
    with pytest.raises(NotFound) as caught:
        call("get_part", "a", 1)
    assert str(caught.value) == "showcase get_part: 404: no such part"


UNREADABLE = ["", "<html>", "null", "5", "[]", '"text"', "\x00", "NaN", '{"id": "1"', '{"id": "1"}']
UNFIT = ['{"id": "1", "made_at": 5}', '{"id": "1", "made_at": "soon"}']


@pytest.mark.parametrize("body", [*UNREADABLE, *UNFIT])
def test_a_success_that_cannot_be_read_raises_a_decode_error(
    call: Callable[..., Any], httpserver: HTTPServer, body: str
) -> None:
    httpserver.expect_request("/v1/things/a/parts/1").respond_with_data(body)
    with pytest.raises(DecodeError) as caught:
        call("get_part", "a", 1)
    assert caught.value.response.content == body.encode()


def test_a_text_that_was_cut_inside_an_emoji_is_still_read(
    call: Callable[..., Any], httpserver: HTTPServer
) -> None:
    body = r'{"id": "cut \ud83d", "made_at": "2024-01-01T00:00:00.000Z"}'
    httpserver.expect_request("/v1/things/a/parts/1").respond_with_data(body)
    assert call("get_part", "a", 1).parsed.id == "cut \ud83d"


def test_an_identifier_with_a_line_break_adds_no_line_to_a_message(
    call: Callable[..., Any], httpserver: HTTPServer
) -> None:
    httpserver.expect_request(re.compile(".*")).respond_with_data(status=500)
    with pytest.raises(ServerError) as caught:
        call("get_part", "x\nroot: all is well", 1)
    assert "\n" not in str(caught.value)


def test_a_long_body_is_cut_in_the_message_and_whole_in_the_error(
    call: Callable[..., Any], httpserver: HTTPServer
) -> None:
    httpserver.expect_request("/v1/things/a/parts/1").respond_with_data("x" * 9999, status=500)
    with pytest.raises(ServerError) as caught:
        call("get_part", "a", 1)
    assert len(str(caught.value)) < 500
    assert "… (9999 bytes)" in str(caught.value)
    assert len(caught.value.response.content) == 9999


@pytest.mark.parametrize("status", [404, 500, 200])
def test_errors_survive_pickling_and_show_no_secret(
    call: Callable[..., Any], httpserver: HTTPServer, status: int
) -> None:
    httpserver.expect_request("/v1/things/a/parts/1").respond_with_json(
        {"message": "no"}, status=status
    )
    with pytest.raises(RequestError) as caught:
        call("get_part", "a", 1)
    error = caught.value
    again = pickle.loads(pickle.dumps(error))  # noqa: S301
    assert (type(again), str(again), again.response.status) == (type(error), str(error), status)
    assert again.response.headers["content-type"] == "application/json"
    for secret in SECRETS:
        assert secret not in f"{error} {error!r}"
        assert secret.encode() not in pickle.dumps(error)


def test_redirects_are_not_followed(call: Callable[..., Any], httpserver: HTTPServer) -> None:
    httpserver.expect_request("/v1/things/a/parts/1").respond_with_data(
        status=302, headers={"Location": httpserver.url_for("/elsewhere")}
    )
    with pytest.raises(StatusError, match="302"):
        call("get_part", "a", 1)
    assert [entry.path for entry, _ in httpserver.log] == ["/v1/things/a/parts/1"]


@pytest.mark.parametrize("kind", ["Showcase", "AsyncShowcase"])
def test_a_client_shows_no_secret_and_is_not_copied_with_any(
    module: Callable[[str], Any], kind: str
) -> None:
    client = getattr(module("client"), kind)(
        api_key=SECRETS[0], api_secret=SECRETS[1], base_url="http://localhost/v1"
    )
    assert repr(client) == f"{kind}(base_url='http://localhost/v1')"
    for copied in (pickle.dumps, copy.copy):
        with pytest.raises(TypeError, match="credentials"):
            copied(client)


@pytest.mark.parametrize("secret", ["", "s3cr3t\n", " s3cr3t", "s3cr3t-ü", "s3\x00cr3t"])
def test_a_credential_that_cannot_be_sent_is_refused_without_being_shown(
    module: Callable[[str], Any], secret: str
) -> None:
    with pytest.raises(ConfigurationError, match="api_key") as caught:
        module("client").Showcase(api_key=secret, api_secret="s", base_url="http://localhost")
    assert not secret or secret.strip() not in str(caught.value)


@pytest.mark.parametrize(
    "tenant",
    ["evil.com/", "evil.com#", "a@b", "a.b", "a b", "-a", "a-", "a\n", "é", "{tenant}", "a:1"],
)
def test_a_part_of_the_host_name_that_could_move_the_request_is_refused(
    module: Callable[[str], Any], tenant: str
) -> None:
    with pytest.raises(ConfigurationError, match="tenant must be"):
        module("client").Showcase(api_key="k", api_secret="s", tenant=tenant)


def test_a_part_of_the_host_name_completes_the_address(
    module: Callable[[str], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    show = module("client").Showcase
    assert "https://acme-1.example.com/v1" in repr(show(tenant="acme-1"))
    with pytest.raises(ConfigurationError, match="tenant is missing"):
        show(api_key="k", api_secret="s")
    monkeypatch.setenv("SHOWCASE_TENANT", "acme-2")
    assert "https://acme-2.example.com/v1" in repr(show())


def test_a_client_of_ones_own_is_sent_through(module: Callable[[str], Any], models: Any) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        assert request.url.path == "/v1/things/a/parts/1"
        return httpx.Response(200, json=PART)

    own = httpx.Client(transport=httpx.MockTransport(answer))
    client = module("client").Showcase(api_key="k", api_secret="s", tenant="t", http_client=own)
    assert client.get_part("a", 1) == models.Part.from_dict(PART)


def test_blocking_and_awaited_methods_are_the_same(module: Callable[[str], Any]) -> None:
    package = module("client")
    pairs = [
        (package.Showcase, package.AsyncShowcase),
        (package.ShowcaseWithResponse, package.AsyncShowcaseWithResponse),
    ]
    for blocking, awaited in pairs:
        names = [name for name in vars(blocking) if inspect.isfunction(getattr(blocking, name))]
        assert [name for name in vars(awaited) if name in names] == names
        for name in set(names) - {"__init__"}:
            one, other = getattr(blocking, name), getattr(awaited, name)
            assert inspect.signature(one) == inspect.signature(other)
            assert inspect.iscoroutinefunction(other)
    assert package.Showcase.get_part.__doc__ == package.AsyncShowcase.get_part.__doc__
