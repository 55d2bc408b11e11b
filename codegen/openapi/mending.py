"""A published definition as it is meant: no detail that nobody can read costs more than itself.

OpenAPI 3.0 and 3.2 become 3.1 first, so that all are read alike. What is missing has the value that
it can only have. What the official schema refuses then is left out, the smallest part that has it.
Each change is told with its place; those that change no meaning are not.
"""

from __future__ import annotations

import contextlib
import functools
from dataclasses import replace
from typing import TYPE_CHECKING, Final, cast

import jsonschema_rs
import orjson

from codegen.files.errors import Problem
from codegen.files.values import (
    JSON,
    Draft,
    JSONObject,
    copy_of,
    location_of,
    pointer_to,
    pointer_tokens,
)
from codegen.openapi.access import VARIABLE, first_server, is_server_address, variable_names
from codegen.openapi.anchors import NAMING, refer_to_places
from codegen.openapi.definition import definition_data, upgrade
from codegen.openapi.grammar import Node, lost_references, operations, root, walk
from codegen.openapi.marked import (
    describe_one_event,
    unmarked,
    with_streams_apart,
)
from codegen.openapi.meaning import say_what_is_meant
from codegen.openapi.media_types import is_json, json_media_type, stream_kind
from codegen.openapi.newer import as_3_1
from codegen.openapi.references import (
    list_at,
    object_at,
    reference_to,
    resolved,
    with_references_in_place,
)
from codegen.openapi.shapes import is_annotation
from codegen.openapi.strictness import LOWER_BOUNDS, UPPER_BOUNDS
from codegen.openapi.validation import structural_problems, wrong_path_parameters

if TYPE_CHECKING:
    from collections.abc import Iterator

    from codegen.files.document import Document

_MOST_ROUNDS = 20
"""How often something may be unsound because of what was left out in it."""
_ROUNDED = 2**53
"""From here on a fraction does not tell every two whole numbers apart."""
_NOT_READ = "is read as if it were not there"
_TYPES: Final[dict[str, JSONObject]] = {
    name: {"type": kind, **({"format": form} if form else {})}
    for kind, form, names in (
        ("integer", "", ("int", "int32", "int64", "long")),
        ("number", "", ("decimal", "double", "float", "numeric")),
        ("boolean", "", ("bool",)),
        ("object", "", ("dict", "hash", "map")),
        ("array", "", ("list",)),
        ("string", "", ("str", "text")),
        ("string", "binary", ("binary", "file")),
        ("string", "date", ("date",)),
        ("string", "date-time", ("date-time", "datetime")),
        ("string", "uuid", ("uuid",)),
    )
    for name in names
}
"""What is meant by names of types that JSON Schema does not have."""
_TYPED_BY = {
    **dict.fromkeys(("additionalProperties", "maxProperties", "patternProperties"), "object"),
    **dict.fromkeys(("items", "maxItems", "minItems", "prefixItems", "uniqueItems"), "array"),
    **dict.fromkeys(("contentEncoding", "contentMediaType"), "string"),
}
"""The type that is meant by who says nothing but these of a value."""
_CLASSES: Final[dict[str, tuple[type, ...]]] = {
    "boolean": (bool,),
    "integer": (int,),
    "number": (int, float),
}
"""Those of the values of types that some write as texts."""
_NEGATING = frozenset({"else", "if", "not", "then"})
"""The keywords under which a schema that allows more may make the whole refuse more."""
_COUNTS = {*LOWER_BOUNDS, *UPPER_BOUNDS} - {
    *("exclusiveMaximum", "exclusiveMinimum", "maximum", "minimum")
}
"""The keywords that limit how many there are of something, which is a whole number."""
_NEEDED = frozenset({"", "/openapi", "/info", "/paths"})
WITHOUT_BODY = frozenset({"204", "205", "304"})
"""Statuses with which HTTP sends none."""
_KNOWN_TYPES = frozenset({"array", "boolean", "integer", "null", "number", "object", "string"})
_REMOVED_WITH_THEIR_REFERENCE = frozenset(
    {"callback", "example", "header", "link", "parameter", "path item"}
)
"""What goes as a whole where it is no more than a reference that leads nowhere."""


def mended(document: Document) -> Document:
    """The definition as OpenAPI 3.1, read as it is meant; what was changed is told by it."""
    # A security scheme may refer to anything, which is seen when it stands in its place.
    whole = with_references_in_place(definition_data(document), "/components/securitySchemes")
    data = copy_of(whole)
    moved = as_3_1(data) if str(data["openapi"]).startswith("3.2") else {}
    told = list(_as_meant(data))
    upgrade(data)
    told += _without_unsound(data)
    told += _without_lost_references(data)
    told += _complete(data)
    told += say_what_is_meant(data)
    told += _unknown_schemes(data)
    moved |= {"": "", **with_streams_apart(data)}
    told = [replace(each, pointer=unmarked(each.pointer)) for each in told]
    homes = {pointer: (document, unmarked(origin)) for pointer, origin in moved.items()}
    return replace(document, data=data, told=(*document.told, *told), homes=homes)


def _unknown_schemes(data: JSONObject) -> Iterator[Problem]:
    """Tell once of each security scheme that is asked for and described nowhere."""
    known = {*object_at(data, "/components/securitySchemes")}
    for holder in (root(data), *(each.node for each in operations(data))):
        for number, requirement in enumerate(list_at(holder.value, "/security")):
            for name in requirement if isinstance(requirement, dict) else ():
                if name not in known:
                    known.add(name)
                    pointer = holder.pointer + pointer_to("security", number, name)
                    message = f"{name!r} is described by no security scheme; nothing is sent for it"
                    yield Problem("mended/security", pointer, message)


def _as_meant(data: JSONObject) -> Iterator[Problem]:
    """Give what is missing or of another type the only value that it can have."""
    _complete_head(data)
    schemas: list[Node] = []
    for node in walk(root(data)):
        if node.kind == "schema":
            schemas.append(node)
            yield from _types_as_meant(node)
            yield from _members_as_meant(node)
            yield from _matched_as_meant(node)
        elif node.kind == "parameter" and "$ref" not in node.value:
            _complete_parameter(node.value)
        elif node.kind == "media type":
            describe_one_event(data, node)
            if is_json(str(node.key)) or stream_kind(str(node.key), None) == "records":
                node.value.setdefault("schema", {})
        elif node.kind in ("operation", "path item"):
            yield from _parameters_once(node)
            yield from _asked_by_https(node)
            yield from _answers_without_bodies(data, node)
        if node.kind in ("document", "operation", "path item"):
            _complete_variables(node.value)
    if any(NAMING & node.value.keys() for node in schemas):
        yield from refer_to_places(data, schemas)


def _complete_head(data: JSONObject) -> None:
    head = data["info"] = {**object_at(data, "/info")}
    data.pop("$self", None)  # where it was published
    for name, usual in (("title", "API"), ("version", "0")):
        if not isinstance(head.get(name), str):
            head[name] = str(head.get(name) or usual)
    data["paths"] = {**object_at(data, "/paths")}


def _complete_parameter(parameter: JSONObject) -> None:
    if parameter.get("in") == "path":
        parameter["required"] = True
    if not {"schema", "content"} & parameter.keys():
        parameter["schema"] = {}
    elif "schema" in parameter:
        parameter.pop("content", None)
    content = object_at(parameter, "/content")
    if content:  # of several, whoever sends it chooses one
        kind = json_media_type(content) or next(iter(content))
        parameter["content"] = {kind: content[kind]}


def _complete_variables(holder: JSONObject) -> None:
    """Give the variables of servers a default, and values, that are texts."""
    for number in range(len(list_at(holder, "/servers"))):
        for name, one in object_at(holder, f"/servers/{number}/variables").items():
            if isinstance(one, dict):
                values = [_as_text(each) for each in list_at(one, "/enum")]
                usual = one.get("default", values[0] if values else name)
                one["default"] = _as_text(usual)
                if values:
                    one["enum"] = values


def _as_text(value: JSON) -> JSON:
    return orjson.dumps(value).decode() if isinstance(value, bool | int | float) else value


def _parameters_once(node: Node) -> Iterator[Problem]:
    """Of parameters of one name and place, the first."""
    seen: list[tuple[JSON, JSON]] = []
    kept: list[JSON] = []
    for index, one in enumerate(list_at(node.value, "/parameters")):
        key = (one.get("name"), one.get("in")) if isinstance(one, dict) else (None, None)
        if None not in key and key in seen:
            message = f"the parameter {key[0]!r} is declared twice; the first is read"
            yield Problem("mended/parameter", f"{node.pointer}/parameters/{index}", message)
        else:
            kept.append(one)
        seen.append(key)
    if len(kept) < len(seen):
        node.value["parameters"] = kept


def _answers_without_bodies(data: JSONObject, node: Node) -> Iterator[Problem]:
    """Answers that HTTP gives no body have none, whatever is said of it."""
    answers = object_at(node.value, "/responses")
    for status, answer in answers.items():
        said = resolved(data, answer)
        if (status in WITHOUT_BODY or node.key == "head") and said.get("content"):
            answers[status] = {key: value for key, value in said.items() if key != "content"}
            place = f"{node.pointer}/responses/{status}/content"
            yield Problem("mended/body", place, f"no body comes with it; it {_NOT_READ}")


def _asked_by_https(node: Node) -> Iterator[Problem]:
    """By http no credential is sent safely, further than to this machine."""
    server = first_server(node.value)
    url = str(server.get("url"))
    if (scheme := VARIABLE.match(url)) is not None:
        default = object_at(server, pointer_to("variables", scheme[1])).get("default")
        url = f"{default}{url[scheme.end() :]}"
    if url.startswith("http://") and not is_server_address(url, variable_names(server)):
        server["url"] = url.replace("http:", "https:", 1)
        message = f"asks {url}, where no credential is sent safely; it is asked by https"
        yield Problem("mended/server", f"{node.pointer}/servers/0", message)


def _types_as_meant(node: Node) -> Iterator[Problem]:
    kind, items = node.value.get("type"), node.value.get("items")
    discriminator = object_at(node.value, "/discriminator")
    if "discriminator" in node.value and not isinstance(discriminator.get("propertyName"), str):
        del node.value["discriminator"]
        message = f"names no property; it {_NOT_READ}"
        yield Problem("mended/discriminator", f"{node.pointer}/discriminator", message)
    if kind is None and "type" in node.value:
        node.value["type"] = "null"
    if isinstance(kind, list):
        node.value["type"] = ["null" if one is None else one for one in kind]
    if isinstance(kind, str) and kind not in _KNOWN_TYPES:
        meant: JSONObject = {"type": kind.lower()} if kind.lower() in _KNOWN_TYPES else {}
        meant = meant or _TYPES.get(kind.lower(), {})
        del node.value["type"]
        node.value.update({**meant, **node.value})
        read = f"is read as {meant['type']!r}" if meant else _NOT_READ
        yield Problem("mended/type", f"{node.pointer}/type", f"{kind!r} is no type; it {read}")
    asserting = (key for key in node.value if key != "nullable" and not is_annotation(key))
    said = {_TYPED_BY.get(key) for key in asserting}
    if len(said) == 1 and None not in said and node.pointer.split("/")[-2] != "allOf":
        node.value["type"] = said.pop()
    if isinstance(items, list):
        del node.value["items"]
        if len(items) == 1:
            node.value["items"] = items[0]
        elif items:
            node.value["prefixItems"] = items
        else:
            node.value["items"] = {}


def _members_as_meant(node: Node) -> Iterator[Problem]:
    """Let the members of an enumeration of one type be of that, as ``1`` among texts is "1".

    Whole numbers that are written as fractions, such as 1.0, are written as integers where nothing
    else can be: JSON tells them not apart, and Python does.
    """
    kinds = node.value.get("type")
    named = [str(one) for one in (kinds if isinstance(kinds, list) else [kinds]) if one != "null"]
    kind = named[0] if len(named) == 1 else ""
    whole = _COUNTS | ({"const", "default", "enum"} if kind == "integer" else set[str]())
    for key in whole & node.value.keys():
        value = node.value[key]
        node.value[key] = [*map(_as_whole, value)] if isinstance(value, list) else _as_whole(value)
    members = node.value.get("enum")
    for number, member in enumerate(members if isinstance(members, list) else ()):
        meant = _as_text(member) if kind == "string" else member
        if isinstance(member, str) and kind in _CLASSES:
            with contextlib.suppress(orjson.JSONDecodeError):
                read = orjson.loads(member.lower())
                meant = read if type(read) in _CLASSES[kind] else member
        if meant is not member:
            cast("list[JSON]", members)[number] = meant
            message = f"{member!r} is no {kind}; it is read as {meant!r}"
            yield Problem("mended/enum", f"{node.pointer}/enum/{number}", message)


def _matched_as_meant(node: Node) -> Iterator[Problem]:
    """Leave out a pattern by which no value could be matched."""
    pattern = node.value.get("pattern")
    if not isinstance(pattern, str) or _is_expression(pattern):
        return
    # What is refused there would be more without it; whoever checks a value leaves out the whole.
    if _NEGATING.isdisjoint(pointer_tokens(node.pointer)):
        del node.value["pattern"]
    message = f"{pattern!r} is no regular expression; it is left out, so that any text fits"
    yield Problem("mended/pattern", f"{node.pointer}/pattern", message)


@functools.cache
def _is_expression(pattern: str) -> bool:
    """Whether definitions may have it: also what a client's engine does not run, as lookahead."""
    try:
        jsonschema_rs.Draft202012Validator({"pattern": pattern})
    except jsonschema_rs.ValidationError:
        return False
    return True


def _as_whole(value: JSON) -> JSON:
    # What is larger may have been rounded.
    is_whole = isinstance(value, float) and value.is_integer() and abs(value) < _ROUNDED
    return int(cast("float", value)) if is_whole else value


def _without_unsound(data: JSONObject) -> Iterator[Problem]:
    """Leave out what the official schema refuses, again until it refuses nothing."""
    for _ in range(_MOST_ROUNDS):
        found = {each.pointer: each for each in structural_problems(data)}
        places = [pointer for pointer in found if pointer not in _NEEDED]
        if not places:
            return
        for pointer in places:
            message = f"{found[pointer].message}; it {_NOT_READ}"
            yield Problem("mended/structure", pointer, message)
        _remove(data, places)


def _without_lost_references(data: JSONObject) -> Iterator[Problem]:
    lost = list(lost_references(data))
    nodes = {node.pointer: node for node in walk(root(data))} if lost else {}
    gone: list[str] = []
    for pointer, reference in lost:
        node = nodes[pointer.removesuffix("/$ref")]
        is_component = node.pointer.startswith("/components/")
        if reference[:2] == "#/" and "%" in reference and object_at(data, reference[1:]):
            # Some write a key that has such signs as it is.
            node.value["$ref"] = reference_to(reference[1:])
            continue
        if node.kind == "schema":
            del node.value["$ref"]
        elif node.kind == "response":
            node.replace({"description": ""})
        elif is_component or node.kind in _REMOVED_WITH_THEIR_REFERENCE:
            gone.append(node.pointer)
        else:
            continue  # an operation cannot do without it
        where = "no object of its kind in this document"
        if not reference.startswith("#"):
            where = "no file in the definition's folder, or nothing of its kind there"
        message = f"{reference!r} leads to {where}; it {_NOT_READ}"
        yield Problem("mended/reference", pointer, message)
    _remove(data, gone)
    if gone:  # something may have led to it
        yield from _without_lost_references(data)


def _remove(data: JSONObject, pointers: list[str]) -> None:
    draft = Draft(data)
    draft.remove(location_of(data, pointer) for pointer in pointers)
    changed = {**cast("JSONObject", draft.root)}
    data.clear()
    data.update(changed)


def _complete(data: JSONObject) -> Iterator[Problem]:
    """Give operations an answer, and the parameters that their paths name; no others of a path."""
    for operation in operations(data):
        value, place = operation.node.value, operation.node.pointer
        if not object_at(value, "/responses"):
            value["responses"] = {"default": {"description": ""}}
        missing, surplus = wrong_path_parameters(data, operation)
        for name in surplus:
            message = f"the path does not name the path parameter {name!r}; it {_NOT_READ}"
            yield Problem("mended/path-parameter", place, message)
        for name in missing:
            message = f"no parameter declares {{{name}}}; it is read as a text"
            yield Problem("mended/path-parameter", place, message)
        for holder in (value, operation.item.value) if surplus else ():
            listed = [(one, resolved(data, one)) for one in list_at(holder, "/parameters")]
            holder["parameters"] = [
                one
                for one, told in listed
                if told.get("in") != "path" or told.get("name") not in surplus
            ]
        if missing:
            text: JSONObject = {"in": "path", "required": True, "schema": {"type": "string"}}
            more: list[JSON] = [{"name": name, **text} for name in missing]
            value["parameters"] = [*list_at(value, "/parameters"), *more]
