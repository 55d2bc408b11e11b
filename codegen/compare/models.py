"""The models and enumerations of a package: where each one stands, and which way its values go."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openapi_python_client.parser.properties import EnumProperty, ModelProperty

from codegen.compare import surface
from codegen.compare.surface import Direction
from codegen.files.values import pointer_to
from codegen.generator.python import fields_of, named, type_of
from codegen.openapi.grammar import children, operations
from codegen.openapi.references import SCHEMAS, property_pointer
from codegen.openapi.subset import reachable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from codegen.files.values import JSONObject
    from codegen.generator.reading import Reading


def offered_classes(reading: Reading) -> Iterator[surface.OfferedClass]:
    """The classes that the generator has made, those that no operation reaches included."""
    directions = _directions(reading.definition)
    for made in (*reading.parsed.models, *reading.parsed.enums):
        pointer = SCHEMAS + pointer_to(made.class_info.name)
        direction = directions.get(pointer, Direction.NEITHER)
        if isinstance(made, EnumProperty):
            yield _enumeration(made, pointer, direction)
        elif isinstance(made, ModelProperty):
            yield _model(reading.definition, made, pointer, direction)


def _directions(definition: JSONObject) -> dict[str, Direction]:
    """Which way the values of each schema travel that an operation refers to, by its pointer."""
    directions: dict[str, Direction] = {}
    parts = [node for operation in operations(definition) for node in children(operation.node)]
    for direction, kinds in (
        (Direction.SENT, ("parameter", "request body")),
        (Direction.READ, ("response",)),
    ):
        for pointer in reachable(definition, (node for node in parts if node.kind in kinds)):
            directions[pointer] = direction | directions.get(pointer, Direction.NEITHER)
    return directions


def _model(
    definition: JSONObject, model: ModelProperty, pointer: str, direction: Direction
) -> surface.Model:
    extra = model.additional_properties
    fields = (
        surface.Field(
            name=str(prop.python_name),
            pointer=property_pointer(definition, pointer, prop.name.get_untrusted_value()),
            direction=direction,
            type=type_of(prop),
            wire_name=prop.name.get_untrusted_value(),
        )
        for prop in fields_of(model)
    )
    others = surface.Extra(
        name="additional_properties",
        pointer=pointer,
        direction=direction | Direction.READ,  # who builds an object looks into it too
        type=named("Any") if extra is None else type_of(extra),
    )
    return surface.Model(
        name=str(model.class_info.name),
        pointer=pointer,
        direction=direction,
        is_multipart=model.is_multipart_body,
        parts=(*fields, others),
    )


def _enumeration(enum: EnumProperty, pointer: str, direction: Direction) -> surface.Enumeration:
    return surface.Enumeration(
        name=str(enum.class_info.name),
        pointer=pointer,
        direction=direction,
        base="str" if enum.value_type is str else "int",
        parts=tuple(
            surface.Member(name=member, pointer=f"{pointer}/enum", value=value)
            for member, value in enum.values.items()
        ),
    )
