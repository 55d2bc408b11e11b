"""What the actions of an overlay claim, the proof that they state, and what they settle."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

import orjson

from codegen.files.errors import BadInputError, Problem
from codegen.files.values import ABSENT, JSON, Absent, pointer_to
from codegen.openapi.places import parsed_place, quoted

if TYPE_CHECKING:
    from collections.abc import ItemsView, Iterable, Iterator

    from codegen.overlay import Action, Overlay

_REJECTS_EXAMPLE = (
    "expected values by payload and pointer, such as {get_call/object.json: {/status: ENDED}}, or "
    "by parameter, such as {list_calls query page: 0}; what is refused when it is left out stands "
    "in a list, as {get_call/object.json: {missing: [/status]}} or "
    "{missing: [list_calls query page]}"
)
_MISSING = "missing"


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
        return f"{self.operation} {self.location} {quoted(self.name)}"


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


def _evidence(action: Action) -> tuple[str, ...]:
    if "x-evidence" not in action.extensions:
        return ()
    message = "expected a list of payloads, such as [get_call/object.json]"
    return tuple(_texts(action, ("x-evidence",), action.extensions["x-evidence"], message))


def _rejections(action: Action) -> Iterator[Rejection]:
    if "x-rejects" not in action.extensions:
        return
    for key, told in _members(action, ("x-rejects",), action.extensions["x-rejects"]):
        place = "x-rejects", key
        if key == _MISSING:
            for one in _texts(action, place, told):
                yield Rejection(_parameter(action, place, one), ABSENT)
        elif "/" not in key:
            yield Rejection(_parameter(action, place, key), told)
        else:
            for pointer, value in _members(action, place, told):
                if pointer == _MISSING:
                    for one in _texts(action, (*place, pointer), value):
                        yield Rejection(BodyPlace(key, one), ABSENT)
                else:
                    yield Rejection(BodyPlace(key, pointer), value)


def _members(action: Action, place: tuple[str, ...], value: JSON) -> ItemsView[str, JSON]:
    if not isinstance(value, dict) or not value:
        raise action.error(_REJECTS_EXAMPLE, *place)
    return value.items()


def _texts(
    action: Action, place: tuple[str, ...], value: JSON, expected: str = _REJECTS_EXAMPLE
) -> list[str]:
    texts = [text for text in value if isinstance(text, str)] if isinstance(value, list) else []
    if not texts or texts != value:
        raise action.error(expected, *place)
    return texts


def _parameter(action: Action, place: tuple[str, ...], text: str) -> ParameterPlace:
    found = parsed_place(text)
    match found.parts if found is not None and not found.steps else ():
        case [("query" | "path" | "header" | "cookie") as location, name] if found is not None:
            return ParameterPlace(found.start, location, name)
        case _:
            raise action.error(_REJECTS_EXAMPLE, *place)


UNCONTRADICTED: Final = ("naming", "format", "enumeration")
"""What an action says instead of an id when the documents do not contradict each other."""

_EXAMPLE = "such as\nCC-1:\n  disagreement: In one document …\n  decision: Both are accepted."


@dataclass(frozen=True)
class Discrepancy:
    """A place where documents disagree with each other or with a documented payload."""

    id: str
    disagreement: str
    decision: str | None = None
    """What holds; None when nothing is corrected."""
    left: str | None = None
    """Why nothing is corrected; None when something is."""
    name: str | None = None
    """The line of the table of names that carries the decision out; None when actions do."""


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
    if named in allowed:
        return None
    what = "missing" if named is None else repr(named)
    return f"x-discrepancy is {what}; expected one of {', '.join(allowed)}"


def _read(overlay: Overlay, identifier: str, entry: JSON) -> Discrepancy:
    document, place = overlay.document, pointer_to("x-discrepancies", identifier)
    if identifier in UNCONTRADICTED:
        raise document.error(place, f"{identifier} cannot be an id; actions say it instead of one")
    if not isinstance(entry, dict) or not all(isinstance(text, str) for text in entry.values()):
        raise document.error(place, f"a discrepancy must be an object of texts, {_EXAMPLE}")
    texts = {key: str(text).strip() for key, text in entry.items()}
    for key in sorted(texts.keys() - {"disagreement", "decision", "left", "name"}):
        message = f"{key} means nothing here; expected disagreement and decision or left"
        raise document.error(place, message)
    if not texts.get("disagreement"):
        raise document.error(place, f"disagreement is missing: what the documents say, {_EXAMPLE}")
    if bool(texts.get("decision")) == bool(texts.get("left")):
        message = "expected either decision (what holds) or left (why nothing is corrected)"
        raise document.error(place, message)
    return Discrepancy(identifier, **{key: text for key, text in texts.items() if text})


Kind: TypeAlias = Literal["loosening", "tightening", "neutral"]

_MOST_MISMATCHES = 5


class Finding(BadInputError):  # noqa: N818 - what is listed, and seldom raised
    """One thing that an overlay or a payload promises and does not keep."""

    def __init__(
        self, place: BadInputError, *, target: str | None = None, mismatches: Iterable[Problem] = ()
    ) -> None:
        super().__init__(place.message, file=place.file, pointer=place.pointer, line=place.line)
        self.target = target
        """Of the action it is about."""
        self.mismatches = tuple(mismatches)
        """What validation said, with pointers into the payload's file."""

    def __str__(self) -> str:
        lines = [super().__str__()]
        if self.target is not None:
            lines.append(f"    target {self.target}")
        lines += [f"    {mismatch}" for mismatch in self.mismatches[:_MOST_MISMATCHES]]
        more = len(self.mismatches) - _MOST_MISMATCHES
        return "\n".join([*lines, f"    and {more} more"] if more > 0 else lines)


Statement: TypeAlias = str | Rejection
"""What an action states as its proof: the payload that fails without it, or what it refuses."""


class Claim:
    """An action with what it states as its proof.

    Raises:
        BadInputError: it is not written as CONTRIBUTING.md says.
    """

    def __init__(self, action: Action) -> None:
        self.action = action
        self.evidence = _evidence(action)
        """The names of the payloads in ``x-evidence``."""
        self.rejections = tuple(_rejections(action))
        """The values in ``x-rejects``."""
        self.statements: tuple[Statement, ...] = (*self.evidence, *self.rejections)
        places = [rejection.place for rejection in self.rejections]
        refused_in = {place.payload for place in places if isinstance(place, BodyPlace)}
        self.payloads = {*self.evidence, *refused_in}
        """The names of the payloads that the proof needs."""

    def finding(self, message: str, mismatches: Iterable[Problem] = ()) -> Finding:
        """A finding about the action, at its place."""
        place = self.action.error(message)
        return Finding(place, target=self.action.target, mismatches=mismatches)


Unit: TypeAlias = tuple[Claim, ...]
"""The actions of one ``x-group``, else one action by itself."""


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
