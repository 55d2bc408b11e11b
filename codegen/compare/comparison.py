"""What a change of a definition does to the users of its package: the list, and how bad each is."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from codegen.providers.releases import VersionPart


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


@dataclass(frozen=True)
class Change:
    """One difference between two definitions, as a user of the package meets it."""

    id: str
    """That of its kind, such as ``operation-removed``: what programs decide by."""
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

    def of(self, severity: Severity) -> tuple[Change, ...]:
        """The changes that are so bad, and no worse."""
        return tuple(change for change in self.changes if change.severity is severity)

    @property
    def security(self) -> tuple[Change, ...]:
        """What has to be accepted by name before it is released."""
        return self.of(Severity.SECURITY)

    @property
    def breaks(self) -> bool:
        """Whether a user has to be warned: something is breaking or a matter of security."""
        return bool(self.security or self.of(Severity.BREAKING))


def part(comparison: Comparison, current_version: str) -> VersionPart | None:
    """The part of ``current_version`` to raise; None when nothing has changed.

    From 1.0 on, the rules of semantic versioning: what breaks is a *major*, what adds a *minor*,
    what only readers notice a *patch*. Below 1.0, semantic versioning promises nothing; we promise
    what pip's users and the facade rely on, whose pins are of the form ``>=0.1,<0.2``: within one
    minor version nothing breaks. So there, what breaks, and what is a matter of security, is a
    *minor*, everything else a *patch*. Nothing leads from 0.x to 1.0: that step is a decision.

    Args:
        comparison: What has changed since that version.
        current_version: Numbers with dots, as in ``0.1.0``; what follows the first is not read.
    """
    if not comparison.changes:
        return None
    is_initial = current_version.startswith("0.")
    if comparison.breaks:
        return "minor" if is_initial else "major"
    return "patch" if is_initial or not comparison.of(Severity.ADDITIVE) else "minor"
