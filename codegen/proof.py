"""The proof that every action of an overlay does what its kind promises.

An action is taken out while all others are in force. Without a loosening one, payloads fail;
without a tightening one, wrong values pass; without a neutral one, validation sees no difference.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, TypeAlias, cast

from codegen.closing import UnusableSchemaError
from codegen.conformance import Conformance
from codegen.definition import definition_data, read_definition
from codegen.discrepancy import discrepancy_problem, read_discrepancies
from codegen.errors import BadInputError
from codegen.evidence import BodyPlace, Rejection, read_evidence, read_rejections
from codegen.mismatch import Mismatch
from codegen.overlay import ABSENT, apply, read_overlay
from codegen.payload import read_payloads
from codegen.replacing import replace_at
from codegen.validation_view import validation_differences

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from codegen.conformance import Endpoint
    from codegen.discrepancy import Discrepancy
    from codegen.document import JSON
    from codegen.openapi import JSONObject
    from codegen.overlay import Absent, Action, Overlay
    from codegen.payload import Payload
    from codegen.provider import Provider

Kind: TypeAlias = Literal["loosening", "tightening", "neutral"]

_MOST_MISMATCHES = 5
_MOST_PLACES = 3
_GROUP = "give what belongs together one x-group"


@dataclass(frozen=True)
class Finding:
    """One thing that an overlay or a payload promises and does not keep."""

    file: Path
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
class Proof:
    """What came of proving one overlay."""

    findings: tuple[Finding, ...]
    loosening: int
    """How many actions accept what was refused before."""
    tightening: int
    """How many refuse what was accepted before."""
    neutral: int
    """How many leave validation as it was."""
    payloads: int
    """How many documented payloads were checked."""

    @property
    def holds(self) -> bool:
        """Whether nothing was found."""
        return not self.findings


def prove(provider: Provider) -> Proof:
    """Prove a provider's overlay with its definition and its documented payloads.

    Raises:
        BadInputError: a file cannot be used, or the overlay does not apply to the definition.
        BadInputs: the same, several times.
    """
    definition = definition_data(read_definition(provider.definition_path))
    # A definition may need no correction; its payloads are checked all the same.
    overlay = read_overlay(provider.overlay_path) if provider.overlay_path.exists() else None
    return prove_overlay(definition, overlay, read_payloads(provider))


def prove_overlay(
    definition: JSONObject, overlay: Overlay | None, payloads: Sequence[Payload]
) -> Proof:
    """Prove every action of an overlay and check every payload.

    Raises:
        BadInputError: the overlay does not apply to the definition, or what it states as proof is
            not written as CONTRIBUTING.md says.
    """
    known = {} if overlay is None else read_discrepancies(overlay)
    claims = [
        _Claim(action, read_evidence(action), read_rejections(action))
        for action in (() if overlay is None else overlay.actions)
    ]
    in_force = _InForce(definition, claims, {payload.name: payload for payload in payloads})
    units = _units(claims)
    findings = [
        *in_force.findings.values(),
        *(finding for claim in claims for finding in _formal_findings(claim, known)),
        *(finding for unit in units for finding in _unit_findings(in_force, unit)),
    ]
    kinds = Counter(kind for unit in units for kind in [_kind(unit)] * len(unit))
    return Proof(
        findings=tuple(findings),
        loosening=kinds["loosening"],
        tightening=kinds["tightening"],
        neutral=kinds["neutral"],
        payloads=len(payloads),
    )


@dataclass(frozen=True, eq=False)
class _Claim:
    """An action with what it states as its proof."""

    action: Action
    evidence: tuple[str, ...]
    rejections: tuple[Rejection, ...]

    def rests_on(self, payload: str) -> bool:
        """Whether the proof needs this payload."""
        places = [rejection.place for rejection in self.rejections]
        return payload in self.evidence or any(
            isinstance(place, BodyPlace) and place.payload == payload for place in places
        )

    def finding(self, message: str, mismatches: Iterable[Mismatch] = ()) -> Finding:
        place = self.action.error(message)
        return Finding(
            file=self.action.document.path,
            message=message,
            line=place.line,
            pointer=self.action.pointer,
            target=self.action.target,
            mismatches=tuple(mismatches),
        )


_Unit: TypeAlias = "tuple[_Claim, ...]"


def _units(claims: list[_Claim]) -> list[_Unit]:
    """What is taken out together: the actions of one ``x-group``, else each action by itself."""
    units: dict[object, list[_Claim]] = {}
    for claim in claims:
        group = claim.action.extensions.get("x-group")
        if group is not None and not isinstance(group, str):
            raise claim.action.error("expected a text that names the group", "x-group")
        units.setdefault(claim if group is None else group, []).append(claim)
    return [tuple(unit) for unit in units.values()]


def _kind(unit: _Unit) -> Kind:
    if any(claim.evidence for claim in unit):
        return "loosening"
    return "tightening" if any(claim.rejections for claim in unit) else "neutral"


def _formal_findings(claim: _Claim, known: dict[str, Discrepancy]) -> Iterator[Finding]:
    if not claim.action.description.strip():
        yield claim.finding("description is missing; say what the action does and why")
    problem = discrepancy_problem(claim.action, known)
    if problem is not None:
        yield claim.finding(problem)


class _InForce:
    """All actions in force, and how the documented payloads fare then."""

    def __init__(
        self, definition: JSONObject, claims: list[_Claim], payloads: dict[str, Payload]
    ) -> None:
        self.definition = definition
        self.claims = claims
        self.payloads = payloads
        self.patched = cast("JSONObject", apply(definition, [claim.action for claim in claims]))
        self.conformance = Conformance(self.patched)
        self.endpoints = self.conformance.endpoints
        self.findings = {
            name: finding
            for name, payload in payloads.items()
            if (finding := self._payload_finding(payload)) is not None
        }
        """By the name of the payload that does not pass."""

    def _payload_finding(self, payload: Payload) -> Finding | None:
        if payload.operation not in self.endpoints:
            message = (
                f"no operation has the operationId {payload.operation!r}, after which the folder "
                f"is named; the patched definition has {', '.join(sorted(self.endpoints))}"
            )
            return Finding(payload.path, message)
        try:
            mismatches = self.conformance.check_payload(self.endpoints[payload.operation], payload)
        except UnusableSchemaError as error:
            return Finding(payload.path, f"cannot be checked with all actions in force: {error}")
        if not mismatches:
            return None
        message = "does not pass although all actions are in force"
        resting = [claim.action.pointer for claim in self.claims if claim.rests_on(payload.name)]
        if resting:
            message += f"; the proof of {', '.join(resting)} rests on it"
        return Finding(payload.path, message, mismatches=tuple(mismatches))

    def without(self, unit: _Unit) -> JSONObject:
        """The definition with all actions but these in force.

        Raises:
            BadInputError: the others cannot be applied without them.
        """
        others = [claim.action for claim in self.claims if claim not in unit]
        return cast("JSONObject", apply(self.definition, others, strict=False))

    def payload(self, name: str) -> tuple[Endpoint, Payload]:
        if name not in self.payloads:
            names = ", ".join(self.payloads) or "none"
            raise _UnprovableError(f"there is no payload {name}; the payloads are {names}")
        payload = self.payloads[name]
        return self.endpoint(payload.operation), payload

    def endpoint(self, operation_id: str) -> Endpoint:
        if operation_id not in self.endpoints:
            names = ", ".join(sorted(self.endpoints))
            message = f"no operation has the operationId {operation_id!r}; there are {names}"
            raise _UnprovableError(message)
        return self.endpoints[operation_id]


class _UnprovableError(Exception):
    """A proof that names something that does not exist."""


def _unit_findings(in_force: _InForce, unit: _Unit) -> Iterator[Finding]:
    try:
        without = in_force.without(unit)
    except BadInputError as error:
        yield unit[0].finding(
            f"cannot be taken out alone, as another action needs it: {error}; {_GROUP}"
        )
        return
    if _kind(unit) == "neutral":
        yield from _neutral_findings(in_force, unit, without)
        return
    trial = _Trial(in_force, Conformance(without))
    for claim in unit:
        # A payload that does not pass proves nothing, and has its finding.
        if not any(claim.rests_on(name) for name in in_force.findings):
            yield from trial.findings(claim)


def _neutral_findings(in_force: _InForce, unit: _Unit, without: JSONObject) -> Iterator[Finding]:
    differences = validation_differences(in_force.patched, without)
    if differences:
        places = ", ".join(differences[:_MOST_PLACES])
        more = len(differences) - _MOST_PLACES
        message = (
            f"has neither x-evidence nor x-rejects, yet changes what validation sees: {places}"
            f"{f' and {more} more' if more > 0 else ''}; state its proof"
        )
        yield unit[0].finding(message)


@dataclass(frozen=True)
class _Trial:
    """The proofs of one unit: what is checked with all actions, and without the unit."""

    in_force: _InForce
    without: Conformance

    def findings(self, claim: _Claim) -> Iterator[Finding]:
        for name in claim.evidence:
            try:
                yield from self._evidence_findings(claim, name)
            except (_UnprovableError, UnusableSchemaError) as error:
                yield claim.finding(_unproved(f"x-evidence {name}", error))
        for rejection in claim.rejections:
            try:
                yield from self._rejection_findings(claim, rejection)
            except (_UnprovableError, UnusableSchemaError) as error:
                yield claim.finding(_unproved(f"x-rejects {rejection}", error))

    def _evidence_findings(self, claim: _Claim, name: str) -> Iterator[Finding]:
        if not self.without.check_payload(*self.in_force.payload(name)):
            message = (
                f"x-evidence {name} passes without the action too, so it does not show that the "
                "action is needed; name a payload that fails without it"
            )
            yield claim.finding(message)

    def _rejection_findings(self, claim: _Claim, rejection: Rejection) -> Iterator[Finding]:
        if not self._check(self.in_force.conformance, rejection):
            message = f"x-rejects {rejection} is accepted although the action is in force"
            yield claim.finding(message)
        without_action = self._check(self.without, rejection)
        if without_action:
            message = (
                f"x-rejects {rejection} is refused without the action too, so it does not show "
                "what the action refuses; name a value that passes without it"
            )
            yield claim.finding(message, without_action)

    def _check(self, conformance: Conformance, rejection: Rejection) -> list[Mismatch]:
        place = rejection.place
        if isinstance(place, BodyPlace):
            endpoint, payload = self.in_force.payload(place.payload)
            body = _changed(payload.body, place, rejection.value)
            return conformance.check_payload(endpoint, replace(payload, body=body))
        endpoint = self.in_force.endpoint(place.operation)
        if rejection.value is not ABSENT:
            return conformance.check_parameter(
                endpoint, place.location, place.name, rejection.value
            )
        if conformance.requires_parameter(endpoint, place.location, place.name):
            return [Mismatch("", "is required")]
        return []


def _unproved(statement: str, error: Exception) -> str:
    advice = f"; {_GROUP}" if isinstance(error, UnusableSchemaError) else ""
    return f"{statement} cannot be checked: {error}{advice}"


def _changed(body: JSON, place: BodyPlace, value: JSON | Absent) -> JSON:
    try:
        return replace_at(body, place.pointer, value)
    except KeyError:
        message = f"the pointer {place.pointer!r} leads nowhere in the body"
        raise _UnprovableError(message) from None
