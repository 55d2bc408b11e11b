"""What changes in schemas without changing a Python type."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from codegen.compare import Severity
from tests.codegen.compare.changes import DELETE, NOTE, TEXT, field, put, query, schema
from tests.codegen.compare.conftest import only

if TYPE_CHECKING:
    from tests.codegen.compare.changes import Edit
    from tests.codegen.compare.conftest import Compared

VALUE = field("Note", "extra")
LINK = {"url": "https://exchange.example.com/docs"}


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
    assert (change.old, bool(change.new)) == ("", True)


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


def test_a_limit_is_told_beside_a_format_of_which_another_type_is_made(compared: Compared) -> None:
    first = put(VALUE, {**TEXT, "format": "date"})
    then = put(VALUE, {**TEXT, "format": "uuid", "pattern": "^a"})
    comparison = compared(then, first=first)
    assert {change.id for change in comparison.changes} == {
        "attribute-type-changed",
        "limit-became-stricter",
    }


@pytest.mark.parametrize(
    ("place", "keyword", "value", "text"),
    [
        (VALUE, "description", "Another.", "the description of `Note.extra`"),
        (VALUE, "example", "a", "the example of `Note.extra`"),
        (VALUE, "examples", ["a"], "the examples of `Note.extra`"),
        (VALUE, "externalDocs", LINK, "the link to further documents of `Note.extra`"),
        (VALUE, "readOnly", True, "whether it is only read of `Note.extra`"),
        (VALUE, "writeOnly", True, "whether it is only sent of `Note.extra`"),
        (DELETE, "summary", "Drop all.", "the summary of `delete_notes`"),
        (DELETE, "description", "All.", "the description of `delete_notes`"),
        (DELETE, "externalDocs", LINK, "the link to further documents of `delete_notes`"),
        ("/info", "title", "Exchanges", "the title of the definition"),
        ("/info", "version", "2", "the version of the definition"),
        ("/info", "description", "All of it.", "the description of the definition"),
        ("/info", "contact", {"name": "Ann"}, "the contact of the definition"),
        ("/info", "license", {"name": "MIT"}, "the license of the definition"),
    ],
)
def test_what_is_only_read_is_told_by_what_it_is(
    place: str, keyword: str, value: Any, text: str, compared: Compared
) -> None:
    comparison = compared(put(f"{place}/{keyword}", value), first=put(VALUE, TEXT))
    [change] = comparison.of(Severity.DOCS)
    assert change.id == "documentation-changed"
    assert change.what == f"{text} has changed"
    assert change.pointer == f"{place}/{keyword}"


OBJECT = {"type": "object", "title": "Object", "properties": {"x": TEXT}}


@pytest.mark.parametrize(
    ("before", "after", "old", "new"),
    [
        (query("a", TEXT), query("a", TEXT, style="spaceDelimited"), "", "style: spaceDelimited"),
        (query("a", TEXT, allowReserved=True), query("a", TEXT), "allowReserved: true", ""),
        (
            {"name": "a", "in": "query", "content": {"application/json": {"schema": OBJECT}}},
            {"name": "a", "in": "query", "content": {"application/vnd.x+json": {"schema": OBJECT}}},
            "content: [application/json]",
            "content: [application/vnd.x+json]",
        ),
        (
            query("a", OBJECT),
            {"name": "a", "in": "query", "content": {"application/json": {"schema": OBJECT}}},
            "",
            "content: [application/json]",
        ),
    ],
)
def test_how_an_argument_is_written_is_told_if_it_is_another_way(
    before: Any, after: Any, old: str, new: str, compared: Compared
) -> None:
    place = f"{DELETE}/parameters"
    change = only(compared(put(place, [after]), first=put(place, [before])))
    assert (change.id, change.old, change.new) == ("style-changed", old, new)


@pytest.mark.parametrize(
    ("before", "after", "severity"),
    [(None, 1, Severity.DOCS), (1, None, Severity.DOCS), (1, 2, Severity.BREAKING)],
)
def test_a_default_that_comes_or_goes_is_only_said(
    before: int | None, after: int | None, severity: Severity, compared: Compared
) -> None:
    place = f"{NOTE}/parameters/3/schema"
    first, then = (
        put(place, {"type": "integer"} if value is None else {"type": "integer", "default": value})
        for value in (before, after)
    )
    change = only(compared(then, first=first))
    assert (change.id, change.severity) == ("default-changed", severity)
    assert change.why.startswith("The server applies it") is (severity is Severity.DOCS)
    known = ["" if value is None else str(value) for value in (before, after)]
    assert [change.old, change.new] == known


OTHERS: dict[str, Any] = {"anything": {}, "said": {"additionalProperties": True},
          "numbers": {"additionalProperties": {"type": "integer"}},
          "none": {"additionalProperties": False}}  # fmt: skip


@pytest.mark.parametrize("before", OTHERS)
@pytest.mark.parametrize("after", OTHERS)
def test_whether_other_members_are_allowed_is_told_beside_their_type(
    before: str, after: str, compared: Compared
) -> None:
    def draft(name: str) -> Edit:
        members = {"type": "object", "title": "Draft", "properties": {"text": TEXT}}
        return put(schema("Draft"), {**members, **OTHERS[name]})

    told = {change.id for change in compared(draft(after), first=draft(before)).changes}
    assert ("other-members-forbidden" in told) is (before != "none" == after)
    assert ("other-members-allowed" in told) is (after != "none" == before)


@pytest.mark.parametrize("comes", [True, False])
def test_known_values_of_which_a_class_is_made_are_told_by_the_class(
    comes: bool,  # noqa: FBT001 - drawn
    compared: Compared,
) -> None:
    edits = [put(VALUE, TEXT), put(VALUE, {**TEXT, "enum": ["a", "b"]})]
    first, second = edits if comes else edits[::-1]
    told = {change.id for change in compared(second, first=first).changes}
    assert told == {"attribute-type-changed", "class-added" if comes else "class-removed"}


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
