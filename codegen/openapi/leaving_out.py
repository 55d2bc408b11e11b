"""A definition without what ``provider.toml`` says is left out, and what only that needed."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, cast

from codegen.files.errors import BadInputError
from codegen.files.values import ABSENT, JSONObject, lookup, pointer_to, pointer_tokens, replace_at
from codegen.openapi.definition import definition_data
from codegen.openapi.grammar import METHODS, Node, children, resolve, root, walk
from codegen.openapi.references import reference_pointer

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from codegen.files.document import Document
    from codegen.files.values import JSON


def leave_out(document: Document, left_out: Sequence[LeftOut], listed_in: Path) -> Document:
    """The patched document without the parts that the provider's package does without.

    Args:
        document: The patched definition.
        left_out: What is left out.
        listed_in: The file that says so, named in errors.

    Raises:
        BadInputError: there is no such part: it is gone, and the entry can go too.
    """
    if not left_out:
        return document
    definition = definition_data(document)
    pointers: set[str] = set()
    for entry in left_out:
        try:
            pointers.add(_with_positions(definition, entry.pointer))
        except KeyError:
            message = f"there is no {entry.pointer} to leave out; remove the entry [[left-out]]"
            raise BadInputError(message, file=listed_in) from None
    data: JSON = definition
    # From the back, so that what is taken from a list does not move what is still to be taken.
    for pointer in sorted(pointers, key=_place, reverse=True):
        data = replace_at(data, pointer, ABSENT)
    return replace(document, data=without_unused(cast("JSONObject", data)))


def with_names(definition: JSONObject, pointer: str) -> str:
    """A JSON pointer in which a parameter goes by its name, ``query:page``, not by its position.

    The position is another one as soon as a parameter is added before it.

    Raises:
        KeyError: the pointer leads nowhere.
    """
    tokens: list[str] = []
    for token, names in _steps(definition, pointer_tokens(pointer)):
        by_position = {str(position): name for name, position in names.items()}
        tokens.append(by_position.get(token, token))
    return pointer_to(*tokens)


def is_part(definition: JSONObject, pointer: str) -> bool:
    """Whether a pointer that :func:`with_names` has made still leads to something."""
    try:
        _with_positions(definition, pointer)
    except KeyError:
        return False
    return True


def _with_positions(definition: JSONObject, pointer: str) -> str:
    """The JSON pointer that :func:`with_names` has made its own of.

    Raises:
        KeyError: it leads nowhere.
    """
    tokens = [
        str(names[token]) if names else token
        for token, names in _steps(definition, pointer_tokens(pointer))
    ]
    return pointer_to(*tokens)


def _steps(definition: JSONObject, tokens: list[str]) -> Iterator[tuple[str, dict[str, int]]]:
    """Each token, with the positions of parameters by name when it chooses among those.

    Raises:
        KeyError: the tokens lead nowhere.
    """
    value: JSON = definition
    before = ""
    for token in tokens:
        is_among_parameters = before == "parameters" and isinstance(value, list)
        names = _parameters(definition, cast("list[JSON]", value)) if is_among_parameters else {}
        yield token, names
        value = lookup(value, pointer_to(names.get(token, token)))
        before = token


def _parameters(definition: JSONObject, listed: list[JSON]) -> dict[str, int]:
    positions: dict[str, int] = {}
    for position, value in enumerate(listed):
        if isinstance(value, dict):
            with contextlib.suppress(KeyError):
                found = resolve(definition, Node("parameter", "", value, listed, position))
                positions.setdefault(f"{found.get('in')}:{found.get('name')}", position)
    return positions


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


@dataclass(frozen=True)
class LeftOut:
    """A part of the definition that the generator cannot use, and the package does without."""

    operation: str
    """Whose it is, as the definition has it: ``GET /calls/{id}``."""
    part: str
    """What of it, in prose; ``the operation`` for all of it."""
    pointer: str
    """Where it stands in the definition, with the overlay applied; a parameter by its name."""
    reason: str
