"""What a package does without, so that the rest of its definition can be generated."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias

from codegen.files.errors import BadInputError, BadInputs, Problem, counted
from codegen.files.values import pointer_to, pointer_tokens
from codegen.generator.lint import problems
from codegen.generator.reading import read
from codegen.openapi.canonical import Canonical
from codegen.openapi.client_facts import FACTS
from codegen.openapi.definition import definition_data
from codegen.openapi.grammar import Node, children, operations, webhooks
from codegen.openapi.marked import is_streamed, streams_of, unmarked
from codegen.openapi.references import followed, object_at
from codegen.openapi.subset import LeftOut, is_part, leave_out, reachable, with_names
from codegen.providers.patched import patched

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Container, Iterable, Iterator

    from codegen.files.document import Document
    from codegen.files.values import JSONObject
    from codegen.generator.reading import Reading
    from codegen.providers.patched import Inputs

THE_OPERATION = "the operation"
_OF_AN_OPERATION = re.compile(r"(/paths/[^/]+)/[^/]+(/parameters/)")
"""What begins the place of a parameter that may be declared of all operations of its path."""

_Parts: TypeAlias = "dict[str, str]"
"""What to leave out, in prose, by its JSON pointer."""


def left_out_for(
    published: JSONObject,
    before: Iterable[LeftOut],
    document: Document,
    problems: Collection[Problem],
) -> tuple[LeftOut, ...]:
    """What is left out before, and the least that must be left out because of problems.

    That is an optional parameter, one of several content types, the body of an error, or else the
    operation. A webhook goes as a whole: its only use is to give classes to what is sent.

    Args:
        published: The definition as published, with nothing left out.
        before: What is left out already.
        document: What has the problems: the definition without that, as published or in its
            canonical form.
        problems: By the pointers in the document.

    Returns:
        All of it in the order of the operations; a part counts in its operation.
    """
    left_out = {entry.pointer: entry for entry in before}
    definition = definition_data(document)
    for owner in _owners(definition):
        for problem in problems:
            for pointer, part in owner.least(problem).items():
                place = _as_published(document, pointer)
                told = (owner.whole, owner.node.pointer) if place is None else (part, place)
                for entry in _entries(published, owner.name, *told, problem.message):
                    left_out.setdefault(entry.pointer, entry)
    whole = {entry.pointer for entry in left_out.values() if entry.part == THE_OPERATION}
    kept = [
        entry
        for entry in left_out.values()
        if entry.pointer in whole or pointer_to(*pointer_tokens(entry.pointer)[:3]) not in whole
    ]
    order = {owner.name: place for place, owner in enumerate(_owners(published))}
    return tuple(sorted(kept, key=lambda entry: order.get(entry.operation, len(order))))


def _entries(
    published: JSONObject, owner: str, part: str, place: str, reason: str
) -> Iterator[LeftOut]:
    """What is left out for a part: what answers event by event is no operation of its own there."""
    name = unmarked(owner)
    if name == owner or part != THE_OPERATION or not is_streamed(owner):
        yield LeftOut(name, part, unmarked(place), reason)
        return
    for stream in streams_of(published, unmarked(place)):
        yield LeftOut(name, "its stream", stream, reason)


def generable(
    inputs: Inputs,
    tell: Callable[[str], object],
    *,
    prepare: Callable[[Inputs, Container[str]], Inputs] = lambda inputs, _: inputs,
) -> tuple[Inputs, Reading]:
    """The inputs without the operations, or parts of them, that cannot be generated.

    With them comes what the generator reads of the definition that is left.

    Args:
        inputs: What is left out of it already stays so.
        tell: Is told what is left out.
        prepare: Completes the inputs, which lack what depends on what is left out. It is given the
            operations of which the generator cannot use what it has said of the client.

    Raises:
        BadInputError: something else than the definition keeps a package from being made.
        BadInputs: what is wrong does not belong to any operation, or nothing would be left.
    """
    published, not_so = inputs.definition, set[str]()
    while True:
        try:
            prepared = prepare(inputs, not_so)
            reading = read(patched(prepared))
        except (BadInputError, BadInputs) as error:
            found = [
                Problem(one.kind, place, one.message)
                for one in error.problems
                if (place := published.place_of(one)) is not None
            ]
            if not found:
                raise
            document = leave_out(published, inputs.provider.left_out, inputs.provider.file)
        else:
            document, found = reading.document, [*problems(reading)]
            if not found:
                return prepared, reading
        places = [pointer_tokens(one.pointer) for one in found]
        wrong = {one[2] for one in places if one[:2] == [FACTS, "operations"]} - not_so
        if wrong:
            not_so |= wrong
        else:
            inputs = without(inputs, document, found, tell)


def without(
    inputs: Inputs, document: Document, found: Collection[Problem], tell: Callable[[str], object]
) -> Inputs:
    """The inputs without what has problems, which are those of a document made of them.

    Raises:
        BadInputError: what is wrong does not belong to any operation, or nothing would be left.
        BadInputs: that is so for several reasons.
    """
    published = inputs.definition
    definition = definition_data(published)
    before = inputs.provider.left_out
    left_out = left_out_for(definition, before, document, found)
    if set(left_out) <= set(before):
        document.refuse(found)
    whole = [entry for entry in left_out if entry.part == THE_OPERATION]
    if whole and len(whole) == len(list(operations(definition))):
        published.refuse(
            Problem("", each.pointer, f"{each.operation} cannot be generated: {each.reason}")
            for each in whole
        )
    parts = counted(len(left_out) - len(whole), "part")
    tell(f"leaving out {counted(len(whole), 'operation')} and {parts} of others")
    return replace(inputs, provider=replace(inputs.provider, left_out=left_out))


def _as_published(document: Document, pointer: str) -> str | None:
    """Where a part stands in the definition as published; None where it does not by itself.

    What is shared there by reference is left out where the reference stands. A parameter goes by
    its name.
    """
    pointer = with_names(definition_data(document), pointer)
    while isinstance(document, Canonical):
        holder, _, key = pointer.rpartition("/")
        pointer = f"{document.published(holder)}/{key}"
        document = document.base
    of_all = _OF_AN_OPERATION.sub(r"\1\2", pointer)
    definition = definition_data(document)
    return next((place for place in (pointer, of_all) if is_part(definition, place)), None)


def _owners(definition: JSONObject) -> Iterator[_Owner]:
    for one in operations(definition):
        inside = [*children(one.node), *children(one.item)]
        parts = [node for node in inside if node.kind != "operation"]
        name = f"{one.method.upper()} {one.path}"
        yield _Owner(definition, name, THE_OPERATION, one.node, one.item, parts)
    for node in webhooks(definition):
        yield _Owner(definition, f"webhook {node.key}", "the webhook", node, node, [node])


@dataclass
class _Owner:
    """An operation or a webhook: what goes as a whole where no part of it is enough."""

    definition: JSONObject
    name: str
    whole: str
    """All of it, in prose."""
    node: Node
    item: Node
    """Its path item, of which all but other operations is its own too."""
    parts: list[Node]
    """What an operation consists of, what is said of all operations of its path included."""
    found: set[str] = field(default_factory=set[str])
    """What it must do without because of other problems."""

    @cached_property
    def _reached(self) -> list[tuple[Node, Container[str]]]:
        return [(node, reachable(self.definition, [node])) for node in self.parts]

    def least(self, problem: Problem) -> _Parts:
        """The least to leave out because of a problem; nothing if that is none of this."""
        concerned = self._concerned(problem.pointer)
        if concerned is None:
            return {}
        parts = {self.node.pointer: self.whole}
        least = [self._least_of(node, problem) for node in concerned]
        if least and all(least):  # one part that it cannot do without is enough
            parts = {pointer: part for found in least for pointer, part in found.items()}
        self.found.update(parts)
        return parts

    def _concerned(self, place: str) -> list[Node] | None:
        """The parts in which a place is, or that refer to the component it is in.

        None if it has nothing to do with the place. Without a part, all of it is concerned.
        """
        if place.startswith("/components/"):
            component = pointer_to(*pointer_tokens(place)[:3])
            return [node for node, reached in self._reached if component in reached] or None
        others = [node for node in children(self.item) if node.kind == "operation"]
        is_others = any(_is_in(place, one.pointer) for one in others)
        is_of_all = _is_in(place, self.item.pointer) and not is_others
        if not (_is_in(place, self.node.pointer) or is_of_all):
            return None
        return [node for node in self.parts if _is_in(place, node.pointer)]

    def _least_of(self, node: Node, problem: Problem) -> _Parts:
        """The least to leave out of one part; nothing where that is needed."""
        place = followed(self.definition, node.pointer)
        value = object_at(self.definition, place)
        formats = {
            name: place + pointer_to("content", name) for name in object_at(value, "/content")
        }
        part = f"the {node.kind} {node.key}"
        statuses = {str(one.key)[0] for one in self.parts if one.kind == "response"}
        match node.kind, pointer_tokens(problem.pointer.removeprefix(node.pointer)):
            case "request body", ["content", *media_types]:
                unwanted = [one for one in formats if one in media_types[:1]]
                unwanted = unwanted if media_types else [*formats][1:]
                sent = {formats[one] for one in formats if one not in unwanted}
                is_sent = not sent <= self.found
                return {formats[one]: f"the request body as {one}" for one in unwanted if is_sent}
            case "parameter", _:
                part = f"the {value.get('in')} parameter {value.get('name')}"
                is_needed = value.get("in") == "path" or value.get("required") is True
            case "response", ["content", name, *_] if name in formats and len(formats) > 1:
                return {formats[name]: f"the answer as {name}"}
            case "response", _:
                is_needed = str(node.key).startswith("2") or "2" not in statuses
            case kind, _:
                is_needed = kind in {"path item", "request body"}
        return {} if is_needed else {node.pointer: part}


def _is_in(place: str, pointer: str) -> bool:
    return f"{place}/".startswith(f"{pointer}/")
