"""Of which objects an OpenAPI 3 document is made, and where each one stands.

Whoever looks for schemas, media types or operations walks this table instead of guessing from
keys: a property may be called ``schema``, and an example may look like one.
"""

from __future__ import annotations

import re
from enum import Enum, auto
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias, cast

from codegen.files.values import JSON, JSONObject, pointer_to, pointer_tokens
from codegen.openapi.references import follow, object_at

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping


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

_METHOD = re.compile(r"[A-Z][A-Z-]*(?=#|$)")

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
"""In the order in which the generator reads the operations of a path."""


class Container(Enum):
    """How a field holds its objects."""

    ONE = auto()
    LIST = auto()
    MAP = auto()
    """By names that the definition chose."""
    PATTERNED = auto()
    """A map whose ``x-`` keys are extensions, not members."""


class Applies(Enum):
    """To what a schema inside another schema applies."""

    IN_PLACE = auto()
    """To the same value as the schema around it."""
    INSIDE = auto()
    """To a value inside that one."""
    AS_QUESTION = auto()
    """To either, but only to ask whether it fits; that it does not is no error by itself."""


class Field(NamedTuple):
    """A member of an object in which there are objects of a definition."""

    container: Container
    kind: Kind
    """That of the objects inside."""
    applies: Applies | None = None
    """Of a schema's keyword; None where the schemas inside apply to nothing by themselves."""

    def members(self, value: JSON) -> Iterator[tuple[str | int | None, JSON]]:
        """What the field's value holds, by key or index; by None if it holds itself.

        A value of another type than the container's holds nothing.
        """
        match self.container, value:
            case Container.ONE, _:
                yield None, value
            case Container.LIST, list():
                yield from enumerate(value)
            case ((Container.MAP | Container.PATTERNED), dict()):
                for key, member in value.items():
                    if self.container is Container.MAP or not key.startswith("x-"):
                        yield key, member
            case _:
                pass

    def with_each(self, value: JSON, change: Callable[[str | int | None, JSON], JSON]) -> JSON:
        """The field's value with each of its members changed, by key; extensions are none."""
        changed = {key: change(key, member) for key, member in self.members(value)}
        match value:
            case _ if None in changed:
                return changed[None]
            case dict():
                return {key: changed.get(key, member) for key, member in value.items()}
            case list():
                return list(changed.values()) if changed else value
            case _:
                return value


_ONE, _LIST, _MAP, _PATTERNED = Container
_IN_PLACE, _INSIDE, _AS_QUESTION = Applies

_ANY_KEY = ""
_OF_PARAMETERS = {
    "schema": Field(_ONE, "schema"),
    "content": Field(_MAP, "media type"),
    "examples": Field(_MAP, "example"),
}

SECTIONS: Mapping[Kind, str] = {
    "schema": "schemas",
    "response": "responses",
    "parameter": "parameters",
    "request body": "requestBodies",
    "header": "headers",
    "example": "examples",
    "link": "links",
    "callback": "callbacks",
    "security scheme": "securitySchemes",
    "path item": "pathItems",
}
"""Where among the components the objects of each kind are."""

_FIELDS: dict[Kind, dict[str, Field]] = {
    "document": {
        "paths": Field(_PATTERNED, "path item"),
        "webhooks": Field(_MAP, "path item"),
        "components": Field(_ONE, "components"),
    },
    "components": {section: Field(_MAP, kind) for kind, section in SECTIONS.items()},
    "path item": {
        "parameters": Field(_LIST, "parameter"),
        **dict.fromkeys((*METHODS, "query"), Field(_ONE, "operation")),
        "additionalOperations": Field(_MAP, "operation"),
    },
    "operation": {
        "parameters": Field(_LIST, "parameter"),
        "requestBody": Field(_ONE, "request body"),
        "responses": Field(_PATTERNED, "response"),
        "callbacks": Field(_MAP, "callback"),
    },
    "callback": {_ANY_KEY: Field(_PATTERNED, "path item")},
    "parameter": _OF_PARAMETERS,
    "header": _OF_PARAMETERS,
    "request body": {"content": Field(_MAP, "media type")},
    "response": {
        "headers": Field(_MAP, "header"),
        "content": Field(_MAP, "media type"),
        "links": Field(_MAP, "link"),
    },
    "media type": {
        "schema": Field(_ONE, "schema"),
        "examples": Field(_MAP, "example"),
        "encoding": Field(_MAP, "encoding"),
    },
    "encoding": {"headers": Field(_MAP, "header")},
    "example": {},
    "link": {},
    "security scheme": {},
    "schema": {
        **dict.fromkeys(("properties", "patternProperties"), Field(_MAP, "schema", _INSIDE)),
        **dict.fromkeys(("additionalProperties", "items"), Field(_ONE, "schema", _INSIDE)),
        **dict.fromkeys(
            ("unevaluatedProperties", "unevaluatedItems"), Field(_ONE, "schema", _INSIDE)
        ),
        "prefixItems": Field(_LIST, "schema", _INSIDE),
        "dependentSchemas": Field(_MAP, "schema", _IN_PLACE),
        **dict.fromkeys(("allOf", "anyOf", "oneOf"), Field(_LIST, "schema", _IN_PLACE)),
        **dict.fromkeys(("then", "else"), Field(_ONE, "schema", _IN_PLACE)),
        **dict.fromkeys(
            ("propertyNames", "contains", "not", "if"), Field(_ONE, "schema", _AS_QUESTION)
        ),
        "contentSchema": Field(_ONE, "schema"),
        "$defs": Field(_MAP, "schema"),
    },
}


def fields(kind: Kind) -> Mapping[str, Field]:
    """The members of objects of a kind in which there are objects; the key is empty for any."""
    return _FIELDS[kind]


def keywords(of: Container | Applies) -> tuple[str, ...]:
    """The keywords of a schema that hold schemas so, or whose schemas apply to such a value."""
    return tuple(name for name, field in fields("schema").items() if of in field)


class Node(NamedTuple):
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


def children(node: Node) -> list[Node]:
    """The objects directly inside ``node``, in the order of the text.

    Boolean schemas are no objects and left out.
    """
    known = _FIELDS[node.kind]
    if _ANY_KEY in known:
        return _nodes(node.pointer, known[_ANY_KEY], node.value)
    found: list[Node] = []
    for name, value in node.value.items():
        if name in known:
            field, pointer = known[name], f"{node.pointer}/{name}"
            if field.container is not _ONE:
                found += _nodes(pointer, field, value)
            elif isinstance(value, dict):
                found.append(Node(field.kind, pointer, value, node.value, name))
    return found


def _nodes(pointer: str, field: Field, value: JSON) -> list[Node]:
    parent = cast("JSONObject | list[JSON]", value)
    members = cast("Iterator[tuple[str | int, JSON]]", field.members(value))
    return [
        Node(field.kind, pointer + pointer_to(key), member, parent, key)
        for key, member in members
        if isinstance(member, dict)
    ]


def walk(start: Node) -> Iterator[Node]:
    """``start`` and every object inside it, outer before inner, in the order of the text."""
    waiting = [start]
    while waiting:
        node = waiting.pop()
        yield node
        waiting += reversed(children(node))


class Operation(NamedTuple):
    """One request: an operation under ``paths``, or what is sent of itself, under ``webhooks``."""

    path: str
    """The name of a webhook."""
    method: str
    node: Node
    item: Node
    """Its path item."""

    @property
    def sent(self) -> tuple[str, str]:
        """The method and the path as requests have them, of which a fragment is no part.

        One in capitals is the method, where OpenAPI 3.1 has no place for that.
        """
        path, _, fragment = self.path.partition("#")
        found = _METHOD.match(fragment)
        return found[0] if found else self.method.upper(), path


def without_parameter_names(path: str) -> str:
    """A path as it is whatever its parameters are called: ``/calls/{}``."""
    return re.sub(r"{[^{}]*}", "{}", path)


def operations(definition: JSONObject) -> Iterator[Operation]:
    """Every operation under ``paths``, in the order in which the generator reads them."""
    return _requests(path_items(definition))


def events(definition: JSONObject) -> Iterator[Operation]:
    """Every request that a provider sends of itself."""
    return _requests(webhooks(definition))


def by_operation_id(requests: Iterable[Operation]) -> dict[str, Operation]:
    """The requests that have an ``operationId``, by it."""
    named = ((one.node.value.get("operationId"), one) for one in requests)
    return {name: one for name, one in named if isinstance(name, str)}


def _requests(items: Iterable[Node]) -> Iterator[Operation]:
    for item in items:
        found = {node.key: node for node in children(item) if node.kind == "operation"}
        for method in METHODS:
            if method in found:
                yield Operation(str(item.key), method, found[method], item)


def path_items(definition: JSONObject) -> Iterator[Node]:
    """The path items under ``paths``."""
    return (node for node in children(root(definition)) if node.pointer.startswith("/paths/"))


def webhooks(definition: JSONObject) -> Iterator[Node]:
    """The path items under ``webhooks``, each under the name of what happens."""
    return (node for node in children(root(definition)) if node.pointer.startswith("/webhooks/"))


def parameters(definition: JSONObject, operation: Operation) -> dict[tuple[str, str], Node]:
    """What an operation takes besides its body: by name and location, references resolved.

    Its own parameters come first; one of the path item counts unless it is declared again.

    Raises:
        KeyError: a reference leads nowhere in the definition, or round in a circle.
    """
    found: dict[tuple[str, str], Node] = {}
    for holder in (operation.node, operation.item):
        for node in children(holder):
            if node.kind == "parameter":
                _, declared = follow(definition, node.value)
                found.setdefault((str(declared["name"]), str(declared["in"])), node)
    return found


def lost_references(definition: JSONObject) -> Iterator[tuple[str, str]]:
    """The references that lead to no object of their kind, each with its JSON pointer."""
    for node in walk(root(definition)):
        try:
            pointer, value = follow(definition, node.value)
        except KeyError:
            is_lost = True
        else:
            is_lost = "$ref" in node.value and _is_of_another_kind(node, pointer, value)
        if is_lost:
            yield f"{node.pointer}/$ref", str(node.value["$ref"])


def _is_of_another_kind(node: Node, target: str, value: JSONObject) -> bool:
    if node.kind == "parameter" and not value.keys() >= {"name", "in"}:
        return True
    match pointer_tokens(target):
        case []:  # the document itself
            return node.kind != "schema"
        case ["components", section, _] if section in SECTIONS.values():
            return section != SECTIONS.get(node.kind)
        case _:
            return False


def documented_body(operation: Operation) -> tuple[str, JSONObject]:
    """What documents the body of a request or an event, by media type, with its JSON pointer.

    That is of a canonical definition, in which no body is shared by reference.
    """
    place = "/requestBody/content"
    return operation.node.pointer + place, object_at(operation.node.value, place)


def documented_response(operation: Operation, status: int) -> Node | None:
    """The response for exactly this status, else for its class (``4XX``), else the default."""
    documented = {
        str(node.key).upper(): node for node in children(operation.node) if node.kind == "response"
    }
    keys = (str(status), f"{status // 100}XX", "DEFAULT")
    return next((documented[key] for key in keys if key in documented), None)
