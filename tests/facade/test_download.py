"""Files that are downloaded through real connections, some of which break."""

from __future__ import annotations

import datetime as dt
import gzip
import hashlib
import json
import os
import pickle
import re
import tracemalloc
from collections import deque
from dataclasses import dataclass, field
from http.cookiejar import CookieJar
from typing import TYPE_CHECKING, Any

import callrecords_cometchat.models as cometchat
import callrecords_realtimekit.models as realtimekit
import callrecords_zudu.models as zudu
import httpx
import pytest
from werkzeug import Request, Response

from callrecords.calls import RecordingRecord, Transcript
from callrecords_runtime.errors import (
    AnswerTooLarge,
    ClientClosed,
    ConfigurationError,
    ConnectionFailed,
    NotFound,
    PermissionDenied,
    StatusError,
    TimedOut,
)
from callrecords_runtime.types import UNSET
from tests.facade.conftest import SECRETS

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable
    from pathlib import Path

    from pytest_httpserver import HTTPServer

    from tests.facade.conftest import Clients, Wire

    Handle = Callable[[socket.socket], None]

CONTENT = bytes(range(256)) * 1000
DIGEST = hashlib.sha256(CONTENT).hexdigest()
SIGNATURE = "c2lnbmF0dXJlLW9mLXRoaXMtbGluaw"
WHEN = "Fri, 27 Nov 2026 12:00:00 GMT"


@dataclass
class Store:
    """A storage host: it has one file under every path, and keeps what it was asked."""

    url: str
    content: bytes = CONTENT
    headers: dict[str, str] = field(default_factory=lambda: {"ETag": '"one"'})
    cuts: deque[int] = field(default_factory=deque[int])
    """After how many bytes of its body each next answer breaks off."""
    refusals: deque[int] = field(default_factory=deque[int])
    """Statuses with which the next requests are answered."""
    heeds: str = "If-Range"
    """``Range`` if it looks at nothing but the range, and nothing if not even at that."""
    requests: list[Request] = field(default_factory=list[Request])

    @property
    def link(self) -> str:
        """A signed address."""
        return f"{self.url}/recordings/one.mp4?X-Signature={SIGNATURE}"

    def handle(self, request: Request) -> Response:
        self.requests.append(request)
        if self.refusals:
            status = self.refusals.popleft()
            headers = {"Location": f"/other?X-Signature={SIGNATURE}"} if status < 400 else {}
            return Response(f"<Code>No {SIGNATURE}</Code>", status, headers)
        content, status, headers = self.content, 200, dict(self.headers)
        start = self._start(request)
        if start:
            status, content = 206, content[start:]
            total = len(self.content)
            headers["Content-Range"] = f"bytes {start}-{total - 1}/{total}"
            if start >= total:
                return Response(b"", 416, {"Content-Range": f"bytes */{total}"})
        headers["Content-Length"] = str(len(content))
        if self.cuts:
            content = content[: self.cuts.popleft()]
        return Response([content], status, headers)

    def _start(self, request: Request) -> int:
        asked = re.fullmatch(r"bytes=(\d+)-", request.headers.get("Range", ""))
        own = {self.headers.get("ETag"), self.headers.get("Last-Modified")}
        is_own = self.heeds == "Range" or request.headers.get("If-Range") in own
        return int(asked[1]) if asked and self.heeds and is_own else 0

    @property
    def ranges(self) -> list[str | None]:
        """What parts were asked for."""
        return [request.headers.get("Range") for request in self.requests]


@pytest.fixture
def store(httpserver: HTTPServer) -> Store:
    store = Store(httpserver.url_for("").rstrip("/"))
    httpserver.expect_request(re.compile(".*")).respond_with_handler(store.handle)
    return store


@pytest.fixture
def target(tmp_path: Path) -> Path:
    folder = tmp_path / "recordings"
    folder.mkdir()
    return folder / "one.mp4"


def download(clients: Clients, source: object, target: Path, **options: Any) -> Any:
    """What comes of a download by a client of its own."""
    return clients.call(clients.new("Zudu"), "download", source, target, **options)


def failure(clients: Clients, source: object, target: Path, **options: Any) -> Any:
    """The error of one."""
    return clients.failure(clients.new("Zudu"), "download", source, target, **options)


def only(target: Path) -> bool:
    """Whether the file is there, and nothing beside it."""
    return [*target.parent.iterdir()] == [target]


# What a download is.


def test_a_file_is_downloaded_with_its_size_and_digest(
    clients: Clients, store: Store, target: Path
) -> None:
    target.write_bytes(b"of before")
    got = download(clients, store.link, target)
    assert (got.path, got.size, got.sha256) == (target, len(CONTENT), DIGEST)
    assert target.read_bytes() == CONTENT
    assert only(target)


def test_the_storage_host_gets_no_credentials_headers_and_cookies(
    clients: Clients, store: Store, target: Path
) -> None:
    cookies = httpx.Cookies(CookieJar())
    cookies.set("session", SECRETS[1])
    brought = clients.http_client(
        headers={"X-Own": SECRETS[0]}, cookies=cookies, auth=SECRETS, params={"key": SECRETS[0]}
    )
    for own in ({}, {"http_client": brought}):
        client = clients.new("Zudu", headers={"X-Tenant": SECRETS[0]}, **own)
        clients.call(client, "download", store.link, target)
    for request in store.requests:
        assert {*request.headers.keys()} == {"Host", "Accept", "Accept-Encoding", "User-Agent"}
        assert request.headers["User-Agent"] == "callrecords-zudu/0.1.0"
        assert request.full_path == f"/recordings/one.mp4?X-Signature={SIGNATURE}"


def test_recordings_transcripts_and_models_have_addresses(
    clients: Clients, store: Store, target: Path
) -> None:
    url = store.link
    for source in (
        RecordingRecord(url=url),
        Transcript(url=url),
        zudu.Call(recording_url=url),
        cometchat.Recording(recording_url=url),
        realtimekit.ChatDownload(chat_download_url=url, chat_download_url_expiry="2999-01-01"),
    ):
        assert download(clients, source, target).sha256 == DIGEST


@pytest.mark.parametrize("source", [None, UNSET, RecordingRecord(), zudu.Call()])
def test_what_has_no_address_yet_is_not_downloaded(
    clients: Clients, target: Path, source: object
) -> None:
    error = failure(clients, source, target)
    assert type(error) is ConfigurationError
    assert str(error) == "there is no address to download from, or not yet"
    assert "a int has no address" in str(failure(clients, 5, target))


@pytest.mark.parametrize(
    "address",
    [
        "http://storage.example.com/a",
        "ftp://storage.example.com/a",
        "file:///etc/passwd",
        f"https://user:{SIGNATURE}@storage.example.com/a",
        "https:///a",
        "recording.mp4",
        "https://[::1",
        "https://storage.example.com/\x00",
    ],
)
def test_an_address_that_may_not_be_asked_is_refused_and_not_shown(
    clients: Clients, target: Path, address: str
) -> None:
    error = failure(clients, address, target)
    assert type(error) is ConfigurationError
    assert SIGNATURE not in str(error)
    assert not [*target.parent.iterdir()]


def test_progress_is_told(clients: Clients, store: Store, target: Path) -> None:
    told: list[tuple[int, int | None]] = []
    download(clients, store.link, target, on_progress=lambda *far: told.append(far))
    assert told[0] == (0, len(CONTENT))
    assert told[-1] == (len(CONTENT), len(CONTENT))
    assert told == sorted(told)


def test_progress_is_awaited_if_it_can_be(clients: Clients, store: Store, target: Path) -> None:
    told: list[int] = []

    async def tell(done: int, _: int | None) -> None:
        told.append(done)

    async def stop(done: int, _: int | None) -> None:
        raise httpx.ReadError(f"enough of {done}")

    if clients.is_awaited:
        download(clients, store.link, target, on_progress=tell)
        assert told[-1] == len(CONTENT)
        with pytest.raises(httpx.ReadError, match="enough"):
            download(clients, store.link, target, on_progress=stop)


@pytest.mark.parametrize("kind", [KeyboardInterrupt, OSError, httpx.ReadError])
def test_what_progress_raises_ends_the_download_and_leaves_what_came(
    clients: Clients, store: Store, target: Path, kind: type[BaseException]
) -> None:
    def stop(done: int, _: int | None) -> None:
        if done:
            raise kind("enough")

    with pytest.raises(kind, match="enough"):
        download(clients, store.link, target, on_progress=stop)
    assert len(store.requests) == 1
    assert not target.exists()
    assert download(clients, store.link, target).sha256 == DIGEST
    assert store.ranges[1]


def test_an_empty_file_is_none(clients: Clients, store: Store, target: Path) -> None:
    store.content = b""
    error = failure(clients, store.link, target)
    assert type(error) is NotFound
    assert str(error) == "zudu download: 200: the file is empty"
    assert not target.exists()


def test_a_compressed_file_is_written_as_it_was(
    clients: Clients, store: Store, target: Path
) -> None:
    store.content = gzip.compress(CONTENT)
    store.headers["Content-Encoding"] = "gzip"
    assert download(clients, store.link, target).sha256 == DIGEST
    store.headers["Content-Encoding"] = "br"
    assert type(failure(clients, store.link, target, max_retries=0)) is ConnectionFailed


def test_a_closed_client_downloads_nothing(clients: Clients, store: Store, target: Path) -> None:
    client = clients.new("Zudu")
    clients.call(client, "close")
    assert type(clients.failure(client, "download", store.link, target)) is ClientClosed


def test_options_are_checked(clients: Clients, store: Store, target: Path) -> None:
    for options in ({"deadline": -1}, {"max_bytes": "1"}, {"timeout": 0}, {"max_retrys": 1}):
        assert type(failure(clients, store.link, target, **options)) is ConfigurationError
    assert not store.requests


def test_a_path_where_no_file_can_be_is_an_error_before_anything_is_asked(
    clients: Clients, store: Store, target: Path
) -> None:
    for path in (target.parent, target / "deeper"):
        with pytest.raises(OSError, match=re.escape(path.parent.name)):
            download(clients, store.link, path)
    assert not store.requests


# What breaks is gone on with.


def test_a_download_that_breaks_goes_on_where_it_was(
    clients: Clients, store: Store, target: Path
) -> None:
    store.cuts.extend([100_000, 50_000, 0, 1])
    assert download(clients, store.link, target).sha256 == DIGEST
    parts = [None, "bytes=100000-", "bytes=150000-", "bytes=150000-", "bytes=150001-"]
    assert store.ranges == parts
    assert {request.headers.get("If-Range") for request in store.requests[1:]} == {'"one"'}
    assert only(target)


def test_what_was_left_is_gone_on_with_under_a_new_signature(
    clients: Clients, store: Store, target: Path
) -> None:
    store.cuts.append(100_000)
    told: list[int] = []
    failure(clients, store.link, target, max_retries=0)
    again = store.link.replace(SIGNATURE, "another")
    got = download(clients, again, target, on_progress=lambda done, _: told.append(done))
    assert (got.sha256, got.size, told[0]) == (DIGEST, len(CONTENT), 100_000)
    assert store.ranges == [None, "bytes=100000-"]
    assert only(target)


def test_what_was_left_of_another_address_is_not_gone_on_with(
    clients: Clients, store: Store, target: Path
) -> None:
    store.cuts.append(100_000)
    failure(clients, store.link, target, max_retries=0)
    other = store.link.replace("one.mp4", "two.mp4")
    assert download(clients, other, target).sha256 == DIGEST
    assert store.ranges == [None, None]


@pytest.mark.parametrize("heeds", ["If-Range", "Range", ""])
@pytest.mark.parametrize("validator", ["ETag", "Last-Modified", None])
def test_of_a_version_that_changed_nothing_is_kept(
    clients: Clients, store: Store, target: Path, heeds: str, validator: str | None
) -> None:
    store.heeds, store.content = heeds, bytes(len(CONTENT))
    store.headers = {} if validator is None else {validator: WHEN.replace("27", "26")}
    store.cuts.append(100_000)
    failure(clients, store.link, target, max_retries=0)
    store.content = CONTENT
    store.headers = {} if validator is None else {validator: WHEN}
    assert download(clients, store.link, target).sha256 == DIGEST
    assert only(target)


@pytest.mark.parametrize("headers", [{}, {"ETag": 'W/"weak"'}, {"ETag": '"a\tb"'}])
def test_without_a_version_a_download_begins_again(
    clients: Clients, store: Store, target: Path, headers: dict[str, str]
) -> None:
    store.headers = headers
    store.cuts.append(100_000)
    assert download(clients, store.link, target).sha256 == DIGEST
    assert store.ranges == [None, None]
    store.cuts.append(100_000)
    failure(clients, store.link, target, max_retries=0)
    assert only(target)


@pytest.mark.parametrize("mark", [b"", b"[]", b"5", b'["a", 5]', b'["a", "b\\n"]', b"\xff", None])
def test_a_mark_that_says_nothing_is_none(
    clients: Clients, store: Store, target: Path, mark: bytes | None
) -> None:
    store.cuts.append(100_000)
    failure(clients, store.link, target, max_retries=0)
    marked = target.with_name("one.mp4.part.json")
    if mark is None:
        marked.write_text(json.dumps([json.loads(marked.read_text())[0], "a\r\nb"]))
    else:
        marked.write_bytes(mark)
    assert download(clients, store.link, target).sha256 == DIGEST
    assert store.ranges == [None, None]


def test_a_part_longer_than_the_file_is_begun_again(
    clients: Clients, store: Store, target: Path
) -> None:
    store.cuts.append(100_000)
    failure(clients, store.link, target, max_retries=0)
    target.with_name("one.mp4.part").write_bytes(CONTENT + b"more")
    assert download(clients, store.link, target).sha256 == DIGEST
    assert store.ranges[2] is None


@pytest.mark.skipif(not hasattr(os, "O_NOFOLLOW"), reason="there is no way to refuse links")
def test_a_link_in_the_place_of_the_part_is_not_followed(
    clients: Clients, store: Store, target: Path, tmp_path: Path
) -> None:
    victim = tmp_path / "victim"
    victim.write_bytes(b"mine")
    target.with_name("one.mp4.part").symlink_to(victim)
    with pytest.raises(OSError, match=r"one\.mp4\.part"):
        download(clients, store.link, target)
    assert victim.read_bytes() == b"mine"


# Refusals.


def test_what_passes_is_tried_again_and_what_does_not_is_an_error(
    clients: Clients, store: Store, target: Path
) -> None:
    store.refusals.extend([503, 429])
    client = clients.new("Zudu")
    assert clients.call(client, "download", store.link, target).sha256 == DIGEST
    assert len(clients.waits) == 2
    store.refusals.append(403)
    error = failure(clients, store.link, target)
    assert type(error) is PermissionDenied
    assert (error.provider, error.operation, error.status) == ("zudu", "download", 403)


def test_no_error_and_no_log_shows_more_of_an_address_than_its_host(
    clients: Clients, store: Store, target: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    store.refusals.extend([302, 503, 403])
    error = failure(clients, store.link, target)
    download(clients, store.link, target)
    shown = [str(error), repr(vars(error)), repr(pickle.loads(pickle.dumps(error)))]  # noqa: S301
    ours = [record for record in caplog.records if record.name == "callrecords"]
    shown += [repr(vars(record)) for record in ours]
    assert len(ours) == 5
    for text in shown:
        assert SIGNATURE not in text
        assert "one.mp4" not in text
    assert "/…: 200, a file of 256000 bytes" in ours[-1].getMessage()


def test_a_redirect_is_followed_and_not_for_ever(
    clients: Clients, store: Store, target: Path
) -> None:
    store.refusals.extend([301, 302, 303, 307, 308])
    assert download(clients, store.link, target).sha256 == DIGEST
    assert store.requests[-1].path == "/other"
    store.refusals.extend([302] * 6)
    error = failure(clients, store.link, target)
    assert type(error) is StatusError
    assert "redirects again and again" in str(error)
    assert SIGNATURE not in repr(vars(error))


def test_a_redirect_leads_to_no_address_that_may_not_be_asked(
    clients: Clients, target: Path, wire: Callable[[Handle], Wire]
) -> None:
    def lead_away(connection: socket.socket) -> None:
        location = b"http://storage.example.com/?key=" + SIGNATURE.encode()
        head = b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: "
        connection.sendall(head + location + b"\r\n\r\n")

    error = failure(clients, f"{wire(lead_away).url}/a", target)
    assert type(error) is ConfigurationError
    assert str(error).endswith("name no user: http://storage.example.com/…")


def test_an_id_is_no_address_to_download_from(clients: Clients, target: Path) -> None:
    error = failure(clients, "call-456", target)
    assert type(error) is ConfigurationError
    assert "expected a recording, or its address" in str(error)


def test_of_a_long_refusal_only_the_beginning_is_read(
    clients: Clients, target: Path, wire: Callable[[Handle], Wire]
) -> None:
    def talk(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 403 Forbidden\r\n\r\n")
        while True:
            connection.sendall(b" " * 10_000)

    error = failure(clients, wire(talk).url, target)
    assert type(error) is PermissionDenied
    assert len(error.response.content) < 1_000_000


# Addresses whose time is over.


@pytest.mark.parametrize("status", [401, 403, 404, 410])
def test_an_address_that_is_refused_is_asked_for_once_more(
    clients: Clients, store: Store, target: Path, status: int
) -> None:
    asked: list[int] = []

    def ask() -> str:
        asked.append(len(store.requests))
        return store.link

    store.cuts.append(100_000)
    store.refusals.append(status)
    store.refusals.rotate()
    assert download(clients, ask, target).sha256 == DIGEST
    assert asked == [0, 1]
    store.refusals.extend([status, status])
    assert isinstance(failure(clients, ask, target), StatusError)
    assert asked == [0, 1, 3, 4]


def test_what_is_asked_for_an_address_is_awaited_if_it_can_be(
    clients: Clients, store: Store, target: Path
) -> None:
    async def ask() -> RecordingRecord:
        return RecordingRecord(url=store.link)

    if clients.is_awaited:
        assert download(clients, ask, target).sha256 == DIGEST


@pytest.mark.parametrize("expiry", [dt.datetime(2020, 1, 1, tzinfo=dt.UTC), "2020-01-01T00:00:00Z"])
def test_an_address_whose_time_is_known_to_be_over_is_asked_for_before_it_is_used(
    clients: Clients, store: Store, target: Path, expiry: object
) -> None:
    old: Any = RecordingRecord(url=f"{store.url}/old", expires_at=expiry)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    sources = [store.link, old]
    assert download(clients, sources.pop, target).sha256 == DIGEST
    assert [request.path for request in store.requests] == ["/recordings/one.mp4"]
    store.refusals.append(403)
    error = failure(clients, old, target)
    assert "the time of its address was over at 2020-01-01 00:00:00+00:00" in str(error)


def test_an_expiry_that_is_none_says_nothing(clients: Clients, store: Store, target: Path) -> None:
    for expiry in ("soon", 5, "2999-01-01", dt.datetime(2999, 1, 1)):  # noqa: DTZ001
        source: Any = RecordingRecord(url=store.link, expires_at=expiry)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
        assert download(clients, source, target).sha256 == DIGEST


# Bounds.


def test_a_file_has_at_most_so_many_bytes(clients: Clients, store: Store, target: Path) -> None:
    error = failure(clients, store.link, target, max_bytes=len(CONTENT) - 1)
    assert type(error) is AnswerTooLarge
    assert download(clients, store.link, target, max_bytes=len(CONTENT)).sha256 == DIGEST


def test_a_file_that_does_not_end_is_given_up(
    clients: Clients, target: Path, wire: Callable[[Handle], Wire]
) -> None:
    def talk(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            connection.sendall(bytes(10_000))

    url = wire(talk).url
    assert type(failure(clients, url, target, max_bytes=1_000_000)) is AnswerTooLarge
    assert type(failure(clients, url, target, deadline=0.05, max_retries=0)) is TimedOut
    assert not target.exists()


def test_a_file_takes_no_more_memory_than_a_part_of_it(
    clients: Clients, target: Path, wire: Callable[[Handle], Wire]
) -> None:
    part = bytes(1 << 16)

    def talk(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % (64 * len(part)))
        for _ in range(64):
            connection.sendall(part)

    url, client = wire(talk).url, clients.new("Zudu")
    clients.call(client, "download", url, target)
    tracemalloc.start()
    got = clients.call(client, "download", url, target)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < got.size // 2
