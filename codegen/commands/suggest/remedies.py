"""What overlay actions make a definition accept values that it refused."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias, cast

from codegen.commands.suggest.places import types_of
from codegen.files.values import JSON, is_same, json_type, lookup, pointer_to, pointer_tokens
from codegen.openapi.grammar import Node, walk
from codegen.openapi.references import shapes
from codegen.overlay.queries import path_to, string_literal
from codegen.proof.schemas import UnusableSchemaError, close_schema, compile_validator

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from codegen.commands.suggest.drift_log import DriftKind
    from codegen.files.values import JSONObject

_STRUCTURED = frozenset({"array", "object"})
_STEP = re.compile(r"/properties/(?P<name>[^/]*)|/items|/anyOf/\d+")
_CONSTRAINTS = (
    "const", "exclusiveMaximum", "exclusiveMinimum", "maxItems", "maxLength", "maxProperties",
    "maximum", "minItems", "minLength", "minProperties", "minimum", "multipleOf", "pattern",
    "propertyNames", "uniqueItems",
)  # fmt: skip

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
    widens: bool = False
    """Whether it builds on the ``type`` that the schema has."""


@dataclass(frozen=True)
class Misfit:
    """Values that a schema refused."""

    definition: JSONObject
    pointer: str
    """The schema's; for a member that is missing or unknown, that of the object's."""
    member: str
    """Its name; empty for values of the schema itself."""
    values: Sequence[JSON]

    @cached_property
    def schema(self) -> JSONObject:
        """What the definition says."""
        return cast("JSONObject", lookup(self.definition, self.pointer))

    @cached_property
    def types(self) -> list[str]:
        """The types that the schema has."""
        return types_of(self.schema)

    @cached_property
    def new_types(self) -> list[str]:
        """The types of the values that the schema does not have, null aside."""
        seen = [json_type(value) for value in self.values]
        return [name for name in seen if name not in self.types and name != "null"]

    @cached_property
    def accepts(self) -> str:
        """What a remedy does, as a sentence."""
        types = _joined_types([json_type(value) for value in self.values])
        told = " and ".join(name if name == "null" else f"{name} values" for name in types)
        return f"Accepts {told} too."

    def target(self, *inside: str) -> str:
        """The query for the schema, or for something in it."""
        return path_to(self.definition, self.pointer + pointer_to(*inside))

    def alternative(self) -> JSONObject:
        """The schema of the values alone."""
        if all(value is None for value in self.values):
            return {"type": "null"}
        return _infer(self.values)

    def all_conform(self, schema: JSON, values: Iterable[JSON]) -> bool:
        """Whether a schema of the definition accepts all these values."""
        try:
            validator = compile_validator(close_schema(self.definition, schema))
        except UnusableSchemaError as error:
            raise InexpressibleError(str(error)) from error
        return all(map(validator.is_valid, values))


def remedy(kind: DriftKind, misfit: Misfit) -> Remedy:
    """The actions with which values of this kind of drift would have fitted.

    Raises:
        InexpressibleError: no actions can be told from the values.
    """
    match kind:
        case "unknown field":
            return _add_field(misfit)
        case "missing":
            return _make_optional(misfit)
        case "format":
            return _drop(misfit, ("format",))
        case "constraint":
            return _drop(misfit, _CONSTRAINTS)
        case _:
            return _accept(misfit)


def _add_field(misfit: Misfit) -> Remedy:
    name = misfit.member
    schema = _infer(misfit.values)
    if not schema:
        message = "only null was seen, from which no type follows; add the field by hand"
        raise InexpressibleError(message)
    vague = _untyped_places(schema)
    note = "only its type is inferred, as samples show no format, list of values or requirement"
    if vague:
        note += f"; anything is accepted at {', '.join(vague)}, where no value was seen"
    edit: Edit = {"target": misfit.target("properties"), "update": {name: schema}}
    return Remedy(f"Adds `{name}`.", (edit,), note)


def _make_optional(misfit: Misfit) -> Remedy:
    name = misfit.member
    target = f"{misfit.target('required')}[?@ == {string_literal(name)}]"
    return Remedy(f"`{name}` may be absent.", ({"target": target, "remove": True},))


def _drop(misfit: Misfit, keywords: Sequence[str]) -> Remedy:
    """Remove the one keyword that the values break."""
    broken = [
        (shape, keyword)
        for shape, schema in shapes(misfit.definition, misfit.pointer)
        for keyword in keywords
        if keyword in schema and not misfit.all_conform({keyword: schema[keyword]}, misfit.values)
    ]
    if len(broken) != 1:
        what = "several keywords refuse" if broken else "no keyword by itself refuses"
        raise InexpressibleError(f"{what} the value; loosen the schema by hand")
    shape, keyword = broken[0]
    target = replace(misfit, pointer=shape).target(keyword)
    return Remedy(f"No `{keyword}` any more.", ({"target": target, "remove": True},))


def _accept(misfit: Misfit) -> Remedy:
    """Accept values of other types, null, and members that an enumeration does not have."""
    inner = _branch_to_widen(misfit)
    if inner is not None:
        return _accept(replace(misfit, pointer=inner))
    for choice in ("anyOf", "oneOf"):
        if choice in misfit.schema:
            edit: Edit = {"target": misfit.target(choice), "update": [misfit.alternative()]}
            return Remedy(misfit.accepts, (edit,))
    if "$ref" in misfit.schema or ("object" in misfit.types and misfit.new_types):
        return _either(misfit)
    if not misfit.types and "enum" not in misfit.schema:
        raise InexpressibleError("the schema names no type that could be widened")
    if not _STRUCTURED.isdisjoint(misfit.new_types):
        return _either(misfit)
    return _widen(misfit)


def _branch_to_widen(misfit: Misfit) -> str | None:
    """The shape behind a reference or in a choice that is nearest to the values."""
    for shape, schema in shapes(misfit.definition, misfit.pointer):
        types = types_of(schema)
        is_number = "integer" in types and all(isinstance(value, float) for value in misfit.values)
        is_member = bool(schema.get("enum")) and all(
            json_type(value) in types for value in misfit.values
        )
        if shape != misfit.pointer and (is_number or is_member):
            return shape
    return None


def _widen(misfit: Misfit) -> Remedy:
    edits = _wider_type(misfit)
    members = _longer_enumeration(misfit)
    if members and not edits:
        added = ", ".join(str(value) for value in misfit.values)
        return Remedy(f"Adds {added} to the enumeration.", tuple(members), widens=True)
    if not (edits or members):
        raise InexpressibleError("nothing in the schema refuses the value by itself")
    return Remedy(misfit.accepts, (*edits, *members), widens=True)


def _wider_type(misfit: Misfit) -> list[Edit]:
    types, target = misfit.types, misfit.target()
    wider = _joined_types([*types, *(json_type(value) for value in misfit.values)])
    if not types or set(wider) == set(types):
        return []
    if "enum" in misfit.schema:
        # The list says by itself of which types its members are.
        return [{"target": misfit.target("type"), "remove": True}]
    update: Edit = {"target": target, "update": {"type": _type_keyword(wider)}}
    if isinstance(misfit.schema["type"], str) and len(wider) == 1:
        return [update]
    if isinstance(misfit.schema["type"], list) and set(types) <= set(wider):
        added: JSON = [name for name in wider if name not in types]
        return [{"target": target, "update": {"type": added}}]
    return [{"target": misfit.target("type"), "remove": True}, update]


def _longer_enumeration(misfit: Misfit) -> list[Edit]:
    members = misfit.schema.get("enum")
    if not isinstance(members, list):
        return []
    if "x-enum-varnames" in misfit.schema:
        message = "the enumeration names its members in x-enum-varnames; name the new ones by hand"
        raise InexpressibleError(message)
    added: list[JSON] = [
        value for value in misfit.values if not any(is_same(value, member) for member in members)
    ]
    # Not the schema is the target: without the action that lists the values, nothing is listed.
    return [{"target": misfit.target("enum"), "update": added}] if added else []


def _either(misfit: Misfit) -> Remedy:
    """What the schema describes, or an array of it, or one of its items, or just what was seen."""
    schema, items = misfit.schema, misfit.schema.get("items")
    listed = [item for value in misfit.values if isinstance(value, list) for item in value]
    are_lists = bool(listed) and all(isinstance(value, list) for value in misfit.values)
    if isinstance(items, dict) and misfit.all_conform(items, misfit.values):
        return _instead(misfit, [items, schema])
    if "array" not in misfit.types and are_lists and misfit.all_conform(schema, listed):
        return _instead(misfit, [schema, {"type": "array", "items": schema}])
    instead = _instead(misfit, [schema, misfit.alternative()])
    # A class stands by its name, whatever gave it its type.
    return replace(instead, widens="$ref" not in schema and "object" not in misfit.types)


def _instead(misfit: Misfit, choice: list[JSON]) -> Remedy:
    target = misfit.target()
    removed: Edit = {"target": f"{target}.*", "remove": True}
    return Remedy(misfit.accepts, (removed, {"target": target, "update": {"anyOf": choice}}))


def _joined_types(types: Sequence[str]) -> list[str]:
    """Types without repetition, ``null`` last; an integer is a number where both are there."""
    distinct = dict.fromkeys(types)
    if "number" in distinct:
        distinct.pop("integer", None)
    return sorted(distinct, key=lambda name: name == "null")


def _type_keyword(types: Sequence[str]) -> JSON:
    """The value of ``type``: a text for one type, else a list."""
    return types[0] if len(types) == 1 else list(types)


def _infer(values: Sequence[JSON]) -> JSONObject:
    """The schema of the type of values that were seen.

    Of null alone nothing follows, so that anything is accepted. No sample shows a format, a list
    of values or a required member; none is inferred.
    """
    types = _joined_types([json_type(value) for value in values])
    if not [name for name in types if name != "null"]:
        return {}
    branches = [_structured(name, values) for name in types if name in _STRUCTURED]
    scalars = [name for name in types if name not in _STRUCTURED]
    if scalars and not (len(branches) == 1 and scalars == ["null"]):
        branches.append({"type": _type_keyword(scalars)})
    if len(branches) == 1:
        return {**branches[0], "type": _type_keyword(types)}
    return {"anyOf": list(branches)}


def _structured(kind: str, values: Sequence[JSON]) -> JSONObject:
    if kind == "array":
        items = [item for value in values if isinstance(value, list) for item in value]
        return {"type": "array", "items": _infer(items)}
    objects = [value for value in values if isinstance(value, dict)]
    names = dict.fromkeys(name for value in objects for name in value)
    if not names:
        return {"type": "object", "additionalProperties": True}
    properties: JSONObject = {
        name: _infer([value[name] for value in objects if name in value]) for name in names
    }
    return {"type": "object", "properties": properties}


def _untyped_places(schema: JSONObject) -> list[str]:
    """Where an inferred schema accepts anything, because nothing but null or nothing was seen."""
    nodes = walk(Node("schema", "", schema, {}, ""))
    return [_STEP.sub(_shown, node.pointer) or "the value" for node in nodes if not node.value]


def _shown(step: re.Match[str]) -> str:
    if step["name"] is not None:
        return "." + pointer_tokens("/" + step["name"])[0]
    return "[*]" if step[0] == "/items" else ""
