"""Path items by reference, put in place, so that operations are found under ``paths``."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, cast

from codegen.document import JSON, lookup
from codegen.openapi import JSONObject, path_items, reference_pointer

if TYPE_CHECKING:
    from codegen.openapi import Node


def with_path_items_in_place(definition: JSONObject) -> JSONObject:
    """The definition with each ``$ref`` of a path item replaced by what it leads to.

    What stands beside the ``$ref`` goes before. A reference that leads nowhere stays.
    """
    found = {str(item.key): _followed(definition, item) for item in path_items(definition)}
    changed = {path: item for path, item in found.items() if item is not None}
    if not changed:
        return definition
    paths = cast("JSONObject", definition["paths"])
    return {**definition, "paths": {**paths, **changed}}


def _followed(definition: JSONObject, item: Node) -> JSON | None:
    value, seen = item.value, set[str]()
    with contextlib.suppress(KeyError):
        while isinstance(reference := value.get("$ref"), str) and reference not in seen:
            seen.add(reference)
            target = lookup(definition, reference_pointer(reference))
            if not isinstance(target, dict):
                return None
            value = {**target, **{key: it for key, it in value.items() if key != "$ref"}}
        return value if seen and "$ref" not in value else None
    return None
