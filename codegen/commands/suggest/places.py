"""Where in a definition a drift has its schema, and which documented payload shows the drift.

Schema and payload are walked together: of several shapes the payload's own is followed.
"""

from __future__ import annotations

import contextlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias, cast

from codegen.files.errors import BadInputError
from codegen.files.values import ABSENT, JSON, json_type, lookup, pointer_to, replace_at
from codegen.openapi.definition import definition_data
from codegen.openapi.media_types import json_media_type
from codegen.openapi.references import EMPTY, object_at, shapes
from codegen.overlay import apply
from codegen.proof.claims import Claim, read_discrepancies, units
from codegen.proof.conformance import Conformance
from codegen.proof.schemas import UnusableSchemaError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from codegen.commands.suggest.drift_log import SeenDrift, Step
    from codegen.files.values import Absent, JSONObject, Location
    from codegen.providers.patched import Inputs
    from codegen.providers.payloads import Payload

_OF_MEMBERS = ("unknown field", "missing")
_SUCCESS = range(200, 300)
_MARKED = re.compile(r"W-(\d+)")


Place: TypeAlias = "tuple[str, Location]"
"""The JSON pointer of a schema, and the place in a payload's body that the schema describes."""


def places(
    definition: JSONObject, place: Place, value: JSON, steps: Sequence[Step], *, is_new: bool
) -> Iterator[Place]:
    """Where the schemas stand that describe what a path leads to, from a value at a place on.

    If it is new, its last member need not be there, and its last item is a further one.
    """
    if not steps:
        yield place
        return
    start, at = place
    step, *rest = steps
    for shape, schema in shapes(definition, start):
        inner, types = _inner(shape, schema, step), types_of(schema)
        if inner is None or (types and json_type(value) not in types):
            continue
        for key, item in _members(value, step, is_new=is_new and not rest):
            yield from places(definition, (inner, (*at, key)), item, rest, is_new=is_new)


def _members(value: JSON, step: Step, *, is_new: bool) -> list[tuple[str | int, JSON]]:
    if isinstance(value, list) and step is None:
        return [(len(value), None)] if is_new else list(enumerate(value))
    if isinstance(value, dict) and step is not None and (is_new or step in value):
        return [(step, value.get(step))]
    return []


def types_of(schema: JSONObject) -> list[str]:
    """The types that a schema names; none when it does not speak of them."""
    kind = schema.get("type")
    if isinstance(kind, str):
        return [kind]
    return [str(name) for name in kind] if isinstance(kind, list) else []


def _inner(pointer: str, schema: JSONObject, step: Step) -> str | None:
    of_member = (pointer_to("properties", step or ""), "/additionalProperties")
    inside = ("/items",) if step is None else of_member
    described = (place for place in inside if object_at(schema, place) is not EMPTY)
    return next((pointer + place for place in described), None)


@dataclass(frozen=True)
class Sighting:
    """A drift, and a payload that is documented but for it."""

    drift: SeenDrift
    schema: str
    """The JSON pointer of the schema that refuses it; for members of an object, the object's."""
    base: Payload
    at: Location
    """Where in the body the value stands."""
    body: JSON
    """The base's body with the value that was seen."""

    @property
    def member(self) -> str:
        """Which member is unknown or missing; empty for a value of the schema itself."""
        return str(self.at[-1]) if self.drift.kind in _OF_MEMBERS else ""


@dataclass(frozen=True)
class Refusal:
    """A drift that nothing is suggested for."""

    drift: SeenDrift
    reason: str

    def __str__(self) -> str:
        return f"{self.drift}: {self.reason}"


class Corrected:
    """What a suggestion starts from: the canonical definition with all actions, and payloads."""

    def __init__(self, inputs: Inputs) -> None:
        self.inputs = inputs
        actions = inputs.overlay.actions if inputs.overlay else ()
        self._claims = [Claim(action) for action in actions]
        self.definition = self._with(self._claims, strict=True)
        self._conformance = Conformance(self.definition)

    def _with(self, claims: Sequence[Claim], *, strict: bool) -> JSONObject:
        canonical = definition_data(self.inputs.canonical)
        actions = [claim.action for claim in claims]
        return cast("JSONObject", apply(canonical, actions, strict=strict))

    @property
    def next_number(self) -> int:
        """The first that no discrepancy of a suggestion has in its id."""
        overlay = self.inputs.overlay
        names = read_discrepancies(overlay) if overlay else {}
        marks = [int(mark[1]) for name in names if (mark := _MARKED.fullmatch(name))]
        return max(marks, default=0) + 1

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
        """The successes of an operation, or its events, those with the least to read first."""
        fitting = (
            payload
            for payload in self.inputs.payloads
            if payload.operation == operation
            and (payload.is_event or payload.status in _SUCCESS)
            and self._fits(payload, payload.body)
        )
        return sorted(fitting, key=lambda payload: len(payload.path.read_bytes()))

    def _sighting_in(self, drift: SeenDrift, base: Payload) -> Sighting | None:
        start = self._body_schema(base)
        if start is None:
            return None
        is_member = drift.kind in _OF_MEMBERS
        steps = drift.steps[:-1] if is_member else drift.steps
        value = ABSENT if drift.kind == "missing" else drift.actual
        found = places(self.definition, (start, ()), base.body, steps, is_new=not is_member)
        for schema, at in found:
            if not is_member:
                return Sighting(drift, schema, base, at, _with_value(base.body, at, value))
            name = drift.steps[-1] if drift.steps else None
            if name is None or not isinstance(lookup(base.body, pointer_to(*at)), dict):
                continue
            shape = self._shape_with(schema, name, drift)
            if shape is not None:
                body = _with_value(base.body, (*at, name), value)
                return Sighting(drift, shape, base, (*at, name), body)
        return None

    def _body_schema(self, base: Payload) -> str | None:
        """The JSON pointer of the schema of a payload's body; None when there is none."""
        endpoint = self._conformance.endpoints[base.operation]
        place, content = self._conformance.response_content(endpoint, base.status) or ("", {})
        media_type = json_media_type(content)
        if media_type is None or "schema" not in cast("JSONObject", content[media_type]):
            return None
        return place + pointer_to(media_type, "schema")

    def _shape_with(self, schema: str, name: str, drift: SeenDrift) -> str | None:
        """Which shape of a schema requires a missing member, or is to have an unknown one."""
        for shape, value in shapes(self.definition, schema):
            required = value.get("required")
            if drift.kind == "missing" and isinstance(required, list) and name in required:
                return shape
            if drift.kind != "missing" and isinstance(value.get("properties"), dict):
                return shape
        return schema if drift.kind == "missing" else None

    def _fits(self, payload: Payload, body: JSON) -> bool:
        endpoint = self._conformance.endpoints[payload.operation]
        try:
            return not self._conformance.check_response(endpoint, payload.status, body)
        except UnusableSchemaError:
            return False

    def group_that_types(self, pointer: str) -> str | None:
        """The ``x-group`` in the overlay that gives a schema its ``type``; its proof needs it."""
        now = object_at(self.definition, pointer)
        for unit in units(self._claims):
            group = unit[0].action.extensions.get("x-group")
            if not isinstance(group, str):
                continue
            others = [claim for claim in self._claims if claim not in unit]
            with contextlib.suppress(BadInputError):
                without = object_at(self._with(others, strict=False), pointer)
                if without is not EMPTY and without.get("type") != now.get("type"):
                    return group
        return None


def _with_value(data: JSON, at: Location, value: JSON | Absent) -> JSON:
    """``data`` with another value at a place; one behind an array's end extends it."""
    holder = lookup(data, pointer_to(*at[:-1]))
    if isinstance(holder, list) and at[-1:] == (len(holder),) and value is not ABSENT:
        return replace_at(data, pointer_to(*at[:-1]), [*holder, value])
    if value is ABSENT and isinstance(holder, dict) and at[-1] not in holder:
        return data
    return replace_at(data, pointer_to(*at), value)
