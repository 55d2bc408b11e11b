"""Publishing to a real index: order, going on after a failure, and never a silent difference."""

from __future__ import annotations

import contextlib
import re
import socket
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from werkzeug import Request, Response

from codegen.files.errors import BadInputError, BadInputs
from release.index import Index, has, index_at
from release.loopback import index_on_loopback
from release.publishing import last_words, plan, publish
from tests.release.conftest import distribution, write_files

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytest_httpserver import HTTPServer

    from codegen.providers.releases import Distribution

GENERATED = distribution("callrecords-zudu", provider="zudu")
FACADE = distribution("callrecords", "2.0.0")
FILES = [
    "callrecords_zudu-1.0.0-py3-none-any.whl",
    "callrecords_zudu-1.0.0.tar.gz",
    "callrecords-2.0.0-py3-none-any.whl",
    "callrecords-2.0.0.tar.gz",
]


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    """Where the index keeps its files."""
    folder = tmp_path / "kept"
    folder.mkdir()
    return folder


@pytest.fixture(autouse=True)
def _anybody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TWINE_USERNAME", "anybody")
    monkeypatch.setenv("TWINE_PASSWORD", "anything")


@pytest.fixture
def index(kept: Path) -> Iterator[Index]:
    with index_on_loopback(kept) as index:
        yield index


@pytest.fixture
def dist(tmp_path: Path) -> Path:
    folder = tmp_path / "dist"
    folder.mkdir()
    for each in (GENERATED, FACADE):
        write_files(folder, each)
    return folder


def published(index: Index, dist: Path, *distributions: Distribution) -> list[str]:
    lines: list[str] = []
    publish(index, plan(index, distributions or [GENERATED, FACADE], dist), lines.append)
    return lines


def test_everything_is_uploaded_in_order_then_nothing_more_and_never_other_bytes(
    index: Index, dist: Path, kept: Path
) -> None:
    first = published(index, dist)
    assert [line.split(": ")[0] for line in first] == [
        f"[{number}/4] {name}" for number, name in enumerate(FILES, start=1)
    ]
    assert all(": uploaded, " in line for line in first)
    for name in FILES:
        assert (kept / name).read_bytes() == (dist / name).read_bytes()
    second = published(index, dist)
    assert [line.rpartition(": ")[2] for line in second] == ["there already"] * 4
    for each in (GENERATED, FACADE):
        write_files(dist, each, summary="Other calls.")
    with pytest.raises(BadInputs) as caught:
        published(index, dist)
    assert len(caught.value.problems) == 2


def test_after_a_failure_half_way_the_same_command_goes_on(dist: Path, kept: Path) -> None:
    def stop_after_two(line: str) -> None:
        if line.startswith("[2/4]"):
            running.close()

    with contextlib.ExitStack() as running:
        index = running.enter_context(index_on_loopback(kept))
        steps = plan(index, [GENERATED, FACADE], dist)
        with pytest.raises(BadInputError) as caught:
            publish(index, steps, stop_after_two)
    message = str(caught.value)
    assert message.startswith(f"{FILES[2]}: was not uploaded")
    assert "2 of 4 files are there. Run the same command again" in message
    assert "Connection refused" in message
    assert sorted(path.name for path in kept.iterdir()) == sorted(FILES[:2])
    with index_on_loopback(kept) as index:
        outcomes = [line.rpartition("] ")[2] for line in published(index, dist)]
    assert outcomes[:2] == [f"{name}: there already" for name in FILES[:2]]
    assert [line.partition(", ")[0] for line in outcomes[2:]] == [
        f"{name}: uploaded" for name in FILES[2:]
    ]
    assert sorted(path.name for path in kept.iterdir()) == sorted(FILES)


def test_without_credentials_a_sentence_says_which_are_missing(
    index: Index, dist: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("TWINE_USERNAME")
    monkeypatch.delenv("TWINE_PASSWORD")
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
    with pytest.raises(BadInputError, match="set it\nto the token of the index") as caught:
        published(index, dist)
    assert "0 of 4 files are there" in str(caught.value)
    assert "Traceback" not in str(caught.value)


def test_of_a_traceback_of_twine_the_last_line_is_told() -> None:
    traceback = "Uploading\nTraceback (most recent call last):\n  File 1\nTimeout: no answer\n"
    assert last_words(traceback) == "Uploading\nTimeout: no answer"
    assert last_words("ERROR    403\nForbidden\n") == "ERROR    403\nForbidden"


def test_other_bytes_under_a_published_name_are_an_error_before_anything_is_uploaded(
    index: Index, dist: Path, kept: Path
) -> None:
    published(index, dist, FACADE)
    write_files(dist, FACADE, summary="Other calls.")
    with pytest.raises(BadInputError, match=r"has callrecords-2\.0\.0.* with other bytes"):
        published(index, dist)
    assert not list(kept.glob("callrecords_zudu*"))


def test_an_index_that_tells_no_digest_is_asked_for_the_file(
    dist: Path, httpserver: HTTPServer
) -> None:
    wheel = dist / FILES[2]
    page = f'<a href="/files/{wheel.name}">{wheel.name}</a>'
    httpserver.expect_request("/simple/callrecords/").respond_with_data(
        page, content_type="text/html"
    )
    httpserver.expect_request(f"/files/{wheel.name}").respond_with_data(wheel.read_bytes())
    index = index_at(httpserver.url_for("/"))
    assert has(index, "callrecords", [wheel]) == {wheel}
    write_files(dist, FACADE, summary="Other calls.")
    with pytest.raises(BadInputError, match="with other bytes"):
        has(index, "callrecords", [wheel])


def test_an_attestation_beside_a_file_goes_with_it(dist: Path, httpserver: HTTPServer) -> None:
    uploads: list[bytes] = []

    def take(request: Request) -> Response:
        uploads.append(request.get_data())
        return Response()

    httpserver.expect_request("/simple/callrecords/").respond_with_data(status=404)
    httpserver.expect_request("/", method="POST").respond_with_handler(take)
    (dist / f"{FILES[2]}.publish.attestation").write_text('{"attests": "a build"}')
    assert len(published(index_at(httpserver.url_for("/")), dist, FACADE)) == 2
    assert [b'[{"attests": "a build"}]' in body for body in uploads] == [True, False]


@pytest.fixture
def empty(httpserver: HTTPServer) -> Index:
    """An index that has nothing, and takes nothing."""
    httpserver.expect_request(re.compile("/simple/.*")).respond_with_data(status=404)
    return index_at(httpserver.url_for("/"))


def test_what_was_not_built_is_named(empty: Index, dist: Path) -> None:
    (dist / FILES[1]).unlink()
    with pytest.raises(BadInputError, match=r"zudu-1\.0\.0\.tar\.gz: does not exist; run"):
        published(empty, dist)


def test_what_cannot_be_read_is_named_before_anything_is_uploaded(
    empty: Index, dist: Path, httpserver: HTTPServer
) -> None:
    (dist / FILES[3]).unlink()
    (dist / FILES[3]).mkdir()
    with pytest.raises(BadInputError, match=r"cannot be read: Is a directory") as caught:
        published(empty, dist)
    assert caught.value.file == dist / FILES[3]
    assert {request.method for request, _ in httpserver.log} <= {"GET"}


def test_a_file_in_the_place_of_the_folder_is_bad_input(empty: Index, tmp_path: Path) -> None:
    (tmp_path / "dist").touch()
    with pytest.raises(BadInputError, match=r"cannot be read: Not a directory"):
        published(empty, tmp_path / "dist")


def test_an_index_that_does_not_answer_is_bad_input(dist: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        gone = index_at(f"http://127.0.0.1:{listener.getsockname()[1]}/")
    with pytest.raises(BadInputError, match="cannot be asked"):
        published(gone, dist)


PAGE = '<html><head><meta name="pypi:repository-version" content="2.0"></head></html>'
JSON = "application/vnd.pypi.simple.v1+json"


@pytest.mark.parametrize(
    ("body", "content_type", "expected"),
    [
        (PAGE, "text/html", r"\(2\.0\) has greater major"),
        (
            '{"meta": {"api-version": "2.0"}, "name": "a", "files": []}',
            JSON,
            r"\(2\.0\) has greater major",
        ),
        ('{"meta": {"api-version": "1.0"}, "name": "callrecords"}', JSON, "files"),
        ('{"meta": ', JSON, "Expecting value"),
        ("{}", "application/json", "unsupported Content-Type"),
    ],
)
def test_an_answer_that_cannot_be_read_is_bad_input(
    dist: Path, httpserver: HTTPServer, body: str, content_type: str, expected: str
) -> None:
    httpserver.expect_request("/simple/callrecords/").respond_with_data(
        body, content_type=content_type
    )
    place = index_at(httpserver.url_for("/"))
    with pytest.raises(BadInputError, match=expected) as caught:
        has(place, "callrecords", [dist / FILES[2]])
    assert caught.value.file == place.simple


@pytest.mark.parametrize(
    ("url", "simple", "upload"),
    [
        ("https://pypi.org", "https://pypi.org/simple/", "https://upload.pypi.org/legacy/"),
        ("https://pypi.org/simple/", "https://pypi.org/simple/", "https://upload.pypi.org/legacy/"),
        (
            "https://upload.pypi.org/legacy/",
            "https://pypi.org/simple/",
            "https://upload.pypi.org/legacy/",
        ),
        (
            "https://test.pypi.org/simple",
            "https://test.pypi.org/simple/",
            "https://test.pypi.org/legacy/",
        ),
        ("http://127.0.0.1:80/simple/", "http://127.0.0.1:80/simple/", "http://127.0.0.1:80/"),
        ("http://127.0.0.1:80", "http://127.0.0.1:80/simple/", "http://127.0.0.1:80/"),
        ("https://a.example/u/dev", "https://a.example/u/dev/simple/", "https://a.example/u/dev/"),
    ],
)
def test_one_address_of_an_index_is_enough(url: str, simple: str, upload: str) -> None:
    assert index_at(url) == Index(simple, upload)


def test_where_to_upload_can_be_said() -> None:
    index = index_at("https://a.example/simple", "https://b.example/in")
    assert index == Index("https://a.example/simple/", "https://b.example/in")


Address = Callable[[str], Index]


def as_index(url: str) -> Index:
    return index_at(url)


def as_upload(url: str) -> Index:
    return index_at("https://a.example/simple/", url)


each_address = pytest.mark.parametrize("address", [as_index, as_upload])


@each_address
@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://me:s3cr3t@a.example/simple/", "https://a.example/simple/"),
        ("https://s3cr3t@a.example/simple/", "https://a.example/simple/"),
        ("https://me:s3cr3t@127.0.0.1:80/", "https://127.0.0.1:80/"),
    ],
)
def test_credentials_in_an_address_are_refused_and_not_repeated(
    address: Address, url: str, shown: str
) -> None:
    with pytest.raises(BadInputError) as caught:
        address(url)
    assert str(caught.value).startswith(f"{shown}: must hold no credentials")
    assert "TWINE_PASSWORD" in str(caught.value)
    assert "s3cr3t" not in repr(caught.value)


@each_address
@pytest.mark.parametrize(
    "url", ["http://a.example/simple/", "http://10.0.0.1/", "http://127.0.0.1.a.example/"]
)
def test_an_address_that_would_get_the_password_in_clear_text_is_refused(
    address: Address, url: str
) -> None:
    with pytest.raises(BadInputError, match="expected https"):
        address(url)


@each_address
@pytest.mark.parametrize("host", ["127.0.0.1:8080", "127.0.0.2", "localhost:80", "[::1]:8080"])
def test_an_index_on_loopback_needs_no_encryption(address: Address, host: str) -> None:
    assert address(f"http://{host}/in/").upload == f"http://{host}/in/"


@each_address
@pytest.mark.parametrize("end", ["?token=s3cr3t", "#s3cr3t", "?token=s3cr3t#simple"])
def test_what_no_index_has_in_its_address_is_refused_and_not_repeated(
    address: Address, end: str
) -> None:
    with pytest.raises(BadInputError) as caught:
        address(f"https://a.example/simple/{end}")
    assert str(caught.value).startswith("https://a.example/simple/: must hold no query")
    assert "s3cr3t" not in repr(caught.value)


def test_a_path_may_hold_an_at_sign() -> None:
    base = "https://a.example/_packaging/feed@Local/pypi/"
    assert index_at(f"{base}simple/") == Index(f"{base}simple/", base)


@each_address
@pytest.mark.parametrize(
    "url",
    [
        "pypi",
        "",
        "ftp://a.example",
        "https://",
        "https://[::1/simple",
        "https://a.example:simple/",
        "https://a.example:0/",
        "me:s3cr3t@a.example",
        "https://me:s3cr3t@[::1/simple",
        "https://me:s3cr3t\N{FULLWIDTH COLON}@a.example/",
        "https://me:s3/cr3t@a.example/",
    ],
)
def test_what_is_no_address_is_refused_and_no_password_in_it_repeated(
    address: Address, url: str
) -> None:
    with pytest.raises(BadInputError, match="is no address of an index") as caught:
        address(url)
    assert "cr3t" not in repr(caught.value)
    assert caught.value.__cause__ is caught.value.__context__ is None
