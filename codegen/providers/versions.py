"""What ``provider.toml`` and ``pyproject.toml`` say of versions, and writing the next one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal, TypeAlias, cast, get_args

import tomlkit
from packaging.requirements import Requirement
from packaging.version import Version
from tomlkit.exceptions import TOMLKitError

from codegen.files.errors import BadInputError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tomlkit.items import Array, Table

Part: TypeAlias = Literal["major", "minor", "patch"]
PARTS: tuple[Part, ...] = get_args(Part)

_IN_PYTHON = re.compile(r'^(__version__ = ")([^"\n]*)("$)', re.MULTILINE)


def bumped(version: str, part: Part) -> str:
    """The version after ``version`` when one of its parts goes up.

    What comes before a final version leads to it: ``1.2.0rc1`` with ``minor`` is ``1.2.0``, as
    npm and Poetry have it. Below 1.0 it is ``minor`` that announces a break: :func:`compatible`
    and pip users' ranges count on it.

    Args:
        version: A version of PEP 440, such as ``1.2.0``.
        part: What goes up; the parts after it become 0.
    """
    old = Version(version)
    release = [*old.release, 0, 0][:3]
    place = PARTS.index(part)
    if not (old.is_prerelease and not any(release[place + 1 :])):
        release[place] += 1
    return ".".join(map(str, [*release[: place + 1], 0, 0][:3]))


def compatible(version: str) -> str:
    """The range of versions that replace ``version`` without a break: ``>=0.1,<0.2``.

    Below 1.0 the second number announces a break, from then on the first. A version that is
    not final is named in full, for no range without it would admit it.
    """
    this = Version(version)
    lowest = f"{this.major}.{this.minor}" if not (this.is_prerelease or this.micro) else version
    too_high = f"{this.major + 1}" if this.major else f"0.{this.minor + 1}"
    return f">={lowest},<{too_high}"


def with_version(text: bytes, version: str, file: Path) -> bytes:
    """The text of a ``provider.toml`` with another version, every other byte as it was.

    Raises:
        BadInputError: it does not parse, or has no ``version`` in ``[distribution]``.
    """
    document = _parsed(text, file)
    table = _plain(document).get("distribution")
    if not isinstance(table, dict) or "version" not in table:
        raise BadInputError("is missing", file=file, pointer="/distribution/version")
    cast("Table", table)["version"] = version
    return tomlkit.dumps(document).encode()


def version_in_python(text: bytes, file: Path) -> str:
    """The value of ``__version__`` in the text of a Python module.

    Raises:
        BadInputError: no single line assigns it.
    """
    found = _IN_PYTHON.findall(text.decode())
    if len(found) != 1:
        message = f'{len(found)} lines assign __version__; expected one, `__version__ = "1.2.0"`'
        raise BadInputError(message, file=file)
    return str(found[0][1])


def with_version_in_python(text: bytes, version: str, file: Path) -> bytes:
    """The text of a Python module with another ``__version__``.

    Raises:
        BadInputError: no single line assigns it.
    """
    version_in_python(text, file)
    return _IN_PYTHON.sub(rf"\g<1>{version}\g<3>", text.decode()).encode()


def pins(text: bytes, file: Path) -> dict[str, Requirement]:
    """What the text of a ``pyproject.toml`` requires at run time, by the name it requires.

    Raises:
        BadInputError: it does not parse.
    """
    listed = (Requirement(str(entry)) for _, entry in _dependencies(_parsed(text, file)))
    return {requirement.name: requirement for requirement in listed}


def repository_url(text: bytes, file: Path) -> str | None:
    """The public address of the repository, where the text of a ``pyproject.toml`` has one.

    Raises:
        BadInputError: it does not parse.
    """
    project = cast("dict[str, dict[str, str]]", _plain(_parsed(text, file)).get("project", {}))
    address = project.get("urls", {}).get("Repository")
    return None if address is None else str(address).rstrip("/")


def with_pin_admitting(text: bytes, distribution: str, version: str, file: Path) -> bytes:
    """The text of a ``pyproject.toml`` whose dependencies admit a version of a distribution.

    A range that admits it stays as it is, and a distribution that is not required stays so; a
    range that does not becomes :func:`compatible` with it. Comments stay.

    Raises:
        BadInputError: it does not parse.
    """
    document = _parsed(text, file)
    for index, entry in list(_dependencies(document)):
        requirement = Requirement(entry)
        admitted = requirement.specifier.contains(version, prereleases=True)
        if requirement.name == distribution and not admitted:
            dependencies = cast("Array", cast("Table", document["project"])["dependencies"])
            dependencies[index] = f"{distribution}{compatible(version)}"
    return tomlkit.dumps(document).encode()


def _dependencies(document: tomlkit.TOMLDocument) -> Iterator[tuple[int, str]]:
    project = cast("dict[str, object]", _plain(document).get("project", {}))
    dependencies = cast("list[object]", project.get("dependencies", []))
    return ((index, str(entry)) for index, entry in enumerate(dependencies))


def _plain(document: tomlkit.TOMLDocument) -> dict[str, object]:
    return cast("dict[str, object]", document)  # which it is, without saying of what


def _parsed(text: bytes, file: Path) -> tomlkit.TOMLDocument:
    try:
        return tomlkit.parse(text.decode())
    except (TOMLKitError, UnicodeDecodeError) as error:
        raise BadInputError(str(error), file=file) from error
