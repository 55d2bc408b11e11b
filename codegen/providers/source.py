"""Taking in a definition from where its provider publishes it: a file, an address, or a page."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from codegen.files.document import read_tolerantly, serialise
from codegen.files.errors import BadInputError, as_bad_input
from codegen.openapi.bundling import bundled, file_beside
from codegen.openapi.definition import require_definition
from codegen.openapi.subset import sliced
from codegen.providers.download import Limits, download, download_if_there, is_address

if TYPE_CHECKING:
    from collections.abc import Sequence

    from codegen.files.document import Document
    from codegen.providers.download import Progress

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_HTML = re.compile(rb"<(!doctype\s+html|html|head|body)\b", re.IGNORECASE)
_LOGIN = re.compile(rb"""type\s*=\s*["']?password|<title>[^<]*(log|sign)[ -]?in""", re.IGNORECASE)
_A_LOGIN = (
    "is a login page (HTML), not a definition; download the definition to a file and name that as "
    "SOURCE"
)
_A_PAGE = (
    "is an HTML page, not a definition; many sites give a page's Markdown, with the definition in "
    "it, at the same address with .md at its end"
)
_START = 4096
_VERSION_MEMBER = re.compile(r"""^[ \t]*(["']?)(openapi|swagger)\1[ \t]*:""", re.MULTILINE)
_VERSION_IN_JSON = re.compile(r'"(openapi|swagger)"\s*:')
_FENCED = re.compile(
    r"^(?P<indent>[ \t]*)(?P<fence>(`|~)\3{2,})[^\n]*\n"
    r"(?P<text>(?s:.*?))(?P<end>^[^\S\n]*(?P=fence)\3*[^\S\n]*$|\Z)",
    re.MULTILINE,
)
"""A block of Markdown; its end is empty when the page was cut short.

Unlike in CommonMark, it may be indented at will, and stand right below a tag: pages of MDX do so.
"""


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
    """Everything that was read: of a page, not only the definition in it; of several files, one
    after another."""
    text: bytes
    """The definition's own text; where it is of several files, that of all as one."""

    @property
    def sha256(self) -> str:
        """Of everything that was read."""
        return hashlib.sha256(self.content).hexdigest()


def read(
    source: str | Path,
    *,
    paths: Sequence[str] = (),
    limits: Limits | None = None,
    progress: Progress | None = None,
) -> Published:
    """Read a definition from a file or an https address.

    It may be OpenAPI 3.0 to 3.2, as JSON, as YAML, or as the one fenced block of a Markdown page
    that holds a definition. Files that it refers to come with it: those in its folder, or at its
    host. Of it remain the ``paths`` that match one of some patterns, as
    :func:`codegen.openapi.subset.sliced` has them; all without any. ``progress`` is told how many
    bytes of a download there are, and of how many if that is known.

    Raises:
        BadInputError: it cannot be read, is too large or takes too long, is no definition, or has
            no path that matches a pattern.
    """
    limits = limits or Limits()
    name: Path | str = source if isinstance(source, str) and is_address(source) else Path(source)
    url = name if isinstance(name, str) else None
    content = _file(name, limits) if isinstance(name, Path) else download(name, limits, progress)
    text = definition_text(content, name)
    published = read_tolerantly(text, name, is_json=text.lstrip()[:1] == b"{")
    contents, until = [content], time.monotonic() + limits.seconds

    def read_beside(location: Path | str) -> bytes | None:
        """What is at a location, in the definition's folder or at its host; None without.

        All of it together may cost what one definition may.
        """
        size, seconds = limits.size - sum(map(len, contents)), until - time.monotonic()
        rest = replace(limits, size=size, seconds=max(seconds, 0.001))
        beside = None
        if isinstance(name, Path):
            file = file_beside(name, location)
            beside = None if file is None else _file(file, rest)
        elif urlsplit(name)[:2] == urlsplit(str(location))[:2]:
            beside = download_if_there(str(location), rest, progress)
        contents.extend([] if beside is None else [beside])
        return beside

    whole = bundled(published, read_beside)
    document = require_definition(whole)
    if whole is not published:
        text = serialise(document.data, as_json=False)
    return Published(
        document=sliced(document, paths),
        url=url,
        date=dt.datetime.now(dt.UTC).date(),
        content=b"".join(contents),
        text=text.lstrip(b"\n"),
    )


def _file(path: Path, limits: Limits) -> bytes:
    with as_bad_input(path), path.open("rb") as file:
        content = file.read(limits.size + 1)
    if len(content) > limits.size:
        raise BadInputError(limits.too_large(), file=path)
    return content


def definition_text(content: bytes, name: Path | str) -> bytes:
    """The JSON or YAML text of the definition in a file or an answer.

    What comes from a page has as many empty lines before it as it takes to keep its line numbers.

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
        raise BadInputError(_A_LOGIN if _LOGIN.search(content) else _A_PAGE, file=name)
    try:
        text = content.decode()
    except UnicodeDecodeError as error:
        raise BadInputError(f"not UTF-8: byte {error.start} cannot be read", file=name) from error
    return _in_text(text, name).encode()


def _in_text(text: str, name: Path | str) -> str:
    version, fence = _VERSION_MEMBER.search(text), _FENCED.search(text)
    # A definition that is YAML names its version outside of any block.
    if version is not None and (fence is None or version.start() < fence.start()):
        return text
    found = [block for block in _FENCED.finditer(text) if _is_definition(_content(block))]
    lines = [text.count("\n", 0, block.start("text")) for block in found]
    if len(found) > 1:
        places = f"{len(found)} definitions, at lines {', '.join(str(line + 1) for line in lines)}"
        raise BadInputError(f"holds {places}; put the one that is meant in a file", file=name)
    if found and not found[0]["end"]:
        message = "the block with the definition has no end; the page was cut short"
        raise BadInputError(message, file=name, line=lines[0])
    if found:
        return "\n" * lines[0] + _content(found[0])
    if version is not None:
        return text
    raise BadInputError(
        "holds no OpenAPI definition: neither is it JSON or YAML with `openapi` at its root, nor "
        "is it a Markdown page with such a block",
        file=name,
    )


def _content(block: re.Match[str]) -> str:
    """The text in a block without the indentation of its fence."""
    return re.sub(rf"^[ \t]{{,{len(block['indent'])}}}", "", block["text"], flags=re.MULTILINE)


def _is_definition(text: str) -> bool:
    is_json = text.lstrip()[:1] == "{"
    return (_VERSION_IN_JSON if is_json else _VERSION_MEMBER).search(text) is not None
