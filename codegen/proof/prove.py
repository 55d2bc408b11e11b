"""The proof that every action of an overlay does what its kind promises.

An action is taken out while all others are in force. Without a loosening one, payloads fail;
without a tightening one, wrong values pass; without a neutral one, validation sees no difference.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from codegen.files.errors import BadInputError
from codegen.openapi.definition import definition_data, read_definition
from codegen.openapi.grammar import lost_references
from codegen.overlay import read_overlay
from codegen.proof.claim import Claim, Evidence, Finding, Statement, Unit, kind, read_claim, units
from codegen.proof.closing import UnusableSchemaError
from codegen.proof.conformance import Conformance
from codegen.proof.discrepancy import discrepancy_problem, read_discrepancies
from codegen.proof.strictness import stricter_places
from codegen.proof.trial import InForce, Trial, UnprovableError
from codegen.proof.validation_view import validation_differences
from codegen.providers.payloads import read_payloads

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from codegen.files.values import JSONObject
    from codegen.overlay import Overlay
    from codegen.proof.discrepancy import Discrepancy
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
