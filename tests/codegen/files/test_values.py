"""Replacing one value in JSON data."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from codegen.files.values import ABSENT, Absent, replace_at

if TYPE_CHECKING:
    from codegen.files.values import JSON

DATA: JSON = {"a": [{"b": 1}, 2], "c/d": None}


REPLACED: list[tuple[str, JSON | Absent, JSON]] = [
    ("", 1, 1),
    ("/a", None, {"a": None, "c/d": None}),
    ("/a/0/b", 2, {"a": [{"b": 2}, 2], "c/d": None}),
    ("/a/1", 3, {"a": [{"b": 1}, 3], "c/d": None}),
    ("/a/0/new", 2, {"a": [{"b": 1, "new": 2}, 2], "c/d": None}),
    ("/c~1d", ABSENT, {"a": [{"b": 1}, 2]}),
    ("/a/0", ABSENT, {"a": [2], "c/d": None}),
    ("/a/0/b", ABSENT, {"a": [{}, 2], "c/d": None}),
]


@pytest.mark.parametrize(("pointer", "value", "expected"), REPLACED)
def test_one_value_is_replaced_and_the_data_left_alone(
    pointer: str, value: JSON | Absent, expected: JSON
) -> None:
    before = repr(DATA)
    assert replace_at(DATA, pointer, value) == expected
    assert repr(DATA) == before


@pytest.mark.parametrize(
    ("pointer", "value"),
    [
        ("", ABSENT),
        ("/x", ABSENT),
        ("/x/y", 1),
        ("/a/2", 1),
        ("/a/2", ABSENT),
        ("/a/-", 1),
        ("/a/b", 1),
        ("/a/1/b", 1),
        ("/a/0/b/c", ABSENT),
    ],
)
def test_a_pointer_that_leads_nowhere_is_refused(pointer: str, value: JSON | Absent) -> None:
    with pytest.raises(KeyError):
        replace_at(DATA, pointer, value)
