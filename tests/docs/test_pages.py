"""The pages: complete, in the menu, and linked to what is there."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from markdown_it import MarkdownIt

import callrecords
from callrecords import errors
from codegen.files.document import parse
from codegen.providers.patched import patched_definition
from codegen.providers.provider import provider_names, read_provider
from docs_site.building import assemble
from docs_site.client_page import called
from docs_site.facade import read_facade
from docs_site.markdown import cell
from docs_site.models_page import field_meanings
from docs_site.pages import navigation, site_pages
from docs_site.provider_page import described_type, first_clause
from docs_site.record_table import Row, read_record_table
from docs_site.repository_pages import on_the_site
from tests.docs.documents import ROOT, read_documents

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from codegen.files.values import JSON
    from codegen.providers.provider import Provider

DOCUMENTS = read_documents()
PROVIDERS = provider_names(ROOT)
CALL: JSON = {"$ref": "#/components/schemas/Call"}
TABLE = """\
Of calls.

====== ========== =========
field  from       wire unit
====== ========== =========
id     ``callId``
ended  ``end``,   seconds,
       or not     or none at all
====== ========== =========
"""


def links(text: str) -> Iterator[str]:
    for token in MarkdownIt("commonmark").enable("table").parse(text):
        for child in token.children or []:
            target = child.attrs.get("href") or child.attrs.get("src")
            if isinstance(target, str):
                yield target


@pytest.mark.parametrize("document", sorted(DOCUMENTS))
def test_a_link_to_a_file_leads_to_one(document: str) -> None:
    folder = (ROOT / document).parent
    for link in links(DOCUMENTS[document]):
        parts = urlsplit(link)
        if parts.scheme or not parts.path:
            continue
        target = (folder / parts.path).resolve()
        assert target.exists() or str(target.relative_to(ROOT)) in DOCUMENTS, link
        if document.startswith("docs/"):
            assert target.is_relative_to(ROOT / "docs"), f"{link} is no page of the site"


def test_the_tree_of_errors_is_drawn_as_in_their_module() -> None:
    module = str(errors.__doc__)
    tree = module[module.index("    CallRecordsError") : module.index("\n\nRequests")]
    assert tree in DOCUMENTS["docs/errors.md"]


def test_troubleshooting_says_what_to_do_about_every_error() -> None:
    defined = {
        name
        for name, value in vars(errors).items()
        if isinstance(value, type) and issubclass(value, errors.CallRecordsError)
    }
    headings = re.findall(r"^### (\w+)$", DOCUMENTS["docs/troubleshooting.md"], re.MULTILINE)
    assert sorted(headings) == sorted(defined)


def test_the_page_about_compatibility_says_what_is_required() -> None:
    page = DOCUMENTS["docs/compatibility.md"]
    assert "<!--" not in page
    assert "| Python | 3.11, 3.12, 3.13 |" in page
    assert "| `httpx` | `>=0.27,<1` | every client |" in page
    assert "| `starlette` | `>=0.40` | the extra `sandbox` |" in page


def test_the_reference_has_every_public_name() -> None:
    documented = {
        name
        for document, text in DOCUMENTS.items()
        if document.startswith("docs/reference/")
        for name in re.findall(r"^::: callrecords(?:_\w+)?\.(\w+)$", text, re.MULTILINE)
    }
    modules = {"bulk", "calls", "drift", "errors", "sandbox", "webhooks", "__version__"}
    assert documented >= set(callrecords.__all__) - modules


def test_what_readme_says_was_measured_stands_in_the_results() -> None:
    table = DOCUMENTS["README.md"].partition("| measured |")[2].partition("\n\n")[0]
    figures = re.findall(r"\d[\d.]*(?:\u00d7| µs| ms)", table)
    assert len(figures) > 5
    assert [figure for figure in figures if figure not in DOCUMENTS["docs/benchmarks.md"]] == []


def test_the_first_page_begins_with_what_readme_says() -> None:
    assert "**Why.**" in DOCUMENTS["docs/index.md"].partition("## First record")[0]


def test_links_of_the_repository_lead_to_pages_or_are_words() -> None:
    text = (
        "[a](docs/drift.md#log), [b](benchmarks/RESULTS.md), [c](LICENSE), [d](https://d.example)"
    )
    assert on_the_site(text) == ("[a](drift.md#log), [b](benchmarks.md), c, [d](https://d.example)")


def test_the_site_is_made_of_all_pages_and_a_menu_of_them(tmp_path: Path) -> None:
    assemble(ROOT, tmp_path)
    configuration = parse((tmp_path / "mkdocs.yml").read_bytes(), "mkdocs.yml")
    assert isinstance(configuration, dict)
    assert configuration["nav"] == navigation(ROOT, site_pages(ROOT))
    assert (tmp_path / "pages/index.md").exists()


def test_the_menu_has_every_page_once() -> None:
    pages = {
        path.removeprefix("docs/"): text
        for path, text in DOCUMENTS.items()
        if path.startswith("docs/")
    }
    listed = [
        path
        for section in navigation(ROOT, pages)
        for entries in section.values()
        for entry in entries
        if not isinstance(entry, str)
        for path in entry.values()
    ]
    assert sorted(listed) == sorted(pages)


def test_a_page_that_is_in_no_section_is_refused() -> None:
    with pytest.raises(ValueError, match=r"in no section of docs_site/pages\.py: lost\.md"):
        navigation(ROOT, {"index.md": "", "lost.md": ""})


def discrepancies(provider: Provider) -> list[str]:
    """The identifiers in a provider's overlay; a provider that was just added has none."""
    if not provider.overlay_path.exists():
        return []
    overlay = provider.overlay_path.read_text(encoding="utf-8")
    return re.findall(r"^  ([A-Z]+-\d+):", overlay, re.MULTILINE)


def test_the_providers_whose_calls_become_records_have_discrepancies() -> None:
    facades = {provider: read_facade(f"callrecords_{provider}") for provider in PROVIDERS}
    recorded = [provider for provider, facade in facades.items() if facade and facade.is_exported]
    assert recorded
    for provider in recorded:
        assert discrepancies(read_provider(ROOT, provider))


@pytest.mark.parametrize("provider", PROVIDERS)
def test_the_page_of_a_provider_has_each_discrepancy_operation_and_credential(
    provider: str,
) -> None:
    given = read_provider(ROOT, provider)
    page = DOCUMENTS[f"docs/providers/{provider}.md"]
    shown = sorted(re.findall(r"^### ([A-Z]+-\d+): .+ \{ #[a-z]+-\d+ \}$", page, re.MULTILINE))
    assert shown == sorted(discrepancies(given))
    facade = read_facade(given.package)
    for method in facade.methods if facade else ():
        assert f"{method.name}</code>]" in page.replace("<wbr>", "")
    for argument in facade.arguments if facade else ():
        assert f"`{argument.argument}`" in page
        assert (argument.variable or "") in page.replace("<wbr>", "")


def test_credentials_are_read_from_a_client_with_their_variables() -> None:
    facade = read_facade("callrecords_zudu")
    assert facade is not None
    variables = {argument.argument: argument.variable for argument in facade.arguments}
    assert variables == {
        "api_key": "ZUDU_API_KEY",
        "api_secret": "ZUDU_API_SECRET",
        "base_url": None,
    }


def test_a_provider_without_a_client_has_none_to_show() -> None:
    assert read_facade("callrecords_nobody") is None


def test_the_rows_of_a_table_may_have_several_lines() -> None:
    assert read_record_table(TABLE) == [
        Row("id", "``callId``", ""),
        Row("ended", "``end``, or not", "seconds, or none at all"),
    ]


@pytest.mark.parametrize(
    ("docstring", "problem"),
    [
        ("Of calls.", "expected a table with three borders, and found 0"),
        (TABLE.replace("from", "to  "), "expected the columns field, from and wire unit"),
        (TABLE.replace("callId", "call_id"), "reaches into the next column: id     ``call_id``"),
    ],
)
def test_another_table_is_refused(docstring: str, problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        read_record_table(docstring)


def test_the_models_of_a_provider_are_shown_with_types_and_meanings() -> None:
    page = DOCUMENTS["docs/reference/models/zudu.md"].replace("<wbr>", "")
    assert "## CallCost\n" in page
    typed = "<code>int &#124; None &#124; Unset</code>"
    assert f"| <code>call_duration</code> | {typed} | How long the call lasted, in" in page
    assert '<code><a href="#callstatus">CallStatus</a> &#124; Unset</code>' in page
    assert "## CallType\n\nOne of `PHONE_CALL`, `WEB_CALL`, or" in page


@pytest.mark.parametrize("provider", PROVIDERS)
def test_every_meaning_is_that_of_a_field(provider: str) -> None:
    given = read_provider(ROOT, provider)
    page = DOCUMENTS[f"docs/reference/models/{provider}.md"]
    for model, meanings in field_meanings(patched_definition(given)).items():
        section = page.partition(f"## {model}\n")[2].partition("\n## ")[0]
        for meaning in meanings.values():
            assert cell(meaning) in section


@pytest.mark.parametrize(
    ("schema", "words"),
    [
        ({"type": "integer"}, "integer"),
        ({"type": ["integer", "null"]}, "integer or null"),
        ({"type": ["string", "null"], "format": "date-time"}, "string (date-time) or null"),
        ({"type": "string", "format": "uri"}, "string (uri)"),
        (CALL, "[<code>Call</code>](m.md#call)"),
        ({"type": "array", "items": CALL}, "array of [<code>Call</code>](m.md#call)"),
        ({"anyOf": [CALL, {"type": "null"}]}, "[<code>Call</code>](m.md#call) or null"),
        ({}, "anything"),
    ],
)
def test_a_type_is_said_in_words(schema: JSON, words: str) -> None:
    assert described_type(schema, "m.md") == words


@pytest.mark.parametrize(
    ("disagreement", "title"),
    [
        (
            "A session has `meta` in 003, and no longer in newer texts.",
            "A session has `meta` in 003",
        ),
        ("Ids are any text.", "Ids are any text"),
        (
            "Breakout rooms are unknown things in document 003 and sessions in a newer text.",
            "Breakout rooms are unknown things in document 003…",
        ),
        (f"{'long ' * 10}`$.a member` or not", f"{'long ' * 9}long…"),
        ("See api.example.org for it: it differs.", "See api.example.org for it"),
    ],
)
def test_a_discrepancy_goes_by_its_first_clause(disagreement: str, title: str) -> None:
    assert first_clause(disagreement) == title


def test_an_operation_is_shown_with_a_request_and_an_answer() -> None:
    page = DOCUMENTS["docs/reference/clients/zudu.md"]
    section = page.partition("::: callrecords_zudu.Zudu.get_call\n")[2].partition("\n::: ")[0]
    assert "Sends `GET /api/calls/{callId}`." in section
    assert '    print(zudu.get_call("call' in section
    assert '??? example "A documented answer' in section
    assert '"call_status":' in section


def test_a_call_that_is_long_has_a_line_for_each_argument() -> None:
    assert called("zudu.get_call", ['"1"']) == 'zudu.get_call("1")'
    assert called("f", ["a" * 50, "b" * 50]) == f"f(\n    {'a' * 50},\n    {'b' * 50},\n)"
