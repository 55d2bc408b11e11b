"""What is written in definitions, besides names and types."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from codegen.compare import Severity
from tests.codegen.compare.changes import drop, put
from tests.codegen.compare.conftest import only

if TYPE_CHECKING:
    from tests.codegen.compare.conftest import Compared

TEXTS: dict[str, tuple[Any, Any, str]] = {
    "title": ("Another", "A third", "A third"),
    "version": ("2.0.1", "2.0.2", "2.0.2"),
    "description": ("It exchanges.", "It exchanges more.", "It exchanges more."),
    "contact": ({"name": "We"}, {"name": "You"}, "name: You"),
    "license": ({"name": "MIT"}, {"name": "BSD"}, "name: BSD"),
}


@pytest.mark.parametrize("member", TEXTS)
def test_what_is_said_of_all_is_only_to_be_read(member: str, compared: Compared) -> None:
    old, new, shown = TEXTS[member]
    place = f"/info/{member}"
    change = only(compared(put(place, new), first=put(place, old)))
    assert (change.id, change.severity) == ("documentation-changed", Severity.DOCS)
    assert (change.python_name, change.pointer, change.new) == ("exchange", place, shown)
    if member not in {"title", "version"}:
        gone = only(compared(drop(place), first=put(place, old)))
        assert (gone.pointer, gone.old, gone.new) == ("/info", change.old, "")
