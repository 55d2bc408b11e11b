"""What two packages say that no definition does: names and signatures that templates made.

Griffe finds them. What it finds because a definition has changed is in the list already, with a
better reason, and is not listed twice.
"""

from __future__ import annotations

import logging
import re
from typing import TYPE_CHECKING

import griffe

from codegen.compare.comparison import Change, Severity
from codegen.files.errors import BadInputError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator
    from pathlib import Path

_IGNORED = {
    griffe.BreakageKind.ATTRIBUTE_CHANGED_VALUE,  # a version, a path: neither name nor signature
    griffe.BreakageKind.ATTRIBUTE_CHANGED_TYPE,  # compared in the definitions
    griffe.BreakageKind.RETURN_CHANGED_TYPE,  # the same
}
_WHY = {
    griffe.BreakageKind.OBJECT_REMOVED: "Code that uses it fails.",
    griffe.BreakageKind.CLASS_REMOVED_BASE: "Code that takes it for its old base class fails.",
    griffe.BreakageKind.PARAMETER_ADDED_REQUIRED: "Calls without it fail.",
    griffe.BreakageKind.PARAMETER_CHANGED_REQUIRED: "Calls without it fail.",
    griffe.BreakageKind.PARAMETER_CHANGED_DEFAULT: "Calls without it mean something else.",
}
_WHY_ELSE = "Code that uses it in the old way fails."


def package_changes(
    old: Path, new: Path, package: str, known: Iterable[Change]
) -> Iterator[Change]:
    """The names and signatures that a package has lost, besides what is known.

    Args:
        old: The folder of the package that users have, or of its distribution.
        new: The same of the package that they are to get.
        package: The name that Python imports.
        known: What is listed already.

    Raises:
        BadInputError: one of the folders holds no such package.
    """
    explained = _Explained(
        change.python_name
        for change in known
        if change.severity in {Severity.BREAKING, Severity.SECURITY}
    )
    before, after = _load(old, package), _load(new, package)
    found: dict[str, Change] = {}
    for breakage in griffe.find_breaking_changes(before, after):
        if breakage.kind not in _IGNORED:
            change = _change(breakage, before, package)
            found.setdefault(change.python_name, change)
    itself = _Explained(found)
    for name, change in found.items():
        if not explained.has(name) and not itself.has_above(name):
            yield change


def _load(folder: Path, package: str) -> griffe.Object:
    parent = folder if (folder / package).is_dir() else folder.parent
    if not (parent / package / "__init__.py").is_file():
        message = f"holds no package {package}; expected its folder, or its distribution's"
        raise BadInputError(message, file=folder)
    # Griffe logs what it cannot resolve, such as names of packages that are not loaded.
    logging.getLogger("griffe").setLevel(logging.CRITICAL)
    loaded = griffe.load(package, search_paths=[parent], allow_inspection=False)
    if not isinstance(loaded, griffe.Object):
        raise BadInputError(f"is no package {package}", file=folder)
    return loaded


def _change(breakage: griffe.Breakage, old: griffe.Object, package: str) -> Change:
    parameters = [
        it for it in (breakage.old_value, breakage.new_value) if isinstance(it, griffe.Parameter)
    ]
    name = _user_name(breakage.obj.path, old, package)
    if parameters:
        name = f"{name}({parameters[0].name})"
    shown = name.removeprefix(f"{package}.")
    return Change(
        what=f"{_in_prose(breakage.kind)}: `{shown}`",
        python_name=name,
        pointer="",
        severity=Severity.BREAKING,
        why=_WHY.get(breakage.kind, _WHY_ELSE),
        old=_written(breakage.old_value),
        new=_written(breakage.new_value),
    )


def _in_prose(kind: griffe.BreakageKind) -> str:
    text = str(kind.value).replace("Public object", "name").replace("Parameter", "argument")
    return text[:1].lower() + text[1:]


def _user_name(path: str, old: griffe.Object, package: str) -> str:
    """The name that users know: of a model without its module, of an operation its module."""
    if match := re.fullmatch(rf"{re.escape(package)}\.models\.(\w+)(\..*)?", path):
        rest = match[2]
        if rest and rest[1:2].isupper():
            return f"{package}.models{rest}"
        classes = _classes_of(old, match[1])
        if not rest and len(classes) == 1:
            return f"{package}.models.{classes[0]}"
    if match := re.fullmatch(
        rf"({re.escape(package)}\.api\.\w+\.\w+)\.(sync|asyncio|build_request)(_detailed)?", path
    ):
        return match[1]
    return path


def _classes_of(package: griffe.Object, module: str) -> list[str]:
    try:
        members = package[f"models.{module}"].members
    except KeyError:
        return []
    return [name for name, member in members.items() if not member.is_alias and member.is_class]


class _Explained:
    """The names about which something has been said."""

    def __init__(self, names: Iterable[str]) -> None:
        self._names = frozenset(names)
        self._above = frozenset(above for name in self._names for above in _above(name))

    def has(self, name: str) -> bool:
        """Whether something was said of a name, of what it is in, or of what is in it."""
        return name in self._names or name in self._above or self.has_above(name)

    def has_above(self, name: str) -> bool:
        """Whether something was said of what a name is in."""
        return not self._names.isdisjoint(_above(name))


def _above(name: str) -> Collection[str]:
    """What a name is in, but for the package: of ``p.a.b(c)``, ``p.a.b`` and ``p.a``."""
    parts = re.split(r"[.(]", name)
    return [".".join(parts[:count]) for count in range(2, len(parts))]


def _written(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, griffe.Parameter):
        default = "" if value.default is None else f" = {value.default}"
        annotation = "" if value.annotation is None else f": {value.annotation}"
        return f"{value.name}{annotation}{default}"
    if isinstance(value, griffe.Object | griffe.Alias):
        return f"{value.kind.value} {value.name}"
    return str(value)
