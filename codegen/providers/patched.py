"""The patched definition, of definition, overlay and payloads: everything is made from it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from codegen.openapi.access import with_arguments
from codegen.openapi.components import hoist, map_discriminators
from codegen.openapi.definition import definition_data, normalise, read_definition
from codegen.openapi.subset import leave_out
from codegen.openapi.validation import validate_definition
from codegen.overlay import apply, read_overlay
from codegen.providers.payloads import add_examples, read_payloads

if TYPE_CHECKING:
    from codegen.files.document import Document
    from codegen.files.values import JSONObject
    from codegen.openapi.components import HoistedDocument
    from codegen.overlay import Overlay
    from codegen.providers.payloads import Payload
    from codegen.providers.provider import Provider


@dataclass(frozen=True)
class Inputs:
    """Everything that a provider's package is made of, as values in hand."""

    provider: Provider
    definition: Document
    """As published."""
    overlay: Overlay | None
    """None where a definition needs no correction."""
    payloads: tuple[Payload, ...]


def read_inputs(provider: Provider) -> Inputs:
    """Read what a provider's package is made of, each file once.

    Raises:
        BadInputError: one thing is wrong with the definition, the overlay or a payload.
        BadInputs: several things are.
    """
    path = provider.overlay_path
    return Inputs(
        provider=provider,
        definition=read_definition(provider.definition_path),
        overlay=read_overlay(path) if path.exists() else None,
        payloads=read_payloads(provider),
    )


def patched(inputs: Inputs) -> Document:
    """The definition with its overlay applied: valid, normalised, its schemas hoisted.

    The documented payloads are its examples. Errors about it name the file and the line.

    Raises:
        BadInputError: one thing is wrong with the definition, the overlay or a payload.
        BadInputs: several things are.
    """
    document, provider = inputs.definition, inputs.provider
    if inputs.overlay is not None:
        document = replace(document, data=apply(document.data, inputs.overlay.actions))
    document = leave_out(document, provider.left_out, provider.file)
    validate_definition(document)
    document = hoisted(document)
    document = replace(document, data=with_arguments(definition_data(document)))
    return add_examples(document, inputs.payloads)


def hoisted(document: Document) -> HoistedDocument:
    """A valid definition as the generator is given it: normalised, its schemas hoisted.

    Raises:
        BadInputs: titles of schemas are no names for classes.
    """
    document = normalise(document)
    map_discriminators(definition_data(document))  # while its values are the names of components
    return hoist(document)


def patched_definition(provider: Provider) -> JSONObject:
    """The data of what :func:`patched` makes of the provider's files, with the same errors."""
    return definition_data(patched(read_inputs(provider)))
