"""The exchange definition, changed and compared."""

from __future__ import annotations

import copy
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import pytest

from codegen.compare import Change, Comparison, Side, compare, side
from codegen.files.document import Document
from codegen.generator.reading import read
from codegen.openapi.canonical import canonical
from codegen.openapi.definition import read_definition
from codegen.openapi.places import NO_NAMES

if TYPE_CHECKING:
    from tests.codegen.compare.changes import Edit

EXCHANGE = Path(__file__).parents[2] / "data/definitions/exchange.yaml"

Compared: TypeAlias = Callable[..., Comparison]


def side_of(definition: Any) -> Side:
    """A patched definition with what the generator makes of it."""
    return side(read(Document("it", b"", definition)))


@pytest.fixture(scope="session")
def exchange() -> Any:
    return canonical(read_definition(EXCHANGE), NO_NAMES).data


@pytest.fixture(scope="session")
def exchange_side(exchange: Any) -> Side:
    return side_of(exchange)


@pytest.fixture
def compared(exchange: Any, exchange_side: Side) -> Compared:
    """Compare the exchange definition with what edits make of it."""

    def run(*edits: Edit, first: Edit | None = None) -> Comparison:
        old = copy.deepcopy(exchange)
        before = exchange_side
        if first is not None:
            first(old)
            before = side_of(old)
        new = copy.deepcopy(old)
        for edit in edits:
            edit(new)
        return compare(before, side_of(new), package="exchange")

    return run


def only(comparison: Comparison) -> Change:
    """The one change there is."""
    [change] = comparison.changes
    return change
