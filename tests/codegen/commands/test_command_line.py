"""What a person sees of ``python -m codegen``, and the exit codes a program sees."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING
from unittest import mock

import pytest

from codegen.commands import ledger, prove
from codegen.files import transaction
from codegen.providers.provider import provider_names
from tests.codegen.commands.running import command

if TYPE_CHECKING:
    from codegen.providers.provider import Provider

ROOT = Path(__file__).parents[3]
OVERLAY = """\
overlay: 1.1.0
info: {title: A title, version: '1'}
actions:
  - target: $.info
    update: {title: Better}
"""


@pytest.fixture
def definition(tmp_path: Path) -> Path:
    path = tmp_path / "openapi.yaml"
    path.write_text("openapi: 3.1.0\ninfo: {title: Calls, version: '1'}\npaths: {}\n")
    return path


@pytest.fixture
def overlay(tmp_path: Path) -> Path:
    path = tmp_path / "overlay.yaml"
    path.write_text(OVERLAY)
    return path


def test_it_runs_as_a_module_from_any_folder(tmp_path: Path) -> None:
    result = subprocess.run(
        [sys.executable, "-m", "codegen", "prove", "zudu"],
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout.startswith("zudu: ")


def test_help_and_completion_do_not_wait_for_what_the_commands_need() -> None:
    heavy = "{'openapi_python_client', 'jsonschema_rs', 'jsonpath_rfc9535', 'httpx', 'jinja2'}"
    code = f"import sys, codegen.__main__; print(sorted({heavy} & set(sys.modules)))"
    result = subprocess.run(  # noqa: S603 - Python itself, and code of ours
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert result.stdout == "[]\n"


@pytest.mark.parametrize("width", [80, 120])
def test_help_is_whole_however_wide_the_terminal(
    monkeypatch: pytest.MonkeyPatch, width: int
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    waiting: list[tuple[str, ...]] = [()]
    shown: set[tuple[str, ...]] = set()
    while waiting:
        words = waiting.pop()
        _, output, _ = command(*words, "--help")
        shown.add(words)
        assert max(map(len, output.splitlines())) <= width
        # No sentence is cut, and no value is called by its type in Python.
        assert not re.search(r"[a-z,]\.\.\.$|<\w|\{[a-z]", output, re.MULTILINE)
        commands = output.partition("Commands:\n")[2]
        waiting += [(*words, name) for name in re.findall(r"^  (\w+) ", commands, re.MULTILINE)]
    assert {("generate",), ("overlay", "apply")} <= shown


def test_without_its_tools_it_says_how_they_are_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    code = "import sys; sys.modules['yaml'] = None; import codegen.__main__"
    result = subprocess.run(  # noqa: S603 - Python itself, and code of ours
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (result.returncode, result.stdout) == (2, "")
    how = "install its tools with `pip install --upgrade pip`, then `pip install --group codegen`\n"
    assert result.stderr == f"codegen needs yaml: {how}"
    # What takes long to import is found to be missing by the command that needs it.
    monkeypatch.setitem(sys.modules, "codegen.generator", None)
    with pytest.raises(ModuleNotFoundError):  # ours: nothing that anybody could install
        command("generate", "zudu")
    lost = ModuleNotFoundError("no", name="jinja2")
    monkeypatch.setattr("codegen.commands.prove.read_providers", mock.Mock(side_effect=lost))
    assert command("prove", "zudu") == (2, "", f"codegen needs jinja2: {how}")


def test_generate_writes_a_folder_per_provider(tmp_path: Path) -> None:
    code, output, _ = command("generate", "zudu", "cometchat", "--out", tmp_path)
    assert code == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["cometchat", "zudu"]
    assert f"callrecords-zudu 0.1.0 written to {tmp_path / 'zudu'}" in output


def test_generate_says_that_an_overlay_is_gone(
    calls: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("codegen.commands.generate.read_providers", lambda *_: [calls])
    assert command("generate", "calls")[2] == ""
    corrected = calls.canonical_path.read_text() + "# by an overlay that was here\n"
    calls.canonical_path.write_text(corrected)
    assert "calls.yaml is not in overlay/: the names" in command("generate", "calls")[2]
    assert command("generate", "calls")[2] == ""


def test_generate_check_is_content_with_what_is_in_place() -> None:
    said = "2 distributions checked: nothing differs.\n"
    assert command("generate", "cometchat", "apifycloud", "--check") == (0, said, "")


def test_generate_check_shows_a_difference_writes_nothing_and_exits_with_1(tmp_path: Path) -> None:
    command("generate", "zudu", "--out", tmp_path)
    changed = tmp_path / "zudu/callrecords_zudu/models/direction.py"
    changed.write_text(changed.read_text().replace("INBOUND", "INWARD"))
    before = changed.read_text()
    code, output, errors = command("generate", "zudu", "--check", "--out", tmp_path)
    assert code == 1
    assert '-    INWARD = "INWARD"\n+    INBOUND = "INBOUND"' in output
    assert f"run `python -m codegen generate zudu --out {tmp_path}`" in errors
    assert "+++ b" + str(changed) in output
    assert changed.read_text() == before


@pytest.mark.parametrize("name", ["generate", "prove"])
def test_an_unknown_provider_is_bad_input_and_the_known_ones_are_named(name: str) -> None:
    code, _, errors = command(name, "twilio")
    assert code == 2
    for known in provider_names(ROOT):
        assert known in errors


def test_prove_counts_what_it_proved() -> None:
    code, output, _ = command("prove", "zudu")
    assert code == 0
    assert output.startswith("zudu: ")
    assert output.endswith("payloads: proven\n")


def test_a_proof_that_fails_is_explained_and_exits_with_1(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy_of_provider(tmp_path, "zudu")
    monkeypatch.setattr(prove, "ROOT", tmp_path)
    payload = tmp_path / "specs/zudu/payloads/get_call/ongoing.json"
    content = json.loads(payload.read_text())
    content["body"]["data"]["agent_id"] = 5
    payload.write_text(json.dumps(content))
    code, output, errors = command("prove")
    assert code == 1
    assert "ongoing.json: does not pass although all actions are in force" in errors
    assert "/data/agent_id" in errors
    assert output.endswith("1 finding\n")


def test_the_ledger_is_checked_and_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    copy_of_provider(tmp_path, "zudu")
    monkeypatch.setattr(ledger, "ROOT", tmp_path)
    assert command("ledger", "--check")[0] == 1
    assert not (tmp_path / "overlay/README.md").exists()
    assert command("ledger")[0] == 0
    assert "Z-1 |" in (tmp_path / "overlay/README.md").read_text()
    assert command("ledger", "--check")[0] == 0


def copy_of_provider(root: Path, name: str) -> None:
    shutil.copytree(ROOT / "specs" / name, root / "specs" / name)
    (root / "overlay").mkdir()
    shutil.copyfile(ROOT / "overlay" / f"{name}.yaml", root / "overlay" / f"{name}.yaml")


def test_overlay_apply_prints_the_patched_definition(definition: Path, overlay: Path) -> None:
    code, output, _ = command("overlay", "apply", definition, overlay)
    assert code == 0
    assert "title: Better" in output


@pytest.mark.parametrize("name", ["patched.yaml", "patched.json"])
def test_overlay_apply_writes_what_the_suffix_says(
    definition: Path, overlay: Path, tmp_path: Path, name: str
) -> None:
    output = tmp_path / name
    assert command("overlay", "apply", definition, overlay, "--output", output) == (0, "", "")
    assert output.read_text().startswith("{" if name.endswith("json") else "openapi: 3.1.0")


def test_an_output_replaces_a_file_but_nothing_that_is_read(
    definition: Path, overlay: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    checkout = tmp_path / "checkout"
    checkout.symlink_to(tmp_path)
    monkeypatch.setattr("codegen.commands.shared.ROOT", checkout)
    (tmp_path / "overlay").mkdir()
    another = tmp_path / "overlay/another.yaml"
    another.write_text(OVERLAY)
    link = tmp_path / "link.html"
    link.symlink_to(overlay)
    apply = ("overlay", "apply", definition, overlay, "--output")
    compare = ("diff", definition, definition, "--overlay", overlay, "--html")
    refused = {
        definition: "is what the command reads",
        link: "is what the command reads",
        another: "is one of the files that everything is made from",
    }
    for output, why in refused.items():
        before = output.read_bytes()
        for arguments in (apply, compare):
            told = f"{output}: {why}, and would be replaced; name another file\n"
            assert command(*arguments, output) == (2, "", told)
        assert output.read_bytes() == before
    older = tmp_path / "patched.yaml"
    older.write_text("an older one")
    assert command(*apply, older)[0] == 0
    assert "Better" in older.read_text()
    assert command(*apply, tmp_path / "overlay/new.yaml")[0] == 0


def test_overlays_are_applied_in_their_order(
    definition: Path, overlay: Path, tmp_path: Path
) -> None:
    second = tmp_path / "second.yaml"
    second.write_text(
        OVERLAY.replace("$.info", "$.info[?@ == 'Better']").replace("{title: Better}", "Best")
    )
    _, output, _ = command("overlay", "apply", definition, overlay, second)
    assert "title: Best" in output


def test_an_interruption_says_whether_something_was_changed(
    definition: Path, overlay: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    output = tmp_path / "patched.yaml"
    arguments = ("overlay", "apply", definition, overlay, "--output", output)

    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    def interrupted_when_replaced(temporary: Path, target: Path) -> None:
        temporary.rename(target)
        raise KeyboardInterrupt

    monkeypatch.setattr(transaction, "touched", set[Path]())
    with monkeypatch.context() as patched:
        patched.setattr("codegen.overlay.apply", interrupted)
        assert command(*arguments) == (130, "", "interrupted: nothing was changed\n")
    assert not output.exists()
    monkeypatch.setattr(Path, "replace", interrupted_when_replaced)
    told = "interrupted: `git status` shows what was written\n"
    assert command(*arguments) == (130, "", told)
    assert output.exists()


def test_the_action_that_does_nothing_is_named_and_refused_unless_that_is_let_pass(
    definition: Path, overlay: Path
) -> None:
    overlay.write_text(OVERLAY.replace("$.info", "$.nowhere"))
    code, output, errors = command("overlay", "apply", definition, overlay)
    assert (code, output) == (2, "")
    assert errors.startswith(f"{overlay}:4 at /actions/0")
    code, output, told = command("overlay", "apply", definition, overlay, "--lenient")
    assert (code, "title: Calls" in output) == (0, True)
    assert told == f"1 of 1 action let pass:\n  {errors}"
    overlay.write_text(OVERLAY)
    assert command("overlay", "apply", definition, overlay, "--lenient")[::2] == (0, "")


def test_an_output_that_cannot_be_written_is_bad_input(definition: Path, overlay: Path) -> None:
    output = definition.parent / "missing/patched.yaml"
    code, _, errors = command("overlay", "apply", definition, overlay, "--output", output)
    assert code == 2
    assert errors == f"{output}: cannot be written: No such file or directory\n"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="it is where everything is full")
def test_an_output_that_takes_no_more_is_told(definition: Path, overlay: Path) -> None:
    published = ROOT / "specs/zudu/openapi.yaml"
    for arguments in (["normalise", published], ["overlay", "apply", definition, overlay]):
        with Path("/dev/full").open("w") as full:
            result = subprocess.run(  # noqa: S603 - Python itself, and a module of ours
                [sys.executable, "-m", "codegen", *map(str, arguments)],
                cwd=ROOT,
                stdout=full,
                stderr=subprocess.PIPE,
                text=True,
                check=False,
            )
        told = "the output: No space left on device\n"
        assert (result.returncode, result.stderr) == (2, told)


@pytest.mark.parametrize(
    "value",
    [
        "&a {b: *a}",
        "!!binary aGk=",
        "!!set {b}",
        "!!timestamp 2024-01-01",
        ".nan",
        "1\nx-a: 2",
        "[" * 1000 + "]" * 1000,
        "[" * 100_000,
    ],
)
def test_what_json_cannot_say_is_bad_input_wherever_it_stands(
    definition: Path, overlay: Path, tmp_path: Path, value: str
) -> None:
    definition_text, overlay_text = definition.read_text(), overlay.read_text()
    output = tmp_path / "patched.json"
    arguments = ("overlay", "apply", definition, overlay, "--output", output)
    definition.write_text(f"{definition_text}x-a: {value}\n")
    assert command(*arguments)[0] == 2
    definition.write_text(definition_text)
    overlay.write_text(f"{overlay_text}x-a: {value}\n")
    assert command(*arguments)[0] == 2
    assert not output.exists()


def test_what_overlays_nest_too_deeply_is_not_written(definition: Path, tmp_path: Path) -> None:
    overlays: list[Path] = []
    target = "$.info"
    for number in range(2):
        value = "{a: " * 149 + "{}" + "}" * 149
        overlays.append(tmp_path / f"{number}.yaml")
        action = f"[{{target: '{target}', update: {{a: {value}}}}}]"
        overlays[-1].write_text(
            f"overlay: 1.1.0\ninfo: {{title: T, version: '1'}}\nactions: {action}\n"
        )
        target += ".a" * 150
    output = tmp_path / "patched.json"
    code, _, errors = command("overlay", "apply", definition, *overlays, "--output", output)
    message = "cannot be written: nested more than 254 levels deep, or in itself by an alias"
    assert (code, errors) == (2, f"{output}: {message}\n")
    assert not output.exists()


def test_overlay_check_says_what_it_read(overlay: Path) -> None:
    code, output, _ = command("overlay", "check", overlay)
    assert (code, output) == (0, f"{overlay}: a valid Overlay 1.1.0 with 1 action.\n")


def test_overlay_check_names_every_problem_with_its_line(overlay: Path) -> None:
    overlay.write_text(OVERLAY.replace("$.info", "$.info[").replace("version: '1'", "version: 1"))
    code, _, errors = command("overlay", "check", overlay)
    assert code == 2
    assert [line.split(" ")[0] for line in errors.splitlines()] == [f"{overlay}:2", f"{overlay}:4"]


@pytest.mark.parametrize("arguments", [["generate", "--nonsense"], ["overlay", "apply"], ["x"]])
def test_a_command_that_does_not_exist_is_a_usage_error(arguments: list[str]) -> None:
    assert command(*arguments)[0] == 2
