"""What a change of a definition does to the users of its package: the list, and how bad each is."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Severity(Enum):
    """How much a user has to do with a change, the gravest first."""

    SECURITY = "security"
    """It moves where requests, or the secrets in them, go. Somebody has to look at it."""
    BREAKING = "breaking"
    """A program that was right may no longer type-check, run, or do what it did."""
    ADDITIVE = "additive"
    """Every program goes on as it was; there is more than before."""
    DOCS = "docs"
    """Only what is to be read about the package has changed."""

    @property
    def rank(self) -> int:
        """Its place among the severities: 0 is the gravest."""
        return list(Severity).index(self)


@dataclass(frozen=True)
class Change:
    """One difference between two definitions, as a user of the package meets it."""

    what: str
    """What has changed, in a few words that name the thing."""
    python_name: str
    """Where a user finds it in the package; an argument of an operation stands in parentheses."""
    pointer: str
    """Its place in the patched definition: the new one, or the old one if it is gone.

    A JSON pointer (RFC 6901); empty for what comes from no place in a definition.
    """
    severity: Severity
    why: str
    """What a user feels."""
    old: str = ""
    """How it was written: Python where there is any, else the definition's YAML or text."""
    new: str = ""
    """How it is written now, in the same way."""


@dataclass(frozen=True)
class Comparison:
    """All changes between two definitions: the gravest first, then in the definition's order."""

    changes: tuple[Change, ...]
    not_compared: tuple[str, ...] = ()
    """What a package lacks because the generator cannot read it: places, each with the reason.

    What was lost that way is among the changes.
    """

    @property
    def security(self) -> tuple[Change, ...]:
        """What has to be accepted by name before it is released."""
        return self._of(Severity.SECURITY)

    @property
    def breaking(self) -> tuple[Change, ...]:
        """What breaks programs, besides what :attr:`security` has."""
        return self._of(Severity.BREAKING)

    @property
    def additive(self) -> tuple[Change, ...]:
        """What is new or takes more than before."""
        return self._of(Severity.ADDITIVE)

    @property
    def docs(self) -> tuple[Change, ...]:
        """What only readers notice."""
        return self._of(Severity.DOCS)

    @property
    def breaks(self) -> bool:
        """Whether a user has to be warned: something is breaking or a matter of security."""
        return bool(self.security or self.breaking)

    def _of(self, severity: Severity) -> tuple[Change, ...]:
        return tuple(change for change in self.changes if change.severity is severity)
