"""JSONPath queries (RFC 9535), which say what an action changes and what it copies."""

from __future__ import annotations

import re
import sys
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple, cast

import orjson
from jsonpath_rfc9535 import JSONPathEnvironment, JSONPathError, JSONPathQuery
from jsonpath_rfc9535.node import JSONPathNode
from jsonpath_rfc9535.segments import JSONPathChildSegment, JSONPathRecursiveDescentSegment
from jsonpath_rfc9535.selectors import NameSelector, SliceSelector, WildcardSelector

from codegen.files.errors import nearest
from codegen.files.values import pointer_tokens

if TYPE_CHECKING:
    from collections.abc import Iterable

    from codegen.files.values import JSON, JSONObject, Location

_SHORTHAND = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


class Match(NamedTuple):
    """A node that a query selects."""

    location: Location
    value: JSON


_ENVIRONMENT = JSONPathEnvironment()
# The library gives up on ``..`` below 100 levels, which schemas that nest inline exceed.
# Python's own limit is left to guard the stack; whoever applies a query handles it.
_ENVIRONMENT.max_recursion_depth = sys.maxsize

_compile = lru_cache(maxsize=4096)(_ENVIRONMENT.compile)


def syntax_error(query: str) -> str | None:
    """What keeps ``query`` from being RFC 9535, and at which character; None when it is."""
    try:
        _compile(query)
    except JSONPathError as error:
        problem = str(error.args[0])
        if error.token is None or error.token.index >= len(query):
            return f"{problem}, at its end"
        return f"{problem}, at character {error.token.index + 1}"
    except RecursionError:
        return "its parentheses are nested too deeply"
    return None


def select(query: str, definition: JSON) -> list[Match]:
    """The nodes that ``query`` selects, each once, in the order of the query.

    Raises:
        RecursionError: the definition is nested more deeply than Python's stack.
    """
    nodes: Iterable[JSONPathNode] = [
        JSONPathNode(value=definition, location=(), parent=None, root=definition)
    ]
    for segment in _compile(query).segments:
        names = [one.name for one in segment.selectors if isinstance(one, NameSelector)]
        if isinstance(segment, JSONPathChildSegment) and len(names) == len(segment.selectors):
            # Most segments are these; the library takes several times as long over each.
            nodes = [
                node.new_child(members[name], name, node)
                for node in nodes
                if isinstance(node.value, dict)
                for members in [cast("JSONObject", node.value)]
                for name in names
                if name in members
            ]
        else:
            nodes = segment.resolve(nodes)
    found = {node.location: cast("JSON", node.value) for node in nodes}
    return [Match(location, value) for location, value in found.items()]


def unmatched(query: str, definition: JSON) -> str:
    """What to say of a query that selects nothing: how far it leads, and what may be meant then."""
    segments = _compile(query).segments
    for length in range(len(segments) - 1, -1, -1):
        part = JSONPathQuery(env=_ENVIRONMENT, segments=segments[:length])
        if (node := part.find_one(definition)) is not None:
            break
    else:
        raise AssertionError(query)  # the empty beginning selects the definition
    # The token of a shorthand such as ``.get`` begins after its dot.
    leads = query[: segments[length].token.index].rstrip(". \t\r\n")
    told = f"{query} matches nothing; the longest part that does is {leads}"
    match cast("JSON", node.value), segments[length].selectors:
        case dict() as members, (NameSelector(name=name),):
            return f"{told}, which has no {name}; {nearest(name, members)}"
        case _:
            return told


def without_last_segment(query: str) -> str:
    """The query for what contains the nodes that ``query`` selects; ``$`` at the least."""
    return str(JSONPathQuery(env=_ENVIRONMENT, segments=_compile(query).segments[:-1]))


def names_its_matches(query: str) -> bool:
    """Whether a query names every node it can select, or finds it by what it holds.

    A query with a wildcard, a slice or ``..`` is a rule for whatever there is.
    """
    return all(
        not isinstance(segment, JSONPathRecursiveDescentSegment)
        and not any(isinstance(one, WildcardSelector | SliceSelector) for one in segment.selectors)
        for segment in _compile(query).segments
    )


def path_to(definition: JSON, pointer: str) -> str:
    """The query that selects the value at a JSON pointer, and nothing else.

    A parameter of a list is selected by its ``name`` and ``in``, for its position changes when
    another one is added; any other item by its position. The last token of the pointer may be a
    member that the definition does not have yet.
    """
    query = "$"
    value: JSON | None = definition
    for token in pointer_tokens(pointer):
        query += _segment(value, token)
        if isinstance(value, list):
            value = value[int(token)]
        elif isinstance(value, dict):
            value = value.get(token)
    return query


def string_literal(text: str) -> str:
    """Text as a query has it in a comparison, or in brackets as the name of a member."""
    escaped = orjson.dumps(text).decode()[1:-1].replace('\\"', '"')
    return "'" + escaped.replace("'", "\\'") + "'"


def _segment(value: JSON, token: str) -> str:
    """The part of a query that selects a member or an item of ``value``."""
    if isinstance(value, list):
        return f"[{_item(value, int(token))}]"
    return f".{token}" if _SHORTHAND.fullmatch(token) else f"[{string_literal(token)}]"


def _item(items: list[JSON], index: int) -> str:
    """An item by what tells a parameter from all others of its list, or else by its position."""
    match items[index]:
        case {"name": str(name), "in": str(place)}:
            told = {"name": name, "in": place}.items()
            if sum(isinstance(item, dict) and told <= item.items() for item in items) == 1:
                return f"?@.name == {string_literal(name)} && @.in == {string_literal(place)}"
        case _:
            pass
    return str(index)


def leading_steps(query: str) -> tuple[tuple[tuple[str, ...], ...], bool]:
    """The steps that a query begins with, each the names it takes, none where it takes any.

    With them goes whether they are all of the query: else what follows is decided by values or
    positions, or found at any depth. A filter that looks at the whole definition begins at once.
    """
    found: list[tuple[str, ...]] = []
    if "?" in query and query.count("$") > 1:
        return (), False
    for segment in _compile(query).segments:
        names = [one.name for one in segment.selectors if isinstance(one, NameSelector)]
        is_any = any(isinstance(one, WildcardSelector) for one in segment.selectors)
        if isinstance(segment, JSONPathRecursiveDescentSegment) or not all(
            isinstance(one, NameSelector | WildcardSelector) for one in segment.selectors
        ):
            return tuple(found), False
        found.append(() if is_any else tuple(names))
    return tuple(found), True
