"""Small distributions, a repository that holds one, and an index on loopback."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import tarfile
import zipfile
from pathlib import Path

import pytest

from codegen.providers.releases import Distribution
from release.archive import sdist_name, wheel_name

ROOT = Path(__file__).parents[2]
METADATA = """\
Metadata-Version: 2.4
Name: {name}
Version: {version}
Summary: {summary}
"""


def distribution(name: str, version: str = "1.0.0", provider: str | None = None) -> Distribution:
    package = name.replace("-", "_")
    nowhere = Path("nowhere")
    return Distribution(name, package, version, nowhere, nowhere, nowhere, nowhere, provider)


def write_files(folder: Path, made: Distribution, summary: str = "Calls.") -> None:
    """A wheel and a source distribution that an index takes."""
    metadata = METADATA.format(name=made.name, version=made.version, summary=summary).encode()
    information = f"{made.package}-{made.version}.dist-info"
    with zipfile.ZipFile(folder / wheel_name(made), "w") as wheel:
        wheel.writestr(f"{made.package}/__init__.py", "")
        wheel.writestr(f"{information}/METADATA", metadata)
        wheel.writestr(
            f"{information}/WHEEL",
            "Wheel-Version: 1.0\nGenerator: a test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        )
        wheel.writestr(f"{information}/RECORD", "")
    with tarfile.open(folder / sdist_name(made), "w:gz") as sdist:
        for name, content in {"PKG-INFO": metadata, "pyproject.toml": b""}.items():
            member = tarfile.TarInfo(f"{made.package}-{made.version}/{name}")
            member.size = len(content)
            sdist.addfile(member, io.BytesIO(content))


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A checkout with what builds of callrecords-runtime and callrecords-zudu need, committed."""
    root = tmp_path / "repository"
    for name in ("specs/zudu/provider.toml", "specs/zudu/CHANGELOG.md", "LICENSE", ".gitignore"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, root / name)
    ignored = shutil.ignore_patterns("__pycache__")
    for name in ("runtime", "generated/zudu"):
        shutil.copytree(ROOT / name, root / name, ignore=ignored)
    (root / "src/callrecords").mkdir(parents=True)
    (root / "src/callrecords/__init__.py").write_text('__version__ = "0.1.0"\n')
    git(root, "init", "--quiet")
    commit(root, "2026-01-02T03:04:05Z")
    return root


def commit(root: Path, date: str) -> None:
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--message", "Change", date=date)


def git(root: Path, *arguments: str, date: str = "2026-01-01T00:00:00Z") -> None:
    person = {"NAME": "A person", "EMAIL": "person@example.org", "DATE": date}
    environment = {
        f"GIT_{role}_{key}": value
        for role in ("AUTHOR", "COMMITTER")
        for key, value in person.items()
    }
    alone = {"GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_SYSTEM": "/dev/null"}
    subprocess.run(  # noqa: S603 - arguments of ours
        ["git", "-C", str(root), *arguments],  # noqa: S607 - whichever git there is
        check=True,
        env={**os.environ, **environment, **alone},
    )
