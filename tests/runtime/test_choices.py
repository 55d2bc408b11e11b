"""Values of several shapes: the model is of the shape that came, and what is told is true of it."""

from __future__ import annotations

import cProfile
import importlib
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest.mock import Mock

import pytest

from callrecords_runtime.deviations import UndecodableError, decode
from callrecords_runtime.validators import validators
from codegen.commands.add.addition import Wanted
from tests.runtime.added_packages import importable
from tests.runtime.honesty import Envelope, check_honesty, check_honesty_of_any

if TYPE_CHECKING:
    from collections.abc import Iterator

PACKAGE = "callrecords_choices"
DEFINITION = Path(__file__).parents[1] / "data/definitions/choices.yaml"
CAT = {"kind": "Cat", "lives": 9, "born": "2020-01-01"}
DOG = {"kind": "hound", "name": "Rex", "keeper": {"name": "Ann"}}
PETS: dict[str, Any] = {"pets": [CAT, DOG, None], "favourite": DOG}
SHAPES: dict[str, Any] = {
    "overlapping": {"name": "a", "size": 1},
    "keyed": {"radius": 1.5},
    "arrays": [1, 2],
    "texts": "2024-01-01T00:00:00Z",
    "days": "2024-01-01T00:00:00.5Z",
}
OTHER_SHAPES: dict[str, Any] = {
    "overlapping": {"name": "a", "size": "large"},
    "keyed": {"width": 2, "colour": 3},
    "arrays": [{"name": "Ann"}],
    "texts": "550e8400-e29b-41d4-a716-446655440000",
    "days": "2024-01-01",
}


@pytest.fixture(scope="module", autouse=True)
def _package(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with importable(tmp_path_factory.mktemp("repository"), Wanted("choices", str(DEFINITION))):
        yield


def model(name: str) -> Any:
    return getattr(importlib.import_module(f"{PACKAGE}.models"), name)


def read(operation: str, name: str, body: Any) -> tuple[Any, list[tuple[str, str, str]]]:
    """The model of an answer, and what is told about it: where, what was expected, what kind."""
    decoded, deviations = decode(body, validators(PACKAGE, operation, 200), model(name).from_dict)
    told = [
        (".".join(map(str, deviation.path)), deviation.expected, deviation.kind.value)
        for deviation in deviations
    ]
    return decoded, told


def kind(value: object) -> str:
    return type(value).__name__


def test_a_discriminator_decides_which_model_is_read() -> None:
    pets, told = read("list_pets", "Pets", PETS)
    assert [kind(pet) for pet in pets.pets] == ["Cat", "Dog", "NoneType"]
    assert kind(pets.favourite) == "Dog"
    assert told == []


def test_a_field_is_set_aside_in_the_model_that_the_discriminator_says() -> None:
    pets, told = read("list_pets", "Pets", {"pets": [{**DOG, "lives": 7}]})
    assert kind(pets.pets[0]) == "Dog"
    assert told == [("pets.0.lives", "string", "type")]
    assert pets.pets[0].to_dict() == {**DOG, "lives": 7}


def test_an_unknown_field_is_told_of_the_model_that_the_discriminator_says() -> None:
    cat = {**CAT, "keeper": {"name": "Ann"}}
    pets, told = read("list_pets", "Pets", {"pets": [cat], "favourite": cat})
    assert [kind(pets.pets[0]), kind(pets.favourite)] == ["Cat", "Cat"]
    assert [place for place, _, _ in told] == ["pets.0.keeper", "favourite.keeper"]


def test_a_field_that_the_discriminated_model_requires_is_told() -> None:
    with pytest.raises(UndecodableError) as caught:
        read("list_pets", "Pets", {"pets": [{"kind": "hound", "lives": "9"}]})
    (problem,) = caught.value.deviations
    assert (problem.path, problem.kind.value) == (("pets", 0, "name"), "missing")


@pytest.mark.parametrize(
    ("body", "kinds"),
    [
        (SHAPES, ["Sized", "Circle", "list", "SpelledDatetime", "SpelledDatetime"]),
        (OTHER_SHAPES, ["Named", "Square", "list", "UUID", "date"]),
        ({"keyed": "round"}, ["Unset", "str", *["Unset"] * 3]),
    ],
)
def test_without_a_discriminator_the_shape_decides(body: Any, kinds: list[str]) -> None:
    shapes, told = read("get_shapes", "Shapes", body)
    assert [kind(getattr(shapes, name)) for name in SHAPES] == kinds
    assert told == []
    assert shapes.to_dict() == body


def test_a_value_of_none_of_the_shapes_is_set_aside() -> None:
    body = {"overlapping": [1], "texts": "soon", "arrays": [1, {}]}
    shapes, told = read("get_shapes", "Shapes", body)
    assert {kind(getattr(shapes, name)) for name in body} == {"Unset"}
    assert {place.partition(".")[0] for place, _, _ in told} == set(body)
    assert shapes.to_dict() == body


@pytest.mark.parametrize("value", [{"radius": "wide", "width": 2}, {"radius": 1}, "none", "some"])
def test_objects_beside_a_constant_are_told_apart_by_their_keys(value: Any) -> None:
    envelope = Envelope(PACKAGE, "get_shapes", model("Shapes"), [])
    check_honesty(envelope, {"constant": value})


def tree(depth: int) -> dict[str, Any]:
    """Oaks, each in another: every one of them could be a fir, but for its size."""
    branch: dict[str, Any] = {"size": "large"}
    for _ in range(depth - 1):
        branch = {"branch": branch, "size": "large"}
    return {"tree": branch}


def test_each_value_in_nested_choices_is_tried_once(monkeypatch: pytest.MonkeyPatch) -> None:
    fir = model("Fir")
    tried = Mock(side_effect=fir.from_dict)
    monkeypatch.setattr(fir, "from_dict", tried)
    body = tree(depth=9)
    oaks, told = read("get_tree", "Tree", body)
    assert kind(oaks.tree.branch) == "Oak"
    assert told == []
    assert oaks.to_dict() == body
    assert tried.call_count == 9


def test_the_work_of_nested_choices_grows_with_their_depth_and_no_faster() -> None:
    def calls(depth: int) -> int:
        body = tree(depth)
        profile = cProfile.Profile()
        profile.runcall(read, "get_tree", "Tree", body)
        return sum(entry.callcount for entry in profile.getstats())

    calls(5)  # which compiles validators and reads annotations
    assert calls(80) < 2.2 * calls(40)


@pytest.mark.parametrize(
    ("leaf", "told"),
    [
        ({"mood": 1}, [("mood", "a documented field", "unknown field")]),
        ({"size": []}, [("size", "integer", "type")]),
        ({"branch": 5}, [("branch", "another shape", "type")]),
        ({"size": None}, [("size", "integer", "null")]),
    ],
)
def test_what_is_wrong_deep_in_nested_choices_is_told_soon(
    leaf: dict[str, Any], told: list[tuple[str, str, str]]
) -> None:
    branch = leaf
    for _ in range(20):  # the errors of a validator double for each
        branch = {"branch": branch}
    body = {"tree": branch}
    trees, found = read("get_tree", "Tree", body)
    assert trees.to_dict() == body
    place = "tree" + ".branch" * 20
    assert found == [(f"{place}.{name}", *rest) for name, *rest in told]


@pytest.fixture
def _usual_recursion_limit() -> Iterator[None]:
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(1000)
    yield
    sys.setrecursionlimit(before)


@pytest.mark.usefixtures("_usual_recursion_limit")
def test_choices_nested_too_deeply_are_refused() -> None:
    with pytest.raises(UndecodableError) as caught:
        read("get_tree", "Tree", tree(depth=400))
    (problem,) = caught.value.deviations
    assert problem.expected == "less nesting"


@pytest.mark.parametrize(
    ("operation", "name", "bodies"),
    [("list_pets", "Pets", [PETS]), ("get_shapes", "Shapes", [SHAPES, OTHER_SHAPES])],
)
def test_any_choice_is_decoded_honestly_or_not_at_all(
    operation: str, name: str, bodies: list[Any]
) -> None:
    check_honesty_of_any(Envelope(PACKAGE, operation, model(name), bodies), 500)
