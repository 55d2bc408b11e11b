"""``python -m codegen diff``."""

from __future__ import annotations

import functools
import json
import random
import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml

from codegen.files.values import lookup
from tests.codegen.commands.running import command
from tests.codegen.compare.changes import NOTE, Edit, all_of, drop, field, put, schema
from tests.codegen.openapi.test_order import shuffled

ROOT = Path(__file__).parents[3]
EXCHANGE = ROOT / "tests/data/definitions/exchange.yaml"
ODD_TITLE = put(f"{field('Note', 'place')}", {"type": "object", "title": "a place"})


def written(path: Path, *edits: Edit) -> Path:
    definition = yaml.safe_load(EXCHANGE.read_bytes())
    for edit in edits:
        edit(definition)
    text = json.dumps(definition) if path.suffix == ".json" else yaml.safe_dump(definition)
    path.write_text(text, encoding="utf-8")
    return path


def diff(*arguments: str | Path) -> tuple[int, str, str]:
    return command("diff", *arguments)


@pytest.mark.parametrize(
    ("edits", "code"),
    [
        ((), 0),
        ((put(f"{field('Note', 'id')}/description", "Which."),), 0),
        ((put(field("Note", "more"), {"type": "string"}),), 0),
        ((drop(field("Note", "text")),), 1),
        ((put("/servers/0/url", "https://elsewhere.example"),), 1),
    ],
    ids=["nothing", "documentation", "additive", "breaking", "security"],
)
def test_the_exit_code_says_whether_programs_break(
    edits: tuple[Edit, ...], code: int, tmp_path: Path
) -> None:
    assert diff(EXCHANGE, written(tmp_path / "new.json", *edits))[0] == code


def test_names_are_those_of_the_package(tmp_path: Path) -> None:
    new = written(tmp_path / "new.yaml", drop(field("Note", "text")))
    assert "exchange_client.models.Note.text" in diff(EXCHANGE, new)[1]
    assert "acme.models.Note.text" in diff(EXCHANGE, new, "--package", "acme")[1]


def test_what_of_the_new_one_is_read_otherwise_is_told(tmp_path: Path) -> None:
    old = written(tmp_path / "old.json", put(schema("Odd"), {"type": "int"}))
    new = written(
        tmp_path / "new.json",
        put(schema("Odd"), {"type": "int"}),
        put(field("Note", "more"), {"type": "long"}),
    )
    place = f"{new}:1 at /components/schemas/Note/properties/more/type"
    told = f"{place}: 'long' is no type; it is read as 'integer'"
    assert diff(old, new)[2].split("  ") == ["", f"{told}\n"]


def test_names_are_those_of_the_provider_whose_definition_is_the_old_one(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "specs/zudu", tmp_path / "specs/zudu")
    old = tmp_path / "specs/zudu/openapi.yaml"
    new = tmp_path / "new.yaml"
    text = old.read_text("utf-8")
    assert "operationId: getCallById" in text
    new.write_text(text.replace("operationId: getCallById", "operationId: getCall"), "utf-8")
    assert "callrecords_zudu.Zudu.get_call_by_id" in diff(old, new)[1]
    assert "zudu_calls_client.ZuduCalls.get_call" in diff(new, old)[1]
    assert "acme.Zudu.get_call_by_id" in diff(old, new, "--package", "acme")[1]
    (tmp_path / "specs/zudu/provider.toml").unlink()
    assert "zudu_calls_client.ZuduCalls.get_call_by_id" in diff(old, new)[1]


FACTS = """\
overlay: 1.1.0
info: {title: Client, version: '1'}
x-client:
  class: Notes
  operations:
    get_note: {result: [author, parent]}
"""


def test_an_overlay_says_of_both_clients_what_a_definition_cannot_say(tmp_path: Path) -> None:
    overlay = tmp_path / "overlay.yaml"
    overlay.write_text(FACTS)
    required = put(f"{schema('Note')}/required", ["id", "kind", "author"])
    new = written(tmp_path / "new.yaml", required)
    _, output, _ = diff(EXCHANGE, new, "--overlay", overlay)
    assert "exchange_client.Notes.get_note" in output
    assert "- -> Author | Note\n  + -> Author\n" in output
    assert "- author, else parent\n  + author\n" in output


def test_json_and_a_page_can_be_asked_for_at_once(tmp_path: Path) -> None:
    new = written(tmp_path / "new.yaml", drop(field("Note", "text")), put("/info/version", "2"))
    code, output, _ = diff(EXCHANGE, new, "--json", "--html", tmp_path / "page.html")
    assert code == 1
    data = json.loads(output)
    assert (data["title"], data["old_version"], data["new_version"]) == ("Exchange", "1", "2")
    assert data["counts"]["breaking"] == 1
    assert "<title>Exchange 1 → 2" in (tmp_path / "page.html").read_text("utf-8")


def test_an_overlay_corrects_both(tmp_path: Path) -> None:
    new = written(tmp_path / "new.yaml", put(f"{field('Note', 'id')}/type", "integer"))
    overlay = tmp_path / "overlay.yaml"
    overlay.write_text(
        "overlay: 1.1.0\n"
        "info: {title: Names, version: '1'}\n"
        "actions:\n"
        "  - target: $.components.schemas.Note.properties.id\n"
        "    update: {type: string, description: Always a text.}\n"
    )
    assert diff(EXCHANGE, new)[0] == 1
    code, output, _ = diff(EXCHANGE, new, "--overlay", overlay)
    assert (code, "Nothing changes for users." in output) == (0, True)


def test_an_overlay_that_does_not_fit_is_told_with_the_definition(tmp_path: Path) -> None:
    new = written(tmp_path / "new.yaml", drop(field("Note", "text")))
    overlay = tmp_path / "overlay.yaml"
    overlay.write_text(
        "overlay: 1.1.0\n"
        "info: {title: Names, version: '1'}\n"
        "actions:\n"
        "  - target: $.components.schemas.Note.properties.text\n"
        "    update: {description: What it says.}\n"
    )
    for old, other, at_fault in ((EXCHANGE, new, new), (new, EXCHANGE, new)):
        code, output, error = diff(old, other, "--overlay", overlay)
        assert (code, output) == (2, "")
        assert error.startswith(f"{overlay}:4 at /actions/0/target: $.components")
        assert error.endswith(f" (applied to {at_fault})\n")


def test_openapi_3_0_is_compared_with_3_1(tmp_path: Path) -> None:
    def as_3_0(definition: dict[str, object]) -> None:
        definition["openapi"] = "3.0.3"
        put(field("Note", "closed_by"), {"type": "string", "nullable": True})(definition)
        put(field("Note", "version"), {"type": "string"})(definition)
        put(field("Note", "open"), {})(definition)

    old = written(tmp_path / "old.yaml", as_3_0)
    new = written(tmp_path / "new.yaml", put(field("Note", "version"), {"type": "string"}))
    code, output, _ = diff(old, new)
    assert (code, output.splitlines()[:2]) == (0, ["Exchange  1 → 1", "Nothing changes for users."])


def test_a_definition_without_a_title_is_compared_as_any_other(tmp_path: Path) -> None:
    old = written(tmp_path / "old.yaml", drop("/info/title"))
    new = written(tmp_path / "new.yaml", drop("/info/title"), drop(field("Note", "text")))
    code, output, _ = diff(old, new)
    assert code == 1
    assert "1 change: 1 breaking." in output


def test_titles_that_name_no_class_do_not_stop_it(tmp_path: Path) -> None:
    old = written(tmp_path / "old.yaml", ODD_TITLE)
    new = written(tmp_path / "new.yaml", ODD_TITLE, drop(field("Note", "text")))
    code, output, _ = diff(old, new)
    assert code == 1
    assert "1 change: 1 breaking." in output


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("openapi: [", "bad.yaml:2:1: "),
        ("openapi: 3.1.0\ninfo: {title: x, version: '1'}", "has no `paths`"),
        ("swagger: '2.0'", "is a Swagger 2.0 document"),
    ],
)
def test_bad_input_is_named_and_exits_with_2(content: str, message: str, tmp_path: Path) -> None:
    bad = tmp_path / "bad.yaml"
    bad.write_text(content)
    code, output, error = diff(EXCHANGE, bad)
    assert code == 2
    assert not output
    assert message in error


CHOICE = [
    {"type": "object", "properties": {"floor": {"type": "integer"}}},
    {"type": "object", "properties": {"street": {"type": "string"}}},
]
UNTITLED = all_of(
    put(f"{field('Note', 'place')}", {"oneOf": CHOICE}),
    put("/paths/~1notes/post/responses/201/content/text~1plain", {"schema": {"type": "string"}}),
    put("/security", [{"key": []}, {}]),
)


@pytest.mark.parametrize("seed", range(5))
def test_order_that_means_nothing_changes_nothing(seed: int, tmp_path: Path) -> None:
    def shuffle(definition: Any) -> None:
        other = shuffled(definition, random.Random(seed))  # noqa: S311 - not for secrets
        definition.clear()
        definition.update(other)

    old = written(tmp_path / "old.json", UNTITLED)
    new = written(tmp_path / "new.json", UNTITLED, shuffle)
    code, output, _ = diff(old, new)
    assert (code, output.splitlines()[:2]) == (0, ["Exchange  1 → 1", "Nothing changes for users."])


def test_an_overlay_finds_by_its_number_what_stands_elsewhere_now(tmp_path: Path) -> None:
    def turn_round(definition: Any) -> None:
        parameters: Any = lookup(definition, f"{NOTE}/parameters")
        parameters.reverse()

    old = written(tmp_path / "old.json")
    new = written(tmp_path / "new.json", turn_round)
    overlay = tmp_path / "overlay.yaml"
    overlay.write_text(
        "overlay: 1.1.0\n"
        "info: {title: Names, version: '1'}\n"
        "actions:\n"
        "  - target: $.paths['/calls/{callId}/notes/{number}'].get.parameters[3].schema\n"
        "    update: {maximum: 50}\n"
    )
    code, output, _ = diff(old, new, "--overlay", overlay)
    assert (code, "Nothing changes for users." in output) == (0, True)


@pytest.mark.parametrize("depth", [101, 180])
def test_operations_with_lists_nested_too_deep_are_left_out_by_name(
    depth: int, tmp_path: Path
) -> None:
    deep = put(field("Note", "deep"), lists(depth))
    code, output, error = diff(EXCHANGE, written(tmp_path / "new.json", deep))
    assert (code, error) == (1, "")
    assert "nested too deeply for a type" in " ".join(output.split())


def test_lists_nested_as_deep_as_may_be_are_compared(tmp_path: Path) -> None:
    deep = put(field("Note", "deep"), lists(99))
    assert diff(EXCHANGE, written(tmp_path / "new.json", deep))[0] == 0


def lists(depth: int) -> dict[str, object]:
    innermost: dict[str, object] = {"type": "string"}
    return functools.reduce(
        lambda items, _: {"type": "array", "items": items}, range(depth), innermost
    )


def test_a_file_that_is_not_there_exits_with_2(tmp_path: Path) -> None:
    code, _, error = diff(EXCHANGE, tmp_path / "none.yaml")
    assert code == 2
    assert "none.yaml: No such file or directory" in error


def test_a_page_that_cannot_be_written_exits_with_2(tmp_path: Path) -> None:
    code, _, error = diff(EXCHANGE, EXCHANGE, "--html", tmp_path / "no/folder/page.html")
    assert code == 2
    assert "page.html: cannot be written" in error


def test_a_component_that_nothing_uses_counts_as_read(tmp_path: Path) -> None:
    unused = put(schema("Spare"), {"type": "object", "properties": {"a": {"type": "integer"}}})
    old = written(tmp_path / "old.yaml", unused)
    new = written(tmp_path / "new.yaml", unused, put(field("Spare", "a"), {"type": "number"}))
    assert diff(old, new)[0] == 1
