"""What the media type of a body says of it, whatever its letter case and parameters."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, Literal, TypeAlias, get_args

if TYPE_CHECKING:
    from collections.abc import Mapping

    from codegen.files.values import JSONObject

Kind: TypeAlias = Literal["json", "text", "form", "multipart", "bytes"]

StreamKind: TypeAlias = Literal["events", "texts", "records"]

STREAM_KINDS: Final = frozenset(get_args(StreamKind))
_IS_JSON = re.compile(r"(application|text)/(.+\+)?json\s*(;.*)?", re.IGNORECASE)
_MAY_BE_JSON = re.compile(
    r"(application|text)/([^;]+\+)?json\b(?!-seq).*|application/\*|\*/\*", re.IGNORECASE
)
_IS_ANY = re.compile(r"(application|\*)/\*.*", re.IGNORECASE)
_READABLE = re.compile(
    r"(text/.*|application/(.+\+)?json|application/octet-stream|\*/\*)(\s*;.*)?", re.IGNORECASE
)
_RECORDS = re.compile(
    r"(application|text)/([^;]+\+)?((x-)?(nd-?json|json-?l(ines)?)|json-seq)|application/stream\+json"
)
_FORM = "application/x-www-form-urlencoded"
_FILES = frozenset({"text/csv", "text/tab-separated-values", "text/xml"})
"""Texts that programs read, whose encoding is often that of whoever wrote them."""


def is_json(media_type: str) -> bool:
    """Whether bodies of this type are JSON."""
    return _IS_JSON.fullmatch(media_type) is not None


def json_media_type(content: Mapping[str, object]) -> str | None:
    """The first media type of a response that is JSON or may be, as any type may."""
    found = next(filter(is_json, content), None)
    return found or next(filter(_MAY_BE_JSON.fullmatch, content), None)


def is_readable(media_type: str) -> bool:
    """Whether a client reads a body of this type as more than bytes."""
    return _READABLE.fullmatch(media_type) is not None


def kind_of(media_type: str, schema: JSONObject | None) -> Kind:
    """What bodies of a type are; whose schema is of bytes, they are neither JSON nor text."""
    name = media_type.partition(";")[0].strip().lower()
    is_of_bytes = (schema or {}).get("format") == "binary"
    if _MAY_BE_JSON.fullmatch(media_type):
        is_unknown = schema is None and _IS_ANY.fullmatch(media_type)
        return "bytes" if is_unknown or is_of_bytes else "json"
    if name == _FORM:
        return "form"
    if name.startswith("multipart/"):
        return "multipart"
    is_text = name.startswith("text/") and name not in _FILES
    return "text" if is_text and not is_of_bytes else "bytes"


def stream_kind(media_type: str, schema: JSONObject | None) -> StreamKind | None:
    """What comes one by one in an answer of a type, which the schema is of; None if nothing does.

    Events of which nothing is said are texts.
    """
    name = media_type.partition(";")[0].strip().lower()
    if _RECORDS.fullmatch(name) is not None:
        return "records"
    if name != "text/event-stream":
        return None
    return "texts" if schema is None or schema.get("type") == "string" else "events"


def read_media_type(content: Mapping[str, object]) -> str:
    """The media type that is read of those that a response may have: JSON if it can be.

    It is empty where there is none.
    """
    return json_media_type(content) or next(filter(is_readable, content), next(iter(content), ""))
