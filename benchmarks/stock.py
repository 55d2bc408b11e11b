"""The stock generator, as its users run it."""

from __future__ import annotations

import contextlib
import io
from typing import TYPE_CHECKING

from openapi_python_client import generate
from openapi_python_client.config import Config, ConfigFile, MetaType

from benchmarks.process import FailedRunError, run_module

if TYPE_CHECKING:
    from pathlib import Path

DISTRIBUTION = "openapi-python-client"


def generate_by_command(definition: Path, destination: Path) -> None:
    """Run its command on a definition.

    Raises:
        FailedRunError: it fails or warns.
    """
    arguments = [*command(definition, destination), "--fail-on-warning"]
    run_module(arguments, folder=definition.parent)


def command(definition: Path, destination: Path) -> list[str]:
    """Its module and the arguments of its command, as its users give them."""
    return [
        "openapi_python_client",
        "generate",
        *("--path", str(definition)),
        *("--output-path", str(destination)),
        *("--meta", "uv"),
        "--overwrite",
    ]


def generate_in_process(definition: Path, destination: Path) -> None:
    """Do what its command does, without the time it takes to start.

    Raises:
        FailedRunError: it fails or warns.
    """
    config = Config.from_sources(
        ConfigFile(),
        MetaType.UV,
        document_source=definition,
        file_encoding="utf-8",
        overwrite=True,
        output_path=destination,
    )
    with contextlib.redirect_stdout(io.StringIO()):
        problems = generate(config=config)
    if problems:
        details = "\n".join(f"{problem.header} {problem.detail or ''}" for problem in problems)
        raise FailedRunError(f"{DISTRIBUTION} on {definition}:\n{details}")
