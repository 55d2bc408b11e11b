"""Packages made by ``codegen add`` while the tests run."""

from __future__ import annotations

import contextlib
import importlib
import sys
from typing import TYPE_CHECKING

from codegen.commands.add.addition import Wanted, add

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path


@contextlib.contextmanager
def importable(root: Path, *added: Wanted) -> Generator[None]:
    """Add these definitions to a repository of their own, and have their packages importable.

    Raises:
        AssertionError: something of a definition was left out.
    """
    for folder in ("specs", "overlay", "generated"):
        (root / folder).mkdir()
    (root / "LICENSE").write_text("Use it well.\n")
    for wanted in added:
        assert not add(root, wanted).provider.left_out
    packages = [str(root / "generated" / wanted.name) for wanted in added]
    sys.path[:0] = packages
    importlib.invalidate_caches()
    yield
    for package in packages:
        sys.path.remove(package)
