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


def test_a_choice_may_be_of_any_of_its_forms_and_names_only_these() -> None:
    other: dict[str, Any] = {"mouse": reference("Mouse")["$ref"], "cat": "Cat", "bad": 1}
    data = definition(
        anyOf=[reference("Cat")], discriminator={"propertyName": "kind", "mapping": other}
    )
    assert choices(data) == {frozenset({"Cat"}): ("kind", {"cat": "Cat"})}


def test_two_choices_between_the_same_by_different_values_are_both_left_out() -> None:
    pets = [reference("Cat"), reference("Dog")]
    discriminator = {"propertyName": "kind", "mapping": MAPPING}
    data = definition(oneOf=pets, discriminator=discriminator)
    again: dict[str, Any] = {"oneOf": pets[::-1], "discriminator": discriminator}
    data["components"]["schemas"]["Again"] = again
    assert len(choices(data)) == 1
    again["discriminator"] = {**discriminator, "propertyName": "sort"}
    assert choices(data) == {}


def test_a_choice_of_what_is_no_component_is_not_made_by_it() -> None:
    data = definition(oneOf=[reference("Cat"), {}], discriminator={"propertyName": "kind"})
    assert not choices(data)
