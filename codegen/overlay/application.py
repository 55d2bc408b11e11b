"""Applying actions to a definition."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codegen.files.values import ABSENT, Draft, duplicate, is_primitive, kind_of, pointer_to
from codegen.overlay.expectation import MEMBER, shown, unexpected
from codegen.overlay.merging import IncompatibleError, merge
from codegen.overlay.queries import Match, longest_matching_part, select

if TYPE_CHECKING:
    from collections.abc import Iterable

    from codegen.files.values import JSON
    from codegen.overlay.model import Action


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
            _apply_action(draft, action, strict=strict)
        except RecursionError as error:
            message = "the definition, or what is merged into it, is nested too deeply"
            raise action.error(message) from error
    return draft.root


def _apply_action(draft: Draft, action: Action, *, strict: bool) -> None:
    if strict:
        _refuse_idle(action)
    matches = select(action.target, draft.root)
    if strict and not matches:
        part = longest_matching_part(action.target, draft.root)
        message = f"{action.target} matches nothing; the longest part that does is {part}"
        raise action.error(message, "target")
    if strict:
        _refuse_unexpected(action, matches)
    changed = bool(matches) and _change(draft, action, matches)
    if strict and not changed:
        message = f"nothing changes: {action.target} is already as this action would have it"
        raise action.error(message)


def _refuse_idle(action: Action) -> None:
    """Raise for an action that cannot change any definition."""
    if action.remove:
        return
    if action.update is ABSENT and action.copy is None:
        ways = "update or remove: true" if _is_1_0(action) else "update, copy or remove: true"
        raise action.error(f"nothing changes: the action has no {ways}")
    if action.update is not ABSENT and action.copy is not None:
        message = "nothing changes: update and copy each rule the other out; keep one of them"
        raise action.error(message)


def _refuse_unexpected(action: Action, matches: list[Match]) -> None:
    for location, value in unexpected(action, matches):
        message = (
            f"expects {shown(action.extensions[MEMBER])}, and the definition has {shown(value)} at "
            f"{_place(location)}"
        )
        raise action.error(message, MEMBER)


def _change(draft: Draft, action: Action, matches: list[Match]) -> bool:
    """Do what ``action`` says to the nodes it matches; True when that changes the definition."""
    if _is_1_0(action):
        _refuse_primitives(action, matches)
    if action.remove:
        _remove(draft, action, matches)
        return True
    if action.update is ABSENT and action.copy is not None:
        return _merge_all(draft, action, matches, _copied(draft, action, action.copy))
    if action.update is not ABSENT and action.copy is None:
        return _merge_all(draft, action, matches, action.update)
    return False


def _refuse_primitives(action: Action, matches: list[Match]) -> None:
    for location, value in matches:
        if is_primitive(value):
            message = (
                f"Overlay 1.0 changes objects and arrays only, and {_place(location)} is "
                f"{kind_of(value)}; target what contains it, or write `overlay: 1.1.0`"
            )
            raise action.error(message, "target")


def _remove(draft: Draft, action: Action, matches: list[Match]) -> None:
    locations = [match.location for match in matches]
    if () in locations:
        message = "the document root cannot be removed: nothing contains it"
        raise action.error(message, "target")
    draft.remove(locations)


def _copied(draft: Draft, action: Action, query: str) -> JSON:
    sources = select(query, draft.root)
    if len(sources) != 1:
        message = f"copy must select exactly one node, and {query} selects {len(sources) or 'none'}"
        raise action.error(message, "copy")
    # Merging may change the source itself while targets are still waiting.
    return duplicate(sources[0].value)


def _merge_all(draft: Draft, action: Action, matches: list[Match], value: JSON) -> bool:
    if not _is_1_0(action):
        _refuse_mixed(action, matches)
    changed = False
    for location, target in matches:
        update = _entries(action, value) if isinstance(target, list) else value
        try:
            changed |= merge(draft, location, update)
        except IncompatibleError as error:
            message = (
                f"{kind_of(error.update)} cannot be merged into {kind_of(error.target)}, which "
                f"the definition has at {_place(error.location)}"
            )
            raise action.error(message, "update" if action.copy is None else "copy") from error
    return changed


def _refuse_mixed(action: Action, matches: list[Match]) -> None:
    """Raise unless the nodes are all objects, all arrays or all primitive, as 1.1 demands."""
    kinds: dict[str, str] = {}
    for location, value in matches:
        kind = "a primitive value" if is_primitive(value) else kind_of(value)
        kinds.setdefault(kind, f"{kind} at {_place(location)}")
    if len(kinds) > 1:
        message = f"{action.target} matches nodes of different kinds: {', '.join(kinds.values())}"
        raise action.error(message, "target")


def _entries(action: Action, value: JSON) -> list[JSON]:
    """What is appended to a target array: 1.0 makes an array one entry, 1.1 concatenates it."""
    return value if isinstance(value, list) and not _is_1_0(action) else [value]


def _is_1_0(action: Action) -> bool:
    return action.version.startswith("1.0.")


def _place(location: tuple[str | int, ...]) -> str:
    return pointer_to(*location) or "its root"
