from __future__ import annotations

import ast
import time
import tomllib
from typing import TYPE_CHECKING

import pytest

from tests.mutants.__main__ import ARGUED, ROOT, passes
from tests.mutants.changes import changes
from tests.mutants.modules import DECODING

if TYPE_CHECKING:
    from pathlib import Path

SURVIVORS: list[dict[str, str]] = tomllib.loads(ARGUED.read_text(encoding="utf-8"))["survivor"]
SILENT = '''\
"""A docstring with 1 == 2."""
from typing import TYPE_CHECKING, TypeAlias
if TYPE_CHECKING:
    import sys
    A = 1 == 2
__all__ = ["a"]
Text: TypeAlias = "str | int"
@dataclass(frozen=True)
class Place:
    """Another."""
    name: "str"
def at(place: "Place", text="any prose") -> "int":
    if isinstance(place, str | int):
        raise ValueError(f"{place == 1}", "text")
'''


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a < b", ["a <= b"]),
        ("a == b", ["a != b"]),
        ("a in b", ["a not in b"]),
        ("a not in b", ["a in b"]),
        ("a is not b", ["a is b"]),
        ("a < b <= c", ["a <= b <= c", "a < b < c"]),
        ("a and b and c", ["a or b and c", "a and b or c"]),
        ("not (a or b)", ["(a or b)", "not (a and b)"]),
        ("a - b", ["a + b"]),
        ("any(a)", ["all(a)"]),
        ("x = 1", ["x = 2"]),
        ("x = True", ["x = False"]),
        ("x = 'å', 'b'", ["x = 'å~', 'b'", "x = 'å', 'b~'"]),
        ("while a: break", ["while a: continue"]),
    ],
)
def test_each_place_that_decides_is_changed_on_its_own(before: str, after: list[str]) -> None:
    assert sorted(change.after for change in changes(before)) == sorted(after)


def test_what_decides_nothing_is_left_alone() -> None:
    assert changes(SILENT) == []


def test_a_change_tells_its_own_line() -> None:
    [change] = changes("a = b(\n    c\n    and d\n)\n")
    assert (change.line, change.before, change.after) == (3, "and d", "or d")
    assert change.source == "a = b(\n    c\n    or d\n)\n"


def test_every_change_of_a_module_of_ours_is_python_and_differs() -> None:
    found = changes((ROOT / "codegen/openapi/grammar.py").read_text(encoding="utf-8"))
    assert found
    for change in found:
        ast.parse(change.source)
        assert change.before != change.after


@pytest.mark.parametrize("pattern", DECODING)
def test_what_decodes_is_found_with_its_tests(pattern: str) -> None:
    assert list(ROOT.glob(pattern))
    assert [test for test in DECODING[pattern] if not (ROOT / test).exists()] == []


@pytest.mark.parametrize("survivor", SURVIVORS, ids=lambda survivor: str(survivor["line"]))
def test_a_change_that_is_argued_is_one_that_is_made(survivor: dict[str, str]) -> None:
    made = changes((ROOT / survivor["module"]).read_text(encoding="utf-8"))
    assert (survivor["line"], survivor["becomes"]) in {(one.before, one.after) for one in made}
    assert survivor["why"]


def test_tests_that_hang_do_not_pass(tmp_path: Path) -> None:
    (tmp_path / "generated").mkdir()
    test = tmp_path / "test_waiting.py"
    test.write_text("def test_waiting():\n    pass\n")
    assert passes((test.name,), tmp_path, 60)
    test.write_text("def test_waiting():\n    while True:\n        pass\n")
    start = time.monotonic()
    assert not passes((test.name,), tmp_path, 1)
    assert time.monotonic() - start < 60
