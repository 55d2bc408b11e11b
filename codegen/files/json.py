"""Reading JSON, and refusing what orjson would change without a word.

Of a key that occurs twice orjson keeps the last value, and an integer beyond 64 bits it rounds. The
reader of the standard library, to which orjson's own errors and limits are unknown, looks for both.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, cast

import orjson

from codegen.files.yaml import TOO_DEEP, integer

if TYPE_CHECKING:
    from codegen.files.values import JSON


class RefusedError(ValueError):
    """What JSON, as this project reads and writes it, would not carry unchanged."""


def loads(text: bytes) -> JSON:
    """The data of a JSON text.

    Raises:
        orjson.JSONDecodeError: it is no JSON.
        RefusedError: a key occurs twice in one object, an integer has more than 64 bits, or it
            is nested too deeply.
    """
    data = cast("JSON", orjson.loads(text))
    dumps(data)  # which refuses what is nested too deeply, also for the next reader
    json.loads(text, object_pairs_hook=_refuse_repetition, parse_int=_refuse_large)
    return data


def dumps(data: JSON, *, option: int | None = None) -> bytes:
    """The JSON text of plain data, with orjson's options.

    Raises:
        RefusedError: it is nested too deeply, or holds itself by an alias of YAML.
    """
    try:
        return orjson.dumps(data, option=option)
    except orjson.JSONEncodeError as error:
        raise RefusedError(TOO_DEEP) from error


def _refuse_repetition(pairs: list[tuple[str, JSON]]) -> None:
    keys: set[str] = set()
    for key, _ in pairs:
        if key in keys:
            raise RefusedError(f"the key {key!r} occurs twice in one object")
        keys.add(key)


def _refuse_large(text: str) -> None:
    value = integer(text)
    if isinstance(value, str):
        raise RefusedError(value)
