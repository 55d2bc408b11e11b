"""What a package offers, as the generator has read it in a patched definition.

The generator knows which Python name and which type each part gets; guessing them anew would
sooner or later tell users something else than what they find.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, cast

from openapi_python_client.parser.properties import EnumProperty, ModelProperty
from openapi_python_client.strings import PythonIdentifier

from codegen.compare import surface
from codegen.compare.left_out import meaning_of
from codegen.compare.surface import Direction, Side
from codegen.files.values import pointer_to
from codegen.generator.clients import client_of
from codegen.generator.endpoints import answered, kind_of_body
from codegen.generator.python import NULL, UNSET, fields_of, named, plain_type_of, type_of, union
from codegen.generator.reading import REFUSED
from codegen.openapi.client_facts import FACTS, written_path
from codegen.openapi.grammar import children, operations, parameters, without_parameter_names
from codegen.openapi.names import FIELD_PREFIX, name_of
from codegen.openapi.references import SCHEMAS, followed, object_at, property_pointer
from codegen.openapi.subset import reachable
from codegen.providers.provider import Provider

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from openapi_python_client.parser.bodies import Body

    from codegen.files.values import JSON, JSONObject
    from codegen.generator.clients import Client, Setting
    from codegen.generator.methods import Method
    from codegen.generator.python import PythonType
    from codegen.generator.reading import Reading
    from codegen.generator.signatures import Signature
    from codegen.openapi import client_facts
    from codegen.openapi.grammar import Operation
    from codegen.openapi.subset import LeftOut

_DELIMITERS = {"joined": ",", "spaceDelimited": " ", "pipeDelimited": "|"}
"""By the style of a parameter."""
_SCHEMES = "/components/securitySchemes"
_VARIABLES = "/servers/0/variables"


def side(
    reading: Reading,
    provider: Provider | None = None,
    *,
    left_out: Sequence[LeftOut] = (),
    published: JSONObject | None = None,
) -> Side:
    """A side of a comparison: what the generator has read, and the definition it has read.

    Args:
        reading: What the generator has read.
        provider: Whose package it is; without it, the client has the name of the definition.
        left_out: What of the published definition it was not given to read.
        published: That definition, if anything was left out.

    Raises:
        BadInputs: the definition is none that the generator can read.
    """
    reading.document.refuse(each for each in reading.unread if each.kind == REFUSED)
    definition = reading.definition
    client = _client(definition, client_of(provider or nobody(definition), reading))
    unread = {each.pointer: each.message for each in reading.unread}
    unread |= {entry.pointer: entry.reason for entry in left_out}
    parts = client, *_classes(reading)
    package = surface.Surface(name="", pointer="", parts=parts)
    meanings = {entry.pointer: meaning_of(published or {}, entry.pointer) for entry in left_out}
    return Side(definition, package, unread, meanings)


def nobody(definition: JSONObject) -> Provider:
    """Who publishes a definition of which no package is made: it is called as its title says."""
    title = str(object_at(definition, "/info").get("title", ""))
    return Provider(
        root=Path(),
        name=str(PythonIdentifier(title, FIELD_PREFIX)),
        distribution="",
        package="",
        version="",
        title=title,
        keywords=(),
        server_url="",
        sources=(),
    )


def _client(definition: JSONObject, made: Client) -> surface.Client:
    is_named = "class" in object_at(definition, pointer_to(FACTS))
    return surface.Client(
        name=made.class_name,
        pointer=pointer_to(FACTS, "class") if is_named else "/info",
        refusals=_refusals(made.all_methods.facts.others.refusals),
        parts=(
            *(_setting(made, each) for each in made.settings),
            *_groups(definition, made),
            *_operations(definition, made),
        ),
    )


def _setting(made: Client, setting: Setting) -> surface.Setting:
    fact = made.all_methods.facts.arguments.get(setting.argument)
    places = {
        "scheme": _SCHEMES + pointer_to(setting.name),
        "variable": _VARIABLES + pointer_to(setting.name),
        "parameter": pointer_to(FACTS, "arguments", setting.argument),
    }
    is_needed = setting.default is None and setting.part != "password"
    if setting.credential is not None:
        is_needed &= setting.credential.required and made.always_asks
    return surface.Setting(
        name=setting.argument,
        pointer=places[setting.kind],
        direction=Direction.SENT,
        type=named("str") if is_needed else named("str") | named(UNSET),
        wire_name=" ".join(filter(None, [setting.kind, setting.name, setting.part])),
        environment=setting.environment,
        default=setting.default,
        description=(fact.description or "") if fact is not None else "",
    )


def _groups(definition: JSONObject, made: Client) -> Iterator[surface.Group]:
    tags = cast("list[JSONObject]", definition.get("tags") or [])
    places = {
        str(PythonIdentifier(str(tag.get("name")), "tag")): pointer_to("tags", index)
        for index, tag in enumerate(tags)
    }
    for group in made.groups:
        if group.name in places:
            yield surface.Group(name=group.name, pointer=places[group.name])


def _refusals(refusals: Iterable[tuple[client_facts.Path, JSON]]) -> tuple[str, ...]:
    return tuple(f"{written_path(path)}: {json.dumps(value)}" for path, value in refusals)


def _operations(definition: JSONObject, made: Client) -> Iterator[surface.Operation]:
    """The operations of a client and of its groups, in the order of the definition."""
    shared = frozenset(each.name for each in made.shared)
    known = {str(name_of(one)): one for one in operations(definition)}
    all_of_them = (*made.methods, *(one for each in made.groups for one in each.methods))
    signatures = {each.method.operation: each for each in all_of_them}
    for name in (each.operation for each in made.all_methods.methods):
        yield _Operation(definition, shared, known[name], signatures[name]).read()


@dataclass(frozen=True)
class _Operation:
    """One operation as the definition has it and as the client has it."""

    definition: JSONObject
    shared: Collection[str]
    """The parameters that are the client's."""
    operation: Operation
    signature: Signature

    @property
    def method(self) -> Method:
        """As the client has it."""
        return self.signature.method

    @cached_property
    def written(self) -> dict[str, tuple[str, bool]]:
        """What the signature has of each argument, and whether that may be left out."""
        arguments = (*self.signature.positional, *self.signature.keywords)
        return {each.name: (str(each), bool(each.default)) for each in arguments}

    def read(self) -> surface.Operation:
        method, pointer = self.method, self.operation.node.pointer
        answers = list(self._answers())
        successes = [answer for answer in answers if answer.is_success]
        facts = object_at(self.definition, pointer_to(FACTS, "operations", method.operation))
        result = surface.Result(
            name="",
            pointer=next((answer.pointer for answer in successes), pointer),
            direction=Direction.READ,
            type=named(f"Stream[{method.returns}]") if method.is_streamed else method.returns,
            places=tuple(map(written_path, method.result)),
            pages=method.facts.pages,
        )
        return surface.Operation(
            name=method.full_name,
            pointer=pointer,
            method=self.operation.method.upper(),
            path=self.operation.path,
            operation=method.operation,
            refusals=_refusals(method.facts.refusals) if "refusal" in facts else None,
            parts=(*self._arguments(), *self._body(), *answers, result),
        )

    def _arguments(self) -> Iterator[surface.Argument]:
        nodes = parameters(self.definition, self.operation)
        for parameter in self.method.parameters:
            is_member = parameter.location == "body"
            name = parameter.prop.name.get_untrusted_value() if is_member else parameter.sent_as
            node = nodes.get((name, parameter.location))
            type_ = plain_type_of(parameter.prop)
            written, may_be_left_out = "", False
            if parameter.is_given:
                written, may_be_left_out = self.written[parameter.name]
            if is_member:  # any may be, as long as the body is given
                may_be_left_out = not parameter.prop.required
            yield surface.Argument(
                name=parameter.name,
                pointer=self._pointer_of_member(name) if node is None else node.pointer,
                direction=Direction.SENT,
                type=_given(type_, may_be_left_out=may_be_left_out),
                is_nullable=type_.is_nullable,
                wire_name=name,
                location=parameter.location,
                position=self._position(name) if parameter.location == "path" else None,
                delimiter=_DELIMITERS.get(parameter.style, ""),
                is_given=parameter.is_given,
                is_of_client=not is_member and name in self.shared,
                written=written,
            )

    def _position(self, name: str) -> tuple[str, int]:
        """Where in the path a parameter stands, whatever those of it are called."""
        before, _, _ = self.operation.path.partition(f"{{{name}}}")
        return without_parameter_names(self.operation.path), before.count("{")

    def _pointer_of_member(self, name: str) -> str:
        (body,) = self.method.bodies
        pointer = f"{self.operation.node.pointer}/requestBody"
        schema = pointer + pointer_to("content", _media_type(body), "schema")
        return property_pointer(self.definition, followed(self.definition, schema), name)

    def _body(self) -> Iterator[surface.Body]:
        method = self.method
        if not method.bodies:
            return
        types = [plain_type_of(body.prop) for body in method.bodies]
        yield surface.Body(
            name="body",
            pointer=f"{self.operation.node.pointer}/requestBody",
            direction=Direction.SENT,
            formats=tuple(map(_media_type, method.bodies)),
            type=_given(union(types), may_be_left_out=not method.needs_body),
            written=self.written["body"][0],
            is_nullable=types[0].is_nullable,
            has_members=method.has_members,
        )

    def _answers(self) -> Iterator[surface.Answer]:
        successes = {response.status_code.pattern for response in self.method.successes}
        for response in self.method.endpoint.responses:
            status = response.status_code.pattern
            pointer = self.operation.node.pointer + pointer_to("responses", status)
            formats = object_at(self.definition, f"{pointer}/content")
            yield surface.Answer(
                name=status,
                pointer=pointer,
                direction=Direction.READ,
                type=answered(response),
                is_success=status in successes,
                formats=tuple(formats),
                is_read_as=self.method.kinds.get(status) or kind_of_body(response),
            )


def _media_type(body: Body) -> str:
    return body.content_type.get_untrusted_value()


def _given(type_: PythonType, *, may_be_left_out: bool) -> PythonType:
    """What may be given as an argument of this type: None too where that leaves it out."""
    return type_ | named(NULL) | named(UNSET) if may_be_left_out else type_


def _classes(reading: Reading) -> Iterator[surface.OfferedClass]:
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
