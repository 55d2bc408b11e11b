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
from openapi_python_client.strings import in_double_quote_literal

from codegen.files.values import pointer_to
from codegen.generator.endpoints import (
    Operations,
    body_type,
    error_reader,
    header_value,
    outcomes,
    path_expression,
    read,
    success_readers,
)
from codegen.generator.python import (
    Decoder,
    declaration,
    encode,
    fields_of,
    is_nullable,
    members_name,
    type_of,
)
from codegen.openapi.access import credentials, server
from codegen.openapi.components import choices
from codegen.openapi.references import object_at

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from openapi_python_client.parser.openapi import Endpoint, EndpointCollection
    from openapi_python_client.parser.properties import LiteralEnumProperty, Property

    from codegen.files.values import JSONObject
    from codegen.generator.reading import Reading
    from codegen.providers.payloads import Payload
    from codegen.providers.provider import Provider

_SCHEMAS = "/components/schemas"
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
    """The templates' additional globals for one provider.

    Args:
        provider: Whose distribution is made.
        reading: Of its patched definition.
        payloads: The provider's documented payloads.
        repository: The address of the repository.
    """
    definition, openapi = reading.definition, reading.parsed
    decode = Decoder(openapi.models, choices(definition), classes_with_listed_fields(definition))
    described = Operations(definition)
    example = _example_operation(reading.endpoints, payloads)
    return {
        "provider": provider,
        "command": generation_command(provider),
        "example_arguments": _example_arguments(example, payloads),
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
        "annotation": type_of,
        "body_type": body_type,
        "declaration": declaration,
        "decode": decode,
        "encode": encode,
        "error_reader": partial(error_reader, decode),
        "header_value": header_value,
        "import_lines": _import_lines(openapi.enums),
        "is_nullable": is_nullable,
        "members_name": members_name,
        "never_null_properties": _never_null,
        "outcomes": outcomes,
        "path_expression": path_expression,
        "query_value": described.query_value,
        "read": partial(read, decode),
        "success_readers": partial(success_readers, decode),
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


def _example_operation(endpoints: Sequence[Endpoint], payloads: Sequence[Payload]) -> Endpoint:
    """The first operation that needs nothing but what is in its path, or else the first.

    One with a documented answer comes before all others, as the sandbox can play it.
    """
    answered = {payload.operation for payload in payloads if _is_success(payload)}
    simple = [endpoint for endpoint in endpoints if _is_simple(endpoint)]
    return min(simple or endpoints, key=lambda endpoint: endpoint.name not in answered)


def _is_simple(endpoint: Endpoint) -> bool:
    arguments = [each for _, each in endpoint.iter_all_parameters() if each.required]
    return not endpoint.bodies and all(
        each in endpoint.path_parameters and isinstance(each, StringProperty | IntProperty)
        for each in arguments
    )


def _is_success(payload: Payload) -> bool:
    return 200 <= payload.status < 300  # noqa: PLR2004 - a success


def _example_arguments(endpoint: Endpoint, payloads: Sequence[Payload]) -> tuple[str, ...]:
    """The path parameters of the README's example, as Python: those of a payload that it answers.

    A parameter that no payload of the operation has takes its value from another's.
    """

    def is_another(payload: Payload) -> bool:
        return payload.operation != endpoint.name or not _is_success(payload)

    values = ChainMap(*(payload.request.path for payload in sorted(payloads, key=is_another)))
    return tuple(_literal(parameter, values) for parameter in endpoint.path_parameters)


def _literal(parameter: Property, values: Mapping[str, str]) -> str:
    value = values.get(parameter.name.get_untrusted_value(), "…")
    if isinstance(parameter, IntProperty):
        return str(int(value)) if value.isdecimal() else "1"
    return f'"{in_double_quote_literal(value)}"'


def _example_answer(endpoint: Endpoint) -> str:
    """What the example prints: the data in an envelope, or all that was answered."""
    success = next(iter(outcomes(endpoint).successes), None)
    model = success.prop if success is not None else None
    fields = fields_of(model) if isinstance(model, ModelProperty) else ()
    return "answer.data" if "data" in {str(field.python_name) for field in fields} else "answer"


# Classes and their fields.


def classes_with_listed_fields(definition: JSONObject) -> frozenset[str]:
    """The components that say nothing of fields beyond those they list, or forbid them.

    JSON Schema allows such fields in most of them. But what nobody mentions is a surprise, and no
    way to tell one shape from another.
    """
    return frozenset(
        name
        for name, schema in object_at(definition, _SCHEMAS).items()
        if isinstance(schema, dict)
        and schema.get("properties")
        and all(schema.get(keyword, False) is False for keyword in _OPENING)
    )


def _pointer(made: ModelProperty | EnumProperty) -> str:
    return _SCHEMAS + pointer_to(made.class_info.name)


def _class_description(definition: JSONObject, made: ModelProperty | EnumProperty) -> str:
    described = made.description.get_untrusted_value() if made.description else None
    text = object_at(definition, _pointer(made)).get("description") or described
    return str(text or f"A ``{made.class_info.name}`` as the provider sends it.")


def _field_description(definition: JSONObject, model: ModelProperty, prop: Property) -> str | None:
    """What the definition says of a field, also where that refers to a component."""
    pointer = pointer_to("properties", prop.name.get_untrusted_value())
    text = object_at(definition, _pointer(model) + pointer).get("description")
    if not text and prop.description:
        text = prop.description.get_untrusted_value()
    return str(text) if text else None


def _never_null(model: ModelProperty) -> list[Property]:
    """The properties that may be absent and may not be null."""
    return [prop for prop in model.optional_properties or () if not is_nullable(prop)]


def _import_lines(enumerations: Iterable[EnumProperty | LiteralEnumProperty]) -> dict[str, str]:
    """The generator's lines that import an enumeration, with its members by value, too."""
    return {
        line: f"{line}, {members_name(each)}"
        for each in enumerations
        if isinstance(each, EnumProperty)
        for prefix in ("..", "...")  # from models and from operations
        for line in each.get_imports(prefix=prefix)
    }


def _tag_summary(collection: EndpointCollection) -> str:
    return f"The operations on {str(collection.tag).replace('_', ' ')}, one module each."
