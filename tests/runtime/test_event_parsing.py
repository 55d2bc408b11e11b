"""Events and records are cut out of bytes, whatever the pieces that these come in."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callrecords_runtime.event_parsing import EventParser, Raw, RecordParser
from callrecords_runtime.intake import TooLargeError

ENDS = st.sampled_from(["\n", "\r", "\r\n"])
LINE = st.text("a :é\x85", max_size=4)


def pieces(draw: Any, content: bytes) -> list[bytes]:
    """The content, cut anywhere."""
    places = sorted(draw(st.lists(st.integers(0, len(content)), max_size=5)))
    return [content[one:two] for one, two in zip([0, *places], [*places, None], strict=True)]


def read(parser: EventParser | RecordParser, content: list[bytes]) -> list[Raw]:
    return [*(raw for piece in content for raw in parser.take(piece)), *parser.end()]


@given(st.data(), st.lists(st.lists(LINE, min_size=1, max_size=3), max_size=4), ENDS)
def test_events_come_as_they_were_sent(data: Any, events: list[list[str]], end: str) -> None:
    noise = data.draw(st.sampled_from([[], [": ping"], ["unknown: 1", "retry: soon"]]))
    told = [
        [*noise, f"id: {number}", "event:call", *(f"data: {line}" for line in lines), ""]
        for number, lines in enumerate(events)
    ]
    text = data.draw(st.sampled_from(["", "\ufeff"])) + "".join(
        line + end for lines in told for line in lines
    )
    found = read(EventParser(10_000), pieces(data.draw, text.encode()))
    assert [raw.data.decode() for raw in found] == ["\n".join(lines) for lines in events]
    assert [(raw.event, raw.id) for raw in found] == [
        ("call", str(number)) for number in range(len(events))
    ]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"data: 1\n\ndata:2\n\n", [Raw(b"1"), Raw(b"2")]),
        (b"data:  1\ndata\n\n", [Raw(b" 1\n")]),
        (b": nothing\n\nevent: e\nid: 7\n\ndata: 1\n\n", [Raw(b"1", "message", "7")]),
        (b"retry: 10\ndata: 1\n\ndata: 2\n\n", [Raw(b"1", retry=10), Raw(b"2", retry=10)]),
        (b"id: 7\ndata: 1\n\nid\ndata: 2\n\n", [Raw(b"1", id="7"), Raw(b"2", id="")]),
        (b"id: a\0b\ndata: 1\n\n", [Raw(b"1")]),
        (b"data: cut", [Raw(b"cut")]),
        (b"", []),
    ],
)
def test_an_event_is_what_the_standard_says(content: bytes, expected: list[Raw]) -> None:
    for size in (1, 3, len(content) or 1):
        cut = [content[place : place + size] for place in range(0, len(content), size)]
        assert read(EventParser(100), cut) == expected


def test_a_piece_of_nothing_ends_no_line() -> None:
    parts = [b"data: 1\r", b"", b"\ndata: 2\r\n\r\n"]
    assert read(EventParser(100), parts) == [Raw(b"1\n2")]


def test_a_record_of_a_sequence_is_given_before_the_next_begins() -> None:
    parser = RecordParser(100)
    assert [*parser.take(b'\x1e{"a":\n')] == []
    assert [*parser.take(b"1}\n")] == [Raw(b'{"a":\n1}')]
    assert not parser.has_begun
    assert [*parser.take(b"\x1e2"), *parser.end()] == [Raw(b"2")]


@given(st.data(), st.lists(st.sampled_from([None, [], "a\né", {"a": [1]}]), max_size=4))
def test_records_are_lines_or_begin_with_a_separator(data: Any, records: list[Any]) -> None:
    texts = [json.dumps(record) for record in records]
    lines = data.draw(st.sampled_from(["\n", "\r\n", "\n\n"])).join(texts)
    sequence = "".join(f"\x1e{text}\n" for text in texts)
    content = data.draw(st.sampled_from([lines, lines + "\n", sequence])).encode()
    found = read(RecordParser(10_000), pieces(data.draw, content))
    assert [json.loads(raw.data) for raw in found] == records


@pytest.mark.parametrize(
    ("parser", "part"),
    [(EventParser, b"data: 12345\n"), (EventParser, b"12345"), (RecordParser, b"12345")],
)
def test_an_event_has_at_most_so_many_bytes(
    parser: type[EventParser | RecordParser], part: bytes
) -> None:
    within = parser(100)
    with pytest.raises(TooLargeError, match="more than the 100 bytes of max_bytes"):
        read(within, [part] * 100)
    assert len(read(parser(100), [b"data: 12345\n\n"] * 100)) == 100


@pytest.mark.parametrize("parser", [EventParser, RecordParser])
def test_it_is_known_whether_something_has_begun(
    parser: type[EventParser | RecordParser],
) -> None:
    made = parser(100)
    ends = {b"data: 1": True, b"\n\n": False, b": pi": True, b"ng\n\n": False}
    for piece, has_begun in ends.items():
        _ = [*made.take(piece)]
        assert made.has_begun is has_begun
