"""Any two definitions, brought into the form in which they are compared."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from codegen.files.errors import BadInputs
from codegen.files.values import copy_of
from codegen.openapi.components import hoist, map_discriminators
from codegen.openapi.definition import definition_data, normalise, read_definition
from codegen.openapi.grammar import root, walk
from codegen.openapi.order import in_order_of
from codegen.openapi.validation import validate_definition
from codegen.overlay import apply, read_overlay

if TYPE_CHECKING:
    from pathlib import Path

    from codegen.files.document import Document
    from codegen.files.values import JSONObject


def read_both(old: Path, new: Path, overlay: Path | None) -> tuple[JSONObject, JSONObject]:
    """Two definitions as patched definitions.

    Where order means nothing, the new one is put in the order of the old one. Where the titles of
    one are no names for classes, the titles of both are left out, and classes are named by their
    places.

    Args:
        old: OpenAPI 3.0 or 3.1, as YAML or JSON.
        new: The same.
        overlay: Applied to both.

    Raises:
        BadInputError: one of the files cannot be used, or the overlay does not apply to it.
        BadInputs: the same, several times.
    """
    before, after = read_definition(old), read_definition(new)
    if overlay is None:
        for document in (before, after):
            validate_definition(document)
    after = replace(after, data=in_order_of(after.data, before.data))
    documents = [normalise(_patched(document, overlay)) for document in (before, after)]
    for document in documents:
        map_discriminators(definition_data(document))  # as packages are made
    try:
        hoisted = [hoist(document) for document in documents]
    except BadInputs:
        hoisted = [hoist(_without_titles(document)) for document in documents]
    return definition_data(hoisted[0]), definition_data(hoisted[1])


def _patched(document: Document, overlay: Path | None) -> Document:
    if overlay is None:
        return document
    patched = replace(document, data=apply(document.data, read_overlay(overlay).actions))
    validate_definition(patched)
    return patched


def _without_titles(document: Document) -> Document:
    data = copy_of(definition_data(document))
    for node in walk(root(data)):
        if node.kind == "schema" and isinstance(node.value.get("title"), str):
            del node.value["title"]
    return replace(document, data=data)
