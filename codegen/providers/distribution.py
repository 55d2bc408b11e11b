"""The distributions of the repository: one per provider, and the facade that requires them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from codegen.files.errors import BadInputError
from codegen.providers.provider import provider_names, read_provider
from codegen.providers.versions import version_in_python

if TYPE_CHECKING:
    from pathlib import Path

FACADE = "callrecords"


@dataclass(frozen=True)
class Distribution:
    """What is built and published as one."""

    name: str
    """What pip installs."""
    package: str
    """What Python imports."""
    version: str
    versioned_in: Path
    """The only file that its version is written in by a person."""
    changelog: Path
    folder: Path
    """The folder of its ``pyproject.toml``."""
    provider: str | None
    """Whom it is generated for; nobody for the facade."""

    @property
    def tag(self) -> str:
        """The git tag of this version: ``callrecords-zudu-v1.2.0``."""
        return f"{self.name}-v{self.version}"

    @property
    def sources(self) -> Path:
        """The folder of its Python package."""
        return (self.folder if self.provider else self.folder / "src") / self.package


def read_distributions(root: Path) -> list[Distribution]:
    """The distributions of the repository at ``root``, in the order in which they are published.

    The facade is the last, for it requires the others.

    Raises:
        BadInputError: a ``provider.toml`` cannot be used, or the facade's version is not found.
    """
    return [*(_generated(root, name) for name in provider_names(root)), _facade(root)]


def read_distribution(root: Path, name: str) -> Distribution:
    """The distribution of the repository at ``root`` that pip knows by ``name``.

    Raises:
        BadInputError: there is none, or as :func:`read_distributions`.
    """
    distributions = {it.name: it for it in read_distributions(root)}
    if name not in distributions:
        message = f"there is no distribution {name!r}; there are {', '.join(distributions)}"
        raise BadInputError(message, file=root)
    return distributions[name]


def _generated(root: Path, name: str) -> Distribution:
    provider = read_provider(root, name)
    return Distribution(
        name=provider.distribution,
        package=provider.package,
        version=provider.version,
        versioned_in=provider.file,
        changelog=provider.changelog_path,
        folder=provider.generated_path,
        provider=name,
    )


def _facade(root: Path) -> Distribution:
    module = root / "src" / FACADE / "__init__.py"
    try:
        version = version_in_python(module.read_bytes(), module)
    except OSError as error:
        raise BadInputError(error.strerror or str(error), file=module) from error
    return Distribution(
        name=FACADE,
        package=FACADE,
        version=version,
        versioned_in=module,
        changelog=root / "CHANGELOG.md",
        folder=root,
        provider=None,
    )
