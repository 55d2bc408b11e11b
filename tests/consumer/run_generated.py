"""Use one generated distribution and the runtime: ``run_generated.py PACKAGE DISTRIBUTION``.

Every module is imported, and every documented answer of the definition inside is decoded and
encoded again.
"""

from __future__ import annotations

import importlib
import json
import pkgutil
import sys
from importlib import metadata, resources
from typing import Any


def main(package_name: str, distribution: str) -> None:
    """Raise if anything is not as it should be."""
    package = importlib.import_module(package_name)
    modules = [
        module.name for module in pkgutil.walk_packages(package.__path__, f"{package_name}.")
    ]
    for name in modules:
        importlib.import_module(name)
    others = {
        distribution.name
        for distribution in metadata.distributions()
        if distribution.name.startswith("callrecords")
    }
    assert others == {"callrecords-runtime", distribution}, others
    models: Any = importlib.import_module(f"{package_name}.models")
    definition = json.loads((resources.files(package_name) / "openapi.json").read_text("utf-8"))
    decoded = 0
    for path in definition["paths"].values():
        for operation in path.values():
            for content in operation["responses"].get("200", {}).get("content", {}).values():
                model = getattr(models, content["schema"].get("$ref", "/").rpartition("/")[2])
                for example in content.get("examples", {}).values():
                    assert model.from_dict(example["value"]).to_dict() == example["value"]
                    decoded += 1
    assert decoded
    print(f"{distribution} alone: {len(modules)} modules, {decoded} documented answers decoded.")


if __name__ == "__main__":
    main(*sys.argv[1:])
