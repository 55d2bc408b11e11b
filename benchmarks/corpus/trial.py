"""One definition: made into packages by both generators, which are looked at as users would."""

from __future__ import annotations

import ast
import dataclasses
import re
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import orjson

from benchmarks import stock
from benchmarks.corpus.adding import NAME, TOLD
from benchmarks.corpus.completeness import Counted, Told, counted, kind_of_message, operations
from benchmarks.process import attempt

if TYPE_CHECKING:
    from collections.abc import Iterator

    from benchmarks.corpus.published import Published
    from benchmarks.process import Attempt
    from codegen.files.values import JSONObject

ROOT = Path(__file__).parents[2]
PACKAGE = f"callrecords_{NAME}"
REFUSED = 2
"""What our command exits with where an input cannot be used; any other failure is a traceback."""
_NEVER_MADE = re.compile(r"(?:WARNING|ERROR) parsing (\w+ \S+) within \S+ Endpoint will not be")
_INCOMPLETE = re.compile(r"WARNING parsing (\w+ \S+) within")
_ERROR_OF_MYPY = re.compile(r": error: (.*)  \[([\w-]+)\]$", re.MULTILINE)


@dataclass(frozen=True)
class Side:
    """What one of the generators makes of a definition."""

    seconds: float
    """Of making the package, with starting, and without looking at it."""
    outcome: str
    """``made``, ``refused``, ``traceback`` or ``timeout``."""
    complete: int = 0
    partial: int = 0
    left_out: int = 0
    is_clean: bool = False
    """Whether mypy, strict, finds nothing in the package."""
    is_importable: bool = False
    causes: dict[str, list[str]] = dataclasses.field(default_factory=dict[str, list[str]])
    """By what they cost: why something is refused, left out, partial, not clean, not imported."""


@dataclass(frozen=True)
class Trial:
    """What became of a definition."""

    name: str
    operations: int
    """How many it has."""
    ours: Side
    stock: Side


@dataclass(frozen=True)
class Bench:
    """How definitions are tried."""

    limit: float
    """After how many seconds each process is ended."""
    types: Path
    """Where mypy keeps what it knows of libraries."""

    def tried(self, published: Published, known: Side | None) -> Trial:
        """Make packages of a definition, and look at them.

        Args:
            published: The definition.
            known: What the stock generator makes of it, where that was measured before.
        """
        data = published.read()
        number = len(list(operations(data)))
        with tempfile.TemporaryDirectory(prefix="corpus-") as temporary:
            folder = Path(temporary)
            theirs = known or self._stock(published.file, number, folder / "stock")
            ours = self._ours(published.file, data, number, folder / "ours")
        return Trial(published.name, number, ours, theirs)

    def _ours(self, file: Path, data: JSONObject, number: int, root: Path) -> Side:
        arguments = ["-m", "benchmarks.corpus.adding", str(file), str(root)]
        run = attempt(arguments, folder=ROOT, limit=self.limit)
        if run.code != 0:
            why = ["it takes too long"] if run.code is None else run.output.splitlines()[-1:]
            if run.code == REFUSED and (root / TOLD).exists():
                why = orjson.loads((root / TOLD).read_bytes())["refused"][:1]
            return _failed(run, number, [kind_of_message(one) for one in why])
        folder = root / "generated" / NAME
        made: JSONObject = orjson.loads((folder / PACKAGE / "openapi.json").read_bytes())
        told = Told(**orjson.loads((root / TOLD).read_bytes()))
        found = counted(data, made, dict(_returned(folder / PACKAGE)), told)
        return self._looked_at(run, folder, PACKAGE, found)

    def _stock(self, file: Path, number: int, folder: Path) -> Side:
        folder.parent.mkdir(exist_ok=True)
        arguments = ["-m", *stock.command(file, folder)]
        run = attempt(arguments, folder=folder.parent, limit=self.limit)
        packages = [one.parent for one in folder.glob("*/__init__.py")]
        if run.code != 0 or not packages:
            last = run.output.strip().splitlines()[-1:]
            why = ["it takes too long"] if run.code is None else last
            return _failed(run, number, [kind_of_message(one) for one in why])
        [package] = packages
        modules = [one for one in package.glob("api/*/*.py") if one.name != "__init__.py"]
        incomplete = set(_INCOMPLETE.findall(run.output)) - set(_NEVER_MADE.findall(run.output))
        missing = max(number - len(modules), 0)
        partial = min(len(incomplete), len(modules))
        found = Counted(number - missing - partial, partial, missing, [], [])
        return self._looked_at(run, folder, package.name, found)

    def _looked_at(self, run: Attempt, folder: Path, package: str, found: Counted) -> Side:
        importing = ["-m", "benchmarks.corpus.importing", str(folder), package]
        imported = attempt(importing, folder=ROOT, limit=self.limit)
        strict = ["--strict", "--config-file=", f"--cache-dir={self.types}", "--no-error-summary"]
        checked = attempt(["-m", "mypy", *strict, package], folder=folder, limit=self.limit)
        errors = {f"{code}: {text}" for text, code in _ERROR_OF_MYPY.findall(checked.output)}
        if checked.code and not errors:
            errors = set(checked.output.splitlines()[-1:])
        causes = {
            "partial": found.causes_of_partial,
            "left out": found.causes_of_left_out,
            "not clean": [kind_of_message(one) for one in errors],
            "not importable": [kind_of_message(one) for one in imported.output.splitlines()],
        }
        return Side(
            round(run.seconds, 2),
            "made",
            found.complete,
            found.partial,
            found.left_out,
            checked.code == 0,
            imported.code == 0,
            {name: listed for name, listed in causes.items() if listed},
        )


def _failed(run: Attempt, number: int, why: list[str]) -> Side:
    outcome = "timeout" if run.code is None else "refused"
    outcome = "traceback" if "Traceback (most recent call last)" in run.output else outcome
    return Side(round(run.seconds, 2), outcome, left_out=number, causes={outcome: why})


def _returned(package: Path) -> Iterator[tuple[str, str]]:
    """What the operations of a package of ours return, as annotated, by ``GET /path``."""
    named: dict[str, str] = {}
    for file in package.glob("_operations/*.py"):
        told = {
            str(one.arg): str(one.value.value)
            for one in ast.walk(ast.parse(file.read_bytes()))
            if isinstance(one, ast.keyword) and isinstance(one.value, ast.Constant)
        }
        if "method" in told:
            named[file.stem] = f"{told['method']} {told['path']}"
    for file in (package / "client.py", *package.glob("_groups/*.py")):
        for function in ast.walk(ast.parse(file.read_bytes())):
            if isinstance(function, ast.FunctionDef) and function.returns is not None:
                for call in ast.walk(function):
                    match call:
                        case ast.Call(args=[ast.Constant(value=str(name)), *_]) if name in named:
                            yield named[name], ast.unparse(function.returns)
                        case _:
                            pass


def as_data(trial: Trial) -> bytes:
    """A trial as it is kept."""
    return orjson.dumps(dataclasses.asdict(trial))


def from_data(text: bytes) -> Trial:
    """A trial as it was kept."""
    kept = cast("dict[str, Any]", orjson.loads(text))
    ours, theirs = (Side(**kept.pop(name)) for name in ("ours", "stock"))
    return Trial(**kept, ours=ours, stock=theirs)
