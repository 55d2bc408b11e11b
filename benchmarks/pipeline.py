"""Our own pipeline, as a contestant."""

from __future__ import annotations

import contextlib
import gc
from typing import TYPE_CHECKING

from benchmarks.process import FailedRunError, run_module
from codegen.generator import build as generation
from codegen.proof.prove import prove

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence
    from pathlib import Path

    from codegen.providers.provider import Provider


def run_commands(root: Path, out: Path) -> None:
    """Generate all providers of a repository into a folder, and run the proofs.

    Raises:
        FailedRunError: a command fails.
    """
    run_module(["codegen", "generate", "--out", str(out)], folder=root)
    run_module(["codegen", "prove"], folder=root)


def run_in_process(providers: Sequence[Provider], out: Path) -> None:
    """Do the same without the time it takes to start.

    Raises:
        FailedRunError: a proof does not hold.
    """
    generation.generate(providers, out=out)
    for provider in providers:
        result = prove(provider)
        if not result.holds:
            raise FailedRunError("\n".join(str(finding) for finding in result.findings))


@contextlib.contextmanager
def without_garbage_collection() -> Generator[None]:
    """Within it, nobody looks for garbage, as nobody does while a command runs."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
