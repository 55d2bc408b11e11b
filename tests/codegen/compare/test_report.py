"""A comparison in a terminal, as JSON and as a page, whatever a definition says."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from html.parser import HTMLParser

import pytest

from codegen.compare import Change, Comparison, Severity
from codegen.compare.report import Report, as_data, as_html, as_json, as_text

HOSTILE = "</script><script>alert('1')</script><img src=x onerror=alert(2)>\x1b[31m\u202e{{ 7*7 }}`"
CHANGES = (
    Change(
        "server-host-changed",
        "requests go to another host",
        "p.Client",
        "/servers",
        Severity.SECURITY,
        "Look at it.",
        "- url: https://a.example",
        "- url: https://b.example",
    ),
    Change(
        "attribute-type-changed", "`Call.id` has another type", "p.models.Call.id",
        "/components/schemas/Call/properties/id",
        Severity.BREAKING, "Code that reads it meets `int`.", "id: str", "id: int",
    ),
    Change("attribute-added", "`Call.mood` is new", "p.models.Call.mood", "/x", Severity.ADDITIVE,
           "More.", new="mood"),
)  # fmt: skip
NAMES = {"title": "Calls", "old_version": "0.1.0", "new_version": "0.2.0"}
FORMS = {"text": as_text, "json": lambda report: as_json(as_data(report)), "html": as_html}


def hostile() -> Comparison:
    sides = HOSTILE, HOSTILE + "\n2"
    change = Change("it", HOSTILE, HOSTILE, HOSTILE, Severity.BREAKING, HOSTILE, *sides)
    return Comparison((change,), (HOSTILE,))


class Page(HTMLParser):
    """The tags of a page with their attributes, and its text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words += data

    def named(self, name: str) -> list[dict[str, str | None]]:
        return [attributes for tag, attributes in self.tags if tag == name]


def test_text_has_the_gravest_first_and_no_colour() -> None:
    assert (
        as_text(Report(Comparison(CHANGES), **NAMES))
        == """\
Calls  0.1.0 → 0.2.0
3 changes: 1 security, 1 breaking, 1 additive.

Security  moves where requests or credentials go

  Requests go to another host.
  Look at it.
  p.Client  /servers  server-host-changed
  - - url: https://a.example
  + - url: https://b.example

Breaking  may break a program that is right today

  Call.id has another type.
  Code that reads it meets int.
  p.models.Call.id  /components/schemas/Call/properties/id  attribute-type-changed
  - id: str
  + id: int

Additive  every program goes on as it was

  Call.mood is new.
  More.
  p.models.Call.mood  /x  attribute-added
  + mood
"""
    )


def test_long_lines_stay_whole_in_a_pipe() -> None:
    change = Change("it", "x " * 300, "p", "/y", Severity.DOCS, "So.")
    assert "X" + " x" * 299 in as_text(Report(Comparison((change,)), **NAMES))


@pytest.mark.parametrize("form", FORMS)
def test_nothing_is_a_report_too(form: str) -> None:
    report = FORMS[form](Report(Comparison(()), **NAMES))
    assert ('"changes": []' if form == "json" else "Nothing changes for users.") in report


def test_json_has_every_member_of_every_change() -> None:
    data = json.loads(as_json(as_data(Report(Comparison(CHANGES, ("/z: why",)), **NAMES))))
    assert data["counts"] == {"security": 1, "breaking": 1, "additive": 1, "docs": 0}
    assert data["not_compared"] == ["/z: why"]
    assert {key: data[key] for key in NAMES} == NAMES
    assert data["changes"][1] == {
        "id": "attribute-type-changed",
        "what": "`Call.id` has another type",
        "python_name": "p.models.Call.id",
        "pointer": "/components/schemas/Call/properties/id",
        "severity": "breaking",
        "why": "Code that reads it meets `int`.",
        "old": "id: str",
        "new": "id: int",
    }


def test_a_page_shows_every_change_with_both_sides() -> None:
    page = Page(as_html(Report(Comparison(CHANGES), **NAMES)))
    assert [article["data-severity"] for article in page.named("article")] == [
        "security",
        "breaking",
        "additive",
    ]
    assert "id: str" in page.words
    assert "id: int" in page.words
    assert len(page.named("pre")) == 5
    for change in CHANGES:
        assert change.id in page.words


def test_a_page_marks_what_differs() -> None:
    html = as_html(Report(Comparison(CHANGES), **NAMES))
    assert "id: <del>str</del>" in html
    assert "id: <ins>int</ins>" in html


def test_a_long_text_is_shown_without_marks() -> None:
    change = Change("it", "it", "p", "/y", Severity.DOCS, "So.", "a " * 5000, "b " * 5000)
    assert "<del>" not in as_html(Report(Comparison((change,)), **NAMES))


def test_a_page_needs_nothing_else_and_its_policy_allows_nothing_else() -> None:
    html = as_html(Report(Comparison(CHANGES), **NAMES))
    page = Page(html)
    assert not [tag for tag, attributes in page.tags if {"src", "href"} & attributes.keys()]
    assert not re.search(r"url\(|@import|fetch\(|XMLHttpRequest", html)
    [policy] = [meta["content"] for meta in page.named("meta") if "http-equiv" in meta]
    assert policy is not None
    assert policy.startswith("default-src 'none'; ")
    for tag in ("style", "script"):
        [inline] = re.findall(rf"<{tag}>(.*?)</{tag}>", html, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(inline.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy


def test_a_page_can_be_filtered_and_says_so_to_everybody() -> None:
    page = Page(as_html(Report(Comparison(CHANGES), **NAMES)))
    boxes = {box["value"]: box for box in page.named("input") if box["type"] == "checkbox"}
    assert list(boxes) == [severity.value for severity in Severity]
    assert "disabled" in boxes["docs"]
    assert "disabled" not in boxes["breaking"]
    assert page.named("output")[0]["aria-live"] == "polite"
    assert page.named("html")[0]["lang"] == "en"
    assert any(meta.get("name") == "viewport" for meta in page.named("meta"))


def test_what_a_definition_says_is_no_markup() -> None:
    names = dict.fromkeys(NAMES, HOSTILE)
    page = Page(as_html(Report(hostile(), **names)))
    assert len(page.named("script")) == 1
    assert not page.named("img")
    assert "{{ 7*7 }}" in page.words


@pytest.mark.parametrize("form", ["text", "html"])
def test_what_a_definition_says_moves_no_cursor_and_turns_no_text(form: str) -> None:
    report = FORMS[form](Report(hostile(), **dict.fromkeys(NAMES, HOSTILE)))
    assert "\x1b" not in report
    assert "\u202e" not in report
    assert r"\u001b[31m\u202e" in report


def test_what_cannot_be_compared_is_named() -> None:
    comparison = Comparison((), ("/paths/~1odd/get: the generator cannot use it",))
    assert "/paths/~1odd/get: the generator cannot use it" in as_text(Report(comparison, **NAMES))
    assert "/paths/~1odd/get: the generator cannot use it" in as_html(Report(comparison, **NAMES))
