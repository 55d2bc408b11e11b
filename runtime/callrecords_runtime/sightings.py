"""Which items of a list came already: told apart by identity, remembered by 16 bytes each."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

import orjson
from attrs import define, field

from callrecords_runtime.serialization import is_object
from callrecords_runtime.types import UNSET

if TYPE_CHECKING:
    from collections.abc import Iterable

_OPTIONS = orjson.OPT_SORT_KEYS | orjson.OPT_NON_STR_KEYS


@define
class Sightings:
    """The items that came in a walk.

    Args:
        identity: The attributes that tell items apart. Without any the whole item does, and two
            that are alike in one answer are two.
    """

    identity: tuple[str, ...]
    counted: int = field(default=0, init=False)
    """How many different items came since the count began."""
    _counts: dict[bytes, int] = field(factory=dict[bytes, int], init=False)
    """By digest: the number of the count in which it came last."""
    _count: int = field(default=0, init=False)

    def __len__(self) -> int:
        return len(self._counts)

    def count_anew(self) -> None:
        """Begin to count: some of what came may have gone."""
        self._count += 1
        self.counted = 0

    def sift(self, values: Iterable[Any]) -> tuple[list[bool], bool]:
        """Note what an answer holds, models or JSON.

        Returns:
            Of each whether it is new, and whether any had come in an answer before.
        """
        copies: dict[bytes, int] = {}
        is_new: list[bool] = []
        has_repeats = False
        for value in values:
            text, is_whole = self._text(value)
            before = copies[text] = copies.get(text, -1) + 1
            if before:
                if not is_whole:
                    is_new.append(False)
                    continue
                text += b" %d" % before
            digest = hashlib.blake2b(text, digest_size=16).digest()
            count = self._counts.get(digest)
            is_new.append(count is None)
            has_repeats |= count is not None
            if count != self._count:
                self._counts[digest] = self._count
                self.counted += 1
        return is_new, has_repeats

    def _text(self, value: Any) -> tuple[bytes, bool]:
        """What tells an item apart, and whether it is the whole item."""
        if is_object(value):
            parts = [value.get(name) for name in self.identity]
        else:
            parts = [getattr(value, name, None) for name in self.identity]
        if [part for part in parts if part is not None and part is not UNSET]:
            return _json(parts), False
        return _json(value), True


def _json(value: Any) -> bytes:
    try:
        return orjson.dumps(value, _plain, _OPTIONS)
    except TypeError:  # half of a surrogate pair, or a number of more than 64 bits
        return json.dumps(value, sort_keys=True, default=_plain).encode()


def _plain(value: Any) -> Any:
    return value.to_dict() if hasattr(value, "to_dict") else str(value)
