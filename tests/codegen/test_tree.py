"""Folders compared and replaced."""

from __future__ import annotations

from pathlib import Path
from typing import TypeAlias

import pytest

from codegen.tree import diff_trees, replace_trees

Files: TypeAlias = dict[str, str | bytes]


def write(folder: Path, files: Files) -> Path:
    for name, content in files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content.encode() if isinstance(content, str) else content)
    return folder


def read(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): path.read_text()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        pytest.param({"a": "1\n"}, {"a": "1\n"}, "", id="equal"),
        pytest.param({"__pycache__/a.pyc": "1"}, {}, "", id="cached byte code"),
        pytest.param(
            {"a": "1\n"}, {"a": "2\n"}, "--- a/a\n+++ b/a\n@@ -1 +1 @@\n-1\n+2\n", id="changed"
        ),
        pytest.param(
            {}, {"d/a": "1\n"}, "--- /dev/null\n+++ b/d/a\n@@ -0,0 +1 @@\n+1\n", id="added"
        ),
        pytest.param({"a": "1\n"}, {}, "--- a/a\n+++ /dev/null\n@@ -1 +0,0 @@\n-1\n", id="removed"),
        pytest.param({}, {"a": ""}, "--- /dev/null\n+++ b/a\n", id="empty file added"),
        pytest.param(
            {"a": "1"},
            {"a": "1\n"},
            "--- a/a\n+++ b/a\n@@ -1 +1 @@\n-1\n\\ No newline at end of file\n+1\n",
            id="newline at the end",
        ),
        pytest.param(
            {"a": "1\r\n"}, {"a": "1\n"}, "--- a/a\n+++ b/a\n@@ -1 +1 @@\n-1\r\n+1\n", id="CR LF"
        ),
        pytest.param({"a": b"\0"}, {"a": b"\1"}, "Binary files a/a and b/a differ\n", id="NUL"),
        pytest.param({"a": b"\xff"}, {}, "Binary files a/a and /dev/null differ\n", id="not UTF-8"),
    ],
)
def test_diff_of_two_trees(tmp_path: Path, old: Files, new: Files, expected: str) -> None:
    assert diff_trees(write(tmp_path / "old", old), write(tmp_path / "new", new)) == expected


def test_diff_lists_files_in_order_under_the_label(tmp_path: Path) -> None:
    diff = diff_trees(tmp_path / "none", write(tmp_path / "new", {"b": "", "a/z": ""}), label="x/y")
    assert diff == "--- /dev/null\n+++ b/x/y/a/z\n--- /dev/null\n+++ b/x/y/b\n"


def test_replacing_leaves_nothing_of_the_old_tree_nor_beside_it(tmp_path: Path) -> None:
    destination = write(tmp_path / "out" / "zudu", {"old": "1"})
    replace_trees({destination: write(tmp_path / "new", {"a/b": "2"})})
    assert read(tmp_path / "out") == {"zudu/a/b": "2"}


def test_destination_and_its_parents_need_not_exist(tmp_path: Path) -> None:
    replace_trees({tmp_path / "a" / "b" / "c": write(tmp_path / "new", {"f": "1"})})
    assert read(tmp_path / "a") == {"b/c/f": "1"}


def test_missing_source_leaves_every_destination_as_it_was(tmp_path: Path) -> None:
    first, second = write(tmp_path / "out/a", {"f": "1"}), write(tmp_path / "out/b", {"f": "2"})
    new = write(tmp_path / "new", {"f": "3"})
    with pytest.raises(FileNotFoundError):
        replace_trees({first: new, second: tmp_path / "missing"})
    assert read(tmp_path / "out") == {"a/f": "1", "b/f": "2"}


@pytest.mark.parametrize("failing", range(6))
def test_failed_renaming_undoes_those_before_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failing: int
) -> None:
    names = ["a", "b", "c"]
    destinations = [write(tmp_path / "out" / name, {"f": name}) for name in names]
    new = write(tmp_path / "new", {"f": "new"})
    rename, count = Path.rename, iter(range(100))

    def fail_once(path: Path, target: Path) -> Path:
        if next(count) == failing:
            raise PermissionError(13, "no")
        return rename(path, target)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "rename", fail_once)
        with pytest.raises(PermissionError):
            replace_trees(dict.fromkeys(destinations, new))
    assert read(tmp_path / "out") == {"a/f": "a", "b/f": "b", "c/f": "c"}


def test_crash_between_two_renamings_is_put_right_by_the_next_call(tmp_path: Path) -> None:
    write(tmp_path / "out", {".a.old/f": "before", ".a.new/f": "half"})
    with pytest.raises(FileNotFoundError):
        replace_trees({tmp_path / "out" / "a": tmp_path / "missing"})
    assert read(tmp_path / "out") == {"a/f": "before"}


def test_crash_after_the_renamings_is_cleaned_up_by_the_next_call(tmp_path: Path) -> None:
    write(tmp_path / "out", {".a.old/f": "before", "a/f": "after"})
    replace_trees({tmp_path / "out" / "a": write(tmp_path / "new", {"f": "newer"})})
    assert read(tmp_path / "out") == {"a/f": "newer"}
