"""Which objects the definition leaves open to fields that it does not list."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from codegen.files.values import JSONObject

_OPENING = frozenset(
    {
        *("additionalProperties", "allOf", "anyOf", "oneOf", "patternProperties", "$ref"),
        "unevaluatedProperties",
    }
)


def classes_with_listed_fields(definition: JSONObject) -> frozenset[str]:
    """The components that say nothing of fields beyond those they list, or forbid them.

    JSON Schema allows such fields in most of them. But what nobody mentions is a surprise, and no
    way to tell one shape from another.
    """
    components = cast("JSONObject", definition.get("components", {}))
    schemas = cast("dict[str, JSONObject | bool]", components.get("schemas", {}))
    return frozenset(
        name
        for name, schema in schemas.items()
        if isinstance(schema, dict)
        and schema.get("properties")
        and not any(schema.get(keyword, False) is not False for keyword in _OPENING)
    )
