"""From patched definitions to complete distributions.

Everything is made first; what is in place changes only when all that was asked for has been made
without a single warning.
"""

from __future__ import annotations

import ast
import errno
import functools
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar, cast

from jinja2 import Environment, FileSystemBytecodeCache, FileSystemLoader
from ruff import find_ruff_bin  # type: ignore[import-untyped]  # pyright: ignore[reportMissingTypeStubs]

from codegen.files.document import serialise
from codegen.files.errors import BadInputError
from codegen.files.transaction import (
    digests,
    replace_all,
    require_replaceable,
    require_unchanged,
    write_new,
)
from codegen.files.tree import diff_files, files_at
from codegen.generator.clients import client_of
from codegen.generator.context import FILTERS, generation_command, template_context
from codegen.generator.lint import require_complete
from codegen.generator.reading import read, require_pinned
from codegen.providers.facade import PROJECT, README, with_clients, with_providers, with_records
from codegen.providers.patched import canonical_text, patched, read_inputs
from codegen.providers.releases import (
    RUNTIME,
    content,
    repository_url,
    requirements,
    text_if_there,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator, Sequence

    from codegen.files.transaction import Content
    from codegen.generator.reading import Reading
    from codegen.providers.patched import Inputs
    from codegen.providers.provider import Provider

TEMPLATES = Path(__file__).parent / "templates"
CLIENTS = "src/callrecords/_clients.py"
"""The module of the facade that names the clients of all providers whose calls have records."""

_MODELS = re.compile(r"\b_?models\.")
"""How a client's annotations begin the name of a model."""
_Defined = TypeVar("_Defined", ast.ClassDef, ast.FunctionDef)


def generate(
    providers: Sequence[Provider],
    *,
    out: Path | None = None,
    tell: Callable[[Sequence[BadInputError]], object] = len,
) -> None:
    """Write the distributions of some providers: all of them, or none when one fails.

    The folder ``out`` gets one folder per provider; without it, each goes to its own place, and the
    canonical definition that it was made of to its own beside the published one. What the facade
    says of providers is written too: its module of clients, ``pyproject.toml`` and ``README.md``.
    ``tell`` is told what in each definition is read otherwise than it is written.

    Raises:
        BadInputError: a definition or an overlay cannot be used, a tool is not of its pinned
            version, the distributions cannot be written, or what they were made from has changed
            since.
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
            *(provider.root / name for name in (PROJECT, README, CLIENTS)),
        )
    )

    def require_ready() -> None:
        for provider in providers:
            require_replaceable(out / provider.name if out else provider.generated_path)
        require_unchanged(made_from)

    require_ready()
    if providers:
        replace_all(out or providers[0].root, _new(providers, out, tell), check=require_ready)


def check(
    providers: Sequence[Provider],
    *,
    out: Path | None = None,
    tell: Callable[[Sequence[BadInputError]], object] = len,
) -> str:
    """The unified diff from what is in place to what would be generated now.

    Nothing is written; the text is empty when nothing differs. The arguments and errors are those
    of :func:`generate`.
    """
    before: dict[str, bytes] = {}
    after: dict[str, bytes] = {}
    for name, made in (_new(providers, out, tell) if providers else {}).items():
        root = providers[0].root
        place = (out or root) / name
        shown = place.relative_to(root if place.is_relative_to(root) else place.anchor)
        files = {".": made} if isinstance(made, bytes) else made
        before |= {str(shown / each): text for each, text in files_at(place).items()}
        after |= {str(shown / each): text for each, text in files.items()}
    return diff_files(before, after)


def _new(
    providers: Sequence[Provider],
    out: Path | None,
    tell: Callable[[Sequence[BadInputError]], object],
) -> dict[str, Content]:
    """All that is generated for some providers, by names in ``out`` or in the repository."""
    root = providers[0].root
    new: dict[str, Content] = {}
    for inputs in [read_inputs(provider) for provider in dict.fromkeys(providers)]:
        provider, canonical = inputs.provider, inputs.provider.canonical_path
        place = (
            provider.generated_path.relative_to(root).as_posix() if out is None else provider.name
        )
        reading = read(patched(inputs))
        require_complete(reading)
        tell([*map(inputs.definition.error_of, inputs.canonical.told)])
        new[place] = rendered(inputs, reading)
        if out is None:
            new[canonical.relative_to(root).as_posix()] = canonical_text(inputs)
    with formatting(new if out is not None else new | _of_facade(root, providers, new)) as finished:
        return finished()


def rendered(
    inputs: Inputs, reading: Reading, text: Callable[[Path], bytes | None] = text_if_there
) -> dict[str, bytes]:
    """The files of a provider's distribution, by their names in it, not yet :func:`formatted`.

    The reading is of the definition that the inputs make, and complete. ``text`` has what the
    repository adds: the licence, the changelog, and the metadata of the facade; None of what is
    not there.

    Raises:
        BadInputError: there is no licence.
    """
    provider, project = inputs.provider, inputs.provider.root / PROJECT
    copied = {
        "LICENSE": text(provider.root / "LICENSE"),
        "CHANGELOG.md": text(provider.changelog_path),
    }
    if copied["LICENSE"] is None:
        raise BadInputError(os.strerror(errno.ENOENT), file=provider.root / "LICENSE")
    metadata = text(project) or b""
    definition = {"x-generated-by": generation_command(provider), **reading.definition}
    return {
        **{name: each for name, each in copied.items() if each is not None},
        f"{provider.package}/openapi.json": serialise(definition, as_json=True),
        f"{provider.package}/py.typed": b"# Marker file for PEP 561",
        **_from_templates(
            inputs,
            reading,
            repository=repository_url(metadata, project),
            runtime=requirements(metadata, project).get(RUNTIME, RUNTIME),
        ),
    }


def formatted(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """The files of a distribution with their Python in its final form.

    Raises:
        BadInputError: ruff is not of its pinned version.
    """
    with formatting({"distribution": files}) as finished:
        return dict(cast("Mapping[str, bytes]", finished()["distribution"]))


@contextmanager
def formatting(new: Mapping[str, Content]) -> Generator[Callable[[], dict[str, Content]]]:
    """Bring the Python of files and folders into its final form, beside what is done meanwhile.

    What the context gives waits for that, and returns them.

    Raises:
        BadInputError: ruff is not of its pinned version.
    """
    require_pinned("ruff")
    with (
        tempfile.TemporaryDirectory(prefix="codegen-") as temporary,
        ThreadPoolExecutor(max_workers=1) as executor,
    ):
        # Not in the thread: whoever writes many files waits for other threads after each.
        for name, made in new.items():
            write_new(Path(temporary, name), made)
        running = executor.submit(_run_ruff, Path(temporary), TEMPLATES / "ruff.toml")

        def finished() -> dict[str, Content]:
            running.result()
            return {
                name: Path(temporary, name).read_bytes()
                if isinstance(made, bytes)
                else {each: Path(temporary, name, each).read_bytes() for each in made}
                for name, made in new.items()
            }

        yield finished


def _from_templates(inputs: Inputs, reading: Reading, **metadata: object) -> dict[str, bytes]:
    """The files that templates make, by their names in the distribution."""
    package, parsed = inputs.provider.package, reading.parsed
    client = client_of(inputs.provider, reading)
    context = metadata | template_context(inputs.provider, reading, client, inputs.payloads)
    made = {
        "README.md": _render("README.md", context),
        "pyproject.toml": _render("pyproject.toml", context),
        f"{package}/__init__.py": _render("package_init.py", context),
        f"{package}/_provider.py": _render("provider.py", context),
        f"{package}/client.py": _render("client.py", context),
        f"{package}/models/__init__.py": _render("models_init.py", context),
    }
    folders = {"_operations": "What each operation sends and reads: data for the clients."}
    if client.groups:
        folders["_groups"] = "The clients' methods, by group."
    for name, summary in folders.items():
        made[f"{package}/{name}/__init__.py"] = _render("folder_init.py", context, summary=summary)
    if context["webhooks"] is not None:
        made[f"{package}/webhooks.py"] = _render("webhooks.py", context)
    for group in client.groups:
        made[f"{package}/_groups/{group.name}.py"] = _render("group.py", context, group=group)
    for method in client.all_methods.methods:
        name = f"{package}/_operations/{method.operation}.py"
        made[name] = _render("operation.py", context, method=method)
    for model in parsed.models:
        name = f"{package}/models/{model.class_info.module_name}.py"
        made[name] = _render("model.py", context, model=model)
    for enum in parsed.enums:
        name = f"{package}/models/{enum.class_info.module_name}.py"
        made[name] = _render("enum.py", context, enum=enum)
    return made


def _of_facade(
    root: Path, known: Sequence[Provider], made: Mapping[str, Content]
) -> dict[str, Content]:
    """The files of the facade that name providers, if it makes records of the calls of any.

    Args:
        root: The repository.
        known: Those providers that were read already.
        made: Their distributions, by their places; the others are as they were generated before.
    """
    providers = with_records(root, known)
    if not providers:
        return {}
    named: dict[Provider, str] = {}
    taken: dict[str, str] = {}
    decoded: dict[tuple[str, str], str] = {}
    senders: dict[str, str] = {}
    for provider in providers:
        classes = _defined(_module(provider, "client", made), ast.ClassDef)
        if not classes:
            message = "is not generated yet, and the facade names its client; generate it, too"
            raise BadInputError(message, file=provider.generated_path)
        client, awaited, *_ = classes
        named[provider] = client.name
        taken |= {one.name: _arguments(one, "__init__") for one in (client, awaited)}
        decoded |= {(provider.name, name): text for name, text in _returned(provider, client)}
        if (webhooks := _module(provider, "webhooks", made)).body:
            senders[provider.name] = _arguments(webhooks, "receive")
    clients = {provider.name: client for provider, client in named.items()}
    both = [f"{prefix}{client}" for prefix in ("", "Async") for client in clients.values()]
    facade = {
        "clients": clients,
        "names": sorted(["async_client_for", "client_for", "decode", *both]),
        "taken": taken,
        "decoded": decoded,
        "senders": senders,
    }
    return {
        CLIENTS: _render("facade.py", facade),
        PROJECT: with_providers(content(root / PROJECT), providers, root / PROJECT),
        README: with_clients(content(root / README), named, root / README),
    }


def _module(provider: Provider, name: str, made: Mapping[str, Content]) -> ast.Module:
    """A module of a provider's package, as it was made now or before; empty if there is none."""
    place, file = provider.generated_path, f"{provider.package}/{name}.py"
    files = made.get(place.relative_to(provider.root).as_posix())
    text = files.get(file) if isinstance(files, Mapping) else text_if_there(place / file)
    return ast.parse(text or b"")


def _defined(holder: ast.Module | ast.ClassDef, kind: type[_Defined]) -> list[_Defined]:
    return [node for node in holder.body if isinstance(node, kind)]


def _arguments(holder: ast.Module | ast.ClassDef, function: str) -> str:
    """What a function takes by name."""
    (found,) = (each for each in _defined(holder, ast.FunctionDef) if each.name == function)
    found.args.args.clear()
    return ast.unparse(found.args)


def _returned(provider: Provider, client: ast.ClassDef) -> Iterator[tuple[str, str]]:
    """The types of the facade that a client's methods return, as far as they are models.

    Those of groups are left out: a large package has thousands.
    """
    for method in _defined(client, ast.FunctionDef):
        text = "" if method.returns is None else ast.unparse(method.returns)
        if _MODELS.search(text):
            own = _MODELS.sub(f"_{provider.name}.", text)
            yield method.name, own.replace("Pages[", "Page[", 1)


def _render(template: str, context: Mapping[str, object], **more: object) -> bytes:
    made = _environment(TEMPLATES).get_template(f"{template}.jinja")
    return made.render(context, **more).encode()


@functools.cache
def _environment(templates: Path) -> Environment:
    environment = Environment(  # noqa: S701 - Python, of what is made safe for it
        loader=FileSystemLoader(templates),
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        optimized=False,  # which would compile in what filters make of texts in a template
        bytecode_cache=_compiled(templates),
    )
    environment.filters |= FILTERS
    return environment


def _compiled(templates: Path) -> FileSystemBytecodeCache | None:
    """Where Python may keep compiled modules, templates are kept too: that takes a third of it."""
    if sys.dont_write_bytecode:
        return None
    folder = templates / "__pycache__"
    if os.access(templates, os.W_OK):
        folder.mkdir(exist_ok=True)
    name = f"jinja2-{version('jinja2')}-%s.cache"
    # Another user may have made the folder, as who runs containers does.
    return FileSystemBytecodeCache(str(folder), name) if os.access(folder, os.W_OK) else None


def _run_ruff(folder: Path, configuration: Path) -> None:
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
