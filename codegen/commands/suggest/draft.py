"""Draft overlay actions for drift that clients have seen, each with a payload that shows it.

What is suggested is proven: with it the overlay applies, every proof holds, the generator reads
all of the definition, and what was seen no longer drifts. What cannot be is named with the reason.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from codegen.commands.suggest.drift_log import read_drift
from codegen.commands.suggest.files import Suggestion, suggested_files, with_suggestions
from codegen.commands.suggest.inference import Titles
from codegen.commands.suggest.places import Corrected, Refusal, Sighting
from codegen.commands.suggest.remedies import InexpressibleError, Misfit, remedy
from codegen.files.errors import BadInputError, BadInputs
from codegen.files.transaction import replace_all
from codegen.files.tree import diff_files
from codegen.generator.lint import require_complete
from codegen.generator.reading import read
from codegen.openapi.definition import definition_data
from codegen.proof.prove import prove_overlay
from codegen.providers.patched import patched, read_inputs

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from codegen.providers.provider import Provider


@dataclass(frozen=True)
class Draft:
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
            BadInputs: another command was killed while it wrote, and its files were changed since.
        """
        replace_all(self.provider.root, self.files)


def suggest(provider: Provider, drift_path: Path) -> Draft:
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
    suggestions: list[Suggestion] = []
    titles = Titles(corrected.definition)
    for sightings in _by_place([sighting for sighting in found if isinstance(sighting, Sighting)]):
        first = sightings[0]
        values = [sighting.drift.actual for sighting in sightings]
        misfit = Misfit(corrected.definition, first.schema, first.member, values, titles)
        try:
            healing = remedy(first.drift.kind, misfit)
        except InexpressibleError as error:
            refusals += [Refusal(sighting.drift, str(error)) for sighting in sightings]
        else:
            suggestions.append(Suggestion("", tuple(sightings), healing))
    # What moves a schema comes last: actions on the schema have to find it in its place.
    suggestions.sort(key=lambda suggestion: suggestion.remedy.moved_to is not None)
    proven, unproven = _proven(corrected, suggestions)
    return Draft(
        provider=provider,
        suggestions=tuple(proven),
        refusals=(*refusals, *unproven),
        skipped=len(seen) - len(own),
        files=suggested_files(corrected, proven) if proven else {},
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


def _proven(
    corrected: Corrected, suggestions: list[Suggestion]
) -> tuple[list[Suggestion], list[Refusal]]:
    """The suggestions that hold together; the others with what was found against them."""
    numbers = itertools.count(corrected.next_number)
    numbered = [replace(one, identifier=f"W-{next(numbers)}") for one in suggestions]
    if not numbered or _objection(corrected, numbered) is None:
        return numbered, []
    kept: list[Suggestion] = []
    refusals: list[Refusal] = []
    for suggestion in suggestions:
        # Numbered as if those that were refused had not been there.
        tried = [*kept, replace(suggestion, identifier=numbered[len(kept)].identifier)]
        objection = _objection(corrected, tried)
        if objection is None:
            kept = tried
        else:
            refusals += [Refusal(sighting.drift, objection) for sighting in suggestion.sightings]
    return kept, refusals


def _objection(corrected: Corrected, suggestions: Sequence[Suggestion]) -> str | None:
    """What keeps suggestions from being used; None when they are proven and can be generated.

    That the generator reads everything is asked, and not that its templates write it: no overlay
    changes how they do, and whoever takes the suggestions over generates afterwards.
    """
    inputs = with_suggestions(corrected, suggestions)
    definition = definition_data(inputs.definition)
    try:
        findings = prove_overlay(definition, inputs.overlay, inputs.payloads).findings
        if findings:
            finding = findings[0]
            where = f" (target {finding.target})" if finding.target else ""
            return f"the proof would not hold: {finding.message}{where}"
        require_complete(read(patched(inputs)))
    except (BadInputError, BadInputs) as error:
        first = error.problems[0] if isinstance(error, BadInputs) else error
        return f"the overlay could not be used: {first.message}"
    return None
