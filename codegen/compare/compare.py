"""Two definitions, and the packages made of them: one list of what a user feels."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codegen.compare.choices import choice_changes
from codegen.compare.classes import class_changes
from codegen.compare.clients import client_changes
from codegen.compare.comparison import Comparison, Severity
from codegen.compare.judgement import type_changes
from codegen.compare.left_out import left_out_changes
from codegen.compare.operations import operation_changes
from codegen.compare.pairs import paired
from codegen.compare.rest import event_changes, rest_changes
from codegen.compare.results import result_changes
from codegen.compare.schemas import written_changes
from codegen.compare.security import security_changes

if TYPE_CHECKING:
    from codegen.compare.surface import Side

_RULES = (
    security_changes,
    client_changes,
    type_changes,
    operation_changes,
    result_changes,
    class_changes,
    choice_changes,
    written_changes,
    event_changes,
    left_out_changes,
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
    changes |= dict.fromkeys(rest_changes(pairing, tuple(changes)))
    unread = {**old.unread, **new.unread}
    gravest_first = list(Severity)
    return Comparison(
        tuple(sorted(changes, key=lambda change: gravest_first.index(change.severity))),
        tuple(f"{pointer}: {reason}" for pointer, reason in unread.items()),
    )
