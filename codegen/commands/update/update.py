"""A new definition, from its source to the files it changes: all of them or none."""

from __future__ import annotations

import functools
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import orjson
from rich.filesize import decimal

from codegen.commands.check import look
from codegen.commands.check import problems as problems_of
from codegen.commands.leaving_out import generable, without
from codegen.commands.update.facts import followed_ways, lost_facts
from codegen.commands.update.names import known_classes, unused_names, with_names
from codegen.commands.update.proposals import (
    Proposal,
    Proposed,
    decided,
    restated_proofs,
    with_left_out,
    with_mended_upstream,
    with_shown_members,
    without_payloads_of_lost,
)
from codegen.commands.update.snapshot import read_snapshot
from codegen.compare import Comparison, compare, part, side
from codegen.compare.report import Report, entry
from codegen.files.document import Document, serialise
from codegen.files.errors import BadInputError
from codegen.files.transaction import Content, replace_all, require_unchanged
from codegen.generator.build import formatting, rendered
from codegen.generator.reading import read as read_by_generator
from codegen.openapi.definition import definition_data
from codegen.openapi.order import in_order_of
from codegen.openapi.subset import is_part
from codegen.overlay.carry import Decisions, carry
from codegen.proof.ledger import Corrections, with_section
from codegen.proof.prove import prove_inputs
from codegen.providers import releases
from codegen.providers.patched import canonical_text, in_canonical_form, patched
from codegen.providers.source import Published, read
from codegen.providers.text import with_absolute_servers, with_entries, with_provenance, with_server

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from codegen.commands.check import Look
    from codegen.commands.update.snapshot import Snapshot
    from codegen.compare import Side
    from codegen.files.values import JSON
    from codegen.generator.reading import Reading
    from codegen.openapi.canonical import Canonical
    from codegen.openapi.subset import LeftOut
    from codegen.overlay.carry import Outcome
    from codegen.proof.claims import Finding
    from codegen.providers.patched import Inputs
    from codegen.providers.provider import Provider


@dataclass(frozen=True)
class Update:
    """What a new definition does, and the files it changes."""

    provider: Provider
    """As it is before the update."""
    published: Published
    version: str
    """Of the distribution, after the update."""
    made_from: Mapping[Path, str | None]
    """The digests of the files of the repository that it was made from."""
    inputs: Inputs
    """What the new package is made of."""
    reading: Reading | None = None
    """What the generator makes of that; None where nothing changes."""
    outcomes: tuple[Outcome, ...] = ()
    dropped: tuple[Outcome, ...] = ()
    """The actions that the overlay loses."""
    proposals: tuple[Proposal, ...] = ()
    """What else changes in the overlay and beside it, under what the rest is told."""
    open: tuple[Proposal, ...] = ()
    """The proposals to which somebody has to agree before anything is written."""
    overlays: Mapping[Path, tuple[bytes, bytes]] = field(
        default_factory=dict["Path", tuple[bytes, bytes]]
    )
    """The texts of the overlay and the repairs before and after, by path from the root."""
    comparison: Comparison = field(default_factory=lambda: Comparison(()))
    told: tuple[BadInputError, ...] = ()
    """What in the new definition alone is read otherwise than it is written."""
    findings: tuple[Finding, ...] = ()
    """What does not hold with the new definition; with any, there is nothing to write."""
    files: Mapping[str, Content] = field(default_factory=dict[str, Content])
    """New files, and folders that are replaced, by path from the root of the repository."""
    check: Look | None = None
    """What was seen of the new package, where it was looked at."""

    @property
    def source(self) -> str:
        """The file or the address that the definition was read from."""
        return str(self.published.document.path)

    @property
    def package(self) -> Mapping[str, bytes]:
        """The files of the new distribution; none where something does not hold."""
        files = self.files.get(f"generated/{self.provider.name}", {})
        return {} if isinstance(files, bytes) else files

    @property
    def is_change(self) -> bool:
        """Whether the definition says anything else, and not just in another order."""
        return bool(self.files or self.findings)

    @property
    def report(self) -> Report:
        """The comparison, with the distribution and its versions above it."""
        provider = self.provider
        return Report(self.comparison, provider.distribution, provider.version, self.version)

    def write(self) -> None:
        """Put all files in their places, or none.

        Raises:
            BadInputError: one cannot be written, or what the update was made from has changed
                since; all is as it was.
        """
        check = functools.partial(require_unchanged, self.made_from)
        replace_all(self.provider.root, self.files, check=check)


def updated(
    provider: Provider,
    source: str | None = None,
    *,
    decisions: Decisions | None = None,
    check: bool = False,
    tell: Callable[[str], object] = lambda _: None,
) -> Update:
    """Find out what a new definition does. Nothing is written but by :meth:`Update.write`.

    Args:
        provider: Whose definition it is.
        source: A file or an address; without it, the address in ``provider.toml``.
        decisions: What becomes of actions that cannot simply be carried over.
        check: Look at the new package as its users do, and leave out what fails.
        tell: Is told what is being done.

    Raises:
        BadInputError: the source, or a file of the provider, cannot be used.
        BadInputs: several things are wrong.
    """
    before = read_snapshot(provider)
    tell("reading")
    published = _read(provider, source, tell)
    plan_with = functools.partial(plan, before, published, decisions or Decisions(), tell)
    update = plan_with()
    while check and update.package and (reading := update.reading) is not None:
        tell("checking the package as its users need it")
        seen = look(update.package, provider.package, before=update.check)
        failing = [*problems_of(seen.faults, update.package, reading)]
        if failing:
            left = without(update.inputs, reading.document, failing, tell).provider.left_out
            update = plan_with(left)
        update, check = replace(update, check=seen), bool(failing)
    return update


def plan(
    before: Snapshot,
    published: Published,
    decisions: Decisions,
    tell: Callable[[str], object],
    left_out: tuple[LeftOut, ...] = (),
) -> Update:
    """What a new definition does to a provider, found out from values in hand.

    ``left_out`` is what it does without because of what was seen of the package.

    What has no decision yet is told as it is proposed. It raises what :func:`updated` does.
    """
    old = before.inputs.definition.data
    new = in_order_of(published.document.data, old)
    if orjson.dumps(new) == orjson.dumps(old):
        version, inputs = before.provider.version, before.inputs
        return Update(before.provider, published, version, before.made_from, inputs)

    tell("carrying the overlay over")
    in_use = before.in_use or patched(before.inputs)
    users_have = definition_data(in_use)
    inputs, gone = _retaken(before, replace(published.document, data=new), decisions)
    canonical = _canonical(before.inputs)
    left = f"Left as the definition of {published.date} has it."
    proposed = with_mended_upstream(Proposed(inputs, gone), old, left)
    proposed = with_names(proposed, canonical, users_have)
    proposed = proposed.with_changes(known_classes(proposed.inputs, canonical))
    outcomes = carry(canonical.data, proposed.inputs.canonical.data, proposed.inputs.actions)
    dropped = decisions.dropped(outcomes)
    proposed = proposed.with_changes(decided(outcomes, dropped, "action", left))
    proposed = without_payloads_of_lost(proposed, users_have)
    proposed = with_shown_members(proposed, users_have, str(published.date))
    proposed = proposed.with_changes(unused_names(proposed))
    proposed = proposed.with_changes(followed_ways(proposed, users_have))

    def without_lost_facts(inputs: Inputs, _: object) -> Inputs:
        found = Proposed(inputs)
        return found.with_changes(lost_facts(found)).inputs

    tell("reading it as the generator does")
    inputs, known = proposed.inputs, proposed.inputs.provider.left_out
    if left_out:
        inputs = replace(inputs, provider=replace(inputs.provider, left_out=left_out))
    complete, reading = generable(inputs, tell, prepare=without_lost_facts)
    if complete is not proposed.inputs:
        proposed = with_left_out(proposed, complete.provider.left_out, known)
        proposed = proposed.with_changes(lost_facts(proposed))

    tell("comparing")
    settings = before.text(before.provider.file)
    settings = with_server(settings, before.provider, users_have, reading.definition)
    after = _taken_in(before, published, new, proposed.inputs, settings)
    comparison = compare(
        _side(read_by_generator(in_use), before.provider),
        _side(reading, after.provider),
        package=before.provider.package,
    )
    after = _released(after, comparison, published.date)

    tell("generating and proving")
    proposed, findings, files = _proven(before, after, proposed, reading)

    settled = decisions.drop | decisions.keep
    groups = {one.group for one in dropped if one.number in settled} - {None}
    settled |= {one.number for one in dropped if one.group in groups}
    return Update(
        provider=before.provider,
        published=published,
        version=after.provider.version,
        made_from=before.made_from,
        inputs=proposed.inputs,
        reading=reading,
        outcomes=outcomes,
        dropped=tuple(dropped),
        proposals=proposed.proposals,
        open=tuple(
            one for one in proposed.proposals if one.is_open(settled, accept=decisions.accept)
        ),
        overlays={
            path.relative_to(before.provider.root): (
                before.texts.get(path, b""),
                overlay.document.text,
            )
            for path, overlay in proposed.inputs.overlays.items()
        },
        comparison=comparison,
        told=tuple(
            published.document.error_of(problem)
            for problem in proposed.inputs.canonical.told
            if problem not in before.inputs.canonical.told
        ),
        findings=findings,
        files=files,
    )


def _proven(
    before: Snapshot, after: Snapshot, proposed: Proposed, reading: Reading
) -> tuple[Proposed, tuple[Finding, ...], Mapping[str, Content]]:
    """What is proposed with proofs that hold, what does not hold, and else the files to write."""
    package = rendered(after.inputs, reading, after.texts.get)
    with formatting({_place(after.provider.generated_path, after): package}) as finished:
        findings = prove_inputs(proposed.inputs).findings
        if findings:  # what states other proofs says the same of the definition
            proposed = proposed.with_changes(restated_proofs(proposed, findings))
            findings = prove_inputs(proposed.inputs).findings
        if findings:
            return proposed, findings, {}
        after = _corrected_by(after, proposed.inputs)
        files = _files(before, after, canonical_text(proposed.inputs))
        return proposed, (), files | finished()


def _canonical(inputs: Inputs) -> Canonical:
    """The canonical definition before; its repairs may have been written for the new one."""
    if inputs.repairs is None:
        return inputs.canonical
    return in_canonical_form(inputs, inputs.repairs.actions, strict=False)


def _retaken(
    before: Snapshot, definition: Document, decisions: Decisions
) -> tuple[Inputs, tuple[Proposal, ...]]:
    """The inputs with the new definition, without what is retired or has nothing left to leave out.

    Raises:
        BadInputError: there is no payload of a name that is to be retired.
    """
    provider, inputs = before.provider, before.inputs
    names = {payload.name for payload in inputs.payloads}
    for name in sorted(decisions.retire - names):
        message = f"there is no payload {name}; they are {', '.join(sorted(names)) or 'none'}"
        raise BadInputError(message, file=provider.payloads_path)
    data = definition_data(definition)
    kept = tuple(entry for entry in provider.left_out if is_part(data, entry.pointer))
    gone = tuple(
        Proposal(
            f"nothing is left of what {entry.operation} does without ({entry.pointer})",
            is_automatic=True,
        )
        for entry in provider.left_out
        if entry not in kept
    )
    payloads = tuple(one for one in inputs.payloads if one.name not in decisions.retire)
    provider = replace(provider, left_out=kept)
    return replace(inputs, provider=provider, definition=definition, payloads=payloads), gone


def _read(provider: Provider, source: str | None, tell: Callable[[str], object]) -> Published:
    def downloaded(received: int, total: int | None) -> None:
        known = f" of {decimal(total)}" if total is not None else ""
        tell(f"reading, {decimal(received)}{known}")

    address = source or provider.definition_source.url
    if address is None:
        message = (
            "the definition was read from a file, and no address is known that publishes it: name "
            "one, or a file, as SOURCE, or give the [[source]] "
            f"{provider.definition_source.document!r} a `url`"
        )
        raise BadInputError(message, file=provider.file)
    try:
        return read(address, paths=provider.definition_paths, progress=downloaded)
    except BadInputError as error:
        if source is None and provider.definition_document is None:
            error.message += (
                f". {provider.definition_path} was transcribed from this page, which publishes no "
                "definition that is known of: name a file or an address that holds one as SOURCE. "
                "When it is published somewhere, name that [[source]] as `document` in "
                f"[definition] of {provider.file}"
            )
        raise


def _taken_in(
    before: Snapshot, published: Published, new: JSON, inputs: Inputs, settings: bytes
) -> Snapshot:
    """The files with the new definition, and with what else the new inputs are made of."""
    provider = before.provider
    settings = with_provenance(settings, provider, published)
    if inputs.provider.left_out != provider.left_out:
        settings = with_entries(settings, inputs.provider.left_out)
    texts = {**before.texts, provider.definition_path: _archived(provider, published, new)}
    kept = {payload.name for payload in inputs.payloads}
    for payload in before.inputs.payloads:
        if payload.name not in kept:
            texts[provider.retired_path / payload.name] = texts.pop(payload.path)
    return _corrected_by(replace(before, texts=texts), inputs).with_texts({provider.file: settings})


def _corrected_by(snapshot: Snapshot, inputs: Inputs) -> Snapshot:
    """The files with what other inputs correct, and with all that these are made of."""
    texts = {path: overlay.document.text for path, overlay in inputs.overlays.items()}
    inputs = replace(inputs, provider=snapshot.provider)
    return replace(snapshot, inputs=inputs, texts={**snapshot.texts, **texts})


def _archived(provider: Provider, published: Published, ordered: JSON) -> bytes:
    """The text to keep: the published one if it is YAML and whole, else the same data as YAML."""
    as_published = orjson.dumps(ordered) == orjson.dumps(published.document.data)
    is_yaml = not published.text.lstrip().startswith(b"{")
    if as_published and is_yaml and not provider.definition_paths:
        return published.text
    return serialise(ordered, as_json=False)


def _side(reading: Reading, provider: Provider) -> Side:
    """A definition with the servers that requests go to, and what the generator made of it."""
    definition = with_absolute_servers(reading.definition, provider)
    return replace(side(reading, provider), definition=definition)


def _released(after: Snapshot, comparison: Comparison, date: dt.date) -> Snapshot:
    """The files with the version that the changes ask for, and what the changelog tells of them."""
    provider, log = after.provider, after.provider.changelog_path
    raised = part(comparison, provider.version)
    if raised is None:
        return after
    told = releases.with_unreleased(after.text(log).decode(), entry(comparison), log)
    after = after.with_texts({log: told.encode()})
    version = releases.bumped(provider.version, raised)
    made = releases.generated_distribution(provider)
    texts = releases.changes(provider.root, made, version, date, text=after.text)
    return after.with_texts(texts)


def _files(before: Snapshot, after: Snapshot, canonical: bytes) -> dict[str, Content]:
    """What is to be written besides the package."""
    provider = after.provider
    inputs, ledger = after.inputs, provider.root / "overlay/README.md"
    if inputs.overlay is not None:
        retired = sorted(after.below(provider.retired_path))
        told = Corrections(provider, inputs.overlay, inputs.payloads, inputs.repairs, retired)
        after = after.with_texts({ledger: with_section(after.text(ledger), told)})
    changed = sorted(path for path, text in after.texts.items() if before.texts.get(path) != text)
    files: dict[Path, Content] = {path: after.texts[path] for path in changed}
    files[provider.canonical_path] = canonical
    if inputs.payloads != before.inputs.payloads:
        files[provider.payloads_path] = after.below(provider.payloads_path)
    return {_place(path, after): content for path, content in files.items()}


def _place(path: Path, snapshot: Snapshot) -> str:
    """A path from the root of the repository."""
    return path.relative_to(snapshot.provider.root).as_posix()
