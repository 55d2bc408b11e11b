"""What a user gets: publish to an index on loopback, install from it, and use what was installed.

It runs on the Python that runs it, in new virtual environments and outside of the repository.
"""

from __future__ import annotations

import ast
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from packaging.specifiers import SpecifierSet

from codegen.files.errors import BadInputError
from codegen.providers.releases import compatible
from release.archive import wheel_name
from release.loopback import index_on_loopback
from release.publishing import plan, publish
from release.repository import archive_of, tags

if TYPE_CHECKING:
    from collections.abc import Sequence

    from codegen.providers.releases import Distribution
    from release.index import Index

_BYTECODE = shutil.ignore_patterns("__pycache__")
_PYPI = "https://pypi.org/simple/"


@dataclass(frozen=True)
class _Environment:
    """A new virtual environment, which has nothing of the repository."""

    folder: Path

    @property
    def python(self) -> str:
        windows = os.name == "nt"
        return str(self.folder / ("Scripts/python.exe" if windows else "bin/python"))

    def run(self, *arguments: str, cwd: Path | None = None) -> None:
        """Run its Python, its output being ours.

        Raises:
            BadInputError: the command fails.
        """
        variables = {
            name: value for name, value in os.environ.items() if not name.startswith("PYTHON")
        }
        print(f"$ python {' '.join(arguments)}", flush=True)
        command = [self.python, *arguments]
        result = subprocess.run(command, cwd=cwd or self.folder, env=variables, check=False)  # noqa: S603
        if result.returncode != 0:
            message = f"fails with {result.returncode}: python {' '.join(arguments)}"
            raise BadInputError(message, file=f"Python {sys.version.split()[0]}")


@dataclass(frozen=True)
class _Published:
    """What was published, and where."""

    index: Index
    dist: Path
    """The folder of the files as built."""


def trial(root: Path, distributions: Sequence[Distribution], dist: Path) -> None:
    """Publish what was built and use it as its users do.

    Args:
        root: The folder of the repository.
        distributions: All of them, the runtime first and the facade last.
        dist: The folder with what was built.

    Raises:
        BadInputError: something does not work, which is said.
    """
    runtime, *generated, facade = distributions
    with tempfile.TemporaryDirectory(prefix="trial-") as temporary:
        folder = Path(temporary)
        kept = folder / "index"
        kept.mkdir()
        with index_on_loopback(kept, fallback=_ordinary_index()) as index:
            publish(index, plan(index, distributions, dist), print)
            published = _Published(index, dist)
            environment = _environment(folder / "facade")
            _install(environment, published, f"{facade.name}[cli,sandbox]", distributions)
            _use(root, environment, folder)
            _use_with_old_tests(root, environment, facade, folder)
            for distribution in generated:
                alone = _environment(folder / distribution.name)
                _install(alone, published, distribution.name, [runtime, distribution])
                script = root / "tests/consumer/run_generated.py"
                alone.run(str(script), distribution.package, distribution.name)
    print(f"Python {sys.version.split()[0]}: all that a user does works.")


def _environment(folder: Path) -> _Environment:
    subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)  # noqa: S603 - ourselves
    environment = _Environment(folder)
    # The pip that comes with an old Python does not know dependency groups.
    environment.run("-m", "pip", "install", "--quiet", "--upgrade", "pip>=25.1")
    return environment


def _ordinary_index() -> str:
    """The index that this machine's pip asks."""
    result = subprocess.run(
        [sys.executable, "-m", "pip", "config", "get", "global.index-url"],
        capture_output=True,
        text=True,
        check=False,
    )
    return os.environ.get("PIP_INDEX_URL") or result.stdout.strip() or _PYPI


def _install(
    environment: _Environment,
    published: _Published,
    requirement: str,
    expected: Sequence[Distribution],
) -> None:
    """Install from the index alone, and see that what was built is what was installed.

    The index sends pip on for what it does not have. Pip may be configured to ask others as
    well; so its report is read, which says where each file came from and its hash.
    """
    report = environment.folder / "report.json"
    environment.run(
        *("-m", "pip", "install", "--quiet", "--index-url", published.index.simple),
        *("--report", str(report), requirement),
    )
    installed = {
        entry["metadata"]["name"]: entry["download_info"]
        for entry in json.loads(report.read_text("utf-8"))["install"]
        if entry["metadata"]["name"].startswith("callrecords")
    }
    problems = [*_problems(installed, expected, published)]
    if problems:
        raise BadInputError("; ".join(problems), file=published.index.simple)
    print(f"{', '.join(sorted(installed))} came from {published.index.simple}, as built.")


def _problems(
    installed: dict[str, Any], expected: Sequence[Distribution], published: _Published
) -> list[str]:
    names = {distribution.name for distribution in expected}
    if installed.keys() != names:
        return [f"{sorted(installed)} were installed, not {sorted(names)}"]
    problems: list[str] = []
    for distribution in expected:
        origin = installed[distribution.name]
        wheel = published.dist / wheel_name(distribution)
        if not origin["url"].startswith(published.index.upload):
            problems.append(f"{distribution.name} came from {origin['url']}")
        if (
            origin["archive_info"]["hashes"]["sha256"]
            != hashlib.sha256(wheel.read_bytes()).hexdigest()
        ):
            problems.append(f"{origin['url']} is not {wheel}")
    return problems


def _use(root: Path, environment: _Environment, folder: Path) -> None:
    """README's examples run, and a consumer's code type-checks."""
    place = folder / "consumer"
    shutil.copytree(root / "tests/typing", place / "typing", ignore=_BYTECODE)
    environment.run("-m", "pip", "install", "--quiet", "mypy", "pytest")
    environment.run(str(root / "tests/consumer/run_readme.py"), str(root / "README.md"), cwd=place)
    environment.run("-m", "mypy", "--strict", "--cache-dir", os.devnull, "typing", cwd=place)


def _use_with_old_tests(
    root: Path, environment: _Environment, facade: Distribution, folder: Path
) -> None:
    """The tests of the last release pass with this one, unless it announces a break.

    Before the first release they are those of the last commit. Tests of private modules are left
    out: those may change; and those marked ``exact``, which an addition breaks. Neither the old nor
    the new sources can be imported, only what is installed.
    """
    old_tags = [tag for tag in tags(root, facade.name) if tag != facade.tag]
    old = old_tags[0] if old_tags else "HEAD"
    version = old.removeprefix(f"{facade.name}-v")
    if old_tags and not SpecifierSet(compatible(version)).contains(facade.version):
        print(f"{facade.tag} announces a break with {old}, whose tests are not run.")
        return
    print(f"The facade's tests of {old}:")
    tree = folder / "old"
    archive = archive_of(root, old, folder / "old.tar")
    with tarfile.open(archive) as members:
        members.extractall(tree, filter="data")
    shutil.rmtree(tree / "src")
    for file in sorted((tree / "tests/facade").glob("test_*.py")):
        if _imports_private_modules(file):
            file.unlink()
    group = f"{tree / 'pyproject.toml'}:tests"
    environment.run("-m", "pip", "install", "--quiet", "--group", group)
    environment.run("-m", "pytest", "-q", "-n", "2", "-m", "not exact", "tests/facade", cwd=tree)


def _imports_private_modules(file: Path) -> bool:
    names: list[str] = []
    for node in ast.walk(ast.parse(file.read_bytes())):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names += [f"{node.module}.{alias.name}" for alias in node.names]
    return any(name.startswith("callrecords") and "._" in name for name in names)
