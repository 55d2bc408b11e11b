"""The tools that must have one exact version, because another writes other bytes."""

from __future__ import annotations

import functools
import tomllib
from importlib import metadata
from pathlib import Path

from codegen.files.errors import BadInputError

_PYPROJECT = Path(__file__).parents[2] / "pyproject.toml"


def require_pinned(tool: str) -> None:
    """See that an installed tool has the version pinned in pyproject.toml.

    Raises:
        BadInputError: it has another version or is not installed.
    """
    pinned = _pinned_versions()[tool]
    try:
        installed = metadata.version(tool)
    except metadata.PackageNotFoundError:
        installed = "not installed"
    if installed != pinned:
        message = (
            f"{tool} is pinned to {pinned}, but here it is {installed};"
            f" run `pip install {tool}=={pinned}`"
        )
        raise BadInputError(message, file=_PYPROJECT)


@functools.cache
def _pinned_versions() -> dict[str, str]:
    groups = tomllib.loads(_PYPROJECT.read_text("utf-8"))["dependency-groups"]
    requirements = [entry for entry in groups["codegen"] if "==" in entry]
    return dict(requirement.split("==") for requirement in requirements)
