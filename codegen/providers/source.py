"""Taking in a definition from where its provider publishes it: a file, an address, or a page."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from codegen.files.document import Document, parse
from codegen.files.errors import BadInputError
from codegen.openapi.definition import require_definition
from codegen.openapi.subset import sliced
from codegen.providers.download import Limits, download, is_address

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence


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


_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_HTML = re.compile(rb"<(!doctype\s+html|html|head|body)\b", re.IGNORECASE)
_LOGIN = re.compile(rb"""type\s*=\s*["']?password|<title>[^<]*(log|sign)[ -]?in""", re.IGNORECASE)
_START = 4096
_FENCE = re.compile(r"(?P<indent>[ \t]*)(?P<fence>`{3,}|~{3,})(?P<info>.*)")
_VERSION_MEMBER = re.compile(r"""^(["']?)(openapi|swagger)\1[ \t]*:""", re.MULTILINE)
_VERSION_IN_JSON = re.compile(r'"(openapi|swagger)"\s*:')


@dataclass(frozen=True)
class _Block:
    """One fenced block of a page."""

    line: int
    """Of its first line after the fence, from 0."""
    text: str
    is_closed: bool

    @property
    def is_definition(self) -> bool:
        start = self.text.lstrip()[:1]
        pattern = _VERSION_IN_JSON if start == "{" else _VERSION_MEMBER
        return pattern.search(self.text) is not None


def definition_text(content: bytes, name: Path | str) -> bytes:
    """The JSON or YAML text of the definition in a file or an answer.

    What comes from a page has as many empty lines before it as it takes to keep its line numbers.

    Args:
        content: What was read.
        name: Where from; named in errors.

    Raises:
        BadInputError: there is no definition in it, or several.
    """
    content = content.removeprefix(_BYTE_ORDER_MARK)
    start = content[:_START].lstrip()
    if not start:
        raise BadInputError("is empty; expected an OpenAPI definition", file=name)
    if start[:1] == b"{":
        return content
    if start[:1] == b"<" and _HTML.search(start):
        raise BadInputError(_about_html(content), file=name)
    try:
        text = content.decode()
    except UnicodeDecodeError as error:
        raise BadInputError(f"not UTF-8: byte {error.start} cannot be read", file=name) from error
    return _in_text(text, name).encode()


def _about_html(content: bytes) -> str:
    if _LOGIN.search(content):
        return (
            "is a login page (HTML), not a definition; download the definition to a file and name "
            "that as SOURCE"
        )
    return (
        "is an HTML page, not a definition; many sites give a page's Markdown, with the definition "
        "in it, at the same address with .md at its end"
    )


def _in_text(text: str, name: Path | str) -> str:
    # A definition that is YAML names its version outside of any block.
    first_fence = re.search(r"^[ \t]*(`{3,}|~{3,})", text, re.MULTILINE)
    version = _VERSION_MEMBER.search(text)
    if version is not None and (first_fence is None or version.start() < first_fence.start()):
        return text
    found = [block for block in _blocks(text) if block.is_definition]
    if len(found) == 1 and not found[0].is_closed:
        message = "the block with the definition has no end; the page was cut short"
        raise BadInputError(message, file=name, line=found[0].line)
    if len(found) == 1:
        return "\n" * found[0].line + found[0].text
    if found:
        lines = ", ".join(str(block.line + 1) for block in found)
        message = (
            f"holds {len(found)} definitions, at lines {lines}; put the one that is meant in a file"
        )
        raise BadInputError(message, file=name)
    if version is not None:
        return text
    raise BadInputError(
        "holds no OpenAPI definition: neither is it JSON or YAML with `openapi` at its root, nor "
        "is it a Markdown page with such a block",
        file=name,
    )


def _blocks(text: str) -> Iterator[_Block]:
    """The fenced blocks of a Markdown text, without the indentation of their fences."""
    # Not splitlines, for which a form feed ends a line too.
    lines = list(io.StringIO(text, newline="\n"))
    number = 0
    while number < len(lines):
        opening = _FENCE.match(lines[number])
        number += 1
        if opening is None:
            continue
        start = number
        while number < len(lines) and not _closes(lines[number], opening["fence"]):
            number += 1
        indent = len(opening["indent"])
        inside = (_without_indent(line, indent) for line in lines[start:number])
        yield _Block(start, "".join(inside), is_closed=number < len(lines))
        number += 1


def _closes(line: str, fence: str) -> bool:
    stripped = line.strip()
    return len(stripped) >= len(fence) and not stripped.strip(fence[0])


def _without_indent(line: str, most: int) -> str:
    indent = len(line) - len(line.lstrip(" \t"))
    return line[min(indent, most) :]
