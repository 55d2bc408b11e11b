"""Who may import whom."""

from __future__ import annotations

import ast
import functools
import itertools
import sys
import tomllib
from typing import TYPE_CHECKING

import pytest
from packaging.requirements import Requirement

from codegen.providers.releases import read_distributions
from tests.imports import DISTRIBUTIONS, MODULES, ROOT, Module, circles, edges, within

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from codegen.providers.releases import Distribution

ROOMS = {
    "files": set[str](),
    "openapi": {"files"},
    "overlay": {"openapi", "files"},
    "providers": {"overlay", "openapi", "files"},
    "proof": {"providers", "overlay", "openapi", "files"},
    "generator": {"providers", "overlay", "openapi", "files"},
    "compare": {"generator", "providers", "overlay", "openapi", "files"},
    "commands": {"compare", "proof", "generator", "providers", "overlay", "openapi", "files"},
}
"""The packages of codegen, from the bottom up, by those that each may import."""
LIGHT = ("files", "openapi", "overlay", "providers")
"""Those that must not import the generator, which takes a second."""
NO_MIRROR = {
    "commands/test_circles.py": "that every command ends on definitions that go round in circles",
    "commands/test_found_facts.py": "what add proposes for x-client, by what a definition shows",
    "commands/test_command_line.py": "all commands, as a shell runs them",
    "compare/test_programs.py": "what mypy says of programs, against what compare says",
    "generator/test_reserved_names.py": "what a package calls what its modules need themselves",
    "openapi/test_circles.py": "that every module that walks a definition ends on such ones",
    "providers/test_specs.py": "the committed definitions and payloads",
}
"""Tests of no module of their own."""
FACADE = ROOT / "src/callrecords"
RUNTIME = ROOT / "runtime/callrecords_runtime"
CLIENTS = {"blocking.py", "awaited.py"}
"""The modules of the runtime that send and sleep; all others decide."""
BODIES = {"blocking_bodies.py", "awaited_bodies.py"}
"""The parts of them that take in bodies."""
AWAITED = {"awaited.py", "awaited_bodies.py", "awaiting.py"}
CONNECTIONS = {"http_clients.py", "transport.py"}
"""Those through which they send."""
MOST_LINES = 300
"""How long a module of the runtime may be."""
WHAT_SHIPS = read_distributions(ROOT)
CALLED = {"dateutil": "python-dateutil", "jsonschema_rs": "jsonschema-rs"}
"""The distributions whose modules have another name."""
TOOLS = ("benchmarks", "codegen", "docs_site", "release", "tests")
"""The packages of the repository that nobody installs."""


@functools.cache
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
    return name in TOOLS or name.startswith("callrecords")


def ours_in(folder: Path) -> set[str]:
    """The top-level packages of ours that the modules of a folder import, itself among them."""
    modules = list(folder.rglob("*.py"))
    assert modules
    return {name for module in modules for name in imports(module) if is_ours(name)}


def test_the_runtime_imports_nothing_else_of_ours() -> None:
    assert ours_in(RUNTIME) == {"callrecords_runtime"}


@pytest.mark.parametrize("provider", DISTRIBUTIONS)
def test_a_generated_package_imports_nothing_of_ours_but_the_runtime(provider: str) -> None:
    assert ours_in(ROOT / "generated" / provider) == {"callrecords_runtime"}


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


@pytest.mark.parametrize("folder", ["runtime", "src", "generated"])
@pytest.mark.parametrize("tool", TOOLS)
def test_nothing_that_ships_imports_our_tools(folder: str, tool: str) -> None:
    modules = list((ROOT / folder).rglob("*.py"))
    assert modules
    assert not [module for module in modules if tool in imports(module)]


def room_of(name: str) -> str | None:
    """The room of codegen that a module is in."""
    top, _, rest = name.partition(".")
    return rest.partition(".")[0] if top == "codegen" and rest else None


def graph() -> dict[str, set[str]]:
    """All modules of the repository, with those that each imports, in whatever way."""
    found = {name: edges(module, module.imported) for name, module in MODULES.items()}
    # What users import from it is loaded when it is used; type checkers alone see it imported.
    facade = MODULES["callrecords"]
    found["callrecords"] = edges(facade, facade.names_in(*at_once(facade.tree.body)))
    return found


def test_codegen_has_these_rooms_and_nothing_beside_them() -> None:
    entries = {path.name for path in (ROOT / "codegen").iterdir() if path.name != "__pycache__"}
    assert entries == {*ROOMS, "__init__.py", "__main__.py"}


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_imports_only_those_below_it(room: str) -> None:
    modules = within(f"codegen.{room}")
    assert modules
    imported = {
        (module.name, other)
        for module in modules
        for other in edges(module, module.imported)
        if other.startswith("codegen") and room_of(other) not in ROOMS[room] | {room}
    }
    assert imported == set()


def test_no_modules_import_each_other() -> None:
    assert circles(graph()) == []


def owner_of_private(name: str) -> str | None:
    """The package that something private is of; None if a name is public, or not ours."""
    parts = name.split(".")
    for number, part in enumerate(parts):
        if part.startswith("_") and not part.endswith("__"):
            owner = MODULES.get(".".join(parts[:number]))
            return None if owner is None else owner.package
    return None


def test_what_is_private_is_imported_only_in_its_own_package() -> None:
    strangers = {
        (module.name, ".".join(name.split(".")[:2]))
        for module in MODULES.values()
        if not module.name.startswith("tests.")
        for name in module.imported
        if (owner := owner_of_private(name)) is not None
        if not f"{module.name}.".startswith(f"{owner}.")
    }
    assert strangers == set()


PACKAGES = [module for module in within("codegen") if module.is_package]


@pytest.mark.parametrize("module", PACKAGES, ids=lambda module: str(module.name))
def test_a_package_of_codegen_says_what_it_is_and_what_it_offers(module: Module) -> None:
    assert ast.get_docstring(module.tree)
    bound = {
        alias.asname or alias.name
        for node in module.tree.body
        if isinstance(node, ast.ImportFrom) and node.module != "__future__"
        for alias in node.names
    }
    bound |= {
        node.name
        for node in module.tree.body
        if isinstance(node, ast.ClassDef | ast.FunctionDef) and not node.name.startswith("_")
    }
    listed: list[str] = next(
        (
            ast.literal_eval(node.value)
            for node in module.tree.body
            if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__"
        ),
        [],
    )
    assert len(listed) == len(set(listed))
    assert set(listed) == bound


def loaded(name: str, found: set[str]) -> set[str]:
    """All that importing a module imports at once, of ours and of others."""
    module = MODULES[name]
    imported = module.names_in(*at_once(module.tree.body))
    for other in edges(module, imported):
        if other not in found:
            found.add(other)
            found |= loaded(other, found)
    return found | imported


def at_once(body: Iterable[ast.AST]) -> Iterator[ast.AST]:
    """The statements that run when a module is imported, without what type checkers read."""
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        yield node
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            yield from at_once(node.orelse)
        else:
            yield from at_once(filter(is_run, ast.iter_child_nodes(node)))


def is_run(node: ast.AST) -> bool:
    """Whether it is a statement, or has some, as ``except`` and ``case`` have."""
    return isinstance(node, ast.stmt | ast.ExceptHandler | ast.match_case)


@pytest.mark.parametrize("room", LIGHT)
def test_a_light_room_is_imported_without_the_generator(room: str) -> None:
    names = loaded(f"codegen.{room}", set())
    assert not [name for name in names if name.startswith("openapi_python_client")]


def test_tests_of_codegen_mirror_its_rooms() -> None:
    folder = ROOT / "tests/codegen"
    files = [path.relative_to(folder) for path in folder.rglob("test_*.py")]
    assert {file.parts[0] for file in files} == set(ROOMS)
    homeless = {file.as_posix() for file in files if not has_module(file.parts[0], file.stem)}
    assert homeless == set(NO_MIRROR)


def has_module(room: str, test: str) -> bool:
    """Whether a room has a module or a package that a test is named after, perhaps private."""
    name = test.removeprefix("test_")
    last = {module.name.rpartition(".")[2] for module in within(f"codegen.{room}")}
    return bool({name, f"_{name}"} & last)


def loop_variables(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """The names that loops, comprehensions and lambdas give, with their lines."""
    for node in ast.walk(tree):
        if isinstance(node, ast.For | ast.AsyncFor | ast.comprehension):
            targets = [name for name in ast.walk(node.target) if isinstance(name, ast.Name)]
            yield from ((name.lineno, name.id) for name in targets)
        elif isinstance(node, ast.Lambda):
            yield from ((node.lineno, argument.arg) for argument in node.args.args)


def test_a_loop_says_what_it_goes_through() -> None:
    alone = [Module(name, ROOT / f"{name}.py") for name in ("demo", "noxfile")]
    nameless = [
        f"{module.file.relative_to(ROOT)}:{line}"
        for module in (*MODULES.values(), *alone)
        if "generated" not in module.file.parts
        for line, name in loop_variables(module.tree)
        if name == "it"
    ]
    assert nameless == []


def test_the_facade_imports_generated_packages_only_for_their_records() -> None:
    importing = {
        (module.relative_to(FACADE).as_posix(), name)
        for module in FACADE.rglob("*.py")
        for name in run_time_imports(module)
        if name.startswith("callrecords_") and name != "callrecords_runtime"
    }
    assert importing <= {
        (f"providers/{provider}/record.py", f"callrecords_{provider}") for provider in DISTRIBUTIONS
    }


def in_runtime(holds: Callable[[Path], object]) -> set[str]:
    return {module.name for module in RUNTIME.glob("*.py") if holds(module)}


@pytest.mark.parametrize(
    ("effect", "modules"), [("send", CLIENTS | BODIES | CONNECTIONS), ("sleep", CLIENTS)]
)
def test_only_the_two_clients_send_and_sleep(effect: str, modules: set[str]) -> None:
    assert in_runtime(lambda module: effect in attributes(module)) == modules


def test_only_one_client_and_its_connections_are_awaited() -> None:
    def awaits(module: Path) -> bool:
        nodes = ast.walk(ast.parse(module.read_bytes()))
        return any(isinstance(node, ast.AsyncFunctionDef | ast.Await) for node in nodes)

    assert in_runtime(awaits) == AWAITED | CONNECTIONS


def test_no_module_of_the_runtime_is_long() -> None:
    def is_long(module: Path) -> bool:
        return len(module.read_text("utf-8").splitlines()) > MOST_LINES

    assert in_runtime(is_long) == set()


def required(distribution: Distribution) -> tuple[set[str], set[str]]:
    """What a distribution requires of ours and of others, extras included, by name."""
    text = (distribution.folder / "pyproject.toml").read_text("utf-8")
    project = tomllib.loads(text)["project"]
    extras = itertools.chain.from_iterable(project.get("optional-dependencies", {}).values())
    names = {Requirement(one).name for one in [*project["dependencies"], *extras]}
    ours = {name for name in names if name.startswith("callrecords")}
    return ours, names - ours


@pytest.mark.parametrize("distribution", WHAT_SHIPS, ids=lambda one: str(one.name))
def test_a_distribution_requires_what_it_imports(distribution: Distribution) -> None:
    ours, others = required(distribution)
    # What one of ours brings need not be required twice; nor pytest and pydantic by what they alone
    # load.
    others |= {name for one in WHAT_SHIPS if one.name in ours for name in required(one)[1]}
    others |= {"pytest", "pydantic_core"} if distribution.provider is None else set()
    imported = {
        name
        for module in distribution.sources.rglob("*.py")
        for name in run_time_imports(module)
        if name not in sys.stdlib_module_names
    }
    assert {CALLED.get(name, name) for name in imported if not is_ours(name)} <= others
    packages = {name.replace("_", "-") for name in imported if is_ours(name)}
    assert packages - {distribution.name} <= ours
