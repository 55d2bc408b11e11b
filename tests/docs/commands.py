"""Whether a command that is not run could be: the program's own parsers say so."""

from __future__ import annotations

import ast
import re
import tomllib
from typing import TYPE_CHECKING

from packaging.requirements import InvalidRequirement, Requirement
from typer.main import get_command

from callrecords.cli._commands import app as callrecords_app
from codegen.__main__ import app as codegen_app
from tests.docs.documents import ROOT

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

_PATTERN = re.compile(r"[\[\]…<>]|^[A-Z][A-Z_.a-z]*$")
"""Of a word that is no argument itself, but says what stands there."""
_OTHERS = {"cd", "git", "mypy", "pre-commit", "prek", "pyright", "pytest"}
"""Programs that readers have, and of whose arguments nothing is known here."""
_PIP_OPTIONS = {
    *("-U", "--upgrade", "-q", "--quiet", "-e", "--editable", "--no-deps", "-r"),
    *("--group", "--index-url", "--extra-index-url", "--no-index", "--find-links", "--index"),
}


class UnknownCommandError(AssertionError):
    """A command that a document shows and that is not there, or not so."""


def check(program: str, arguments: Sequence[str]) -> None:
    """Check a command of a program that is not run here.

    Raises:
        UnknownCommandError: the program, or what it is asked for, is not known.
    """
    match [program, *arguments]:
        case ["python" | "python3", "-m", "pip", *rest] | ["pip", *rest]:
            check_installer(rest)
        case ["uv", "pip" | "tool", *rest] | ["uv", *rest]:
            check_installer(rest)
        case ["nox", *rest]:
            check_nox(rest)
        case ["python" | "python3", "-m", "venv", _]:
            pass
        case ["python" | "python3", "-m", module, *_] if _is_ours(module):
            pass
        case [known, *_] if known in _OTHERS:
            pass
        case _:
            raise UnknownCommandError(f"tests/docs/commands.py does not know {program}: teach it")


def _is_ours(module: str) -> bool:
    return (ROOT / f"{module}.py").exists() or (ROOT / module / "__main__.py").exists()


def is_pattern(arguments: Sequence[str]) -> bool:
    """Whether the arguments describe a command instead of giving one."""
    return any(_PATTERN.search(word) for word in arguments)


def check_callrecords(arguments: Sequence[str]) -> None:
    """Have the command line of `callrecords` know a command and its options."""
    _check(get_command(callrecords_app), arguments)


def check_codegen(arguments: Sequence[str]) -> None:
    """Have `python -m codegen` know a command and its options."""
    _check(get_command(codegen_app), arguments)


def _check(command: Any, arguments: Sequence[str]) -> None:
    words = [word.strip("[]") for word in arguments]
    known = _options(command)
    for word in words:
        commands = getattr(command, "commands", {})
        if word.startswith("-") and word != "-":
            if word.partition("=")[0] not in known:
                raise UnknownCommandError(f"{command.name} has no option {word}")
        elif commands:
            if word not in commands:
                raise UnknownCommandError(f"{command.name} has no command {word}")
            command = commands[word]
            known = _options(command)


def _options(command: Any) -> set[str]:
    names = {name for option in command.params for name in (*option.opts, *option.secondary_opts)}
    return {*names, "--help"}


def check_nox(arguments: Sequence[str]) -> None:
    """Have noxfile.py define the sessions that are asked for."""
    tree = ast.parse((ROOT / "noxfile.py").read_bytes())
    sessions = {
        node.name
        for node in tree.body
        if isinstance(node, ast.FunctionDef)
        and any("session" in ast.unparse(decorator) for decorator in node.decorator_list)
    }
    words = iter(arguments)
    for word in words:
        if word == "--":
            return
        if word == "-P":
            next(words)
        elif word not in {"-s", "-l", "-R"} and word not in sessions:
            raise UnknownCommandError(f"noxfile.py has no session {word}")


def check_installer(arguments: Sequence[str]) -> None:
    """Have the distributions, extras and groups exist that are to be installed."""
    if not arguments or arguments[0] not in {"install", "add", "download", "uninstall"}:
        raise UnknownCommandError(f"not a command of an installer: {' '.join(arguments)}")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    words = iter(arguments[1:])
    for word in words:
        if word == "--group":
            if (group := next(words)) not in project["dependency-groups"]:
                raise UnknownCommandError(f"pyproject.toml has no group {group}")
        elif word in {"--index-url", "--extra-index-url", "--find-links", "--index", "-r"}:
            next(words)
        elif word.startswith("-"):
            if word not in _PIP_OPTIONS:
                raise UnknownCommandError(f"an installer has no option {word} that is known here")
        else:
            _check_requirement(word, project["project"]["optional-dependencies"].keys())


def _check_requirement(word: str, extras: set[str]) -> None:
    if word.startswith((".", "/")):
        return
    try:
        requirement = Requirement(word)
    except InvalidRequirement as error:
        raise UnknownCommandError(f"{word} is no requirement: {error}") from None
    if not requirement.name.startswith("callrecords"):
        return
    provider = requirement.name.removeprefix("callrecords").removeprefix("-")
    if provider and not (ROOT / "specs" / provider).exists():
        raise UnknownCommandError(f"there is no distribution {requirement.name}")
    if unknown := requirement.extras - (set() if provider else set(extras)):
        raise UnknownCommandError(f"{requirement.name} has no extra {', '.join(sorted(unknown))}")
