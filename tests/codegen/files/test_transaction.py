"""Files and folders that are written whole or not at all, and never over the work of a person."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from codegen.files import transaction
from codegen.files.errors import BadInputError
from codegen.files.transaction import (
    replace_all,
    require_replaceable,
    write_atomically,
    writing_alone,
)
from codegen.generator.build import generate

if TYPE_CHECKING:
    from collections.abc import Callable

    from codegen.providers.provider import Provider


REPOSITORY = Path(__file__).parents[3]
BEFORE = {"a/f": "old a", "b/f": "old b", "untouched": "u"}
NEW = {"f": b"new"}
AFTER = {"a/f": "new", "b/f": "new", "c/f": "new", "untouched": "u"}


def write(folder: Path, files: dict[str, str]) -> Path:
    for name, content in files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content)
    return folder


def read(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): path.read_text()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return write(tmp_path / "out", BEFORE)


def test_old_folders_are_gone_and_nothing_is_left_beside_the_new_ones(out: Path) -> None:
    replace_all(out, dict.fromkeys("abc", NEW))
    assert read(out) == AFTER
    assert sorted(path.name for path in out.iterdir()) == ["a", "b", "c", "untouched"]


def test_texts_in_hand_take_the_places_of_whole_files_and_folders(out: Path) -> None:
    write(out, {"a/old": "gone"})
    replace_all(out, {"a": {"f": b"new", "deep/er": b"new"}, "untouched": b"new"})
    new = {"a/f": "new", "a/deep/er": "new", "b/f": "old b", "untouched": "new"}
    assert read(out) == new


def test_the_folder_of_the_folders_need_not_exist(tmp_path: Path) -> None:
    replace_all(tmp_path / "x" / "y", {"a": NEW})
    assert read(tmp_path / "x") == {"y/a/f": "new"}


@pytest.mark.parametrize("failing", range(5))
def test_a_failed_renaming_undoes_those_before_it(
    out: Path, monkeypatch: pytest.MonkeyPatch, failing: int
) -> None:
    rename, count = Path.rename, iter(range(100))

    def fail_once(path: Path, target: Path) -> Path:
        if next(count) == failing:
            raise PermissionError(13, "no")
        return rename(path, target)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "rename", fail_once)
        with pytest.raises(BadInputError, match="cannot be written: no"):
            replace_all(out, dict.fromkeys("abc", NEW))
    assert read(out) == BEFORE


def test_a_folder_in_which_nobody_can_write_alone_is_said(out: Path) -> None:
    (out / ".replacing.lock").mkdir()
    with pytest.raises(BadInputError, match="cannot be written: "):
        replace_all(out, {"a": NEW})
    assert read(out) == BEFORE


# Every renaming and removal is announced to audit hooks; at one of them the program ends as if it
# was killed.
KILLED = """
import os, sys
from pathlib import Path
from codegen.files.transaction import replace_all
out, last = Path(sys.argv[1]), int(sys.argv[2])
remaining = iter(range(last))
def end(event, arguments):
    if event in ("os.rename", "os.remove") and next(remaining, None) is None:
        os._exit(9)
sys.addaudithook(end)
replace_all(out, dict.fromkeys(sys.argv[3:], {"f": b"new"}))
"""


def killed(out: Path, *names: str, after: int) -> bool:
    """Whether a call ends before its end, when it is killed after so many steps."""
    program = [sys.executable, "-c", KILLED, str(out), str(after), *names]
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    code = subprocess.run(program, env=environment, check=False).returncode  # noqa: S603
    assert code in (0, 9)
    return code == 9


# Two folders are renamed twice and a third once; then the files of the two old folders are removed,
# and last of all that of the lock.
ALL_STEPS = 2 * 2 + 1 + 2 + 1


@pytest.mark.parametrize("steps", range(ALL_STEPS + 1))
def test_of_a_call_that_is_killed_each_folder_is_the_old_or_the_new_one_after_the_next(
    out: Path, steps: int
) -> None:
    assert killed(out, "a", "b", "c", after=steps) == (steps < ALL_STEPS)
    visible = {path.name for path in out.iterdir() if not path.name.startswith(".")}
    assert visible <= {"a", "b", "c", "untouched"}
    replace_all(out, {})
    found = read(out)
    assert all(text in {BEFORE.get(name), AFTER[name]} for name, text in found.items())
    assert BEFORE.keys() <= found.keys() <= AFTER.keys()
    assert not list(out.glob(".*"))


@pytest.mark.parametrize("steps", range(ALL_STEPS))
def test_what_a_person_puts_in_a_place_after_a_crash_stays(out: Path, steps: int) -> None:
    assert killed(out, "a", "b", "c", after=steps)
    write(out / "a", {"f": "by hand"})
    replace_all(out, {"untouched": b"new"})
    assert read(out).items() >= {"a/f": "by hand", "untouched": "new"}.items()


def test_what_a_crash_leaves_is_ignored_by_git() -> None:
    assert ".replacing/" in (REPOSITORY / ".gitignore").read_text().splitlines()


def test_files_are_replaced_as_folders_are_wherever_they_lie(out: Path) -> None:
    replace_all(out, {"untouched": b"new", "a": NEW, "deep/er/f": b"new"})
    assert read(out) == {"a/f": "new", "b/f": "old b", "deep/er/f": "new", "untouched": "new"}


def test_a_file_that_cannot_be_put_leaves_the_folders_as_they_were(out: Path) -> None:
    with pytest.raises(BadInputError, match=r"cannot be written: (Not a directory|File exists)"):
        replace_all(out, {"a": NEW, "untouched/f": b"new"})
    assert read(out) == BEFORE


ONE_OF_TWO = """
import sys
from pathlib import Path
from codegen.files.transaction import replace_all
out = Path(sys.argv[1])
print("ready", flush=True)
sys.stdin.readline()
for _ in range(20):
    replace_all(out, dict.fromkeys(sys.argv[2:], {"f": b"new"}))
"""


def test_two_commands_at_once_lose_nothing(out: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    commands = [
        subprocess.Popen(  # noqa: S603
            [sys.executable, "-c", ONE_OF_TWO, str(out), *names],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for names in ("abc", "def")
    ]
    for command in commands:
        assert command.stdout is not None
        assert command.stdout.readline() == "ready\n"
    errors = ""
    for command in commands:
        assert command.stdin is not None
        command.stdin.write("go\n")
        command.stdin.flush()
    for command in commands:
        errors += command.communicate()[1]
    assert errors == ""
    assert read(out) == {**{f"{name}/f": "new" for name in "abcdef"}, "untouched": "u"}
    assert not list(out.glob(".*"))


def test_a_command_that_finds_another_one_writing_says_so_and_changes_nothing(
    out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transaction, "_PATIENCE", 0)
    with (
        writing_alone(out),
        pytest.raises(BadInputError, match="another command is writing here"),
    ):
        replace_all(out, {"a": NEW})
    assert read(out) == BEFORE


def test_what_is_found_wrong_when_nobody_else_can_write_stops_the_replacement(
    out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transaction, "_PATIENCE", 0)

    def check() -> None:
        with pytest.raises(BadInputError, match="another command"):
            replace_all(out, {"b": NEW})
        raise BadInputError("has changed", file=out / "a")

    with pytest.raises(BadInputError, match="has changed"):
        replace_all(out, {"a": NEW}, check=check)
    assert read(out) == BEFORE


def test_a_folder_may_lose_all_its_files(out: Path) -> None:
    replace_all(out, {"a": {}})
    assert [*(out / "a").iterdir()] == []


def test_what_cannot_be_put_in_its_place_is_named_by_that(out: Path) -> None:
    (out / "full").write_bytes(b"a file")
    with pytest.raises(BadInputError, match=r"full/new: cannot be written: ") as caught:
        replace_all(out, {"full/new": b"new"})
    assert caught.value.file == out / "full/new"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "definition.yaml"
    path.write_bytes(b"old")
    return path


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_file_is_replaced_and_nothing_left_beside_it(file: Path) -> None:
    write_atomically(file, b"new")
    assert file.read_bytes() == b"new"
    assert names(file.parent) == [file.name]


def test_a_new_file_has_the_mode_that_any_new_file_has(tmp_path: Path) -> None:
    (tmp_path / "plain").touch()
    write_atomically(tmp_path / "new", b"new")
    assert (tmp_path / "new").stat().st_mode == (tmp_path / "plain").stat().st_mode


def test_an_existing_file_keeps_its_mode(file: Path) -> None:
    file.chmod(0o750)
    write_atomically(file, b"new")
    assert file.stat().st_mode & 0o7777 == 0o750


def test_a_symbolic_link_stays_one_and_the_file_behind_it_is_replaced(
    file: Path, tmp_path: Path
) -> None:
    link = tmp_path / "elsewhere" / "link.yaml"
    link.parent.mkdir()
    link.symlink_to(file)
    write_atomically(link, b"new")
    assert link.is_symlink()
    assert file.read_bytes() == b"new"
    assert names(link.parent) == [link.name]


def test_a_link_to_a_file_that_does_not_exist_yet_makes_the_file(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "new")
    write_atomically(tmp_path / "link", b"new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "new").read_bytes() == b"new"


def test_what_is_no_regular_file_is_written_to(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    read: list[bytes] = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_bytes()))
    reader.start()
    write_atomically(pipe, b"new")
    reader.join()
    assert read == [b"new"]
    assert pipe.is_fifo()


@pytest.mark.parametrize("interruption", [KeyboardInterrupt, OSError(28, "No space left")])
@pytest.mark.parametrize("step", ["os.fsync", "pathlib.Path.replace"])
def test_an_interruption_leaves_the_file_as_it_was_and_nothing_beside_it(
    file: Path,
    monkeypatch: pytest.MonkeyPatch,
    interruption: type[BaseException] | OSError,
    step: str,
) -> None:
    def interrupt(*_: object) -> None:
        raise interruption

    monkeypatch.setattr(step, interrupt)
    with pytest.raises((KeyboardInterrupt, BadInputError)):
        write_atomically(file, b"new")
    assert file.read_bytes() == b"old"
    assert names(file.parent) == [file.name]


def test_the_content_is_on_the_disk_before_it_has_the_name(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps: list[str] = []
    replace = Path.replace

    def note_fsync(_descriptor: int) -> None:
        steps.append("fsync")

    def note_replace(path: Path, target: Path) -> Path:
        steps.append("replace")
        return replace(path, target)

    monkeypatch.setattr("os.fsync", note_fsync)
    monkeypatch.setattr(Path, "replace", note_replace)
    write_atomically(file, b"new")
    assert steps == ["fsync", "replace"]


@pytest.mark.parametrize("redirection", ["| cat", ">> file; cat file"])
def test_standard_output_can_be_named_and_written_on(tmp_path: Path, redirection: str) -> None:
    program = (
        "from pathlib import Path; from codegen.files.transaction import write_atomically; "
        "write_atomically(Path('/dev/stdout'), b'new')"
    )
    result = subprocess.run(  # noqa: S602 - a shell redirects
        f'("{sys.executable}" -c "{program}"; printf er) {redirection}',
        shell=True,
        cwd=tmp_path,
        env={"PYTHONPATH": str(REPOSITORY), "PATH": os.environ["PATH"]},
        capture_output=True,
        check=True,
    )
    assert (result.stdout, result.stderr) == (b"newer", b"")


@pytest.mark.parametrize("name", ["missing/file", "folder", "circle"])
def test_what_cannot_be_written_is_bad_input(tmp_path: Path, name: str) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "circle").symlink_to(tmp_path / "circle")
    with pytest.raises(BadInputError, match=f"{name}: cannot be written: "):
        write_atomically(tmp_path / name, b"new")


def make_folder_of_a_person(path: Path) -> None:
    path.mkdir(parents=True)
    (path / "pyproject.toml").write_text("[project]\n# Generated by `python -m codegen generate x`")


def make_file(path: Path) -> None:
    path.write_text("mine")


def make_link(path: Path) -> None:
    path.with_name("elsewhere").mkdir()
    path.symlink_to(path.with_name("elsewhere"))


def make_dangling_link(path: Path) -> None:
    path.symlink_to(path.with_name("nowhere"))


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (make_folder_of_a_person, "would be deleted, yet its pyproject.toml does not say that"),
        (make_file, "is no folder, and a folder would be written in its place"),
        (make_link, "is a symbolic link, in whose place a folder would be written"),
        (make_dangling_link, "is a symbolic link"),
    ],
)
def test_what_was_not_generated_is_refused_before_anything_is_made(
    calls: Provider, tmp_path: Path, make: Callable[[Path], None], message: str
) -> None:
    out = tmp_path / "out"
    out.mkdir()
    make(out / "calls")
    before = sorted(tmp_path.rglob("*"))
    calls.definition_path.write_text("broken: [")  # whose message would come first otherwise
    before_text = calls.definition_path.read_text()
    with pytest.raises(BadInputError, match=message) as caught:
        generate([calls], out=out)
    assert caught.value.file == out / "calls"
    assert str(caught.value).endswith("; move it away, or name another folder with --out")
    assert sorted(tmp_path.rglob("*")) == before
    assert calls.definition_path.read_text() == before_text


def test_a_missing_folder_and_an_empty_one_may_be_replaced(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    require_replaceable(tmp_path / "empty")
    require_replaceable(tmp_path / "missing")


def test_what_was_generated_may_be_replaced(calls: Provider) -> None:
    generate([calls])
    require_replaceable(calls.generated_path)
