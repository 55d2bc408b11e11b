"""Several documents that define one API, as one definition."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

from codegen.files.document import Document
from codegen.files.errors import Problem
from codegen.files.values import JSON, JSONObject, copy_of, is_same, pointer_to, pointer_tokens
from codegen.openapi.definition import definition_data, upgrade
from codegen.openapi.grammar import operations
from codegen.openapi.references import list_at
from codegen.openapi.validation import empty

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from codegen.files.errors import BadInputError

_MEMBERS_OF = {"paths": 2, "webhooks": 1, "components": 2}
"""How deep in each part of a document stands what only one of the documents may define."""
_SAID_OF_ALL = ("servers", "security")
"""What a document says at its root of each operation that does not say it itself."""


@dataclass(frozen=True)
class Joined(Document):
    """Documents joined as one, whose errors name the file in which a place stands."""

    homes: Mapping[str, Document] = field(default_factory=dict[str, Document])
    """The documents besides the first, by the pointers of what comes from each."""

    def error_of(self, problem: Problem) -> BadInputError:
        """A problem as an error, with the name of the file that has the place, and its line."""
        around = problem.pointer
        while around and around not in self.homes:
            around = around.rpartition("/")[0]
        home = self.homes.get(around)
        return super().error_of(problem) if home is None else home.error_of(problem)


def joined(first: Document, others: Sequence[Document]) -> Document:
    """One definition of several documents; the first alone is returned as it is.

    Operations, webhooks and components of all are in it, and the first document's word is that of
    the whole. What another document says of all its operations, its servers and who may ask, is
    said by each of them where it differs. What two documents define alike is there once.

    Raises:
        BadInputs: they define one thing differently, and both files are named; or the first has
            nothing to which the others could add.
    """
    if not others:
        return first
    first.refuse(empty(definition_data(first)))
    data, *added = (copy_of(definition_data(each)) for each in (first, *others))
    if len({str(each["openapi"])[:3] for each in (data, *added)}) > 1:
        for each in (data, *added):
            upgrade(each)
    homes: dict[str, Document] = {}
    for document, other in zip(others, added, strict=True):
        for keyword in _SAID_OF_ALL:
            _say_in_each(other, keyword, data)
        differing: list[Problem] = []
        for pointer, value in _members(other):
            *holders, name = pointer_tokens(pointer)
            holder = _object_for(data, holders)
            if name not in holder:
                holder[name], homes[pointer] = value, document
            elif not is_same(holder[name], value):
                file = homes.get(pointer, first).path
                message = f"is defined otherwise in {file}; expected one definition of it"
                differing.append(Problem("document/differs", pointer, message))
        document.refuse(differing)
        tags = [tag for tag in list_at(other, "/tags") if tag not in list_at(data, "/tags")]
        if tags:
            data["tags"] = [*list_at(data, "/tags"), *tags]
    return Joined(first.path, first.text, data, homes=homes)


def _say_in_each(other: JSONObject, keyword: str, data: JSONObject) -> None:
    if keyword not in other or is_same(other[keyword], data.get(keyword)):
        return
    for operation in operations(other):
        if keyword not in operation.item.value:
            operation.node.value.setdefault(keyword, other[keyword])


def _members(document: JSONObject) -> Iterator[tuple[str, JSON]]:
    """What only one document may define, by pointer, in the order of the text."""
    for part, depth in _MEMBERS_OF.items():
        level = {pointer_to(part): document.get(part, {})}
        for _ in range(depth):
            level = {
                pointer + pointer_to(name): member
                for pointer, holder in level.items()
                if isinstance(holder, dict)
                for name, member in holder.items()
            }
        yield from level.items()


def _object_for(data: JSONObject, tokens: Sequence[str]) -> JSONObject:
    for token in tokens:
        data = cast("JSONObject", data.setdefault(token, {}))
    return data
