"""Which modules are changed, and which tests are to notice."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ROOMS = ("compare", "overlay", "openapi", "proof")
_RUNTIME = (
    "tests/runtime",
    *(f"tests/facade/test_{name}.py" for name in ("answers", "drift", "errors")),
)
_MODELS = ("tests/generated", "tests/runtime")
DECODING = {
    "codegen/generator/endpoints.py": ("tests/codegen/generator", "tests/generated"),
    "codegen/generator/python.py": ("tests/codegen/generator", "tests/generated"),
    "runtime/callrecords_runtime/serialization.py": _MODELS,
    "runtime/callrecords_runtime/shapes.py": _MODELS,
    "runtime/callrecords_runtime/answers.py": _RUNTIME,
    "runtime/callrecords_runtime/deviations.py": _RUNTIME,
    "runtime/callrecords_runtime/validators.py": _RUNTIME,
}
"""What decodes, or writes what decodes; each by the tests that hold it."""
ELSEWHERE = {
    "names": ("tests/codegen/generator/test_reserved_names.py",),
    "fact_check": ("tests/codegen/providers/test_facts.py",),
}
"""Tests in another room's folder that hold a module: of names, those that templates take; of facts
that are not so, the mistakes in an overlay that are told."""
SHOWS = {"page", "terminal", "wording"}
"""Modules that lay out words for a person: what they decide is a matter of taste."""
SLOW = {"test_programs.py"}
"""Tests that type-check programs: asked only when no other notices."""


@dataclass(frozen=True, slots=True)
class Module:
    """A file that is changed, relative to the repository, and the folder of its tests."""

    room: str
    path: str
    tests: tuple[str, ...]
    nearest: tuple[str, ...] = ()
    slow: tuple[str, ...] = ()

    @property
    def suite(self) -> tuple[str, ...]:
        """The tests that notice most changes, as arguments of pytest."""
        return (*self.tests, *(f"--ignore={test}" for test in self.slow))


def modules(root: Path, rooms: list[str]) -> list[Module]:
    """The modules of rooms, which are those in ``ROOMS``, and ``decoding``."""
    found = [module for room in rooms if room in ROOMS for module in _of_room(root, room)]
    if "decoding" in rooms:
        found += [
            Module("decoding", path.relative_to(root).as_posix(), tests)
            for pattern, tests in DECODING.items()
            for path in sorted(root.glob(pattern))
        ]
    return found


def _of_room(root: Path, room: str) -> Iterator[Module]:
    tests = f"tests/codegen/{room}"
    slow = tuple(f"{tests}/{name}" for name in SLOW if (root / tests / name).exists())
    for path in sorted((root / "codegen" / room).rglob("*.py")):
        if path.name == "__init__.py" or path.stem in SHOWS:
            continue
        inside = path.relative_to(root / "codegen" / room)
        names = (path.stem, *reversed(inside.parts[:-1]))
        files = [f"{tests}/test_{name.removeprefix('_')}.py" for name in names]
        nearest = tuple(file for file in files if (root / file).exists())
        nearest += ELSEWHERE.get(path.stem, ())
        yield Module(room, path.relative_to(root).as_posix(), (tests,), nearest, slow)
