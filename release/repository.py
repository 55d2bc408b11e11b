"""What git knows of the repository: its files, and when a distribution last changed."""

from __future__ import annotations

import os
import shutil
import subprocess
from typing import TYPE_CHECKING

from codegen.files.errors import BadInputError

if TYPE_CHECKING:
    from pathlib import Path

    from codegen.providers.releases import Distribution

_DATES = range(2**32)
"""Those of gzip, until 2106; in a zip, whose dates begin in 1980, the build backend raises them."""


def tracked_files(root: Path, folder: Path) -> list[Path]:
    """The files below ``folder`` that git tracks and that exist, relative to ``root``.

    Raises:
        BadInputError: ``root`` is no checkout, or git is not installed.
    """
    names = _git(root, "ls-files", "-z", "--", str(folder)).split("\0")
    paths = (root / name for name in names if name)
    return [path.relative_to(root) for path in paths if path.is_file()]


def copy_tracked(root: Path, destination: Path) -> None:
    """Copy the files that git tracks, with their content as it is and without times and modes."""
    for name in tracked_files(root, root):
        copy = destination / name
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(root / name, copy)


def source_date(root: Path, distribution: Distribution) -> str:
    """Seconds since 1970: ``SOURCE_DATE_EPOCH``, or the last commit that changed a distribution.

    Not the last commit of all: the bytes of a version then stay what they are while others change.

    Raises:
        BadInputError: ``SOURCE_DATE_EPOCH`` is no date that archives can hold, ``root`` is no
            checkout, or no commit has the distribution.
    """
    if given := os.environ.get("SOURCE_DATE_EPOCH"):
        if not given.isdecimal() or int(given) not in _DATES:
            message = f"is {given!r}; expected seconds since 1970, at most {_DATES[-1]}"
            raise BadInputError(message, file="SOURCE_DATE_EPOCH")
        return given
    date = _git(root, "log", "-1", "--format=%ct", "--", *_made_from(root, distribution)).strip()
    if not date:
        raise BadInputError("no commit has it; commit it first", file=distribution.folder)
    return date


def has_changes(root: Path) -> bool:
    """Whether anything in a checkout is not as the last commit has it.

    Raises:
        BadInputError: ``root`` is no checkout, or git is not installed.
    """
    return bool(_git(root, "status", "--porcelain"))


def changed_files(root: Path, distribution: Distribution) -> list[str]:
    """What a distribution is made from and is not committed as it is."""
    status = _git(root, "status", "--porcelain", "--", *_made_from(root, distribution))
    return [line[3:] for line in status.splitlines()]


def tags(root: Path, distribution: str) -> list[str]:
    """The tags of a distribution's versions, the newest first."""
    pattern = f"{distribution}-v*"
    return _git(root, "tag", "--list", pattern, "--sort=-version:refname").split()


def archive_of(root: Path, revision: str, file: Path) -> Path:
    """Write what git has of a revision into a tar file; return the file."""
    _git(root, "archive", "--format=tar", f"--output={file}", revision)
    return file


def _made_from(root: Path, distribution: Distribution) -> list[str]:
    if distribution.folder != root:
        return [str(distribution.folder)]
    # .gitignore is in the source distribution.
    names = ("src", "pyproject.toml", "README.md", "CHANGELOG.md", "LICENSE", ".gitignore")
    return [str(root / name) for name in names]


def _git(root: Path, *arguments: str) -> str:
    try:
        result = subprocess.run(  # noqa: S603 - arguments of ours
            ["git", "-C", str(root), *arguments],  # noqa: S607 - whichever git there is
            capture_output=True,
            check=False,
            encoding="utf-8",
        )
    except FileNotFoundError as error:
        raise BadInputError(
            "git is not installed, and tells what is released", file=root
        ) from error
    if result.returncode != 0:
        raise BadInputError(result.stderr.strip(), file=root)
    return result.stdout
