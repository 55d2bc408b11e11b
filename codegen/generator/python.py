"""What generated modules say of values in Python: their types, and how they become JSON and back.

An expression is text built only from identifiers that openapi-python-client has made safe and from
literals escaped here; nothing of a definition enters it in any other way.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias, cast

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
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

    from openapi_python_client.parser.properties.property import Property
    from openapi_python_client.parser.properties.protocol import PropertyProtocol

    from codegen.openapi.discriminators import Choices

# Types, as values: text is made of them, and they can be compared.

ANY = "Any"
NULL = "None"
UNSET = "Unset"


@dataclass(frozen=True)
class ListOf:
    """A list, which accepts no list of anything else: it could be appended to."""

    item: PythonType

    def __str__(self) -> str:
        return f"list[{self.item}]"


@dataclass(frozen=True)
class EnumOf:
    """An enumeration, whose members are also what their values are."""

    name: str
    base: str
    """``str`` or ``int``."""
    values: tuple[str | int, ...] = field(default=(), compare=False)
    """Of its members; one more makes it no other type."""

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True)
class LiteralOf:
    """One value and no other."""

    code: str
    """Of Python, by which two are told apart: to Python, 1 and True are equal."""
    value: object = field(compare=False)

    def __str__(self) -> str:
        return f"Literal[{self.code}]"


Alternative: TypeAlias = str | ListOf | EnumOf | LiteralOf


@dataclass(frozen=True, eq=False)
class PythonType:
    """A union of alternatives, or just one. Their order is that of the text and means no more."""

    alternatives: tuple[Alternative, ...]

    def __str__(self) -> str:
        return " | ".join(map(str, self.alternatives))

    @property
    def is_nullable(self) -> bool:
        """Whether null is such a value (one of any type may be)."""
        return not {NULL, ANY}.isdisjoint(self.alternatives)

    @property
    def items(self) -> list[PythonType]:
        """Of what its lists are."""
        return [one.item for one in self.alternatives if isinstance(one, ListOf)]

    def __or__(self, other: PythonType) -> PythonType:
        return union([self, other])

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, PythonType):
            return NotImplemented
        return set(self.alternatives) == set(other.alternatives)

    def __hash__(self) -> int:
        return hash(frozenset(self.alternatives))


def named(name: str) -> PythonType:
    """The type of a builtin or class."""
    return PythonType((name,))


def union(types: Iterable[PythonType]) -> PythonType:
    """A type that is one of several, ``None`` and ``Unset`` last; None when there are none."""
    found = dict.fromkeys(each for type_ in types for each in type_.alternatives) or [NULL]
    last = [each for each in (NULL, UNSET) if each in found]
    return PythonType((*(each for each in found if each not in last), *last))


def type_of(prop: PropertyProtocol) -> PythonType:
    """The type that an attribute or argument is given in generated code."""
    plain = plain_type_of(prop)
    return plain if prop.required else plain | named(UNSET)


def plain_type_of(prop: PropertyProtocol) -> PythonType:
    """The type of an attribute or argument that is there, so without ``Unset``."""
    match prop:
        case ListProperty():
            return PythonType((ListOf(type_of(prop.inner_property)),))
        case UnionProperty():
            return union(map(plain_type_of, prop.inner_properties))
        case EnumProperty():
            base = "str" if prop.value_type is str else "int"
            values = tuple(prop.values.values())
            return PythonType((EnumOf(str(prop.class_info.name), base, values),))
        case ConstProperty():
            code = prop.value.python_code.as_unembedded_code()
            return PythonType((LiteralOf(code, prop.value.raw_value),))
        case _:
            return named(prop.get_type_string(no_optional=True).as_unembedded_code())


def declaration(name: str, type_: PythonType, *, is_secret: bool = False) -> str:
    """The attribute or argument with its type; UNSET unless it is required.

    A default of the definition is not filled in: what nobody gave is not sent, and the server
    applies its own default, also after that has changed.
    """
    is_optional = UNSET in type_.alternatives
    if is_secret:
        return f"{name}: {type_} = field({'default=UNSET, ' if is_optional else ''}repr=False)"
    return f"{name}: {type_}" + (" = UNSET" if is_optional else "")


def fields_of(model: ModelProperty) -> list[Property]:
    """The properties that a model lists, those first that it always has."""
    return [*(model.required_properties or ()), *(model.optional_properties or ())]


def members_name(enumeration: EnumProperty) -> str:
    """What the module of an enumeration calls its members by value."""
    return f"{enumeration.class_info.module_name}_MEMBERS".upper()


@dataclass(frozen=True)
class _Form:
    """How the values of one kind of property are in JSON and in Python."""

    json: str
    """The class of JSON values that they belong to."""
    function: str = ""
    """What makes an attribute's value of a JSON value, if one function does."""
    decoded: str = "{source}"
    """The expression for an attribute's value, without such a function."""
    encoded: str = "{source}"
    """The expression for the JSON value."""


_INTEGER = "({source} if type({source}) is int else integer({source}))"
_FILE = "File(payload=BytesIO({source}))"
_TEXT = _Form("text")
_FORMS: dict[type[PropertyProtocol], _Form] = {
    AnyProperty: _Form("any"),
    NoneProperty: _Form("null"),
    BooleanProperty: _Form("boolean"),
    FloatProperty: _Form("number"),
    IntProperty: _Form("number", decoded=_INTEGER),
    DateTimeProperty: _Form("text", "parse_datetime", encoded="format_datetime({source})"),
    DateProperty: _Form("text", "parse_date", encoded="{source}.isoformat()"),
    UuidProperty: _Form("text", "parse_uuid", encoded="str({source})"),
    EnumProperty: _Form("text", decoded="{members}[{source}]", encoded="{source}._value_"),
    FileProperty: _Form("text", decoded=_FILE, encoded="File.require({source}).to_tuple()"),
    ListProperty: _Form("array"),
    ModelProperty: _Form("object", "{type}.from_dict", encoded="{source}.to_dict()"),
}
"""By kind of property; any other is text in both."""
_OF_VALUES: dict[type, str] = {bool: "boolean", int: "number"}
"""The class of JSON values that an enumeration or a constant belongs to; else they are text."""
_CONDITIONS = {
    "array": "is_array({source})",
    "object": "is_object({source})",
    "text": "isinstance({source}, str)",
    "number": "is_number({source})",
    "boolean": "isinstance({source}, bool)",
}
"""Whether a JSON value is of a class, in the order in which this is asked."""


# From JSON to attributes.


class Decoder:
    """Writes the expressions for attributes' values, given those for their JSON values."""

    def __init__(self, choices: Choices, classes_with_listed_fields: Collection[str]) -> None:
        self._choices = choices
        self._classes_with_listed_fields = classes_with_listed_fields

    def __call__(self, prop: PropertyProtocol, source: str) -> str:
        """The expression for one attribute; ``source`` itself where the two are the same."""
        match prop:
            case ListProperty(inner_property=ModelProperty() as model):
                return f"list(map({self.function(model)}, array({source})))"
            case ListProperty():
                inner = prop.inner_property
                return _each(source, lambda item: self(inner, item), iterate="array({source})")
            case UnionProperty():
                return self._union(prop, source)
            case _ if _form(prop).function:
                return f"{self.function(prop)}({source})"
            case _:
                return _filled(_form(prop).decoded, prop, source)

    def function(self, prop: PropertyProtocol, argument: str = "value") -> str:
        """The expression for a function that makes an attribute's value of its argument."""
        if function := _form(prop).function:
            return function.format(type=plain_type_of(prop))
        return f"lambda {argument}: {self(prop, argument)}"

    def _union(self, union: UnionProperty, source: str) -> str:
        """A chain of conditions on the class of the JSON value, then on the keys of an object."""
        by_class: dict[str, list[PropertyProtocol]] = {}
        for member in members_of(union):
            by_class.setdefault(_json_class(member), []).append(member)
        nulls, anything = by_class.pop("null", []), by_class.pop("any", [])
        values = {
            name: self._one_of_class([*by_class[name], *anything], source)
            for name in _CONDITIONS
            if name in by_class
        }
        changing = {name: value for name, value in values.items() if value != source}
        if not changing:
            return source
        needs_no_rest = len(changing) == len(values) and not anything
        rest = changing.popitem()[1] if needs_no_rest else source
        cases = [
            (value, _CONDITIONS[name].format(source=source)) for name, value in changing.items()
        ]
        others = [member for members in by_class.values() for member in members]
        # A whole number is asked for its type anyway, and so lets null pass through.
        if nulls and not (len(others) == 1 and isinstance(others[0], IntProperty)):
            cases.insert(0, ("None", f"{source} is None"))
        return f"({_chain(cases, rest)})"

    def _one_of_class(self, members: Sequence[PropertyProtocol], source: str) -> str:
        """The expression for a value of one class of JSON; those that say more of it go first."""
        # An expression tells it, too, but nested unions would be written again at each level.
        if all(map(_is_as_it_is, members)):
            return source
        ranked = sorted(
            members,
            # A date alone would be read as the moment in which it begins.
            key=lambda member: (
                not self._has_known(member),
                _is_as_it_is(member),
                isinstance(member, DateTimeProperty),
            ),
        )
        models = [member for member in ranked if isinstance(member, ModelProperty)]
        if len(models) == len(ranked):
            return self._one_of(models, source)
        return self._first_that_fits(ranked, source)

    def _has_known(self, member: PropertyProtocol) -> bool:
        """Whether the definition lists values, or fields, of a member or of its items."""
        match member:
            case ListProperty():
                return self._has_known(member.inner_property)
            case ModelProperty():
                return bool(fields_of(member))
            case _:
                return isinstance(member, EnumProperty | ConstProperty)

    def _first_that_fits(
        self, members: Sequence[PropertyProtocol], source: str, discriminator: str = ""
    ) -> str:
        if len(members) < 2:  # noqa: PLR2004 - one needs no choice
            return "".join(self(member, source) for member in members)
        by_type: dict[str, PropertyProtocol] = {}
        for member in members:
            by_type.setdefault(str(plain_type_of(member)), member)
        functions = ", ".join(f"{name}: {self.function(each)}" for name, each in by_type.items())
        return f"first_that_fits({source}, {{{functions}}}{discriminator})"

    def _one_of(self, models: Sequence[ModelProperty], source: str) -> str:
        """One model by discriminator, or by the keys only it has, or the first that fits."""
        choice = self._choices.get(frozenset(str(model.class_info.name) for model in models))
        if choice is not None:
            return self._discriminated(models, source, *choice)
        remaining = list(models)
        cases: list[tuple[str, str]] = []
        for model in models:
            key = self._distinguishing_key(model, [other for other in models if other is not model])
            if key is not None and len(remaining) > 1:
                cases.append((self(model, source), f"{literal(key)} in {source}"))
                remaining.remove(model)
        chain = _chain(cases, self._first_that_fits(remaining, source))
        return f"({chain})" if cases else chain

    def _discriminated(
        self, models: Sequence[ModelProperty], source: str, key: str, classes: dict[str, str]
    ) -> str:
        by_name = {str(model.class_info.name): model for model in models}
        found = f"{source}.get({literal(key)})"
        cases = [
            (self(by_name[name], source), f"{found} == {literal(value)}")
            for value, name in classes.items()
        ]
        told = f", {literal(key)}, [{', '.join(map(literal, classes))}]"
        return f"({_chain(cases, self._first_that_fits(models, source, told))})"

    def _distinguishing_key(
        self, model: ModelProperty, others: Sequence[ModelProperty]
    ) -> str | None:
        """A key that this model always has and none of the others knows, or is open to."""
        names = {str(other.class_info.name) for other in others}
        if not names.issubset(self._classes_with_listed_fields):
            return None
        known_to_others = {
            prop.name.get_untrusted_value() for other in others for prop in fields_of(other)
        }
        always = (prop.name.get_untrusted_value() for prop in model.required_properties or ())
        return next((name for name in always if name not in known_to_others), None)


# From attributes to JSON.


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
            return _filled(_form(prop).encoded, prop, source)


def _encode_one_of(members: Sequence[PropertyProtocol], source: str) -> str:
    """A chain of conditions on the attribute's class, one per way to encode it."""
    types: dict[str, list[str]] = {}
    lists = [member for member in members if isinstance(member, ListProperty)]
    if lists:
        anything = [member for member in members if isinstance(member, AnyProperty)]
        items = [*(member.inner_property for member in lists), *anything]
        types[_encode_list_of(items, source)] = ["list"]
    # A datetime is a date too, and asked for before.
    for member in sorted(members, key=lambda member: isinstance(member, DateProperty)):
        if member not in lists:
            instance_type = member.get_instance_type_string().as_unembedded_code()
            types.setdefault(encode(member, source), []).append(instance_type)
    rest = source if types.pop(source, None) else types.popitem()[0]
    cases = [
        (expression, f"isinstance({source}, {' | '.join(classes)})")
        for expression, classes in types.items()
    ]
    return f"({_chain(cases, rest)})" if cases else rest


def _encode_list_of(members: Sequence[PropertyProtocol], source: str) -> str:
    """One way to encode lists of several types: a list does not tell which of them it is."""
    return _each(source, lambda item: _encode_one_of(members, item))


# What both directions need.


def _form(prop: PropertyProtocol) -> _Form:
    return _FORMS.get(type(prop), _TEXT)


def _is_as_it_is(prop: PropertyProtocol) -> bool:
    """Whether the value of an attribute is its JSON value."""
    match prop:
        case ListProperty():
            return _is_as_it_is(prop.inner_property)
        case UnionProperty():
            return all(map(_is_as_it_is, prop.inner_properties))
        case _:
            return _form(prop).decoded == "{source}" and not _form(prop).function


def _filled(pattern: str, prop: PropertyProtocol, source: str) -> str:
    members = members_name(prop) if isinstance(prop, EnumProperty) else ""
    return pattern.format(source=source, type=plain_type_of(prop), members=members)


def _each(source: str, convert: Callable[[str], str], iterate: str = "{source}") -> str:
    item = "item" if source != "item" else "inner_item"
    converted = convert(item)
    if converted == item:
        return source
    return f"[{converted} for {item} in {iterate.format(source=source)}]"


def _chain(cases: Sequence[tuple[str, str]], rest: str) -> str:
    """The first expression whose condition holds, or else the rest."""
    for expression, condition in reversed(cases):
        rest = f"{expression} if {condition} else {rest}"
    return rest


def literal(value: object) -> str:
    """A value of JSON as Python; what is listed is a tuple."""
    match value:
        case str():
            return f'"{in_double_quote_literal(value)}"'
        case tuple() | list():
            return f"({''.join(f'{literal(one)}, ' for one in cast('Sequence[object]', value))})"
        case dict():
            members = cast("Mapping[str, object]", value).items()
            return f"{{{', '.join(f'{literal(name)}: {literal(one)}' for name, one in members)}}}"
        case _:
            return repr(value)


def given(**values: object) -> str:
    """Arguments of a call by their names, without those that are empty."""
    told = {name: one for name, one in values.items() if one not in ("", (), {}, None)}
    return "".join(f"{name}={literal(value)}, " for name, value in told.items())


def free(name: str, taken: set[str], ending: str = "_") -> str:
    """The name, with more endings until no other has it; it is taken then."""
    while name in taken:
        name += ending
    taken.add(name)
    return name


def members_of(prop: PropertyProtocol) -> Iterator[PropertyProtocol]:
    """What a union is of, also of those in it; anything else is of itself alone."""
    if isinstance(prop, UnionProperty):
        for member in prop.inner_properties:
            yield from members_of(member)
    else:
        yield prop


def _json_class(prop: PropertyProtocol) -> str:
    match prop:
        case EnumProperty():
            return _OF_VALUES.get(prop.value_type, "text")
        case ConstProperty():
            value: object = prop.value.raw_value
            return _OF_VALUES.get(type(value), "text")
        case _:
            return _form(prop).json
