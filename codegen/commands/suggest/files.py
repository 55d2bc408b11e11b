"""What a suggestion is written as: discrepancies, actions, payloads and their source."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from codegen.files.document import Document, parse
from codegen.files.values import JSON, json_type, pointer_to
from codegen.overlay.reading import parse_overlay
from codegen.overlay.text import extended
from codegen.providers.payloads import payload_text
from codegen.providers.text import overlay_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from codegen.commands.suggest.drift_log import SeenDrift
    from codegen.commands.suggest.places import Corrected, Sighting
    from codegen.commands.suggest.remedies import Remedy
    from codegen.files.values import JSONObject
    from codegen.providers.patched import Inputs
    from codegen.providers.payloads import Payload
    from codegen.providers.provider import Provider

_SOURCE = "wire"


@dataclass(frozen=True)
class Suggestion:
    """What is suggested for one place of the definition."""

    identifier: str
    """Of its discrepancy, such as ``W-1``."""
    sightings: tuple[Sighting, ...]
    remedy: Remedy

    def __str__(self) -> str:
        seen = ", ".join(str(sighting.drift) for sighting in self.sightings)
        note = f" ({self.remedy.note})" if self.remedy.note else ""
        return f"{self.identifier}: {seen}: {self.remedy.description}{note}"


def with_suggestions(corrected: Corrected, suggestions: Sequence[Suggestion]) -> Inputs:
    """What the package would be made of with suggestions, each with its payloads.

    Raises:
        BadInputError: the overlay is not written in YAML's block style.
    """
    inputs, provider = corrected.inputs, corrected.inputs.provider
    payloads = {payload.name: payload for payload in inputs.payloads}
    discrepancies: JSONObject = {}
    actions: list[JSONObject] = []
    for suggestion in suggestions:
        evidence = [_payload(provider, sighting, payloads) for sighting in suggestion.sightings]
        discrepancies[suggestion.identifier] = _discrepancy(suggestion)
        actions += _actions(corrected, suggestion, [payload.name for payload in evidence])
    path = provider.overlay_path
    text = overlay_text(provider) if inputs.overlay is None else inputs.overlay.document.text
    text = extended(text, path, discrepancies, actions)
    overlay = parse_overlay(Document(path, text, parse(text, path)))
    return replace(inputs, overlay=overlay, payloads=tuple(payloads.values()))


def suggested_files(corrected: Corrected, suggestions: Sequence[Suggestion]) -> dict[str, bytes]:
    """The new content of each file by its path from the provider's root, the overlay last."""
    provider = corrected.inputs.provider
    new = with_suggestions(corrected, suggestions)
    contents = {
        payload.path: payload_text(payload)
        for payload in new.payloads
        if payload not in corrected.inputs.payloads
    }
    if all(source.document != _SOURCE for source in provider.sources):
        contents[provider.file] = provider.file.read_bytes() + _source(provider, suggestions)
    if new.overlay is not None:
        contents[provider.overlay_path] = new.overlay.document.text
    root = provider.root
    return {path.relative_to(root).as_posix(): text for path, text in contents.items()}


def _source(provider: Provider, suggestions: Sequence[Suggestion]) -> bytes:
    drifts = [sighting.drift for suggestion in suggestions for sighting in suggestion.sightings]
    return f"""
[[source]]
document = "{_SOURCE}" # single values that the server answered and clients reported
url = "{provider.server_url}"
date = {max(drift.last_seen for drift in drifts)[:10]}
""".encode()


def _payload(provider: Provider, sighting: Sighting, payloads: dict[str, Payload]) -> Payload:
    """A payload that shows a drift, which is added to the others under a name of its own."""
    drift, base = sighting.drift, sighting.base
    words = "_".join(str(step) for step in [*drift.steps[-1:], drift.kind] if step is not None)
    stem = "drift_" + re.sub(r"\W+", "_", words.lower(), flags=re.ASCII).strip("_")
    name, number = f"{drift.operation}/{stem}.json", 1
    while name in payloads:
        number += 1
        name = f"{drift.operation}/{stem}_{number}.json"
    seen = "absence" if drift.kind == "missing" else "value"
    source = (
        f"document {_SOURCE}, the {seen} at {drift.path} ({drift.kind}), seen {drift.times} from "
        f"{drift.first_seen} to {drift.last_seen}, in {base.name}"
    )
    path = provider.payloads_path / name
    payloads[name] = replace(
        base, path=path, name=name, source=source, origin="composed", body=sighting.body
    )
    return payloads[name]


def _discrepancy(suggestion: Suggestion) -> JSONObject:
    drifts = [sighting.drift for sighting in suggestion.sightings]
    seen = "; ".join(f"{_disagreement(drift)} ({drift.times})" for drift in drifts)
    return {
        "disagreement": f"In answers to {drifts[0].operation}: {seen}.",
        "decision": suggestion.remedy.description,
    }


def _disagreement(drift: SeenDrift) -> str:
    came = f"of type {json_type(drift.actual)}"
    told = {
        "unknown field": f", {came}, is not documented",
        "missing": " is required and was missing",
        "null": " was null",
        "type": f" was {came}",
    }
    return f"`{drift.path}`{told.get(drift.kind, f' had an undocumented value ({drift.kind})')}"


def _actions(
    corrected: Corrected, suggestion: Suggestion, evidence: list[str]
) -> Iterator[JSONObject]:
    remedy = suggestion.remedy
    last = remedy.edits[-1]
    group = corrected.group_that_types(suggestion.sightings[0].schema) if remedy.widens else None
    if group is None and len(remedy.edits) > 1:
        group = f"{suggestion.identifier} {suggestion.sightings[0].drift.path}"
    for edit in remedy.edits:
        action: JSONObject = {
            "target": edit["target"],
            "description": _purpose(edit, remedy),
            "x-discrepancy": suggestion.identifier,
        }
        if group is not None:
            action["x-group"] = group
        if edit is last:
            action["x-evidence"] = list(evidence)
        if "copy" in edit:
            action["x-rejects"] = [_rejection(suggestion, evidence[0])]
        yield action | edit


def _purpose(edit: JSONObject, remedy: Remedy) -> str:
    if edit is remedy.edits[-1]:
        return remedy.description
    if "copy" in edit:
        return "The shape, with all corrections above."
    return "No longer as it was only." if "remove" in edit else "A place for the shape."


def _rejection(suggestion: Suggestion, payload: str) -> JSON:
    """A value that neither the moved shape nor what was seen beside it is."""
    seen = {json_type(sighting.drift.actual) for sighting in suggestion.sightings}
    values: dict[str, JSON] = {"boolean": True, "string": "wrong", "integer": 0}
    value = next((value for name, value in values.items() if name not in seen), None)
    pointer = pointer_to(*suggestion.sightings[0].at)
    return {"payload": payload, "pointer": pointer, "value": value}
