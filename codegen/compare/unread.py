"""What a definition says and its package lacks, as the generator cannot read it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openapi_python_client.strings import ClassName

from codegen.generator.errors import located
from codegen.openapi.components import makes_class
from codegen.openapi.definition import definition_data
from codegen.openapi.grammar import children, operations, root
from codegen.openapi.names import FIELD_PREFIX

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from openapi_python_client.parser import GeneratorData
    from openapi_python_client.parser.errors import GeneratorError

    from codegen.compare.surface import Operation
    from codegen.files.document import Document
    from codegen.files.values import JSONObject

_LEFT_OUT = "the generator leaves it out"


def unread_parts(
    document: Document,
    parsed: GeneratorData,
    classes: Collection[str],
    offered: Sequence[Operation],
) -> dict[str, str]:
    """The reason by the JSON pointer of each part that is missing.

    Args:
        document: The patched definition.
        parsed: What the generator has read in it.
        classes: The classes that are offered.
        offered: The operations that are.
    """
    collections = parsed.endpoint_collections_by_tag.values()
    errors: list[GeneratorError] = [
        error for collection in collections for error in collection.parse_errors
    ]
    errors += parsed.errors
    if not errors:
        return {}  # the generator warns of most that it leaves out; the rest is for the lint
    reasons = {error.pointer or "": error.message for error in located(errors, document)}
    definition = definition_data(document)
    for pointer in (*_missing_classes(definition, classes), *_missing(definition, offered)):
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
