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
from codegen.openapi.canonical import canonical
from codegen.openapi.definition import read_definition
from codegen.openapi.order import in_order_of
from codegen.openapi.validation import validate_definition
from codegen.overlay import read_overlay
from codegen.overlay.names import names_of
from codegen.providers.patched import corrected

if TYPE_CHECKING:
    from pathlib import Path

    from codegen.compare.surface import Side
    from codegen.files.document import Document
    from codegen.overlay import Overlay

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

    Where order means nothing, the new one is put in the order of the old one. An overlay names
    and corrects both.

    Raises:
        BadInputError: one of the files cannot be used, or the overlay does not apply to it.
        BadInputs: the same, several times.
    """
    before, after = read_definition(old), read_definition(new)
    after = replace(after, data=in_order_of(after.data, before.data))
    corrections = None if overlay is None else read_overlay(overlay)
    return _corrected(before, corrections), _corrected(after, corrections)


def _corrected(document: Document, overlay: Overlay | None) -> Document:
    validate_definition(document)  # before a place that is wrong moves
    names = names_of(overlay)
    actions = () if overlay is None else overlay.actions
    return corrected(canonical(document, names), names, actions)
