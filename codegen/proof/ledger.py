"""The ledger of all overlays: what disagreed, what was decided, and what proves it."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import orjson

from codegen.files.errors import BadInputs
from codegen.files.values import ABSENT, pointer_to
from codegen.openapi.places import TABLE
from codegen.overlay import Action, Overlay, read_overlay
from codegen.proof import claims
from codegen.providers.payloads import Origin, Payload, read_payloads
from codegen.providers.provider import provider_names

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from codegen.providers.provider import Provider

_INTRODUCTION = """\
<!-- Generated from the overlays by `python -m codegen ledger`; change them, not this file. -->

# Where the documents disagree

What a provider publishes contradicts itself in places. Each of them has a row here: what disagreed,
what was decided, the payloads that fail without the correction or the values that pass without it,
and the actions that make it. A payload that is an excerpt or composed, instead of printed whole in
a document, is marked so. `python -m codegen prove` runs this evidence. Below, per provider, stand
the changes that settle no contradiction: names, formats and lists of values that the documents give
in prose.
"""


class Corrections(NamedTuple):
    """What the ledger tells of a provider."""

    provider: Provider
    overlay: Overlay
    payloads: Sequence[Payload]
    repairs: Overlay | None = None
    """What is mended in the definition as published."""
    retired: Sequence[str] = ()
    """The names of payloads that are evidence of the past."""


def read_corrections(providers: Iterable[Provider]) -> Iterator[Corrections]:
    """Read the overlays of those providers that have one, and their payloads.

    Raises:
        BadInputError: an overlay or a payload cannot be used.
        BadInputs: the same, several times.
    """
    for provider in providers:
        if provider.overlay_path.exists():
            overlay = read_overlay(provider.overlay_path)
            path = provider.repairs_path
            repairs = read_overlay(path) if path.exists() else None
            folder = provider.retired_path
            retired = sorted(one.relative_to(folder).as_posix() for one in folder.glob("*/*.json"))
            yield Corrections(provider, overlay, read_payloads(provider), repairs, retired)


def ledger_of(corrections: Iterable[Corrections]) -> str:
    """Return the ledger in Markdown, the whole of overlay/README.md.

    Raises:
        BadInputError: a discrepancy or a proof is not written as CONTRIBUTING.md says.
        BadInputs: an overlay lists decisions that no action carries out, or its actions name
            discrepancies that it does not list.
    """
    return "\n".join([_INTRODUCTION, *map(section, corrections)])


def with_section(ledger: bytes, told: Corrections) -> bytes:
    """The ledger with what it tells of one provider now, and with the same errors."""
    introduction, *sections = re.split(r"\n(?=## )", ledger.decode())
    root, this = told.provider.root, told.provider
    others = (name for name in provider_names(root) if name < this.name)
    place = sum((root / f"overlay/{name}.yaml").exists() for name in others)
    sections[place : place + this.overlay_path.exists()] = [section(told)]
    return "\n".join([introduction, *sections]).encode()


def section(corrections: Corrections) -> str:
    """What the ledger tells of one provider, with the same errors."""
    provider, overlay, payloads, repairs, retired = corrections
    discrepancies = claims.read_discrepancies(overlay)
    actions = [*(() if repairs is None else repairs.actions), *overlay.actions]
    _refuse_loose_ends(overlay, actions, discrepancies)
    origins: dict[str, Origin] = {payload.name: payload.origin for payload in payloads}
    entries = [_Entry(provider, action, origins) for action in actions]
    parts = [f"## {provider.title}\n"]
    if discrepancies:
        listed = sorted(discrepancies.values(), key=natural_order)
        headings = ("", "The documents", "Decision", "Evidence", "Actions")
        parts.append(_table(headings, [_row(discrepancy, entries) for discrepancy in listed]))
    others = [
        (entry.reason, _prose(entry.action.description), _evidence([entry]), entry.link)
        for entry in entries
        if entry.reason in claims.UNCONTRADICTED
    ]
    if others:
        parts.append(_table(("", "Change", "Evidence", "Action"), others))
    if once := [*_shown_once(payloads)]:
        links = _links(provider, provider.payloads_path, once)
        parts.append(f"Shown once, by the one example of what an operation answers: {links}\n")
    if retired:
        links = _links(provider, provider.retired_path, retired)
        parts.append(f"Evidence of the past, which today's definition does not fit: {links}\n")
    return "\n".join(parts)


def _shown_once(payloads: Iterable[Payload]) -> Iterator[str]:
    """The names of payloads beside which no document shows a success of the same operation."""
    successes = [one for one in payloads if one.status < 300 and one.origin != "composed"]  # noqa: PLR2004
    counts = Counter(one.operation for one in successes)
    return (one.name for one in successes if counts[one.operation] == 1)


def _links(provider: Provider, folder: Path, names: Iterable[str]) -> str:
    place = folder.relative_to(provider.root).as_posix()
    return ", ".join(f"[{name}](../{place}/{name})" for name in names)


def _refuse_loose_ends(
    overlay: Overlay, actions: Sequence[Action], discrepancies: dict[str, claims.Discrepancy]
) -> None:
    errors = [
        action.error(problem)
        for action in actions
        if (problem := claims.discrepancy_problem(action, discrepancies))
    ]
    carried_out = [action.extensions.get("x-discrepancy") for action in actions]
    table = overlay.extensions.get(TABLE)
    errors += [
        overlay.document.error(
            pointer_to("x-discrepancies", name),
            f"{name} is decided, but no action names it; write one, or `left` and why",
        )
        for name, discrepancy in discrepancies.items()
        if discrepancy.decision is not None and name not in carried_out
        if not isinstance(table, dict) or discrepancy.name not in table
    ]
    if errors:
        raise BadInputs(errors)


@dataclass(frozen=True)
class _Entry:
    """An action as the ledger shows it; links lead from the folder of the overlays."""

    provider: Provider
    action: Action
    origins: Mapping[str, Origin]
    """Of the provider's payloads, by name."""

    @property
    def reason(self) -> str:
        return str(self.action.extensions["x-discrepancy"])

    @property
    def link(self) -> str:
        line = self.action.document.line(self.action.pointer)
        return f"[{_code(self.action.target)}]({Path(self.action.document.path).name}#L{line})"

    @property
    def evidence(self) -> Iterator[str]:
        claim = claims.Claim(self.action)
        for name in claim.evidence:
            origin = self.origins.get(name, "printed")
            # What to know of a payload that no document shows as it is.
            reservation = "" if origin == "printed" else f" ({origin})"
            yield f"needed for {self._payload_link(name)}{reservation}"
        for rejection in claim.rejections:
            yield f"refuses {self._refused(rejection)}"

    def _refused(self, rejection: claims.Rejection) -> str:
        place = rejection.place
        if isinstance(place, claims.BodyPlace):
            where = f"{_code(place.pointer)} in {self._payload_link(place.payload)}"
        else:
            where = _code(str(place))
        if rejection.value is ABSENT:
            return f"{where} left out"
        return f"{where} as {_code(orjson.dumps(rejection.value).decode())}"

    def _payload_link(self, name: str) -> str:
        return _links(self.provider, self.provider.payloads_path, [name])


def _row(discrepancy: claims.Discrepancy, entries: list[_Entry]) -> tuple[str, ...]:
    entries = [entry for entry in entries if entry.reason == discrepancy.id]
    decision = discrepancy.decision or f"Left as documented: {discrepancy.left}"
    texts = (discrepancy.id, _prose(discrepancy.disagreement), _prose(decision))
    links = [entry.link for entry in entries]
    if discrepancy.name is not None:
        links.append(f"the name {_code(discrepancy.name)}")
    return (*texts, _evidence(entries), "<br>".join(links))


def _evidence(entries: list[_Entry]) -> str:
    # One payload may prove several actions of a row.
    return "<br>".join(dict.fromkeys(line for entry in entries for line in entry.evidence))


def natural_order(discrepancy: claims.Discrepancy) -> list[str | int]:
    """A key for sorting by id: C-2 stands before C-10."""
    parts = re.split(r"(\d+)", discrepancy.id)
    return [int(part) if index % 2 else part for index, part in enumerate(parts)]


def _table(headings: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [headings, ("---",) * len(headings), *rows]
    return "".join(
        f"|{'|'.join(f' {cell} ' if cell else ' ' for cell in line)}|\n" for line in lines
    )


def _prose(text: str) -> str:
    """Markdown prose for one cell of a table."""
    return " ".join(text.split()).replace("|", "\\|")


def _code(text: str) -> str:
    """A code span for one cell of a table, where even code must escape the bar."""
    fence = "`" * (1 + max((len(run) for run in re.findall("`+", text)), default=0))
    padding = " " if len(fence) > 1 else ""
    return f"{fence}{padding}{_prose(text)}{padding}{fence}"
