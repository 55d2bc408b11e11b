"""Documents of the repository as pages of the site."""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING, Any
from urllib.parse import urldefrag

from packaging.requirements import Requirement

from docs_site.markdown import code, table

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

PAGES: Mapping[str, str] = {
    "CHANGELOG.md": "changelog.md",
    "benchmarks/CORPUS.md": "corpus.md",
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


def pythons(root: Path) -> list[str]:
    """The versions of Python that are claimed."""
    classifiers: list[str] = _project(root)["classifiers"]
    found = (
        re.fullmatch(r"Programming Language :: Python :: (3\.\d+)", one) for one in classifiers
    )
    return [match[1] for match in found if match]


def requirements_table(root: Path) -> str:
    """What users of the facade and its extras install besides ours, with admitted versions."""
    facade, runtime = _project(root), _project(root / "runtime")
    wanted: dict[str, list[str]] = {
        "every client": [*runtime["dependencies"], *facade["dependencies"]],
        **{
            f"the extra `{extra}`": requirements
            for extra, requirements in facade["optional-dependencies"].items()
        },
    }
    rows = {
        (code(parsed.name), code(",".join(sorted(map(str, parsed.specifier), reverse=True))), who)
        for who, requirements in wanted.items()
        for parsed in map(Requirement, requirements)
        if not parsed.name.startswith("callrecords-")
    }
    return table(("package", "versions", "for"), sorted(rows, key=lambda row: (row[2], row[0])))


def _project(folder: Path) -> dict[str, Any]:
    project: dict[str, Any] = tomllib.loads((folder / "pyproject.toml").read_text("utf-8"))
    described: dict[str, Any] = project["project"]
    return described


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
