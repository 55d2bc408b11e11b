"""References to path items and security schemes, replaced by what they lead to."""

from __future__ import annotations

import contextlib
from typing import cast

from codegen.document import JSON, lookup
from codegen.openapi import JSONObject, reference_pointer


def with_path_items_in_place(definition: JSONObject) -> JSONObject:
    """The definition with each ``$ref`` of a path item replaced, so that operations are found.

    What stands beside the ``$ref`` goes before. A reference that leads nowhere stays.
    """
    paths = cast("JSONObject", definition["paths"])
    changed = _replaced(definition, paths)
    return {**definition, "paths": {**paths, **changed}} if changed else definition


def with_security_schemes_in_place(definition: JSONObject) -> JSONObject:
    """The definition with each ``$ref`` of a security scheme replaced, so that its type is known.

    What stands beside the ``$ref`` goes before. A reference that leads nowhere stays.
    """
    components = definition.get("components")
    if not isinstance(components, dict):  # as it has not been validated yet
        return definition
    schemes = components.get("securitySchemes")
    if not isinstance(schemes, dict):
        return definition
    changed = _replaced(definition, schemes)
    in_place: JSON = {**components, "securitySchemes": {**schemes, **changed}}
    return {**definition, "components": in_place} if changed else definition


def _replaced(definition: JSONObject, referring: JSONObject) -> JSONObject:
    found = {
        name: _followed(definition, value)
        for name, value in referring.items()
        if isinstance(value, dict) and "$ref" in value and not name.startswith("x-")
    }
    return {name: value for name, value in found.items() if value is not None}


def _followed(definition: JSONObject, item: JSONObject) -> JSON | None:
    value, seen = item, set[str]()
    with contextlib.suppress(KeyError):
        while isinstance(reference := value.get("$ref"), str) and reference not in seen:
            seen.add(reference)
            target = lookup(definition, reference_pointer(reference))
            if not isinstance(target, dict):
                return None
            value = {**target, **{key: it for key, it in value.items() if key != "$ref"}}
        return value if seen and "$ref" not in value else None
    return None
