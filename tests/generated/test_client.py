"""What the generated functions and their client send, and make of what comes back."""

from __future__ import annotations

import asyncio
import contextlib
import copy
import datetime as dt
import io
import pickle
import re
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from werkzeug import Request, Response

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pytest_httpserver import HTTPServer

PART = {"id": "1", "made_at": "2024-01-01T00:00:00.000Z"}
SECRETS = ("s3cr3t-key", "s3cr3t-word")


@pytest.fixture(params=["sync", "async"])
def call(request: pytest.FixtureRequest, module: Any, client: Any) -> Callable[..., Any]:
    """Calls a generated function by tag and name, plainly or awaited: the same must come out."""

    def sync(operation: str, *args: Any, **kwargs: Any) -> Any:
        with client:
            return module(f"api.{operation}").sync_detailed(*args, client=client, **kwargs)

    def awaited(operation: str, *args: Any, **kwargs: Any) -> Any:
        async def run() -> Any:
            async with client:
                function = module(f"api.{operation}").asyncio_detailed
                return await function(*args, client=client, **kwargs)

        return asyncio.run(run())

    return sync if request.param == "sync" else awaited


@pytest.fixture
def requests(httpserver: HTTPServer) -> list[Request]:
    """The requests that reached the server, which answers each of them with a part."""
    seen: list[Request] = []

    def answer(request: Request) -> Response:
        request.get_data()
        seen.append(request)
        return Response(b'{"id": "1", "made_at": "2024-01-01T00:00:00.000Z"}')

    httpserver.expect_request(re.compile(".*")).respond_with_handler(answer)
    return seen


@pytest.mark.usefixtures("requests")
def test_the_body_comes_back_as_a_model_with_the_whole_answer_around_it(
    call: Callable[..., Any], models: Any
) -> None:
    response = call("things.get_part", "a", 1)
    assert response.status_code == 200
    assert response.parsed == models.Part.from_dict(PART)
    assert response.content == b'{"id": "1", "made_at": "2024-01-01T00:00:00.000Z"}'
    assert response.headers["content-length"] == "50"


@pytest.mark.usefixtures("requests")
def test_sync_and_asyncio_return_the_model_alone(module: Any, client: Any, models: Any) -> None:
    get_part = module("api.things.get_part")
    with client:
        assert get_part.sync("a", 1, client=client) == models.Part.from_dict(PART)

    async def run() -> Any:
        async with client:
            return await get_part.asyncio("a", 1, client=client)

    assert asyncio.run(run()) == models.Part.from_dict(PART)


def test_the_keys_go_out_in_their_headers(
    call: Callable[..., Any], requests: list[Request]
) -> None:
    call("things.get_part", "a", 1)
    assert requests[0].headers["X-API-KEY"] == "s3cr3t-key"
    assert requests[0].headers["X-API-SECRET"] == "s3cr3t-word"
    assert requests[0].headers["User-Agent"] == "callrecords-showcase/1.2.3"


def test_parameters_go_where_the_definition_says(
    call: Callable[..., Any], models: Any, requests: list[Request]
) -> None:
    call(
        "things.get_part",
        "a",
        1,
        kind=models.Color.DARK_GREEN,
        since=dt.datetime(2024, 1, 1, tzinfo=dt.UTC),
        deep=True,
        ids=["x", "y"],
        params="p",
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


def test_parameters_that_are_not_given_are_not_sent(
    call: Callable[..., Any], requests: list[Request]
) -> None:
    call("things.get_part", "a", 1)
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
    call("things.get_part", value, 1)
    assert requests[0].environ["REQUEST_URI"] == f"/v1/things/{sent}/parts/1"


def test_a_list_that_is_not_exploded_is_one_parameter(
    call: Callable[..., Any], module: Any, models: Any, requests: list[Request]
) -> None:
    with contextlib.suppress(module().StatusError):
        call(
            "things.get_joined",
            kinds=[models.Color("red"), models.Color("another")],
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
    call: Callable[..., Any], module: Any, requests: list[Request]
) -> None:
    with contextlib.suppress(module().StatusError):
        call("things.get_joined", names=[])
    assert not requests[0].query_string


@pytest.mark.parametrize(
    ("names", "error", "problem"),
    [
        (["a", "b,c"], ValueError, "names must not hold 'b,c': commas separate its values"),
        ("abc", TypeError, r"names is a list; expected \['abc'\]"),
    ],
)
def test_a_list_that_would_be_read_as_another_is_refused(
    call: Callable[..., Any],
    requests: list[Request],
    names: object,
    error: type[Exception],
    problem: str,
) -> None:
    with pytest.raises(error, match=problem):
        call("things.get_joined", names=names)
    assert not requests


@pytest.mark.parametrize("value", ["", ".", ".."])
def test_a_path_parameter_that_would_name_another_path_is_refused(
    call: Callable[..., Any], requests: list[Request], value: str
) -> None:
    with pytest.raises(ValueError, match="thing_id"):
        call("things.get_part", value, 1)
    assert not requests


def test_a_json_body_is_sent(call: Callable[..., Any], models: Any, httpserver: HTTPServer) -> None:
    httpserver.expect_request(
        "/v1/parts", method="POST", json=PART, headers={"Content-Type": "application/json"}
    ).respond_with_data(status=204)
    assert call("things.create_part", body=models.Part.from_dict(PART)).parsed is None


def test_a_multipart_body_is_sent_and_bytes_come_back(
    call: Callable[..., Any], module: Any, models: Any, httpserver: HTTPServer
) -> None:
    received: dict[str, Any] = {}

    def answer(request: Request) -> Response:
        received.update(request.form)
        return Response(request.files["file"].read())

    httpserver.expect_request("/v1/upload", method="PUT").respond_with_handler(answer)
    file = module("types").File(io.BytesIO(b"\0\1"), "x.bin")
    body = models.Upload(file=file, note="hello", color=models.Color.RED)
    response = call("files.upload", body=body)
    assert response.parsed.payload.read() == b"\0\1"
    assert received == {"note": "hello", "color": "red"}


@pytest.mark.parametrize(
    ("given", "name"),
    [(None, "tom.png"), ("cat.gif", "cat.gif")],
    ids=["that of the payload", "its own"],
)
def test_a_file_is_sent_with_a_name(
    module: Any, models: Any, tmp_path: Path, given: str | None, name: str
) -> None:
    (tmp_path / "tom.png").write_bytes(b"\0\1")
    with (tmp_path / "tom.png").open("rb") as opened:
        body = models.Upload(file=module("types").File(opened, given))
        sent = httpx.Request("PUT", "https://a.example", files=body.to_multipart()).read()
    assert f'name="file"; filename="{name}"\r\n'.encode() in sent
    assert f"Content-Type: image/{name[-3:]}\r\n".encode() in sent


def test_a_payload_without_a_name_is_sent_as_an_upload(module: Any, models: Any) -> None:
    body = models.Upload(file=module("types").File(io.BytesIO(b"\0\1")))
    sent = httpx.Request("PUT", "https://a.example", files=body.to_multipart()).read()
    assert b'name="file"; filename="upload"\r\nContent-Type: application/octet-stream' in sent


@pytest.mark.parametrize("operation", ["upload", "put_bytes"])
@pytest.mark.parametrize("value", [b"\0\1", "tom.png", io.BytesIO(b"\0\1"), None])
def test_what_is_no_file_is_not_sent(
    call: Callable[..., Any], models: Any, requests: list[Request], operation: str, value: object
) -> None:
    body = models.Upload(file=value) if operation == "upload" else value
    with pytest.raises(TypeError, match=rf"expected a File\(.*, not {type(value).__name__}$"):
        call(f"files.{operation}", body=body)
    assert not requests


@pytest.mark.parametrize(
    "payload", [b"\0\1", "tom.png", io.StringIO("text")], ids=["bytes", "a path", "a text file"]
)
def test_a_file_is_made_of_what_bytes_can_be_read_from(module: Any, payload: object) -> None:
    with pytest.raises(TypeError, match=r"opened in binary mode or io.BytesIO\(.*\), not "):
        module("types").File(payload)


def test_a_binary_body_is_sent(
    call: Callable[..., Any], module: Any, requests: list[Request]
) -> None:
    with contextlib.suppress(module().StatusError):
        call("files.put_bytes", body=module("types").File(io.BytesIO(b"\0\1")))
    assert requests[0].get_data() == b"\0\1"
    assert requests[0].headers["Content-Type"] == "application/octet-stream"


def test_text_comes_back_as_text_for_any_success_of_a_range(
    call: Callable[..., Any], httpserver: HTTPServer
) -> None:
    httpserver.expect_request("/v1/text").respond_with_data("héllo", status=206)
    assert call("files.get_text").parsed == "héllo"


def test_a_default_response_stands_for_success_when_nothing_else_does(
    call: Callable[..., Any], models: Any, httpserver: HTTPServer
) -> None:
    httpserver.expect_request("/v1/anything").respond_with_json([PART])
    assert call("files.get_anything").parsed == [models.Part.from_dict(PART)]


@pytest.mark.parametrize("status", [201, 204, 302, 400, 418, 500, 520, 599, 600, 999])
def test_an_undocumented_status_raises_whatever_its_number(
    call: Callable[..., Any], module: Any, httpserver: HTTPServer, status: int
) -> None:
    httpserver.expect_request("/v1/things/a/parts/1").respond_with_data(
        "<html>", status=status, headers={"X-Id": "7"}
    )
    with pytest.raises(module("errors").UnexpectedStatus) as caught:
        call("things.get_part", "a", 1)
    assert caught.value.status_code == status
    assert caught.value.headers["X-Id"] == "7"
    assert caught.value.content == (b"" if status == 204 else b"<html>")
    assert caught.value.parsed is None


def test_a_documented_error_raises_with_its_body_as_a_model(
    call: Callable[..., Any], module: Any, models: Any, httpserver: HTTPServer
) -> None:
    httpserver.expect_request("/v1/things/a/parts/1").respond_with_json(
        {"message": "no such part"}, status=404
    )
    with pytest.raises(module("errors").StatusError) as caught:
        call("things.get_part", "a", 1)
    assert not isinstance(caught.value, module("errors").UnexpectedStatus)
    assert caught.value.parsed == models.Problem(message="no such part")
    assert str(caught.value) == (
        'GET /v1/things/a/parts/1 answered 404: { "message": "no such part" }'
    )


@pytest.mark.parametrize("body", ["", "<html>", "[]", '{"other": 1}'])
def test_a_documented_error_with_another_body_still_raises_as_that_status(
    call: Callable[..., Any], module: Any, httpserver: HTTPServer, body: str
) -> None:
    httpserver.expect_request("/v1/things/a/parts/1").respond_with_data(body, status=404)
    with pytest.raises(module("errors").StatusError) as caught:
        call("things.get_part", "a", 1)
    assert caught.value.status_code == 404
    assert caught.value.parsed is None


def test_a_documented_error_without_a_body_raises(
    call: Callable[..., Any], module: Any, httpserver: HTTPServer
) -> None:
    httpserver.expect_request("/v1/things/a/parts/1").respond_with_data(status=410)
    with pytest.raises(module("errors").StatusError, match="answered 410: no body"):
        call("things.get_part", "a", 1)


def test_a_default_response_is_the_body_of_every_other_error(
    call: Callable[..., Any], module: Any, models: Any, httpserver: HTTPServer
) -> None:
    httpserver.expect_request("/v1/parts").respond_with_json({"message": "busy"}, status=503)
    with pytest.raises(module("errors").StatusError) as caught:
        call("things.create_part", body=models.Part.from_dict(PART))
    assert caught.value.parsed == models.Problem(message="busy")


UNREADABLE = ["", "<html>", "null", "5", "[]", '"text"', "\x00", "NaN", '{"id": "1"', '{"id": "1"}']
UNFIT = ['{"id": "1", "made_at": 5}', '{"id": "1", "made_at": "soon"}']


@pytest.mark.parametrize("body", [*UNREADABLE, *UNFIT])
def test_a_success_that_cannot_be_read_raises_a_decode_error(
    call: Callable[..., Any], module: Any, httpserver: HTTPServer, body: str
) -> None:
    httpserver.expect_request("/v1/things/a/parts/1").respond_with_data(body)
    with pytest.raises(module("errors").DecodeError) as caught:
        call("things.get_part", "a", 1)
    assert caught.value.content == body.encode()
    assert caught.value.reason


def test_a_text_that_was_cut_inside_an_emoji_is_still_read(
    call: Callable[..., Any], httpserver: HTTPServer
) -> None:
    body = r'{"id": "cut \ud83d", "made_at": "2024-01-01T00:00:00.000Z"}'
    httpserver.expect_request("/v1/things/a/parts/1").respond_with_data(body)
    assert call("things.get_part", "a", 1).parsed.id == "cut \ud83d"


def test_an_identifier_with_a_line_break_adds_no_line_to_a_message(
    call: Callable[..., Any], module: Any, httpserver: HTTPServer
) -> None:
    httpserver.expect_request(re.compile(".*")).respond_with_data(status=500)
    with pytest.raises(module("errors").StatusError) as caught:
        call("things.get_part", "x\nroot: all is well", 1)
    assert "\n" not in str(caught.value)


def test_a_long_body_is_cut_in_the_message_and_whole_in_the_error(
    call: Callable[..., Any], module: Any, httpserver: HTTPServer
) -> None:
    httpserver.expect_request("/v1/things/a/parts/1").respond_with_data("x" * 9999, status=500)
    with pytest.raises(module("errors").StatusError) as caught:
        call("things.get_part", "a", 1)
    assert len(str(caught.value)) < 500
    assert str(caught.value).endswith("… (9999 bytes)")
    assert len(caught.value.content) == 9999


@pytest.mark.parametrize("status", [404, 500, 200])
def test_errors_survive_pickling_and_show_no_secret(
    call: Callable[..., Any], module: Any, httpserver: HTTPServer, status: int
) -> None:
    httpserver.expect_request("/v1/things/a/parts/1").respond_with_json(
        {"message": "no"}, status=status
    )
    with pytest.raises(module("errors").ApiError) as caught:
        call("things.get_part", "a", 1)
    error = caught.value
    again = pickle.loads(pickle.dumps(error))  # noqa: S301
    assert (type(again), str(again), again.status_code) == (type(error), str(error), status)
    assert again.headers["content-type"] == "application/json"
    for secret in SECRETS:
        assert secret not in f"{error} {error!r}"
        assert secret.encode() not in pickle.dumps(error)


def test_a_decode_error_is_a_value_error(module: Any) -> None:
    assert issubclass(module("errors").DecodeError, ValueError)


def test_redirects_are_not_followed(
    call: Callable[..., Any], module: Any, httpserver: HTTPServer
) -> None:
    httpserver.expect_request("/v1/things/a/parts/1").respond_with_data(
        status=302, headers={"Location": httpserver.url_for("/elsewhere")}
    )
    with pytest.raises(module("errors").UnexpectedStatus, match="302"):
        call("things.get_part", "a", 1)
    assert [entry.path for entry, _ in httpserver.log] == ["/v1/things/a/parts/1"]


def test_a_client_shows_no_secret(client: Any) -> None:
    for secret in SECRETS:
        assert secret not in repr(client)
    assert repr(client).startswith("Client(base_url='http://localhost")


def test_a_client_is_neither_pickled_nor_copied_with_its_secrets(client: Any) -> None:
    with pytest.raises(TypeError, match="credentials"):
        pickle.dumps(client)
    with pytest.raises(TypeError, match="credentials"):
        copy.copy(client)


def test_a_changed_copy_leaves_the_original_alone(client: Any) -> None:
    original = client.get_httpx_client()
    changed = (
        client.with_headers({"X-Extra": "1"}).with_cookies({"c": "2"}).with_timeout(5.0)
    ).get_httpx_client()
    assert changed is not original
    assert changed.headers["X-Extra"] == "1"
    assert changed.headers["X-API-KEY"] == "s3cr3t-key"
    assert changed.cookies["c"] == "2"
    assert changed.timeout == httpx.Timeout(5.0)
    assert "X-Extra" not in original.headers
    assert "c" not in original.cookies
    assert original.timeout != httpx.Timeout(5.0)


def test_the_callers_headers_are_left_alone(module: Any) -> None:
    headers = {"X-Mine": "1"}
    client = module("client").Client(
        api_key="k", api_secret="s", base_url="http://localhost", headers=headers
    )
    client.get_httpx_client()
    assert headers == {"X-Mine": "1"}


def test_there_is_a_default_timeout(client: Any) -> None:
    timeout = client.get_httpx_client().timeout
    assert timeout.read is not None
    assert timeout.connect is not None


@pytest.mark.parametrize("secret", ["", "s3cr3t\n", " s3cr3t", "s3cr3t-ü", "s3\x00cr3t"])
def test_a_credential_that_cannot_be_sent_is_refused_without_being_shown(
    module: Any, secret: str
) -> None:
    with pytest.raises(ValueError, match="api_key must be") as caught:
        module("client").Client(api_key=secret, api_secret="s", base_url="http://localhost")
    assert not secret or secret.strip() not in str(caught.value)


def test_a_repr_shows_neither_user_nor_query_of_the_address(module: Any) -> None:
    client = module("client").Client(
        api_key="k", api_secret="s", base_url="https://user:s3cr3t@host/v1?token=s3cr3t"
    )
    assert repr(client) == "Client(base_url='https://host/v1')"


def test_headers_replace_each_other_whatever_their_case(client: Any) -> None:
    changed = client.with_headers({"accept": "text/plain"}).get_httpx_client()
    assert changed.headers.get_list("accept") == ["text/plain"]


def test_a_header_cannot_replace_a_credential(client: Any) -> None:
    with pytest.raises(ValueError, match="x-api-key is a credential"):
        client.with_headers({"x-api-key": "other"})


@pytest.mark.parametrize("name", ["headers", "timeout", "base_url"])
def test_httpx_arguments_cannot_replace_what_the_client_sets(module: Any, name: str) -> None:
    with pytest.raises(ValueError, match=name):
        module("client").Client(
            api_key="k", api_secret="s", base_url="http://localhost", httpx_args={name: None}
        )


def test_a_client_that_was_set_by_hand_is_not_silently_dropped_by_a_copy(client: Any) -> None:
    with httpx.Client() as own, pytest.raises(ValueError, match="set by hand"):
        client.set_httpx_client(own).with_timeout(1.0)


def test_a_missing_credential_is_refused(module: Any) -> None:
    with pytest.raises(TypeError, match="api_secret"):
        module("client").Client(api_key="k", tenant="t")


def test_a_part_of_the_host_name_completes_the_address(module: Any) -> None:
    client = module("client").Client(api_key="k", api_secret="s", tenant="acme-1")
    assert client.get_httpx_client().base_url == "https://acme-1.example.com/v1/"


@pytest.mark.parametrize(
    "tenant",
    ["evil.com/", "evil.com#", "a@b", "a.b", "", "a b", "-a", "a-", "a\n", "é", "{tenant}", "a:1"],
)
def test_a_part_of_the_host_name_that_could_move_the_request_is_refused(
    module: Any, tenant: str
) -> None:
    with pytest.raises(ValueError, match="tenant must be letters"):
        module("client").Client(api_key="k", api_secret="s", tenant=tenant)


def test_a_part_of_the_host_name_that_is_missing_is_named(module: Any) -> None:
    with pytest.raises(ValueError, match="tenant is missing"):
        module("client").Client(api_key="k", api_secret="s")


def test_a_client_of_ones_own_is_used_as_it_is(
    module: Any, client: Any, requests: list[Request], httpserver: HTTPServer
) -> None:
    with httpx.Client(base_url=httpserver.url_for("/own")) as own:
        module("api.things.get_part").sync("a", 1, client=client.set_httpx_client(own))
    assert requests[0].path == "/own/things/a/parts/1"
