"""requirements.lock, which every session but ``minimums`` and ``newest`` installs by."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
LINES = (ROOT / "requirements.lock").read_text("utf-8").splitlines()
LOCKED = [Requirement(line) for line in LINES]
REQUIREMENTS = sorted(
    {
        requirement
        for group in PROJECT["dependency-groups"].values()
        for requirement in group
        if isinstance(requirement, str)
    }
)
ENVIRONMENTS = [
    {"python_version": python, "python_full_version": f"{python}.{patch}"}
    for python in ("3.11", "3.12", "3.13")
    for patch in (0, 9)  # some of what is locked is for the first patches of 3.11
]


def versions(name: str, where: dict[str, str]) -> list[str]:
    """The versions of a package that the lock has for one Python; one, if it has any."""
    return [
        str(locked.specifier).removeprefix("==")
        for locked in LOCKED
        if locked.name == canonicalize_name(name)
        and (locked.marker is None or locked.marker.evaluate(where))
    ]


def test_the_lock_has_one_version_that_satisfies_each_requirement() -> None:
    for requirement in map(Requirement, REQUIREMENTS):
        for where in ENVIRONMENTS:
            [version] = versions(requirement.name, where)
            assert requirement.specifier.contains(version), requirement


def test_no_package_is_locked_to_two_versions_for_the_same_python() -> None:
    names = {locked.name for locked in LOCKED}
    for where in ENVIRONMENTS:
        assert not [name for name in names if len(versions(name, where)) > 1]


def test_each_line_of_the_lock_names_a_version_and_no_place_to_fetch_it_from() -> None:
    pinned = re.compile(r"[a-z0-9-]+==[0-9a-z.]+( ; .+)?")
    assert [line for line in LINES if not pinned.fullmatch(line)] == []


def test_what_may_publish_is_locked_to_the_same_versions_with_hashes() -> None:
    text = (ROOT / "release/publishing.lock").read_text("utf-8").replace("\\\n", "")
    lines = [line.partition(" --hash=") for line in text.splitlines()]
    assert all(hashes.startswith("sha256:") for _, _, hashes in lines)
    publishing = {
        (each.name, str(each.specifier)) for each in (Requirement(x) for x, _, _ in lines)
    }
    assert publishing <= {(each.name, str(each.specifier)) for each in LOCKED}
    assert {"nox", "twine", "pypi-attestations", "uv"} <= {name for name, _ in publishing}
