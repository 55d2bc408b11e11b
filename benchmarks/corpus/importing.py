"""``python -m benchmarks.corpus.importing FOLDER PACKAGE``: import each of its modules."""

from __future__ import annotations

import importlib
import pkgutil
import sys


def failures(package: str) -> list[str]:
    """Why modules of a package cannot be imported, one line each."""
    found: list[str] = []
    names = [package]
    while names:
        name = names.pop()
        try:
            module = importlib.import_module(name)
        except Exception as error:  # noqa: BLE001 - anything that a module may raise
            found.append(f"{name}: {type(error).__name__}: {error}")
            continue
        path = getattr(module, "__path__", None)
        names += (
            [] if path is None else [one.name for one in pkgutil.iter_modules(path, f"{name}.")]
        )
    return found


if __name__ == "__main__":
    sys.path.insert(0, sys.argv[1])
    told = failures(sys.argv[2])
    for line in told:
        print(line)  # noqa: T201 - read by who has started this
    sys.exit(1 if told else 0)
