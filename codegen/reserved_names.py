"""Names that generated modules need for themselves.

openapi-python-client protects Python's own words; it cannot know what our templates define.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from openapi_python_client.schema import UntrustedString

if TYPE_CHECKING:
    from collections.abc import Iterable

    from openapi_python_client.config import Config
    from openapi_python_client.parser.properties import ModelProperty

FIELD_NAMES = frozenset({"additional_properties", "from_dict", "to_dict", "to_multipart"})
"""A model's own attributes; a field of such a name gets ``_field`` behind it."""

CLASS_NAMES = frozenset(
    {
        *("Any", "BytesIO", "Factory", "Iterator", "Literal", "Mapping", "MutableMapping", "Self"),
        *("Client", "File", "FileTypes", "OpenIntEnum", "OpenStrEnum", "Response", "Unset"),
        *("UNSET", "UUID"),
    }
)
"""What generated modules import; a schema of such a name would take its place."""


def rename_reserved_fields(models: Iterable[ModelProperty], config: Config) -> None:
    """Give fields that would hide a model's own attributes another Python name, in place."""
    for model in models:
        for prop in (*(model.required_properties or ()), *(model.optional_properties or ())):
            if prop.python_name in FIELD_NAMES:
                prop.set_python_name(UntrustedString(f"{prop.python_name}_field"), config=config)
