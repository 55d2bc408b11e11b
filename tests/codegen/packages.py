"""Distributions made for one test, in a folder that is gone afterwards."""

from __future__ import annotations

import contextlib
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from codegen.generator.build import generate

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence

    from codegen.providers.provider import Provider


@contextlib.contextmanager
def made(providers: Sequence[Provider]) -> Generator[dict[Provider, Path]]:
    """The folders of the distributions."""
    with tempfile.TemporaryDirectory(prefix="codegen-") as temporary:
        generate(providers, out=Path(temporary))
        yield {provider: Path(temporary, provider.name) for provider in providers}
