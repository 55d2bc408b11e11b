"""Documents of the repository as pages of the site."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urldefrag

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

PAGES: Mapping[str, str] = {
    "CHANGELOG.md": "changelog.md",
    "benchmarks/RESULTS.md": "benchmarks.md",
}
"""What is a page, under another name."""
_LINK = re.compile(r"\[(?P<label>[^\]]+)\]\((?P<target>(?!https?:|mailto:|#)[^)]+)\)")


def repository_pages(root: Path) -> dict[str, str]:
    """The pages in Markdown, by their paths in the site."""
    return {
        page: on_the_site((root / document).read_text(encoding="utf-8"))
        for document, page in PAGES.items()
    }


def reasons(root: Path) -> str:
    """What README says before its first record, without its title."""
    text = (root / "README.md").read_text(encoding="utf-8")
    return on_the_site(text.partition("\n")[2].partition("\n## ")[0].strip())


def on_the_site(text: str) -> str:
    """Markdown whose links lead to pages; what is no page keeps its words alone."""
    return _LINK.sub(_linked, text)


def _linked(link: re.Match[str]) -> str:
    document, anchor = urldefrag(link["target"])
    page = PAGES.get(document)
    if document.startswith("docs/"):
        page = document.removeprefix("docs/")
    if page is None:
        return link["label"]
    return f"[{link['label']}]({page}{'#' * bool(anchor)}{anchor})"
