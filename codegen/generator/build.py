"""From patched definitions to complete distributions.

Everything is made in a temporary folder first; the distributions in place change only when all
that were asked for have been made without a single warning.
"""

from __future__ import annotations

import contextlib
import io
import os
import subprocess
import tempfile
import traceback
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

import attrs
import orjson
from jinja2 import BytecodeCache, TemplateError
from openapi_python_client import Project
from openapi_python_client.strings import safe_for_docstring
from ruff import find_ruff_bin  # type: ignore[import-untyped]  # pyright: ignore[reportMissingTypeStubs]

from codegen.files.errors import BadInputError
from codegen.files.transaction import digests, replace_all, require_replaceable, require_unchanged
from codegen.files.tree import diff_file, diff_trees
from codegen.generator.context import generation_command, in_table, template_context
from codegen.generator.lint import require_complete
from codegen.generator.reading import CONFIG, Reading, read, require_pinned
from codegen.providers.patched import canonical_text, patched, read_inputs
from codegen.providers.releases import content, repository_url

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping, Sequence
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
    canonical definition that it was made of to its own beside the published one.

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
    with built(blueprints) as distributions:
        for provider, folder in distributions.items():
            old = destination(provider, out)
            shown = old.relative_to(provider.root) if old.is_relative_to(provider.root) else old
            differences += diff_trees(old, folder, label=shown.as_posix().removeprefix("/"))
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
    return Blueprint(
        provider=provider,
        payloads=inputs.payloads,
        canonical=canonical_text(inputs),
        reading=reading,
        licence=content(provider.root / "LICENSE"),
        changelog=content(provider.changelog_path) if has_changelog else None,
        repository=repository_url(content(project), project) if project.exists() else None,
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
    provider, reading = blueprint.provider, blueprint.reading
    config = attrs.evolve(
        CONFIG,
        project_name_override=provider.distribution,
        package_name_override=provider.package,
        package_version_override=provider.version,
        output_path=folder,
    )
    project = Project(openapi=reading.parsed, config=config, custom_template_path=TEMPLATES)
    project.env.bytecode_cache = _COMPILED
    project.env.filters["safe_for_docstring"] = _safe_for_docstring
    project.env.filters["in_table"] = in_table
    context = template_context(provider, reading, blueprint.payloads, blueprint.repository)
    project.env.globals.update(context)  # pyright: ignore[reportCallIssue, reportArgumentType]
    with contextlib.redirect_stdout(io.StringIO()):  # the generator tells what it does
        project.build()
    (project.project_dir / ".gitignore").unlink()
    (project.project_dir / "LICENSE").write_bytes(blueprint.licence)
    if blueprint.changelog is not None:
        (project.project_dir / "CHANGELOG.md").write_bytes(blueprint.changelog)
    for template in sorted(TEMPLATES.glob("package/*.jinja")):
        text = project.env.get_template(f"package/{template.name}").render()
        (project.package_dir / template.stem).write_text(text, encoding="utf-8")
    (project.package_dir / "openapi.json").write_bytes(
        orjson.dumps(
            {"x-generated-by": generation_command(provider), **reading.definition},
            option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE,
        )
    )


def _safe_for_docstring(value: object) -> str:
    """The generator's filter, which forgets that a quote at the end would be one of the four."""
    text = safe_for_docstring(value)
    return f'{text[:-1]}\\"' if text.endswith('"') and not text.endswith('\\"') else text


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
