"""The table of names in an overlay: what operations and classes are called, by place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codegen.files.errors import Problem
from codegen.files.values import pointer_to
from codegen.openapi.places import (
    CLASS,
    METHOD_AND_PATH,
    NO_NAMES,
    OPERATION,
    TABLE,
    Names,
    parsed_place,
)

if TYPE_CHECKING:
    from codegen.files.document import Document
    from codegen.files.values import JSON
    from codegen.openapi.places import Place
    from codegen.overlay.model import Overlay


def names_of(overlay: Overlay | None) -> Names:
    """The table of names of an overlay; an empty one where it has none.

    Raises:
        BadInputs: lines of it are not written as CONTRIBUTING.md says.
    """
    if overlay is None or TABLE not in overlay.extensions:
        return NO_NAMES
    return read_names(overlay.extensions[TABLE], overlay.document)


def read_names(table: JSON, document: Document) -> Names:
    """A table of names that stands in a document, with the same errors."""
    operations: dict[str, tuple[str, str]] = {}
    classes: dict[str, tuple[Place, ...]] = {}
    seen: dict[str, str] = {}
    lines = table if isinstance(table, dict) else {}
    wrong = {} if table is lines else {pointer_to(TABLE): "is no object; expected a line a name"}
    for name, line in lines.items():
        pointer = pointer_to(TABLE, name)
        if OPERATION.fullmatch(name):
            found = METHOD_AND_PATH.fullmatch(line) if isinstance(line, str) else None
            if found is None:
                wrong[pointer] = f"is {line!r}; expected a method and a path, such as GET /calls"
            elif (first := seen.setdefault(found[0], name)) != name:
                wrong[pointer] = f"{line} is called {first} already; keep one of the lines"
            else:
                operations[name] = found[1], found[2]
        elif CLASS.fullmatch(name):
            texts = line if isinstance(line, list) and line else [line]
            places = [parsed_place(text) if isinstance(text, str) else None for text in texts]
            classes[name] = tuple(dict.fromkeys(place for place in places if place is not None))
            for text in (text for text, place in zip(texts, places, strict=True) if place is None):
                wrong[pointer] = (
                    f"{text!r} is no place; expected one such as `get_call 200`, "
                    "`Call.participants[]` or `list_calls query status`"
                )
        else:
            wrong[pointer] = (
                f"{name!r} names nothing: a function is called such as `calls.get_call`, a class "
                "such as `Call`"
            )
    document.refuse(Problem("names/unreadable", *each) for each in wrong.items())
    return Names(operations, classes, document)
