"""Which of two values of a keyword refuses more, judged by what validation does with them."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

import pytest
from jsonschema_rs import Draft202012Validator

from codegen.files.values import ABSENT, is_same
from codegen.openapi.strictness import (
    LOWER_BOUNDS,
    MAPPED_FORMATS,
    UPPER_BOUNDS,
    is_equal,
    is_stricter,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from codegen.files.values import JSON, Absent, JSONObject

SAMPLES: list[JSON] = [
    None, True, False, *range(-2, 7), 0.5, 1.5, 2.5, "", "a", "b", "ab", "abc", "2026-01-02",
    "550e8400-e29b-41d4-a716-446655440000",
    [], [1], [1, 1], [1, 2], [1, "a"], ["a"], [1, 2, 3], [1, 2, 3, 4],
    {}, {"a": 1}, {"b": 1}, {"a": 1, "b": 2}, {"a": "x"}, {"c": 1}, {"a": 1, "b": 2, "c": 3},
    dict.fromkeys("abcd"),
]  # fmt: skip
"""Enough values to tell any two of the schemas below apart."""

BESIDE: dict[str, JSONObject] = {
    "minContains": {"contains": {"type": "integer"}},
    "maxContains": {"contains": {"type": "integer"}},
    "unevaluatedItems": {"prefixItems": [{}]},
}
"""Without these, some keywords say nothing."""

SCHEMAS: list[JSON] = [True, False, {}, {"type": "string"}]
VALUES: dict[str, Sequence[JSON]] = {
    "type": [
        "string", "integer", "number", "null", ["string", "null"], ["null", "string"],
        ["integer", "null"], ["number", "null"],
    ],
    "enum": [[1], [1.0], [True], ["a"], ["a", "b"], ["b", "a"], [1, 2], [None]],
    "required": [[], ["a"], ["a", "b"], ["b"]],
    "format": ["uuid", "date", "int64"],
    "uniqueItems": [False, True],
    **{bound: [0, 1, 2, 3] for bound in (*UPPER_BOUNDS, *LOWER_BOUNDS)},
    "maximum": [0, 1, 1.0, 1.5, 2],
    "minimum": [-1, 0, 1, 1.5],
    "additionalProperties": SCHEMAS,
    "unevaluatedProperties": SCHEMAS,
    "unevaluatedItems": SCHEMAS,
    "const": [1, 1.0, True, "a", False, []],
    "pattern": ["a", "b"],
    "multipleOf": [2, 2.0, 3],
    "not": [{"type": "string"}, {"type": "null"}],
    "contains": [{"type": "integer"}, {"type": "string"}],
    "propertyNames": [{"const": "a"}, {"const": "b"}],
    "dependentRequired": [{"a": ["b"]}, {"b": ["a"]}],
    "allOf": [[{"type": "string"}], [{"type": "null"}]],
    "anyOf": [[{"type": "string"}], [{"type": "null"}]],
    "oneOf": [[{"type": "string"}], [{"type": "null"}]],
}  # fmt: skip

TOLD_ONLY_WHEN_NEW = {
    "const", "contains", "dependentRequired", "multipleOf", "not", "pattern", "propertyNames",
    "allOf", "anyOf", "oneOf",
}  # fmt: skip


def accepted(keyword: str, value: JSON | Absent) -> set[int]:
    """The places of the samples that a schema accepts."""
    schema = BESIDE.get(keyword, {}) | ({} if value is ABSENT else {keyword: value})
    validator = Draft202012Validator(schema, validate_formats=True)
    return {index for index, sample in enumerate(SAMPLES) if validator.is_valid(sample)}


def is_told(keyword: str, old: JSON | Absent, new: JSON | Absent) -> bool:
    """Whether the values tell which is stricter, or one takes the place of another."""
    if ABSENT not in (old, new) and keyword in TOLD_ONLY_WHEN_NEW:
        return is_equal(old, new)
    match keyword:
        case "format" if new is not ABSENT and not is_same(old, new):
            return old is ABSENT and new != "int64"
        case "type":
            before, after = accepted(keyword, old), accepted(keyword, new)
            return before <= after or after < before
        case "additionalProperties" | "unevaluatedItems" | "unevaluatedProperties":
            return new != {"type": "string"} or old is False or is_same(old, new)
        case _:
            return True


@pytest.mark.parametrize("keyword", VALUES)
def test_what_is_said_to_be_stricter_is_what_refuses_what_was_accepted(keyword: str) -> None:
    for old, new in product([ABSENT, *VALUES[keyword]], repeat=2):
        refuses = bool(accepted(keyword, old) - accepted(keyword, new))
        expected = refuses if is_told(keyword, old, new) else None
        assert is_stricter(keyword, old, new) is expected, (old, new)


@pytest.mark.parametrize("name", sorted(MAPPED_FORMATS))
def test_a_new_format_that_makes_another_type_is_stricter(name: str) -> None:
    assert is_stricter("format", ABSENT, name) is True


@pytest.mark.parametrize("keyword", ["exclusiveMaximum", "exclusiveMinimum", "required"])
def test_a_flag_is_stricter_when_it_is_set(keyword: str) -> None:
    assert is_stricter(keyword, ABSENT, True) is True
    assert is_stricter(keyword, False, True) is True
    assert is_stricter(keyword, True, False) is False
    assert is_stricter(keyword, ABSENT, False) is False


@pytest.mark.parametrize("keyword", ["if", "patternProperties", "x-note"])
def test_of_another_keyword_nothing_is_told_but_that_it_went(keyword: str) -> None:
    assert is_stricter(keyword, ABSENT, {"a": True}) is None
    assert is_stricter(keyword, {"a": False}, {"a": True}) is None
    assert is_stricter(keyword, {"a": True}, ABSENT) is False
    assert is_stricter(keyword, {"a": True}, {"a": True}) is False


FORMATS = (
    "date", "date-time", "duration", "email", "hostname", "idn-email", "idn-hostname", "ipv4",
    "ipv6", "iri", "iri-reference", "json-pointer", "regex", "relative-json-pointer", "time", "uri",
    "uri-reference", "uri-template", "uuid", "int32", "int64", "float", "double", "password",
    "byte", "char", "decimal", "html", "media-range", "sf-string",
)  # fmt: skip
"""Those of JSON Schema 2020-12, and some of OpenAPI's registry."""

NO_TEXT_OF_ANY = (" ", "[", "{", "/~", "a b\\")


@pytest.mark.parametrize("name", FORMATS)
def test_a_new_format_is_stricter_exactly_when_validation_refuses_a_text(name: str) -> None:
    validator = Draft202012Validator({"format": name}, validate_formats=True)
    refuses = not all(map(validator.is_valid, NO_TEXT_OF_ANY))
    assert is_stricter("format", ABSENT, name) is (True if refuses else None)


def test_a_file_is_no_text_though_validation_does_not_check_it() -> None:
    assert is_stricter("format", ABSENT, "binary") is True
