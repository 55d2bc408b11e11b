"""What an overlay says of the client, ``x-client``: whether it can be read, and is so."""

from __future__ import annotations

import keyword
import re
from dataclasses import replace
from typing import TYPE_CHECKING, cast

from codegen.files.errors import Problem
from codegen.files.values import is_primitive, pointer_to
from codegen.openapi.access import RESERVED_ARGUMENTS
from codegen.openapi.client_facts import (
    ARGUMENTS,
    COUNTED,
    FACTS,
    PARTS,
    TOLD,
    WAYS,
    parsed_path,
)
from codegen.openapi.fact_check import wrong_facts
from codegen.openapi.references import object_at
from codegen.providers.structure import Rule, optional, problems, table, text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from codegen.files.values import JSON, JSONObject
    from codegen.overlay import Overlay

UNREADABLE = "facts/unreadable"
"""The kind of a problem with a fact that is not written as it should be."""

_PATH = "the way to a member of the answer, such as `data.sessions`"


def _is_path(value: object) -> bool:
    return isinstance(value, str) and parsed_path(value) is not None


def _one_or_several(expected: str, accepts: Callable[[object], bool]) -> Rule:
    def are_right(value: object) -> bool:
        values = cast("list[object]", value) if isinstance(value, list) else [value]
        return bool(values) and all(map(accepts, values))

    return optional(Rule(expected, are_right))


def _is_number_of_a_page(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


_path = optional(Rule(_PATH, _is_path))
_parameter = optional(text("the name of a query parameter, such as `page`"))
_flag = optional(Rule("true", lambda value: value is True))
_map = optional(Rule("an object", lambda value: isinstance(value, dict)))

_ROOT = table(
    "an object",
    {
        "class": optional(
            text(
                "the name of a class, such as `RealtimeKit`",
                r"(?!(None|True|False)$)[A-Z][A-Za-z0-9]*",
            )
        ),
        "arguments": _map,
        "refusal": _map,
        "groups": optional(Rule("true or false", lambda value: isinstance(value, bool))),
        "operations": _map,
    },
)
_ARGUMENT = table(
    "an object, such as `{scheme: api_token, environment: API_TOKEN}`",
    {
        "scheme": optional(text("the name of a security scheme")),
        "parameter": optional(text("the name of a parameter, as sent")),
        "variable": optional(text("the name of a variable of the server")),
        "part": optional(text(" or ".join(PARTS), "|".join(PARTS))),
        "environment": optional(
            text("the name of an environment variable, such as `API_TOKEN`", r"[A-Z_][A-Z0-9_]*")
        ),
        "description": optional(text("a text for people")),
    },
)
_OPERATION = table(
    "an object",
    {
        "result": _one_or_several(f"{_PATH}, or a list of several", _is_path),
        "refusal": _map,
        "pages": optional(
            table(
                "an object, such as `{items: data, page: page, total: total}`",
                {
                    **dict.fromkeys(("page", "offset", "cursor"), _parameter),
                    **dict.fromkeys(("url", "link"), _flag),
                    "items": _path,
                    "size": _parameter,
                    **dict.fromkeys(("next", "total", "start", "end"), _path),
                    "first": optional(Rule("a number, such as 1", _is_number_of_a_page)),
                    "identity": _one_or_several(
                        "a member of the items, such as `id`, or a list of several",
                        lambda value: isinstance(value, str) and value != "",
                    ),
                },
            )
        ),
    },
)
_RESERVED = RESERVED_ARGUMENTS | {"self"}


def require_facts(overlay: Overlay, definition: JSONObject) -> None:
    """See that what an overlay says of the client is so of the definition that it corrects.

    Raises:
        BadInputs: it is not; one error each with the overlay's file and line.
    """
    if FACTS in overlay.extensions:
        place = pointer_to(FACTS)
        overlay.document.refuse(
            replace(problem, pointer=place + problem.pointer)
            for problem in facts_problems(overlay.extensions[FACTS], definition)
        )


def facts_problems(told: JSON, definition: JSONObject) -> list[Problem]:
    """What is wrong with a table of facts, by their pointers in it.

    What it says is compared with the definition only when it is written as it should be.
    """
    if wrong := list(_unreadable(told)):
        return wrong
    return wrong_facts(cast("JSONObject", told), definition)


def _unreadable(told: JSON) -> Iterator[Problem]:
    found = list(problems(told, _ROOT))
    yield from found
    if found or not isinstance(told, dict):
        return
    lines: dict[str, JSONObject] = {key: object_at(told, f"/{key}") for key in told}
    for name, line in lines.get("arguments", {}).items():
        yield from _unreadable_argument(name, line, pointer_to("arguments", name))
    yield from _unreadable_refusal(lines.get("refusal", {}), "/refusal")
    for name, line in lines.get("operations", {}).items():
        pointer = pointer_to("operations", name)
        wrong = list(problems(line, _OPERATION, pointer))
        yield from wrong
        if not wrong and isinstance(line, dict):
            yield from _unreadable_operation(line, pointer)


def _unreadable_argument(name: str, line: JSON, pointer: str) -> Iterator[Problem]:
    if not re.fullmatch(r"[a-z][a-z0-9_]*", name) or keyword.iskeyword(name):
        message = f"{name!r} is no argument of Python; expected a name such as `api_token`"
        yield Problem(UNREADABLE, pointer, message)
    elif name in _RESERVED:
        message = f"{name!r} is an argument of every client; call this one otherwise"
        yield Problem(UNREADABLE, pointer, message)
    wrong = list(problems(line, _ARGUMENT, pointer))
    yield from wrong
    if not wrong:
        yield from _not_one(cast("JSONObject", line), ARGUMENTS, pointer, "says what it is")


def _unreadable_refusal(line: JSONObject, pointer: str) -> Iterator[Problem]:
    for path, value in line.items():
        if not _is_path(path):
            message = f"{path!r} is {_NO_PATH}"
            yield Problem(UNREADABLE, pointer + pointer_to(path), message)
        elif not is_primitive(value):
            message = f"{path} is an object or an array; expected one value, such as false"
            yield Problem(UNREADABLE, pointer + pointer_to(path), message)


_NO_PATH = f"no path; expected {_PATH}"


def _unreadable_operation(line: JSONObject, pointer: str) -> Iterator[Problem]:
    yield from _unreadable_refusal(object_at(line, "/refusal"), f"{pointer}/refusal")
    if "pages" not in line:
        return
    if "result" in line:
        message = "the items of its pages are the result; leave out one of result and pages"
        yield Problem(UNREADABLE, f"{pointer}/result", message)
    pages, pointer = object_at(line, "/pages"), f"{pointer}/pages"
    wrong = list(_not_one(pages, WAYS, pointer, "says how the list goes on"))
    yield from wrong
    if wrong:
        return
    way = next(way for way in WAYS if way in pages)
    if way in TOLD and "next" not in pages:
        message = f"next is missing; expected {_PATH} that has what follows, as {way} needs it"
        yield Problem(UNREADABLE, pointer, message)
    for member, ways in (("next", TOLD), ("first", COUNTED)):
        if member in pages and way not in ways:
            message = f"{member} means nothing with {way}; it goes with {' and '.join(ways)}"
            yield Problem(UNREADABLE, f"{pointer}/{member}", message)


def _not_one(
    line: JSONObject, names: Sequence[str], pointer: str, meaning: str
) -> Iterator[Problem]:
    """That not exactly one of some members is there."""
    found = [name for name in names if name in line]
    if len(found) != 1:
        listed = ", ".join(names)
        told = f"{' and '.join(found)} are there" if found else "none of them is there"
        yield Problem(UNREADABLE, pointer, f"one of {listed} {meaning}; {told}")
