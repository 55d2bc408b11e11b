"""What the command line downloads, and where to, against the sandbox."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

import pytest

from callrecords.calls import CallRecord, RecordingRecord, StoredSource, Transcript
from callrecords.cli import _downloads, main

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from callrecords.sandbox import Sandbox

CONTENT = b"a recording"
DIGEST = hashlib.sha256(CONTENT).hexdigest()


@pytest.fixture
def download(callrecords_sandbox: Sandbox, tmp_path: Path) -> Callable[..., int]:
    """Downloads the files of a call, one of whose recordings is at an address."""

    def download(*addresses: str) -> int:
        body: Any = callrecords_sandbox.examples("zudu", "get_call")[0].body
        for address in addresses:
            data = {**body["data"], "call_id": "../call 1", "recording_url": address}
            callrecords_sandbox.misbehave("zudu", "get_call", json={**body, "data": data})
        url = callrecords_sandbox.url("zudu")
        arguments = ("download", "zudu", "call-456", "--output", str(tmp_path / "a" / "b"))
        return main([*arguments, "--base-url", url])

    return download


def test_download_keeps_files_under_the_id_and_prints_their_digests(
    download: Callable[..., int],
    callrecords_sandbox: Sandbox,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    address = callrecords_sandbox.add_file("it is.mp4", CONTENT)
    assert download(address) == 0
    file = tmp_path / "a" / "b" / "_call_1.mp4"
    assert file.read_bytes() == CONTENT
    assert [*file.parent.iterdir()] == [file]
    assert capsys.readouterr() == (f"{DIGEST}  {file}\n", "")


def test_download_asks_for_the_call_again_when_the_time_of_an_address_is_over(
    download: Callable[..., int], callrecords_sandbox: Sandbox
) -> None:
    address = callrecords_sandbox.add_file("one.mp4", CONTENT)
    assert download(f"{address}.gone", address) == 0


def test_download_of_a_call_without_files_says_so(
    download: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    assert download("") == 1
    assert capsys.readouterr().err == "callrecords: zudu has no file of call-456\n"


def test_each_part_has_a_name_of_its_own_within_the_folder() -> None:
    def recording(url: str | None) -> RecordingRecord:
        return RecordingRecord(url=url)

    record = CallRecord(
        provider="x",
        id="v1.us/..\\é",
        recordings=tuple(
            map(recording, ["https://h/a.mp4?b=.exe", None, "https://h/a", "https://h/a.b/c."])
        ),
        transcript=Transcript(url="https://h/.csv"),
        source=StoredSource({}),
    )
    parts = list(_downloads.parts_of(record))
    names = ["v1.us_.._é-1.mp4", "v1.us_.._é-3", "v1.us_.._é-4", "v1.us_.._é.transcript.csv"]
    assert [part.name for part in parts] == names
    found = [part.find(record).url for part in parts]
    assert found == ["https://h/a.mp4?b=.exe", "https://h/a", "https://h/a.b/c.", "https://h/.csv"]
    changed = CallRecord(provider="x", id="1", source=StoredSource({}))
    assert [part.find(changed) for part in parts] == [None] * 4
