"""JSONPath queries (RFC 9535), which say what an action changes and what it copies."""

from __future__ import annotations

import re
import sys
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple, cast

import orjson
from jsonpath_rfc9535 import JSONPathEnvironment, JSONPathError, JSONPathNode, JSONPathQuery
from jsonpath_rfc9535.segments import JSONPathRecursiveDescentSegment
from jsonpath_rfc9535.selectors import NameSelector, SliceSelector, WildcardSelector

from codegen.files.values import pointer_tokens

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from jsonpath_rfc9535.segments import JSONPathSegment

    from codegen.files.values import JSON, JSONObject, Location

_SHORTHAND = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


class Match(NamedTuple):
    """A node that a query selects."""

    location: Location
    value: JSON


class _Environment(JSONPathEnvironment):
    # The library gives up on ``..`` below 100 levels, which schemas that nest inline exceed.
    # Python's own limit is left to guard the stack; whoever applies a query handles it.
    max_recursion_depth = sys.maxsize


_ENVIRONMENT = _Environment()


@lru_cache(maxsize=4096)
def _compile(query: str) -> JSONPathQuery:
    compiled = _ENVIRONMENT.compile(query)
    segments = (
        _NamesBelow(env=_ENVIRONMENT, token=segment.token, selectors=segment.selectors)
        if isinstance(segment, JSONPathRecursiveDescentSegment) and _names(segment)
        else segment
        for segment in compiled.segments
    )
    return JSONPathQuery(env=_ENVIRONMENT, segments=tuple(segments))


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
    matches = _compile(query).finditer(definition)
    nodes = {node.location: cast("JSON", node.value) for node in matches}
    return [Match(location, value) for location, value in nodes.items()]


def _names(segment: JSONPathSegment) -> list[str]:
    """The names that a segment selects; none when it selects anything else."""
    selectors = segment.selectors
    names = [selector.name for selector in selectors if isinstance(selector, NameSelector)]
    return names if len(names) == len(selectors) else []


class _NamesBelow(JSONPathRecursiveDescentSegment):
    """``..`` with names, which looks into objects without making a node of each."""

    def resolve(self, nodes: Iterable[JSONPathNode]) -> Iterator[JSONPathNode]:
        names = _names(self)
        for node in nodes:
            for location, holder in _objects(node.location, cast("JSON", node.value)):
                for name in names:
                    if name in holder:
                        yield JSONPathNode(
                            value=holder[name],
                            location=(*location, name),
                            parent=None,
                            root=node.root,
                        )


def _objects(location: Location, value: JSON) -> Iterator[tuple[Location, JSONObject]]:
    """The objects in a value with where they stand, each before those inside it."""
    waiting: list[tuple[Location, JSON]] = [(location, value)]
    while waiting:
        location, value = waiting.pop()
        if len(location) > sys.getrecursionlimit():
            raise RecursionError  # as in whatever is done with such a value
        members: Iterable[tuple[str | int, JSON]] = ()
        if isinstance(value, dict):
            yield location, value
            members = value.items()
        elif isinstance(value, list):
            members = enumerate(value)
        inside = [
            ((*location, key), held) for key, held in members if isinstance(held, dict | list)
        ]
        waiting += reversed(inside)


def longest_matching_part(query: str, definition: JSON) -> str:
    """The longest beginning of ``query`` that selects something; ``$`` always does."""
    segments = _compile(query).segments
    for length in range(len(segments) - 1, 0, -1):
        part = JSONPathQuery(env=_ENVIRONMENT, segments=segments[:length])
        if part.find_one(definition) is not None:
            # The token of a shorthand such as ``.get`` begins after its dot.
            return query[: segments[length].token.index].rstrip(". \t\r\n")
    return "$"


def without_last_segment(query: str) -> str:
    """The query for what contains the nodes that ``query`` selects; ``$`` at the least."""
    segments = _compile(query).segments
    return str(JSONPathQuery(env=_ENVIRONMENT, segments=segments[:-1]))


def names_its_matches(query: str) -> bool:
    """Whether a query names every node it can select, or finds it by what it holds.

    A query with a wildcard, a slice or ``..`` is a rule for whatever there is.
    """
    return all(
        not isinstance(segment, JSONPathRecursiveDescentSegment)
        and not any(isinstance(one, WildcardSelector | SliceSelector) for one in segment.selectors)
        for segment in _compile(query).segments
    )


def path_to(definition: JSON, pointer: str, *like: str) -> str:
    """The query that selects the value at a JSON pointer, and nothing else.

    A parameter of a list is selected by its ``name`` and ``in``, for its position changes when
    another one is added; any other item by its position. The last token of the pointer may be a
    member that the definition does not have yet.

    Args:
        definition: What the query is for.
        pointer: The value.
        like: Pointers to other values that the query is to select as well. They differ from
            ``pointer`` in one token, and all in the same.
    """
    query = "$"
    value: JSON | None = definition
    for tokens in zip(*map(pointer_tokens, [pointer, *like]), strict=True):
        query += _segment(value, list(dict.fromkeys(tokens)))
        if isinstance(value, list):
            value = value[int(tokens[0])]
        elif isinstance(value, dict):
            value = value.get(tokens[0])
    return query


def string_literal(text: str) -> str:
    """Text as a query has it in a comparison, or in brackets as the name of a member."""
    escaped = orjson.dumps(text).decode()[1:-1].replace('\\"', '"')
    return "'" + escaped.replace("'", "\\'") + "'"


def _segment(value: JSON, tokens: list[str]) -> str:
    """The part of a query that selects members or items of ``value``."""
    if isinstance(value, list):
        return f"[{','.join(_item(value, int(token)) for token in tokens)}]"
    if len(tokens) == 1 and _SHORTHAND.fullmatch(tokens[0]):
        return f".{tokens[0]}"
    return f"[{','.join(map(string_literal, tokens))}]"


def _item(items: list[JSON], index: int) -> str:
    identity = _identity(items[index])
    if identity is None or [_identity(item) for item in items].count(identity) != 1:
        return str(index)
    name, place = map(string_literal, identity)
    return f"?@.name == {name} && @.in == {place}"


def _identity(item: JSON) -> tuple[str, str] | None:
    """What tells a parameter from all others of its list; None for what is no parameter."""
    match item:
        case {"name": str(name), "in": str(place)}:
            return name, place
        case _:
            return None
