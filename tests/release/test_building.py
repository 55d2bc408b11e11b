"""Builds for real: the same bytes twice, and nothing wrong in them."""

from __future__ import annotations

import calendar
import errno
import os
import shutil
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from codegen.files.errors import BadInputError, BadInputs
from codegen.providers.releases import read_distribution
from release.archive import sdist_name, wheel_name
from release.building import Built, build, moved
from release.repository import changed_files, source_date, tags
from tests.release.conftest import commit, distribution, git, write_files

if TYPE_CHECKING:
    from codegen.providers.releases import Distribution

FILES = ["callrecords_zudu-0.1.0-py3-none-any.whl", "callrecords_zudu-0.1.0.tar.gz"]


@pytest.fixture(autouse=True)
def _no_date(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)


def zudu(repository: Path) -> Distribution:
    return read_distribution(repository, "callrecords-zudu")


def folder_contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()} if folder.exists() else {}


def test_a_build_is_repeatable_elsewhere_and_takes_the_place_of_others(
    repository: Path, tmp_path: Path
) -> None:
    dist = tmp_path / "dist"
    dist.mkdir()
    others = {"callrecords-0.1.0.tar.gz", "callrecords_cometchat-0.1.0.tar.gz.publish.attestation"}
    attested = [f"{name}.publish.attestation" for name in FILES]
    for name in (*others, *attested, "callrecords_zudu-0.0.9.tar.gz"):
        (dist / name).touch()
    reported: list[str] = []
    build(
        repository, [zudu(repository)], dist, report=lambda built: reported.append(built.wheel.name)
    )
    assert reported == FILES[:1]
    first = folder_contents(dist)
    assert first.keys() == {*FILES, *others}
    with zipfile.ZipFile(dist / FILES[0]) as wheel:
        dates = {member.date_time for member in wheel.infolist()}
    assert dates == {(2026, 1, 2, 3, 4, 4)}  # an archive counts in steps of two seconds
    (repository / "README.md").write_text("Another distribution's.\n")
    commit(repository, "2026-05-06T07:08:09Z")
    elsewhere = tmp_path / "a folder of another name"
    repository.rename(elsewhere)
    build(elsewhere, [zudu(elsewhere)], dist)
    assert folder_contents(dist) == first


def test_the_runtime_is_built_as_what_is_generated_is(repository: Path, tmp_path: Path) -> None:
    runtime = read_distribution(repository, "callrecords-runtime")
    [built] = build(repository, [runtime], tmp_path / "dist")
    assert sorted(folder_contents(tmp_path / "dist")) == [
        f"callrecords_runtime-{runtime.version}-py3-none-any.whl",
        f"callrecords_runtime-{runtime.version}.tar.gz",
    ]
    with zipfile.ZipFile(built.wheel) as wheel:
        assert {"callrecords_runtime/errors.py", "callrecords_runtime/py.typed"} <= {
            *wheel.namelist()
        }
    (repository / "runtime/callrecords_runtime/errors.py").write_text("Another.\n")
    assert changed_files(repository, runtime) == ["runtime/callrecords_runtime/errors.py"]
    assert changed_files(repository, zudu(repository)) == []


def test_a_package_of_a_definition_that_is_published_nowhere_is_built(
    repository: Path, tmp_path: Path
) -> None:
    project = repository / "generated/zudu/pyproject.toml"
    before, _, after = project.read_text().partition("[project.urls]")
    project.write_text(before + after[after.index("[build-system]") :])
    commit(repository, "2026-02-02T00:00:00Z")
    build(repository, [zudu(repository)], tmp_path / "dist")
    assert len(folder_contents(tmp_path / "dist")) == 2


@pytest.fixture
def built(tmp_path: Path) -> Built:
    """Two files that came of a build, outside the folder for them."""
    made = distribution("callrecords-zudu")
    write_files(tmp_path, made)
    return Built(made, tmp_path / sdist_name(made), tmp_path / wheel_name(made))


def test_a_build_that_cannot_be_written_leaves_what_is_there(
    built: Built, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dist = tmp_path / "dist"
    dist.mkdir()
    wheel = dist / built.wheel.name
    wheel.write_bytes(b"An earlier build's.")

    def fail(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(Path, "write_bytes", fail)
    with pytest.raises(BadInputError, match="cannot be written: No space left") as caught:
        moved(built, dist)
    assert caught.value.file in {wheel, dist / built.sdist.name}
    assert folder_contents(dist) == {wheel.name: b"An earlier build's."}


def test_a_file_in_the_place_of_the_folder_is_bad_input(built: Built, tmp_path: Path) -> None:
    (tmp_path / "dist").touch()
    with pytest.raises(BadInputError, match="cannot be written: File exists") as caught:
        moved(built, tmp_path / "dist")
    assert str(caught.value.file) == str(tmp_path / "dist")


def replaced(file: Path, old: str, new: str) -> None:
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new))


def add_untracked_file(folder: Path) -> None:
    (folder / "callrecords_zudu/notes.txt").write_text("Mine.\n")


def leave_out_a_file(folder: Path) -> None:
    replaced(folder / "pyproject.toml", "wheel]\n", 'wheel]\nexclude = ["py.typed"]\n')


def link_relatively(folder: Path) -> None:
    replaced(folder / "README.md", "Exact types", "[Exact](types.md) types")


def put_a_file_of_the_moment_in(folder: Path) -> None:
    replaced(
        folder / "pyproject.toml",
        "[tool.hatch.build.targets.wheel]",
        '[tool.hatch.build.targets.wheel.hooks.custom]\npath = "hook.py"\n'
        "[tool.hatch.build.targets.wheel]",
    )
    replaced(folder / "pyproject.toml", '"/CHANGELOG.md"', '"/CHANGELOG.md", "/hook.py"')
    (folder / "hook.py").write_text(
        "import os\n"
        "from hatchling.builders.hooks.plugin.interface import BuildHookInterface\n"
        "class Hook(BuildHookInterface):\n"
        "    def initialize(self, version, build_data):\n"
        "        path = os.path.join(self.root, 'zone.txt')\n"
        "        with open(path, 'w') as file:\n"
        "            file.write(os.environ.get('TZ', 'here'))\n"
        "        build_data['force_include'][path] = 'callrecords_zudu/zone.txt'\n"
    )


def remove_the_licence(folder: Path) -> None:
    (folder / "LICENSE").unlink()
    replaced(folder / "pyproject.toml", 'license-files = ["LICENSE"]', "license-files = []")


def test_all_that_is_wrong_is_said_at_once_and_nothing_is_kept(
    repository: Path, tmp_path: Path
) -> None:
    folder = repository / "generated/zudu"
    leave_out_a_file(folder)
    link_relatively(folder)
    remove_the_licence(folder)
    commit(repository, "2026-02-02T00:00:00Z")
    add_untracked_file(folder)
    with pytest.raises(BadInputs) as caught:
        build(repository, [zudu(repository)], tmp_path / "dist")
    for expected in (
        "callrecords_zudu/notes.txt is a stray file",
        "callrecords_zudu/py.typed is missing",
        "README links to types.md, a relative link",
        "its licence is missing",
    ):
        assert expected in str(caught.value)
    assert folder_contents(tmp_path / "dist") == {}


def test_what_differs_from_build_to_build_is_named(repository: Path, tmp_path: Path) -> None:
    put_a_file_of_the_moment_in(repository / "generated/zudu")
    commit(repository, "2026-02-02T00:00:00Z")
    with pytest.raises(BadInputs) as caught:
        build(repository, [zudu(repository)], tmp_path / "dist")
    expected = (
        "without the source distribution: callrecords_zudu-0.1.0.dist-info/RECORD, callrecords"
    )
    assert expected in str(caught.value)
    assert folder_contents(tmp_path / "dist") == {}


def test_a_project_that_cannot_be_built_is_named_with_what_the_backend_says(
    repository: Path, tmp_path: Path
) -> None:
    project = repository / "generated/zudu/pyproject.toml"
    replaced(project, 'license = "MIT"', 'license = "Mine"')
    with pytest.raises(BadInputError) as caught:
        build(repository, [zudu(repository)], tmp_path / "dist")
    assert str(caught.value).startswith(f"{project.parent}: no sdist can be built:")
    assert "Unknown license" in str(caught.value)


def test_what_is_not_committed_is_told(repository: Path) -> None:
    assert changed_files(repository, zudu(repository)) == []
    add_untracked_file(repository / "generated/zudu")
    (repository / "LICENSE").write_text("Another's.\n")
    assert changed_files(repository, zudu(repository)) == [
        "generated/zudu/callrecords_zudu/notes.txt"
    ]


def test_the_date_is_the_variables_or_the_last_change_of_the_distribution(
    repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = calendar.timegm((2026, 1, 2, 3, 4, 5))
    assert source_date(repository, zudu(repository)) == str(expected)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    assert source_date(repository, zudu(repository)) == "1700000000"


@pytest.mark.parametrize(
    "given", ["abc", "-1", "1.5", "2026-01-02", "1_700_000_000", "²", "4294967296"]
)
def test_a_date_that_is_none_is_bad_input(
    repository: Path, monkeypatch: pytest.MonkeyPatch, given: str
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", given)
    with pytest.raises(BadInputError, match=r"^SOURCE_DATE_EPOCH: is .*; expected seconds"):
        source_date(repository, zudu(repository))


@pytest.mark.parametrize(
    ("given", "date"),
    [
        ("0", (1980, 1, 1, 0, 0, 0)),
        ("4294967295", (2106, 2, 7, 6, 28, 14)),
    ],
)
def test_every_date_that_is_accepted_can_be_built(
    repository: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    given: str,
    date: tuple[int, ...],
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", given)
    (built,) = build(repository, [zudu(repository)], tmp_path / "dist")
    with zipfile.ZipFile(built.wheel) as wheel:
        assert {member.date_time for member in wheel.infolist()} == {date}


def test_what_is_no_checkout_is_bad_input(
    repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.rmtree(repository / ".git")
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(repository.parent))
    with pytest.raises(BadInputError, match="not a git repository"):
        source_date(repository, zudu(repository))


def test_without_git_it_says_so(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(repository))
    with pytest.raises(BadInputError, match="git is not installed"):
        source_date(repository, zudu(repository))


def test_tags_of_a_distribution_are_the_newest_first(repository: Path) -> None:
    for version in ("0.9.0", "0.10.0", "0.2.0"):
        git(repository, "tag", f"callrecords-v{version}")
    git(repository, "tag", "callrecords-zudu-v3.0.0")
    assert tags(repository, "callrecords") == [
        "callrecords-v0.10.0",
        "callrecords-v0.9.0",
        "callrecords-v0.2.0",
    ]
