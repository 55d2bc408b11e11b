"""From OpenAPI 3.0 to 3.1, whose schemas are plain JSON Schema, which validators understand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codegen.openapi.grammar import root, walk

if TYPE_CHECKING:
    from codegen.files.values import JSON, JSONObject


def upgrade(definition: JSONObject) -> None:
    """Rewrite an OpenAPI 3.0 definition as 3.1, in place.

    ``nullable`` beside ``allOf``, ``anyOf`` or ``oneOf`` permits null, as the definitions that
    have it mean, although 3.0.3 gives it no effect there.
    """
    for node in list(walk(root(definition))):
        if node.kind == "schema" and "$ref" not in node.value:
            _make_bound_exclusive(node.value, "minimum", "exclusiveMinimum")
            _make_bound_exclusive(node.value, "maximum", "exclusiveMaximum")
            if node.value.pop("nullable", False) is True:
                _permit_null(node.value)
    definition["openapi"] = "3.1.0"


def _make_bound_exclusive(schema: JSONObject, bound: str, exclusive: str) -> None:
    is_exclusive = schema.get(exclusive)
    if isinstance(is_exclusive, bool):
        del schema[exclusive]
        if is_exclusive and bound in schema:
            schema[exclusive] = schema.pop(bound)


def _permit_null(schema: JSONObject) -> None:
    null: JSON = {"type": "null"}
    if isinstance(schema.get("type"), str):
        schema["type"] = [schema["type"], "null"]
        return
    for choice in ("oneOf", "anyOf"):
        alternatives = schema.get(choice)
        if isinstance(alternatives, list):
            alternatives.append(null)
            return
    if "allOf" in schema:
        schema["oneOf"] = [{"allOf": schema.pop("allOf")}, null]
