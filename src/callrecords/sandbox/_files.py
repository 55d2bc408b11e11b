"""The host where recordings and transcripts are: files, of which parts can be asked for."""

from __future__ import annotations

import hashlib
import re
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import unquote

from callrecords.sandbox._answer import Answer, refusal

if TYPE_CHECKING:
    from callrecords.sandbox._received import ReceivedRequest

FOLDER = "_files"
"""What stands in an address where others have the name of a provider."""
_RANGE = re.compile(r"bytes=(\d+)-")


class Files:
    """Files by their names."""

    def __init__(self) -> None:
        self._contents: dict[str, bytes] = {}

    def add(self, name: str, content: bytes) -> None:
        """Keep a file, instead of another of that name."""
        self._contents[name] = content

    def answer(self, request: ReceivedRequest) -> Answer:
        """The file, or what is asked for of this version of it."""
        content = self._contents.get(unquote(request.path.removeprefix("/")))
        if content is None:
            return refusal(None, HTTPStatus.NOT_FOUND, f"there is no file {request.path}")
        tag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
        headers = {"content-type": "application/octet-stream", "etag": tag}
        asked = _RANGE.fullmatch(request.headers.get("range", ""))
        if asked is None or request.headers.get("if-range", tag) != tag:
            return Answer(HTTPStatus.OK, content, headers)
        start, total = int(asked[1]), len(content)
        if start >= total:
            ranges = {"content-range": f"bytes */{total}"}
            return Answer(HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE, b"", ranges)
        headers["content-range"] = f"bytes {start}-{total - 1}/{total}"
        return Answer(HTTPStatus.PARTIAL_CONTENT, content[start:], headers)
