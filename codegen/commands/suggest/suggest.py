"""Draft overlay actions for drift that clients have seen, each with a payload that shows it.

What is suggested is proven: with it the overlay applies, every proof holds, the client can be
generated, and what was seen no longer drifts. What cannot be is named with the reason.
"""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from codegen.commands.suggest.drift_log import read_drift
from codegen.commands.suggest.inference import Titles
from codegen.commands.suggest.remedies import (
    InexpressibleError,
    Remedy,
    accept,
    add_field,
    drop_constraint,
    drop_format,
    make_optional,
)
from codegen.commands.suggest.sightings import Inputs, Refusal, Sighting
from codegen.commands.suggest.suggestion_files import Suggestion, suggested_files
from codegen.files.errors import BadInputError, BadInputs
from codegen.files.transaction import write_atomically
from codegen.files.tree import diff_trees
from codegen.generator import build as generation
from codegen.proof.prove import prove

if TYPE_CHECKING:
    from collections.abc import Sequence

    from codegen.files.values import JSONObject
    from codegen.providers.provider import Provider


@dataclass(frozen=True)
class Draft:
    """What is suggested for a provider, and the files it is written in."""

    provider: Provider
    suggestions: tuple[Suggestion, ...]
    refusals: tuple[Refusal, ...]
    skipped: int
    """How many drifts are of other providers."""
    files: dict[Path, bytes]
    """New content by path, relative to the provider's root; the overlay is the last."""

    def difference(self) -> str:
        """The unified diff from the files in place to the draft; empty when nothing is changed."""
        with tempfile.TemporaryDirectory() as folder:
            old, new = Path(folder, "old"), Path(folder, "new")
            for name, content in self.files.items():
                _put(new / name, content)
                if (self.provider.root / name).exists():
                    _put(old / name, (self.provider.root / name).read_bytes())
            return diff_trees(old, new)

    def write(self) -> None:
        """Write all files, or none when one fails.

        Raises:
            BadInputError: one cannot be written.
        """
        root = self.provider.root
        before = {
            root / name: (root / name).read_bytes() if (root / name).exists() else None
            for name in self.files
        }
        try:
            for name, content in self.files.items():
                write_atomically(root / name, content)
        except BaseException:
            for path, old in before.items():
                _restore(path, old)
            raise


def suggest(provider: Provider, drift_path: Path) -> Draft:
    """Draft the overlay actions with which saved drift would be none. Nothing is written.

    Raises:
        BadInputError: the log, the definition, the overlay or a payload cannot be used.
        BadInputs: several things are wrong.
    """
    seen = read_drift(drift_path)
    own = [drift for drift in seen if drift.provider == provider.name]
    inputs = Inputs(provider)
    found = [inputs.sighting(drift) for drift in own]
    refusals = [it for it in found if isinstance(it, Refusal)]
    suggestions: list[Suggestion] = []
    titles = Titles(inputs.definition)
    for sightings in _by_place([it for it in found if isinstance(it, Sighting)]):
        try:
            remedy = _remedy(inputs.definition, sightings, titles)
        except InexpressibleError as error:
            refusals += [Refusal(sighting.drift, str(error)) for sighting in sightings]
        else:
            suggestions.append(Suggestion("", tuple(sightings), remedy))
    # What moves a schema comes last: actions on the schema have to find it in its place.
    suggestions.sort(key=lambda suggestion: suggestion.remedy.moved_to is not None)
    proven, unproven = _proven(inputs, suggestions)
    return Draft(
        provider=provider,
        suggestions=tuple(proven),
        refusals=(*refusals, *unproven),
        skipped=len(seen) - len(own),
        files=suggested_files(inputs, proven) if proven else {},
    )


def _by_place(sightings: Sequence[Sighting]) -> list[list[Sighting]]:
    """What one remedy must heal together, in the order of first sight."""
    found: dict[tuple[str, str], list[Sighting]] = {}
    for sighting in sightings:
        kind = sighting.drift.kind
        name = sighting.at[-1] if kind in ("unknown field", "missing") else ""
        aspect = "value" if kind in ("null", "type", "unknown member") else f"{kind} {name}"
        found.setdefault((sighting.schema, aspect), []).append(sighting)
    return list(found.values())


def _remedy(definition: JSONObject, sightings: Sequence[Sighting], titles: Titles) -> Remedy:
    first = sightings[0]
    values = [sighting.drift.actual for sighting in sightings]
    match first.drift.kind:
        case "unknown field":
            return add_field(definition, first.schema, str(first.at[-1]), values, titles)
        case "missing":
            return make_optional(definition, first.schema, str(first.at[-1]))
        case "format":
            return drop_format(definition, first.schema, values)
        case "constraint":
            return drop_constraint(definition, first.schema, values)
        case _:
            return accept(definition, first.schema, values, titles)


_Outcome: TypeAlias = "tuple[list[Suggestion], list[Refusal]]"


def _proven(inputs: Inputs, suggestions: list[Suggestion]) -> _Outcome:
    """The suggestions that hold together; the others with what was found against them."""
    numbered = _numbered(inputs, suggestions)
    if not numbered or _objection(inputs, numbered) is None:
        return numbered, []
    kept: list[Suggestion] = []
    refusals: list[Refusal] = []
    for suggestion in suggestions:
        objection = _objection(inputs, _numbered(inputs, [*kept, suggestion]))
        if objection is None:
            kept.append(suggestion)
        else:
            refusals += [Refusal(it.drift, objection) for it in suggestion.sightings]
    return _numbered(inputs, kept), refusals


def _numbered(inputs: Inputs, suggestions: Sequence[Suggestion]) -> list[Suggestion]:
    return [
        replace(suggestion, identifier=f"W-{number}")
        for number, suggestion in enumerate(suggestions, start=inputs.next_number)
    ]


def _objection(inputs: Inputs, suggestions: Sequence[Suggestion]) -> str | None:
    """What keeps suggestions from being used; None when they are proven and can be generated."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        staged = replace(inputs.provider, root=root)
        shutil.copytree(
            inputs.provider.definition_path.parent, staged.definition_path.parent, symlinks=True
        )
        if (inputs.provider.root / "LICENSE").exists():
            shutil.copyfile(inputs.provider.root / "LICENSE", root / "LICENSE")
        else:
            _put(root / "LICENSE", b"")
        for name, content in suggested_files(inputs, suggestions).items():
            _put(root / name, content)
        try:
            findings = prove(staged).findings
            if findings:
                finding = findings[0]
                where = f" (target {finding.target})" if finding.target else ""
                return f"the proof would not hold: {finding.message}{where}"
            with generation.made([staged]):
                return None
        except BadInputError as error:
            return f"the overlay could not be used: {error.message}"
        except BadInputs as error:
            return f"the overlay could not be used: {error.problems[0].message}"


def _put(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def _restore(path: Path, content: bytes | None) -> None:
    if content is None:
        path.unlink(missing_ok=True)
    else:
        write_atomically(path, content)
