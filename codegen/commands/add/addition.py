"""A new provider from a published definition: worked out in values, then written at once."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from codegen.commands.add.examples import example_payloads
from codegen.commands.add.facts import found_facts, told_facts
from codegen.commands.add.naming import member_actions, named, repeated_identifiers
from codegen.commands.check import look, problems
from codegen.commands.leaving_out import generable, without
from codegen.files.document import serialise
from codegen.files.errors import BadInputError, as_bad_input
from codegen.files.transaction import digests, replace_all, require_unchanged
from codegen.generator.build import formatted, rendered
from codegen.openapi.access import (
    absolute,
    first_address,
    first_server,
    is_server_address,
    variable_names,
)
from codegen.openapi.definition import definition_data
from codegen.openapi.grammar import operations
from codegen.openapi.references import object_at
from codegen.overlay.reading import parse_overlay
from codegen.overlay.text import Edits, edited
from codegen.proof.ledger import Corrections, ledger_of, with_section
from codegen.proof.prove import prove_inputs
from codegen.providers.patched import Inputs, canonical_text
from codegen.providers.payloads import add_examples, payload_text
from codegen.providers.provider import Provider, Source, provider_names
from codegen.providers.releases import text_if_there
from codegen.providers.source import read
from codegen.providers.text import DOCUMENT, changelog_text, overlay_text, provider_text

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Mapping, Sequence
    from pathlib import Path

    from codegen.commands.check import Look
    from codegen.files.transaction import Content
    from codegen.files.values import JSONObject
    from codegen.generator.reading import Reading
    from codegen.providers.payloads import Payload
    from codegen.providers.source import Published

_NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
_LONGEST_NAME = 40
_DEVICES = frozenset({"aux", "con", "nul", "prn"}) | {
    f"{port}{number}" for port in ("com", "lpt") for number in range(10)
}
"""Names that Windows keeps for itself, also as folders."""
_TAKEN = frozenset({
    "callrecords", "calls", "cli", "drift", "errors", "providers", "runtime", "sandbox", "webhooks",
})  # fmt: skip
"""Names of what ships beside the providers' packages, or is a module of ``callrecords``."""
_NOWHERE = "https://nowhere.invalid"
"""The server of who only sends events: nobody has this name, by RFC 2606."""
_SERVER_DISCREPANCY = "S-1"


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
    told: tuple[BadInputError, ...]
    """What in the definition is read otherwise than it is written."""
    unfit: tuple[str, ...]
    """The examples that contradict the definition."""
    facts: tuple[str, ...]
    """What the overlay says of the client, as patterns showed it; a few words each."""
    files: tuple[Path, ...]
    """The new files and folders, in the repository."""
    check: Look | None
    """What was seen of the package in the end, and how long it was looked at in all."""


def add(
    root: Path,
    wanted: Wanted,
    *,
    dry_run: bool = False,
    check: bool = False,
    tell: Callable[[str], object] = str,
) -> Added:
    """Add a provider to the repository at ``root``: all of its files, or none.

    Args:
        root: The folder that holds ``specs``, ``overlay`` and ``generated``.
        wanted: What is asked for.
        dry_run: Do everything but keep the files.
        check: Look at the package as its users do, and leave out what fails.
        tell: Is told what is done next.

    Raises:
        BadInputError: the name or the source cannot be used, or a file is in the way.
        BadInputs: the definition has several faults that leaving out operations does not mend.
    """
    _require_usable(root, wanted.name)
    if wanted.server is not None:
        wanted = replace(wanted, server=_require_server(wanted.server))
    tell(f"reading {wanted.source}")
    published = read(wanted.source, paths=wanted.paths)
    provider = _provider(root, wanted, published)
    tell("naming functions and classes")
    taken = Inputs(provider, published.document, None, ())
    seen = None
    while True:
        inputs, reading = generable(
            taken, tell, prepare=lambda found, not_so: _with_overlay(found, wanted.server, not_so)
        )
        provider, definition = inputs.provider, reading.definition
        if wanted.server is None:
            server = _server_of(definition_data(inputs.canonical), published)
            provider = replace(provider, server_url=server)
        tell("trying the examples")
        payloads, unfit = example_payloads(definition, DOCUMENT, provider.payloads_path)
        inputs = inputs.corrected_by(inputs.overlay, payloads, provider)
        tell("generating the package")
        with as_bad_input(root):  # such as no space, at any of the files
            package = _package(inputs, reading, payloads)
        if not check:
            break
        tell("checking the package as its users need it")
        seen = look(package, provider.package, before=seen)
        failing = [*problems(seen.faults, package, reading)]
        if not failing:
            break
        taken = without(replace(taken, provider=inputs.provider), reading.document, failing, tell)
    with as_bad_input(root):
        tell("proving the overlay")
        proof = prove_inputs(inputs)
        if proof.findings:
            raise BadInputError(str(proof.findings[0]), file=provider.overlay_path)
        files = _keep(inputs, _files(inputs, published, package), dry_run=dry_run)
    return Added(
        provider=inputs.provider,
        operations=len(list(operations(definition))),
        payloads=len(payloads),
        told=tuple(
            published.document.error_of(problem)
            for problem in (
                *inputs.canonical.told,
                *repeated_identifiers(definition_data(published.document)),
            )
        ),
        unfit=unfit,
        facts=told_facts(definition),
        files=files,
        check=seen,
    )


def _package(inputs: Inputs, reading: Reading, payloads: Sequence[Payload]) -> Mapping[str, bytes]:
    """The distribution's files; the examples change nothing of what the generator reads."""
    reading = replace(reading, document=add_examples(reading.document, payloads))
    log = {inputs.provider.changelog_path: changelog_text(inputs.provider)}
    return formatted(rendered(inputs, reading, lambda path: log.get(path) or text_if_there(path)))


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
    others = provider_names(root)
    if name in others:
        message = (
            f"there is a provider {name!r} already; `python -m codegen update {name}` takes a new "
            "definition over"
        )
        raise BadInputError(message, file=place)
    for other in others:
        if other.replace("_", "") == name.replace("_", ""):
            raise BadInputError(f"{name!r} is too like the provider {other!r}", file=place)
    for path in (root / other for other in _places(name)):
        if path.exists() or path.is_symlink():
            message = "is in the way of the new provider; move or remove it"
            raise BadInputError(message, file=path)


def _places(name: str) -> tuple[str, str, str]:
    """The files and folders of a provider, from the root."""
    return f"generated/{name}", f"overlay/{name}.yaml", f"specs/{name}"


def _provider(root: Path, wanted: Wanted, published: Published) -> Provider:
    definition = definition_data(published.document)
    titled = object_at(definition, "/info").get("title")
    published_title = " ".join(titled.split()) if isinstance(titled, str) else None
    title = wanted.title or published_title or wanted.name.replace("_", " ").title()
    return Provider(
        root=root,
        name=wanted.name,
        distribution=f"callrecords-{wanted.name.replace('_', '-')}",
        package=f"callrecords_{wanted.name}",
        version="0.1.0",
        title=title,
        keywords=(wanted.name.replace("_", " "), "api client"),
        server_url=wanted.server or "",
        sources=(Source(DOCUMENT, published.url, published.date, published.sha256),),
        definition_document=DOCUMENT,
        definition_paths=wanted.paths,
    )


def _require_server(address: str) -> str:
    """An address that was named as the provider's server, without a slash at its end.

    Raises:
        BadInputError: it is none that credentials may be sent to.
    """
    if is_server_address(address):
        return address.rstrip("/")
    message = (
        f"{address!r} is no address of a server; it begins with https:// (or with http:// for this "
        "machine, such as http://localhost:8000), and has no user, query, fragment or braces"
    )
    raise BadInputError(message, file="--server")


def _server_of(definition: JSONObject, published: Published) -> str:
    """The address of the definition's first server, which may be relative to its own.

    Raises:
        BadInputError: there is none that credentials may be sent to.
    """
    server = first_server(definition)
    url = first_address(definition) or "/"
    if not server and next(operations(definition), None) is None:
        return _NOWHERE
    if "://" not in url and published.url is not None:
        url = absolute(url, published.url).rstrip("/")
    if not url.startswith("https://") or not is_server_address(url, variable_names(server)):
        found = (
            f"the definition's server is {url!r}" if server else "the definition names no server"
        )
        message = f"{found}; name one by --server https://…"
        raise published.document.error("/servers" if server else "", message)
    return url


def _with_overlay(inputs: Inputs, server: str | None, not_so: Container[str]) -> Inputs:
    """The inputs with an overlay of names, facts and first actions; without where none is needed.

    It has no facts of the operations in ``not_so``.

    Raises:
        BadInputError: one thing is wrong with the definition.
        BadInputs: several things are.
    """
    table, form = named(inputs.canonical)
    discrepancies, corrections = _server_correction(definition_data(form), server)
    actions = [*member_actions(form), *corrections]
    facts = found_facts(definition_data(form), not_so)
    if not (table or actions or facts):
        return inputs.corrected_by(None, ())
    path = inputs.provider.overlay_path
    text = overlay_text(inputs.provider, table, discrepancies, actions)
    if facts:
        text = edited(text, path, Edits(facts=facts))
    return inputs.corrected_by(parse_overlay(text, path), (), form=form)


def _server_correction(
    definition: JSONObject, named: str | None
) -> tuple[JSONObject, list[JSONObject]]:
    """The discrepancy by its id, and the overlay actions, that put a server in another's place.

    There are none where the definition names that server itself. Where it names none, there are
    some too: else the next definition that names one would move the credentials.
    """
    published = first_address(definition)
    if named is None or published == named:
        return {}, []
    discrepancy: JSONObject = {
        "disagreement": f"The definition names {published or 'none'} as the server; the "
        f"provider was added with {named}.",
        "decision": f"The server is {named}.",
    }
    shared: JSONObject = {
        "description": "The server that was named.",
        "x-discrepancy": _SERVER_DISCREPANCY,
    }
    naming: JSONObject = {"target": "$.servers[0]", **shared, "update": {"url": named}}
    actions = [naming]
    if published is None:
        # What no server means; and not the named one, which would come after another's.
        actions.insert(0, {"target": "$", **shared, "update": {"servers": [{"url": "/"}]}})
    if "variables" in first_server(definition):
        actions.append({"target": "$.servers[0].variables", **shared, "remove": True})
    if len(actions) > 1:
        # One without the others would leave names in the address, variables that are in none, or
        # a server that nobody has named.
        actions = [{**action, "x-group": "the server that was named"} for action in actions]
    return {_SERVER_DISCREPANCY: discrepancy}, actions


def _files(
    inputs: Inputs, published: Published, package: Mapping[str, bytes]
) -> dict[str, Content]:
    """The provider's files and folders, by path from the root."""
    provider, overlay = inputs.provider, inputs.overlay
    text = published.text
    if provider.definition_paths:
        text = serialise(published.document.data, as_json=False)
    own = {
        provider.definition_path: text,
        provider.canonical_path: canonical_text(inputs),
        provider.changelog_path: changelog_text(provider),
        provider.file: provider_text(provider),
        **{payload.path: payload_text(payload) for payload in inputs.payloads},
    }
    specs = provider.file.parent
    generated, corrections, described = _places(provider.name)
    return {
        generated: package,
        **({} if overlay is None else {corrections: overlay.document.text}),
        described: {path.relative_to(specs).as_posix(): text for path, text in own.items()},
    }


def _keep(inputs: Inputs, files: Mapping[str, Content], *, dry_run: bool) -> tuple[Path, ...]:
    """Put a provider's files, and the ledger with it, into the repository: all of them, or none."""
    root, provider = inputs.provider.root, inputs.provider
    ledger = "overlay/README.md"
    made_from = digests([root / ledger])
    text = text_if_there(root / ledger) or ledger_of(()).encode()
    if inputs.overlay is not None:
        text = with_section(text, Corrections(provider, inputs.overlay, inputs.payloads))
    new = {**files, ledger: text}

    def check() -> None:
        _require_usable(root, provider.name)
        require_unchanged(made_from)

    if dry_run:
        return ()
    replace_all(root, new, check=check)
    return tuple(root / name for name in new)
