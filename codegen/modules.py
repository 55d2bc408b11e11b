"""Which module of a package an operation is written to, by the generator's own rules."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openapi_python_client.parser.openapi import generate_operation_id
from openapi_python_client.schema.untrusted_string import UntrustedString
from openapi_python_client.strings import PythonIdentifier

if TYPE_CHECKING:
    from openapi_python_client.parser.openapi import Endpoint

    from codegen.openapi import Operation

FIELD_PREFIX = "field_"
"""What the generator puts before a name that is no Python identifier."""


def module_of(operation: Operation) -> str:
    """The file of an operation's functions in the package."""
    value = operation.node.value
    tags = value.get("tags")
    tag = str(tags[0]) if isinstance(tags, list) and tags else "default"
    identifier = value.get("operationId")
    name = (
        PythonIdentifier(identifier, FIELD_PREFIX)
        if isinstance(identifier, str)
        else generate_operation_id(
            path=UntrustedString(operation.path), method=operation.method, prefix=FIELD_PREFIX
        )
    )
    return f"api/{PythonIdentifier(tag, 'tag')}/{name}.py"


def module_of_endpoint(endpoint: Endpoint) -> str:
    """The same of an operation as the generator has read it."""
    return f"api/{endpoint.tags[0]}/{endpoint.name}.py"
