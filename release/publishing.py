"""Uploading what an index does not have yet, so that it can go on after a failure half way."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from codegen.files.errors import BadInputError, BadInputs
from release.archive import sdist_name, wheel_name
from release.index import ConflictError, has

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from codegen.providers.releases import Distribution
    from release.index import Index

_NO_PASSWORD = """
TWINE_PASSWORD is not set here. Unless a keyring or a trusted publisher has the credentials, set it
to the token of the index, and TWINE_USERNAME to __token__ (PyPI and TestPyPI), or to your name."""  # noqa: S105


@dataclass(frozen=True)
class Step:
    """One file, and whether it is still to be uploaded."""

    file: Path
    is_there: bool
    """The index has it already, with the same bytes."""


def plan(index: Index, distributions: Sequence[Distribution], folder: Path) -> list[Step]:
    """What to upload, and what is there, in the order of ``distributions``.

    Raises:
        BadInputError: a file was not built or cannot be read, or the index cannot be asked.
        BadInputs: the index has files of the same names with other bytes.
    """
    steps: list[Step] = []
    problems: list[BadInputError] = []
    for distribution in distributions:
        files = [folder / name for name in (wheel_name(distribution), sdist_name(distribution))]
        for file in files:
            _check_readable(file)
        try:
            there = has(index, distribution.name, files)
        except ConflictError as problem:
            problems.append(problem)
            continue
        steps += [Step(file, file in there) for file in files]
    if problems:
        raise problems[0] if len(problems) == 1 else BadInputs(problems)
    return steps


def _check_readable(file: Path) -> None:
    try:
        with file.open("rb"):
            pass
    except FileNotFoundError as error:
        raise BadInputError("does not exist; run `nox -s build` first", file=file) from error
    except OSError as error:
        raise BadInputError(f"cannot be read: {error.strerror}", file=file) from error


def publish(index: Index, steps: Sequence[Step], report: Callable[[str], object]) -> None:
    """Upload the files of a plan that are not there, one by one, and say so.

    Credentials are twine's: ``TWINE_USERNAME`` and ``TWINE_PASSWORD``, a keyring, or those that a
    trusted publisher is given. What a provenance attests lies beside a file and goes with it.

    Raises:
        BadInputError: an upload failed; those before it have happened.
    """
    for number, step in enumerate(steps, start=1):
        counted = f"[{number}/{len(steps)}] {step.file.name}"
        if step.is_there:
            report(f"{counted}: there already")
            continue
        result = _upload(index, step.file)
        if result.returncode != 0:
            done = sum(step.is_there for step in steps[number:]) + number - 1
            raise BadInputError(
                f"was not uploaded, and what follows was not tried; {done} of {len(steps)} files "
                f"are there. Run the same command again to go on from here. Twine says:\n"
                f"{last_words(result.stdout + result.stderr)}"
                f"{'' if 'TWINE_PASSWORD' in os.environ else _NO_PASSWORD}",
                file=step.file.name,
            )
        report(f"{counted}: uploaded, {step.file.stat().st_size:,} bytes")


def last_words(output: str) -> str:
    """What twine says; of a traceback the last line, which says what went wrong."""
    before, traceback, after = output.strip().partition("Traceback (most recent call last):")
    return before + after.splitlines()[-1] if traceback else before


def _upload(index: Index, file: Path) -> subprocess.CompletedProcess[str]:
    attestation = file.with_name(f"{file.name}.publish.attestation")
    attested = ["--attestations", str(attestation)] if attestation.exists() else []
    return subprocess.run(  # noqa: S603 - twine of this environment, arguments of ours
        [
            *(sys.executable, "-m", "twine", "upload", "--non-interactive"),
            *("--disable-progress-bar", "--repository-url", index.upload, *attested, str(file)),
        ],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "NO_COLOR": "1", "TERM": "dumb", "COLUMNS": "500"},
    )
