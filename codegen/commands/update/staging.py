"""A copy of what a repository has of one provider, in which everything can be tried."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from codegen.files.errors import BadInputError, BadInputs
from codegen.files.tree import digest
from codegen.providers.provider import Provider, read_provider

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping

_OF_THE_FACADE = ("LICENSE", "pyproject.toml", "CHANGELOG.md", "src/callrecords/__init__.py")
"""What a generated distribution needs, and what changes with its version."""


@dataclass(frozen=True)
class Staging:
    """The copy, and what was put into it since."""

    original: Provider
    root: Path
    digests: dict[Path, str | None] = field(default_factory=dict[Path, "str | None"])
    """What the files of the repository held when they were copied; None: there was none."""

    def copy(self, path: Path) -> None:
        """Take a file, or all files of a folder, of the repository into the copy."""
        files = [path] if path.is_file() else sorted(it for it in path.rglob("*") if it.is_file())
        for file in files:
            target = self.staged(file)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, target)
            self.digests[file] = digest(target)

    @property
    def provider(self) -> Provider:
        """The provider as the copy has it now.

        Raises:
            BadInputError: its ``provider.toml`` cannot be used.
        """
        return read_provider(self.root, self.original.name)

    def staged(self, path: Path) -> Path:
        """Where the copy has what the repository has at ``path``."""
        return self.root / path.relative_to(self.original.root)

    def put(self, path: Path, content: bytes) -> None:
        """Write what is to be the new content of ``path`` in the repository."""
        self.digests.setdefault(path, digest(path))
        staged = self.staged(path)
        staged.parent.mkdir(parents=True, exist_ok=True)
        staged.write_bytes(content)

    def put_all(self, files: Mapping[Path, bytes]) -> None:
        """Write what was made from the copy, by paths in the copy."""
        for path, content in files.items():
            path.write_bytes(content)

    def changed(self) -> dict[str, Path]:
        """The files of the copy that are not as they were copied, by path from the root."""
        files = (path for path in sorted(self.root.rglob("*")) if path.is_file())
        named = {path.relative_to(self.root).as_posix(): path for path in files}
        return {
            name: path
            for name, path in named.items()
            if not name.startswith("generated/")
            and self.digests.get(self.original.root / name) != digest(path)
        }

    @contextlib.contextmanager
    def naming_originals(self) -> Generator[None]:
        """Within it, an error about a file of the copy names that of the repository."""
        try:
            yield
        except BadInputError as error:
            raise self._renamed(error) from error
        except BadInputs as error:
            raise BadInputs([self._renamed(problem) for problem in error.problems]) from error

    def _renamed(self, error: BadInputError) -> BadInputError:
        return BadInputError(
            error.message, file=self.name(error.file), pointer=error.pointer, line=error.line
        )

    def name(self, file: Path | str) -> Path | str:
        """The file of the repository that a file of the copy stands for."""
        path = Path(file)
        if not path.is_relative_to(self.root):
            return file
        return self.original.root / path.relative_to(self.root)


@contextlib.contextmanager
def staging(provider: Provider) -> Generator[Staging]:
    """A copy of a provider's files and of what its distribution needs; it is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="codegen-update-") as folder:
        stage = Staging(provider, Path(folder).resolve())
        stage.copy(provider.definition_path.parent)
        stage.copy(provider.overlay_path)
        for name in _OF_THE_FACADE:
            stage.copy(provider.root / name)
        yield stage
