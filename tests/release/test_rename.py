"""A fork under another name: nothing is left of the old one, and it can be built and used."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from codegen.files.errors import BadInputError
from release.rename import rename
from release.repository import copy_tracked
from tests.release.conftest import commit, git

ROOT = Path(__file__).parents[2]
USED = """
import acme
from acme_zudu import Zudu
assert acme.Zudu is Zudu and issubclass(acme.NotFound, acme.AcmeError)
print(acme.client_for("zudu", api_key="k", api_secret="s"))
"""


def python(arguments: list[str], path: list[Path]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - this Python, and arguments of ours
        [sys.executable, *arguments],
        cwd=path[0],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(map(str, path))},
        capture_output=True,
        check=False,
        text=True,
    )


@pytest.fixture(scope="module")
def fork(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkout of all this, renamed and committed."""
    root = tmp_path_factory.mktemp("fork") / "repository"
    copy_tracked(ROOT, root)
    git(root, "init", "--quiet")
    commit(root, "2026-01-02T03:04:05Z")
    compiled = root / "src/callrecords/__pycache__"
    compiled.mkdir()
    (compiled / "left.pyc").touch()
    assert rename(root, "acme") > 0
    commit(root, "2026-01-02T03:04:06Z")
    return root


def test_nothing_in_a_fork_has_the_old_name(fork: Path) -> None:
    with_it = [
        str(file.relative_to(fork))
        for file in fork.rglob("*")
        if ".git" not in file.relative_to(fork).parts
        if "callrecords" in str(file.relative_to(fork)).lower()
        or (file.is_file() and b"callrecords" in file.read_bytes().lower())
    ]
    assert with_it == []


def test_a_fork_is_built_checked_installed_and_used(fork: Path, tmp_path: Path) -> None:
    built = python(["-m", "release", "build", "acme"], [fork])
    assert built.returncode == 0, built
    [wheel] = fork.glob("dist/*.whl")
    shutil.unpack_archive(wheel, tmp_path / "installed", "zip")
    beside = [fork / "runtime", *fork.glob("generated/*")]
    used = python(["-P", "-c", USED], [tmp_path / "installed", *beside])
    assert (used.returncode, used.stdout) == (0, "Zudu(base_url='https://api.zudu.ai')\n"), used


@pytest.mark.parametrize("name", ["Acme", "my-records", "9lives", "", "json"])
def test_a_name_that_cannot_be_imported_and_installed_is_refused(
    repository: Path, name: str
) -> None:
    with pytest.raises(BadInputError, match="expected lower-case letters and digits"):
        rename(repository, name)


def test_work_that_git_could_not_bring_back_is_never_written_over(repository: Path) -> None:
    (repository / "LICENSE").write_text("Mine.\n")
    with pytest.raises(BadInputError, match="not committed"):
        rename(repository, "acme")
    assert (repository / "runtime/callrecords_runtime").is_dir()
