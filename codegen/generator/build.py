"""From patched definitions to complete distributions.

Everything is made in a temporary folder first; the distributions in place change only when all
that were asked for have been made without a single warning.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import tempfile
import traceback
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

import orjson
from jinja2 import BytecodeCache, TemplateError
from openapi_python_client import Project
from ruff import find_ruff_bin  # type: ignore[import-untyped]  # pyright: ignore[reportMissingTypeStubs]

from codegen.files.errors import BadInputError
from codegen.files.transaction import digests, replace_all, require_replaceable, require_unchanged
from codegen.files.tree import diff_file, diff_files, diff_trees
from codegen.generator.clients import client_of
from codegen.generator.context import FILTERS, generation_command, template_context
from codegen.generator.facade import CLIENTS, facade_clients
from codegen.generator.lint import require_complete
from codegen.generator.reading import CONFIG, Reading, read, require_pinned
from codegen.providers.facade import PROJECT, facade_project, with_records
from codegen.providers.patched import canonical_text, patched, read_inputs
from codegen.providers.releases import RUNTIME, content, repository_url, runtime_requirement

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator, Mapping, Sequence
    from contextlib import AbstractContextManager
    from types import CodeType

    from jinja2.bccache import Bucket

    from codegen.files.transaction import Content
    from codegen.providers.patched import Inputs
    from codegen.providers.payloads import Payload
    from codegen.providers.provider import Provider

TEMPLATES = Path(__file__).parent / "templates"


class _CompiledTemplates(BytecodeCache):
    """Templates compiled once for all providers; the generator makes an environment for each."""

    def __init__(self) -> None:
        self._code: dict[tuple[str, str], CodeType | None] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._code.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._code[bucket.key, bucket.checksum] = bucket.code


_COMPILED = _CompiledTemplates()


def generate(providers: Sequence[Provider], *, out: Path | None = None) -> None:
    """Write the distributions of some providers: all of them, or none when one fails.

    The folder ``out`` gets one folder per provider; without it, each goes to its own place, and the
    canonical definition that it was made of to its own beside the published one. What the facade
    lists of providers is written too: its module of clients, and its ``pyproject.toml``.

    Raises:
        BadInputError: a definition, an overlay or a template cannot be used, a tool is not of
            its pinned version, the distributions cannot be written, or what they were made from
            has changed since.
        BadInputs: several things are wrong.
    """
    # The licence and the project's metadata are of the repository; the rest is the provider's.
    made_from = digests(
        path
        for provider in providers
        for path in (
            provider.file.parent,
            provider.overlay_path,
            provider.root / "LICENSE",
            provider.root / "pyproject.toml",
        )
    )

    def require_ready() -> None:
        for provider in providers:
            require_replaceable(destination(provider, out))
        require_unchanged(made_from)

    require_ready()
    blueprints = _blueprints(providers)
    with built(blueprints) as distributions:
        replacements: dict[Path, dict[str, Content]] = {}
        for each in blueprints if out is None else ():
            provider = each.provider
            name = provider.canonical_path.relative_to(provider.root).as_posix()
            replacements.setdefault(provider.root, {})[name] = each.canonical
        for provider, folder in distributions.items():
            # An update replaces the same folders from the root: both take the same way, so that
            # each waits for the other.
            parent = out or provider.root
            name = destination(provider, out).relative_to(parent).as_posix()
            replacements.setdefault(parent, {})[name] = folder
        for root in {provider.root for provider in providers} if out is None else ():
            replacements.setdefault(root, {}).update(_of_facade(root))
        for parent, folders in replacements.items():
            replace_all(parent, folders, check=require_ready)


def check(providers: Sequence[Provider], *, out: Path | None = None) -> str:
    """The unified diff from what is in place to what would be generated now.

    Nothing is written; the text is empty when nothing differs. The arguments and errors are those
    of :func:`generate`.
    """
    differences = ""
    blueprints = _blueprints(providers)
    for each in blueprints if out is None else ():
        place = each.provider.canonical_path
        before = content(place) if place.exists() else None
        if before != each.canonical:
            name = PurePosixPath(place.relative_to(each.provider.root).as_posix())
            differences += diff_file(name, before, each.canonical)
    for root in {provider.root for provider in providers} if out is None else ():
        new = _of_facade(root)
        places = {name: root / name for name in new}
        old = {name: content(place) for name, place in places.items() if place.exists()}
        differences += diff_files(old, new)
    with built(blueprints) as distributions:
        for provider, folder in distributions.items():
            place = destination(provider, out)
            inside = place.is_relative_to(provider.root)
            shown = place.relative_to(provider.root) if inside else place
            differences += diff_trees(place, folder, label=shown.as_posix().removeprefix("/"))
    return differences


@dataclass(frozen=True)
class Blueprint:
    """Everything that a distribution is made of, as values in hand."""

    provider: Provider
    payloads: tuple[Payload, ...]
    canonical: bytes
    """The file of the canonical definition."""
    reading: Reading
    """Of the patched definition, and complete."""
    licence: bytes
    changelog: bytes | None
    repository: str | None
    """The address of the repository, for the package's metadata."""
    runtime: str = RUNTIME
    """What the package requires of the runtime."""


def blueprint(inputs: Inputs, reading: Reading) -> Blueprint:
    """What a provider's distribution is made of.

    The reading is of the definition that the inputs make. The licence, the changelog and the
    address of the repository are read from their files.

    Raises:
        BadInputError: a file cannot be read.
        BadInputs: the generator cannot read all of the definition.
    """
    require_complete(reading)
    provider = inputs.provider
    project = provider.root / "pyproject.toml"
    has_changelog = provider.changelog_path.exists()
    text = content(project) if project.exists() else None
    return Blueprint(
        provider=provider,
        payloads=inputs.payloads,
        canonical=canonical_text(inputs),
        reading=reading,
        licence=content(provider.root / "LICENSE"),
        changelog=content(provider.changelog_path) if has_changelog else None,
        repository=repository_url(text, project) if text is not None else None,
        runtime=runtime_requirement(text, project) if text is not None else RUNTIME,
    )


def made(providers: Sequence[Provider]) -> AbstractContextManager[Mapping[Provider, Path]]:
    """The folders of freshly made distributions, which are gone afterwards.

    The errors are those of :func:`generate`.
    """
    return built(_blueprints(providers))


def _blueprints(providers: Sequence[Provider]) -> list[Blueprint]:
    inputs = [read_inputs(provider) for provider in dict.fromkeys(providers)]
    return [blueprint(each, read(patched(each))) for each in inputs]


@contextlib.contextmanager
def built(blueprints: Sequence[Blueprint]) -> Generator[Mapping[Provider, Path]]:
    """The folders of distributions made of values in hand, which are gone afterwards.

    Raises:
        BadInputError: a template cannot be used, or ruff is not of its pinned version.
    """
    require_pinned("ruff")
    with tempfile.TemporaryDirectory(prefix="codegen-") as temporary:
        folders = {each.provider: Path(temporary, each.provider.name) for each in blueprints}
        for each in blueprints:
            try:
                _write(each, folders[each.provider])
            except TemplateError as error:
                frames = traceback.extract_tb(error.__traceback__)
                *_, frame = (one for one in frames if one.filename.endswith(".jinja"))
                raise BadInputError(str(error), file=frame.filename, line=frame.lineno) from error
        _format(Path(temporary), TEMPLATES / "ruff.toml")
        yield folders


def _write(blueprint: Blueprint, folder: Path) -> None:
    """Write an unformatted distribution."""
    provider = blueprint.provider
    files = dict(_texts(blueprint))
    files["LICENSE"] = blueprint.licence
    if blueprint.changelog is not None:
        files["CHANGELOG.md"] = blueprint.changelog
    files[f"{provider.package}/openapi.json"] = orjson.dumps(
        {"x-generated-by": generation_command(provider), **blueprint.reading.definition},
        option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE,
    )
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def _texts(blueprint: Blueprint) -> Iterator[tuple[str, bytes]]:
    """The files that templates make, by their names in the distribution."""
    provider, reading = blueprint.provider, blueprint.reading
    client = client_of(provider, reading)
    project = Project(openapi=reading.parsed, config=CONFIG, custom_template_path=TEMPLATES)
    environment = project.env
    environment.bytecode_cache = _COMPILED
    environment.filters.update(FILTERS)
    context = template_context(provider, reading, client, blueprint.payloads)
    context |= {"repository": blueprint.repository, "runtime": blueprint.runtime}
    environment.globals.update(context)  # pyright: ignore[reportCallIssue, reportArgumentType]

    def rendered(name: str, template: str, **seen: object) -> tuple[str, bytes]:
        return name, environment.get_template(f"{template}.jinja").render(**seen).encode()

    yield rendered("README.md", "README.md")
    yield rendered("pyproject.toml", "pyproject.toml")
    package = provider.package
    yield rendered(f"{package}/__init__.py", "package_init.py")
    yield f"{package}/py.typed", b"# Marker file for PEP 561"
    yield rendered(f"{package}/_provider.py", "provider.py")
    yield rendered(f"{package}/client.py", "client.py")
    folders = {"_operations": "What each operation sends and reads: data for the clients."}
    if client.groups:
        folders["_groups"] = "The clients' methods, by group."
    for name, summary in folders.items():
        yield rendered(f"{package}/{name}/__init__.py", "folder_init.py", summary=summary)
    for group in client.groups:
        yield rendered(f"{package}/_groups/{group.name}.py", "group.py", group=group)
    for method in client.all_methods.methods:
        yield rendered(
            f"{package}/_operations/{method.operation}.py", "operation.py", method=method
        )
    yield rendered(f"{package}/models/__init__.py", "models_init.py")
    for model in reading.parsed.models:
        name = f"{package}/models/{model.class_info.module_name}.py"
        yield rendered(name, "model.py", model=model)
    for enum in reading.parsed.enums:
        name = f"{package}/models/{enum.class_info.module_name}.py"
        yield rendered(name, "enum.py", enum=enum)


def _of_facade(root: Path) -> dict[str, bytes]:
    """The files of the facade that name providers, if the repository has a facade."""
    project = facade_project(root)
    if project is None:
        return {}
    with tempfile.TemporaryDirectory(prefix="codegen-") as temporary:
        file = Path(temporary, "clients.py")
        file.write_bytes(facade_clients(with_records(root)))
        _format(Path(temporary), TEMPLATES / "ruff.toml")
        return {CLIENTS: file.read_bytes(), PROJECT: project}


def _format(folder: Path, configuration: Path) -> None:
    """Bring all Python files below a folder into their final form."""
    # Neither variables nor a cache of the person who runs this may change the result.
    environment = {name: value for name, value in os.environ.items() if name[:5] != "RUFF_"}
    shared = ["--config", str(configuration), "--no-cache", "--quiet", "."]
    for command in (["check", "--fix"], ["format"]):
        result = subprocess.run(  # noqa: S603 - ruff of this environment, arguments of ours
            [find_ruff_bin(), *command, *shared],
            cwd=folder,
            env=environment,
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )
        if result.returncode != 0:
            message = f"ruff {command[0]} refuses what was generated:\n"
            raise BadInputError(message + result.stdout + result.stderr, file=configuration.parent)


def destination(provider: Provider, out: Path | None) -> Path:
    """The folder of a provider's distribution, in ``out`` or where the repository has it."""
    return provider.generated_path if out is None else out / provider.name
