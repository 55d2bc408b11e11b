"""Names of files that are downloaded, made of what a provider says."""

from __future__ import annotations

import hashlib
import re
from urllib.parse import urlsplit

_LONGEST_NAME = 100
_SUFFIX = re.compile(r"\.[A-Za-z0-9]{1,5}")


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
