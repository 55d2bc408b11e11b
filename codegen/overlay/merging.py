"""The merge rules of the standard."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codegen.files.values import duplicate, is_primitive

if TYPE_CHECKING:
    from codegen.files.values import JSON, Draft, Location


class IncompatibleError(Exception):
    """Two values that the standard does not let merge."""

    def __init__(self, location: Location, target: JSON, update: JSON) -> None:
        super().__init__(location, target, update)
        self.location = location
        self.target = target
        self.update = update


def merge(draft: Draft, location: Location, update: JSON) -> bool:
    """Merge ``update`` into the node at ``location``; True when that changes it.

    Objects merge member by member, arrays are concatenated, a primitive replaces a primitive.

    Raises:
        IncompatibleError: any other pair of values meets, here or further inside.
    """
    target = draft.value(location)
    if isinstance(target, dict) and isinstance(update, dict):
        return _merge_members(draft, location, target, update)
    if isinstance(target, list) and isinstance(update, list):
        draft.extend(location, [duplicate(item) for item in update])
        return bool(update)
    if is_primitive(target) and is_primitive(update):
        draft.put(location, update)
        # 1, 1.0 and true are equal in Python, but are not the same JSON.
        return type(target) is not type(update) or target != update
    raise IncompatibleError(location, target, update)


def _merge_members(
    draft: Draft, location: Location, target: dict[str, JSON], update: dict[str, JSON]
) -> bool:
    changed = False
    for key, value in update.items():
        if key in target:
            changed |= merge(draft, (*location, key), value)
        else:
            draft.put((*location, key), duplicate(value))
            changed = True
    return changed
