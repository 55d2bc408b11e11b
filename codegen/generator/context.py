"""What the templates see besides what openapi-python-client gives them."""

from __future__ import annotations

import html
from collections import ChainMap
from functools import partial
from typing import TYPE_CHECKING

from openapi_python_client.parser.bodies import BodyType
from openapi_python_client.parser.properties import EnumProperty, ModelProperty
from openapi_python_client.parser.properties.int import IntProperty
from openapi_python_client.parser.properties.string import StringProperty

from codegen.files.values import pointer_to
from codegen.generator import endpoints, python
from codegen.openapi.access import credentials, server
from codegen.openapi.discriminators import choices
from codegen.openapi.references import SCHEMAS, object_at

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from openapi_python_client.parser.openapi import Endpoint, EndpointCollection
    from openapi_python_client.parser.properties import LiteralEnumProperty, Property

    from codegen.files.values import JSONObject
    from codegen.generator.reading import Reading
    from codegen.providers.payloads import Payload
    from codegen.providers.provider import Provider

_OPENING = frozenset(
    {
        *("additionalProperties", "allOf", "anyOf", "oneOf", "patternProperties", "$ref"),
        "unevaluatedProperties",
    }
)
"""What lets an object have fields besides those in its ``properties``."""


def template_context(
    provider: Provider, reading: Reading, payloads: Sequence[Payload], repository: str | None
) -> dict[str, object]:
    """The templates' additional globals, given the address of the repository if it has one."""
    definition, openapi = reading.definition, reading.parsed
    listed = classes_with_listed_fields(definition)
    decode = python.Decoder(openapi.models, choices(definition), listed)
    described = endpoints.Operations(definition)
    example = _example_operation(reading.endpoints, payloads)
    return {
        "provider": provider,
        "command": generation_command(provider),
        "example_arguments": tuple(_example_arguments(example, payloads)),
        "package_summary": f"Exact types and a client for {provider.title}.",
        "repository": repository,
        "credentials": credentials(definition),
        "sends_files": any(
            body.body_type in {BodyType.FILES, BodyType.CONTENT}
            for endpoint in reading.endpoints
            for body in endpoint.bodies
        ),
        "server": server(definition, provider.server_url),
        "operations": [(endpoint.tags[0], endpoint) for endpoint in reading.endpoints],
        "example_operation": (example.tags[0], example),
        "example_answer": _example_answer(example),
        "accepted_types": described.accepted,
        "annotation": python.type_of,
        "body_type": endpoints.body_type,
        "declaration": python.declaration,
        "decode": decode,
        "encode": python.encode,
        "error_reader": partial(endpoints.error_reader, decode),
        "header_value": endpoints.header_value,
        "import_lines": _import_lines(openapi.enums),
        "is_nullable": python.is_nullable,
        "members_name": python.members_name,
        "never_null_properties": _never_null,
        "outcomes": endpoints.outcomes,
        "path_expression": endpoints.path_expression,
        "query_value": described.query_value,
        "read": partial(endpoints.read, decode),
        "success_readers": partial(endpoints.success_readers, decode),
        "endpoint_description": described.description,
        "endpoint_path": described.path,
        "endpoint_summary": described.summary,
        "enum_description": partial(_class_description, definition),
        "field_description": partial(_field_description, definition),
        "model_description": partial(_class_description, definition),
        "parameter_description": described.parameter_description,
        "tag_summary": _tag_summary,
    }


def generation_command(provider: Provider) -> str:
    """The command that writes a provider's distribution, as generated files name it."""
    return f"python -m codegen generate {provider.name}"


def in_table(text: str) -> str:
    """Text for one cell of a Markdown table."""
    return html.escape(" ".join(text.split()), quote=False).replace("|", "\\|")


# The README's example.


def _example_operation(described: Sequence[Endpoint], payloads: Sequence[Payload]) -> Endpoint:
    """The first operation that needs nothing but what is in its path, or else the first.

    One with a documented answer comes before all others, as the sandbox can play it.
    """
    answered = {payload.operation for payload in payloads if payload.status in endpoints.SUCCESS}
    simple = [endpoint for endpoint in described if _is_simple(endpoint)]
    return min(simple or described, key=lambda endpoint: endpoint.name not in answered)


def _is_simple(endpoint: Endpoint) -> bool:
    return not endpoint.bodies and all(
        each in endpoint.path_parameters and isinstance(each, StringProperty | IntProperty)
        for _, each in endpoint.iter_all_parameters()
        if each.required
    )


def _example_arguments(endpoint: Endpoint, payloads: Sequence[Payload]) -> Iterator[str]:
    """The path parameters of the README's example, as Python: those of a payload that it answers.

    A parameter that no payload of the operation has takes its value from another's.
    """

    def is_another(payload: Payload) -> bool:
        return payload.operation != endpoint.name or payload.status not in endpoints.SUCCESS

    values = ChainMap(*(payload.request.path for payload in sorted(payloads, key=is_another)))
    for parameter in endpoint.path_parameters:
        value = values.get(parameter.name.get_untrusted_value(), "…")
        if isinstance(parameter, IntProperty):
            yield str(int(value)) if value.isdecimal() else "1"
        else:
            yield python.literal(value)


def _example_answer(endpoint: Endpoint) -> str:
    """What the example prints: the data in an envelope, or all that was answered."""
    successes = endpoints.outcomes(endpoint).successes
    model = successes[0].prop if successes else None
    fields = python.fields_of(model) if isinstance(model, ModelProperty) else []
    return "answer.data" if any(field.python_name == "data" for field in fields) else "answer"


# Classes and their fields.


def classes_with_listed_fields(definition: JSONObject) -> frozenset[str]:
    """The components that say nothing of fields beyond those they list, or forbid them.

    JSON Schema allows such fields in most of them. But what nobody mentions is a surprise, and no
    way to tell one shape from another.
    """
    return frozenset(
        name
        for name, schema in object_at(definition, SCHEMAS).items()
        if isinstance(schema, dict)
        and schema.get("properties")
        and all(schema.get(keyword, False) is False for keyword in _OPENING)
    )


def _class_description(definition: JSONObject, made: ModelProperty | EnumProperty) -> str:
    text = _description(definition, made, made.class_info.name)
    return text or f"A ``{made.class_info.name}`` as the provider sends it."


def _field_description(definition: JSONObject, model: ModelProperty, prop: Property) -> str | None:
    """What the definition says of a field, also where that refers to a component."""
    name = prop.name.get_untrusted_value()
    return _description(definition, prop, model.class_info.name, "properties", name)


def _description(definition: JSONObject, prop: Property, *place: str) -> str | None:
    """What stands at a place below the schemas, or else what the generator has read."""
    text = object_at(definition, SCHEMAS + pointer_to(*place)).get("description")
    if not text and prop.description:
        text = prop.description.get_untrusted_value()
    return str(text) if text else None


def _never_null(model: ModelProperty) -> list[Property]:
    """The properties that may be absent and may not be null."""
    return [prop for prop in model.optional_properties or () if not python.is_nullable(prop)]


def _import_lines(enumerations: Iterable[EnumProperty | LiteralEnumProperty]) -> dict[str, str]:
    """The generator's lines that import an enumeration, with its members by value, too."""
    return {
        line: f"{line}, {python.members_name(each)}"
        for each in enumerations
        if isinstance(each, EnumProperty)
        for prefix in ("..", "...")  # from models and from operations
        for line in each.get_imports(prefix=prefix)
    }


def _tag_summary(collection: EndpointCollection) -> str:
    return f"The operations on {str(collection.tag).replace('_', ' ')}, one module each."
