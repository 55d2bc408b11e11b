"""A new definition, from its source to the files it changes: all of them or none."""

from __future__ import annotations

import contextlib
import functools
import shutil
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol, cast

import orjson

from codegen.commands.update.leftovers import Leftovers, leftovers, without_left_out
from codegen.commands.update.staging import Staging, staging
from codegen.compare import Comparison, compare, part
from codegen.compare.notes import entry
from codegen.files.document import serialise
from codegen.files.errors import BadInputError, BadInputs
from codegen.files.transaction import replace_all, require_unchanged
from codegen.files.tree import digest
from codegen.generator import build as generation
from codegen.openapi.definition import definition_data, read_definition
from codegen.openapi.order import in_order_of
from codegen.openapi.validation import validate_definition
from codegen.overlay import apply, read_overlay
from codegen.overlay.carry import Carried, carry
from codegen.overlay.decisions import Decisions
from codegen.overlay.text import without_actions
from codegen.proof.ledger import render_ledger
from codegen.proof.prove import prove
from codegen.providers import bump
from codegen.providers.changelog import with_unreleased_body
from codegen.providers.patched import patched_definition
from codegen.providers.provenance import with_provenance
from codegen.providers.provider import provider_names, read_provider
from codegen.providers.server import with_absolute_servers, with_server
from codegen.providers.source import Published, read
from codegen.providers.versions import bumped

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Generator, Mapping
    from pathlib import Path

    from codegen.files.document import Document
    from codegen.files.values import JSON, JSONObject
    from codegen.overlay import Action
    from codegen.overlay.outcome import Outcome
    from codegen.proof.claim import Finding
    from codegen.providers.provider import Provider


class Progress(Protocol):
    """Is told what is being done."""

    def step(self, name: str) -> None:
        """Another step begins."""
        ...

    def downloaded(self, received: int, total: int | None) -> None:
        """There are so many bytes, of so many if that is known."""
        ...


@dataclass(frozen=True)
class Update:
    """What a new definition does, and the files it changes."""

    provider: Provider
    """As it is before the update."""
    source: str
    """What was read."""
    published: Published
    version: str
    """Of the distribution, after the update."""
    carried: Carried
    dropped: tuple[Outcome, ...]
    """The actions that the overlay loses."""
    leftovers: Leftovers
    """What else the provider loses."""
    comparison: Comparison
    old: JSONObject
    """The patched definition before."""
    new: JSONObject
    """The patched definition after."""
    findings: tuple[Finding, ...]
    """What no longer holds with the new definition; with any, there is nothing to write."""
    files: Mapping[str, Path]
    """New files and folders, by path from the root of the repository."""
    made_from: Mapping[Path, str | None]
    """The digests of the files of the repository that it was made from."""

    @property
    def is_change(self) -> bool:
        """Whether the definition says anything else, and not just in another order."""
        return bool(self.files or self.findings)

    def write(self) -> None:
        """Put all files in their places, or none.

        Raises:
            BadInputError: one cannot be written, or what the update was made from has changed
                since; all is as it was.
        """
        check = functools.partial(require_unchanged, self.made_from)
        replace_all(self.provider.root, self.files, check=check)


@contextlib.contextmanager
def updated(
    provider: Provider,
    source: str | None = None,
    *,
    decisions: Decisions | None = None,
    progress: Progress | None = None,
) -> Generator[Update]:
    """Find out what a new definition does. Nothing is written but by :meth:`Update.write`.

    Args:
        provider: Whose definition it is.
        source: A file or an address; without it, the address in ``provider.toml``.
        decisions: What becomes of actions that cannot simply be carried over.
        progress: Is told what is being done.

    Raises:
        BadInputError: the source, or a file of the provider, cannot be used.
        BadInputs: several things are wrong.
        UndecidedError: actions need a decision.
    """
    progress = progress or _Silent()
    with staging(provider) as stage:
        progress.step("reading")
        published = _read(provider, source, progress)
        overlay = read_overlay(provider.overlay_path) if provider.overlay_path.exists() else None
        actions = overlay.actions if overlay else ()
        _validate(published.document, actions)
        old = read_definition(provider.definition_path)
        ordered = in_order_of(published.document.data, old.data)
        shown = source or _address(provider)
        if orjson.dumps(ordered) == orjson.dumps(old.data):
            yield _unchanged(provider, shown, published)
            return
        progress.step("carrying the overlay over")
        carried = carry(old.data, ordered, actions)
        before = _in_use(provider)
        pointless = leftovers(provider, before, cast("JSONObject", carried.definition))
        dropped = (decisions or Decisions()).dropped(carried, pointless.told)
        _stage_inputs(stage, published, ordered, dropped)
        _unstage(stage, pointless)
        progress.step("proving")
        with stage.naming_originals():
            findings = _findings(stage)
            progress.step("generating and comparing")
            after = patched_definition(stage.provider)
            _stage_server(stage, before, after)
            comparison = _compared(stage, before, after)
            progress.step("writing down")
            _stage_version(stage, comparison, published.date)
            if not findings:
                _stage_outputs(stage)
        yield Update(
            provider=provider,
            source=shown,
            published=published,
            version=stage.provider.version,
            carried=carried,
            dropped=tuple(dropped),
            leftovers=pointless,
            comparison=comparison,
            old=before,
            new=after,
            findings=findings,
            files={} if findings else _files(stage, pointless),
            made_from=stage.digests,
        )


def _read(provider: Provider, source: str | None, progress: Progress) -> Published:
    paths = provider.definition_paths
    try:
        return read(source or _address(provider), paths=paths, progress=progress.downloaded)
    except BadInputError as error:
        if source is not None or provider.definition_document is not None:
            raise
        message = (
            f"{error.message}. {provider.definition_path} was transcribed from this page, which "
            "publishes no definition that is known of: name a file or an address that holds one "
            "as SOURCE. When it is published somewhere, name that [[source]] as `document` in "
            f"[definition] of {provider.file}"
        )
        raise BadInputError(
            message, file=error.file, pointer=error.pointer, line=error.line
        ) from error


def _address(provider: Provider) -> str:
    """Where the definition is published.

    Raises:
        BadInputError: nobody has said.
    """
    source = provider.definition_source
    if source.url is None:
        message = (
            "the definition was read from a file, and no address is known that publishes it: name "
            f"one, or a file, as SOURCE, or give the [[source]] {source.document!r} a `url`"
        )
        raise BadInputError(message, file=provider.file)
    return source.url


def _in_use(provider: Provider) -> JSONObject:
    """The patched definition that users have: that of the generated package, if there is one.

    The overlay may have been rewritten for the new definition, and fit the old one no more.
    """
    file = provider.generated_path / provider.package / "openapi.json"
    if not file.exists():
        return patched_definition(provider)
    return definition_data(read_definition(file))


def _validate(document: Document, actions: tuple[Action, ...]) -> None:
    """See that a definition is valid, or becomes so by the overlay, which may mend it."""
    try:
        validate_definition(document)
    except BadInputs:
        try:
            mended = apply(document.data, actions, strict=False)
            validate_definition(replace(document, data=mended))
        except (BadInputError, BadInputs):
            pass
        else:
            return
        raise


def _unchanged(provider: Provider, source: str, published: Published) -> Update:
    patched = _in_use(provider)
    return Update(
        provider=provider,
        source=source,
        published=published,
        version=provider.version,
        carried=Carried(()),
        dropped=(),
        leftovers=Leftovers(),
        comparison=Comparison(()),
        old=patched,
        new=patched,
        findings=(),
        files={},
        made_from={},
    )


def _stage_inputs(
    stage: Staging, published: Published, ordered: JSON, dropped: list[Outcome]
) -> None:
    provider = stage.original
    stage.put(provider.definition_path, _archived(provider, published, ordered))
    toml = with_provenance(provider.file.read_bytes(), provider, published, provider.file)
    stage.put(provider.file, toml)
    if dropped:
        text = without_actions(
            provider.overlay_path.read_bytes(),
            provider.overlay_path,
            {outcome.number for outcome in dropped},
            f"Left as the definition of {published.date} has it.",
        )
        stage.put(provider.overlay_path, text)


def _stage_server(stage: Staging, before: JSONObject, after: JSONObject) -> None:
    provider = stage.original
    text = stage.staged(provider.file).read_bytes()
    stage.put(provider.file, with_server(text, provider, before, after))


def _unstage(stage: Staging, pointless: Leftovers) -> None:
    file = stage.original.file
    stage.put(file, without_left_out(stage.staged(file).read_bytes(), pointless.left_out))
    if pointless.payloads:
        # The folder is replaced as a whole: not even a new file may have come into it.
        payloads = stage.original.payloads_path
        stage.digests[payloads] = digest(stage.staged(payloads))
    for _, folder in pointless.payloads:
        shutil.rmtree(stage.staged(folder))


def _archived(provider: Provider, published: Published, ordered: JSON) -> bytes:
    """The text to keep: the published one if it is YAML and whole, else the same data as YAML."""
    as_published = orjson.dumps(ordered) == orjson.dumps(published.document.data)
    is_yaml = not published.text.lstrip().startswith(b"{")
    if as_published and is_yaml and not provider.definition_paths:
        return published.text
    return serialise(ordered, as_json=False)


def _findings(stage: Staging) -> tuple[Finding, ...]:
    found = prove(stage.provider).findings
    return tuple(replace(finding, file=stage.name(finding.file)) for finding in found)


def _compared(stage: Staging, before: JSONObject, after: JSONObject) -> Comparison:
    provider = stage.original
    old_package = provider.generated_path if provider.generated_path.exists() else None
    with generation.made([stage.provider]) as made:
        (folder,) = made.values()
        return compare(
            with_absolute_servers(before, provider),
            with_absolute_servers(after, stage.provider),
            package=provider.package,
            old_package=old_package,
            new_package=folder if old_package else None,
        )


def _stage_version(stage: Staging, comparison: Comparison, today: dt.date) -> None:
    provider = stage.original
    raised = part(comparison, provider.version)
    if raised is None:
        return
    version = bumped(provider.version, raised)
    log = stage.staged(provider.changelog_path)
    if log.exists():
        text = with_unreleased_body(log.read_text("utf-8"), entry(comparison), log)
        log.write_text(text, "utf-8")
    stage.put_all(bump.changes(stage.root, provider.distribution, version, today))


def _stage_outputs(stage: Staging) -> None:
    provider = stage.provider
    with generation.made([provider]) as made:
        (folder,) = made.values()
        shutil.copytree(folder, provider.generated_path)
    root = stage.original.root
    providers = [
        provider if name == provider.name else read_provider(root, name)
        for name in provider_names(root)
    ]
    stage.put(root / "overlay" / "README.md", render_ledger(providers).encode())


def _files(stage: Staging, pointless: Leftovers) -> dict[str, Path]:
    provider = stage.provider
    folders = [provider.generated_path, *([provider.payloads_path] if pointless.payloads else [])]
    named = {folder.relative_to(stage.root).as_posix(): folder for folder in folders}
    return {**stage.changed(), **named}


class _Silent:
    def step(self, name: str) -> None:
        pass

    def downloaded(self, received: int, total: int | None) -> None:
        pass
