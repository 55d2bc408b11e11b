"""The two sides of a comparison of definitions, of which no package need have been made."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from typing import TYPE_CHECKING

from codegen.commands.leaving_out import generable
from codegen.compare import nobody, side
from codegen.files.errors import BadInputError, BadInputs
from codegen.generator.reading import read
from codegen.openapi.definition import definition_data, read_definition
from codegen.openapi.order import in_order_of
from codegen.overlay import read_overlay
from codegen.providers.patched import Inputs, patched

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from codegen.compare import Side
    from codegen.files.document import Document
    from codegen.files.errors import Problem
    from codegen.overlay import Overlay
    from codegen.providers.provider import Provider


def read_both(
    old: Path,
    new: Path,
    overlay: Path | None,
    provider: Provider | None = None,
    tell: Callable[[Sequence[BadInputError]], object] = len,
) -> tuple[Side, Side]:
    """The sides of a comparison of two definitions, without what cannot be generated of them.

    Where order means nothing, the new one is put in the order of the old one. An overlay names
    and corrects both. The client is that of the provider, or else called as the old title says.
    ``tell`` is told what in the new one alone is read otherwise than it is written.

    Raises:
        BadInputError: one of the files cannot be used, or the overlay does not apply to it.
        BadInputs: the same, several times.
    """
    before, after = map(read_definition, (old, new))
    after = replace(after, data=in_order_of(after.data, before.data))
    corrections = None if overlay is None else read_overlay(overlay)
    publisher = replace(provider or nobody(definition_data(before)), left_out=())
    one, known = _side(before, corrections, publisher)
    other, told = _side(after, corrections, publisher)
    tell([after.error_of(problem) for problem in told if problem not in known])
    return one, other


def _side(
    document: Document, overlay: Overlay | None, publisher: Provider
) -> tuple[Side, Sequence[Problem]]:
    inputs = Inputs(publisher, document, overlay, ())
    # What is wrong with no operation alone may still be told as a change.
    with contextlib.suppress(BadInputError, BadInputs):
        inputs, _ = generable(inputs, str)
    left_out, published = inputs.provider.left_out, definition_data(document)
    try:
        made = side(read(patched(inputs)), publisher, left_out=left_out, published=published)
    except (BadInputError, BadInputs) as error:
        for one in error.problems:
            if overlay is not None and one.file == overlay.document.path:
                one.message += f" (applied to {document.path})"
        raise
    return made, inputs.canonical.told
