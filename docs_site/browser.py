"""Opens the built site in Chromium, and says what a reader would stumble over.

Part of ``nox -s docs_browser``. Every page is opened at the width of a phone and of a desk, in
light and in dark colours: it must load, ask no other host, fit the width, and say nothing on the
console. Every internal link must lead to a page and a place on it, every picture must be there,
and the search must find what is written.
"""

from __future__ import annotations

import argparse
import contextlib
import functools
import http.server
import re
import sys
import tempfile
import threading
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal
from urllib.parse import urldefrag, urlsplit

from playwright.sync_api import (
    FloatRect,
    TimeoutError,  # noqa: A004 - its name there
    sync_playwright,
)

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    from playwright.sync_api import Browser, ConsoleMessage, Page, Request, Response


@dataclass(frozen=True)
class View:
    """How a page is looked at."""

    device: str
    width: int
    height: int
    colours: Literal["light", "dark"]

    def __str__(self) -> str:
        return f"{self.device}-{self.colours}"


VIEWS = (
    View("phone", 390, 844, "light"),
    View("phone", 390, 844, "dark"),
    View("desk", 1280, 900, "light"),
    View("desk", 1280, 900, "dark"),
)
SEARCHES = {
    "Retry-After": "retries.html",
    "additional_properties": "typing.html",
    "misbehave": "sandbox.html",
    "COMETCHAT_APP_ID": "providers/cometchat.html",
    "with_options": "reference/clients/zudu.html",
}
"""What is searched for, and a page that must be found."""
LONGEST_SCREENSHOT = 12_000
"""In pixels: the references of large clients are too long for a picture."""
BROKEN_WORDS = """
() => {
  const broken = [];
  for (const code of document.querySelectorAll("td code")) {
    const texts = document.createTreeWalker(code, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
      for (const word of texts.currentNode.data.matchAll(/[^\\s-]+/g)) {
        const range = document.createRange();
        range.setStart(texts.currentNode, word.index);
        range.setEnd(texts.currentNode, word.index + word[0].length);
        const lines = new Set([...range.getClientRects()].map(box => box.top));
        if (lines.size > 1) broken.push(word[0]);
      }
    }
  }
  return broken;
}
"""
"""Words of code in tables that go on in the next line; a name may be broken where its words end."""
ARGUMENTS = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@dataclass
class Findings:
    """What is wrong, and what the pages link to."""

    problems: list[str] = field(default_factory=list[str])
    anchors: dict[str, set[str]] = field(default_factory=dict[str, set[str]])
    """The ids on each page, by its address."""
    links: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    """The internal links, each with the pages that have it."""

    def of_links(self) -> Iterator[str]:
        """Links that lead to no page, or to no place on it."""
        for link, pages in sorted(self.links.items()):
            address, anchor = urldefrag(link)
            where = ", ".join(sorted(urlsplit(page).path for page in pages))
            if address not in self.anchors:
                yield f"{where}: no page at {link}"
            elif anchor and anchor not in self.anchors[address]:
                yield f"{where}: no such place: {link}"


def check(site: Path, screenshots: Path, executable: str) -> list[str]:
    """What is wrong with a built site; screenshots of every page are taken."""
    findings = Findings()
    with _served(site) as origin, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=executable,
            args=ARGUMENTS,
            chromium_sandbox=False,  # a container has none to give
        )
        paths = sorted(
            file.relative_to(site).as_posix()
            for file in site.rglob("*.html")
            if file.name != "404.html"
        )
        for view in VIEWS:
            _look_at(browser, origin, paths, view, findings, screenshots)
        _follow_home(findings, origin)
        findings.problems += findings.of_links()
        findings.problems += _search(browser, origin)
        browser.close()
    return findings.problems


def _look_at(  # noqa: PLR0913, PLR0917 - who looks at what, how, and where it goes
    browser: Browser,
    origin: str,
    paths: list[str],
    view: View,
    findings: Findings,
    screenshots: Path,
) -> None:
    context = browser.new_context(
        viewport={"width": view.width, "height": view.height},
        color_scheme=view.colours,
        is_mobile=view.device == "phone",
    )
    page = context.new_page()
    _listen(page, origin, view, findings.problems)
    for path in paths:
        page.goto(f"{origin}/{path}", wait_until="networkidle")
        findings.problems += [f"{path} ({view}): {problem}" for problem in _problems(page, view)]
        _note_links(page, origin, path, findings)
        name = path.removesuffix(".html").replace("/", "-")
        height = page.evaluate("document.documentElement.scrollHeight")
        shown = FloatRect(x=0, y=0, width=view.width, height=min(height, LONGEST_SCREENSHOT))
        page.screenshot(path=screenshots / f"{name}-{view}.png", full_page=True, clip=shown)
    context.close()


def _listen(page: Page, origin: str, view: View, problems: list[str]) -> None:
    def tell(problem: str) -> None:
        problems.append(f"{urlsplit(page.url).path} ({view}): {problem}")

    def on_console(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            tell(f"the console says: {message.text}")

    def on_request(request: Request) -> None:
        if not request.url.startswith((origin, "data:", "blob:")):
            tell(f"asks {request.url}")

    def on_response(response: Response) -> None:
        if response.status >= 400:  # noqa: PLR2004 - the class of errors
            tell(f"{response.status} for {response.url}")

    page.on("console", on_console)
    page.on("pageerror", lambda error: tell(str(error)))
    page.on("request", on_request)
    page.on("response", on_response)


def _problems(page: Page, view: View) -> Iterator[str]:
    width = page.evaluate("document.documentElement.scrollWidth")
    if width > view.width:
        yield f"{width} pixels wide, where {view.width} can be seen"
    broken: list[str] = page.evaluate(
        "[...document.images].filter(it => !it.naturalWidth).map(it => it.src)"
    )
    yield from (f"no picture at {address}" for address in broken)
    yield from (f"breaks {word!r} in mid-word" for word in page.evaluate(BROKEN_WORDS))
    if page.locator("h1").count() != 1:
        yield "not one heading of the first level"


def _note_links(page: Page, origin: str, path: str, findings: Findings) -> None:
    address = f"{origin}/{path}"
    findings.anchors[address] = set(
        page.evaluate("[...document.querySelectorAll('[id]')].map(it => it.id)")
    )
    for link in page.evaluate("[...document.querySelectorAll('a[href]')].map(it => it.href)"):
        if link.startswith(origin):
            findings.links[link].add(address)


def _follow_home(findings: Findings, origin: str) -> None:
    """The site's root is its first page."""
    home = findings.anchors[f"{origin}/index.html"]
    findings.anchors.update({origin: home, f"{origin}/": home})


def _search(browser: Browser, origin: str) -> Iterator[str]:
    for query, expected in SEARCHES.items():
        page = browser.new_page()
        page.goto(f"{origin}/architecture.html", wait_until="networkidle")
        page.keyboard.press("/")
        page.get_by_role("combobox").fill(query)
        results = page.locator("[id$='-results'] a")
        wanted = page.locator(f"[id$='-results'] a[href*='{origin}/{expected}']").first
        try:
            wanted.wait_for(timeout=5000)
        except TimeoutError:
            found = results.evaluate_all("them => them.map(it => it.href)")
            yield f"a search for {query!r} finds {', '.join(found) or 'nothing'}, not {expected}"
        else:
            wanted.click()
            page.wait_for_url(re.compile(re.escape(f"{origin}/{expected}")))
        page.close()


@contextlib.contextmanager
def _served(site: Path) -> Generator[str]:
    handler = functools.partial(_Quiet, directory=str(site))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name there
        """Say nothing."""


def main() -> int:
    """Return 1 when something is wrong."""
    parser = argparse.ArgumentParser(prog="python -m docs_site.browser")
    parser.add_argument("site", type=Path)
    parser.add_argument("--executable", default="/usr/bin/chromium", help="Chromium's")
    parser.add_argument("--screenshots", type=Path, help="a folder; a temporary one without")
    arguments = parser.parse_args()
    screenshots = arguments.screenshots or Path(tempfile.mkdtemp(prefix="callrecords-docs-"))
    screenshots.mkdir(parents=True, exist_ok=True)
    problems = check(arguments.site, screenshots, arguments.executable)
    for problem in problems:
        print(problem, file=sys.stderr)
    print(f"{len(problems) or 'no'} problems; screenshots are in {screenshots}")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
