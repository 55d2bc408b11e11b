"""Applying actions to a definition, and whether it is what they expect."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING

import orjson

from codegen.files.values import ABSENT, Draft, is_primitive, is_same, kind_of, pointer_to
from codegen.overlay.model import EXPECTS
from codegen.overlay.queries import select, unmatched

if TYPE_CHECKING:
    from collections.abc import Iterable

    from codegen.files.values import JSON, Location
    from codegen.overlay.model import Action
    from codegen.overlay.queries import Match

_LONGEST = 80


def apply(definition: JSON, actions: Iterable[Action], *, strict: bool = True) -> JSON:
    """The definition with ``actions`` applied, each to what the ones before it left.

    ``definition`` is not changed. What no action changes is shared with it; what comes from an
    overlay is copied. ``strict`` refuses what the standard lets pass: an action that matches
    nothing, changes nothing, or finds something else than it says it expects.

    Raises:
        BadInputError: an action cannot be applied; its file, line and pointer are named.
    """
    draft = Draft(definition)
    for action in actions:
        try:
            if strict:
                _apply_strictly(draft, action)
            elif matches := select(action.target, draft.root):
                _change(draft, action, matches)
        except RecursionError as error:
            message = "the definition, or what is merged into it, is nested too deeply"
            raise action.error(message) from error
    return draft.root


def unexpected(action: Action, matches: Iterable[Match]) -> list[Match]:
    """The nodes that do not have what an action expects; none when it states nothing."""
    expected = action.expected
    return [
        match for match in matches if expected is not ABSENT and not _holds(expected, match.value)
    ]


def shown(value: JSON) -> str:
    """A value as a message shows it, the end of a long one left out."""
    text = orjson.dumps(value).decode()
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _holds(expected: JSON, value: JSON) -> bool:
    if isinstance(expected, dict) and isinstance(value, dict):
        return all(key in value and _holds(inner, value[key]) for key, inner in expected.items())
    return is_same(expected, value)


def _apply_strictly(draft: Draft, action: Action) -> None:
    if not action.remove and (action.update is ABSENT) is (action.copy is None):
        ways = "update or remove: true" if action.is_1_0 else "update, copy or remove: true"
        idle = f"the action has no {ways}"
        both = "update and copy each rule the other out; keep one of them"
        raise action.error(f"nothing changes: {idle if action.copy is None else both}")
    matches = select(action.target, draft.root)
    if not matches:
        raise action.error(unmatched(action.target, draft.root), "target")
    for location, value in unexpected(action, matches):
        found = f"the definition has {shown(value)} at {_place(location)}"
        message = f"expects {shown(action.extensions[EXPECTS])}, and {found}"
        raise action.error(message, EXPECTS)
    if not _change(draft, action, matches):
        message = f"nothing changes: {action.target} is already as this action would have it"
        raise action.error(message)


def _change(draft: Draft, action: Action, matches: list[Match]) -> bool:
    """Do what ``action`` says to the nodes it matches; True when that changes the definition."""
    for location, value in matches if action.is_1_0 else ():
        if is_primitive(value):
            message = (
                f"Overlay 1.0 changes objects and arrays only, and {_place(location)} is "
                f"{kind_of(value)}; target what contains it, or write `overlay: 1.1.0`"
            )
            raise action.error(message, "target")
    if action.remove:
        if not matches[0].location:  # nothing but $ selects the root, and $ nothing else
            message = "the document root cannot be removed: nothing contains it"
            raise action.error(message, "target")
        draft.remove(match.location for match in matches)
        return True
    update = action.update
    if action.copy is not None:
        # Each rules the other out.
        update = _copied(draft, action, action.copy) if update is ABSENT else ABSENT
    return update is not ABSENT and _merge_all(draft, action, matches, update)


def _refuse_mixed(action: Action, matches: list[Match]) -> None:
    """Raise unless the nodes are all objects, all arrays or all primitive, as 1.1 demands."""
    kinds: dict[str, str] = {}
    for location, value in matches:
        kind = "a primitive value" if is_primitive(value) else kind_of(value)
        kinds.setdefault(kind, f"{kind} at {_place(location)}")
    if len(kinds) > 1:
        message = f"{action.target} matches nodes of different kinds: {', '.join(kinds.values())}"
        raise action.error(message, "target")


def _copied(draft: Draft, action: Action, query: str) -> JSON:
    sources = select(query, draft.root)
    if len(sources) != 1:
        message = f"copy must select exactly one node, and {query} selects {len(sources) or 'none'}"
        raise action.error(message, "copy")
    # Merging may change the source itself while targets are still waiting.
    return deepcopy(sources[0].value)


def _merge_all(draft: Draft, action: Action, matches: list[Match], value: JSON) -> bool:
    if not action.is_1_0:
        _refuse_mixed(action, matches)
    changed = False
    for location, target in matches:
        # What is appended to an array: 1.0 makes an array one entry, 1.1 concatenates it.
        is_entry = isinstance(target, list) and (action.is_1_0 or not isinstance(value, list))
        changed |= _merge(draft, action, location, [value] if is_entry else value)
    return changed


def _merge(draft: Draft, action: Action, location: Location, update: JSON) -> bool:
    """Merge ``update`` into the node at ``location``; True when that changes it.

    Objects merge member by member, arrays are concatenated, a primitive replaces a primitive.

    Raises:
        BadInputError: any other pair of values meets, here or further inside.
    """
    target = draft.value(location)
    if isinstance(target, dict) and isinstance(update, dict):
        changed = False
        for key, value in update.items():
            if key in target:
                changed |= _merge(draft, action, (*location, key), value)
            else:
                draft.put((*location, key), deepcopy(value))
                changed = True
        return changed
    if isinstance(target, list) and isinstance(update, list):
        draft.extend(location, [deepcopy(item) for item in update])
        return bool(update)
    if is_primitive(target) and is_primitive(update):
        draft.put(location, update)
        return not is_same(target, update)
    message = (
        f"{kind_of(update)} cannot be merged into {kind_of(target)}, which the definition has at "
        f"{_place(location)}"
    )
    raise action.error(message, "update" if action.copy is None else "copy")


def _place(location: Location) -> str:
    return pointer_to(*location) or "its root"
