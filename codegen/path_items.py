"""Path items by reference, put in place, so that operations are found under ``paths``."""

from __future__ import annotations

import contextlib
from typing import cast

from codegen.document import JSON, lookup
from codegen.openapi import JSONObject, reference_pointer


def with_path_items_in_place(definition: JSONObject) -> JSONObject:
    """The definition with each ``$ref`` of a path item replaced by what it leads to.

    What stands beside the ``$ref`` goes before. A reference that leads nowhere stays.
    """
    paths = cast("JSONObject", definition["paths"])
    found = {
        path: _followed(definition, item)
        for path, item in paths.items()
        if isinstance(item, dict) and "$ref" in item and not path.startswith("x-")
    }
    changed = {path: item for path, item in found.items() if item is not None}
    return {**definition, "paths": {**paths, **changed}} if changed else definition


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
