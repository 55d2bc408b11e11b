"""The table of names in an overlay."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from codegen.files.errors import BadInputs
from codegen.openapi.places import NO_NAMES
from codegen.overlay import read_overlay
from codegen.overlay.names import names_of

if TYPE_CHECKING:
    from pathlib import Path

    from codegen.openapi.places import Names

HEAD = "overlay: 1.1.0\ninfo: {title: T, version: '1'}\nactions: [{target: $.info, remove: true}]\n"


def table(folder: Path, text: str) -> Names:
    path = folder / "overlay.yaml"
    path.write_text(f"{HEAD}x-names:\n{text}", encoding="utf-8")
    return names_of(read_overlay(path))


def test_an_overlay_without_a_table_names_nothing() -> None:
    assert names_of(None) is NO_NAMES


def test_a_line_names_an_operation_or_a_class(tmp_path: Path) -> None:
    lines = "  calls.get: GET /calls\n  end: GET /end\n  Call: [get 200, Calls.one]\n"
    names = table(tmp_path, lines)
    assert names.operations == {"calls.get": ("GET", "/calls"), "end": ("GET", "/end")}
    assert [place.text for place in names.classes["Call"]] == ["get 200", "Calls.one"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("  calls.get: /calls\n", "expected a method and a path"),
        ("  get: GET /a\n  other: GET /a\n", "GET /a is called get already"),
        ("  get: [GET /a]\n", "expected a method and a path"),
        ("  Call: []\n", r"\[\] is no place"),
        ("  Call: '1'\n", "'1' is no place"),
        ("  Call: [get 200, 5]\n", "5 is no place"),
        ("  Call: [get 200, {a: 1}]\n", "{'a': 1} is no place"),
        ("  'a b': Call\n", "names nothing"),
        ("  - Call\n", "is no object"),
    ],
)
def test_a_line_that_cannot_be_read_is_told(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(BadInputs, match=message) as refusal:
        table(tmp_path, text)
    problem: Any = refusal.value.problems[0]
    assert problem.kind == "names/unreadable"
    assert problem.pointer.startswith("/x-names")
    assert problem.line is not None
