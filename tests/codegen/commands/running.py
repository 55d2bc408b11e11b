"""Commands as a shell runs them, in the process of a test, and where they have something to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from typer.testing import CliRunner

from codegen.__main__ import app

if TYPE_CHECKING:
    from pathlib import Path


def command(*arguments: str | Path) -> tuple[int, str, str]:
    """Exit code, standard output and standard error of a command."""
    result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.stdout, result.stderr


def repository(folder: Path) -> Path:
    """A folder as a repository without any provider."""
    for name in ("specs", "overlay", "generated"):
        (folder / name).mkdir()
    (folder / "LICENSE").write_text("Use it well.\n")
    return folder
