"""The patched definition, of definition, overlay and payloads: everything is made from it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from codegen.openapi.access import with_arguments
from codegen.openapi.components import hoist
from codegen.openapi.definition import definition_data, normalise, read_definition
from codegen.openapi.discriminators import map_discriminators
from codegen.openapi.leaving_out import leave_out
from codegen.openapi.validation import validate_definition
from codegen.overlay import apply, read_overlay
from codegen.providers.examples import add_examples
from codegen.providers.payloads import read_payloads

if TYPE_CHECKING:
    from codegen.files.document import Document
    from codegen.files.values import JSONObject
    from codegen.providers.provider import Provider


def patched_definition(provider: Provider) -> JSONObject:
    """A provider's definition with its overlay applied: valid, normalised and hoisted.

    The documented payloads are its examples.

    Raises:
        BadInputError: one thing is wrong with the definition, the overlay or a payload.
        BadInputs: several things are.
    """
    return definition_data(patched_document(provider))


def patched_document(provider: Provider) -> Document:
    """The same with the definition's file, so that errors about it name the file and the line."""
    document = read_definition(provider.definition_path)
    if provider.overlay_path.exists():  # a definition may need no correction
        overlay = read_overlay(provider.overlay_path)
        document = replace(document, data=apply(document.data, overlay.actions))
    document = leave_out(document, provider.left_out, provider.file)
    validate_definition(document)
    document = normalise(document)
    map_discriminators(definition_data(document))
    document = hoist(document)
    document = replace(document, data=with_arguments(definition_data(document)))
    return add_examples(document, read_payloads(provider))
