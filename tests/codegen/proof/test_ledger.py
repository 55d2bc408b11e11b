"""The ledger of discrepancies and corrections."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from codegen.files.errors import BadInputError, BadInputs
from codegen.proof.ledger import ledger_of, read_corrections, section, with_section
from codegen.providers.provider import Provider, provider_names, read_provider

if TYPE_CHECKING:
    from codegen.files.values import JSON

REPOSITORY = Path(__file__).parents[3]

OVERLAY = """\
overlay: 1.1.0
info: {title: Corrections, version: '1'}
x-discrepancies:
  C-10:
    disagreement: >-
      One page has `a | b`,
      another has neither.
    decision: Both.
  C-2:
    disagreement: The times differ.
    left: They touch nothing.
actions:
  - target: $.a
    description: Adds a.
    x-discrepancy: C-10
    update: {}
    x-evidence: [get_call/object.json, get_call/array.json]
  - target: $.paths.*[?@.a == 1 || @.b]
    description: Adds b.
    x-discrepancy: C-10
    update: {}
    x-evidence: [get_call/object.json]
    x-rejects:
      get_call/object.json: {/a: 'a|b`', missing: [/b]}
      get_call path callId: null
  - target: $.info
    description: |
      The name of
      the class.
    x-discrepancy: naming
    update: {title: Calls}
"""


@pytest.fixture
def provider(tmp_path: Path) -> Provider:
    (tmp_path / "overlay").mkdir()
    (tmp_path / "overlay" / "calls.yaml").write_text(OVERLAY)
    return Provider(
        tmp_path, "calls", "calls", "calls", "1.0.0", "Calls!", (), "https://calls.example", ()
    )


def rows(provider: Provider) -> list[list[str]]:
    """The cells of every table row but headings, bars unescaped as Markdown does."""
    lines = [
        line
        for line in ledger_of(read_corrections([provider])).splitlines()
        if line.startswith("|")
    ]
    cells = [re.split(r"(?<!\\)\|", line)[1:-1] for line in lines]
    return [
        [cell.strip().replace(r"\|", "|") for cell in row]
        for row in cells
        if row[0].strip() not in ("", "---")
    ]


def test_the_ledger_of_the_repository_is_made_from_its_overlays_section_by_section() -> None:
    names = provider_names(REPOSITORY)
    every = [*read_corrections(read_provider(REPOSITORY, name) for name in names)]
    text = (REPOSITORY / "overlay/README.md").read_text("utf-8")
    assert ledger_of(every) == text
    for told in every:
        before = text.replace(section(told), f"## {told.provider.title}\n\nAnother.\n")
        assert with_section(before.encode(), told).decode() == text


def test_the_first_line_says_that_it_is_generated_and_how(provider: Provider) -> None:
    first = ledger_of(read_corrections([provider])).splitlines()[0]
    assert re.fullmatch(r"<!-- Generated .*`python -m codegen ledger`.* -->", first)


def test_discrepancies_are_in_natural_order_before_other_changes(provider: Provider) -> None:
    assert [row[0] for row in rows(provider)] == ["C-2", "C-10", "naming"]


def test_a_row_says_what_disagreed_and_what_was_decided(provider: Provider) -> None:
    left, decided, _ = rows(provider)
    assert left[1:] == [
        "The times differ.",
        "Left as documented: They touch nothing.",
        "",
        "",
    ]
    assert decided[1:3] == ["One page has `a | b`, another has neither.", "Both."]


def test_evidence_is_listed_once_with_links_to_the_payloads(provider: Provider) -> None:
    payload = "[get_call/object.json](../specs/calls/payloads/get_call/object.json)"
    assert rows(provider)[1][3].split("<br>") == [
        f"needed for {payload}",
        "needed for [get_call/array.json](../specs/calls/payloads/get_call/array.json)",
        f'refuses `/a` in {payload} as `` "a|b`" ``',
        f"refuses `/b` in {payload} left out",
        "refuses `get_call path callId` as `null`",
    ]


@pytest.mark.parametrize(
    ("origin", "shown"), [("printed", ""), ("excerpt", " (excerpt)"), ("composed", " (composed)")]
)
def test_evidence_that_no_document_shows_whole_is_marked(
    provider: Provider, origin: str, shown: str
) -> None:
    file = provider.payloads_path / "get_call" / "object.json"
    file.parent.mkdir(parents=True)
    request: JSON = {"path": {}, "query": {}}
    payload: dict[str, JSON] = {
        "source": "document 1",
        "request": request,
        "status": 200,
        "body": {},
    }
    file.write_text(json.dumps(payload | {"origin": origin}))
    link = "[get_call/object.json](../specs/calls/payloads/get_call/object.json)"
    assert rows(provider)[1][3].split("<br>")[0] == f"needed for {link}{shown}"


def test_actions_are_linked_with_their_lines(provider: Provider) -> None:
    assert rows(provider)[1][4].split("<br>") == [
        "[`$.a`](calls.yaml#L13)",
        "[`$.paths.*[?@.a == 1 || @.b]`](calls.yaml#L18)",
    ]


@pytest.mark.parametrize(
    ("value", "shown"),
    [("a", '`"a"`'), ("`", '`` "`" ``'), ("` ``` `", '```` "` ``` `" ````')],
)
def test_code_stands_between_more_backticks_than_it_has_in_a_row(
    provider: Provider, value: str, shown: str
) -> None:
    text = provider.overlay_path.read_text()
    provider.overlay_path.write_text(text.replace("callId: null", f"callId: '{value}'"))
    assert rows(provider)[1][3].endswith(f"refuses `get_call path callId` as {shown}")


def test_a_change_without_contradiction_is_a_compact_row(provider: Provider) -> None:
    assert rows(provider)[2] == [
        "naming",
        "The name of the class.",
        "",
        "[`$.info`](calls.yaml#L26)",
    ]


def test_every_provider_with_an_overlay_has_a_section(provider: Provider) -> None:
    without_overlay = replace(provider, name="other", title="Other")
    again = replace(provider, title="Again")
    ledger = ledger_of(read_corrections([provider, without_overlay, again]))
    assert re.findall("^## (.+)", ledger, re.MULTILINE) == ["Calls!", "Again"]


def test_tables_are_left_out_when_they_are_empty(provider: Provider) -> None:
    provider.overlay_path.write_text(OVERLAY[: OVERLAY.index("x-disc")] + """\
actions:
  - {target: $.info, description: Names it., x-discrepancy: naming, update: {title: Calls}}
""")  # fmt: skip
    assert [row[0] for row in rows(provider)] == ["naming"]


@pytest.mark.parametrize(
    ("text", "instead", "pointer", "message"),
    [
        ("decision: Both.", "left: None.\n    decision: Both.", "/x-discrepancies/C-10", "either"),
        ("left: They touch nothing.", "", "/x-discrepancies/C-2", "either"),
    ],
)
def test_a_discrepancy_is_either_decided_or_left(
    provider: Provider, text: str, instead: str, pointer: str, message: str
) -> None:
    provider.overlay_path.write_text(OVERLAY.replace(text, instead))
    with pytest.raises(BadInputError, match=message) as caught:
        ledger_of(read_corrections([provider]))
    assert caught.value.pointer == pointer


@pytest.mark.parametrize(
    ("text", "instead", "problems"),
    [
        (
            "left: They",
            "decision: They",
            [("/x-discrepancies/C-2", "C-2 is decided, but no action names it")],
        ),
        (
            "x-discrepancy: C-10",
            "x-discrepancy: C-9",
            [
                ("/actions/0", "x-discrepancy is 'C-9'; expected one of C-10, C-2"),
                ("/actions/1", "x-discrepancy is 'C-9'"),
                ("/x-discrepancies/C-10", "C-10 is decided, but no action names it"),
            ],
        ),
        ("x-discrepancy: naming", "x-note: 1", [("/actions/2", "x-discrepancy is missing")]),
    ],
)
def test_loose_ends_are_all_told(
    provider: Provider, text: str, instead: str, problems: list[tuple[str, str]]
) -> None:
    provider.overlay_path.write_text(OVERLAY.replace(text, instead))
    with pytest.raises(BadInputs) as caught:
        ledger_of(read_corrections([provider]))
    told = [(problem.pointer, problem.message) for problem in caught.value.problems]
    assert [pointer for pointer, _ in told] == [pointer for pointer, _ in problems]
    for (_, message), (_, expected) in zip(told, problems, strict=True):
        assert message.startswith(expected)


def test_a_decision_may_be_carried_out_by_a_line_of_the_table_of_names(provider: Provider) -> None:
    named = OVERLAY.replace("left: They touch nothing.", "decision: A call.\n    name: Call")
    provider.overlay_path.write_text(named.replace("actions:", "x-names: {Call: get}\nactions:"))
    assert rows(provider)[0][-1] == "the name `Call`"
    provider.overlay_path.write_text(named.replace("actions:", "x-names: {Calls: get}\nactions:"))
    with pytest.raises(BadInputs, match="C-2 is decided, but no action names it"):
        ledger_of(read_corrections([provider]))


def test_repairs_stand_before_the_corrections(provider: Provider) -> None:
    provider.repairs_path.write_text("""\
overlay: 1.1.0
info: {title: Repairs, version: '1'}
actions:
  - {target: $.z, description: Mends z., x-discrepancy: C-10, remove: true}
""")
    assert rows(provider)[1][4].split("<br>")[0] == "[`$.z`](calls.repairs.yaml#L4)"


def test_loose_ends_of_repairs_are_told_with_those_of_the_overlay(provider: Provider) -> None:
    provider.repairs_path.write_text("""\
overlay: 1.1.0
info: {title: Repairs, version: '1'}
actions:
  - {target: $.z, description: Mends z., x-discrepancy: C-8, remove: true}
""")
    provider.overlay_path.write_text(OVERLAY.replace("left: They", "decision: They"))
    with pytest.raises(BadInputs) as caught:
        ledger_of(read_corrections([provider]))
    assert [(problem.file, problem.pointer) for problem in caught.value.problems] == [
        (provider.repairs_path, "/actions/0"),
        (provider.overlay_path, "/x-discrepancies/C-2"),
    ]


@pytest.mark.parametrize(
    ("payloads", "once"),
    [
        ({"get_call/a": (200, "printed")}, ["get_call/a"]),
        ({"get_call/a": (299, "excerpt")}, ["get_call/a"]),
        ({"get_call/a": (300, "printed")}, []),
        ({"get_call/a": (200, "composed")}, []),
        ({"get_call/a": (200, "printed"), "get_call/b": (200, "printed")}, []),
        ({"get_call/a": (200, "printed"), "get_call/b": (404, "printed")}, ["get_call/a"]),
        ({"get_call/a": (200, "printed"), "get_call/b": (200, "composed")}, ["get_call/a"]),
        (
            {"get_call/a": (200, "printed"), "list_calls/a": (201, "printed")},
            ["get_call/a", "list_calls/a"],
        ),
    ],
)
def test_what_only_one_example_of_a_success_shows_is_listed(
    provider: Provider, payloads: dict[str, tuple[int, str]], once: list[str]
) -> None:
    for name, (status, origin) in payloads.items():
        file = provider.payloads_path / f"{name}.json"
        file.parent.mkdir(parents=True, exist_ok=True)
        payload = {"source": "document 1", "origin": origin, "status": status, "body": {}}
        file.write_text(json.dumps({**payload, "request": {"path": {}, "query": {}}}))
    ledger = ledger_of(read_corrections([provider]))
    listed = re.findall(r"^Shown once, .*", ledger, re.MULTILINE)
    links = (f"[{name}.json](../specs/calls/payloads/{name}.json)" for name in once)
    told = f"Shown once, by the one example of what an operation answers: {', '.join(links)}"
    assert listed == [told] * bool(once)


def test_what_is_retired_is_evidence_of_the_past(provider: Provider) -> None:
    before = ledger_of(read_corrections([provider]))
    assert "Evidence of the past" not in before
    for name in ("get_call/b.json", "get_call/a.json"):
        file = provider.retired_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("{}")
    place = provider.retired_path.relative_to(provider.root).as_posix()
    links = ", ".join(f"[get_call/{one}.json](../{place}/get_call/{one}.json)" for one in "ab")
    told = f"Evidence of the past, which today's definition does not fit: {links}\n"
    assert ledger_of(read_corrections([provider])) == f"{before}\n{told}"


def test_every_payload_that_the_ledger_links_to_exists() -> None:
    providers = [read_provider(REPOSITORY, name) for name in provider_names(REPOSITORY)]
    links = re.findall(r"\]\((\.\./specs/[^)]+)\)", ledger_of(read_corrections(providers)))
    assert links
    assert [link for link in links if not (REPOSITORY / "overlay" / link).is_file()] == []
