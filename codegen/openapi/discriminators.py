"""The choices that are made by a discriminator, of a canonical definition.

The generator does not read discriminators; a choice is decoded by these.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from codegen.openapi.grammar import root, walk
from codegen.openapi.references import component_key, list_at, mapped, object_at, target_of

if TYPE_CHECKING:
    from collections.abc import Mapping

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
    for node in walk(root(definition)):
        discriminator = object_at(node.value, "/discriminator") if node.kind == "schema" else {}
        names = frozenset(_alternatives(node.value)) if discriminator else frozenset[str]()
        if not names:
            continue
        named = ((value, component_key(to)) for value, to in mapped(discriminator))
        classes = {value: name for value, name in named if name in names}
        choice = str(discriminator["propertyName"]), classes
        if found.setdefault(names, choice) != choice:
            ambiguous.add(names)
    return {names: choice for names, choice in found.items() if names not in ambiguous}


def _alternatives(schema: JSONObject) -> list[str]:
    """The components that a schema lets choose from, null aside; none if one is no component."""
    names: list[str] = []
    for member in list_at(schema, "/oneOf") or list_at(schema, "/anyOf"):
        target = target_of(member) if isinstance(member, dict) else None
        name = None if target is None else component_key(target)
        if name is not None:
            names.append(name)
        elif member != {"type": "null"}:
            return []
    return names
