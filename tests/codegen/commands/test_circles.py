"""Every command comes to an end, also where the references of a definition go round in circles."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any, cast

import pytest
from hypothesis import given, settings

from codegen.commands.add.addition import Wanted, add
from codegen.commands.sides import read_both
from codegen.compare import compare
from codegen.files.document import serialise
from codegen.files.errors import BadInputError, BadInputs
from codegen.files.values import copy_of
from codegen.generator.view import generator_view
from codegen.openapi.grammar import lost_references, root, walk
from codegen.proof.equivalence import validation_differences
from codegen.proof.schemas import UnusableSchemaError, close_schema
from tests.codegen.commands.running import repository
from tests.codegen.openapi.circles import CIRCLES, SOUND, at_most, tangles
from tests.codegen.packages import made

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from codegen.files.values import JSONObject
    from codegen.providers.provider import Provider

WHOLE = {name: circle for name, circle in CIRCLES.items() if " 2 " in name or " 1 through" in name}
"""One circle of each kind that begins where it is used, and each that does not."""


def refused(command: Callable[[], object]) -> list[BadInputError]:
    """What a command finds wrong with what it is given."""
    try:
        command()
    except BadInputError as error:
        return [error]
    except BadInputs as error:
        return error.problems
    return []


def written(folder: Path, definition: JSONObject) -> Path:
    path = folder / "definition.json"
    path.write_bytes(serialise(definition, as_json=True))
    return path


def close_every_schema(definition: JSONObject) -> None:
    for node in walk(root(definition)):
        if node.kind == "schema":
            try:
                close_schema(definition, node.value)
            except UnusableSchemaError as error:
                assert "$ref" in str(error)  # noqa: PT017 - one kind of error among several


def each_walker(definition: JSONObject) -> None:
    with at_most(300_000):
        close_every_schema(definition)
        validation_differences(definition, SOUND)
        validation_differences(copy_of(definition), definition)
        if not any(lost_references(definition)):
            generator_view(definition)


@pytest.mark.parametrize("definition", CIRCLES.values(), ids=CIRCLES)
def test_every_walker_ends_on_every_circle(definition: Any) -> None:
    each_walker(definition)


@settings(max_examples=50)
@given(definition=tangles())
def test_every_walker_ends_on_any_tangle(definition: Any) -> None:
    each_walker(definition)


@pytest.mark.parametrize("definition", WHOLE.values(), ids=WHOLE)
def test_a_package_is_made_of_a_circle_or_its_place_is_named(
    definition: Any, make_provider: Callable[[str], Provider]
) -> None:
    provider = make_provider(serialise(definition, as_json=True).decode())

    def make() -> None:
        with made([provider]):
            pass

    assert all(problem.pointer for problem in refused(make))


@pytest.mark.parametrize("definition", WHOLE.values(), ids=WHOLE)
def test_a_provider_is_added_for_what_is_in_no_circle(definition: Any, tmp_path: Path) -> None:
    wanted = Wanted("dogs", str(written(tmp_path, definition)))
    problems = refused(lambda: add(repository(tmp_path), wanted))
    assert all(problem.pointer is not None for problem in problems)


@pytest.mark.parametrize("definition", WHOLE.values(), ids=WHOLE)
def test_definitions_are_compared_or_their_circle_is_named(definition: Any, tmp_path: Path) -> None:
    (tmp_path / "old").mkdir()
    new, old = written(tmp_path, definition), written(tmp_path / "old", cast("Any", SOUND))

    def compare_them(one: Path, other: Path) -> None:
        assert (one is not other) or not compare(*read_both(one, other, None), package="a").changes

    for one, other in ((old, new), (new, old), (new, new)):
        problems = refused(functools.partial(compare_them, one, other))
        assert all(problem.pointer for problem in problems)
