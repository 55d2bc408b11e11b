"""The proof that every action of an overlay does what its kind promises.

An action is taken out while all others are in force. Without a loosening one, payloads fail;
without a tightening one, wrong values pass; without a neutral one, validation sees no difference.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Final, TypeAlias, cast

from codegen.files.errors import BadInputError, BadInputs, Problem, shortened
from codegen.files.values import JSONObject, replace_at
from codegen.openapi.definition import definition_data
from codegen.openapi.grammar import lost_references
from codegen.overlay import apply
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
from codegen.proof.omission import Omissions
from codegen.proof.schemas import UnusableSchemaError
from codegen.providers.patched import in_canonical_form, read_inputs

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator

    from codegen.overlay import Action
    from codegen.proof.claims import Discrepancy, Kind, Statement, Unit
    from codegen.providers.patched import Inputs
    from codegen.providers.payloads import Payload
    from codegen.providers.provider import Provider

_GROUP = "give what belongs together one x-group"
_NEEDED_AT_ALL = "states a proof, but needs none: without it the definition has no canonical form"
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
    """Prove a provider's overlays with its definition and its documented payloads.

    Raises:
        BadInputError: a file cannot be used, or an overlay does not apply to the definition.
        BadInputs: the same, several times.
    """
    return prove_inputs(read_inputs(provider))


def prove_inputs(inputs: Inputs) -> Proof:
    """Prove every action of the overlay and of the repairs, and check every payload.

    Raises:
        BadInputError: an overlay does not apply to the definition, or what it states as proof is
            not written as CONTRIBUTING.md says.
        BadInputs: the definition is not valid, or the table of names contradicts it.
    """
    # A definition may need no correction; its payloads are checked all the same.
    known = {} if inputs.overlay is None else read_discrepancies(inputs.overlay)
    repairs = () if inputs.repairs is None else inputs.repairs.actions
    mending = [Claim(action) for action in repairs]
    correcting = [Claim(action) for action in inputs.actions]
    mending_units, correcting_units = units(mending), units(correcting)
    corrections = Omissions(
        definition_data(inputs.canonical),
        inputs.actions,
        [[claim.action for claim in unit] for unit in correcting_units],
    )

    def without_repairs(actions: Collection[Action]) -> JSONObject:
        others = [action for action in repairs if action not in actions]
        try:
            canonical = in_canonical_form(inputs, others, strict=False)
        except (BadInputError, BadInputs) as error:
            raise _UnusableError(str(error)) from error
        return cast("JSONObject", apply(canonical.data, inputs.actions, strict=False))

    payloads = {payload.name: payload for payload in inputs.payloads}
    in_force = _InForce(corrections.patched, [*mending, *correcting], payloads)
    findings = [
        *in_force.findings.values(),
        *(finding for claim in in_force.claims for finding in _formal_findings(claim, known)),
        *_unit_findings(in_force, mending_units, without_repairs),
        *_unit_findings(in_force, correcting_units, corrections.without),
    ]
    actions = Counter[str](kind(unit) for unit in (*mending_units, *correcting_units) for _ in unit)
    return Proof(tuple(findings), actions, len(payloads))


class _UnprovableError(Exception):
    """A proof that names something that does not exist."""


class _UnusableError(Exception):
    """A definition has no canonical form without a repair: that is the repair's proof."""


@dataclass(frozen=True)
class _InForce:
    """A definition with all actions in force, and how the documented payloads fare then."""

    patched: JSONObject
    """The definition with all actions."""
    claims: list[Claim]
    payloads: dict[str, Payload]

    @cached_property
    def conformance(self) -> Conformance:
        return Conformance(self.patched)

    @cached_property
    def findings(self) -> dict[str, Finding]:
        """By the name of the payload that does not pass."""
        found = {name: self._payload_finding(payload) for name, payload in self.payloads.items()}
        return {name: finding for name, finding in found.items() if finding is not None}

    def _payload_finding(self, payload: Payload) -> Finding | None:
        try:
            endpoint = self._endpoint(payload.operation)
            mismatches = self.conformance.check_payload(endpoint, payload)
        except _UnprovableError as error:
            return _finding_about(payload, f"its folder is named after no operation: {error}")
        except UnusableSchemaError as error:
            return _finding_about(payload, f"cannot be checked with all actions in force: {error}")
        if not mismatches:
            return None
        message = "does not pass although all actions are in force"
        resting = [c.action.pointer for c in self.claims if payload.name in c.payloads]
        if resting:
            message += f"; the proof of {', '.join(resting)} rests on it"
        return _finding_about(payload, message, mismatches)

    @cached_property
    def lost_references(self) -> set[tuple[str, str]]:
        return set(lost_references(self.patched))

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
    leave_out: _LeaveOut

    @cached_property
    def definition(self) -> JSONObject:
        """The definition with all actions but these in force.

        Raises:
            BadInputError: the others cannot be applied without them.
            _UnusableError: there is none.
        """
        return self.leave_out([claim.action for claim in self.unit])

    @cached_property
    def conformance(self) -> Conformance:
        return Conformance(self.definition)

    @cached_property
    def differences(self) -> list[str]:
        """Where validation sees that the actions are missing."""
        return validation_differences(self.in_force.patched, self.definition)

    def alone(self, claim: Claim) -> _Trial | None:
        """That with one action taken out; None where the others cannot be applied without it."""
        trial = replace(self, unit=(claim,))
        try:
            _ = trial.definition
        except (BadInputError, _UnusableError):
            return None
        return trial


def _finding_about(payload: Payload, message: str, mismatches: Iterable[Problem] = ()) -> Finding:
    return Finding(BadInputError(message, file=payload.path), mismatches=mismatches)


def _formal_findings(claim: Claim, known: dict[str, Discrepancy]) -> Iterator[Finding]:
    named = claim.action.extensions.get("x-discrepancy")
    if not claim.action.description.strip() and named not in known:
        yield claim.finding("description is missing; say what the action does and why")
    if problem := discrepancy_problem(claim.action, known):
        yield claim.finding(problem)


def _unit_findings(
    in_force: _InForce, all_units: Iterable[Unit], leave_out: _LeaveOut
) -> Iterator[Finding]:
    for unit in all_units:
        trial = _Trial(in_force, unit, leave_out)
        try:
            _ = trial.definition
        except BadInputError as error:
            message = f"cannot be taken out alone, as another action needs it: {error}; {_GROUP}"
            yield unit[0].finding(message)
        except _UnusableError as error:
            for claim in unit:
                if claim.statements:
                    yield claim.finding(f"{_NEEDED_AT_ALL}: {error}")
        else:
            for rule in _RULES[kind(unit)]:
                yield from rule(trial)


def _visible_changes(trial: _Trial) -> Iterator[Finding]:
    if trial.differences:
        yield trial.unit[0].finding(
            "has neither x-evidence nor x-rejects, yet changes what validation sees: "
            f"{shortened(trial.differences)}; state its proof"
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
        if finding and not (group_is_shown and _shows_alone(trial, claim, statement)):
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


def _shows_alone(trial: _Trial, claim: Claim, statement: Statement) -> bool:
    """Whether a rejection holds with its action alone taken out."""
    alone = None if isinstance(statement, str) else trial.alone(claim)
    return alone is not None and _judge(alone, claim, statement) is None


def _unproven_refusals(trial: _Trial) -> Iterator[Finding]:
    """That a unit whose proof is that it accepts something also refuses something."""
    places = stricter_places(trial.definition, trial.in_force.patched)
    if places and not any(claim.rejections for claim in trial.unit):
        yield trial.unit[0].finding(
            "has x-evidence only, yet also refuses what was accepted before: "
            f"{shortened(places)}; state x-rejects for that, best in an action of its own"
        )


def _idle_riders(trial: _Trial) -> Iterator[Finding]:
    """Which actions leave the proof to their group and have no part in it."""
    in_force, unit = trial.in_force, trial.unit
    # A payload that does not pass is the finding; what it shows of others is not known.
    if not all(map(in_force.can_judge, unit)):
        return
    statements = [statement for claim in unit for statement in claim.statements]
    for claim in unit:
        alone = None if claim.statements else trial.alone(claim)
        if (
            alone is not None
            and alone.differences
            and not any(_is_decided(alone, statement) for statement in statements)
            and not set(lost_references(alone.definition)) - in_force.lost_references
        ):
            yield claim.finding(
                "has no proof of its own and no part in that of its x-group, which holds without "
                "it too, yet changes what validation sees: "
                f"{shortened(alone.differences)}; state its proof"
            )


def _is_decided(trial: _Trial, statement: Statement) -> bool:
    """Whether something is accepted with the actions and refused without, or the reverse."""
    in_force = trial.in_force
    try:
        with_all = in_force.refused(statement, in_force.conformance)
        return bool(with_all) != bool(in_force.refused(statement, trial.conformance))
    except (UnusableSchemaError, _UnprovableError):
        return True  # it shows that something is needed, or has its own finding


_LeaveOut: TypeAlias = "Callable[[Collection[Action]], JSONObject]"
"""Makes the definition without some actions."""
_Rule: TypeAlias = "Callable[[_Trial], Iterator[Finding]]"

_RULES: Final[dict[Kind, tuple[_Rule, ...]]] = {
    "loosening": (_refuted_statements, _unproven_refusals, _idle_riders),
    "tightening": (_refuted_statements, _idle_riders),
    "neutral": (_visible_changes,),
}
"""What is looked for when the actions of a unit are taken out, by what they claim to do."""
