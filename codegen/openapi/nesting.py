"""How deep the lists of a definition are nested in each other.

Objects may be nested as deep as they like, as each is a class with a name. A list of lists is one
type, which Python, type checkers and the generator read recursively: Python refuses a module with
more than 200 brackets in each other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from codegen.files.values import pointer_to
from codegen.openapi.grammar import root, walk
from codegen.openapi.references import reference_pointer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from codegen.files.values import JSONObject

MOST_LISTS = 100
_ALTERNATIVES = ("allOf", "anyOf", "oneOf")


def too_deep_lists(definition: JSONObject) -> Iterator[tuple[str, str]]:
    """The first list that nests more lists than can be read, and what is wrong with it.

    Args:
        definition: One in which every reference leads somewhere.
    """
    schemas = {it.pointer: it.value for it in walk(root(definition)) if it.kind == "schema"}
    depths: dict[str, int] = {}
    entered: set[str] = set()
    for start in [pointer for pointer, schema in schemas.items() if "items" in schema]:
        waiting = [start]
        while waiting:
            pointer = waiting[-1]
            if pointer in depths:
                waiting.pop()
                continue
            inner = {it: by for it, by in _inner(pointer, schemas[pointer]) if it in schemas}
            if pointer not in entered:
                entered.add(pointer)
                waiting += [it for it in inner if it not in entered]
                continue
            # What is not known yet holds this very schema: the generator refuses the circle.
            depths[pointer] = max((depths.get(it, 0) + by for it, by in inner.items()), default=0)
        if depths[start] > MOST_LISTS:
            message = f"nests lists {depths[start]} deep; no more than {MOST_LISTS} can be read"
            yield start, f"{message}, so describe what is inside as {{}}"
            return


def _inner(pointer: str, schema: JSONObject) -> Iterator[tuple[str, int]]:
    """The schemas that the type of one is made of, and how many lists they are deeper."""
    reference = schema.get("$ref")
    if isinstance(reference, str):
        yield reference_pointer(reference), 0
    for keyword in _ALTERNATIVES:
        members = schema.get(keyword)
        for index in range(len(members)) if isinstance(members, list) else ():
            yield pointer + pointer_to(keyword, index), 0
    yield f"{pointer}/items", 1
