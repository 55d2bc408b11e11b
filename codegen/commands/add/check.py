"""Whether a package that was made is as its users need it, found out before it is put in place.

A process of its own imports it, and mypy, where it is installed, looks at it. What fails belongs to
operations, which can be left out; else it is a fault of ours, and nothing is put in place.
"""

from __future__ import annotations

import ast
import importlib.util
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import orjson

from codegen.files.errors import BadInputError, Problem
from codegen.files.transaction import write_new
from codegen.files.values import pointer_to
from codegen.openapi.grammar import operations
from codegen.openapi.names import name_of
from codegen.openapi.references import SCHEMAS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from codegen.generator.reading import Reading

ROOT = Path(__file__).parents[3]
_MYPY = (
    "--strict", "--config-file=", "--follow-imports=silent", "--no-error-summary", "--output=json",
    # Kept, as mypy takes longer for the libraries than for most packages.
    f"--cache-dir={ROOT / '.mypy_cache' / 'added'}",
)  # fmt: skip


class Fault(NamedTuple):
    """Something in a package that fails."""

    file: str
    """In the distribution."""
    line: int
    message: str


def faults(files: Mapping[str, bytes], package: str) -> Iterator[Fault]:
    """What fails in a distribution, which is written nowhere but in a folder of its own.

    Args:
        files: Those of the distribution.
        package: Its name for Python.

    Raises:
        BadInputError: it cannot be looked at.
    """
    # What the package stands on is that of this repository.
    runtime = str(ROOT / "runtime")
    with tempfile.TemporaryDirectory(prefix="codegen-") as temporary:
        at = Path(temporary).resolve() / "distribution"
        write_new(at, files)
        used = _run(["-m", "codegen.commands.add.use", str(at), package], ROOT, PYTHONPATH=runtime)
        yield from (Fault(*orjson.loads(line)) for line in used.splitlines())
        if importlib.util.find_spec("mypy") is not None:
            said = _run(["-m", "mypy", *_MYPY, package], at, MYPYPATH=runtime)
            for line in said.splitlines():
                error = orjson.loads(line)
                if error["severity"] == "error":
                    yield Fault(error["file"], error["line"], f"mypy: {error['message']}")


def _run(arguments: Sequence[str], folder: Path, **variables: str) -> bytes:
    """What a process prints.

    Raises:
        BadInputError: it says something else than what it is asked for.
    """
    result = subprocess.run(  # noqa: S603 - our own Python, arguments of ours
        [sys.executable, *arguments],
        cwd=folder,
        env={**os.environ, **variables},
        capture_output=True,
        check=False,
    )
    if result.returncode and not result.stdout:  # what has failed already may end it
        message = "the package cannot be looked at: " + result.stderr.decode(errors="replace")
        raise BadInputError(message.strip(), file=folder)
    return result.stdout


def problems(
    found: Iterable[Fault], files: Mapping[str, bytes], reading: Reading
) -> Iterator[Problem]:
    """What fails, at the places of the definition that it was made of.

    Raises:
        BadInputError: something fails that is made of no operation: a fault of ours.
    """
    places = {str(name_of(each)): each.node.pointer for each in operations(reading.definition)}
    classes = [each.class_info for each in (*reading.parsed.models, *reading.parsed.enums)]
    schemas = {str(each.module_name): SCHEMAS + pointer_to(str(each.name)) for each in classes}
    for file, line, message in found:
        match file.split("/")[1:]:
            case ["_operations", module] if (name := Path(module).stem) in places:
                place = places[name]
            case ["models", module] if (name := Path(module).stem) in schemas:
                place = schemas[name]
            case _:
                name = _operation_at(files.get(file, b""), line)
                place = places.get(name, "")
        if not place:
            told = f"{message}; that is a fault of ours, and none of the definition"
            raise BadInputError(told, file=file, line=line)
        yield Problem("package/fails", place, f"what is made of it fails: {message}")


def _operation_at(module: bytes, line: int) -> str:
    """The operation of the method that a line of a client is in; empty if it is in none."""
    for function in ast.walk(ast.parse(module)):
        if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        if function.lineno <= line <= (function.end_lineno or 0):
            for call in ast.walk(function):
                match call:
                    case ast.Call(args=[ast.Constant(value=str(name)), *_]):
                        return name
                    case _:
                        pass
    return ""
