"""What a repository has of a provider, as values in hand: as it is, and as it is to be."""

from __future__ import annotations

import errno
import os
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from codegen.files.errors import BadInputError
from codegen.files.transaction import digests
from codegen.openapi.definition import read_definition
from codegen.providers.patched import Inputs, read_inputs
from codegen.providers.provider import parse_provider

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from codegen.files.document import Document
    from codegen.providers.provider import Provider

_SHARED = ("CHANGELOG.md", "LICENSE", "overlay/README.md", "pyproject.toml")
"""What a distribution holds of the repository, and what tells of it there."""


@dataclass(frozen=True)
class Snapshot:
    """The files that an update reads or changes, and what they say."""

    inputs: Inputs
    in_use: Document | None
    """The patched definition that users have, that of the generated package, if there is one.

    The overlay may have been rewritten for the new definition, and fit the old one no more.
    """
    texts: Mapping[Path, bytes]
    """Of the files that are there."""
    made_from: Mapping[Path, str | None]
    """The digests of the files that are in the repository; None where there is none."""

    @property
    def provider(self) -> Provider:
        """Whose files they are."""
        return self.inputs.provider

    def text(self, path: Path) -> bytes:
        """The text of one of the files.

        Raises:
            BadInputError: it is not there.
        """
        if path not in self.texts:
            raise BadInputError(os.strerror(errno.ENOENT), file=path)
        return self.texts[path]

    def with_texts(self, texts: Mapping[Path, bytes]) -> Snapshot:
        """This snapshot with other texts of some files, of which nothing is read but the provider.

        Raises:
            BadInputError: ``provider.toml`` cannot be used.
        """
        inputs, provider = self.inputs, self.provider
        if (text := texts.get(provider.file)) is not None:
            inputs = replace(inputs, provider=parse_provider(provider.root, provider.name, text))
        return replace(self, inputs=inputs, texts={**self.texts, **texts})

    def below(self, folder: Path) -> dict[str, bytes]:
        """The texts of the files in a folder, by path from there."""
        return {
            path.relative_to(folder).as_posix(): text
            for path, text in self.texts.items()
            if path.is_relative_to(folder)
        }


def read_snapshot(provider: Provider) -> Snapshot:
    """Read what the repository has of a provider.

    Raises:
        BadInputError: a file cannot be used.
        BadInputs: the same, several times.
    """
    specs = sorted(path for path in provider.file.parent.rglob("*") if path.is_file())
    shared = (provider.root / name for name in _SHARED)
    files = [*specs, provider.overlay_path, provider.repairs_path, *shared]
    # Before anything is read: what changes from here on is noticed when the update is written.
    made_from = digests([*files, provider.payloads_path])
    inputs = read_inputs(provider)
    texts = {path: overlay.document.text for path, overlay in inputs.overlays.items()}
    texts[provider.definition_path] = inputs.definition.text
    texts |= {path: path.read_bytes() for path in files if path not in texts and path.is_file()}
    package = provider.generated_path / provider.package / "openapi.json"
    in_use = read_definition(package) if package.exists() else None
    return Snapshot(inputs, in_use, texts, made_from)
