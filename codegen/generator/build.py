"""From patched definitions to complete distributions.

Everything is made in a temporary folder first; the distributions in place change only when all
that were asked for have been made without a single warning.
"""

from __future__ import annotations

import contextlib
import io
import os
import shutil
import subprocess
import tempfile
import traceback
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson
from jinja2 import BytecodeCache, TemplateError
from openapi_python_client import Project
from openapi_python_client.config import Config, ConfigFile, MetaType
from openapi_python_client.parser import GeneratorData
from openapi_python_client.parser.errors import GeneratorError
from openapi_python_client.strings import safe_for_docstring
from ruff import find_ruff_bin  # type: ignore[import-untyped]  # pyright: ignore[reportMissingTypeStubs]

from codegen.files.errors import BadInputError, BadInputs
from codegen.files.transaction import digests, replace_all, require_replaceable, require_unchanged
from codegen.files.tree import diff_trees
from codegen.generator.context import generation_command, in_table, template_context
from codegen.generator.enumerations import require_named_members
from codegen.generator.errors import located
from codegen.generator.linear_parsing import linear_parsing
from codegen.generator.lint import lint_definition, lint_reading, lint_writing
from codegen.generator.pins import require_pinned
from codegen.generator.reserved_names import rename_reserved_names
from codegen.generator.view import generator_view
from codegen.openapi.definition import definition_data
from codegen.openapi.names import FIELD_PREFIX
from codegen.providers.patched import patched_document

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping, Sequence
    from types import CodeType

    from jinja2.bccache import Bucket

    from codegen.files.document import Document
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


def generate(
    providers: Sequence[Provider], *, out: Path | None = None, templates: Path = TEMPLATES
) -> None:
    """Write the distributions of some providers: all of them, or none when one fails.

    Args:
        providers: Whose distributions are made.
        out: The folder that gets one folder per provider; without it, each goes to its
            ``generated_path``.
        templates: The folder of Jinja templates.

    Raises:
        BadInputError: a definition, an overlay or a template cannot be used, a tool is not of
            its pinned version, the distributions cannot be written, or what they were made from
            has changed since.
        BadInputs: several things are wrong.
    """
    made_from = digests(path for provider in providers for path in _inputs(provider))

    def require_ready() -> None:
        for provider in providers:
            require_replaceable(destination(provider, out))
        require_unchanged(made_from)

    require_ready()
    with made(providers, templates=templates) as distributions:
        replacements: dict[Path, dict[str, Path]] = {}
        for provider, folder in distributions.items():
            place = destination(provider, out)
            # An update replaces the same folders from the root: both take the same way, so that
            # each waits for the other.
            parent = provider.root if out is None else place.parent
            name = place.relative_to(parent).as_posix()
            replacements.setdefault(parent, {})[name] = folder
        for parent, folders in replacements.items():
            replace_all(parent, folders, check=require_ready)


def _inputs(provider: Provider) -> tuple[Path, ...]:
    """The files and folders of the repository that a distribution is made of."""
    shared = (provider.root / name for name in ("LICENSE", "pyproject.toml"))
    return (provider.file.parent, provider.overlay_path, *shared)


def check(
    providers: Sequence[Provider], *, out: Path | None = None, templates: Path = TEMPLATES
) -> str:
    """The unified diff from the distributions in place to what would be generated now.

    Nothing is written; the text is empty when nothing differs. The arguments and errors are those
    of :func:`generate`.
    """
    with made(providers, templates=templates) as distributions:
        return "".join(
            _diff(provider, destination(provider, out), folder)
            for provider, folder in distributions.items()
        )


@contextlib.contextmanager
def made(
    providers: Sequence[Provider], *, templates: Path = TEMPLATES
) -> Generator[Mapping[Provider, Path]]:
    """The folders of freshly made distributions, which are gone afterwards.

    The errors are those of :func:`generate`.
    """
    require_pinned("ruff")
    with tempfile.TemporaryDirectory(prefix="codegen-") as temporary:
        distributions = {
            provider: Path(temporary, provider.name) for provider in dict.fromkeys(providers)
        }
        parsed = {
            provider: _build(provider, folder, templates)
            for provider, folder in distributions.items()
        }
        _format(Path(temporary), templates / "ruff.toml")
        for provider, folder in distributions.items():
            document, data = parsed[provider]
            lint_writing(document, data, folder / provider.package)
        yield distributions


def _diff(provider: Provider, old: Path, new: Path) -> str:
    shown = old.relative_to(provider.root) if old.is_relative_to(provider.root) else old
    return diff_trees(old, new, label=shown.as_posix().removeprefix("/"))


def _build(
    provider: Provider, destination: Path, templates: Path
) -> tuple[Document, GeneratorData]:
    """Write an unformatted distribution; return what it was made of."""
    document = patched_document(provider)
    definition = definition_data(document)
    config = _config(provider, destination)
    with linear_parsing(), contextlib.redirect_stdout(io.StringIO()):
        parsed = _read(document, config)
        rename_reserved_names(parsed, config)
        project = Project(openapi=parsed, config=config, custom_template_path=templates)
        project.env.bytecode_cache = _COMPILED
        project.env.filters["safe_for_docstring"] = _safe_for_docstring
        project.env.filters["in_table"] = in_table
        context = template_context(provider, definition, parsed)
        project.env.globals.update(context)  # pyright: ignore[reportCallIssue, reportArgumentType]
        with _template_errors(templates):
            project.build()
            _write_what_the_generator_does_not(provider, project, definition, templates)
    return document, parsed


def _safe_for_docstring(value: object) -> str:
    """The generator's filter, which forgets that a quote at the end would be one of the four."""
    text = safe_for_docstring(value)
    return f'{text[:-1]}\\"' if text.endswith('"') and not text.endswith('\\"') else text


def require_generable(provider: Provider) -> Document:
    """See that a provider's package can be generated in full; return the patched definition.

    Raises:
        BadInputError: one thing in the way.
        BadInputs: several.
    """
    document = patched_document(provider)
    with linear_parsing(), contextlib.redirect_stdout(io.StringIO()):
        _read(document, _config(provider, provider.generated_path))
    return document


def _read(document: Document, config: Config) -> GeneratorData:
    """What the generator reads in a patched definition, when that is everything."""
    lint_definition(document)
    view = replace(document, data=generator_view(definition_data(document)))
    parsed = _parse(view, config)
    lint_reading(view, parsed)
    return parsed


def _parse(document: Document, config: Config) -> GeneratorData:
    require_named_members(document)
    parsed = GeneratorData.from_dict(definition_data(document), config=config)
    if isinstance(parsed, GeneratorError):
        raise BadInputs(located([parsed], document))
    collections = parsed.endpoint_collections_by_tag.values()
    errors = [error for collection in collections for error in collection.parse_errors]
    errors += parsed.errors
    if errors:
        raise BadInputs(located(errors, document))
    return parsed


@contextlib.contextmanager
def _template_errors(templates: Path) -> Generator[None]:
    try:
        yield
    except TemplateError as error:
        frames = traceback.extract_tb(error.__traceback__)
        frame = next((it for it in reversed(frames) if it.filename.endswith(".jinja")), None)
        if frame is None:
            raise BadInputError(str(error), file=templates) from error
        raise BadInputError(str(error), file=frame.filename, line=frame.lineno) from error


def _config(provider: Provider, destination: Path) -> Config:
    return Config.from_sources(
        ConfigFile(
            project_name_override=provider.distribution,
            package_name_override=provider.package,
            package_version_override=provider.version,
            use_path_prefixes_for_title_model_names=False,
            field_prefix=FIELD_PREFIX,
            post_hooks=[],
        ),
        MetaType.UV,  # without any, there is no py.typed; the templates are ours anyway
        document_source=provider.definition_path,
        file_encoding="utf-8",
        overwrite=False,
        output_path=destination,
    )


def _write_what_the_generator_does_not(
    provider: Provider, project: Project, definition: Mapping[str, Any], templates: Path
) -> None:
    (project.project_dir / ".gitignore").unlink()
    try:
        shutil.copyfile(provider.root / "LICENSE", project.project_dir / "LICENSE")
    except OSError as error:
        message = error.strerror or str(error)
        raise BadInputError(message, file=provider.root / "LICENSE") from error
    if provider.changelog_path.exists():
        shutil.copyfile(provider.changelog_path, project.project_dir / "CHANGELOG.md")
    for template in sorted(templates.glob("package/*.jinja")):
        text = project.env.get_template(f"package/{template.name}").render()
        (project.package_dir / template.stem).write_text(text, encoding="utf-8")
    (project.package_dir / "openapi.json").write_bytes(
        orjson.dumps(
            {
                "x-generated-by": generation_command(provider),
                **definition,
            },
            option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE,
        )
    )


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
