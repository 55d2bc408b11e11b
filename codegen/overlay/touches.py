"""What an action touches in the old definition and in the new one, place by place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from codegen.files.values import ABSENT, Absent, is_same, pointer_to
from codegen.overlay.expectation import shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from codegen.files.values import JSON, Location


@dataclass(frozen=True)
class Touch:
    """One place that an update changes: what each definition has there, and what it makes of it."""

    location: Location
    old: JSON | Absent
    new: JSON | Absent
    update: JSON

    @property
    def is_gone(self) -> bool:
        """Whether an object that was changed is no more, as when its name has changed."""
        return isinstance(self.old, dict) and self.new is ABSENT

    @property
    def is_true(self) -> bool:
        """Whether the new definition is as the action would have it."""
        if isinstance(self.update, list) and isinstance(self.new, list):
            return all(any(is_same(item, one) for one in self.new) for item in self.update)
        return is_same(self.new, self.update)

    @property
    def conflict(self) -> str | None:
        """Why the action was not written for what the new definition has; None when it was."""
        if self.is_true or is_same(self.old, self.new):
            return None
        if isinstance(self.update, list) and isinstance(self.old, list):
            # What is appended to a list stays right when the list changes.
            return None if isinstance(self.new, list) else self._conflict()
        return self._conflict()

    def _conflict(self) -> str:
        before = "said nothing" if self.old is ABSENT else f"said {shown(self.old)}"
        now = "says nothing" if self.new is ABSENT else f"says {shown(self.new)}"
        place = pointer_to(*self.location)
        return f"{place}: upstream {before} and now {now}; the action says {shown(self.update)}"


def touches(
    location: Location, old: JSON | Absent, new: JSON | Absent, update: JSON
) -> Iterator[Touch]:
    """The places at or below ``location`` where merging ``update`` changes something."""
    goes_deeper = (
        isinstance(update, dict)
        and bool(update)
        and isinstance(new, dict)
        and (isinstance(old, dict) or old is ABSENT)
    )
    if not goes_deeper:
        listed = isinstance(new, list) and not isinstance(update, list)
        yield Touch(location, old, new, [update] if listed else update)
        return
    assert isinstance(update, dict)  # noqa: S101 - for the type checkers
    assert isinstance(new, dict)  # noqa: S101 - as above
    for key, value in update.items():
        before = old.get(key, ABSENT) if isinstance(old, dict) else ABSENT
        yield from touches((*location, key), before, new.get(key, ABSENT), value)
