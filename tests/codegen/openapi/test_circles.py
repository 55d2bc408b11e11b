"""Whoever walks a definition comes to an end, also where its references go round in circles."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings

from codegen.files.document import Document, parse, serialise
from codegen.files.errors import BadInputError, BadInputs
from codegen.files.values import copy_of
from codegen.openapi.access import credentials, server_address, server_variables, with_arguments
from codegen.openapi.bundling import bundled
from codegen.openapi.canonical import canonical
from codegen.openapi.client_facts import FACTS, client_facts
from codegen.openapi.definition import require_definition
from codegen.openapi.discriminators import choices
from codegen.openapi.fact_check import wrong_facts
from codegen.openapi.grammar import (
    SECTIONS,
    documented_response,
    lost_references,
    operations,
    parameters,
    root,
    walk,
)
from codegen.openapi.joining import joined
from codegen.openapi.mending import mended
from codegen.openapi.names import makes_class, name_of
from codegen.openapi.order import in_order_of, is_same_but_for_order
from codegen.openapi.references import (
    composed,
    followed,
    property_pointer,
    shapes,
)
from codegen.openapi.shapes import with_direct_references
from codegen.openapi.subset import LeftOut, is_part, leave_out, reachable, sliced, with_names
from codegen.openapi.validation import validate_definition
from tests.codegen.openapi.circles import (
    CIRCLES,
    SOUND,
    USES,
    EndlessError,
    at_most,
    tangles,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from codegen.files.values import JSONObject

HERE = Path("openapi.yaml")


def test_there_is_a_use_of_every_kind_of_component() -> None:
    assert set(USES) == set(SECTIONS)
    validate_definition(Document(HERE, b"", SOUND))


def round_in_circles() -> None:
    place = "/a"
    while place:
        place = {"/a": "/b", "/b": "/a"}.get(place, "")


def test_what_does_not_end_is_noticed() -> None:
    with pytest.raises(EndlessError), at_most(1000):
        round_in_circles()


def all_of(walker: Callable[[JSONObject], Iterable[object]]) -> Callable[[Document], object]:
    return lambda document: list(walker(document.data))  # type: ignore[arg-type]


def each_followed(data: JSONObject) -> Iterable[object]:
    for node in walk(root(data)):
        yield followed(data, node.pointer)
        yield from attempts(lambda node=node: with_names(data, node.pointer))  # type: ignore[misc]
        yield is_part(data, node.pointer)


def each_schema(data: JSONObject) -> Iterable[object]:
    for node in walk(root(data)):
        if node.kind == "schema":
            yield makes_class(node.value)
            yield from composed(data, node.pointer)
            yield from attempts(lambda node=node: list(shapes(data, node.pointer)))  # type: ignore[misc]
            yield property_pointer(data, node.pointer, "a")


def each_operation(data: JSONObject) -> Iterable[object]:
    for operation in operations(data):
        yield name_of(operation)
        yield documented_response(operation, 200)
        yield from attempts(lambda operation=operation: parameters(data, operation))  # type: ignore[misc]


def attempts(call: Callable[[], object]) -> Iterable[object]:
    """What a call returns, unless it says by a KeyError what leads nowhere, as it may."""
    try:
        yield call()
    except KeyError as error:
        assert error.args[0]  # noqa: PT017 - the reference


def mapped(data: JSONObject) -> Iterable[object]:
    yield choices(data)


def meant(version: str) -> Callable[[Document], object]:
    def as_meant(document: Document) -> object:
        data: Any = {**document.data, "openapi": version}  # type: ignore[dict-item]
        return canonical(mended(Document(HERE, b"", data)))

    return as_meant


def through_a_file(document: Document) -> object:
    """Each reference leads into another file, and each of that one back."""
    text = serialise(document.data, as_json=True)
    there, back = (text.replace(b'"#/', b'"%s#/' % name) for name in (b"b.json", b"openapi.yaml"))
    return bundled(Document(HERE, there, parse(there, HERE)), lambda _: back)


def joined_with_another(document: Document) -> object:
    return joined(document, [Document(HERE, b"", copy_of(SOUND))])


def told(document: Document) -> object:
    definition: Any = canonical(mended(document)).data
    facts: Any = {"operations": {"a": {"result": "a.b", "refusal": {"c.d": False}}}}
    return client_facts({FACTS: facts}), wrong_facts(facts, definition)


def without_b(document: Document) -> object:
    return leave_out(document, [LeftOut("GET /b", "the operation", "/paths/~1b/get", "")], HERE)


def reached(document: Document) -> object:
    document = canonical(require_definition(document))
    validate_definition(document)
    data = document.data
    assert isinstance(data, dict)
    server = server_address(data, "https://a.example"), server_variables(data)
    return credentials(data), with_arguments(data), server


WALKERS: dict[str, Callable[[Document], object]] = {
    "walk": all_of(lambda data: walk(root(data))),
    "lost_references": all_of(lost_references),
    "followed": all_of(each_followed),
    "schemas": all_of(each_schema),
    "operations": all_of(each_operation),
    "reachable": all_of(lambda data: reachable(data, walk(root(data)))),
    "discriminators": all_of(mapped),
    "access": reached,
    "order": all_of(lambda data: [in_order_of(data, SOUND), is_same_but_for_order(SOUND, data)]),
    "require_definition": require_definition,
    "canonical": lambda document: canonical(require_definition(document)),
    "mending of 3.0": meant("3.0.3"),
    "mending of 3.1": meant("3.1.0"),
    "mending of 3.2": meant("3.2.0"),
    "direct references": lambda document: with_direct_references(document.data),  # type: ignore[arg-type]
    "bundling": through_a_file,
    "joining": joined_with_another,
    "facts": told,
    "validate_definition": validate_definition,
    "subset": lambda document: sliced(document, ["/a"]),
    "leave_out": without_b,
}


def ends(walker: Callable[[Document], object], data: JSONObject) -> None:
    refused: list[BadInputError] = []
    try:
        with at_most(300_000):
            walker(Document(HERE, b"", copy_of(data)))
    except BadInputError as error:
        refused = [error]
    except BadInputs as error:
        refused = error.problems
    assert all(problem.pointer is not None for problem in refused)


@pytest.mark.parametrize("definition", CIRCLES.values(), ids=CIRCLES)
def test_every_walker_ends_on_every_circle(definition: Any) -> None:
    for walker in WALKERS.values():
        ends(walker, definition)


@settings(max_examples=20)
@given(definition=tangles())
def test_every_walker_ends_on_any_tangle(definition: Any) -> None:
    for walker in WALKERS.values():
        ends(walker, definition)


@pytest.mark.parametrize("kind", SECTIONS)
def test_a_circle_without_an_object_in_it_is_refused_where_it_begins(kind: Any) -> None:
    definition = CIRCLES[f"{kind} of 2 beside paths"]
    with pytest.raises(BadInputs) as refusal:
        validate_definition(require_definition(Document(HERE, b"", definition)))
    assert any(
        "C0" in str(problem.pointer) or "C0" in problem.message
        for problem in refusal.value.problems
    )
