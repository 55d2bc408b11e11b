"""Whatever a server does, a download ends with one version of a file, whole, or with an error."""

from __future__ import annotations

import asyncio
import datetime as dt
import gzip
import hashlib
import os
import re
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest import mock

import httpx
import pytest
from callrecords_zudu import AsyncZudu, Zudu
from hypothesis import given
from hypothesis import strategies as st

from callrecords_runtime.download_flow import Ask, Fetch
from callrecords_runtime.downloads import Arrival, Downloading
from callrecords_runtime.drift_log import ignore
from callrecords_runtime.errors import (
    CallRecordsError,
    ConfigurationError,
    PermissionDenied,
    StatusError,
    TransportError,
)
from callrecords_runtime.exchange import response_of
from callrecords_runtime.flow import Clock
from callrecords_runtime.messages import Failure
from callrecords_runtime.options import Options
from callrecords_runtime.partial_files import PartialFile
from callrecords_runtime.provider import Provider
from callrecords_runtime.retries import RetryPolicy

if TYPE_CHECKING:
    from collections.abc import Mapping

    from callrecords_runtime.downloads import Download, DownloadOptions

NOW = dt.datetime(2026, 11, 27, tzinfo=dt.UTC)
CLOCK = Clock(monotonic=lambda: 0.0, now=lambda: NOW, random=lambda: 0.0)
POLICY = RetryPolicy(max_retries=2)
PROVIDER = Provider("zudu", "callrecords_zudu", "1", "https://api.zudu.ai")


@dataclass
class Server:
    """A storage host that has one version of a file after the other."""

    versions: list[bytes]
    deeds: list[Deed]
    version: int = 0

    def answer(self, asked: Mapping[str, str]) -> tuple[int, dict[str, str], bytes, bool]:
        """A status, headers, a body, and whether the connection breaks after it."""
        deed = self.deeds.pop(0) if self.deeds else Deed()
        if deed.changes:
            self.version = (self.version + 1) % len(self.versions)
        if deed.status != 200:
            return deed.status, {}, b"no", False
        content = self.versions[self.version]
        headers = {"etag": f'"{self.version}"'} if deed.tags else {}
        is_part = "range" in asked and deed.ranges
        if is_part and deed.heeds_versions and asked["if-range"] != f'"{self.version}"':
            is_part = False
        if not is_part:
            headers["content-length"] = str(len(content))
            return 200, headers, content[: deed.cut], deed.cut is not None
        start = int(asked["range"].removeprefix("bytes=").removesuffix("-"))
        if start >= len(content):
            return 416, {"content-range": f"bytes */{len(content)}"}, b"", False
        start += deed.shift
        rest = content[start:]
        headers["content-range"] = f"bytes {start}-{len(content) - 1}/{len(content)}"
        return 206, headers, rest[: deed.cut], deed.cut is not None


@dataclass(frozen=True)
class Deed:
    """What a server does with one request."""

    status: int = 200
    changes: bool = False
    tags: bool = True
    ranges: bool = True
    heeds_versions: bool = True
    shift: int = 0
    cut: int | None = None


DEEDS = st.builds(
    Deed,
    status=st.sampled_from([200, 200, 200, 403, 503]),
    changes=st.booleans(),
    tags=st.booleans(),
    ranges=st.booleans(),
    heeds_versions=st.booleans(),
    shift=st.sampled_from([0, 0, 1]),
    cut=st.none() | st.integers(0, 20),
)


def download_of(source: Any, path: Path) -> Downloading:
    options = Options(ignore, retries=POLICY)
    bounds: DownloadOptions = {"deadline": None, "max_bytes": 1000}
    return Downloading(source, path, None, bounds, options, PROVIDER, CLOCK)


def drive(source: Any, target: Path, server: Server) -> None:
    """Let a download go on as a client does."""
    download = download_of(source, target)
    with download.file:
        outcome: Any = None
        while True:
            try:
                step = download.flow.send(outcome)
            except StopIteration:
                download.finish()
                return
            match step:
                case Ask():
                    outcome = step.source()
                case Fetch():
                    outcome = fetched(download, step, server)
                case _:
                    outcome = None


def fetched(download: Downloading, step: Fetch, server: Server) -> Any:
    status, headers, body, breaks = server.answer(download.file.wanted(step.url))
    arrival = Arrival(download, step.url, None, CLOCK.monotonic)
    arrival.begin(status, httpx.Headers(headers))
    for index in range(0, len(body), 7):
        if not arrival.has_enough:
            arrival.add(body[index : index + 7])
    if breaks:
        return Failure("connection", was_sent=True, reason="it broke")
    answer = httpx.Response(status, headers=headers)
    return download.came_of(step, arrival, response_of(answer, arrival.content(), 0.0), 0.0)


@given(
    versions=st.lists(st.binary(max_size=40), min_size=1, max_size=3),
    deeds=st.lists(DEEDS, max_size=8),
    asks=st.booleans(),
)
def test_what_is_there_in_the_end_is_one_version_whole(
    versions: list[bytes],
    deeds: list[Deed],
    asks: bool,  # noqa: FBT001 - drawn
) -> None:
    server = Server(versions, list(deeds))
    with tempfile.TemporaryDirectory() as folder, mock.patch("os.fsync"):
        target = Path(folder) / "file"
        for _ in range(3):  # another goes on with what one has left
            try:
                drive((lambda: "https://h/a?b") if asks else "https://h/a?b", target, server)
            except CallRecordsError:
                assert not target.exists()
            else:
                assert target.read_bytes() in {version for version in versions if version}
                assert [*Path(folder).iterdir()] == [target]
                return
        assert b"" in versions or deeds


def test_a_server_that_never_comes_to_the_end_is_given_up(tmp_path: Path) -> None:
    server = Server([b"x" * 40], [Deed(cut=3, ranges=False) for _ in range(100)])
    with pytest.raises(TransportError, match="gave up after 3 attempts"):
        drive("https://h/a", tmp_path / "a", server)
    assert len(server.deeds) == 97


def test_the_digest_goes_on_with_the_file(tmp_path: Path) -> None:
    server = Server([b"0123456789"], [Deed(cut=4), Deed(status=403)])
    with pytest.raises(PermissionDenied):
        drive("https://h/a", tmp_path / "a", server)
    with PartialFile(tmp_path / "a") as again:
        assert again.wanted(httpx.URL("https://h/a?signed=anew"))["range"] == "bytes=4-"
        assert again.sha256 == hashlib.sha256(b"0123").hexdigest()


def arrival_of(path: Path, until: float | None = None, now: float = 0.0) -> Arrival:
    url = httpx.URL("https://h/a")
    return Arrival(download_of(str(url), path), url, until, lambda: now)


def test_of_a_refusal_no_more_is_read_than_somebody_may_read(tmp_path: Path) -> None:
    arrival = arrival_of(tmp_path / "a")
    arrival.begin(503, httpx.Headers({"content-length": "1000000000"}))
    taken = 0
    while not arrival.has_enough:
        arrival.add(b"x" * 1000)
        taken += 1
    assert taken == 66
    assert len(arrival.content()) == 2**16


def test_a_refusal_that_drips_ends_at_the_deadline(tmp_path: Path) -> None:
    arrival = arrival_of(tmp_path / "a", until=5.0, now=6.0)
    arrival.begin(503, httpx.Headers())
    with pytest.raises(httpx.ReadTimeout):
        arrival.add(b"x")


def compressed(encoding: str) -> httpx.MockTransport:
    body = b"no"
    for _ in encoding.split(", "):
        body = gzip.compress(body)
    headers = {"content-encoding": encoding}
    return httpx.MockTransport(lambda _: httpx.Response(403, headers=headers, content=body))


@pytest.mark.parametrize("encoding", ["gzip, gzip", "br"])
def test_a_refusal_compressed_as_nobody_asked_for_is_not_decompressed(
    encoding: str, tmp_path: Path
) -> None:
    http_client = httpx.Client(transport=compressed(encoding))
    client = Zudu(api_key="key", api_secret="secret", http_client=http_client)
    with pytest.raises(PermissionDenied) as refusal:
        client.download("https://h/a", tmp_path / "a")
    assert not refusal.value.response.content
    awaited_client = httpx.AsyncClient(transport=compressed(encoding))
    awaited = AsyncZudu(api_key="key", api_secret="secret", http_client=awaited_client)
    with pytest.raises(PermissionDenied) as refusal:
        asyncio.run(awaited.download("https://h/a", tmp_path / "a"))
    assert not refusal.value.response.content


@pytest.mark.parametrize("size", ["*", "", "9" * 5000], ids=["unknown", "none", "huge"])
def test_a_part_of_a_file_of_unknown_size_is_not_gone_on_with(size: str, tmp_path: Path) -> None:
    server = Server([b"0123456789"], [Deed(cut=4), Deed(status=403)])
    with pytest.raises(PermissionDenied):
        drive("https://h/a", tmp_path / "a", server)
    with PartialFile(tmp_path / "a") as again:
        again.wanted(httpx.URL("https://h/a"))
        headers = {"etag": '"0"', "content-range": f"bytes 4-7/{size}"}
        assert not again.goes_on(httpx.URL("https://h/a"), headers)


def test_two_downloads_do_not_write_into_one_file(tmp_path: Path) -> None:
    url, headers = httpx.URL("https://h/a"), {"etag": '"0"', "content-length": "6"}
    with PartialFile(tmp_path / "a") as one:
        one.begin(url, headers)
        one.add(b"012")
        with PartialFile(tmp_path / "a") as other:
            with pytest.raises(BlockingIOError, match="another download is writing it"):
                other.wanted(url)
            with pytest.raises(BlockingIOError, match="another download is writing it"):
                other.begin(url, headers)
        one.add(b"345")
        one.finish()
    assert (tmp_path / "a").read_bytes() == b"012345"
    assert [*tmp_path.iterdir()] == [tmp_path / "a"]


def test_a_file_is_open_to_others_once_it_is_left(tmp_path: Path) -> None:
    url = httpx.URL("https://h/a")
    with PartialFile(tmp_path / "a") as one:
        one.begin(url, {"etag": '"0"'})
        one.add(b"012")
        descriptor = os.dup(one._file.fileno())  # type: ignore[union-attr]  # noqa: SLF001 - as in a fork
    with PartialFile(tmp_path / "a") as other:
        assert other.wanted(url)["range"] == "bytes=3-"
    os.close(descriptor)


def test_what_is_put_elsewhere_while_it_is_opened_is_not_written_into(tmp_path: Path) -> None:
    part, target = tmp_path / "a.part", tmp_path / "a"
    part.write_bytes(b"012345")
    opened = os.open

    def late(*arguments: Any) -> int:
        descriptor = opened(*arguments)
        if not target.exists():
            part.replace(target)  # another download ends here
        return descriptor

    with mock.patch("os.open", late), PartialFile(target) as file:
        file.begin(httpx.URL("https://h/a"), {})
    assert target.read_bytes() == b"012345"


@pytest.mark.parametrize("address", ["https://xn--/", "https://[abc]/", "//xn--.com/"])
def test_an_address_that_is_none_may_not_be_asked(address: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="the address of the file"):
        downloaded({}, tmp_path, address)


@pytest.mark.parametrize("status", [206, 300, 302, 304, 403, 503])
def test_an_error_shows_no_address_that_led_to_it(status: int, tmp_path: Path) -> None:
    led = httpx.Response(302, headers={"location": "https://i/b?signature=second%2Bone"})
    headers = {"location": "https://k/c?signature=third%2Bone", "content-range": "bytes 0-1/2"}
    body = b"from https://h/a?signature=first%2Bone, https://i/b?signature=second%2Bone"
    answers = {"h": led, "i": httpx.Response(status, headers=headers, content=body)}
    if status == 302:
        answers["k"] = httpx.Response(403, content=body)
    with pytest.raises(StatusError) as caught:
        downloaded(answers, tmp_path)
    response = caught.value.response
    told = f"{caught.value} {response.headers} {response.content.decode()}"
    assert not re.search("first|second|third", told)


def downloaded(answers: Mapping[str, httpx.Response], folder: Path, address: str = "") -> Download:
    transport = httpx.MockTransport(lambda request: answers[request.url.host])
    http_client = httpx.Client(transport=transport)
    client = Zudu(api_key="key", api_secret="secret", http_client=http_client, max_retries=0)
    return client.download(address or "https://h/a?signature=first%2Bone", folder / "a")


def put_in_place(path: Path) -> None:
    with PartialFile(path) as file:
        file.begin(httpx.URL("https://files.example/one.mp4"), {"etag": '"1"'})
        file.finish()


def test_a_file_that_cannot_be_put_in_its_place_is_the_error_that_says_so(tmp_path: Path) -> None:
    with (
        mock.patch.object(Path, "replace", side_effect=PermissionError("no")),
        pytest.raises(PermissionError, match="no"),
    ):
        put_in_place(tmp_path / "one.mp4")
