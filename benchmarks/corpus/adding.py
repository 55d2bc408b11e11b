"""``python -m benchmarks.corpus.adding DEFINITION ROOT``: add it, and write what was told."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

from codegen import start

if __name__ == "__main__":
    start()

import orjson

from codegen.commands.add.addition import Wanted, add
from codegen.files.document import parse
from codegen.files.errors import BadInputError, BadInputs
from codegen.openapi.access import first_address, is_server_address

NAME = "probe"
"""What every provider of the corpus is called."""
TOLD = "told.json"
"""In the root, what was told."""
_SERVER = "https://api.example.com"
"""For definitions that name no server to which credentials may be sent."""


def main(definition: Path, root: Path) -> None:
    """Add a provider to a repository that is made for it; exit with 2 if it is refused."""
    for folder in ("specs", "overlay", "generated"):
        (root / folder).mkdir(parents=True)
    (root / "LICENSE").write_text("For a measurement.\n")
    data = parse(definition.read_bytes(), definition)
    address = first_address(data) if isinstance(data, dict) else None
    is_usable = address is not None and address.startswith("https:") and is_server_address(address)
    wanted = Wanted(NAME, str(definition), server=None if is_usable else _SERVER)
    told: dict[str, object]
    try:
        added = add(root, wanted)
    except (BadInputError, BadInputs) as error:
        refused = error.problems if isinstance(error, BadInputs) else [error]
        told = {"refused": [one.message for one in refused]}
    else:
        told = {
            "problems": [[one.pointer, one.message] for one in added.told],
            "left_out": [[one.operation, one.part, one.reason] for one in added.provider.left_out],
        }
    (root / TOLD).write_bytes(orjson.dumps(told))
    sys.exit(2 if "refused" in told else 0)


if __name__ == "__main__":
    importlib.import_module("codegen.__main__")  # which the command has to import, too
    main(*map(Path, sys.argv[1:]))
