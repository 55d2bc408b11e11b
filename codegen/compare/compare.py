"""Two definitions, and the packages made of them: one list of what a user feels."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from codegen.compare.choices import choice_changes
from codegen.compare.classes import class_changes
from codegen.compare.comparison import Comparison, Severity
from codegen.compare.judgement import type_changes
from codegen.compare.operations import operation_changes
from codegen.compare.pairs import paired
from codegen.compare.schemas import written_changes
from codegen.compare.security import security_changes
from codegen.compare.unread import unread_changes
from codegen.files.errors import BadInputs
from codegen.files.values import copy_of
from codegen.openapi.definition import definition_data, read_definition
from codegen.openapi.grammar import root, walk
from codegen.openapi.order import in_order_of
from codegen.openapi.validation import validate_definition
from codegen.overlay import apply, read_overlay
from codegen.providers.patched import hoisted

if TYPE_CHECKING:
    from pathlib import Path

    from codegen.compare.surface import Side
    from codegen.files.document import Document

_RULES = (
    security_changes,
    type_changes,
    operation_changes,
    class_changes,
    choice_changes,
    written_changes,
)


def compare(old: Side, new: Side, *, package: str) -> Comparison:
    """List what changes for users between two patched definitions.

    Args:
        old: The definition that users have, and what the generator makes of it.
        new: The definition that they are to get, likewise.
        package: The name that Python imports.
    """
    pairing = paired(old, new, package)
    changes = dict.fromkeys(change for rule in _RULES for change in rule(pairing))
    changes |= dict.fromkeys(unread_changes(pairing, tuple(changes)))
    unread = {**old.surface.unread, **new.surface.unread}
    gravest_first = list(Severity)
    return Comparison(
        tuple(sorted(changes, key=lambda change: gravest_first.index(change.severity))),
        tuple(f"{pointer}: {reason}" for pointer, reason in unread.items()),
    )


def read_both(old: Path, new: Path, overlay: Path | None) -> tuple[Document, Document]:
    """Two definitions in the form in which they are compared.

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
            validate_definition(document)  # before a place that is wrong moves
    after = replace(after, data=in_order_of(after.data, before.data))
    documents = _patched(before, overlay), _patched(after, overlay)
    try:
        return hoisted(documents[0]), hoisted(documents[1])
    except BadInputs:
        return hoisted(_without_titles(documents[0])), hoisted(_without_titles(documents[1]))


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
