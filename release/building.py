"""Building the distributions, twice and differently, and checking what came of it."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from build import BuildBackendException, ProjectBuilder

from codegen.files.errors import BadInputError, BadInputs, as_bad_input
from codegen.files.transaction import replace_all
from release.archive import (
    read_sdist,
    read_wheel,
    sdist_name,
    unpack_sdist,
    wheel_name,
)
from release.contents import Sources, sdist_problems, wheel_problems
from release.repository import copy_tracked, source_date, tracked_files

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from codegen.providers.releases import Distribution


@dataclass(frozen=True)
class Built:
    """The two files of a distribution."""

    distribution: Distribution
    sdist: Path
    wheel: Path


def build(
    root: Path,
    distributions: Sequence[Distribution],
    destination: Path,
    *,
    report: Callable[[Built], object] = lambda _: None,
) -> list[Built]:
    """Build and check distributions; put them into ``destination`` only if all are well.

    Each is built twice. The source distribution is made from the checkout and from a copy of
    what git knows, elsewhere, with other times, modes, locale, time zone and hash seed. The wheel
    is made from the unpacked source distribution, and from the copy. The bytes must be the same.

    Args:
        root: The folder of the repository.
        distributions: Which ones.
        destination: The folder that gets the files; other versions of the same are removed there,
            and what attests to them.
        report: Called with each distribution when it is built and checked.

    Returns:
        The files, in the order of ``distributions``.

    Raises:
        BadInputError: git does not know the distribution, it cannot be built, or ``destination``
            cannot be written to.
        BadInputs: something is wrong with what was built; ``destination`` is as it was.
    """
    problems: list[BadInputError] = []
    built: list[Built] = []
    with tempfile.TemporaryDirectory(prefix="release-") as temporary:
        copy = Path(temporary, "elsewhere", "copy")
        copy_tracked(root, copy)
        for distribution in distributions:
            one, found = _built_and_checked(root, copy, distribution, Path(temporary))
            problems += found
            built.append(one)
            report(one)
        problems += _twine_problems(built)
        if problems:
            raise BadInputs(problems)
        return [moved(one, destination) for one in built]


def _built_and_checked(
    root: Path, copy: Path, distribution: Distribution, temporary: Path
) -> tuple[Built, list[BadInputError]]:
    environment = {"SOURCE_DATE_EPOCH": source_date(root, distribution)}
    other = {**environment, "TZ": "Pacific/Chatham", "PYTHONHASHSEED": "1", "LC_ALL": "C"}
    folders = [temporary / distribution.name / name for name in ("first", "second", "unpacked")]
    for folder in folders:
        folder.mkdir(parents=True)
    first, second, unpacked = folders
    sdist = _build(distribution.folder, "sdist", first, environment)
    wheel = _build(unpack_sdist(sdist, unpacked), "wheel", first, environment)
    copied = copy / distribution.folder.relative_to(root)
    sdist_again = _build(copied, "sdist", second, other)
    wheel_again = _build(copied, "wheel", second, other)
    sources = _sources(root, distribution)
    found = {
        wheel: [
            *wheel_problems(distribution, read_wheel(wheel), wheel.stat().st_size, sources),
            *_name_problems(wheel, wheel_name(distribution)),
            *_difference(wheel, wheel_again, "as it is built without the source distribution"),
        ],
        sdist: [
            *sdist_problems(distribution, read_sdist(sdist), sources),
            *_name_problems(sdist, sdist_name(distribution)),
            *_difference(sdist, sdist_again, "as it is built from a copy"),
        ],
    }
    problems = [
        BadInputError(text, file=file.name) for file, texts in found.items() for text in texts
    ]
    return Built(distribution, sdist, wheel), problems


def _build(folder: Path, kind: str, destination: Path, environment: Mapping[str, str]) -> Path:
    def run(
        cmd: Sequence[str],
        cwd: str | None = None,
        extra_environ: Mapping[str, str] | None = None,
    ) -> None:
        variables = {**os.environ, **environment, **(extra_environ or {})}
        subprocess.run(  # noqa: S603 - the build backend of this environment
            cmd, cwd=cwd, env=variables, check=True, capture_output=True, text=True
        )

    try:
        builder = ProjectBuilder(folder, runner=run)
        return Path(builder.build("sdist" if kind == "sdist" else "wheel", destination))
    except BuildBackendException as error:
        cause = error.exception
        output = cause.stderr if isinstance(cause, subprocess.CalledProcessError) else str(error)
        raise BadInputError(f"no {kind} can be built:\n{output}", file=folder) from error


def _sources(root: Path, distribution: Distribution) -> Sources:
    package = distribution.sources
    return Sources(
        package={
            (root / name).relative_to(package.parent).as_posix(): (root / name).read_bytes()
            for name in tracked_files(root, package)
        },
        licence=(root / "LICENSE").read_bytes(),
        changelog=distribution.changelog.read_bytes(),
    )


def _name_problems(file: Path, expected: str) -> list[str]:
    return [] if file.name == expected else [f"is named so, not {expected}"]


def _difference(one: Path, other: Path, way: str) -> list[str]:
    if one.read_bytes() == other.read_bytes():
        return []
    read = read_wheel if one.suffix == ".whl" else read_sdist
    files, others = read(one), read(other)
    names = sorted(
        name for name in files.keys() | others.keys() if files.get(name) != others.get(name)
    )
    return [f"has other bytes {way}: {', '.join(names) or 'only times, modes or order differ'}"]


def _twine_problems(built: Sequence[Built]) -> list[BadInputError]:
    """What twine and check-wheel-contents say, which know the common mistakes."""
    problems: list[BadInputError] = []
    wheels = [str(one.wheel) for one in built]
    every = [*wheels, *(str(one.sdist) for one in built)]
    for module, arguments in {
        "twine": ["check", "--strict", *every],
        "check_wheel_contents": ["--no-config", *wheels],
    }.items():
        result = subprocess.run(  # noqa: S603 - tools of this environment, arguments of ours
            [sys.executable, "-m", module, *arguments],
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, "NO_COLOR": "1"},
        )
        if result.returncode != 0:
            output = (result.stdout + result.stderr).strip()
            problems.append(BadInputError(f"refuses what was built:\n{output}", file=module))
    return problems


def moved(built: Built, destination: Path) -> Built:
    """Put the files of a build into a folder, in the place of other versions of the same.

    Raises:
        BadInputError: the folder cannot be written to; a file is there whole or not at all.
    """
    moved = {destination / path.name: path.read_bytes() for path in (built.sdist, built.wheel)}
    name = built.distribution.package
    with as_bad_input(destination, "cannot be written: "):
        # Before anything new is there: it would be published with what attests to other bytes.
        for attestation in destination.glob(f"{name}-*.attestation"):
            attestation.unlink()
        replace_all(destination, {file.name: content for file, content in moved.items()})
        for old in (*destination.glob(f"{name}-*.whl"), *destination.glob(f"{name}-*.tar.gz")):
            if old not in moved:
                old.unlink()
    sdist, wheel = moved
    return Built(built.distribution, sdist, wheel)
