"""Folders replaced, all or none."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from codegen.files.errors import BadInputError, BadInputs
from codegen.files.file_replacement import replace_all, writing_alone

REPOSITORY = Path(__file__).parents[3]
BEFORE = {"a/f": "old a", "b/f": "old b", "untouched": "u"}
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


@pytest.fixture
def new(tmp_path: Path) -> Path:
    return write(tmp_path / "new", {"f": "new"})


def test_old_folders_are_gone_and_nothing_is_left_beside_the_new_ones(out: Path, new: Path) -> None:
    replace_all(out, dict.fromkeys("abc", new))
    assert read(out) == AFTER
    assert sorted(path.name for path in out.iterdir()) == ["a", "b", "c", "untouched"]
    assert read(new) == {"f": "new"}


def test_the_folder_of_the_folders_need_not_exist(tmp_path: Path, new: Path) -> None:
    replace_all(tmp_path / "x" / "y", {"a": new})
    assert read(tmp_path / "x") == {"y/a/f": "new"}


def test_a_missing_source_leaves_every_folder_as_it_was(out: Path, new: Path) -> None:
    with pytest.raises(BadInputError, match="missing: cannot be written: No such file"):
        replace_all(out, {"a": new, "b": out / "missing"})
    assert read(out) == BEFORE


@pytest.mark.parametrize("failing", range(5))
def test_a_failed_renaming_undoes_those_before_it(
    out: Path, new: Path, monkeypatch: pytest.MonkeyPatch, failing: int
) -> None:
    rename, count = Path.rename, iter(range(100))

    def fail_once(path: Path, target: Path) -> Path:
        if next(count) == failing:
            raise PermissionError(13, "no")
        return rename(path, target)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "rename", fail_once)
        with pytest.raises(BadInputError, match="cannot be written: no"):
            replace_all(out, dict.fromkeys("abc", new))
    assert read(out) == BEFORE


def test_a_folder_in_which_nobody_can_write_alone_is_said(out: Path, new: Path) -> None:
    (out / ".replacing.lock").mkdir()
    with pytest.raises(BadInputError, match="cannot be written: "):
        replace_all(out, {"a": new})
    assert read(out) == BEFORE


# Every renaming and removal is announced to audit hooks; at one of them the program ends as if it
# was killed.
KILLED = """
import os, sys
from pathlib import Path
from codegen.files.file_replacement import replace_all
out, new, last = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
remaining = iter(range(last))
def end(event, arguments):
    if event in ("os.rename", "os.remove") and next(remaining, None) is None:
        os._exit(9)
sys.addaudithook(end)
replace_all(out, dict.fromkeys(sys.argv[4:], new))
"""


def killed(out: Path, new: Path, *names: str, after: int) -> bool:
    """Whether a call ends before its end, when it is killed after so many steps."""
    program = [sys.executable, "-c", KILLED, str(out), str(new), str(after), *names]
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    code = subprocess.run(program, env=environment, check=False).returncode  # noqa: S603
    assert code in (0, 9)
    return code == 9


# The journal gets its name, two folders are renamed twice and a third once, the journal is removed;
# from then on all are replaced, and the files of the two old folders are removed.
COMPLETE = 1 + 2 * 2 + 1 + 1
# Last of all goes the file of the lock.
ALL_STEPS = COMPLETE + 2 + 1


@pytest.mark.parametrize("steps", range(ALL_STEPS + 1))
def test_a_call_that_is_killed_is_undone_by_the_next_one_or_was_complete(
    out: Path, new: Path, steps: int
) -> None:
    assert killed(out, new, "a", "b", "c", after=steps) == (steps < ALL_STEPS)
    visible = {path.name for path in out.iterdir() if not path.name.startswith(".")}
    assert visible <= {"a", "b", "c", "untouched"}
    replace_all(out, {})
    assert read(out) == (BEFORE if steps < COMPLETE else AFTER)
    assert not list(out.glob(".*"))


@pytest.mark.parametrize("steps", range(8))
def test_undoing_may_be_killed_too(out: Path, new: Path, steps: int) -> None:
    assert killed(out, new, "a", "b", "c", after=6)
    killed(out, new, after=steps)
    replace_all(out, {})
    assert read(out) == BEFORE
    assert not list(out.glob(".*"))


@pytest.mark.parametrize("steps", range(2, COMPLETE))
def test_what_a_person_has_put_back_after_a_crash_is_undone_already(
    out: Path, new: Path, steps: int
) -> None:
    assert killed(out, new, "a", "b", "c", after=steps)
    write(out, BEFORE)
    replace_all(out, {})
    assert read(out) == BEFORE
    assert not list(out.glob(".*"))


@pytest.mark.parametrize("name", "abc")
@pytest.mark.parametrize("steps", range(COMPLETE))
def test_undoing_destroys_nothing_that_a_person_did_after_the_crash(
    out: Path, new: Path, steps: int, name: str
) -> None:
    assert killed(out, new, "a", "b", "c", after=steps)
    write(out / name, {"f": "by hand"})
    before = BEFORE.get(f"{name}/f")
    try:
        replace_all(out, {"untouched": new / "f"})
    except BadInputs as error:
        (problem,) = error.problems
        assert problem.file == out / name
        kept = out / ".replacing/old" / name
        assert (str(kept) in problem.message) == (before is not None)
        assert not kept.exists() or (kept / "f").read_text() == before
        shutil.rmtree(out / ".replacing")
        replace_all(out, {"untouched": new / "f"})
    assert read(out) == {**BEFORE, "untouched": "new", f"{name}/f": "by hand"}


def test_a_folder_that_a_person_removes_after_a_crash_is_as_it_was(out: Path, new: Path) -> None:
    assert killed(out, new, "a", "b", "c", after=4)
    shutil.rmtree(out / "a")
    replace_all(out, {})
    assert read(out) == BEFORE


def test_caches_in_what_was_put_are_no_work_of_a_person(out: Path, new: Path) -> None:
    assert killed(out, new, "a", "b", "c", after=4)
    write(out / "a/__pycache__", {"f.pyc": "compiled"})
    replace_all(out, {})
    assert read(out) == BEFORE


def test_what_a_crash_leaves_is_ignored_by_git() -> None:
    assert ".replacing/" in (REPOSITORY / ".gitignore").read_text().splitlines()


def test_files_are_replaced_as_folders_are_wherever_they_lie(out: Path, new: Path) -> None:
    replace_all(out, {"untouched": new / "f", "a": new, "deep/er/f": new / "f"})
    assert read(out) == {"a/f": "new", "b/f": "old b", "deep/er/f": "new", "untouched": "new"}


def test_a_file_that_cannot_be_put_leaves_the_folders_as_they_were(out: Path, new: Path) -> None:
    with pytest.raises(BadInputError, match=r"cannot be written: (Not a directory|File exists)"):
        replace_all(out, {"a": new, "untouched/f": new / "f"})
    assert read(out) == BEFORE


ONE_OF_TWO = """
import sys
from pathlib import Path
from codegen.files.file_replacement import replace_all
out, new = Path(sys.argv[1]), Path(sys.argv[2])
print("ready", flush=True)
sys.stdin.readline()
for _ in range(20):
    replace_all(out, dict.fromkeys(sys.argv[3:], new))
"""


def test_two_commands_at_once_lose_nothing(out: Path, new: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    commands = [
        subprocess.Popen(  # noqa: S603
            [sys.executable, "-c", ONE_OF_TWO, str(out), str(new), *names],
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
    out: Path, new: Path
) -> None:
    with (
        writing_alone(out),
        pytest.raises(BadInputError, match="another command is writing here"),
    ):
        replace_all(out, {"a": new}, patience=0)
    assert read(out) == BEFORE


def test_what_is_found_wrong_when_nobody_else_can_write_stops_the_replacement(
    out: Path, new: Path
) -> None:
    def check() -> None:
        with pytest.raises(BadInputError, match="another command"):
            replace_all(out, {"b": new}, patience=0)
        raise BadInputError("has changed", file=out / "a")

    with pytest.raises(BadInputError, match="has changed"):
        replace_all(out, {"a": new}, check=check)
    assert read(out) == BEFORE
