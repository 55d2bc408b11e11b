"""Whether a value is of a shape, and of which of several shapes it is read."""

from __future__ import annotations

import datetime as dt
from enum import Enum, IntEnum, StrEnum
from typing import Any, Literal

import attrs
import pytest
from callrecords_apifycloud.models import BookingEvent

from callrecords_runtime.shapes import (
    alternatives,
    fields_of,
    first_that_fits,
    has_undocumented,
    is_of,
    present,
)
from callrecords_runtime.types import Unset


class Kind(StrEnum):
    A = "a"


class Level(IntEnum):
    ONE = 1


class Plain(Enum):
    A = "a"


class Growing(StrEnum):
    A = "a"
    OTHER = "other"

    @property
    def is_known(self) -> bool:
        return self is Growing.A


@attrs.define
class Inner:
    name: str
    additional_properties: dict[str, Any] = attrs.field(factory=dict[str, Any])


@attrs.define
class Outer:
    inner: Inner | None
    names: list[str]
    additional_properties: dict[str, Any] = attrs.field(factory=dict[str, Any])


@attrs.define
class Bare:
    name: str


FINE: Any = Inner("a")
WRONG: Any = Inner(1)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("annotation", "fitting", "unfitting"),
    [
        (Any, [None, 1, "a", [], {}], []),
        (str, ["a", Kind.A], [1, None, Plain.A, Level.ONE]),
        (int, [1, Level.ONE], ["1", True, 1.0, None]),
        (float, [1, 1.5], [True, "1", None]),
        (bool, [True], [1, None]),
        (None, [None], [0, "", False]),
        (str | None, ["a", None], [1]),
        (Literal["a", 1], ["a", 1], ["b", True, 2]),
        (list[int], [[], [1, 2]], [["a"], [1, "a"], (1,), 1, None]),
        (dict[str, int], [{}, {"a": 1}], [{"a": "1"}, {"a": 1, "b": None}, []]),
        (list[str | None], [["a", None]], [[1]]),
        (dt.date, [dt.date(2024, 1, 1)], ["2024-01-01"]),
        (Kind, [Kind.A], ["a"]),
        (Inner, [FINE, Inner("a", {"b": 1})], [WRONG, Outer(None, []), None]),
        (
            Outer,
            [Outer(None, []), Outer(FINE, ["a"])],
            [Outer(WRONG, []), Outer(FINE, [1])],  # type: ignore[list-item]
        ),
        (list[Inner], [[FINE]], [[FINE, WRONG]]),
    ],
)
def test_a_value_is_of_a_shape_with_all_that_is_in_it(
    annotation: Any, fitting: list[Any], unfitting: list[Any]
) -> None:
    assert [value for value in fitting if not is_of(annotation, value)] == []
    assert [value for value in unfitting if is_of(annotation, value)] == []


def test_what_was_looked_through_already_is_known() -> None:
    assert is_of(Inner, WRONG, {(id(WRONG), Inner): False})
    assert not is_of(Inner, WRONG, {(id(FINE), Inner): False})
    for known in (True, False):
        assert has_undocumented(FINE, {(id(FINE), Inner): known}) is known


@pytest.mark.parametrize(
    ("value", "has_some"),
    [
        (FINE, False),
        (Inner("a", {"b": 1}), True),
        (Outer(FINE, ["a"]), False),
        (Outer(Inner("a", {"b": 1}), []), True),
        (Outer(FINE, [], {"b": 1}), True),
        ([FINE, FINE], False),
        ([FINE, Inner("a", {"b": 1})], True),
        ([], False),
        ({"b": 1}, False),
        ("a", False),
        (Kind.A, False),
        (Growing.A, False),
        (Growing.OTHER, True),
        ([Growing.A, Growing.OTHER], True),
    ],
)
def test_what_a_class_does_not_document_is_found_wherever_it_is(
    value: Any, *, has_some: bool
) -> None:
    assert has_undocumented(value) is has_some


def test_an_annotation_says_what_may_be_and_what_is_there() -> None:
    assert [*alternatives(str | None | Unset)] == [str, type(None), Unset]
    assert [*alternatives(str)] == [str]
    assert [*present([str, type(None), int, Unset])] == [str, int]


def test_the_fields_of_a_model_are_those_that_its_definition_has() -> None:
    fields = fields_of(BookingEvent)
    assert fields["deliveredAt"] == "delivered_at"
    assert {*fields.values()} == {one.name for one in attrs.fields(BookingEvent)} - {
        "additional_properties"
    }
    assert fields_of(Inner) == {}


def read(name: str, **attributes: Any) -> Any:
    def decode(value: Any) -> Any:
        known = {key: value[key] for key in attributes}
        more = {key: one for key, one in value.items() if key not in attributes}
        return Inner(known[name], more)

    return decode


def test_the_first_shape_that_documents_a_value_whole_is_read_else_the_first_that_fits() -> None:
    value = {"a": "x", "b": "y"}
    narrow, wide = read("a", a=str), read("b", a=str, b=str)
    assert first_that_fits(value, {Inner: narrow}).name == "x"
    shapes: dict[Any, Any] = {Inner: narrow, Inner | None: wide}
    assert first_that_fits(value, shapes).name == "y"
    assert first_that_fits(value, dict(reversed(shapes.items()))).name == "y"
    more = {**value, "c": 1}
    assert first_that_fits(more, shapes).name == "x"
    assert first_that_fits({"a": "x"}, dict(reversed(shapes.items()))).name == "x"


def test_no_shape_is_tried_after_one_that_documents_a_value_whole() -> None:
    def never(value: Any) -> Any:
        raise AssertionError(value)

    assert first_that_fits({"a": "x"}, {Inner: read("a", a=str), Outer: never}).name == "x"


def test_what_is_of_no_shape_is_refused_by_what_should_have_told() -> None:
    shapes: dict[Any, Any] = {str: str, Inner: read("a", a=str)}
    with pytest.raises(ValueError, match=r"^no documented shape fits \{'b': 1\}$"):
        first_that_fits({"b": 1}, {Inner: read("a", a=str)})
    for value, found in (({"kind": "c"}, "'c'"), ({}, "missing")):
        with pytest.raises(ValueError, match=f"^'kind' is {found}, not one of 'a', 'b', and no"):
            first_that_fits(value, {Inner: read("a", a=str)}, "kind", ["a", "b"])
    assert first_that_fits({"a": 1, "b": 1}, {str: str, **shapes}) == "{'a': 1, 'b': 1}"
