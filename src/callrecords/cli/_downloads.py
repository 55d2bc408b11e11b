"""Which files of a call are downloaded, where to, and from where: nothing here prints."""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING, Any

from attrs import frozen

import callrecords
from callrecords._call_files import same_recording, stem_of, suffix_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from callrecords import CallRecord
    from callrecords_runtime.blocking import SyncClient
    from callrecords_runtime.downloads import Download, OnProgress


@frozen
class Part:
    """A recording or the transcript of a call."""

    name: str
    """Of the file."""
    find: Callable[[CallRecord], Any]
    """The same of another reading of the call, whose addresses are newer."""


def parts_of(record: CallRecord) -> Iterator[Part]:
    """What of a call can be downloaded."""
    stem = stem_of(record.id)
    recordings = record.recordings or ()
    for index, recording in enumerate(recordings):
        if recording.url is not None:
            number = f"-{index + 1}" if len(recordings) > 1 else ""
            name = f"{stem}{number}{suffix_of(recording.url)}"
            yield Part(name, same_recording(index, recording.id))
    if record.transcript is not None and record.transcript.url is not None:
        yield Part(f"{stem}.transcript{suffix_of(record.transcript.url)}", attrgetter("transcript"))


def download(
    client: SyncClient, record: CallRecord, part: Part, folder: Path, on_progress: OnProgress
) -> Download:
    """Download a part, by the address of the record, and of a newer one if its time is over.

    Raises:
        RequestError: it could not be had.
    """
    known = [record]

    def ask() -> Any:  # noqa: ANN401 - a part of a record
        return part.find(known.pop() if known else callrecords.get_record(client, str(record.id)))

    return client.download(ask, folder / part.name, on_progress=on_progress)
