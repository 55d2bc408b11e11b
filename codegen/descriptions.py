"""The definition's texts, found by what openapi-python-client made of their owners.

The generator drops the descriptions of parameters and of fields that refer to a component. Texts
are returned as the definition has them: the templates escape them where they stand.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from openapi_python_client.strings import PythonIdentifier

from codegen.openapi import JSONObject, operations, parameters, resolve

if TYPE_CHECKING:
    from collections.abc import Mapping

    from openapi_python_client.parser.openapi import Endpoint
    from openapi_python_client.parser.properties import EnumProperty, ModelProperty, Property


class Descriptions:
    """The texts of one patched definition whose schemas are hoisted."""

    def __init__(self, definition: JSONObject) -> None:
        components = cast("Mapping[str, Any]", definition.get("components", {}))
        self._schemas: Mapping[str, Mapping[str, Any]] = components.get("schemas", {})
        self._operations: dict[str, Mapping[str, Any]] = {}
        self._parameters: dict[tuple[str, str, str], str] = {}
        for operation in operations(definition):
            value = operation.node.value
            identifier = str(PythonIdentifier(str(value.get("operationId", "")), "field_"))
            self._operations[identifier] = value
            for (name, location), node in parameters(definition, operation).items():
                parameter = resolve(definition, node)
                self._parameters[identifier, location, name] = _parameter_text(parameter)

    def of_class(self, model: ModelProperty | EnumProperty) -> str:
        """What a model or an enumeration is."""
        described = model.description.get_untrusted_value() if model.description else None
        schema = self._schemas.get(str(model.class_info.name), {})
        return str(schema.get("description") or described or f"{model.class_info.name}.")

    def of_field(self, model: ModelProperty, prop: Property) -> str | None:
        """What a field is; None when the definition says nothing of it."""
        schema = self._schemas.get(str(model.class_info.name), {})
        described = (
            schema.get("properties", {}).get(prop.name.get_untrusted_value(), {}).get("description")
        )
        if described:
            return str(described)
        return prop.description.get_untrusted_value() if prop.description else None

    def of_endpoint(self, endpoint: Endpoint) -> str:
        """What an operation does, beyond its summary."""
        operation = self._operations.get(str(endpoint.name), {})
        return str(operation.get("description", "")) if operation.get("summary") else ""

    def summary(self, endpoint: Endpoint) -> str:
        """What an operation does, in one sentence."""
        operation = self._operations.get(str(endpoint.name), {})
        summary = operation.get("summary") or operation.get("description")
        text = str(summary or f"{endpoint.method.upper()} {endpoint.path.get_untrusted_value()}")
        return text if text.endswith(".") else f"{text}."

    def of_parameter(self, endpoint: Endpoint, parameter: Property) -> str:
        """What a parameter is, and which value the server takes when it is not given."""
        location = next(
            place for place, candidate in endpoint.iter_all_parameters() if candidate is parameter
        )
        return self._parameters[
            str(endpoint.name), location.value, parameter.name.get_untrusted_value()
        ]


def _parameter_text(parameter: Mapping[str, Any]) -> str:
    schema: Mapping[str, Any] = parameter.get("schema", {})
    described = parameter.get("description") or schema.get("description")
    text = str(described or f"The {parameter['in']} parameter ``{parameter['name']}``").strip()
    text = text if text.endswith(".") else f"{text}."
    if "default" in schema:
        text += f" The server's default is {schema['default']!r}."
    return text
