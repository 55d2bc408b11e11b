"""Two files as the sides of a comparison: each is the package that ``add`` would make of it."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from codegen.commands.add.naming import member_actions
from codegen.commands.add.omission import generable
from codegen.compare import side
from codegen.files.document import Document, parse
from codegen.files.errors import BadInputError, BadInputs
from codegen.generator.reading import read
from codegen.openapi.definition import read_definition
from codegen.openapi.order import in_order_of
from codegen.overlay import read_overlay
from codegen.overlay.reading import parse_overlay
from codegen.providers.patched import Inputs, patched
from codegen.providers.provider import Provider, Source
from codegen.providers.text import overlay_text

if TYPE_CHECKING:
    from codegen.compare import Side


def sides(old: Path, new: Path, overlay: Path | None) -> tuple[Side, Side]:
    """Two definitions in the form in which they are compared, without what no package can have.

    Where order means nothing, the new one is put in the order of the old one. An overlay names
    and corrects both.

    Raises:
        BadInputError: one of the files cannot be used, or the overlay does not apply to it.
        BadInputs: the same, several times.
    """
    before, after = read_definition(old), read_definition(new)
    after = replace(after, data=in_order_of(after.data, before.data))
    corrections = None if overlay is None else read_overlay(overlay)
    one, other = (
        Inputs(_provider(document.path), document, corrections, ()) for document in (before, after)
    )
    return _side(one), _side(other)


def _side(inputs: Inputs) -> Side:
    try:
        found = generable(inputs, str, prepare=_with_names_of_members)
    except (BadInputError, BadInputs):
        # Nothing would be left, or it is no fault of an operation: what can be read is compared.
        found = inputs
    return side(read(patched(found)), found.provider.left_out)


def _with_names_of_members(inputs: Inputs) -> Inputs:
    """With names for the members of enumerations of which some have none, as ``add`` gives them."""
    actions = member_actions(inputs.canonical) if inputs.overlay is None else []
    if not actions:
        return inputs
    path = inputs.provider.overlay_path
    text = overlay_text(inputs.provider, actions=actions)
    return replace(inputs, overlay=parse_overlay(Document(path, text, parse(text, path))))


def _provider(path: Path | str) -> Provider:
    """Who publishes a file, of whom nothing is known."""
    path = Path(path)
    name = path.stem
    return Provider(
        root=path.parent,
        name=name,
        distribution=name,
        package=name,
        version="0.1.0",
        title=name,
        keywords=(),
        server_url="",
        sources=(Source(name, None, dt.date.min),),
    )
