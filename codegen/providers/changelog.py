"""Changelogs as https://keepachangelog.com has them: ``Unreleased``, then a section a version."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from codegen.files.errors import BadInputError

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence
    from pathlib import Path

_UNRELEASED = "## Unreleased"
_RELEASED = re.compile(r"^## \[?(?P<version>\d[^\s\]]*)\]?( |$)", re.MULTILINE)
_SECTION = re.compile(r"^## .*$", re.MULTILINE)


def new_changelog(distribution: str, lines: Sequence[str] = ()) -> str:
    """The text of a changelog that has no version yet.

    Args:
        distribution: Whose changelog it is, such as ``callrecords-zudu``.
        lines: What is told of the first version, one item each and without a dash.
    """
    empty = f"# Changelog of {distribution}\n\n{_UNRELEASED}\n"
    return empty + "".join(f"\n{item}" if not i else item for i, item in enumerate(_items(lines)))


def with_unreleased(text: str, lines: Sequence[str], file: Path) -> str:
    """The text of a changelog with items more under Unreleased, the last ones there.

    Args:
        text: The changelog.
        lines: What is told, one item each and without a dash; what is told already is left out.
        file: Named in errors.

    Raises:
        BadInputError: it has no section Unreleased.
    """
    before, told, after = _split(text, file)
    return _joined(before, [_with_items(told, lines)], after)


def with_unreleased_body(text: str, body: str, file: Path) -> str:
    """The text of a changelog with Markdown of any form after what stands under Unreleased.

    Raises:
        BadInputError: it has no section Unreleased.
    """
    before, told, after = _split(text, file)
    return _joined(before, ["\n\n".join(part for part in (told, body.strip("\n")) if part)], after)


def with_entry(text: str, version: str, date: dt.date, lines: Sequence[str], file: Path) -> str:
    """The text of a changelog with a section for a version, made of Unreleased and ``lines``.

    Args:
        text: The changelog.
        version: The version that is about to be published.
        date: The day.
        lines: What is told besides that under Unreleased, one item each and without a dash.
        file: Named in errors.

    Raises:
        BadInputError: it has no section Unreleased, or has one for that version; or nothing is
            told of it.
    """
    if version in released_versions(text):
        raise BadInputError(f"has a section for {version} already", file=file)
    before, told, after = _split(text, file)
    told = _with_items(told, lines)
    if not told:
        message = f"tells nothing under `{_UNRELEASED}`; write there what users will notice"
        raise BadInputError(message, file=file)
    return _joined(before, ["", f"## {version} - {date.isoformat()}\n\n{told}"], after)


def released_versions(text: str) -> list[str]:
    """The versions that a changelog has a section for, as they stand there: the newest first."""
    return [match["version"] for match in _RELEASED.finditer(text)]


def _split(text: str, file: Path) -> tuple[str, str, str]:
    """What stands before the content of Unreleased, that content, and what follows."""
    sections = list(_SECTION.finditer(text))
    place = next((i for i, it in enumerate(sections) if it[0].rstrip() == _UNRELEASED), None)
    if place is None:
        raise BadInputError(f"has no section `{_UNRELEASED}`", file=file)
    start = sections[place].end()
    end = sections[place + 1].start() if place + 1 < len(sections) else len(text)
    return text[:start], text[start:end].strip("\n"), text[end:]


def _joined(before: str, sections: list[str], after: str) -> str:
    middle = "".join(f"\n{section}\n" for section in sections if section)
    return f"{before}\n{middle}" + (f"\n{after}" if after else "")


def _with_items(told: str, lines: Sequence[str]) -> str:
    present = set(told.splitlines())
    more = [item for item in _items(lines) if item.rstrip("\n") not in present]
    return "\n".join([*([told] if told else []), "".join(more).rstrip("\n")]).strip("\n")


def _items(lines: Sequence[str]) -> list[str]:
    return [f"- {line}\n" for line in lines]
