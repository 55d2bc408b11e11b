"""Run the Python examples of a README, as printed, against the sandbox.

``python run_readme.py README.md`` in an environment that has ``callrecords[sandbox]``. What a
reader fills in is filled in: credentials, the id of a call, and the sandbox's address.
"""

from __future__ import annotations

import ast
import asyncio
import functools
import inspect
import os
import re
import subprocess
import sys
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any

import callrecords
import callrecords.sandbox

CLIENTS = {
    "CometChat": "cometchat",
    "Zudu": "zudu",
    "RealtimeKit": "realtimekit",
    "ApifyCloud": "apifycloud",
}
VARIABLES = (
    *(
        "COMETCHAT_APP_ID",
        "COMETCHAT_REGION",
        "COMETCHAT_API_KEY",
        "ZUDU_API_KEY",
        "ZUDU_API_SECRET",
    ),
    *("CLOUDFLARE_ACCOUNT_ID", "REALTIMEKIT_APP_ID", "CLOUDFLARE_API_TOKEN"),
)


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
    os.environ.update(dict.fromkeys(VARIABLES, "any"))
    with callrecords.sandbox.run() as sandbox:
        for client, provider in CLIENTS.items():
            for name in (client, f"Async{client}"):
                there: Any = getattr(callrecords, name)
                filled_in = functools.partial(there, base_url=sandbox.url(provider))
                setattr(callrecords, name, filled_in)
        call = next(iter(sandbox.ids("cometchat", "get_call")))
        examples = blocks(readme.read_text(encoding="utf-8"))
        for example in examples:
            run(example.replace('"v1.us.…"', f'"{call}"').replace('"…"', '"any"'), folder)
    print(f"{len(examples)} examples of {readme.name} ran.")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path.cwd())
