"""Changelogs: what is told under Unreleased becomes the section of a version."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from codegen.files.errors import BadInputError
from codegen.providers.changelog import (
    new_changelog,
    released_versions,
    with_entry,
    with_unreleased,
)

FILE = Path("specs/zudu/CHANGELOG.md")
TODAY = dt.date(2026, 11, 21)
CHANGELOG = """\
# Changelog of callrecords-zudu

## Unreleased

- `Call.cost` may be null.
- A second item,
  on two lines.

## 0.1.0 - 2026-01-02

- Exact types.
"""


def test_a_version_takes_over_what_was_unreleased_and_the_lines_given() -> None:
    written = with_entry(CHANGELOG, "0.2.0", TODAY, ["`Call.id` is gone."], FILE)
    assert (
        written
        == """\
# Changelog of callrecords-zudu

## Unreleased

## 0.2.0 - 2026-11-21

- `Call.cost` may be null.
- A second item,
  on two lines.
- `Call.id` is gone.

## 0.1.0 - 2026-01-02

- Exact types.
"""
    )
    assert released_versions(written) == ["0.2.0", "0.1.0"]


def test_the_next_version_starts_from_nothing() -> None:
    once = with_entry(CHANGELOG, "0.2.0", TODAY, [], FILE)
    twice = with_entry(once, "0.3.0", TODAY, ["More."], FILE)
    assert "## Unreleased\n\n## 0.3.0 - 2026-11-21\n\n- More.\n\n## 0.2.0" in twice


@pytest.mark.parametrize("version", ["0.1.0"])
def test_a_version_has_one_section(version: str) -> None:
    with pytest.raises(BadInputError, match=r"CHANGELOG.md: has a section for 0\.1\.0 already"):
        with_entry(CHANGELOG, version, TODAY, ["More."], FILE)


def test_a_version_of_which_nothing_is_told_is_refused() -> None:
    with pytest.raises(BadInputError, match="tells nothing under `## Unreleased`"):
        with_entry(new_changelog("callrecords-zudu"), "0.1.0", TODAY, [], FILE)


@pytest.mark.parametrize("text", ["", "# Changelog\n", "## unreleased\n"])
def test_a_changelog_without_unreleased_is_refused(text: str) -> None:
    with pytest.raises(BadInputError, match="has no section `## Unreleased`"):
        with_unreleased(text, ["More."], FILE)


def test_items_are_added_under_unreleased_once() -> None:
    once = with_unreleased(CHANGELOG, ["Requires more."], FILE)
    assert once == CHANGELOG.replace("two lines.\n", "two lines.\n- Requires more.\n")
    assert with_unreleased(once, ["Requires more."], FILE) == once


def test_a_new_changelog_can_be_added_to() -> None:
    text = new_changelog("callrecords-zudu", ["Exact types.", "A client."])
    assert (
        text
        == """\
# Changelog of callrecords-zudu

## Unreleased

- Exact types.
- A client.
"""
    )
    empty = new_changelog("callrecords-zudu")
    assert with_unreleased(empty, ["Exact types.", "A client."], FILE) == text


@pytest.mark.parametrize(
    ("heading", "expected"),
    [
        ("## 1.2.0 - 2026-01-01", ["1.2.0"]),
        ("## [1.2.0] - 2026-01-01", ["1.2.0"]),
        ("## 1.2.0", ["1.2.0"]),
        ("### 1.2.0", []),
        ("## Unreleased", []),
    ],
)
def test_released_versions_are_read_from_headings(heading: str, expected: list[str]) -> None:
    assert released_versions(f"# Changelog\n\n{heading}\n\n- More.\n") == expected
