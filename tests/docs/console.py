"""Blocks of a terminal: commands that can be run are, and the others are checked.

A command stands behind ``$ ``, its output below it. In a block without any ``$ `` each line is a
command. Output is compared where it is shown; ``…`` in it stands for anything. A command ends with
0, unless the next one is ``echo $?``, which shows with what.
"""

from __future__ import annotations

import contextlib
import difflib
import io
import re
import shlex
import shutil
import signal
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import callrecords.cli
from callrecords.cli._exit_codes import INTERRUPTED
from tests.docs.commands import check, check_callrecords, check_codegen, is_pattern
from tests.docs.documents import ROOT
from tests.docs.redirection import DOCUMENTED_ORIGIN

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

_ORIGIN = re.compile(r"http://127\.0\.0\.1:\d+")


@dataclass(frozen=True)
class Step:
    """A command, and the output that is shown of it."""

    command: str
    output: str


def steps_of(text: str) -> Iterator[Step]:
    """The commands of a block."""
    lines = text.splitlines()
    if not any(line.startswith("$ ") for line in lines):
        yield from (Step(line, "") for line in lines if line.strip())
        return
    assert lines[0].startswith("$ "), "the block begins with output"
    for part in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
        command, _, output = part.partition("\n")
        while command.endswith("\\"):
            rest, _, output = output.partition("\n")
            command = f"{command[:-1]} {rest.strip()}"
        yield Step(command, output.strip("\n"))


@dataclass
class Terminal:
    """Runs commands in a folder, one after the other."""

    folder: Path
    set_variable: Callable[[str, str], None]
    _exit_code: int = 0
    _repository: Path | None = field(default=None, init=False)

    def run_block(self, text: str) -> None:
        """Run the commands of a block.

        Raises:
            AssertionError: one printed something else, or ended otherwise.
            UnknownCommandError: one is not there, or not so.
        """
        steps = list(steps_of(text))
        for step, following in zip(steps, [*steps[1:], Step("", "")], strict=True):
            printed = self._run_line(step)
            if step.output:
                assert_same(printed, step.output)
            if following.command != "echo $?":
                assert self._exit_code == 0, f"{step.command} ended with {self._exit_code}"

    def _run_line(self, step: Step) -> str:
        printed = [
            self._run(words, step) for words in _commands(shlex.split(step.command, comments=True))
        ]
        return "\n".join(printed)

    def _run(self, words: Sequence[str], step: Step) -> str:
        program, *arguments = Path(words[0]).name, *words[1:]
        match [program, *arguments]:
            case ["echo", "$?"]:
                code, self._exit_code = self._exit_code, 0
                return str(code)
            case ["export", assignment]:
                self.set_variable(*assignment.split("=", 1))
            case ["callrecords", "sandbox", *_]:
                return self._serve(arguments, step)
            case ["callrecords", *_]:
                return self._callrecords(arguments)
            case ["python" | "python3", "-m", "codegen", *rest]:
                return self._codegen(rest)
            case ["nox", *_]:
                # What `nox -s update` prints is held by tests/codegen/commands/test_update.py.
                check(program, arguments)
                return step.output
            case _:
                check(program, arguments)
        return ""

    def _callrecords(self, arguments: list[str]) -> str:
        if is_pattern(arguments):
            check_callrecords(arguments)
            return ""
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
            self._exit_code = callrecords.cli.main(arguments)
        return printed.getvalue()

    def _serve(self, arguments: list[str], step: Step) -> str:
        """Start the sandbox on a free port, and stop it when it has printed what is shown."""
        check_callrecords(arguments)
        command = [sys.executable, "-m", "callrecords", *arguments, "--port", "0"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603
            assert process.stdout is not None
            lines = [process.stdout.readline() for _ in range(max(1, step.output.count("\n") + 1))]
            process.send_signal(signal.SIGINT)
            rest = process.stdout.read()
        # Ctrl-C is its end, and also one when it comes at once.
        self._exit_code = 0 if process.returncode == INTERRUPTED else process.returncode
        return _ORIGIN.sub(DOCUMENTED_ORIGIN, "".join(lines) + rest)

    def _codegen(self, arguments: list[str]) -> str:
        """Run it in a copy of the repository, whose files all blocks of a document share."""
        if is_pattern(arguments):
            check_codegen(arguments)
            return ""
        if self._repository is None:
            self._repository = self.folder
            for name in ("codegen", "specs", "overlay", "generated"):
                shutil.copytree(ROOT / name, self.folder / name)
            for name in ("LICENSE", "CHANGELOG.md", "pyproject.toml"):
                shutil.copy(ROOT / name, self.folder / name)
        done = subprocess.run(  # noqa: S603
            [sys.executable, "-m", "codegen", *arguments],
            cwd=self._repository,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )
        self._exit_code = done.returncode
        return done.stdout


def _commands(words: list[str]) -> Iterator[list[str]]:
    """The commands of a line, which are joined by ``&&``."""
    command: list[str] = []
    for word in [*words, "&&"]:
        if word == "&&":
            if command:
                yield command
            command = []
        else:
            command.append(word)


def assert_same(printed: str, shown: str) -> None:
    """Compare an output with what a document shows of it."""
    pattern = r"[\s\S]*?".join(re.escape(part) for part in _tidy(shown).split("…"))
    if re.fullmatch(pattern, _tidy(printed)) is None:
        lines = difflib.unified_diff(
            *(_tidy(shown).splitlines(), _tidy(printed).splitlines()),
            *("shown", "printed"),
            lineterm="",
        )
        raise AssertionError("\n".join(["the output is another one", *lines]))


def _tidy(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.strip("\n").splitlines())
