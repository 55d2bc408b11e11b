"""Several documents that define one API, as one definition."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, TypeAlias, cast

from codegen.files.errors import Problem
from codegen.files.values import (
    JSON,
    JSONObject,
    copy_of,
    innermost,
    is_same,
    pointer_to,
    pointer_tokens,
)
from codegen.openapi.definition import definition_data, upgrade
from codegen.openapi.grammar import operations, path_items
from codegen.openapi.references import list_at
from codegen.openapi.validation import empty

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from codegen.files.document import Document

Homes: TypeAlias = "dict[str, tuple[Document, str]]"

_PARTS = ("paths", "webhooks", "components")
"""The parts of a document that define something."""
_SAID_OF_ALL = ("servers", "security")
"""What a document says at its root of each operation that does not say it itself."""
_SAID_OF_A_PATH = ("$ref", "parameters", "servers")
"""What a path item says of each of its operations, of whichever document they are."""


def joined(first: Document, others: Sequence[Document]) -> Document:
    """One definition of several documents; the first alone is returned as it is.

    Operations, webhooks and components of all are in it, and the first document's word is that of
    the whole. What another document says of all its operations, its servers and who may ask, is
    said by each of them where it differs. Who says nothing of who may ask lets everybody ask. What
    two documents define alike is there once.

    Raises:
        BadInputs: they define one thing differently, and both files are named; the first has
            nothing to which the others could add; or there is no object where one must be.
    """
    if not others:
        return first
    for document in (first, *others):
        document.refuse(
            Problem("structure", pointer, "expected an object")
            for pointer, holder in _holders(definition_data(document))
            if not isinstance(holder, dict)
        )
    first.refuse(empty(definition_data(first)))
    data, *added = (copy_of(definition_data(each)) for each in (first, *others))
    if len({str(each["openapi"]).startswith("3.0") for each in (data, *added)}) > 1:
        for each in (data, *added):
            upgrade(each)
    homes: Homes = {"": (first, "")}
    for document, other in zip(others, added, strict=True):
        for keyword in _SAID_OF_ALL:
            _say_in_each(other, keyword, data)
        differing = _add(other, data, document, homes)
        document.refuse(
            Problem(
                "document/differs",
                pointer,
                f"is defined otherwise in {homes[innermost(pointer, homes)][0].path}; "
                "expected one definition of it",
            )
            for pointer in differing
        )
        tags = [tag for tag in list_at(other, "/tags") if tag not in list_at(data, "/tags")]
        if tags:
            data["tags"] = [*list_at(data, "/tags"), *tags]
    return replace(first, data=data, homes=homes)


def _add(other: JSONObject, data: JSONObject, document: Document, homes: Homes) -> list[str]:
    """Add what a document defines, and give the pointers of what is defined otherwise already."""
    differing = list(_differing_paths(other, data))
    for place, members in _holders(other):
        for name, value in cast("JSONObject", members).items():
            pointer = place + pointer_to(name)
            if name.startswith("x-") or pointer in differing:
                continue
            holder = _object_for(data, pointer_tokens(place), document, homes)
            if name not in holder:
                holder[name], homes[pointer] = value, (document, pointer)
            elif not is_same(holder[name], value):
                differing.append(pointer)
    return differing


def _say_in_each(other: JSONObject, keyword: str, data: JSONObject) -> None:
    # Without servers it is about those of the whole; without security, about nobody's secrets.
    of_all = data.get(keyword, [])
    said = other.get(keyword, [] if keyword == "security" else of_all)
    if is_same(said, of_all):
        return
    for operation in operations(other):
        if keyword not in operation.item.value:
            operation.node.value.setdefault(keyword, said)


def _differing_paths(other: JSONObject, data: JSONObject) -> Iterator[str]:
    """The pointers of what two documents do not say alike of all operations of a path."""
    known = {item.key: item.value for item in path_items(data)}
    for item in path_items(other):
        for keyword in _SAID_OF_A_PATH:
            mine = known.get(item.key, item.value)
            if not is_same(mine.get(keyword), item.value.get(keyword)):
                yield item.pointer + (pointer_to(keyword) if keyword in item.value else "")


def _holders(document: JSONObject) -> Iterator[tuple[str, JSON]]:
    """What has members of which one document alone may define each, by pointer.

    They are the paths, the sections of the components, and the webhooks; what a document adds to
    OpenAPI is none.
    """
    for part in _PARTS:
        whole, place = document.get(part, {}), pointer_to(part)
        if part == "webhooks" or not isinstance(whole, dict):
            yield place, whole
            continue
        for name, inner in whole.items():
            if not name.startswith("x-"):
                yield place + pointer_to(name), inner


def _object_for(
    data: JSONObject,
    tokens: Sequence[str],
    document: Document,
    homes: Homes,
) -> JSONObject:
    """The object that is to have a member of a document, which has it alone if there is none."""
    pointer = ""
    for token in tokens:
        pointer += pointer_to(token)
        if token not in data:
            data[token], homes[pointer] = {}, (document, pointer)
        data = cast("JSONObject", data[token])
    return data
