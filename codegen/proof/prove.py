"""The proof that every action of an overlay does what its kind promises.

An action is taken out while all others are in force. Without a loosening one, payloads fail;
without a tightening one, wrong values pass; without a neutral one, validation sees no difference.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Final, TypeAlias, cast

from codegen.files.errors import BadInputError, Problem
from codegen.files.values import JSONObject, replace_at
from codegen.openapi.definition import definition_data
from codegen.openapi.grammar import lost_references
from codegen.overlay import Overlay, apply
from codegen.proof.claims import (
    BodyPlace,
    Claim,
    Finding,
    ParameterPlace,
    discrepancy_problem,
    kind,
    read_discrepancies,
    units,
)
from codegen.proof.conformance import Conformance, Endpoint
from codegen.proof.equivalence import stricter_places, validation_differences
from codegen.proof.schemas import UnusableSchemaError
from codegen.providers.patched import read_inputs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from codegen.proof.claims import Discrepancy, Kind, Statement, Unit
    from codegen.providers.payloads import Payload
    from codegen.providers.provider import Provider

_MOST_PLACES = 3
_GROUP = "give what belongs together one x-group"
_PASSES_WITHOUT = (
    "passes without the action too, so it does not show that the action is needed; name a payload "
    "that fails without it"
)
_REFUSED_WITHOUT = (
    "is refused without the action too, so it does not show what the action refuses; name a value "
    "that passes without it"
)


@dataclass(frozen=True)
class Proof:
    """What came of proving one overlay."""

    findings: tuple[Finding, ...]
    actions: Counter[str]
    """How many accept what was refused before, refuse what was accepted, or do neither."""
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
    inputs = read_inputs(provider)
    return prove_overlay(definition_data(inputs.canonical), inputs.overlay, inputs.payloads)


def prove_overlay(
    definition: JSONObject, overlay: Overlay | None, payloads: Sequence[Payload]
) -> Proof:
    """Prove every action of an overlay and check every payload.

    Raises:
        BadInputError: the overlay does not apply to the definition, or what it states as proof is
            not written as CONTRIBUTING.md says.
    """
    # A definition may need no correction; its payloads are checked all the same.
    known = {} if overlay is None else read_discrepancies(overlay)
    claims = [] if overlay is None else [Claim(action) for action in overlay.actions]
    states = [definition]
    for claim in claims:
        states.append(cast("JSONObject", apply(states[-1], [claim.action])))
    in_force = _InForce(states, claims, {payload.name: payload for payload in payloads})
    all_units = units(claims)
    findings = [
        *in_force.findings.values(),
        *(finding for claim in claims for finding in _formal_findings(claim, known)),
        *(finding for unit in all_units for finding in _unit_findings(in_force, unit)),
    ]
    actions = Counter[str](kind(unit) for unit in all_units for _ in unit)
    return Proof(tuple(findings), actions, len(payloads))


class _UnprovableError(Exception):
    """A proof that names something that does not exist."""


@dataclass(frozen=True)
class _InForce:
    """A definition with all actions in force, and how the documented payloads fare then."""

    states: list[JSONObject]
    """The definition before each action, and after the last."""
    claims: list[Claim]
    payloads: dict[str, Payload]

    @property
    def patched(self) -> JSONObject:
        """The definition with all actions."""
        return self.states[-1]

    @cached_property
    def conformance(self) -> Conformance:
        return Conformance(self.patched)

    @cached_property
    def findings(self) -> dict[str, Finding]:
        """By the name of the payload that does not pass."""
        found = {name: self._payload_finding(payload) for name, payload in self.payloads.items()}
        return {name: finding for name, finding in found.items() if finding is not None}

    def _payload_finding(self, payload: Payload) -> Finding | None:
        endpoints = self.conformance.endpoints
        if payload.operation not in endpoints:
            return _finding_about(
                payload,
                f"no operation has the operationId {payload.operation!r}, after which the folder "
                f"is named; the patched definition has {', '.join(sorted(endpoints))}",
            )
        try:
            mismatches = self.conformance.check_payload(endpoints[payload.operation], payload)
        except UnusableSchemaError as error:
            return _finding_about(payload, f"cannot be checked with all actions in force: {error}")
        if not mismatches:
            return None
        message = "does not pass although all actions are in force"
        resting = [c.action.pointer for c in self.claims if payload.name in c.payloads]
        if resting:
            message += f"; the proof of {', '.join(resting)} rests on it"
        return _finding_about(payload, message, mismatches)

    def without(self, unit: Unit) -> _Trial:
        """The definition with all actions but these in force.

        Raises:
            BadInputError: the others cannot be applied without them.
        """
        first = min(map(self.claims.index, unit))
        # What stands before it is as it was: actions are applied once for each pair of them.
        others = [claim.action for claim in self.claims[first:] if claim not in unit]
        definition = cast("JSONObject", apply(self.states[first], others, strict=False))
        return _Trial(self, unit, definition)

    def can_judge(self, claim: Claim) -> bool:
        """Whether the payloads that the claim rests on pass; else they have their finding."""
        return not claim.payloads & self.findings.keys()

    def refused(self, statement: Statement, conformance: Conformance) -> list[Problem]:
        """What does not fit about what is stated, to the definition that is asked.

        Raises:
            _UnprovableError: the statement names something that does not exist.
            UnusableSchemaError: a schema refers to what is missing without the actions.
        """
        if isinstance(statement, str):
            return conformance.check_payload(*self._payload(statement))
        value = statement.value
        match statement.place:
            case BodyPlace(name, pointer):
                endpoint, payload = self._payload(name)
                try:
                    body = replace_at(payload.body, pointer, value)
                except KeyError:
                    message = f"the pointer {pointer!r} leads nowhere in the body"
                    raise _UnprovableError(message) from None
                return conformance.check_payload(endpoint, replace(payload, body=body))
            case ParameterPlace(operation, location, name):
                endpoint = self._endpoint(operation)
                return conformance.check_parameter(endpoint, location, name, value)

    def _payload(self, name: str) -> tuple[Endpoint, Payload]:
        if name not in self.payloads:
            names = ", ".join(self.payloads) or "none"
            raise _UnprovableError(f"there is no payload {name}; the payloads are {names}")
        payload = self.payloads[name]
        return self._endpoint(payload.operation), payload

    def _endpoint(self, operation_id: str) -> Endpoint:
        """By the operationId in the patched definition, which the actions may have changed."""
        endpoints = self.conformance.endpoints
        if operation_id not in endpoints:
            names = ", ".join(sorted(endpoints))
            message = f"no operation has the operationId {operation_id!r}; there are {names}"
            raise _UnprovableError(message)
        return endpoints[operation_id]


@dataclass(frozen=True)
class _Trial:
    """The definition with some actions taken out, beside all in force."""

    in_force: _InForce
    unit: Unit
    """What is taken out."""
    definition: JSONObject

    @cached_property
    def conformance(self) -> Conformance:
        return Conformance(self.definition)

    @cached_property
    def differences(self) -> list[str]:
        """Where validation sees that the actions are missing."""
        return validation_differences(self.in_force.patched, self.definition)


def _finding_about(payload: Payload, message: str, mismatches: Iterable[Problem] = ()) -> Finding:
    return Finding(BadInputError(message, file=payload.path), mismatches=mismatches)


def _formal_findings(claim: Claim, known: dict[str, Discrepancy]) -> Iterator[Finding]:
    if not claim.action.description.strip():
        yield claim.finding("description is missing; say what the action does and why")
    if problem := discrepancy_problem(claim.action, known):
        yield claim.finding(problem)


def _unit_findings(in_force: _InForce, unit: Unit) -> Iterator[Finding]:
    try:
        trial = in_force.without(unit)
    except BadInputError as error:
        message = f"cannot be taken out alone, as another action needs it: {error}; {_GROUP}"
        yield unit[0].finding(message)
    else:
        for rule in _RULES[kind(unit)]:
            yield from rule(trial)


def _visible_changes(trial: _Trial) -> Iterator[Finding]:
    if trial.differences:
        yield trial.unit[0].finding(
            "has neither x-evidence nor x-rejects, yet changes what validation sees: "
            f"{_listed(trial.differences)}; state its proof"
        )


def _refuted_statements(trial: _Trial) -> Iterator[Finding]:
    """What is wrong with the statements of a unit.

    What an action of a group refuses may also show when it is taken out alone; but only beside a
    statement that shows what the whole group is for.
    """
    judged = [
        (claim, statement, _judge(trial, claim, statement))
        for claim in trial.unit
        if trial.in_force.can_judge(claim)
        for statement in claim.statements
    ]
    group_is_shown = any(finding is None for _, _, finding in judged)
    for claim, statement, finding in judged:
        if finding and not (group_is_shown and _shows_alone(trial.in_force, claim, statement)):
            yield finding


def _judge(trial: _Trial, claim: Claim, statement: Statement) -> Finding | None:
    named = f"x-{'evidence' if isinstance(statement, str) else 'rejects'} {statement}"
    in_force = trial.in_force
    try:
        without = in_force.refused(statement, trial.conformance)
        if isinstance(statement, str):
            # With all actions it passes, else it has its finding.
            return None if without else claim.finding(f"{named} {_PASSES_WITHOUT}")
        if not in_force.refused(statement, in_force.conformance):
            return claim.finding(f"{named} is accepted although the action is in force")
    except _UnprovableError as error:
        return claim.finding(f"{named} cannot be checked: {error}")
    except UnusableSchemaError as error:
        return claim.finding(f"{named} cannot be checked: {error}; {_GROUP}")
    return claim.finding(f"{named} {_REFUSED_WITHOUT}", without) if without else None


def _shows_alone(in_force: _InForce, claim: Claim, statement: Statement) -> bool:
    """Whether a rejection holds with its action alone taken out."""
    if isinstance(statement, str):
        return False
    try:
        return _judge(in_force.without((claim,)), claim, statement) is None
    except BadInputError:
        return False


def _unproven_refusals(trial: _Trial) -> Iterator[Finding]:
    """That a unit whose proof is that it accepts something also refuses something."""
    places = stricter_places(trial.definition, trial.in_force.patched)
    if places and not any(claim.rejections for claim in trial.unit):
        yield trial.unit[0].finding(
            f"has x-evidence only, yet also refuses what was accepted before: {_listed(places)}; "
            "state x-rejects for that, best in an action of its own"
        )


def _idle_riders(trial: _Trial) -> Iterator[Finding]:
    """Which actions leave the proof to their group and have no part in it."""
    in_force, unit = trial.in_force, trial.unit
    # A payload that does not pass is the finding; what it shows of others is not known.
    if not all(map(in_force.can_judge, unit)):
        return
    for claim in unit:
        if claim.statements:
            continue
        try:
            alone = in_force.without((claim,))
        except BadInputError:
            continue  # the others cannot be applied without it
        if set(lost_references(alone.definition)) - set(lost_references(in_force.patched)):
            continue
        statements = [statement for other in unit for statement in other.statements]
        if alone.differences and not any(_is_decided(alone, statement) for statement in statements):
            yield claim.finding(
                "has no proof of its own and no part in that of its x-group, which holds without "
                f"it too, yet changes what validation sees: {_listed(alone.differences)}; state "
                "its proof"
            )


def _is_decided(trial: _Trial, statement: Statement) -> bool:
    """Whether something is accepted with the actions and refused without, or the reverse."""
    in_force = trial.in_force
    try:
        with_all = in_force.refused(statement, in_force.conformance)
        return bool(with_all) != bool(in_force.refused(statement, trial.conformance))
    except UnusableSchemaError:
        return True
    except _UnprovableError:
        return False  # it has its finding


_Rule: TypeAlias = "Callable[[_Trial], Iterator[Finding]]"

_RULES: Final[dict[Kind, tuple[_Rule, ...]]] = {
    "loosening": (_refuted_statements, _unproven_refusals, _idle_riders),
    "tightening": (_refuted_statements, _idle_riders),
    "neutral": (_visible_changes,),
}
"""What is looked for when the actions of a unit are taken out, by what they claim to do."""


def _listed(places: list[str]) -> str:
    more = len(places) - _MOST_PLACES
    return ", ".join(places[:_MOST_PLACES]) + (f" and {more} more" if more > 0 else "")
