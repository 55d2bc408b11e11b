"""The pages of the site, and how they are ordered: reading only."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from codegen.providers.patched import patched_definition
from codegen.providers.provider import provider_names, read_provider
from docs_site.client_page import render_client_page
from docs_site.facade import read_facade
from docs_site.models_page import render_models_page
from docs_site.provider_page import render_provider_page, requests
from docs_site.repository_pages import pythons, reasons, repository_pages, requirements_table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

Navigation: TypeAlias = "list[dict[str, str | list[dict[str, str]]]]"

SECTIONS: Mapping[str, Sequence[tuple[str, str]]] = {
    "Guide": (
        ("Why, and a first record", "index.md"),
        ("Clients", "clients.md"),
        ("Errors", "errors.md"),
        ("Retries and deadlines", "retries.md"),
        ("Paging", "paging.md"),
        ("Records", "records.md"),
        ("Types", "typing.md"),
        ("Drift", "drift.md"),
        ("Webhooks", "webhooks.md"),
        ("Export calls", "export.md"),
        ("Keep recordings", "recordings.md"),
        ("In a web application", "web-applications.md"),
        ("Sandbox and tests", "sandbox.md"),
        ("Command line", "command-line.md"),
        ("Troubleshooting", "troubleshooting.md"),
        ("Compatibility", "compatibility.md"),
    ),
    "Reference": (
        ("Clients", "reference/clients.md"),
        ("Records", "reference/records.md"),
        ("Errors", "reference/errors.md"),
        ("Drift", "reference/drift.md"),
        ("Bulk and export", "reference/bulk.md"),
        ("Webhooks", "reference/webhooks.md"),
        ("Sandbox", "reference/sandbox.md"),
    ),
    "Project": (
        ("Architecture", "architecture.md"),
        ("Compared with others", "comparison.md"),
        ("Updating a definition", "updating.md"),
        ("What counts as a change", "changes.md"),
        ("Adding a provider", "adding-a-provider.md"),
        ("Publishing", "publishing.md"),
        ("Benchmarks", "benchmarks.md"),
        ("Definitions of the world", "corpus.md"),
        ("Changelog", "changelog.md"),
    ),
}
"""Pages of docs/ by section; one that is not there is left out."""
_REASONS = "<!-- What README says before its first record stands here. -->"
"""What the first page has in its place."""
_PYTHONS = "<!-- The Pythons stand here. -->"
_REQUIRED = "<!-- What is required stands here. -->"
"""What the page about compatibility has in the place of what pyproject.toml says."""


def site_pages(root: Path) -> dict[str, str]:
    """Every page in Markdown, by its path in the site.

    Those are the pages of docs/, documents of the repository, and three pages for each provider.

    Raises:
        BadInputError: something of a provider cannot be used.
    """
    folder = root / "docs"
    written = {
        file.relative_to(folder).as_posix(): file.read_text(encoding="utf-8")
        for file in sorted(folder.rglob("*.md"))
    }
    rendered = repository_pages(root)
    for name in provider_names(root):
        provider = read_provider(root, name)
        definition = patched_definition(provider)
        rendered[f"providers/{name}.md"] = render_provider_page(provider, definition)
        rendered[f"reference/models/{name}.md"] = render_models_page(provider, definition)
        facade = read_facade(provider.package)
        if facade is not None:
            sent = requests(definition)
            rendered[f"reference/clients/{name}.md"] = render_client_page(provider, facade, sent)
    placed = {
        _REASONS: reasons(root),
        _PYTHONS: ", ".join(pythons(root)),
        _REQUIRED: requirements_table(root),
    }
    return {path: _with(placed, text) for path, text in {**written, **rendered}.items()}


def _with(placed: Mapping[str, str], text: str) -> str:
    for mark, made in placed.items():
        text = text.replace(mark, made)
    return text


def navigation(root: Path, pages: Mapping[str, str]) -> Navigation:
    """The menu.

    Raises:
        ValueError: a page is in no section, so nobody would find it.
    """
    titles = {name: read_provider(root, name).title for name in provider_names(root)}
    made = [
        (f"{kind} of {title}", f"reference/{folder}/{name}.md")
        for kind, folder in (("Client", "clients"), ("Models", "models"))
        for name, title in titles.items()
    ]
    sections = {
        "Guide": SECTIONS["Guide"],
        "Providers": [(title, f"providers/{name}.md") for name, title in titles.items()],
        "Reference": [*SECTIONS["Reference"], *made],
        "Project": SECTIONS["Project"],
    }
    listed = {path for entries in sections.values() for _, path in entries}
    if lost := sorted(pages.keys() - listed):
        raise ValueError(f"in no section of docs_site/pages.py: {', '.join(lost)}")
    return [
        {section: [{title: path} for title, path in entries if path in pages]}
        for section, entries in sections.items()
    ]
