from __future__ import annotations

import importlib.util
from typing import TYPE_CHECKING

import pytest

from codegen.commands.update.code import (
    CodeProblem,
    base_of,
    broken_lines,
    code_files,
    code_in_repository,
    python_blocks,
)
from codegen.files.errors import BadInputError
from codegen.providers.provider import Provider

if TYPE_CHECKING:
    from pathlib import Path

OLD = "class Call:\n    id: str = ''\n    mos: float = 0.0\n"
NEW = {"callrecords_tiny/__init__.py": b"class Call:\n    id: str = ''\n"}
CODE = """\
from callrecords_tiny import Call
from callrecords_other import Other

def quality(call: Call) -> float:
    return call.mos

wrong: int = "there before"
other: str = Other().name
"""
PAGE = """\
# Calls

1. In a list:

   ```python
   from callrecords_tiny import Call

   print(Call().id)
   print(Call().mos)
   ```
"""


def tiny(root: Path) -> Provider:
    names = "tiny", "callrecords-tiny", "callrecords_tiny"
    return Provider(root, *names, "1.0.0", "Tiny", (), "https://tiny.example", ())


def _write(root: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")


def test_lines_that_an_update_breaks_are_told_and_nothing_is_left_behind(tmp_path: Path) -> None:
    _write(
        tmp_path,
        {
            "src/tool/__init__.py": "",
            "src/tool/quality.py": CODE,
            "docs/page.md": PAGE,
            "generated/other/callrecords_other/__init__.py": "class Other:\n    name: str = ''\n",
            "generated/tiny/callrecords_tiny/__init__.py": OLD,
        },
    )
    before = sorted(tmp_path.rglob("*"))
    message = '"Call" has no attribute "mos"'
    assert broken_lines(tiny(tmp_path), NEW, []) == [
        CodeProblem("docs/page.md", 9, message),
        CodeProblem("src/tool/quality.py", 5, message),
    ]
    assert sorted(tmp_path.rglob("*")) == before


def test_code_that_cannot_be_parsed_is_bad_input_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "mine.py"
    file.write_text("ok = 1\ndef (:\n", encoding="utf-8")
    with pytest.raises(BadInputError, match=r"mine\.py:2: "):
        broken_lines(tiny(tmp_path), NEW, [file])


def test_without_mypy_the_error_says_what_installs_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def nothing(_: str) -> None:
        return None

    monkeypatch.setattr(importlib.util, "find_spec", nothing)
    with pytest.raises(BadInputError, match="pip install --group types"):
        broken_lines(tiny(tmp_path), NEW, [])


def test_a_repository_without_such_code_needs_no_look(tmp_path: Path) -> None:
    assert broken_lines(tiny(tmp_path), NEW, []) == []


def test_code_of_the_repository_is_what_names_the_provider(tmp_path: Path) -> None:
    names = {"src/a.py": "class AnyPackage: ...", "tests/b.py": "any_package", "docs/c.md": "-"}
    _write(tmp_path, {**names, "demo.py": "import callrecords_any_package", "codegen/d.py": "any"})
    found = code_in_repository(tmp_path, "callrecords_any_package")
    assert [file.relative_to(tmp_path).as_posix() for file in found] == [
        "demo.py",
        "src/a.py",
        "tests/b.py",
    ]


def test_what_others_installed_among_the_code_is_not_looked_at(tmp_path: Path) -> None:
    others = ("env/lib/site-packages/a.py", ".hidden/b.py", "notes.txt")
    _write(tmp_path, dict.fromkeys([*others, "mine.py", "more/mine.md"], ""))
    assert code_files([tmp_path]) == [tmp_path / "mine.py", tmp_path / "more/mine.md"]


def test_a_place_that_does_not_exist_is_bad_input(tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match="no such file or folder"):
        code_files([tmp_path / "absent"])


@pytest.mark.parametrize(
    ("place", "base"),
    [("plain", "plain"), ("package/inner/code.py", "."), ("project", "project/src")],
)
def test_code_imports_from_above_its_outermost_package(
    tmp_path: Path, place: str, base: str
) -> None:
    packages = ("package/__init__.py", "package/inner/__init__.py", "package/inner/code.py")
    _write(tmp_path, dict.fromkeys([*packages, "plain/code.py", "project/src/code.py"], ""))
    assert base_of(tmp_path / place) == tmp_path / base


def test_lines_of_a_block_stand_where_they_are_in_the_document() -> None:
    (block,) = python_blocks(PAGE)
    assert block.splitlines()[8] == PAGE.splitlines()[8].strip()
