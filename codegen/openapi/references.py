"""Where the references of a definition lead, with a guard against circles."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Final, cast
from urllib.parse import quote, unquote

from codegen.files.values import JSON, JSONObject, lookup, pointer_to, pointer_tokens, replace_at

if TYPE_CHECKING:
    from collections.abc import Iterator

EMPTY: JSONObject = {}
SCHEMAS: Final = "/components/schemas"
"""Where in a definition the schemas are that are components."""


def component_key(pointer: str) -> str | None:
    """The key of the schema at a pointer among the components; None if it is none of them."""
    return pointer_tokens(pointer)[-1] if pointer.rpartition("/")[0] == SCHEMAS else None


def reference_pointer(reference: str) -> str:
    """The JSON pointer in a ``$ref`` to the same document.

    Raises:
        KeyError: the reference leads to another document.
    """
    if not reference.startswith("#"):
        raise KeyError(reference)
    if "%" not in reference:
        return reference[1:]
    # Token by token, as some write `%2F` for a slash in one of them.
    tokens = (unquote(token) for token in reference[1:].split("/"))
    return "/".join(token.replace("/", "~1") for token in tokens)


def reference_to(pointer: str) -> str:
    """The ``$ref`` that leads to a pointer in the same document."""
    return "#" + quote(pointer, safe="/~!$&'()*+,;=:@?")


def target_of(value: JSONObject) -> str | None:
    """The pointer in an object's ``$ref``; None if it has none to this definition."""
    reference = value.get("$ref")
    if not isinstance(reference, str) or not reference.startswith("#"):
        return None
    return reference_pointer(reference)


def mapped(discriminator: JSONObject) -> Iterator[tuple[str, str]]:
    """What the values of a discriminator are mapped to, as pointers; a name is a component's."""
    for value, target in object_at(discriminator, "/mapping").items():
        if isinstance(target, str):
            pointer = target_of({"$ref": target})
            yield value, pointer or SCHEMAS + pointer_to(target)


def chain(
    definition: JSON, value: JSONObject, pointer: str = ""
) -> Iterator[tuple[str, JSONObject]]:
    """An object, and each that its ``$ref`` leads to in turn, with their JSON pointers.

    That of the object itself is ``pointer``, empty if nobody asks.

    Raises:
        KeyError: a reference leads to another document, to no object, or round in a circle; the
            message is the reference.
    """
    seen: set[str] = set()
    yield pointer, value
    while isinstance(reference := value.get("$ref"), str):
        pointer = reference_pointer(reference)
        try:
            target = lookup(definition, pointer)
        except KeyError:
            raise KeyError(reference) from None
        if reference in seen or not isinstance(target, dict):
            raise KeyError(reference)
        seen.add(reference)
        value = target
        yield pointer, value


def follow(definition: JSON, value: JSONObject, pointer: str = "") -> tuple[str, JSONObject]:
    """The object that :func:`chain` ends with, whose arguments and errors these are."""
    if "$ref" not in value:
        return pointer, value
    *_, last = chain(definition, value, pointer)
    return last


def resolved(definition: JSONObject, value: JSON) -> JSONObject:
    """An object, or what its ``$ref`` leads to; an empty one if it is none, or that is lost."""
    if not isinstance(value, dict):
        return EMPTY
    try:
        return follow(definition, value)[1]
    except KeyError:
        return EMPTY


def followed(definition: JSONObject, pointer: str) -> str:
    """Where the references that begin at a pointer lead, as far as they lead to objects."""
    value = object_at(definition, pointer)
    if "$ref" in value:
        with contextlib.suppress(KeyError):
            for place, _ in chain(definition, value, pointer):
                pointer = place
    return pointer


def object_at(definition: JSONObject, pointer: str) -> JSONObject:
    """The object at a pointer; an empty one where there is none."""
    try:
        value = lookup(definition, pointer)
    except KeyError:
        return EMPTY
    return value if isinstance(value, dict) else EMPTY


def list_at(definition: JSONObject, pointer: str) -> list[JSON]:
    """The list at a pointer; an empty one where there is none."""
    try:
        value = lookup(definition, pointer)
    except KeyError:
        return []
    return value if isinstance(value, list) else []


def existing(definition: JSONObject, pointer: str) -> str:
    """The pointer itself if there is something; else that of the innermost object around it."""
    while pointer:
        with contextlib.suppress(KeyError):
            lookup(definition, pointer)
            break
        pointer = pointer.rpartition("/")[0]
    return pointer


def with_references_in_place(definition: JSONObject, pointer: str) -> JSONObject:
    """The definition in which no member of the object at a pointer is a ``$ref``.

    What stands beside the ``$ref`` goes before. A reference that leads nowhere stays.
    """
    members = object_at(definition, pointer)
    changed: JSONObject = {}
    for name, value in members.items():
        if isinstance(value, dict) and "$ref" in value and not name.startswith("x-"):
            with contextlib.suppress(KeyError):
                _, changed[name] = dereferenced(definition, value)
    whole = replace_at(definition, pointer, {**members, **changed}) if changed else definition
    return cast("JSONObject", whole)


def dereferenced(
    definition: JSONObject, value: JSONObject, pointer: str = ""
) -> tuple[str, JSONObject]:
    """Where a ``$ref`` leads, and what is there, under what stands beside each on the way.

    The arguments and errors are those of :func:`chain`.
    """
    merged: JSONObject = {}
    for place, inner in chain(definition, value, pointer):
        merged, pointer = {**inner, **merged}, place
    del merged["$ref"]
    return pointer, merged


def property_pointer(definition: JSONObject, schema: str, name: str) -> str:
    """Where a property of the schema at a pointer is described; the schema's own if nowhere."""
    for place in composed(definition, schema):
        if name in object_at(definition, f"{place}/properties"):
            return place + pointer_to("properties", name)
    return schema


def composed(definition: JSONObject, schema: str) -> Iterator[str]:
    """The schema at a pointer and all that it is composed of by ``allOf``, itself first.

    Each comes once, after all references.
    """
    waiting, seen = [schema], set[str]()
    while waiting:
        pointer = followed(definition, waiting.pop())
        if pointer not in seen:
            seen.add(pointer)
            yield pointer
            waiting += reversed(parts_of(object_at(definition, pointer), pointer, ("allOf",)))


def shapes(definition: JSONObject, pointer: str) -> Iterator[tuple[str, JSONObject]]:
    """The schemas that a schema is a choice or a composition of, after all references.

    Each with its pointer, itself first.
    """
    waiting, seen = [pointer], set[str]()
    while waiting:
        pointer = waiting.pop(0)
        schema = lookup(definition, pointer)
        if pointer in seen or not isinstance(schema, dict):
            continue
        seen.add(pointer)
        yield pointer, schema
        target = target_of(schema)
        waiting += [] if target is None else [target]
        waiting += parts_of(schema, pointer)


def parts_of(
    schema: JSONObject, pointer: str, keywords: tuple[str, ...] = ("allOf", "anyOf", "oneOf")
) -> list[str]:
    """The pointers of what the schema at a pointer is a composition or a choice of."""
    return [
        pointer + pointer_to(keyword, index)
        for keyword in keywords
        for index in range(len(list_at(schema, f"/{keyword}")))
    ]
