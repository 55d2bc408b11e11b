"""What the media type of a body says of it, whatever its letter case and parameters."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_IS_JSON = re.compile(r"(application|text)/(.+\+)?json\s*(;.*)?", re.IGNORECASE)
_MAY_BE_JSON = re.compile(
    r"(application|text)/([^;]+\+)?json\b.*|application/\*|\*/\*", re.IGNORECASE
)
_READABLE = re.compile(
    r"(text/.*|application/(.+\+)?json|application/octet-stream|\*/\*)(\s*;.*)?", re.IGNORECASE
)


def is_json(media_type: str) -> bool:
    """Whether bodies of this type are JSON."""
    return _IS_JSON.fullmatch(media_type) is not None


def json_media_type(content: Mapping[str, object]) -> str | None:
    """The first media type of a response that is JSON or may be, as any type may."""
    return next(filter(_MAY_BE_JSON.fullmatch, content), None)


def is_readable(media_type: str) -> bool:
    """Whether a client reads a body of this type as more than bytes."""
    return _READABLE.fullmatch(media_type) is not None
