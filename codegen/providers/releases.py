"""The distributions of the repository, their versions and their changelogs."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias, cast, get_args

import tomlkit
from packaging.requirements import Requirement
from packaging.version import InvalidVersion, Version
from tomlkit.exceptions import TOMLKitError

from codegen.files.errors import BadInputError
from codegen.files.transaction import write_atomically
from codegen.providers.provider import provider_names, read_provider

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from tomlkit.items import Array, Table

    from codegen.providers.provider import Provider


Part: TypeAlias = Literal["major", "minor", "patch"]
PARTS: tuple[Part, ...] = get_args(Part)

_IN_PYTHON = re.compile(r'^(__version__ = ")([^"\n]*)("$)', re.MULTILINE)


def bumped(version: str, part: Part) -> str:
    """The version after ``version`` when one of its parts goes up.

    What comes before a final version leads to it: ``1.2.0rc1`` with ``minor`` is ``1.2.0``, as
    npm and Poetry have it. Below 1.0 it is ``minor`` that announces a break: :func:`compatible`
    and pip users' ranges count on it.

    Args:
        version: A version of PEP 440, such as ``1.2.0``.
        part: What goes up; the parts after it become 0.
    """
    old = Version(version)
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
    this = Version(version)
    lowest = f"{this.major}.{this.minor}" if not (this.is_prerelease or this.micro) else version
    too_high = f"{this.major + 1}" if this.major else f"0.{this.minor + 1}"
    return f">={lowest},<{too_high}"


def with_version(text: bytes, version: str, file: Path) -> bytes:
    """The text of a ``provider.toml`` with another version, every other byte as it was.

    Raises:
        BadInputError: it does not parse, or has no ``version`` in ``[distribution]``.
    """
    document = _parsed(text, file)
    table = _plain(document).get("distribution")
    if not isinstance(table, dict) or "version" not in table:
        raise BadInputError("is missing", file=file, pointer="/distribution/version")
    cast("Table", table)["version"] = version
    return tomlkit.dumps(document).encode()


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


def with_version_in_python(text: bytes, version: str, file: Path) -> bytes:
    """The text of a Python module with another ``__version__``.

    Raises:
        BadInputError: no single line assigns it.
    """
    version_in_python(text, file)
    return _IN_PYTHON.sub(rf"\g<1>{version}\g<3>", text.decode()).encode()


def pins(text: bytes, file: Path) -> dict[str, Requirement]:
    """What the text of a ``pyproject.toml`` requires at run time, by the name it requires.

    Raises:
        BadInputError: it does not parse.
    """
    listed = (Requirement(str(entry)) for _, entry in _dependencies(_parsed(text, file)))
    return {requirement.name: requirement for requirement in listed}


def repository_url(text: bytes, file: Path) -> str | None:
    """The public address of the repository, where the text of a ``pyproject.toml`` has one.

    Raises:
        BadInputError: it does not parse.
    """
    project = cast("dict[str, dict[str, str]]", _plain(_parsed(text, file)).get("project", {}))
    address = project.get("urls", {}).get("Repository")
    return None if address is None else str(address).rstrip("/")


def with_pin_admitting(text: bytes, distribution: str, version: str, file: Path) -> bytes:
    """The text of a ``pyproject.toml`` whose dependencies admit a version of a distribution.

    A range that admits it stays as it is, and a distribution that is not required stays so; a
    range that does not becomes :func:`compatible` with it. Comments stay.

    Raises:
        BadInputError: it does not parse.
    """
    document = _parsed(text, file)
    for index, entry in list(_dependencies(document)):
        requirement = Requirement(entry)
        admitted = requirement.specifier.contains(version, prereleases=True)
        if requirement.name == distribution and not admitted:
            dependencies = cast("Array", cast("Table", document["project"])["dependencies"])
            dependencies[index] = f"{distribution}{compatible(version)}"
    return tomlkit.dumps(document).encode()


def _dependencies(document: tomlkit.TOMLDocument) -> Iterator[tuple[int, str]]:
    project = cast("dict[str, object]", _plain(document).get("project", {}))
    dependencies = cast("list[object]", project.get("dependencies", []))
    return ((index, str(entry)) for index, entry in enumerate(dependencies))


def _plain(document: tomlkit.TOMLDocument) -> dict[str, object]:
    return cast("dict[str, object]", document)  # which it is, without saying of what


def _parsed(text: bytes, file: Path) -> tomlkit.TOMLDocument:
    try:
        return tomlkit.parse(text.decode())
    except (TOMLKitError, UnicodeDecodeError) as error:
        raise BadInputError(str(error), file=file) from error


_UNRELEASED = "## Unreleased"
_RELEASED = re.compile(r"^## \[?(?P<version>\d[^\s\]]*)\]?( |$)", re.MULTILINE)
_SECTION = re.compile(r"^## .*$", re.MULTILINE)


def new_changelog(distribution: str, lines: Sequence[str] = ()) -> str:
    """The text of a changelog that has no version yet.

    Args:
        distribution: Whose changelog it is, such as ``callrecords-zudu``.
        lines: What is told of the first version, one item each and without a dash.
    """
    empty = f"# Changelog of {distribution}\n\n{_UNRELEASED}\n"
    return empty + "".join(f"\n{item}" if not i else item for i, item in enumerate(_items(lines)))


def with_unreleased(text: str, lines: Sequence[str], file: Path) -> str:
    """The text of a changelog with items more under Unreleased, the last ones there.

    Args:
        text: The changelog.
        lines: What is told, one item each and without a dash; what is told already is left out.
        file: Named in errors.

    Raises:
        BadInputError: it has no section Unreleased.
    """
    before, told, after = _split(text, file)
    return _joined(before, [_with_items(told, lines)], after)


def with_unreleased_body(text: str, body: str, file: Path) -> str:
    """The text of a changelog with Markdown of any form after what stands under Unreleased.

    Raises:
        BadInputError: it has no section Unreleased.
    """
    before, told, after = _split(text, file)
    return _joined(before, ["\n\n".join(part for part in (told, body.strip("\n")) if part)], after)


def with_entry(text: str, version: str, date: dt.date, lines: Sequence[str], file: Path) -> str:
    """The text of a changelog with a section for a version, made of Unreleased and ``lines``.

    Args:
        text: The changelog.
        version: The version that is about to be published.
        date: The day.
        lines: What is told besides that under Unreleased, one item each and without a dash.
        file: Named in errors.

    Raises:
        BadInputError: it has no section Unreleased, or has one for that version; or nothing is
            told of it.
    """
    if version in released_versions(text):
        raise BadInputError(f"has a section for {version} already", file=file)
    before, told, after = _split(text, file)
    told = _with_items(told, lines)
    if not told:
        message = f"tells nothing under `{_UNRELEASED}`; write there what users will notice"
        raise BadInputError(message, file=file)
    return _joined(before, ["", f"## {version} - {date.isoformat()}\n\n{told}"], after)


def released_versions(text: str) -> list[str]:
    """The versions that a changelog has a section for, as they stand there: the newest first."""
    return [match["version"] for match in _RELEASED.finditer(text)]


def _split(text: str, file: Path) -> tuple[str, str, str]:
    """What stands before the content of Unreleased, that content, and what follows."""
    text = text.replace("\r\n", "\n")  # as git writes it on Windows
    sections = list(_SECTION.finditer(text))
    place = next((i for i, it in enumerate(sections) if it[0].rstrip() == _UNRELEASED), None)
    if place is None:
        raise BadInputError(f"has no section `{_UNRELEASED}`", file=file)
    start = sections[place].end()
    end = sections[place + 1].start() if place + 1 < len(sections) else len(text)
    return text[:start], text[start:end].strip("\n"), text[end:]


def _joined(before: str, sections: list[str], after: str) -> str:
    middle = "".join(f"\n{section}\n" for section in sections if section)
    return f"{before}\n{middle}" + (f"\n{after}" if after else "")


def _with_items(told: str, lines: Sequence[str]) -> str:
    present = set(told.splitlines())
    more = [item for item in _items(lines) if item.rstrip("\n") not in present]
    return "\n".join([*([told] if told else []), "".join(more).rstrip("\n")]).strip("\n")


def _items(lines: Sequence[str]) -> list[str]:
    return [f"- {line}\n" for line in lines]


FACADE = "callrecords"
_CHANGELOG = "CHANGELOG.md"
"""Of the facade, in the root of the repository."""


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
    provider: str | None
    """Whom it is generated for; nobody for the facade."""

    @property
    def tag(self) -> str:
        """The git tag of this version: ``callrecords-zudu-v1.2.0``."""
        return f"{self.name}-v{self.version}"

    @property
    def sources(self) -> Path:
        """The folder of its Python package."""
        return (self.folder if self.provider else self.folder / "src") / self.package


def read_distributions(root: Path) -> list[Distribution]:
    """The distributions of the repository at ``root``, in the order in which they are published.

    The facade is the last, for it requires the others.

    Raises:
        BadInputError: a ``provider.toml`` cannot be used, or the facade's version is not found.
    """
    providers = [read_provider(root, name) for name in provider_names(root)]
    return [*map(generated_distribution, providers), _facade(root)]


def read_distribution(root: Path, name: str) -> Distribution:
    """The distribution of the repository at ``root`` that pip knows by ``name``.

    Raises:
        BadInputError: there is none, or as :func:`read_distributions`.
    """
    distributions = {it.name: it for it in read_distributions(root)}
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
        provider=provider.name,
    )


def _facade(root: Path) -> Distribution:
    module = root / "src" / FACADE / "__init__.py"
    try:
        version = version_in_python(module.read_bytes(), module)
    except OSError as error:
        raise BadInputError(error.strerror or str(error), file=module) from error
    return Distribution(
        name=FACADE,
        package=FACADE,
        version=version,
        versioned_in=module,
        changelog=root / _CHANGELOG,
        folder=root,
        provider=None,
    )


def next_version(distribution: Distribution, part: str) -> str:
    """The version that ``part`` leads to.

    Args:
        distribution: Whose version it is.
        part: ``major``, ``minor`` or ``patch``, or a version. That may be the one in place when
            its changelog has no section for it, which is so before the first release.

    Raises:
        BadInputError: it is neither, is lower than what is in place, or was released.
    """
    if part in PARTS:
        chosen: Part = part
        return bumped(distribution.version, chosen)
    try:
        version = Version(part)
    except InvalidVersion as error:
        message = f"{part!r} is no part of a version ({', '.join(PARTS)}) and no version"
        raise BadInputError(message, file=distribution.versioned_in) from error
    if version < Version(distribution.version):
        message = f"{part} is lower than {distribution.version}, the version in place"
        raise BadInputError(message, file=distribution.versioned_in)
    if part in released_versions(_content(distribution.changelog).decode()):
        raise BadInputError(f"has a section for {part} already", file=distribution.changelog)
    return part


def changes(  # noqa: PLR0913 - a version's, and where its files' texts are
    root: Path,
    distribution: Distribution,
    version: str,
    date: dt.date,
    lines: Sequence[str] = (),
    *,
    text: Callable[[Path], bytes],
) -> Mapping[Path, bytes]:
    """The files of the repository that change with a version, with their new content.

    They are the file that holds the version, the changelog, and, when its range does not admit
    the new version, the facade's requirement along with a line in the facade's changelog. The
    generated distribution does not belong to them: it is generated anew afterwards.

    Args:
        root: The folder of the repository.
        distribution: As it is before.
        version: Its new version.
        date: The day, for the changelog.
        lines: What its changelog tells besides what stands there under Unreleased.
        text: Gives the text of a file of the repository.

    Raises:
        BadInputError: a file cannot be used.
    """
    file, log = distribution.versioned_in, distribution.changelog
    write = with_version if distribution.provider else with_version_in_python
    return {
        file: write(text(file), version, file),
        log: with_entry(text(log).decode(), version, date, lines, log).encode(),
        **(_changes_of_facade(root, distribution, version, text) if distribution.provider else {}),
    }


def bump(
    root: Path, name: str, version: str, date: dt.date, lines: Sequence[str] = ()
) -> list[Path]:
    """Write what changes with a version of a distribution; return the files written.

    Args:
        root: The folder of the repository.
        name: The distribution, such as ``callrecords-zudu``.
        version: Its new version.
        date: The day, for the changelog.
        lines: What its changelog tells besides what stands there under Unreleased.

    Raises:
        BadInputError: a file cannot be used.
    """
    files = changes(root, read_distribution(root, name), version, date, lines, text=_content)
    for path, content in files.items():
        write_atomically(path, content)
    return list(files)


def _changes_of_facade(
    root: Path, distribution: Distribution, version: str, text: Callable[[Path], bytes]
) -> Mapping[Path, bytes]:
    project, log = root / "pyproject.toml", root / _CHANGELOG
    before = text(project)
    after = with_pin_admitting(before, distribution.name, version, project)
    if after == before:
        return {}
    line = f"Requires `{distribution.name}{compatible(version)}`."
    return {project: after, log: with_unreleased(text(log).decode(), [line], log).encode()}


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise BadInputError(error.strerror or str(error), file=path) from error
