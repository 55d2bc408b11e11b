"""Draft overlay actions for drift that clients have seen, each with a payload that shows it.

What is suggested is proven: with it the overlay applies, every proof holds, the generator reads
all of the definition, and what was seen no longer drifts. What cannot be is named with the reason.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from codegen.commands.suggest.drift_log import read_drift
from codegen.commands.suggest.places import Corrected, Refusal, Sighting
from codegen.commands.suggest.remedies import InexpressibleError, Misfit, remedy
from codegen.files.errors import BadInputError, BadInputs
from codegen.files.transaction import replace_all
from codegen.files.tree import diff_files
from codegen.files.values import free_name, json_type
from codegen.generator.lint import require_complete
from codegen.generator.reading import read
from codegen.overlay.reading import parse_overlay
from codegen.overlay.text import Edits, edited
from codegen.proof.prove import prove_inputs
from codegen.providers.patched import patched, read_inputs
from codegen.providers.payloads import payload_text
from codegen.providers.text import overlay_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from codegen.commands.suggest.drift_log import SeenDrift
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


@dataclass(frozen=True)
class Suggested:
    """What is suggested for a provider, and the files it is written in."""

    provider: Provider
    suggestions: tuple[Suggestion, ...]
    refusals: tuple[Refusal, ...]
    skipped: int
    """How many drifts are of other providers."""
    files: dict[str, bytes]
    """New content by path, relative to the provider's root."""

    def difference(self) -> str:
        """The unified diff from the files in place to the draft; empty when nothing is changed."""
        paths = {name: self.provider.root / name for name in self.files}
        before = {name: path.read_bytes() for name, path in paths.items() if path.exists()}
        return diff_files(before, self.files)

    def write(self) -> None:
        """Write all files, or none when one fails.

        Raises:
            BadInputError: one cannot be written.
        """
        replace_all(self.provider.root, self.files)


def suggest(provider: Provider, drift_path: Path) -> Suggested:
    """Draft the overlay actions with which saved drift would be none. Nothing is written.

    Raises:
        BadInputError: the log, the definition, the overlay or a payload cannot be used.
        BadInputs: several things are wrong.
    """
    seen = read_drift(drift_path)
    own = [drift for drift in seen if drift.provider == provider.name]
    corrected = Corrected(read_inputs(provider))
    found = [corrected.sighting(drift) for drift in own]
    refusals = [refusal for refusal in found if isinstance(refusal, Refusal)]
    kept: list[Suggestion] = []
    for sightings in _by_place([sighting for sighting in found if isinstance(sighting, Sighting)]):
        first = sightings[0]
        values = [sighting.drift.actual for sighting in sightings]
        misfit = Misfit(corrected.definition, first.schema, first.member, values)
        identifier = f"W-{corrected.next_number + len(kept)}"
        try:
            healing = remedy(first.drift.kind, misfit)
            tried = [*kept, Suggestion(identifier, tuple(sightings), healing)]
            _require_proven(corrected, tried)
        except InexpressibleError as error:
            refusals += [Refusal(sighting.drift, str(error)) for sighting in sightings]
        else:
            kept = tried
    return Suggested(
        provider=provider,
        suggestions=tuple(kept),
        refusals=tuple(refusals),
        skipped=len(seen) - len(own),
        files=_suggested_files(corrected, kept) if kept else {},
    )


def _by_place(sightings: Sequence[Sighting]) -> list[list[Sighting]]:
    """What one remedy must heal together, in the order of first sight."""
    found: dict[tuple[str, str], list[Sighting]] = {}
    for sighting in sightings:
        kind = sighting.drift.kind
        is_value = kind in ("null", "type", "unknown member")
        aspect = "value" if is_value else f"{kind} {sighting.member}"
        found.setdefault((sighting.schema, aspect), []).append(sighting)
    return list(found.values())


def _require_proven(corrected: Corrected, suggestions: Sequence[Suggestion]) -> None:
    """See that suggestions hold together, and all of a definition can be generated with them.

    That the generator reads everything is asked, and not that its templates write it: no overlay
    changes how they do, and whoever takes the suggestions over generates afterwards.

    Raises:
        InexpressibleError: they do not, or something cannot.
    """
    inputs = _with_suggestions(corrected, suggestions)
    try:
        findings = prove_inputs(inputs).findings
        if not findings:
            require_complete(read(patched(inputs)))
    except (BadInputError, BadInputs) as error:
        first = error.problems[0]
        message = f"the overlay could not be used: {first.message}"
        raise InexpressibleError(message) from error
    for finding in findings:
        where = f" (target {finding.target})" if finding.target else ""
        message = f"the proof would not hold: {finding.message}{where}"
        raise InexpressibleError(message)


def _with_suggestions(corrected: Corrected, suggestions: Sequence[Suggestion]) -> Inputs:
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
    text = edited(text, path, Edits(added=tuple(actions), discrepancies=discrepancies))
    return replace(inputs, overlay=parse_overlay(text, path), payloads=tuple(payloads.values()))


def _suggested_files(corrected: Corrected, suggestions: Sequence[Suggestion]) -> dict[str, bytes]:
    """The new content of each file by its path from the provider's root, the overlay last."""
    provider = corrected.inputs.provider
    new = _with_suggestions(corrected, suggestions)
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
date = {max(drift.last_seen for drift in drifts).date()}
""".encode()


def _payload(provider: Provider, sighting: Sighting, payloads: dict[str, Payload]) -> Payload:
    """A payload that shows a drift, which is added to the others under a name of its own."""
    drift, base = sighting.drift, sighting.base
    words = "_".join(str(step) for step in [*drift.steps[-1:], drift.kind] if step is not None)
    stem = "drift_" + re.sub(r"\W+", "_", words.lower(), flags=re.ASCII).strip("_")
    name = free_name(f"{drift.operation}/{stem}", payloads, "{}.json")
    seen = "absence" if drift.kind == "missing" else "value"
    source = (
        f"document {_SOURCE}, the {seen} at {drift.path} ({drift.kind}), seen {drift.times} from "
        f"{drift.first_seen.isoformat()} to {drift.last_seen.isoformat()}, in {base.name}"
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
            "description": remedy.description if edit is last else "No longer as it was only.",
            "x-discrepancy": suggestion.identifier,
        }
        if group is not None:
            action["x-group"] = group
        if edit is last:
            action["x-evidence"] = list(evidence)
        yield action | edit
