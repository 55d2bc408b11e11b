"""What a definition says and its package lacks, as the generator cannot read it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openapi_python_client.strings import ClassName

from codegen.generator.reading import explained
from codegen.openapi.components import makes_class
from codegen.openapi.grammar import children, operations, root
from codegen.openapi.names import FIELD_PREFIX

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from codegen.compare.surface import Operation
    from codegen.files.values import JSONObject
    from codegen.generator.reading import Reading

_LEFT_OUT = "the generator leaves it out"


def unread_parts(
    reading: Reading, classes: Collection[str], offered: Sequence[Operation]
) -> dict[str, str]:
    """The reason by the JSON pointer of each part that is missing.

    Args:
        reading: What the generator has read in the patched definition.
        classes: The classes that are offered.
        offered: The operations that are.
    """
    if not reading.unread:
        return {}  # the generator warns of most that it leaves out; the rest is for the lint
    reasons = {problem.pointer: explained(problem).message for problem in reading.unread}
    view = reading.view
    for pointer in (*_missing_classes(view, classes), *_missing(view, offered)):
        inside = (reason for place, reason in reasons.items() if place.startswith(f"{pointer}/"))
        reasons.setdefault(pointer, next(inside, _LEFT_OUT))
    return reasons


def _missing_classes(definition: JSONObject, classes: Collection[str]) -> Iterator[str]:
    for components in children(root(definition)):
        if components.kind == "components":
            for node in children(components):
                name = ClassName(str(node.value.get("title", node.key)), FIELD_PREFIX)
                if node.kind == "schema" and makes_class(node.value) and name not in classes:
                    yield node.pointer


def _missing(definition: JSONObject, offered: Sequence[Operation]) -> Iterator[str]:
    """The operations that are missing, and the responses of the others."""
    answers = {operation.pointer: operation.answers for operation in offered}
    for operation in operations(definition):
        pointer = operation.node.pointer
        if pointer not in answers:
            yield pointer
            continue
        for node in children(operation.node):
            if node.kind == "response" and node.key not in answers[pointer]:
                yield node.pointer
