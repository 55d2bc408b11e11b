"""The choices that are made by a discriminator, of a canonical definition.

The generator does not read discriminators; a choice is decoded by these.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from codegen.openapi.grammar import Node, root, walk
from codegen.openapi.references import component_key, list_at, mapped, object_at, target_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from codegen.files.values import JSONObject

Choices: TypeAlias = "Mapping[frozenset[str], Choice]"
"""By the names of the classes that are chosen from."""
Choice: TypeAlias = tuple[str, dict[str, str]]
"""The property's name in JSON, and the class for each of its values."""


def choices(definition: JSONObject) -> Choices:
    """The choices that are made by a discriminator, of a definition with full mappings.

    Two choices between the same classes by different values are both left out.
    """
    found: dict[frozenset[str], Choice] = {}
    ambiguous: set[frozenset[str]] = set()
    for discriminator, names in _discriminators(definition):
        key = frozenset(names)
        named = ((value, component_key(to)) for value, to in mapped(discriminator))
        classes = {value: name for value, name in named if name in key}
        choice = str(discriminator["propertyName"]), classes
        if found.setdefault(key, choice) != choice:
            ambiguous.add(key)
    return {key: choice for key, choice in found.items() if key not in ambiguous}


def _discriminators(definition: JSONObject) -> Iterator[tuple[JSONObject, list[str]]]:
    """The discriminators of choices between components only, each with the names of those."""
    for node in walk(root(definition)):
        if node.kind == "schema" and "$ref" not in node.value:
            discriminator = object_at(node.value, "/discriminator")
            names = _alternatives(node)
            if names and isinstance(discriminator.get("propertyName"), str):
                yield discriminator, names


def _alternatives(node: Node) -> list[str]:
    """The components that a schema lets choose from, null aside; none if one is no component."""
    names: list[str] = []
    for schema in list_at(node.value, "/oneOf") or list_at(node.value, "/anyOf"):
        target = target_of(schema) if isinstance(schema, dict) else None
        name = None if target is None else component_key(target)
        if name is not None:
            names.append(name)
        elif schema != {"type": "null"}:
            return []
    return names
