"""The one table of OpenAPI's grammar, and what walks it."""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

import pytest

from codegen.openapi.grammar import Applies, Container, Field, Kind, fields, keywords

if TYPE_CHECKING:
    from codegen.files.values import JSON


def test_every_kind_that_is_inside_another_has_fields_of_its_own() -> None:
    kinds = set(get_args(Kind))
    inner = {field.kind for kind in kinds for field in fields(kind).values()}
    assert inner == kinds - {"document"}


@pytest.mark.parametrize("sort", [Container, Applies])
def test_keywords_are_told_apart_by_what_they_hold_and_what_it_applies_to(
    sort: type[Container | Applies],
) -> None:
    found = [keyword for of in sort for keyword in keywords(of)]
    assert len(found) == len(set(found))
    assert set(fields("schema")) - set(found) <= {"$defs", "contentSchema"}


@pytest.mark.parametrize(
    ("container", "value", "expected"),
    [
        (Container.ONE, {"x-a": 1}, [(None, {"x-a": 1})]),
        (Container.LIST, [1, 2], [(0, 1), (1, 2)]),
        (Container.LIST, {"a": 1}, []),
        (Container.MAP, {"a": 1, "x-b": 2}, [("a", 1), ("x-b", 2)]),
        (Container.MAP, [1], []),
        (Container.PATTERNED, {"a": 1, "x-b": 2}, [("a", 1)]),
    ],
)
def test_a_field_holds_what_its_container_says(
    container: Container, value: JSON, expected: list[tuple[str | int | None, JSON]]
) -> None:
    assert list(Field(container, "schema").members(value)) == expected


@pytest.mark.parametrize(
    ("container", "value", "expected"),
    [
        (Container.ONE, [1], [[1]]),
        (Container.LIST, [1, 2], [[1], [2]]),
        (Container.LIST, [], []),
        (Container.LIST, {"a": 1}, {"a": 1}),
        (Container.MAP, {"x-b": 2}, {"x-b": [2]}),
        (Container.MAP, [1], [1]),
        (Container.PATTERNED, {"a": 1, "x-b": 2}, {"a": [1], "x-b": 2}),
        (Container.PATTERNED, "text", "text"),
    ],
)
def test_each_member_of_a_field_is_changed(
    container: Container, value: JSON, expected: JSON
) -> None:
    assert Field(container, "schema").with_each(value, lambda _, member: [member]) == expected
