"""What a package does without, so that the rest of its definition can be generated."""

from __future__ import annotations

import itertools
import re
from dataclasses import replace
from typing import TYPE_CHECKING, TypeAlias, cast

from codegen.files.values import pointer_to, pointer_tokens
from codegen.generator.lint import SEVERAL_MEDIA_TYPES
from codegen.openapi.grammar import METHODS, children, operations
from codegen.openapi.media_types import is_readable, json_media_type
from codegen.openapi.references import followed, object_at
from codegen.openapi.subset import LeftOut, reachable, with_names

if TYPE_CHECKING:
    from collections.abc import Iterable

    from codegen.files.errors import Problem
    from codegen.files.values import JSONObject
    from codegen.openapi.grammar import Node, Operation

THE_OPERATION = "the operation"
_REASONS = {SEVERAL_MEDIA_TYPES: "another format of the same answer is read"}
"""Why something is left out, by the kind of the problem; else its message says it."""
_EXAMPLE = re.compile(r".*?(?<!/properties)/examples?(?=/|$)")
"""What shows values and says nothing of them."""
_PARAMETER = re.compile(r"(/paths/[^/]+(?:/[^/]+)?/parameters)/(\d+)")
"""One of the list of an operation, or of all those of a path."""

_Parts: TypeAlias = "dict[str, str]"
"""What to leave out, in prose, by its JSON pointer."""


class Omissions:
    """Finds for each problem of a definition the least that must be left out because of it.

    That is an optional parameter, one of several content types, the body of an error, or else the
    operation.

    Args:
        definition: With its overlay applied, and nothing left out yet.
    """

    def __init__(self, definition: JSONObject) -> None:
        self._definition = definition
        self._operations = {
            f"{operation.method.upper()} {operation.path}": operation
            for operation in operations(definition)
        }
        self._reached: dict[str, set[str]] = {}
        self._left_out: dict[str, LeftOut] = {}

    def add(self, problems: Iterable[Problem]) -> bool:
        """Leave out what problems of what is left are about; return whether that is any more."""
        before = len(self._left_out)
        # All places first: they are those of before any of this was left out.
        placed = [
            replace(problem, pointer=self._published(problem.pointer)) for problem in problems
        ]
        for problem in placed:
            reason = _REASONS.get(problem.kind, problem.message)
            for name, operation in self._operations.items():
                for pointer, part in self._parts(operation, problem).items():
                    self._left_out.setdefault(pointer, LeftOut(name, part, pointer, reason))
        return len(self._left_out) > before

    def entries(self) -> tuple[LeftOut, ...]:
        """All that is left out, in the order of the operations; a part counts in its operation."""
        order = list(self._operations)
        whole = {entry.pointer for entry in self._left_out.values() if entry.part == THE_OPERATION}
        kept = [
            entry
            for entry in self._left_out.values()
            if entry.pointer in whole or pointer_to(*pointer_tokens(entry.pointer)[:3]) not in whole
        ]
        return tuple(
            replace(entry, pointer=with_names(self._definition, entry.pointer))
            for entry in sorted(kept, key=lambda entry: order.index(entry.operation))
        )

    def _published(self, pointer: str) -> str:
        """Where something stood before parameters in front of it were left out."""
        parameter = _PARAMETER.match(pointer)
        if parameter is None:
            return pointer
        listed = (f"{parameter[1]}/{index}" for index in itertools.count())
        left = (place for place in listed if place not in self._left_out)
        return next(itertools.islice(left, int(parameter[2]), None)) + pointer[parameter.end() :]

    def _parts(self, operation: Operation, problem: Problem) -> _Parts:
        """What an operation that a problem concerns must do without; of any other one, nothing."""
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
            case ["components", kind, name, *_]:
                component = pointer_to("components", kind, name)
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
        is_sent = any(content[name] not in self._left_out for name in kept)
        return (
            {content[name]: f"the request body as {name}" for name in unwanted} if is_sent else {}
        )


def _parts_of(operation: Operation) -> list[Node]:
    """What an operation consists of, that of all operations of its path included."""
    return [
        node
        for holder in (operation.node, operation.item)
        for node in children(holder)
        if node.kind != "operation"
    ]
