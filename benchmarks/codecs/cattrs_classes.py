"""cattrs, with attrs classes as its users write them; they drop unknown fields."""

from __future__ import annotations

import typing
from typing import TYPE_CHECKING, Any, TypeAlias

import attrs
from cattrs.gen import make_dict_structure_fn, override
from cattrs.preconf.orjson import OrjsonConverter, make_converter

from benchmarks.codecs import Codec
from benchmarks.codecs.fields import array_of, remade

if TYPE_CHECKING:
    from collections.abc import Callable

    from benchmarks.codecs.fields import Field

Hook: TypeAlias = "Callable[[Any, Any], object]"


def codec(model: type) -> Codec:
    """The converter at its fastest: compiled for each class, without details of errors."""
    converter = make_converter(detailed_validation=False)

    def one_or_several(annotation: object) -> Hook:
        one, several = map(converter.get_structure_hook, typing.get_args(annotation)[:2])

        def structure(value: object, type_: object) -> object:
            hook = several if isinstance(value, list) else one
            return hook(value, type_)

        return structure

    def make(name: str, fields: tuple[Field, ...]) -> type:
        return _class(converter, name, fields)

    converter.register_structure_hook_factory(_is_one_or_several, one_or_several)
    made: type[Any] = remade(model, make)
    return Codec("cattrs", lambda body: converter.loads(body, made))


def _class(converter: OrjsonConverter, name: str, fields: tuple[Field, ...]) -> type:
    definitions = {
        field.attribute: attrs.field(type=field.annotation)
        if field.is_required
        else attrs.field(type=field.annotation | None, default=None)
        for field in fields
    }
    made: type[Any] = attrs.make_class(name, definitions, kw_only=True, slots=True)
    # Their type is that of any keyword argument, as some have names of their own.
    wire_names: dict[str, Any] = {
        field.attribute: override(rename=field.wire_name) for field in fields
    }
    converter.register_structure_hook(made, make_dict_structure_fn(made, converter, **wire_names))
    return made


def _is_one_or_several(annotation: object) -> bool:
    """Whether it is a choice of a class and an array of that class, or nothing."""
    one, *others = typing.get_args(annotation) or (None,)
    return others == [array_of(one), type(None)]
