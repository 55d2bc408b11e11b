"""``python -m codegen overlay``: OpenAPI Overlay documents, whoever they belong to."""

from __future__ import annotations

import sys
from pathlib import Path  # noqa: TC003 - typer reads the annotations
from typing import TYPE_CHECKING, Annotated

import typer

from codegen.commands.shared import print_shortly, require_no_source
from codegen.files.document import RefusedError, read_document, serialise
from codegen.files.errors import BadInputError, counted
from codegen.files.transaction import write_atomically

if TYPE_CHECKING:
    from collections.abc import Sequence

    from codegen.files.values import JSON
    from codegen.overlay import Action

app = typer.Typer(
    help="OpenAPI Overlay documents, 1.0 and 1.1.", no_args_is_help=True, rich_markup_mode=None
)


@app.command()
def apply(
    definition: Annotated[
        Path, typer.Argument(metavar="DEFINITION", help="The definition, YAML or JSON.")
    ],
    overlays: Annotated[
        list[Path],
        typer.Argument(help="Overlay documents, applied in this order.", metavar="OVERLAY..."),
    ],
    *,
    output: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Written here instead of printed; JSON if it ends in .json, else YAML. An older "
            "output is replaced, but no definition and no overlay.",
        ),
    ] = None,
    lenient: Annotated[
        bool,
        typer.Option(
            "--lenient",
            help="To the letter of the standard: an action may match nothing or change nothing, "
            "which is told.",
        ),
    ] = False,
) -> None:
    """Apply overlays to a definition."""
    from codegen import overlay  # noqa: PLC0415 - no other command need wait for it

    data = read_document(definition).data
    require_no_source(output, definition, *overlays)
    actions = [one for path in overlays for one in overlay.read_overlay(path).actions]
    data = _applied_leniently(data, actions) if lenient else overlay.apply(data, actions)
    as_json = (output or definition).suffix.lower() == ".json"
    try:
        text = serialise(data, as_json=as_json)
    except RefusedError as error:
        raise BadInputError(f"cannot be written: {error}", file=output or definition) from error
    if output is None:
        sys.stdout.buffer.write(text)
    else:
        write_atomically(output, text)


def _applied_leniently(data: JSON, actions: Sequence[Action]) -> JSON:
    """The data with the actions applied; on standard error, how many do not what they say."""
    from codegen import overlay  # noqa: PLC0415 - as above

    let_pass: list[str] = []
    for action in actions:
        try:
            data = overlay.apply(data, [action])
        except BadInputError as error:
            data = overlay.apply(data, [action], strict=False)
            let_pass.append(str(error))
    if let_pass:
        print(f"{len(let_pass)} of {counted(len(actions), 'action')} let pass:", file=sys.stderr)
        print_shortly(let_pass, "without --lenient the first is an error", file=sys.stderr)
    return data


@app.command()
def check(
    overlay: Annotated[
        Path, typer.Argument(metavar="OVERLAY", help="The overlay document, YAML or JSON.")
    ],
) -> None:
    """Check the structure of an overlay as the official schemas do, and its JSONPath queries."""
    from codegen.overlay import read_overlay  # noqa: PLC0415 - as above

    read = read_overlay(overlay)
    actions = counted(len(read.actions), "action")
    print(f"{overlay}: a valid Overlay {read.version} with {actions}.")
