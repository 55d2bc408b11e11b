"""The patched definition as the generator is able to read it.

Some schemas it refuses, or drops in silence, although a client needs less of them than validation
does: a member of an enumeration of fractions is a float to Python. They are given to it wider; what
validates answers, and what ships as ``openapi.json``, is the definition itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from codegen.files.values import JSON, JSONObject, canonical, copy_of, pointer_to
from codegen.openapi.grammar import Node, fields, root, walk
from codegen.openapi.media_types import is_json, kind_of, read_media_type, stream_kind
from codegen.openapi.names import makes_class
from codegen.openapi.references import (
    SCHEMAS,
    component_key,
    list_at,
    object_at,
    resolved,
    shapes,
    target_of,
)
from codegen.openapi.strictness import ASSERTIONS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from codegen.openapi.media_types import Kind

_BYTES = "application/octet-stream"
_FORMATS = {"json": "application/json", "text": "text/plain"}
"""What the generator is told that a body is."""
_BEYOND_64_BITS = 1 << 63
"""From here on an integer is no literal to type checkers."""
_READ_FROM_TEXTS = ("date", "date-time", "uuid")

_UNREAD: Mapping[str, Collection[str]] = {
    "document": {"externalDocs", "security", "servers", "tags", "webhooks"},
    "components": {"securitySchemes"},
    "operation": {"callbacks", "externalDocs", "security", "servers"},
    "parameter": {"example", "examples"},
    "response": {"headers", "links"},
    "media type": {"encoding", "example", "examples"},
    "schema": {"discriminator", "example", "examples", "externalDocs", "xml", *ASSERTIONS}
    - {"$ref", "allOf", "anyOf", "const", "enum", "format", "oneOf", "required", "type"}
    - {"additionalProperties"},
}
"""What the generator refuses a definition for, and reads nothing of."""

_CLOSING = frozenset({"additionalProperties", "unevaluatedProperties", "unevaluatedItems"})
"""Where ``false`` is no schema like others: it says that there is no more."""


def generator_view(definition: JSONObject) -> JSONObject:
    """A copy of a patched definition in which the generator can read all that it could."""
    view = copy_of(definition)
    paths = object_at(view, "/paths")
    view["paths"] = {path: item for path, item in paths.items() if not path.startswith("x-")}
    for node in walk(root(view)):
        if (target := target_of(node.value)) is not None:
            node.value["$ref"] = f"#{target}"  # the generator reads it letter by letter
        if node.kind == "schema":
            _join_items(node.value)
            _open_boolean_schemas(node.value)
        for name in node.value.keys() & _UNREAD.get(node.kind, set()):
            del node.value[name]
    _take_files_from_parts(view)
    _end_circles(view)
    for node in walk(root(view)):
        if node.kind == "schema":
            _compose(view, node.value)
            _widen(node.value)
        elif node.kind == "response":
            _read_one_format(node)
        elif node.kind == "request body":
            _send_each_format_once(view, node)
        elif node.kind == "parameter":
            _with_schema(node)
    return view


def _join_items(schema: JSONObject) -> None:
    """Let any member of a list be what the first ones are, each by its place, or else the rest."""
    first = cast("list[JSON]", schema.pop("prefixItems", []))
    rest = schema.get("items", {})
    is_whole = schema.get("maxItems", len(first) + 1) == len(first) or rest is False
    if first:
        schema["items"] = {"anyOf": first if is_whole else [*first, rest]}


def _open_boolean_schemas(schema: JSONObject) -> None:
    for keyword, field in fields("schema").items():
        if keyword in schema and keyword not in _CLOSING:
            schema[keyword] = field.with_each(
                schema[keyword], lambda _, member: {} if isinstance(member, bool) else member
            )


def _take_files_from_parts(view: JSONObject) -> None:
    """Let nothing be a file but a whole body, or a part of one; anywhere else it is a text."""
    nodes = [*walk(root(view))]
    bodies = [node for node in nodes if node.kind == "media type"]
    files = {f"{node.pointer}/schema" for node in bodies}
    for node in bodies:
        if "schema" in node.value and kind_of(str(node.key), None) == "multipart":
            for place, schema in shapes(view, f"{node.pointer}/schema"):
                for name in object_at(schema, "/properties"):
                    member = place + pointer_to("properties", name)
                    parts = [pointer for pointer, _ in shapes(view, member)]
                    files |= {*parts, *(f"{each}/items" for each in parts)}
    for node in nodes:
        is_file = node.kind == "schema" and node.value.get("format") == "binary"
        if is_file and node.pointer not in files:
            del node.value["format"]


def _end_circles(view: JSONObject) -> None:
    """Let what is no class hold anything where it holds itself, as no type can be written so."""
    schemas = cast("dict[str, JSONObject]", object_at(view, SCHEMAS))
    others = {name: one for name, one in schemas.items() if not makes_class(one)}
    uses: dict[str, list[tuple[JSONObject, str]]] = {
        name: [
            (inner.value, str(component_key(target_of(inner.value) or "")))
            for inner in walk(Node("schema", "", one, {}, ""))
        ]
        for name, one in others.items()
    }

    def enter(name: str, around: tuple[str, ...]) -> None:
        for holder, target in uses.pop(name, ()):
            if target in (*around, name):
                holder.clear()
            elif target in uses:
                enter(target, (*around, name))

    for name in others:
        enter(name, ())


def _compose(view: JSONObject, schema: JSONObject) -> None:
    """Give a class the properties of all that it is composed of, where the generator does not look.

    Those of a choice are there or not. A composition of no objects needs no more than it says.
    """
    if not makes_class(schema):
        if schema.keys() & {"type", "anyOf", "oneOf"}:
            schema.pop("allOf", None)
        return
    own = ("allOf", "anyOf", "oneOf")
    composed: JSONObject = {keyword: schema[keyword] for keyword in own if keyword in schema}
    for choice in ("anyOf", "oneOf"):
        schema.pop(choice, None)
    if parts := [*_flat(view, composed, frozenset(), is_certain=True)]:
        schema["allOf"] = parts


def _flat(
    view: JSONObject, part: JSONObject, passed: frozenset[str], *, is_certain: bool
) -> Iterator[JSON]:
    """The parts of a class without choices and compositions in them."""
    target = target_of(part)
    if target is not None:
        inner = object_at(view, target)
        if target in passed:
            return
        if is_certain and makes_class(inner) and not inner.get("enum"):
            yield {"$ref": part["$ref"]}
            return
        passed |= {target}
        part = inner
    own: JSONObject = {key: part[key] for key in ("properties", "required") if key in part}
    if not is_certain:
        own.pop("required", None)
    if own.get("properties") or own.get("required"):
        yield {"type": "object", **own}
    for member in _members(part, "/allOf"):
        yield from _flat(view, member, passed, is_certain=is_certain)
    yield from _either(view, part, passed)


def _members(part: JSONObject, keyword: str) -> list[JSONObject]:
    """The schemas in a list, of which none is a boolean any more."""
    return cast("list[JSONObject]", list_at(part, keyword))


def _either(view: JSONObject, part: JSONObject, passed: frozenset[str]) -> list[JSON]:
    """The properties of what a part is a choice of, each as it may be in any; none if of none."""
    found: dict[str, list[JSON]] = {}
    for member in (*_members(part, "/anyOf"), *_members(part, "/oneOf")):
        branch: JSONObject = {}
        for inner in _flat(view, member, passed, is_certain=False):
            branch |= object_at(cast("JSONObject", inner), "/properties")
        for name, schema in branch.items():
            known = found.setdefault(name, [])
            known += [] if schema in known else [schema]
    properties: JSONObject = {
        name: known[0] if len(known) == 1 else {"anyOf": known} for name, known in found.items()
    }
    return [{"type": "object", "properties": properties}] if properties else []


def _widen(schema: JSONObject) -> None:
    schema.pop("default", None)
    patterned = object_at(schema, "/patternProperties").values()
    if patterned and schema.get("additionalProperties") is False:
        # In a class there is one type for all that has no attribute.
        alone = next(iter(patterned)) if len(patterned) == 1 else {}
        is_class = isinstance(alone, dict) and "$ref" not in alone and makes_class(alone)
        schema["additionalProperties"] = {} if is_class else alone
    match const := schema.get("const"):
        case dict() | list() | float():  # no annotation is one
            del schema["const"]
            schema.update({"type": "number"} if isinstance(const, float) else {})
        case int() if abs(const) >= _BEYOND_64_BITS:
            del schema["const"]
            schema["type"] = "integer"
        case None if "const" in schema:
            schema["type"] = "null"
        case _:
            pass
    kind = schema.get("type")
    is_array = kind == "array" or (isinstance(kind, list) and "array" in kind)
    if is_array and not isinstance(schema.get("items"), dict):
        schema["items"] = {}
    _widen_enumeration(schema)


def _widen_enumeration(schema: JSONObject) -> None:
    values = schema.get("enum")
    if not isinstance(values, list):
        return
    members = [value for value in values if value is not None]
    kinds = {type(value) for value in members}
    if not members:
        del schema["enum"]
        schema["type"] = "null"
    elif kinds not in ({str}, {int}) or (kinds == {int} and schema.get("type") == "number"):
        del schema["enum"]
        schema.pop("x-enum-varnames", None)
        schema.pop("x-enumNames", None)
    elif kinds == {str} and "type" not in schema:
        schema["type"] = ["string", "null"] if None in values else "string"


def _read_one_format(response: Node) -> None:
    """Leave the one format of an answer that is read, under the name of what it is read as."""
    response.value.setdefault("description", "")
    content = cast("dict[str, JSONObject]", response.value.get("content") or {})
    if not content:
        return
    name = read_media_type(content)
    schema = cast("JSONObject | None", content[name].get("schema"))
    kind = kind_of(name, schema)
    if (streamed := stream_kind(name, schema)) is not None:
        kind = "text" if streamed == "texts" else "json"
    elif kind in ("form", "multipart"):
        kind = "bytes"  # which are written, and never read
    if kind == "text" and (schema or {}).get("type") in ("integer", "number", "boolean"):
        kind = "json"  # 5 and true are JSON, too
    response.value["content"] = {_FORMATS.get(kind, _BYTES): {"schema": _as_sent(kind, schema)}}


def _send_each_format_once(view: JSONObject, body: Node) -> None:
    """Give each format of a body what it is made of; of formats of one class, JSON or the first.

    A class with files cannot be JSON: of it that is parts.
    """
    content = cast("dict[str, JSONObject]", body.value.get("content") or {})
    schemas = {name: cast("JSONObject | None", one.get("schema")) for name, one in content.items()}
    formats: dict[str, JSON] = {}
    seen = set[bytes]()

    def rank(name: str) -> tuple[bool, bool]:
        is_of_parts = kind_of(name, None) == "multipart"
        is_shared = [*schemas.values()].count(schemas[name]) > 1
        is_of_files = is_of_parts and is_shared and _has_files(resolved(view, schemas[name]))
        return not is_of_files, not is_json(name)

    for name in sorted(content, key=rank):
        kind = kind_of(name, schemas[name])
        made = _as_sent(kind, schemas[name])
        if kind == "multipart":
            _send_files(view, made)
        if canonical(made) not in seen:
            seen.add(canonical(made))
            formats[_FORMATS.get(kind, _BYTES) if "/*" in name else name] = {"schema": made}
    body.value["content"] = formats


def _has_files(value: JSON) -> bool:
    match value:
        case {"format": "binary"}:
            return True
        case dict():
            return _is_of_media_type(value) or any(map(_has_files, value.values()))
        case list():
            return any(map(_has_files, value))
        case _:
            return False


def _is_of_media_type(schema: JSONObject) -> bool:
    """Whether a text is what a file of some media type holds, as it is."""
    return "contentMediaType" in schema and "contentEncoding" not in schema


def _send_files(view: JSONObject, schema: JSONObject) -> None:
    """Let members of a body of parts be files where they are of a media type, and not encoded."""
    members = object_at(resolved(view, schema), "/properties")
    for member in cast("dict[str, JSONObject]", members).values():
        for one in (member, object_at(member, "/items")):
            if _is_of_media_type(one):
                one["format"] = "binary"


def _as_sent(kind: Kind, schema: JSONObject | None) -> JSONObject:
    if kind == "bytes":
        return {"type": "string", "format": "binary"}
    schema = schema or {}
    is_read = schema.get("enum") or schema.get("format") in _READ_FROM_TEXTS
    return schema if is_read or kind != "text" else {"type": "string"}


def _with_schema(parameter: Node) -> None:
    """Give a parameter that is sent in a format the schema of it."""
    content = cast("dict[str, JSONObject]", parameter.value.pop("content", None) or {})
    for media_type in content.values():
        parameter.value.setdefault("schema", media_type.get("schema", {}))
