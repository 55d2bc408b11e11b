"""Running commands that are measured as a person would run them: start-up included."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
import sysconfig
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


class FailedRunError(Exception):
    """A contestant did not do its work, which makes its time worthless.

    Its text says which, and what it printed.
    """


def run_module(arguments: Sequence[str], *, folder: Path) -> None:
    """Run ``python -m`` with these arguments in a folder.

    Raises:
        FailedRunError: it exits with anything but 0.
    """
    _run(["-m", *arguments], folder)


def run_code(code: str, *, folder: Path) -> None:
    """Run ``python -c`` with this code in a folder.

    Raises:
        FailedRunError: it exits with anything but 0.
    """
    _run(["-c", code], folder)


def _run(arguments: Sequence[str], folder: Path) -> None:
    command = [sys.executable, *arguments]
    result = subprocess.run(  # noqa: S603 - our own Python, arguments of ours
        command, cwd=folder, capture_output=True, text=True, encoding="utf-8", check=False
    )
    if result.returncode != 0:
        raise FailedRunError(f"{' '.join(command)}\n{result.stdout}{result.stderr}")


@dataclass(frozen=True)
class Attempt:
    """A run that may fail."""

    seconds: float
    """Of a processor, which other work on the machine lengthens less than time by the clock."""
    code: int | None
    """What it exits with; None if it took too long, and was ended."""
    output: str


def attempt(arguments: Sequence[str], *, folder: Path, limit: float) -> Attempt:
    """Run ``python`` with these arguments in a folder, for no longer than so many seconds."""
    begin = cpu_of_children()
    process = subprocess.Popen(  # noqa: S603 - our own Python, arguments of ours
        [sys.executable, *arguments],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        errors="replace",
        start_new_session=True,
    )
    try:
        output, _ = process.communicate(timeout=limit)
    except BaseException as error:  # or somebody does not want to wait
        os.killpg(process.pid, signal.SIGKILL)  # what it has started too
        output, _ = process.communicate()
        if not isinstance(error, subprocess.TimeoutExpired):
            raise
        return Attempt(limit, None, output)
    return Attempt(cpu_of_children() - begin, process.returncode, output)


def cpu_of_children() -> float:
    """The seconds of a processor that the processes have taken that were started and have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def run_as_users_do() -> None:
    """Let programs started from here find this environment's scripts, and keep compiled modules.

    The stock generator looks for ruff on the PATH, and without it skips its formatting. Where no
    module is kept, ours would be compiled in each process, and those that are installed in none.
    """
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    os.environ["PATH"] = os.pathsep.join(
        [sysconfig.get_path("scripts"), os.environ.get("PATH", os.defpath)]
    )
