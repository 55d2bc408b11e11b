"""Files that are written whole or not at all."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from codegen.files.atomic import write_atomically
from codegen.files.errors import BadInputError

REPOSITORY = Path(__file__).parents[3]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "definition.yaml"
    path.write_bytes(b"old")
    return path


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_file_is_replaced_and_nothing_left_beside_it(file: Path) -> None:
    write_atomically(file, b"new")
    assert file.read_bytes() == b"new"
    assert names(file.parent) == [file.name]


def test_a_new_file_has_the_mode_that_any_new_file_has(tmp_path: Path) -> None:
    (tmp_path / "plain").touch()
    write_atomically(tmp_path / "new", b"new")
    assert (tmp_path / "new").stat().st_mode == (tmp_path / "plain").stat().st_mode


def test_an_existing_file_keeps_its_mode(file: Path) -> None:
    file.chmod(0o750)
    write_atomically(file, b"new")
    assert file.stat().st_mode & 0o7777 == 0o750


def test_a_symbolic_link_stays_one_and_the_file_behind_it_is_replaced(
    file: Path, tmp_path: Path
) -> None:
    link = tmp_path / "elsewhere" / "link.yaml"
    link.parent.mkdir()
    link.symlink_to(file)
    write_atomically(link, b"new")
    assert link.is_symlink()
    assert file.read_bytes() == b"new"
    assert names(link.parent) == [link.name]


def test_a_link_to_a_file_that_does_not_exist_yet_makes_the_file(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "new")
    write_atomically(tmp_path / "link", b"new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "new").read_bytes() == b"new"


def test_what_is_no_regular_file_is_written_to(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    read: list[bytes] = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_bytes()))
    reader.start()
    write_atomically(pipe, b"new")
    reader.join()
    assert read == [b"new"]
    assert pipe.is_fifo()


@pytest.mark.parametrize("interruption", [KeyboardInterrupt, OSError(28, "No space left")])
@pytest.mark.parametrize("step", ["os.fsync", "pathlib.Path.replace"])
def test_an_interruption_leaves_the_file_as_it_was_and_nothing_beside_it(
    file: Path,
    monkeypatch: pytest.MonkeyPatch,
    interruption: type[BaseException] | OSError,
    step: str,
) -> None:
    def interrupt(*_: object) -> None:
        raise interruption

    monkeypatch.setattr(step, interrupt)
    with pytest.raises((KeyboardInterrupt, BadInputError)):
        write_atomically(file, b"new")
    assert file.read_bytes() == b"old"
    assert names(file.parent) == [file.name]


def test_the_content_is_on_the_disk_before_it_has_the_name(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps: list[str] = []
    replace = Path.replace

    def note_fsync(_descriptor: int) -> None:
        steps.append("fsync")

    def note_replace(path: Path, target: Path) -> Path:
        steps.append("replace")
        return replace(path, target)

    monkeypatch.setattr("os.fsync", note_fsync)
    monkeypatch.setattr(Path, "replace", note_replace)
    write_atomically(file, b"new")
    assert steps == ["fsync", "replace"]


@pytest.mark.parametrize("redirection", ["| cat", ">> file; cat file"])
def test_standard_output_can_be_named_and_written_on(tmp_path: Path, redirection: str) -> None:
    program = "from codegen.files.atomic import *; write_atomically(Path('/dev/stdout'), b'new')"
    result = subprocess.run(  # noqa: S602 - a shell redirects
        f'("{sys.executable}" -c "{program}"; printf er) {redirection}',
        shell=True,
        cwd=tmp_path,
        env={"PYTHONPATH": str(REPOSITORY), "PATH": os.environ["PATH"]},
        capture_output=True,
        check=True,
    )
    assert (result.stdout, result.stderr) == (b"newer", b"")


@pytest.mark.parametrize("name", ["missing/file", "folder", "circle"])
def test_what_cannot_be_written_is_bad_input(tmp_path: Path, name: str) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "circle").symlink_to(tmp_path / "circle")
    with pytest.raises(BadInputError, match=f"{name}: cannot be written: "):
        write_atomically(tmp_path / name, b"new")
