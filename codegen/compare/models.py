"""Where in a definition the classes of a package stand, and which way their values travel."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openapi_python_client.parser.properties import EnumProperty, ModelProperty
from openapi_python_client.parser.properties.list_property import ListProperty
from openapi_python_client.parser.properties.union import UnionProperty
from openapi_python_client.strings import ClassName

from codegen.compare import surface
from codegen.compare.surface import Direction
from codegen.files.values import pointer_to
from codegen.generator.python import Models, fields_of, named, type_of
from codegen.openapi.names import FIELD_PREFIX
from codegen.openapi.references import SCHEMAS, alternatives, followed, object_at, property_pointer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from openapi_python_client.parser.properties.protocol import PropertyProtocol

    from codegen.generator.reading import Reading


class Classes:
    """The classes that the generator has made, with their places and the ways of their values."""

    def __init__(self, reading: Reading) -> None:
        self._definition = reading.definition
        self._models = Models(reading.parsed.models)
        self._enums = [enum for enum in reading.parsed.enums if isinstance(enum, EnumProperty)]
        self._directions: dict[str, Direction] = {}
        self._pointers: dict[str, str] = {}
        for key, schema in object_at(self._definition, SCHEMAS).items():
            title = schema.get("title") if isinstance(schema, dict) else None
            name = ClassName(title if isinstance(title, str) else key, FIELD_PREFIX)
            self._pointers.setdefault(str(name), SCHEMAS + pointer_to(key))
        self._taken = set(self._pointers.values())

    def offered(self) -> Iterator[surface.OfferedClass]:
        """All of them, those that no operation reaches included."""
        for name, pointer in tuple(self._pointers.items()):
            if name in self._models:
                self.visit(self._models[name], pointer, Direction.NEITHER)
        yield from map(self._model, self._models.values())
        yield from map(self._enumeration, self._enums)

    def visit(self, prop: PropertyProtocol, pointer: str, direction: Direction) -> None:
        """Note where a property's classes stand, and that values of all in it travel so."""
        waiting = [(prop, pointer)]
        while waiting:
            prop, pointer = waiting.pop()
            place = followed(self._definition, pointer)
            match prop:
                case ListProperty():
                    waiting.append((prop.inner_property, f"{place}/items"))
                case UnionProperty():
                    waiting += self._forms(prop, place)
                case EnumProperty():
                    self._note(_name(prop), place, direction)
                case ModelProperty() if self._note(_name(prop), place, direction):
                    waiting += self._inside(self._models.complete(prop))
                case _:
                    pass

    def _note(self, name: str, place: str, direction: Direction) -> bool:
        """Whether it is new that the values of a class travel so; its first place counts."""
        self._taken.add(self._pointers.setdefault(name, place))
        known = self._directions.get(name)
        self._directions[name] = direction | (known or Direction.NEITHER)
        return known is None or direction not in known

    def _forms(self, prop: UnionProperty, place: str) -> Iterator[tuple[PropertyProtocol, str]]:
        """What a union is of. Its classes without a place stand where no other does, in order."""
        places = list(alternatives(self._definition, place))
        free = iter([one for one in places if one not in self._taken] or places[:1])
        for form in prop.inner_properties:
            yield form, next(free, place) if self._is_unlocated(form) else place

    def _is_unlocated(self, prop: PropertyProtocol) -> bool:
        while isinstance(prop, ListProperty):
            prop = prop.inner_property
        if isinstance(prop, ModelProperty | EnumProperty):
            return _name(prop) not in self._pointers
        return isinstance(prop, UnionProperty)

    def _inside(self, model: ModelProperty) -> Iterator[tuple[PropertyProtocol, str]]:
        pointer = self._pointers[_name(model)]
        for prop in fields_of(model):
            name = prop.name.get_untrusted_value()
            yield prop, property_pointer(self._definition, pointer, name)
        if model.additional_properties is not None:
            yield model.additional_properties, f"{pointer}/additionalProperties"

    def _model(self, model: ModelProperty) -> surface.Model:
        name, extra = _name(model), model.additional_properties
        pointer = self._pointers.get(name, "")
        direction = self._directions.get(name, Direction.NEITHER)
        return surface.Model(
            name=name,
            pointer=pointer,
            direction=direction,
            schemas={"": pointer} if pointer else {},
            is_multipart=model.is_multipart_body,
            parts=(
                *(self._field(prop, pointer, direction) for prop in fields_of(model)),
                surface.Extra(
                    name="additional_properties",
                    pointer=pointer,
                    direction=direction | Direction.READ,  # who builds an object looks into it too
                    type=named("Any") if extra is None else type_of(extra),
                ),
            ),
        )

    def _field(self, prop: PropertyProtocol, model: str, direction: Direction) -> surface.Field:
        name = prop.name.get_untrusted_value()
        pointer = property_pointer(self._definition, model, name)
        return surface.Field(
            name=str(prop.python_name),
            pointer=pointer,
            direction=direction,
            schemas={"": pointer},
            type=type_of(prop),
            wire_name=name,
        )

    def _enumeration(self, enum: EnumProperty) -> surface.Enumeration:
        name = _name(enum)
        pointer = self._pointers.get(name, "")
        return surface.Enumeration(
            name=name,
            pointer=pointer,
            direction=self._directions.get(name, Direction.NEITHER),
            schemas={"": pointer} if pointer else {},
            base="str" if enum.value_type is str else "int",
            parts=tuple(
                surface.Member(name=member, pointer=f"{pointer}/enum", value=value)
                for member, value in enum.values.items()
            ),
        )


def _name(made: ModelProperty | EnumProperty) -> str:
    return str(made.class_info.name)
