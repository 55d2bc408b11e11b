"""What became of one action."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from codegen.overlay import Action


class Fate(Enum):
    """What a new definition makes of an action; the worst first."""

    CONFLICT = "conflicts"
    """Upstream says something else now than the action was written for."""
    UNMATCHED = "no longer matches"
    """What it changes is gone."""
    TRUE = "already true upstream"
    """It changes nothing any more."""
    NEEDED = "still needed"


@dataclass(frozen=True)
class Outcome:
    """An action, its fate, and why."""

    action: Action
    fate: Fate
    reasons: tuple[str, ...] = ()
    """One sentence for each place, which begins with its JSON pointer."""

    @property
    def number(self) -> int:
        """Where it stands among the actions, from 0; errors call it ``/actions/<number>``."""
        return int(self.action.pointer.rpartition("/")[2])

    @property
    def group(self) -> str | None:
        """Its ``x-group``."""
        group = self.action.extensions.get("x-group")
        return group if isinstance(group, str) else None

    def __str__(self) -> str:
        line = self.action.document.line(self.action.pointer)
        place = f"{self.action.document.path}" + (f":{line}" if line else "")
        group = f", group {self.group!r}" if self.group else ""
        head = f"action {self.number} {self.fate.value} ({place}{group}): {self.action.description}"
        return "\n".join([head, *(f"    {reason}" for reason in self.reasons)])
