"""Names for the functions and classes of a definition that nobody has named yet.

A class takes the last words of the way to its schema, operation or component, property by property:
as few as make it the only one. Schemas of one shape that would have the same name share it. What
comes of it is written into an overlay as naming actions, where a person may choose better ones.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

import orjson
from openapi_python_client.strings import ClassName, PythonIdentifier

from codegen.files.values import JSON, JSONObject, copy_of, lookup, pointer_to, pointer_tokens
from codegen.generator.reading import unnamed_members
from codegen.openapi.components import makes_class
from codegen.openapi.definition import definition_data, normalise
from codegen.openapi.grammar import Node, Operation, children, operations, root, walk
from codegen.openapi.names import is_class_name, module_of_class
from codegen.openapi.references import EMPTY, object_at
from codegen.overlay.queries import path_to

if TYPE_CHECKING:
    from collections.abc import Container, Iterator

    from codegen.files.document import Document

_COMPONENT = re.compile("/components/schemas/[^/]+")
_LONGEST_TITLE = 40
_OF_READERS = ("title", "description", "example", "examples", "$comment", "x-enum-varnames")
_OF_THE_USE = ("default", "deprecated", "readOnly", "writeOnly", "nullable")
_METHODS_OF_CLIENTS = frozenset(
    {"call", "close", "operations", "request", "with_options", "with_response"}
)
"""What a facade client has besides its operations."""
_SILENT_SEGMENT = re.compile(r"api|rest|v\d+(\.\d+)*", re.IGNORECASE)


def naming_actions(document: Document) -> list[JSONObject]:
    """The overlay actions that give every function and class of a definition a name of its own.

    Functions that have a usable name keep it, and so do classes and members of enumerations.
    """
    published = definition_data(document)
    normal = definition_data(normalise(document))
    names = _function_names(normal)
    functions: dict[str, JSON] = {f"{pointer}/operationId": name for pointer, name in names.items()}
    return [
        *_actions(published, "The name of a function.", functions),
        *_actions(published, "The names of classes.", _class_names(normal, names)),
        *_actions(published, "The names of an enumeration's members.", _member_names(normal)),
    ]


def _function_names(definition: JSONObject) -> dict[str, str]:
    """The names of the functions, by the JSON pointers of their operations."""
    named = list(operations(definition))
    given = [_given_name(operation) for operation in named]
    names: dict[str, str] = {}
    counts, taken = Counter(given), set(_METHODS_OF_CLIENTS)
    for operation, own in zip(named, given, strict=True):
        name = own if own is not None and counts[own] == 1 else _name_of_path(operation)
        if name in taken:
            name = _numbered(f"{name}_operation" if name in _METHODS_OF_CLIENTS else name, taken)
        taken.add(name)
        names[operation.node.pointer] = name
    return names


def _given_name(operation: Operation) -> str | None:
    identifier = operation.node.value.get("operationId")
    is_usable = isinstance(identifier, str) and re.search("[A-Za-z]", identifier)
    return _function_name(str(identifier)) if is_usable else None


def _name_of_path(operation: Operation) -> str:
    """The method and the words of the path: ``get_calls_by_id``."""
    words = [operation.method]
    for segment in operation.path.strip("/").split("/"):
        if segment.startswith("{"):
            words += ["by" if "by" not in words else "and", segment.strip("{}")]
        elif not _SILENT_SEGMENT.fullmatch(segment):
            words.append(segment)
    return _function_name(" ".join(words))


def _function_name(text: str) -> str:
    return str(PythonIdentifier(re.sub(r"\W+", "_", _plain(text)).strip("_"), "call_"))


def _plain(text: str) -> str:
    """The letters, digits and signs of ASCII in a text, without accents."""
    return unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()


def _numbered(name: str, taken: Container[str]) -> str:
    base, number = re.sub(r"_\d+$", "", name), 2
    while name in taken:
        name, number = f"{base}_{number}", number + 1
    return name


@dataclass
class _Group:
    """The schemas that get one name: those of one shape and one first choice."""

    candidates: list[str]
    """Its choices of a name, the best that is not taken first."""
    pointers: list[str] = field(default_factory=list[str])

    @property
    def name(self) -> str:
        return self.candidates[0]


def _class_names(definition: JSONObject, functions: dict[str, str]) -> dict[str, JSON]:
    """The title of each schema that makes a class and has not that title already, by pointer."""
    kept, groups, taken = _components(definition)
    by_shape: dict[tuple[bytes, str], _Group] = {}
    for node, trail in _schemas(definition, functions):
        is_component = _COMPONENT.fullmatch(node.pointer) is not None
        # A part of a composition is merged into the class around it.
        is_merged = re.search(r"/allOf/\d+$", node.pointer) and "title" not in node.value
        if is_component or is_merged or "$ref" in node.value or not makes_class(node.value):
            continue
        candidates = _candidates(node, trail)
        group = by_shape.setdefault((_shape(node.value), candidates[0]), _Group(candidates))
        group.pointers.append(node.pointer)
    groups += by_shape.values()
    _choose(groups, taken)
    named = {pointer: group.name for group in groups for pointer in group.pointers}
    return {
        f"{pointer}/title": title
        for pointer, title in {**kept, **named}.items()
        if object_at(definition, pointer).get("title") != title
    }


def _components(definition: JSONObject) -> tuple[dict[str, str], list[_Group], set[str]]:
    """The components that keep their keys as class names, the others, and the modules in use.

    Of those that keep them, only the ones with a title, which might be another.
    """
    kept: dict[str, str] = {}
    groups: list[_Group] = []
    modules: set[str] = set()
    for key, schema in object_at(definition, "/components/schemas").items():
        pointer, module = pointer_to("components", "schemas", key), module_of_class(key)
        if not isinstance(schema, dict) or "$ref" in schema or not makes_class(schema):
            modules.add(module)
        elif is_class_name(key) and module not in modules:
            modules.add(module)
            if "title" in schema:
                kept[pointer] = key
        else:
            name = _class_name(key)
            groups.append(_Group([name, f"{name}Model"], [pointer]))
    return kept, groups, modules


def _choose(groups: list[_Group], taken: set[str]) -> None:
    """Give each group the first of its candidates that no other has, numbered if there is none."""
    while True:
        wanted: dict[str, list[_Group]] = defaultdict(list)
        for group in groups:
            wanted[module_of_class(group.name)].append(group)
        movable = [
            group
            for module, rivals in wanted.items()
            if len(rivals) > 1 or module in taken or not is_class_name(rivals[0].name)
            for group in rivals
            if len(group.candidates) > 1
        ]
        if not movable:
            break
        for group in movable:
            del group.candidates[0]
    for group in groups:
        name, number = group.name, 2
        while module_of_class(name) in taken or not is_class_name(name):
            name, number = _class_name(f"{group.name}{number}"), number + 1
        group.candidates = [name]
        taken.add(module_of_class(name))


def _candidates(node: Node, trail: tuple[str, ...]) -> list[str]:
    title = node.value.get("title")
    own = isinstance(title, str) and len(title) <= _LONGEST_TITLE and re.search("[A-Za-z]", title)
    # A status alone says little; it is a call's.
    says_little = ("enum" in node.value and "/parameters/" not in node.pointer) or (
        trail[-1:] in (("Request",), ("Response",))
    )
    fewest = 2 if says_little and len(trail) > 1 else 1
    return [
        *([_class_name(str(title))] if own else []),
        *(_class_name(" ".join(trail[-count:])) for count in range(fewest, len(trail) + 1)),
    ]


def _class_name(text: str) -> str:
    name = str(ClassName(re.sub(r"\W+", " ", _plain(text)).strip() or "Item", "Model"))
    return str(ClassName(name, "Model"))


def _shape(schema: JSONObject) -> bytes:
    """What a schema admits, without text for readers."""
    copy = copy_of(schema)
    for key in _OF_THE_USE:
        copy.pop(key, None)
    kind = copy.get("type")
    if isinstance(kind, list):
        copy["type"] = [member for member in kind if member != "null"]
    elif isinstance(kind, str):
        copy["type"] = [kind]
    for node in walk(Node("schema", "", copy, {"": copy}, "")):
        for key in _OF_READERS:
            node.value.pop(key, None)
    return orjson.dumps(copy)


def _schemas(
    definition: JSONObject, functions: dict[str, str]
) -> Iterator[tuple[Node, tuple[str, ...]]]:
    """Every schema, with the words on the way to it, outer ones first."""
    waiting: list[tuple[Node, tuple[str, ...]]] = [(root(definition), ())]
    while waiting:
        node, trail = waiting.pop()
        if node.kind == "schema":
            yield node, trail
        found = [(child, _trail(node, trail, child, functions)) for child in children(node)]
        waiting.extend(reversed(found))


def _trail(
    parent: Node, trail: tuple[str, ...], child: Node, functions: dict[str, str]
) -> tuple[str, ...]:
    key = str(child.key)
    match parent.kind, child.kind:
        case "schema", _:
            return _trail_in_schema(parent, trail, child)
        case _, "operation":
            word = functions.get(child.pointer, key)
        case _, "parameter" | "header":
            word = str(child.value.get("name", key))
        case "operation", "response":
            word = "Response" if key.startswith("2") else "ErrorResponse"
        case "operation", "request body":
            word = "Request"
        case "components" | "operation", "response" | "request body" | "callback" | "schema":
            word = key
        case _:
            return trail
    return (*trail, word)


def _trail_in_schema(parent: Node, trail: tuple[str, ...], child: Node) -> tuple[str, ...]:
    keyword, *key = pointer_tokens(child.pointer.removeprefix(parent.pointer))
    match keyword:
        case "properties":
            return (*trail, key[0])
        case "items" | "additionalProperties" if trail:
            one = singular(trail[-1])
            return (*trail[:-1], one) if one != trail[-1] else (*trail, "Item")
        case "allOf":
            return trail
        case "oneOf" | "anyOf":
            members = cast("list[JSON]", parent.value[keyword])
            nulls = [one for one in members if isinstance(one, dict) and one.get("type") == "null"]
            if len(members) - len(nulls) == 1:
                return trail
            return (*trail, _variant(child, int(key[0]) + 1))
        case _:
            return (*trail, *key, keyword)


def _variant(node: Node, number: int) -> str:
    """What distinguishes one of several shapes: the only value of one of its properties."""
    for schema in object_at(node.value, "/properties").values():
        values = schema.get("enum", [schema.get("const")]) if isinstance(schema, dict) else None
        if isinstance(values, list) and len(values) == 1 and isinstance(values[0], str):
            return values[0]
    return f"Variant {number}"


def singular(word: str) -> str:
    """One of what an English plural names; the word itself where it is none."""
    # Names of properties need no dictionary; the libraries that have one are large or abandoned.
    for ending, one in (("ies", "y"), ("sses", "ss"), ("ches", "ch"), ("shes", "sh"), ("xes", "x")):
        if word.lower().endswith(ending) and len(word) > len(ending) + 1:
            return word[: -len(ending)] + one
    if word.lower().endswith("s") and not word.lower().endswith(("ss", "us", "is", "news")):
        return word[:-1]
    return word


def _member_names(definition: JSONObject) -> dict[str, JSON]:
    """The names of the members of each enumeration in which some have none of their own."""
    found: dict[str, JSON] = {}
    for node in walk(root(definition)):
        if node.kind == "schema" and unnamed_members(node.value):
            names: dict[str, None] = {}
            for member in cast("list[JSON]", node.value["enum"]):
                if member is not None:
                    names[_numbered(_member_name(member), names)] = None
            found[f"{node.pointer}/x-enum-varnames"] = [*names]
    return found


def _member_name(member: JSON) -> str:
    text = str(member)
    signs = {"+": "PLUS ", "-": "MINUS "}
    if text[:1] in signs and len(text) > 1:
        text = signs[text[0]] + text[1:]
    words = re.sub(r"\W+|_+", "_", _plain(text)).strip("_")
    if not words:
        words = "_".join(unicodedata.name(sign, "SIGN") for sign in text[:3]) or "EMPTY"
        words = re.sub(r"\W+", "_", words)
    name = str(PythonIdentifier(words, "value_")).upper().strip("_")
    return name if name[:1].isalpha() else f"VALUE_{name}"


def _actions(published: JSONObject, description: str, values: dict[str, JSON]) -> list[JSONObject]:
    """Overlay actions that put values at pointers, one for each operation or component.

    One that a later definition does without is then given up without the others.
    """
    updates: dict[str, JSONObject] = {}
    replaced: list[str] = []
    for pointer, value in values.items():
        *way, name = tokens = pointer_tokens(pointer)
        holder = object_at(published, pointer_to(*way))
        if holder is EMPTY or holder.get(name) == value:  # the former where normalising moves it
            continue
        if isinstance(holder.get(name), list):
            replaced.append(path_to(published, pointer))  # an update would add to it
        start = _end_of_lists(published, tokens)
        inner = updates.setdefault(path_to(published, pointer_to(*tokens[:start])), {})
        for token in way[start:]:
            inner = cast("JSONObject", inner.setdefault(token, {}))
        inner[name] = value
    shared: JSONObject = {"description": description, "x-discrepancy": "naming"}
    return [
        *({"target": target, **shared, "remove": True} for target in replaced),
        *({"target": target, **shared, "update": update} for target, update in updates.items()),
    ]


def _end_of_lists(data: JSON, tokens: list[str]) -> int:
    """How many tokens lead past the last list: an update merges objects, and adds to lists."""
    end = min(3, len(tokens) - 1)
    for index, token in enumerate(tokens[:-1], start=1):
        if isinstance(data, list):
            end = index
        data = lookup(data, pointer_to(token))
    return end
