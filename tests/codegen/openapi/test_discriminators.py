"""Choices by a discriminator."""

from __future__ import annotations

from typing import Any

from codegen.openapi.discriminators import choices


def definition(**schema: Any) -> Any:
    return {"components": {"schemas": {"Pet": schema, "Cat": {}, "Dog": {}}}}


def reference(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


MAPPING = {"cat": reference("Cat")["$ref"], "dog": reference("Dog")["$ref"]}


def test_a_choice_between_components_is_made_by_its_discriminator() -> None:
    data = definition(
        oneOf=[reference("Cat"), reference("Dog"), {"type": "null"}],
        discriminator={"propertyName": "kind", "mapping": MAPPING},
    )
    assert choices(data) == {
        frozenset({"Cat", "Dog"}): ("kind", {"cat": "Cat", "dog": "Dog"}),
    }


def test_a_choice_of_what_is_no_component_is_not_made_by_it() -> None:
    data = definition(oneOf=[reference("Cat"), {}], discriminator={"propertyName": "kind"})
    assert not choices(data)
