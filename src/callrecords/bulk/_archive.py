"""Archives: the recordings and transcripts of calls, and a manifest of what is there.

FOLDER/_archive.jsonl                 a line for each file, once it is there
FOLDER/call-456/recording-1.mp4       by the call's id, and the recording's id or its number
FOLDER/call-456/transcript.txt
"""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import json
import os
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import attrs

from callrecords._call_files import same_recording, suffix_of, unique_stem_of
from callrecords._getting import conversion_by, read
from callrecords._times import between
from callrecords.bulk._files import digest_of, replacing
from callrecords.bulk._listing import conversion_listing, listed, name_of_provider
from callrecords_runtime.errors import (
    BadRequest,
    ConfigurationError,
    DecodeError,
    NotFound,
    RequestError,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from callrecords._conversions import Conversion
    from callrecords.calls import CallRecord, RecordingRecord, Transcript
    from callrecords_runtime.blocking import SyncClient

ARCHIVE = "_archive.jsonl"
_WANTED = ("recordings", "transcript")
_OF_ONE_CALL = (BadRequest, ConfigurationError, DecodeError, NotFound)
"""What of one call says nothing of the others: its id or its answer is no good."""
OnFile: TypeAlias = "Callable[[str, int, int | None], object]"
"""Told of a file how many bytes there are, and how many there will be if that is known."""


@attrs.frozen(kw_only=True)
class ArchivedFile:
    """A recording or a transcript that is there."""

    call: str
    """The call's id."""
    part: str
    """Which of its files: ``transcript``, or ``recording-`` and the recording's id or number."""
    path: str
    """Below the folder."""
    size: int
    sha256: str
    expires_at: dt.datetime | None = None
    """Until when the provider has it, as far as that is known."""

    def to_dict(self) -> dict[str, Any]:
        """It as JSON."""
        expires_at = None if self.expires_at is None else self.expires_at.isoformat()
        return {**attrs.asdict(self), "expires_at": expires_at}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> ArchivedFile:
        """What :meth:`to_dict` gave."""
        known: dict[str, Any] = {**data}
        if known["expires_at"] is not None:
            known["expires_at"] = dt.datetime.fromisoformat(known["expires_at"])
        return cls(**known)


@attrs.frozen(kw_only=True)
class MissingFile:
    """A recording or a transcript that is not there."""

    call: str
    """The call's id."""
    part: str
    """Which of its files; empty if the call itself could not be had."""
    reason: str


@attrs.frozen(kw_only=True)
class Archive:
    """What came of keeping the files of calls."""

    output: Path
    """The folder."""
    calls: int
    """How many calls were looked at."""
    fetched: tuple[ArchivedFile, ...]
    """The files that came."""
    kept: tuple[ArchivedFile, ...]
    """Those that were there already."""
    missing: tuple[MissingFile, ...]
    """Those that could not be had."""
    pending: tuple[MissingFile, ...]
    """Those that are being made, or may change as the call goes on: a later run has them."""


def archive(  # noqa: PLR0913 - which calls, and where to
    client: SyncClient,
    output: str | os.PathLike[str],
    /,
    *,
    since: dt.datetime | str | None = None,
    until: dt.datetime | str | None = None,
    ids: Iterable[str] | None = None,
    on_file: OnFile | None = None,
) -> Archive:
    """Keep the recordings and transcripts of calls in a folder, before the provider deletes them.

        kept = callrecords.archive(kit, "recordings", since=yesterday)

    It can be broken off at any moment and called again, each night if you like: a file that is
    there is not fetched again, and a download that broke goes on where it was.

    Args:
        client: Whom to ask.
        output: A folder, which is made if it is not there.
        since: The calls from then on, a time or a text such as ``7d`` or ``2026-11-21``; a call's
            time is when it was made, or else began, or ended.
        until: Those before it; now unless it is said.
        ids: These calls instead.
        on_file: Told how much of a file there is.

    Raises:
        ConfigurationError: an argument means nothing, nobody has said how the provider's calls
            are had, or the folder has the manifest of something else.
        RequestError: calls could not be had. A file that cannot be had, and a call that is not
            there or cannot be read, are among the missing.
        OSError: a file could not be written.
    """
    if (since is None) == (ids is None):
        raise ConfigurationError("archive takes calls since a time, or ids")
    provider = name_of_provider(client)
    conversion = conversion_by(client)
    found = ids or ()
    if since is not None:
        made = listed(conversion_listing(provider), client, *between(since, until))
        found = (record.id for record in made if record.id)
    folder = Path(output)
    folder.mkdir(parents=True, exist_ok=True)
    work = _Archiving(client, conversion, folder, on_file)
    for identifier in found:
        work.keep(identifier)
    return work.done()


@attrs.frozen
class _Part:
    """What of a call is a file."""

    name: str
    field: str
    """The one of the record that it is in."""
    find: Callable[[CallRecord], RecordingRecord | Transcript | None]
    """The same of another reading of the call, whose addresses are newer."""


class _Archiving:
    """Keeps the files of one call after the other."""

    def __init__(
        self, client: SyncClient, conversion: Conversion, folder: Path, on_file: OnFile | None
    ) -> None:
        self._client, self._conversion = client, conversion
        self._folder, self._on_file = folder, on_file
        self._known = {(file.call, file.part): file for file in _read_archive(folder)}
        self._calls = 0
        self._fetched: list[ArchivedFile] = []
        self._kept: list[ArchivedFile] = []
        self._missing: list[MissingFile] = []
        self._pending: list[MissingFile] = []

    def keep(self, identifier: str) -> None:
        """Keep the files of a call."""
        self._calls += 1
        try:
            record = self._read(identifier)
        except _OF_ONE_CALL as error:
            self._missing.append(MissingFile(call=identifier, part="", reason=str(error)))
            return
        for part in _parts_of(record):
            self._keep_part(identifier, record, part)

    def done(self) -> Archive:
        """What came of it."""
        return Archive(
            output=self._folder,
            calls=self._calls,
            fetched=tuple(self._fetched),
            kept=tuple(self._kept),
            missing=tuple(self._missing),
            pending=tuple(self._pending),
        )

    def _keep_part(self, call: str, record: CallRecord, part: _Part) -> None:
        known = self._known.get((call, part.name))
        found = part.find(record)
        text = None if found is None or found.url else getattr(found, "text", None)
        content = None if text is None else text.encode(errors="replace")
        if known is not None and _is_there(self._folder / known.path, known, content):
            self._kept.append(known)
            return
        if found is None or (not found.url and content is None):
            status = getattr(found, "status", None) or "it has no address yet"
            self._pending.append(MissingFile(call=call, part=part.name, reason=str(status)))
            return
        if self._may_change(record, part):
            reason = "it may change as long as the call is not settled"
            self._pending.append(MissingFile(call=call, part=part.name, reason=reason))
            return
        suffix = suffix_of(found.url) if found.url else ".txt"
        name = f"{unique_stem_of(call)}/{part.name}{suffix}"
        path = self._folder / name
        # It is there and not noted when what wrote it was broken off between the two.
        was_there = known is None and content is None and path.is_file()
        if was_there:
            path.with_name(f"{path.name}.part.json").unlink(missing_ok=True)  # perhaps of then, too
        try:
            digest = digest_of(path) if was_there else self._fetch(record, part, path, content)
        except (ConfigurationError, RequestError) as error:  # the former of its address
            with contextlib.suppress(OSError):
                path.parent.rmdir()  # if nothing came
            self._missing.append(MissingFile(call=call, part=part.name, reason=str(error)))
            return
        file = ArchivedFile(
            call=call,
            part=part.name,
            path=name,
            size=path.stat().st_size,
            sha256=digest,
            expires_at=found.expires_at,
        )
        _note(self._folder, file)
        (self._kept if was_there else self._fetched).append(file)

    def _fetch(self, record: CallRecord, part: _Part, path: Path, content: bytes | None) -> str:
        """Write a file, and give its digest."""
        path.parent.mkdir(exist_ok=True)
        if content is not None:
            with replacing(path) as file:
                file.write(content)
            return digest_of(path)
        readings = [record]

        def ask() -> Any:  # noqa: ANN401 - a part of a record
            return part.find(readings.pop() if readings else self._read(str(record.id)))

        def tell(done: int, total: int | None) -> None:
            if self._on_file is not None:
                self._on_file(str(path), done, total)

        return self._client.download(ask, path, on_progress=tell).sha256

    def _may_change(self, record: CallRecord, part: _Part) -> bool:
        """Whether what would be kept now may be another later."""
        unsettled = self._conversion.unsettled
        return unsettled is not None and not {"status", part.field}.isdisjoint(unsettled(record))

    def _read(self, identifier: str) -> CallRecord:
        needed = {name: False for name in self._conversion.parts if name in _WANTED}
        record: CallRecord = read(self._conversion, self._client, identifier, needed, {})
        return record


def _parts_of(record: CallRecord) -> Iterator[_Part]:
    for index, recording in enumerate(record.recordings or ()):
        key = unique_stem_of(recording.id) if recording.id else str(index + 1)
        yield _Part(f"recording-{key}", "recordings", same_recording(index, recording.id))
    if record.transcript is not None:
        yield _Part("transcript", "transcript", attrgetter("transcript"))


def _is_there(path: Path, known: ArchivedFile, content: bytes | None) -> bool:
    """Whether a file is there as it was noted, and, of a text, as it is now."""
    is_current = content is None or hashlib.sha256(content).hexdigest() == known.sha256
    return is_current and path.is_file() and path.stat().st_size == known.size


def _read_archive(folder: Path) -> Iterator[ArchivedFile]:
    path = folder / ARCHIVE
    if not path.exists():
        return
    with path.open("rb") as lines:
        for number, line in enumerate(lines, start=1):
            try:
                data = json.loads(line)
            except ValueError:
                continue  # it was broken off
            try:
                yield ArchivedFile.from_dict(data)
            except (KeyError, TypeError, ValueError):
                raise ConfigurationError(f"{path}:{number} is no line of an archive") from None


def _note(folder: Path, file: ArchivedFile) -> None:
    with (folder / ARCHIVE).open("ab+") as lines:
        lines.seek(max(0, lines.tell() - 1))
        if lines.read() not in {b"", b"\n"}:
            lines.write(b"\n")  # after a line that was broken off
        lines.write(json.dumps(file.to_dict(), ensure_ascii=False).encode(errors="replace") + b"\n")
        lines.flush()
        os.fsync(lines.fileno())
