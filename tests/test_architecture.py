"""Who may import whom."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from callrecords.providers.any_package import package
from codegen.openapi import access as connection

ROOT = Path(__file__).parents[1]
FACADE = ROOT / "src/callrecords"
CORE = sorted(
    path.relative_to(FACADE).as_posix()
    for path in FACADE.rglob("*.py")
    if path.relative_to(FACADE).parts[0] not in {"cli", "sandbox"}
)
"""The modules of the facade itself; the sandbox is a server, the command line a program."""
SENDERS = {"_sync.py", "_async.py"}


def imports(file: Path) -> set[str]:
    """The top-level packages that a module imports from elsewhere, also inside functions."""
    return imported_by(ast.parse(file.read_bytes()))


def imported_by(tree: ast.Module) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names.update(alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            names.add(str(node.module).partition(".")[0])
    return names


def run_time_imports(file: Path) -> set[str]:
    """The same without what only type checkers import."""
    tree = ast.parse(file.read_bytes())
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            node.body = [ast.Pass()]
    return imported_by(tree)


def attributes(file: Path) -> set[str]:
    """The names behind a dot in a module, among them those of all methods that it calls."""
    tree = ast.parse(file.read_bytes())
    return {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}


def is_ours(name: str) -> bool:
    return name in {"codegen", "release"} or name.startswith("callrecords")


def distributions() -> list[str]:
    names = (path.name for path in (ROOT / "generated").iterdir())
    # A command that was killed leaves a hidden folder.
    return sorted(name for name in names if not name.startswith("."))


@pytest.mark.parametrize("provider", distributions())
def test_a_generated_package_imports_nothing_of_ours(provider: str) -> None:
    modules = list((ROOT / "generated" / provider).rglob("*.py"))
    assert modules
    assert not {name for module in modules for name in imports(module) if is_ours(name)}


def test_codegen_imports_nothing_that_ships() -> None:
    modules = list((ROOT / "codegen").rglob("*.py"))
    assert modules
    names = {name for module in modules for name in imports(module)}
    assert {name for name in names if is_ours(name)} == {"codegen"}


def test_release_imports_codegen_and_nothing_that_ships() -> None:
    modules = list((ROOT / "release").rglob("*.py"))
    assert modules
    names = {name for module in modules for name in imports(module)}
    assert {name for name in names if is_ours(name)} == {"codegen", "release"}


@pytest.mark.parametrize("folder", ["src", "generated"])
@pytest.mark.parametrize("tool", ["codegen", "release"])
def test_nothing_that_ships_imports_our_tools(folder: str, tool: str) -> None:
    modules = list((ROOT / folder).rglob("*.py"))
    assert modules
    assert not [module for module in modules if tool in imports(module)]


def test_the_facade_imports_generated_packages_only_for_their_providers() -> None:
    modules = list(FACADE.rglob("*.py"))
    importing = {
        (module.relative_to(FACADE).parts[:2], name)
        for module in modules
        for name in run_time_imports(module)
        if name.startswith("callrecords_")
    }
    assert importing == {
        (("providers", provider), f"callrecords_{provider}")
        for provider in ("apifycloud", "cometchat", "realtimekit", "zudu")
    }


@pytest.mark.parametrize("effect", ["send", "sleep"])
def test_only_the_two_clients_send_and_sleep(effect: str) -> None:
    assert {module for module in CORE if effect in attributes(FACADE / module)} == SENDERS


def test_only_clients_are_awaited() -> None:
    awaiting = {
        module
        for module in CORE
        for node in ast.walk(ast.parse((FACADE / module).read_bytes()))
        if isinstance(node, ast.AsyncFunctionDef | ast.Await)
    }
    assert awaiting == {"_async.py", *(name for name in CORE if name.endswith("/client.py"))}


def test_generator_and_facade_know_the_same_schemes_that_no_secret_satisfies() -> None:
    # Neither imports the other, so each has the list.
    computed = [vars(module)["_COMPUTED"] for module in (connection, package)]
    assert computed[0] == computed[1] != frozenset()
