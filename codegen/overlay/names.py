"""The table of names in an overlay: what operations and classes are called, by place."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

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
    from collections.abc import Iterator

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
    table = overlay.extensions[TABLE]
    overlay.document.refuse(_problems(table))
    lines = cast("dict[str, str | list[str]]", table)
    return Names(
        operations={
            name: (found[1], found[2])
            for name, line in lines.items()
            if isinstance(line, str) and (found := METHOD_AND_PATH.fullmatch(line)) is not None
        },
        classes={name: _places(line) for name, line in lines.items() if CLASS.fullmatch(name)},
        document=overlay.document,
    )


def _places(line: str | list[str]) -> tuple[Place, ...]:
    texts = [line] if isinstance(line, str) else line
    return tuple(place for text in texts if (place := parsed_place(text)) is not None)


def _problems(table: JSON) -> Iterator[Problem]:
    if not isinstance(table, dict):
        yield Problem("names/unreadable", pointer_to(TABLE), "is no object; expected a line a name")
        return
    seen: dict[JSON, str] = {}
    for name, line in table.items():
        pointer = pointer_to(TABLE, name)
        if OPERATION.fullmatch(name):
            if not isinstance(line, str) or METHOD_AND_PATH.fullmatch(line) is None:
                message = f"is {line!r}; expected a method and a path, such as GET /calls"
                yield Problem("names/unreadable", pointer, message)
            elif (first := seen.setdefault(line, name)) != name:
                message = f"{line} is called {first} already; keep one of the lines"
                yield Problem("names/twice", pointer, message)
        elif CLASS.fullmatch(name):
            texts = line if isinstance(line, list) else [line]
            for text in texts or [None]:
                if not isinstance(text, str) or parsed_place(text) is None:
                    message = (
                        f"{text!r} is no place; expected one such as `get_call 200`, "
                        "`Call.participants[]` or `list_calls query status`"
                    )
                    yield Problem("names/unreadable", pointer, message)
        else:
            message = (
                f"{name!r} names nothing: a function is called such as `calls.get_call`, a class "
                "such as `Call`"
            )
            yield Problem("names/unreadable", pointer, message)
