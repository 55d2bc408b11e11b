"""``python -m codegen normalise``."""

from __future__ import annotations

import sys
from pathlib import Path  # noqa: TC003 - typer reads the annotations
from typing import Annotated

import typer

from codegen.files.document import serialise


def normalise(
    definition: Annotated[
        Path,
        typer.Argument(metavar="FILE", help="A definition: OpenAPI 3.0 to 3.2, YAML or JSON."),
    ],
    *,
    overlay: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="An overlay, whose names are given.", show_default=False),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Print the canonical form of a definition: what overlays correct, and classes are made of.

    What in the definition is read otherwise than it is written is told on standard error.
    """
    # The generator, by whose rules classes are named, takes half a second to import.
    from codegen.openapi.canonical import canonical  # noqa: PLC0415
    from codegen.openapi.definition import read_definition  # noqa: PLC0415
    from codegen.openapi.mending import mended  # noqa: PLC0415
    from codegen.openapi.validation import validate_definition  # noqa: PLC0415
    from codegen.overlay import read_overlay  # noqa: PLC0415
    from codegen.overlay.names import names_of  # noqa: PLC0415

    document = mended(read_definition(definition))
    for problem in document.told:
        print(document.error_of(problem), file=sys.stderr)
    validate_definition(document)
    names = names_of(None if overlay is None else read_overlay(overlay))
    sys.stdout.buffer.write(serialise(canonical(document, names).data, as_json=as_json))
