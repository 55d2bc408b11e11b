"""OpenAPI 3.2 as 3.1, which says all of it otherwise that a client needs."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from codegen.files.values import copy_of, pointer_to
from codegen.openapi.grammar import Node, root, walk
from codegen.openapi.marked import with_other_methods_apart
from codegen.openapi.references import list_at, object_at, resolved

if TYPE_CHECKING:
    from codegen.files.values import JSON, JSONObject

WHOLE_QUERY = "x-whole-query"
"""Marks a parameter that is all of the query, without a name in it."""
_FOR_PEOPLE = {"servers": ("name",), "tags": ("kind", "parent", "summary")}
"""What 3.1 does not know of members of some lists, and a client does not need."""


def as_3_1(data: JSONObject) -> dict[str, str]:
    """Rewrite a definition of OpenAPI 3.2, in place, but for its version.

    Returns:
        The pointers of operations that stand elsewhere, with where they stood.
    """
    for node in list(walk(root(data))):
        if node.kind == "media type" and "$ref" in node.value:
            node.replace(copy_of(resolved(data, node.value)))
    object_at(data, "/components").pop("mediaTypes", None)
    for node in list(walk(root(data))):
        _without_what_is_for_people(node)
    moved = with_other_methods_apart(data)
    _spread_query_strings(data)
    return moved


def _without_what_is_for_people(node: Node) -> None:
    for holder, names in _FOR_PEOPLE.items():
        for member in list_at(node.value, pointer_to(holder)):
            for name in names if isinstance(member, dict) else ():
                cast("JSONObject", member).pop(name, None)
    if node.kind == "response" and "summary" in node.value:
        summary = node.value.pop("summary")
        node.value.setdefault("description", summary)
    if node.kind == "example":
        node.value.pop("serializedValue", None)
        if "dataValue" in node.value:
            node.value["value"] = node.value.pop("dataValue")


def _spread_query_strings(data: JSONObject) -> None:
    """Make parameters of the members of what OpenAPI 3.2 describes as the query as a whole.

    A form as a whole is the same as its members. What is no form is one parameter, so marked.
    """
    for node in list(walk(root(data))):
        if node.kind in ("operation", "path item") and "parameters" in node.value:
            listed = list_at(node.value, "/parameters")
            node.value["parameters"] = [
                each for one in listed for each in _spread(data, resolved(data, one)) or [one]
            ]
    named = object_at(data, "/components/parameters")
    for name in [name for name, one in named.items() if _spread(data, resolved(data, one))]:
        del named[name]


def _spread(data: JSONObject, parameter: JSONObject) -> list[JSON]:
    """The parameters of which a query as a whole consists; none if it is none."""
    content = object_at(parameter, "/content/application~1x-www-form-urlencoded")
    if parameter.get("in") != "querystring":
        return []
    if not content:
        return [{**parameter, "in": "query", WHOLE_QUERY: True}]
    schema = resolved(data, content.get("schema"))
    encoding, needed = object_at(content, "/encoding"), list_at(schema, "/required")
    return [
        {
            "name": name,
            "in": "query",
            "required": name in needed,
            "schema": member,
            **{
                key: value
                for key, value in object_at(encoding, pointer_to(name)).items()
                if key in ("style", "explode", "allowReserved")
            },
        }
        for name, member in object_at(schema, "/properties").items()
    ]
