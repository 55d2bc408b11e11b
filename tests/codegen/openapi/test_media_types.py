"""What the media type of a body says of it."""

from __future__ import annotations

from typing import Any

import pytest

from codegen.openapi.media_types import (
    is_json,
    is_readable,
    json_media_type,
    kind_of,
    read_media_type,
    stream_kind,
)

TEXT: Any = {"type": "string"}
BYTES: Any = {"type": "string", "format": "binary"}
ANYTHING: Any = {}


@pytest.mark.parametrize(
    ("media_type", "of_nothing", "of_text", "of_bytes"),
    [
        ("application/json", "json", "json", "bytes"),
        ("Application/JSON; charset=utf-8", "json", "json", "bytes"),
        ("application/problem+json", "json", "json", "bytes"),
        ("text/json", "json", "json", "bytes"),
        ("application/json-seq", "bytes", "bytes", "bytes"),
        ("*/*", "bytes", "json", "bytes"),
        ("application/*", "bytes", "json", "bytes"),
        ("application/x-www-form-urlencoded", "form", "form", "form"),
        ("Application/X-WWW-Form-Urlencoded; a=b", "form", "form", "form"),
        ("multipart/form-data", "multipart", "multipart", "multipart"),
        ("Multipart/Mixed; boundary=a", "multipart", "multipart", "multipart"),
        ("text/plain", "text", "text", "bytes"),
        ("Text/HTML ; charset=utf-8", "text", "text", "bytes"),
        ("text/csv", "bytes", "bytes", "bytes"),
        ("text/tab-separated-values", "bytes", "bytes", "bytes"),
        ("text/xml; charset=utf-8", "bytes", "bytes", "bytes"),
        ("application/pdf", "bytes", "bytes", "bytes"),
    ],
)
def test_a_body_is_what_its_type_says_unless_its_schema_is_of_bytes(
    media_type: str, of_nothing: str, of_text: str, of_bytes: str
) -> None:
    kinds = [kind_of(media_type, schema) for schema in (None, TEXT, BYTES)]
    assert kinds == [of_nothing, of_text, of_bytes]
    assert kind_of(media_type, ANYTHING) == of_text


@pytest.mark.parametrize(
    ("media_type", "is_one", "is_read"),
    [
        ("application/json", True, True),
        ("application/hal+json;v=1", True, True),
        ("TEXT/JSON", True, True),
        ("application/jsonl", False, False),
        ("application/octet-stream", False, True),
        ("text/csv; header=present", False, True),
        ("*/*", False, True),
        ("image/png", False, False),
        ("image/json", False, False),
    ],
)
def test_a_type_is_json_or_read_as_something_else_or_neither(
    media_type: str,
    is_one: bool,  # noqa: FBT001 - drawn
    is_read: bool,  # noqa: FBT001 - drawn
) -> None:
    assert (is_json(media_type), is_readable(media_type)) == (is_one, is_read)


@pytest.mark.parametrize(
    ("media_types", "as_json", "read"),
    [
        (["text/csv", "application/json"], "application/json", "application/json"),
        (["*/*", "application/a+json"], "application/a+json", "application/a+json"),
        (["image/png", "application/*"], "application/*", "application/*"),
        (["image/png", "text/csv", "text/plain"], None, "text/csv"),
        (["image/png", "image/gif"], None, "image/png"),
        (["text/json-seq", "text/json; a=b"], "text/json; a=b", "text/json; a=b"),
    ],
)
def test_of_several_types_json_is_read_then_what_may_be_json_then_what_is_readable(
    media_types: list[str], as_json: str | None, read: str
) -> None:
    content = dict.fromkeys(media_types)
    assert json_media_type(content) == as_json
    assert read_media_type(content) == read


@pytest.mark.parametrize(
    ("media_type", "schema", "kind"),
    [
        *(
            (media_type, schema, "records")
            for schema in (None, TEXT, {"type": "object"})
            for media_type in (
                "application/jsonl", "application/x-ndjson", "Text/NDJSON; charset=utf-8",
                "application/x-json-lines", "application/nd-json", "application/jsonlines",
                "application/json-seq", "application/a+json-seq", "application/stream+json",
            )
        ),
        ("Text/Event-Stream; charset=utf-8", None, "texts"),
        ("text/event-stream", TEXT, "texts"),
        ("text/event-stream", ANYTHING, "events"),
        ("text/event-stream", {"type": "object"}, "events"),
        ("application/json", None, None),
        ("text/plain", TEXT, None),
    ],
)  # fmt: skip
def test_what_comes_one_by_one_is_records_or_events_or_texts(
    media_type: str, schema: Any, kind: str | None
) -> None:
    assert stream_kind(media_type, schema) == kind
