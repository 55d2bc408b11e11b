"""Whether a package that was made is as its users need it, found out before it is put in place.

A process of its own imports it and calls each of its operations on a sandbox, while mypy, where it
is installed, looks at it. What fails belongs to operations, which can be left out; else it is a
fault of ours, and nothing is put in place.
"""

from __future__ import annotations

import ast
import contextlib
import importlib.util
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, NamedTuple, TextIO

import orjson

from codegen.commands.shared import ROOT, print_shortly
from codegen.files.errors import BadInputError, Problem, counted
from codegen.files.transaction import write_new
from codegen.files.values import pointer_to
from codegen.openapi.grammar import operations
from codegen.openapi.names import name_of
from codegen.openapi.references import SCHEMAS

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence

    from codegen.generator.reading import Reading

_MOST_SECONDS = 300.0
"""How long a package may be looked at in all; what was not reached then is told."""
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


class Look(NamedTuple):
    """What was seen of a package."""

    faults: tuple[Fault, ...]
    answered: int
    """How many operations were called and answered."""
    untried: tuple[str, ...]
    """What was not found out, and why."""
    seconds: float
    """How long it took, with the looks before it."""


def look(files: Mapping[str, bytes], package: str, *, before: Look | None = None) -> Look:
    """Use a distribution, which is written nowhere but in a folder of its own.

    Args:
        files: Those of the distribution.
        package: Its name for Python.
        before: The last look, at what it was before something was left out.
    """
    spent = 0.0 if before is None else before.seconds
    until = (begin := time.monotonic()) + _MOST_SECONDS - spent
    # What the package stands on is that of this repository.
    runtime = str(ROOT / "runtime")
    with contextlib.ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="codegen-"))
        at = Path(folder).resolve() / "distribution"
        write_new(at, files)
        path = os.pathsep.join([runtime, str(ROOT / "src")])
        use = ["-m", "codegen.commands.use", str(at), package]
        using = stack.enter_context(_process(use, ROOT, PYTHONPATH=path))
        typed = None
        if importlib.util.find_spec("mypy") is not None:
            mypy = ["-m", "mypy", *_MYPY, package]
            typed = stack.enter_context(_process(mypy, at, MYPYPATH=runtime))
        faults: list[Fault] = []
        untried: list[str] = []
        answered = 0
        for line in _lines(using, "the package was being used", until, untried):
            match orjson.loads(line):
                case [str(file), int(number), str(why)]:
                    faults.append(Fault(file, number, why))
                case [str(operation), str(why)]:
                    untried.append(f"{operation}: {why}")
                case _:
                    answered += 1
        for line in _lines(typed, "mypy was looking at the package", until, untried):
            error = orjson.loads(line)
            if error["severity"] == "error":
                file = PurePath(error["file"]).as_posix()
                faults.append(Fault(file, error["line"], f"mypy: {error['message']}"))
    return Look(tuple(faults), answered, tuple(untried), spent + time.monotonic() - begin)


def tell_look(seen: Look, *, file: TextIO | None = None) -> None:
    """Say what was seen of a package."""
    answered = f"{counted(seen.answered, 'operation')} answered on the sandbox"
    print(f"Used as its users do, in {seen.seconds:.1f} s: {answered}.", file=file)
    unknown = [f"not known: {one}" for one in seen.untried]
    print_shortly(unknown, "nothing is left out for it", file=file)


@contextlib.contextmanager
def _process(
    arguments: Sequence[str], folder: Path, **variables: str
) -> Generator[subprocess.Popen[bytes]]:
    """A process of Python's, which ends with the block."""
    with subprocess.Popen(  # noqa: S603 - our own Python, arguments of ours
        [sys.executable, *arguments],
        cwd=folder,
        env={**os.environ, **variables},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def _lines(
    process: subprocess.Popen[bytes] | None,
    doing: str,
    until: float,
    untried: list[str],
) -> list[bytes]:
    """The lines that a process prints before its time is over; an early end is told."""
    if process is None:
        return []
    try:
        printed, told = process.communicate(timeout=max(0, until - time.monotonic()))
    except subprocess.TimeoutExpired:
        untried.append(f"the time was over while {doing}")
        process.kill()
        printed, _ = process.communicate()
        return printed.splitlines()[: printed.count(b"\n")]
    if process.returncode not in {0, 1} or (process.returncode and told):  # mypy's 1 says no more
        last = told.decode(errors="replace").strip().rpartition("\n")[2]
        why = f": {last}" if last else ""
        untried.append(f"a process ended ({process.returncode}) while {doing}{why}")
    return printed.splitlines()[: printed.count(b"\n")]


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
