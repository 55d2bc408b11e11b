"""The Python expressions that turn JSON into attributes and back, for the templates.

An expression is text built only from identifiers that openapi-python-client has made safe and from
literals escaped here; nothing of a definition enters it in any other way.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from openapi_python_client.parser.properties import EnumProperty, ModelProperty
from openapi_python_client.parser.properties.any import AnyProperty
from openapi_python_client.parser.properties.boolean import BooleanProperty
from openapi_python_client.parser.properties.const import ConstProperty
from openapi_python_client.parser.properties.date import DateProperty
from openapi_python_client.parser.properties.datetime import DateTimeProperty
from openapi_python_client.parser.properties.file import FileProperty
from openapi_python_client.parser.properties.float import FloatProperty
from openapi_python_client.parser.properties.int import IntProperty
from openapi_python_client.parser.properties.list_property import ListProperty
from openapi_python_client.parser.properties.none import NoneProperty
from openapi_python_client.parser.properties.union import UnionProperty
from openapi_python_client.parser.properties.uuid import UuidProperty
from openapi_python_client.strings import in_double_quote_literal

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

    from openapi_python_client.parser.properties.protocol import PropertyProtocol

    from codegen.openapi.components import Choices

_DECODED: dict[type[PropertyProtocol], str] = {
    DateTimeProperty: "parse_datetime({source})",
    DateProperty: "parse_date({source})",
    EnumProperty: "{members}[{source}]",
    IntProperty: "({source} if type({source}) is int else integer({source}))",
    FileProperty: "File(payload=BytesIO({source}))",
    ModelProperty: "{type}.from_dict({source})",
    UuidProperty: "parse_uuid({source})",
}
_ENCODED: dict[type[PropertyProtocol], str] = {
    DateTimeProperty: "format_datetime({source})",
    DateProperty: "{source}.isoformat()",
    EnumProperty: "{source}._value_",
    FileProperty: "{source}.to_tuple()",
    ModelProperty: "{source}.to_dict()",
    UuidProperty: "str({source})",
}
_CONDITIONS = {
    "array": "is_array({source})",
    "object": "is_object({source})",
    "text": "isinstance({source}, str)",
    "number": "is_number({source})",
    "boolean": "isinstance({source}, bool)",
}
"""Whether a JSON value is of a class, in the order in which this is asked."""


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


def members_name(enumeration: EnumProperty) -> str:
    """What the module of an enumeration calls its members by value."""
    return f"{enumeration.class_info.module_name}_MEMBERS".upper()


class Decoder:
    """Writes the expressions for attributes' values, given those for their JSON values."""

    def __init__(
        self,
        models: Iterable[ModelProperty],
        choices: Choices,
        classes_with_listed_fields: Collection[str],
    ) -> None:
        # A property that refers to a model is a copy from before the model's fields were read.
        self._models = {model.class_info.name: model for model in models}
        self._choices = choices
        self._classes_with_listed_fields = classes_with_listed_fields

    def __call__(self, prop: PropertyProtocol, source: str) -> str:
        """The expression for one attribute; ``source`` itself where the two are the same."""
        match prop:
            case ListProperty(inner_property=ModelProperty() as model):
                return f"list(map({_plain_annotation(model)}.from_dict, array({source})))"
            case ListProperty():
                inner = prop.inner_property
                return _each(source, lambda item: self(inner, item), iterate="array({source})")
            case UnionProperty():
                return self._union(prop, source)
            case _:
                return _filled(_DECODED, prop, source)

    def _union(self, union: UnionProperty, source: str) -> str:
        """A chain of conditions on the class of the JSON value, then on the keys of an object."""
        by_class: dict[str, list[PropertyProtocol]] = {}
        for member in _members(union):
            by_class.setdefault(_json_class(member), []).append(member)
        nulls, anything = by_class.pop("null", []), by_class.pop("any", [])
        values = {
            name: self._one_of_class([*by_class[name], *anything], source)
            for name in _CONDITIONS
            if name in by_class
        }
        changing = {name: value for name, value in values.items() if value != source}
        needs_no_rest = changing and len(changing) == len(values) and not anything
        chain = changing.popitem()[1] if needs_no_rest else source
        for name, value in reversed(changing.items()):
            chain = f"{value} if {_CONDITIONS[name].format(source=source)} else {chain}"
        others = [it for members in by_class.values() for it in members]
        is_integer = len(others) == 1 and isinstance(others[0], IntProperty)
        if nulls and chain != source and not is_integer:  # which null passes through
            chain = f"None if {source} is None else {chain}"
        return chain if chain == source else f"({chain})"

    def _one_of_class(self, members: Sequence[PropertyProtocol], source: str) -> str:
        """The expression for a value of one class of JSON; those that say more of it go first."""
        if all(map(_is_as_it_is, members)):
            return source
        ranked = sorted(members, key=lambda it: (not self._has_known(it), _is_as_it_is(it)))
        models = [it for it in ranked if isinstance(it, ModelProperty)]
        if len(models) == len(ranked):
            return self._one_of(models, source)
        return self._first_that_fits(ranked, source)

    def _has_known(self, member: PropertyProtocol) -> bool:
        """Whether the definition lists values, or fields, of a member or of its items."""
        match member:
            case ListProperty():
                return self._has_known(member.inner_property)
            case ModelProperty():
                model = self._complete(member)
                return bool(model.required_properties or model.optional_properties)
            case _:
                return isinstance(member, EnumProperty | ConstProperty)

    def _first_that_fits(
        self, members: Sequence[PropertyProtocol], source: str, discriminator: str = ""
    ) -> str:
        if len(members) < 2:  # noqa: PLR2004 - one needs no choice
            return "".join(self(member, source) for member in members)
        by_annotation = {_plain_annotation(it): self(it, "value") for it in reversed(members)}
        decoders = ", ".join(
            f"{annotation}: {_as_function(expression)}"
            for annotation, expression in reversed(by_annotation.items())
        )
        return f"first_that_fits({source}, {{{decoders}}}{discriminator})"

    def _one_of(self, models: Sequence[ModelProperty], source: str) -> str:
        """One model by discriminator, or by the keys only it has, or the first that fits."""
        choice = self._choices.get(frozenset(str(model.class_info.name) for model in models))
        if choice is not None:
            return self._discriminated(models, source, *choice)
        remaining = list(models)
        chosen: list[tuple[str, ModelProperty]] = []
        for model in models:
            key = self._distinguishing_key(model, [it for it in models if it is not model])
            if key is not None and len(remaining) > 1:
                chosen.append((key, model))
                remaining.remove(model)
        chain = self._first_that_fits(remaining, source)
        for key, model in reversed(chosen):
            literal = in_double_quote_literal(key)
            chain = f'{self(model, source)} if "{literal}" in {source} else {chain}'
        return f"({chain})" if chosen else chain

    def _discriminated(
        self, models: Sequence[ModelProperty], source: str, key: str, classes: dict[str, str]
    ) -> str:
        by_name = {str(model.class_info.name): model for model in models}
        known = ", ".join(f'"{in_double_quote_literal(value)}"' for value in classes)
        told = f', "{in_double_quote_literal(key)}", [{known}]'
        chain = self._first_that_fits(models, source, told)
        for value, name in reversed(classes.items()):
            found = f'{source}.get("{in_double_quote_literal(key)}")'
            condition = f'{found} == "{in_double_quote_literal(value)}"'
            chain = f"{self(by_name[name], source)} if {condition} else {chain}"
        return f"({chain})"

    def _distinguishing_key(
        self, model: ModelProperty, others: Sequence[ModelProperty]
    ) -> str | None:
        """A key that this model always has and none of the others knows, or is open to."""
        if any(str(it.class_info.name) not in self._classes_with_listed_fields for it in others):
            return None
        known_to_others = {
            prop.name.get_untrusted_value()
            for other in map(self._complete, others)
            for prop in (*(other.required_properties or ()), *(other.optional_properties or ()))
        }
        for prop in self._complete(model).required_properties or ():
            name = prop.name.get_untrusted_value()
            if name not in known_to_others:
                return name
        return None

    def _complete(self, model: ModelProperty) -> ModelProperty:
        return self._models.get(model.class_info.name, model)


def encode(prop: PropertyProtocol, source: str) -> str:
    """The expression for the JSON value, given the one for the attribute's value.

    Returns ``source`` itself where the two are the same.
    """
    match prop:
        case ListProperty():
            return _encode_list_of([prop.inner_property], source)
        case UnionProperty():
            return _encode_one_of(prop.inner_properties, source)
        case _:
            return _filled(_ENCODED, prop, source)


def _filled(
    patterns: dict[type[PropertyProtocol], str], prop: PropertyProtocol, source: str
) -> str:
    pattern = patterns.get(type(prop), "{source}")
    members = members_name(prop) if isinstance(prop, EnumProperty) else ""
    return pattern.format(source=source, type=_plain_annotation(prop), members=members)


def is_nullable(prop: PropertyProtocol) -> bool:
    """Whether the definition lets this value be null (a value of any type may be)."""
    match prop:
        case UnionProperty():
            return any(is_nullable(member) for member in prop.inner_properties)
        case NoneProperty():
            return True
        case _:
            return prop.get_type_string(no_optional=True).as_unembedded_code() == "Any"


def never_null_properties(model: ModelProperty) -> list[PropertyProtocol]:
    """The properties that may be absent and may not be null."""
    return [prop for prop in model.optional_properties or () if not is_nullable(prop)]


def _each(source: str, convert: Callable[[str], str], iterate: str = "{source}") -> str:
    item = "item" if source != "item" else "inner_item"
    converted = convert(item)
    if converted == item:
        return source
    return f"[{converted} for {item} in {iterate.format(source=source)}]"


def _encode_one_of(members: Sequence[PropertyProtocol], source: str) -> str:
    """A chain of conditions on the attribute's class, one per way to encode it."""
    types: dict[str, list[str]] = {}
    lists = [member for member in members if isinstance(member, ListProperty)]
    if lists:
        anything = [member for member in members if isinstance(member, AnyProperty)]
        items = [*(member.inner_property for member in lists), *anything]
        types[_encode_list_of(items, source)] = ["list"]
    # A datetime is a date too, and asked for before.
    for member in sorted(members, key=lambda it: isinstance(it, DateProperty)):
        if member not in lists:
            instance_type = member.get_instance_type_string().as_unembedded_code()
            types.setdefault(encode(member, source), []).append(instance_type)
    chain = source if types.pop(source, None) else types.popitem()[0]
    for expression, classes in reversed(types.items()):
        chain = f"{expression} if isinstance({source}, {' | '.join(classes)}) else {chain}"
    return chain if chain == source or not types else f"({chain})"


def _encode_list_of(members: Sequence[PropertyProtocol], source: str) -> str:
    """One way to encode lists of several types: a list does not tell which of them it is."""
    return _each(source, lambda item: _encode_one_of(members, item))


def _members(union: UnionProperty) -> Iterator[PropertyProtocol]:
    for member in union.inner_properties:
        if isinstance(member, UnionProperty):
            yield from _members(member)
        else:
            yield member


def _is_as_it_is(prop: PropertyProtocol) -> bool:
    """Whether the value of an attribute is its JSON value."""
    match prop:
        case ListProperty():
            return _is_as_it_is(prop.inner_property)
        case UnionProperty():
            return all(map(_is_as_it_is, prop.inner_properties))
        case _:
            return type(prop) not in _DECODED


def _json_class(prop: PropertyProtocol) -> str:  # noqa: PLR0911 - one for each
    """The class of JSON values that a property's values belong to."""
    match prop:
        case NoneProperty():
            return "null"
        case ListProperty():
            return "array"
        case ModelProperty():
            return "object"
        case BooleanProperty():
            return "boolean"
        case FloatProperty() | IntProperty():
            return "number"
        case EnumProperty():
            return "number" if prop.value_type is int else "text"
        case AnyProperty():
            return "any"
        case ConstProperty():
            return _class_of(prop.value.raw_value)
        case _:
            return "text"


def _class_of(value: object) -> str:
    if isinstance(value, bool):
        return "boolean"
    return "number" if isinstance(value, int | float) else "text"


def _as_function(expression: str) -> str:
    """What makes the expression of ``value``."""
    name = expression.removesuffix("(value)")
    is_call = name != expression and name.replace(".", "").isidentifier()
    return name if is_call else f"lambda value: {expression}"
