"""What the generator leaves out without a word: counted in the definition and in its output.

Each finding names the operation's place in the definition and what to do. A distribution with a
finding is never written.
"""

from __future__ import annotations

import ast
import re
from collections import Counter
from typing import TYPE_CHECKING, TypeAlias, cast

from codegen.files.errors import BadInputs
from codegen.files.values import JSON, JSONObject, pointer_to
from codegen.generator.joined_lists import can_be_one_parameter, can_be_text
from codegen.openapi.access import computed_schemes, first_server
from codegen.openapi.components import unread_discriminators
from codegen.openapi.definition import definition_data
from codegen.openapi.grammar import Node, Operation, children, operations, parameters, resolve
from codegen.openapi.names import CLASS_NAMES, module_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from openapi_python_client.parser import GeneratorData
    from openapi_python_client.parser.openapi import Endpoint
    from openapi_python_client.parser.properties import Property

    from codegen.files.document import Document

_Finding: TypeAlias = tuple[str, str]
"""A JSON pointer and what is lost there."""

_FUNCTIONS = {"sync", "sync_detailed", "asyncio", "asyncio_detailed"}
_UNREAD_STYLES = {"deepObject", "spaceDelimited", "pipeDelimited", "matrix", "label"}


def lint_definition(document: Document) -> None:
    """See that a patched definition says nothing that the generator does not read.

    Raises:
        BadInputs: it does.
    """
    _refuse(document, _unread_parts(definition_data(document)))


def lint_reading(document: Document, parsed: GeneratorData) -> None:
    """See that the generator has read everything that a patched definition says.

    Raises:
        BadInputs: it has not, or would write code that is wrong.
    """
    definition = definition_data(document)
    _refuse(document, _lost_in_reading(definition, parsed))
    _refuse(document, _misnamed_classes(parsed))


def lint_writing(document: Document, parsed: GeneratorData, package: Path) -> None:
    """See that everything the generator has read is in the package it wrote.

    Args:
        document: The patched definition.
        parsed: What the generator has read in it.
        package: The folder of the Python package.

    Raises:
        BadInputs: a module, a function's argument or a class is missing.
    """
    _refuse(document, _lost_in_writing(definition_data(document), parsed, package))


def _refuse(document: Document, findings: Iterable[_Finding]) -> None:
    problems = [document.error(pointer, message) for pointer, message in findings]
    if problems:
        raise BadInputs(problems)


def _unread_parts(definition: JSONObject) -> Iterator[_Finding]:
    """What the definition says and the generator does not read."""
    yield from _shared_modules(definition)
    for operation in operations(definition):
        yield from _other_server(definition, operation)
        yield from _computed_credentials(definition, operation)
        for node in parameters(definition, operation).values():
            yield from _unread_in_parameter(node, resolve(definition, node))
        for node in _responses(operation):
            yield from _unread_content(node, resolve(definition, node))
    for pointer in unread_discriminators(definition):
        message = "the discriminator is not read; give it components to choose from, by one mapping"
        yield pointer, message


def _shared_modules(definition: JSONObject) -> Iterator[_Finding]:
    seen: dict[str, str] = {}
    for operation in operations(definition):
        module = module_of(operation)
        if module in seen:
            message = f"would be written to {module}, over {seen[module]}; give it an operationId"
            yield operation.node.pointer, f"{message} of its own"
        seen.setdefault(module, operation.node.pointer)


def _other_server(definition: JSONObject, operation: Operation) -> Iterator[_Finding]:
    """An operation with a server of its own: its secrets would be sent to another."""
    for holder in (operation.node, operation.item):
        own = first_server(holder.value)
        if own:
            if _asked_at(own) != _asked_at(first_server(definition)):
                message = f"the operation is asked at {own['url']}, and a client has one server"
                yield operation.node.pointer, message
            return


def _computed_credentials(definition: JSONObject, operation: Operation) -> Iterator[_Finding]:
    """An operation that can only be signed in to by what no secret is as it stands."""
    shared = definition.get("security", [])
    ways = cast("list[JSONObject]", operation.node.value.get("security", shared))
    computed = [computed_schemes(definition, way) for way in ways]
    if ways and all(computed):
        kinds = " or ".join(dict.fromkeys(kind for kinds in computed for kind in kinds))
        message = f"the operation asks for HTTP {kinds}, which a client does not compute"
        yield operation.node.pointer, message


def _asked_at(server: JSONObject) -> tuple[JSON, JSON]:
    """The address of a server, and its variables."""
    return server.get("url"), server.get("variables", {})


def _unread_in_parameter(node: Node, parameter: JSONObject) -> Iterator[_Finding]:
    name = parameter["name"]
    if "schema" not in parameter:
        message = f"the parameter {name!r} has no argument, as it has `content`; give it a schema"
        yield node.pointer, message
        return
    style = parameter.get("style")
    if style in _UNREAD_STYLES:
        message = f"the parameter {name!r} would not be sent in the style {style}"
        yield node.pointer, f"{message}, which is not read"


def _responses(operation: Operation) -> list[Node]:
    return [node for node in children(operation.node) if node.kind == "response"]


def _unread_content(node: Node, response: JSONObject) -> Iterator[_Finding]:
    content = response.get("content")
    if isinstance(content, dict) and len(content) > 1:
        message = f"only one of {', '.join(content)} is read; keep the one that is sent"
        yield f"{node.pointer}/content", message


def _lost_in_reading(definition: JSONObject, parsed: GeneratorData) -> Iterator[_Finding]:
    endpoints = _endpoints(parsed)
    for operation in operations(definition):
        endpoint = endpoints.get((operation.path, operation.method))
        if endpoint is None:
            yield operation.node.pointer, "the operation has not been read; the client lacks it"
            continue
        yield from _lost_parameters(definition, operation, endpoint)
        yield from _lost_responses(operation, endpoint)
        yield from _lost_bodies(definition, operation, endpoint)


def _endpoints(parsed: GeneratorData) -> dict[tuple[str, str], Endpoint]:
    return {
        (_path_as_defined(endpoint), endpoint.method): endpoint
        for collection in parsed.endpoint_collections_by_tag.values()
        for endpoint in collection.endpoints
    }


def _path_as_defined(endpoint: Endpoint) -> str:
    """The path with the parameters' names, which the generator has made Python names."""
    path = endpoint.path.get_untrusted_value()
    names = {
        f"{{{parameter.python_name}}}": f"{{{parameter.name.get_untrusted_value()}}}"
        for parameter in endpoint.path_parameters
    }
    return re.sub(r"{[^{}]*}", lambda match: names.get(match[0], match[0]), path)


def _lost_parameters(
    definition: JSONObject, operation: Operation, endpoint: Endpoint
) -> Iterator[_Finding]:
    read = {
        (parameter.name.get_untrusted_value(), str(location.value)): parameter
        for location, parameter in endpoint.iter_all_parameters()
    }
    for key, node in parameters(definition, operation).items():
        name, location = key
        declared = resolve(definition, node)
        if key not in read and "schema" in declared:
            message = f"the {location} parameter {name!r} has not been read; it has no argument"
            yield node.pointer, message
        elif location == "query" and declared.get("explode") is False:
            yield from _several_parameters(node, name, read.get(key))
        elif location != "query" and (prop := read.get(key)) is not None and not can_be_text(prop):
            message = f"the {location} parameter {name!r} would be sent as Python shows it, as it"
            yield node.pointer, f"{message} can be a list, an object or a file"


def _several_parameters(node: Node, name: str, prop: Property | None) -> Iterator[_Finding]:
    if prop is not None and not can_be_one_parameter(prop):
        message = f"{name!r} would be sent as several parameters, and `explode` is false"
        yield node.pointer, message


def _lost_responses(operation: Operation, endpoint: Endpoint) -> Iterator[_Finding]:
    read = {response.status_code.pattern for response in endpoint.responses}
    for node in _responses(operation):
        if node.key not in read:
            yield node.pointer, "the response has not been read; its body would not be parsed"


def _lost_bodies(
    definition: JSONObject, operation: Operation, endpoint: Endpoint
) -> Iterator[_Finding]:
    read = {body.content_type.get_untrusted_value() for body in endpoint.bodies}
    types = Counter(
        body.prop.get_type_string(no_optional=True).as_unembedded_code() for body in endpoint.bodies
    )
    for node in children(operation.node):
        if node.kind != "request body":
            continue
        for content_type in cast("JSONObject", resolve(definition, node)["content"]):
            if content_type not in read:
                pointer = f"{node.pointer}/content{pointer_to(content_type)}"
                yield pointer, "the request body has not been read; it cannot be sent"
        for name, count in types.items():
            if count > 1:
                message = f"{count} content types have the body {name}; only the first is sent"
                yield f"{node.pointer}/content", message


def _lost_in_writing(
    definition: JSONObject, parsed: GeneratorData, package: Path
) -> Iterator[_Finding]:
    endpoints = _endpoints(parsed)
    for operation in operations(definition):
        endpoint = endpoints.get((operation.path, operation.method))
        if endpoint is not None:
            yield from _lost_arguments(operation, endpoint, package / module_of(operation))
    yield from _unwritten_classes(parsed, package)


def _lost_arguments(operation: Operation, endpoint: Endpoint, module: Path) -> Iterator[_Finding]:
    wanted = {str(parameter.python_name) for _, parameter in endpoint.iter_all_parameters()}
    if endpoint.bodies:
        wanted.add("body")
    functions = _functions(module)
    if not functions:
        message = f"{module.name} has none of the functions {', '.join(sorted(_FUNCTIONS))}"
        yield operation.node.pointer, message
    for name, arguments in functions.items():
        for argument in sorted(wanted - arguments):
            yield operation.node.pointer, f"{name}() in {module.name} lacks {argument!r}"


def _functions(module: Path) -> dict[str, set[str]]:
    """The arguments of an endpoint module's public functions; none when there is no module."""
    try:
        syntax = ast.parse(module.read_bytes())
    except (OSError, SyntaxError):
        return {}
    return {
        node.name: {
            argument.arg
            for argument in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)
        }
        for node in syntax.body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name in _FUNCTIONS
    }


def _unwritten_classes(parsed: GeneratorData, package: Path) -> Iterator[_Finding]:
    for made in (*parsed.models, *parsed.enums):
        module = f"models/{made.class_info.module_name}.py"
        if not (package / module).is_file():
            yield _component(made.class_info.name), f"{module} has not been written"


def _misnamed_classes(parsed: GeneratorData) -> Iterator[_Finding]:
    seen: dict[str, str] = {}
    for made in (*parsed.models, *parsed.enums):
        name, module = made.class_info.name, made.class_info.module_name
        if name in CLASS_NAMES:
            message = f"the class name {name} is taken by the client itself; choose another"
            yield _component(name), message
        if module in seen:
            message = f"{name} would be written to models/{module}.py, over {seen[module]}"
            yield _component(name), message
        seen.setdefault(module, name)


def _component(class_name: str) -> str:
    return f"/components/schemas/{class_name}"
