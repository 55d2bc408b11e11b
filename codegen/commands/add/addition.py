"""A new provider from a published definition: its files are tried before any of them is kept."""

from __future__ import annotations

import contextlib
import difflib
import re
import shutil
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, cast

from codegen.commands.add.example_payloads import example_payloads
from codegen.commands.add.naming import naming_actions
from codegen.commands.add.omission import THE_OPERATION, Omissions
from codegen.commands.add.server import require_server, server_correction, server_of
from codegen.files.document import serialise
from codegen.files.errors import BadInputError, BadInputs, counted
from codegen.files.transaction import digests, replace_all, require_unchanged
from codegen.generator import build as generation
from codegen.generator.lint import require_complete
from codegen.generator.reading import read as read_parts
from codegen.openapi.definition import definition_data
from codegen.openapi.grammar import operations
from codegen.overlay import apply, read_overlay
from codegen.proof.ledger import render_ledger
from codegen.proof.prove import prove
from codegen.providers.patched import patched_document
from codegen.providers.provider import Provider, Source, provider_names, read_provider
from codegen.providers.source import read
from codegen.providers.text import DOCUMENT, changelog_text, overlay_text, provider_text

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Mapping, Sequence

    from codegen.files.document import Document
    from codegen.files.values import JSON, JSONObject
    from codegen.openapi.subset import LeftOut
    from codegen.providers.source import Published

_NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
_LONGEST_NAME = 40
_DEVICES = frozenset(
    {
        "aux",
        "con",
        "nul",
        "prn",
        *(f"{it}{number}" for it in ("com", "lpt") for number in range(10)),
    }
)
"""Names that Windows keeps for itself, also as folders."""
_TAKEN = frozenset({"callrecords", "sandbox", "cli", "drift", "errors", "records", "providers"})


@dataclass(frozen=True)
class Wanted:
    """What a person asks for."""

    name: str
    source: str
    paths: tuple[str, ...] = ()
    """Patterns of the paths that are wanted; all of them without any."""
    title: str | None = None
    """The provider's name in prose; else that of the definition."""
    server: str | None = None
    """Where the provider is, instead of at the first server of the definition."""


@dataclass(frozen=True)
class Added:
    """What was made of it."""

    provider: Provider
    operations: int
    """How many the package has."""
    payloads: int
    """How many examples of the definition became payloads."""
    unfit: tuple[str, ...]
    """The examples that contradict the definition."""
    files: tuple[Path, ...]
    """The new files and folders, in the repository."""


def add(
    root: Path,
    wanted: Wanted,
    *,
    dry_run: bool = False,
    tell: Callable[[str], object] = str,
) -> Added:
    """Add a provider to the repository at ``root``: all of its files, or none.

    Args:
        root: The folder that holds ``specs``, ``overlay`` and ``generated``.
        wanted: What is asked for.
        dry_run: Do everything but keep the files.
        tell: Is told what is done next.

    Raises:
        BadInputError: the name or the source cannot be used, or a file is in the way.
        BadInputs: the definition has several faults that leaving out operations does not mend.
    """
    if not dry_run:
        replace_all(root, {})  # so that what a killed command has left is not in the way
    _require_usable(root, wanted.name)
    if wanted.server is not None:
        wanted = replace(wanted, server=require_server(wanted.server))
    tell(f"reading {wanted.source}")
    published = read(wanted.source, paths=wanted.paths)
    with _workplace(root, wanted.name) as place:
        provider = _provider(place, wanted, published)
        _write_specs(provider, published, wanted)
        tell("naming functions and classes")
        _write_overlay(provider, published.document, wanted.server)
        provider = _without_what_fails(provider, published, wanted, tell)
        tell("trying the examples")
        reading = read_parts(patched_document(provider))
        require_complete(reading)
        definition = reading.definition
        examples = example_payloads(definition, DOCUMENT)
        for name, content in examples.files.items():
            _write(provider.payloads_path / name, content)
        tell("generating the package")
        generation.generate([provider])
        tell("proving the overlay")
        findings = prove(provider).findings
        if findings:
            raise BadInputError(str(findings[0]), file=provider.overlay_path)
        # Of all providers, so another command may make it untrue.
        made_from = digests((root / "overlay", root / "specs"))
        ledger = render_ledger(_with(root, provider))
        files = () if dry_run else _keep(root, provider, ledger.encode(), made_from)
    return Added(
        provider=replace(provider, root=root),
        operations=len(list(operations(definition))),
        payloads=len(examples.files),
        unfit=examples.unfit,
        files=files,
    )


def _require_usable(root: Path, name: str) -> None:
    place = root / "specs" / name
    if _NAME.fullmatch(name) is None or len(name) > _LONGEST_NAME:
        words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name)
        better = re.sub(r"[^a-z0-9]+", "_", words.lower()).strip("_")[:_LONGEST_NAME].strip("_")
        hint = f"; {better!r} would be one" if _NAME.fullmatch(better) else ""
        message = (
            f"{name!r} is no name for a package; it begins with a letter, has lower-case letters, "
            f"digits and single underscores, and at most {_LONGEST_NAME} characters{hint}"
        )
        raise BadInputError(message, file=root / "specs")
    if name in _DEVICES or name in _TAKEN:
        raise BadInputError(f"the name {name!r} is taken; choose another", file=root / "specs")
    if name in provider_names(root):
        message = (
            f"there is a provider {name!r} already; `python -m codegen update {name}` takes a new "
            "definition over"
        )
        raise BadInputError(message, file=place)
    near = difflib.get_close_matches(name.replace("_", ""), provider_names(root), n=1, cutoff=1)
    if near:
        raise BadInputError(f"{name!r} is too like the provider {near[0]!r}", file=place)
    for path in _places(root, name):
        if path.exists() or path.is_symlink():
            message = "is in the way of the new provider; move or remove it"
            raise BadInputError(message, file=path)


def _places(root: Path, name: str) -> tuple[Path, Path, Path]:
    return root / "generated" / name, root / "overlay" / f"{name}.yaml", root / "specs" / name


@contextlib.contextmanager
def _workplace(root: Path, name: str) -> Generator[Path]:
    """A repository of its own, on the same disk, of which nothing is left afterwards."""
    try:
        place = Path(tempfile.mkdtemp(dir=root, prefix=f".adding-{name}-"))
        try:
            shutil.copyfile(root / "LICENSE", place / "LICENSE")
            yield place
        finally:
            shutil.rmtree(place, ignore_errors=True)
    except OSError as error:  # such as no space, at any of the files
        raise BadInputError(error.strerror or str(error), file=error.filename or root) from error


def _provider(root: Path, wanted: Wanted, published: Published) -> Provider:
    definition = definition_data(published.document)
    info = cast("JSONObject", definition.get("info") or {})
    title = wanted.title or _plain(info.get("title")) or wanted.name.replace("_", " ").title()
    server = wanted.server or server_of(definition, published)
    return Provider(
        root=root,
        name=wanted.name,
        distribution=f"callrecords-{wanted.name.replace('_', '-')}",
        package=f"callrecords_{wanted.name}",
        version="0.1.0",
        title=title,
        keywords=(wanted.name.replace("_", " "), "api client"),
        server_url=server,
        sources=(Source(DOCUMENT, published.url, published.date, published.sha256),),
        definition_document=DOCUMENT,
        definition_paths=wanted.paths,
    )


def _plain(text: JSON) -> str:
    return " ".join(text.split()) if isinstance(text, str) else ""


def _write_specs(provider: Provider, published: Published, wanted: Wanted) -> None:
    _write(
        provider.definition_path,
        serialise(published.document.data, as_json=False) if wanted.paths else published.text,
    )
    _write(provider.changelog_path, changelog_text(provider))
    _write(provider.file, provider_text(provider))


def _write_overlay(provider: Provider, document: Document, server: str | None) -> None:
    discrepancies, corrections = server_correction(definition_data(document), server)
    actions = [*naming_actions(document), *corrections]
    provider.overlay_path.parent.mkdir()
    if actions:
        _write(provider.overlay_path, overlay_text(provider, discrepancies, actions))


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def _without_what_fails(
    provider: Provider, published: Published, wanted: Wanted, tell: Callable[[str], object]
) -> Provider:
    """The provider without the operations, or parts of them, that cannot be generated.

    Raises:
        BadInputs: what is wrong does not belong to any operation, or nothing would be left.
    """
    document = published.document
    if provider.overlay_path.exists():
        overlay = read_overlay(provider.overlay_path)
        document = replace(document, data=apply(document.data, overlay.actions))
    omissions = Omissions(definition_data(document))
    while True:
        problems = _problems(provider)
        if not problems:
            return provider
        if not omissions.add(problems):
            raise BadInputs(_told_of(problems, wanted))
        left_out = omissions.entries()
        _require_some_left(definition_data(document), left_out, published)
        tell(f"leaving out {_told_number(left_out)}")
        provider = replace(provider, left_out=left_out)
        _write(provider.file, provider_text(provider))


def _problems(provider: Provider) -> list[BadInputError]:
    try:
        require_complete(read_parts(patched_document(provider)))
    except BadInputs as error:
        return error.problems
    except BadInputError as error:
        return [error]
    return []


def _told_of(problems: Sequence[BadInputError], wanted: Wanted) -> list[BadInputError]:
    """The problems, as those of the source: the file they were found in is gone by then."""
    return [
        BadInputError(it.message, file=wanted.source, pointer=it.pointer, line=it.line)
        for it in problems
    ]


def _told_number(left_out: Sequence[LeftOut]) -> str:
    whole = sum(entry.part == THE_OPERATION for entry in left_out)
    parts = len(left_out) - whole
    return f"{counted(whole, 'operation')}, and {counted(parts, 'part')} of others"


def _require_some_left(
    definition: JSONObject, left_out: Sequence[LeftOut], published: Published
) -> None:
    whole = [entry for entry in left_out if entry.part == THE_OPERATION]
    if len(whole) == len(list(operations(definition))):
        errors = [
            published.document.error(it.pointer, f"{it.operation} cannot be generated: {it.reason}")
            for it in whole
        ]
        raise BadInputs(errors)


def _with(root: Path, added: Provider) -> list[Provider]:
    """All providers, sorted by name."""
    others = [read_provider(root, name) for name in provider_names(root)]
    return sorted([*others, added], key=lambda it: it.name)


def _keep(
    root: Path, provider: Provider, ledger: bytes, made_from: Mapping[Path, str | None]
) -> tuple[Path, ...]:
    """Put the files into the repository: all of them, or none."""

    def check() -> None:
        _require_usable(root, provider.name)
        require_unchanged(made_from)

    log = provider.root / "overlay/README.md"
    log.write_bytes(ledger)
    made = [provider.root / it.relative_to(root) for it in _places(root, provider.name)]
    new = {it.relative_to(provider.root).as_posix(): it for it in (*made, log) if it.exists()}
    replace_all(root, new, check=check)
    return tuple(root / name for name in new)
