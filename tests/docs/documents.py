"""The documents of the repository, and the blocks of code in them."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from markdown_it import MarkdownIt

from docs_site.pages import site_pages

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Block:
    """A fenced block of code."""

    document: str
    line: int
    """Of its first line of code; the document's first is 1."""
    language: str
    text: str

    @property
    def place(self) -> str:
        return f"{self.document}:{self.line}"


@functools.cache  # by what is read while tests are collected, too
def read_documents() -> Mapping[str, str]:
    """All of our Markdown, by path; the pages that are rendered at build time among it."""
    beside = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "overlay/README.md"]
    beside += ["runtime/README.md", "runtime/CHANGELOG.md"]
    beside += sorted(str(file.relative_to(ROOT)) for file in ROOT.glob("generated/*/*.md"))
    written = {path: (ROOT / path).read_text(encoding="utf-8") for path in beside}
    pages = {f"docs/{path}": text for path, text in site_pages(ROOT).items()}
    return {**written, **pages}


def blocks_of(document: str, text: str) -> Iterator[Block]:
    """The fenced blocks of a document, also those inside lists and quotations."""
    for token in MarkdownIt().parse(text):
        if token.type == "fence":
            assert token.map is not None
            first = token.map[0] + 2  # the line after the fence, counted from 1
            yield Block(document, first, token.info.strip(), token.content)
