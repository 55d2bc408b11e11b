"""The files of a call: which is which at another reading, and what they are called."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Callable

    from callrecords.calls import CallRecord, RecordingRecord

_LONGEST_NAME = 100
_SUFFIX = re.compile(r"\.[A-Za-z0-9]{1,5}")


def same_recording(
    index: int, identifier: str | None
) -> Callable[[CallRecord], RecordingRecord | None]:
    """What finds a recording at another reading of its call: by its id, or else by its place."""

    def find(record: CallRecord) -> RecordingRecord | None:
        found = record.recordings or ()
        if identifier is not None:
            return next((each for each in found if each.id == identifier), None)
        return found[index] if index < len(found) else None

    return find


def stem_of(identifier: str | None) -> str:
    """An id as the name of a file, which leads nowhere else."""
    return re.sub(r"[^\w.-]+", "_", identifier or "call").lstrip(".")[:_LONGEST_NAME]


def unique_stem_of(identifier: str) -> str:
    """The same, with a digest where two ids might have the same name; none begins with _."""
    stem = stem_of(identifier).lstrip("._")
    if stem == identifier:
        return stem
    return f"{stem}-{hashlib.sha256(identifier.encode(errors='surrogatepass')).hexdigest()[:12]}"


def suffix_of(url: str) -> str:
    """How the name of a file ends that is at an address: ``.mp4``."""
    try:
        path = urlsplit(url).path
    except ValueError:
        return ""  # it is no address, which is said when it is asked
    _, dot, suffix = path.rpartition("/")[2].rpartition(".")
    return f".{suffix}" if dot and _SUFFIX.fullmatch(f".{suffix}") else ""
