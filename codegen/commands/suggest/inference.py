"""The schema of values that were seen: their types, and nothing that a few samples cannot show."""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING

from openapi_python_client.strings import ClassName

from codegen.files.values import json_type, pointer_tokens
from codegen.openapi.grammar import Node, root, walk
from codegen.openapi.names import CLASS_NAMES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from codegen.files.values import JSON, JSONObject

_STEP = re.compile(r"/properties/(?P<name>[^/]*)|/items|/anyOf/\d+")
_STRUCTURED = ("array", "object")


def joined_types(types: Sequence[str]) -> list[str]:
    """Types without repetition, ``null`` last; an integer is a number where both are there."""
    distinct = dict.fromkeys(types)
    if "number" in distinct:
        distinct.pop("integer", None)
    return sorted(distinct, key=lambda name: name == "null")


def type_keyword(types: Sequence[str]) -> JSON:
    """The value of ``type``: a text for one type, else a list."""
    return types[0] if len(types) == 1 else list(types)


class Titles:
    """Gives every new class a name that no other has."""

    def __init__(self, definition: JSONObject) -> None:
        names: list[object] = [*CLASS_NAMES]
        for node in walk(root(definition)):
            if node.kind == "schema":
                names += [node.value.get("title"), node.key]
        # Of keys, those of properties are no names of classes; they begin in lower case.
        named = [name for name in names if isinstance(name, str) and name[:1].isupper()]
        self._taken = {name.casefold() for name in named}

    def new(self, field: str) -> str:
        """A class name after the name of a field, with a number if it is taken."""
        base = str(ClassName(field, "Model"))
        names = itertools.chain([base], (f"{base}{number}" for number in itertools.count(2)))
        name = next(name for name in names if name.casefold() not in self._taken)
        self._taken.add(name.casefold())
        return name


def infer(values: Sequence[JSON], field: str, titles: Titles) -> JSONObject:
    """The schema of the type of values that were seen under the name of a field.

    Of null alone nothing follows, so that anything is accepted. No sample shows a format, a list
    of values or a required member; none is inferred.
    """
    types = joined_types([json_type(value) for value in values])
    if not [name for name in types if name != "null"]:
        return {}
    branches = [_structured(name, values, field, titles) for name in types if name in _STRUCTURED]
    scalars = [name for name in types if name not in _STRUCTURED]
    if scalars and not (len(branches) == 1 and scalars == ["null"]):
        branches.append({"type": type_keyword(scalars)})
    if len(branches) == 1:
        return {**branches[0], "type": type_keyword(types)}
    return {"anyOf": list(branches)}


def _structured(kind: str, values: Sequence[JSON], field: str, titles: Titles) -> JSONObject:
    if kind == "array":
        items = [item for value in values if isinstance(value, list) for item in value]
        return {"type": "array", "items": infer(items, f"{field} item", titles)}
    objects = [value for value in values if isinstance(value, dict)]
    title = titles.new(field)
    names = dict.fromkeys(name for value in objects for name in value)
    if not names:
        return {"title": title, "type": "object", "additionalProperties": True}
    properties: JSONObject = {
        name: infer([value[name] for value in objects if name in value], name, titles)
        for name in names
    }
    return {"title": title, "type": "object", "properties": properties}


def untyped_places(schema: JSONObject) -> list[str]:
    """Where an inferred schema accepts anything, because nothing but null or nothing was seen."""
    nodes = walk(Node("schema", "", schema, {}, ""))
    return [_STEP.sub(_shown, node.pointer) or "the value" for node in nodes if not node.value]


def _shown(step: re.Match[str]) -> str:
    if step["name"] is not None:
        return "." + pointer_tokens("/" + step["name"])[0]
    return "[*]" if step[0] == "/items" else ""
