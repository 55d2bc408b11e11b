"""Any two definitions, brought into the form in which they are compared."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from codegen.definition import copy_of, definition_data, normalise, read_definition
from codegen.errors import BadInputs
from codegen.hoist import hoist
from codegen.openapi import root, walk
from codegen.overlay import apply, read_overlay
from codegen.validation import validate_definition

if TYPE_CHECKING:
    from pathlib import Path

    from codegen.document import Document
    from codegen.openapi import JSONObject


def read_both(old: Path, new: Path, overlay: Path | None) -> tuple[JSONObject, JSONObject]:
    """Two definitions as patched definitions.

    Where the titles of one are no names for classes, the titles of both are left out, and classes
    are named by their places.

    Args:
        old: OpenAPI 3.0 or 3.1, as YAML or JSON.
        new: The same.
        overlay: Applied to both.

    Raises:
        BadInputError: one of the files cannot be used, or the overlay does not apply to it.
        BadInputs: the same, several times.
    """
    documents = [_read(path, overlay) for path in (old, new)]
    try:
        hoisted = [hoist(document) for document in documents]
    except BadInputs:
        hoisted = [hoist(_without_titles(document)) for document in documents]
    before, after = (definition_data(document) for document in hoisted)
    return before, after


def _read(path: Path, overlay: Path | None) -> Document:
    document = read_definition(path)
    if overlay is not None:
        actions = read_overlay(overlay).actions
        document = replace(document, data=apply(document.data, actions))
    validate_definition(document)
    return normalise(document)


def _without_titles(document: Document) -> Document:
    data = copy_of(definition_data(document))
    for node in walk(root(data)):
        if node.kind == "schema" and isinstance(node.value.get("title"), str):
            del node.value["title"]
    return replace(document, data=data)
