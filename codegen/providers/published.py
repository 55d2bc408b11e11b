"""A definition as its provider publishes it."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from codegen.files.document import Document, parse
from codegen.files.errors import BadInputError
from codegen.openapi.definition import require_definition
from codegen.openapi.subset import sliced
from codegen.providers.download import Limits, download, is_address
from codegen.providers.markup import definition_text

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


@dataclass(frozen=True)
class Published:
    """A definition, and the text it was read from."""

    document: Document
    """The definition, or the part that was asked for; errors about it name lines of the source."""
    url: str | None
    """The address it was read from; None for a file."""
    date: dt.date
    """The day it was read, in UTC."""
    content: bytes
    """Everything that was read: of a page, not only the definition in it."""
    text: bytes
    """The definition's own text."""

    @property
    def sha256(self) -> str:
        """Of everything that was read."""
        return hashlib.sha256(self.content).hexdigest()


def read(
    source: str | Path,
    *,
    paths: Sequence[str] = (),
    limits: Limits | None = None,
    progress: Callable[[int, int | None], None] | None = None,
) -> Published:
    """Read a definition from a file or an https address.

    It may be OpenAPI 3.0 or 3.1, as JSON, as YAML, or as the one fenced block of a Markdown page
    that holds a definition.

    Args:
        source: A path, or an address; plain http only of this machine.
        paths: Patterns as :func:`codegen.openapi.subset.sliced` has them; without any, all paths.
        limits: What is too large, too slow or too far away.
        progress: Is told how many bytes of a download there are, and of how many if that is known.

    Raises:
        BadInputError: it cannot be read, is too large or takes too long, is no definition, or has
            no path that matches a pattern.
    """
    limits = limits or Limits()
    name: Path | str = source if isinstance(source, str) and is_address(source) else Path(source)
    url = name if isinstance(name, str) else None
    content = _file(name, limits) if isinstance(name, Path) else download(name, limits, progress)
    text = definition_text(content, name)
    data = parse(text, name, is_json=text.lstrip()[:1] == b"{")
    document = require_definition(Document(name, text, data))
    return Published(
        document=sliced(document, paths),
        url=url,
        date=dt.datetime.now(dt.UTC).date(),
        content=content,
        text=text.lstrip(b"\n"),
    )


def _file(path: Path, limits: Limits) -> bytes:
    try:
        with path.open("rb") as file:
            content = file.read(limits.size + 1)
    except OSError as error:
        raise BadInputError(error.strerror or str(error), file=path) from error
    if len(content) > limits.size:
        raise BadInputError(limits.too_large(), file=path)
    return content
