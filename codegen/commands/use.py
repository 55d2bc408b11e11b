"""``python -m codegen.commands.use FOLDER PACKAGE``: use a package as its users would.

This process imports each of its modules, compiles what checks its answers and events, and calls
each of its operations on a sandbox. What comes of that is printed, a JSON array a line: of what
fails the file in the folder, its line, and why; of an operation that cannot be called its name, and
why; of one that is answered its name.
"""

from __future__ import annotations

import functools
import importlib
import json
import pkgutil
import sys
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


def modules(package: str) -> Iterator[str]:
    """A package and all modules in it, but for those in a folder that was not imported."""
    waiting = [package]
    while waiting:
        name = waiting.pop()
        yield name
        folders = getattr(sys.modules.get(name), "__path__", ())
        waiting += [each.name for each in pkgutil.iter_modules(folders, f"{name}.")]


def checks(package: str) -> Iterator[tuple[str, Callable[[], Any]]]:
    """What finds the checks of answers and events, each with the file that is about it."""
    # What ships is imported by no module of ours; the package stands on it, and has it here.
    validators: Any = importlib.import_module("callrecords_runtime.validators")
    definition = validators.definition_of(package)
    for webhook in definition.get("webhooks", ()):
        compiled = functools.partial(validators.event_validators, package, webhook)
        yield f"{package}/webhooks.py", compiled
    for item in definition["paths"].values():
        for operation in item.values():
            if operation.__class__ is not dict or "operationId" not in operation:
                continue
            name = operation["operationId"]
            statuses = {int(status) for status in operation["responses"] if status.isdigit()}
            for status in {200, *statuses}:
                compiled = functools.partial(validators.validators, package, name, status)
                yield f"{package}/_operations/{name}.py", compiled


def main(folder: Path, package: str) -> None:
    """Print what comes of it."""
    for name in modules(package):
        use = functools.partial(importlib.import_module, name)
        _attempt(folder, f"{name.replace('.', '/')}.py", use)
    for file, find in checks(package):
        _attempt(folder, file, functools.partial(_compile, find))
    try:
        # What ships is imported by no module of ours.
        calling: Any = importlib.import_module("callrecords.sandbox._calling")
    except ModuleNotFoundError as missing:
        _tell("every operation", f"none was called: the sandbox needs {missing.name}")
        return
    for name, error, why in calling.calls(package):
        if error is not None:
            _tell(f"{package}/_operations/{name}.py", 1, f"{type(error).__name__}: {error}")
        else:
            _tell(name, *([why] if why else []))


def _tell(*told: str | int | None) -> None:
    print(json.dumps(told), flush=True)


def _compile(find: Callable[[], Any]) -> None:
    try:
        found = find()
    except LookupError as error:
        if type(error) is LookupError:
            return  # the answer is no JSON
        raise
    _ = found.exact, found.representable


def _attempt(folder: Path, file: str, use: Callable[[], object]) -> None:
    try:
        use()
    except Exception as error:  # noqa: BLE001 - anything that a package may raise
        # At fault is the innermost line that is written in the package.
        frames = traceback.extract_tb(error.__traceback__)
        inside = [each for each in frames if Path(each.filename).is_relative_to(folder)]
        where = [Path(each.filename).relative_to(folder).as_posix() for each in inside]
        line = inside[-1].lineno if inside else 1
        _tell(where[-1] if where else file, line, f"{type(error).__name__}: {error}")


if __name__ == "__main__":
    sys.path.insert(0, sys.argv[1])
    main(Path(sys.argv[1]), sys.argv[2])
