"""A definition without what ``provider.toml`` says is left out, and what only that needed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, cast

from codegen.definition import definition_data
from codegen.document import lookup, pointer_to, pointer_tokens
from codegen.errors import BadInputError
from codegen.openapi import METHODS, JSONObject, Node, children, reference_pointer, root, walk
from codegen.overlay import ABSENT
from codegen.replacing import replace_at

if TYPE_CHECKING:
    from collections.abc import Iterable

    from codegen.document import JSON, Document
    from codegen.provider import Provider


def leave_out(document: Document, provider: Provider) -> Document:
    """The patched document without the parts that the provider's package does without.

    Raises:
        BadInputError: there is no such part: it is gone, and the entry can go too.
    """
    if not provider.left_out:
        return document
    data: JSON = definition_data(document)
    # From the back, so that what is taken from a list does not move what is still to be taken.
    for entry in sorted(provider.left_out, key=lambda it: _place(it.pointer), reverse=True):
        try:
            data = replace_at(data, entry.pointer, ABSENT)
        except KeyError:
            message = f"there is no {entry.pointer} to leave out; remove the entry [[left-out]]"
            file = provider.root / "specs" / provider.name / "provider.toml"
            raise BadInputError(message, file=file) from None
    return replace(document, data=without_unused(cast("JSONObject", data)))


def _place(pointer: str) -> list[tuple[bool, int, str]]:
    return [
        (token.isdecimal(), int(token) if token.isdecimal() else 0, token)
        for token in pointer_tokens(pointer)
    ]


def without_unused(definition: JSONObject) -> JSONObject:
    """The definition without path items that have no operation and components nothing refers to."""
    paths = cast("JSONObject", definition["paths"])
    kept: JSONObject = {
        path: item
        for path, item in paths.items()
        if path.startswith("x-") or (isinstance(item, dict) and set(METHODS) & item.keys())
    }
    definition = {**definition, "paths": kept}
    definition.pop("webhooks", None)
    components = definition.get("components")
    if not isinstance(components, dict):
        return definition
    used = reachable(
        definition, (it for it in children(root(definition)) if it.kind == "path item")
    )
    return {
        **definition,
        "components": {
            kind: {
                name: member
                for name, member in members.items()
                if kind == "securitySchemes" or pointer_to("components", kind, name) in used
            }
            if isinstance(members, dict)
            else members
            for kind, members in components.items()
        },
    }


def reachable(definition: JSONObject, starts: Iterable[Node]) -> set[str]:
    """The pointers of the components that some nodes refer to, directly or through others."""
    members = {
        node.pointer: node
        for components in children(root(definition))
        if components.kind == "components"
        for node in children(components)
    }
    used: set[str] = set()
    waiting = list(starts)
    while waiting:
        for node in walk(waiting.pop()):
            for reference in _references(node):
                pointer = _component_of(reference)
                if pointer not in used and pointer in members:
                    used.add(pointer)
                    waiting.append(members[pointer])
    return used


def _references(node: Node) -> list[str]:
    discriminator = node.value.get("discriminator") if node.kind == "schema" else None
    mapping = discriminator.get("mapping") if isinstance(discriminator, dict) else None
    examples = node.value.get("examples") if node.kind in {"media type", "parameter"} else None
    return [
        it
        for it in (
            node.value.get("$ref"),
            *(mapping.values() if isinstance(mapping, dict) else ()),
            *(
                example.get("$ref")
                for example in (examples.values() if isinstance(examples, dict) else ())
                if isinstance(example, dict)
            ),
        )
        if isinstance(it, str)
    ]


def _component_of(reference: str) -> str:
    """The component that a reference leads to or into."""
    try:
        tokens = pointer_tokens(reference_pointer(reference))
    except KeyError:
        return ""
    return pointer_to(*tokens[:3]) if tokens[:1] == ["components"] else ""


def is_there(definition: JSONObject, pointer: str) -> bool:
    """Whether a JSON pointer leads to something in a definition."""
    try:
        lookup(definition, pointer)
    except KeyError:
        return False
    return True
