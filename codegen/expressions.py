"""The Python expressions that turn JSON into attributes and back, for the templates.

An expression is text built only from identifiers that openapi-python-client has made safe and from
literals escaped here; nothing of a definition enters it in any other way.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

from openapi_python_client.parser.properties import EnumProperty, ModelProperty
from openapi_python_client.parser.properties.date import DateProperty
from openapi_python_client.parser.properties.datetime import DateTimeProperty
from openapi_python_client.parser.properties.file import FileProperty
from openapi_python_client.parser.properties.list_property import ListProperty
from openapi_python_client.parser.properties.none import NoneProperty
from openapi_python_client.parser.properties.protocol import PropertyProtocol
from openapi_python_client.parser.properties.union import UnionProperty
from openapi_python_client.parser.properties.uuid import UuidProperty
from openapi_python_client.strings import in_double_quote_literal

_Convert: TypeAlias = Callable[[PropertyProtocol, str], str]

_DECODED: dict[type[PropertyProtocol], str] = {
    DateTimeProperty: "parse_datetime({source})",
    DateProperty: "datetime.date.fromisoformat({source})",
    EnumProperty: "{type}({source})",
    FileProperty: "File(payload=BytesIO({source}))",
    ModelProperty: "{type}.from_dict({source})",
    UuidProperty: "parse_uuid({source})",
}
_ENCODED: dict[type[PropertyProtocol], str] = {
    DateTimeProperty: "format_datetime({source})",
    DateProperty: "{source}.isoformat()",
    EnumProperty: "{source}.value",
    FileProperty: "{source}.to_tuple()",
    ModelProperty: "{source}.to_dict()",
    UuidProperty: "str({source})",
}


def annotation(prop: PropertyProtocol) -> str:
    """The type of the attribute or argument, ``None`` and ``Unset`` last."""
    plain = _plain_annotation(prop)
    return plain if prop.required else f"{plain} | Unset"


def _plain_annotation(prop: PropertyProtocol) -> str:
    match prop:
        case ListProperty():
            return f"list[{annotation(prop.inner_property)}]"
        case UnionProperty():
            members = dict.fromkeys(_plain_annotation(member) for member in prop.inner_properties)
            return " | ".join(sorted(members, key=lambda member: member == "None"))
        case _:
            return prop.get_type_string(no_optional=True).as_unembedded_code()


def declaration(prop: PropertyProtocol) -> str:
    """The attribute or argument with its type; UNSET unless it is required.

    A default of the definition is not filled in: what nobody gave is not sent, and the server
    applies its own default, also after that has changed.
    """
    return f"{prop.python_name}: {annotation(prop)}" + ("" if prop.required else " = UNSET")


def decode(prop: PropertyProtocol, source: str) -> str:
    """The expression for the attribute's value, given the one for its JSON value.

    Returns ``source`` itself where the two are the same.
    """
    match prop:
        case ListProperty():
            return _each(prop, source, decode)
        case UnionProperty():
            return _decode_union(prop, source)
        case _:
            return _filled(_DECODED, prop, source)


def encode(prop: PropertyProtocol, source: str) -> str:
    """The expression for the JSON value, given the one for the attribute's value.

    Returns ``source`` itself where the two are the same.
    """
    match prop:
        case ListProperty():
            return _each(prop, source, encode)
        case UnionProperty():
            return _encode_union(prop, source)
        case _:
            return _filled(_ENCODED, prop, source)


def _filled(
    patterns: dict[type[PropertyProtocol], str], prop: PropertyProtocol, source: str
) -> str:
    pattern = patterns.get(type(prop), "{source}")
    return pattern.format(source=source, type=_plain_annotation(prop))


def is_nullable(prop: PropertyProtocol) -> bool:
    """Whether the definition lets this value be null (a value of any type may be)."""
    match prop:
        case UnionProperty():
            return any(is_nullable(member) for member in prop.inner_properties)
        case NoneProperty():
            return True
        case _:
            return prop.get_type_string(no_optional=True).as_unembedded_code() == "Any"


def _each(prop: ListProperty, source: str, convert: _Convert) -> str:
    item = "item" if source != "item" else "inner_item"
    converted = convert(prop.inner_property, item)
    return source if converted == item else f"[{converted} for {item} in {source}]"


def _decode_union(union: UnionProperty, source: str) -> str:
    """A chain of conditions on the class of the JSON value, then on the keys an object has."""
    changed = [p for p in union.inner_properties if decode(p, source) != source]
    unchanged = [p for p in union.inner_properties if p not in changed and not _is_none(p)]
    arrays = [p for p in changed if isinstance(p, ListProperty)]
    models = [p for p in changed if isinstance(p, ModelProperty)]
    texts = [p for p in changed if p not in arrays and p not in models]

    branches = [
        (condition, value)
        for condition, value in (
            (f"is_array({source})", _first_that_fits(arrays, source)),
            (f"is_object({source})", _decode_models(models, source)),
            (f"isinstance({source}, str)", _first_that_fits(texts, source)),
        )
        if value
    ]
    if not branches:
        return source
    chain = source if unchanged else branches.pop()[1]
    for condition, value in reversed(branches):
        chain = f"{value} if {condition} else {chain}"
    if any(_is_none(p) for p in union.inner_properties):
        chain = f"None if {source} is None else {chain}"
    return f"({chain})"


def _first_that_fits(members: Sequence[PropertyProtocol], source: str) -> str:
    if len(members) < 2:  # noqa: PLR2004 - one needs no choice
        return "".join(decode(member, source) for member in members)
    decoders = ", ".join(f"lambda value: {decode(member, 'value')}" for member in members)
    return f"first_that_fits({source}, {decoders})"


def _decode_models(models: Sequence[ModelProperty], source: str) -> str:
    """One model by the keys only it has; when keys do not tell them apart, the first that fits."""
    remaining = list(models)
    chosen: list[tuple[str, ModelProperty]] = []
    for model in models:
        others = [other for other in models if other is not model]
        key = _distinguishing_key(model, others)
        if key is not None and len(remaining) > 1:
            chosen.append((key, model))
            remaining.remove(model)
    chain = _first_that_fits(remaining, source)
    for key, model in reversed(chosen):
        literal = in_double_quote_literal(key)
        chain = f'{decode(model, source)} if "{literal}" in {source} else {chain}'
    return f"({chain})" if chosen else chain


def _distinguishing_key(model: ModelProperty, others: Sequence[ModelProperty]) -> str | None:
    known_to_others = {
        prop.name.get_untrusted_value()
        for other in others
        for prop in [*(other.required_properties or []), *(other.optional_properties or [])]
    }
    for prop in model.required_properties or []:
        name = prop.name.get_untrusted_value()
        if name not in known_to_others:
            return name
    return None


def _encode_union(union: UnionProperty, source: str) -> str:
    changed = [p for p in union.inner_properties if encode(p, source) != source]
    if not changed:
        return source
    chain = source
    unchanged = [p for p in union.inner_properties if p not in changed]
    if not unchanged:
        chain = encode(changed.pop(), source)
    groups: dict[str, list[str]] = {}
    for member in changed:
        instance_type = member.get_instance_type_string().as_unembedded_code()
        groups.setdefault(encode(member, source), []).append(instance_type)
    for expression, types in reversed(groups.items()):
        chain = f"{expression} if isinstance({source}, {' | '.join(types)}) else {chain}"
    return f"({chain})"


def _is_none(prop: PropertyProtocol) -> bool:
    return isinstance(prop, NoneProperty)
