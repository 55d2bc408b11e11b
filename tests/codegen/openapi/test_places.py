"""Places in an API, as people write them."""

from __future__ import annotations

import pytest

from codegen.openapi.places import parsed_place, quoted


@pytest.mark.parametrize(
    ("text", "start", "parts", "steps"),
    [
        ("Call", "Call", (), ()),
        ("Call.participants[]", "Call", (), (".participants", "[]")),
        ("get_call 200", "get_call", ("200",), ()),
        ("get_call 4XX.error", "get_call", ("4XX",), (".error",)),
        ("get_call default", "get_call", ("default",), ()),
        ("add_call body", "add_call", ("body",), ()),
        ("list_calls query status", "list_calls", ("query", "status"), ()),
        ("list_calls query 'a b'", "list_calls", ("query", "a b"), ()),
        ("get_call 200 header X-A", "get_call", ("200", "header", "X-A"), ()),
        ("get_call 200(text/csv)", "get_call", ("200",), ("(text/csv)",)),
        ("Call.data(2).'a.b'", "Call", (), (".data", "(2)", ".a.b")),
    ],
)
def test_a_place_is_taken_apart(
    text: str, start: str, parts: tuple[str, ...], steps: tuple[str, ...]
) -> None:
    place = parsed_place(text)
    assert place is not None
    assert (place.start, place.parts, place.steps) == (start, parts, steps)
    assert str(place) == text


@pytest.mark.parametrize("text", ["", "1", "Call.", "Call..a", "get_call 700", "a query", "Call["])
def test_what_is_no_place_is_none(text: str) -> None:
    assert parsed_place(text) is None


@pytest.mark.parametrize("word", ["a", "a b", "a.b", "X-A", "a[]"])
def test_a_quoted_name_is_read_as_itself(word: str) -> None:
    place = parsed_place(f"Call.{quoted(word)}")
    assert place is not None
    assert place.steps == (f".{word}",)
