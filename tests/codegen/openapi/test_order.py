"""Definitions in the order of others."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codegen.files.document import read_document
from codegen.openapi.order import in_order_of, is_same_but_for_order
from codegen.providers.provider import provider_names, read_provider
from tests.codegen.providers.test_specs import ROOT

if TYPE_CHECKING:
    from codegen.files.values import JSON


def text(data: object) -> bytes:
    return orjson.dumps(data)


def shuffled(value: Any, chance: random.Random, keyword: str = "") -> Any:
    """The same definition, written by someone who orders everything otherwise."""
    if isinstance(value, dict):
        keys = list(value)
        chance.shuffle(keys)
        return {key: shuffled(value[key], chance, key) for key in keys}
    if isinstance(value, list):
        items = [shuffled(item, chance) for item in value]
        if keyword in {"required", "tags", "parameters", "enum", "security", "anyOf"}:
            chance.shuffle(items)
        return items
    return value


@pytest.mark.parametrize("name", provider_names(ROOT))
@settings(max_examples=10)  # each shuffles all of a definition
@given(seed=st.integers(0, 1000))
def test_a_shuffled_definition_is_put_back_byte_for_byte(name: str, seed: int) -> None:
    old = read_document(read_provider(ROOT, name).definition_path).data
    new = shuffled(old, random.Random(seed))  # noqa: S311 - not for secrets
    assert text(in_order_of(new, old)) == text(old)
    assert is_same_but_for_order(new, old)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ({"a": 1, "b": 2}, {"b": 3, "n": 4, "a": 5}, {"a": 5, "b": 3, "n": 4}),
        ({"a": 1, "b": 2}, {"n": 0, "b": 2}, {"n": 0, "b": 2}),
        ({"required": ["a", "b"]}, {"required": ["c", "b", "a"]}, {"required": ["c", "a", "b"]}),
        ({"type": ["string", "null"]}, {"type": ["null", "string"]}, {"type": ["string", "null"]}),
        (
            {"anyOf": [{"$ref": "#/a"}, {"type": "null"}]},
            {"anyOf": [{"type": "null"}, {"$ref": "#/a"}]},
            {"anyOf": [{"$ref": "#/a"}, {"type": "null"}]},
        ),
        (
            {"oneOf": [{"required": ["a", "b"]}, {"type": "string"}]},
            {"oneOf": [{"type": "string"}, {"required": ["b", "a"]}]},
            {"oneOf": [{"required": ["a", "b"]}, {"type": "string"}]},
        ),
        (
            {"parameters": [{"in": "path", "name": "a"}, {"in": "query", "name": "a"}]},
            {"parameters": [{"in": "query", "name": "a", "x": 1}, {"in": "path", "name": "a"}]},
            {"parameters": [{"in": "path", "name": "a"}, {"in": "query", "name": "a", "x": 1}]},
        ),
    ],
)
def test_what_is_known_keeps_its_order_and_what_is_new_its_neighbour(
    old: JSON, new: JSON, expected: JSON
) -> None:
    assert text(in_order_of(new, old)) == text(expected)


LABELLED: JSON = {"enum": [1, 2, 4], "x-enum-varnames": ["LOW", "HIGH", "TOP"]}


@pytest.mark.parametrize(
    ("new", "expected"),
    [
        pytest.param(
            {"enum": [4, 2, 1], "x-enum-varnames": ["TOP", "HIGH", "LOW"]}, LABELLED, id="shuffled"
        ),
        pytest.param(
            {"enum": [2, 1, 4], "x-enum-varnames": ["LOW", "HIGH", "TOP"]},
            {"enum": [1, 2, 4], "x-enum-varnames": ["HIGH", "LOW", "TOP"]},
            id="other names",
        ),
        pytest.param(
            {"enum": [2, 3, 1], "x-enumDescriptions": ["Loud", "Louder", "Quiet"]},
            {"enum": [1, 2, 3], "x-enumDescriptions": ["Quiet", "Loud", "Louder"]},
            id="a new value",
        ),
        pytest.param(
            {"enum": [2, 1], "x-enum-varnames": ["HIGH"]},
            {"enum": [2, 1], "x-enum-varnames": ["HIGH"]},
            id="a name too few",
        ),
        pytest.param(
            {"enum": [2, 1, 2], "x-enum-varnames": ["A", "B", "C"]},
            {"enum": [2, 1, 2], "x-enum-varnames": ["A", "B", "C"]},
            id="a value twice",
        ),
        pytest.param(
            {"enum": [2, 1], "x-enum-about": {"1": "Quiet"}, "x-order": [2, 1]},
            {"enum": [1, 2], "x-enum-about": {"1": "Quiet"}, "x-order": [2, 1]},
            id="what does not go by position",
        ),
    ],
)
def test_what_goes_by_the_positions_of_values_moves_with_them(new: JSON, expected: JSON) -> None:
    assert text(
        in_order_of({"properties": {"volume": new}}, {"properties": {"volume": LABELLED}})
    ) == text({"properties": {"volume": expected}})
    assert is_same_but_for_order(new, LABELLED) == (expected == LABELLED)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ({"example": {"tags": ["a", "b"]}}, {"example": {"tags": ["b", "a"]}}),
        ({"default": [1, 2]}, {"default": [2, 1]}),
        ({"enum": [[1, 2]]}, {"enum": [[2, 1]]}),
        ({"x-order": {"required": ["a", "b"]}}, {"x-order": {"required": ["b", "a"]}}),
        ({"servers": [{"url": "a"}, {"url": "b"}]}, {"servers": [{"url": "b"}, {"url": "a"}]}),
        ({"prefixItems": [{"type": "null"}, {}]}, {"prefixItems": [{}, {"type": "null"}]}),
        ({"properties": {"tags": [1, 2]}}, {"properties": {"tags": [2, 1]}}),
    ],
)
def test_an_order_that_means_something_is_kept(old: JSON, new: JSON) -> None:
    assert text(in_order_of(new, old)) == text(new)
    assert not is_same_but_for_order(new, old)


def test_true_and_one_are_not_the_same() -> None:
    assert not is_same_but_for_order({"default": 1}, {"default": True})


def test_a_list_into_which_a_reference_leads_stays_in_its_order() -> None:
    parameters: list[JSON] = [{"in": "query", "name": "a"}, {"in": "query", "name": "b"}]
    new: JSON = {
        "operation": {"parameters": parameters[::-1]},
        "other": {"$ref": "#/operation/parameters/0"},
        "lost": {"$ref": "#/operation/parameters/7"},
        "anchor": {"$ref": "#operation"},
    }
    old: JSON = {"operation": {"parameters": parameters}, "other": {}, "lost": {}, "anchor": {}}
    assert text(in_order_of(new, old)) == text(new)
