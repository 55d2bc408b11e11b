"""What a package does without, so that the rest of its definition can be generated."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, cast

from codegen.files.values import JSON, JSONObject, lookup, pointer_to, pointer_tokens
from codegen.openapi.grammar import METHODS, Node, Operation, children, operations, resolve
from codegen.openapi.media_types import is_readable, json_media_type
from codegen.openapi.references import followed
from codegen.openapi.subset import LeftOut, reachable, with_names

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from codegen.files.errors import BadInputError

THE_OPERATION = "the operation"
_ONLY_ONE = "only one of "
_ANOTHER_FORMAT = "another format of the same answer is read"
_UNSUPPORTED = re.compile(r"Unsupported content type (\S+)$")
_EXAMPLE = re.compile(r".*?(?<!/properties)/examples?(?=/|$)")
"""What shows values and says nothing of them."""
_OBJECT = re.compile(r"<\S+ object at 0x[0-9a-f]+>")
_PREFIXES = re.compile(r"^(the generator (cannot use it|refuses): )+")


class Omissions:
    """Finds for each problem of a definition the least that must be left out because of it.

    That is an optional parameter, one of several content types, the body of an error, or else the
    operation.

    Args:
        definition: With its overlay applied, and nothing left out yet.
    """

    def __init__(self, definition: JSONObject) -> None:
        self._definition = definition
        self._operations = {it.node.pointer: it for it in operations(definition)}
        self._reached: dict[str, set[str]] = {}
        self._left_out: dict[str, LeftOut] = {}

    def add(self, problems: Iterable[BadInputError]) -> bool:
        """Leave out what problems are about; return whether that is more than before.

        Args:
            problems: What is in the way of generating what is left so far.
        """
        before = set(self._left_out)
        # All places first: they are those of before any of this was left out.
        placed = [
            (self._published(problem.pointer), _reason(problem.message))
            for problem in problems
            if problem.pointer is not None
        ]
        for place, reason in placed:
            if (example := _EXAMPLE.match(place)) is not None:
                self._leave_out_example(example[0], pointer_tokens(place), reason)
                continue
            for operation, part, pointer in self._parts(pointer_tokens(place), reason):
                name = f"{operation.method.upper()} {operation.path}"
                told = _ANOTHER_FORMAT if reason.startswith(_ONLY_ONE) else reason
                self._left_out.setdefault(pointer, LeftOut(name, part, pointer, told))
        return set(self._left_out) != before

    def entries(self) -> tuple[LeftOut, ...]:
        """All that is left out, in the order of the operations; a part counts in its operation."""
        whole = {it.pointer for it in self._left_out.values() if it.part == THE_OPERATION}
        order = {
            f"{it.method.upper()} {it.path}": number
            for number, it in enumerate(self._operations.values())
        }
        kept = [
            entry
            for entry in self._left_out.values()
            if entry.pointer in whole or pointer_to(*pointer_tokens(entry.pointer)[:3]) not in whole
        ]
        return tuple(
            replace(entry, pointer=with_names(self._definition, entry.pointer))
            for entry in sorted(kept, key=lambda it: order.get(it.operation, 0))
        )

    def _leave_out_example(self, pointer: str, tokens: list[str], reason: str) -> None:
        owner = next((operation for operation, _, _ in self._parts(tokens, "")), None)
        if owner is not None:
            name = f"{owner.method.upper()} {owner.path}"
            self._left_out.setdefault(pointer, LeftOut(name, "an example", pointer, reason))

    def _published(self, pointer: str) -> str:
        """Where something stood before other members of its list were left out."""
        tokens: list[str] = []
        for token in pointer_tokens(pointer):
            index = token
            if token.isdecimal() and isinstance(self._at(tokens), list):
                taken = sorted(
                    int(last)
                    for *holder, last in map(pointer_tokens, self._left_out)
                    if holder == tokens and last.isdecimal()
                )
                number = int(token)
                for other in taken:
                    number += other <= number
                index = str(number)
            tokens.append(index)
        return pointer_to(*tokens)

    def _at(self, tokens: list[str]) -> JSON:
        try:
            return lookup(self._definition, pointer_to(*tokens))
        except KeyError:
            return None

    def _parts(self, tokens: list[str], reason: str) -> Iterator[tuple[Operation, str, str]]:
        match tokens:
            case ["paths", path, method, *rest] if method in METHODS:
                operation = self._operations.get(pointer_to("paths", path, method))
                if operation is not None:
                    yield from self._in_operation(operation, rest, reason)
            case ["paths", path, *rest]:
                for operation in self._operations.values():
                    if operation.path == path:
                        yield from self._of_item(operation, rest)
            case ["components", kind, name, *_]:
                pointer = pointer_to("components", kind, name)
                for operation in self._operations.values():
                    if pointer in self._reach(operation.node) | self._reach_of_item(operation):
                        yield from self._reaching(operation, pointer)
            case _:
                return

    def _in_operation(
        self, operation: Operation, rest: list[str], reason: str
    ) -> Iterator[tuple[Operation, str, str]]:
        unsupported = _UNSUPPORTED.match(reason)
        if rest in ([], ["requestBody"]) and unsupported is not None:
            rest = ["requestBody", "content", unsupported[1]]
        node = next((it for it in children(operation.node) if _is_at(it, operation, rest)), None)
        if node is not None and rest[-1] == "content" and reason.startswith(_ONLY_ONE):
            yield from self._other_contents(operation, node)
        elif node is not None and node.kind == "request body":
            yield from self._of_body(operation, node, rest)
        elif node is not None and self._is_dispensable(operation, node):
            yield operation, self._described(node), node.pointer
        else:
            yield operation, THE_OPERATION, operation.node.pointer

    def _of_item(
        self, operation: Operation, rest: list[str]
    ) -> Iterator[tuple[Operation, str, str]]:
        node = next((it for it in children(operation.item) if _is_at(it, operation, rest)), None)
        if node is not None and self._is_dispensable(operation, node):
            yield operation, self._described(node), node.pointer
        else:
            yield operation, THE_OPERATION, operation.node.pointer

    def _reaching(self, operation: Operation, pointer: str) -> Iterator[tuple[Operation, str, str]]:
        parts = [
            node
            for holder in (operation.node, operation.item)
            for node in children(holder)
            if node.kind != "operation" and pointer in self._reach(node)
        ]
        if parts and all(self._is_dispensable(operation, node) for node in parts):
            for node in parts:
                yield operation, self._described(node), node.pointer
        else:
            yield operation, THE_OPERATION, operation.node.pointer

    def _of_body(
        self, operation: Operation, node: Node, rest: list[str]
    ) -> Iterator[tuple[Operation, str, str]]:
        holder = self._pointer_of(node)
        content = list(cast("JSONObject", self._resolve(node).get("content") or {}))
        match rest:
            case [_, "content", media_type, *_]:
                others = [it for it in content if it != media_type]
                unwanted = [media_type]
            case [_, "content"]:
                others, unwanted = content[:1], content[1:]
            case _:
                others, unwanted = [], []
        left = [it for it in others if f"{holder}/content{pointer_to(it)}" not in self._left_out]
        if not left or not unwanted:
            yield operation, THE_OPERATION, operation.node.pointer
        for media_type in unwanted if left else ():
            pointer = f"{holder}/content{pointer_to(media_type)}"
            yield operation, f"the request body as {media_type}", pointer

    def _other_contents(
        self, operation: Operation, node: Node
    ) -> Iterator[tuple[Operation, str, str]]:
        content = cast("JSONObject", self._resolve(node).get("content") or {})
        readable = [it for it in content if is_readable(it)]
        kept = json_media_type(content) or next(iter(readable or content))
        for media_type in content:
            if media_type != kept:
                pointer = f"{self._pointer_of(node)}/content{pointer_to(media_type)}"
                yield operation, f"the response {node.key} as {media_type}", pointer

    def _is_dispensable(self, operation: Operation, node: Node) -> bool:
        if node.kind == "parameter":
            parameter = self._resolve(node)
            return parameter.get("in") != "path" and parameter.get("required") is not True
        if node.kind == "callback":
            return True
        if node.kind != "response":
            return False
        responses = cast("JSONObject", operation.node.value["responses"])
        has_success = any(str(key).startswith("2") for key in responses)
        return has_success and not str(node.key).startswith("2")

    def _described(self, node: Node) -> str:
        if node.kind == "parameter":
            parameter = self._resolve(node)
            return f"the {parameter.get('in')} parameter {parameter.get('name')}"
        return f"the {node.kind} {node.key}"

    def _resolve(self, node: Node) -> JSONObject:
        try:
            return resolve(self._definition, node)
        except KeyError:
            return node.value

    def _pointer_of(self, node: Node) -> str:
        """Where the object stands that a node is, or refers to."""
        return followed(self._definition, node.pointer)

    def _reach(self, node: Node) -> set[str]:
        if node.pointer not in self._reached:
            self._reached[node.pointer] = set(reachable(self._definition, [node]))
        return self._reached[node.pointer]

    def _reach_of_item(self, operation: Operation) -> set[str]:
        shared = [node for node in children(operation.item) if node.kind == "parameter"]
        return set[str]().union(*map(self._reach, shared))


def _reason(message: str) -> str:
    """What a message says of the definition, the same in every run."""
    return _OBJECT.sub("…", _PREFIXES.sub("", message))


def _is_at(node: Node, operation: Operation, rest: list[str]) -> bool:
    for holder in (operation.node.pointer, operation.item.pointer):
        place = pointer_to(*pointer_tokens(holder), *rest)
        if place == node.pointer or place.startswith(node.pointer + "/"):
            return True
    return False
