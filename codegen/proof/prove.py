"""The proof that every action of an overlay does what its kind promises.

An action is taken out while all others are in force. Without a loosening one, payloads fail;
without a tightening one, wrong values pass; without a neutral one, validation sees no difference.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeAlias, cast

from codegen.files.errors import BadInputError
from codegen.files.values import ABSENT, replace_at
from codegen.openapi.definition import definition_data, read_definition
from codegen.openapi.grammar import lost_references
from codegen.overlay import apply, read_overlay
from codegen.proof.claims import (
    BodyPlace,
    Claim,
    Evidence,
    Finding,
    Rejection,
    Statement,
    Unit,
    discrepancy_problem,
    kind,
    read_claim,
    read_discrepancies,
    units,
)
from codegen.proof.conformance import Conformance
from codegen.proof.equivalence import stricter_places, validation_differences
from codegen.proof.schemas import Mismatch, UnusableSchemaError
from codegen.providers.payloads import read_payloads

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from codegen.files.values import JSON, Absent, JSONObject
    from codegen.overlay import Overlay
    from codegen.proof.claims import Discrepancy
    from codegen.proof.conformance import Endpoint
    from codegen.providers.payloads import Payload
    from codegen.providers.provider import Provider


_MOST_PLACES = 3
_GROUP = "give what belongs together one x-group"


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
    claims = [read_claim(action) for action in (() if overlay is None else overlay.actions)]
    in_force = InForce(definition, claims, {payload.name: payload for payload in payloads})
    all_units = units(claims)
    findings = [
        *in_force.findings.values(),
        *(finding for claim in claims for finding in _formal_findings(claim, known)),
        *(finding for unit in all_units for finding in _unit_findings(in_force, unit)),
    ]
    kinds = Counter(name for unit in all_units for name in [kind(unit)] * len(unit))
    return Proof(
        findings=tuple(findings),
        loosening=kinds["loosening"],
        tightening=kinds["tightening"],
        neutral=kinds["neutral"],
        payloads=len(payloads),
    )


def _formal_findings(claim: Claim, known: dict[str, Discrepancy]) -> Iterator[Finding]:
    if not claim.action.description.strip():
        yield claim.finding("description is missing; say what the action does and why")
    problem = discrepancy_problem(claim.action, known)
    if problem is not None:
        yield claim.finding(problem)


def _unit_findings(in_force: InForce, unit: Unit) -> Iterator[Finding]:
    try:
        without = in_force.without(unit)
    except BadInputError as error:
        yield unit[0].finding(
            f"cannot be taken out alone, as another action needs it: {error}; {_GROUP}"
        )
        return
    if kind(unit) == "neutral":
        yield from _neutral_findings(in_force, unit, without)
        return
    yield from _statement_findings(in_force, unit, without)
    if not any(claim.rejections for claim in unit):
        yield from _strictness_findings(in_force, unit, without)
    # A payload that does not pass is the finding; what it shows of others is not known.
    can_judge = all(map(in_force.can_judge, unit))
    for claim in unit if can_judge else ():
        if not claim.statements:
            yield from _rider_findings(in_force, unit, claim)


def _neutral_findings(in_force: InForce, unit: Unit, without: JSONObject) -> Iterator[Finding]:
    differences = validation_differences(in_force.patched, without)
    if differences:
        yield unit[0].finding(
            "has neither x-evidence nor x-rejects, yet changes what validation sees: "
            f"{_listed(differences)}; state its proof"
        )


def _strictness_findings(in_force: InForce, unit: Unit, without: JSONObject) -> Iterator[Finding]:
    places = stricter_places(without, in_force.patched)
    if places:
        yield unit[0].finding(
            f"has x-evidence only, yet also refuses what was accepted before: {_listed(places)}; "
            "state x-rejects for that, best in an action of its own"
        )


def _listed(places: list[str]) -> str:
    more = len(places) - _MOST_PLACES
    return ", ".join(places[:_MOST_PLACES]) + (f" and {more} more" if more > 0 else "")


_Judged: TypeAlias = "tuple[Claim, Statement, list[Finding]]"


def _statement_findings(in_force: InForce, unit: Unit, without: JSONObject) -> Iterator[Finding]:
    """What is wrong with the statements of a unit.

    What an action of a group refuses may also show when it is taken out alone; but only beside a
    statement that shows what the whole group is for.
    """
    trial = Trial(in_force, Conformance(without))
    judged: list[_Judged] = [
        (claim, statement, _judge(trial, claim, statement))
        for claim in unit
        if in_force.can_judge(claim)
        for statement in claim.statements
    ]
    group_is_shown = any(not findings for _, _, findings in judged)
    for claim, statement, findings in judged:
        if not (findings and group_is_shown and _shows_alone(in_force, claim, statement)):
            yield from findings


def _judge(trial: Trial, claim: Claim, statement: Statement) -> list[Finding]:
    named = str(statement) if isinstance(statement, Evidence) else f"x-rejects {statement}"
    try:
        refutation = trial.refutation(statement)
    except UnprovableError as error:
        return [claim.finding(f"{named} cannot be checked: {error}")]
    except UnusableSchemaError as error:
        return [claim.finding(f"{named} cannot be checked: {error}; {_GROUP}")]
    if refutation is None:
        return []
    message, mismatches = refutation
    return [claim.finding(f"{named} {message}", mismatches)]


def _shows_alone(in_force: InForce, claim: Claim, statement: Statement) -> bool:
    """Whether a rejection holds with its action alone taken out."""
    if isinstance(statement, Evidence):
        return False
    try:
        trial = Trial(in_force, Conformance(in_force.without((claim,))))
        return trial.refutation(statement) is None
    except (BadInputError, UnprovableError, UnusableSchemaError):
        return False


def _rider_findings(in_force: InForce, unit: Unit, claim: Claim) -> Iterator[Finding]:
    """Whether an action that leaves the proof to its group has a part in it."""
    try:
        without = in_force.without((claim,))
    except BadInputError:
        return  # the others cannot be applied without it
    if set(lost_references(without)) - set(lost_references(in_force.patched)):
        return
    differences = validation_differences(in_force.patched, without)
    if differences and not _decides_a_statement(in_force, unit, without):
        yield claim.finding(
            "has no proof of its own and no part in that of its x-group, which holds without it "
            f"too, yet changes what validation sees: {_listed(differences)}; state its proof"
        )


def _decides_a_statement(in_force: InForce, unit: Unit, without: JSONObject) -> bool:
    trial = Trial(in_force, Conformance(without))
    for claim in unit:
        for statement in claim.statements:
            try:
                if trial.is_decided_by_the_actions(statement):
                    return True
            except UnusableSchemaError:
                return True
            except UnprovableError:
                pass  # it has its finding
    return False


class UnprovableError(Exception):
    """A proof that names something that does not exist."""


class InForce:
    """All actions in force, and how the documented payloads fare then."""

    def __init__(
        self, definition: JSONObject, claims: list[Claim], payloads: dict[str, Payload]
    ) -> None:
        self._definition = definition
        self._claims = claims
        self._payloads = payloads
        self.patched = cast("JSONObject", apply(definition, [claim.action for claim in claims]))
        self.conformance = Conformance(self.patched)
        self.findings = {
            name: finding
            for name, payload in payloads.items()
            if (finding := self._payload_finding(payload)) is not None
        }
        """By the name of the payload that does not pass."""

    def _payload_finding(self, payload: Payload) -> Finding | None:
        endpoints = self.conformance.endpoints
        if payload.operation not in endpoints:
            message = (
                f"no operation has the operationId {payload.operation!r}, after which the folder "
                f"is named; the patched definition has {', '.join(sorted(endpoints))}"
            )
            return Finding(payload.path, message)
        try:
            mismatches = self.conformance.check_payload(endpoints[payload.operation], payload)
        except UnusableSchemaError as error:
            return Finding(payload.path, f"cannot be checked with all actions in force: {error}")
        if not mismatches:
            return None
        message = "does not pass although all actions are in force"
        resting = [claim.action.pointer for claim in self._claims if claim.rests_on(payload.name)]
        if resting:
            message += f"; the proof of {', '.join(resting)} rests on it"
        return Finding(payload.path, message, mismatches=tuple(mismatches))

    def without(self, unit: Unit) -> JSONObject:
        """The definition with all actions but these in force.

        Raises:
            BadInputError: the others cannot be applied without them.
        """
        others = [claim.action for claim in self._claims if claim not in unit]
        return cast("JSONObject", apply(self._definition, others, strict=False))

    def can_judge(self, claim: Claim) -> bool:
        """Whether the payloads that the claim rests on pass; else they have their finding."""
        return not any(claim.rests_on(name) for name in self.findings)

    def payload(self, name: str) -> tuple[Endpoint, Payload]:
        """A payload, and the endpoint that answered it.

        Raises:
            UnprovableError: there is none of this name.
        """
        if name not in self._payloads:
            names = ", ".join(self._payloads) or "none"
            raise UnprovableError(f"there is no payload {name}; the payloads are {names}")
        payload = self._payloads[name]
        return self.endpoint(payload.operation), payload

    def endpoint(self, operation_id: str) -> Endpoint:
        """The endpoint of an operation, by its operationId in the patched definition.

        Raises:
            UnprovableError: there is none.
        """
        endpoints = self.conformance.endpoints
        if operation_id not in endpoints:
            names = ", ".join(sorted(endpoints))
            message = f"no operation has the operationId {operation_id!r}; there are {names}"
            raise UnprovableError(message)
        return endpoints[operation_id]


@dataclass(frozen=True)
class Trial:
    """What is accepted with all actions, and without some.

    The methods raise UnprovableError for a statement that names something that does not exist, and
    UnusableSchemaError where a schema refers to what is missing without the actions.
    """

    in_force: InForce
    without: Conformance

    def is_decided_by_the_actions(self, statement: Statement) -> bool:
        """Whether a value is accepted with the actions and refused without, or the reverse."""
        return bool(self._check(self.in_force.conformance, statement)) != bool(
            self._check(self.without, statement)
        )

    def refutation(self, statement: Statement) -> tuple[str, list[Mismatch]] | None:
        """Why a statement is wrong, and what validation said; None when it is right."""
        without = self._check(self.without, statement)
        if isinstance(statement, Evidence):
            if without:
                return None
            message = (
                "passes without the action too, so it does not show that the action is needed; "
                "name a payload that fails without it"
            )
            return message, []
        if not self._check(self.in_force.conformance, statement):
            return "is accepted although the action is in force", []
        if not without:
            return None
        message = (
            "is refused without the action too, so it does not show what the action refuses; name "
            "a value that passes without it"
        )
        return message, without

    def _check(self, conformance: Conformance, statement: Statement) -> list[Mismatch]:
        if isinstance(statement, Evidence):
            return conformance.check_payload(*self.in_force.payload(statement.payload))
        return self._check_rejection(conformance, statement)

    def _check_rejection(self, conformance: Conformance, rejection: Rejection) -> list[Mismatch]:
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


def _changed(body: JSON, place: BodyPlace, value: JSON | Absent) -> JSON:
    try:
        return replace_at(body, place.pointer, value)
    except KeyError:
        message = f"the pointer {place.pointer!r} leads nowhere in the body"
        raise UnprovableError(message) from None
