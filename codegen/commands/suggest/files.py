"""What a suggestion is written as: discrepancies, actions, payloads and their source."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from codegen.files.document import serialise
from codegen.files.values import JSON, json_type, pointer_to
from codegen.overlay.text import extended

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from codegen.commands.suggest.drift_log import SeenDrift
    from codegen.commands.suggest.places import Inputs, Sighting
    from codegen.commands.suggest.remedies import Remedy
    from codegen.files.values import JSONObject
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


def suggested_files(inputs: Inputs, suggestions: Sequence[Suggestion]) -> dict[Path, bytes]:
    """The new content of each file by its path in the provider's root, the overlay last.

    Raises:
        BadInputError: the overlay is not written in YAML's block style.
    """
    provider = inputs.provider
    files: dict[Path, bytes] = {}
    discrepancies: JSONObject = {}
    actions: list[JSONObject] = []
    for suggestion in suggestions:
        evidence: list[str] = []
        for sighting in suggestion.sightings:
            name = _free_name(provider, sighting, files)
            files[_payload_path(provider, name)] = _payload(sighting)
            evidence.append(name)
        discrepancies[suggestion.identifier] = _discrepancy(suggestion)
        actions += _actions(inputs, suggestion, evidence)
    toml = provider.definition_path.parent / "provider.toml"
    if all(source.document != _SOURCE for source in provider.sources):
        files[toml.relative_to(provider.root)] = toml.read_bytes() + _source(provider, suggestions)
    overlay = provider.overlay_path.relative_to(provider.root)
    text = extended(inputs.overlay_text, provider.overlay_path, discrepancies, actions)
    return {**files, overlay: text}


def _source(provider: Provider, suggestions: Sequence[Suggestion]) -> bytes:
    day = max(it.drift.last_seen for suggestion in suggestions for it in suggestion.sightings)[:10]
    lines = [
        "",
        "[[source]]",
        f'document = "{_SOURCE}" # single values that the server answered and clients reported',
        f'url = "{provider.server_url}"',
        f"date = {day}",
        "",
    ]
    return "\n".join(lines).encode()


def _payload_path(provider: Provider, name: str) -> Path:
    return (provider.payloads_path / name).relative_to(provider.root)


def _free_name(provider: Provider, sighting: Sighting, files: dict[Path, bytes]) -> str:
    drift = sighting.drift
    words = "_".join(str(step) for step in [*drift.steps[-1:], drift.kind] if step is not None)
    stem = "drift_" + re.sub(r"\W+", "_", words.lower(), flags=re.ASCII).strip("_")
    number = 1
    name = f"{drift.operation}/{stem}.json"
    while _payload_path(provider, name) in files or (provider.payloads_path / name).exists():
        number += 1
        name = f"{drift.operation}/{stem}_{number}.json"
    return name


def _payload(sighting: Sighting) -> bytes:
    drift, base = sighting.drift, sighting.base
    seen = "absence" if drift.kind == "missing" else "value"
    times = "once" if drift.count == 1 else f"{drift.count} times"
    return serialise(
        {
            "source": (
                f"document {_SOURCE}, the {seen} at {drift.path} ({drift.kind}), seen {times} from "
                f"{drift.first_seen} to {drift.last_seen}, in {base.name}"
            ),
            "origin": "composed",
            "request": {"path": dict(base.request.path), "query": base.request.query},
            "status": base.status,
            "body": sighting.body,
        },
        as_json=True,
    )


def _discrepancy(suggestion: Suggestion) -> JSONObject:
    seen = "; ".join(
        f"{_disagreement(drift)} ({count} times)" if count > 1 else f"{_disagreement(drift)} (once)"
        for drift, count in ((it.drift, it.drift.count) for it in suggestion.sightings)
    )
    return {
        "disagreement": f"In answers to {suggestion.sightings[0].drift.operation}: {seen}.",
        "decision": suggestion.remedy.description,
    }


def _disagreement(drift: SeenDrift) -> str:
    place = f"`{drift.path}`"
    match drift.kind:
        case "unknown field":
            return f"{place}, of type {json_type(drift.actual)}, is not documented"
        case "missing":
            return f"{place} is required and was missing"
        case "null":
            return f"{place} was null"
        case "type":
            return f"{place} was of type {json_type(drift.actual)}"
        case _:
            return f"{place} had an undocumented value ({drift.kind})"


def _actions(inputs: Inputs, suggestion: Suggestion, evidence: list[str]) -> Iterator[JSONObject]:
    remedy = suggestion.remedy
    last = remedy.edits[-1]
    group = inputs.group_that_types(suggestion.sightings[0].schema) if remedy.widens else None
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
        yield {**action, **{key: value for key, value in edit.items() if key != "target"}}


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
    value = next((values[name] for name in values if name not in seen), None)
    return {
        "payload": payload,
        "pointer": pointer_to(*suggestion.sightings[0].at),
        "value": value,
    }
