"""The lines of code that an update breaks: what no longer type-checks with the new package.

mypy looks at the same code with the new package and with the old one, each with the rest of the
repository as it is, in a temporary folder; what was wrong before is not told.
"""

from __future__ import annotations

import functools
import importlib.util
import os
import re
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import orjson
from markdown_it import MarkdownIt

from codegen.files.errors import BadInputError, as_bad_input
from codegen.files.transaction import write_new

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from codegen.providers.provider import Provider

_OPTIONS = (
    "--strict", "--no-warn-unused-ignores", "--no-warn-return-any", "--config-file=",
    "--follow-imports=silent", "--explicit-package-bases", "--no-error-summary", "--output=json",
)  # fmt: skip
_OF_OTHERS = {"__pycache__", "node_modules", "site-packages"}
_BLOCKED = 2
"""What mypy exits with when it could not look at everything."""


@dataclass(frozen=True, order=True)
class CodeProblem:
    """A line that type-checked, and no longer does."""

    file: str
    """From the root of the repository, or from that of the file system."""
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}"


class _Complaint(NamedTuple):
    """What mypy says of a place; the words, which may name types, do not make two of one."""

    file: Path
    line: int
    column: int
    code: str | None


def broken_lines(
    provider: Provider, new: Mapping[str, bytes], code: Sequence[Path]
) -> list[CodeProblem]:
    """What type-checks with a package as it is, and not with the new one; nothing is left behind.

    Args:
        provider: Whose package it is. Everything else in the repository is seen as it is.
        new: The files of the distribution as they will be; with none, nothing breaks.
        code: Files and folders to look at; when empty, the code in this repository that names the
            provider.

    Raises:
        BadInputError: mypy is not installed, or a file cannot be read or parsed.
    """
    if importlib.util.find_spec("mypy") is None:
        message = "checking code needs mypy: pip install --group types"
        raise BadInputError(message, file="--check-code")
    old, root = provider.generated_path.resolve(), provider.root.resolve()
    files = code_files(code) if code else code_in_repository(root, provider.package)
    if not (new and files):
        return []
    others = (each for each in sorted(root.glob("generated/*")) if each != old)
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder).resolve()
        write_new(place / "distribution", new)
        modules = _as_modules(files, place / "blocks")
        beside = [place / "blocks", *map(base_of, code), root / "src", *others, root / "runtime"]
        check = functools.partial(_complaints, beside=beside, cache=place / "cache", root=root)
        complaints = check(modules, place / "distribution")
        if complaints:  # most updates break nothing, and need one look
            known = check(sorted({complaint.file for complaint in complaints}), old)
            complaints = {one: said for one, said in complaints.items() if one not in known}
    return sorted(
        {
            CodeProblem(_shown(modules[complaint.file], root), complaint.line, message)
            for complaint, message in complaints.items()
        }
    )


def code_in_repository(root: Path, package: str) -> list[Path]:
    """The code written by hand in this repository that names the provider of a package."""
    name = "_?".join(map(re.escape, package.removeprefix("callrecords_").split("_")))
    is_named = re.compile(name, re.IGNORECASE).search
    places = [root / place for place in ("src", "tests", "docs", "demo.py", "README.md")]
    files = code_files([place for place in places if place.exists()])
    return [file for file in files if is_named(_text(file))]


def code_files(places: Iterable[Path]) -> list[Path]:
    """The Python and the Markdown in files and folders, without what others have installed there.

    Raises:
        BadInputError: there is no such file or folder.
    """
    files: set[Path] = set()
    for place in (each.resolve() for each in places):
        if not place.exists():
            raise BadInputError("there is no such file or folder", file=place)
        files |= {place} if place.is_file() else set(_below(place))
    return sorted(files)


def _below(folder: Path) -> Iterator[Path]:
    for file in folder.rglob("*"):
        parts = file.relative_to(folder).parts
        is_ours = not any(part.startswith(".") or part in _OF_OTHERS for part in parts)
        if is_ours and file.suffix in {".py", ".md"} and file.is_file():
            yield file


def base_of(place: Path) -> Path:
    """The folder from which code imports what stands beside it: above its outermost package."""
    folder = place.resolve()
    if folder.is_file():
        folder = folder.parent
    while (folder / "__init__.py").exists():
        folder = folder.parent
    return folder / "src" if (folder / "src").is_dir() else folder


def python_blocks(text: str) -> Iterator[str]:
    """The Python blocks of Markdown, each with its lines where they are in the document."""
    for token in MarkdownIt().parse(text):
        if token.type == "fence" and token.map and token.info.strip() == "python":
            yield "\n" * (token.map[0] + 1) + token.content


def _as_modules(files: Iterable[Path], folder: Path) -> dict[Path, Path]:
    """The Python files to look at, with the files that their lines stand in."""
    modules: dict[Path, Path] = {}
    folder.mkdir()
    for file in files:
        if file.suffix != ".md":
            modules[file] = file
            continue
        for block in python_blocks(_text(file)):
            module = folder / f"block_{len(modules)}.py"
            module.write_text(block, encoding="utf-8")
            modules[module] = file
    return modules


def _complaints(
    code: Iterable[Path], distribution: Path, *, beside: Iterable[Path], cache: Path, root: Path
) -> dict[_Complaint, str]:
    """What mypy says of code, with a distribution and what is beside it."""
    # In front of everything that is installed.
    path = os.pathsep.join(map(str, dict.fromkeys([distribution, *beside])))
    result = subprocess.run(  # noqa: S603 - no shell, and the names are absolute
        [sys.executable, "-P", "-m", "mypy", *_OPTIONS, f"--cache-dir={cache}", "--", *code],
        capture_output=True,
        check=False,
        cwd=root,
        env={**os.environ, "MYPYPATH": path},
    )
    said = [orjson.loads(line) for line in result.stdout.splitlines() if line[:1] == b"{"]
    errors = [each for each in said if each["severity"] == "error"]
    if result.returncode >= _BLOCKED:
        if errors:
            first = errors[0]
            raise BadInputError(first["message"], file=root / first["file"], line=first["line"])
        message = (result.stderr or result.stdout).decode(errors="replace").strip()
        raise BadInputError(f"mypy cannot check it: {message}", file="--check-code")
    return {
        _Complaint((root / each["file"]).resolve(), each["line"], each["column"], each["code"]): (
            each["message"]
        )
        for each in errors
    }


def _text(file: Path) -> str:
    with as_bad_input(file, "cannot be read: "):
        return file.read_bytes().decode(errors="replace")


def _shown(file: Path, root: Path) -> str:
    return file.relative_to(root).as_posix() if file.is_relative_to(root) else str(file)
