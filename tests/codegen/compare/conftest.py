"""The definitions of tests, changed and compared."""

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
    from collections.abc import Iterable

    from tests.codegen.compare.changes import Edit

DEFINITIONS = Path(__file__).parents[2] / "data/definitions"
EXCHANGE = DEFINITIONS / "exchange.yaml"

Compared: TypeAlias = Callable[..., Comparison]


def side_of(definition: Any) -> Side:
    """A definition in its canonical form, with what the generator makes of it."""
    return side(read(canonical(Document("it", b"", definition), NO_NAMES)))


@pytest.fixture(scope="session")
def exchange() -> Any:
    return canonical(read_definition(EXCHANGE), NO_NAMES).data


@pytest.fixture(scope="session")
def sessions() -> Any:
    """One that says of its client what a definition cannot say."""
    return canonical(read_definition(DEFINITIONS / "sessions.yaml"), NO_NAMES).data


@pytest.fixture(scope="session")
def exchange_side(exchange: Any) -> Side:
    return side_of(exchange)


@pytest.fixture(scope="session")
def sessions_side(sessions: Any) -> Side:
    return side_of(sessions)


@pytest.fixture
def compared(exchange_side: Side) -> Compared:
    """Compare the exchange definition with what edits make of it."""

    def run(*edits: Edit, first: Edit | None = None) -> Comparison:
        return _changed(exchange_side, first, edits, "exchange")

    return run


@pytest.fixture
def sessions_compared(sessions_side: Side) -> Compared:
    """The same of the definition of sessions."""

    def run(*edits: Edit, first: Edit | None = None) -> Comparison:
        return _changed(sessions_side, first, edits, "calls")

    return run


def _changed(before: Side, first: Edit | None, edits: Iterable[Edit], package: str) -> Comparison:
    new: Any = copy.deepcopy(before.definition)
    if first is not None:
        first(new)
        before = side_of(copy.deepcopy(new))
    for edit in edits:
        edit(new)
    return compare(before, side_of(new), package=package)


def only(comparison: Comparison) -> Change:
    """The one change there is."""
    [change] = comparison.changes
    return change
