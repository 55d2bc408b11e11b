"""What a person would call a function or a class, best first: the rules for names that `add` gives.

CONTRIBUTING.md states them. A name that several things would have goes to none of them, so that
names do not depend on the order of a file.
"""

from __future__ import annotations

import re
from collections import defaultdict
from http.client import responses
from typing import TYPE_CHECKING, Final

from openapi_python_client.strings import PythonIdentifier

from codegen.commands.add.paging import plain
from codegen.openapi.names import METHOD_NAMES, class_name, in_ascii, singular, snake_case, words_of

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

LONGEST: Final = 45
"""What a name has at most, unless the provider's own is longer."""
_ROOM: Final = 2
"""For a number."""
_LONGEST_TITLE: Final = 40
_SILENT: Final = re.compile(r"\W+|api|rest|v(\d+(\.\d+)*)?", re.IGNORECASE)
"""Segments of paths that say nothing."""
_PART: Final = re.compile(r"\{([^}]*)\}|([^{}/:]+)")
"""An argument, or a text, of a path."""
_ENDING: Final = re.compile(r"\.(json|xml)$")
"""Of a path, in what form it answers."""
_ADDED_BY_TOOLS: Final = re.compile(r"_using_(get|put|post|delete|options|head|patch|trace)(?=_|$)")
"""What tools write into an ``operationId`` besides a name."""
_NUMBER: Final = re.compile(r"_\d+$")
_SAYS_LITTLE: Final = frozenset({"Request", "Response"})
_METHODS: Final = {"patch": "update", "put": "update"}
"""What a method does, where its own name does not say it. A list is listed, and added to."""
_VERBS: Final = frozenset({
    "activate", "approve", "archive", "cancel", "close", "confirm", "copy", "deactivate",
    "disable", "enable", "execute", "export", "find", "import", "invite", "login", "logout",
    "merge", "move", "pause", "ping", "preview", "publish", "query", "refresh", "reject",
    "rename", "replay", "resend", "reset", "restart", "restore", "resume", "retry", "revoke",
    "rotate", "run", "search", "send", "start", "stop", "submit", "suspend", "sync", "test",
    "unarchive", "upload", "validate", "verify",
})  # fmt: skip
"""Last words of paths that say what is done."""


def function_name(text: str) -> str:
    """A text as the name of a function that no client has besides."""
    words = re.sub(r"\W+", "_", in_ascii(text)).strip("_")
    name = str(PythonIdentifier(words, "call_"))
    return f"{name}_operation" if name in METHOD_NAMES else name


def own_name(identifier: object, method: str, path: str) -> str | None:
    """An ``operationId`` without what tools add to it.

    None where it has no letter, or is no more than the method and the path.
    """
    if not isinstance(identifier, str) or not re.search("[A-Za-z]", identifier):
        return None
    if "/" in identifier and plain(identifier) == plain(method + path):
        return None
    added = re.sub(r"\W", "_", f"{path}_{method}")
    return _ADDED_BY_TOOLS.sub("", function_name(identifier.removesuffix(added) or identifier))


def without_number(name: str) -> str:
    """A name without the number at its end: those that only numbers tell apart are none."""
    return _NUMBER.sub("", name)


def names_of_path(method: str, path: str, methods: Collection[str]) -> Iterator[str]:
    """A verb, and the last nouns of a path: first one of them, at last all with the arguments.

    Args:
        method: Of the operation.
        path: Its path.
        methods: All methods of the path.
    """
    parts = _PART.findall(_ENDING.sub("", path))
    said = [part for part in parts if part[0] or not _SILENT.fullmatch(part[1])]
    nouns = [
        singular(text) if any(argument for argument, _ in said[place + 1 : place + 2]) else text
        for place, (_, text) in enumerate(said)
        if text
    ]
    last = said[-1][1] if said else ""
    is_of_many = singular(last) != last
    verb = "replace" if method == "put" and "patch" in methods else _METHODS.get(method, method)
    if last.lower() in _VERBS:
        verb = nouns.pop()
    elif is_of_many and method == "get":
        verb = "list"
    elif is_of_many and method == "post":
        verb, nouns = "create", [*nouns[:-1], singular(last)]
    for count in range(1 if nouns or verb == method else 0, len(nouns) + 1):
        yield function_name(" ".join([verb, *nouns[len(nouns) - count :]]))
    arguments = " and ".join(argument for argument, _ in said if argument)
    by = ["by", arguments] if arguments else []
    yield function_name(" ".join([verb, *nouns, *by]))
    yield function_name(" ".join([method, *(argument or text for argument, text in parts)]))


def class_names(title: object, place: str, *, is_value: bool, least: int) -> Iterator[str]:
    """The title, if it is short; then the last words on the way to a schema, the fewest first.

    Args:
        title: Of the schema.
        place: Where it stands, as a table of names has it.
        is_value: Whether it is one of several values, which say what they are of.
        least: How many words there are at least.
    """
    if isinstance(title, str) and len(title) <= _LONGEST_TITLE and re.search("[A-Za-z]", title):
        yield class_name(title)
    words = words_of(place)
    general = ["ErrorResponse" if word.startswith("Error ") else word for word in words]
    # A status alone says little; it is a call's.
    least += is_value or words[-1] in _SAYS_LITTLE
    for count in range(min(least, len(words)), len(words) + 1):
        yield class_name(" ".join(general[-count:]))
    told = [_phrase(word) for word in words]
    yield class_name(" ".join(told))
    if words[-1] in _SAYS_LITTLE:
        yield class_name(" ".join([*told, "Body"]))


def _phrase(word: str) -> str:
    """What HTTP calls the status of an error."""
    status = word.removeprefix("Error ")
    if word == status:
        return word
    kinds = {"4XX": "Client Error", "5XX": "Server Error", "DEFAULT": "Other Error"}
    phrase = responses.get(int(status), status) if status.isdecimal() else kinds[status.upper()]
    return phrase if phrase.endswith("Error") else f"{phrase} Error"


def fitting(names: Iterable[str]) -> list[str]:
    """The names; of those that are too long the last words, and the first one with the last."""
    longest = LONGEST - _ROOM
    return [
        *dict.fromkeys(
            fits
            for name in names
            for fits in ([name] if len(name) <= longest else _cut(name, longest))
        )
    ]


def _cut(name: str, longest: int) -> Iterator[str]:
    first, *rest = snake_case(name).split("_")
    of_words = class_name if name[:1].isupper() else function_name
    for kept in ((), (first,)) if name[:1].isupper() else ((first,),):
        cut = (of_words(" ".join([*kept, *rest[count:]])) for count in range(1, len(rest)))
        yield next((each for each in cut if len(each) <= longest), name[:longest].rstrip("_"))


def settle(
    wanted: Sequence[list[str]], like: Callable[[str], str], is_free: Callable[[str], bool]
) -> None:
    """Leave as the first of each list a name that begins no other, as far as there is one.

    Args:
        wanted: Names, the best first.
        like: What is the same of names that are too like.
        is_free: Whether a name is nobody's.
    """
    while True:
        rivals: dict[str, list[list[str]]] = defaultdict(list)
        for names in wanted:
            rivals[like(names[0])].append(names)
        movable = [
            names
            for alike in rivals.values()
            if len(alike) > 1 or not is_free(alike[0][0])
            for names in alike
            if len(names) > 1
        ]
        if not movable:
            return
        for names in movable:
            del names[0]
