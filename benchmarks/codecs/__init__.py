"""Ways from bytes to objects and back: ours and those of peers, on models with the same types."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True)
class Codec:
    """One way to decode a body and to encode it again."""

    name: str
    decode: Callable[[bytes], Any]
    """From a body to its model."""
    encode: Callable[[Any], bytes] | None = None
    """From such a model to a body, where that is measured."""
