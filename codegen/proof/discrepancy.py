"""The known discrepancies that an overlay lists, and which of them an action settles."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from codegen.files.values import pointer_to

if TYPE_CHECKING:
    from codegen.files.values import JSON
    from codegen.overlay import Action, Overlay

UNCONTRADICTED: Final = ("naming", "format", "enumeration")
"""What an action says instead of an id when the documents do not contradict each other."""

_EXAMPLE = "such as\nCC-1:\n  disagreement: In one document …\n  decision: Both are accepted."


@dataclass(frozen=True)
class Discrepancy:
    """A place where documents disagree with each other or with a documented payload."""

    id: str
    disagreement: str
    decision: str | None
    """What holds; None when nothing is corrected."""
    left: str | None
    """Why nothing is corrected; None when something is."""


def read_discrepancies(overlay: Overlay) -> dict[str, Discrepancy]:
    """Return the overlay's ``x-discrepancies`` by id, in the order in which they are written.

    Raises:
        BadInputError: one of them is not written as CONTRIBUTING.md says.
    """
    listed = overlay.extensions.get("x-discrepancies", {})
    if not isinstance(listed, dict):
        message = f"x-discrepancies must be an object by id, {_EXAMPLE}"
        raise overlay.document.error("/x-discrepancies", message)
    return {identifier: _read(overlay, identifier, entry) for identifier, entry in listed.items()}


def discrepancy_problem(action: Action, known: dict[str, Discrepancy]) -> str | None:
    """Return what is wrong with the action's ``x-discrepancy``; None when it names one."""
    named = action.extensions.get("x-discrepancy")
    allowed = [*known, *UNCONTRADICTED]
    if named is None:
        return f"x-discrepancy is missing; expected one of {', '.join(allowed)}"
    if named not in allowed:
        return f"x-discrepancy is {named!r}; expected one of {', '.join(allowed)}"
    return None


def _read(overlay: Overlay, identifier: str, entry: JSON) -> Discrepancy:
    document, place = overlay.document, pointer_to("x-discrepancies", identifier)
    if identifier in UNCONTRADICTED:
        raise document.error(place, f"{identifier} cannot be an id; actions say it instead of one")
    if not isinstance(entry, dict) or not all(isinstance(text, str) for text in entry.values()):
        raise document.error(place, f"a discrepancy must be an object of texts, {_EXAMPLE}")
    texts = {key: str(text).strip() for key, text in entry.items()}
    for key in texts:
        if key not in ("disagreement", "decision", "left"):
            message = f"{key} means nothing here; expected disagreement and decision or left"
            raise document.error(place, message)
    if not texts.get("disagreement"):
        raise document.error(place, f"disagreement is missing: what the documents say, {_EXAMPLE}")
    if bool(texts.get("decision")) == bool(texts.get("left")):
        message = "expected either decision (what holds) or left (why nothing is corrected)"
        raise document.error(place, message)
    return Discrepancy(
        id=identifier,
        disagreement=texts["disagreement"],
        decision=texts.get("decision") or None,
        left=texts.get("left") or None,
    )
