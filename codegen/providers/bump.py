"""Giving a distribution its next version, in every file that has to say so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from packaging.version import InvalidVersion, Version

from codegen.files.errors import BadInputError
from codegen.files.transaction import write_atomically
from codegen.providers.changelog import released_versions, with_entry, with_unreleased
from codegen.providers.distribution import FACADE, read_distribution
from codegen.providers.versions import (
    PARTS,
    Part,
    bumped,
    compatible,
    with_pin_admitting,
    with_version,
    with_version_in_python,
)

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from codegen.providers.distribution import Distribution


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
    if part in released_versions(_read(distribution.changelog)):
        raise BadInputError(f"has a section for {part} already", file=distribution.changelog)
    return part


def changes(
    root: Path, name: str, version: str, date: dt.date, lines: Sequence[str] = ()
) -> Mapping[Path, bytes]:
    """The files of the repository that change with a version, with their new content.

    They are the file that holds the version, the changelog, and, when its range does not admit
    the new version, the facade's requirement along with a line in the facade's changelog. The
    generated distribution does not belong to them: it is generated anew afterwards.

    Args:
        root: The folder of the repository.
        name: The distribution, such as ``callrecords-zudu``.
        version: Its new version.
        date: The day, for the changelog.
        lines: What its changelog tells besides what stands there under Unreleased.

    Raises:
        BadInputError: a file cannot be used; nothing is written in any case.
    """
    distribution = read_distribution(root, name)
    file, log = distribution.versioned_in, distribution.changelog
    write = with_version if distribution.provider else with_version_in_python
    return {
        file: write(file.read_bytes(), version, file),
        log: with_entry(_read(log), version, date, lines, log).encode(),
        **(_changes_of_facade(root, name, version) if distribution.provider else {}),
    }


def bump(
    root: Path, name: str, version: str, date: dt.date, lines: Sequence[str] = ()
) -> list[Path]:
    """Write :func:`changes`, which has these arguments and errors; return the files written."""
    files = changes(root, name, version, date, lines)
    for path, content in files.items():
        write_atomically(path, content)
    return list(files)


def _changes_of_facade(root: Path, name: str, version: str) -> Mapping[Path, bytes]:
    project = root / "pyproject.toml"
    before = project.read_bytes()
    after = with_pin_admitting(before, name, version, project)
    if after == before:
        return {}
    log = read_distribution(root, FACADE).changelog
    line = f"Requires `{name}{compatible(version)}`."
    return {project: after, log: with_unreleased(_read(log), [line], log).encode()}


def _read(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except OSError as error:
        raise BadInputError(error.strerror or str(error), file=path) from error
