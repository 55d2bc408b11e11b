"""Drift with the schema that it is about, and a payload that shows it."""

from __future__ import annotations

import contextlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from codegen.commands.suggest.schema_places import places, places_for_value, response_schema
from codegen.files.errors import BadInputError
from codegen.files.values import JSON, lookup, pointer_to
from codegen.openapi.definition import definition_data, read_definition
from codegen.openapi.references import shapes
from codegen.overlay import apply, read_overlay
from codegen.overlay.text import new_overlay
from codegen.proof.claims import read_claim, units
from codegen.proof.conformance import Conformance
from codegen.proof.schemas import UnusableSchemaError
from codegen.providers.payloads import read_payloads

if TYPE_CHECKING:
    from collections.abc import Sequence

    from codegen.commands.suggest.drift_log import SeenDrift
    from codegen.files.values import JSONObject
    from codegen.proof.claims import Claim
    from codegen.providers.payloads import Payload
    from codegen.providers.provider import Provider

_SUCCESS = range(200, 300)
_MARKED = re.compile(r"W-(\d+)")


@dataclass(frozen=True)
class Sighting:
    """A drift, and a payload that is documented but for it."""

    drift: SeenDrift
    schema: str
    """The JSON pointer of the schema that refuses it; for members of an object, the object's."""
    base: Payload
    at: tuple[str | int, ...]
    """Where in the body the value stands."""
    body: JSON
    """The base's body with the value that was seen."""


@dataclass(frozen=True)
class Refusal:
    """A drift that nothing is suggested for."""

    drift: SeenDrift
    reason: str

    def __str__(self) -> str:
        return f"{self.drift}: {self.reason}"


class Inputs:
    """What a suggestion starts from: the definition after its overlay, and the payloads."""

    def __init__(self, provider: Provider) -> None:
        self.provider = provider
        self._published = definition_data(read_definition(provider.definition_path))
        overlay = read_overlay(provider.overlay_path) if provider.overlay_path.exists() else None
        self._claims = [read_claim(action) for action in (overlay.actions if overlay else ())]
        self.definition = self._with(self._claims, strict=True)
        self.payloads = read_payloads(provider)
        self._conformance = Conformance(self.definition)
        discrepancies = overlay.extensions.get("x-discrepancies") if overlay else None
        listed = discrepancies if isinstance(discrepancies, dict) else {}
        marks = [int(it[1]) for name in listed if (it := _MARKED.fullmatch(name))]
        self.next_number = max(marks, default=0) + 1
        if overlay:
            self.overlay_text = overlay.document.text
        else:
            self.overlay_text = new_overlay(provider.title, provider.definition_reference)

    def _with(self, claims: Sequence[Claim], *, strict: bool) -> JSONObject:
        actions = [claim.action for claim in claims]
        return cast("JSONObject", apply(self._published, actions, strict=strict))

    def sighting(self, drift: SeenDrift) -> Sighting | Refusal:
        """Where the schema of a drift stands, with a payload that shows the drift."""
        if drift.operation not in self._conformance.endpoints:
            return Refusal(drift, "the definition has no such operation")
        if not drift.is_kept:
            return Refusal(drift, "the value was too long to be kept; nothing is known of it")
        for base in self._bases(drift.operation):
            sighting = self._sighting_in(drift, base)
            if sighting is not None and self._fits(base, sighting.body):
                return Refusal(drift, "the definition accepts it already")
            if sighting is not None:
                return sighting
        return Refusal(drift, "no documented payload of the operation reaches this place")

    def _bases(self, operation: str) -> list[Payload]:
        """The successes of an operation, those with the least to read first."""
        fitting = (
            payload
            for payload in self.payloads
            if payload.operation == operation
            and payload.status in _SUCCESS
            and self._fits(payload, payload.body)
        )
        return sorted(fitting, key=lambda payload: len(payload.path.read_bytes()))

    def _sighting_in(self, drift: SeenDrift, base: Payload) -> Sighting | None:
        start = response_schema(self.definition, base)
        if start is None:
            return None
        if drift.kind in ("unknown field", "missing"):
            return self._sighting_of_member(drift, base, start)
        for place in places_for_value(self.definition, start, base.body, drift.steps):
            body = _with_value(base.body, place.at, drift.actual)
            return Sighting(drift, place.pointer, base, place.at, body)
        return None

    def _sighting_of_member(self, drift: SeenDrift, base: Payload, start: str) -> Sighting | None:
        name = drift.steps[-1] if drift.steps else None
        for place in places(self.definition, start, base.body, drift.steps[:-1]):
            if name is None or not isinstance(lookup(base.body, pointer_to(*place.at)), dict):
                continue
            at = (*place.at, name)
            if drift.kind == "missing":
                shape = _that_requires(self.definition, place.pointer, name)
                return Sighting(drift, shape, base, at, _without_member(base.body, at))
            for shape, schema in shapes(self.definition, place.pointer):
                if isinstance(schema.get("properties"), dict):
                    body = _with_value(base.body, at, drift.actual)
                    return Sighting(drift, shape, base, at, body)
        return None

    def _fits(self, payload: Payload, body: JSON) -> bool:
        endpoint = self._conformance.endpoints[payload.operation]
        try:
            return not self._conformance.check_response(endpoint, payload.status, body)
        except UnusableSchemaError:
            return False

    def group_that_types(self, pointer: str) -> str | None:
        """The ``x-group`` in the overlay that gives a schema its ``type``; its proof needs it."""
        for unit in units(self._claims):
            group = unit[0].action.extensions.get("x-group")
            if not isinstance(group, str):
                continue
            others = [claim for claim in self._claims if claim not in unit]
            with contextlib.suppress(BadInputError, KeyError):
                without = lookup(self._with(others, strict=False), pointer)
                now = cast("JSONObject", lookup(self.definition, pointer))
                if isinstance(without, dict) and without.get("type") != now.get("type"):
                    return group
        return None


def _that_requires(definition: JSONObject, pointer: str, name: str) -> str:
    """Which shape of a schema requires a member; the schema itself when none does."""
    for shape, schema in shapes(definition, pointer):
        required = schema.get("required")
        if isinstance(required, list) and name in required:
            return shape
    return pointer


def _with_value(data: JSON, at: Sequence[str | int], value: JSON) -> JSON:
    """A copy of ``data`` with a value at a place; a place behind an array's end extends it."""
    if not at:
        return value
    if isinstance(data, list):
        index = int(at[0])
        if index == len(data):
            return [*data, value]
        return [*data[:index], _with_value(data[index], at[1:], value), *data[index + 1 :]]
    members = data if isinstance(data, dict) else {}
    name = str(at[0])
    return {**members, name: _with_value(members.get(name), at[1:], value)}


def _without_member(data: JSON, at: Sequence[str | int]) -> JSON:
    parent = cast("JSONObject", lookup(data, pointer_to(*at[:-1])))
    left = {name: value for name, value in parent.items() if name != at[-1]}
    return _with_value(data, at[:-1], left)
