"""The exchange definition, changed and compared."""

from __future__ import annotations

import copy
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import pytest

from codegen.compare import Change, Comparison, compare
from codegen.compare.definitions import read_both

if TYPE_CHECKING:
    from tests.codegen.compare.changes import Edit

EXCHANGE = Path(__file__).parents[2] / "data/definitions/exchange.yaml"

Compared: TypeAlias = Callable[..., Comparison]


@pytest.fixture(scope="session")
def exchange() -> Any:
    return read_both(EXCHANGE, EXCHANGE, None)[0]


@pytest.fixture
def compared(exchange: Any) -> Compared:
    """Compare the exchange definition with what edits make of it."""

    def run(*edits: Edit, first: Edit | None = None) -> Comparison:
        old = copy.deepcopy(exchange)
        if first is not None:
            first(old)
        new = copy.deepcopy(old)
        for edit in edits:
            edit(new)
        return compare(old, new, package="exchange")

    return run


def only(comparison: Comparison) -> Change:
    """The one change there is."""
    [change] = comparison.changes
    return change
