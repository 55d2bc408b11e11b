"""Patterns of a definition: run in a time that the text bounds, or not at all."""

from __future__ import annotations

from typing import Any

import pytest

from callrecords_runtime.validators import Validators

OBJECT: dict[str, Any] = {"type": "object"}
UNRUNNABLE = [r"^[\w-.]+$", "^.{1,100000}$", "(?=a)b", r"(a)\1", "("]


def fits(schema: dict[str, Any], value: Any) -> bool:
    """Whether a value fits."""
    return Validators(schema, {}, "callrecords_zudu").exact.is_valid(value)


def test_a_pattern_is_matched() -> None:
    assert fits({"pattern": r"^\d{3}$"}, "123")
    assert not fits({"pattern": r"^\d{3}$"}, "12x")


@pytest.mark.parametrize("pattern", UNRUNNABLE)
def test_a_pattern_that_cannot_be_run_is_left_out(pattern: str) -> None:
    assert fits({"pattern": pattern, "minLength": 2}, "xyz")
    assert not fits({"pattern": pattern, "minLength": 2}, "x")


@pytest.mark.parametrize("pattern", UNRUNNABLE)
def test_fields_known_by_a_pattern_that_cannot_be_run_may_be_any(pattern: str) -> None:
    by_name = {pattern: {"type": "integer"}, "^x-": {"type": "string"}}
    schema = {**OBJECT, "patternProperties": by_name, "additionalProperties": False}
    assert fits(schema, {"anything": 5, "x-y": "z"})
    assert not fits(schema, {"x-y": 5})


@pytest.mark.parametrize("pattern", UNRUNNABLE)
@pytest.mark.parametrize(
    "refusing", [lambda schema: {"not": schema}, lambda schema: {"if": schema, "then": False}]
)
def test_what_a_pattern_that_cannot_be_run_would_refuse_is_not_refused(
    pattern: str, refusing: Any
) -> None:
    assert fits({"properties": {"a": refusing({"pattern": pattern})}}, {"a": "anything"})


def test_no_pattern_takes_longer_than_the_text_is_long() -> None:
    for pattern in ("^(a+)+$", "^(a|a)*$", "(a*)*b", "^(a|aa)+$"):
        assert not fits({"pattern": pattern, "maxLength": 60_000}, "a" * 50_000 + "!" * 20_000)


def test_what_is_required_is_known_though_no_property_lists_it() -> None:
    schema = {"type": "object", "required": ["id", "items"], "properties": {"id": {}}}
    validators = Validators(schema, {}, "callrecords_zudu")
    assert validators.exact.is_valid({"id": 1, "items": [1]})
    assert not validators.exact.is_valid({"id": 1, "items": [1], "more": 1})
    assert not validators.exact.is_valid({"id": 1})
