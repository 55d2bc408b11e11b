"""The lines for a CHANGELOG."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codegen.compare import Comparison
from codegen.compare.report import entry
from tests.codegen.compare.changes import NOTE, TEXT, drop, field, put, schema

if TYPE_CHECKING:
    from tests.codegen.compare.conftest import Compared


def test_an_entry_has_a_list_for_each_severity_and_says_what_to_do(compared: Compared) -> None:
    comparison = compared(
        put("/servers/0/url", "https://elsewhere.example"),
        put(field("Note", "seconds"), {"type": ["integer", "null"]}),
        drop(field("Note", "id")),
        put(field("Note", "more"), TEXT),
        put(f"{NOTE}/summary", "Get one."),
    )
    assert (
        entry(comparison)
        == """\
### Where requests and credentials go

- Requests go to another host: `https://elsewhere.example` instead of \
`https://exchange.example.com`. \
Whoever is there sees what is sent, credentials included.

### What may break a program

- `Note.seconds` may be null now. It can be null: check for `None` before you use it.
- `Note.id` is gone. Code that uses the attribute fails.

### New

- `Note.more` is new. There is one attribute more.

### Documentation

- The summary of `get_note` has changed.
"""
    )


def test_nothing_is_said_of_nothing() -> None:
    assert entry(Comparison(())) == ""


def test_a_text_of_a_definition_stays_on_its_line_and_is_no_markup(compared: Compared) -> None:
    hostile = compared(
        put(f"{schema('Kind')}/enum/-", "x"),
        put(f"{schema('Kind')}/x-enum-varnames", ["SPOKEN", "WRITTEN", "A_B"]),
        put("/components/securitySchemes/a\n# b <script>", {"type": "http", "scheme": "basic"}),
    )
    text = entry(hostile)
    assert "\n# b" not in text
    assert "<script>" not in text
