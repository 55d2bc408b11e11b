"""Bumping a distribution: its version, its changelog, and what the facade requires."""

from __future__ import annotations

import datetime as dt
import re
import shutil
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from codegen.files.errors import BadInputError
from codegen.generator.build import generate
from codegen.providers.bump import bump, next_version
from codegen.providers.changelog import released_versions
from codegen.providers.distribution import read_distribution, read_distributions
from codegen.providers.provider import provider_names, read_provider
from codegen.providers.versions import pins, with_pin_admitting, with_version

ROOT = Path(__file__).parents[3]
TODAY = dt.date(2026, 11, 21)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A copy of what a bump reads."""
    for name in provider_names(ROOT):
        (tmp_path / "specs" / name).mkdir(parents=True)
        for file in ("provider.toml", "CHANGELOG.md"):
            shutil.copy(ROOT / "specs" / name / file, tmp_path / "specs" / name / file)
    (tmp_path / "src/callrecords").mkdir(parents=True)
    for name in ("pyproject.toml", "CHANGELOG.md", "src/callrecords/__init__.py"):
        shutil.copy(ROOT / name, tmp_path / name)
    return tmp_path


def contents(root: Path) -> dict[str, bytes]:
    files = (path for path in root.rglob("*") if path.is_file())
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in files}


def changed(root: Path, before: dict[str, bytes]) -> set[str]:
    return {name for name, content in contents(root).items() if before.get(name) != content}


def test_a_patch_changes_the_version_and_the_changelog_and_nothing_else(root: Path) -> None:
    before = contents(root)
    zudu = read_distribution(root, "callrecords-zudu")
    version = next_version(zudu, "patch")
    bump(root, "callrecords-zudu", version, TODAY, ["`Call.cost` may be null."])
    assert changed(root, before) == {"specs/zudu/provider.toml", "specs/zudu/CHANGELOG.md"}
    after = read_distribution(root, "callrecords-zudu")
    assert after.tag == f"callrecords-zudu-v{version}"
    text = after.changelog.read_text()
    assert released_versions(text)[0] == version
    assert "- `Call.cost` may be null.\n" in text


@pytest.mark.parametrize("part", ["minor", "major"])
def test_a_break_moves_the_facades_range_and_its_changelog_tells_of_it(
    root: Path, part: str
) -> None:
    file = root / "specs/zudu/provider.toml"
    file.write_bytes(with_version(file.read_bytes(), "0.1.7", file))
    project = root / "pyproject.toml"
    project.write_bytes(
        with_pin_admitting(project.read_bytes(), "callrecords-zudu", "0.1.7", project)
    )
    before = contents(root)
    zudu = read_distribution(root, "callrecords-zudu")
    bump(root, "callrecords-zudu", next_version(zudu, part), TODAY, ["A break."])
    assert changed(root, before) == {
        "CHANGELOG.md",
        "pyproject.toml",
        "specs/zudu/CHANGELOG.md",
        "specs/zudu/provider.toml",
    }
    project = root / "pyproject.toml"
    requirement = pins(project.read_bytes(), project)["callrecords-zudu"]
    assert requirement.specifier.contains(read_distribution(root, "callrecords-zudu").version)
    unreleased = (root / "CHANGELOG.md").read_text().split("\n## ")[1]
    expected = {"minor": ">=0.2,<0.3", "major": ">=1.0,<2"}[part]
    assert f"- Requires `callrecords-zudu{expected}`.\n" in unreleased


def test_the_facades_own_version_is_bumped(root: Path) -> None:
    before = contents(root)
    bump(root, "callrecords", "0.9.0", TODAY, ["Better."])
    assert changed(root, before) == {"CHANGELOG.md", "src/callrecords/__init__.py"}
    assert read_distribution(root, "callrecords").tag == "callrecords-v0.9.0"


def test_the_first_release_has_the_version_in_place(root: Path) -> None:
    log = root / "specs/zudu/CHANGELOG.md"
    log.write_text("# Changelog\n\n## Unreleased\n\n- Exact types.\n")
    zudu = read_distribution(root, "callrecords-zudu")
    assert next_version(zudu, zudu.version) == zudu.version
    bump(root, "callrecords-zudu", zudu.version, TODAY)
    zudu = read_distribution(root, "callrecords-zudu")
    with pytest.raises(BadInputError, match=r"has a section for .* already"):
        next_version(zudu, zudu.version)


@pytest.mark.parametrize(
    ("part", "message"),
    [
        ("0.0.1", "0.0.1 is lower than"),
        ("huge", "'huge' is no part of a version (major, minor, patch) and no version"),
    ],
)
def test_what_leads_to_no_version_is_refused(root: Path, part: str, message: str) -> None:
    with pytest.raises(BadInputError) as caught:
        next_version(read_distribution(root, "callrecords-zudu"), part)
    assert message in str(caught.value)


def test_nothing_is_written_when_a_file_cannot_be_used(root: Path) -> None:
    (root / "CHANGELOG.md").write_text("# Changelog\n")
    before = contents(root)
    with pytest.raises(BadInputError, match="has no section `## Unreleased`"):
        bump(root, "callrecords-zudu", "9.0.0", TODAY, ["A break."])
    assert contents(root) == before


def test_an_unknown_distribution_is_refused_and_the_known_ones_are_named(root: Path) -> None:
    with pytest.raises(BadInputError) as caught:
        read_distribution(root, "callrecords-twilio")
    for distribution in read_distributions(root):
        assert distribution.name in str(caught.value)


def test_the_facade_is_published_last() -> None:
    assert [it.provider for it in read_distributions(ROOT)] == [*provider_names(ROOT), None]


def test_the_facade_admits_the_version_of_every_provider_that_it_requires() -> None:
    project = ROOT / "pyproject.toml"
    required = pins(project.read_bytes(), project)
    generated = [it for it in read_distributions(ROOT) if it.provider and it.name in required]
    assert {it.name for it in generated} == {it for it in required if it.startswith("callrecords-")}
    for distribution in generated:
        assert required[distribution.name].specifier.contains(
            distribution.version, prereleases=True
        )


def test_the_facade_names_the_reference_of_every_provider_that_it_requires() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    required = {Requirement(it).name for it in project["dependencies"]}
    generated = [it for it in read_distributions(ROOT) if it.provider and it.name in required]
    assert generated
    assert {it for name, it in project["urls"].items() if name.endswith(" API reference")} == {
        tomllib.loads((it.folder / "pyproject.toml").read_text())["project"]["urls"][
            "API reference"
        ]
        for it in generated
    }


def test_generated_metadata_leads_to_the_repository_once_it_is_known(root: Path) -> None:
    project = root / "pyproject.toml"
    text = project.read_text()
    without = re.sub("^Repository = .*\n", "", text, flags=re.MULTILINE)
    line = 'Repository = "https://a.example/b/"'
    project.write_text(without.replace("[project.urls]\n", f"[project.urls]\n{line}\n"))
    for name in ("openapi.yaml", "payloads"):
        (root / "specs/zudu" / name).symlink_to(ROOT / "specs/zudu" / name)
    for name in ("overlay", "LICENSE"):
        (root / name).symlink_to(ROOT / name)
    generate([read_provider(root, "zudu")])
    made = tomllib.loads((root / "generated/zudu/pyproject.toml").read_text())
    urls = made["project"]["urls"]
    assert urls["Repository"] == "https://a.example/b"
    assert urls["Changelog"] == "https://a.example/b/blob/HEAD/specs/zudu/CHANGELOG.md"


@pytest.mark.parametrize("name", provider_names(ROOT))
def test_every_distribution_carries_its_changelog(name: str) -> None:
    source = ROOT / "specs" / name / "CHANGELOG.md"
    assert (ROOT / "generated" / name / "CHANGELOG.md").read_bytes() == source.read_bytes()
