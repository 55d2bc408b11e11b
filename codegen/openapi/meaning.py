"""What OpenAPI means and JSON Schema does not say, said in JSON Schema.

What is read only or write only is required in one direction alone, and a schema is used in both. A
schema with a discriminator is any of those that are composed of it. A name that is required and
described nowhere is a fault of whoever wrote the definition, which no answer could mend.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from codegen.files.document import dump_json
from codegen.files.errors import Problem
from codegen.files.values import JSON, JSONObject, pointer_to
from codegen.openapi.grammar import Node, root, walk
from codegen.openapi.references import (
    SCHEMAS,
    component_key,
    composed,
    followed,
    list_at,
    mapped,
    object_at,
    reference_to,
    target_of,
)
from codegen.openapi.subset import reachable

if TYPE_CHECKING:
    from collections.abc import Container, Iterator

_MOST_CHILDREN: Final = 60
"""Each use of such a schema is a choice of all of them, which of more nobody could read."""
_ONE_WAY: Final = (("readOnly", "request body"), ("writeOnly", "response"))
"""What is not required in what; so it says, where it is sent or read."""
_ASK_OR_COMPOSE = frozenset({"$ref", "allOf", "required"})
_KNOWS_MORE = frozenset(
    {"additionalProperties", "anyOf", "oneOf", "not", "if", "patternProperties"}
)
"""What may describe members that `properties` does not list."""


def say_what_is_meant(data: JSONObject) -> Iterator[Problem]:
    """Let the schemas of a definition say what OpenAPI means, in place."""
    yield from _require_what_is_described(data)
    _require_one_way(data)
    _choose_children(data)


def _described(schema: JSONObject) -> dict[str, JSONObject]:
    """What describes the members of an object, by name, in one schema itself."""
    members = object_at(schema, "/properties").items()
    return {name: each for name, each in members if isinstance(each, dict)}


def _require_what_is_described(data: JSONObject) -> Iterator[Problem]:
    schemas = [node for node in walk(root(data)) if node.kind == "schema"]
    required = {node.pointer: [*map(str, list_at(node.value, "/required"))] for node in schemas}
    lost = {place: {*names} for place, names in required.items() if names}
    known: set[str] = set()
    """Those of which any members are described."""
    for node in schemas:
        if not lost or node.value.keys().isdisjoint(_ASK_OR_COMPOSE):
            continue
        parts = {place: object_at(data, place) for place in composed(data, node.pointer)}
        asking = lost.keys() & parts.keys()
        described = set[str]().union(*map(_described, parts.values()))
        is_open = any(_KNOWS_MORE & part.keys() for part in parts.values())
        known.update(asking if described else ())
        for place in asking:  # what is composed of a schema may describe what that requires
            lost[place] = set() if is_open else lost[place] - described
            if not lost[place]:
                del lost[place]
    for node in schemas:
        names = lost[node.pointer] if node.pointer in lost.keys() & known else set[str]()
        if names:
            node.value["required"] = [name for name in required[node.pointer] if name not in names]
            told = ", ".join(repr(name) for name in required[node.pointer] if name in names)
            message = f"requires {told}, which nothing describes; that is not asked for"
            yield Problem("mended/required", f"{node.pointer}/required", message)


def _require_one_way(data: JSONObject) -> None:
    nodes, text = list(walk(root(data))), dump_json(data)
    for keyword, holder in _ONE_WAY:
        if f'"{keyword}":true'.encode() not in text:
            continue  # as in most definitions
        starts = [one for one in nodes if one.kind == holder and one.pointer.startswith("/paths/")]
        inside = {node.pointer for start in starts for node in walk(start)}
        reached = reachable(data, starts)
        for node in nodes:
            if node.kind == "schema" and (node.pointer in inside or _is_in(node, reached)):
                _require_less(data, node, keyword)


def _is_in(node: Node, reached: Container[str]) -> bool:
    """Whether a node is in a component that is reached."""
    return "/".join(node.pointer.split("/")[:4]) in reached


def _require_less(data: JSONObject, node: Node, keyword: str) -> None:
    required = node.value.get("required")
    if not isinstance(required, list):
        return
    members: dict[str, str] = {}
    for place in composed(data, node.pointer):
        for name in _described(object_at(data, place)):
            members.setdefault(name, place + pointer_to("properties", name))
    kept: list[JSON] = [
        name
        for name in required
        if str(name) not in members or not _says(data, members[str(name)], keyword)
    ]
    if kept != required:
        node.value["required"] = kept


def _says(data: JSONObject, pointer: str, keyword: str) -> bool:
    """Whether a schema, or one that it refers to or is composed of, has a flag."""
    places = pointer, *composed(data, pointer)
    return any(object_at(data, place).get(keyword) is True for place in places)


def _choose_children(data: JSONObject) -> None:
    """Let a reference to a schema with a discriminator be a choice of it and its children."""
    choices = _choices(data)
    for node in list(walk(root(data))) if choices else ():
        if node.kind != "schema" or "$ref" not in node.value:
            continue
        # What is composed of a schema has what that has; it is no choice.
        is_part = isinstance(node.parent, list) and node.pointer.split("/")[-2] == "allOf"
        choice = {} if is_part else choices.get(followed(data, node.pointer), {})
        if choice:
            del node.value["$ref"]
        for keyword, value in choice.items():
            node.value.setdefault(keyword, value)
    for pointer in choices:
        del object_at(data, pointer)["discriminator"]


def _choices(data: JSONObject) -> dict[str, JSONObject]:
    """What is meant by a reference to a component with children, by its pointer."""
    schemas = {
        name: schema
        for name, schema in object_at(data, SCHEMAS).items()
        if isinstance(schema, dict)
    }
    children: dict[str, list[str]] = {}
    for name, schema in schemas.items():
        for member in list_at(schema, "/allOf"):
            target = component_key(target_of(member) or "") if isinstance(member, dict) else None
            if target is not None and target != name:
                children.setdefault(target, []).append(name)
    choices: dict[str, JSONObject] = {}
    for name, schema in schemas.items():
        discriminator = object_at(schema, "/discriminator")
        if "propertyName" not in discriminator or schema.keys() & {"anyOf", "oneOf"}:
            continue
        names = _descendants(name, children)
        if 1 < len(names) <= _MOST_CHILDREN:
            choices[SCHEMAS + pointer_to(name)] = _choice(data, names, discriminator)
    return choices


def _descendants(name: str, children: dict[str, list[str]]) -> list[str]:
    """A schema and all that are composed of it; it comes first, as what any other one is, too."""
    found, waiting = {name: None}, [name]
    while waiting:
        for child in children.get(waiting.pop(), ()):
            if child not in found:
                found[child] = None
                waiting.append(child)
    return [*found]


def _choice(data: JSONObject, names: list[str], discriminator: JSONObject) -> JSONObject:
    # Any of them, not just one: what says more than another is that one, too.
    members: list[JSON] = [{"$ref": reference_to(SCHEMAS + pointer_to(name))} for name in names]
    known = {SCHEMAS + pointer_to(name) for name in names}
    mapping: JSONObject = {
        value: reference_to(followed(data, pointer))
        for value, pointer in mapped(discriminator)
        if followed(data, pointer) in known
    }
    told = {key: value for key, value in discriminator.items() if key != "mapping"}
    return {
        "anyOf": members,
        "discriminator": {**told, **({"mapping": mapping} if mapping else {})},
    }
