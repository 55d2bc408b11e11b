"""The patched definition, of definition, overlay and payloads: everything is made from it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from codegen.files.document import serialise
from codegen.files.errors import Problem
from codegen.files.values import pointer_to
from codegen.openapi.access import with_arguments
from codegen.openapi.canonical import Canonical, canonical
from codegen.openapi.client_facts import FACTS
from codegen.openapi.definition import definition_data, read_definition
from codegen.openapi.joining import joined
from codegen.openapi.mending import mended
from codegen.openapi.shapes import with_direct_references
from codegen.openapi.subset import leave_out
from codegen.openapi.validation import repeated_names, validate_definition
from codegen.overlay import apply, read_overlay
from codegen.overlay.names import names_of
from codegen.providers.facts import facts_problems
from codegen.providers.payloads import add_examples, read_payloads

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from codegen.files.document import Document
    from codegen.files.values import JSONObject
    from codegen.openapi.places import Names
    from codegen.overlay import Action, Overlay
    from codegen.providers.payloads import Payload
    from codegen.providers.provider import Provider

_HEAD = b"""\
# Generated from the definition beside it by `python -m codegen generate`; change that,
# not this file. It is the definition as overlays correct it: in one form, its classes under
# their names.
"""


@dataclass(frozen=True)
class Inputs:
    """Everything that a provider's package is made of, as values in hand."""

    provider: Provider
    definition: Document
    """As published."""
    overlay: Overlay | None
    """None where a definition needs no correction and no name."""
    payloads: tuple[Payload, ...]
    repairs: Overlay | None = None
    """What is mended in the definition as published, so that it has a canonical form at all."""
    additions: tuple[Document, ...] = ()
    """Further documents of the same API, such as one of its webhooks, which nothing repairs."""

    @cached_property
    def names(self) -> Names:
        """The table of names in the overlay."""
        return names_of(self.overlay)

    def corrected_by(
        self,
        overlay: Overlay | None,
        payloads: tuple[Payload, ...],
        provider: Provider | None = None,
        form: Canonical | None = None,
    ) -> Inputs:
        """These inputs with another overlay and other payloads, and of another provider.

        That leaves out the same. The definition is read once as it is meant, and the canonical form
        is made once for all that have the same table of names; or is known, with another table.
        """
        other = replace(
            self, overlay=overlay, payloads=payloads, provider=provider or self.provider
        )
        kept = ["meant", *(["canonical"] if other.names == self.names else [])]
        other.__dict__.update({name: self.__dict__[name] for name in kept if name in self.__dict__})
        if form is not None:
            other.__dict__["canonical"] = form
        return other

    @property
    def overlays(self) -> Mapping[Path, Overlay]:
        """The repairs and the overlay, as far as there are any, by their files."""
        found = {
            self.provider.repairs_path: self.repairs,
            self.provider.overlay_path: self.overlay,
        }
        return {path: overlay for path, overlay in found.items() if overlay is not None}

    @property
    def actions(self) -> Sequence[Action]:
        """The actions of the overlay; none without one."""
        return () if self.overlay is None else self.overlay.actions

    @cached_property
    def canonical(self) -> Canonical:
        """The definition in its canonical form, which the overlay corrects.

        Raises:
            BadInputError: one thing is wrong with the definition or the repairs.
            BadInputs: several things are, or lines of the table of names contradict it.
        """
        return canonical(self.meant, self.names)

    @cached_property
    def meant(self) -> Document:
        """The definition as it is meant: repaired, valid, without what is left out.

        Raises:
            BadInputError: one thing is wrong with the definition or the repairs.
            BadInputs: several things are.
        """
        return _meant(self, () if self.repairs is None else self.repairs.actions)

    @cached_property
    def corrected(self) -> Canonical:
        """The canonical definition with the overlay's actions, in its canonical form again.

        Raises:
            BadInputError: an action does not apply.
            BadInputs: what the actions make of it is not valid, lines of the table of names
                contradict it or stand for nothing in it, or two functions have one name.
        """
        definition = self.canonical
        if self.actions:
            definition = replace(definition, data=apply(definition.data, self.actions))
            validate_definition(definition)
        if self.actions or definition.pending:
            definition = canonical(definition, self.names)
        self.names.refuse(_unused_lines(self.names, definition.pending))
        definition.refuse(repeated_names(definition_data(definition)))
        return definition


def read_inputs(provider: Provider) -> Inputs:
    """Read what a provider's package is made of, each file once.

    Raises:
        BadInputError: one thing is wrong with the definition, the overlay or a payload.
        BadInputs: several things are.
    """
    overlay, repairs = (
        read_overlay(path) if path.exists() else None
        for path in (provider.overlay_path, provider.repairs_path)
    )
    return Inputs(
        provider=provider,
        definition=read_definition(provider.definition_path),
        overlay=overlay,
        payloads=read_payloads(provider),
        repairs=repairs,
        additions=tuple(map(read_definition, provider.addition_paths)),
    )


def in_canonical_form(
    inputs: Inputs, repairs: Sequence[Action], *, strict: bool = True
) -> Canonical:
    """The canonical definition with some repairs made before, which :class:`Inputs` has with all.

    The errors are those of :attr:`Inputs.canonical`.
    """
    return canonical(_meant(inputs, repairs, strict=strict), inputs.names)


def _meant(inputs: Inputs, repairs: Sequence[Action], *, strict: bool = True) -> Document:
    document, provider = inputs.definition, inputs.provider
    if repairs:
        data = with_direct_references(definition_data(document))
        document = replace(document, data=apply(data, repairs, strict=strict))
    document = joined(document, inputs.additions)
    document = mended(leave_out(document, provider.left_out, provider.file))
    validate_definition(document)
    return document


def patched(inputs: Inputs) -> Document:
    """The canonical definition with its overlay applied: valid, all classes under their names.

    The documented payloads are its examples. Its root has the overlay's facts about the client.
    Errors about it name the file and the line.

    Raises:
        BadInputError: one thing is wrong with the definition, the overlay or a payload.
        BadInputs: several things are, lines of the table of names stand for nothing, or what is
            said of the client is not so.
    """
    definition = inputs.corrected
    data = with_facts(definition_data(definition), inputs.overlay)
    return add_examples(replace(definition, data=with_arguments(data)), inputs.payloads)


def with_facts(definition: JSONObject, overlay: Overlay | None) -> JSONObject:
    """A corrected definition with the overlay's facts about the client, and with none but those.

    Raises:
        BadInputs: they are not so.
    """
    data = {key: value for key, value in definition.items() if key != FACTS}
    if overlay is None or FACTS not in overlay.extensions:
        return data
    told = overlay.extensions[FACTS]
    overlay.document.refuse(
        replace(problem, pointer=pointer_to(FACTS) + problem.pointer)
        for problem in facts_problems(told, data)
    )
    return {**data, FACTS: told}


def canonical_text(inputs: Inputs) -> bytes:
    """The file that holds the canonical definition, with the same errors as it."""
    return _HEAD + serialise(inputs.canonical.data, as_json=False)


def _unused_lines(names: Names, pending: frozenset[str]) -> Iterator[Problem]:
    """The lines of a table, or places in them, for which nothing stands in the definition."""
    for line in names.operations:
        if line in pending:
            yield Problem("names/unused", pointer_to(line), "there is no such operation")
    for name, places in names.classes.items():
        for place in places:
            if place.text in pending:
                message = f"nothing that makes a class stands at {place.text}"
                yield Problem("names/unused", pointer_to(name), message)


def patched_definition(provider: Provider) -> JSONObject:
    """The data of what :func:`patched` makes of the provider's files, with the same errors."""
    return definition_data(patched(read_inputs(provider)))
