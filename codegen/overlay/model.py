"""An overlay and its actions, as read."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from codegen.files.values import ABSENT, Absent, lookup, pointer_to

if TYPE_CHECKING:
    from codegen.files.document import Document
    from codegen.files.errors import BadInputError
    from codegen.files.values import JSON

EXPECTS = "x-expects"
"""The member that says what an action was written for, and for nothing else."""


@dataclass(frozen=True, eq=False)  # by identity: the same text twice is still two actions
class Action:
    """One change that an overlay makes."""

    document: Document
    """The file it stands in."""
    pointer: str
    """Where in that file: ``/actions/3``."""
    target: str
    """An RFC 9535 query for the nodes to change."""
    is_1_0: bool = False
    """Whether it follows Overlay 1.0, which changes objects and arrays only."""
    description: str = ""
    update: JSON | Absent = ABSENT
    copy: str | None = None
    """An RFC 9535 query for the one node to merge into each target."""
    remove: bool = False
    extensions: dict[str, JSON] = field(default_factory=dict[str, "JSON"])
    """Its ``x-`` members."""

    @property
    def expected(self) -> JSON | Absent:
        """What it expects of each node that it changes; absent when it states nothing."""
        return self.extensions.get(EXPECTS, ABSENT)

    @property
    def told(self) -> str:
        """What it does: its description, or else what was decided of its discrepancy."""
        place = pointer_to("x-discrepancies", str(self.extensions.get("x-discrepancy")), "decision")
        try:
            return self.description or str(lookup(self.document.data, place))
        except KeyError:
            return ""

    def error(self, message: str, *inside: str) -> BadInputError:
        """An error about this action, or about something inside, with file, line and pointer."""
        return self.document.error(self.pointer + pointer_to(*inside), message)


@dataclass(frozen=True, eq=False)
class Overlay:
    """One overlay document."""

    document: Document
    version: str
    """Of the standard: ``1.0.0`` or ``1.1.0``, or a later patch of either."""
    actions: tuple[Action, ...]
    """In the order in which they apply."""
    extensions: dict[str, JSON]
    """The ``x-`` members of the root."""
