"""Who may import whom."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


def imports(file: Path) -> set[str]:
    """The top-level packages that a module imports from elsewhere, also inside functions."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(file.read_bytes())):
        if isinstance(node, ast.Import):
            names.update(alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            names.add(str(node.module).partition(".")[0])
    return names


def is_ours(name: str) -> bool:
    return name == "codegen" or name.startswith("callrecords")


@pytest.mark.parametrize("provider", sorted(path.name for path in (ROOT / "generated").iterdir()))
def test_a_generated_package_imports_nothing_of_ours(provider: str) -> None:
    modules = list((ROOT / "generated" / provider).rglob("*.py"))
    assert modules
    assert not {name for module in modules for name in imports(module) if is_ours(name)}


def test_codegen_imports_nothing_that_ships() -> None:
    modules = list((ROOT / "codegen").rglob("*.py"))
    assert modules
    names = {name for module in modules for name in imports(module)}
    assert {name for name in names if is_ours(name)} == {"codegen"}
