"""What a definition says and its package lacks, as the generator cannot read it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openapi_python_client.strings import ClassName

from codegen.compare.pairs import Place
from codegen.compare.surface import Answer, Field
from codegen.files.values import copy_of, is_same
from codegen.generator.reading import explained
from codegen.openapi.grammar import children, operations, root, walk
from codegen.openapi.names import FIELD_PREFIX, makes_class
from codegen.openapi.references import existing, target_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from codegen.compare.comparison import Change
    from codegen.compare.pairs import Pairing
    from codegen.compare.surface import OfferedClass, Operation, Side
    from codegen.files.values import JSONObject
    from codegen.generator.reading import Reading
    from codegen.openapi.grammar import Node

_LEFT_OUT = "the generator leaves it out"
_TEXTS = ("description", "summary", "example", "examples", "externalDocs")


def unread_parts(
    reading: Reading, classes: Sequence[OfferedClass], offered: Sequence[Operation]
) -> dict[str, str]:
    """The reason by the JSON pointer of each part that is not among what is offered."""
    if not reading.unread:
        return {}  # the generator warns of most that it leaves out; the rest is for the lint
    reasons = {problem.pointer: explained(problem).message for problem in reading.unread}
    names = {one.name for one in classes}
    for pointer in (*_missing_classes(reading.view, names), *_missing(reading.view, offered)):
        inside = (reason for place, reason in reasons.items() if place.startswith(f"{pointer}/"))
        reasons.setdefault(pointer, next(inside, _LEFT_OUT))
    return {existing(reading.definition, pointer): reason for pointer, reason in reasons.items()}


def _missing_classes(definition: JSONObject, names: Collection[str]) -> Iterator[str]:
    for components in children(root(definition)):
        if components.kind == "components":
            for node in children(components):
                name = ClassName(str(node.value.get("title", node.key)), FIELD_PREFIX)
                if node.kind == "schema" and makes_class(node.value) and name not in names:
                    yield node.pointer


def _missing(definition: JSONObject, offered: Sequence[Operation]) -> Iterator[str]:
    """The operations that are missing, and the responses of the others."""
    answers = {one.pointer: {answer.name for answer in one.of(Answer)} for one in offered}
    for operation in operations(definition):
        pointer = operation.node.pointer
        if pointer not in answers:
            yield pointer
            continue
        for node in children(operation.node):
            if node.kind == "response" and node.key not in answers[pointer]:
                yield node.pointer


def unread_changes(pairing: Pairing, known: Iterable[Change]) -> Iterator[Change]:
    """What is said otherwise in parts that both definitions have and a package lacks.

    Nobody can say what it means; texts do not count, nor does what is known to have changed.
    """
    sides = pairing.old, pairing.new
    reasons = {**sides[0].surface.unread, **sides[1].surface.unread}
    pointers = reasons.keys() - {"", *(change.pointer for change in known)}
    if not pointers:
        return
    offered = [_offered(side) for side in sides]
    nodes = [_nodes(side.definition) for side in sides]
    for pointer in sorted(pointers):
        if pointer in offered[0] | offered[1] or not all(pointer in found for found in nodes):
            continue  # it has come or gone, which is listed
        before, after = (_meaning(*side, pointer) for side in zip(nodes, offered, strict=True))
        if not is_same(before, after):
            package = pairing.package.python_name
            place = Place(prose=f"`{pointer}`", python_name=package, pointer=pointer)
            yield place.change("unread-part-changed", reason=reasons[pointer])


def left_out_changes(pairing: Pairing, known: Iterable[Change]) -> Iterator[Change]:
    """What a package lacks since now, or no longer lacks, and is not told as gone or come."""
    told = {change.pointer for change in known}
    before, after = (side.surface.unread for side in (pairing.old, pairing.new))
    for pointer, reason in {**before, **after}.items():
        is_known = any(pointer == one or pointer.startswith(f"{one}/") for one in told if one)
        if (pointer in before) != (pointer in after) and not is_known:
            package = pairing.package.python_name
            place = Place(prose=f"`{pointer}`", python_name=package, pointer=pointer)
            turn = "left-out" if pointer in after else "no-longer-left-out"
            yield place.change(f"part-{turn}", reason=reason)


def _offered(side: Side) -> frozenset[str]:
    """Where what is compared by itself stands."""
    parts = side.surface.parts
    fields = (field for part in parts for field in part.of(Field))
    return frozenset(part.pointer for part in (*parts, *fields))


def _nodes(definition: JSONObject) -> dict[str, Node]:
    """All objects of a definition by their place, without texts."""
    nodes: dict[str, Node] = {}
    for node in walk(root(copy_of(definition))):
        for keyword in _TEXTS:
            node.value.pop(keyword, None)
        nodes[node.pointer] = node
    return nodes


def _meaning(nodes: Mapping[str, Node], offered: Collection[str], pointer: str) -> JSONObject:
    """An object and all that it refers to, by place, but for what is compared by itself."""
    found: JSONObject = {}
    waiting = [pointer]
    while waiting:
        place = waiting.pop()
        if place in nodes and place not in found and place not in offered:
            found[place] = nodes[place].value
            targets = (target_of(node.value) for node in walk(nodes[place]))
            waiting += [target for target in targets if target is not None]
    return found
