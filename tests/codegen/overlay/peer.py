"""Whether another overlay tool makes of our overlays what we make of them: ``nox -s overlays``."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from codegen.files.document import read_document
from codegen.files.values import is_same
from codegen.overlay import apply, read_overlay
from codegen.providers.provider import provider_names, read_provider

ROOT = Path(__file__).parents[3]


def main(tool: str) -> int:
    """Return 1 if the tool makes anything else of an overlay."""
    differing = 0
    for name in provider_names(ROOT):
        provider = read_provider(ROOT, name)
        if not provider.overlay_path.exists():
            continue
        ours = apply(
            read_document(provider.canonical_path).data,
            read_overlay(provider.overlay_path).actions,
        )
        with tempfile.TemporaryDirectory() as folder:
            made = Path(folder, "made.json")
            overlay = str(provider.overlay_path)
            subprocess.run(  # noqa: S603 - the tool that was installed for this
                [
                    *(tool, str(provider.canonical_path), "--overlayFile", overlay),
                    *("--no-sort", "-o", str(made)),
                ],
                check=True,
                capture_output=True,
            )
            is_alike = is_same(ours, json.loads(made.read_text("utf-8")))
        told = f"{name}: {'the same' if is_alike else 'NOT the same'}"
        print(told)  # noqa: T201 - for the person who runs it
        differing += not is_alike
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
