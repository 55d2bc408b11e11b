"""What the generator leaves out without a word, found in the definition it was given.

Each problem names the operation's place in the definition and what to do. A distribution with a
problem is never written.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from codegen.files.errors import Problem
from codegen.generator.methods import Methods, own_server
from codegen.openapi.access import (
    computed_schemes,
    first_address,
    first_server,
    is_server_address,
    variable_names,
)
from codegen.openapi.grammar import Operation, children, operations, parameters
from codegen.openapi.names import CLASS_NAMES, name_of
from codegen.openapi.references import SCHEMAS, object_at

if TYPE_CHECKING:
    from collections.abc import Iterator

    from openapi_python_client.parser import GeneratorData
    from openapi_python_client.parser.openapi import Endpoint

    from codegen.files.values import JSONObject
    from codegen.generator.reading import Reading


def problems(reading: Reading) -> tuple[Problem, ...]:
    """What keeps a complete package from being made of a definition; none when nothing does.

    What the definition says and the generator does not read comes first: then the rest, which may
    only follow from it, is left for the next time.
    """
    unread = tuple(_unread_parts(reading.definition)) or reading.unread
    return unread or tuple(_lost_in_reading(reading))


def require_complete(reading: Reading) -> None:
    """See that a complete package can be made of a definition.

    Raises:
        BadInputs: something would be missing in it, or wrong.
    """
    reading.document.refuse(problems(reading))


def _unread_parts(definition: JSONObject) -> Iterator[Problem]:
    """What the definition says and the generator does not read."""
    for operation in operations(definition):
        yield from _other_server(definition, operation)
        yield from _computed_credentials(definition, operation)


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


def _lost_in_reading(reading: Reading) -> Iterator[Problem]:
    """What the generator has left out without a word, or would write wrongly."""
    endpoints = {endpoint.name: endpoint for endpoint in reading.endpoints}
    for operation in operations(reading.definition):
        endpoint = endpoints.get(name_of(operation))
        if endpoint is None:
            message = "the operation has not been read; the client lacks it"
            yield Problem("operation/lost", operation.node.pointer, message)
            continue
        read = _parts(endpoint)
        for part, pointer in _parts_wanted(reading.definition, operation).items():
            if part not in read:
                message = f"the {part} has not been read; the client lacks it"
                yield Problem("part/lost", pointer, message)
    yield from _misnamed_classes(reading.parsed)
    for method in Methods(reading, first_address(reading.definition) or "").methods:
        yield from method.lost


def _parts_wanted(definition: JSONObject, operation: Operation) -> dict[str, str]:
    """What there is of an operation in the definition, in words, with its pointer."""
    wanted = {
        f"{location} parameter {name!r}": node.pointer
        for (name, location), node in parameters(definition, operation).items()
    }
    responses = [node for node in children(operation.node) if node.kind == "response"]
    wanted |= {f"response {node.key}": node.pointer for node in responses}
    body = f"{operation.node.pointer}/requestBody"
    return wanted | ({"body": body} if object_at(definition, f"{body}/content") else {})


def _parts(endpoint: Endpoint) -> set[str]:
    """What the generator has read of an operation, in the same words."""
    read = {
        f"{location.value} parameter {each.name.get_untrusted_value()!r}"
        for location, each in endpoint.iter_all_parameters()
    }
    read |= {f"response {each.status_code.pattern}" for each in endpoint.responses}
    return read | ({"body"} if endpoint.bodies else set())


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
