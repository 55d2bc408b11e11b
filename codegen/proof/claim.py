"""What the actions of an overlay claim to do, and what is found when they do not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

from codegen.files.errors import BadInputError
from codegen.proof.evidence import BodyPlace, Rejection, read_evidence, read_rejections

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from codegen.overlay import Action
    from codegen.proof.mismatch import Mismatch

Kind: TypeAlias = Literal["loosening", "tightening", "neutral"]

_MOST_MISMATCHES = 5


@dataclass(frozen=True)
class Finding:
    """One thing that an overlay or a payload promises and does not keep."""

    file: Path | str
    message: str
    line: int | None = None
    pointer: str | None = None
    target: str | None = None
    """Of the action it is about."""
    mismatches: tuple[Mismatch, ...] = ()
    """What validation said, with pointers into the payload's file."""

    def __str__(self) -> str:
        error = BadInputError(self.message, file=self.file, pointer=self.pointer, line=self.line)
        lines = [str(error)]
        if self.target is not None:
            lines.append(f"    target {self.target}")
        lines += [f"    {mismatch}" for mismatch in self.mismatches[:_MOST_MISMATCHES]]
        more = len(self.mismatches) - _MOST_MISMATCHES
        return "\n".join([*lines, f"    and {more} more"] if more > 0 else lines)


@dataclass(frozen=True)
class Evidence:
    """A documented payload that does not pass without the action."""

    payload: str

    def __str__(self) -> str:
        return f"x-evidence {self.payload}"


Statement: TypeAlias = Evidence | Rejection
"""One thing that an action states as its proof."""


@dataclass(frozen=True, eq=False)
class Claim:
    """An action with what it states as its proof."""

    action: Action
    evidence: tuple[Evidence, ...]
    rejections: tuple[Rejection, ...]

    @property
    def statements(self) -> tuple[Statement, ...]:
        """Evidence before rejections."""
        return self.evidence + self.rejections

    def rests_on(self, payload: str) -> bool:
        """Whether the proof needs this payload."""
        places = [rejection.place for rejection in self.rejections]
        return Evidence(payload) in self.evidence or any(
            isinstance(place, BodyPlace) and place.payload == payload for place in places
        )

    def finding(self, message: str, mismatches: Iterable[Mismatch] = ()) -> Finding:
        """A finding about the action, at its place."""
        place = self.action.error(message)
        return Finding(
            file=self.action.document.path,
            message=message,
            line=place.line,
            pointer=self.action.pointer,
            target=self.action.target,
            mismatches=tuple(mismatches),
        )


Unit: TypeAlias = tuple[Claim, ...]
"""The actions of one ``x-group``, else one action by itself."""


def read_claim(action: Action) -> Claim:
    """Return what an action claims.

    Raises:
        BadInputError: it is not written as CONTRIBUTING.md says.
    """
    evidence = tuple(Evidence(name) for name in read_evidence(action))
    return Claim(action, evidence, read_rejections(action))


def units(claims: Iterable[Claim]) -> list[Unit]:
    """Return what is taken out together, in the order of the first action of each.

    Raises:
        BadInputError: an ``x-group`` is no text.
    """
    found: dict[object, list[Claim]] = {}
    for claim in claims:
        group = claim.action.extensions.get("x-group")
        if group is not None and not isinstance(group, str):
            raise claim.action.error("expected a text that names the group", "x-group")
        found.setdefault(claim if group is None else group, []).append(claim)
    return [tuple(unit) for unit in found.values()]


def kind(unit: Unit) -> Kind:
    """Return what the actions claim to do together."""
    if any(claim.evidence for claim in unit):
        return "loosening"
    return "tightening" if any(claim.rejections for claim in unit) else "neutral"
