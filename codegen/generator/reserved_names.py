"""Names that generated modules need for themselves.

openapi-python-client protects Python's own words; it cannot know what our templates define.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from openapi_python_client.schema import UntrustedString

from codegen.generator.python import fields_of
from codegen.openapi.names import FIELD_NAMES, PARAMETER_NAMES

if TYPE_CHECKING:
    from collections.abc import Collection

    from openapi_python_client.config import Config
    from openapi_python_client.parser import GeneratorData
    from openapi_python_client.parser.openapi import Endpoint
    from openapi_python_client.parser.properties import Property


def rename_reserved_names(parsed: GeneratorData, config: Config) -> None:
    """Give fields and parameters that would hide what their module needs another name, in place.

    Only the Python name changes; what is sent and received keeps its own.
    """
    for model in parsed.models:
        _rename(fields_of(model), FIELD_NAMES, "_field", config)
    classes = {made.class_info.name for made in (*parsed.models, *parsed.enums)}
    for collection in parsed.endpoint_collections_by_tag.values():
        for endpoint in collection.endpoints:
            _rename_parameters(endpoint, PARAMETER_NAMES | classes, config)


def _rename_parameters(endpoint: Endpoint, reserved: Collection[str], config: Config) -> None:
    before = [str(parameter.python_name) for parameter in endpoint.path_parameters]
    parameters = [parameter for _, parameter in endpoint.iter_all_parameters()]
    _rename(parameters, reserved, "_parameter", config)
    # By now the path has the Python names of its parameters.
    path = endpoint.path.get_untrusted_value()
    for name, parameter in zip(before, endpoint.path_parameters, strict=True):
        path = path.replace(f"{{{name}}}", f"{{{parameter.python_name}}}")
    endpoint.path = UntrustedString(path)


def _rename(
    properties: Collection[Property], reserved: Collection[str], suffix: str, config: Config
) -> None:
    taken = {*reserved, *(str(prop.python_name) for prop in properties)}
    for prop in properties:
        if prop.python_name in reserved:
            name = str(prop.python_name)
            while name in taken:
                name += suffix
            prop.set_python_name(UntrustedString(name), config=config, skip_snake_case=True)
            taken.add(name)
