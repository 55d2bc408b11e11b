"""Archives have each file once, whatever broke them off, and ask for none that is there."""

from __future__ import annotations

import contextlib
import hashlib
import json
import re
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import callrecords
from callrecords import bulk
from tests.bulk.conftest import DAY, FIRST, RealtimeKit, Zudu, at
from tests.bulk.test_export import Kill, KilledError, contents

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

EXPIRY = FIRST + 7 * DAY


class Studio(RealtimeKit):
    """Sessions with recordings, and a transcript in a file."""

    def __init__(self, **recordings: list[str]) -> None:
        super().__init__(**dict.fromkeys(recordings, FIRST))
        self.recordings = {session: [*names] for session, names in recordings.items()}
        self.gone: set[str] = set()
        self.fetched: list[str] = []

    def _handle(self, request: httpx.Request) -> httpx.Response:
        if request.url.host != "files.example":
            return super()._handle(request)
        self.before_answer()
        name = request.url.path.rpartition("/")[2]
        self.fetched.append(name)
        if name in self.gone:
            return httpx.Response(410)
        return httpx.Response(200, content=name.encode() * 1000, headers={"etag": f'"{name}"'})

    def answer(self, request: httpx.Request) -> Any:
        match request.url.path.partition("/sessions")[2].split("/"):
            case ["", session, "transcript"]:
                return self.transcript(session)
            case ["", session]:
                return {"success": True, "data": {"session": self.session(session, FIRST)}}
            case _ if request.url.path.endswith("/recordings"):
                return self.listed_recordings(dict(request.url.params))
            case _:
                return super().answer(request)

    def session(self, name: str, time: dt.datetime) -> Any:
        return {**super().session(name, time), "associated_id": name}

    def transcript(self, session: str) -> Any:
        url = f"https://files.example/{session}.csv"
        data = {"transcript_download_url": url, "transcript_download_url_expiry": at(EXPIRY)}
        return {"success": True, "data": {"sessionId": session, **data}}

    def listed_recordings(self, query: Mapping[str, str]) -> Any:
        session = query["meeting_id"]
        found = [self.recording(session, name) for name in self.recordings[session]]
        paging = {"total_count": len(found), "start_offset": 1, "end_offset": len(found)}
        return {"success": True, "data": found, "paging": paging}

    def recording(self, session: str, name: str) -> Any:
        return {
            "id": name,
            "session_id": session,
            "download_url": f"https://files.example/{name}.mp4?signed",
            "download_url_expiry": at(EXPIRY),
            "status": "UPLOADED",
            "invoked_time": at(FIRST),
            "output_file_name": f"{name}.mp4",
            "meeting": {
                "id": session,
                "created_at": at(FIRST),
                "updated_at": at(FIRST),
                "title": "A meeting",
                "live_stream_on_start": False,
                "record_on_start": False,
            },
        }


def kept(provider: Studio, output: Path, **options: Any) -> bulk.Archive:
    options = options or {"since": FIRST, "until": FIRST + DAY}
    with provider.client() as client:
        return callrecords.archive(client, output, **options)


def files(output: Path) -> dict[str, bytes]:
    found = contents(output)
    found.pop("_archive.jsonl", None)
    return found


ONE = {"one": ["a", "b"], "two": ["c"]}
PATHS = {
    "one/recording-a.mp4": "a.mp4",
    "one/recording-b.mp4": "b.mp4",
    "one/transcript.csv": "one.csv",
    "two/recording-c.mp4": "c.mp4",
    "two/transcript.csv": "two.csv",
}


def test_the_files_of_calls_are_kept_with_their_digests(tmp_path: Path) -> None:
    done = kept(Studio(**ONE), tmp_path / "a" / "b")
    expected = {path: name.encode() * 1000 for path, name in PATHS.items()}
    assert files(done.output) == expected
    assert {file.path: file.sha256 for file in done.fetched} == {
        path: hashlib.sha256(content).hexdigest() for path, content in expected.items()
    }
    assert {file.expires_at for file in done.fetched} == {EXPIRY}
    assert (done.calls, done.kept, done.missing, done.pending) == (2, (), (), ())
    lines = (done.output / "_archive.jsonl").read_text("utf-8").splitlines()
    assert [json.loads(line) for line in lines] == [file.to_dict() for file in done.fetched]


def test_what_is_there_is_not_fetched_again(tmp_path: Path) -> None:
    provider = Studio(**ONE)
    first = kept(provider, tmp_path)
    provider.recordings["two"].append("d")
    second = kept(provider, tmp_path)
    assert [file.path for file in second.fetched] == ["two/recording-d.mp4"]
    assert second.kept == first.fetched
    assert sorted(provider.fetched) == sorted([*PATHS.values(), "d.mp4"])


def test_a_file_that_was_removed_or_cut_is_fetched_again(tmp_path: Path) -> None:
    provider = Studio(one=["a"])
    kept(provider, tmp_path)
    for spoil in (Path.unlink, lambda path: path.write_bytes(b"cut")):
        spoil(tmp_path / "one/recording-a.mp4")
        assert [file.part for file in kept(provider, tmp_path).fetched] == ["recording-a"]
    assert (tmp_path / "one/recording-a.mp4").read_bytes() == b"a.mp4" * 1000


@given(kills=st.lists(st.integers(0, 40), max_size=4))
@settings(max_examples=6, deadline=None)
def test_an_archive_that_is_killed_at_any_moment_goes_on_and_fetches_nothing_twice(
    kills: list[int],
) -> None:
    provider = Studio(**ONE)
    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder, "kept")
        for after in kills:
            with contextlib.suppress(KilledError), Kill(after).at_every_effect(provider):
                kept(provider, output)
        done = kept(provider, output)
        assert {file.path for file in (*done.fetched, *done.kept)} == PATHS.keys()
        assert files(output) == {path: name.encode() * 1000 for path, name in PATHS.items()}
        # A download that was cut off is one more, of the file that came then.
        assert len(provider.fetched) <= len(PATHS) + len(kills)


def test_a_line_that_was_cut_off_is_passed_over(tmp_path: Path) -> None:
    kept(Studio(**ONE), tmp_path)
    manifest = tmp_path / "_archive.jsonl"
    manifest.write_bytes(manifest.read_bytes()[:-10])
    provider = Studio(**ONE, three=[])
    done = kept(provider, tmp_path)
    assert provider.fetched == ["three.csv"]
    assert len(done.kept) == len(PATHS)
    assert kept(provider, tmp_path).kept == (*done.kept, *done.fetched)


def test_what_is_gone_is_missing_and_the_rest_comes(tmp_path: Path) -> None:
    provider = Studio(**ONE)
    provider.gone.add("a.mp4")
    done = kept(provider, tmp_path)
    [missing] = done.missing
    assert (missing.call, missing.part) == ("one", "recording-a")
    assert "410" in missing.reason
    assert len(done.fetched) == len(PATHS) - 1


def test_what_is_being_made_is_pending(tmp_path: Path) -> None:
    class Early(Studio):
        def recording(self, session: str, name: str) -> Any:
            made = super().recording(session, name)
            del made["download_url"], made["download_url_expiry"]
            return {**made, "status": "UPLOADING"}

    done = kept(Early(one=["a"]), tmp_path)
    [pending] = done.pending
    assert (pending.call, pending.part, pending.reason) == ("one", "recording-a", "UPLOADING")
    assert [file.part for file in done.fetched] == ["transcript"]


def test_calls_are_named_instead_and_one_that_is_not_there_is_missing(tmp_path: Path) -> None:
    class Forgetful(Studio):
        def _handle(self, request: httpx.Request) -> httpx.Response:
            if request.url.path.endswith("/sessions/none"):
                return httpx.Response(404)
            return super()._handle(request)

    done = kept(Forgetful(**ONE), tmp_path, ids=["none", "two"])
    assert [missing.call for missing in done.missing] == ["none"]
    assert {file.call for file in done.fetched} == {"two"}


@pytest.mark.parametrize("address", ["http://files.example/a.mp4", "http://[", "nowhere"])
def test_an_address_that_may_not_be_asked_is_missing_and_leaves_nothing(
    address: str, tmp_path: Path
) -> None:
    talk = Talk(recording_url=address)
    [missing] = talk.kept(tmp_path).missing
    assert (missing.call, missing.part) == ("1", "recording-1")
    assert list(tmp_path.iterdir()) == []


def test_a_call_that_is_no_good_is_missing_and_the_rest_comes(tmp_path: Path) -> None:
    class Spoilt(Studio):
        def _handle(self, request: httpx.Request) -> httpx.Response:
            match request.url.path.rpartition("/")[2]:
                case "refused":
                    return httpx.Response(422)
                case "torn":
                    return httpx.Response(200, content=b"{")
                case _:
                    return super()._handle(request)

    done = kept(Spoilt(**ONE), tmp_path, ids=["", "refused", "torn", "two"])
    assert [missing.call for missing in done.missing] == ["", "refused", "torn"]
    assert {file.call for file in done.fetched} == {"two"}


def test_no_call_has_the_name_of_the_manifest(tmp_path: Path) -> None:
    [*_, file] = kept(Studio(**{"_archive.jsonl": []}), tmp_path).fetched
    assert file.path.startswith("archive.jsonl-")
    assert kept(Studio(**{"_archive.jsonl": []}), tmp_path).kept == (file,)


@pytest.mark.parametrize("line", ["{}", "[]", '{"expires_at": "never"}'])
def test_a_line_of_another_manifest_is_named(line: str, tmp_path: Path) -> None:
    manifest = tmp_path / "_archive.jsonl"
    manifest.write_text(f"\n{line}\n", encoding="utf-8")
    with pytest.raises(callrecords.ConfigurationError, match=re.escape(f"{manifest}:2 is no line")):
        kept(Studio(**ONE), tmp_path)


def test_ids_are_names_of_folders_that_lead_nowhere_and_differ(tmp_path: Path) -> None:
    kept(Studio(**{"...": ["../b"], "a b": [], "a_b": []}), tmp_path)
    assert len([path for path in tmp_path.iterdir() if path.is_dir()]) == 3
    assert all(path.resolve().is_relative_to(tmp_path.resolve()) for path in tmp_path.rglob("*"))


class Talk(Zudu):
    """One call with a transcript that is a text."""

    def __init__(self, **call: Any) -> None:
        super().__init__()
        self.call = {"call_id": "1", "call_status": "ended", **call}

    def answer(self, request: httpx.Request) -> Any:
        del request
        return {"status": "success", "data": self.call}

    def kept(self, output: Path) -> bulk.Archive:
        with self.client() as client:
            return callrecords.archive(client, output, ids=["1"])


def test_a_transcript_that_is_text_is_written(tmp_path: Path) -> None:
    talk = Talk(transcript="Hello.")
    done = talk.kept(tmp_path)
    assert files(tmp_path) == {"1/transcript.txt": b"Hello."}
    assert talk.kept(tmp_path).kept == done.fetched


def test_what_may_change_as_a_call_goes_on_is_pending(tmp_path: Path) -> None:
    talk = Talk(transcript="Hello.", call_status="ongoing")
    [pending] = talk.kept(tmp_path).pending
    assert (pending.part, "not settled" in pending.reason) == ("transcript", True)
    assert files(tmp_path) == {}


def test_a_text_that_is_another_now_is_written_again(tmp_path: Path) -> None:
    talk = Talk(transcript="Hello.")
    talk.kept(tmp_path)
    talk.call["transcript"] = "Hello, and bye."
    assert [file.part for file in talk.kept(tmp_path).fetched] == ["transcript"]
    assert files(tmp_path) == {"1/transcript.txt": b"Hello, and bye."}
    assert talk.kept(tmp_path).fetched == ()


@pytest.mark.parametrize("options", [{"ids": [], "since": FIRST}, {"until": FIRST}])
def test_either_a_time_or_ids_say_which_calls(options: dict[str, Any], tmp_path: Path) -> None:
    with pytest.raises(callrecords.ConfigurationError, match="calls since a time, or ids"):
        kept(Studio(), tmp_path, **options)
