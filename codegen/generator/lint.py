"""What the generator leaves out without a word, found in the definition it was given.

Each problem names the operation's place in the definition and what to do. A distribution with a
problem is never written.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, cast

from codegen.files.errors import Problem
from codegen.files.values import JSONObject, pointer_to
from codegen.generator.endpoints import can_be_one_parameter, can_be_text
from codegen.generator.methods import Methods, own_server
from codegen.generator.python import plain_type_of
from codegen.generator.reading import explained
from codegen.openapi.access import (
    computed_schemes,
    first_address,
    first_server,
    is_server_address,
    variable_names,
)
from codegen.openapi.discriminators import unread_discriminators
from codegen.openapi.grammar import Node, Operation, children, operations, parameters, resolve
from codegen.openapi.names import (
    CLASS_NAMES,
    name_of,
)
from codegen.openapi.references import SCHEMAS, followed, object_at

if TYPE_CHECKING:
    from collections.abc import Iterator

    from openapi_python_client.parser import GeneratorData
    from openapi_python_client.parser.openapi import Endpoint

    from codegen.generator.reading import Reading

SEVERAL_MEDIA_TYPES = "response/several-media-types"
"""Of a response's formats only one is read; the pointer is that of its ``content``."""

_UNREAD_STYLES = {"deepObject", "spaceDelimited", "pipeDelimited", "matrix", "label"}


def problems(reading: Reading) -> tuple[Problem, ...]:
    """What keeps a complete package from being made of a definition; none when nothing does.

    What the definition says and the generator does not read comes first: then the rest, which may
    only follow from it, is left for the next time.
    """
    unread = tuple(_unread_parts(reading.definition)) or reading.unread
    return unread or tuple(lost_in_reading(reading))


def require_complete(reading: Reading) -> None:
    """See that a complete package can be made of a definition.

    Raises:
        BadInputs: something would be missing in it, or wrong.
    """
    reading.document.refuse(map(explained, problems(reading)))


def _unread_parts(definition: JSONObject) -> Iterator[Problem]:
    """What the definition says and the generator does not read."""
    modules: dict[str, str] = {}
    for operation in operations(definition):
        pointer, module = operation.node.pointer, f"_operations/{name_of(operation)}.py"
        if (other := modules.setdefault(module, pointer)) != pointer:
            message = (
                f"would be written to {module}, over {other}; give it an operationId of its own"
            )
            yield Problem("operation/shared-module", pointer, message)
    for operation in operations(definition):
        yield from _other_server(definition, operation)
        yield from _computed_credentials(definition, operation)
        for node in parameters(definition, operation).values():
            yield from _unread_in_parameter(node, resolve(definition, node))
        for node in _responses(operation):
            content = resolve(definition, node).get("content")
            if isinstance(content, dict) and len(content) > 1:
                message = f"only one of {', '.join(content)} is read; keep the one that is sent"
                yield Problem(SEVERAL_MEDIA_TYPES, f"{node.pointer}/content", message)
    for pointer in unread_discriminators(definition):
        message = "the discriminator is not read; give it components to choose from, by one mapping"
        yield Problem("schema/unread-discriminator", pointer, message)


def _other_server(definition: JSONObject, operation: Operation) -> Iterator[Problem]:
    """An operation with a server of its own, to which its secrets must not be sent."""
    shared = variable_names(first_server(definition))
    address = own_server(definition, operation, "") or ""
    if "://" in address and not is_server_address(address, shared):
        message = f"the operation is asked at {address}, where no credential is sent safely"
        yield Problem("operation/other-server", operation.node.pointer, message)


def _computed_credentials(definition: JSONObject, operation: Operation) -> Iterator[Problem]:
    """An operation that can only be signed in to by what no secret is as it stands."""
    shared = definition.get("security", [])
    ways = cast("list[JSONObject]", operation.node.value.get("security", shared))
    computed = [computed_schemes(definition, way) for way in ways]
    if ways and all(computed):
        kinds = " or ".join(dict.fromkeys(kind for kinds in computed for kind in kinds))
        message = f"the operation asks for HTTP {kinds}, which a client does not compute"
        yield Problem("operation/computed-credentials", operation.node.pointer, message)


def _unread_in_parameter(node: Node, declared: JSONObject) -> Iterator[Problem]:
    called, style = f"the parameter {declared['name']!r}", declared.get("style")
    if "schema" not in declared:
        message = f"{called} has no argument, as it has `content`; give it a schema"
        yield Problem("parameter/content", node.pointer, message)
    elif style in _UNREAD_STYLES:
        message = f"{called} would not be sent in the style {style}, which is not read"
        yield Problem("parameter/unread-style", node.pointer, message)


def _responses(operation: Operation) -> list[Node]:
    return [node for node in children(operation.node) if node.kind == "response"]


def lost_in_reading(reading: Reading) -> Iterator[Problem]:
    """What the generator has left out without a word, or would write wrongly."""
    endpoints = {endpoint.name: endpoint for endpoint in reading.endpoints}
    for operation in operations(reading.definition):
        endpoint = endpoints.get(name_of(operation))
        if endpoint is None:
            message = "the operation has not been read; the client lacks it"
            yield Problem("operation/lost", operation.node.pointer, message)
            continue
        yield from _lost_parameters(reading.definition, operation, endpoint)
        read = {response.status_code.pattern for response in endpoint.responses}
        for node in _responses(operation):
            if node.key not in read:
                message = "the response has not been read; its body would not be parsed"
                yield Problem("response/lost", node.pointer, message)
        yield from _lost_bodies(reading.definition, operation, endpoint)
    yield from _misnamed_classes(reading.parsed)
    yield from Methods(reading, first_address(reading.definition) or "").lost


def _lost_parameters(
    definition: JSONObject, operation: Operation, endpoint: Endpoint
) -> Iterator[Problem]:
    read = {
        (parameter.name.get_untrusted_value(), str(location.value)): parameter
        for location, parameter in endpoint.iter_all_parameters()
    }
    for (name, location), node in parameters(definition, operation).items():
        declared, prop = resolve(definition, node), read.get((name, location))
        called = f"the {location} parameter {name!r}"
        is_joined = location == "query" and declared.get("explode") is False
        if prop is None:
            message = f"{called} has not been read; it has no argument"
            yield Problem("parameter/lost", node.pointer, message)
        elif location != "query" and not can_be_text(prop):
            how = "as Python shows it, as it can be a list, an object or a file"
            yield Problem("parameter/no-text", node.pointer, f"{called} would be sent {how}")
        elif is_joined and not can_be_one_parameter(prop):
            message = f"{name!r} would be sent as several parameters, and `explode` is false"
            yield Problem("parameter/not-joined", node.pointer, message)


def _lost_bodies(
    definition: JSONObject, operation: Operation, endpoint: Endpoint
) -> Iterator[Problem]:
    place = f"{operation.node.pointer}/requestBody"
    pointer = f"{place}/content"
    read = {each.content_type.get_untrusted_value() for each in endpoint.bodies}
    for media_type in object_at(definition, f"{followed(definition, place)}/content"):
        if media_type not in read:
            message = "the request body has not been read; it cannot be sent"
            yield Problem("request-body/lost", pointer + pointer_to(media_type), message)
    for type_, count in Counter(plain_type_of(each.prop) for each in endpoint.bodies).items():
        if count > 1:
            message = f"{count} content types have the body {type_}; only the first is sent"
            yield Problem("request-body/one-class", pointer, message)


def _misnamed_classes(parsed: GeneratorData) -> Iterator[Problem]:
    seen: dict[str, str] = {}
    for made in (*parsed.models, *parsed.enums):
        name, module = made.class_info.name, made.class_info.module_name
        pointer = f"{SCHEMAS}/{name}"
        if name in CLASS_NAMES:
            message = f"the class name {name} is taken by the client itself; choose another"
            yield Problem("class/taken-name", pointer, message)
        if module in seen:
            message = f"{name} would be written to models/{module}.py, over {seen[module]}"
            yield Problem("class/shared-module", pointer, message)
        seen.setdefault(module, name)
