"""Texts of a definition between the quotes of docstrings."""

from __future__ import annotations

import ast
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codegen.generator.docstrings import (
    docstring,
    entry,
    one_line,
    safe,
    sections,
    sentence,
    summary_of,
)

LONG = "-".join(["abcdefghij"] * 12)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("abcdef-ghijkl", "abcdef-ghijkl"),
        (f"as {LONG} says", f"as\n{LONG}\nsays"),
        (r"C:\ " + "\\new" * 8 + " is one", "C:\\\\\n" + "\\\\new" * 8 + "\nis one"),
        ("- one\n    - two three four five six", "- one\n    - two three four\n    five six"),
        ("one\n\n\ntwo", "one\n\n\ntwo"),
        ("\tone  \n two", "one\n two"),
        ("", ""),
    ],
)
def test_lines_are_broken_between_words_only(text: str, expected: str) -> None:
    assert docstring(text, 20) == expected


@given(st.text())
def test_any_text_is_read_back_but_for_what_python_cannot_hold(text: str) -> None:
    held = "".join(
        sign for sign in text if sign in "\n\t" or unicodedata.category(sign) not in {"Cc", "Cs"}
    )
    assert ast.literal_eval(f'"""{safe(text)}"""') == held
    wrapped = ast.literal_eval(f'"""{docstring(text, 40)}"""')
    assert wrapped.split() == held.split()


@pytest.mark.parametrize(
    "text", ['a "', 'a \\"', '"""', 'a """"', "a \\", "a \x00b \x1b[0m \ud800"]
)
def test_no_text_ends_its_docstring(text: str) -> None:
    source = f'"""{safe(text)}"""'
    held = "".join(sign for sign in text if sign not in "\x00\x1b\ud800")
    assert ast.literal_eval(source) == held


def test_an_entry_goes_on_below_its_name() -> None:
    assert entry("size", "one two three\nfour", 20) == "size: one two\n    three\n    four"
    assert entry("size", "one\n\ntwo", 20) == "size: one\n\n    two"


def test_sections_that_have_nothing_are_left_out() -> None:
    text = sections(["First.", ""], Args=["a: One.\n    more"], Returns=[], Raises=["E: No."])
    assert text == "First.\n\nArgs:\n    a: One.\n        more\n\nRaises:\n    E: No."


@pytest.mark.parametrize(
    ("text", "summary", "rest"),
    [
        ("Get a call", "Get a call", ""),
        ("Get a\ncall. Or\nnone.", "Get a call.", "Or\nnone."),
        ("Get it, e.g. by id. Then\n\nMore.", "Get it, e.g. by id.", "Then\n\nMore."),
        ("Version 1.2 is it.\n\nMore.", "Version 1.2 is it.", "More."),
        (" \n ", "", ""),
    ],
)
def test_the_first_sentence_is_the_summary(text: str, summary: str, rest: str) -> None:
    assert summary_of(text) == (summary, rest)


def test_a_sentence_ends_like_one() -> None:
    assert [sentence(text) for text in (" a ", "a.", "a?", "a:")] == ["a.", "a.", "a?", "a:"]
    assert one_line(" a\n b ") == "a b"
