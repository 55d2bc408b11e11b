"""Docstrings as the site shows them: Markdown, where they hold roles of reStructuredText."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import griffe

if TYPE_CHECKING:
    from collections.abc import Iterator

_ROLE = re.compile(r":(?:class|meth|attr|func|mod|exc|data):`(?P<tilde>~?)(?P<target>[\w.]+)`")


class RolesAsMarkdown(griffe.Extension):
    """Turns ``:meth:`record``` into a link, or into code where nothing is documented."""

    def on_package(self, *, pkg: griffe.Module, **kwargs: Any) -> None:  # noqa: ANN401, ARG002
        """Rewrite all docstrings of a package once it is read whole."""
        public = dict(_public_paths(pkg))
        for documented in _documented(pkg):
            assert documented.docstring is not None  # noqa: S101 - by _documented
            documented.docstring.value = _markdown(documented, documented.docstring.value, public)


def _public_paths(package: griffe.Module) -> Iterator[tuple[str, str]]:
    """Where something is defined, and under which name the reference has it."""
    for name in package.exports or ():
        # What comes from another package by a star is not there yet.
        member = package.members.get(str(name))
        if isinstance(member, griffe.Alias) and member.resolved:
            yield member.target_path, member.path


def _documented(parent: griffe.Object) -> Iterator[griffe.Object]:
    if parent.docstring is not None:
        yield parent
    for member in parent.members.values():
        if isinstance(member, griffe.Object):
            yield from _documented(member)


def _markdown(documented: griffe.Object, text: str, public: dict[str, str]) -> str:
    def shown(match: re.Match[str]) -> str:
        target = match["target"]
        label = target.rpartition(".")[2] if match["tilde"] else target
        path = _public_path(documented, target, public)
        return f"`{label}`" if path is None else f"[`{label}`][{path}]"

    # A colon that is doubled announces a block of code, which Markdown takes from the indent.
    return re.sub(r"::$", ":", _ROLE.sub(shown, text), flags=re.MULTILINE)


def _public_path(documented: griffe.Object, target: str, public: dict[str, str]) -> str | None:
    first, dot, rest = target.partition(".")
    try:
        is_absolute = first == documented.package.name
        path = target if is_absolute else documented.resolve(first) + dot + rest
    except griffe.NameResolutionError:
        return None
    for defined, shown in public.items():
        if is_absolute and (path == shown or path.startswith(f"{shown}.")):
            return path
        if path == defined or path.startswith(f"{defined}."):
            return shown + path.removeprefix(defined)
    return None
