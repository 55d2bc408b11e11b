"""What a new definition asks to change in what a provider has: a proposal for each, with a reason.

Members that payloads show are kept, and proofs rest on other payloads. Names are kept by a module
of their own.
Everything here is decided from values; nothing is written.
"""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple, cast

from codegen.files.document import Document
from codegen.files.errors import BadInputError, BadInputs
from codegen.files.values import JSON, JSONObject, copy_of, pointer_to, pointer_tokens, replace_at
from codegen.openapi.canonical import canonical
from codegen.openapi.grammar import Node, by_operation_id, documented_response, operations
from codegen.openapi.references import SCHEMAS, component_key, object_at
from codegen.openapi.shapes import Shape, differences, shape_at, with_direct_references
from codegen.openapi.subset import reachable
from codegen.overlay import Action, apply
from codegen.overlay.carry import Decisions, Fate, carry
from codegen.overlay.queries import path_to
from codegen.overlay.reading import parse_overlay
from codegen.overlay.text import Edits, edited
from codegen.proof.claims import Claim, units
from codegen.proof.conformance import Conformance
from codegen.proof.equivalence import stricter_places
from codegen.proof.schemas import UnusableSchemaError
from codegen.providers.text import overlay_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from codegen.openapi.canonical import Canonical
    from codegen.openapi.grammar import Kind
    from codegen.openapi.subset import LeftOut
    from codegen.overlay import Overlay
    from codegen.overlay.carry import Outcome
    from codegen.proof.claims import Finding
    from codegen.providers.patched import Inputs
    from codegen.providers.payloads import Payload


@dataclass(frozen=True)
class Proposal:
    """One change to the overlay, or to what else a provider has."""

    text: str
    """What changes, and why, in a sentence."""
    edits: Edits = Edits()  # noqa: RUF009 - it is frozen
    """What it changes in the overlay."""
    is_automatic: bool = False
    """Whether it changes nothing for users, so that nobody need agree."""
    action: int | None = None
    """The number of the action that it is about alone."""

    def is_open(self, decided: frozenset[int], *, accept: bool) -> bool:
        """Whether somebody has to agree to it yet, where some actions are decided by number."""
        return not (accept or self.is_automatic or self.action in decided)


@dataclass(frozen=True)
class Proposed:
    """A provider's inputs with what is proposed."""

    inputs: Inputs
    proposals: tuple[Proposal, ...] = ()

    @cached_property
    def applied(self) -> JSONObject:
        """The canonical definition with the actions, as far as they apply."""
        return cast(
            "JSONObject", apply(self.inputs.canonical.data, self.inputs.actions, strict=False)
        )

    @cached_property
    def form(self) -> Canonical:
        """What is corrected in its canonical form, each class a component under its name."""
        try:
            return self.inputs.corrected
        except (BadInputError, BadInputs):  # what has no place any more is still to be proposed
            applied = replace(self.inputs.canonical, data=self.applied)
            return canonical(applied, self.inputs.names)

    def with_inputs(self, inputs: Inputs, *proposals: Proposal) -> Proposed:
        """What else is proposed, and the inputs with that."""
        return Proposed(inputs, (*self.proposals, *proposals))

    def with_changes(self, proposals: Iterable[Proposal]) -> Proposed:
        """What else is proposed, with a changed overlay, which is made if there is none."""
        inputs, added = self.inputs, [*proposals]
        edits = _together([one.edits for one in added])
        if edits:
            provider, overlay = inputs.provider, inputs.overlay
            path, edits = provider.overlay_path, replace(edits, settled=_settled(inputs.repairs))
            text = overlay_text(provider) if overlay is None else overlay.document.text
            parsed = parse_overlay(edited(text, path, edits), path)
            inputs = inputs.corrected_by(parsed, inputs.payloads)
        return self.with_inputs(inputs, *added) if added else self

    def with_changed_repairs(self, proposals: Iterable[Proposal]) -> Proposed:
        """What else is proposed, with changed repairs.

        What they settled, and settle no more, is left.
        """
        inputs, added, left = self.inputs, [*proposals], set[str]()
        edits, repairs = _together([one.edits for one in added]), inputs.repairs
        if edits and repairs is not None:
            path = inputs.provider.repairs_path
            changed = parse_overlay(edited(repairs.document.text, path, edits), path)
            left = set[str]() if inputs.overlay is None else _settled(repairs) - _settled(changed)
            inputs = replace(inputs, repairs=changed)
        told = Edits(reason=edits.reason, unsettled=left)
        # Options name the actions of the overlay alone.
        others = (replace(one, edits=told, action=None) for one in added)
        return self.with_inputs(inputs).with_changes(others)


def _together(several: Sequence[Edits]) -> Edits:
    """All of some edits; what is said of the client is what the last one says."""
    return Edits(
        actions={number: action for one in several for number, action in one.actions.items()},
        added=tuple(action for one in several for action in one.added),
        discrepancies={name: told for one in several for name, told in one.discrepancies.items()},
        names={name: line for one in several for name, line in one.names.items()},
        facts=next((one.facts for one in reversed(several) if one.facts is not None), None),
        reason=next((one.reason for one in several if one.reason), ""),
        unsettled={name for one in several for name in one.unsettled},
    )


def _settled(overlay: Overlay | None) -> set[str]:
    """The discrepancies that actions of an overlay settle, by id."""
    actions = () if overlay is None else overlay.actions
    return {str(action.extensions.get("x-discrepancy")) for action in actions}


def as_written(action: Action, number: int) -> JSONObject:
    """An action as its overlay has it."""
    data = cast("JSONObject", action.document.data)
    return copy_of(cast("list[JSONObject]", data["actions"])[number])


def is_alike(old: JSONObject, name: str, new: JSONObject, other: str) -> bool:
    """Whether two components admit the same values."""
    sides = component_shape(old, name), component_shape(new, other)
    return next(differences(*sides), None) is None


def component_shape(definition: JSONObject, name: str) -> tuple[JSONObject, Shape]:
    """The schema of a component, looked through, with its definition."""
    pointer = SCHEMAS + pointer_to(name)
    return definition, shape_at(definition, pointer, object_at(definition, pointer))


# Repairs.


def with_mended_upstream(proposed: Proposed, old: JSON, reason: str) -> Proposed:
    """The inputs without repairs that change nothing in the new definition, as published.

    Args:
        proposed: With the new definition.
        old: The definition before, as published.
        reason: Why a discrepancy is left from now on whose last repair goes.
    """
    written = proposed.inputs.repairs
    if written is None:
        return proposed
    before, after = (
        with_direct_references(cast("JSONObject", definition))
        for definition in (old, proposed.inputs.definition.data)
    )
    renamed = _renamed(before, after)
    proposed = proposed.with_changed_repairs(_with_renamed_components(written, renamed))
    outcomes = carry(before, after, (proposed.inputs.repairs or written).actions)
    dropped = Decisions().dropped(outcomes)
    return proposed.with_changed_repairs(decided(outcomes, dropped, "repair", reason))


def _with_renamed_components(repairs: Overlay, renamed: Mapping[str, str]) -> Iterator[Proposal]:
    """Repairs that call the components as upstream calls them now."""
    for number, action in enumerate(repairs.actions) if renamed else ():
        before = as_written(action, number)
        after = cast("JSONObject", _with_new_names(before, renamed))
        if after != before:
            text = f"repair {number} calls components as upstream does now"
            yield Proposal(text, Edits(actions={number: after}), is_automatic=True)


def _renamed(old: JSONObject, new: JSONObject) -> dict[str, str]:
    """What the components are called now that have another name and say the same.

    One that only leads to another component now goes by that one's name.
    """
    before, after = (
        [name for name, value in object_at(definition, SCHEMAS).items() if not _is_reference(value)]
        for definition in (old, new)
    )
    fresh = [name for name in after if name not in before]
    found: dict[str, str] = {}
    for name in [name for name in before if name not in after]:
        same = [one for one in fresh if is_alike(old, name, new, one)]
        if len(same) == 1:
            found[name] = same[0]
    return found


def _is_reference(value: JSON) -> bool:
    return isinstance(value, dict) and "$ref" in value


def _with_new_names(value: JSON, renamed: Mapping[str, str]) -> JSON:
    """What an action says, with components called otherwise in all its references and queries."""
    match value:
        case str():
            names = "|".join(map(re.escape, renamed))
            after = rf"(?<=schemas[./])(?:{names})(?![\w-])|(?<=schemas\[')(?:{names})(?='\])"
            return re.sub(after, lambda found: renamed[found[0]], value)
        case dict():
            return {key: _with_new_names(inner, renamed) for key, inner in value.items()}
        case list():
            return [_with_new_names(inner, renamed) for inner in value]
        case _:
            return value


# Actions.


def decided(
    outcomes: Sequence[Outcome], dropped: Sequence[Outcome], kind: str, reason: str
) -> Iterator[Proposal]:
    """What becomes of the actions: which go, and which say what they say of other places."""
    for outcome in dropped:
        edits = Edits(actions={outcome.number: None}, reason=reason)
        yield Proposal(_of_dropped(outcome, kind), edits, action=outcome.number)
    for outcome in outcomes:
        text = None if outcome in dropped else _of_kept(outcome)
        if text is None:
            continue
        actions: dict[int, JSONObject | None] = {}
        if outcome.rewritten is not None:
            written = as_written(outcome.action, outcome.number)
            actions[outcome.number] = {**written, **outcome.rewritten}
        why = "; ".join(outcome.reasons)
        yield Proposal(
            f"{kind} {outcome.number} {text}" + (f": {why}" if why else ""),
            Edits(actions=actions, reason=reason),
            is_automatic=not outcome.fate.is_open,
            action=outcome.number,
        )


def _of_kept(outcome: Outcome) -> str | None:
    """What becomes of an action that stays; None where nothing does."""
    match outcome.fate:
        case Fate.CONFLICT:
            return "is kept"
        case Fate.UNMATCHED if outcome.adds:
            return "adds what upstream no longer has"
        case Fate.UNMATCHED:
            return "says nothing more of what is gone, or of another kind now"
        case _ if outcome.rewritten is not None:
            return "says it of the components that upstream has made"
        case _:
            return None


def _of_dropped(outcome: Outcome, kind: str) -> str:
    why = "; ".join(outcome.reasons)
    return f"without {kind} {outcome.number}, {outcome.fate.value}" + (f": {why}" if why else "")


# Payloads.


def with_shown_members(proposed: Proposed, old: JSONObject, date: str) -> Proposed:
    """What keeps the members and responses that payloads show and upstream no longer documents.

    Args:
        proposed: With the new definition, and its actions carried over.
        old: The patched definition before.
        date: The day of the new definition, for a person.
    """
    inputs, new = proposed.inputs, proposed.applied
    failing = _failing(new, inputs.payloads)
    if not failing:
        return proposed
    candidates = [*_lost_members(old, new), *_lost_responses(old, new, failing)]
    still = _failing(_merged(new, candidates), failing)
    helped = [one for one in failing if one not in still]
    if not helped:
        return proposed
    needed = list(candidates)
    for candidate in candidates:
        rest = [one for one in needed if one is not candidate]
        if not _failing(_merged(new, rest), helped):
            needed = rest
    identifier = _free_id(inputs)
    told = ", ".join(one.told for one in needed)
    discrepancy: JSONObject = {
        "disagreement": f"The definition of {date} no longer has {told}, which payloads show.",
        "decision": "What a payload shows is kept.",
    }
    action = _kept_action(new, needed, helped, identifier)
    shown = ", ".join(payload.name for payload in helped)
    text = f"upstream no longer documents {told}, which {shown} shows: a new action keeps it"
    edits = Edits(added=(action,), discrepancies={identifier: discrepancy})
    return proposed.with_changes([Proposal(text, edits)])


class _Kept(NamedTuple):
    """One part of the old patched definition that the new one lacks."""

    told: str
    values: Mapping[str, JSON]
    """What an action merges, by its pointer: the part, and the components that only it needs."""


def _failing(definition: JSONObject, payloads: Iterable[Payload]) -> list[Payload]:
    """The payloads that a definition does not document as they are."""
    conformance = Conformance(definition)
    return [payload for payload in payloads if not _fits(conformance, payload)]


def _fits(conformance: Conformance, payload: Payload) -> bool:
    endpoint = conformance.endpoints.get(payload.operation)
    try:
        return endpoint is not None and not conformance.check_payload(endpoint, payload)
    except UnusableSchemaError:
        return False


def _lost_members(old: JSONObject, new: JSONObject) -> Iterator[_Kept]:
    """The properties of classes of both definitions that one lacks, or types otherwise."""
    before, after = (object_at(one, SCHEMAS) for one in (old, new))
    for name in [name for name in before if name in after]:
        now = object_at(after, pointer_to(name, "properties"))
        for key, value in object_at(before, pointer_to(name, "properties")).items():
            pointer = SCHEMAS + pointer_to(name, "properties", key)
            told = f"`{name}.{key}`"
            if key not in now:
                yield _Kept(told, {pointer: value, **_reached(old, new, "schema", value)})
                continue
            match value, now[key]:
                case {"type": str(kind)}, {"type": str(other)} if kind != other:
                    yield _Kept(f"{told} as {kind}", {pointer + "/type": kind})
                case _:
                    pass


def _reached(old: JSONObject, new: JSONObject, kind: Kind, value: JSON) -> dict[str, JSON]:
    """The components that an object refers to, in turn, which the new definition lacks."""
    if not isinstance(value, dict):
        return {}
    reached = reachable(old, [Node(kind, "", value, {}, "")])
    schemas = (pointer for pointer in reached if component_key(pointer) is not None)
    return {one: object_at(old, one) for one in schemas if not object_at(new, one)}


def _lost_responses(
    old: JSONObject, new: JSONObject, payloads: Iterable[Payload]
) -> Iterator[_Kept]:
    """The responses of the statuses of payloads, which only the old definition documents."""
    before, after = (by_operation_id(operations(definition)) for definition in (old, new))
    for payload in payloads:
        one, other = before.get(payload.operation), after.get(payload.operation)
        if one is None or other is None or documented_response(other, payload.status) is not None:
            continue
        response = documented_response(one, payload.status)
        if response is not None:
            key = str(response.key)
            value = copy_of(response.value)
            for content in object_at(value, "/content").values():
                if isinstance(content, dict):
                    content.pop("examples", None)
            pointer = other.node.pointer + pointer_to("responses", key)
            reached = _reached(old, new, "response", value)
            yield _Kept(f"the response {key} of {payload.operation}", {pointer: value, **reached})


def _merged(definition: JSONObject, kept: Iterable[_Kept]) -> JSONObject:
    action = Action(Document("", b"", {}), "", "$", update=_update(kept))
    return cast("JSONObject", apply(definition, [action], strict=False))


def _update(kept: Iterable[_Kept]) -> JSONObject:
    """What is kept, merged into a definition that lacks it."""
    update: JSONObject = {}
    for one in kept:
        for pointer, value in one.values.items():
            *around, last = pointer_tokens(pointer)
            inner = update
            for key in around:
                inner = cast("JSONObject", inner.setdefault(key, {}))
            inner[last] = value
    return update


def _kept_action(
    new: JSONObject, kept: Iterable[_Kept], payloads: Iterable[Payload], identifier: str
) -> JSONObject:
    """What keeps all of it, as far inside the definition as it can stand."""
    update, around = _update(kept), ""
    while len(update) == 1 and object_at(new, around + pointer_to(*update)):
        [(key, inner)] = update.items()
        update, around = cast("JSONObject", inner), around + pointer_to(key)
    return {
        "target": path_to(new, around),
        "description": "What is no longer documented so, and was shown.",
        "x-discrepancy": identifier,
        "x-evidence": [payload.name for payload in payloads],
        "update": update,
    }


def _free_id(inputs: Inputs) -> str:
    told = {} if inputs.overlay is None else inputs.overlay.extensions
    taken = object_at(told, "/x-discrepancies")
    return next(f"U-{n}" for n in itertools.count(1) if f"U-{n}" not in taken)


# Proofs.


def restated_proofs(proposed: Proposed, findings: Iterable[Finding]) -> Iterator[Proposal]:
    """What lets the proofs of actions that do not hold rest on payloads that show them now."""
    inputs, with_all = proposed.inputs, proposed.applied
    claims = [Claim(action) for action in inputs.actions]
    failing = _failing(with_all, inputs.payloads)
    passing = [payload for payload in inputs.payloads if payload not in failing]
    place = inputs.provider.overlay_path
    pointers = [finding.pointer or "" for finding in findings if finding.file == place]
    wanted = {int(one.split("/")[2]) for one in pointers if one.startswith("/actions/")}
    restated = set[int]()
    for unit in units(claims):
        places = [claims.index(claim) for claim in unit]
        if wanted.isdisjoint(places):
            continue
        others = [claim.action for claim in claims if claim not in unit]
        try:
            without = cast("JSONObject", apply(inputs.canonical.data, others, strict=False))
        except (BadInputError, BadInputs):
            continue
        shown = [one.name for one in _failing(without, passing)]
        is_shown = any(claim.rejections for claim in unit)
        refuses_more = not is_shown and bool(stricter_places(without, with_all))
        for number, claim in zip(places, unit, strict=True):
            evidence = [name for name in claim.evidence if name in shown] or shown[:2]
            proof: JSONObject = {"x-evidence": [*evidence]} if evidence else {}
            if refuses_more and (refused := _refused(without, with_all, inputs.payloads)):
                proof["x-rejects"] = refused
            if claim.evidence and proof != {"x-evidence": [*claim.evidence]}:
                told = [*evidence, *(["what it refuses"] if "x-rejects" in proof else [])]
                text = f"rests on {', '.join(told)} now" if told else "is no longer needed"
                edits = Edits(actions={number: _restated(claim.action, number, proof)})
                yield Proposal(f"the proof of action {number} {text}", edits)
                restated.add(number)
    for number in sorted(wanted - restated):
        written = as_written(inputs.actions[number], number)
        refused = _followed_values(written.get("x-rejects"), inputs.payloads)
        if refused is not None:
            text = f"what action {number} refuses stands elsewhere in its payloads now"
            yield Proposal(text, Edits(actions={number: {**written, "x-rejects": refused}}))


def _followed_values(refused: JSON, payloads: Iterable[Payload]) -> JSONObject | None:
    """What an action refuses, at the places that it has in payloads now; None if none has moved.

    A value has moved where a place has all that leads to it, and more; the nearest is meant.
    """
    bodies = {payload.name: payload.body for payload in payloads}
    followed: JSONObject = {}
    for name, values in (refused if isinstance(refused, dict) else {}).items():
        if isinstance(values, dict) and name in bodies:
            places = [pointer_tokens(place) for place, _ in _places(bodies[name])]
            followed[name] = {_followed_place(key, places): values[key] for key in values}
        else:
            followed[name] = values
    return None if followed == refused or not followed else followed


def _places(value: JSON, pointer: str = "") -> Iterator[tuple[str, JSON]]:
    """All that a value holds, by its pointer."""
    if isinstance(value, dict | list):
        for key, member in value.items() if isinstance(value, dict) else enumerate(value):
            place = pointer + pointer_to(key)
            yield place, member
            yield from _places(member, place)


def _followed_place(pointer: str, places: Sequence[list[str]]) -> str:
    wanted = pointer_tokens(pointer)
    if wanted in places:
        return pointer

    def is_around(place: list[str]) -> bool:
        rest = iter(place)
        return place[-1] == wanted[-1] and all(token in rest for token in wanted)

    around = sorted((place for place in places if is_around(place)), key=len)
    is_one = len(around) == 1 or (bool(around) and len(around[0]) < len(around[1]))
    return pointer_to(*around[0]) if is_one else pointer


def _restated(action: Action, number: int, proof: JSONObject) -> JSONObject:
    """An action with another proof; what it changes stands last."""
    written = as_written(action, number)
    written.pop("x-evidence")
    changes = {key: written.pop(key) for key in list(written) if key in ("update", "copy")}
    written.update(proof)
    written.update(changes)
    return written


def _refused(
    without: JSONObject, with_all: JSONObject, payloads: Iterable[Payload]
) -> JSONObject | None:
    """A value in a payload that only the definition with an action refuses, by its place."""
    before, after = Conformance(without), Conformance(with_all)
    for payload in payloads:
        for pointer, value in _places(payload.body):
            if isinstance(value, str):
                wrong = "no such value"
                other = replace(payload, body=replace_at(payload.body, pointer, wrong))
                if _fits(before, other) and not _fits(after, other):
                    return {payload.name: {pointer: wrong}}
    return None


# What else a provider has.


def without_payloads_of_lost(proposed: Proposed, old: JSONObject) -> Proposed:
    """The inputs without the payloads of operations that are gone."""
    inputs = proposed.inputs
    before, after = (
        by_operation_id(operations(definition)) for definition in (old, proposed.applied)
    )
    gone = before.keys() - after.keys()
    lost = dict.fromkeys(one.operation for one in inputs.payloads if one.operation in gone)
    if not lost:
        return proposed
    texts = (
        f"{before[name].method.upper()} {before[name].path} is gone, and its payloads ({name}/) "
        "are evidence of the past"
        for name in lost
    )
    payloads = tuple(one for one in inputs.payloads if one.operation not in gone)
    return proposed.with_inputs(
        inputs.corrected_by(inputs.overlay, payloads), *map(Proposal, texts)
    )


def with_left_out(
    proposed: Proposed, left_out: tuple[LeftOut, ...], known: tuple[LeftOut, ...]
) -> Proposed:
    """The inputs without what of the new definition cannot be generated."""
    if left_out == known:
        return proposed
    provider = replace(proposed.inputs.provider, left_out=left_out)
    texts = (
        f"{entry.operation} does without {entry.part}: {entry.reason}"
        for entry in left_out
        if entry not in known
    )
    added = (Proposal(text, is_automatic=True) for text in texts)
    return proposed.with_inputs(replace(proposed.inputs, provider=provider), *added)
