"""What changes in schemas without changing a Python type."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.codegen.compare.changes import NOTE, TEXT, field, put
from tests.codegen.compare.conftest import only

if TYPE_CHECKING:
    from tests.codegen.compare.conftest import Compared

VALUE = field("Note", "extra")


@pytest.mark.parametrize(
    ("keyword", "value"),
    [
        ("maximum", 3),
        ("exclusiveMaximum", 3),
        ("minimum", 3),
        ("exclusiveMinimum", 3),
        ("maxLength", 3),
        ("minLength", 3),
        ("maxItems", 3),
        ("minItems", 3),
        ("maxProperties", 3),
        ("minProperties", 3),
        ("maxContains", 3),
        ("minContains", 3),
        ("pattern", "^a"),
        ("multipleOf", 2),
        ("uniqueItems", True),
        ("format", "email"),
        ("not", {"const": "a"}),
        ("if", {"const": "a"}),
        ("then", {"const": "a"}),
        ("else", {"const": "a"}),
        ("contains", {"const": "a"}),
        ("propertyNames", {"pattern": "^a"}),
        ("patternProperties", {"^a": {}}),
        ("dependentRequired", {"a": ["b"]}),
        ("dependentSchemas", {"a": {"required": ["b"]}}),
        ("unevaluatedProperties", False),
        ("unevaluatedItems", False),
        ("contentSchema", {"type": "object"}),
        ("contentEncoding", "base64"),
        ("contentMediaType", "application/json"),
    ],
)
def test_every_limit_that_comes_is_told_by_its_keyword(
    keyword: str, value: Any, compared: Compared
) -> None:
    comparison = compared(put(f"{VALUE}/{keyword}", value), first=put(VALUE, TEXT))
    change = only(comparison)
    assert (change.id, change.pointer) == ("limit-became-stricter", f"{VALUE}/{keyword}")


@pytest.mark.parametrize("name", ["date-time", "date", "uuid", "binary"])
@pytest.mark.parametrize("comes", [True, False])
def test_a_format_of_which_another_type_is_made_is_told_by_the_type(
    name: str,
    comes: bool,  # noqa: FBT001 - drawn
    compared: Compared,
) -> None:
    edits = [put(VALUE, TEXT), put(VALUE, {**TEXT, "format": name})]
    first, second = edits if comes else edits[::-1]
    told = {change.id for change in compared(second, first=first).changes}
    assert told
    assert told.isdisjoint({"limit-became-stricter", "limit-became-looser"})


@pytest.mark.parametrize("keyword", ["anyOf", "prefixItems"])
def test_what_is_listed_is_told_with_its_list(keyword: str, compared: Compared) -> None:
    def listed(meaning: str) -> Any:
        return put(VALUE, {keyword: [{"type": "string", "meaning": meaning}]})

    change = only(compared(listed("new"), first=listed("old")))
    assert (change.id, change.pointer) == ("meaning-changed", VALUE)


@pytest.mark.parametrize("keyword", ["default", "maximum", "multipleOf", "not", "enum"])
def test_a_number_that_is_written_otherwise_is_no_other(keyword: str, compared: Compared) -> None:
    def with_number(number: float) -> Any:
        values: dict[str, Any] = {"not": {"multipleOf": number}, "enum": [0.5, number]}
        schema = {"type": "number", keyword: values.get(keyword, number)}
        return put(f"{NOTE}/parameters/3/schema", schema)

    assert compared(with_number(2.0), first=with_number(2)).changes == ()
