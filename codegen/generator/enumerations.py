"""Enumerations whose members the generator would mistake for each other, or could not name.

Of members that get one name it drops all but one, or gives up with an exception that names no
place.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from openapi_python_client.strings import snake_case

from codegen.files.errors import BadInputs
from codegen.openapi.definition import definition_data
from codegen.openapi.grammar import root, walk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from codegen.files.document import Document
    from codegen.files.values import JSON, JSONObject

_ADVICE = "give every member a name in x-enum-varnames, in their order"


def require_named_members(document: Document) -> None:
    """See that every member of every enumeration gets a name of its own.

    Args:
        document: The patched definition.

    Raises:
        BadInputs: one does not.
    """
    problems = [
        document.error(f"{node.pointer}/enum", problem)
        for node in walk(root(definition_data(document)))
        if node.kind == "schema" and isinstance(enum := node.value.get("enum"), list)
        for problem in _problems(enum, node.value.get("x-enum-varnames"))
    ]
    if problems:
        raise BadInputs(problems)


def unnamed_members(schema: JSONObject) -> list[str]:
    """Why some members of a schema's enumeration of texts or numbers have no name of their own."""
    enum = schema.get("enum")
    if not isinstance(enum, list):
        return []
    kinds = {type(member) for member in enum if member is not None}
    if kinds not in ({str}, {int}):
        return []  # the generator is given something wider
    unnameable = kinds == {str} and "x-enum-varnames" not in schema
    numbered = [
        f"{member!r} would be called by its place in the list"
        for member in enum
        if unnameable and isinstance(member, str) and not member[:1].isalpha()
    ]
    return [*_problems(enum, schema.get("x-enum-varnames")), *numbered]


def _problems(enum: list[JSON], given: JSON) -> Iterator[str]:
    members = [member for member in enum if isinstance(member, str | int)]
    if any(isinstance(member, bool) for member in members):
        return  # the generator refuses them itself
    if given is not None and not _fits(given, members):
        count = len(members)
        yield f"x-enum-varnames must be {count} texts, one for each member but null, in their order"
        return
    seen: dict[str, str | int] = {}
    for index, member in enumerate(members):
        name = _name(index, member, given)
        if not name.isidentifier():
            yield f"{name!r}, the name of the member {member!r}, is no Python identifier; {_ADVICE}"
        elif member in seen.values():
            yield f"the member {member!r} is listed twice; remove one"
        elif name in seen:
            yield f"{seen[name]!r} and {member!r} would both be called {name}; {_ADVICE}"
        seen.setdefault(name, member)


def _fits(given: JSON, members: list[str | int]) -> bool:
    return (
        isinstance(given, list)
        and len(given) == len(members)
        and all(isinstance(name, str) for name in given)
    )


def _name(index: int, member: str | int, given: JSON) -> str:
    """The name that the generator gives to a member."""
    if isinstance(given, list):
        return snake_case(str(given[index])).upper()
    if isinstance(member, int):
        return f"VALUE_NEGATIVE_{-member}" if member < 0 else f"VALUE_{member}"
    return snake_case(member.upper()).upper() if member[:1].isalpha() else f"VALUE_{index}"
