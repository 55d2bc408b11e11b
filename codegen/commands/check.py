"""Whether a package that was made is as its users need it, found out before it is put in place.

A process of its own imports it and calls each of its operations on a sandbox, while mypy, where it
is installed, looks at it. What fails belongs to operations, which can be left out; else it is a
fault of ours, and nothing is put in place.
"""

from __future__ import annotations

import ast
import importlib.util
import os
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
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
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from concurrent.futures import Future

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
    begin = time.monotonic()
    seconds = max(0, _MOST_SECONDS - spent)
    # What the package stands on is that of this repository.
    runtime = str(ROOT / "runtime")
    faults: list[Fault] = []
    untried: list[str] = []
    answered = 0
    with tempfile.TemporaryDirectory(prefix="codegen-") as folder, ThreadPoolExecutor() as pool:
        at = Path(folder).resolve() / "distribution"
        write_new(at, files)
        path = os.pathsep.join([runtime, str(ROOT / "src")])
        use = ["codegen.commands.use", str(at), package]
        using = pool.submit(_run, use, ROOT, seconds, PYTHONPATH=path)
        typing = None
        if importlib.util.find_spec("mypy") is not None:
            mypy = ["mypy", *_MYPY, package]
            typing = pool.submit(_run, mypy, at, seconds, MYPYPATH=runtime)
        for line in _lines(using, "the package was being used", untried):
            match orjson.loads(line):
                case [str(file), int(number), str(why)]:
                    faults.append(Fault(file, number, why))
                case [str(operation), str(why)]:
                    untried.append(f"{operation}: {why}")
                case _:
                    answered += 1
        for line in _lines(typing, "mypy was looking at the package", untried):
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


def _run(
    module: Sequence[str], folder: Path, seconds: float, **variables: str
) -> subprocess.CompletedProcess[bytes]:
    """Run a module with its arguments, as long as that may take."""
    return subprocess.run(  # noqa: S603 - our own Python, arguments of ours
        [sys.executable, "-m", *module],
        cwd=folder,
        env={**os.environ, **variables},
        capture_output=True,
        check=False,
        timeout=seconds,
    )


def _lines(
    process: Future[subprocess.CompletedProcess[bytes]] | None, doing: str, untried: list[str]
) -> list[bytes]:
    """The lines that a process has printed; an early end is told."""
    if process is None:
        return []
    try:
        ended = process.result()
    except subprocess.TimeoutExpired as error:
        untried.append(f"the time was over while {doing}")
        printed = error.stdout or b""
    else:
        printed = ended.stdout
        # mypy's 1 says no more than that there are errors.
        if ended.returncode not in {0, 1} or (ended.returncode and ended.stderr):
            last = ended.stderr.decode(errors="replace").strip().rpartition("\n")[2]
            why = f": {last}" if last else ""
            untried.append(f"a process ended ({ended.returncode}) while {doing}{why}")
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
