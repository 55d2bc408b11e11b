"""What a package offers, read from its patched definition by the generator itself.

The generator knows which Python name and which type each part gets; guessing them anew would
sooner or later tell users something else than what they find.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from openapi_python_client.parser.properties import EnumProperty, ModelProperty
from openapi_python_client.parser.properties.list_property import ListProperty
from openapi_python_client.parser.properties.union import UnionProperty
from openapi_python_client.strings import ClassName

from codegen.compare.python_type import named, plain_type_of, type_of, union
from codegen.compare.surface import (
    Answer,
    Argument,
    Body,
    Direction,
    Enumeration,
    Field,
    Model,
    OfferedClass,
    Operation,
    Surface,
)
from codegen.compare.unread import unread_parts
from codegen.files.document import Document
from codegen.files.values import JSONObject, pointer_to
from codegen.generator.endpoints import Operations, outcomes
from codegen.generator.reading import REFUSED, explained, read
from codegen.openapi.grammar import Operation as DefinedOperation
from codegen.openapi.grammar import operations, parameters
from codegen.openapi.names import FIELD_PREFIX, module_of, module_of_endpoint
from codegen.openapi.references import alternatives, existing, followed, object_at, property_pointer

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from openapi_python_client.parser import GeneratorData
    from openapi_python_client.parser.openapi import Endpoint
    from openapi_python_client.parser.properties.protocol import PropertyProtocol
    from openapi_python_client.parser.responses import Response

    from codegen.compare.python_type import PythonType
    from codegen.generator.reading import Reading

_SCHEMAS = "/components/schemas"


def read_surface(definition: JSONObject, *, called: str) -> Surface:
    """What the generator makes of a patched definition, whose schemas are hoisted.

    Args:
        definition: The patched definition.
        called: What the definition is called in errors.

    Raises:
        BadInputError: the generator is not of its pinned version.
        BadInputs: the definition is none that the generator can read.
    """
    reading = read(Document(called, b"", definition))
    reading.document.refuse(explained(each) for each in reading.unread if each.kind == REFUSED)
    return _Reading(definition, reading.parsed).surface(reading)


class _Reading:
    """One definition with what the generator has read in it."""

    def __init__(self, definition: JSONObject, parsed: GeneratorData) -> None:
        self._definition = definition
        self._parsed = parsed
        self._described = Operations(definition)
        # A property that refers to a model is a copy from before the model's fields were read.
        self._models = {str(model.class_info.name): model for model in parsed.models}
        self._enums = {
            str(enum.class_info.name): enum
            for enum in parsed.enums
            if isinstance(enum, EnumProperty)
        }
        self._pointers: dict[str, str] = {}
        self._taken: set[str] = set()
        self._directions: dict[str, Direction] = {}
        self._locate_components()

    def surface(self, reading: Reading) -> Surface:
        offered = tuple(self._operations())
        for model in list(self._models.values()):
            self._locate_inside(model)
        classes: dict[str, OfferedClass] = {
            name: self._model(model) for name, model in self._models.items()
        }
        classes |= {name: self._enumeration(enum) for name, enum in self._enums.items()}
        unread = unread_parts(reading, classes, offered)
        return Surface(
            classes,
            offered,
            self._directions,
            {existing(self._definition, pointer): reason for pointer, reason in unread.items()},
        )

    def _locate_components(self) -> None:
        for name in object_at(self._definition, _SCHEMAS):
            pointer = _SCHEMAS + pointer_to(name)
            schema = object_at(self._definition, pointer)
            title = schema.get("title")
            class_name = ClassName(title if isinstance(title, str) else name, FIELD_PREFIX)
            self._put(str(class_name), pointer)

    def _locate_inside(self, model: ModelProperty) -> None:
        """Note where the nameless classes stand that a model's own schemas hold."""
        pointer = self._pointer(model)
        for prop in _properties(model):
            name = prop.name.get_untrusted_value()
            self._locate(prop, property_pointer(self._definition, pointer, name))
        if model.additional_properties is not None:
            self._locate(model.additional_properties, f"{pointer}/additionalProperties")

    def _locate(self, prop: PropertyProtocol, pointer: str) -> None:
        waiting = [(prop, pointer)]
        while waiting:
            prop, pointer = waiting.pop()
            place = followed(self._definition, pointer)
            match prop:
                case ListProperty():
                    waiting.append((prop.inner_property, f"{place}/items"))
                case UnionProperty():
                    places = list(alternatives(self._definition, place))
                    unknown = [it for it in prop.inner_properties if self._is_unlocated(it)]
                    free = [it for it in places if it not in self._taken] or places[:1]
                    waiting += zip(unknown, free, strict=False)
                case ModelProperty() if self._is_unlocated(prop):
                    self._put(str(prop.class_info.name), place)
                    self._locate_inside(self._models.get(str(prop.class_info.name), prop))
                case EnumProperty() if self._is_unlocated(prop):
                    self._put(str(prop.class_info.name), place)
                case _:
                    pass

    def _put(self, class_name: str, pointer: str) -> None:
        if class_name not in self._pointers:
            self._pointers[class_name] = pointer
            self._taken.add(pointer)

    def _is_unlocated(self, prop: PropertyProtocol) -> bool:
        if isinstance(prop, ListProperty):
            return self._is_unlocated(prop.inner_property)
        if isinstance(prop, ModelProperty | EnumProperty):
            return str(prop.class_info.name) not in self._pointers
        return isinstance(prop, UnionProperty)

    def _pointer(self, made: ModelProperty | EnumProperty) -> str:
        return self._pointers.get(str(made.class_info.name), "")

    def _model(self, model: ModelProperty) -> Model:
        pointer = self._pointer(model)
        extra = model.additional_properties
        return Model(
            name=str(model.class_info.name),
            pointer=pointer,
            fields={
                name: Field(
                    name,
                    str(prop.python_name),
                    type_of(prop),
                    prop.required,
                    property_pointer(self._definition, pointer, name),
                )
                for prop in _properties(model)
                for name in [prop.name.get_untrusted_value()]
            },
            extra=named("Any") if extra is None else type_of(extra),
            is_multipart=model.is_multipart_body,
        )

    def _enumeration(self, enum: EnumProperty) -> Enumeration:
        base = "str" if enum.value_type is str else "int"
        return Enumeration(str(enum.class_info.name), self._pointer(enum), base, dict(enum.values))

    def _operations(self) -> Iterator[Operation]:
        defined = {module_of(it): it for it in operations(self._definition)}
        for collection in self._parsed.endpoint_collections_by_tag.values():
            for endpoint in collection.endpoints:
                operation = defined.get(module_of_endpoint(endpoint))
                if operation is not None:
                    yield self._operation(operation, endpoint)

    def _operation(self, operation: DefinedOperation, endpoint: Endpoint) -> Operation:
        answers = {answer.status: answer for answer in self._answers(operation, endpoint)}
        return Operation(
            method=operation.method,
            path=operation.path,
            module=module_of(operation).removesuffix(".py").replace("/", "."),
            pointer=operation.node.pointer,
            arguments=tuple(self._arguments(operation, endpoint)),
            body=self._body(operation, endpoint),
            answers=answers,
            returns=_returned(endpoint, answers),
        )

    def _arguments(self, operation: DefinedOperation, endpoint: Endpoint) -> Iterator[Argument]:
        nodes = parameters(self._definition, operation)
        for location, prop in endpoint.iter_all_parameters():
            name = prop.name.get_untrusted_value()
            pointer = followed(self._definition, nodes[name, location.value].pointer)
            self._use(prop, f"{pointer}/schema", Direction.SENT)
            yield Argument(
                location=location.value,
                wire_name=name,
                python_name=str(prop.python_name),
                type=type_of(prop),
                required=prop.required,
                is_joined=location.value == "query" and self._described.is_joined(endpoint, prop),
                pointer=pointer,
            )

    def _body(self, operation: DefinedOperation, endpoint: Endpoint) -> Body | None:
        if not endpoint.bodies:
            return None
        pointer = followed(self._definition, f"{operation.node.pointer}/requestBody")
        for body in endpoint.bodies:
            media_type = body.content_type.get_untrusted_value()
            place = pointer + pointer_to("content", media_type, "schema")
            self._use(body.prop, place, Direction.SENT)
        required = all(body.prop.required for body in endpoint.bodies)
        type_ = union(plain_type_of(body.prop) for body in endpoint.bodies)
        return Body(
            type=type_ if required else type_ | named("Unset"),
            required=required,
            ways={
                body.content_type.get_untrusted_value(): str(body.body_type)
                for body in endpoint.bodies
            },
            pointer=pointer,
        )

    def _answers(self, operation: DefinedOperation, endpoint: Endpoint) -> Iterator[Answer]:
        sorted_out = outcomes(endpoint)
        successes = {id(response) for response in sorted_out.successes}
        if sorted_out.default is not None and sorted_out.default_is_success:
            successes.add(id(sorted_out.default))
        for response in endpoint.responses:
            pattern = response.status_code.pattern
            pointer = operation.node.pointer + pointer_to("responses", pattern)
            place = followed(self._definition, pointer)
            content = self._content(place)
            self._use(response.prop, content, Direction.READ)
            yield Answer(
                status=pattern,
                type=_answered(response),
                source=response.source["attribute"],
                is_success=id(response) in successes,
                pointer=place,
                content=content,
            )

    def _content(self, response: str) -> str:
        """The schema of a response's body: the generator reads the first media type it knows."""
        content = object_at(self._definition, f"{response}/content")
        media_type = next(iter(content), "")
        return response + pointer_to("content", media_type, "schema")

    def _use(self, prop: PropertyProtocol, pointer: str, direction: Direction) -> None:
        """Note that values of a property's classes, and of all classes in them, travel so."""
        self._locate(prop, pointer)
        waiting = [prop]
        while waiting:
            found = waiting.pop()
            match found:
                case ListProperty():
                    waiting.append(found.inner_property)
                case UnionProperty():
                    waiting += found.inner_properties
                case EnumProperty():
                    self._note(str(found.class_info.name), direction)
                case ModelProperty():
                    name = str(found.class_info.name)
                    model = self._models.get(name, found)
                    if self._note(name, direction):
                        waiting += _properties(model)
                        if model.additional_properties is not None:
                            waiting.append(model.additional_properties)
                case _:
                    pass

    def _note(self, name: str, direction: Direction) -> bool:
        """Whether it is new that the values of a class travel so."""
        known = self._directions.get(name, Direction.NEITHER)
        self._directions[name] = known | direction
        return direction not in known


def _properties(model: ModelProperty) -> Iterable[PropertyProtocol]:
    return [*(model.required_properties or ()), *(model.optional_properties or ())]


def _answered(response: Response) -> PythonType:
    return named("None") if response.source["attribute"] == "None" else type_of(response.prop)


def _returned(endpoint: Endpoint, answers: dict[str, Answer]) -> PythonType:
    successes = [answer.type for answer in answers.values() if answer.is_success]
    default = endpoint.responses.default
    if not successes and default is not None:
        successes = [answers[default.status_code.pattern].type]
    return union(successes)
