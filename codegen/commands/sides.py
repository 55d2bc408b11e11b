"""The two sides of a comparison of definitions, of which no package need have been made."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from codegen.commands.leaving_out import generable
from codegen.compare import side
from codegen.files.errors import BadInputError, BadInputs
from codegen.generator.reading import read
from codegen.openapi.definition import definition_data, read_definition
from codegen.openapi.order import in_order_of
from codegen.overlay import read_overlay
from codegen.providers.patched import Inputs, patched
from codegen.providers.provider import Provider

if TYPE_CHECKING:
    from codegen.compare import Side
    from codegen.files.document import Document
    from codegen.overlay import Overlay

_NOBODY = Provider(
    root=Path(),
    name="",
    distribution="",
    package="",
    version="",
    title="",
    keywords=(),
    server_url="",
    sources=(),
)
"""Who publishes a definition of which no package is made."""


def read_both(old: Path, new: Path, overlay: Path | None) -> tuple[Side, Side]:
    """The sides of a comparison of two definitions, without what cannot be generated of them.

    Where order means nothing, the new one is put in the order of the old one. An overlay names
    and corrects both.

    Raises:
        BadInputError: one of the files cannot be used, or the overlay does not apply to it.
        BadInputs: the same, several times.
    """
    before, after = map(read_definition, (old, new))
    after = replace(after, data=in_order_of(after.data, before.data))
    corrections = None if overlay is None else read_overlay(overlay)
    return _side(before, corrections), _side(after, corrections)


def _side(document: Document, overlay: Overlay | None) -> Side:
    inputs = Inputs(_NOBODY, document, overlay, ())
    # What is wrong with no operation alone may still be told as a change.
    with contextlib.suppress(BadInputError, BadInputs):
        inputs = generable(inputs, str)
    return side(read(patched(inputs)), inputs.provider.left_out, definition_data(document))
