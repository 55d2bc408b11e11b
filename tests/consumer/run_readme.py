"""Run the Python examples of a README, as printed, against the sandbox.

``python run_readme.py README.md`` in an environment that has ``callrecords[sandbox]``. What a
reader fills in is filled in: credentials, and the sandbox's address.
"""

from __future__ import annotations

import ast
import asyncio
import functools
import importlib
import inspect
import os
import re
import subprocess
import sys
from pathlib import Path
from types import CodeType, FunctionType
from typing import TYPE_CHECKING, Any

import callrecords
import callrecords.sandbox

if TYPE_CHECKING:
    from callrecords_runtime.provider import Provider


def clients() -> dict[str, Provider]:
    """The blocking clients that the package names, each with its provider."""
    modules = {
        name: getattr(callrecords, name).__module__.partition(".")[0]
        for name in callrecords.__all__
        if f"Async{name}" in callrecords.__all__
    }
    return {
        name: importlib.import_module(f"{module}._provider").PROVIDER
        for name, module in modules.items()
        if module != "callrecords_runtime"
    }


def variables(provider: Provider) -> set[str]:
    """The environment variables that a client reads."""
    read = {each.environment for each in provider.variables}
    read |= {each.environment for each in provider.shared}
    arguments = (pair for credential in provider.credentials for pair in credential.arguments)
    return read | {environment for _, environment in arguments}


def blocks(text: str) -> list[str]:
    """The Python blocks of a Markdown text."""
    return re.findall(r"^```python\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def run(example: str, folder: Path) -> None:
    """Run an example: a module, one that awaits, or one that holds tests."""
    if "def test_" in example:
        file = folder / "test_readme.py"
        file.write_text(example, encoding="utf-8")
        subprocess.run([sys.executable, "-m", "pytest", "-q", str(file)], check=True)  # noqa: S603
        return
    code: CodeType = compile(example, "README.md", "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    if code.co_flags & inspect.CO_COROUTINE:
        asyncio.run(FunctionType(code, {"callrecords": callrecords})())
    else:
        exec(code, {"callrecords": callrecords})  # noqa: S102 - README's own code


def main(readme: Path, folder: Path) -> None:
    """Run every example."""
    with callrecords.sandbox.run() as sandbox:
        for client, provider in clients().items():
            os.environ.update(dict.fromkeys(variables(provider), "any"))
            for name in (client, f"Async{client}"):
                there: Any = getattr(callrecords, name)
                filled_in = functools.partial(there, base_url=sandbox.url(provider.name))
                setattr(callrecords, name, filled_in)
        examples = blocks(readme.read_text(encoding="utf-8"))
        for example in examples:
            run(example, folder)
    print(f"{len(examples)} examples of {readme.name} ran.")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path.cwd())
