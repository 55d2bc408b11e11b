"""What overlay actions make a definition accept values that it refused."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, TypeAlias, cast

from codegen.commands.suggest.inference import (
    Titles,
    infer,
    joined_types,
    type_keyword,
    untyped_places,
)
from codegen.commands.suggest.schema_places import types_of
from codegen.files.values import JSON, json_type, lookup, pointer_to, pointer_tokens
from codegen.openapi.grammar import root, walk
from codegen.openapi.references import shapes
from codegen.proof.schemas import UnusableSchemaError, close_schema, compile_validator

if TYPE_CHECKING:
    from collections.abc import Sequence

    from codegen.files.values import JSONObject

_NAME = re.compile(r"[A-Za-z_]\w*", re.ASCII)
_STRUCTURED = frozenset({"array", "object"})
_CONSTRAINTS = (
    "const", "exclusiveMaximum", "exclusiveMinimum", "maxItems", "maxLength", "maxProperties",
    "maximum", "minItems", "minLength", "minProperties", "minimum", "multipleOf", "pattern",
    "propertyNames", "uniqueItems",
)  # fmt: skip
_NULL: JSON = {"type": "null"}

Edit: TypeAlias = "JSONObject"
"""The members of an action that change something: ``target`` and ``update``, and so on."""


class InexpressibleError(Exception):
    """What was seen does not say how the definition should be, or no action can make it so."""


@dataclass(frozen=True)
class Remedy:
    """The actions that make a definition accept something."""

    description: str
    """What they do, as a sentence."""
    edits: tuple[Edit, ...]
    """In their order; the last one carries the evidence."""
    note: str = ""
    """What a person must still decide."""
    moved_to: str | None = None
    """The component that a schema moves to; such actions come after all others."""
    widens: bool = False
    """Whether it builds on the ``type`` that the schema has."""


def add_field(
    definition: JSONObject, parent: str, name: str, values: Sequence[JSON], titles: Titles
) -> Remedy:
    """Add a property with the type of the values that it had.

    Raises:
        InexpressibleError: nothing but null was seen.
    """
    schema = infer(values, name, titles)
    if not schema:
        message = "only null was seen, from which no type follows; add the field by hand"
        raise InexpressibleError(message)
    vague = untyped_places(schema)
    note = "only its type is inferred, as samples show no format, list of values or requirement"
    if vague:
        note += f"; anything is accepted at {', '.join(vague)}, where no value was seen"
    target = query_of_class(definition, parent + pointer_to("properties"))
    return Remedy(f"Adds `{name}`.", ({"target": target, "update": {name: schema}},), note)


def make_optional(definition: JSONObject, parent: str, name: str) -> Remedy:
    """Take a name out of ``required``."""
    target = query_of_class(definition, parent + "/required")
    edit: Edit = {"target": f"{target}[?@ == {_quoted(name)}]", "remove": True}
    return Remedy(f"`{name}` may be absent.", (edit,))


def drop_format(definition: JSONObject, pointer: str, values: Sequence[JSON]) -> Remedy:
    """Remove the format that the values do not have.

    Raises:
        InexpressibleError: no schema at the place has a format that refuses them.
    """
    return _drop(definition, pointer, values, ("format",))


def drop_constraint(definition: JSONObject, pointer: str, values: Sequence[JSON]) -> Remedy:
    """Remove the constraints that the values break.

    Raises:
        InexpressibleError: it cannot be told which constraint refuses them.
    """
    return _drop(definition, pointer, values, _CONSTRAINTS)


def _drop(
    definition: JSONObject, pointer: str, values: Sequence[JSON], keywords: Sequence[str]
) -> Remedy:
    broken = [
        (shape, keyword)
        for shape, schema in shapes(definition, pointer)
        for keyword in keywords
        if keyword in schema
        and not all(_conforms(definition, {keyword: schema[keyword]}, value) for value in values)
    ]
    if len(broken) != 1:
        what = "several keywords refuse" if broken else "no keyword by itself refuses"
        raise InexpressibleError(f"{what} the value; loosen the schema by hand")
    shape, keyword = broken[0]
    target = query_of_class(definition, shape + pointer_to(keyword))
    return Remedy(f"No `{keyword}` any more.", ({"target": target, "remove": True},))


def accept(definition: JSONObject, pointer: str, values: Sequence[JSON], titles: Titles) -> Remedy:
    """Accept values of other types, null, and members that an enumeration does not have.

    Raises:
        InexpressibleError: the schema cannot be widened as it stands.
    """
    schema = cast("JSONObject", lookup(definition, pointer))
    inner = _branch_to_widen(definition, pointer, values)
    if inner is not None:
        return accept(definition, inner, values, titles)
    choice = next((keyword for keyword in ("anyOf", "oneOf") if keyword in schema), None)
    if choice is not None:
        edit: Edit = {
            "target": f"{query_of_class(definition, pointer)}.{choice}",
            "update": [_alternative(values, pointer, titles)],
        }
        return Remedy(f"Accepts {_told(values)} too.", (edit,))
    if "$ref" in schema:
        return _instead(
            definition, pointer, [dict(schema), _alternative(values, pointer, titles)], values
        )
    return _accept_plainly(definition, pointer, values, titles)


def _accept_plainly(
    definition: JSONObject, pointer: str, values: Sequence[JSON], titles: Titles
) -> Remedy:
    schema = cast("JSONObject", lookup(definition, pointer))
    types, seen = types_of(schema), [json_type(value) for value in values]
    if not types and "enum" not in schema:
        raise InexpressibleError("the schema names no type that could be widened")
    new = [name for name in seen if name not in types and name != "null"]
    if "object" in types and new:
        return _either_shape(definition, pointer, values, titles)
    if not _STRUCTURED.isdisjoint(new):
        return _either_list(definition, pointer, values, titles)
    return _widen(definition, pointer, values)


def _widen(definition: JSONObject, pointer: str, values: Sequence[JSON]) -> Remedy:
    schema = cast("JSONObject", lookup(definition, pointer))
    target = query_of_class(definition, pointer)
    edits = _wider_type(schema, target, values)
    members = _longer_enumeration(schema, target, values)
    if members and not edits:
        added = ", ".join(str(value) for value in values)
        return Remedy(f"Adds {added} to the enumeration.", tuple(members), widens=True)
    if edits and "enum" in schema:
        # The list says by itself of which types its members are.
        remove: Edit = {"target": f"{target}.type", "remove": True}
        edits = [remove]
    if not (edits or members):
        raise InexpressibleError("nothing in the schema refuses the value by itself")
    return Remedy(f"Accepts {_told(values)} too.", (*edits, *members), widens=True)


def _wider_type(schema: JSONObject, target: str, values: Sequence[JSON]) -> list[Edit]:
    types = types_of(schema)
    wider = joined_types([*types, *(json_type(value) for value in values)])
    if not types or set(wider) == set(types):
        return []
    update: Edit = {"target": target, "update": {"type": type_keyword(wider)}}
    if isinstance(schema["type"], str) and len(wider) == 1:
        return [update]
    if isinstance(schema["type"], list) and set(types) <= set(wider):
        added: JSON = [name for name in wider if name not in types]
        return [{"target": target, "update": {"type": added}}]
    return [{"target": f"{target}.type", "remove": True}, update]


def _longer_enumeration(schema: JSONObject, target: str, values: Sequence[JSON]) -> list[Edit]:
    members = schema.get("enum")
    if not isinstance(members, list):
        return []
    if "x-enum-varnames" in schema:
        message = "the enumeration names its members in x-enum-varnames; name the new ones by hand"
        raise InexpressibleError(message)
    added: list[JSON] = [value for value in values if value not in members]
    # Not the schema is the target: without the action that lists the values, nothing is listed.
    return [{"target": f"{target}.enum", "update": added}] if added else []


def _either_list(
    definition: JSONObject, pointer: str, values: Sequence[JSON], titles: Titles
) -> Remedy:
    """An array where one of its items alone was seen, or a plain value where a structure was."""
    schema = cast("JSONObject", lookup(definition, pointer))
    items = schema.get("items")
    if isinstance(items, dict) and all(_conforms(definition, items, it) for it in values):
        if "$ref" in items:
            return _instead(definition, pointer, [items, schema], values)
        title = items.get("title")
        name = title if isinstance(title, str) else titles.new(f"{_field(pointer)} item")
        reference: JSON = {"$ref": f"#/components/schemas/{name}"}
        choice: list[JSON] = [reference, {**schema, "items": reference}]
        return _moved(definition, f"{pointer}/items", pointer, name, choice, values)
    choice = [schema, _alternative(values, pointer, titles)]
    return replace(_instead(definition, pointer, choice, values), widens=True)


def _either_shape(
    definition: JSONObject, pointer: str, values: Sequence[JSON], titles: Titles
) -> Remedy:
    """An object where an array of it, or something else, was seen."""
    schema = cast("JSONObject", lookup(definition, pointer))
    title = schema.get("title")
    name = title if isinstance(title, str) else titles.new(_field(pointer))
    reference: JSON = {"$ref": f"#/components/schemas/{name}"}
    items = [item for value in values if isinstance(value, list) for item in value]
    holds_it = items and all(_conforms(definition, schema, item) for item in items)
    if holds_it and all(isinstance(value, list) for value in values):
        other: JSON = {"type": "array", "items": reference}
    else:
        other = _alternative(values, pointer, titles)
    return _moved(definition, pointer, pointer, name, [reference, other], values)


def _moved(  # noqa: PLR0913, PLR0917 - what moves, from where, to what, and what takes its place
    definition: JSONObject,
    source: str,
    pointer: str,
    name: str,
    choice: list[JSON],
    values: Sequence[JSON],
) -> Remedy:
    components = definition.get("components")
    known = components.get("schemas") if isinstance(components, dict) else None
    if isinstance(known, dict) and name in known:
        raise InexpressibleError(f"the shape cannot move to the component {name}, which exists")
    place: Edit = (
        {"target": "$.components", "update": {"schemas": {name: {}}}}
        if isinstance(components, dict)
        else {"target": "$", "update": {"components": {"schemas": {name: {}}}}}
    )
    copied: Edit = {
        "target": f"$.components.schemas.{name}",
        "copy": query(definition, source),
    }
    remedy = _instead(definition, pointer, choice, values)
    return Remedy(remedy.description, (place, copied, *remedy.edits), moved_to=name)


def _instead(
    definition: JSONObject, pointer: str, choice: list[JSON], values: Sequence[JSON]
) -> Remedy:
    target = query_of_class(definition, pointer)
    return Remedy(
        f"Accepts {_told(values)} too.",
        (
            {"target": f"{target}.*", "remove": True},
            {"target": target, "update": {"anyOf": choice}},
        ),
    )


def _branch_to_widen(definition: JSONObject, pointer: str, values: Sequence[JSON]) -> str | None:
    """The shape behind a reference or in a choice that is nearest to the values."""
    for shape, schema in shapes(definition, pointer):
        types = types_of(schema)
        is_number = "integer" in types and all(isinstance(value, float) for value in values)
        is_member = bool(schema.get("enum")) and all(json_type(value) in types for value in values)
        if shape != pointer and (is_number or is_member):
            return shape
    return None


def _alternative(values: Sequence[JSON], pointer: str, titles: Titles) -> JSON:
    if all(value is None for value in values):
        return dict(cast("JSONObject", _NULL))
    return infer(values, _field(pointer), titles)


def _conforms(definition: JSONObject, schema: JSON, value: JSON) -> bool:
    try:
        return compile_validator(close_schema(definition, schema)).is_valid(value)
    except UnusableSchemaError as error:
        raise InexpressibleError(str(error)) from error


def _told(values: Sequence[JSON]) -> str:
    types = joined_types([json_type(value) for value in values])
    return " and ".join(name if name == "null" else f"{name} values" for name in types)


def _field(pointer: str) -> str:
    """The name of the nearest property around a schema."""
    tokens = pointer_tokens(pointer)
    names = [name for before, name in pairwise(tokens) if before in ("properties", "schemas")]
    return names[-1] if names else "body"


def query(definition: JSONObject, pointer: str) -> str:
    """The JSONPath of the value at a JSON pointer."""
    return _query(definition, pointer_tokens(pointer), {})


def query_of_class(definition: JSONObject, pointer: str) -> str:
    """The same, and of its like in other schemas of the same title, which have to stay equal.

    Only those that differ in one member of their path can be named in one query.
    """
    tokens = pointer_tokens(pointer)
    for end in range(len(tokens), 0, -1):
        schema = lookup(definition, pointer_to(*tokens[:end]))
        if isinstance(schema, dict) and isinstance(schema.get("title"), str):
            names = _varying_names(definition, tokens[:end], schema["title"])
            return _query(definition, tokens, names)
    return _query(definition, tokens, {})


def _varying_names(definition: JSONObject, tokens: list[str], title: JSON) -> dict[int, list[str]]:
    """By position in a path, the names that the schemas of a title have there."""
    names: dict[int, list[str]] = {}
    for node in walk(root(definition)):
        other = pointer_tokens(node.pointer)
        if node.kind != "schema" or node.value.get("title") != title or len(other) != len(tokens):
            continue
        varying = [index for index, token in enumerate(tokens) if token != other[index]]
        if len(varying) == 1:
            index = varying[0]
            names.setdefault(index, [tokens[index]]).append(other[index])
    return names if len(names) == 1 else {}


def _query(definition: JSONObject, tokens: list[str], names: dict[int, list[str]]) -> str:
    text = "$"
    value: JSON = definition
    for index, token in enumerate(tokens):
        if isinstance(value, list):
            text += f"[{token}]"
            value = value[int(token)] if int(token) < len(value) else None
            continue
        if index in names:
            text += f"[{','.join(_quoted(name) for name in names[index])}]"
        else:
            text += f".{token}" if _NAME.fullmatch(token) else f"[{_quoted(token)}]"
        value = value.get(token) if isinstance(value, dict) else None
    return text


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"
