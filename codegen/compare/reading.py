"""What a package offers, as the generator has read it in a patched definition.

The generator knows which Python name and which type each part gets; guessing them anew would
sooner or later tell users something else than what they find.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from openapi_python_client.parser.properties import EnumProperty, ModelProperty
from openapi_python_client.parser.properties.list_property import ListProperty
from openapi_python_client.parser.properties.union import UnionProperty
from openapi_python_client.strings import ClassName

from codegen.compare import surface
from codegen.compare.surface import Direction, Side
from codegen.compare.unread import meaning_of, unread_parts
from codegen.files.values import pointer_to
from codegen.generator.endpoints import Operations, answered, body_type, kind_of_body, outcomes
from codegen.generator.python import ABSENT, fields_of, named, type_of, union
from codegen.generator.reading import REFUSED, explained
from codegen.openapi.access import credentials, server
from codegen.openapi.grammar import operations, parameters, without_parameter_names
from codegen.openapi.media_types import is_readable
from codegen.openapi.names import FIELD_PREFIX, module_of, module_of_endpoint
from codegen.openapi.references import SCHEMAS, alternatives, followed, object_at, property_pointer

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from openapi_python_client.parser.openapi import Endpoint
    from openapi_python_client.parser.properties.protocol import PropertyProtocol

    from codegen.files.values import JSONObject
    from codegen.generator.reading import Reading
    from codegen.openapi.grammar import Operation
    from codegen.openapi.subset import LeftOut

_SCHEMES = "/components/securitySchemes"
_VARIABLES = "/servers/0/variables"


def side(
    reading: Reading, left_out: Sequence[LeftOut] = (), published: JSONObject | None = None
) -> Side:
    """A side of a comparison: what the generator has read, and the definition it has read.

    Args:
        reading: What the generator has read.
        left_out: What of the published definition it was not given to read.
        published: That definition, if anything was left out.

    Raises:
        BadInputs: the definition is none that the generator can read.
    """
    reading.document.refuse(explained(each) for each in reading.unread if each.kind == REFUSED)
    classes = _Classes(reading)
    offered = tuple(_operations(reading, classes))
    known = tuple(classes.offered())
    unread = unread_parts(reading, known, offered)
    parts = _client(reading.definition), *offered, *known
    unread |= {entry.pointer: entry.reason for entry in left_out}
    package = surface.Surface(name="", pointer="", parts=parts, unread=unread)
    meanings = {entry.pointer: meaning_of(published or {}, entry.pointer) for entry in left_out}
    return Side(reading.definition, package, meanings)


def _client(definition: JSONObject) -> surface.Client:
    secrets = [
        (one.argument, _SCHEMES + pointer_to(one.schemes[0]), one.required, "None")
        for one in credentials(definition)
    ]
    variables = [
        (
            one.argument,
            _VARIABLES + pointer_to(one.name),
            False,
            "None" if one.default is None else f'"{one.default}"',
        )
        for one in server(definition, "").variables
    ]
    settings = (
        surface.Setting(
            name=name,
            pointer=pointer,
            direction=Direction.SENT,
            type=named("str") if required else named("str") | named(ABSENT),
            wire_name=pointer,
            default=default,
        )
        for name, pointer, required, default in (*secrets, *variables)
    )
    return surface.Client(name="Client", pointer=_SCHEMES, parts=tuple(settings))


def _operations(reading: Reading, classes: _Classes) -> Iterator[surface.Operation]:
    defined = {module_of(one): one for one in operations(reading.definition)}
    described = Operations(reading.definition)
    for endpoint in reading.endpoints:
        operation = defined.get(module_of_endpoint(endpoint))
        if operation is not None:
            yield _Operation(reading.definition, classes, operation, endpoint).read(described)


@dataclass(frozen=True)
class _Operation:
    """One operation as the definition has it and as the generator has read it."""

    definition: JSONObject
    classes: _Classes
    operation: Operation
    endpoint: Endpoint

    def read(self, described: Operations) -> surface.Operation:
        module = module_of(self.operation).removesuffix(".py").replace("/", ".")
        answers = list(self._answers())
        successes = [answer for answer in answers if answer.is_success]
        pointer = self.operation.node.pointer
        result = surface.Result(
            name="",
            pointer=next((answer.pointer for answer in successes), pointer),
            direction=Direction.READ,
            type=union(answer.type for answer in successes),
        )
        return surface.Operation(
            name=module.rpartition(".")[2],
            pointer=pointer,
            method=self.operation.method.upper(),
            path=self.operation.path,
            module=module,
            parts=(*self._arguments(described), *self._body(), *answers, result),
        )

    def _arguments(self, described: Operations) -> Iterator[surface.Argument]:
        path = self.operation.path
        nodes = parameters(self.definition, self.operation)
        for location, prop in self.endpoint.iter_all_parameters():
            name = prop.name.get_untrusted_value()
            pointer = followed(self.definition, nodes[name, location.value].pointer)
            position = without_parameter_names(path), path.partition(f"{{{name}}}")[0].count("{")
            self.classes.visit(prop, f"{pointer}/schema", Direction.SENT)
            yield surface.Argument(
                name=str(prop.python_name),
                pointer=pointer,
                direction=Direction.SENT,
                schemas={"": f"{pointer}/schema"},
                type=type_of(prop),
                wire_name=name,
                location=location.value,
                position=position if location.value == "path" else None,
                is_joined=location.value == "query" and described.is_joined(self.endpoint, prop),
            )

    def _body(self) -> Iterator[surface.Body]:
        bodies = self.endpoint.bodies
        if not bodies:
            return
        pointer = followed(self.definition, f"{self.operation.node.pointer}/requestBody")
        schemas = {
            media_type: pointer + pointer_to("content", media_type, "schema")
            for media_type in (body.content_type.get_untrusted_value() for body in bodies)
        }
        for body, place in zip(bodies, schemas.values(), strict=True):
            self.classes.visit(body.prop, place, Direction.SENT)
        yield surface.Body(
            name="body",
            pointer=pointer,
            direction=Direction.SENT,
            schemas=schemas,
            type=body_type(self.endpoint),
            wire_name="",
        )

    def _answers(self) -> Iterator[surface.Answer]:
        returned = outcomes(self.endpoint).returned
        successes = {response.status_code.pattern for response in returned}
        for response in self.endpoint.responses:
            status = response.status_code.pattern
            place = self.operation.node.pointer + pointer_to("responses", status)
            pointer = followed(self.definition, place)
            formats = object_at(self.definition, f"{pointer}/content")
            # The generator reads the first media type it knows.
            media_type = next(filter(is_readable, formats), next(iter(formats), ""))
            content = pointer + pointer_to("content", media_type, "schema")
            self.classes.visit(response.prop, content, Direction.READ)
            yield surface.Answer(
                name=status,
                pointer=pointer,
                direction=Direction.READ,
                schemas={"": content},
                type=answered(response),
                is_success=status in successes,
                formats=tuple(formats),
                is_read_as=kind_of_body(response),
            )


class _Classes:
    """The classes that the generator has made, with their places and the ways of their values."""

    def __init__(self, reading: Reading) -> None:
        self._definition = reading.definition
        # A property that refers to a model is a copy from before the model's fields were read.
        self._models = {_name(model): model for model in reading.parsed.models}
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
                    waiting += self._inside(self._models.get(_name(prop), prop))
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
