"""The next version of a distribution: where it is written, and what its changelog tells of it."""

from __future__ import annotations

import datetime as dt
import re
import shutil
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.version import Version

from codegen.files.errors import BadInputError
from codegen.generator.build import generate
from codegen.providers.provider import provider_names, read_provider
from codegen.providers.releases import (
    PARTS,
    RUNTIME,
    VersionPart,
    admitting,
    bump,
    bumped,
    compatible,
    next_version,
    read_distribution,
    read_distributions,
    released_versions,
    requirements,
    version_in_python,
    with_entry,
    with_unreleased,
)
from codegen.providers.text import with_value

ROOT = Path(__file__).parents[3]
FILE = Path("some/file")
TODAY = dt.date(2026, 11, 21)
PROJECT = b"""\
[project]
dependencies = [
    # The generated ones.
    "callrecords-cometchat>=0.1,<0.2", # the first
    "callrecords-zudu>=0.1,<0.2",

    # Why httpx.
    "httpx>=0.27,<1", # see there
]
"""


@pytest.mark.parametrize(
    ("version", "part", "expected"),
    [
        ("0.1.0", "major", "1.0.0"),
        ("0.1.0", "minor", "0.2.0"),
        ("0.1.0", "patch", "0.1.1"),
        ("1.9.9", "major", "2.0.0"),
        ("1.9.9", "minor", "1.10.0"),
        ("1.9.9", "patch", "1.9.10"),
        ("1.2.0rc1", "patch", "1.2.0"),
        ("1.2.0rc1", "minor", "1.2.0"),
        ("1.2.0rc1", "major", "2.0.0"),
        ("2.0.0a1", "major", "2.0.0"),
        ("1.2.3.dev4", "minor", "1.3.0"),
        ("1.2.3.post1", "patch", "1.2.4"),
    ],
)
def test_a_part_goes_up_and_what_comes_before_a_final_version_leads_to_it(
    version: str, part: VersionPart, expected: str
) -> None:
    assert bumped(version, part) == expected


versions = st.builds(
    "{}.{}.{}{}".format,
    *([st.integers(0, 20)] * 3),
    st.sampled_from(["", "a1", "rc2", ".post1", ".dev3"]),
)


@given(versions, st.sampled_from(PARTS))
def test_a_bumped_version_is_final_and_higher(version: str, part: VersionPart) -> None:
    result = Version(bumped(version, part))
    assert result > Version(version)
    assert str(result) == result.base_version


@given(versions)
def test_the_compatible_range_admits_a_version_and_no_break(version: str) -> None:
    admitted = SpecifierSet(compatible(version))
    assert admitted.contains(version, prereleases=True)
    assert not admitted.contains(bumped(bumped(version, "major"), "major"))
    breaking: VersionPart = "minor" if version.startswith("0.") else "major"
    assert not admitted.contains(bumped(bumped(version, breaking), breaking))


@pytest.mark.parametrize(
    ("version", "expected"),
    [
        ("0.1.0", ">=0.1,<0.2"),
        ("0.1.3", ">=0.1.3,<0.2"),
        ("1.0.0", ">=1.0,<2"),
        ("2.3.0", ">=2.3,<3"),
        ("1.0.0rc1", ">=1.0.0rc1,<2"),
    ],
)
def test_below_1_0_the_second_number_announces_a_break(version: str, expected: str) -> None:
    assert compatible(version) == expected


def test_the_version_of_a_module_is_the_one_that_it_assigns() -> None:
    module = b'import a\n\n__version__ = "0.1.0"\n\n__all__ = ["__version__"]\n'
    assert version_in_python(module, FILE) == "0.1.0"


@pytest.mark.parametrize("module", [b"", b'__version__ = "1"\n__version__ = "2"\n'])
def test_a_module_has_one_version(module: bytes) -> None:
    with pytest.raises(BadInputError, match="expected one"):
        version_in_python(module, FILE)


@pytest.mark.parametrize("version", ["0.1.1", "0.1.99", "0.1.5rc1"])
def test_a_range_that_admits_the_version_stays(version: str) -> None:
    assert admitting("callrecords-zudu>=0.1,<0.2", version) == "callrecords-zudu>=0.1,<0.2"


def test_a_range_that_refuses_the_version_moves() -> None:
    assert admitting("callrecords-zudu>=0.1,<0.2", "0.2.0") == "callrecords-zudu>=0.2,<0.3"
    assert admitting("callrecords-zudu>=0.1,<0.2", "1.4.0") == "callrecords-zudu>=1.4,<2"


LOG = Path("specs/zudu/CHANGELOG.md")
CHANGELOG = """\
# Changelog of callrecords-zudu

## Unreleased

- `Call.cost` may be null.
- A second item,
  on two lines.

## 0.1.0 - 2026-01-02

- Exact types.
"""


def test_a_version_takes_over_what_was_unreleased() -> None:
    written = with_entry(CHANGELOG, "0.2.0", TODAY, LOG)
    assert (
        written
        == """\
# Changelog of callrecords-zudu

## Unreleased

## 0.2.0 - 2026-11-21

- `Call.cost` may be null.
- A second item,
  on two lines.

## 0.1.0 - 2026-01-02

- Exact types.
"""
    )
    assert released_versions(written) == ["0.2.0", "0.1.0"]


def test_the_next_version_starts_from_nothing() -> None:
    once = with_entry(CHANGELOG, "0.2.0", TODAY, LOG)
    twice = with_entry(with_unreleased(once, "- More.", LOG), "0.3.0", TODAY, LOG)
    assert "## Unreleased\n\n## 0.3.0 - 2026-11-21\n\n- More.\n\n## 0.2.0" in twice


@pytest.mark.parametrize("version", ["0.1.0"])
def test_a_version_has_one_section(version: str) -> None:
    with pytest.raises(BadInputError, match=r"CHANGELOG.md: has a section for 0\.1\.0 already"):
        with_entry(CHANGELOG, version, TODAY, LOG)


def test_a_version_of_which_nothing_is_told_is_refused() -> None:
    with pytest.raises(BadInputError, match="tells nothing under `## Unreleased`"):
        with_entry("# Changelog\n\n## Unreleased\n", "0.1.0", TODAY, LOG)


@pytest.mark.parametrize("text", ["", "# Changelog\n", "## unreleased\n"])
def test_a_changelog_without_unreleased_is_refused(text: str) -> None:
    with pytest.raises(BadInputError, match="has no section `## Unreleased`"):
        with_unreleased(text, "- More.", LOG)


def test_items_are_added_under_unreleased_once() -> None:
    once = with_unreleased(CHANGELOG, "- Requires more.", LOG)
    assert once == CHANGELOG.replace("two lines.\n", "two lines.\n- Requires more.\n")
    assert with_unreleased(once, "- Requires more.", LOG) == once


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_markdown_of_any_form_is_added_under_unreleased_as_a_block(line_end: str) -> None:
    more = "### Breaking changes\n\n- `Call.id` is gone.\n"
    written = with_unreleased(CHANGELOG.replace("\n", line_end), more, LOG)
    assert written == CHANGELOG.replace("two lines.\n", f"two lines.\n\n{more}")


def test_the_first_item_under_unreleased_may_be_the_end_of_the_changelog() -> None:
    empty = "# Changelog\n\n## Unreleased \n"
    assert with_unreleased(empty, "- More.\n", LOG) == f"{empty}\n- More.\n"


@pytest.mark.parametrize(
    ("heading", "expected"),
    [
        ("## 1.2.0 - 2026-01-01", ["1.2.0"]),
        ("## [1.2.0] - 2026-01-01", ["1.2.0"]),
        ("## 1.2.0", ["1.2.0"]),
        ("### 1.2.0", []),
        ("## Unreleased", []),
    ],
)
def test_released_versions_are_read_from_headings(heading: str, expected: list[str]) -> None:
    assert released_versions(f"# Changelog\n\n{heading}\n\n- More.\n") == expected


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A copy of what a bump reads."""
    for name in provider_names(ROOT):
        (tmp_path / "specs" / name).mkdir(parents=True)
        for file in ("provider.toml", "CHANGELOG.md"):
            shutil.copy(ROOT / "specs" / name / file, tmp_path / "specs" / name / file)
    for name in (
        *("pyproject.toml", "CHANGELOG.md", "src/callrecords/__init__.py"),
        *("runtime/CHANGELOG.md", "runtime/callrecords_runtime/__init__.py"),
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    return tmp_path


def required_by(project: Path) -> dict[str, Requirement]:
    listed = tomllib.loads(project.read_text())["project"]["dependencies"]
    return {requirement.name: requirement for requirement in map(Requirement, listed)}


def contents(root: Path) -> dict[str, bytes]:
    files = (path for path in root.rglob("*") if path.is_file())
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in files}


def changed(root: Path, before: dict[str, bytes]) -> set[str]:
    return {name for name, content in contents(root).items() if before.get(name) != content}


def tell_and_bump(root: Path, name: str, version: str, line: str) -> None:
    log = read_distribution(root, name).changelog
    log.write_text(with_unreleased(log.read_text(), f"- {line}", log))
    bump(root, name, version, TODAY)


def test_a_patch_changes_the_version_and_the_changelog_and_nothing_else(root: Path) -> None:
    before = contents(root)
    zudu = read_distribution(root, "callrecords-zudu")
    version = next_version(zudu, "patch")
    tell_and_bump(root, "callrecords-zudu", version, "`Call.cost` may be null.")
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
    file.write_bytes(with_value(file.read_bytes(), "distribution", "version", "0.1.7"))
    project = root / "pyproject.toml"
    required = requirements(project.read_bytes(), project)["callrecords-zudu"]
    project.write_text(project.read_text().replace(required, admitting(required, "0.1.7")))
    before = contents(root)
    zudu = read_distribution(root, "callrecords-zudu")
    tell_and_bump(root, "callrecords-zudu", next_version(zudu, part), "A break.")
    assert changed(root, before) == {
        "CHANGELOG.md",
        "pyproject.toml",
        "specs/zudu/CHANGELOG.md",
        "specs/zudu/provider.toml",
    }
    project = root / "pyproject.toml"
    requirement = required_by(project)["callrecords-zudu"]
    assert requirement.specifier.contains(read_distribution(root, "callrecords-zudu").version)
    unreleased = (root / "CHANGELOG.md").read_text().split("\n## ")[1]
    expected = {"minor": ">=0.2,<0.3", "major": ">=1.0,<2"}[part]
    assert f"- Requires `callrecords-zudu{expected}`.\n" in unreleased


def test_the_facades_own_version_is_bumped(root: Path) -> None:
    before = contents(root)
    tell_and_bump(root, "callrecords", "0.9.0", "Better.")
    assert changed(root, before) == {"CHANGELOG.md", "src/callrecords/__init__.py"}
    assert read_distribution(root, "callrecords").tag == "callrecords-v0.9.0"
    name = "src/callrecords/__init__.py"
    lines = zip((root / name).read_bytes().split(b"\n"), before[name].split(b"\n"), strict=True)
    assert [new for new, old in lines if new != old] == [b'__version__ = "0.9.0"']


def test_a_patch_of_the_runtime_changes_nothing_of_what_stands_on_it(root: Path) -> None:
    before = contents(root)
    tell_and_bump(root, "callrecords-runtime", "0.1.1", "Faster.")
    module = "runtime/callrecords_runtime/__init__.py"
    assert changed(root, before) == {"runtime/CHANGELOG.md", module}
    assert read_distribution(root, "callrecords-runtime").tag == "callrecords-runtime-v0.1.1"


def test_a_break_of_the_runtime_is_told_by_everything_that_stands_on_it(root: Path) -> None:
    before = contents(root)
    tell_and_bump(root, "callrecords-runtime", "0.2.0", "A break.")
    logs = {f"specs/{name}/CHANGELOG.md" for name in provider_names(root)} | {"CHANGELOG.md"}
    assert changed(root, before) == {
        *logs,
        "pyproject.toml",
        "runtime/CHANGELOG.md",
        "runtime/callrecords_runtime/__init__.py",
    }
    for log in logs:
        unreleased = (root / log).read_text().split("\n## ")[1]
        assert "- Requires `callrecords-runtime>=0.2,<0.3`.\n" in unreleased
    project = root / "pyproject.toml"
    required = requirements(project.read_bytes(), project)[RUNTIME]
    assert required == "callrecords-runtime>=0.2,<0.3"


def test_where_nothing_is_said_of_the_runtime_any_version_of_it_will_do() -> None:
    assert RUNTIME not in requirements(PROJECT, FILE)


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
    (root / "specs/zudu/CHANGELOG.md").write_text("# Changelog\n\n## Unreleased\n\nA break.\n")
    (root / "CHANGELOG.md").write_text("# Changelog\n")
    before = contents(root)
    with pytest.raises(BadInputError, match="has no section `## Unreleased`"):
        bump(root, "callrecords-zudu", "9.0.0", TODAY)
    assert contents(root) == before


def test_an_unknown_distribution_is_refused_and_the_known_ones_are_named(root: Path) -> None:
    with pytest.raises(BadInputError) as caught:
        read_distribution(root, "callrecords-twilio")
    for distribution in read_distributions(root):
        assert distribution.name in str(caught.value)


def test_a_distribution_is_published_after_those_that_it_requires() -> None:
    distributions = read_distributions(ROOT)
    names = [one.name for one in distributions]
    for place, distribution in enumerate(distributions):
        required = required_by(distribution.folder / "pyproject.toml")
        ours = {name for name in required if name.startswith("callrecords")}
        assert ours <= set(names[:place])
    assert (names[0], names[-1]) == ("callrecords-runtime", "callrecords")


def test_a_distribution_admits_the_version_of_each_of_ours_that_it_requires() -> None:
    distributions = {one.name: one for one in read_distributions(ROOT)}
    for distribution in distributions.values():
        for name, required in required_by(distribution.folder / "pyproject.toml").items():
            if name.startswith("callrecords"):
                version = distributions[name].version
                assert required.specifier.contains(version, prereleases=True)


def test_what_is_generated_requires_the_runtime_as_the_facade_does() -> None:
    project = ROOT / "pyproject.toml"
    expected = Requirement(requirements(project.read_bytes(), project)[RUNTIME])
    for name in provider_names(ROOT):
        required = required_by(ROOT / "generated" / name / "pyproject.toml")
        assert required["callrecords-runtime"] == expected


def test_the_facade_names_the_reference_of_every_provider_that_it_requires() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    required = {Requirement(one).name for one in project["dependencies"]}
    generated = [one for one in read_distributions(ROOT) if one.provider and one.name in required]
    assert generated
    assert {one for name, one in project["urls"].items() if name.endswith(" API")} == {
        urls["API reference"]
        for one in generated
        if (
            urls := tomllib.loads((one.folder / "pyproject.toml").read_text())["project"].get(
                "urls"
            )
        )
    }


def test_generated_metadata_leads_to_the_repository_once_it_is_known(root: Path) -> None:
    project = root / "pyproject.toml"
    text = project.read_text()
    without = re.sub("^Repository = .*\n", "", text, flags=re.MULTILINE)
    line = 'Repository = "https://a.example/b/"'
    project.write_text(without.replace("[project.urls]\n", f"[project.urls]\n{line}\n"))
    for name in ("specs/zudu", "overlay"):
        shutil.copytree(ROOT / name, root / name, dirs_exist_ok=True)
    (root / "LICENSE").symlink_to(ROOT / "LICENSE")
    generate([read_provider(root, "zudu")])
    made = tomllib.loads((root / "generated/zudu/pyproject.toml").read_text())
    urls = made["project"]["urls"]
    assert urls["Repository"] == "https://a.example/b"
    assert urls["Changelog"] == "https://a.example/b/blob/HEAD/specs/zudu/CHANGELOG.md"


@pytest.mark.parametrize("name", provider_names(ROOT))
def test_every_distribution_carries_its_changelog(name: str) -> None:
    source = ROOT / "specs" / name / "CHANGELOG.md"
    assert (ROOT / "generated" / name / "CHANGELOG.md").read_bytes() == source.read_bytes()
