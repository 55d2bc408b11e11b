"""Two definitions, and the packages made of them: one list of what a user feels."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codegen.compare.choices import choice_changes
from codegen.compare.classes import class_changes
from codegen.compare.comparison import Change, Comparison
from codegen.compare.operations import operation_changes
from codegen.compare.packages import package_changes
from codegen.compare.pairs import paired
from codegen.compare.reading import read_surface
from codegen.compare.schema_pairs import schema_pairs
from codegen.compare.schemas import operation_texts, schema_changes
from codegen.compare.security import tripwire_changes
from codegen.compare.uncompared import uncompared_changes

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from codegen.files.values import JSONObject


def compare(
    old: JSONObject,
    new: JSONObject,
    *,
    package: str,
    old_package: Path | None = None,
    new_package: Path | None = None,
) -> Comparison:
    """List what changes for users between two patched definitions.

    Args:
        old: The patched definition that users have.
        new: The patched definition that they are to get.
        package: The name that Python imports.
        old_package: The folder of the package, or of the distribution, made of ``old``. With both
            folders, what changed in the packages and comes from no definition is listed, too.
        new_package: The same, made of ``new``.

    Raises:
        BadInputError: a folder holds no such package, or the generator is not of its pinned
            version.
        BadInputs: a definition is none that the generator can read.
    """
    before = read_surface(old, called="the old definition")
    after = read_surface(new, called="the new definition")
    pairs = paired(before, after)
    changes = [
        *tripwire_changes(old, new, pairs, package),
        *operation_changes(before, after, pairs, package),
        *class_changes(before, after, pairs.renamed, package),
        *choice_changes(old, new, (before, after), pairs, package),
        *schema_changes(old, new, schema_pairs(old, new, (before, after), pairs, package)),
        *operation_texts(old, new, pairs, package),
    ]
    changes += uncompared_changes(old, new, (before, after), package, changes)
    if old_package is not None and new_package is not None:
        changes += package_changes(old_package, new_package, package, changes)
    unread = {**before.unread, **after.unread}
    return Comparison(
        _in_order(changes), tuple(f"{pointer}: {reason}" for pointer, reason in unread.items())
    )


def _in_order(changes: Iterable[Change]) -> tuple[Change, ...]:
    """The gravest first, each once."""
    return tuple(sorted(dict.fromkeys(changes), key=lambda change: change.severity.rank))
