"""What a package does without, so that the rest of its definition can be generated."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, TypeAlias, cast

from codegen.files.errors import BadInputError, BadInputs, Problem, counted
from codegen.files.values import pointer_to, pointer_tokens
from codegen.generator.lint import SEVERAL_MEDIA_TYPES, problems
from codegen.generator.reading import explained, read
from codegen.openapi.canonical import Canonical
from codegen.openapi.definition import definition_data
from codegen.openapi.grammar import METHODS, children, operations, webhooks
from codegen.openapi.media_types import is_readable, json_media_type
from codegen.openapi.references import followed, object_at
from codegen.openapi.subset import LeftOut, is_part, leave_out, reachable, with_names
from codegen.providers.patched import patched

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from codegen.files.document import Document
    from codegen.files.values import JSONObject
    from codegen.openapi.grammar import Node, Operation
    from codegen.providers.patched import Inputs

THE_OPERATION = "the operation"
_REASONS = {SEVERAL_MEDIA_TYPES: "another format of the same answer is read"}
"""Why something is left out, by the kind of the problem; else its message says it."""
_EXAMPLE = re.compile(r".*?(?<!/properties)/examples?(?=/|$)")
"""What shows values and says nothing of them."""
_OF_AN_OPERATION = re.compile(r"(/paths/[^/]+)/[^/]+(/parameters/)")
"""What begins the place of a parameter that may be declared of all operations of its path."""

_Parts: TypeAlias = "dict[str, str]"
"""What to leave out, in prose, by its JSON pointer."""


class LeavingOut:
    """Finds for each problem of a definition the least that must be left out because of it.

    That is an optional parameter, one of several content types, the body of an error, or else the
    operation. A webhook goes as a whole: its only use is to give classes to what is sent.

    Args:
        published: The definition as published, with nothing left out.
        left_out: What is left out already.
    """

    def __init__(self, published: JSONObject, left_out: Iterable[LeftOut] = ()) -> None:
        self._order = [_name(operation) for operation in operations(published)]
        self._order += [_name_of_webhook(webhook) for webhook in webhooks(published)]
        self._left_out: dict[str, LeftOut] = {entry.pointer: entry for entry in left_out}

    def add(self, document: Document, problems: Iterable[Problem]) -> bool:
        """Leave out what problems are about; return whether that is any more than before.

        They are of a document without what is left out so far, as published or in its canonical
        form.
        """
        before = len(self._left_out)
        concerned = _Concerned(document)
        for problem in problems:
            reason = _REASONS.get(problem.kind, problem.message)
            for operation in concerned.operations:
                whole = {operation.node.pointer: THE_OPERATION}
                parts = concerned.parts(operation, problem)
                self._leave_out(document, _name(operation), parts, whole, reason)
            for webhook in concerned.webhooks:
                whole = {webhook.pointer: "the webhook"}
                parts = concerned.parts_of_webhook(webhook, problem)
                self._leave_out(document, _name_of_webhook(webhook), parts, whole, reason)
        return len(self._left_out) > before

    def _leave_out(
        self, document: Document, owner: str, parts: _Parts, whole: _Parts, reason: str
    ) -> None:
        for pointer, part in parts.items():
            published = _as_published(document, pointer)
            found = whole if published is None else {published: part}
            for place, told in found.items():
                self._left_out.setdefault(place, LeftOut(owner, told, place, reason))

    def entries(self) -> tuple[LeftOut, ...]:
        """All that is left out, in the order of the operations; a part counts in its operation."""
        whole = {entry.pointer for entry in self._left_out.values() if entry.part == THE_OPERATION}
        kept = [
            entry
            for entry in self._left_out.values()
            if entry.pointer in whole or pointer_to(*pointer_tokens(entry.pointer)[:3]) not in whole
        ]
        return tuple(sorted(kept, key=lambda entry: self._order.index(entry.operation)))


def generable(
    inputs: Inputs,
    tell: Callable[[str], object],
    *,
    prepare: Callable[[Inputs], Inputs] = lambda inputs: inputs,
) -> Inputs:
    """The inputs without the operations, or parts of them, that cannot be generated.

    Args:
        inputs: What is left out of it already stays so.
        tell: Is told what is left out.
        prepare: Completes the inputs, which lack what depends on what is left out.

    Raises:
        BadInputError: something else than the definition keeps a package from being made.
        BadInputs: what is wrong does not belong to any operation, or nothing would be left.
    """
    published, before = inputs.definition, inputs.provider.left_out
    definition = definition_data(published)
    leaving_out = LeavingOut(definition, before)
    while True:
        prepared, document, found = _tried(inputs, prepare)
        if not found:
            return prepared
        if not leaving_out.add(document, found):
            document.refuse(map(explained, found))
        left_out = leaving_out.entries()
        whole = [entry for entry in left_out if entry.part == THE_OPERATION]
        if len(whole) == len(list(operations(definition))):
            published.refuse(
                Problem("", each.pointer, f"{each.operation} cannot be generated: {each.reason}")
                for each in whole
            )
        parts = counted(len(left_out) - len(whole), "part")
        tell(f"leaving out {counted(len(whole), 'operation')} and {parts} of others")
        inputs = replace(inputs, provider=replace(inputs.provider, left_out=left_out))


def _tried(
    inputs: Inputs, prepare: Callable[[Inputs], Inputs]
) -> tuple[Inputs, Document, list[Problem]]:
    """The inputs completed, and what keeps a complete package from being made of them.

    The problems are those of the document: of the definition as published, or of the patched one.

    Raises:
        BadInputError: something else than the definition keeps it.
    """
    published = inputs.definition
    try:
        inputs = prepare(inputs)
        reading = read(patched(inputs))
    except (BadInputError, BadInputs) as error:
        errors = error.problems if isinstance(error, BadInputs) else [error]
        found = [
            Problem(one.kind, one.pointer, one.message)
            for one in errors
            if one.pointer is not None and one.file == published.path
        ]
        if not found:
            raise
        left = leave_out(published, inputs.provider.left_out, inputs.provider.file)
        return inputs, left, found
    return inputs, reading.document, [*problems(reading)]


def _name(operation: Operation) -> str:
    return f"{operation.method.upper()} {operation.path}"


def _name_of_webhook(webhook: Node) -> str:
    return f"webhook {webhook.key}"


def _as_published(document: Document, pointer: str) -> str | None:
    """Where a part stands in the definition as published; None where it does not by itself.

    What is shared there by reference is left out where the reference stands. A parameter goes by
    its name.
    """
    pointer = with_names(definition_data(document), pointer)
    while isinstance(document, Canonical) and document.base is not None:
        holder, _, key = pointer.rpartition("/")
        pointer = f"{document.published(holder)}/{key}"
        document = document.base
    of_all = _OF_AN_OPERATION.sub(r"\1\2", pointer)
    definition = definition_data(document)
    return next((place for place in (pointer, of_all) if is_part(definition, place)), None)


class _Concerned:
    """Finds what of the operations of a definition has to do with a problem."""

    def __init__(self, document: Document) -> None:
        self._definition = definition_data(document)
        self.operations = list(operations(self._definition))
        self.webhooks = list(webhooks(self._definition))
        self._reached: dict[str, set[str]] = {}
        self._found: set[str] = set()

    def parts(self, operation: Operation, problem: Problem) -> _Parts:
        """What an operation that a problem concerns must do without; of any other one, nothing."""
        found = self._parts(operation, problem)
        self._found.update(found)
        return found

    def parts_of_webhook(self, webhook: Node, problem: Problem) -> _Parts:
        """The same of a webhook: an example, or else all of it."""
        is_inside = f"{problem.pointer}/".startswith(f"{webhook.pointer}/")
        if not is_inside and _component(problem.pointer) not in self._reach(webhook):
            return {}
        example = _EXAMPLE.match(problem.pointer)
        return {webhook.pointer: "the webhook"} if example is None else {example[0]: "an example"}

    def _parts(self, operation: Operation, problem: Problem) -> _Parts:
        concerned = self._concerned(operation, problem.pointer)
        if concerned is None:
            return {}
        if (example := _EXAMPLE.match(problem.pointer)) is not None:
            return {example[0]: "an example"}
        least = [self._least(operation, node, problem) for node in concerned]
        if least and all(least):  # one part that it cannot do without is enough
            return {pointer: part for parts in least for pointer, part in parts.items()}
        return {operation.node.pointer: THE_OPERATION}

    def _concerned(self, operation: Operation, place: str) -> list[Node] | None:
        """The parts of an operation in which a place is, or that refer to the component it is in.

        None if the operation has nothing to do with it. Without a part, all of it is concerned.
        """
        match pointer_tokens(place):
            case ["components", _, _, *_]:
                component = _component(place)
                found = [node for node in _parts_of(operation) if component in self._reach(node)]
                return found or None
            case ["paths", path, method, *_] if method in METHODS:
                is_its = (path, method) == (operation.path, operation.method)
            case ["paths", path, *_]:
                is_its = path == operation.path
            case _:
                is_its = False
        if not is_its:
            return None
        return [node for node in _parts_of(operation) if f"{place}/".startswith(f"{node.pointer}/")]

    def _reach(self, node: Node) -> set[str]:
        if node.pointer not in self._reached:
            self._reached[node.pointer] = set(reachable(self._definition, [node]))
        return self._reached[node.pointer]

    def _least(self, operation: Operation, node: Node, problem: Problem) -> _Parts:
        """The least to leave out of a part of an operation; nothing where it is needed."""
        place = followed(self._definition, node.pointer)
        match node.kind:
            case "parameter":
                parameter = object_at(self._definition, place)
                where, name = parameter.get("in"), parameter.get("name")
                is_needed = where == "path" or parameter.get("required") is True
                return {} if is_needed else {node.pointer: f"the {where} parameter {name}"}
            case "response":
                return self._least_of_response(operation, node, problem, place)
            case "request body":
                return self._least_of_request_body(node, problem, place)
            case _:
                return {node.pointer: f"the {node.kind} {node.key}"}

    def _content(self, place: str) -> dict[str, str]:
        """The JSON pointers of the media types of a response or a request body."""
        names = object_at(self._definition, f"{place}/content")
        return {name: place + pointer_to("content", name) for name in names}

    def _least_of_response(
        self, operation: Operation, node: Node, problem: Problem, place: str
    ) -> _Parts:
        part = f"the response {node.key}"
        if problem.kind == SEVERAL_MEDIA_TYPES:
            content = self._content(place)
            kept = json_media_type(content) or next(
                filter(is_readable, content), next(iter(content))
            )
            return {content[name]: f"{part} as {name}" for name in content if name != kept}
        responses = cast("JSONObject", operation.node.value["responses"])
        has_success = any(key.startswith("2") for key in responses)
        is_error = has_success and not str(node.key).startswith("2")
        return {node.pointer: part} if is_error else {}

    def _least_of_request_body(self, node: Node, problem: Problem, place: str) -> _Parts:
        content = self._content(place)
        match pointer_tokens(problem.pointer.removeprefix(node.pointer)):
            case ["content", media_type, *_]:
                unwanted = [name for name in content if name == media_type]
            case ["content"]:
                unwanted = [*content][1:]
            case _:
                return {}
        kept = content.keys() - set(unwanted)
        is_sent = any(content[name] not in self._found for name in kept)
        return (
            {content[name]: f"the request body as {name}" for name in unwanted} if is_sent else {}
        )


def _component(place: str) -> str:
    """The component in which a place is."""
    return pointer_to(*pointer_tokens(place)[:3])


def _parts_of(operation: Operation) -> list[Node]:
    """What an operation consists of, that of all operations of its path included."""
    return [
        node
        for holder in (operation.node, operation.item)
        for node in children(holder)
        if node.kind != "operation"
    ]
