"""A comparison as one page that needs nothing else: no network, no other file, no server."""

from __future__ import annotations

import base64
import difflib
import hashlib
import re
from pathlib import Path
from typing import TYPE_CHECKING

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from codegen.compare.comparison import Severity
from codegen.compare.report import wording
from codegen.compare.report.wording import sentence, visible

if TYPE_CHECKING:
    from codegen.compare.report.data import Report

_FOLDER = Path(__file__).parent
_MOST_TOKENS = 400
"""Beyond, the two sides are shown without marks: finding them takes time that grows faster."""


def as_html(report: Report) -> str:
    """The report as an HTML page.

    Nothing of a definition becomes markup: every text is escaped, and the page's own policy lets
    a browser run and load nothing but what stands in the template.
    """
    environment = Environment(
        loader=FileSystemLoader(_FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"prose": _prose, "sentence": sentence, "visible": visible}
    style = (_FOLDER / "page.css").read_text("utf-8")
    script = (_FOLDER / "page.js").read_text("utf-8")
    return environment.get_template("page.html.jinja").render(
        report=report,
        comparison=report.comparison,
        counts=wording.counted(report.comparison),
        wording=wording,
        severities=list(Severity),
        marked=_marked,
        summary=wording.summary(report.comparison),
        style=Markup(style),  # noqa: S704 - a file of this folder
        style_hash=_hash(style),
        script=Markup(script),  # noqa: S704 - a file of this folder
        script_hash=_hash(script),
    )


def _hash(text: str) -> str:
    """What a content security policy calls an inline style or script."""
    digest = hashlib.sha256(text.encode()).digest()
    return f"sha256-{base64.b64encode(digest).decode()}"


def _prose(text: str) -> Markup:
    """Words, escaped, in which names in backquotes are code."""
    parts = visible(text).split("`")
    return Markup().join(
        Markup("<code>{}</code>").format(part) if index % 2 else Markup.escape(part)
        for index, part in enumerate(parts)
    )


def _marked(old: str, new: str) -> tuple[Markup, Markup]:
    """Both sides, escaped, with marks on what only one of them has."""
    before, after = _tokens(visible(old)), _tokens(visible(new))
    if not before or not after or max(len(before), len(after)) > _MOST_TOKENS:
        return Markup.escape("".join(before)), Markup.escape("".join(after))
    left: list[Markup] = []
    right: list[Markup] = []
    matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
    for kind, start, end, other_start, other_end in matcher.get_opcodes():
        left.append(_side(before[start:end], "del", is_marked=kind != "equal"))
        right.append(_side(after[other_start:other_end], "ins", is_marked=kind != "equal"))
    return Markup().join(left), Markup().join(right)


def _side(tokens: list[str], tag: str, *, is_marked: bool) -> Markup:
    text = Markup.escape("".join(tokens))
    return Markup("<{0}>{1}</{0}>").format(Markup(tag), text) if is_marked and tokens else text  # noqa: S704 - one of two tags


def _tokens(text: str) -> list[str]:
    return re.findall(r"\w+|\s+|[^\w\s]", text)
