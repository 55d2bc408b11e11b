"""Makes the structs by which answers are read, and the functions that make models of them.

What structs cannot say of a model stays a JSON object in them, which is checked and decoded as
ever. Of what they cannot say as a whole there are none.
"""

from __future__ import annotations

import datetime as dt
import functools
import types
import typing
from textwrap import indent
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, NoReturn, cast

import attrs
import msgspec

from callrecords_runtime.choices import without
from callrecords_runtime.deviations import REFUSALS
from callrecords_runtime.serialization import is_object
from callrecords_runtime.shapes import alternatives, fields_of, present
from callrecords_runtime.struct_values import (
    ANYTHING,
    EACH,
    FUNCTIONS,
    KNOWN,
    SCALARS,
    TEXTS,
    Form,
    as_ever,
    fit,
    getter,
    of_any_members,
)
from callrecords_runtime.subschemas import Schema, asked_by, reference, types_of
from callrecords_runtime.types import UNSET, OpenIntEnum, OpenStrEnum, Unset
from callrecords_runtime.validators import compiled, component_validators

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from callrecords_runtime.validators import Validators


class Made(NamedTuple):
    """What reads the answers to one operation."""

    decode: Callable[[bytes], Any]
    """Makes structs of bytes, or raises one of ``refusals``."""
    decode_lines: Callable[[bytes], list[Any]]
    """Makes those of several lines."""
    model_of: Callable[[Any], Any]
    """Makes a model of structs, or raises likewise."""
    refusals: tuple[type[Exception], ...] = (msgspec.MsgspecError, RecursionError, *REFUSALS)


def made_for(validators: Validators, model: type[Any]) -> Made | None:
    """What reads the component that a model is made of; None if structs cannot say it."""
    making = _Making(validators)
    try:
        form = making.struct(model)
        decoder: Any = msgspec.json.Decoder(form.type)
    except _INEXPRESSIBLE:
        return None
    return Made(decoder.decode, decoder.decode_lines, making.names[form.function])


class _InexpressibleError(Exception):
    """A struct cannot say it."""


_INEXPRESSIBLE = (_InexpressibleError, NotImplementedError, TypeError, ValueError)
"""How msgspec, too, says so: it cannot tell all shapes apart, nor read every name and number."""


def _refuse() -> NoReturn:
    raise _InexpressibleError


class _Making:
    """Makes structs for one schema, and the functions that make models of them."""

    def __init__(self, validators: Validators) -> None:
        self.names: dict[str, Any] = {**KNOWN}
        """What the functions know, among it themselves."""
        self._validators = validators
        self._models: dict[str, Form | None] = {}

    def struct(self, model: type[Any]) -> Form:
        """The form of a model whose fields are all known."""
        schema = asked_by(self._validators.definitions[model.__name__])
        if schema == {"type": "object", "additionalProperties": True}:
            make = functools.partial(of_any_members, model)
            return Form(dict, f"{self._named(make)}({{}})")
        fields = fields_of(model)
        kinds = typing.get_type_hints(model)
        if (
            schema.keys() - {"additionalProperties", "properties", "required", "type"}
            or types_of(schema) != ["object"]
            or schema.get("additionalProperties") is not False
            or schema.get("properties", {}).keys() != fields.keys()
        ):
            _refuse()
        read: list[Any] = []
        lines = [f"self = new({self._named(model)})"]
        for number, (name, attribute) in enumerate(fields.items()):
            may_be = alternatives(kinds[attribute])
            is_required = name in schema.get("required", ())
            if is_required == (Unset in may_be):
                _refuse()
            form = self._form(schema["properties"][name], present(may_be))
            read.append((f"f{number}", form.type, *(() if is_required else (UNSET,))))
            if form.code == "{}":
                lines.append(f"self.{attribute} = read.f{number}")
                continue
            value = form.code.replace("{}", "value")
            if not (is_required or form.takes_absent):
                value = f"value if value is UNSET else {value}"
            lines += [f"value = read.f{number}", f"self.{attribute} = {value}"]
        places = {name: f"f{number}" for number, name in enumerate(fields)}
        struct = msgspec.defstruct(
            model.__name__,
            read,
            rename={place: name for name, place in places.items()},
            namespace={"get": getter(places)},
            forbid_unknown_fields=True,
            kw_only=True,
            gc=False,
        )
        lines.append("self.additional_properties = {}")
        name = f"model_{len(self.names)}"
        once, within = (indent("\n".join(lines), " " * deep) for deep in (4, 8))
        functions = FUNCTIONS.format(name=name, once=once, within=within)
        exec(functions, self.names)  # noqa: S102 - of our own names
        return Form(struct, f"{name}({{}})")

    def _form(self, schema: Any, kinds: Sequence[Any]) -> Form:
        """The form of what a schema describes, and an annotation, of which these are the parts."""
        says = asked_by(schema if is_object(schema) else {} if schema else _refuse())
        match says:
            case {"$ref": _}:
                return self._referred(says, kinds)
            case {"anyOf": shapes} if len(says) == 1:
                return self._one_of(shapes, kinds)
            case {"allOf": [shape, *conditions]} if len(says) == 1:
                return self._without(conditions, self._form(shape, kinds))
            case _:
                return self._of_type(says, kinds)

    def _of_type(self, says: Schema, kinds: Sequence[Any]) -> Form:  # noqa: PLR0911 - one for each
        match types_of(says):
            case [] if not says and kinds == [Any]:
                return ANYTHING
            case ["null"]:
                says.pop("items", None)  # is for arrays
                return Form(None, "{}", takes_absent=_check_of(says)(None) or _refuse())
            case ["string" | "integer"] if "enum" in says:
                return self._enumeration(says, kinds)
            case ["string"]:
                return self._text(says, kinds)
            case ["array"]:
                return self._array(says, kinds)
            case ["integer" | "number" | "boolean" as type_]:
                kind, read = SCALARS[type_]
                _the_only([each for each in kinds if each is kind])
                return self._checked(Form(read, "{}", takes_absent=True), says)
            case [_, _, *_] as several if "enum" not in says:
                return self._one_of([{**says, "type": [each]} for each in several], kinds)
            case _:
                _refuse()

    def _without(self, conditions: Sequence[Any], form: Form) -> Form:
        """That of one of several shapes, which must not have what others require."""
        known = getattr(form.type, "__struct_encode_fields__", ())
        for each in conditions:
            match each:
                case {"then": {"not": {"required": [key]}}} if each == without(key):
                    if form.type is dict or key in known:
                        _refuse()
                case _:
                    _refuse()
        return form

    def _referred(self, says: Schema, kinds: Sequence[Any]) -> Form:
        name, *within = reference(says)
        if within or len(says) > 1:
            _refuse()
        models = [kind for kind in kinds if attrs.has(kind) and kind.__name__ == name]
        if not models:
            return self._form(self._validators.definitions[name], kinds)
        if name not in self._models:
            self._models[name] = None  # while it is made: what is in itself is not expressible
            self._models[name] = self._model(name, models[0])
        return self._models[name] or _refuse()

    def _model(self, name: str, model: type[Any]) -> Form:
        try:
            return self.struct(model)
        except _INEXPRESSIBLE:
            checks = component_validators(self._validators.package, name)
            make = functools.partial(as_ever, checks, model)
            return Form(dict, f"{self._named(make)}({{}})")

    def _one_of(self, shapes: Sequence[Any], kinds: Sequence[Any]) -> Form:
        """Several forms, each of a JSON type of its own."""
        forms = [self._form(shape, kinds) for shape in shapes]
        read = [kind for form in forms for kind in alternatives(form.type)]
        if len({*read}) < len(read):
            _refuse()  # msgspec, which sees to others, takes two that are the same for one
        changing = [form for form in forms if form.code != "{}"]
        union: Any = typing.Union[tuple(form.type for form in forms)]  # noqa: UP007 - of any number
        others = [form.type for form in forms if form.code == "{}"]
        if len(changing) == 1 and others == [None]:
            return Form(union, f"({{}} if {{}} is None else {changing[0].code})")
        code = "{}" if others else changing.pop().code
        for form in changing:
            code = f"({form.code} if {{}}.__class__ is {self._named(_class_of(form))} else {code})"
        return Form(union, code, takes_absent=bool(others))

    def _enumeration(self, says: Schema, kinds: Sequence[Any]) -> Form:
        kind, members = _the_only(kinds), says.pop("enum")
        if not all(type(each) in {str, int} for each in members):
            _refuse()
        read: Any = Literal[tuple(members)]
        if typing.get_origin(kind) is Literal:
            return self._checked(Form(read, "{}", takes_absent=True), says)
        if not (isinstance(kind, type) and issubclass(kind, OpenStrEnum | OpenIntEnum)):
            _refuse()
        form = Form(read, f"{self._named({each.value: each for each in kind})}[{{}}]")
        return self._checked(form, says)

    def _text(self, says: Schema, kinds: Sequence[Any]) -> Form:
        kind = _the_only([each for each in kinds if each in TEXTS])
        code, known = TEXTS[kind]
        if known not in {None, says.get("format")}:
            _refuse()
        if kind is dt.datetime:
            says.pop("format")  # which it checks where it must
        return self._checked(Form(str, code, takes_absent=kind is str), says)

    def _array(self, says: Schema, kinds: Sequence[Any]) -> Form:
        if says.keys() - {"items", "type"}:
            _refuse()
        (kind,) = typing.get_args(_the_only([k for k in kinds if typing.get_origin(k) is list]))
        item = self._form(says.get("items", True), present(alternatives(kind)))
        read: Any = types.GenericAlias(list, (item.type,))
        if item == ANYTHING or item.code == "{}":
            return Form(read, item.code, item.takes_absent)
        if (several := f"{item.function}{EACH}") in self.names:
            return Form(read, f"{several}({{}})")
        return Form(read, f"[{item.code.replace('{}', 'item')} for item in {{}}]")

    def _checked(self, form: Form, says: Schema) -> Form:
        """The form of a value of which more is asked than its type."""
        if types_of(says) != ["string"]:
            says.pop("format", None)  # is for texts
        if says.keys() == {"type"}:
            return form
        check = self._named(functools.partial(fit, _check_of(says)))
        return Form(form.type, form.code.replace("{}", f"{check}({{}})"))

    def _named(self, value: Any) -> str:
        name = f"known_{len(self.names)}"
        self.names[name] = value
        return name


def _check_of(schema: Schema) -> Callable[[Any], bool]:
    """What tells whether a value fits a schema that refers to no other."""
    try:
        return compiled(schema).is_valid
    except ValueError:
        _refuse()


def _the_only(kinds: Sequence[Any]) -> Any:
    return kinds[0] if len(kinds) == 1 else _refuse()


def _class_of(form: Form) -> type:
    """The class of what is read, if it tells it apart."""
    found: Any = typing.get_origin(form.type) or form.type
    if found in {dict, list, str} or issubclass(found, msgspec.Struct):
        return cast("type", found)
    _refuse()
