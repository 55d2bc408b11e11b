"""What the templates see besides what openapi-python-client gives them."""

from __future__ import annotations

import html
from functools import partial
from typing import TYPE_CHECKING

from openapi_python_client.parser.bodies import BodyType
from openapi_python_client.parser.properties import ModelProperty
from openapi_python_client.parser.properties.int import IntProperty
from openapi_python_client.parser.properties.string import StringProperty
from openapi_python_client.strings import in_double_quote_literal

from codegen.generator.accepted_types import AcceptedTypes
from codegen.generator.descriptions import Descriptions
from codegen.generator.endpoints import (
    body_type,
    error_reader,
    header_value,
    outcomes,
    path_expression,
    query_value,
    read,
    success_readers,
)
from codegen.generator.expressions import (
    Decoder,
    annotation,
    declaration,
    encode,
    is_nullable,
    members_name,
    never_null_properties,
)
from codegen.generator.imports import import_lines
from codegen.generator.joined_lists import JoinedLists
from codegen.generator.open_objects import classes_with_listed_fields
from codegen.openapi.access import credentials, server
from codegen.openapi.components import choices
from codegen.providers.payloads import read_payloads
from codegen.providers.versions import repository_url

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from openapi_python_client.parser import GeneratorData
    from openapi_python_client.parser.openapi import Endpoint, EndpointCollection
    from openapi_python_client.parser.properties import Property

    from codegen.files.values import JSONObject
    from codegen.providers.payloads import Payload
    from codegen.providers.provider import Provider


def template_context(
    provider: Provider, definition: JSONObject, openapi: GeneratorData
) -> dict[str, object]:
    """The templates' additional globals for one provider.

    Args:
        provider: Whose distribution is made.
        definition: The patched definition, its schemas hoisted.
        openapi: What openapi-python-client read in that definition.
    """
    descriptions = Descriptions(definition)
    decode = Decoder(openapi.models, choices(definition), classes_with_listed_fields(definition))
    payloads = read_payloads(provider)
    example = _example_operation(openapi, payloads)
    return {
        "provider": provider,
        "command": generation_command(provider),
        "example_arguments": _example_arguments(example[1], payloads),
        "package_summary": f"Exact types and a client for {provider.title}.",
        "repository": _repository(provider.root / "pyproject.toml"),
        "credentials": credentials(definition),
        "sends_files": _sends_files(openapi),
        "server": server(definition, provider.server_url),
        "operations": list(_operations_in_order(openapi)),
        "example_operation": example,
        "example_answer": _example_answer(example[1]),
        "accepted_types": AcceptedTypes(definition).of_endpoint,
        "annotation": annotation,
        "body_type": body_type,
        "declaration": declaration,
        "decode": decode,
        "encode": encode,
        "error_reader": partial(error_reader, decode),
        "header_value": header_value,
        "import_line": import_lines(openapi.enums),
        "is_nullable": is_nullable,
        "members_name": members_name,
        "never_null_properties": never_null_properties,
        "outcomes": outcomes,
        "path_expression": path_expression,
        "query_value": partial(query_value, JoinedLists(definition)),
        "read": partial(read, decode),
        "success_readers": partial(success_readers, decode),
        "endpoint_description": descriptions.of_endpoint,
        "endpoint_path": descriptions.path,
        "endpoint_summary": descriptions.summary,
        "enum_description": descriptions.of_class,
        "field_description": descriptions.of_field,
        "model_description": descriptions.of_class,
        "parameter_description": descriptions.of_parameter,
        "tag_summary": _tag_summary,
    }


def _example_arguments(endpoint: Endpoint, payloads: Sequence[Payload]) -> tuple[str, ...]:
    """The path parameters of the README's example, as Python: those of a payload that it answers.

    A parameter that no payload of the operation has takes its value from another's.
    """
    own = [it for it in payloads if it.operation == endpoint.name and _is_success(it)]
    others = [it for it in payloads if it not in own]
    values = {
        name: value
        for payload in reversed([*own, *others])
        for name, value in payload.request.path.items()
    }
    return tuple(_literal(it, values) for it in endpoint.path_parameters)


def _literal(parameter: Property, values: Mapping[str, str]) -> str:
    value = values.get(parameter.name.get_untrusted_value())
    if isinstance(parameter, IntProperty):
        return str(int(value)) if value is not None and value.isdecimal() else "1"
    return f'"{in_double_quote_literal("…" if value is None else value)}"'


def _is_success(payload: Payload) -> bool:
    return 200 <= payload.status < 300  # noqa: PLR2004 - a success


def _repository(project: Path) -> str | None:
    return repository_url(project.read_bytes(), project) if project.exists() else None


def generation_command(provider: Provider) -> str:
    """The command that writes a provider's distribution, as generated files name it."""
    return f"python -m codegen generate {provider.name}"


def _operations_in_order(openapi: GeneratorData) -> Iterator[tuple[str, Endpoint]]:
    for tag, collection in openapi.endpoint_collections_by_tag.items():
        for endpoint in collection.endpoints:
            yield tag, endpoint


def _sends_files(openapi: GeneratorData) -> bool:
    return any(
        body.body_type in {BodyType.FILES, BodyType.CONTENT}
        for _, endpoint in _operations_in_order(openapi)
        for body in endpoint.bodies
    )


def _example_operation(openapi: GeneratorData, payloads: Sequence[Payload]) -> tuple[str, Endpoint]:
    """The first operation that needs nothing but what is in its path, or else the first.

    One with a documented answer comes before all others, as the sandbox can play it.
    """
    found = list(_operations_in_order(openapi))
    answered = {it.operation for it in payloads if _is_success(it)}
    simple = [
        (tag, endpoint)
        for tag, endpoint in found
        if not endpoint.bodies
        and all(
            isinstance(it, StringProperty | IntProperty)
            if it in endpoint.path_parameters
            else not it.required
            for _, it in endpoint.iter_all_parameters()
        )
    ]
    return min(simple or found, key=lambda it: it[1].name not in answered)


def _example_answer(endpoint: Endpoint) -> str:
    """What the example prints: the data in an envelope, or all that was answered."""
    success = next(iter(outcomes(endpoint).successes), None)
    model = success.prop if success is not None else None
    fields = model.optional_properties if isinstance(model, ModelProperty) else None
    required = model.required_properties if isinstance(model, ModelProperty) else None
    names = {str(it.python_name) for it in (*(fields or ()), *(required or ()))}
    return "answer.data" if "data" in names else "answer"


def in_table(text: str) -> str:
    """Text for one cell of a Markdown table."""
    return html.escape(" ".join(text.split()), quote=False).replace("|", "\\|")


def _tag_summary(collection: EndpointCollection) -> str:
    return f"The operations on {str(collection.tag).replace('_', ' ')}, one module each."
