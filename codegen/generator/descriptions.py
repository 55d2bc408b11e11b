"""The definition's texts, found by what openapi-python-client made of their owners.

The generator drops the descriptions of parameters and of fields that refer to a component. Texts
are returned as the definition has them: the templates escape them where they stand.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from codegen.openapi.grammar import operations, parameters, resolve
from codegen.openapi.names import module_of, module_of_endpoint

if TYPE_CHECKING:
    from collections.abc import Mapping

    from openapi_python_client.parser.openapi import Endpoint
    from openapi_python_client.parser.properties import EnumProperty, ModelProperty, Property

    from codegen.files.values import JSONObject


class Descriptions:
    """The texts of one patched definition whose schemas are hoisted."""

    def __init__(self, definition: JSONObject) -> None:
        components = cast("Mapping[str, Any]", definition.get("components", {}))
        self._schemas: Mapping[str, Mapping[str, Any]] = components.get("schemas", {})
        self._operations: dict[str, Mapping[str, Any]] = {}
        self._paths: dict[str, str] = {}
        self._parameters: dict[tuple[str, str, str], str] = {}
        for operation in operations(definition):
            value = operation.node.value
            module = module_of(operation)
            self._operations[module] = value
            self._paths[module] = operation.path
            for (name, location), node in parameters(definition, operation).items():
                parameter = resolve(definition, node)
                self._parameters[module, location, name] = _parameter_text(parameter)

    def of_class(self, model: ModelProperty | EnumProperty) -> str:
        """What a model or an enumeration is."""
        described = model.description.get_untrusted_value() if model.description else None
        schema = self._schemas.get(str(model.class_info.name), {})
        return str(
            schema.get("description")
            or described
            or f"A ``{model.class_info.name}`` as the provider sends it."
        )

    def of_field(self, model: ModelProperty, prop: Property) -> str | None:
        """What a field is; None when the definition says nothing of it."""
        schema = self._schemas.get(str(model.class_info.name), {})
        members: JSONObject = schema.get("properties", {})
        member = members.get(prop.name.get_untrusted_value())  # may be true
        if isinstance(member, dict) and member.get("description"):
            return str(member["description"])
        return prop.description.get_untrusted_value() if prop.description else None

    def of_endpoint(self, endpoint: Endpoint) -> str:
        """What an operation does, beyond its summary."""
        operation = self._operations[module_of_endpoint(endpoint)]
        return str(operation.get("description", "")) if operation.get("summary") else ""

    def path(self, endpoint: Endpoint) -> str:
        """The path as the definition writes it, before its parameters got Python names."""
        return self._paths[module_of_endpoint(endpoint)]

    def summary(self, endpoint: Endpoint) -> str:
        """What an operation does, in one sentence."""
        operation = self._operations[module_of_endpoint(endpoint)]
        summary = operation.get("summary") or operation.get("description")
        text = str(summary or f"{endpoint.method.upper()} {self.path(endpoint)}")
        return text if text.endswith(".") else f"{text}."

    def of_parameter(self, endpoint: Endpoint, parameter: Property) -> str:
        """What a parameter is, and which value the server takes when it is not given."""
        location = next(
            place for place, candidate in endpoint.iter_all_parameters() if candidate is parameter
        )
        return self._parameters[
            module_of_endpoint(endpoint), location.value, parameter.name.get_untrusted_value()
        ]


def _parameter_text(parameter: Mapping[str, Any]) -> str:
    schema: Mapping[str, Any] = parameter.get("schema", {})
    described = parameter.get("description") or schema.get("description")
    text = str(described or f"The {parameter['in']} parameter ``{parameter['name']}``").strip()
    text = text if text.endswith(".") else f"{text}."
    if "default" in schema:
        text += f" The server's default is {schema['default']!r}."
    return text
