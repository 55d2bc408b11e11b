"""Which schema a discriminator's value stands for, so that a choice is decoded by that value.

The generator does not read discriminators. Here each gets a full mapping before components are
renamed, as a value that no mapping lists is the name of a component.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias, cast

from codegen.openapi.grammar import Node, root, walk
from codegen.openapi.references import reference_pointer

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from codegen.files.values import JSON, JSONObject

_SCHEMAS = "/components/schemas/"

Choices: TypeAlias = "Mapping[frozenset[str], Choice]"
"""By the names of the classes that are chosen from."""
Choice: TypeAlias = tuple[str, dict[str, str]]
"""The property's name in JSON, and the class for each of its values."""


def map_discriminators(definition: JSONObject) -> None:
    """Give every discriminator of a choice between components its mapping in full, in place."""
    for node in walk(root(definition)):
        discriminator = _discriminator(node)
        if discriminator is not None:
            given = {value: f"#{pointer}" for value, pointer in _given(discriminator).items()}
            discriminator["mapping"] = {**_implied(node), **given}


def choices(definition: JSONObject) -> Choices:
    """The choices that are made by a discriminator, of a definition with full mappings.

    Two choices between the same classes by different values are both left out.
    """
    found: dict[frozenset[str], Choice] = {}
    ambiguous: set[frozenset[str]] = set()
    for node in walk(root(definition)):
        mapping = mapping_of(node)
        if not mapping:
            continue
        name = str(cast("JSONObject", node.value["discriminator"])["propertyName"])
        key = frozenset(pointer.removeprefix(_SCHEMAS) for pointer in _alternatives(node))
        named = {value: pointer.removeprefix(_SCHEMAS) for value, pointer in mapping.items()}
        classes = {value: name for value, name in named.items() if name in key}
        if found.setdefault(key, (name, classes)) != (name, classes):
            ambiguous.add(key)
    return {key: choice for key, choice in found.items() if key not in ambiguous}


def unread_discriminators(definition: JSONObject) -> Iterator[str]:
    """The pointers of the discriminators by which nothing is decoded.

    One beside no choice says how other schemas extend this one; what is decoded is this one.
    """
    read = choices(definition)
    for node in walk(root(definition)):
        if node.kind != "schema" or "discriminator" not in node.value or "$ref" in node.value:
            continue
        key = frozenset(pointer.removeprefix(_SCHEMAS) for pointer in _alternatives(node))
        if ("oneOf" in node.value or "anyOf" in node.value) and key not in read:
            yield f"{node.pointer}/discriminator"


def mapping_of(node: Node) -> dict[str, str]:
    """The component that each value of a node's discriminator stands for, as JSON pointers."""
    discriminator = _discriminator(node)
    return {} if discriminator is None else _given(discriminator)


def _discriminator(node: Node) -> JSONObject | None:
    """The discriminator of a choice between components only."""
    if node.kind != "schema" or "$ref" in node.value:
        return None
    discriminator = node.value.get("discriminator")
    if not isinstance(discriminator, dict) or not isinstance(
        discriminator.get("propertyName"), str
    ):
        return None
    return discriminator if _alternatives(node) else None


def _alternatives(node: Node) -> list[str]:
    """The pointers of what a schema lets choose from, null aside; none if one is no component."""
    listed = node.value.get("oneOf") or node.value.get("anyOf")
    pointers: list[str] = []
    for schema in listed if isinstance(listed, list) else ():
        reference = schema.get("$ref") if isinstance(schema, dict) else None
        if isinstance(reference, str) and reference.startswith(f"#{_SCHEMAS}"):
            pointers.append(reference_pointer(reference))
        elif schema != {"type": "null"}:
            return []
    return pointers


def _implied(node: Node) -> dict[str, JSON]:
    return {pointer.removeprefix(_SCHEMAS): f"#{pointer}" for pointer in _alternatives(node)}


def _given(discriminator: JSONObject) -> dict[str, str]:
    mapping = discriminator.get("mapping")
    given: dict[str, str] = {}
    for value, target in mapping.items() if isinstance(mapping, dict) else ():
        if isinstance(target, str):
            given[value] = (
                reference_pointer(target) if target.startswith("#") else _SCHEMAS + target
            )
    return given
