"""Values of JSON: their kinds, whether two are the same, and what stands at a place of one."""

from __future__ import annotations

import itertools
from enum import Enum
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import orjson

if TYPE_CHECKING:
    from collections.abc import Container, Iterable

JSON: TypeAlias = dict[str, "JSON"] | list["JSON"] | str | int | float | bool | None
JSONObject: TypeAlias = dict[str, JSON]
Location: TypeAlias = tuple[str | int, ...]
"""The keys and indices that lead from the root to a value."""


class Absent(Enum):
    """The type of :data:`ABSENT`."""

    ABSENT = "absent"


ABSENT: Final = Absent.ABSENT
"""Stands for a value that is not there; ``None`` is null."""

_TYPES: Final[dict[type, str]] = {
    type(None): "null",
    bool: "boolean",
    int: "integer",
    float: "number",
    str: "string",
    list: "array",
    dict: "object",
}
KINDS: Final = {
    "object": "an object",
    "array": "an array",
    "string": "a string",
    "boolean": "true or false",
    "integer": "a number",
    "number": "a number",
    "null": "null",
}
"""What messages call a value, by the name that JSON Schema has for its type."""


def json_type(value: JSON) -> str:
    """The name that JSON Schema has for the type of a value: ``integer``, ``null`` and so on."""
    return _TYPES[type(value)]


def kind_of(value: JSON) -> str:
    """What a value is, in the words of a message: ``an object``, ``null`` and so on."""
    return KINDS[json_type(value)]


def is_primitive(value: JSON) -> bool:
    """Whether a value is neither an object nor an array; null is primitive."""
    return not isinstance(value, dict | list)


def is_same(one: JSON | Absent, other: JSON | Absent) -> bool:
    """Whether two values are the same JSON, the order of members aside, or both are absent.

    To ``==``, 1 and true are the same, and so are 1 and 1.0; in JSON they are not.
    """
    if one is other or isinstance(one, Absent) or isinstance(other, Absent):
        return one is other
    return canonical(one) == canonical(other)


def canonical(value: JSON) -> bytes:
    """The text of a value with sorted keys: two that are the same have the same one."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)


def copy_of(data: JSONObject) -> JSONObject:
    """A deep copy of JSON data, many times faster than ``copy.deepcopy``."""
    copied: JSONObject = orjson.loads(orjson.dumps(data))
    return copied


def free_name(name: str, taken: Container[str], form: str = "{}") -> str:
    """A name in its form, with a number where that is taken: ``call``, or else ``call_2``."""
    names = (name if number == 1 else f"{name}_{number}" for number in itertools.count(1))
    return next(made for made in map(form.format, names) if made not in taken)


def pointer_tokens(pointer: str) -> list[str]:
    """The reference tokens of a JSON pointer (RFC 6901), unescaped."""
    tokens = pointer.split("/")[1:]
    if "~" not in pointer:  # as most are
        return tokens
    return [token.replace("~1", "/").replace("~0", "~") for token in tokens]


def pointer_to(*tokens: str | int) -> str:
    """The JSON pointer (RFC 6901) made of these reference tokens."""
    pointer = ""
    for token in map(str, tokens):
        is_plain = "/" not in token and "~" not in token  # as most are, and there are millions
        pointer += "/" + (token if is_plain else token.replace("~", "~0").replace("/", "~1"))
    return pointer


def innermost(pointer: str, places: Container[str]) -> str:
    """Of some places the one that a pointer is at, or else innermost in; empty if in none."""
    while pointer and pointer not in places:
        pointer = pointer.rpartition("/")[0]
    return pointer


def lookup(data: JSON, pointer: str) -> JSON:
    """The value at a JSON pointer.

    Raises:
        KeyError: there is no such value; the message is the pointer.
    """
    for token in pointer_tokens(pointer):
        if isinstance(data, dict) and token in data:
            data = data[token]
        elif isinstance(data, list) and token.isdecimal() and int(token) < len(data):
            data = data[int(token)]
        else:
            raise KeyError(pointer)
    return data


def location_of(data: JSON, pointer: str) -> Location:
    """The keys and indices by which a JSON pointer leads to a value.

    Raises:
        KeyError: there is no such value.
    """
    keys: list[str | int] = []
    for token in pointer_tokens(pointer):
        inner = lookup(data, pointer_to(token))
        keys.append(int(token) if isinstance(data, list) else token)
        data = inner
    return tuple(keys)


def replace_at(data: JSON, pointer: str, value: JSON | Absent) -> JSON:
    """``data`` with another value at a JSON pointer, or with nothing there when it is absent.

    ``data`` is not changed. The pointer may name a new member of an object.

    Raises:
        KeyError: the pointer leads nowhere, or to the root, which cannot be absent.
    """
    draft = Draft(data)
    outer, _, _ = pointer.rpartition("/")
    if pointer and value is not ABSENT and isinstance(lookup(data, outer), dict):
        draft.put((*location_of(data, outer), pointer_tokens(pointer)[-1]), value)
    elif value is not ABSENT:
        draft.put(location_of(data, pointer), value)
    elif pointer:
        draft.remove([location_of(data, pointer)])
    else:
        raise KeyError(pointer)
    return draft.root


class Draft:
    """A changed value that shares every unchanged object and array with the original.

    An object or array is copied when it is first changed, once for all changes; what is changed is
    thus always the draft's own, and the cost of a change does not grow with the value.
    """

    def __init__(self, original: JSON) -> None:
        # The root is held as an item, so that it is copied and replaced like any other value.
        self._holder: list[JSON] = [original]
        # By identity; the values keep the objects alive and thereby the identities unique.
        self._own: dict[int, object] = {}

    @property
    def root(self) -> JSON:
        """The value as changed so far."""
        return self._holder[0]

    def value(self, location: Location) -> JSON:
        """What stands at ``location``, which must exist."""
        value: Any = self.root
        for key in location:
            value = value[key]
        return value  # type: ignore[no-any-return]

    def put(self, location: Location, value: JSON) -> None:
        """Replace what stands at ``location``, or add it to the object it belongs in."""
        *parent, key = (0, *location)
        self._container(parent)[key] = value

    def extend(self, location: Location, items: Iterable[JSON]) -> None:
        """Append ``items`` to the array at ``location``."""
        self._container((0, *location)).extend(items)

    def remove(self, locations: Iterable[Location]) -> None:
        """Remove what stands at ``locations``, none of them the root; all must exist at first.

        A value may be listed together with values inside it.
        """
        keys: dict[Location, set[str | int]] = {}
        for *parent, key in locations:
            keys.setdefault(tuple(parent), set()).add(key)
        # In reverse, the inside of a value comes before the value, and no index has shifted yet.
        for location in sorted(keys, reverse=True):
            container = self._container((0, *location))
            if isinstance(container, dict):
                for key in keys[location]:
                    del container[key]
            else:  # one pass, as deleting item by item would be quadratic
                kept = [item for index, item in enumerate(container) if index not in keys[location]]
                container[:] = kept

    def _container(self, path: Iterable[str | int]) -> Any:  # noqa: ANN401 - dict or list by path
        """The object or array at ``path``; it and all that contain it are the draft's own."""
        container: Any = self._holder
        for key in path:
            child = container[key]
            if id(child) not in self._own:
                child = child.copy()
                self._own[id(child)] = child
                container[key] = child
            container = child
        return container
