"""What the templates see besides what openapi-python-client gives them."""

from __future__ import annotations

import html
from collections import ChainMap
from functools import partial
from typing import TYPE_CHECKING

from openapi_python_client.parser.bodies import BodyType
from openapi_python_client.parser.properties.int import IntProperty
from openapi_python_client.parser.properties.string import StringProperty
from openapi_python_client.strings import in_double_quote_literal

from codegen.generator import classes, python
from codegen.generator.docstrings import docstring, one_line
from codegen.generator.webhooks import webhooks_of
from codegen.openapi.access import server_address
from codegen.openapi.client_facts import client_facts
from codegen.openapi.discriminators import choices
from codegen.openapi.media_types import kind_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from codegen.generator.clients import Client
    from codegen.generator.methods import Method
    from codegen.generator.reading import Reading
    from codegen.providers.payloads import Payload
    from codegen.providers.provider import Provider


def template_context(
    provider: Provider, reading: Reading, client: Client, payloads: Sequence[Payload]
) -> dict[str, object]:
    """The templates' additional globals, but for what is of the repository."""
    definition, openapi = reading.definition, reading.parsed
    listed = classes.classes_with_listed_fields(definition)
    imports = classes.import_lines(openapi.enums)
    example = _example(client.all_methods.methods, payloads)
    made = [each.class_info for each in (*openapi.models, *openapi.enums)]
    return {
        "provider": provider,
        "client": client,
        "command": generation_command(provider),
        "example": example,
        "example_arguments": list(_example_arguments(example, payloads)) if example else [],
        "package_summary": f"Exact types and a client for {provider.title}.",
        "address": server_address(definition, provider.server_url),
        "sends_files": any(
            body.body_type in {BodyType.FILES, BodyType.CONTENT}
            for endpoint in reading.endpoints
            for body in endpoint.bodies
        ),
        "class_description": partial(classes.class_description, definition),
        "downloads": client_facts(definition).downloads,
        "decode": python.Decoder(choices(definition), listed),
        "field_description": partial(classes.field_description, definition),
        "is_secret": partial(classes.is_secret, definition),
        "import_lines": imports,
        "kind_of": kind_of,
        "modules": {
            str(each.name): f".{each.module_name}"
            for each in sorted(made, key=lambda each: each.name.lower())
        },
        "first_modules": classes.deepest_first(
            {
                str(each.class_info.module_name): [
                    line.split(" import ")[0].rpartition(".")[2]
                    for line in sorted(each.lazy_imports or ())
                ]
                for each in openapi.models
            }
        ),
        "model_imports": partial(_model_imports, imports),
        "python": python,
        "never_null_properties": classes.never_null,
        "webhooks": webhooks_of(reading),
    }


def generation_command(provider: Provider) -> str:
    """The command that writes a provider's distribution, as generated files name it."""
    return f"python -m codegen generate {provider.name}"


def in_table(text: str) -> str:
    """Text for one cell of a Markdown table."""
    return html.escape(one_line(text), quote=False).replace("|", "\\|")


FILTERS: dict[str, Callable[..., object]] = {
    "docstring": docstring,
    "in_double_quote_literal": in_double_quote_literal,
    "in_table": in_table,
}
"""The templates' additional filters."""


def _model_imports(enumerations: Mapping[str, str], method: Method) -> list[str]:
    """The lines with which an operation's module imports classes."""
    lines = set(method.endpoint.relative_imports)
    for parameter in method.parameters:
        if parameter.location == "body":
            lines |= parameter.prop.get_imports(prefix="...")
            lines |= parameter.prop.get_lazy_imports(prefix="...")
    found = [enumerations.get(line, line) for line in sorted(lines) if ".models." in line]
    return [line.replace("from ...models.", "from ..models.") for line in found]


# The README's example.


def _example(described: Sequence[Method], payloads: Sequence[Payload]) -> Method | None:
    """The first operation that needs nothing but what is in its path, or else the first.

    One with a documented answer comes before all others, as the sandbox can play it. There is none
    where a provider only sends what happens.
    """
    answered = {payload.operation for payload in payloads if payload.is_success}
    simple = [method for method in described if _is_simple(method)]
    found = simple or described
    return min(found, key=lambda method: method.operation not in answered, default=None)


def _is_simple(method: Method) -> bool:
    return not method.bodies and all(
        each.location == "path" and isinstance(each.prop, StringProperty | IntProperty)
        for each in method.parameters
        if each.is_given and each.prop.required
    )


def _example_arguments(method: Method, payloads: Sequence[Payload]) -> Iterator[str]:
    """The path parameters of the README's example, as Python: those of a payload that it answers.

    A parameter that no payload of the operation has takes its value from another's.
    """

    def is_another(payload: Payload) -> bool:
        return payload.operation != method.operation or not payload.is_success

    values = ChainMap(*(payload.request.path for payload in sorted(payloads, key=is_another)))
    for parameter in method.parameters:
        if parameter.is_given and parameter.location == "path":
            value = values.get(parameter.sent_as, "…")
            if isinstance(parameter.prop, IntProperty):
                yield str(int(value)) if value.isdecimal() else "1"
            else:
                yield python.literal(value)
