"""Definitions from files, addresses and pages."""

from __future__ import annotations

import contextlib
import datetime as dt
import gzip
import hashlib
import json
import socket
import threading
import tracemalloc
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pytest
from werkzeug import Response

from codegen.files.document import parse
from codegen.files.errors import BadInputError
from codegen.providers.download import Limits
from codegen.providers.source import read

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pytest_httpserver import HTTPServer

ROOT = Path(__file__).parents[3]
DEFINITION: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {"title": "Calls", "version": "1"},
    "paths": {"/calls": {"get": {"responses": {"200": {"description": "Fine."}}}}},
}
AS_JSON = json.dumps(DEFINITION).encode()
AS_YAML = b"""\
openapi: 3.1.0
info: {title: Calls, version: '1'}
paths:
  /calls:
    get:
      responses:
        '200': {description: Fine.}
"""
PAGE = (
    b"""\
# Get Call

Fetches a call. Try `openapi: yes`.

```bash
curl https://calls.example/calls
```

## OpenAPI

````yaml get /calls
%s````
"""
    % AS_YAML
)


@pytest.fixture
def file(tmp_path: Path) -> Callable[[bytes], Path]:
    def write(content: bytes) -> Path:
        path = tmp_path / "source"
        path.write_bytes(content)
        return path

    return write


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(AS_JSON, id="JSON"),
        pytest.param(b"\n\n  " + AS_JSON, id="JSON after white space"),
        pytest.param(b"\xef\xbb\xbf" + AS_JSON, id="JSON with a byte order mark"),
        pytest.param(AS_YAML, id="YAML"),
        pytest.param(b"# A comment.\n---\n" + AS_YAML, id="YAML with a comment"),
        pytest.param(PAGE, id="Markdown"),
        pytest.param(PAGE.replace(b"\n", b"\r\n"), id="Markdown with CRLF"),
        pytest.param(b"```json\n" + AS_JSON + b"\n```\n", id="Markdown with JSON"),
        pytest.param(
            b"<Accordion>\n" + b"".join(b"  " + line for line in PAGE.splitlines(keepends=True)),
            id="indented Markdown",
        ),
    ],
)
def test_a_definition_is_found_in(content: bytes, file: Callable[[bytes], Path]) -> None:
    published = read(file(content))
    assert published.document.data == DEFINITION
    assert published.sha256 == hashlib.sha256(content).hexdigest()
    assert published.url is None


def test_a_description_may_show_a_block_of_its_own(file: Callable[[bytes], Path]) -> None:
    description = b"x-about: |\n  Write\n  ```yaml\n  openapi: 3.1.0\n  ```\n"
    assert "x-about" in cast("Any", read(file(AS_YAML + description)).document.data)


def test_the_definition_of_a_page_is_its_block_byte_for_byte_with_the_lines_of_the_page(
    file: Callable[[bytes], Path],
) -> None:
    published = read(file(PAGE))
    assert published.text == AS_YAML
    assert (
        published.document.line("/paths/~1calls") == PAGE[: PAGE.index(b"/calls:")].count(b"\n") + 2
    )
    assert (
        PAGE.splitlines()[cast("int", published.document.line("/paths/~1calls")) - 2]
        == b"  /calls:"
    )


def test_only_the_wanted_paths_are_read(file: Callable[[bytes], Path]) -> None:
    paths = {**DEFINITION["paths"], "/users": DEFINITION["paths"]["/calls"]}
    content = json.dumps({**DEFINITION, "paths": paths}).encode()
    assert read(file(content), paths=["/calls"]).document.data == DEFINITION


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty"),
        (b" \n ", "is empty"),
        (b"<!DOCTYPE html><html><p>Docs</p></html>", r"an HTML page, .*\.md at its end"),
        (b"<html><title>Sign in</title></html>", "a login page"),
        (b"<html><input type='password'></html>", "a login page"),
        (b"# Calls\n\nNothing but prose.\n", "holds no OpenAPI definition"),
        (b"```yaml\nopenapi: 3.1.0\n", "has no end; the page was cut short"),
        (b"```yaml\nopenapi: 3.1.0\n```\n\n```yaml\nopenapi: 3.0.0\n```\n", "lines 2, 6"),
        (AS_JSON[:-20], "unexpected end|EOF"),
        (b'{"message": "Not found"}', "has no `openapi`"),
        (b'{"openapi": "3.1.0"}', "has no `paths`"),
        (b"swagger: '2.0'\npaths: {}\n", "Swagger 2.0"),
        (b"openapi: 3.9.0\npaths: {}\n", "the generator reads OpenAPI 3.0, 3.1 and 3.2"),
        (b"openapi: 3.1.0\npaths: [\n", "expected"),
        ("openapi: 3.1.0\n".encode("utf-16"), "not UTF-8"),
    ],
)
def test_what_is_no_definition_is_refused(
    content: bytes, message: str, file: Callable[[bytes], Path]
) -> None:
    path = file(content)
    with pytest.raises(BadInputError, match=message) as caught:
        read(path)
    assert caught.value.file == path


def test_a_missing_file_is_named() -> None:
    with pytest.raises(BadInputError, match=r"gone\.yaml: No such file"):
        read("gone.yaml")


def test_a_file_that_is_too_large_is_refused(file: Callable[[bytes], Path]) -> None:
    with pytest.raises(BadInputError, match=r"larger than 0\.0001 MB"):
        read(file(AS_JSON + b" " * 100), limits=Limits(size=100))


@pytest.mark.parametrize(
    ("address", "message"),
    [
        ("http://calls.example/openapi.json", "is http; expected https"),
        ("ftp://calls.example/openapi.json", "is ftp; expected https"),
        ("file:///etc/hosts", "names no host"),
        ("https://me:secret@calls.example/", "a user name or a password"),
        ("https://", "names no host"),
        ("https://calls.example:port/", "is no address"),
        ("https://xn--.com/", "is no address: Malformed A-label"),
        ("https://xn--a.com/", "is no address: Codepoint"),
        ("https://\u2603\u200d.example/", "is no address: Invalid IDNA hostname"),
        ("https://me:secret@xn--.com/", "a user name or a password"),
    ],
)
def test_an_address_that_is_not_safe_is_refused(address: str, message: str) -> None:
    with pytest.raises(BadInputError, match=message) as caught:
        read(address)
    assert "secret" not in str(caught.value)


def test_a_definition_is_downloaded(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/openapi.json").respond_with_data(AS_JSON)
    address = httpserver.url_for("/openapi.json")
    seen: list[tuple[int, int | None]] = []
    published = read(address, progress=lambda *numbers: seen.append(numbers))
    assert published.document.data == DEFINITION
    assert (published.url, published.date) == (address, dt.datetime.now(dt.UTC).date())
    assert seen == [(len(AS_JSON), len(AS_JSON))]


def test_a_redirect_within_the_host_is_followed(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/old").respond_with_response(
        Response(status=302, headers={"Location": "/new#top"})
    )
    httpserver.expect_request("/new").respond_with_data(AS_YAML)
    address = httpserver.url_for("/old")
    assert read(address).url == address


@pytest.mark.parametrize(
    ("location", "message"),
    [
        ("https://elsewhere.example/openapi.json", "to another host, https://elsewhere.example/"),
        ("http://localhost:1/openapi.json", "to another host, http://localhost:1/"),
        ("/again", "redirected more than 5 times"),
        ("https://xn--.com/", "is redirected to what is no address: Malformed A-label"),
    ],
)
def test_other_redirects_are_not_followed(
    httpserver: HTTPServer, location: str, message: str
) -> None:
    httpserver.expect_request("/again").respond_with_response(
        Response(status=301, headers={"Location": location})
    )
    with pytest.raises(BadInputError, match=message):
        read(httpserver.url_for("/again"))


@pytest.mark.parametrize(
    ("status", "message"),
    [
        (401, "401 Unauthorized; it needs a login"),
        (404, "404 Not Found; if it has moved"),
        (429, "429 Too Many Requests; try again later"),
        (503, "503 Service Unavailable; try again later"),
        (204, "204 No Content; expected 200"),
    ],
)
def test_another_status_than_200_is_explained(
    httpserver: HTTPServer, status: int, message: str
) -> None:
    httpserver.expect_request("/").respond_with_data(b"", status=status)
    with pytest.raises(BadInputError, match=message):
        read(httpserver.url_for("/"))


def test_a_page_of_html_is_refused_though_the_answer_is_a_success(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/").respond_with_data(
        b"<!doctype html><html><title>Log in</title></html>", content_type="text/html"
    )
    with pytest.raises(BadInputError, match="is a login page"):
        read(httpserver.url_for("/"))


def test_what_a_server_announces_as_too_large_is_not_downloaded(httpserver: HTTPServer) -> None:
    httpserver.expect_request("/").respond_with_data(AS_JSON)
    with pytest.raises(BadInputError, match="is larger than 1e-05 MB"):
        read(httpserver.url_for("/"), limits=Limits(size=10))


def test_what_is_small_only_while_compressed_is_refused(httpserver: HTTPServer) -> None:
    body = gzip.compress(AS_JSON + b" " * 1_000_000)
    httpserver.expect_request("/").respond_with_data(body, headers={"Content-Encoding": "gzip"})
    with pytest.raises(BadInputError, match=r"is larger than 0\.1 MB"):
        read(httpserver.url_for("/"), limits=Limits(size=100_000))


def test_a_page_may_be_compressed_in_several_parts(httpserver: HTTPServer) -> None:
    body = gzip.compress(AS_JSON[:20]) + gzip.compress(AS_JSON[20:])
    httpserver.expect_request("/").respond_with_data(body, headers={"Content-Encoding": "gzip"})
    assert read(httpserver.url_for("/")).document.data == DEFINITION


def test_more_is_never_decompressed_at_a_time_than_may_be_read(
    httpserver: HTTPServer,
) -> None:
    # A hundred megabytes, of which each chunk that is received holds dozens.
    body = gzip.compress(bytes(100_000_000))
    httpserver.expect_request("/").respond_with_data(body, headers={"Content-Encoding": "gzip"})
    tracemalloc.start()
    with pytest.raises(BadInputError, match=r"is larger than 0\.1 MB"):
        read(httpserver.url_for("/"), limits=Limits(size=100_000))
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 25_000_000


@pytest.mark.parametrize("encoding", ["gzip, gzip", "gzip, identity", "br", "zstd", "deflate"])
def test_only_what_was_asked_for_is_decompressed(httpserver: HTTPServer, encoding: str) -> None:
    body = gzip.compress(gzip.compress(AS_JSON))
    httpserver.expect_request("/").respond_with_data(body, headers={"Content-Encoding": encoding})
    with pytest.raises(BadInputError, match=f"is encoded as '{encoding}'; expected gzip"):
        read(httpserver.url_for("/"))


@pytest.mark.parametrize(
    "start",
    [
        pytest.param(b"HTTP/1.1 200 OK\r\nX-About: ", id="headers"),
        pytest.param(b"HTTP/1.1 200 OK\r\n\r\n", id="a body"),
        pytest.param(
            b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n" + gzip.compress(b"{")[:15],
            id="a compressed body",
        ),
    ],
)
def test_a_server_that_never_ends_is_not_listened_to_for_ever(start: bytes) -> None:
    ended = threading.Event()

    def serve() -> None:
        connection, _ = listener.accept()
        with connection:
            connection.recv(65536)
            connection.sendall(start)
            ended.wait()

    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=serve, daemon=True).start()
        address = f"http://127.0.0.1:{listener.getsockname()[1]}/"
        with pytest.raises(BadInputError, match=r"is not read after 0\.2 seconds"):
            read(address, limits=Limits(seconds=0.2, silence=60))
        ended.set()


def test_what_drips_in_is_left_when_time_is_over() -> None:
    left = threading.Event()

    def serve() -> None:
        connection, _ = listener.accept()
        with connection:
            connection.recv(65536)
            connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
            with contextlib.suppress(OSError):
                while True:
                    connection.sendall(b"{")
        left.set()

    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=serve, daemon=True).start()
        address = f"http://127.0.0.1:{listener.getsockname()[1]}/"
        with pytest.raises(BadInputError, match=r"is not read after 0\.2 seconds"):
            read(address, limits=Limits(seconds=0.2))
        assert left.wait(timeout=30)


@pytest.fixture
def raw_server() -> Iterator[Callable[[bytes], str]]:
    """A server that answers one request with these bytes, and then hangs up."""
    listener = socket.create_server(("127.0.0.1", 0))

    def start(answer: bytes) -> str:
        def serve() -> None:
            connection, _ = listener.accept()
            with connection:
                connection.recv(65536)
                connection.sendall(answer)

        threading.Thread(target=serve, daemon=True).start()
        return f"http://127.0.0.1:{listener.getsockname()[1]}/openapi.json"

    with listener:
        yield start


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        pytest.param(
            b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n" + AS_JSON,
            "is cut short or garbled",
            id="a body cut short",
        ),
        pytest.param(
            b'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{"ope\r\n',
            "is cut short or garbled",
            id="chunks without an end",
        ),
        pytest.param(
            b"HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n" + AS_JSON,
            "unexpected end|EOF",
            id="a length that is too small",
        ),
        pytest.param(
            b"HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n" + AS_JSON,
            "is cut short or garbled",
            id="a length that is no number",
        ),
        pytest.param(
            b'HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\n{"a"',
            "is not compressed as it says",
            id="a false encoding",
        ),
        pytest.param(
            b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n" + gzip.compress(AS_JSON)[:-9],
            "is not compressed as it says: it is cut short",
            id="an encoding cut short",
        ),
        pytest.param(
            b"HTTP/1.1 302 Found\r\nLocation: http://calls.example:port/\r\n\r\n",
            "Invalid URL in location header",
            id="a false redirect",
        ),
        pytest.param(b"", "is cut short or garbled", id="no answer"),
        pytest.param(b"SSH-2.0-OpenSSH_9\r\n", "is cut short or garbled", id="no HTTP"),
    ],
)
def test_a_broken_answer_is_refused(
    answer: bytes, message: str, raw_server: Callable[[bytes], str]
) -> None:
    with pytest.raises(BadInputError, match=message):
        read(raw_server(answer))


def test_a_silent_server_is_given_up() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        address = f"http://127.0.0.1:{listener.getsockname()[1]}/"
        with pytest.raises(BadInputError, match=r"is not answered for 0\.05 seconds"):
            read(address, limits=Limits(silence=0.05))
    with pytest.raises(BadInputError, match="cannot be reached"):
        read(address)


def test_what_a_definition_refers_to_at_its_own_host_comes_with_it(httpserver: HTTPServer) -> None:
    lost = ("gone.yaml", "http://localhost:1/elsewhere.yaml")
    schemas = {
        "Call": {"$ref": "../schemas/call.yaml#/Call"},
        **{f"Lost{number}": {"$ref": reference} for number, reference in enumerate(lost)},
    }
    main = json.dumps({**DEFINITION, "components": {"schemas": schemas}}).encode()
    call = b"Call: {type: object, properties: {id: {$ref: '#/Id'}}}\nId: {type: integer}\n"
    httpserver.expect_request("/api/openapi.json").respond_with_data(main)
    httpserver.expect_request("/schemas/call.yaml").respond_with_data(call)
    httpserver.expect_request("/api/gone.yaml").respond_with_data(b"", status=404)
    published = read(httpserver.url_for("/api/openapi.json"))
    found = cast("Any", published.document.data)["components"]["schemas"]
    assert found["Call"]["properties"]["id"] == {"$ref": "#/components/schemas/Id"}
    assert found["Id"] == {"type": "integer"}
    assert [found[f"Lost{number}"]["$ref"] for number in range(2)] == [*lost]
    assert len(httpserver.log) == 3
    assert parse(published.text, "text") == published.document.data
    assert published.sha256 == hashlib.sha256(main + call).hexdigest()
    error = published.document.error("/components/schemas/Id", "is odd")
    assert (error.file, error.line) == (httpserver.url_for("/schemas/call.yaml"), 2)
    with pytest.raises(BadInputError, match="is larger than"):
        read(httpserver.url_for("/api/openapi.json"), limits=Limits(size=len(main) + 10))
    httpserver.clear()
    httpserver.expect_request("/api/openapi.json").respond_with_data(main)
    with pytest.raises(BadInputError, match="try again later"):
        read(httpserver.url_for("/api/openapi.json"))
