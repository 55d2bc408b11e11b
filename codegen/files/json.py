"""Reading JSON as fast as orjson does, and refusing what orjson would change without a word.

Of a key that occurs twice orjson keeps the last value, and an integer beyond 64 bits it rounds.
Looking at every object would double the time. Instead, what was read is written again and compared
with the text in ways that cost little; only a suspicious text is read once more, slowly.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, cast

import orjson

from codegen.files.yaml import INTEGERS, large_integer

if TYPE_CHECKING:
    from codegen.files.values import JSON

_WHITESPACE = b" \t\r\n"
_DIGITS_AS_ZEROS = bytes.maketrans(b"123456789", b"0" * 9)
_LONG_INTEGER = b"0" * 19
_KEY_END = b'":'
_ESCAPE_OF_ASCII = b"\\u000"
"""The beginning of such an escape, its digits as zeros."""
_ESCAPED_ASCII = re.compile(rb"\\u00[2-7]")
_MOST_DIGITS = 20


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
    if _is_suspicious(text, written=dumps(data)):
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
        message = "nested more than 254 levels deep, or in itself by an alias"
        raise RefusedError(message) from error


def _is_suspicious(text: bytes, *, written: bytes) -> bool:
    squeezed = text.translate(_DIGITS_AS_ZEROS, _WHITESPACE)
    return (
        not _has_as_many_keys(squeezed, written)
        or _LONG_INTEGER in squeezed
        or (_ESCAPE_OF_ASCII in squeezed and _ESCAPED_ASCII.search(text) is not None)
    )


def _has_as_many_keys(squeezed: bytes, written: bytes) -> bool:
    # Without white space, a quote and a colon end a key or stand inside a text. Inside a text they
    # are written alike both times, but for escapes of ASCII characters: a pair less is a key less.
    # Texts with white space between the two are so rare that it is taken out only for them.
    count = squeezed.count(_KEY_END)
    return (
        count == written.count(_KEY_END)
        or count == written.translate(None, _WHITESPACE).count(_KEY_END)
    )  # fmt: skip


def _refuse_repetition(pairs: list[tuple[str, JSON]]) -> None:
    keys: set[str] = set()
    for key, _ in pairs:
        if key in keys:
            raise RefusedError(f"the key {key!r} occurs twice in one object")
        keys.add(key)


def _refuse_large(text: str) -> None:
    if len(text.lstrip("-")) > _MOST_DIGITS or int(text) not in INTEGERS:
        raise RefusedError(large_integer(text))
