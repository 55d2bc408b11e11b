"""A definition with all actions of its overlay, and trials of it without some of them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, cast

from codegen.files.values import ABSENT, replace_at
from codegen.overlay import apply
from codegen.proof.claim import Claim, Evidence, Finding, Statement, Unit
from codegen.proof.closing import UnusableSchemaError
from codegen.proof.conformance import Conformance
from codegen.proof.evidence import BodyPlace, Rejection
from codegen.proof.mismatch import Mismatch

if TYPE_CHECKING:
    from codegen.files.values import JSON, Absent, JSONObject
    from codegen.proof.conformance import Endpoint
    from codegen.providers.payloads import Payload


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
