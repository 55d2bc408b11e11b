"""The modules of the repository, and which of them imports which."""

from __future__ import annotations

import ast
import functools
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]


@dataclass(frozen=True)
class Module:
    """A file, by the name it is imported by."""

    name: str
    file: Path

    @property
    def is_package(self) -> bool:
        return self.file.name == "__init__.py"

    @property
    def package(self) -> str:
        """The package that it is in; of a package, itself."""
        return self.name if self.is_package else self.name.rpartition(".")[0]

    @functools.cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.file.read_bytes())

    @functools.cached_property
    def imported(self) -> frozenset[str]:
        """Every module and name that it imports, also in functions and for type checkers only."""
        return self.names_in(*ast.walk(self.tree))

    def names_in(self, *nodes: ast.AST) -> frozenset[str]:
        """What statements of this module import: ``a.b`` for both ``a.b`` and ``b`` of ``a``."""
        names: set[str] = set()
        for node in nodes:
            if isinstance(node, ast.Import):
                names.update(alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                names.update(f"{self._source(node)}.{alias.name}" for alias in node.names)
        return frozenset(names)

    def _source(self, node: ast.ImportFrom) -> str:
        if not node.level:
            return str(node.module)
        above = self.package.split(".")
        above = above[: len(above) - node.level + 1]
        return ".".join([*above, *([node.module] if node.module else [])])


def _distributions() -> list[str]:
    names = (path.name for path in (ROOT / "generated").iterdir())
    # A command that was killed leaves a hidden folder.
    return sorted(name for name in names if not name.startswith("."))


DISTRIBUTIONS = _distributions()
_PLACES = [
    *(ROOT / name for name in ("benchmarks", "codegen", "docs_site", "release", "tests")),
    ROOT / "runtime/callrecords_runtime",
    ROOT / "src/callrecords",
    *(ROOT / "generated" / name / f"callrecords_{name}" for name in DISTRIBUTIONS),
]


def _modules() -> dict[str, Module]:
    found: dict[str, Module] = {}
    for place in _PLACES:
        for file in sorted(place.rglob("*.py")):
            parts = file.relative_to(place.parent).with_suffix("").parts
            name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
            found[name] = Module(name, file)
    return found


MODULES = _modules()


def within(package: str) -> list[Module]:
    """A package's modules, and those of the packages in it."""
    return [module for name, module in MODULES.items() if f"{name}.".startswith(f"{package}.")]


def edges(module: Module, imported: frozenset[str]) -> set[str]:
    """The modules of the repository that imported names stand for.

    That a module is in a package is no import of it: the other way round, a package would import
    no part of its own.
    """
    found: set[str] = set()
    for name in imported:
        above = name.rpartition(".")[0]
        if name in MODULES:
            found.add(name)
        if above in MODULES and (name not in MODULES or not _is_in(module, above)):
            found.add(above)
    return found - {module.name}


def _is_in(module: Module, package: str) -> bool:
    return f"{module.name}.".startswith(f"{package}.")


def circles(graph: dict[str, set[str]]) -> list[list[str]]:
    """The groups of modules that import each other, by Tarjan's algorithm."""
    found: list[list[str]] = []
    order: dict[str, int] = {}
    lowest: dict[str, int] = {}
    path: list[str] = []

    def visit(name: str) -> None:
        order[name] = lowest[name] = len(order)
        path.append(name)
        for other in sorted(graph[name]):
            if other not in order:
                visit(other)
                lowest[name] = min(lowest[name], lowest[other])
            elif other in path:
                lowest[name] = min(lowest[name], order[other])
        if lowest[name] == order[name]:
            group = path[path.index(name) :]
            del path[path.index(name) :]
            if len(group) > 1:
                found.append(sorted(group))

    for name in graph:
        if name not in order:
            visit(name)
    return found
