"""Putting the site together in a folder, and building it."""

from __future__ import annotations

import shutil
import subprocess
import sys
from typing import TYPE_CHECKING, Any

from codegen.files.yaml import dump, load
from docs_site.pages import navigation, site_pages

if TYPE_CHECKING:
    from pathlib import Path


def build(root: Path, folder: Path) -> Path:
    """Build the site of the repository at ``root`` in a folder, and return the site's own in it.

    Raises:
        BadInputError: something of a provider cannot be used.
        CalledProcessError: a link leads nowhere, or a page cannot be rendered; it was printed.
    """
    for made in ("pages", "site"):
        shutil.rmtree(folder / made, ignore_errors=True)
    assemble(root, folder)
    command = [sys.executable, "-m", "zensical", "build", "--strict", "--config-file"]
    # From the root, where the extension for docstrings is imported from.
    subprocess.run([*command, str(folder / "mkdocs.yml")], cwd=root, check=True)  # noqa: S603
    return folder / "site"


def assemble(root: Path, folder: Path) -> None:
    """Put all pages into a folder, with the configuration by which the site is made of them."""
    pages = site_pages(root)
    shutil.copytree(root / "docs", folder / "pages")
    for path, text in pages.items():
        file = folder / "pages" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    configuration: Any
    configuration, _ = load((root / "docs_site/site.yml").read_bytes())
    configuration["nav"] = navigation(root, pages)
    handler = next(
        plugin["mkdocstrings"] for plugin in configuration["plugins"] if "mkdocstrings" in plugin
    )
    handler["handlers"]["python"]["paths"] = [str(root / "src")]
    (folder / "mkdocs.yml").write_bytes(dump(configuration))
