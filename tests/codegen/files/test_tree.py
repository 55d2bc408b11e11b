"""Folders compared."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import pytest

from codegen.files.tree import diff_files, digest, files_at

if TYPE_CHECKING:
    from pathlib import Path

Files: TypeAlias = dict[str, str | bytes]


def write(folder: Path, files: Files) -> Path:
    for name, content in files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content.encode() if isinstance(content, str) else content)
    return folder


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        pytest.param({"a": "1\n"}, {"a": "1\n"}, "", id="equal"),
        pytest.param({"a/__pycache__/a.pyc": "1"}, {}, "", id="cached byte code"),
        pytest.param({"a/.mypy_cache/a": "1", ".ruff_cache/a": "1"}, {}, "", id="caches"),
        pytest.param({".pytest_cache/d/a": "1", ".venv/b/a": "1"}, {}, "", id="environments"),
        pytest.param(
            {"dist/a.whl": "1", "build/lib/a": "1", "a.egg-info/PKG-INFO": "1"}, {}, "", id="build"
        ),
        pytest.param(
            {"a/dist/b": ""}, {}, "--- a/a/dist/b\n+++ /dev/null\n", id="a package called dist"
        ),
        pytest.param({"build": ""}, {}, "--- a/build\n+++ /dev/null\n", id="a file called build"),
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
    before, after = write(tmp_path / "old", old), write(tmp_path / "new", new)
    assert diff_files(files_at(before), files_at(after)) == expected


def test_diff_lists_files_in_the_order_of_folders() -> None:
    diff = diff_files({}, {"x/b": b"", "x/a/z": b""})
    assert diff == "--- /dev/null\n+++ b/x/a/z\n--- /dev/null\n+++ b/x/b\n"


def test_a_file_is_there_by_a_dot_and_what_is_missing_has_no_files(tmp_path: Path) -> None:
    write(tmp_path, {"a": "1"})
    assert files_at(tmp_path / "a") == {".": b"1"}
    assert files_at(tmp_path / "none") == {}


def test_two_folders_have_one_digest_when_they_differ_in_nothing_or_in_leftovers(
    tmp_path: Path,
) -> None:
    files: Files = {"a": "1", "b/c": "2", "b/build/d": "3", ".venvs/a": "4", "build2/a": "5"}
    one, other = write(tmp_path / "one", files), write(tmp_path / "other", files)
    left = (
        "__pycache__/a", "b/__pycache__/a", ".mypy_cache/a", ".pytest_cache/a", ".ruff_cache/a",
        ".venv/a/b", "build/a", "dist/a", "a.egg-info/a",
    )  # fmt: skip
    write(other, dict.fromkeys(left, ""))
    assert digest(one) == digest(other)
    assert digest(tmp_path / "none") is None
    seen = {digest(one), digest(one / "a"), digest(one / "b")}
    for name in files:
        seen.add(digest(write(other, {name: "changed"})))
    assert len(seen) == 3 + len(files)
