"""Of which objects an OpenAPI 3 document is made, and where each one stands.

Whoever looks for schemas, media types or operations walks this table instead of guessing from
keys: a property may be called ``schema``, and an example may look like one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING, Literal, TypeAlias

from codegen.files.values import JSON, JSONObject, pointer_to
from codegen.openapi.references import follow

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


Kind: TypeAlias = Literal[
    "document",
    "components",
    "path item",
    "operation",
    "parameter",
    "header",
    "request body",
    "response",
    "media type",
    "encoding",
    "example",
    "link",
    "callback",
    "security scheme",
    "schema",
]

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
"""In the order in which the generator reads the operations of a path."""


class _Container(Enum):
    ONE = auto()
    LIST = auto()
    MAP = auto()
    PATTERNED = auto()
    """A map whose ``x-`` keys are extensions, not members."""


_ONE, _LIST, _MAP, _PATTERNED = _Container

_ANY_KEY = ""

_FIELDS: dict[Kind, dict[str, tuple[_Container, Kind]]] = {
    "document": {
        "paths": (_PATTERNED, "path item"),
        "webhooks": (_MAP, "path item"),
        "components": (_ONE, "components"),
    },
    "components": {
        "schemas": (_MAP, "schema"),
        "responses": (_MAP, "response"),
        "parameters": (_MAP, "parameter"),
        "requestBodies": (_MAP, "request body"),
        "headers": (_MAP, "header"),
        "examples": (_MAP, "example"),
        "links": (_MAP, "link"),
        "callbacks": (_MAP, "callback"),
        "securitySchemes": (_MAP, "security scheme"),
        "pathItems": (_MAP, "path item"),
    },
    "path item": {
        "parameters": (_LIST, "parameter"),
        **dict.fromkeys(METHODS, (_ONE, "operation")),
    },
    "operation": {
        "parameters": (_LIST, "parameter"),
        "requestBody": (_ONE, "request body"),
        "responses": (_PATTERNED, "response"),
        "callbacks": (_MAP, "callback"),
    },
    "callback": {_ANY_KEY: (_PATTERNED, "path item")},
    "parameter": {
        "schema": (_ONE, "schema"),
        "content": (_MAP, "media type"),
        "examples": (_MAP, "example"),
    },
    "header": {
        "schema": (_ONE, "schema"),
        "content": (_MAP, "media type"),
        "examples": (_MAP, "example"),
    },
    "request body": {"content": (_MAP, "media type")},
    "response": {
        "headers": (_MAP, "header"),
        "content": (_MAP, "media type"),
        "links": (_MAP, "link"),
    },
    "media type": {
        "schema": (_ONE, "schema"),
        "examples": (_MAP, "example"),
        "encoding": (_MAP, "encoding"),
    },
    "encoding": {"headers": (_MAP, "header")},
    "example": {},
    "link": {},
    "security scheme": {},
    "schema": {
        "properties": (_MAP, "schema"),
        "patternProperties": (_MAP, "schema"),
        "additionalProperties": (_ONE, "schema"),
        "propertyNames": (_ONE, "schema"),
        "dependentSchemas": (_MAP, "schema"),
        "unevaluatedProperties": (_ONE, "schema"),
        "prefixItems": (_LIST, "schema"),
        "items": (_ONE, "schema"),
        "contains": (_ONE, "schema"),
        "unevaluatedItems": (_ONE, "schema"),
        "allOf": (_LIST, "schema"),
        "anyOf": (_LIST, "schema"),
        "oneOf": (_LIST, "schema"),
        "not": (_ONE, "schema"),
        "if": (_ONE, "schema"),
        "then": (_ONE, "schema"),
        "else": (_ONE, "schema"),
        "contentSchema": (_ONE, "schema"),
        "$defs": (_MAP, "schema"),
    },
}


@dataclass(frozen=True, slots=True)
class Node:
    """One object of a document, with its kind and its JSON pointer."""

    kind: Kind
    pointer: str
    value: JSONObject
    parent: JSONObject | list[JSON]
    key: str | int
    """Where it stands in ``parent``."""

    def replace(self, value: JSONObject) -> None:
        """Put another value in this one's place."""
        self.parent[self.key] = value  # type: ignore[index]  # pyright: ignore[reportCallIssue, reportArgumentType]


def root(definition: JSONObject) -> Node:
    """The document itself, as a node to start from."""
    return Node("document", "", definition, {"": definition}, "")


def children(node: Node) -> Iterator[Node]:
    """The objects directly inside ``node``, in the order of the text.

    Boolean schemas are no objects and left out.
    """
    fields = _FIELDS[node.kind]
    if _ANY_KEY in fields:
        yield from _members(node, "", node.value, *fields[_ANY_KEY])
        return
    for key, value in node.value.items():
        if key in fields:
            yield from _members(node, key, value, *fields[key])


def _members(
    node: Node, field: str, value: JSON, container: _Container, kind: Kind
) -> Iterator[Node]:
    pointer = node.pointer + (pointer_to(field) if field else "")
    if container is _ONE:
        if isinstance(value, dict):
            yield Node(kind, pointer, value, node.value, field)
    elif container is _LIST and isinstance(value, list):
        for index, member in enumerate(value):
            if isinstance(member, dict):
                yield Node(kind, f"{pointer}/{index}", member, value, index)
    elif container in (_MAP, _PATTERNED) and isinstance(value, dict):
        for key, member in value.items():
            if container is _PATTERNED and key.startswith("x-"):
                continue
            if isinstance(member, dict):
                yield Node(kind, pointer + pointer_to(key), member, value, key)


def walk(start: Node) -> Iterator[Node]:
    """``start`` and every object inside it, outer before inner, in the order of the text."""
    waiting = [start]
    while waiting:
        node = waiting.pop()
        yield node
        waiting.extend(reversed(list(children(node))))


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation under ``paths``."""

    path: str
    method: str
    node: Node
    item: Node
    """Its path item."""


def without_parameter_names(path: str) -> str:
    """A path as it is whatever its parameters are called: ``/calls/{}``."""
    return re.sub(r"{[^{}]*}", "{}", path)


def operations(definition: JSONObject) -> Iterator[Operation]:
    """Every operation under ``paths``, in the order in which the generator reads them."""
    for item in path_items(definition):
        found = {node.key: node for node in children(item) if node.kind == "operation"}
        for method in METHODS:
            if method in found:
                yield Operation(str(item.key), method, found[method], item)


def path_items(definition: JSONObject) -> Iterator[Node]:
    """The path items under ``paths``."""
    for node in children(root(definition)):
        if node.pointer.startswith("/paths/"):
            yield node


def parameters(definition: JSONObject, operation: Operation) -> dict[tuple[str, str], Node]:
    """What an operation takes besides its body: by name and location, references resolved.

    Its own parameters come first; one of the path item counts unless it is declared again.
    """
    found: dict[tuple[str, str], Node] = {}
    for holder in (operation.node, operation.item):
        for node in children(holder):
            if node.kind == "parameter":
                resolved = resolve(definition, node)
                found.setdefault((str(resolved["name"]), str(resolved["in"])), node)
    return found


def resolve(definition: JSONObject, node: Node) -> JSONObject:
    """The value of a node, or of what its ``$ref`` finally leads to.

    Raises:
        KeyError: a reference leads nowhere in the definition, or round in a circle.
    """
    return follow(definition, node.value)[1]


def lost_references(definition: JSONObject) -> Iterator[tuple[str, str]]:
    """The references that lead to no object of the definition, each with its JSON pointer."""
    for node in walk(root(definition)):
        try:
            resolve(definition, node)
        except KeyError:
            yield f"{node.pointer}/$ref", str(node.value["$ref"])


_JSON_MEDIA_TYPE = re.compile(
    r"(application|text)/([^;]+\+)?json\b.*|application/\*|\*/\*", re.IGNORECASE
)


def documented_response(operation: Operation, status: int) -> Node | None:
    """The response for exactly this status, else for its class (``4XX``), else the default."""
    documented = {
        str(node.key).upper(): node for node in children(operation.node) if node.kind == "response"
    }
    keys = (str(status), f"{status // 100}XX", "DEFAULT")
    return next((documented[key] for key in keys if key in documented), None)


def json_media_type(content: Mapping[str, object]) -> str | None:
    """The first media type of a response that is JSON or may be."""
    return next(filter(_JSON_MEDIA_TYPE.fullmatch, content), None)
