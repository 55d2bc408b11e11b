"""The files in a wheel or a source distribution."""

from __future__ import annotations

import tarfile
import zipfile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from codegen.providers.releases import Distribution


def wheel_name(distribution: Distribution) -> str:
    """The file name of a distribution's wheel."""
    return f"{_escaped(distribution)}-{distribution.version}-py3-none-any.whl"


def sdist_name(distribution: Distribution) -> str:
    """The file name of a distribution's source distribution."""
    return f"{_escaped(distribution)}-{distribution.version}.tar.gz"


def read_wheel(path: Path) -> dict[str, bytes]:
    """The content of every file in a wheel, by its name there."""
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def read_sdist(path: Path) -> dict[str, bytes]:
    """The content of every file in a source distribution, by its name below the first folder."""
    files: dict[str, bytes] = {}
    with tarfile.open(path) as archive:
        for member in archive:
            content = archive.extractfile(member)
            if content is not None:
                files[member.name.partition("/")[2]] = content.read()
    return files


def unpack_sdist(path: Path, folder: Path) -> Path:
    """Unpack a source distribution below ``folder``; return the folder that it brought."""
    with tarfile.open(path) as archive:
        archive.extractall(folder, filter="data")
    return folder / path.name.removesuffix(".tar.gz")


def _escaped(distribution: Distribution) -> str:
    return distribution.name.replace("-", "_")
