"""JSON data with another value at one place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codegen.document import pointer_tokens
from codegen.overlay import ABSENT, Absent

if TYPE_CHECKING:
    from codegen.document import JSON


def replace_at(data: JSON, pointer: str, value: JSON | Absent) -> JSON:
    """Return ``data`` with ``value`` at a JSON pointer, or with nothing there when it is absent.

    ``data`` is not changed. The pointer may name a new member of an object.

    Raises:
        KeyError: the pointer leads nowhere, or to the root, which cannot be absent.
    """
    return _replace(data, pointer_tokens(pointer), value)


def _replace(data: JSON, tokens: list[str], value: JSON | Absent) -> JSON:
    if not tokens:
        if value is ABSENT:
            raise KeyError("")
        return value
    key, *rest = tokens
    is_left_out = value is ABSENT and not rest
    if isinstance(data, list) and key.isdecimal() and int(key) < len(data):
        index = int(key)
        item = [] if is_left_out else [_replace(data[index], rest, value)]
        return [*data[:index], *item, *data[index + 1 :]]
    if isinstance(data, dict) and is_left_out and key in data:
        return {name: member for name, member in data.items() if name != key}
    if isinstance(data, dict) and not is_left_out and (key in data or not rest):
        return {**data, key: _replace(data.get(key), rest, value)}
    raise KeyError(key)
