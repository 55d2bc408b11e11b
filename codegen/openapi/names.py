"""Names in generated packages, by the generator's own rules, and those that are taken."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openapi_python_client.parser.openapi import Endpoint, generate_operation_id
from openapi_python_client.schema.untrusted_string import UntrustedString
from openapi_python_client.strings import ClassName, PythonIdentifier

if TYPE_CHECKING:
    from codegen.openapi.grammar import Operation

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


CLASS_NAMES = frozenset({
    "Any", "BytesIO", "Callable", "Client", "Factory", "File", "FileTypes", "Final", "Iterator",
    "Literal", "Mapping", "Members", "MutableMapping", "OpenIntEnum", "OpenStrEnum", "PATH",
    "Response", "SUCCESSES", "Self", "UNSET", "UUID", "Unset",
})  # fmt: skip
"""What generated modules import or define; a schema of such a name would take its place."""

FIELD_NAMES = frozenset({
    "Any", "Factory", "UNSET", "additional_properties", "from_dict", "to_dict", "to_multipart",
})  # fmt: skip
"""What the body of a model's class defines or reads; a field of such a name gets ``_field``."""

PARAMETER_NAMES = frozenset({
    "Any", "BytesIO", "Callable", "Client", "File", "FileTypes", "Literal", "PATH", "Response",
    "SUCCESSES", "UNSET", "UUID", "Unset", "array", "asyncio", "asyncio_detailed", "body",
    "build_request", "client", "comma_separated", "cookie_header", "datetime", "decode_json",
    "documented_error", "first_that_fits", "format_datetime", "httpx", "integer", "is_array",
    "is_number", "is_object", "orjson", "parse_date", "parse_datetime", "parse_uuid",
    "path_segment", "query_values", "response", "sync", "sync_detailed", "unexpected_status",
})  # fmt: skip
"""What an operation's module defines or imports; a parameter of such a name gets ``_parameter``."""


def is_class_name(name: str) -> bool:
    """Whether the generator gives a class this very name, which the client does not need."""
    return ClassName(name, "Model") == name and name not in CLASS_NAMES


def module_of_class(name: str) -> str:
    """The name of the module that a class is written to, without regard to case."""
    return PythonIdentifier(ClassName(name, "Model"), "model_").casefold()
