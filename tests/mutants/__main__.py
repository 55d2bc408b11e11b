"""Change modules at random, one place at a time, and count the changes that their tests notice.

Each change is made in a copy of the repository. A test that fails notices it, and so do tests that
take three times as long as they did before. ``python -m tests.mutants --rooms compare --count 20``

mutmut 3.8 and cosmic-ray 8.7 are well kept, but neither takes a sample: both make every change
there is, thousands here. mutmut changes functions only, not the tables that our rules are, and
works in a folder inside the repository; cosmic-ray changes the very files one is working on.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import queue
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import tomllib
from concurrent.futures import ThreadPoolExecutor
from importlib.util import cache_from_source
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from tests.mutants.changes import Change, changes
from tests.mutants.modules import ROOMS, Module, modules

if TYPE_CHECKING:
    from collections.abc import Iterable

ROOT = Path(__file__).parents[2]
ARGUED = Path(__file__).with_name("survivors.toml")
LEAST = 0.92
SLOW_LIMIT = 600
PYTEST = (sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:xdist", "--hypothesis-seed=0")


class Mutant(NamedTuple):
    """A change, and the module that it is made in."""

    module: Module
    change: Change

    @property
    def key(self) -> tuple[str, str, str]:
        """What it is known by, wherever its line moves."""
        return self.module.path, self.change.before, self.change.after


def main() -> int:
    """Print each change that no test noticed; 1 when too many are, or one is not argued."""
    parser = argparse.ArgumentParser(prog="tests.mutants", description="Whether tests notice.")
    parser.add_argument("--count", type=int, default=90, help="how many changes")
    parser.add_argument("--seed", default="0", help="which ones; the same ones for the same seed")
    parser.add_argument("--rooms", default=",".join((*ROOMS, "decoding")))
    parser.add_argument("--module", default="", help="only modules with this in their path")
    options = parser.parse_args()
    rooms = options.rooms.split(",")
    chosen = [module for module in modules(ROOT, rooms) if options.module in module.path]
    mutants = sample(chosen, options.count, options.seed)
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        copies = [copy_of_repository(Path(folder) / str(number)) for number in range(2)]
        survivors = run(mutants, copies)
    return report(mutants, survivors)


def sample(chosen: list[Module], count: int, seed: str) -> list[Mutant]:
    """As many changes of each room, and in it as many of decisions as of constants.

    What is chosen depends on the text of the lines alone: a change elsewhere chooses no others.
    """
    by_room: dict[str, list[Mutant]] = {}
    for module in chosen:
        # The line of a template that is not Python, when it begins with a comment's sign, is.
        text = (ROOT / module.path).read_text(encoding="utf-8")
        every = changes(re.sub("^{%", "#%", text))
        by_room.setdefault(module.room, []).extend(Mutant(module, change) for change in every)

    def rank(mutant: Mutant) -> str:
        return hashlib.sha256("\0".join((seed, *mutant.key)).encode()).hexdigest()

    queues = [
        _alternating(
            sorted((mutant for mutant in room if mutant.change.is_constant is kind), key=rank)
            for kind in (False, True)
        )
        for room in by_room.values()
    ]
    return _alternating(queues)[:count]


def _alternating(queues: Iterable[list[Mutant]]) -> list[Mutant]:
    return [mutant for row in zip_longest(*queues) for mutant in row if mutant is not None]


def copy_of_repository(to: Path) -> Path:
    """Copy every file that git does not ignore."""
    command = ("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard")
    listed = subprocess.run(  # noqa: S603 - arguments of ours
        command, cwd=ROOT, capture_output=True, check=True, text=True
    ).stdout
    for name in listed.split("\0"):
        if name and (ROOT / name).is_file():
            (to / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, to / name)
    return to


def run(mutants: list[Mutant], copies: list[Path]) -> list[Mutant]:
    """The changes that no test noticed; as many are tried at once as there are copies.

    Raises:
        SystemExit: tests fail already without a change.
    """
    free: queue.SimpleQueue[Path] = queue.SimpleQueue()
    for copy in copies:
        free.put(copy)
    suites = sorted({mutant.module.suite for mutant in mutants})
    with ThreadPoolExecutor(len(copies)) as pool:
        usual = pool.map(lambda suite: usual_time(suite, free), suites)
        times = dict(zip(suites, usual, strict=True))
        limits = [30 + 3 * times[mutant.module.suite] for mutant in mutants]
        alive = pool.map(lambda mutant, limit: survives(mutant, limit, free), mutants, limits)
        return [mutant for mutant, is_alive in zip(mutants, alive, strict=True) if is_alive]


def usual_time(suite: tuple[str, ...], free: queue.SimpleQueue[Path]) -> float:
    """How many seconds tests take without a change."""
    copy = free.get()
    start = time.monotonic()
    is_green = passes(suite, copy, None)
    free.put(copy)
    if not is_green:
        sys.exit(f"pytest {' '.join(suite)} fails without a change")
    return time.monotonic() - start


def survives(mutant: Mutant, limit: float, free: queue.SimpleQueue[Path]) -> bool:
    """Whether all tests pass in a copy that has the change, each suite within seconds."""
    module, copy = mutant.module, free.get()
    file = copy / module.path
    # Python tells it by time and size, which may be those of the change before.
    compiled = Path(cache_from_source(str(file)))
    original = file.read_bytes()
    file.write_text(re.sub("^#%", "{%", mutant.change.source), encoding="utf-8")
    compiled.unlink(missing_ok=True)
    alive = passes((*module.nearest, *module.suite), copy, limit) and (
        not module.slow or passes(module.slow, copy, SLOW_LIMIT)
    )
    file.write_bytes(original)
    compiled.unlink(missing_ok=True)
    free.put(copy)
    print("S" if alive else ".", end="", flush=True)
    return alive


def passes(tests: tuple[str, ...], copy: Path, limit: float | None) -> bool:
    """Whether tests pass in a copy, in time; what runs longer is stopped, with all it started."""
    paths = [copy / "src", copy / "runtime", *sorted((copy / "generated").iterdir())]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, paths))}
    quiet = subprocess.DEVNULL
    with subprocess.Popen(  # noqa: S603 - arguments of ours
        (*PYTEST, *tests),
        cwd=copy,
        env=environment,
        stdout=quiet,
        stderr=quiet,
        start_new_session=True,
    ) as process:
        try:
            return process.wait(limit) == 0
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            return False


def report(mutants: list[Mutant], survivors: list[Mutant]) -> int:
    """Print what lives, and how many died of each room; 1 when that is not enough."""
    listed = tomllib.loads(ARGUED.read_text(encoding="utf-8"))["survivor"]
    argued = {(item["module"], item["line"], item["becomes"]): item["why"] for item in listed}
    print()
    for mutant in survivors:
        path, before, after = mutant.key
        why = argued.get(mutant.key, "not argued")
        print(f"\n{path}:{mutant.change.line}  {why}\n- {before}\n+ {after}")
    print()
    for room in dict.fromkeys(mutant.module.room for mutant in mutants):
        print(score(room, mutants, survivors, room))
    print(score("all", mutants, survivors, None))
    died = len(mutants) - len(survivors)
    unargued = [mutant for mutant in survivors if mutant.key not in argued]
    return int(died < LEAST * len(mutants) or bool(unargued))


def score(title: str, mutants: list[Mutant], survivors: list[Mutant], room: str | None) -> str:
    """How many changes of a room, or of all, were noticed."""
    total, alive = (
        sum(room in {None, mutant.module.room} for mutant in some) for some in (mutants, survivors)
    )
    return f"{title}: {total - alive} of {total} noticed ({(total - alive) / total:.0%})"


if __name__ == "__main__":
    sys.exit(main())
