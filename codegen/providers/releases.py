"""The distributions of the repository, their versions and their changelogs."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, get_args

from codegen.files.errors import BadInputError, as_bad_input
from codegen.files.transaction import write_atomically
from codegen.providers.provider import parse_toml, provider_names, read_provider
from codegen.providers.text import with_value

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from packaging.version import Version

    from codegen.providers.provider import Provider

RUNTIME = "callrecords-runtime"
FACADE = "callrecords"
VersionPart: TypeAlias = Literal["major", "minor", "patch"]
PARTS: tuple[VersionPart, ...] = get_args(VersionPart)

_CHANGELOG = "CHANGELOG.md"
"""Of the facade, in the root of the repository. All are as https://keepachangelog.com has them."""
_UNRELEASED = "## Unreleased"
_RELEASED = re.compile(r"^## \[?(?P<version>\d[^\s\]]*)\]?( |$)", re.MULTILINE)
_SECTION = re.compile(rf"^{_UNRELEASED}[ \t]*$(.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)
"""What is told under Unreleased."""
_IN_PYTHON = re.compile(r'^(__version__ = ")([^"\n]*)("$)', re.MULTILINE)


@dataclass(frozen=True)
class Distribution:
    """What is built and published as one."""

    name: str
    """What pip installs."""
    package: str
    """What Python imports."""
    version: str
    versioned_in: Path
    """The only file that its version is written in by a person."""
    changelog: Path
    folder: Path
    """The folder of its ``pyproject.toml``."""
    sources: Path
    """The folder of its Python package."""
    provider: str | None = None
    """Whom it is generated for; nobody, if it is written by hand."""

    @property
    def tag(self) -> str:
        """The git tag of this version: ``callrecords-zudu-v1.2.0``."""
        return f"{self.name}-v{self.version}"


def read_distributions(root: Path) -> list[Distribution]:
    """The distributions of the repository at ``root``, in the order in which they are published.

    Each comes after those that it requires: the runtime, the generated ones, the facade.

    Raises:
        BadInputError: a ``provider.toml`` cannot be used, or the version of what is written by hand
            is not found.
    """
    providers = [read_provider(root, name) for name in provider_names(root)]
    runtime = _written_distribution(RUNTIME, root / "runtime", root / "runtime")
    facade = _written_distribution(FACADE, root, root / "src")
    return [runtime, *map(generated_distribution, providers), facade]


def read_distribution(root: Path, name: str) -> Distribution:
    """The distribution of the repository at ``root`` that pip knows by ``name``.

    Raises:
        BadInputError: there is none of that name; a ``provider.toml`` cannot be used, or the
            version of what is written by hand is not found.
    """
    distributions = {one.name: one for one in read_distributions(root)}
    if name not in distributions:
        message = f"there is no distribution {name!r}; there are {', '.join(distributions)}"
        raise BadInputError(message, file=root)
    return distributions[name]


def generated_distribution(provider: Provider) -> Distribution:
    """The distribution that is generated for a provider."""
    return Distribution(
        name=provider.distribution,
        package=provider.package,
        version=provider.version,
        versioned_in=provider.file,
        changelog=provider.changelog_path,
        folder=provider.generated_path,
        sources=provider.generated_path / provider.package,
        provider=provider.name,
    )


def _written_distribution(name: str, folder: Path, above: Path) -> Distribution:
    """A distribution that is written by hand, whose package is in ``above``."""
    package = name.replace("-", "_")
    module = above / package / "__init__.py"
    return Distribution(
        name=name,
        package=package,
        version=version_in_python(content(module), module),
        versioned_in=module,
        changelog=folder / _CHANGELOG,
        folder=folder,
        sources=above / package,
    )


def next_version(distribution: Distribution, part: str) -> str:
    """The version that ``major``, ``minor``, ``patch``, or a version itself, leads to.

    A version may be the one in place when its changelog has no section for it, which is so before
    the first release.

    Raises:
        BadInputError: it is neither, is lower than what is in place, or was released.
    """
    if part in PARTS:
        return bumped(distribution.version, part)
    try:
        version = _parsed(part)
    except ValueError as error:
        message = f"{part!r} is no part of a version ({', '.join(PARTS)}) and no version"
        raise BadInputError(message, file=distribution.versioned_in) from error
    if version < _parsed(distribution.version):
        message = f"{part} is lower than {distribution.version}, the version in place"
        raise BadInputError(message, file=distribution.versioned_in)
    _refuse_released(content(distribution.changelog).decode(), part, distribution.changelog)
    return part


def bumped(version: str, part: VersionPart) -> str:
    """The version after ``version`` when one of its parts goes up.

    What comes before a final version leads to it: ``1.2.0rc1`` with ``minor`` is ``1.2.0``, as
    npm and Poetry have it. Below 1.0 it is ``minor`` that announces a break: :func:`compatible`
    and pip users' ranges count on it.
    """
    old = _parsed(version)
    release = [*old.release, 0, 0][:3]
    place = PARTS.index(part)
    if not (old.is_prerelease and not any(release[place + 1 :])):
        release[place] += 1
    return ".".join(map(str, [*release[: place + 1], 0, 0][:3]))


def compatible(version: str) -> str:
    """The range of versions that replace ``version`` without a break: ``>=0.1,<0.2``.

    Below 1.0 the second number announces a break, from then on the first. A version that is
    not final is named in full, for no range without it would admit it.
    """
    this = _parsed(version)
    lowest = f"{this.major}.{this.minor}" if not (this.is_prerelease or this.micro) else version
    too_high = f"{this.major + 1}" if this.major else f"0.{this.minor + 1}"
    return f">={lowest},<{too_high}"


def _parsed(version: str) -> Version:
    from packaging.version import Version  # noqa: PLC0415 - reading a project needs none

    return Version(version)


def bump(root: Path, name: str, version: str, date: dt.date) -> list[Path]:
    """Write what changes with a new version of the distribution ``name``; return the files.

    Raises:
        BadInputError: a file cannot be used; nothing is written then.
    """
    files = changes(root, read_distribution(root, name), version, date, text=content)
    for path, new in files.items():
        write_atomically(path, new)
    return list(files)


def changes(
    root: Path,
    distribution: Distribution,
    version: str,
    date: dt.date,
    *,
    text: Callable[[Path], bytes],
) -> Mapping[Path, bytes]:
    """The files of the repository that change with a version, with their new content.

    They are the file that holds the version, the changelog, and, when its range does not admit
    the new version, the facade's requirement along with a line in the changelog of everything that
    has the same requirement. Generated distributions do not belong to them: they are generated
    anew afterwards. ``text`` gives the text of a file as it is before.

    Raises:
        BadInputError: a file cannot be used.
    """
    file, log = distribution.versioned_in, distribution.changelog
    if distribution.provider is not None:
        raised = with_value(text(file), "distribution", "version", version)
    else:
        raised = _IN_PYTHON.sub(rf"\g<1>{version}\g<3>", text(file).decode()).encode()
    told = with_entry(text(log).decode(), version, date, log).encode()
    return {file: raised, log: told, **_moved_ranges(root, distribution, version, text)}


def _moved_ranges(
    root: Path, distribution: Distribution, version: str, text: Callable[[Path], bytes]
) -> dict[Path, bytes]:
    """The facade's requirement of a distribution, and who tells of it, if the range has to move."""
    project = root / "pyproject.toml"
    required = requirements(text(project), project).get(distribution.name)
    if required is None or (moved := admitting(required, version)) == required:
        return {}
    logs = [root / _CHANGELOG]
    if distribution.name == RUNTIME:  # the generated ones take their requirement from the facade's
        logs += [read_provider(root, name).changelog_path for name in provider_names(root)]
    line = f"- Requires `{distribution.name}{compatible(version)}`."
    told = {log: with_unreleased(text(log).decode(), line, log).encode() for log in logs}
    return {project: text(project).replace(required.encode(), moved.encode()), **told}


def version_in_python(text: bytes, file: Path) -> str:
    """The value of ``__version__`` in the text of a Python module.

    Raises:
        BadInputError: no single line assigns it.
    """
    found = _IN_PYTHON.findall(text.decode())
    if len(found) != 1:
        message = f'{len(found)} lines assign __version__; expected one, `__version__ = "1.2.0"`'
        raise BadInputError(message, file=file)
    return str(found[0][1])


def repository_url(text: bytes, file: Path) -> str | None:
    """The public address of the repository, where the text of a ``pyproject.toml`` has one.

    Raises:
        BadInputError: it does not parse.
    """
    address = _project(text, file).get("urls", {}).get("Repository")
    return None if address is None else str(address).rstrip("/")


def requirements(text: bytes, file: Path) -> dict[str, str]:
    """What a ``pyproject.toml`` requires, by the names of the distributions.

    Raises:
        BadInputError: it does not parse.
    """
    required = map(str, _project(text, file).get("dependencies", []))
    return {re.split(r"[^\w.-]", one, maxsplit=1)[0]: one for one in required}


def admitting(required: str, version: str) -> str:
    """A requirement, or where its range refuses a version, the one :func:`compatible` with that."""
    from packaging.requirements import Requirement  # noqa: PLC0415 - as above

    requirement = Requirement(required)
    admits = requirement.specifier.contains(version, prereleases=True)
    return required if admits else requirement.name + compatible(version)


def _project(text: bytes, file: Path) -> dict[str, Any]:
    """What a ``pyproject.toml`` says, by a parser that is much faster than tomlkit."""
    return dict(parse_toml(text, file).get("project", {}))


def released_versions(text: str) -> list[str]:
    """The versions that a changelog has a section for, as they stand there: the newest first."""
    return [match["version"] for match in _RELEASED.finditer(text)]


def with_unreleased(text: str, more: str, file: Path) -> str:
    """The text of a changelog with more Markdown under Unreleased, the last there.

    An item follows the items there; a line that is there already is left out.

    Raises:
        BadInputError: it has no section Unreleased.
    """
    before, told, after = _split(text, file)
    more = more.strip("\n")
    if more in told.splitlines():
        return text
    between = "\n" if more.startswith("- ") else "\n\n"
    return _joined(before, between.join(filter(None, [told, more])), after)


def with_entry(text: str, version: str, date: dt.date, file: Path) -> str:
    """The text of a changelog with a section for a version, made of what stands under Unreleased.

    Raises:
        BadInputError: it has no section Unreleased, or has one for that version; or nothing is
            told of it.
    """
    _refuse_released(text, version, file)
    before, told, after = _split(text, file)
    if not told:
        message = f"tells nothing under `{_UNRELEASED}`; write there what users will notice"
        raise BadInputError(message, file=file)
    return _joined(before, f"## {version} - {date.isoformat()}\n\n{told}", after)


def _refuse_released(text: str, version: str, file: Path) -> None:
    if version in released_versions(text):
        raise BadInputError(f"has a section for {version} already", file=file)


def _split(text: str, file: Path) -> tuple[str, str, str]:
    """What stands before the content of Unreleased, that content, and what follows."""
    text = text.replace("\r\n", "\n")  # as git writes it on Windows
    found = _SECTION.search(text)
    if found is None:
        raise BadInputError(f"has no section `{_UNRELEASED}`", file=file)
    return text[: found.start(1)], found[1].strip("\n"), text[found.end() :]


def _joined(before: str, section: str, after: str) -> str:
    return f"{before}\n\n{section}\n" + (f"\n{after}" if after else "")


def content(path: Path) -> bytes:
    """The bytes of a file of the repository.

    Raises:
        BadInputError: it cannot be read.
    """
    with as_bad_input(path):
        return path.read_bytes()


def text_if_there(path: Path) -> bytes | None:
    """The bytes of a file of the repository; None where there is no such file.

    Raises:
        BadInputError: it cannot be read.
    """
    return content(path) if path.exists() else None
