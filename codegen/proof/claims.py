"""What the actions of an overlay claim, the proof that they state, and what they settle."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, TypeAlias, cast

import orjson

from codegen.files.errors import BadInputError
from codegen.files.values import ABSENT, Absent, pointer_to

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from codegen.files.values import JSON
    from codegen.overlay import Action, Overlay
    from codegen.proof.schemas import Mismatch


_REJECTS_EXAMPLE = (
    "expected a payload and a pointer in its body, or a parameter with operation, in and name; "
    "and beside them a value or missing: true"
)


@dataclass(frozen=True)
class BodyPlace:
    """A value in the body of a documented payload."""

    payload: str
    pointer: str

    def __str__(self) -> str:
        return f"{self.payload} {self.pointer}"


@dataclass(frozen=True)
class ParameterPlace:
    """A parameter of an operation."""

    operation: str
    """Its operationId in the patched definition."""
    location: str
    """``path``, ``query``, ``header`` or ``cookie``."""
    name: str

    def __str__(self) -> str:
        return f"{self.operation} {self.location} parameter {self.name}"


@dataclass(frozen=True)
class Rejection:
    """A value that an action refuses."""

    place: BodyPlace | ParameterPlace
    value: JSON | Absent
    """Absent when the value is left out."""

    def __str__(self) -> str:
        if self.value is ABSENT:
            return f"{self.place} missing"
        return f"{self.place} = {orjson.dumps(self.value).decode()}"


def read_evidence(action: Action) -> tuple[str, ...]:
    """Return the names of the payloads in ``x-evidence``; none when the action has none.

    Raises:
        BadInputError: it is no list of texts, or an empty one.
    """
    if "x-evidence" not in action.extensions:
        return ()
    names = action.extensions["x-evidence"]
    texts = [name for name in names if isinstance(name, str)] if isinstance(names, list) else []
    if not texts or texts != names:
        message = "expected a list of payloads, such as [get_call/object.json]"
        raise action.error(message, "x-evidence")
    return tuple(texts)


def read_rejections(action: Action) -> tuple[Rejection, ...]:
    """Return the values in ``x-rejects``; none when the action has none.

    Raises:
        BadInputError: it is not written as CONTRIBUTING.md says.
    """
    if "x-rejects" not in action.extensions:
        return ()
    entries = action.extensions["x-rejects"]
    if not isinstance(entries, list) or not entries:
        raise action.error(f"expected a list; of each value: {_REJECTS_EXAMPLE}", "x-rejects")
    return tuple(
        _rejection(entry, _Place(action, pointer_to("x-rejects", index)))
        for index, entry in enumerate(entries)
    )


@dataclass(frozen=True)
class _Place:
    """Where an action states something, for errors about it."""

    action: Action
    pointer: str

    def error(self, message: str) -> BadInputError:
        return self.action.document.error(self.action.pointer + self.pointer, message)


def _rejection(entry: JSON, place: _Place) -> Rejection:
    match entry:
        case {"payload": str(payload), "pointer": str(pointer), **rest}:
            where: BodyPlace | ParameterPlace = BodyPlace(payload, pointer)
        case {
            "parameter": {"operation": str(operation), "in": str(location), "name": str(name)},
            **rest,
        }:
            where = ParameterPlace(operation, location, name)
        case _:
            raise place.error(_REJECTS_EXAMPLE)
    if rest.keys() == {"value"}:
        return Rejection(where, cast("JSON", rest["value"]))
    if rest == {"missing": True}:
        return Rejection(where, ABSENT)
    raise place.error(_REJECTS_EXAMPLE)


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
